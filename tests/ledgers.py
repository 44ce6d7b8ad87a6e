"""Ledgers for tests: acts posted in a line, in memory or as entries, without a desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from controltotal.ledger.chain import Sealer
from controltotal.ledger.entries import Author, Draft, Entry, Narration, Posting
from controltotal.ledger.source import BookSource
from controltotal.ledger.store import MemoryStore

FIXED = Sealer(lambda: "2026-11-30T09:00:00Z", lambda: "5a" * 32)
"""A clock that stands still and a salt that everybody knows."""
_REQUESTS = count()


def posting(
    drafts: Iterable[Draft], *, by: str = "", on: str = "", why: str = "", request: str = ""
) -> Posting:
    """One act of some rows, under a request of its own unless one is given."""
    name = request or f"test/{next(_REQUESTS)}"
    return Posting(Narration(name, "test", Author(name=by), on, why), tuple(drafts))


def memory(source: BookSource) -> MemoryStore:
    """A ledger in memory that holds the rows of a book that was read."""
    store = MemoryStore()
    store.append([posting(entry.draft for entry in source.entries)], 0)
    return store


def acted(
    entries: Sequence[Entry], drafts: Iterable[Draft], *, by: str, on: str, why: str = "x"
) -> list[Entry]:
    """Some entries and those of one more act."""
    rows = list(drafts)
    said = posting(rows, by=by, on=on, why=why).narration
    more = [
        Entry(seq, d.kind, d.table, d.row, d.cells, d.origin, d.withdraws, said)
        for seq, d in enumerate(rows, start=len(entries) + 1)
    ]
    return [*entries, *more]
