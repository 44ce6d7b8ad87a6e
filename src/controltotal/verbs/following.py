"""One step from a figure to what it rests on: for a page about it, from which each step goes on.

`explain` walks all the way down at once; here what a figure rests on is named with its value and is
followed by whoever asks. Figures that a long simulation makes are named without a value, unless the
answer that shows them is given.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from controltotal.accounts.describe import row_told
from controltotal.book.commentary import comment_words
from controltotal.book.fold import Position
from controltotal.book.row_keys import key_of_entry
from controltotal.core.errors import BookError
from controltotal.core.figure import Figure
from controltotal.core.measures import measure
from controltotal.core.result import Result
from controltotal.core.trace import Trace
from controltotal.ledger.entries import PUT, Entry
from controltotal.verbs.explaining import Answers
from controltotal.workings.workings import Workings

ROWS_MOST: Final = 2_000
"""Rows of the book that are told of one figure, the newest first; the others are counted."""
BELOW_MOST: Final = 400
"""Figures below one that has no rows of its own whose rows are told as its own."""
INPUTS_MOST: Final = 200
"""Figures that one rests on and that are named with their values; the others are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that changed a row on which a figure rests: what it said before, and says after."""

    entry: int
    on: str
    recorded_at: str
    role: str
    act: str
    why: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    where: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A figure with its rule, the figures and rows that it rests on, and what people say of it.

    `rows` are those of `describe`, each with its `entry`; `changes` the entries that changed one of
    them since it was first said. `rows_left` and `inputs_left` count what is not listed.
    """

    figure: Figure
    trace: Trace
    inputs: tuple[Figure, ...] = ()
    inputs_left: int = 0
    rows: tuple[Mapping[str, str], ...] = ()
    rows_left: int = 0
    said: tuple[str, ...] = ()
    changes: tuple[Change, ...] = field(default=())


def follow(
    workings: Workings, figure: str, within: Result | None = None, slow: Sequence[str] = ()
) -> Followed:
    """A figure by its id with what it rests on, one step; a BookError where there is none.

    `within` is an answer that shows it. Figures of `slow` verbs are looked up in it alone.
    """
    if within is None and measure(figure.split("/")[0]).verb in slow:
        raise BookError(
            f"{figure} is worked out by `{measure(figure.split('/')[0]).verb}`, which takes a while",
            workings.position.ref.name,
            "ask for it",
        )
    answers = workings.once("figures that are followed", lambda: Answers(workings))
    lock = workings.once("lock of figures that are followed", threading.Lock)
    with lock:
        own = _within(within, figure) or answers.look(figure)
        if own is None:
            raise BookError(
                f"there is no figure {figure}",
                workings.position.ref.name,
                "check the address, or search for it",
            )
        shown, trace = own
        inputs = []
        for name in trace.inputs[:INPUTS_MOST]:
            known = _within(within, name)
            if known is None and measure(name.split("/")[0]).verb not in slow:
                known = answers.look(name)
            inputs.append(known[0] if known else Figure(name, None))
        entries = trace.entries or _below(answers, trace, within, slow)
    position = workings.position
    newest = newest_first(position, entries)
    rows, rows_left = rows_told(position, newest, ROWS_MOST)
    return Followed(
        shown,
        trace,
        tuple(inputs),
        max(0, len(trace.inputs) - INPUTS_MOST),
        rows,
        rows_left,
        tuple(
            comment_words(position, one) for one in position.book.commentary if one.about == figure
        ),
        tuple(_changes(workings, newest[:ROWS_MOST])),
    )


def look_up(workings: Workings, names: Sequence[str], slow: Sequence[str] = ()) -> list[Figure]:
    """Figures by their ids with their values; those of `slow` verbs, and unknown ones, without."""
    answers = workings.once("figures that are followed", lambda: Answers(workings))
    found = []
    with workings.once("lock of figures that are followed", threading.Lock):
        for name in names:
            quick = measure(name.split("/")[0]).verb not in slow
            known = answers.look(name) if quick else None
            found.append(known[0] if known else Figure(name, None))
    return found


def newest_first(position: Position, entries: Iterable[int]) -> tuple[int, ...]:
    """Entries by when their rows became known and of which month they are, the newest first."""

    def age(entry: int) -> tuple[str, int, int]:
        put = position.entries.get(entry)
        cells = dict(put.cells) if put is not None else {}
        month = cells.get("month", "").removeprefix("M")
        return cells.get("known_on", ""), int(month) if month.isdecimal() else 0, entry

    return tuple(sorted(set(entries), key=age, reverse=True))


def rows_told(
    position: Position, entries: Sequence[int], most: int
) -> tuple[tuple[Mapping[str, str], ...], int]:
    """The rows of some entries in words, each with its `entry`; and how many are left out."""
    found = ((entry, row_told(position, entry)) for entry in entries[:most])
    rows = tuple({**told, "entry": str(entry)} for entry, told in found if told is not None)
    return rows, max(0, len(entries) - most)


def _below(
    answers: Answers, trace: Trace, within: Result | None, slow: Sequence[str]
) -> tuple[int, ...]:
    """The entries of the figures that one without rows of its own is made of, down to the rows."""
    found: dict[int, None] = {}
    seen: set[str] = set()
    waiting = list(trace.inputs)
    while waiting and len(seen) < BELOW_MOST:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        known = _within(within, name)
        if known is None and measure(name.split("/")[0]).verb not in slow:
            known = answers.look(name)
        if known is None:
            continue
        found |= dict.fromkeys(known[1].entries)
        waiting += () if known[1].entries else known[1].inputs
    return tuple(found)


def _within(within: Result | None, name: str) -> tuple[Figure, Trace] | None:
    found = within.figure(name) if within is not None else None
    return (found, within.trace[name]) if within is not None and found is not None else None


def _changes(workings: Workings, entries: Sequence[int]) -> list[Change]:
    """The entries that changed one of some rows after it was first said, the newest first."""
    position = workings.position
    standing = [position.entries[number] for number in entries if number in position.entries]
    keys = {key_of_entry(one) for one in standing}
    if not keys:
        return []
    by_key = workings.once("rows by key", lambda: _by_key(position.daybook))
    found = []
    for key in keys:
        told = by_key.get(key, ())
        for before, after in pairwise(told):
            found.append(_change(before, after))
    return sorted(found, key=lambda one: -one.entry)


def _change(before: Entry, after: Entry) -> Change:
    author = after.narration.author
    return Change(
        after.seq,
        after.on,
        after.recorded_at,
        author.role,
        after.narration.act,
        after.why,
        dict(before.cells),
        dict(after.cells),
        f"{after.table} row {after.row}",
    )


def _by_key(daybook: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Every row that was said, by its key, in the order of the ledger; those said once left out."""
    found: dict[str, list[Entry]] = {}
    for entry in daybook:
        if entry.kind == PUT:
            found.setdefault(key_of_entry(entry), []).append(entry)
    return {key: rows for key, rows in found.items() if len(rows) > 1}
