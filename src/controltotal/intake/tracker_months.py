"""Months of a tracker that hold those before them: made months alone where it is sure, else asked.

Headings that say `to date` for every month from April say it for certain. A word above the table, or
a full year effect that is the last month and not the sum of them, is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from controltotal.intake.faults import Fault, Faults
from controltotal.intake.ground import words_above
from controltotal.intake.model import LEFT_OUT, Left, Read
from controltotal.intake.sums import Money
from controltotal.intake.tracker_columns import Columns, Sum
from controltotal.intake.worth import same

Grid = dict[int, dict[int, Money]]
_LEAST: Final = 2
"""Schemes, and months of each, before a habit is seen."""
_CUMULATIVE: Final = re.compile(r"(?<!non-)(?<!not )\bcumulative\b", re.I)
_WHOLES: Final = ("year", "total")


def settle_months(
    columns: Columns, money: Grid, rows: Sequence[int], months: str, read: Read, faults: Faults
) -> None:
    """Months alone, by the headings or by the person (`months`: cumulative or single), else asked."""
    for basis, year in dict.fromkeys((s.measure.basis, s.measure.year) for s in columns.sums):
        own = columns.of(basis, "month", year)
        lone = len(own) == 1 and not _ends_year(columns, own[0], money, rows)
        if lone and _stands_in(columns, own[0], money, rows):
            _leave_month(columns, own[0], money, read)
        elif not own:
            _of_dates(columns, money, basis, year)
        elif months == "cumulative":
            _alone(own, money)
        elif not months:
            _ask(columns, own, money, rows, faults)


def _stands_in(columns: Columns, one: Sum, money: Grid, rows: Sequence[int]) -> bool:
    """Whether the one month of a report stands in a year, or a year to date, that it does not make."""
    basis, year = one.measure.basis, one.measure.year
    larger = [s for span in (*_WHOLES, "to_date") for s in columns.of(basis, span, year)]
    return one.measure.number != 1 and any(
        money[s.column].get(row) != money[one.column].get(row) for s in larger for row in rows
    )


def _ends_year(columns: Columns, one: Sum, money: Grid, rows: Sequence[int]) -> bool:
    """Whether a lone month of the forecast and the actual months before it make the year beside it."""
    basis, year = one.measure.basis, one.measure.year
    before = [
        s for s in columns.of("actual", "month", year) if s.measure.number < one.measure.number
    ]
    wholes = [s for span in _WHOLES for s in columns.of(basis, span, year)]
    if basis != "forecast" or not before:
        return False
    parts = [*before, one]
    return any(
        all(same(money[s.column].get(row, 0), _sums(parts, money, row)) for row in rows)
        for s in wholes
    )


def _leave_month(columns: Columns, one: Sum, money: Grid, read: Read) -> None:
    """Leave a month out of which the year, or the year to date, beside it says more."""
    cells = money[one.column]
    for row in cells:
        read.mark(row, (one.column,), LEFT_OUT)
    if cells:
        area = (min(cells), one.column, max(cells), one.column)
        read.left.append(Left(area, "a month that the year to date or the year beside it holds"))
    columns.sums = [s for s in columns.sums if s is not one]


def _of_dates(columns: Columns, money: Grid, basis: str, year: str) -> None:
    """Years to date of every month from April are months, each with those before it taken off."""
    dates = columns.of(basis, "to_date", year)
    if len(dates) < _LEAST or [s.measure.number for s in dates] != list(range(1, len(dates) + 1)):
        return
    _alone(dates, money)
    at = {one.column for one in dates}
    columns.sums = [
        replace(s, measure=replace(s.measure, span="month")) if s.column in at else s
        for s in columns.sums
    ]


def _alone(months: Sequence[Sum], money: Grid) -> None:
    """Take from each month what was said before it; a month that says nothing passes it on."""
    before: dict[int, Money] = {}
    for one in months:
        cells = money[one.column]
        money[one.column] = {row: pence - before.get(row, 0) for row, pence in cells.items()}
        before |= cells


def _ask(
    columns: Columns, own: Sequence[Sum], money: Grid, rows: Sequence[int], faults: Faults
) -> None:
    """Ask where a word or the full year effects say that months hold those before them."""
    basis, year = own[0].measure.basis, own[0].measure.year
    wholes = [s.column for span in _WHOLES for s in columns.of(basis, span, year)]
    if any(_sums(own, money, row) == money[at].get(row) for at in wholes for row in rows):
        return
    if any(_CUMULATIVE.search(text) for text in words_above(faults.seen)):
        said = "The words above the table say that its months are cumulative"
    elif not wholes and columns.effect and _like_effects(own, money, rows, columns.effect.column):
        said = (
            "Full year effects are the last month of their schemes and not the sum of the months: each "
            "month seems to hold those before it"
        )
    else:
        return
    fault = Fault(
        "IMPORT_CUMULATIVE",
        said,
        "months alone",
        "Say so: --set months=cumulative, or --set months=single where each month stands alone.",
    )
    for one in own:
        faults.add(fault, (faults.seen.heading[1], one.column), one.text)


def _sums(own: Sequence[Sum], money: Grid, row: int) -> Money:
    total: Money = 0
    for one in own:
        total += money[one.column].get(row, 0)
    return total


def _like_effects(own: Sequence[Sum], money: Grid, rows: Sequence[int], effect: int) -> bool:
    """Whether most full year effects are the last month of their scheme, with more before it."""
    judged = [row for row in rows if money[effect].get(row)]
    like = [
        row
        for row in judged
        if money[own[-1].column].get(row) == money[effect][row] != _sums(own, money, row)
    ]
    return len(like) >= _LEAST and 2 * len(like) > len(judged)
