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
from typing import Final

from controltotal.book.records import Amount
from controltotal.core.calendar import PERIODS
from controltotal.core.period import part_of

COARSE_FIRST = tuple(sorted(PERIODS, key=lambda p: (-len(PERIODS[p]), PERIODS[p])))
RANK: Final = {period: rank for rank, period in enumerate(COARSE_FIRST)}
MONTHS: Final = {period: frozenset(months) for period, months in PERIODS.items()}
TO_DATE: Final = frozenset(period for period in COARSE_FIRST if period.startswith("YTD"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A sum over the months covered, with the rows it used."""

    pence: int
    months: frozenset[int]
    rows: tuple[Amount, ...]


class Rows(list[Amount]):
    """The rows of one series of a body in a year, complete before anything is asked of them.

    What the many figures that rest on a series ask of it again and again is kept here: its sum over
    some months, and the months that it speaks of.
    """

    __slots__ = ("_by_period", "_filled", "_months")

    def __init__(self, rows: Iterable[Amount] = ()) -> None:
        super().__init__(rows)
        self._filled: dict[frozenset[int], Filled] = {}
        self._months: frozenset[int] | None = None
        self._by_period: Mapping[str, Amount] | None = None

    def filled(self, needed: frozenset[int]) -> Filled:
        """The sum over `needed` months, as `fill` finds it."""
        found = self._filled.get(needed)
        if found is None:
            if self._by_period is None:
                self._by_period = _by_period(self)
            found = self._filled[needed] = _filled(self._by_period, needed)
        return found

    @property
    def months(self) -> frozenset[int]:
        """Every month of which some row speaks."""
        if self._months is None:
            self._months = _months(self)
        return self._months


def months_told(rows: Iterable[Amount]) -> frozenset[int]:
    """Every month of which some row speaks."""
    return rows.months if isinstance(rows, Rows) else _months(rows)


def _months(rows: Iterable[Amount]) -> frozenset[int]:
    return frozenset[int]().union(*(MONTHS[row.month or ""] for row in rows))


def months_needed(year: str) -> frozenset[int]:
    """The months of a year or half.

    >>> sorted(months_needed("2021-22-H2"))
    [7, 8, 9, 10, 11, 12]
    """
    return MONTHS[part_of(year)]


def fill(rows: Iterable[Amount], needed: frozenset[int]) -> Filled:
    """The sum over `needed` months, from the coarsest rows that fit inside them.

    Each row's value is its `pence`; one series (one line, recurrence, counterparty) at a time.
    """
    return rows.filled(needed) if isinstance(rows, Rows) else _filled(_by_period(rows), needed)


def fill_exactly(rows: Iterable[Amount], needed: frozenset[int]) -> Filled | None:
    """The sum over `needed` months where rows tell it to the penny; None where one lies across.

    A whole year less the rest of it tells some months as well as rows of their own. Of months of
    which no row speaks nothing is summed, and `months` leaves them out.
    """
    rows = rows if isinstance(rows, Rows) else list(rows)
    found = fill(rows, needed)
    if found.months == needed:
        return found
    whole = next((row for row in rows if not row.month), None)
    if whole is not None:
        rest = fill(rows, MONTHS[""] - needed)
        if rest.months == MONTHS[""] - needed:
            return Filled(whole.amount - rest.pence, needed, (whole, *rest.rows))
    untold = needed - found.months
    across = any(not untold.isdisjoint(MONTHS[row.month or ""]) for row in rows)
    return None if across else found


def shares(rows: Iterable[Amount], needed: frozenset[int]) -> list[tuple[tuple[int, ...], int]]:
    """The sum over `needed` months as (months, pence), each as short as rows tell it.

    Where a year has a half beside it, the other months have the rest of the year.
    """
    rows = rows if isinstance(rows, Rows) else list(rows)
    found: list[tuple[tuple[int, ...], int]] = []
    for row in fill(rows, needed).rows:
        months = MONTHS[row.month or ""]
        if len(months) == 1:
            found.append((tuple(months), row.amount))
            continue
        inside = [one for one in rows if MONTHS[one.month or ""] < months]
        parts = fill(inside, months)
        rest = tuple(sorted(months - parts.months))
        if not parts.months or (not rest and parts.pence != row.amount):
            found.append((tuple(sorted(months)), row.amount))
            continue
        found += shares(inside, parts.months)
        if rest:
            found.append((rest, row.amount - parts.pence))
    return found


def _by_period(rows: Iterable[Amount]) -> Mapping[str, Amount]:
    """The rows of a series by what of the year each is of, the longest first."""
    found = {row.month or "": row for row in rows}
    return {period: found[period] for period in sorted(found, key=RANK.__getitem__)}


def _filled(by_period: Mapping[str, Amount], needed: frozenset[int]) -> Filled:
    found = _greedily(by_period, needed, by_period)
    if found.months != needed and not TO_DATE.isdisjoint(by_period):
        nested = [period for period in by_period if period not in TO_DATE]
        apart = _greedily(by_period, needed, nested)  # a year to date may stand in the way of parts
        if len(apart.months) > len(found.months):
            return apart
    return found


def _greedily(
    by_period: Mapping[str, Amount], needed: frozenset[int], order: Iterable[str]
) -> Filled:
    covered: set[int] = set()
    used: list[Amount] = []
    for period in order:
        months = MONTHS[period]
        if months <= needed and covered.isdisjoint(months):
            covered |= months
            used.append(by_period[period])
    return Filled(sum(row.amount for row in used), frozenset(covered), tuple(used))


def disagreements(rows: Iterable[Amount]) -> list[tuple[Amount, tuple[Amount, ...], int]]:
    """Coarse rows whose finer rows cover the same months and sum to something else.

    Gives (coarse row, finer rows, their sum).
    """
    by_period = {row.month or "": row for row in rows}
    found = []
    for period, row in by_period.items():
        months = MONTHS[period]
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
    part, of = MONTHS[period], MONTHS[whole]
    return part < of or (part == of and RANK[period] > RANK[whole])
