"""Text, links and tables as Word holds them: every text escaped, none of it read as anything else.

Written as XML in one go, because the paragraphs and cells of a paper are thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from controltotal.core.figure import Figure
from controltotal.core.show import figure_value
from controltotal.papers.page import cell_value, how_id, plain_text
from controltotal.papers.sections import INDENT, Cell, Column, Note, TableView

WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
"""The namespace of text."""
SPACES: Final = " ".join(
    f'xmlns:{name}="http://schemas.openxmlformats.org/{path}"'
    for name, path in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
    )
)
"""The namespaces of a document."""

WHOLE: Final = "whole"
"""The kind of a column that shows a figure with its unit."""
WHOLE_MAX: Final = 1_200
"""Letters of a cell beyond which its row may run over two pages: it could be higher than one."""
SMALLEST: Final = 12
"""The smallest letters of a table, in half points."""
READABLE: Final = 14
"""The smallest letters that a table upright on its page may have; a wider one is turned."""
PADDING: Final = 90
"""What stands left and right of a cell, in twentieths of a point, both together."""
WIDE: Final = 60
"""Letters that a column of text has room for at most before it runs over lines."""
HEADING: Final = 8.0
"""How wide a column of numbers is made for its heading at most, in times the size of its letters."""
SHORT: Final = 5.0
"""How wide a heading is at most that stands on one line where there is room."""
WORD_MAX: Final = 18
"""Letters of a word that a column of text makes room for; a longer one is broken."""
STEP: Final = 120
"""How far a body stands to the right of the one above it, in twentieths of a point."""


def named(name: str) -> str:
    """The name of one of Word's own elements or attributes, as it stands in a tree.

    >>> named("p").endswith("main}p")
    True
    """
    return f"{{{WORDS}}}{name}"


def run(text: str, properties: str = "") -> str:
    """A text with its line ends, as a run.

    >>> run("a<b")
    '<w:r><w:t xml:space="preserve">a&lt;b</w:t></w:r>'
    """
    inner = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in re.split("\r\n|\r|\n", text)
    )
    shape = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{shape}{inner}</w:r>"


def paragraph(style: str, inner: str, properties: str = "") -> str:
    """A paragraph in a style; without one it is plain text."""
    named = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inner}</w:p>"


def counter(instruction: str, shown: object) -> str:
    """A number that Word keeps: a page's, a table's."""
    return f'<w:fldSimple w:instr=" {instruction} ">{run(str(shown))}</w:fldSimple>'


@dataclass
class Marks:
    """The places that numbers lead to, each with a name that Word can hold.

    Word allows forty letters of the plain alphabet, and an id has more and others.
    """

    names: dict[str, str] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)

    def expect(self, tables: Iterable[TableView]) -> None:
        """Every place that some tables hold."""
        for table in tables:
            for row in table.rows:
                if place := landing(table.columns[0], row):
                    self.names.setdefault(place, f"how_{len(self.names) + 1}")

    def link(self, place: str, inner: str) -> str:
        """A text that leads to a place; the text alone where the paper has no such place."""
        name = self.names.get(place)
        return (
            f'<w:hyperlink w:anchor="{name}" w:history="1">{inner}</w:hyperlink>' if name else inner
        )

    def mark(self, place: str, inner: str) -> str:
        """A text to which others lead; each place stands once."""
        name = self.names.get(place)
        if name is None or place in self.placed:
            return inner
        self.placed.add(place)
        number = len(self.placed)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )


def landing(first: Column, row: Mapping[str, Any]) -> str:
    """The place that a row is for the numbers it explains; empty of any other row."""
    value = row.get(first.key)
    if isinstance(value, Note):
        return how_id(value.how)
    return value.id if isinstance(value, Figure) and first.kind in ("anchor", "note") else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it reads, and where its number leads."""

    text: str
    place: str = ""


