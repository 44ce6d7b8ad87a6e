"""Bodies as the packaged register knows them, as rows of `organisations` for a book.

Names, dates, systems and regions are the register's. A commissioner that outlived 2021 ends on 30
June 2022, when boards began. Where published money stands under a code after it closed, the body is
kept to the end of that year and a note says so: the table is older than the closing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from controltotal.core import reference
from controltotal.core.calendar import year_end
from controltotal.core.datafiles import packaged_rows
from controltotal.core.reference import KnownBody

Cells = dict[str, str]
LAST_OF_COMMISSIONERS = date(2022, 6, 30)
KINDS = {
    "commissioner": "commissioner",
    "provider": "provider",
    "system": "system",
    "region": "region",
}
REGISTER_SOURCE: Cells = {
    "id": "register",
    "title": "Organisation register and successions, known to "
    f"{reference.day_words(reference.known_to('system'))} for boards and "
    f"{reference.day_words(reference.known_to('provider'))} for trusts",
    "publisher": "NHS England Organisation Data Service",
    "file": "reference/organisations.csv",
    "page": "the row of the code",
    "licence": "Open Government Licence v3.0",
}
PLACES_SOURCE: Cells = {
    "id": "places",
    "title": "People of mid-2020 and deprivation 2019 of systems and regions, on "
    "the areas of July 2022",
    "publisher": "Office for National Statistics; MHCLG",
    "file": "reference/systems.csv",
    "page": "the row of the code",
    "licence": "Open Government Licence v3.0",
}


def body_of(code: str, kind: str, year: str) -> KnownBody | None:
    """What the register says of a code as this kind of body, at a year or nearest before it."""
    spells = [spell for spell in reference.spells(code) if spell.kind == kind]
    last = year_end(year) if year else date.max
    before = [spell for spell in spells if spell.first_seen <= last]
    return before[-1] if before else (spells[0] if spells else None)


class Called(NamedTuple):
    """The name that a source gives a body on a day."""

    on: date
    name: str


def name_in(code: str, year: str, called: Sequence[Called] = ()) -> str:
    """What a trust was called at the end of a year: the last name that any source had by then.

    The register was seen on four days only. Between them a published table of a year says more, and
    so does a merger: a trust that took another in has its next name from that day. The register's
    first of April speaks for the day before, unless the trust took another in on that very day.
    `called` are names in tables; one that the register never gives is left aside.

    >>> name_in("RAJ", "2018-19"), name_in("RAJ", "2020-21")
    ('Southend University Hospital NHS Foundation Trust', 'Mid and South Essex NHS Foundation Trust')
    """
    seen: list[Called] = []
    spells = [spell for spell in reference.spells(code) if spell.kind == "provider"]
    for before, spell in zip([None, *spells], spells, strict=False):
        if before is not None and (day := merged_on(before, spell)):
            seen.append(Called(day, spell.name))
        seen += [Called(spell.first_seen, spell.name), Called(spell.last_seen, spell.name)]
    for one in called:
        words = reference.place_words(one.name, code)
        same = [s.name for s in spells if reference.place_words(s.name, code) == words]
        if same:
            exact = [name for name in same if name.casefold() == one.name.casefold()]
            seen.append(Called(one.on, (exact or same)[0]))
    last = year_end(year)
    after = last + timedelta(days=1)
    if all(link.on != after for link in reference.follows(code)):
        last = after
    by_then = [one for one in seen if one.on <= last]
    return (max(by_then) if by_then else min(seen)).name if seen else ""


def merged_on(before: KnownBody, spell: KnownBody) -> date | None:
    """The day on which a trust took in another between two sightings, where there is just one.

    The register gives some successions the last day of the old body; the merger is a day later.
    """
    days = set()
    for link in reference.follows(spell.code):
        if before.last_seen < link.on <= spell.first_seen:
            ended = any(old.closed == link.on for old in reference.spells(link.predecessor))
            days.add(link.on + timedelta(days=1) if ended else link.on)
    return days.pop() if len(days) == 1 else None


def organisation_rows(
    code: str,
    kind: str,
    years: Collection[str],
    *,
    name: str = "",
    listed: Collection[str] = (),
    parent: str | None = None,
) -> list[Cells]:
    """Rows of `organisations`, one a name: of the register where it knows the body, else as told.

    `years` are those with published money; `listed` the codes that a parent may name.
    """
    latest = max(years, default="")
    known = body_of(code, kind, latest)
    if known is None:
        return [{"code": code, "name": name or code, "kind": kind, "parent": parent or ""}]
    closed = known.closed
    if kind == "commissioner" and closed is None:
        closed = LAST_OF_COMMISSIONERS
    note = ""
    if closed is not None and latest and closed < year_end(latest):
        note = f"closed on {closed.isoformat()}; a published table still lists it in {latest}"
        closed = year_end(latest)
    above = parent if parent is not None else parent_among(code, kind, known, listed)
    common = {"code": code, "kind": KINDS[kind], "parent": above}
    rest = {"source": "register", "note": note, **place_of(code)}
    spells = [(spell.name, start) for spell, start in _names(code, kind)]
    if kind == "system":
        spells = [(system_name(known.name), known.opened)]
    elif len(spells) < 2:
        spells = [(known.name, known.opened)]
    ends = [start - timedelta(days=1) for _, start in spells[1:] if start] + [closed]
    return [
        {**common, "name": called, "from": _text(start), "to": _text(end), **rest}
        for (called, start), end in zip(spells, ends, strict=True)
    ]


def parent_among(code: str, kind: str, known: KnownBody, listed: Collection[str]) -> str:
    """The body above that a book lists: the system of the year, else of another, else a region.

    The register first names systems in 2019, so that an earlier year takes the first it knew.
    """
    spells = [known, *(spell for spell in reference.spells(code) if spell.kind == kind)]
    above = [spell.system for spell in spells] + [spell.region for spell in spells]
    return next((one for one in above if one and one in listed), "")


def system_name(name: str) -> str:
    """The name of a system, where the register gives that of its board.

    >>> system_name("NHS Norfolk and Waveney Integrated Care Board")
    'Norfolk and Waveney system'
    """
    place = name.removeprefix("NHS ").removesuffix(" Integrated Care Board")
    return f"{place} system" if name.endswith(" Integrated Care Board") else name


def _names(code: str, kind: str) -> list[tuple[KnownBody, date | None]]:
    """The spells in which a code names another place, with the day that each begins."""
    found: list[tuple[KnownBody, date | None]] = []
    for spell in reference.spells(code):
        if spell.kind != kind:
            continue
        words = reference.place_words(spell.name)
        if found and reference.place_words(found[-1][0].name) == words:
            continue
        began = merged_on(found[-1][0], spell) or spell.first_seen if found else spell.opened
        found.append((spell, began))
    return found


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def place_of(code: str) -> Cells:
    """People and deprivation of a system or region, where the package knows them."""
    for row in packaged_rows("reference/systems.csv"):
        if row["code"] == code:
            return {
                "population": row["pop_2020"],
                "deprivation": row["share_pop_most_deprived_20pct"],
                "deprivation_score": row["imd2019_score_popwtd"],
                "source": "places",
            }
    return {}
