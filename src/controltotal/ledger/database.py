"""What every ledger in a database does, whatever the database: one account of it for all.

A store beside this says how its database is opened, how a transaction begins and ends, how rows are put
into a table and asked for, and what is said when it fails. Queries are written with `?` for a value.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Self

from controltotal.core.progress import stop_if_cancelled
from controltotal.ledger.chain import Link, Sealer, entries_of
from controltotal.ledger.entries import Entry, Posting, check_posting, collector_paused
from controltotal.ledger.errors import ChainBroken, Clash
from controltotal.ledger.redaction import Erasure, redacted
from controltotal.ledger.row import COLUMNS, link_of, request_key, row_of
from controltotal.ledger.store import (
    Noted,
    Receipt,
    acknowledged,
    as_written,
    check_upto,
    check_withdrawals,
    entry_at,
    fresh_postings,
    posting_of,
    receipt_of,
    receipts,
    withdrawn_in,
)

Row = Sequence[Any]


class DatabaseStore(ABC):
    """A ledger whose blocks are rows of a database; `where` is how messages name it."""

    where: str

    def __init__(self, sealer: Sealer | None) -> None:
        self._sealer = sealer or Sealer()
        self._lock = threading.RLock()

    # What each database does in its own way

    @abstractmethod
    def _writing(self) -> AbstractContextManager[object]:
        """One transaction, written whole or not at all; nobody else writes meanwhile."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[object]:
        """One moment: what is read within belongs together."""

    @abstractmethod
    def _plainly(self, *, writing: bool = False) -> AbstractContextManager[object]:
        """What the database says, turned into what a person can act on."""

    @abstractmethod
    def _rows(self, query: str, *values: object) -> list[Row]:
        """The rows that a query gives, or none of a command."""

    @abstractmethod
    def _put(self, table: str, rows: Sequence[Row]) -> None:
        """Put rows into a table."""

    @abstractmethod
    def _scrub(self) -> None:
        """Empty whatever the database keeps of words that are erased."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file or the connection."""

    # Writing

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        """See `Store.append`."""
        batch = list(postings)
        for posting in batch:
            check_posting(posting)
        with self._writing():
            return self._append(batch, expected)

    def _append(self, batch: list[Posting], expected: int) -> list[Receipt]:
        last, hash = self._head()
        known = {}
        for posting in batch:
            receipt = self._receipt(posting.narration.request)
            if receipt is not None:
                known[receipt.request] = (receipt, posting_of(self._of(receipt)))
        new = fresh_postings(batch, known, self.where)
        if (new or not known) and expected != last:
            raise Clash(expected, last, self.where)
        sealed = self._sealer.seal(new, last, hash, checked=True)
        gone = check_withdrawals(sealed, self._find, self._is_withdrawn)
        self._insert(sealed)
        self._put("withdrawn", [(seq,) for seq in gone])
        answer = receipts(batch, sealed, {name: one for name, (one, _) in known.items()})
        self._note([one for one in answer if not one.repeated])
        return answer

    def redact(self, erasure: Erasure) -> Receipt:
        """See `Store.redact`."""
        with self._lock:
            with self._writing():
                done = self._redact(erasure)
            self._scrub()
            return done

    def _redact(self, erasure: Erasure) -> Receipt:
        known = self._receipt(erasure.narration.request)
        if known is not None:
            return acknowledged(known, self._of(known), erasure, self.where)
        made, gone = redacted(self._links(0), erasure, self._sealer)
        self._insert(made)
        done = receipt_of(made, erasure.narration.request)
        self._note([done])
        self._put("erased", [(first,) for first in gone])
        for first in gone:
            self._rows("UPDATE blocks SET salt = '', body = '' WHERE first = ?", first)
        return done

    def adopt(self, links: Sequence[Link], requests: Sequence[Noted]) -> None:
        """See `Store.adopt`."""
        with self._writing():
            last, _ = self._head()
            if last:
                raise Clash(0, last, self.where)
            self._insert(links)
            self._put("withdrawn", [(seq,) for seq in withdrawn_in(links)])
            self._put("erased", [(link.first,) for link in links if link.body is None])
            self._put("requests", requests)

    def _insert(self, sealed: Sequence[Link]) -> None:
        if not sealed:
            return
        self._put("blocks", [row_of(link) for link in sealed])
        self._rows("UPDATE head SET seq = ?, hash = ?", sealed[-1].last, sealed[-1].hash)

    def _note(self, done: Sequence[Receipt]) -> None:
        rows = [(request_key(r.request), r.first, r.entry, r.root[7:]) for r in done]
        self._put("requests", rows)

    # Reading

    def receipt(self, request: str) -> Receipt | None:
        """See `Store.receipt`."""
        with self._lock, self._plainly():
            return self._receipt(request)

    def _receipt(self, request: str) -> Receipt | None:
        query = "SELECT first, entry, hash FROM requests WHERE request = ?"
        for first, entry, hash in self._rows(query, request_key(request)):
            return Receipt(entry, f"sha256:{hash}", request, first)
        return None

    def requests(self) -> list[Noted]:
        """See `Store.requests`."""
        with self._lock, self._plainly():
            rows = self._rows("SELECT request, first, entry, hash FROM requests")
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    def _blocks(self, which: str, *values: object) -> list[Link]:
        query = f"SELECT {COLUMNS} FROM blocks WHERE {which}"
        found = []
        for row in self._rows(query, *values):
            stop_if_cancelled()
            found.append(link_of(row, self.where))
        return found

    def _of(self, receipt: Receipt) -> list[Link]:
        return self._blocks("first BETWEEN ? AND ? ORDER BY first", receipt.first, receipt.entry)

    def _find(self, seq: int) -> Entry | None:
        for link in self._blocks("first <= ? ORDER BY first DESC LIMIT 1", seq):
            if seq <= link.last:
                return entry_at(link, seq) or entries_of(self._links(0))[seq - 1]
        return None

    def _is_withdrawn(self, seq: int) -> bool:
        return bool(self._rows("SELECT 1 FROM withdrawn WHERE seq = ?", seq))

    def links(self, after: int = 0) -> list[Link]:
        """See `Store.links`."""
        with self._lock, self._plainly():
            return self._links(after)

    def _links(self, after: int) -> list[Link]:
        with collector_paused():
            return self._blocks("first > ? ORDER BY first", after)

    def since(self, number: int, hash: str) -> list[Link] | None:
        """Every block after an entry, where a block of that hash ends with it; else None."""
        with self._lock, self._plainly(), self._reading():
            query = "SELECT first + count - 1, hash FROM blocks WHERE first <= ?"
            ends = self._rows(f"{query} ORDER BY first DESC LIMIT 1", number)
            return self._links(number) if ends == [(number, hash)] else None

    def whole(self, *, check: bool = True) -> list[Link]:
        """See `Store.whole`; ChainBroken where a block is not as it was written."""
        with self._lock, self._plainly():
            with self._reading():
                last, hash = self._head()
                links = self._links(0)
            return as_written(links, last, hash, self.where, check=check)

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        links = self.whole(check=check)
        check_upto(upto, links[-1].last if links else 0, self.where)
        return entries_of(links)[:upto]

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock, self._plainly():
            return self._head()

    def _head(self) -> tuple[int, str]:
        rows = self._rows("SELECT seq, hash FROM head")
        if len(rows) != 1 or type(rows[0][0]) is not int or type(rows[0][1]) is not str:
            raise ChainBroken(0, "the note of the last entry is lost", self.where)
        return rows[0][0], rows[0][1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
