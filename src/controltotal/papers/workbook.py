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
from controltotal.papers.native_charts import Placed, Span, native_chart, rows_of
from controltotal.papers.paper import Paper, Written
from controltotal.papers.sections import ChartView, Section, Series, TableView
from controltotal.papers.svg import picture
from controltotal.papers.vega import DARK, LIGHT, MIDDLE
from controltotal.papers.workbook_cells import FONT, HEAD, SIZE, Styles, figure_number
from controltotal.papers.workbook_formulas import value_of
from controltotal.papers.workbook_plan import (
    CHARTS,
    CONTENTS,
    FIGURES,
    Drawn,
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
    lines_of,
    sentence,
    tall,
    widths,
    write_table,
)

UNITS: Final = "Money is in £ million unless a heading says otherwise; deficits are in brackets."
LIVE: Final = (
    "Sums, differences and shares are formulas where our numbers obey them to the penny; the other "
    "numbers stand as the answers gave them."
)
BACK: Final = "Back to contents"
PICTURE_ROWS: Final = 24
"""Rows that a picture covers."""
PICTURE_SCALE: Final = 1.5
CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - the same in every workbook, for equal bytes
PENCE: Final = 100_000_000
NAMED_WIDE: Final = 60


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
    charts = _chart_numbers(desk, paper, plan) if plan.charts else {}
    if plan.figures:
        _figures(desk, paper, plan)
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
    span = [38.0, 100.0]
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
    kept = [(one.name, one.name, one.table.title) for one in plan.tables if not explains(one.table)]
    behind: list[Entry] = []
    if plan.charts:
        behind.append((CHARTS, CHARTS, "The cells that the charts are drawn from."))
    if plan.figures:
        many = f"{len(plan.figures):,} figures that the paper shows, each with its number and id."
        behind.append((FIGURES, FIGURES, many))
    for one in plan.tables:
        if explains(one.table):
            behind.append((one.name, one.name, "The rule of each number, and what it rests on."))
    return [("Pages", pages), ("Appendix", kept), ("Behind the numbers", behind)]


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


# -- heads --------------------------------------------------------------------------------------------


def _head(desk: Desk, paper: Paper, sheet: Any, title: str, back: str = "") -> int:
    """The title of a sheet, the paper with what stands on every page, and the way back."""
    sheet.write_string(0, 0, title, desk.styles.of(bold=True, font_size=16))
    tall(sheet, 0, 1, 1.6)
    sheet.write_string(1, 0, "  ".join((paper.title, *paper.notices)), desk.styles.of())
    sheet.write_url(2, 0, address(CONTENTS), desk.styles.of(font_color=DARK, underline=1), BACK)
    if back:
        style = desk.styles.of(font_color=DARK, underline=1)
        sheet.write_url(2, 1, address(back), style, "Back to its page")
    return 3


def _set_widths(sheet: Any, wide: Sequence[float]) -> None:
    for at, width in enumerate(wide):
        sheet.set_column(at, at, width)


# -- pages --------------------------------------------------------------------------------------------


def _page(desk: Desk, paper: Paper, page: PageSheet, sheet: Any, charts: dict[str, Any]) -> None:
    """A page: its parts below each other, each with its words, figures, charts and tables."""
    tables = page.tables
    span = widths(tables)
    span = [max(span[0], 30.0) if span else 48.0, *span[1:]]
    span += [14.0] * max(0, 8 - len(span))
    _set_widths(sheet, span)
    row = _head(desk, paper, sheet, page.title)
    sheet.freeze_panes(row, 0)
    row += 1
    filtered = [table for table in tables if len(table.rows) > FILTERED]
    for part in page.parts:
        row = _words(desk, sheet, part, row, span, first=part is page.parts[0])
        row = _tiles(desk, sheet, part, row)
        for view in part.charts:
            row = _chart(desk, sheet, view, paper.pictures[view.id], charts.get(view.id), row)
        for table in part.tables:
            if table.rows and not table.folded:
                only = len(filtered) == 1 and table is filtered[0]
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


