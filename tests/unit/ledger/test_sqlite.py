"""The SQLite file: it only grows, says plainly what is wrong, and forgets what was redacted."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import apsw
import pytest

from controltotal.ledger import (
    ChainBroken,
    Draft,
    Erasure,
    LedgerError,
    Narration,
    Posting,
    put,
    verify,
)
from controltotal.ledger.chain import FORM
from controltotal.ledger.entries import REDACTED
from controltotal.ledger.sqlite import SqliteStore
from tests.ledgers import posting

SECRET = "Zebedee-Quillfeather"


def rows(start: int, count: int) -> list[Draft]:
    return [
        put("amounts", number, [("organisation", "QE1"), ("amount", f"{number}.5")])
        for number in range(start, start + count)
    ]


def act(start: int, count: int = 1) -> list[Posting]:
    """One act of some rows, under the same request whenever it is made."""
    return [posting(rows(start, count), request=f"r{start}", why="month 1")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed ledger of ten entries in four blocks: 1 to 4, 5 to 7, 8 and 9, 10."""
    path = tmp_path / "plan.ledger"
    with SqliteStore(path) as store:
        store.append([*act(2, 4), *act(6, 3), *act(9, 2), *act(11)], expected=0)
    return path


def forced(path: Path, *statements: str) -> None:
    """What a hand with all rights over the file can do: no trigger stands in its way."""
    db = sqlite3.connect(path)
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def test_a_closed_ledger_is_one_file(path: Path) -> None:
    assert [item.name for item in path.parent.iterdir()] == ["plan.ledger"]


def test_the_settings_that_keep_acknowledged_entries_and_forget_what_was_redacted(
    path: Path,
) -> None:
    with SqliteStore(path) as store:
        db = store._open_db()
        assert db.pragma("journal_mode") == "wal"
        assert db.pragma("synchronous") == 2  # FULL
        assert db.pragma("secure_delete") == 1
        assert db.pragma("user_version") == FORM == 2


NEXT = 'SELECT {first}, 1, kind, "table", recorded_at, "commit", {previous}, {hash}, salt, body'
LAST = "FROM blocks WHERE first = 10"


def following(
    first: int = 11, previous: str = "hash", hash: str = "previous", kind: str = ""
) -> str:
    """An insertion of a block after the last, or beside it."""
    said = NEXT.format(first=first, previous=previous, hash=hash)
    return f"INTO blocks {said.replace('kind', kind or 'kind')} {LAST}"


def test_a_block_that_follows_is_let_in_by_the_file(path: Path) -> None:
    """So that the refusals below are not those of a statement that could never work."""
    db = sqlite3.connect(path)
    db.execute(f"INSERT {following()}")
    db.execute("UPDATE head SET seq = 11, hash = (SELECT hash FROM blocks WHERE first = 11)")
    assert db.execute("SELECT count(*) FROM blocks").fetchone() == (5,)
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blocks SET body = replace(body, 'month 1', 'month 2') WHERE first = 1",
        "UPDATE blocks SET body = '', salt = '' WHERE first = 1",
        "UPDATE blocks SET body = '' WHERE first = 1",
        "UPDATE blocks SET recorded_at = '2026-01-01T00:00:00Z' WHERE first = 1",
        "UPDATE blocks SET first = 99 WHERE first = 10",
        "UPDATE blocks SET count = 2 WHERE first = 10",
        "DELETE FROM blocks WHERE first = 10",
        "DELETE FROM blocks",
        "INSERT OR REPLACE INTO blocks SELECT * FROM blocks WHERE first = 5",
        f"REPLACE {following(10)}",
        f"INSERT {following(12)}",
        f"INSERT {following(previous='previous')}",
        f"INSERT {following(kind=chr(39) + 'change' + chr(39))}",
        "UPDATE head SET seq = 3",
        "UPDATE head SET seq = 11",
        "UPDATE head SET hash = 'x'",
        "DELETE FROM head",
        "INSERT OR REPLACE INTO head VALUES (1, 3, 'x')",
        "UPDATE requests SET entry = 9",
        "DELETE FROM requests",
        "INSERT OR REPLACE INTO requests SELECT request, 1, 9, hash FROM requests LIMIT 1",
    ],
)
def test_the_file_itself_refuses_to_forget(path: Path, statement: str) -> None:
    # An ordinary SQLite program, with none of our settings.
    with SqliteStore(path) as store:
        before = store.links()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(statement)
        db.commit()
    db.close()
    with SqliteStore(path) as store:
        assert store.whole() == before


