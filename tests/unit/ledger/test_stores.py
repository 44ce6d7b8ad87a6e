"""What every store promises: order, clashes, retries, withdrawals, reading as at an entry."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controltotal.ledger import (
    GENESIS,
    Clash,
    Draft,
    IdReused,
    LedgerError,
    MemoryStore,
    Store,
    open_ledger,
    put,
    root,
    seal,
    verify,
    withdraw,
)
from controltotal.ledger.sqlite import SqliteStore

Opener = Callable[[], Store]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = SqliteStore(tmp_path / "a.ledger")
    else:
        made = open_ledger(request.getfixturevalue("postgres")())
    yield made
    made.close()


def line(number: int, text: str = "pay", **said: str) -> Draft:
    return put("lines", number, [("line", text)], **said)  # type: ignore[arg-type]


def test_an_empty_ledger(store: Store) -> None:
    assert isinstance(store, Store)
    assert store.last() == (0, GENESIS)
    assert store.read() == []
    nothing = store.append([], expected=0)
    assert (nothing.first, nothing.last, nothing.root) == (1, 0, root([]))


def test_what_is_appended_is_read_back_in_order(store: Store) -> None:
    answer = store.append([line(2), line(3, "drugs", why="—£’")], expected=0)
    assert (answer.first, answer.last, answer.repeated) == (1, 2, 0)
    answer = store.append([line(4, "x" * 100_000)], expected=2)
    entries = store.read()
    assert [entry.row for entry in entries] == [2, 3, 4]
    assert entries == seal([line(2), line(3, "drugs", why="—£’"), line(4, "x" * 100_000)])
    assert answer.root == root(entries) == f"sha256:{store.last()[1]}"
    assert verify(entries) is None


def test_a_writer_who_has_not_seen_the_last_entry_is_refused(store: Store) -> None:
    store.append([line(2)], expected=0)
    for stale in (0, 2, -1):
        with pytest.raises(Clash) as raised:
            store.append([line(3)], expected=stale)
        assert (raised.value.expected, raised.value.actual) == (stale, 1)
    with pytest.raises(Clash):
        store.append([], expected=0)
    assert len(store.read()) == 1


def test_a_retry_appends_once_and_gets_the_same_answer(store: Store) -> None:
    batch = [line(2), line(3)]
    first = store.append(batch, expected=0)
    store.append([line(4)], expected=2)
    again = store.append(batch, expected=0)
    assert (again.first, again.last, again.root) == (first.first, first.last, first.root)
    assert again.repeated == 2
    assert len(store.read()) == 3


def test_a_batch_that_is_partly_there_adds_only_what_is_new(store: Store) -> None:
    store.append([line(2), line(3)], expected=0)
    with pytest.raises(Clash):
        store.append([line(3), line(4)], expected=1)
    answer = store.append([line(3), line(4)], expected=2)
    assert (answer.first, answer.last, answer.repeated) == (3, 3, 1)
    assert [entry.row for entry in store.read()] == [2, 3, 4]


def test_an_id_with_other_content_is_refused(store: Store) -> None:
    store.append([line(2)], expected=0)
    for changed in (line(2, "drugs"), line(2, by="A. Person"), line(3, id="lines/2")):
        with pytest.raises(IdReused) as raised:
            store.append([line(9), changed], expected=1)
        assert (raised.value.id, raised.value.seq) == ("lines/2", 1)
    with pytest.raises(LedgerError, match="twice in one batch"):
        store.append([line(5), line(5)], expected=1)
    assert len(store.read()) == 1


def test_many_ids_are_looked_up_in_one_batch(store: Store) -> None:
    batch = [line(number) for number in range(2, 1_300)]
    store.append(batch, expected=0)
    assert store.append(batch, expected=0).repeated == len(batch)


def test_a_refused_batch_leaves_nothing_behind(store: Store) -> None:
    store.append([line(2)], expected=0)
    before = store.last()
    with pytest.raises(LedgerError):
        store.append([line(3), Draft("w", "withdraw", "lines", 9, withdraws=1)], expected=1)
    with pytest.raises(LedgerError):
        store.append([line(3), Draft("", "put", "lines", 4)], expected=1)
    assert store.last() == before
    assert store.append([line(3)], expected=1).first == 2


def test_a_withdrawal_must_name_a_standing_put_of_that_row(store: Store) -> None:
    store.append([line(2), line(3)], expected=0)
    first, second = store.read()

    def act(id: str, **changed: object) -> Draft:
        said = {"table": "lines", "row": 2, "withdraws": 1, **changed}
        return Draft(id, "withdraw", by="A. Person", on="2026-05-01", why="twice", **said)  # type: ignore[arg-type]

    for draft, reason in [
        (act("a", withdraws=3), "no entry 3"),
        (act("a", withdraws=99), "no entry 99"),
        (act("a", row=3), "not this row"),
        (act("a", table="facts"), "not this row"),
    ]:
        with pytest.raises(LedgerError, match=reason):
            store.append([draft], expected=2)
    with pytest.raises(LedgerError, match="withdrawn before"):
        store.append([act("a"), act("b")], expected=2)
    store.append([withdraw(first, id="w", by="A. Person", on="2026-05-01", why="x")], expected=2)
    with pytest.raises(LedgerError, match="withdrawn before"):
        store.append([act("a")], expected=3)
    with pytest.raises(LedgerError, match="itself a withdrawal"):
        store.append([act("a", withdraws=3)], expected=3)
    answer = store.append([line(4), act("b", row=4, withdraws=4)], expected=3)
    assert answer.last == 5  # put and withdrawn in one batch
    assert second in store.read()


def test_reading_as_at_an_entry(store: Store) -> None:
    store.append([line(2), line(3), line(4)], expected=0)
    assert [entry.seq for entry in store.read(upto=2)] == [1, 2]
    assert store.read(upto=0) == []
    for missing in (4, -1):
        with pytest.raises(LedgerError, match="the last is 3"):
            store.read(upto=missing)


def test_writers_in_threads_never_lose_or_double_an_entry(store: Store) -> None:
    failures: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for number in range(10):
                while True:
                    try:
                        draft = line(2 + number, by=f"writer {who}", id=f"{who}/{number}")
                        store.append([draft], expected=store.last()[0])
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
    assert {entry.id for entry in entries} == {f"{w}/{n}" for w in range(4) for n in range(10)}


def test_memory_takes_only_a_whole_chain() -> None:
    entries = seal([line(2), line(3)])
    assert MemoryStore(entries).last()[0] == 2
    with pytest.raises(LedgerError):
        MemoryStore(entries[1:])


def test_addresses(tmp_path: Path) -> None:
    path = tmp_path / "plan.ledger"
    with pytest.raises(LedgerError, match="no ledger here"):
        open_ledger(path, must_exist=True)
    assert not path.exists()
    made = open_ledger(f"sqlite:///{path}")
    made.append([line(2)], expected=0)
    made.close()
    for address in (path, str(path), f"sqlite:///{path}"):
        again = open_ledger(address, must_exist=True)
        assert again.last()[0] == 1
        again.close()
    for wrong in ("plan.xlsx", "sqlite://plan.ledger", "sqlite:///", "mysql://x/y"):
        with pytest.raises(LedgerError) as raised:
            open_ledger(wrong)
        assert "write sqlite:///PATH" in raised.value.action
