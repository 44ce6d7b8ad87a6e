"""Distance from target: allocation and target of one year and one scenario, set beside each other.

Both are of one scenario, because a target set with one allocation says nothing of another: targets
of 2019/20 were set in January 2016 with allocations that were not those paid. A body states its
own, or it is the sum over its commissioners, all of them. What the book lacks and is published was
taken into the reading before. Nothing is guessed: what is in neither is absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from controltotal.book.records import Fact
from controltotal.book.taken import published_places
from controltotal.core.calendar import year_start
from controltotal.core.published_inputs import ANNEX_A, INDICATIVE
from controltotal.workings.totals import Totals

TARGET = "target_allocation"
NOTES = {INDICATIVE: "as set in January 2016", ANNEX_A: "as first announced"}
"""What is said of a distance in a published scenario."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Allocation and target of one year in pence, of one scenario."""

    year: str
    allocation: int
    target: int
    rule: str
    entries: tuple[int, ...] = ()
    note: str = ""

    @property
    def share(self) -> float:
        """Allocation over target less one."""
        return float(Fraction(self.allocation, self.target) - 1)

    @property
    def pence(self) -> int:
        """Allocation less target: below nil is missing to the fair share."""
        return self.allocation - self.target


def commissioners(totals: Totals, code: str, year: str) -> tuple[str, ...]:
    """The body itself if it commissions, else those below it, else for a trust those beside it."""
    if totals.tree.kind(code) == "commissioner":
        return (code,)
    if totals.tree.kind(code) == "provider":
        system = totals.tree.nearest(code, year, "system")
        return commissioners(totals, system, year) if system else ()
    below = totals.tree.descendants(code, year)
    return tuple(one for one in below if totals.tree.kind(one) == "commissioner")


def distances(totals: Totals, code: str, upto: str) -> list[Distance]:
    """Every year for which allocation and target are known together, oldest first.

    Of the book's years up to one, and of a year ahead whose published target was known before it.
    """
    years = {year for year in totals.position.years if year <= upto}
    years |= {
        row.year
        for row in totals.position.taken_facts
        if row.fact == TARGET and row.known is not None and row.known <= year_start(upto)
    }
    found = (distance(totals, code, year) for year in sorted(years))
    return [one for one in found if one is not None]


def distance(totals: Totals, code: str, year: str) -> Distance | None:
    """The distance of a body in a year: its own, else that of its commissioners together."""
    system = code
    if totals.tree.kind(code) == "provider":
        system = totals.tree.nearest(code, year, "system") or code
    return _of(totals, (system,), year) or _of(totals, commissioners(totals, code, year), year)


def _of(totals: Totals, codes: Iterable[str], year: str) -> Distance | None:
    """Targets and allocations of one scenario, of every one of these bodies, added up."""
    codes = tuple(codes)
    stated = [totals.position.facts(one, year, TARGET) for one in codes]
    if not stated or not all(stated):
        return None
    scenarios = [{row.scenario or "" for row in rows} for rows in stated]
    for scenario in sorted(set.intersection(*scenarios)):
        found = _in_scenario(totals, dict(zip(codes, stated, strict=True)), year, scenario)
        if found is not None:
            return found
    return None


def _in_scenario(
    totals: Totals, stated: dict[str, tuple[Fact, ...]], year: str, scenario: str
) -> Distance | None:
    """The distance in one scenario; None where one of the bodies has no allocation in it."""
    allocation = target = 0
    entries: list[int] = []
    for one, every in stated.items():
        rows = [row for row in every if (row.scenario or "") == scenario and not row.month]
        money = totals.allocation(one, year, scenario)
        if money.pence is None:
            return None
        target += sum(int(row.value) for row in rows)
        allocation += money.pence
        entries += [*money.entries, *(row.entry for row in rows)]
    if target <= 0:
        return None
    published = published_places(totals.position, entries)
    note = NOTES.get(scenario, "") if published else ""
    note = note or (f"in the scenario {scenario}" if scenario else "")
    rule = "; ".join(part for part in ("allocation and target", published, note) if part)
    return Distance(year, allocation, target, rule, tuple(entries), note)
