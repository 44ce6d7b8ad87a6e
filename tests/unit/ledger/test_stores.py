"""What every store promises: order, clashes, receipts, withdrawals, reading, redaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controltotal.ledger import (
    GENESIS,
    Clash,
    Draft,
    Erasure,
    LedgerError,
    MemoryStore,
    Narration,
    Posting,
    RequestReused,
    Store,
    entries_of,
    in_force,
    open_ledger,
    put,
    root,
    verify,
    withdraw,
)
from controltotal.ledger.entries import CARRIED, PUT, REDACT, REDACTED
from controltotal.ledger.sqlite import SqliteStore
from tests.ledgers import FIXED, posting

Opener = Callable[[], Store]
WORDS = "a name that must not be kept"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the ledger of a test, and opens it again: in memory it is taken over by its blocks."""
    opened: list[Store] = []
    address = request.getfixturevalue("postgres")() if request.param == "postgres" else None

    def open_it() -> Store:
        made: Store
        if request.param == "memory":
            made = MemoryStore(opened[-1].links() if opened else [])
        else:
            for store in opened:
                store.close()
            made = open_ledger(address or tmp_path / "a.ledger")
        opened.append(made)
        return made

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()


def line(number: int, text: str = "pay") -> Draft:
    return put("lines", number, [("line", text)])


def act(request: str, *drafts: Draft, why: str = "") -> Posting:
    return posting(drafts, request=request, by="A. Person", on="2026-05-01", why=why)


# Writing and reading


def test_an_empty_ledger(store: Store) -> None:
    assert isinstance(store, Store)
    assert store.last() == (0, GENESIS)
    assert (store.read(), store.links(), store.whole()) == ([], [], [])
    assert store.append([], expected=0) == []
    assert store.receipt("r1") is None


def test_what_is_appended_is_read_back_in_order(store: Store) -> None:
    first = act("r1", line(2), line(3, "drugs"), why="—£’")
    (answer,) = store.append([first], expected=0)
    assert (answer.first, answer.entry, answer.request, answer.repeated) == (1, 2, "r1", False)
    second = act("r2", line(4, "x" * 100_000), put("facts", 2, [("value", "a\\N\t\n“’”")]))
    (answer,) = store.append([second], expected=2)
    assert (answer.first, answer.entry) == (3, 4)
    entries = store.read()
    assert [entry.draft for entry in entries] == [*first.drafts, *second.drafts]
    assert [entry.narration for entry in entries] == [first.narration] * 2 + [second.narration] * 2
    links = store.whole()
    assert answer.root == root(links) == f"sha256:{store.last()[1]}"
    assert verify(links) is None
    assert entries_of(links) == entries


def test_a_store_writes_the_blocks_that_its_sealer_makes(store: Store) -> None:
    store._sealer = FIXED  # type: ignore[attr-defined]
    acts = [
        act("r1", line(2), line(3)),
        act("r2", line(4)),
        act("r3", Draft("withdraw", "lines", 2, withdraws=1)),
    ]
    store.append(acts[:2], expected=0)
    store.append(acts[2:], expected=3)
    assert store.links() == FIXED.seal(acts)
    assert store.links(after=2) == FIXED.seal(acts)[1:]
    assert {entry.recorded_at for entry in store.read()} == {"2026-11-30T09:00:00Z"}


def test_more_rows_than_a_block_holds_are_two_blocks_without_a_gap(store: Store) -> None:
    rows = [line(number) for number in range(2, 10_003)]
    (answer,) = store.append([act("r1", *rows)], expected=0)
    assert (answer.first, answer.entry) == (1, 10_001)
    assert [(link.first, link.count) for link in store.links()] == [(1, 10_000), (10_001, 1)]
    assert [entry.seq for entry in store.read()] == list(range(1, 10_002))
    assert store.append([act("r1", *rows)], expected=0) == [replace(answer, repeated=True)]


def test_two_ledgers_of_the_same_acts_have_different_roots_and_equal_rows(store: Store) -> None:
    acts = [act("r1", line(2), line(3))]
    other = MemoryStore()
    answers = [one.append(acts, expected=0)[0].root for one in (store, other)]
    assert answers[0] != answers[1]
    assert [e.draft for e in store.read()] == [e.draft for e in other.read()]


