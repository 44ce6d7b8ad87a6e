"""Who a code was in a year: names, parents and dates of English bodies, as published.

Codes outlive what they mean: a commissioner is renamed as its area changes, a trust keeps its code
through a merger. So a code is looked up in a year, and a figure filed under a code that was closed,
not yet open, or meant another area then can be found before it is added to anything. The register
is known to a day (`known_to`), and whoever speaks from it says so.
Source: NHS England Organisation Data Service and ONS lookups (data/reference/README.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from controltotal.core.calendar import month_start, year_end, year_label, year_start
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
    """One body followed by another from a day on.

    `share` (0 to 1) is the part of the old body that goes to the new one, None where it goes whole
    or no source says how it divides; `mark` says how sure the source is (P, G or K).
    """

    predecessor: str
    successor: str
    on: date
    kind: str
    share: Decimal | None = None
    mark: str = "P"
    note: str = ""


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
        Succession(
            r["predecessor"],
            r["successor"],
            date.fromisoformat(r["on"]),
            r["kind"],
            Decimal(r["share"]) if r["share"] else None,
            r["mark"],
            r["note"],
        )
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


def known_to(kind: str) -> date:
    """To what day the register is known for a kind of body: the last day on which it was seen.

    >>> known_to("system"), known_to("provider")
    (datetime.date(2026, 4, 1), datetime.date(2025, 12, 1))
    """
    return _known_to()[kind]


@lru_cache(maxsize=1)
def _known_to() -> dict[str, date]:
    days: dict[str, date] = {}
    for spell in (one for code in codes() for one in spells(code)):
        days[spell.kind] = max(days.get(spell.kind, date.min), spell.last_seen)
    # A commissioner is looked up among boards too, whose own list is the younger one.
    return {**days, "commissioner": days["system"]}


def outside_dates(code: str, year: str, months: tuple[int, ...] = ()) -> str:
    """Why a code cannot stand in a year (or months of it), in words; empty when it can.

    Nothing is said of a code that the register does not know.

    >>> outside_dates("04G", "2021-22")
    'NHS Nene CCG (04G) closed on 31 March 2020; NHS Northamptonshire CCG (78H) followed on 1 April 2020'
    >>> outside_dates("04G", "2013-14")
    ''
    """
    body = known_in(code, year)
    if body is None:
        return ""
    first, last = year_start(year), year_end(year)
    if months:
        first = month_start(year, months[0])
        last = month_start(year, months[-1] + 1) - timedelta(1) if months[-1] < 12 else last
    if body.closed is not None and body.closed < first:
        words = f"{body.name} ({code}) closed on {day_words(body.closed)}"
        after = followers(code)
        return words + (f"; {after}" if after else "; the register does not say who followed")
    if body.opened is not None and body.opened > last:
        before = " and ".join(s.predecessor for s in follows(code) if s.predecessor != code)
        words = f"{body.name} ({code}) opened on {day_words(body.opened)}"
        return words + (f"; before it there were {before}" if before else "")
    return ""


def followers(code: str) -> str:
    """Who followed a body, in words: name, code, day, and the share of each where it divided.

    >>> followers("QJG")
    'NHS Essex Integrated Care Board (D7T5G), 34.61% of its people, and NHS Norfolk and Suffolk \
Integrated Care Board (T6Y0W), 65.39%, followed on 1 April 2026'
    """
    links = [link for link in followed_by(code) if link.successor != code]
    if not links:
        return ""
    said: list[str] = []
    for link in links:
        called = _called_from(link.successor, link.on)
        of = "" if said else " of its people"
        said.append(called if link.share is None else f"{called}, {_percent(link.share)}{of}")
    days = list(dict.fromkeys(link.on for link in links))
    comma = "," if any(link.share is not None for link in links) else ""
    joined = f"{comma} and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)
    when = " and ".join(day_words(day) for day in days)
    return f"{joined}{comma} followed on {when}"


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _called_from(code: str, day: date) -> str:
    """The name of a body from a day on, and its code: between two sightings the later one names it.

    >>> _called_from("RBN", date(2023, 7, 1))
    'Mersey and West Lancashire Teaching Hospitals NHS Trust (RBN)'
    """
    found = spells(code)
    named = next((spell for spell in found if spell.last_seen >= day), found[-1] if found else None)
    return f"{named.name} ({code})" if named else code


def shares(code: str, on: date) -> dict[str, Decimal]:
    """Parts of a body that divided on a day, by successor, that add up to one exactly.

    Shares stand as quoted; what their rounding leaves over goes to the largest. Empty where the
    body went whole, or where no source says how it divided.

    >>> {code: str(share) for code, share in shares("QNQ", date(2026, 4, 1)).items()}
    {'QRL': '0.2293', 'S0E4D': '0.5887', 'S9B9J': '0.1820'}
    """
    links = [link for link in followed_by(code) if link.on == on]
    found = {link.successor: link.share for link in links if link.share is not None}
    if not found or len(found) < len(links):
        return {}
    largest = max(found, key=lambda one: (found[one], one))
    return {**found, largest: found[largest] + 1 - sum(found.values())}


def ended_board(code: str, year: str) -> KnownBody | None:
    """The board of a place or system that had ended before a year; None where it had not.

    >>> ended_board("93C", "2026-27").name
    'NHS North Central London Integrated Care Board'
    >>> ended_board("93C", "2025-26") is None
    True
    """
    body = known_in(code, year)
    if body is None or body.kind not in ("system", "sub_icb_location", "sub_icb_reporting_entity"):
        return None
    board = body if body.kind == "system" else known_in(body.system, year)
    if board is None or board.closed is None or board.closed >= year_start(year):
        return None
    return board


LAST_OF_COMMISSIONERS = date(2022, 6, 30)
"""Clinical commissioning groups ended on this day; boards began on the next."""


def ended_group(code: str, name: str, year: str) -> str:
    """Why a clinical commissioning group cannot stand in a year after June 2022; else empty.

    The code lives on as a place of a board, so that only a name that says what it was is told.

    >>> ended_group("26A", "NHS Norfolk and Waveney CCG", "2023-24")
    'NHS Norfolk and Waveney CCG (26A) closed on 30 June 2022; NHS Norfolk and Waveney Integrated \
Care Board (QMM) followed on 1 July 2022'
    >>> ended_group("26A", "Norfolk and Waveney", "2023-24")
    ''
    """
    body = known_in(code, year)
    if body is None or body.kind != "sub_icb_location" or year_start(year) <= LAST_OF_COMMISSIONERS:
        return ""
    if not re.search(r"\b(CCG|clinical commissioning group)\b", name, re.IGNORECASE):
        return ""
    began = LAST_OF_COMMISSIONERS + timedelta(days=1)
    links = [link for link in followed_by(code) if link.on == began]
    heirs = " and ".join(_called_from(link.successor, began) for link in links)
    day = day_words(LAST_OF_COMMISSIONERS)
    return f"{name} ({code}) closed on {day}; {heirs} followed on {day_words(began)}"


def other_meaning(code: str, name: str, year: str) -> str:
    """Why a name does not belong to a code in a year, in words; empty when it may.

    It speaks when the name shares no word of place with what the code meant then, or when it is
    what a body's code meant at another time. Kinds of body and their suffixes do not count; a
    system that was only renamed and a place that keeps its old name pass, and so does a later name
    in years between two dates at which the register was seen.

    >>> other_meaning("01K", "NHS Morecambe Bay CCG", "2014-15")
    '01K is NHS Lancashire North CCG in 2014/15; NHS Morecambe Bay CCG is its name from 2017'
    >>> other_meaning("QMM", "Norfolk and Waveney STP", "2019-20")
    ''
    """
    body = known_in(code, year)
    if body is None or not name:
        return ""
    given, then = place_words(name, code), place_words(body.name, code)
    if not given or not then or given == then:
        return ""
    label = year_label(year)
    for spell in spells(code):
        if place_words(spell.name, code) != given:
            continue
        if body.kind == "sub_icb_location" or _between(body, spell, year):
            return ""
        if spell.kind == body.kind != "system":
            return f"{code} is {body.name} in {label}; {name} is {_when_named(spell, body)}"
    return "" if given & then else f"{code} is {body.name} in {label}, not {name}"


def _when_named(spell: KnownBody, body: KnownBody) -> str:
    """When a name is that of a code; of trusts only some days are seen, so that no day is given."""
    later = spell.first_seen > body.last_seen
    if spell.kind == "provider":
        first = f"a name under which the registers that are held first show it in {spell.first_seen.year}"
        return first if later else f"the name that the register gave it in {spell.last_seen.year}"
    return "its name " + (
        f"from {spell.first_seen.year}" if later else f"until {_last_year(spell)}"
    )


def _between(body: KnownBody, later: KnownBody, year: str) -> bool:
    """Whether a year lies between two sightings of a code, so that either name may be right.

    Where the code took in other bodies on a known day between the two, the later name is not right
    of a year before that day.
    """
    joined = [one.on for one in follows(body.code) if body.last_seen < one.on <= later.first_seen]
    if joined and year_end(year) < min(joined):
        return False
    words = place_words(body.name, body.code)
    seen = [
        one.last_seen
        for one in spells(body.code)
        if place_words(one.name, one.code) == words and one.first_seen < later.first_seen
    ]
    return body.first_seen < later.first_seen and max(seen) < year_start(year)


def _last_year(spell: KnownBody) -> int:
    """The calendar year in which a spell ended: that in which the next one was first seen."""
    after = [one for one in spells(spell.code) if one.first_seen > spell.last_seen]
    return after[0].first_seen.year if after else spell.last_seen.year


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


def other_body(code: str, name: str, on: date, year: str) -> KnownBody | None:
    """The body that a published row speaks of, where it is not the one that bore the code in a year.

    A row is true on a day (`on`) and calls the body by a name: the spell of the code with that
    name, else the one of that day, is the body that is meant. Commissioners alone kept a code for
    another area; a body that was only renamed is the same body.

    >>> other_body("01K", "NHS Lancashire North CCG", date(2016, 1, 8), "2019-20").name
    'NHS Lancashire North CCG'
    >>> other_body("01K", "NHS Lancashire North CCG", date(2016, 1, 8), "2016-17") is None
    True
    """
    found = [spell for spell in spells(code) if spell.kind == "commissioner"]
    places = [place_words(spell.name, code) for spell in found]
    if len(set(places)) < 2:
        return None
    words = place_words(name, code)
    meant = next((s for s, place in zip(found, places, strict=True) if place == words), None)
    meant = meant or _at(found, on)
    then = _at(found, year_start(year))
    return None if place_words(meant.name, code) == place_words(then.name, code) else meant


def area_changed(code: str) -> date | None:
    """The first day on which a commissioner's code meant another area; None where it never did.

    >>> area_changed("01K"), area_changed("00Q")
    (datetime.date(2017, 4, 1), None)
    """
    found = [spell for spell in spells(code) if spell.kind == "commissioner"]
    first = found[0] if found else None
    later = (
        spell.first_seen
        for spell in found
        if first and place_words(spell.name, code) != place_words(first.name, code)
    )
    return next(later, None)


def _at(found: list[KnownBody], day: date) -> KnownBody:
    """The spell in which a day falls: the last that had begun by it, else the first."""
    return max(
        (s for s in found if s.first_seen <= day), key=lambda s: s.first_seen, default=found[0]
    )


def day_words(day: date) -> str:
    """A day as people write it.

    >>> day_words(date(2026, 4, 1))
    '1 April 2026'
    """
    return f"{day.day} {day:%B %Y}"
