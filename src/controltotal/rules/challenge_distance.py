"""Distance from target of a body, from its book or else from the published tables.

A body that followed others takes their figures added up, if all of them are published. A published
row is joined by code and by the day on which it was true: one that speaks of another body, which
bore the code then, is not used and can be told. Nothing is guessed: what is in neither is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from controltotal.core import published, reference
from controltotal.core.calendar import year_start
from controltotal.workings.totals import Totals

PENCE_IN_THOUSAND = 100_000
BOARDS = "commissioner_to_board"
KNOWN_FROM = {"2013-14": "2013-14", "2019-20": "2016-17"}
"""Years of the published tables of distances, and the first year in which each was known."""


@dataclass(frozen=True, slots=True)
class Distance:
    """Allocation and target of one year in pence, from one source."""

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


@dataclass(frozen=True, slots=True)
class OfAnother:
    """A published row under the code of a body, and the body that it speaks of."""

    code: str
    year: str
    table: str
    place: int
    meant: str


def distances(totals: Totals, code: str, upto: str) -> list[Distance]:
    """Every year up to one for which allocation and target are known together, oldest first.

    The published distances of 2019/20 were set in January 2016, so that they were known from 2016/17.
    """
    years = {y for y in totals.position.years if y <= upto}
    years |= {y for y, known_from in KNOWN_FROM.items() if known_from <= upto}
    found = []
    for year in sorted(years):
        one = _in_book(totals, code, year) or _published(totals, code, year)
        if one is not None:
            found.append(one)
    return found


def commissioners(totals: Totals, code: str, year: str) -> tuple[str, ...]:
    """The body itself if it commissions, else those below it, else for a trust those beside it."""
    if totals.tree.kind(code) == "commissioner":
        return (code,)
    if totals.tree.kind(code) == "provider":
        system = totals.tree.nearest(code, year, "system")
        return commissioners(totals, system, year) if system else ()
    below = totals.tree.descendants(code, year)
    return tuple(one for one in below if totals.tree.kind(one) == "commissioner")


@lru_cache(maxsize=256)
def of_register(code: str, year: str) -> tuple[str, ...]:
    """The commissioners that the register gives a code in a year: itself, or those of a system.

    None for a system in years before one of its codes meant the area that it means since: those of
    that day do not make it up. Until March 2017 South Cumbria was of NHS Cumbria, and not of 01K.

    >>> of_register("QE1", "2016-17"), of_register("QE1", "2019-20")[-3:]
    ((), ('01K', '02G', '02M'))
    """
    found = []
    for one in reference.codes():
        known = reference.known_in(one, year)
        if known is None or known.kind != "commissioner" or reference.outside_dates(one, year):
            continue
        systems = {spell.system for spell in reference.spells(one) if spell.kind == "commissioner"}
        if code == one:
            found.append(one)
        elif code in (known.system, *(systems if not known.system else ())):
            changed = reference.area_changed(one)
            if changed is not None and changed > year_start(year):
                return ()
            found.append(one)
    return tuple(found)


def _in_book(totals: Totals, code: str, year: str) -> Distance | None:
    """From the book: targets and allocations of one scenario, of every commissioner."""
    codes = commissioners(totals, code, year)
    if not codes:
        return None
    scenarios = [
        {row.scenario or "" for row in totals.position.facts(one, year, "target_allocation")}
        for one in codes
    ]
    for scenario in sorted(set.intersection(*scenarios)):
        allocation = target = 0
        entries: list[int] = []
        for one in codes:
            rows = [
                row
                for row in totals.position.facts(one, year, "target_allocation")
                if (row.scenario or "") == scenario and not row.month
            ]
            money = totals.allocation(one, year, scenario)
            if money.pence is None:
                break
            target += sum(int(row.value) for row in rows)
            allocation += money.pence
            entries += [*money.entries, *(row.entry for row in rows)]
        else:
            if target > 0:
                how = f" as in the scenario {scenario}" if scenario else ""
                return Distance(
                    year,
                    allocation,
                    target,
                    f"allocation and target{how}",
                    tuple(entries),
                    f"in the scenario {scenario}" if scenario else "",
                )
    return None


def _published(totals: Totals, code: str, year: str) -> Distance | None:
    """From the packaged tables of 2013/14 (fourteen bodies) and 2019/20."""
    codes = commissioners(totals, code, year) or of_register(code, year)
    table, allocation, target = DISTANCE_TABLES.get(year, ("", "", ""))
    rows = rows_of(table, codes, year) if table and codes else None
    if rows is None:
        return None
    note, more = ("as first announced", "")
    if year == "2019-20":
        note, more = "as set in January 2016", ", not as paid"
    places = ", ".join(f"row {place} ({row['ccg_code']})" for place, row in rows)
    return Distance(
        year,
        sum(int(row[allocation]) for _, row in rows) * PENCE_IN_THOUSAND,
        sum(int(row[target]) for _, row in rows) * PENCE_IN_THOUSAND,
        f"published: {table}, {places}; {note}{more}",
        note=note,
    )


DISTANCE_TABLES = {
    "2013-14": (published.DISTANCES_2013, "allocation_k", "indicative_target_k"),
    "2019-20": (published.DISTANCES, "allocation_k", "derived_target_k"),
}
"""By year: the published table of distances, and its columns of allocation and target."""


def of_others(totals: Totals, code: str, upto: str) -> list[OfAnother]:
    """Published rows under a body's codes that speak of another body, which bore them then."""
    found = []
    for year, (table, *_) in DISTANCE_TABLES.items():
        if KNOWN_FROM[year] > upto:
            continue
        for one in commissioners(totals, code, year) or of_register(code, year):
            place, row = _index(table).get(one, (0, {}))
            meant = published.speaks_of(row, published.TRUE_ON.get(table), year)
            if meant is not None:
                found.append(OfAnother(one, year, table, place, meant.name))
    return found


def rows_of(
    table: str, codes: Iterable[str], year: str
) -> list[tuple[int, Mapping[str, str]]] | None:
    """The rows of bodies in a published table; those of all predecessors where a body has none.

    None where a body has no row of its own: one that speaks of another body is not its own.
    """
    index = _index(table)
    found: list[tuple[int, Mapping[str, str]]] = []
    for code in codes:
        if code in index:
            place, row = index[code]
            if published.speaks_of(row, published.TRUE_ON.get(table), year) is not None:
                return None
            found.append((place, row))
            continue
        before = [link for link in reference.follows(code) if link.kind != BOARDS]
        olds = [link.predecessor for link in before]
        if not olds or any(len(_heirs(old)) != 1 for old in olds):
            return None
        inner = rows_of(table, olds, year)
        if inner is None:
            return None
        found += inner
    return found


def _heirs(code: str) -> list[str]:
    return [link.successor for link in reference.followed_by(code) if link.kind != BOARDS]


@lru_cache(maxsize=4)
def _index(table: str) -> dict[str, tuple[int, Mapping[str, str]]]:
    rows = enumerate(published.published_rows(table), start=2)
    return {row["ccg_code"]: (place, row) for place, row in rows}
