"""The desk at which an act is done: the ledger open, the book as it stands, the rows prepared.

An act is tested against the book as it stands, then put into the ledger in one batch: whole or not at
all, and only if nobody has written in the meantime. The book as it would be is read before anything
is written, and a new fault in it refuses the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

from controltotal.book.fold import Position, fold
from controltotal.book.records import Scheme
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.errors import BookError
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.ledger.entries import GENESIS, chain, check_draft, put, withdraw
from controltotal.ledger.source import BookSource
from controltotal.programme.names import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controltotal.ledger.entries import Draft, Entry
    from controltotal.ledger.store import Store


class ActRefused(BookError):
    """An act that the rules do not allow; nothing was written."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act wrote: first and last entry, the root there, and what else follows from it."""

    first: int
    last: int
    root: str
    notices: tuple[str, ...] = ()


@dataclass
class Desk:
    """A ledger open for one act: the position as it stands, and the entries prepared so far."""

    store: Store
    entries: list[Entry]
    position: Position
    by: str
    on: date
    why: str
    drafts: list[Draft] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def put(self, table: str, cells: Mapping[str, str]) -> None:
        """Prepare a new row."""
        used = [e.row for e in self.entries if e.table == table]
        used += [d.row for d in self.drafts if d.table == table]
        number = max(used, default=1) + 1
        seq = len(self.entries) + len(self.drafts) + 1
        self.drafts.append(
            put(
                table,
                number,
                cells.items(),
                id=self._id(seq, table, number, *cells.values()),
                by=self.by,
                on=self.on.isoformat(),
                why=self.why,
            )
        )

    def withdraw(self, entry: Entry) -> None:
        """Prepare the withdrawal of a row."""
        seq = len(self.entries) + len(self.drafts) + 1
        self.drafts.append(
            withdraw(
                entry,
                id=self._id(seq, "withdraw", entry.seq),
                by=self.by,
                on=self.on.isoformat(),
                why=self.why,
            )
        )

    def _id(self, seq: int, what: str, number: int, *texts: str) -> str:
        """The id of an entry: its place and what it says, so that another's act is never repeated."""
        said = "\0".join((*texts, self.by, self.on.isoformat(), self.why))
        return f"act/{seq}/{what}/{number}/{sha256(said.encode()).hexdigest()[:12]}"

    def scheme(self, code: str) -> Scheme:
        """A scheme of the book, or a refusal."""
        for row in self.position.book.schemes:
            if row.id == code:
                return row
        known = sorted(row.id for row in self.position.book.schemes)
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "propose it first"
        raise ActRefused(f"there is no scheme {code}", "schemes", hint)

    def finish(self) -> Done:
        """Read the book as it would be; write if the new rows are without fault."""
        for draft in self.drafts:
            check_draft(draft)
        last = self.entries[-1] if self.entries else None
        new = chain(self.drafts, last.seq if last else 0, last.hash if last else GENESIS)
        after = folded([*self.entries, *new])
        said = {(f.code, f.where, f.message) for f in self.position.findings}
        before = {(f.code, place) for f in self.position.findings for place in f.at}
        for finding in after.findings:
            known = finding.at and all((finding.code, place) in before for place in finding.at)
            known = known or (finding.code, finding.where, finding.message) in said
            if finding.severity == "error" and not known:
                raise ActRefused(finding.message, finding.place, finding.action)
        done = self.store.append(self.drafts, len(self.entries))
        return Done(done.first, done.last, done.root, tuple(self.notices))


def folded(entries: Iterable[Entry]) -> Position:
    return fold(BookSource("ledger", list(entries), (), {}, {}))


@contextmanager
def open_desk(ledger: str | Store, by: str, on: date | str, why: str) -> Iterator[Desk]:
    """The desk of one act; the ledger is let go of afterwards where it was opened here."""
    if not person(by):
        raise ActRefused("an act needs the name of who does it", "the act", "say --by NAME")
    try:
        day = parse_date(on) if isinstance(on, str) else on
    except CalendarError as error:
        raise ActRefused(f"the day reads {on!r}", "the act", f"give {error.expected}") from error
    store = _open(ledger) if isinstance(ledger, str) else ledger
    try:
        entries = store.read()
        yield Desk(store, entries, folded(entries), " ".join(by.split()), day, why)
    finally:
        if isinstance(ledger, str):
            store.close()


def _open(address: str) -> Store:
    if not is_ledger_address(address):
        raise ActRefused(
            "acts are kept in a ledger, and this is a folder or a workbook",
            address,
            f"make one: controltotal convert {address} sqlite:///BOOK.ledger",
        )
    return open_ledger(address, must_exist=True)
