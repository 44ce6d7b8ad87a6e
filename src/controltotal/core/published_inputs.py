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
from functools import lru_cache
from typing import Final

from controltotal.core import published, reference
from controltotal.core.calendar import parse_year, year_end, year_start
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


def years_published() -> tuple[str, ...]:
    """Every year of which a packaged table has something of bodies, oldest first.

    >>> years_published()[0], years_published()[-1]
    ('2013-14', '2025-26')
    """
    found = {year for table in OF_COMMISSIONERS for year in _index(table.file)}
    return tuple(sorted(found | set(_boards())))


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
    codes = (code,) if kind == "commissioner" else of_register(code, year)
    if codes:
        for table in OF_COMMISSIONERS:
            rows = rows_of(table.file, codes, year)
            found += _added(table, year, codes, rows) if rows else ()
    return tuple(found)


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


def rows_of(table: str, codes: Iterable[str], year: str) -> list[Place] | None:
    """The rows of commissioners in a table; those of all that it followed where one has none.

    None where a body has no row of its own: one that speaks of another body is not its own.

    >>> [number for number, _ in rows_of(published.DISTANCES, ("15E",), "2019-20")]
    [85, 92, 98]
    >>> rows_of(published.DISTANCES, ("01K",), "2019-20") is None
    True
    """
    index = _index(table).get(year, {})
    found: list[Place] = []
    for code in codes:
        if code in index:
            place, row = index[code]
            if published.speaks_of(row, published.TRUE_ON.get(table), year) is not None:
                return None
            found.append((place, row))
            continue
        olds = [link.predecessor for link in reference.follows(code) if link.kind != BOARDS]
        if not olds or any(len(_heirs(old)) != 1 for old in olds):
            return None
        inner = rows_of(table, olds, year)
        if inner is None:
            return None
        found += inner
    return found


def row_of_another(table: str, code: str, year: str) -> tuple[int, str] | None:
    """The row under a code that speaks of another body, and that body's name; None without one."""
    found = _index(table).get(year, {}).get(code)
    if found is None:
        return None
    meant = published.speaks_of(found[1], published.TRUE_ON.get(table), year)
    return (found[0], meant.name) if meant else None


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
