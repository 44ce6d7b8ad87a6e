"""What is published of a body in a year: allocation, target, people, need; joined by code and day.

A row of a published table belongs to the body that bore its code on the day of the table. A body
without a row of its own takes those of all that it followed, added up; a system, a region and the
nation take those of all their commissioners of that year. One row that is missing, or that speaks
of another body, and nothing is known: nothing is summed around a hole.
Source: data/published/README.md and data/reference/README.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from controltotal.core import published, reference
from controltotal.core.calendar import next_year, parse_year, year_end, year_start
from controltotal.core.datafiles import packaged_rows
from controltotal.core.places import vintage_for
from controltotal.core.published import PublishedRow

Place = tuple[int, PublishedRow]
"""A row of a published table with its number in it."""

NATION: Final = "ENGLAND"
BOARDS: Final = "commissioner_to_board"
INDICATIVE: Final = "indicative-2016"
ANNEX_A: Final = "annex-a-2013"
PENCE_IN_THOUSAND: Final = 100_000


@dataclass(frozen=True, slots=True)
class Input:
    """One number published of a body: money in pence, people in heads, need with England at 1.

    `name` is the line or fact that a book would call it; `rows` are the rows of the table that it
    is the sum of, `of` the bodies whose they are; `known` is the day by which it was published.
    """

    name: str
    year: str
    value: int | float
    unit: str
    table: str
    rows: tuple[int, ...]
    of: tuple[str, ...]
    known: date
    scenario: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OfAnother:
    """A published row under a code of a body (its own, or of a part of it) that speaks of another.

    `meant` is the name of that other body, `known` the day by which the row was published.
    """

    body: str
    code: str
    year: str
    table: str
    place: int
    meant: str
    known: date

    @property
    def is_distance(self) -> bool:
        """Whether it is a row of distances from target."""
        return self.table != published.ALLOCATIONS


@dataclass(frozen=True, slots=True)
class _Column:
    """Which number of a table's rows is an input, and how it is read."""

    name: str
    column: str
    unit: str
    scenario: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of commissioners in one or more years: its file, its day, and its numbers."""

    file: str
    columns: tuple[_Column, ...]
    known: date | None = None


AS_SET = "as set in January 2016; not the allocation paid"
OF_COMMISSIONERS: Final = (
    _Table(
        published.ALLOCATIONS,
        (
            _Column(
                "allocation",
                "allocation_k",
                "£k",
                note="core programme allocation, running costs not included",
            ),
            _Column("population", "ons_population", "people"),
        ),
    ),
    _Table(
        published.DISTANCES,
        (
            _Column("allocation", "allocation_k", "£k", INDICATIVE, AS_SET),
            _Column("target_allocation", "derived_target_k", "£k", INDICATIVE, AS_SET),
        ),
        known=published.TRUE_ON[published.DISTANCES],
    ),
    _Table(
        published.DISTANCES_2013,
        (
            _Column("allocation", "allocation_k", "£k", ANNEX_A, "as first announced"),
            _Column("target_allocation", "indicative_target_k", "£k", ANNEX_A),
            _Column("weighted_population", "weighted_population", "people"),
        ),
    ),
)
OF_BOARDS: Final = (
    _Column("population", "population", "people"),
    _Column("weighted_population", "wp_core_final", "people"),
    _Column("need", "need_index_core", "index", note="need a head; England is 1"),
)


PEOPLE_OF: Final = {
    "2020": ("people of mid-2019 on the areas of April 2020", date(2020, 6, 24)),
    "2021": ("people of mid-2020 on the areas of April 2021", date(2021, 6, 25)),
    "2022": ("people of mid-2020 on the areas of July 2022", date(2021, 6, 25)),
    "2024": ("people of the Census of 2021 on the areas of April 2024", date(2025, 10, 30)),
}
"""By vintage of areas: whose people they are, and the day by which all of it was published."""


def years_published() -> tuple[str, ...]:
    """Every year of which a packaged table has something of bodies, oldest first.

    >>> years_published()[0], years_published()[-1]
    ('2013-14', '2025-26')
    """
    found = {year for table in OF_COMMISSIONERS for year in _index(table.file)} | set(_boards())
    return tuple(
        next_year(min(found), n) for n in range(int(max(found)[:4]) - int(min(found)[:4]) + 1)
    )


def needs_published() -> tuple[str, ...]:
    """The years of which the need of systems is published, oldest first."""
    return tuple(sorted(_boards()))


@lru_cache(maxsize=4096)
def inputs_of(code: str, kind: str, year: str) -> tuple[Input, ...]:
    """What is published of a body of a kind in a year; nothing of one that did not stand then.

    >>> [(one.name, one.scenario, one.value) for one in inputs_of("01K", "commissioner", "2018-19")]
    [('allocation', '', 51375800000)]
    """
    if kind == "nation" and code != NATION:
        return ()
    if kind not in ("commissioner", "system", "region", "nation"):
        return ()
    if reference.outside_dates(code, year):
        return ()
    found = list(_of_board(code, year)) if kind == "system" else []
    found += _of_areas(code, kind, year)
    codes = (code,) if kind == "commissioner" else of_register(code, year)
    if codes:
        for table in OF_COMMISSIONERS:
            rows = rows_of(table.file, codes, year, whole=kind == "nation")
            found += _added(table, year, codes, rows) if rows else ()
    counted = {one.name for one in found if one.table != published.AREAS}
    return tuple(one for one in found if one.table != published.AREAS or one.name not in counted)


def _of_areas(code: str, kind: str, year: str) -> Iterator[Input]:
    """People and deprivation of a body, from the small areas that it had in the year.

    Those of July 2022, with people of mid-2020, where it had the same areas; else those of its day.
    """
    kind = "place" if kind == "commissioner" else kind
    vintage = vintage_for(year) if year < "2024-25" else "2024"
    place = _areas().get((vintage, kind, code))
    moved = reference.area_changed(code)
    if place is None or (moved is not None and moved > year_start(year)):
        return
    if any(
        link.kind == "board_enlarged" and link.on <= year_end(year)
        for link in reference.follows(code)
    ):
        return
    if place[1]["as_in_2022"] == "yes":
        place = _areas()["2022", kind, code]
    number, row = place
    people, known = PEOPLE_OF[row["vintage"]]
    for name, column, unit, note in (
        ("population", "people", "people", people),
        ("deprivation", "deprivation", "share", "share of people in the most deprived fifth"),
        ("deprivation_score", "score", "score", "mean score, weighted by people"),
    ):
        value: int | float = int(row[column]) if column == "people" else float(row[column])
        yield Input(name, year, value, unit, published.AREAS, (number,), (code,), known, note=note)


def same_area(system: str, year: str, need_of: str) -> bool:
    """Whether the need of a system published of one year may stand for another: its area is the same.

    Need is published on the areas of July 2022 and after; eight systems had others before.

    >>> same_area("QE1", "2017-18", "2022-23"), same_area("QHL", "2019-20", "2022-23")
    (True, False)
    """
    first, last = sorted((year, need_of))
    enlarged = [link.on for link in reference.follows(system) if link.kind == "board_enlarged"]
    if any(year_end(first) < day <= year_end(last) for day in enlarged):
        return False
    if vintage_for(year) == vintage_for(need_of):
        return True
    row = _areas().get((vintage_for(year), "system", system))
    return vintage_for(year) >= "2022" or (row is not None and row[1]["as_in_2022"] == "yes")


@lru_cache(maxsize=1)
def _areas() -> Mapping[tuple[str, str, str], Place]:
    """People and deprivation by vintage, kind and code."""
    rows = enumerate(packaged_rows(f"geography/{published.AREAS}"), start=2)
    return {(row["vintage"], row["kind"], row["code"]): (number, row) for number, row in rows}


def _of_board(code: str, year: str) -> Iterator[Input]:
    """People and need of a system from 2022/23 on."""
    place = _boards().get(year, {}).get(code)
    if place is not None:
        number, row = place
        for one in OF_BOARDS:
            value = float(row[one.column])
            yield Input(
                one.name,
                year,
                value,
                one.unit,
                published.BOARDS,
                (number,),
                (code,),
                year_start(year),
                one.scenario,
                one.note,
            )


def _added(table: _Table, year: str, codes: tuple[str, ...], rows: list[Place]) -> Iterator[Input]:
    """The numbers of a table's rows added up; none where one of the rows does not have it."""
    for one in table.columns:
        if not all(row[one.column] for _, row in rows):
            continue
        total = sum(int(row[one.column]) for _, row in rows)
        yield Input(
            one.name,
            year,
            total * PENCE_IN_THOUSAND if one.unit == "£k" else total,
            one.unit,
            table.file,
            tuple(number for number, _ in rows),
            codes,
            table.known or year_start(year),
            one.scenario,
            one.note,
        )


