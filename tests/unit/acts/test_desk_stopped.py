"""A desk whose work is cut off: nothing half known, nobody else stopped, nothing written and denied."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable
from datetime import date

import pytest

from controltotal import acts
from controltotal.acts import ActRefused, Desk
from controltotal.acts.bench import Bench
from controltotal.acts.desk import done
from controltotal.core.errors import Cancelled
from controltotal.core.progress import Progress, working
from controltotal.ledger import columns
from controltotal.ledger.columns import Joined, LedgerBlock
from controltotal.ledger.entries import Author, Draft, Narration, Posting, put
from controltotal.ledger.errors import LedgerError
from controltotal.ledger.redaction import Erasure
from controltotal.ledger.store import MemoryStore, Receipt
from tests.differential.test_advance import from_nothing, told
from tests.ledgers import posting
from tests.strategies import amount

ON = date(2026, 6, 1)


class After(Progress):
    """Stops the work at a check of it: the first, the second, ..."""

    def __init__(self, checks: int) -> None:
        super().__init__()
        self.left = checks

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("the work was stopped", "on request", "ask again")


def body(code: str, row: int) -> Draft:
    return put("organisations", row, [("code", code), ("name", code), ("kind", "provider")])


def money(number: int, code: str = "T1") -> dict[str, str]:
    return dict(amount(code, "pay", number, scenario=f"s{number}", unit="£"))


def ledger() -> MemoryStore:
    store = MemoryStore()
    rows = [put("amounts", 1 + n, money(n).items()) for n in range(1, 6)]
    source = put("sources", 2, [("id", "s-1"), ("file", "A named person.pdf")])
    store.append([posting([body("T1", 2), source, *rows])], 0)
    return store


def write(store: MemoryStore, *drafts: Draft) -> None:
    """What another program writes."""
    MemoryStore.append(store, [posting(drafts)], store.last()[0])


def erased(store: MemoryStore) -> int:
    """The number of the row of which words are erased."""
    return next(entry.seq for entry in store.read() if entry.table == "sources")


def puts(desk: Desk, number: int, code: str = "T1") -> None:
    def judge(bench: Bench) -> None:
        bench.put("amounts", money(number, code))

    done(desk, "say", judge, {"by": "A. Ash", "on": ON})


@pytest.mark.parametrize("checks", range(0, 30, 3))
def test_a_reading_that_was_stopped_is_done_again_by_the_next(checks: int) -> None:
    store = ledger()
    desk = Desk(store)
    assert desk.position.ref.entry == store.last()[0]
    write(store, put("amounts", 20, money(20).items()))
    try:
        with working(After(checks), "reading"):
            assert desk.position.ref.entry == store.last()[0]
    except Cancelled:
        pass
    assert told(desk.position) == told(from_nothing(store))


@pytest.mark.parametrize("checks", range(1, 30, 3))
def test_words_that_another_erased_are_gone_though_the_reading_was_stopped(checks: int) -> None:
    store = ledger()
    desk = Desk(store)
    assert "A named person" in repr(list(desk.position.daybook))
    said = Narration("gone", "redact", Author(name="P. Publisher"), "2026-06-01")
    store.redact(Erasure(said, {erased(store): (("id", "s-1"),)}))
    try:
        with working(After(checks), "reading"):
            assert desk.position.ref.entry
    except Cancelled:
        pass
    assert told(desk.position) == told(from_nothing(store))
    assert "A named person" not in repr(vars(desk)) + repr(list(desk.position.daybook))


class Blocked(MemoryStore):
    """A ledger in which a program writes just before, or whose erasing does not end."""

    between: list[Draft]
    ends = True

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        if more := self.__dict__.pop("between", []):
            write(self, *more)
        return super().append(postings, expected)

    def redact(self, erasure: Erasure) -> Receipt:
        receipt = super().redact(erasure)
        if not self.ends:
            raise LedgerError("another program holds the journal", "the ledger", "send it again")
        return receipt


def test_words_whose_erasing_did_not_end_are_in_no_desk() -> None:
    store = Blocked(ledger().links())
    store.ends = False
    desk = Desk(store)
    assert desk.position.ref.entry
    fields = {"entry": str(erased(store)), "ground": "personal_data_in_error", "second": "B. Birch"}
    with pytest.raises(LedgerError, match="journal"):
        acts.act("redact", desk, fields, "it named a person", "2026-06-01", "A. Ash", "gone")
    assert desk._position is None and desk._shown is None


def together(desk: Desk, *judges: object) -> list[object]:
    """What becomes of acts that wait for one desk and are served as one group."""
    found: list[object] = [None] * len(judges)
    desk._serving.acquire()

    def ask(place: int, judge: object) -> None:
        try:
            with working(PROGRESS.get(place), "an act"):
                how = {"by": "A. Ash", "on": ON}
                found[place] = done(desk, "say", judge, how)  # type: ignore[arg-type]
        except Exception as error:
            found[place] = error

    threads = []
    for place, judge in enumerate(judges):
        threads.append(threading.Thread(target=ask, args=(place, judge)))
        threads[-1].start()
        while len(desk._queue) <= place:
            pass
    desk._serving.release()
    for thread in threads:
        thread.join(20)
    return found


PROGRESS: dict[int, Progress] = {}


def judging(number: int, code: str = "T1", then: object = None) -> object:
    def judge(bench: Bench) -> None:
        bench.put("amounts", money(number, code))
        if callable(then):
            then()

    return judge


@pytest.mark.parametrize("stopped", [0, 1, 2])
def test_an_act_that_is_stopped_stops_no_other_of_its_group(stopped: int) -> None:
    store = ledger()
    desk = Desk(store)
    assert desk.position.ref.entry
    PROGRESS.clear()
    PROGRESS[stopped] = one = Progress()
    judges = [judging(20 + n, then=one.cancel if n == stopped else None) for n in range(3)]
    found = together(desk, *judges)
    assert [isinstance(each, Cancelled) for each in found] == [n == stopped for n in range(3)]
    assert [e for e in found if isinstance(e, Exception)] == [found[stopped]]
    written = {dict(e.cells).get("scenario") for e in store.read()}
    assert {f"s{20 + n}" in written for n in range(3) if n != stopped} == {True}
    assert f"s{20 + stopped}" not in written
    assert told(desk.position) == told(from_nothing(store))


@pytest.mark.parametrize("checks", range(0, 40, 4))
def test_whoever_serves_and_is_stopped_leaves_the_others_to_the_next(checks: int) -> None:
    store = ledger()
    desk = Desk(store)
    assert desk.position.ref.entry
    write(store, put("amounts", 40, money(40).items()))
    PROGRESS.clear()
    PROGRESS[0] = After(1 + checks)  # the first check is before it asks
    found = together(desk, judging(20), judging(21), judging(22))
    assert not any(isinstance(each, Exception) for each in found[1:]), found
    assert told(desk.position) == told(from_nothing(store))
    is_written = any(dict(e.cells).get("scenario") == "s20" for e in store.read())
    assert is_written != isinstance(found[0], Exception)


def test_an_act_that_was_wrong_until_another_program_wrote_is_not_refused_and_written() -> None:
    store = Blocked(ledger().links())
    desk = Desk(store)
    assert desk.position.ref.entry
    PROGRESS.clear()
    store.between = [body("T9", 3)]
    wrong, right = together(desk, judging(20, "T9"), judging(21))
    assert not isinstance(wrong, Exception) and not isinstance(right, Exception)
    with pytest.raises(ActRefused, match="T8"):
        puts(desk, 22, "T8")


@pytest.mark.parametrize("since", [0, 1, 2, 5])
def test_a_ledger_put_back_and_written_on_is_read_as_it_is(since: int) -> None:
    store = ledger()
    desk, old = Desk(store), store.links()
    for number in (20, 21):
        puts(desk, number)
    other = MemoryStore(old)
    for number in range(since):
        write(other, put("amounts", 40 + number, money(40 + number).items()))
    vars(store).update({name: vars(other)[name] for name in ("_links", "_receipts")})
    assert told(desk.position) == told(from_nothing(store))
    puts(desk, 60)
    assert told(desk.position) == told(from_nothing(store))


def test_a_desk_keeps_no_columns_of_acts_gone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "ROWS_FROM", 3)
    desk = Desk(ledger())

    def kept() -> int:
        gc.collect()
        return sum(isinstance(one, LedgerBlock | Joined) for one in gc.get_objects())

    counts = []
    for number in range(30):
        puts(desk, 20 + number)
        assert [row.texts["line"] for row in desk.position.book.amounts][-1] == "pay"
        if number in (9, 29):
            counts.append(kept())
    assert counts[1] <= counts[0]
