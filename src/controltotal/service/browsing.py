"""What the browser of the ledger reads: entries newest first, one entry with before and after, the proof."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from urllib.parse import unquote

from controltotal.acts.figures import ADJUST, SEND, Month
from controltotal.book.fold import Position
from controltotal.book.row_keys import history_of, key_of_entry, key_part
from controltotal.ledger.chain import verify
from controltotal.ledger.entries import PUT, Entry
from controltotal.ledger.errors import ChainBroken
from controltotal.ledger.store import Store

KEY_OF_MONTH: Final = ("organisation", "year", "month")
PAGE: Final = 50
"""Entries on a page."""
PERSONS: Final = frozenset({"by", "assessor", "decided_by", "adopted_by", "answered_by", "person"})
"""Columns that name a person: pages show offices and organisations."""
A_PERSON: Final = "a person"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are asked for: those of a table, an act, an office, a day; before an entry.

    `day` is the day of the act, or where it has none the day on which it was recorded.
    """

    table: str = ""
    act: str = ""
    role: str = ""
    day: str = ""
    before: int = 0

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is asked for.

        >>> from controltotal.ledger.entries import Entry
        >>> Asked(table="schemes").fits(Entry(1, "put", "amounts", 2, ()))
        False
        """
        said = entry.narration
        return (
            (not self.table or entry.table == self.table)
            and (not self.act or said.act == self.act)
            and (not self.role or said.author.role == self.role)
            and (not self.day or (entry.on or entry.recorded_at[:10]) == self.day)
        )


def newest(entries: Sequence[Entry], asked: Asked) -> tuple[list[Entry], int]:
    """A page of entries, newest first, and the entry before which the next page begins (0: none)."""
    last = len(entries) if not asked.before else min(asked.before - 1, len(entries))
    fitting = (entries[at] for at in range(last - 1, -1, -1) if asked.fits(entries[at]))
    found = list(islice(fitting, PAGE + 1))
    return found[:PAGE], found[PAGE - 1].seq if len(found) > PAGE else 0


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: the key of its row, and each cell before and after it."""

    entry: Entry
    key: str
    cells: tuple[tuple[str, str, str], ...]
    erased: bool = False
    later: tuple[int, ...] = ()
    """The entries that touched the same row afterwards."""


def told(position: Position, number: int) -> Told | None:
    """One entry with what its row said before and after; None where there is none."""
    entries = position.daybook
    if not 1 <= number <= len(entries):
        return None
    entry = entries[number - 1]
    source = position.source
    if source is not None and entry.seq in source.stopped:
        return Told(entry, entry.table, (), erased=True)
    origin = entry if entry.kind == PUT or not entry.withdraws else entries[entry.withdraws - 1]
    key = key_of_entry(origin)
    history = history_of(entries, key)
    before: Mapping[str, str] = {}
    after: Mapping[str, str] = dict(entry.cells) if entry.kind == PUT else {}
    for one, was, then in history:
        if one.seq == entry.seq:
            before, after = _cells(was), _cells(then)
    names = dict.fromkeys((*before, *after))
    hidden = PERSONS | ({"name", "subject"} if entry.table == "grants" else set())
    persons = {text for one in (before, after) for c, text in one.items() if c in hidden} - {""}
    old, new = (
        {c: A_PERSON if c in hidden and text else text for c, text in one.items()}
        for one in (before, after)
    )
    cells = tuple((name, old.get(name, ""), new.get(name, "")) for name in names)
    parts = (A_PERSON if unquote(part) in persons else part for part in key.split("/"))
    later = tuple(one.seq for one, _, _ in history if one.seq > entry.seq)
    return Told(entry, "/".join(parts), cells, later=later)


def _cells(entry: Entry | None) -> Mapping[str, str]:
    return dict(entry.cells) if entry is not None else {}


@dataclass(frozen=True, slots=True)
class Proof:
    """That a ledger was verified: to which entry, the root there, when; or where it breaks."""

    entry: int
    root: str
    at: datetime
    broken: str = ""


class Verified:
    """The last verification of a ledger in this process; one at a time."""

    def __init__(self) -> None:
        self.last: Proof | None = None
        self._lock = threading.Lock()

    def now(self, store: Store) -> Proof:
        """Verify every block of a ledger from its first."""
        with self._lock:
            links = store.links(0)
            broken: ChainBroken | None = verify(links)
            last = links[-1] if links else None
            self.last = Proof(
                last.last if last else 0,
                f"sha256:{last.hash}" if last else "",
                datetime.now(UTC),
                str(broken) if broken is not None else "",
            )
            return self.last


VERIFIED: Final = Verified()


def sent_by(daybook: Sequence[Entry], number: int, month: Month) -> bool:
    """Whether the act that wrote an entry sent a month, or adjusted figures of its body and year."""
    said = daybook[number - 1].narration
    if said.act not in (SEND, ADJUST):
        return False
    first = _first(daybook, number)
    wanted = (month.organisation, month.year, str(month.number))
    many = 3 if said.act == SEND else 2
    for entry in daybook[first:number]:
        cells = dict(entry.cells)
        key = (key_part(entry.table, c, cells.get(c, "")) for c in KEY_OF_MONTH)
        if entry.table == "submissions" and tuple(key)[:many] == wanted[:many]:
            return True
    return False


def _first(daybook: Sequence[Entry], number: int) -> int:
    """The place of the first entry of the request that wrote an entry."""
    first, request = number - 1, daybook[number - 1].narration.request
    while first and daybook[first - 1].narration.request == request:
        first -= 1
    return first


def adjusted_by(daybook: Sequence[Entry], number: int) -> list[int]:
    """The months that came late with the act that wrote an entry, the first first."""
    request, last = daybook[number - 1].narration.request, number
    while last < len(daybook) and daybook[last].narration.request == request:
        last += 1
    own = daybook[_first(daybook, number) : last]
    rows = [dict(one.cells) for one in own if one.table == "submissions"]
    months = {
        key_part("submissions", "month", row.get("month", ""))
        for row in rows
        if row.get("late_reason")
    }
    return sorted(int(month) for month in months if month.isdecimal())


def numbers(text: str) -> Iterator[int]:
    """The whole number that a text says, where it says one."""
    if text.isdecimal() and len(text) < 16:
        yield int(text)
