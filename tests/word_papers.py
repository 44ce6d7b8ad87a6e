"""Word documents, templates and pages read back as a reader has them: tables, words, links."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from controltotal.core.figure import Figure
from controltotal.papers.paper import Paper, paper
from controltotal.papers.sections import Cell, ChartView, Column, Note, Section, TableView, columns


@dataclass
class Told:
    """A table as a reader has it: its caption and the text of its cells, headings first."""

    title: str
    rows: list[list[str]]


def opened(data: bytes) -> Document:
    """A document from its bytes."""
    return docx.Document(io.BytesIO(data))


def blocks(document: Document) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables in their order; what only sets parts side by side is no table."""
    for block in document.iter_inner_content():
        if isinstance(block, Table) and not _has_caption(block):
            for cell in block.rows[0].cells:
                yield from cell.iter_inner_content()
        else:
            yield block


def _has_caption(table: Table) -> bool:
    return next(table._tbl.iter(qn("w:tblCaption")), None) in list(
        table._tbl.tblPr.iter(qn("w:tblCaption"))
    )


def tables_of(document: Document) -> list[Table]:
    """The tables of a document, those that stand beside a chart among them."""
    return [block for block in blocks(document) if isinstance(block, Table)]


def paragraphs_of(document: Document) -> list[Paragraph]:
    """The paragraphs outside tables, those that stand beside a chart among them."""
    return [block for block in blocks(document) if isinstance(block, Paragraph)]


def text_of(element: Any) -> str:
    """All that an element says, line ends as blanks."""
    parts = []
    for one in element.iter(qn("w:t"), qn("w:br")):
        parts.append(" " if one.tag == qn("w:br") else one.text or "")
    return "".join(parts).replace("\u200b", "")


def word_tables(document: Document) -> list[Told]:
    """Every table with its caption, its number left out."""
    found, caption = [], ""
    for block in blocks(document):
        if isinstance(block, Paragraph):
            text = text_of(block._p)
            caption = text.partition(": ")[2] if text.startswith("Table ") else caption
            continue
        rows = [
            [text_of(cell) for cell in row.findall(qn("w:tc"))]
            for row in block._tbl.findall(qn("w:tr"))
        ]
        found.append(Told(caption, rows))
    return found


class _Page(HTMLParser):
    """The tables of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Told] = []
        self.into: str = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.tables.append(Told("", []))
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("th", "td"):
            self.tables[-1].rows[-1].append("")
            self.into = "cell"
        elif tag == "caption":
            self.into = "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "caption"):
            self.into = ""

    def handle_data(self, data: str) -> None:
        if self.into == "caption":
            self.tables[-1].title += data
        elif self.into == "cell":
            self.tables[-1].rows[-1][-1] += data.replace("\n", " ")


def page_tables(html: str) -> list[Told]:
    """Every table of a page with its caption."""
    page = _Page()
    page.feed(html)
    return page.tables


def names(document: Document) -> dict[str, str]:
    """The name of each style by its id."""
    return {one.style_id: str(one.name) for one in document.styles}


def styled(document: Document, name: str) -> list[str]:
    """The texts in a style."""
    return [
        text_of(p._p) for p in document.paragraphs if p.style is not None and p.style.name == name
    ]


def links(document: Document) -> set[str]:
    """The places that links lead to."""
    body = document.element.body
    return {str(one.get(qn("w:anchor"))) for one in body.iter(qn("w:hyperlink"))}


def marks(document: Document) -> list[str]:
    """The places that links can lead to."""
    return [str(one.get(qn("w:name"))) for one in document.element.body.iter(qn("w:bookmarkStart"))]


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a document by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# -- small papers ----------------------------------------------------------------------------------

CHART: dict[str, Any] = {
    "data": {"values": [{"a": 1, "b": 2}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}
SURPLUS = Figure("surplus/A/2026-27/plan", -1_230_000_000)
NOTES = TableView(
    "How each number was made",
    columns("number|Number|note", "how|How it was made"),
    [
        {"number": SURPLUS, "how": "income less cost"},
        {"number": Note("to_date.actual", "To date"), "how": "the months"},
    ],
    folded=True,
)
MONEY = TableView(
    "What was spent, £ million",
    columns("name|Organisation", "a|Plan|cell", "b|Actual|cell"),
    [
        {"name": "Together", "a": SURPLUS, "b": Cell(250_000_000, "pence", "to_date.actual")},
        {"name": "\u2003Alder", "a": Cell(None, "pence", "to_date.actual"), "b": None},
    ],
    "Costs in brackets.",
    groups=(("", 1), ("To date", 2)),
)


def of(*sections: Section, paged: bool = True, notices: tuple[str, ...] = ("Fictional.",)) -> Paper:
    """A paper of some sections, with a notice."""
    return paper("A title", "Item 7", sections, notices, "Made from X, entry 5.", paged=paged)


SMALL = of(
    Section("answer", "1 The answer", ("We end in deficit.",), tables=(MONEY,), lead=True),
    Section(
        "part",
        "A part",
        ("Words.",),
        points=("one", "two"),
        charts=(ChartView("chart-a", "It rises", CHART, "A bar of two"),),
        tables=(replace(MONEY, title="Behind it", folded=True),),
        level=3,
    ),
    Section("second", "2 Where we are", ("More.",)),
    Section("how", "How each number was made", tables=(NOTES,)),
)


def wide(columns: int = 12) -> TableView:
    """A table that does not fit an upright page in letters that a person reads."""
    heads = tuple(Column(f"c{i}", f"Heading{i} of length", "text") for i in range(columns))
    return TableView("Wide", heads, [{f"c{i}": "immunisations" for i in range(columns)}] * 3)
