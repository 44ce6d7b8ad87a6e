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
    LedgerError,
    OutcomeUnknown,
    open_ledger,
    put,
    verify,
)
from controltotal.ledger.postgres import PostgresStore

Address = Callable[[], str]


def rows(start: int, count: int) -> list[Draft]:
    return [put("amounts", n, [("amount", f"{n}\\N\t.5")]) for n in range(start, start + count)]


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
    store.append(rows(2, 3), expected=0)
    store.close()
    with PostgresStore(address, must_exist=True) as again:
        assert [entry.draft for entry in again.read()] == rows(2, 3)
    with PostgresStore(address, readonly=True) as reader:
        assert reader.last()[0] == 3
        with pytest.raises(LedgerError, match="read only"):
            reader.append(rows(5, 1), expected=3)
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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET why = 'other' WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 3",
        "TRUNCATE entries",
        "TRUNCATE head",
        "DELETE FROM head",
        "UPDATE head SET seq = 1",
        "UPDATE head SET hash = 'x'",
        "UPDATE head SET seq = 4",
        'INSERT INTO entries SELECT 5, \'n\', kind, "table", "row", cells, origin, "by", "on", '
        "why, withdraws, hash, hash FROM entries WHERE seq = 3",
        'INSERT INTO entries SELECT 4, \'n\', kind, "table", "row", cells, origin, "by", "on", '
        "why, withdraws, previous, hash FROM entries WHERE seq = 3",
    ],
)
def test_the_database_itself_refuses_to_forget(postgres: Address, statement: str) -> None:
    address = postgres()
    with PostgresStore(address) as store:
        store.append(rows(2, 3), expected=0)
        db = plain(address)
        with pytest.raises(sys.modules["psycopg"].Error, match=r"grows|follow|names the last"):
            db.execute(statement)
        db.close()
        assert len(store.read()) == 3


def test_a_change_forced_past_the_database_is_reported(postgres: Address) -> None:
    address = postgres()
    with PostgresStore(address) as store:
        store.append(rows(2, 3), expected=0)
        db = plain(address)
        db.execute("ALTER TABLE entries DISABLE TRIGGER ALL")
        db.execute("UPDATE entries SET \"by\" = 'A. Person' WHERE seq = 2")
        with pytest.raises(ChainBroken) as raised:
            store.read()
        assert raised.value.seq == 2
        db.execute("DELETE FROM entries WHERE seq >= 2")
        with pytest.raises(ChainBroken):
            store.read()
        db.close()


def test_a_lost_connection_leaves_the_outcome_unknown_and_a_retry_settles_it(
    postgres: Address,
) -> None:
    address = postgres()
    store = PostgresStore(address)
    store.append(rows(2, 3), expected=0)
    db = plain(address)
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    db.close()
    with pytest.raises(OutcomeUnknown):
        store.append(rows(5, 1), expected=3)
    with pytest.raises(LedgerError, match="closed"):
        store.append(rows(5, 1), expected=3)
    with PostgresStore(address) as again:
        assert again.append(rows(5, 1), expected=3).last == 4
        assert verify(again.read()) is None


def test_writers_stand_in_line(postgres: Address) -> None:
    address = postgres()
    failures: list[BaseException] = []

    def write(who: int) -> None:
        try:
            with PostgresStore(address) as store:
                for number in range(15):
                    draft = put("facts", 2, [("value", "1")], id=f"{who}/{number}")
                    while True:
                        try:
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
    with PostgresStore(address) as store:
        entries = store.read()
    assert [entry.seq for entry in entries] == list(range(1, 61))
    assert len({entry.id for entry in entries}) == 60
