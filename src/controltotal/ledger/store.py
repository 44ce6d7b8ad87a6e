"""Stores: where blocks are kept. This page holds what every store promises, and one in memory.

Accounting idea: one daybook, one line after another. A writer says which entry it had seen last;
if the book has moved on since, nothing is written and the writer is told (`Clash`). A writer that
got no answer sends the same request again, and it is done once and acknowledged alike.

A group of acts is written whole or not at all. The transaction opens in the store and nowhere else.

Source: sequence numbers and client-made ids as in event stores and TigerBeetle.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from controltotal.ledger.chain import GENESIS, Link, Sealer, entries_of, verify
from controltotal.ledger.entries import (
    PUT,
    REDACT,
    WITHDRAW,
    Draft,
    Entry,
    Narration,
    Posting,
    check_posting,
)
from controltotal.ledger.errors import ChainBroken, Clash, LedgerError, RequestReused
from controltotal.ledger.redaction import Erasure, erasure_of, redacted
from controltotal.ledger.row import request_key


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger acknowledges of a request: its last entry and the root there.

    `first` is its first entry; `repeated` says that it was there already, from an earlier sending.
    """

    entry: int
    root: str
    request: str
    first: int
    repeated: bool = False


Noted = tuple[str, int, int, str]
"""A receipt as it is kept: the hash of its request, first and last entry, hash of the last block."""


def withdrawn_in(links: Iterable[Link]) -> list[int]:
    """The numbers that some blocks withdraw."""
    return [d.withdraws for link in links for d in link.drafts if d.kind == WITHDRAW]


