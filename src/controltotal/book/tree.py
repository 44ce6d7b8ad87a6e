"""The dated tree: who belongs to whom in a year, who closed, merged or divided.

A body has one spell under each parent. Its parent in a year is that of its last spell in the
year. Nations, regions, clusters and systems are groupings: rows on them state a total. All other
bodies hold money of their own. A succession passes balances from one body to another, by shares
where a body divides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final

from controltotal.book.records import Organisation, Succession
from controltotal.core.calendar import (
    day_before,
    month_of,
    month_start,
    months_of,
    year_end,
    year_of,
    year_start,
)
from controltotal.core.kept import kept
from controltotal.core.money import apportion
from controltotal.core.period import part_of, year_in

GROUPINGS: Final = frozenset({"nation", "region", "cluster", "system"})
QUIET: Final = frozenset({"local_authority", "pool"})
"""Kinds that count as children only where they report money."""
LAST_MONTH: Final = 12
MOST_LEVELS: Final = 1_000
"""So many bodies may stand one above the other; health services have six or seven."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time under one parent."""

    parent: str | None
    start: date
    until: date
    row: Organisation


@dataclass(frozen=True, slots=True)
class Stay:
    """The part of a year that a body spent under one parent.

    `months` are None where it moved within a month, so that no month tells what belongs where.
    """

    parent: str | None
    months: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Body:
    """A body or grouping: its latest row and all its spells."""

    code: str
    name: str
    kind: str
    spells: tuple[Spell, ...]
    row: Organisation

    @property
    def is_grouping(self) -> bool:
        """Whether rows on it state a total rather than its own money."""
        return self.kind in GROUPINGS

    @property
    def complete(self) -> bool:
        """Whether all its children are listed."""
        return self.row.complete is not False

    def touching(self, year: str) -> list[Spell]:
        """The spells that touch a year, in order of time."""
        first, last = year_start(year), year_end(year)
        return [s for s in self.spells if s.start <= last and s.until >= first]

    def spell(self, year: str) -> Spell | None:
        """The last spell that touches a year, or None if it did not exist then."""
        touching = self.touching(year)
        return max(touching, key=lambda s: s.until) if touching else None


