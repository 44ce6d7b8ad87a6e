"""Quality measures outside their limits: what a chief nurse set, and what was measured last.

A limit is a row of `limits`, `measure_floor` (the least) or `measure_ceiling` (the most); its group
names the fact that is measured, `SCHEME/FACT` that of one scheme alone. What is measured are the
actual `facts` of the same body: of each scheme and subdivision the latest period of the year counts.
An access standard that says for itself that it was not met is outside without a limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from controltotal.book.fold import Position
from controltotal.book.records import Fact, Limit
from controltotal.core.calendar import months_of
from controltotal.core.period import year_in

CEILING: Final = "measure_ceiling"
FLOOR: Final = "measure_floor"
MEASURE_LIMITS: Final = (FLOOR, CEILING)
"""Limits of quality measures: people are told of them, and no choice of schemes rests on them."""
STANDARD: Final = "access_met"
"""A fact that says whether a standard (its group) was met: nil where it was not."""


@dataclass(frozen=True, slots=True)
class Held:
    """A quality measure as it was last told, beside its limit; the limit of a standard is None.

    `row` is what was measured: its body, fact, scheme, subdivision, period and value.
    """

    row: Fact
    limit: Limit | None

    @property
    def outside(self) -> bool:
        """Whether it is past its limit; one that stands at it is not."""
        if self.limit is None:
            return not self.row.value
        if self.limit.limit == CEILING:
            return self.row.value > self.limit.value
        return self.row.value < self.limit.value


def held(position: Position, year: str) -> list[Held]:
    """Every quality measure of a year that has a limit and was told, in the order of its limits.

    >>> from controltotal import read
    >>> [(one.row.organisation, one.row.month) for one in held(read("examples/fictional-system"),
    ...     "2026-27") if one.outside]
    [('XF-FTH', 'Q2'), ('XF-HOL', 'Q2')]
    """
    year = year_in(year)
    told = _latest(position.book.facts, year)
    limits = [r for r in position.book.limits if r.limit in MEASURE_LIMITS and r.year == year]
    found = [
        Held(row, limit)
        for limit in limits
        for row in told
        if row.organisation == limit.organisation and _is_of(limit, row)
    ]
    return [*found, *(Held(row, None) for row in told if row.fact == STANDARD)]


def _is_of(limit: Limit, row: Fact) -> bool:
    """Whether a limit is set for what a fact measures."""
    scheme, _, fact = (limit.group or "").rpartition("/")
    return row.fact == fact and (not scheme or row.scheme == scheme)


def _latest(facts: Iterable[Fact], year: str) -> list[Fact]:
    """Of each measure the fact of the latest period of a year, in the order of the book."""
    found: dict[tuple[str | None, ...], Fact] = {}
    for row in facts:
        if row.year != year or row.basis not in ("actual", None) or row.scenario:
            continue
        key = (row.organisation, row.fact, row.scheme, row.group)
        if key not in found or _end(row) >= _end(found[key]):
            found[key] = row
    return list(found.values())


def _end(row: Fact) -> tuple[int, int]:
    """Where a period ends, and the shorter of two that end together last."""
    months = months_of(row.month or "")
    return months[-1], -len(months)
