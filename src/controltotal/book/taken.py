"""What a book of real bodies lacks and is published: taken into the reading, never over the book.

One door for all engines. An allocation, a target, people or need of a body and year of which the
book says nothing (not even in a stopped row, or as a bound) is taken from the packaged tables,
joined by code, name and day. What was taken stands apart from the rows of the book, under an entry
below nil, for it is in no ledger: it makes no year of the book, and an allocation so taken is no
income of a surplus, for published allocations leave out what a body's costs include. A fictional
book takes nothing, and so does a reading that was asked for the book only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from controltotal.book.amount_table import told
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Amount, Fact
from controltotal.book.tree import Body
from controltotal.core import published, reference
from controltotal.core.calendar import CalendarError, parse_year, year_end, year_label
from controltotal.core.finding import Finding, Place, where_of
from controltotal.core.published_inputs import (
    NATION,
    Input,
    OfAnother,
    inputs_of,
    needs_published,
    rows_of_others,
    same_area,
    years_published,
)

ALLOCATION: Final = "allocation"
TARGETS: Final = frozenset({"target_allocation", "distance_from_target"})
NEEDS: Final = frozenset({"weighted_population", "need", "need_index"})
CONCEPTS: Final[Mapping[str, Collection[str]]] = {
    "target_allocation": TARGETS,
    "weighted_population": NEEDS,
    "need": NEEDS,
}
"""By input: the names under which a book may state it; others go by their own name alone."""
OF_PEOPLE: Final = frozenset({"need", "deprivation", "deprivation_score"})
"""What is told of a body by the system that it belongs to, where nothing is known of the body."""
COLUMNS: Final = ("population", "need_index", "deprivation", "deprivation_score")
"""Columns of `organisations` in which a book may state what is published too, without a year."""
ANY: Final = ""
"""The year of what is said without one, or with one that cannot be read; the name of any line."""

Said = frozenset[tuple[str, str, str]]
"""What a book says itself: body, line or fact, and year."""


def with_published(position: Position) -> Position:
    """The reading with what it lacks and is published; the same where that is nothing."""
    if position.is_fictional or position.taken:
        return position
    said = _said(position)
    rows = [
        _record(code, one, -number)
        for number, (code, one) in enumerate(_lacking(position, said), start=1)
    ]
    taken = MappingProxyType({row.entry: row for row in rows})
    return replace(position, taken=taken, of_others=tuple(_of_others(position)))


def book_alone(position: Position) -> Position:
    """The reading less everything that was taken from the packaged tables."""
    return replace(position, taken=MappingProxyType({}), of_others=(), book_only=True)


def _said(position: Position) -> Said:
    """What the book says of each body, stopped rows and bounds included."""
    found: set[tuple[str, str, str]] = set()
    for code, line, of in told(position.book.amounts, "organisation", "line", "year"):
        found.add((code, line if line in position.lines else ANY, of))
    rows: Iterable[Record] = (
        *position.book.facts,
        *position.book.organisations,
        *position.stopped,
    )
    for row in rows:
        if row.table == "organisations":
            found |= {(row.body, name, ANY) for name in COLUMNS if name in row.texts}
        elif row.table == "amounts":
            line = row.cell("line")
            found.add((row.body, line if line in position.lines else ANY, _year(row)))
        elif row.table == "facts":
            found.add((row.body, row.cell("fact") or ANY, _year(row)))
    return frozenset(found)


def _year(row: Record) -> str:
    """The year of a row, also of a stopped one where it can be read."""
    try:
        return parse_year(row.texts.get("year", ""))
    except CalendarError:
        return ANY


def _says(said: Said, code: str, one: Input) -> bool:
    """Whether a book states an input, or may have meant it in a row that cannot be read."""
    names = {*CONCEPTS.get(one.name, (one.name,)), ANY}
    if one.name == ALLOCATION and one.scenario:  # the allocation beside which a target was set
        names |= TARGETS
    return any((code, name, year) in said for name in names for year in (one.year, ANY))


def _lacking(position: Position, said: Said) -> Iterator[tuple[str, Input]]:
    """Everything published that the book lacks: of whom and what, body by body, oldest year first."""
    upto = position.as_at if isinstance(position.as_at, date) else date.max
    above: dict[str, None] = {}
    for code, body in position.tree.organisations.items():
        if code != NATION and not reference.spells(code):
            continue
        for one in _published(position, body):
            if one.known > upto or _says(said, code, one):
                continue
            if not body.is_grouping or _may_add(position, said, body, one):
                yield code, one
        above.update(dict.fromkeys(_systems_above(position, body)))
    for code in above:
        for year in _asked_years(position):
            for one in inputs_of(code, "system", year):
                if one.name in OF_PEOPLE and one.known <= upto and _is_asked(position, code, one):
                    yield code, one


def _published(position: Position, body: Body) -> Iterator[Input]:
    """What is published of a body in the years that a question may need."""
    for year in _asked_years(position):
        for one in inputs_of(body.code, body.kind, year) if _is_meant(body, year) else ():
            if _is_asked(position, body.code, one):
                yield one


def _asked_years(position: Position) -> tuple[str, ...]:
    """The years of a book, and every year of which something is published; none of an empty book."""
    return tuple(sorted({*position.years, *years_published()})) if position.years else ()


def _is_asked(position: Position, code: str, one: Input) -> bool:
    """Whether a question may need it: of the book's years, or known to speak of them.

    A distance from target stands for later years too, once it was known; need is that of the
    nearest year of which there is any, if the area is the same: it is published since 2022 only.
    """
    years = position.years
    if one.year in years:
        return True
    if _is_distance(one):
        return one.known <= year_end(years[-1])
    if one.name != "need":
        return False
    first, *_, last = needs_published()
    return any(
        min(max(year, first), last) == one.year and same_area(code, year, one.year)
        for year in years
    )


def _of_others(position: Position) -> Iterator[OfAnother]:
    """Published rows under the codes of the book's bodies that speak of other bodies."""
    for code, body in position.tree.organisations.items():
        for year in _asked_years(position) if reference.spells(code) else ():
            for one in rows_of_others(code, body.kind, year) if _is_meant(body, year) else ():
                if year in position.years or one.is_distance:
                    yield one