@pytest.mark.parametrize(
    "change",
    [
        "body = 'x', salt = ''",
        "body = '', salt = 'x'",
        "body = '', salt = '', recorded_at = ''",
        "body = '', salt = '', hash = previous",
        "body = '', salt = '', first = 99",
    ],
)
def test_of_a_block_that_may_be_erased_nothing_else_is_changed(path: Path, change: str) -> None:
    db = sqlite3.connect(path)
    db.execute("INSERT INTO erased VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute(f"UPDATE blocks SET {change} WHERE first = 1")
    db.execute("UPDATE blocks SET body = '', salt = '' WHERE first = 1")
    db.close()


@pytest.mark.parametrize(
    "change",
    [
        "body = replace(body, '6.5', '7.5')",
        "body = replace(body, 'month 1', 'month 2')",
        "recorded_at = '2026-01-01T00:00:00Z'",
        "\"table\" = 'facts'",
        "kind = 'withdraw'",
        "salt = '" + "00" * 32 + "'",
        '"commit" = \'' + "00" * 32 + "'",
        "hash = '" + "00" * 32 + "'",
        "previous = hash",
        "count = 2",
    ],
)
def test_a_change_forced_past_the_file_is_reported_at_its_entry(path: Path, change: str) -> None:
    forced(path, f"UPDATE blocks SET {change} WHERE first = 5")
    with SqliteStore(path) as store, pytest.raises(ChainBroken) as raised:
        store.read()
    assert raised.value.seq == 5


@pytest.mark.parametrize("first", [1, 5, 10])
def test_a_block_removed_past_the_file_is_reported(path: Path, first: int) -> None:
    forced(path, f"DELETE FROM blocks WHERE first = {first}")
    with SqliteStore(path) as store:
        for check in (True, False):
            with pytest.raises(ChainBroken):
                store.read(check=check)


@pytest.mark.parametrize(
    "body",
    [
        "5",
        "[1,2]",
        "[",
        "{}",
        '["r","a","","","","","",""]',
        '["r","a","","","","","","",5]',
        '["r","a","","","","","","",[]]',
        '["r","a","","","","","","",[[2,["a"],"",0,0]]]',
        '["r","a","","","","","","",[[2,[],"",0]]]',
        '["r","a","","","","","","",[[2,[1,2],"",0,0]]]',
        '[1,"a","","","","","","",[[2,[],"",0,0]]]',
    ],
)
def test_a_body_that_is_none_is_reported(path: Path, body: str) -> None:
    forced(path, f"UPDATE blocks SET body = '{body}' WHERE first = 10")
    with SqliteStore(path) as store, pytest.raises(ChainBroken) as raised:
        store.read()
    assert raised.value.seq == 10


# Redaction


@pytest.fixture
def noted(path: Path) -> Path:
    """The ledger with a block of three notes (11 to 13), the second with words to erase."""
    notes = [put("notes", row, [("text", f"text {row}")]) for row in (2, 3, 4)]
    notes[1] = put("notes", 3, [("text", f"{SECRET} said so")])
    with SqliteStore(path) as store:
        store.append([posting(notes, request="notes", by="A. Person")], expected=10)
    return path


ERASURE = Erasure(Narration("red", "redact", why="law"), {12: ()})


def bytes_of(path: Path) -> bytes:
    """All that the ledger has on the disk: the file, its log and the log's index."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_the_erased_bytes_are_in_no_part_of_the_file(noted: Path) -> None:
    secret = SECRET.encode()
    assert secret in bytes_of(noted)
    with SqliteStore(noted) as store:
        salt = store.links()[4].salt.encode()
        assert salt in bytes_of(noted)
        store.redact(ERASURE)
        assert Path(f"{noted}-wal").stat().st_size == 0
        assert secret not in bytes_of(noted)  # at once, with the ledger still open
        assert salt not in bytes_of(noted)
        assert store.read()[11].kind == REDACTED
    assert [item.name for item in noted.parent.iterdir()] == [noted.name]
    assert secret not in bytes_of(noted)
    assert salt not in bytes_of(noted)


def test_the_bytes_of_a_long_text_written_and_erased_in_one_sitting_are_gone(path: Path) -> None:
    """The words then stand in pages of their own and in a log that was never emptied."""
    said = put("notes", 2, [("text", f"{SECRET} " * 5_000)])
    with SqliteStore(path) as store:
        store.append([posting([said], request="notes")], expected=10)
        store.append(act(12, 3), expected=11)
        assert SECRET.encode() in Path(f"{path}-wal").read_bytes()
        store.redact(Erasure(Narration("red"), {11: ()}))
        assert SECRET.encode() not in bytes_of(path)
    assert SECRET.encode() not in bytes_of(path)


def test_no_page_of_the_file_is_left_over_after_a_redaction(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append([posting([put("notes", 2, [("text", "x" * 90_000)])])], expected=10)
        store.redact(Erasure(Narration("red"), {11: ()}))
        assert store._open_db().pragma("freelist_count") == 0
    assert path.stat().st_size < 90_000


def test_a_reader_that_holds_the_log_is_named_and_the_same_request_finishes(
    noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controltotal.ledger.sqlite.BUSY_WAIT_MS", 20)
    reader = apsw.Connection(str(noted))
    reader.execute("BEGIN; SELECT count(*) FROM blocks").fetchall()
    with SqliteStore(noted) as store:
        with pytest.raises(LedgerError, match="words still stand") as raised:
            store.redact(ERASURE)
        assert "same redaction again" in raised.value.action
        assert store.receipt("red") is not None
        reader.execute("COMMIT")
        assert store.redact(ERASURE).repeated
        assert SECRET.encode() not in bytes_of(noted)
    reader.close()


def test_a_body_erased_without_a_redaction_is_reported(noted: Path) -> None:
    forced(noted, "UPDATE blocks SET salt = '', body = '' WHERE first = 11")
    with SqliteStore(noted) as store, pytest.raises(ChainBroken, match="no redaction") as raised:
        store.read()
    assert raised.value.seq == 11


def test_another_body_erased_after_a_redaction_is_reported(noted: Path) -> None:
    with SqliteStore(noted) as store:
        store.redact(ERASURE)
    forced(noted, "UPDATE blocks SET salt = '', body = '' WHERE first = 5")
    with SqliteStore(noted) as store, pytest.raises(ChainBroken) as raised:
        store.read()
    assert raised.value.seq == 5


@pytest.mark.parametrize("check", [True, False])
def test_carried_rows_that_were_dropped_are_reported(noted: Path, check: bool) -> None:
    with SqliteStore(noted) as store:
        store.redact(ERASURE)
        assert [link.count for link in store.links()[5:]] == [1, 2]
    forced(
        noted,
        "DELETE FROM blocks WHERE first = 15",
        "UPDATE head SET seq = 14, hash = (SELECT hash FROM blocks WHERE first = 14)",
    )
    with SqliteStore(noted) as store, pytest.raises(ChainBroken, match="no redaction names it"):
        store.read(check=check)


# Opening


def test_what_is_not_a_ledger(tmp_path: Path) -> None:
    text = tmp_path / "notes.ledger"
    text.write_text("organisation,amount\n" * 100)
    before = text.read_bytes()
    other = tmp_path / "other.sqlite"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE things (a)")
    db.commit()
    db.close()
    for path in (text, other):
        with pytest.raises(LedgerError, match="not a ledger"):
            SqliteStore(path)
    assert text.read_bytes() == before
    with pytest.raises(LedgerError, match="a folder"):
        SqliteStore(tmp_path)
    with pytest.raises(LedgerError, match="cannot be opened"):
        SqliteStore(tmp_path / "nowhere" / "a.ledger")


def test_a_ledger_from_a_later_version_is_left_alone(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {FORM + 1}")
    db.close()
    with pytest.raises(LedgerError, match=r"form 3.*newer controltotal"):
        SqliteStore(path)


def test_a_ledger_of_the_first_form_is_told_how_to_be_carried_over(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 1")
    db.close()
    with pytest.raises(LedgerError, match=r"form 1.*controltotal convert OLD NEW"):
        SqliteStore(path)


def test_a_file_left_empty_by_a_crash_is_made_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    path.touch()
    with SqliteStore(path) as store:
        assert store.append(act(2), expected=0)[0].entry == 1


def test_read_only(path: Path) -> None:
    store = SqliteStore(path, readonly=True)
    assert len(store.read()) == 10
    with pytest.raises(LedgerError, match="read only"):
        store.append(act(12), expected=10)
    store.close()
    with pytest.raises(LedgerError, match="no ledger here"):
        SqliteStore(path.with_name("none.ledger"), readonly=True)


class OnADisc(apsw.Connection):
    """A connection to a medium where the log's helper files cannot be made."""

    def __init__(self, address: str, **more: Any) -> None:
        super().__init__(address, **more)
        self.plain = not address.startswith("file:")

    def pragma(self, *asked: Any, **more: Any) -> Any:
        if self.plain:
            raise apsw.CantOpenError("no helper file here")
        return super().pragma(*asked, **more)


def test_a_ledger_on_a_disc_is_read_only_where_it_was_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "Connection", OnADisc)
    with SqliteStore(path, readonly=True) as store:
        assert len(store.read()) == 10
    Path(f"{path}-wal").touch()  # what was written last may stand in the log alone
    with pytest.raises(LedgerError):
        SqliteStore(path, readonly=True)