def _tiles(desk: Desk, sheet: Any, part: Section, row: int) -> int:
    """The figures of a part, each a number with its id."""
    if not part.figures:
        return row
    heads = ("Figure", "£ million or as shown", "Shown as", "Id")
    for at, heading in enumerate(heads):
        side = {"align": "right"} if at == 1 else {}
        sheet.write_string(row, at, heading, desk.styles.of(**HEAD, **side))
    for figure in part.figures:
        row += 1
        sheet.write_string(row, 0, figure_name(figure), desk.styles.text())
        _number(desk, sheet, row, 1, figure_number(figure))
        sheet.write_string(row, 2, figure_value(figure), desk.styles.of())
        sheet.write_string(row, 3, figure.id, desk.styles.of())
    return row + 2


def _number(desk: Desk, sheet: Any, row: int, column: int, held: tuple[str, Any]) -> None:
    kind, value = held
    if kind == "text":
        sheet.write_string(row, column, value, desk.styles.of())
    else:
        sheet.write_number(row, column, value, desk.styles.number(kind))


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
    """A table of a page: its title, itself, its note."""
    row = sentence(desk, sheet, row, table.title, span, bold=True)
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
    span = widths([table], alone=True)
    _set_widths(sheet, span)
    row = _head(desk, paper, sheet, table.title, one.page)
    if table.note:
        sheet.write_string(row, 0, table.note, desk.styles.of(italic=True))
        row += 1
    row += 1
    write_table(desk, sheet, table, row, span)
    first = body_row(table)
    sheet.freeze_panes(first, 1 if span[0] < NAMED_WIDE / 2 else 0)
    sheet.repeat_rows(first - 1 - bool(table.groups), first - 1)
    filter_rows(sheet, table, first)


# -- the numbers behind the charts --------------------------------------------------------------------


def _chart_numbers(desk: Desk, paper: Paper, plan: Plan) -> dict[str, Any]:
    """The cells that charts are drawn from, chart by chart; returns the charts by id."""
    sheet = desk.sheet(CHARTS, MIDDLE)
    span = widths([one.table for one in plan.charts if one.table is not None])
    span = [max(span[0] if span else 0, 34.0), *span[1:]]
    many = max(len(one.table.columns) if one.table else 0 for one in plan.charts)
    span += [14.0] * (many + 14 - len(span))
    _set_widths(sheet, span)
    row = _head(desk, paper, sheet, CHARTS)
    sheet.freeze_panes(row, 0)
    row += 1
    found = {}
    for one in plan.charts:
        found[one.view.id], row = _drawn(desk, sheet, one, row, span)
    return found


def _drawn(desk: Desk, sheet: Any, one: Drawn, row: int, span: Sequence[float]) -> tuple[Any, int]:
    """One chart: its message, the table behind it, and beside that what is drawn and not in it."""
    native = one.view.native
    assert native is not None
    title, axis = [CHARTS, row, 0], [CHARTS, row + 1, 0]
    row = sentence(desk, sheet, row, one.view.title, span, bold=True)
    row = sentence(desk, sheet, row, native.axis, span, italic=True)
    first, end, beside = row + 1, row, 0
    places: dict[str, int] = {}
    if one.table is not None:
        first += bool(one.table.groups)
        end = write_table(desk, sheet, one.table, row, span)
        beside = len(one.table.columns) + 1
        places = {column.key: at for at, column in enumerate(one.table.columns)}
        if one.table.note:
            end = sentence(desk, sheet, end, one.table.note, span, italic=True)
    many = len(native.categories) if not isinstance(native.categories, str) else 0
    many = many or (len(one.table.rows) if one.table else 0)
    spans, told = [], list[float]()
    if isinstance(native.categories, str):
        names = Span(CHARTS, first, first + many - 1, places[native.categories])
    else:
        sheet.write_string(first - 1, beside, "Drawn", desk.styles.of(**HEAD))
        for at, text in enumerate(native.categories):
            sheet.write_string(first + at, beside, text, desk.styles.of())
        names = Span(CHARTS, first, first + many - 1, beside)
        beside += 1
    for series in native.series:
        if isinstance(series.values, str):
            column = places[series.values]
            told += [v / PENCE for v in _pence(one.table, series.values) if v is not None]
        else:
            column, beside = beside, beside + 1
            told += _column(desk, sheet, series, first, column)
        spans.append(Span(CHARTS, first, first + many - 1, column))
    placed = Placed(title, axis, names, tuple(spans), tuple(told))
    chart = native_chart(desk.book, one.view, native, placed)
    return chart, max(end, first + many) + 1


