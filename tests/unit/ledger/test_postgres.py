"""The PostgreSQL ledger: what is its own, beside what every store promises."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from controltotal.ledger import (
    ChainBroken,
    Clash,
    Draft,
    Erasure,
    LedgerError,
    Narration,
    OutcomeUnknown,
    Posting,
    open_ledger,
    put,
    verify,
)
from controltotal.ledger.postgres import PostgresStore
from tests.ledgers import posting

Address = Callable[[], str]


def rows(start: int, count: int) -> list[Draft]:
    return [put("amounts", n, [("amount", f"{n}\\N\t.5")]) for n in range(start, start + count)]


def act(start: int, count: int = 1) -> list[Posting]:
    """One act of some rows, under the same request whenever it is made."""
    return [posting(rows(start, count), request=f"r{start}", by="B. Person")]


def plain(address: str) -> Any:
    """An ordinary connection to the ledger's schema, with none of our care."""
    psycopg = pytest.importorskip("psycopg")
    server, _, name = address.partition("ledger=")
    db = psycopg.connect(server.rstrip("&?"), autocommit=True)
    db.execute(f"SET search_path = {name}")
    return db


def test_opening(postgres: Address) -> None:
    address = postgres()
    with pytest.raises(LedgerError, match="no ledger here"):
        open_ledger(address, must_exist=True)
    with pytest.raises(LedgerError, match="no ledger here"):
        open_ledger(address, readonly=True)
    store = open_ledger(address)
    store.append(act(2, 3), expected=0)
    store.close()
    with PostgresStore(address, must_exist=True) as again:
        assert [entry.draft for entry in again.read()] == rows(2, 3)
    with PostgresStore(address, readonly=True) as reader:
        assert reader.last()[0] == 3
        with pytest.raises(LedgerError, match="read only"):
            reader.append(act(5), expected=3)
    with pytest.raises(LedgerError, match="closed"):
        reader.read()


def test_what_is_not_an_address() -> None:
    for name in ("Robert'); DROP", "pg_x", "", "information_schema", "1a"):
        with pytest.raises(LedgerError, match="name of a ledger"):
            open_ledger(f"postgresql://host/db?ledger={name}")


def test_a_server_that_cannot_be_reached_is_said_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(LedgerError, match="cannot be reached") as raised:
        open_ledger("postgresql://me:secret@127.0.0.1:1/db?connect_timeout=2")
    assert "secret" not in str(raised.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"controltotal\[postgres\]"):
        open_ledger("postgresql://host/db")


NEXT = 'SELECT {first}, 1, kind, "table", recorded_at, "commit", {previous}, {hash}, salt, body'


def following(first: int = 4, previous: str = "hash", hash: str = "previous") -> str:
    """An insertion of a block after the three of the test, or beside it."""
    said = NEXT.format(first=first, previous=previous, hash=hash)
    return f"INSERT INTO blocks {said} FROM blocks WHERE first = 3"


@pytest.fixture
def three(postgres: Address) -> Address:
    """The address of a ledger of three blocks of a row each."""
    address = postgres()
    with PostgresStore(address) as store:
        store.append([*act(2), *act(3), *act(4)], expected=0)
    return lambda: address


def test_a_block_that_follows_is_let_in_by_the_database(three: Address) -> None:
    """So that the refusals below are not those of a statement that could never work."""
    db = plain(three())
    db.execute(following())
    db.execute("UPDATE head SET seq = 4, hash = (SELECT hash FROM blocks WHERE first = 4)")
    assert db.execute("SELECT count(*) FROM blocks").fetchone() == (4,)
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blocks SET body = replace(body, 'B. Person', 'A. Person') WHERE first = 1",
        "UPDATE blocks SET body = '', salt = '' WHERE first = 1",
        "UPDATE blocks SET recorded_at = '' WHERE first = 1",
        "UPDATE blocks SET first = 9 WHERE first = 3",
        "DELETE FROM blocks WHERE first = 3",
        "TRUNCATE blocks",
        "TRUNCATE head",
        "DELETE FROM head",
        "UPDATE head SET seq = 1",
        "UPDATE head SET hash = 'x'",
        "UPDATE head SET seq = 4",
        "UPDATE head SET form = 3",
        "UPDATE requests SET entry = 2",
        "DELETE FROM requests",
        "TRUNCATE requests",
        "INSERT INTO requests SELECT * FROM requests ON CONFLICT (request) DO UPDATE SET entry = 9",
        following(5),
        following(previous="previous"),
    ],
)
def test_the_database_itself_refuses_to_forget(three: Address, statement: str) -> None:
    with PostgresStore(three()) as store:
        before = store.links()
        db = plain(three())
        with pytest.raises(sys.modules["psycopg"].Error, match=r"grows|follow|names the last"):
            db.execute(statement)
        db.close()
        assert store.whole() == before