def shown(column: Column, row: Mapping[str, Any]) -> Shown:
    """A cell as the page shows it."""
    value = row.get(column.key)
    if isinstance(value, Cell):
        return Shown(plain_text(column, value), "" if value.value is None else how_id(value.how))
    if isinstance(value, Figure):
        if column.kind in ("anchor", "note"):
            return Shown(value.id)
        if column.kind == WHOLE:
            return Shown(figure_value(value), value.id)
        return Shown(cell_value(value), value.id)
    return Shown(plain_text(column, value))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table is set in: the ids of its styles, the width of the page, the size of letters."""

    ids: Mapping[str, str]
    width: int
    size: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A table as it stands on a page: its cells, the width of its columns, the size of its letters."""

    table: TableView
    cells: Sequence[Sequence[Shown]]
    widths: Sequence[int]
    size: int
    sheet: Sheet

    @property
    def readable(self) -> bool:
        """Whether its letters are of a size that a person reads."""
        return self.size >= min(READABLE, self.sheet.size)


def laid(table: TableView, sheet: Sheet) -> Laid:
    """A table laid out for a page."""
    cells = [[shown(column, row) for column in table.columns] for row in table.rows]
    headings = [column.heading for column in table.columns]
    place = 0
    for title, span in table.groups:  # a heading over one column takes its room from it alone
        headings[place] += f" {title}" * (span == 1)
        place += span
    texts = [[cell.text for cell in row] for row in cells]
    widths, size = fitted(table.columns, headings, texts, sheet)
    return Laid(table, cells, widths, size, sheet)


def table_markup(made: Laid, marks: Marks) -> str:
    """A table: headings that repeat, rows that stay whole, numbers to the right and linked."""
    table, widths, sheet = made.table, made.widths, made.sheet
    letters = f'<w:sz w:val="{made.size}"/><w:szCs w:val="{made.size}"/>'
    letters = letters if made.size != sheet.size else ""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [_groups(table.groups, widths, sheet, letters)] if table.groups else []
    rows.append(_head(table.columns, widths, sheet, letters))
    rows += [
        _row(made, row, line, marks, letters)
        for row, line in zip(table.rows, made.cells, strict=True)
    ]
    return (
        f"<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(sheet.ids['paper table'])}/>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(table.title)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


THIN: Final = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
)
"""A paragraph that takes no room: Word needs one after a table."""