def _systems_above(position: Position, body: Body) -> Iterator[str]:
    """The systems of the register to which a body belonged and which the book does not list."""
    if body.kind not in ("commissioner", "provider"):
        return
    for year in position.years:
        known = reference.known_in(body.code, year) if _is_meant(body, year) else None
        if known and known.system and known.system not in position.tree.organisations:
            yield known.system


def _is_distance(one: Input) -> bool:
    """Whether it is a target, or the allocation that was set beside one."""
    return one.name == "target_allocation" or bool(one.scenario)


def _is_meant(body: Body, year: str) -> bool:
    """Whether the book lists the body that bears the code in a year, by its dates and its name."""
    spell = body.spell(year)
    if spell is None:
        return False
    if body.code == NATION:
        return True
    named = spell.row.name or ""
    return not reference.other_meaning(body.code, named, year) and not reference.ended_group(
        body.code, named, year
    )


def _may_add(position: Position, said: Said, body: Body, one: Input) -> bool:
    """Whether a grouping takes a number of its own: not where the book states that of a part.

    Nor a sum of money where every part is listed below it, for then it is made of them.
    """
    if one.of == (body.code,):
        return True
    below = position.tree.descendants(body.code, one.year)
    if any(_says(said, code, one) for code in below):
        return False
    listed = {code for code in below if position.tree.kind(code) == "commissioner"}
    added_up = one.name in (ALLOCATION, "target_allocation") and listed == set(one.of)
    return listed <= set(one.of) and not added_up