@pytest.mark.parametrize(
    "change",
    [
        "body = 'x', salt = ''",
        "body = '', salt = 'x'",
        "body = '', salt = '', recorded_at = ''",
        "body = '', salt = '', hash = previous",
    ],
)
def test_of_a_block_that_may_be_erased_nothing_else_is_changed(three: Address, change: str) -> None:
    db = plain(three())
    db.execute("INSERT INTO erased VALUES (1)")
    with pytest.raises(sys.modules["psycopg"].Error, match="grows"):
        db.execute(f"UPDATE blocks SET {change} WHERE first = 1")
    db.execute("UPDATE blocks SET body = '', salt = '' WHERE first = 1")
    db.close()


def test_a_change_forced_past_the_database_is_reported(three: Address) -> None:
    with PostgresStore(three()) as store:
        db = plain(three())
        db.execute("ALTER TABLE blocks DISABLE TRIGGER ALL")
        db.execute("UPDATE blocks SET body = replace(body, 'B. P', 'A. P') WHERE first = 2")
        with pytest.raises(ChainBroken) as raised:
            store.read()
        assert raised.value.seq == 2
        db.execute("DELETE FROM blocks WHERE first >= 2")
        with pytest.raises(ChainBroken):
            store.read()
        db.close()


def test_a_body_erased_without_a_redaction_is_reported(three: Address) -> None:
    db = plain(three())
    db.execute("ALTER TABLE blocks DISABLE TRIGGER ALL")
    db.execute("UPDATE blocks SET salt = '', body = '' WHERE first = 2")
    db.close()
    with (
        PostgresStore(three()) as store,
        pytest.raises(ChainBroken, match="no redaction") as raised,
    ):
        store.read()
    assert raised.value.seq == 2


SECRET = "Zebedee-Quillfeather"
PAGES = "SELECT pg_read_binary_file(pg_relation_filepath(%s::regclass))"


def pages_of(address: str) -> bytes:
    """The bytes of the table of blocks and of its long texts, as they stand on the disk."""
    db = plain(address)
    db.execute("CHECKPOINT")
    toast = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = 'blocks'::regclass"
    found = b""
    for table in ("blocks", db.execute(toast).fetchone()[0]):
        found += bytes(db.execute(PAGES, (table,)).fetchone()[0])
    db.close()
    return found


def test_the_erased_bytes_are_in_no_page_of_the_table(three: Address) -> None:
    note = put("notes", 2, [("text", f"{SECRET} said so")])
    with PostgresStore(three()) as store:
        store.append([posting([note], request="notes")], expected=3)
        assert SECRET.encode() in pages_of(three())
        asked = Erasure(Narration("red", "redact", why="law"), {4: ()})
        done = store.redact(asked)
        assert SECRET.encode() not in pages_of(three())
        assert store.read()[3].kind == "redacted"
        assert store.redact(asked).entry == done.entry
        assert verify(store.whole(), expected_root=done.root) is None


def test_a_lost_connection_leaves_the_outcome_unknown_and_a_retry_settles_it(
    postgres: Address,
) -> None:
    address = postgres()
    store = PostgresStore(address)
    store.append(act(2, 3), expected=0)
    db = plain(address)
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    db.close()
    with pytest.raises(OutcomeUnknown):
        store.append(act(5), expected=3)
    with pytest.raises(LedgerError, match="closed"):
        store.append(act(5), expected=3)
    with PostgresStore(address) as again:
        assert again.append(act(5), expected=3)[0].entry == 4
        assert verify(again.whole()) is None


def test_writers_stand_in_line(postgres: Address) -> None:
    address = postgres()
    failures: list[BaseException] = []

    def write(who: int) -> None:
        try:
            with PostgresStore(address) as store:
                for number in range(15):
                    said = posting([put("facts", 2, [("value", "1")])], request=f"{who}/{number}")
                    while True:
                        try:
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
    with PostgresStore(address) as store:
        entries = store.read()
    assert [entry.seq for entry in entries] == list(range(1, 61))
    assert len({entry.narration.request for entry in entries}) == 60
