"""The desk: the only way in which a book that is a ledger changes.

An act is asked for by somebody, on a day, for a reason, under a request of its own. The desk judges it
against the book as it then stands, reads the book as it would be, and refuses it for all that is wrong
with it at once; or writes its rows in one go and gives a receipt. The same request gives the same
receipt, however often it is sent. Where a person says which rows they had seen, a row that somebody
has changed since is never written over: they get what it was, what it is and what they meant.

One desk serves a ledger: it takes whatever is waiting, judges each act after the one before it, and
writes the group at once. Where another program has written, it reads that and judges again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NotRequired, TypeAlias, TypedDict
from uuid import uuid4

from controltotal.acts.actors import Actor, local_actor, permits
from controltotal.acts.bench import ActRefused, Bench, NotPermitted, Refusal, RowClash
from controltotal.book.fold import Position, fold
from controltotal.book.row_keys import Touched, key_part, row_key
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.ledger.chain import GENESIS, Link, entries_of, verify
from controltotal.ledger.entries import (
    PUT,
    REDACT,
    Cells,
    Draft,
    Entry,
    Narration,
    Posting,
    check_posting,
)
from controltotal.ledger.errors import Clash, LedgerError, RequestReused
from controltotal.ledger.redaction import Erasure, erasure_of
from controltotal.programme.names import person
from controltotal.sources.books import of_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controltotal.ledger.store import Receipt, Store

    Ledger: TypeAlias = "str | Store | Desk"

ASK: Final = "ask for the office, or let its holder do it"
"""What somebody does who may not do an act."""
TRIES: Final = 20
"""How often a group is judged again because another program wrote first."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act wrote: first and last entry, the root there, and what else follows from it.

    `request` is its own; `repeated` says that it had been done before.
    """

    first: int
    last: int
    root: str
    notices: tuple[str, ...] = ()
    request: str = ""
    repeated: bool = False

    @property
    def receipt(self) -> dict[str, object]:
        """What is kept to show that it was done."""
        return {"entry": self.last, "root": self.root, "request": self.request}


class How(TypedDict):
    """Who does an act, on which day, why, under which request, which rows were seen, what it says.

    `by` is a name, or an actor with grants. `request` is made where none is given. `seen` maps the
    key of a row to the entry that was seen of it. `fields` are the columns by which a request that
    is sent again is known to ask for the same.
    """

    by: str | Actor
    on: date | str
    why: NotRequired[str]
    request: NotRequired[str]
    seen: NotRequired[Mapping[str, int] | None]
    fields: NotRequired[Mapping[str, str]]


Judge = Callable[[Bench], None]
"""An act: it prepares rows on the bench, or refuses. It reads the book and writes nothing."""


Erases = Callable[[Bench, Sequence[str]], Mapping[int, Cells]]
"""What judges a redaction: the numbers asked for, to those that are erased with what stays of each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An act that somebody asks for."""

    act: str
    judge: Judge
    actor: Actor
    on: date
    why: str
    request: str
    seen: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def narration(self, role: str) -> Narration:
        """What is said of every row that it writes."""
        author = self.actor.author(role)
        return Narration(self.request, self.act, author, self.on.isoformat(), self.why)


@dataclass
class _Waiting:
    asked: Asked
    done: Done | None = None
    error: Exception | None = None

    @property
    def settled(self) -> bool:
        return self.done is not None or self.error is not None


class Desk:
    """The desk of one ledger, kept for as long as acts come; any number of threads may ask at once.

    >>> from controltotal.ledger.store import MemoryStore
    >>> desk = Desk(MemoryStore())
    >>> desk.position.ref.entry
    0
    """

    def __init__(self, store: Store, today: Callable[[], date] | None = None) -> None:
        self.store = store
        self._today = today or _today
        self._links: list[Link] = []
        self._entries: list[Entry] = []
        self._touched: Touched | None = None
        self._position: Position | None = None
        self._queue: list[_Waiting] = []
        self._taking = threading.Lock()
        self._serving = threading.Lock()

    def today(self) -> date:
        """The day on which it is kept: no act is dated after it."""
        return self._today()

    @property
    def position(self) -> Position:
        """The book as it stands."""
        with self._serving:
            return self._refreshed()

    def _refreshed(self) -> Position:
        """Take in what was written since: only new blocks are read, and verified from the last."""
        last, hash = self.store.last()
        known, known_hash = (self._links[-1].last, self._links[-1].hash) if self._links else (0, "")
        if self._position is not None and (last, hash) == (known, known_hash or hash):
            return self._position
        more = self.store.links(known)
        broken = verify(more, after_seq=known, previous_hash=known_hash or GENESIS)
        if broken:
            raise broken
        if any(link.kind == REDACT for link in more):  # what was read before may be erased
            self._links, more = [], self.store.whole()
        self._take(more)
        self._position = folded(self._entries, self._links)
        return self._position

    def _take(self, more: Sequence[Link]) -> None:
        self._links += more
        if any(link.body is None or link.kind == REDACT for link in more):
            self._entries, self._touched = entries_of(self._links), None
            return
        fresh = entries_of(more, len(self._entries))
        self._entries = [*self._entries, *fresh]
        if self._touched is not None:
            self._touched.add(fresh)

    def _touched_by(self, entries: Sequence[Entry]) -> Touched:
        """Which entry touched each row last, of all entries or with those that wait to be written."""
        if self._touched is None:
            self._touched = Touched(self._entries)
        return self._touched if len(entries) == len(self._entries) else Touched(entries)

    def ask(self, asked: Asked) -> Done:
        """Do an act: a receipt, or ActRefused (RowClash, NotPermitted) with nothing written."""
        waiting = _Waiting(asked)
        with self._taking:
            self._queue.append(waiting)
        with self._serving:  # whoever comes first serves all who wait
            if not waiting.settled:
                with self._taking:
                    batch, self._queue = self._queue, []
                self._serve(batch)
        if waiting.error is not None:
            raise waiting.error
        if waiting.done is None:
            raise LedgerError("the act was not taken up", "the desk", "send it again")
        return waiting.done

    def _serve(self, batch: Sequence[_Waiting]) -> None:
        """Judge a group one act after another, and write it at once."""
        try:
            for _ in range(TRIES):
                try:
                    return self._write(batch)
                except Clash:  # another program wrote first: what it wrote is judged by
                    continue
            raise LedgerError(
                "other programs are writing all the time", "the ledger", "send it again in a moment"
            )
        except BaseException as error:
            self._position = None
            for one in batch:
                if not one.settled:
                    one.error = error if isinstance(error, Exception) else None
            if not isinstance(error, Exception):
                raise

    def _write(self, batch: Sequence[_Waiting]) -> None:
        position = self._refreshed()
        entries = list(self._entries)
        ready: list[tuple[_Waiting, Posting, tuple[str, ...]]] = []
        twice: list[_Waiting] = []
        for one in batch:
            if any(posting.narration.request == one.asked.request for _, posting, _ in ready):
                twice.append(one)  # sent again while it is being done
                continue
            try:
                one.done = self._done_before(one.asked)
                if one.done is not None:
                    continue
                touched = self._touched_by(entries) if one.asked.seen else Touched()
                bench, posting, after = judged(one.asked, entries, position, touched, self._today())
            except Exception as error:  # a fault of one act is its own, and the others go on
                one.error = error
                continue
            entries, position = list(after.daybook), after
            ready.append((one, posting, tuple(bench.notices)))
        if not ready:
            return
        answers = self.store.append([p for _, p, _ in ready], len(self._entries))
        for (one, _, notices), receipt in zip(ready, answers, strict=True):
            one.done = _done(receipt, notices)
        known_hash = self._links[-1].hash if self._links else GENESIS
        more = self.store.links(self._links[-1].last if self._links else 0)
        self._position = None
        if verify(more, after_seq=len(self._entries), previous_hash=known_hash) is None:
            self._take(more)
            if self._links[-1].last == position.ref.entry:  # nobody wrote after this group
                self._position = _as_stored(position, self._entries, self._links[-1].hash)
        for one in twice:
            try:
                one.done = self._done_before(one.asked)
            except LedgerError as error:
                one.error = error

    def erase(self, asked: Asked, judge: Erases) -> Done:
        """Erase the words of some rows; ActRefused with nothing erased."""
        with self._serving:
            position = self._refreshed()
            known = self._done_before(asked)
            if known is not None:
                wrote = (link for link in self._links if known.first <= link.first <= known.last)
                written = erasure_of(wrote)
                if written is not None:  # it is recorded; sent again, it ends the erasing
                    self.store.redact(written)
                return known
            _not_ahead(asked, self._today())
            bench = Bench(self._entries, position, asked.actor, asked.on, asked.why, asked.act)
            rows = judge(bench, asked.fields["entry"].replace(";", " ").split())
            drafts = [self._entries[number - 1].draft for number in rows]
            role, why_not = permits(
                asked.actor, asked.act, drafts, asked.on, position, self._today()
            )
            if why_not:
                raise NotPermitted(why_not, "the act", ASK)
            receipt = self.store.redact(Erasure(asked.narration(role), rows))
            self._links, self._entries = [], []
            self._position = self._touched = None
            return _done(receipt, ("what rested on it can no longer be told",))

    def _done_before(self, asked: Asked) -> Done | None:
        """The receipt of a request that was done; RequestReused where it asked for something else."""
        receipt = self.store.receipt(asked.request)
        if receipt is None:
            return None
        wrote = self._entries[receipt.first - 1 : receipt.entry]
        acts = {e.narration.act for e in wrote if e.narration.request == asked.request}
        if acts and not (acts == {asked.act} and _says(wrote, asked.fields)):
            raise RequestReused(asked.request, receipt.entry)
        return _done(replace(receipt, repeated=True), ())


def _says(wrote: Sequence[Entry], fields: Mapping[str, str]) -> bool:
    """Whether what an act wrote says each of the fields that a column bears."""
    rows = [(entry.table, dict(entry.cells)) for entry in wrote if entry.kind == PUT]
    for column, text in fields.items():
        said = [
            key_part(table, column, row[column]) == key_part(table, column, text)
            for table, row in rows
            if column in row
        ]
        if said and not any(said):
            return False
    return True


def _done(receipt: Receipt, notices: tuple[str, ...]) -> Done:
    return Done(
        receipt.first, receipt.entry, receipt.root, notices, receipt.request, receipt.repeated
    )


def judged(
    asked: Asked, entries: Sequence[Entry], position: Position, touched: Touched, today: date
) -> tuple[Bench, Posting, Position]:
    """An act judged against a book: its bench, what it would write, and the book as it would be.

    ActRefused with everything that is wrong with it; nothing is written here.
    """
    _not_ahead(asked, today)
    bench = Bench(entries, position, asked.actor, asked.on, asked.why, asked.act)
    moved = [key for key, seen in asked.seen.items() if touched.last.get(key, 0) != seen]
    try:
        asked.judge(bench)
        bench.settle()
    except ActRefused:
        if moved:
            raise _clash(moved[0], asked, bench, entries, touched) from None
        raise
    except CalendarError as error:
        raise ActRefused(str(error), "the act", f"give {error.expected}") from error
    mine = {_key_of(draft, touched) for draft in bench.drafts} if moved else set()
    for key in moved:
        if key in mine:
            raise _clash(key, asked, bench, entries, touched)
    rows = _rows(bench, entries)
    role, why_not = permits(asked.actor, asked.act, rows, asked.on, position, today)
    if why_not:
        raise NotPermitted(why_not, "the act", ASK)
    narration = asked.narration(role)
    posting = Posting(narration, tuple(bench.drafts))
    try:
        check_posting(posting)
    except LedgerError as error:
        raise ActRefused(error.what, error.where, error.action) from error
    after = folded([*entries, *bench.after(narration)], ())
    _refuse_new_faults(position, after)
    return bench, posting, after


def _not_ahead(asked: Asked, today: date) -> None:
    """Refuse an act that is dated on a day still to come."""
    if asked.on > today:
        raise ActRefused(
            f"{asked.on} is still to come", "the act", "date the act on its own day, or before it"
        )


def _rows(bench: Bench, entries: Sequence[Entry]) -> list[Draft]:
    """The rows of an act as they are put, and those that it withdraws as they were."""
    return [entries[d.withdraws - 1].draft if d.withdraws else d for d in bench.drafts]


def _key_of(draft: Draft, touched: Touched) -> str:
    if draft.kind == PUT:
        return row_key(draft.table, dict(draft.cells))
    return touched.key(draft.withdraws)


def _clash(
    key: str, asked: Asked, bench: Bench, entries: Sequence[Entry], touched: Touched
) -> RowClash:
    """What a row was when it was seen, what it says now, and what the act would make of it."""
    seen, last = asked.seen[key], touched.last.get(key, 0)
    base = dict(entries[seen - 1].cells) if 1 <= seen <= len(entries) else None
    now = touched.said.get(key)
    mine = [d for d in bench.drafts if d.kind == PUT and row_key(d.table, dict(d.cells)) == key]
    by = entries[last - 1].by if last else ""
    return RowClash(
        key, base, dict(now.cells) if now else None, dict(mine[-1].cells) if mine else None, by
    )


def _as_stored(position: Position, entries: Sequence[Entry], hash: str) -> Position:
    """A position that was folded before it was written, with the entries as the store has them."""

    def stored(found: Mapping[int, Entry]) -> dict[int, Entry]:
        return {key: entries[entry.seq - 1] for key, entry in found.items()}

    return replace(
        position,
        ref=replace(position.ref, root=f"sha256:{hash}"),
        entries=stored(position.entries),
        replaced_entries=stored(position.replaced_entries),
        withdrawals=stored(position.withdrawals),
        daybook=list(entries),
    )


def _refuse_new_faults(before: Position, after: Position) -> None:
    """Refuse an act for every fault of the book as it would be that it does not have already."""
    said = {(f.code, f.where, f.message) for f in before.findings}
    places = {(f.code, place) for f in before.findings for place in f.at}
    found = []
    for finding in after.findings:
        known = finding.at and all((finding.code, place) in places for place in finding.at)
        known = known or (finding.code, finding.where, finding.message) in said
        if finding.severity == "error" and not known:
            found.append(Refusal(finding.message, finding.place, finding.action))
    if found:
        one, *more = found
        raise ActRefused(one.what, one.where, one.action, *more)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def folded(entries: Iterable[Entry], links: Sequence[Link] = ()) -> Position:
    """The book that some entries make."""
    return fold(of_ledger("ledger", list(entries), links))


def done(ledger: str | Store | Desk, act: str, judge: Judge, how: How) -> Done:
    """Do an act in a ledger: at its desk, or at one that is opened for it."""
    asked = asked_of(act, judge, how)
    with at_desk(ledger) as desk:
        return desk.ask(asked)


def asked_of(act: str, judge: Judge, how: How) -> Asked:
    """An act as the desk takes it; refused where nobody does it or its day cannot be read."""
    by, on = how["by"], how["on"]
    actor = by if isinstance(by, Actor) else local_actor(" ".join(by.split()))
    if not person(by if isinstance(by, str) else by.name):
        raise ActRefused("an act needs the name of who does it", "the act", "say --as NAME")
    try:
        day = parse_date(on) if isinstance(on, str) else on
    except CalendarError as error:
        raise ActRefused(f"the day reads {on!r}", "the act", f"give {error.expected}") from error
    request = how.get("request") or str(uuid4())
    seen = how.get("seen") or {}
    return Asked(act, judge, actor, day, how.get("why", ""), request, seen, how.get("fields") or {})


@contextmanager
def at_desk(ledger: str | Store | Desk) -> Iterator[Desk]:
    """The desk of a ledger, which is let go of afterwards where it was opened here."""
    if isinstance(ledger, Desk):
        yield ledger
        return
    store = _open(ledger) if isinstance(ledger, str) else ledger
    try:
        yield Desk(store)
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
