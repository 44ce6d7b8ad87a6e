"""A year from its parts: the whole-year row, else its twelve months, by whichever rows cover them.

Rows may be for a month, a quarter, a half or the year. The coarsest row stated wins, because it
is what the body said; where finer rows cover the same time and differ, `check` says so. Fewer
months than the year needs is not a year, except for actuals, which are the year to date. A year
to date (`YTD9`) is one sum of its months, and which of them it fell in stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from controltotal.book.records import Amount
from controltotal.core.calendar import PERIODS
from controltotal.core.period import part_of

COARSE_FIRST = tuple(sorted(PERIODS, key=lambda p: (-len(PERIODS[p]), PERIODS[p])))
TO_DATE = tuple(period for period in COARSE_FIRST if period.startswith("YTD"))
NESTED = tuple(period for period in COARSE_FIRST if period not in TO_DATE)


@dataclass(frozen=True, slots=True)
class Filled:
    """A sum over the months covered, with the rows it used."""

    pence: int
    months: frozenset[int]
    rows: tuple[Amount, ...]


def months_needed(year: str) -> frozenset[int]:
    """The months of a year or half.

    >>> sorted(months_needed("2021-22-H2"))
    [7, 8, 9, 10, 11, 12]
    """
    return frozenset(PERIODS[part_of(year)])


def fill(rows: Iterable[Amount], needed: frozenset[int]) -> Filled:
    """The sum over `needed` months, from the coarsest rows that fit inside them.

    Each row's value is its `pence`; one series (one line, recurrence, counterparty) at a time.
    """
    by_period: Mapping[str, Amount] = {row.month or "": row for row in rows}
    found = _greedily(by_period, needed, COARSE_FIRST)
    if found.months != needed and any(period in by_period for period in TO_DATE):
        apart = _greedily(by_period, needed, NESTED)  # a year to date may stand in the way of parts
        if len(apart.months) > len(found.months):
            return apart
    return found


def _greedily(
    by_period: Mapping[str, Amount], needed: frozenset[int], order: Iterable[str]
) -> Filled:
    covered: set[int] = set()
    used: list[Amount] = []
    for period in order:
        months = PERIODS[period]
        if period in by_period and needed.issuperset(months) and covered.isdisjoint(months):
            covered.update(months)
            used.append(by_period[period])
    return Filled(sum(row.amount for row in used), frozenset(covered), tuple(used))


def disagreements(rows: Iterable[Amount]) -> list[tuple[Amount, tuple[Amount, ...], int]]:
    """Coarse rows whose finer rows cover the same months and sum to something else.

    Gives (coarse row, finer rows, their sum).
    """
    by_period = {row.month or "": row for row in rows}
    found = []
    for period, row in by_period.items():
        months = frozenset(PERIODS[period])
        finer = [r for p, r in by_period.items() if _is_finer(p, period)]
        if not finer:
            continue
        parts = fill(finer, months)
        if parts.months == months and parts.pence != row.amount:
            found.append((row, parts.rows, parts.pence))
    return found


@cache
def _is_finer(period: str, whole: str) -> bool:
    """Whether a period is part of another, or says the same months later in the order.

    >>> _is_finer("Q1", "H1"), _is_finer("YTD6", "H1"), _is_finer("H1", "YTD6")
    (True, True, False)
    """
    part, of = set(PERIODS[period]), set(PERIODS[whole])
    return part < of or (part == of and COARSE_FIRST.index(period) > COARSE_FIRST.index(whole))
