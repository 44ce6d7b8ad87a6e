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
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NotRequired, TypeAlias, TypedDict
from uuid import uuid4

from controltotal.acts.actors import Actor, local_actor
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.judging import Asked, Judge, judged, office_of, refuse_ahead
from controltotal.acts.repeats import is_own, is_same
from controltotal.book.fold import Position, advance, fold, recorded
from controltotal.book.row_keys import Touched
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.errors import Cancelled
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.ledger.chain import GENESIS, Link, entries_of, verify
from controltotal.ledger.entries import (
    REDACT,
    Cells,
    Entry,
    Posting,
    collector_paused,
)
from controltotal.ledger.errors import Clash, LedgerError, RequestReused
from controltotal.ledger.redaction import Erasure, erasure_of
from controltotal.programme.names import person
from controltotal.sources.books import of_store
from controltotal.workings.workings import Workings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controltotal.ledger.store import Receipt, Store

    Ledger: TypeAlias = "str | Store | Desk"

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
    is sent again is known to ask for the same. `dated` says whether the day was given, or is today's
    for want of one.
    """

    by: str | Actor
    on: date | str
    why: NotRequired[str]
    request: NotRequired[str]
    seen: NotRequired[Mapping[str, int] | None]
    fields: NotRequired[Mapping[str, str]]
    file: NotRequired[str]
    dated: NotRequired[bool]


Erases = Callable[[Bench, Sequence[str]], Mapping[int, Cells]]
"""What judges a redaction: the numbers asked for, to those that are erased with what stays of each."""


@dataclass
class _Waiting:
    asked: Asked
    within: Context = field(default_factory=copy_context)
    """The work of which the act is a part: whoever serves it, nobody else's cancelling stops it."""
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
        self._last, self._hash = 0, GENESIS
        self._touched: Touched | None = None
        self._position: Position | None = None
        self._shown: Position | None = None
        self._queue: list[_Waiting] = []
        self._taking = threading.Lock()
        self._serving = threading.Lock()

    def today(self) -> date:
        """The day on which it is kept: no act is dated after it."""
        return self._today()

    @property
    def position(self) -> Position:
        """The book as it stands; while acts are judged, as it stood before them: nobody waits."""
        if self._serving.acquire(blocking=self._shown is None):
            try:
                return self._refreshed()
            finally:
                self._serving.release()
        shown = self._shown
        return shown if shown is not None else self.position

    def _refreshed(self) -> Position:
        """Take in what was written since: only new blocks are read, and verified from the last."""
        self._shown = self._read_on()
        return self._shown

    def _read_on(self) -> Position:
        last, hash = self.store.last()
        if self._position is not None and (last, hash) == (self._last, self._hash):
            return self._position
        more = self._since_last() if self._position is not None else []
        if any(link.kind == REDACT for link in more):
            self._forget()
        if not more or self._position is None:
            # nothing was read yet, words were erased, or another ledger was put in its place
            with collector_paused():
                source = of_store(self.store, "ledger")
                position = fold(source)
            self._last, self._hash = len(source.entries), source.root.removeprefix("sha256:")
            self._touched, self._position = None, position
            return position
        fresh = entries_of(more, self._last)
        return self._take(more, fresh, advance(self._position, fresh, f"sha256:{more[-1].hash}"))

    def _since_last(self) -> list[Link]:
        """The blocks that were written since, each verified; none where they do not follow on."""
        more = self.store.links(self._last)
        return [] if verify(more, after_seq=self._last, previous_hash=self._hash) else more

    def _take(self, more: Sequence[Link], fresh: Sequence[Entry], position: Position) -> Position:
        """Know new blocks from now on, and the book with them: all of it or, if stopped, nothing."""
        self._last, self._hash = more[-1].last, more[-1].hash
        if self._touched is not None:
            self._touched.add(fresh)
        self._position = position
        return position

    def _forget(self) -> None:
        """Keep nothing of what was read, for words of it were erased."""
        self._position = self._shown = self._touched = None

    def _touched_by(self, entries: Sequence[Entry]) -> Touched:
        """Which entry touched each row last, of all entries or with those that wait to be written."""
        if self._touched is None:
            self._touched = Touched(entries[: self._last])
        return self._touched if len(entries) == self._last else Touched(entries)

    def ask(self, asked: Asked) -> Done:
        """Do an act: a receipt, or ActRefused (RowClash, NotPermitted) with nothing written."""
        waiting = _Waiting(asked)
        with self._taking:
            self._queue.append(waiting)
        with self._serving:  # whoever comes first serves all who wait
            if not waiting.settled:
                with self._taking:
                    batch, self._queue = self._queue, []
                self._serve(batch, waiting)
        if waiting.error is not None:
            raise waiting.error
        if waiting.done is None:
            raise LedgerError("the act was not taken up", "the desk", "send it again")
        return waiting.done

    def _serve(self, batch: Sequence[_Waiting], own: _Waiting) -> None:
        """Judge a group one act after another, and write it at once; `own` is of who serves."""
        try:
            for _ in range(TRIES):
                try:
                    return self._write(batch)
                except Clash:  # another program wrote first: what it wrote is judged by
                    continue
            raise LedgerError(
                "other programs are writing all the time", "the ledger", "send it again in a moment"
            )
        except Cancelled as error:  # who serves was stopped: the next of those who wait serves
            if not own.settled:
                own.error = error
            with self._taking:
                self._queue = [*(one for one in batch if not one.settled), *self._queue]
        except BaseException as error:
            self._position = None
            for one in batch:
                if not one.settled:
                    one.error = error if isinstance(error, Exception) else None
            if not isinstance(error, Exception):
                raise

    def _write(self, batch: Sequence[_Waiting]) -> None:
        before = position = self._refreshed()
        ready: list[tuple[_Waiting, Posting, tuple[str, ...]]] = []
        twice: list[_Waiting] = []
        for one in batch:
            if any(posting.narration.request == one.asked.request for _, posting, _ in ready):
                twice.append(one)  # sent again while it is being done
                continue
            one.error = None  # of an earlier try, before what another program wrote
            try:
                one.done = self._done_before(one.asked)
                if one.done is not None:
                    continue
                seen = one.asked.seen
                touched = self._touched_by(position.daybook) if seen else Touched()
                today = self._today()
                bench, posting, after = one.within.run(judged, one.asked, position, touched, today)
            except Exception as error:  # a fault of one act is its own, and the others go on
                one.error = error
                continue
            position = after
            ready.append((one, posting, tuple(bench.notices)))
        if not ready:
            return
        answers = self.store.append([p for _, p, _ in ready], before.ref.entry)
        for (one, _, notices), receipt in zip(ready, answers, strict=True):
            one.done = _done(receipt, notices)
        self._written(position)
        for one in twice:
            try:
                one.done = self._done_before(one.asked)
            except LedgerError as error:
                one.error = error

    def _written(self, position: Position) -> None:
        """Keep the position that was judged as the book that stands, where that is what was written."""
        more = self._since_last()
        if more and more[-1].last == position.ref.entry:  # nobody wrote after this group
            fresh = entries_of(more, self._last)
            stored = recorded(position, fresh, f"sha256:{more[-1].hash}")
            self._shown = self._take(more, fresh, stored)

    def erase(self, asked: Asked, judge: Erases) -> Done:
        """Erase the words of some rows; ActRefused with nothing erased."""
        with self._serving:
            position = self._refreshed()
            known = self._done_before(asked)
            if known is not None:
                wrote = self.store.links(known.first - 1)
                written = erasure_of(link for link in wrote if link.first <= known.last)
                if written is not None:  # it is recorded; sent again, it ends the erasing
                    self.store.redact(written)
                return known
            refuse_ahead(asked, self._today())
            workings = Workings(position)
            office_of(asked, (), workings, self._today())
            bench = Bench(position, asked.actor, asked.on, asked.why, asked.act)
            rows = judge(bench, asked.fields["entry"].replace(";", " ").split())
            drafts = [position.daybook[number - 1].draft for number in rows]
            role = office_of(asked, drafts, workings, self._today())
            try:
                receipt = self.store.redact(Erasure(asked.narration(role), rows))
            finally:  # it may be recorded though the erasing has not ended
                self._forget()
            return _done(receipt, ("what rested on it can no longer be told",))

    def _done_before(self, asked: Asked) -> Done | None:
        """The receipt of a request that was done; RequestReused where it asked for something else.

        Of a request that somebody else sent nothing is told but that it was used.
        """
        receipt = self.store.receipt(asked.request)
        if receipt is None:
            return None
        known = self._position.daybook if self._position is not None else ()
        wrote = known[receipt.first - 1 : receipt.entry]
        wrote = [entry for entry in wrote if entry.narration.request == asked.request]
        if not is_own(wrote, asked.actor.subject):
            raise RequestReused(asked.request)
        if wrote and not is_same(known, wrote, asked.act, asked.fields):
            raise RequestReused(asked.request, receipt.entry)
        return _done(replace(receipt, repeated=True), ())


def _done(receipt: Receipt, notices: tuple[str, ...]) -> Done:
    return Done(
        receipt.first, receipt.entry, receipt.root, notices, receipt.request, receipt.repeated
    )


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


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
    fields, file = how.get("fields") or {}, how.get("file", "")
    dated = how.get("dated", True)
    return Asked(act, judge, actor, day, how.get("why", ""), request, seen, fields, file, dated)


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