class Tree:
    """Organisations and successions, asked by year."""

    def __init__(
        self, organisations: Iterable[Organisation], successions: Iterable[Succession]
    ) -> None:
        grouped: dict[str, list[Organisation]] = {}
        for row in organisations:
            grouped.setdefault(row.code, []).append(row)
        self.organisations = {code: _organisation(rows) for code, rows in sorted(grouped.items())}
        self.successions = tuple(sorted(successions, key=lambda row: (row.on, row.number)))
        self._exists: dict[tuple[str, str], bool] = {}
        self._links: dict[str, dict[str, str]] = {}
        self._cut: dict[str, tuple[str, ...]] = {}
        self._below: dict[str, dict[str, tuple[str, ...]]] = {}
        self._moves: dict[str, dict[str, tuple[Stay, ...]]] = {}
        self._walks: dict[str, tuple[tuple[str, ...], Mapping[str, tuple[int, int]]]] = {}
        self._depth: dict[str, int] = {}
        self._nearest: dict[tuple[str, str], Mapping[str, str]] = {}

    def name(self, code: str, year: str = "") -> str:
        """The name, in a year that which it had then, or the code itself where it is not listed."""
        found = self.organisations.get(code)
        if found is None:
            return code
        spell = found.spell(year_in(year)) if year else None
        return spell.row.name if spell else found.name

    def kind(self, code: str) -> str:
        """The kind, empty where the body is not listed."""
        found = self.organisations.get(code)
        return found.kind if found else ""

    def exists(self, code: str, year: str) -> bool:
        """Whether the body has a spell that touches the year."""
        if (code, year) not in self._exists:
            found = self.organisations.get(code)
            self._exists[(code, year)] = found is not None and found.spell(year) is not None
        return self._exists[(code, year)]

    def links(self, year: str) -> dict[str, str]:
        """Parent by child in a year; a link that closes a circle or lies too deep is left out."""
        if year not in self._links:
            raw = self.raw_links(year)
            circular = set(circles(raw))
            open_ = {c: p for c, p in raw.items() if c not in circular}
            cut = deeper_than(open_, MOST_LEVELS)
            links = {c: p for c, p in open_.items() if c not in cut}
            below: dict[str, list[str]] = {}
            for code, parent in links.items():
                below.setdefault(parent, []).append(code)
            self._cut[year] = tuple(sorted(cut))
            self._below[year] = {code: tuple(sorted(kids)) for code, kids in below.items()}
            # last, for another thread takes it as the sign that all three are there
            self._links[year] = links
        return self._links[year]

    def too_deep(self, year: str) -> tuple[str, ...]:
        """The bodies below more levels than a tree may have; they are under nobody."""
        self.links(year)
        return self._cut[year]

    def raw_links(self, year: str) -> dict[str, str]:
        """Parent by child in a year as the rows say it, circles and all."""
        raw = {}
        for code, organisation in self.organisations.items():
            spell = organisation.spell(year)
            if spell and spell.parent is not None and spell.parent in self.organisations:
                raw[code] = spell.parent
        return raw

    def last_links(self) -> dict[str, str]:
        """Parent by child in each body's last spell, for a book without years."""
        last = {code: body.spells[-1].parent for code, body in self.organisations.items()}
        return {code: parent for code, parent in last.items() if parent is not None}

    def parent(self, code: str, year: str) -> str | None:
        """The body above in a year."""
        return self.links(year).get(code)

    def children(self, code: str, year: str) -> tuple[str, ...]:
        """The bodies directly below in a year, by code."""
        self.links(year)
        return self._below[year].get(code, ())

    def moves(self, year: str) -> dict[str, tuple[Stay, ...]]:
        """The bodies that changed parent within a year or half, with their stays in order."""
        if year not in self._moves:
            found = {code: _stays(body, year) for code, body in self.organisations.items()}
            self._moves[year] = {code: stays for code, stays in found.items() if stays}
        return self._moves[year]

    @kept
    def months_stood(self, code: str, year: str, earliest: int = 1) -> frozenset[int]:
        """The months of a year in which a body stood, by its own dates and by successions.

        One that passed on the whole of itself stood until then. One that followed another began
        then, where nothing of it is `earliest`: its own money may show that it was there before.
        """
        body = self.organisations.get(code)
        spells = body.touching(year) if body is not None else []
        first, last = year_start(year), year_end(year)
        months = set(months_of(""))
        if not any(spell.start <= first and spell.until >= last for spell in spells):
            months = {m for m in months if any(_touches(spell, year, m) for spell in spells)}
        for row in self._ends.get((code, year), ()):
            months = {m for m in months if month_start(year, m) < row.on}
        for row in self._starts.get((code, year), ()):
            begins = month_of(row.on)
            if earliest >= begins:
                months = {m for m in months if m >= begins}
        return frozenset(months)

    def passed_on(self, code: str, year: str) -> bool:
        """Whether a body had passed on the whole of itself before a year or half began."""
        return self._last_days.get(code, date.max) <= year_start(year)

    @cached_property
    def _last_days(self) -> Mapping[str, date]:
        """By body that passed on the whole of itself: the day on which the last of it did."""
        found: dict[str, date] = {}
        for (code, _), rows in self._ends.items():
            found[code] = max(found.get(code, date.min), *(row.on for row in rows))
        return found

    @cached_property
    def _ends(self) -> Mapping[tuple[str, str], list[Succession]]:
        """By body and year: the successions in which it passed on the whole of itself."""
        passed: dict[str, Fraction] = {}
        for row in self.successions:
            part = Fraction(1) if row.share is None else Fraction(str(row.share))
            passed[row.predecessor] = passed.get(row.predecessor, Fraction(0)) + part
        found: dict[tuple[str, str], list[Succession]] = {}
        for row in self.successions:
            if passed[row.predecessor] >= 1 and row.predecessor != row.successor:
                found.setdefault((row.predecessor, year_of(row.on)), []).append(row)
        return found

    @cached_property
    def _starts(self) -> Mapping[tuple[str, str], list[Succession]]:
        """By body and year: the successions in which it followed another."""
        found: dict[tuple[str, str], list[Succession]] = {}
        for row in self.successions:
            found.setdefault((row.successor, year_of(row.on)), []).append(row)
        return found

    def descendants(self, code: str, year: str) -> tuple[str, ...]:
        """Every body below, top first."""
        walk, spans = self._walked(year)
        first, last = spans.get(code, (0, 0))
        return walk[first + 1 : last]

    def inside(self, code: str, year: str, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of some bodies that are the body itself or stand below it, top first."""
        _, spans = self._walked(year)
        first, last = spans.get(code, (0, 0))
        placed = sorted((spans[one][0], one) for one in codes if one in spans)
        return tuple(one for place, one in placed if first <= place < last)

    def top_first(self, year: str) -> tuple[str, ...]:
        """Every body, each followed by all those below it."""
        return self._walked(year)[0]

    def span(self, code: str, year: str) -> tuple[int, int]:
        """Where in `top_first` a body and those below it stand: its own place, and one past the last."""
        return self._walked(year)[1].get(code, (0, 0))

    def _walked(self, year: str) -> tuple[tuple[str, ...], Mapping[str, tuple[int, int]]]:
        """Every body, each followed by all those below it, and where each one's stretch lies."""
        if year not in self._walks:
            links = self.links(year)
            walk: list[str] = []
            spans: dict[str, tuple[int, int]] = {}
            waiting = [code for code in reversed(self.organisations) if code not in links]
            while waiting:  # no call within a call: a book may be ten thousand levels deep
                body = waiting.pop()
                walk.append(body)
                waiting.extend(reversed(self.children(body, year)))
            for place in range(len(walk) - 1, -1, -1):
                last = place + 1
                for child in self.children(walk[place], year):
                    last = max(last, spans[child][1])
                spans[walk[place]] = (place, last)
            self._walks[year] = (tuple(walk), spans)
        return self._walks[year]

    def leaves(self, code: str, year: str) -> tuple[str, ...]:
        """The bodies at the bottom below `code`; itself if it has no children."""
        bodies = (code, *self.descendants(code, year))
        return tuple(body for body in bodies if not self.children(body, year))

    def lowest_first(self, year: str) -> tuple[str, ...]:
        """Every body, each after all those below it."""
        return self.top_first(year)[::-1]

    def depth(self, year: str) -> int:
        """How many levels stand one above the other; 1 where nobody is below anybody."""
        if year not in self._depth:
            level: dict[str, int] = {}
            for body in reversed(self.lowest_first(year)):
                parent = self.parent(body, year)
                level[body] = 1 if parent is None else level[parent] + 1
            self._depth[year] = max(level.values(), default=0)
        return self._depth[year]

    def ancestors(self, code: str, year: str) -> tuple[str, ...]:
        """The bodies above, nearest first."""
        found: list[str] = []
        parent = self.parent(code, year)
        while parent is not None:
            found.append(parent)
            parent = self.parent(parent, year)
        return tuple(found)

    def nearest(self, code: str, year: str, kind: str) -> str | None:
        """The nearest body of a kind above in a year; found for every body in one walk down."""
        found = self._nearest.get((year, kind))
        if found is None:
            found = {}
            for body in self._walked(year)[0]:
                parent = self.parent(body, year)
                if parent is not None and self.kind(parent) == kind:
                    found[body] = parent
                elif parent in found:
                    found[body] = found[parent]
            self._nearest[(year, kind)] = found
        return found.get(code)

    def region_of(self, code: str, year: str) -> str | None:
        """The nearest region above, else the topmost body above."""
        above = self.ancestors(code, year)
        return self.nearest(code, year, "region") or (above[-1] if above else None)

    def roots(self, year: str) -> tuple[str, ...]:
        """Bodies that exist in a year and have nobody above."""
        links = self.links(year)
        return tuple(c for c in self.organisations if self.exists(c, year) and c not in links)

    def carry(self, code: str, pence: int, day: date, since: date | None = None) -> dict[str, int]:
        """Where a balance of a body stands on a day, after every succession up to it.

        Shares split by largest remainder, so that no penny is lost. A body that divides and
        goes on keeps what its successors do not take. Successions on or before `since`, the
        day that the balance is of, are past and move nothing.
        """
        held = {code: pence}
        for on in self._succession_days:
            if on <= day and (since is None or on > since):
                held = self._passed_on(held, on)
        if sum(held.values()) != pence:
            raise ValueError(f"a succession of {code} must not lose a penny")
        return held

    @cached_property
    def _succession_days(self) -> tuple[date, ...]:
        return tuple(sorted({row.on for row in self.successions}))

    @cached_property
    def _heirs(self) -> Mapping[tuple[date, str], list[Succession]]:
        found: dict[tuple[date, str], list[Succession]] = {}
        for row in self.successions:
            found.setdefault((row.on, row.predecessor), []).append(row)
        return found

    def _passed_on(self, held: Mapping[str, int], on: date) -> dict[str, int]:
        """What bodies hold, with whoever stands for them that day; an heir may pass it on at once.

        What comes round to a body that passed it on stays there.
        """
        moved: dict[str, int] = {}
        waiting = [(body, pence, set[str]()) for body, pence in reversed(list(held.items()))]
        while waiting:  # no call within a call: ten thousand bodies may follow one another
            body, pence, passed = waiting.pop()
            rows = self._heirs.get((on, body))
            if not rows or body in passed:
                moved[body] = moved.get(body, 0) + pence
                continue
            parts = _divide(pence, body, rows)
            passed.add(body)
            for heir, part in reversed(parts.items()):
                waiting.append((heir, part, passed if len(parts) == 1 else set(passed)))
        return moved


def _divide(pence: int, body: str, rows: list[Succession]) -> dict[str, int]:
    weights = {
        row.successor: Fraction(str(row.share)) if row.share is not None else Fraction(1)
        for row in rows
    }
    rest = Fraction(1) - sum(weights.values(), Fraction(0))
    if rest > 0:
        weights[body] = rest
    return apportion(pence, weights)


def _stays(body: Body, year: str) -> tuple[Stay, ...]:
    """A body's stays in a year; none where it kept one parent, or its spells are at odds."""
    if len(body.spells) < 2:
        return ()
    spells = body.touching(year)
    at_odds = any(late.start <= early.until for early, late in pairwise(spells))
    if at_odds or len({spell.parent for spell in spells}) < 2:
        return ()
    within_a_month = any(late.start.day > 1 for late in spells[1:])
    stays: dict[str | None, frozenset[int]] = {}
    for spell in spells:
        months = {m for m in months_of(part_of(year)) if _touches(spell, year, m)}
        stays[spell.parent] = stays.get(spell.parent, frozenset()) | months
    return tuple(Stay(p, None if within_a_month else months) for p, months in stays.items())


def _touches(spell: Spell, year: str, month: int) -> bool:
    """Whether a spell holds any day of a month."""
    first = month_start(year, month)
    last = (
        year_end(year_in(year)) if month == LAST_MONTH else day_before(month_start(year, month + 1))
    )
    return spell.start <= last and spell.until >= first


def _organisation(rows: list[Organisation]) -> Body:
    ordered = sorted(rows, key=lambda row: (row.from_ or date.min, row.number))
    spells = tuple(
        Spell(row.parent, row.from_ or date.min, row.to or date.max, row) for row in ordered
    )
    last = ordered[-1]
    kind = last.kind or "unknown"  # only where its row is stopped for a fault
    return Body(last.code, last.name or last.code, kind, spells, last)


def circles(links: dict[str, str]) -> tuple[str, ...]:
    """The codes that stand in a circle of parents.

    >>> circles({"A": "B", "B": "A", "C": "A"})
    ('A', 'B')
    """
    found: set[str] = set()
    met: set[str] = set()  # on an earlier way up, so that each body is passed once
    for start in links:
        way: dict[str, None] = {}
        code = start
        while code in links and code not in met:
            met.add(code)
            way[code] = None
            code = links[code]
        if code in way:
            steps = list(way)
            found.update(steps[steps.index(code) :])
    return tuple(sorted(found))


def deeper_than(links: Mapping[str, str], most: int) -> set[str]:
    """The codes that have this many bodies or more above them, in links without a circle.

    >>> sorted(deeper_than({"B": "A", "C": "B", "D": "C"}, 2))
    ['C', 'D']
    """
    above: dict[str, int] = {}
    for start in links:
        way = []
        code = start
        while code in links and code not in above:
            way.append(code)
            code = links[code]
        level = above.get(code, 0)
        for code in reversed(way):
            level += 1
            above[code] = level
    return {code for code, level in above.items() if level >= most}