def rows_of(
    table: str, codes: Iterable[str], year: str, *, whole: bool = False
) -> list[Place] | None:
    """The rows of commissioners in a table; those of all that it followed where one has none.

    None where a body has no row of its own: one that speaks of another body is not its own. In the
    `whole` of England every area is somebody's, so that all rows together are right.

    >>> [number for number, _ in rows_of(published.DISTANCES, ("15E",), "2019-20")]
    [85, 92, 98]
    >>> rows_of(published.DISTANCES, ("01K",), "2019-20") is None
    True
    """
    index = _index(table).get(year, {})
    found: dict[int, PublishedRow] = {}  # by place: one that stood beside its heir is met twice
    for code in codes:
        if code in index:
            place, row = index[code]
            other = published.speaks_of(row, published.TRUE_ON.get(table), year)
            if other is not None and not whole:
                return None
            found[place] = row
            continue
        olds = [link.predecessor for link in reference.follows(code) if link.kind != BOARDS]
        if not olds or any(len(_heirs(old)) != 1 for old in olds):
            return None
        inner = rows_of(table, olds, year, whole=whole)
        if inner is None:
            return None
        found.update(inner)
    return list(found.items())


def rows_of_others(code: str, kind: str, year: str) -> Iterator[OfAnother]:
    """The rows under a body's codes in a year that speak of another body, which bore them then.

    >>> [(one.place, one.meant) for one in rows_of_others("01K", "commissioner", "2019-20")]
    [(41, 'NHS Lancashire North CCG')]
    """
    if kind not in ("commissioner", "system", "region") or reference.outside_dates(code, year):
        return
    for table in OF_COMMISSIONERS:
        for one in (code,) if kind == "commissioner" else of_register(code, year):
            found = _index(table.file).get(year, {}).get(one)
            if found is None:
                continue
            meant = published.speaks_of(found[1], published.TRUE_ON.get(table.file), year)
            if meant is not None:
                known = table.known or year_start(year)
                yield OfAnother(code, one, year, table.file, found[0], meant.name, known)