def _pence(table: TableView | None, key: str) -> list[int | float | None]:

    return [value_of(row.get(key)) for row in table.rows] if table is not None else []


def _column(desk: Desk, sheet: Any, series: Series, first: int, column: int) -> list[float]:
    """The numbers of a series below its name; what nothing tells is an empty cell."""
    style = desk.styles.of(**HEAD, align="right")
    sheet.write_string(first - 1, column, series.name, style)
    told = []
    for at, value in enumerate(series.values):
        if isinstance(value, int):
            told.append(value / PENCE)
            sheet.write_number(first + at, column, value / PENCE, desk.styles.number("money"))
    return told


# -- every figure -------------------------------------------------------------------------------------

FIGURE_HEADS: Final = (
    ("Figure", 52.0),
    ("Value", 14.0),
    ("Unit", 11.0),
    ("Shown as", 24.0),
    ("Status", 14.0),
    ("Least", 12.0),
    ("Most", 12.0),
    ("First shown on", 34.0),
    ("Rule", 60.0),
    ("Id", 52.0),
)
UNIT_WORDS: Final = {"pence": "£ million", "share": "share", "chance": "chance", "count": "count"}


def _figures(desk: Desk, paper: Paper, plan: Plan) -> None:
    """Each figure that is shown: its number, unit, status, rule and id."""
    sheet = desk.sheet(FIGURES, MIDDLE)
    _set_widths(sheet, [width for _, width in FIGURE_HEADS])
    row = _head(desk, paper, sheet, FIGURES) + 1
    for at, (heading, _) in enumerate(FIGURE_HEADS):
        side = {"align": "right"} if heading in ("Value", "Least", "Most") else {}
        sheet.write_string(row, at, heading, desk.styles.of(**HEAD, **side))
    first = row + 1
    for figure, page in plan.figures.values():
        row += 1
        where = desk.links.get(figure.id)
        if where:
            name = figure_name(figure)[:CELL_MAX]
            sheet.write_url(row, 0, where, desk.styles.link, name, "How it was made")
        else:
            sheet.write_string(row, 0, figure_name(figure), desk.styles.text())
        _number(desk, sheet, row, 1, figure_number(figure))
        texts = {
            2: UNIT_WORDS.get(figure.unit, figure.unit),
            3: figure_value(figure),
            4: figure.status,
            7: page,
            8: plan.rules.get(figure.id, ""),
            9: figure.id,
        }
        for at, text in texts.items():
            sheet.write_string(row, at, text, desk.styles.text())
        for at, end in ((5, figure.low), (6, figure.high)):
            if end is not None:
                kind = "money" if figure.unit == "pence" else "share"
                kind = kind if figure.unit in ("pence", "share", "chance") else "number"
                value = end / PENCE if kind == "money" else end
                sheet.write_number(row, at, value, desk.styles.number(kind))
    sheet.freeze_panes(first, 1)
    sheet.repeat_rows(first - 1)
    if row - first >= FILTERED:
        sheet.autofilter(first - 1, 0, row, len(FIGURE_HEADS) - 1)