def test_reading_as_at_an_entry_within_a_block(store: Store) -> None:
    store.append([act("r1", line(2), line(3), line(4))], expected=0)
    store.append([act("r2", line(5))], expected=3)
    whole = store.read()
    for upto in range(5):
        assert store.read(upto=upto) == whole[:upto]
    links = store.links()
    assert root(links, 2) == root(links, 3) != root(links, 4)
    for missing in (5, -1):
        with pytest.raises(LedgerError, match="the last is 4"):
            store.read(upto=missing)


def test_a_ledger_opened_again_is_the_same(opener: Opener) -> None:
    store = opener()
    store.append([act("r1", line(2), line(3)), act("r2", line(4))], expected=0)
    store.redact(Erasure(Narration("red"), {1: ()}))
    said = store.links(), store.read(), store.last(), store.receipt("r2"), store.receipt("red")
    again = opener()
    assert again is not store
    assert (again.links(), again.read(), again.last()) == said[:3]
    assert (again.receipt("r2"), again.receipt("red")) == said[3:]


# Clashes and requests


def test_a_writer_who_has_not_seen_the_last_entry_is_refused(store: Store) -> None:
    store.append([act("r1", line(2), line(3))], expected=0)
    for stale in (0, 1, 3, -1):
        with pytest.raises(Clash) as raised:
            store.append([act("r2", line(4))], expected=stale)
        assert (raised.value.expected, raised.value.actual) == (stale, 2)
    with pytest.raises(Clash):
        store.append([], expected=0)
    assert len(store.read()) == 2


def test_the_same_request_has_the_same_receipt_however_often_it_is_sent(opener: Opener) -> None:
    store = opener()
    sent = [act("r1", line(2), line(3), put("facts", 2, []))]
    (first,) = store.append(sent, expected=0)
    store.append([act("r2", line(4))], expected=3)
    again = [replace(first, repeated=True)]
    assert [store.append(sent, expected=seen) for seen in (0, 4, 99)] == [again] * 3
    assert store.receipt("r1") == first
    assert (first.first, first.entry, first.root) == (1, 3, root(store.links(), 3))
    assert opener().append(sent, expected=0) == again
    assert len(opener().read()) == 4


def test_a_group_gets_a_receipt_for_each_act(store: Store) -> None:
    acts = [act("r1", line(2), put("facts", 2, [])), act("r2", line(3)), act("r3", line(4))]
    answers = store.append(acts, expected=0)
    assert [(a.request, a.first, a.entry) for a in answers] == [
        ("r1", 1, 2),
        ("r2", 3, 3),
        ("r3", 4, 4),
    ]
    links = store.links()
    assert [answer.root for answer in answers] == [root(links, n) for n in (2, 3, 4)]
    assert [store.receipt(name) for name in ("r1", "r2", "r3")] == answers


def test_a_group_that_is_partly_there_adds_only_what_is_new(store: Store) -> None:
    (first,) = store.append([act("r1", line(2))], expected=0)
    group = [act("r2", line(3)), act("r1", line(2)), act("r3", line(4))]
    with pytest.raises(Clash):
        store.append(group, expected=0)
    answers = store.append(group, expected=1)
    assert [(a.entry, a.repeated) for a in answers] == [(2, False), (1, True), (3, False)]
    assert answers[1] == replace(first, repeated=True)
    assert [entry.row for entry in store.read()] == [2, 3, 4]


def test_a_request_for_something_else_is_refused(store: Store) -> None:
    said = act("r1", line(2), line(3), why="x")
    store.append([said], expected=0)
    narration = said.narration
    for changed in (
        act("r1", line(2), why="x"),
        act("r1", line(2), line(3, "drugs"), why="x"),
        act("r1", line(2), line(3), line(4), why="x"),
        act("r1", line(3), line(2), why="x"),
        act("r1", line(2), line(3), why="y"),
        replace(said, narration=replace(narration, on="2026-05-02")),
        replace(said, narration=replace(narration, act="other")),
        replace(said, narration=replace(narration, author=replace(narration.author, role="b"))),
    ):
        with pytest.raises(RequestReused) as raised:
            store.append([act("r9", line(9)), changed], expected=2)
        assert (raised.value.request, raised.value.seq) == ("r1", 2)
    assert (len(store.read()), store.receipt("r9")) == (2, None)


def test_a_request_that_is_twice_in_one_group_is_refused(store: Store) -> None:
    store.append([act("r1", line(2))], expected=0)
    for request in ("r1", "r2"):
        twice = act(request, line(2))
        with pytest.raises(LedgerError, match="twice in one group"):
            store.append([twice, twice], expected=1)
    assert len(store.read()) == 1


