"""A paper as a Word document, for boards that write theirs together.

Headings, captions and tables are Word's own; every style can be replaced by a house's template.
Numbers lead to how they were made, which stands as an appendix in the same file, after the tables
that a page on the screen keeps folded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.show import figure_name
from controltotal.papers.beside import beside_of
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import ChartView, Column, Section, TableView
from controltotal.papers.svg import picture
from controltotal.papers.word_base import Base, base_of, packed, pages_of
from controltotal.papers.word_text import (
    PADDING,
    SPACES,
    WHOLE,
    Marks,
    Sheet,
    counter,
    laid,
    named,
    paragraph,
    run,
    side_by_side,
    table_markup,
)

CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - the same in every document, for equal bytes
PROPERTY_MAX: Final = 255  # characters that a property of a document holds
EMU: Final = 635  # of Word's measures of a picture to a twentieth of a point
PIXEL: Final = 15  # twentieths of a point to a pixel of a drawing
AIR: Final = 20
"""How much narrower than the page what stands side by side is, in twentieths of a point."""
CHART_BESIDE: Final = 0.6
"""How much of the width a chart has beside which other parts stand."""
CHART_SHARE: Final = 0.72
"""How much of the width a chart has at most in a paper of few pages: its smallest letters stay legible."""
PICTURE_SCALE: Final = 2.0
BEHIND: Final = "Tables behind the pages"
PICTURE: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
NEW_PAGE: Final = "<w:pageBreakBefore/>"


def paper_word(paper: Paper, template: bytes | None = None) -> Written:
    """A paper as the bytes of a Word document; a `BookError` says why there can be none.

    `template` is a house's own document: its page, header, footer and styles are kept, its text is
    left out, and what it lacks is told.
    """
    base = base_of(template)
    _furniture(base, paper)
    draft = _Draft(base, paper)
    draft.write()
    document = base.document
    body = document.element.body
    for element in draft.elements():
        body.insert(len(body) - 1, element)  # the page's own set-up stands last
    _properties(base, paper)
    return Written(packed(document), base.told)


class _Draft:
    """The body of a document as it is written, part by part."""

    def __init__(self, base: Base, paper: Paper) -> None:
        self.base, self.paper, self.ids = base, paper, base.ids
        self.sheet = Sheet(base.ids, base.width, base.size)
        self.marks = Marks()
        self.marks.expect(table for section in paper.sections for table in section.tables)
        self.parts: list[str] = []
        self.numbers = {"Table": 0, "Chart": 0}

    def elements(self) -> list[Any]:
        """All that was written, as Word's own elements."""
        from docx.oxml import parse_xml

        return list(parse_xml(f"<w:body {SPACES}>{''.join(self.parts)}</w:body>"))

    def say(self, style: str, text: str, properties: str = "") -> None:
        self.parts.append(paragraph(self.ids.get(style, ""), run(text), properties))

    def write(self) -> None:
        paper = self.paper
        self.say("heading 1", paper.title)
        self.say("subtitle", paper.subtitle)
        pages = [section for section in paper.sections if not paper.paged or printed(section)]
        opened = 0
        while pages:
            section = pages.pop(0)
            beside = beside_of(section, pages, paper.pictures) if paper.paged else []
            del pages[: len(beside)]
            opened += section.level == 2
            new_page = paper.paged and section.level == 2 and opened == 2  # page one stands alone
            if beside:
                self.beside(section, beside)
            else:
                self.section(section, new_page=new_page)
        if paper.paged:
            self.appendix()
        self.say("note", paper.footer)

    def appendix(self) -> None:
        """What a page on the screen keeps folded: tables behind pages, then whole sections."""
        behind = [section for section in self.paper.sections if printed(section)]
        behind = [one for one in behind if any(table.folded for table in one.tables)]
        whole = [section for section in self.paper.sections if not printed(section)]
        behind += [section for section in whole if section.level > 2]
        if behind:
            self.say("heading 2", BEHIND, NEW_PAGE)
        for section in behind:
            self.say("heading 3", section.title)
            self.tables(table for table in section.tables if table.folded)
        for section in (section for section in whole if section.level == 2):
            self.say("heading 2", section.title, NEW_PAGE)
            self.tables(section.tables)

    def section(self, section: Section, *, new_page: bool) -> None:
        self.say(f"heading {min(section.level, 3)}", section.title, NEW_PAGE * new_page)
        for words in section.words:
            self.say("lead" if section.lead else "", words)
        for point in section.points:
            self.say("list bullet", point)
        if section.figures:
            self.table(_figures(section))
        for view in section.charts:
            self.chart(view)
        if section.tree is not None:
            self.say("caption", f"{section.tree.title}. Deficits in brackets.")
            self.say("tree", section.tree.text)
        self.tables(table for table in section.tables if not (self.paper.paged and table.folded))

    def beside(self, section: Section, others: Iterable[Section]) -> None:
        """A chart with its words, and beside it short parts that would else stand below."""
        whole, width = self.parts, self.base.width - AIR
        wide = int(width * CHART_BESIDE)
        cells = []
        for span, parts in ((wide, [section]), (width - wide, others)):
            self.parts, self.sheet = [], replace(self.sheet, width=span - PADDING)
            for one in parts:
                self.section(one, new_page=False)
            cells.append((span, "".join(self.parts)))
        self.parts, self.sheet = whole, replace(self.sheet, width=self.base.width)
        self.parts.append(side_by_side(cells))

    def tables(self, tables: Iterable[TableView]) -> None:
        for table in tables:
            if table.rows:
                self.table(table)

    def table(self, table: TableView) -> None:
        stop_if_cancelled()
        made = laid(table, self.sheet)
        turned = not made.readable and self.base.turned > self.base.width
        if turned:
            made = laid(table, replace(self.sheet, width=self.base.turned))
            self.end_of_pages(turned=False)
        self.caption("Table", table.title)
        self.parts.append(table_markup(made, self.marks))
        if table.note:
            self.say("note", table.note)
        if turned:
            self.end_of_pages(turned=True)

    def end_of_pages(self, *, turned: bool) -> None:
        """The pages so far stand upright, or turned for a wide table."""
        self.parts.append(f"<w:p><w:pPr>{pages_of(self.base.document, turned)}</w:pPr></w:p>")

    def caption(self, kind: str, title: str) -> None:
        self.numbers[kind] += 1
        number = counter(f"SEQ {kind} \\* ARABIC", self.numbers[kind])
        inner = f"{run(f'{kind} ')}{number}{run(f': {title}')}"
        self.parts.append(paragraph(self.ids["caption"], inner, "<w:keepNext/>"))

    def chart(self, view: ChartView) -> None:
        drawing = self.paper.pictures[view.id]
        self.caption("Chart", view.title)
        part, _ = self.base.document.part.get_or_add_image(
            io.BytesIO(picture(drawing, PICTURE_SCALE))
        )
        share = CHART_SHARE if self.paper.paged else 1.0
        most = min(self.sheet.width, int(self.base.width * share))
        size = _size(drawing, most)
        inner = _picture(view, part, self.numbers["Chart"], size)
        self.parts.append(paragraph(self.ids["chart"], inner))


