"""The sheet of a workbook that holds the cells which its charts are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controltotal.core.money import PENCE_PER, page_unit
from controltotal.papers.native_charts import Placed, Span, native_chart
from controltotal.papers.paper import Paper
from controltotal.papers.sections import Series
from controltotal.papers.vega import MIDDLE
from controltotal.papers.workbook_cells import HEAD
from controltotal.papers.workbook_formulas import value_of
from controltotal.papers.workbook_plan import CHARTS, Drawn, Plan
from controltotal.papers.workbook_tables import (
    Desk,
    head,
    lines_of,
    sentence,
    set_widths,
    tall,
    widths,
    write_table,
)

NAMES_WIDE = 46.0
"""Characters across of the names along a chart."""


def chart_numbers(desk: Desk, paper: Paper, plan: Plan) -> dict[str, Any]:
    """The cells that charts are drawn from, chart by chart; returns the charts by id."""
    sheet = desk.sheet(CHARTS, MIDDLE)
    span = widths([one.table for one in plan.charts if one.table is not None])
    span = [max(span[0] if span else 0, NAMES_WIDE), *span[1:]]
    many = max(len(one.table.columns) if one.table else 0 for one in plan.charts)
    span += [14.0] * (many + 14 - len(span))
    set_widths(sheet, span)
    row = head(desk, paper, sheet, CHARTS)
    sheet.freeze_panes(row, 0)
    row += 1
    found = {}
    for one in plan.charts:
        found[one.view.id], row = _drawn(desk, sheet, one, row, span)
    return found


def _drawn(desk: Desk, sheet: Any, one: Drawn, row: int, span: Sequence[float]) -> tuple[Any, int]:
    """One chart: its message, the table behind it, and what is drawn and not in it."""
    native, table = one.native, one.table
    title, axis = [CHARTS, row, 0], [CHARTS, row + 1, 0]
    row = sentence(desk, sheet, row, one.view.title, span, bold=True)
    row = sentence(desk, sheet, row, native.axis, span, italic=True)
    first, beside = row + 1, 0
    if table is not None:
        row = write_table(desk, sheet, table, row, span)
        first, beside = row - len(table.rows), len(table.columns) + 1
        if table.note:
            row = sentence(desk, sheet, row, table.note, span, italic=True)
    if not isinstance(native.categories, str):  # names of its own: below the table
        first, beside = row + (2 if table is not None else 1), 1
        title_of = "Drawn, as lengths of bars" if native.kind == "stacked" else "Drawn"
        _names(desk, sheet, title_of, native.categories, first)
        row = first + len(native.categories)
    placed = _placed(desk, sheet, one, first, beside, span)
    chart = native_chart(desk.book, one.view, native, Placed(title, axis, *placed))
    return chart, row + 1


def _names(desk: Desk, sheet: Any, title: str, names: Sequence[str], first: int) -> None:
    sheet.write_string(first - 1, 0, title, desk.styles.of(**HEAD))
    for at, text in enumerate(names):
        sheet.write_string(first + at, 0, text, desk.styles.text())


def _placed(
    desk: Desk, sheet: Any, one: Drawn, first: int, beside: int, span: Sequence[float]
) -> tuple[Span, tuple[Span, ...], tuple[float, ...]]:
    """Where names and series stand, those that no table holds written from `beside` on."""
    native, table = one.native, one.table
    rows = table.rows if table is not None else ()
    places = {c.key: at for at, c in enumerate(table.columns)} if table is not None else {}
    own = not isinstance(native.categories, str)
    last = first + (len(native.categories) if own else len(rows)) - 1
    spans, told, lines = [], list[float](), 1
    for series in native.series:
        if isinstance(series.values, str):
            column = places[series.values]
            values = [value_of(row.get(series.values)) for row in rows]
        else:
            column, beside = beside, beside + 1
            values = list(series.values)
            _column(desk, sheet, series, first, column)
            lines = max(lines, lines_of(series.name, span[column] - 1))
        told += [value / PENCE_PER[page_unit()] for value in values if value is not None]
        spans.append(Span(CHARTS, first, last, column))
    if own:
        tall(sheet, first - 1, lines)
    key = native.categories
    names = Span(CHARTS, first, last, places[key] if isinstance(key, str) else 0)
    return names, tuple(spans), tuple(told)


def _column(desk: Desk, sheet: Any, series: Series, first: int, column: int) -> None:
    """The numbers of a series below its name; what nothing tells is an empty cell."""
    sheet.write_string(first - 1, column, series.name, desk.styles.of(**HEAD, align="right"))
    for at, value in enumerate(series.values):
        if isinstance(value, int):
            held = value / PENCE_PER[page_unit()]
            sheet.write_number(
                first + at,
                column,
                held,
                desk.styles.number("money" if page_unit() == "£m" else "thousands"),
            )
