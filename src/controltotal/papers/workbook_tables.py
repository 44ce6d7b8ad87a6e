"""Tables and words on the sheets of a workbook: widths from what they hold, headings that stay put."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from controltotal.core.progress import checked
from controltotal.papers.page import plain_text
from controltotal.papers.paper import Paper
from controltotal.papers.sections import INDENT, Cell, Column, TableView
from controltotal.papers.vega import DARK
from controltotal.papers.workbook_cells import GROUP, HEAD, SIZE, Styles, indent_of, written
from controltotal.papers.workbook_formulas import formulas
from controltotal.papers.workbook_plan import CONTENTS, how_of

WIDEST: Final = 60
"""Characters across that a column has at most; a longer text stands on several lines."""
BESIDE: Final = 32
"""The same of a text that is not the first of its row, where tables share a sheet."""
NARROWEST: Final = 10
ONE_LINE: Final = 20
"""Letters of a heading over numbers that stand on one line."""
LETTERS: Final = 1.1
"""Letters of a text that stand in the width of a digit, on average."""
ACROSS: Final = 110
"""Characters across that a sentence takes before it goes on below."""
LINE: Final = 15.0
"""Points of a row of one line."""
TALLEST: Final = 409
"""Points that a row has at most."""
FILTERED: Final = 8
"""Rows after which a table has filters."""
CELL_MAX: Final = 32_767
"""Characters that a cell holds."""
CUT: Final = " … (cut)"
BACK: Final = "Back to contents"
MEANT: Final = ("formula_differs", "formula_range", "number_stored_as_text")
"""What a spreadsheet would mark as odd and is meant: a number among formulas, a sum of some rows, a
year or a code that is a text."""
HINT: Final = "How these numbers were made"

Links = Mapping[str, str]
"""By what names a number's note: where the note stands."""


@dataclass(slots=True)
class Desk:
    """A workbook being written: its styles, where notes stand, and what was too long for a cell."""

    book: Any
    styles: Styles
    sheet_kind: Any
    links: dict[str, str] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)

    def sheet(self, name: str, colour: str) -> Any:
        """A new sheet: without lines, one page wide when printed."""
        sheet = self.book.add_worksheet(name, self.sheet_kind)
        sheet.hide_gridlines(2)
        sheet.set_tab_color(colour)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P of &N")
        sheet.ignore_errors(dict.fromkeys(MEANT, "A1:AZ20000"))
        return sheet


def address(sheet: str, cell: str = "A1") -> str:
    """A link to a cell of a sheet of the same workbook.

    >>> address("St Mary's"), address("Figures", "B7")
    ("internal:'St Mary''s'!A1", "internal:'Figures'!B7")
    """
    name = sheet.replace("'", "''")
    return f"internal:'{name}'!{cell}"


# -- widths -------------------------------------------------------------------------------------------


def widths(tables: Iterable[TableView], *, alone: bool = False) -> list[float]:
    """How wide the columns of a sheet are, from the headings and rows of its tables."""
    found: list[float] = []
    for table in tables:
        for at, column in enumerate(table.columns):
            most = WIDEST if alone or at == 0 else BESIDE
            wide = min(most, _needs(column, table.rows))
            wide += 3 if alone and len(table.rows) > FILTERED else 0  # a filter takes room
            found += [NARROWEST] * (at + 1 - len(found))
            found[at] = max(found[at], wide)
    return found


def _needs(column: Column, rows: Sequence[Mapping[str, Any]]) -> float:
    """Characters that a column takes: its longest cell, and the longest word of its heading."""
    texts = [plain_text(column, row.get(column.key)) for row in rows]
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    word = max((len(word) for word in column.heading.split()), default=0)
    heading = len(column.heading)
    whole = heading if heading <= (ONE_LINE if column.right else 24) else 0
    return max(longest, word, whole) + 2


def lines_of(text: str, across: float) -> int:
    """Lines that a text takes in a width of so many characters.

    >>> lines_of("one two three four", 10), lines_of("", 10), lines_of("a\\nb", 10)
    (2, 1, 2)
    """
    count = 0
    across *= LETTERS
    for part in text.split("\n"):
        room, lines = across, 1
        for word in part.split(" "):
            if len(word) > room and room < across:
                lines, room = lines + 1, across
            lines += math.ceil(len(word) / across) - 1 if len(word) > across else 0
            room -= len(word) + 1
        count += lines
    return count


# -- words --------------------------------------------------------------------------------------------


def sentence(
    desk: Desk,
    sheet: Any,
    row: int,
    text: str,
    span: Sequence[float],
    most: float = ACROSS,
    **look: Any,
) -> int:
    """A text across the columns of a sheet, on as many lines as it takes; returns the next row.

    `span` are the widths of the columns, `most` how much of them it takes.
    """
    last, across = 0, span[0] if span else NARROWEST
    while last + 1 < len(span) and across + span[last + 1] <= most:
        last += 1
        across += span[last]
    style = desk.styles.of(text_wrap=True, **look)
    size = look.get("font_size", SIZE) / SIZE * (1.08 if look.get("bold") else 1)
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)
    tall(sheet, row, lines_of(text, across / size), look.get("font_size", SIZE) / SIZE)
    return row + 1