@runtime_checkable
class Store(Protocol):
    """What every ledger does, wherever it keeps its blocks."""

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        """Write a group of acts whole or not at all, if the last entry is still number `expected`.

        A request that is in the ledger already is acknowledged again, as it was the first time; a
        group of none but those is acknowledged whatever `expected` says.
        """
        ...

    def redact(self, erasure: Erasure) -> Receipt:
        """Erase rows from the ledger and its file, and record that; the chain holds."""
        ...

    def receipt(self, request: str) -> Receipt | None:
        """What was acknowledged of a request; None where it was never written."""
        ...

    def links(self, after: int = 0) -> list[Link]:
        """Every block after entry `after`, in order, as it stands in the store."""
        ...

    def whole(self, *, check: bool = True) -> list[Link]:
        """Every block at one moment; `check` verifies the chain on the way."""
        ...

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """Every entry up to number `upto`, in order; `check` verifies the chain on the way."""
        ...

    def last(self) -> tuple[int, str]:
        """Number of the last entry and hash of its block; (0, GENESIS) in an empty ledger."""
        ...

    def requests(self) -> list[Noted]:
        """The receipts of all requests, under the hashes by which they are known."""
        ...

    def adopt(self, links: Sequence[Link], requests: Sequence[Noted]) -> None:
        """Take the blocks and receipts of another ledger as they are; only into an empty one."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...


def fresh_postings(
    postings: Sequence[Posting], known: Mapping[str, tuple[Receipt, Posting | None]], where: str
) -> list[Posting]:
    """The acts of a group that are not in the ledger; `known` are its receipts by request.

    With each stands what was written, or None where a redaction erased a part of it.
    """
    seen: set[str] = set()
    new: list[Posting] = []
    for posting in postings:
        request = posting.narration.request
        if request in seen:
            raise LedgerError(
                f"the request {request!r} is there twice in one group",
                where,
                "give every act a request of its own",
            )
        seen.add(request)
        if request not in known:
            new.append(posting)
            continue
        receipt, written = known[request]
        if written is not None and written != posting:
            raise RequestReused(request, receipt.entry, where)
    return new


def posting_of(links: Iterable[Link]) -> Posting | None:
    """What was written as some blocks of one act; None where a redaction erased a part of it."""
    narration: Narration | None = None
    drafts: list[Draft] = []
    for link in links:
        if link.body is None:
            return None
        narration = link.body.narration
        drafts += link.body.drafts
    return Posting(narration, tuple(drafts)) if narration is not None else None


def receipts(
    postings: Sequence[Posting], sealed: Sequence[Link], known: Mapping[str, Receipt]
) -> list[Receipt]:
    """What to answer for a group: `sealed` are the blocks of its new acts, `known` its old receipts."""
    ends: dict[str, tuple[int, Link]] = {}
    for link in sealed:
        request = link.body.narration.request if link.body is not None else ""
        ends[request] = (ends[request][0] if request in ends else link.first, link)
    found = []
    for posting in postings:
        request = posting.narration.request
        if request in ends:
            first, last = ends[request]
            found.append(Receipt(last.last, f"sha256:{last.hash}", request, first))
        else:
            found.append(replace(known[request], repeated=True))
    return found


def receipt_of(made: Sequence[Link], request: str) -> Receipt:
    """What to answer for the blocks of one request."""
    return Receipt(made[-1].last, f"sha256:{made[-1].hash}", request, made[0].first)


def acknowledged(
    receipt: Receipt, written: Iterable[Link], erasure: Erasure, where: str
) -> Receipt:
    """The receipt of a redaction that is recorded; RequestReused where that says something else."""
    if erasure_of(written) != Erasure(erasure.narration, dict(erasure.rows)):
        raise RequestReused(erasure.narration.request, receipt.entry, where)
    return replace(receipt, repeated=True)


def check_withdrawals(
    sealed: Sequence[Link],
    find: Callable[[int], Entry | None],
    is_withdrawn: Callable[[int], bool],
) -> list[int]:
    """A withdrawal names a put of the same row that stands: refuse any other. Says what is withdrawn.

    `find` gives an entry of the ledger by number, `is_withdrawn` whether it was withdrawn before.
    """
    if not any(link.kind == WITHDRAW for link in sealed):
        return []
    start = sealed[0].first
    fresh = [(n, draft) for link in sealed for n, draft in enumerate(link.drafts, link.first)]
    gone: dict[int, None] = {}
    for seq, draft in fresh:
        number = draft.withdraws
        if draft.kind != WITHDRAW:
            continue
        place, action = f"{draft.table} row {draft.row}", "read the ledger again and look"
        inside = fresh[number - start][1] if start <= number < seq else None
        target = inside if inside is not None else find(number) if number < start else None
        if target is None:
            raise LedgerError(f"there is no entry {number} to withdraw", place, action)
        if target.kind != PUT:
            is_ = "itself a withdrawal" if target.kind == WITHDRAW else f"{target.kind} already"
            raise LedgerError(f"entry {number} is {is_}", place, "put the row again instead")
        if (target.table, target.row) != (draft.table, draft.row):
            raise LedgerError(
                f"entry {number} is {target.table} row {target.row}, not this row", place, action
            )
        if number in gone or is_withdrawn(number):
            raise LedgerError(f"entry {number} was withdrawn before", place, action)
        gone[number] = None
    return list(gone)


def entry_at(link: Link, seq: int) -> Entry | None:
    """The entry of a number in its block; None where a redaction erased or carried it."""
    if link.body is None or any(draft.number for draft in link.drafts):
        return None
    draft = link.drafts[seq - link.first]
    return Entry(seq, draft.kind, draft.table, draft.row, draft.cells, draft.origin)


def as_written(
    links: list[Link], last: int, hash: str, where: str, *, check: bool = True
) -> list[Link]:
    """The blocks of a store whose last entry and hash are noted; ChainBroken where they disagree."""
    beyond = links[-1].last if links else 0
    if beyond != last:
        raise ChainBroken(
            min(beyond, last) + 1, f"there should be {last} entries, not {beyond}", where
        )
    broken = verify(links, expected_root=f"sha256:{hash}", where=where) if check else None
    if broken:
        raise broken
    return links


def check_upto(upto: int | None, last: int, where: str) -> None:
    """Refuse a reading as at an entry that is not there yet."""
    if upto is not None and not 0 <= upto <= last:
        raise LedgerError(
            f"there is no entry {upto}: the last is {last}", where, f"choose one from 0 to {last}"
        )


class MemoryStore:
    """A ledger that lives as long as the program: for what-ifs, and for tests.

    >>> from controltotal.ledger.entries import Narration, put
    >>> store, act = MemoryStore(), Posting(Narration("r1"), (put("lines", 2, [("line", "pay")]),))
    >>> store.append([act], expected=0)[0].entry, store.append([act], expected=0)[0].repeated
    (1, True)
    >>> [entry.cells for entry in store.read()]
    [(('line', 'pay'),)]
    """

    def __init__(self, links: Iterable[Link] = (), *, sealer: Sealer | None = None) -> None:
        self._where = "ledger in memory"
        self._links = list(links)
        self._sealer = sealer or Sealer()
        broken = verify(self._links, where=self._where)
        if broken:
            raise broken
        self._receipts: dict[str, Receipt] = {}
        self._note(self._links)
        self._lock = threading.RLock()

    def _note(self, sealed: Iterable[Link]) -> None:
        """Keep the receipts of the acts of some blocks."""
        redaction = ""
        for link in sealed:
            if link.body is None:
                continue
            request = link.body.narration.request
            if link.kind == REDACT:
                redaction = request
            if any(draft.number for draft in link.drafts):
                request = redaction  # carried by it
            key = request_key(request)
            first = self._receipts[key].first if key in self._receipts else link.first
            self._receipts[key] = Receipt(link.last, f"sha256:{link.hash}", request, first)

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        """See `Store.append`."""
        batch = list(postings)
        for posting in batch:
            check_posting(posting)
        with self._lock:
            known = {}
            for posting in batch:
                receipt = self.receipt(posting.narration.request)
                if receipt is not None:
                    known[receipt.request] = (receipt, posting_of(self._of(receipt)))
            new = fresh_postings(batch, known, self._where)
            last, hash = self.last()
            if (new or not known) and expected != last:
                raise Clash(expected, last, self._where)
            sealed = self._sealer.seal(new, last, hash)
            entries = entries_of(self._links)
            withdrawn = {entry.withdraws for entry in entries if entry.kind == WITHDRAW}
            check_withdrawals(sealed, lambda seq: _at(entries, seq), withdrawn.__contains__)
            self._links.extend(sealed)
            self._note(sealed)
            return receipts(batch, sealed, {name: one for name, (one, _) in known.items()})

    def _of(self, receipt: Receipt) -> list[Link]:
        return [link for link in self._links if receipt.first <= link.first <= receipt.entry]

    def redact(self, erasure: Erasure) -> Receipt:
        """See `Store.redact`."""
        with self._lock:
            known = self.receipt(erasure.narration.request)
            if known is not None:
                return acknowledged(known, self._of(known), erasure, self._where)
            made, gone = redacted(self._links, erasure, self._sealer)
            self._links = [
                replace(link, salt="", body=None) if link.first in gone else link
                for link in self._links
            ]
            self._links.extend(made)
            self._note(made)
            request = erasure.narration.request
            return receipt_of(made, request)

    def receipt(self, request: str) -> Receipt | None:
        """See `Store.receipt`."""
        found = self._receipts.get(request_key(request))
        return replace(found, request=request) if found is not None else None

    def links(self, after: int = 0) -> list[Link]:
        """See `Store.links`."""
        with self._lock:
            return [link for link in self._links if link.first > after]

    def whole(self, *, check: bool = True) -> list[Link]:
        """See `Store.whole`. Blocks in memory were verified when they came in."""
        return self.links()

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        with self._lock:
            check_upto(upto, self.last()[0], self._where)
            return entries_of(self._links)[:upto]

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock:
            return (self._links[-1].last, self._links[-1].hash) if self._links else (0, GENESIS)

    def requests(self) -> list[Noted]:
        """See `Store.requests`."""
        return [(key, r.first, r.entry, r.root[7:]) for key, r in self._receipts.items()]

    def adopt(self, links: Sequence[Link], requests: Sequence[Noted]) -> None:
        """See `Store.adopt`."""
        with self._lock:
            last, hash = self.last()
            if last:
                raise Clash(0, last, self._where)
            tail = (links[-1].last, links[-1].hash) if links else (0, hash)
            self._links = as_written(list(links), *tail, self._where)
            self._receipts = {
                key: Receipt(entry, f"sha256:{found}", "", first)
                for key, first, entry, found in requests
            }

    def close(self) -> None:
        """Nothing to let go of."""


def _at(entries: Sequence[Entry], seq: int) -> Entry | None:
    return entries[seq - 1] if 1 <= seq <= len(entries) else None
