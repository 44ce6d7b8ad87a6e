"""Who a code was in a year: names, parents and dates of English bodies, as published.

Codes outlive what they mean: a commissioner is renamed as its area changes, a trust keeps its code
through a merger. So a code is looked up in a year, and a figure filed under a code that was closed,
not yet open, or meant another area then can be found before it is added to anything.
Source: NHS England Organisation Data Service and ONS lookups (data/reference/README.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from controltotal.core.calendar import year_end, year_start
from controltotal.core.datafiles import packaged_rows

# Words that name a kind of body and not a place.
_KIND_WORDS = frozenset(
    re.findall(
        r"\w+",
        "nhs ccg icb ics stp icp clinical commissioning group integrated care board system trust "
        "foundation partnership health and healthcare social services hospital hospitals teaching "
        "university the of for on with our healthier limited",
    )
)


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A spell in which a code reads the same; dates are None where no source gives them."""

    code: str
    name: str
    kind: str
    system: str
    region: str
    opened: date | None
    closed: date | None
    first_seen: date
    last_seen: date


@dataclass(frozen=True, slots=True)
class Succession:
    """One body followed by another from a day on."""

    predecessor: str
    successor: str
    on: date
    kind: str


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def _bodies() -> dict[str, tuple[KnownBody, ...]]:
    bodies: dict[str, tuple[KnownBody, ...]] = {}
    for row in packaged_rows("reference/organisations.csv"):
        spell = KnownBody(
            row["code"],
            row["name"],
            row["kind"],
            row["system"],
            row["region"],
            _day(row["opened"]),
            _day(row["closed"]),
            date.fromisoformat(row["first_seen"]),
            date.fromisoformat(row["last_seen"]),
        )
        bodies[spell.code] = (*bodies.get(spell.code, ()), spell)
    return bodies


@lru_cache(maxsize=1)
def _successions() -> tuple[Succession, ...]:
    return tuple(
        Succession(r["predecessor"], r["successor"], date.fromisoformat(r["on"]), r["kind"])
        for r in packaged_rows("reference/successions.csv")
    )


def codes() -> tuple[str, ...]:
    """Every code known, in order."""
    return tuple(sorted(_bodies()))


def spells(code: str) -> tuple[KnownBody, ...]:
    """All that is known of a code, oldest first; empty for a code that is not in the register.

    >>> [spell.name for spell in spells("01K")][:2]
    ['NHS Lancashire North CCG', 'NHS Morecambe Bay CCG']
    """
    return _bodies().get(code, ())


def known_in(code: str, year: str) -> KnownBody | None:
    """What a code was in a year: the spell seen in it, else the last before it, else the first.

    >>> known_in("01K", "2014-15").name
    'NHS Lancashire North CCG'
    >>> known_in("15E", "2019-20").system
    'QHL'
    """
    first, last = year_start(year), year_end(year)
    before: KnownBody | None = None
    for spell in spells(code):
        if spell.first_seen <= last and spell.last_seen >= first:
            return spell
        if spell.last_seen < first:
            before = spell
    return before or next(iter(spells(code)), None)


def outside_dates(code: str, year: str) -> str:
    """Why a code cannot stand in a year, in words; empty when it can or when nothing is known.

    >>> outside_dates("04G", "2021-22")
    'NHS Nene CCG (04G) closed on 31 March 2020; it was followed by 78H'
    >>> outside_dates("04G", "2013-14")
    ''
    """
    body = known_in(code, year)
    if body is None:
        return ""
    if body.closed is not None and body.closed < year_start(year):
        after = " and ".join(s.successor for s in followed_by(code) if s.successor != code)
        words = f"{body.name} ({code}) closed on {_words(body.closed)}"
        return words + (f"; it was followed by {after}" if after else "")
    if body.opened is not None and body.opened > year_end(year):
        before = " and ".join(s.predecessor for s in follows(code) if s.predecessor != code)
        words = f"{body.name} ({code}) opened on {_words(body.opened)}"
        return words + (f"; before it there were {before}" if before else "")
    return ""


def other_meaning(code: str, name: str, year: str) -> str:
    """Why a name does not belong to a code in a year, in words; empty when it may.

    It speaks when the name shares no word of place with what the code meant then, or when it is
    what a body's code meant at another time. Kinds of body and their suffixes do not count; a
    system that was only renamed and a place that keeps its old name pass.

    >>> other_meaning("01K", "NHS Morecambe Bay CCG", "2014-15")
    '01K is NHS Lancashire North CCG in 2014/15; NHS Morecambe Bay CCG is its name from 2018'
    >>> other_meaning("QMM", "Norfolk and Waveney STP", "2019-20")
    ''
    """
    body = known_in(code, year)
    if body is None or not name:
        return ""
    given, then = place_words(name, code), place_words(body.name, code)
    if not given or not then or given == then:
        return ""
    label = year.replace("-", "/")
    for spell in spells(code):
        if place_words(spell.name, code) != given:
            continue
        if body.kind == "sub_icb_location":
            return ""
        if spell.kind == body.kind != "system":
            later = spell.first_seen > body.last_seen
            when = f"from {spell.first_seen.year}" if later else f"until {spell.last_seen.year}"
            return f"{code} is {body.name} in {label}; {name} is its name {when}"
    return "" if given & then else f"{code} is {body.name} in {label}, not {name}"


def place_words(name: str, code: str = "") -> frozenset[str]:
    """The words of a name that say where it is.

    >>> sorted(place_words("NHS Norfolk and Waveney Integrated Care Board"))
    ['norfolk', 'waveney']
    """
    words = set(re.findall(r"[a-z0-9]+", name.lower().replace("'", "")))
    return frozenset(words - _KIND_WORDS - {code.lower()})


def followed_by(code: str) -> tuple[Succession, ...]:
    """Who follows a body.

    >>> [s.successor for s in followed_by("04G")]
    ['78H']
    """
    return tuple(s for s in _successions() if s.predecessor == code)


def follows(code: str) -> tuple[Succession, ...]:
    """Whom a body follows.

    >>> [s.predecessor for s in follows("15E")]
    ['04X', '05P', '13P']
    """
    return tuple(s for s in _successions() if s.successor == code)


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
