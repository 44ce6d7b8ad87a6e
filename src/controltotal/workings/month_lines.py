"""The lines of a body in a month, to date and in the year, in pence: for tables that say no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controltotal.workings.month import MONTHS, Month, ToDate, months_to
from controltotal.workings.plain import by_line
from controltotal.workings.totals import Totals

MONEY: Final = (
    "month_plan",
    "month_actual",
    "plan",
    "actual",
    "variance",
    "plan_year",
    "forecast",
    "variance_year",
    "forecast_last_month",
)
"""What is told of a body or line, in the order of its columns."""
Cells = dict[str, int | None]
Column = Mapping[str, int]
"""The pence of each line that is told."""


def cells_of(row: ToDate) -> Cells:
    """What a row tells, in pence; what cannot be told is None."""
    return {column: getattr(row, column).pence for column in MONEY}


def line_cells(
    month: Month, code: str, year: str, lines: tuple[str, ...] | None = None
) -> dict[str, Cells]:
    """What is told of a body's lines (or of some of them), by line, in pence.

    Those of a plain body are its sums; of any other each line is judged by itself.
    """
    names = month.lines(code, year) if lines is None else lines
    columns = _columns(month, code, year)
    if columns is None:
        return {name: cells_of(month.to_date(code, year, name)) for name in names}
    return {name: {column: columns[column].get(name) for column in MONEY} for name in names}


def _columns(month: Month, code: str, year: str) -> dict[str, Column] | None:
    """The columns of a body's lines; None where a column has to be judged line by line."""
    reached, shown = month.reached(code, year), month.shown(code, year)
    one, some = frozenset({shown or 0} if shown else ()), months_to(reached or 0)
    earlier = month.month_before(year, reached) if reached else None
    every = months_to(MONTHS)
    asked: dict[str, tuple[Totals | None, str, frozenset[int]]] = {
        "month_plan": (month.totals, "plan", one),
        "month_actual": (month.totals, "actual", one),
        "plan": (month.totals, "plan", some),
        "actual": (month.totals, "actual", some),
        "plan_year": (month.totals, "plan", every),
        "forecast": (month.totals, "forecast", every),
        "forecast_last_month": (earlier, "forecast", every),
    }
    found: dict[str, Column] = {}
    for column, (totals, basis, months) in asked.items():
        sums = by_line(totals, code, year, basis, months) if totals and months else {}
        if sums is None:
            return None
        found[column] = sums
    found["variance"] = _less(found["actual"], found["plan"])
    found["variance_year"] = _less(found["forecast"], found["plan_year"])
    return found


def _less(first: Column, second: Column) -> Column:
    """One column less another, of each line that both tell."""
    return {line: pence - second[line] for line, pence in first.items() if line in second}