@lru_cache(maxsize=1024)
def of_register(code: str, year: str) -> tuple[str, ...]:
    """The commissioners that the register gives a code in a year: itself, or those of a grouping.

    None for a system in years before one of its codes meant the area that it means since: those of
    that day do not make it up. Until March 2017 South Cumbria was of NHS Cumbria, and not of 01K.
    None for a region before the register saw it, for regions were cut anew.

    >>> of_register("QE1", "2016-17"), of_register("QE1", "2019-20")[-3:]
    ((), ('01K', '02G', '02M'))
    >>> len(of_register("ENGLAND", "2018-19")), of_register("Y61", "2016-17")
    (195, ())
    """
    kinds = {spell.kind for spell in reference.spells(code)}
    if "region" in kinds and year_end(year) < reference.spells(code)[0].first_seen:
        return ()
    found = []
    for one, known in _standing(year).items():
        if code in (one, NATION):
            found.append(one)
        elif code in _above(one, known):
            changed = reference.area_changed(one)
            if changed is not None and changed > year_start(year):
                return ()
            found.append(one)
    return tuple(found)


@lru_cache(maxsize=32)
def _standing(year: str) -> Mapping[str, reference.KnownBody]:
    """The commissioners that stood in a year, as the register knew them then."""
    found = {}
    for code in reference.codes():
        known = reference.known_in(code, year)
        if known and known.kind == "commissioner" and not reference.outside_dates(code, year):
            found[code] = known
    return found


def _above(code: str, known: reference.KnownBody) -> set[str]:
    """The system and the region of a commissioner; where its own spell names none, any that do."""
    spells = [spell for spell in reference.spells(code) if spell.kind == "commissioner"]
    systems = {known.system} if known.system else {spell.system for spell in spells}
    regions = {known.region} if known.region else {spell.region for spell in spells}
    return {one for one in systems | regions if one}


def _heirs(code: str) -> list[str]:
    return [link.successor for link in reference.followed_by(code) if link.kind != BOARDS]


@lru_cache(maxsize=8)
def _index(table: str) -> Mapping[str, Mapping[str, Place]]:
    """The rows of a table of commissioners by year and code."""
    found: dict[str, dict[str, Place]] = {}
    for number, row in enumerate(published.published_rows(table), start=2):
        found.setdefault(parse_year(row["financial_year"]), {})[row["ccg_code"]] = (number, row)
    return found


@lru_cache(maxsize=1)
def _boards() -> Mapping[str, Mapping[str, Place]]:
    """People and need of systems by year and code."""
    found: dict[str, dict[str, Place]] = {}
    for number, row in enumerate(published.published_rows(published.BOARDS), start=2):
        found.setdefault(parse_year(row["financial_year"]), {})[row["icb_code"]] = (number, row)
    return found


def delivered_nationally(kind: str, upto: str) -> tuple[str, Fraction, str] | None:
    """What bodies of a kind delivered in England, as a share: its year, the share, and where it stands.

    Of allocation for commissioners, of cost for trusts; the first published of a year up to `upto`.

    >>> year, share, where = delivered_nationally("commissioner", "2019-20")
    >>> year, float(share)
    ('2015-16', 0.033)
    """
    wanted = {
        "commissioner": "efficiency savings delivered as share of allocation",
        "provider": "cost improvement delivered as share of cost",
    }.get(kind)
    for place, row in enumerate(published.published_rows(published.REPORTED), start=2):
        year = parse_year(row["financial_year"])
        if row["level"] == "national" and row["measure"] == wanted and year <= upto:
            where = f"{published.REPORTED}, row {place} ({row['organisation']})"
            return year, Fraction(row["value"]) / 100, where
    return None


@lru_cache(maxsize=1)
def trust_variances() -> tuple[int, ...]:
    """Actual less plan of each trust of 2018/19 of which both are published, in pence.

    >>> len(trust_variances())
    221
    """
    return tuple(
        int(row["variance_k"]) * PENCE_IN_THOUSAND
        for row in published.published_rows(published.TRUST_PLANS)
        if row["variance_k"]
    )