def printed(section: Section) -> bool:
    """Whether a page shows anything of a section unasked."""
    tables = [table for table in section.tables if table.rows and not table.folded]
    said = section.words or section.points or section.figures or section.charts or section.tree
    return bool(said or tables)


def _figures(section: Section) -> TableView:
    """The figures of a section as a table."""
    rows = [{"name": figure_name(one), "value": one} for one in section.figures]
    return TableView(
        f"{section.title}: the figures",
        (Column("name", "Figure"), Column("value", "Value", WHOLE)),
        rows,
    )


def _size(drawing: str, most: int) -> tuple[int, int]:
    """How wide and high a drawing stands on the page, in Word's measures of a picture."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    wide, high = (float(box[1]), float(box[2])) if box else (16.0, 9.0)
    width = min(most, int(wide * PIXEL))
    return width * EMU, int(width * high / wide) * EMU


def _picture(view: ChartView, part: str, number: int, size: tuple[int, int]) -> str:
    """A chart in its paragraph, with its words for those who cannot see it."""
    extent = f'cx="{size[0]}" cy="{size[1]}"'
    about = f'id="{number}" name="Chart {number}" descr={quoteattr(view.alternative)}'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr {about}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="{PICTURE}"><pic:pic>'
        f"<pic:nvPicPr><pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{part}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _furniture(base: Base, paper: Paper) -> None:
    """What stands on every page: the notices above; below, where it came from and the page.

    A page number that a house's template has already is not put a second time.
    """
    section = base.document.sections[0]
    tops, feet = [section.header], [section.footer]
    if section.different_first_page_header_footer:
        tops.append(section.first_page_header)
        feet.append(section.first_page_footer)
    if base.document.settings.odd_and_even_pages_header_footer:
        tops.append(section.even_page_header)
        feet.append(section.even_page_footer)
    page = f"{run('Page ')}{counter('PAGE', 1)}{run(' of ')}{counter('NUMPAGES', 1)}"
    right = '<w:jc w:val="right"/>'
    head, foot = base.ids["header"], base.ids["footer"]
    for top in tops:
        _put(top, [paragraph(head, run(notice)) for notice in paper.notices])
    for bottom in feet:
        counted = re.search(r"\bPAGE\b", _fields(bottom._element))
        numbered = [] if counted else [paragraph(foot, page, right)]
        # a paper of few pages says at its end where it came from, and needs its room
        made = [] if paper.paged and numbered else [paragraph(foot, run(paper.footer))]
        _put(bottom, [*made, *numbered])


def _put(place: Any, parts: list[str]) -> None:
    """Paragraphs at the end of a header or footer, in place of an empty one."""
    from docx.oxml import parse_xml

    place.is_linked_to_previous = False
    root = place._element
    if len(root) == 1 and not "".join(root.itertext()).strip() and len(root[0]) <= 1:
        root.remove(root[0])
    for element in parse_xml(f"<w:body {SPACES}>{''.join(parts)}</w:body>"):
        root.append(element)
    if not len(root):
        root.append(parse_xml(f"<w:p {SPACES}/>"))


def _fields(root: Any) -> str:
    """What the fields of a header or footer show."""
    simple = (one.get(named("instr")) for one in root.iter(named("fldSimple")))
    return " ".join([*simple, *(one.text or "" for one in root.iter(named("instrText")))])


def _properties(base: Base, paper: Paper) -> None:
    """What the file says of itself, and in which language it is."""
    told = base.document.core_properties
    told.title, told.subject = paper.title[:PROPERTY_MAX], paper.subtitle[:PROPERTY_MAX]
    told.author, told.last_modified_by, told.language = "controltotal", "controltotal", "en-GB"
    told.comments, told.keywords, told.category, told.version = "", "", "", ""
    told.created = told.modified = told.last_printed = CREATED
    told.revision = 1
