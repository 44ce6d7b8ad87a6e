"""Stores: where entries are kept. This page holds what every store promises, and one in memory.

Accounting idea: one daybook, one line after another. A writer says which entry it had seen last;
if the book has moved on since, nothing is written and the writer is told (`Clash`). A writer that
got no answer sends the same entries again under the same ids, and they are in the book once.

A batch is written whole or not at all. The transaction opens in the store and nowhere else.

Source: sequence numbers and client-made ids as in event stores and TigerBeetle.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from controltotal.ledger.entries import (
    GENESIS,
    PUT,
    WITHDRAW,
    Draft,
    Entry,
    chain,
    check_draft,
    root,
    verify,
)
from controltotal.ledger.errors import Clash, IdReused, LedgerError


@dataclass(frozen=True, slots=True)
class Appended:
    """What the ledger acknowledges: the first and last entry of the batch and the root there.

    `repeated` counts the entries that were in the ledger already, from an earlier sending.
    An empty batch has `first` one above `last`.
    """

    first: int
    last: int
    root: str
    repeated: int = 0


@runtime_checkable
class Store(Protocol):
    """What every ledger does, wherever it keeps its entries."""

    def append(self, drafts: Iterable[Draft], expected: int) -> Appended:
        """Write a batch whole or not at all, if the last entry is still number `expected`.

        A batch that is in the ledger already is acknowledged again whatever `expected` says.
        """
        ...

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """Every entry up to number `upto`, in order; `check` verifies the chain on the way."""
        ...

    def last(self) -> tuple[int, str]:
        """Number and hash of the last entry; (0, GENESIS) in an empty ledger."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...


def fresh_drafts(
    drafts: Sequence[Draft], known: Mapping[str, Entry], where: str = "ledger"
) -> tuple[list[Draft], list[Entry]]:
    """Part a batch into drafts that are new and entries that are in the ledger already.

    >>> entry, = chain([Draft("a", "put", "lines", 2)], 0, GENESIS)
    >>> new, old = fresh_drafts([Draft("a", "put", "lines", 2), Draft("b", "put", "lines", 3)],
    ...                         {"a": entry})
    >>> [draft.id for draft in new], [entry.seq for entry in old]
    (['b'], [1])
    """
    seen: set[str] = set()
    new: list[Draft] = []
    old: list[Entry] = []
    for draft in drafts:
        if draft.id in seen:
            raise LedgerError(
                f"the id {draft.id!r} is there twice in one batch",
                f"{draft.table} row {draft.row}",
                "give every entry an id of its own",
            )
        seen.add(draft.id)
        entry = known.get(draft.id)
        if entry is None:
            new.append(draft)
        elif entry.draft == draft:
            old.append(entry)
        else:
            raise IdReused(draft.id, entry.seq, where)
    return new, old


def check_withdrawals(
    sealed: Sequence[Entry],
    find: Callable[[int], Entry | None],
    is_withdrawn: Callable[[int], bool],
) -> None:
    """A withdrawal names a put of the same row that stands: refuse any other.

    `find` gives an entry of the ledger by number, `is_withdrawn` whether it was withdrawn before.
    """
    if not any(entry.withdraws for entry in sealed):
        return
    start = sealed[0].seq
    gone: set[int] = set()
    for entry in sealed:
        number = entry.withdraws
        if not number:
            continue
        target = (
            sealed[number - start]
            if start <= number < entry.seq
            else find(number)
            if number < start
            else None
        )
        place, action = f"{entry.table} row {entry.row}", "read the ledger again and look"
        if target is None:
            raise LedgerError(f"there is no entry {number} to withdraw", place, action)
        if target.kind != PUT:
            raise LedgerError(
                f"entry {number} is itself a withdrawal", place, "put the row again instead"
            )
        if (target.table, target.row) != (entry.table, entry.row):
            raise LedgerError(
                f"entry {number} is {target.table} row {target.row}, not this row", place, action
            )
        if number in gone or is_withdrawn(number):
            raise LedgerError(f"entry {number} was withdrawn before", place, action)
        gone.add(number)


def check_upto(upto: int | None, last: int, where: str) -> None:
    """Refuse a reading as at an entry that is not there yet."""
    if upto is not None and not 0 <= upto <= last:
        raise LedgerError(
            f"there is no entry {upto}: the last is {last}", where, f"choose one from 0 to {last}"
        )


def acknowledged(
    sealed: Sequence[Entry], repeated: Sequence[Entry], last: int, hash: str
) -> Appended:
    """What to answer for a batch of new (`sealed`) and repeated entries."""
    if sealed:
        return Appended(sealed[0].seq, sealed[-1].seq, root(sealed), len(repeated))
    if repeated:
        final = max(repeated, key=lambda entry: entry.seq)
        first = min(entry.seq for entry in repeated)
        return Appended(first, final.seq, f"sha256:{final.hash}", len(repeated))
    return Appended(last + 1, last, f"sha256:{hash}")


class MemoryStore:
    """A ledger that lives as long as the program: for books read from files, and for tests.

    >>> store = MemoryStore()
    >>> store.append([Draft("a", "put", "lines", 2, (("line", "pay"),))], expected=0).last
    1
    >>> store.append([Draft("a", "put", "lines", 2, (("line", "pay"),))], expected=0).repeated
    1
    >>> [entry.cells for entry in store.read()]
    [(('line', 'pay'),)]
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._where = "ledger in memory"
        self._entries = list(entries)
        broken = verify(self._entries, where=self._where)
        if broken:
            raise broken
        self._by_id = {entry.id: entry for entry in self._entries}
        self._withdrawn = {entry.withdraws for entry in self._entries if entry.withdraws}
        self._lock = threading.RLock()

    def append(self, drafts: Iterable[Draft], expected: int) -> Appended:
        """See `Store.append`."""
        batch = list(drafts)
        for draft in batch:
            check_draft(draft)
        with self._lock:
            new, old = fresh_drafts(batch, self._by_id, self._where)
            last, hash = self.last()
            if (new or not old) and expected != last:
                raise Clash(expected, last, self._where)
            sealed = chain(new, last, hash)
            check_withdrawals(sealed, self._find, self._withdrawn.__contains__)
            self._entries.extend(sealed)
            self._by_id.update((entry.id, entry) for entry in sealed)
            self._withdrawn.update(entry.withdraws for entry in sealed if entry.kind == WITHDRAW)
            return acknowledged(sealed, old, last, hash)

    def _find(self, seq: int) -> Entry | None:
        return self._entries[seq - 1] if 1 <= seq <= len(self._entries) else None

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`. Entries in memory were verified when they came in."""
        with self._lock:
            check_upto(upto, len(self._entries), self._where)
            return self._entries[:upto]

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock:
            return (
                (self._entries[-1].seq, self._entries[-1].hash) if self._entries else (0, GENESIS)
            )

    def close(self) -> None:
        """Nothing to let go of."""