def test_a_closed_store_says_so(path: Path) -> None:
    store = SqliteStore(path)
    store.close()
    store.close()
    with pytest.raises(LedgerError, match="closed"):
        store.read()


def test_another_writer_at_work_is_waited_for_and_then_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controltotal.ledger.sqlite.BUSY_WAIT_MS", 20)
    with SqliteStore(path) as store:
        other = apsw.Connection(str(path))  # two SQLite libraries in one process share no locks
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="another program is writing"):
            store.append(act(12), expected=10)
        assert len(store.read()) == 10  # readers need not wait
        other.execute("ROLLBACK")
        other.close()
        assert store.append(act(12), expected=10)[0].entry == 11


def test_a_second_writer_sees_what_the_first_wrote(path: Path) -> None:
    with SqliteStore(path) as one, SqliteStore(path) as two:
        one.append(act(12), expected=10)
        with pytest.raises(LedgerError, match="moved on"):
            two.append(act(13), expected=10)
        assert two.append(act(12), expected=10)[0].repeated
        assert two.append(act(13), expected=11)[0].entry == 12
        assert verify(one.whole()) is None


def test_a_copy_of_an_open_ledger_and_its_log_reads_the_same(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(act(12, 5), expected=10)
        copy = tmp_path / "copy.ledger"
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
        with SqliteStore(copy) as again:
            assert again.read() == store.read()