def test_many_requests_are_looked_up_in_one_group(store: Store) -> None:
    group = [act(f"r{number}", line(number)) for number in range(2, 1_300)]
    store.append(group, expected=0)
    answers = store.append(group, expected=0)
    assert [answer.entry for answer in answers] == list(range(1, 1_299))
    assert all(answer.repeated for answer in answers)


def test_a_refused_group_leaves_nothing_behind(store: Store) -> None:
    store.append([act("r1", line(2))], expected=0)
    before = store.links(), store.last()
    for bad in (
        act("r3", Draft("withdraw", "lines", 9, withdraws=1)),
        act("r3", Draft("put", "", 4)),
        act("r3"),
        Posting(Narration(""), (line(4),)),
        act("r1", line(9)),
    ):
        with pytest.raises(LedgerError):
            store.append([act("r2", line(3)), bad], expected=1)
        assert (store.links(), store.last()) == before
        assert (store.receipt("r2"), store.receipt("r3")) == (None, None)
    assert store.append([act("r2", line(3))], expected=1)[0].first == 2


# Withdrawals


def test_a_withdrawal_must_name_a_standing_put_of_that_row(store: Store) -> None:
    store.append([act("r1", line(2), line(3))], expected=0)
    first, second = store.read()

    def gone(request: str, **changed: object) -> Posting:
        said = {"table": "lines", "row": 2, "withdraws": 1, **changed}
        return act(request, Draft("withdraw", **said))  # type: ignore[arg-type]

    for bad, reason in [
        (gone("a", withdraws=3), "no entry 3"),
        (gone("a", withdraws=99), "no entry 99"),
        (gone("a", row=3), "not this row"),
        (gone("a", table="facts"), "not this row"),
    ]:
        with pytest.raises(LedgerError, match=reason):
            store.append([bad], expected=2)
    with pytest.raises(LedgerError, match="withdrawn before"):
        store.append([gone("a"), gone("b")], expected=2)
    store.append([act("w", withdraw(first))], expected=2)
    with pytest.raises(LedgerError, match="withdrawn before"):
        store.append([gone("a")], expected=3)
    with pytest.raises(LedgerError, match="itself a withdrawal"):
        store.append([gone("a", withdraws=3)], expected=3)
    answers = store.append([act("b", line(4)), gone("c", row=4, withdraws=4)], expected=3)
    assert answers[-1].entry == 5  # put and withdrawn in one group
    assert in_force(store.read()) == [second]


def test_a_row_of_the_middle_of_a_block_can_be_withdrawn(store: Store) -> None:
    store.append([act("r1", line(2), line(3), line(4))], expected=0)
    store.append([act("r2", withdraw(store.read()[1]))], expected=3)
    assert [entry.row for entry in in_force(store.read())] == [2, 4]
    assert [entry.row for entry in in_force(store.read(), upto=3)] == [2, 3, 4]


# Redaction: the rules are in test_redaction.py, and here that every store keeps them


@pytest.fixture
def noted(store: Store) -> Store:
    """Three notes in one act (1 to 3), of which the second must go, and a line (4)."""
    notes = [put("notes", row, [("id", f"N{row}"), ("text", f"text {row}")]) for row in (2, 3, 4)]
    notes[1] = put("notes", 3, [("id", "N3"), ("text", WORDS)])
    store.append([act("r1", *notes, why="said")], expected=0)
    store.append([act("r2", line(2))], expected=3)
    return store


def erasure(*numbers: int, request: str = "red") -> Erasure:
    return Erasure(Narration(request, "redact", why="law"), dict.fromkeys(numbers, ()))


def test_a_redaction_erases_the_row_and_keeps_the_others_where_they_were(noted: Store) -> None:
    before, old = noted.read(), noted.links()
    done = noted.redact(erasure(2))
    assert (done.first, done.entry, done.repeated) == (5, 7, False)
    after, links = noted.read(), noted.whole()
    assert [e.kind for e in after] == [PUT, REDACTED, PUT, PUT, REDACT, CARRIED, CARRIED]
    assert [after[n] for n in (0, 2, 3)] == [before[n] for n in (0, 2, 3)]
    assert after[0].narration.why == after[2].narration.why == "said"
    assert (after[1].cells, after[1].why) == ((), "law")
    assert [link.hash for link in links[:2]] == [link.hash for link in old]
    assert [root(links, n) for n in range(5)] == [root(old, n) for n in range(5)]
    assert verify(links, expected_root=done.root) is None
    assert WORDS not in repr((after, links))
    assert [noted.read(upto) for upto in range(8)] == [after[:upto] for upto in range(8)]