def _record(code: str, one: Input, entry: int) -> Amount | Fact:
    """What was taken as a row of a book, whose place is that of the published table."""
    line = one.name == ALLOCATION
    money = isinstance(one.value, int) and one.unit == "£k"
    value = f"{one.value // 100_000}" if money else f"{one.value}"
    texts = {
        "organisation": code,
        "line" if line else "fact": one.name,
        "year": one.year,
        "basis": "plan" if line else "",
        "scenario": one.scenario,
        "amount" if line else "value": value,
        "unit": one.unit,
        "note": one.note,
    }
    rows = ", ".join(f"row {row}" for row in one.rows)
    common = {
        "number": one.rows[0],
        "entry": entry,
        "texts": MappingProxyType({name: text for name, text in texts.items() if text}),
        "known": one.known,
        "origin": f"{one.table}||{rows}",
        "organisation": code,
        "year": one.year,
        "scenario": one.scenario or None,
        "unit": one.unit,
    }
    if line:
        return Amount(line=one.name, basis="plan", amount=int(one.value), **common)  # type: ignore[arg-type]
    return Fact(fact=one.name, value=one.value, **common)  # type: ignore[arg-type]


def published_places(position: Position, entries: Iterable[int]) -> str:
    """The published rows among some entries in words; empty where all of them are of the book.

    A row of another code than the body's own, whose part it is, says which.
    """
    by_table: dict[str, dict[str, None]] = {}
    for row in (position.taken[entry] for entry in entries if entry in position.taken):
        for place in _places(row):
            code = _code_of(place)
            of = f" ({code})" if code not in ("", row.organisation) else ""
            by_table.setdefault(place.table, {})[f"row {place.row}{of}"] = None
    told = [f"{table} {_some(tuple(rows))}" for table, rows in by_table.items()]
    return "published: " + "; ".join(told) if told else ""


def _code_of(place: Place) -> str:
    """The commissioner of a row of a published table; empty where it is of no commissioner."""
    if place.table not in published.PUBLISHED:
        return ""
    return published.published_rows(place.table)[place.row - 2].get("ccg_code", "")


def taken_told(position: Position, entries: Iterable[int]) -> Finding | None:
    """What an answer rests on that was taken, in one finding; None where it rests on the book."""
    rows = [position.taken[entry] for entry in sorted(set(entries), reverse=True)]
    if not rows:
        return None
    by_table: dict[str, list[Record]] = {}
    for row in rows:  # in the order of bodies and years
        by_table.setdefault(row.origin.partition("|")[0], []).append(row)
    bodies = tuple(sorted({row.body for row in rows}))
    told = "; ".join(_of_table(table, same) for table, same in by_table.items())
    return Finding(
        code="TAKEN_FROM_PUBLISHED",
        severity="information",
        organisation=bodies[0] if len(bodies) == 1 else "",
        where=where_of((place.table, place.row) for row in rows for place in _places(row)),
        message=f"The book does not state these, so that they are taken as published: {told}.",
        expected="what the book states",
        found=f"{len(rows)} published {'number' if len(rows) == 1 else 'numbers'}",
        action="State your own in the book with its source, or give --book-only to take nothing.",
        organisations=bodies if len(bodies) > 1 else (),
    )


def _places(row: Record) -> Iterator[Place]:
    """The rows of the published table that a row was taken from."""
    table, _, rows = row.origin.partition("||")
    for number in rows.split(", "):
        yield Place(table, int(number.removeprefix("row ")))


def _of_table(table: str, rows: Iterable[Record]) -> str:
    """Which facts were taken from one table, and for whom.

    A grouping that takes the sum of its commissioners is said to.
    """
    by_fact: dict[tuple[str, str], dict[str, None]] = {}
    years: dict[str, None] = {}
    added = False
    for row in rows:
        name = str(row.cell("line" if row.table == "amounts" else "fact")).replace("_", " ")
        by_fact.setdefault((name, row.texts.get("scenario", "")), {})[row.body] = None
        years[year_label(str(row.cell("year")))] = None
        added = added or ", " in row.origin
    groups: dict[tuple[str, ...], list[str]] = {}
    for (name, scenario), bodies in by_fact.items():
        groups.setdefault(tuple(bodies), []).append(name + (f" ({scenario})" if scenario else ""))
    said = " and ".join(f"{', '.join(names)} of {_some(of)}" for of, names in groups.items())
    title = published.TITLES[table].title
    sums = ", those of several bodies added up" if added else ""
    return f"{said} in {_some(tuple(sorted(years)))} from {table} ({title}{sums})"


def _some(names: tuple[str, ...], most: int = 12) -> str:
    """The first of some names, and how many more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