def side_by_side(cells: Sequence[tuple[int, str]]) -> str:
    """Parts of a page beside each other, without lines: each cell its width and what it holds."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width, _ in cells)
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{held}{THIN}</w:tc>'
        if held.endswith("</w:tbl>")
        else f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{held}</w:tc>'
        for width, held in cells
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(width for width, _ in cells)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
        f'<w:right w:w="{PADDING}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr>{inner}</w:tr></w:tbl>{THIN}"
    )


def _row(
    made: Laid, row: Mapping[str, Any], line: Sequence[Shown], marks: Marks, letters: str
) -> str:
    """A row, whole on its page unless it could be higher than one; the place that it is, if any."""
    columns, ids = made.table.columns, made.sheet.ids
    inner = []
    for place, (column, cell) in enumerate(zip(columns, line, strict=True)):
        text = cell.text.lstrip(INDENT)
        depth = len(cell.text) - len(text) if place == 0 else 0
        content = _content(column, row, cell, marks, letters, text)
        if place == 0 and (at := landing(column, row)):
            content = marks.mark(at, content)
        style = ids["table number" if column.right else "table text"]
        step = f'<w:ind w:left="{min(depth, 6) * STEP}"/>' if depth else ""
        inner.append(_cell(made.widths[place], paragraph(style, content, step)))
    whole = max(len(cell.text) for cell in line) <= WHOLE_MAX
    return f"<w:tr>{'<w:trPr><w:cantSplit/></w:trPr>' * whole}{''.join(inner)}</w:tr>"


def _content(
    column: Column, row: Mapping[str, Any], cell: Shown, marks: Marks, letters: str, text: str
) -> str:
    """What stands in a cell: a number that leads to its note, ids that lead to theirs, or text."""
    if column.kind == "links":
        ids = [str(one) for one in row.get(column.key) or ()]
        parts = [marks.link(one, run(breakable(one), letters)) for one in ids]
        return run(", ", letters).join(parts)
    if column.kind in ("anchor", "note"):
        return run(breakable(text), letters)
    return marks.link(cell.place, run(text, letters)) if cell.place else run(text, letters)


def breakable(text: str) -> str:
    """An id that may run over lines after a slash."""
    return text.replace("/", "/\u200b")


def _cell(width: int, inner: str, span: int = 1, properties: str = "") -> str:
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{over}{properties}</w:tcPr>{inner}</w:tc>'


HEAD_ROW: Final = "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"


def _groups(
    groups: Sequence[tuple[str, int]], widths: Sequence[int], sheet: Sheet, letters: str
) -> str:
    """Headings over runs of columns, each one cell."""
    cells, place = [], 0
    for title, span in groups:
        text = paragraph(sheet.ids["table heading"], run(title, letters), '<w:jc w:val="center"/>')
        cells.append(_cell(sum(widths[place : place + span]), text, span))
        place += span
    return f"{HEAD_ROW}{''.join(cells)}</w:tr>"


def _head(columns: Sequence[Column], widths: Sequence[int], sheet: Sheet, letters: str) -> str:
    style = sheet.ids["table heading"]
    cells = [
        _cell(
            width,
            paragraph(
                style, run(column.heading, letters), '<w:jc w:val="right"/>' if column.right else ""
            ),
            properties='<w:vAlign w:val="bottom"/>',
        )
        for column, width in zip(columns, widths, strict=True)
    ]
    return f"{HEAD_ROW}{''.join(cells)}</w:tr>"


def fitted(
    columns: Sequence[Column],
    headings: Sequence[str],
    texts: Sequence[Sequence[str]],
    sheet: Sheet,
) -> tuple[list[int], int]:
    """The width of each column, and the size of letters with which all of them fit.

    Numbers are never broken; columns of text share what is left by what they say. Only where the
    smallest letters do not fit are all columns made narrower alike.
    """
    size = sheet.size
    while True:
        least, most = zip(
            *(
                _needed(column, heading, [row[place] for row in texts], size)
                for place, (column, heading) in enumerate(zip(columns, headings, strict=True))
            ),
            strict=True,
        )
        if sum(least) <= sheet.width or size <= SMALLEST:
            break
        size -= 1
    if sum(least) > sheet.width:
        return _narrowed(least, sheet.width), size
    room = sheet.width - sum(least)
    wants = [wide - low for low, wide in zip(least, most, strict=True)]
    share = min(1.0, room / sum(wants)) if sum(wants) else 0.0
    return [low + int(want * share) for low, want in zip(least, wants, strict=True)], size


def _narrowed(least: Sequence[int], width: int) -> list[int]:
    return [max(1, one * width // sum(least)) for one in least]


def _needed(column: Column, heading: str, texts: Sequence[str], size: int) -> tuple[int, int]:
    """The least and the greatest width that a column can use, in twentieths of a point."""
    letter = size * 10  # a letter as high as it is wide, in twentieths of a point
    head = max((_wide(word, bold=True) for word in heading.split()), default=0.0)
    longest = max((_wide(text.lstrip(INDENT)) for text in texts), default=0.0)
    deepest = max((len(text) - len(text.lstrip(INDENT)) for text in texts), default=0) * STEP
    if column.right:
        least = max(head, longest)
        whole = _wide(heading, bold=True)
        most = max(least, min(whole, max(whole / 3 + 0.9, SHORT), HEADING))  # in three lines
    else:
        words = (word for text in texts for word in re.split(r"[\s/]+", text[:WHOLE_MAX]))
        word = max((_wide(word[:WORD_MAX]) for word in words), default=0.0)
        least = max(head, word)
        most = max(least, min(longest, WIDE * 0.5), min(_wide(heading, bold=True), 12.0))
    return int(least * letter) + PADDING + deepest, int(most * letter) + PADDING + deepest


def _wide(text: str, *, bold: bool = False) -> float:
    """About how wide a text is, in times the size of its letters.

    >>> round(_wide("(12.3)"), 2), _wide("")
    (2.83, 0.0)
    """
    narrow = sum(map(text.count, "ijlI|.,:;'!()[] ftr-"))
    wide = sum(1 for letter in text if letter in "mwMW@%" or ord(letter) > 0x2E7F)
    plain = len(text) - narrow - wide
    return (narrow * 0.36 + wide * 0.95 + plain * 0.585) * (1.07 if bold else 1.0)