def test_a_redaction_sent_again_is_acknowledged_and_another_refused(noted: Store) -> None:
    done = noted.redact(erasure(2))
    assert noted.redact(erasure(2)) == replace(done, repeated=True)
    assert noted.receipt("red") == done
    for other in (erasure(1), erasure(1, request="r2")):
        with pytest.raises(RequestReused):
            noted.redact(other)
    with pytest.raises(RequestReused):
        noted.append([act("red", line(9))], expected=7)
    assert noted.last()[0] == 7


def test_the_act_whose_words_are_gone_is_still_acknowledged(noted: Store) -> None:
    first = noted.receipt("r1")
    assert first is not None
    noted.redact(erasure(2))
    sent = act("r1", put("notes", 3, [("text", WORDS)]))
    assert noted.append([sent], expected=0) == [replace(first, repeated=True)]
    assert noted.receipt("r1") == first


def test_a_carried_row_can_be_redacted_or_withdrawn_in_its_turn(noted: Store) -> None:
    before = noted.read()
    noted.redact(erasure(2))
    noted.redact(erasure(3, request="red2"))
    entries = noted.read()
    assert [entry.kind for entry in entries[:4]] == [PUT, REDACTED, REDACTED, PUT]
    assert entries[0] == before[0]
    assert "text 4" not in repr(noted.links())
    last = noted.last()[0]
    for number, row in ((2, 3), (3, 4), (5, 3), (6, 2), (last, 2)):
        with pytest.raises(LedgerError, match="already"):
            gone = Draft("withdraw", "notes", row, withdraws=number)
            noted.append([act("w", gone)], expected=last)
    noted.append([act("w", withdraw(entries[0]))], expected=last)
    assert [entry.seq for entry in in_force(noted.read())] == [4]
    with pytest.raises(LedgerError, match="withdrawn before"):
        noted.append([act("w2", withdraw(entries[0]))], expected=last + 1)
    noted.redact(erasure(1, request="red3"))
    assert [entry.seq for entry in in_force(noted.read())] == [4]
    assert verify(noted.whole()) is None


@pytest.mark.parametrize("number", [0, 2, 5, 6, 8, 9, 99])
def test_what_is_no_row_with_words_cannot_be_redacted(noted: Store, number: int) -> None:
    """None, redacted, the redaction, a carried number, a withdrawal, and beyond the last."""
    noted.redact(erasure(2))
    noted.append([act("w", Draft("withdraw", "lines", 2, withdraws=4))], expected=7)
    before = noted.links(), noted.last()
    with pytest.raises(LedgerError, match=f"entry {number} is no row that can be erased"):
        noted.redact(erasure(1, number, request="red2"))
    assert (noted.links(), noted.last(), noted.receipt("red2")) == (*before, None)


# Several at once, and addresses


def test_writers_in_threads_never_lose_or_double_an_entry(store: Store) -> None:
    failures: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for number in range(10):
                while True:
                    try:
                        said = act(f"{who}/{number}", line(2 + number))
                        store.append([said], expected=store.last()[0])
                        break
                    except Clash:
                        continue
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    entries = store.read()
    assert [entry.seq for entry in entries] == list(range(1, 41))
    wanted = {f"{w}/{n}" for w in range(4) for n in range(10)}
    assert {entry.narration.request for entry in entries} == wanted


def test_memory_takes_only_a_whole_chain() -> None:
    links = FIXED.seal([act("r1", line(2), line(3)), act("r2", line(4))])
    assert MemoryStore(links).last()[0] == 3
    for part in (links[1:], [replace(links[0], table="facts"), links[1]]):
        with pytest.raises(LedgerError):
            MemoryStore(part)


def test_addresses(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger"
    with pytest.raises(LedgerError, match="no ledger here"):
        open_ledger(path, must_exist=True)
    assert not path.exists()
    made = open_ledger(f"sqlite:///{path}")
    assert isinstance(made, SqliteStore)
    made.append([act("r1", line(2))], expected=0)
    made.close()
    for address in (path, str(path), f"sqlite:///{path}"):
        again = open_ledger(address, must_exist=True)
        assert again.last()[0] == 1
        again.close()
    for wrong in ("plan.xlsx", "sqlite://plan.ledger", "sqlite:///", "mysql://x/y"):
        with pytest.raises(LedgerError) as raised:
            open_ledger(wrong)
        assert "write sqlite:///PATH" in raised.value.action