def tall(sheet: Any, row: int, lines: int, size: float = 1) -> None:
    """Make a row as high as its lines: not every spreadsheet does so by itself."""
    if lines > 1 or size > 1:
        sheet.set_row(row, min(TALLEST, (LINE - 2) * size * lines + 3))


# -- heads ----------------------------------------------------------------------------------------------


def head(desk: Desk, paper: Paper, sheet: Any, title: str, back: str = "") -> int:
    """The title of a sheet, the paper with what stands on every page, and the way back."""
    sheet.write_string(0, 0, title, desk.styles.of(bold=True, font_size=16))
    tall(sheet, 0, 1, 1.6)
    sheet.write_string(1, 0, "  ".join((paper.title, *paper.notices)), desk.styles.of())
    sheet.write_url(2, 0, address(CONTENTS), desk.styles.of(font_color=DARK, underline=1), BACK)
    if back:
        style = desk.styles.of(font_color=DARK, underline=1)
        sheet.write_url(2, 1, address(back), style, "Back to its page")
    return 3


def set_widths(sheet: Any, wide: Sequence[float]) -> None:
    for at, width in enumerate(wide):
        sheet.set_column(at, at, width)


# -- tables -------------------------------------------------------------------------------------------


def write_table(desk: Desk, sheet: Any, table: TableView, row: int, span: Sequence[float]) -> int:
    """The headings and rows of a table from `row` on; returns the row after its last.

    `span` are the widths of the columns of the sheet.
    """
    if table.groups:
        _groups(desk, sheet, table, row)
        row += 1
    for at, column in enumerate(table.columns):
        _heading(desk, sheet, table, column, row, at)
    heads = zip(table.columns, span, strict=False)
    tall(sheet, row, max(lines_of(column.heading, width - 1) for column, width in heads))
    row += 1
    live = formulas(table, row)
    for place, values in enumerate(checked(table.rows, 100)):
        total, lines = place in table.totals, 1
        for at, column in enumerate(table.columns):
            kind, held = written(column, values.get(column.key))
            spot = (row + place, at)
            lines = max(lines, lines_of(held, span[at] - 1) if kind == "text" else 1)
            if kind in ("", "text"):
                _text(desk, sheet, spot, held, total=total, steps=_apart(table, at))
            elif kind == "day":
                sheet.write_datetime(*spot, held, desk.styles.number(kind, total=total))
            elif (place, at) in live:
                style = desk.styles.number(kind, total=total)
                sheet.write_formula(*spot, live[place, at], style, held)
            else:
                sheet.write_number(*spot, held, desk.styles.number(kind, total=total))
        tall(sheet, row + place, lines)
    return row + len(table.rows)


def _groups(desk: Desk, sheet: Any, table: TableView, row: int) -> None:
    """Headings over runs of columns, merged over what they span."""
    at, style = 0, desk.styles.of(**GROUP)
    for title, span in table.groups:
        if title and span > 1:
            sheet.merge_range(row, at, row, at + span - 1, "", style)
        if title:
            sheet.write_string(row, at, title, style)
        at += span


def _heading(desk: Desk, sheet: Any, table: TableView, column: Column, row: int, at: int) -> None:
    """A heading; where one note tells how the whole column is made, a link to it."""
    notes = {how_of(one) for r in table.rows if isinstance(one := r.get(column.key), Cell)} - {""}
    side: dict[str, Any] = {"align": "right"} if column.right else {}
    if _apart(table, at) > 0:
        side = {"align": "left", "indent": 1}
    where = desk.links.get(next(iter(notes))) if len(notes) == 1 else None
    if where:
        style = desk.styles.of(**HEAD, **side, underline=1)
        sheet.write_url(row, at, where, style, column.heading, HINT)
    else:
        sheet.write_string(row, at, column.heading, desk.styles.of(**HEAD, **side))


def _apart(table: TableView, at: int) -> int:
    """One step where a text follows a number, so that the two stand apart; -1 among numbers."""
    if table.columns[at].right:
        return -1
    return int(at > 0 and table.columns[at - 1].right)


def _text(
    desk: Desk, sheet: Any, spot: tuple[int, int], held: str | None, *, total: bool, steps: int
) -> None:
    """A text, `steps` from the left (-1: at the right); a name down a tree is indented."""
    if held is None:
        if total:
            sheet.write_blank(*spot, None, desk.styles.text(total=True))
        return
    indent = indent_of(held) + max(0, steps)
    style = desk.styles.text(total=total, indent=indent, right=steps < 0)
    sheet.write_string(*spot, held.lstrip(INDENT), style)


def filter_rows(sheet: Any, table: TableView, first: int) -> None:
    """Filters over the rows of a table, its sums left below; `first` is its first row of numbers."""
    last = len(table.rows)
    while last - 1 in table.totals:
        last -= 1
    if last > FILTERED:
        sheet.autofilter(first - 1, 0, first + last - 1, len(table.columns) - 1)


def write_held(desk: Desk, sheet: Any, row: int, column: int, held: tuple[str, Any]) -> None:
    kind, value = held
    if kind == "text":
        sheet.write_string(row, column, value, desk.styles.of())
    else:
        sheet.write_number(row, column, value, desk.styles.number(kind))
