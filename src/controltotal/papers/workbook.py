"""A paper as a workbook that a finance office can work in.

First the contents with a link to each sheet; then a sheet a page, its charts drawn by the
spreadsheet from cells; then what a page on the screen keeps folded, a table a sheet, with filters;
then the numbers behind the charts, every figure, and how each number was made. Money is in £ million
as numbers; sums, differences and shares are live formulas wherever our own numbers obey them to the
penny; nothing that a book says becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from controltotal.core.show import figure_name, figure_value
from controltotal.papers.native_charts import rows_of
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import ChartView, Section, TableView
from controltotal.papers.svg import picture
from controltotal.papers.vega import DARK, LIGHT, MIDDLE
from controltotal.papers.workbook_cells import FONT, HEAD, SIZE, Styles, figure_number
from controltotal.papers.workbook_charts import chart_numbers
from controltotal.papers.workbook_figures import write_figures
from controltotal.papers.workbook_plan import (
    CHARTS,
    CONTENTS,
    FIGURES,
    UNIT,
    PageSheet,
    Plan,
    TableSheet,
    body_row,
    explains,
    how_of,
    planned,
)
from controltotal.papers.workbook_tables import (
    CELL_MAX,
    CUT,
    FILTERED,
    Desk,
    address,
    filter_rows,
    head,
    lines_of,
    sentence,
    set_widths,
    tall,
    widths,
    write_held,
    write_table,
)

UNITS: Final = "Money is in £ million unless a heading says otherwise; deficits are in brackets."
LIVE: Final = (
    "Sums, differences and shares are formulas where our numbers obey them to the penny; the other "
    "numbers stand as the answers gave them."
)
PICTURE_ROWS: Final = 24
"""Rows that a picture covers."""
PICTURE_SCALE: Final = 1.5
CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - the same in every workbook, for equal bytes
KEPT_WIDE: Final = 46
"""Characters across of a first column that stays in sight beside the others."""
LINK_WIDE: Final = 18.0
"""Characters across that the way back takes."""


def paper_workbook(paper: Paper) -> Written:
    """A paper as the bytes of a workbook."""
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    cut: list[str] = []

    class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter brings no types
        """A sheet that cuts what no cell can hold, and says so, where xlsxwriter drops it."""

        def write_string(self, row: int, column: int, text: str, style: Any = None) -> int:
            if len(text) > CELL_MAX:
                cut.append(text)
                text = text[: CELL_MAX - len(CUT)] + CUT
            code: int = super().write_string(row, column, text, style)
            return code

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": SIZE},
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": paper.title, "author": "controltotal", "created": CREATED})
    plan = planned(paper)
    desk = Desk(book, Styles(book), Sheet, _links(plan))
    _write(desk, paper, plan)
    book.close()
    told = (f"A cell of a workbook holds {CELL_MAX:,} characters; {len(cut)} were cut at that.",)
    return Written(buffer.getvalue(), told if cut else ())


def _write(desk: Desk, paper: Paper, plan: Plan) -> None:
    """Every sheet in its order; charts are set on their pages when their numbers stand."""
    _contents(desk, paper, plan)
    sheets = {page.name: desk.sheet(page.name, DARK) for page in plan.pages}
    kept = [one for one in plan.tables if not explains(one.table)]
    for one in kept:
        _table_sheet(desk, paper, one, LIGHT)
    charts = chart_numbers(desk, paper, plan) if plan.charts else {}
    if plan.figures:
        write_figures(desk, paper, plan)
    for one in plan.tables:
        if explains(one.table):
            _table_sheet(desk, paper, one, MIDDLE)
    for page in plan.pages:
        _page(desk, paper, page, sheets[page.name], charts)


def _links(plan: Plan) -> dict[str, str]:
    """By what names a note: the cell where it stands."""
    return {
        how: address(one.name, f"A{body_row(one.table) + place + 1}")
        for one in plan.tables
        if explains(one.table)
        for place, row in enumerate(one.table.rows)
        if (how := how_of(row.get(one.table.columns[0].key)))
    }


# -- the contents -------------------------------------------------------------------------------------


def _contents(desk: Desk, paper: Paper, plan: Plan) -> None:
    """What the paper is and where it came from, and a link to each sheet with its first sentence."""
    sheet = desk.sheet(CONTENTS, DARK)
    span = [48.0, 92.0]
    for at, width in enumerate(span):
        sheet.set_column(at, at, width)
    row = sentence(desk, sheet, 0, paper.title, span, sum(span), bold=True, font_size=16)
    for text in (paper.subtitle, *paper.notices, f"{UNITS} {LIVE}", paper.footer):
        row = sentence(desk, sheet, row, text, span, sum(span)) if text else row
    row += 1
    for title, entries in _entries(plan):
        if entries:
            for at, text in enumerate((title, "What it says")):
                sheet.write_string(row, at, text, desk.styles.of(**HEAD))
            row += 1
        for name, shown, said in entries:
            sheet.write_url(row, 0, address(name), desk.styles.link, shown[:CELL_MAX])
            sheet.write_string(row, 1, said, desk.styles.text())
            tall(sheet, row, max(lines_of(shown, span[0]), lines_of(said, span[1])))
            row += 1
        row += bool(entries)
    sheet.freeze_panes(1, 0)


Entry = tuple[str, str, str]
"""A line of the contents: the name of a sheet, its title, and what it says first."""


def _entries(plan: Plan) -> list[tuple[str, list[Entry]]]:
    pages = [(page.name, page.title, _first(page)) for page in plan.pages]
    kept = [_entry(one) for one in plan.tables if not explains(one.table)]
    behind: list[Entry] = []
    if plan.charts:
        behind.append((CHARTS, CHARTS, "The cells that the charts are drawn from."))
    if plan.figures:
        many = len(plan.figures)
        counted = (
            f"{many:,} figure{'' if many == 1 else 's'} that the paper shows, with number and id."
        )
        behind.append((FIGURES, FIGURES, counted))
    for one in plan.tables:
        if explains(one.table):
            behind.append((one.name, one.name, "The rule of each number, and what it rests on."))
    return [("Pages", pages), ("Appendix", kept), ("Behind the numbers", behind)]


def _entry(one: TableSheet) -> Entry:
    many = len(one.table.rows)
    rows = f"{many:,} row{'' if many == 1 else 's'}"
    title = UNIT.sub("", one.table.title)
    return one.name, title, f"{rows}, behind {one.page}" if one.page else rows


def _first(page: PageSheet) -> str:
    """The first sentence of a page, else the title of the first thing on it."""
    for part in page.parts:
        for text in (*part.words, *part.points):
            return text.split("\n")[0]
        for view in part.charts:
            return view.title
        for table in part.tables:
            return table.title
    return ""


# -- pages --------------------------------------------------------------------------------------------


def _page(desk: Desk, paper: Paper, page: PageSheet, sheet: Any, charts: dict[str, Any]) -> None:
    """A page: its parts below each other, each with its words, figures, charts and tables."""
    tables = page.tables
    span = widths(tables)
    span = [max(span[0], 30.0) if span else 48.0, *span[1:]]
    span += [14.0] * max(0, 8 - len(span))
    set_widths(sheet, span)
    row = head(desk, paper, sheet, page.title)
    sheet.freeze_panes(row, 0)
    row += 1
    filtered = [table for table in tables if len(table.rows) > FILTERED]
    for part in page.parts:
        row = _words(desk, sheet, part, row, span, first=part is page.parts[0])
        row = _tiles(desk, sheet, part, row, span)
        for view in part.charts:
            row = _chart(desk, sheet, view, paper.pictures[view.id], charts.get(view.id), row)
        for table in part.tables:
            if table.rows and not table.folded:
                only = len(filtered) == 1 and table is filtered[0]
                if table.title != part.title:
                    row = sentence(desk, sheet, row, table.title, span, bold=True)
                row = _table(desk, sheet, table, row, span, filters=only)


def _words(
    desk: Desk, sheet: Any, part: Section, row: int, span: Sequence[float], *, first: bool
) -> int:
    """The title of a part, its words and points, and its tree."""
    if not first:
        row = sentence(desk, sheet, row, part.title, span, bold=True, font_size=13)
    look = {"bold": True, "font_size": 12} if part.lead else {}
    for text in part.words:
        row = sentence(desk, sheet, row, text, span, **look)
    for text in part.points:
        row = sentence(desk, sheet, row, f"•  {text}", span)
    if part.tree is not None:
        sheet.write_string(row, 0, part.tree.title, desk.styles.of(bold=True))
        for line in part.tree.text.splitlines():
            row += 1
            sheet.write_string(row, 0, line, desk.styles.of(font_name="Consolas"))
        row += 1
    return row + bool(part.words or part.points or part.tree or first)


def _tiles(desk: Desk, sheet: Any, part: Section, row: int, span: Sequence[float]) -> int:
    """The figures of a part, each a number with its id."""
    if not part.figures:
        return row
    heads = ("Figure", "£ million or as shown", "Shown as", "Id")
    for at, heading in enumerate(heads):
        side: dict[str, Any] = {"align": "right"} if at == 1 else {}
        side = {"align": "left", "indent": 1} if at == 2 else side
        sheet.write_string(row, at, heading, desk.styles.of(**HEAD, **side))
    for figure in part.figures:
        row += 1
        sheet.write_string(row, 0, figure_name(figure), desk.styles.text())
        write_held(desk, sheet, row, 1, figure_number(figure))
        sheet.write_string(row, 2, figure_value(figure), desk.styles.of(indent=1, align="left"))
        tall(sheet, row, lines_of(figure_name(figure), span[0] - 1))
        sheet.write_string(row, 3, figure.id, desk.styles.of())
    return row + 2


def _chart(desk: Desk, sheet: Any, view: ChartView, drawing: str, chart: Any, row: int) -> int:
    """A chart that the spreadsheet draws, else the picture with its message above it."""
    if chart is not None and view.native is not None:
        look = {"description": view.alternative, "object_position": 2, "x_offset": 4}
        sheet.insert_chart(row, 0, chart, look)
        return row + rows_of(view.native)
    sheet.write_string(row, 0, view.title, desk.styles.of(bold=True))
    image = {
        "image_data": io.BytesIO(picture(drawing, PICTURE_SCALE)),
        "description": view.alternative,
        "x_scale": 0.6,
        "y_scale": 0.6,
    }
    sheet.insert_image(row + 1, 0, f"{view.id}.png", image)
    return row + PICTURE_ROWS


def _table(
    desk: Desk, sheet: Any, table: TableView, row: int, span: Sequence[float], *, filters: bool
) -> int:
    """A table of a page below its title: itself, its note."""
    first = row + bool(table.groups) + 1
    row = write_table(desk, sheet, table, row, span)
    if filters:
        filter_rows(sheet, table, first)
    if table.note:
        row = sentence(desk, sheet, row, table.note, span, italic=True)
    return row + 1


# -- a table a sheet ----------------------------------------------------------------------------------


def _table_sheet(desk: Desk, paper: Paper, one: TableSheet, colour: str) -> None:
    """A sheet of one table: its headings stay in sight and filter its rows."""
    table = one.table
    sheet = desk.sheet(one.name, colour)
    first, *rest = widths([table], alone=True)
    span = [max(first, LINK_WIDE), *rest]
    set_widths(sheet, span)
    row = head(desk, paper, sheet, table.title, one.page)
    if table.note:
        sheet.write_string(row, 0, table.note, desk.styles.of(italic=True))
        row += 1
    row += 1
    write_table(desk, sheet, table, row, span)
    top = body_row(table)
    sheet.freeze_panes(top, 1 if span[0] < KEPT_WIDE else 0)
    sheet.repeat_rows(top - 1 - bool(table.groups), top - 1)
    filter_rows(sheet, table, top)
