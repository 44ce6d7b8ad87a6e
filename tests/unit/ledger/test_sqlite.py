"""The SQLite file: it only grows, says plainly what is wrong, and survives what disks do."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import apsw
import pytest

from controltotal.ledger import (
    ChainBroken,
    Draft,
    LedgerError,
    OutcomeUnknown,
    put,
    verify,
)
from controltotal.ledger.sqlite import SCHEMA_VERSION, SqliteStore


def rows(start: int, count: int) -> list[Draft]:
    return [
        put("amounts", number, [("organisation", "QE1"), ("amount", f"{number}.5")])
        for number in range(start, start + count)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed ledger of ten entries."""
    path = tmp_path / "plan.ledger"
    with SqliteStore(path) as store:
        store.append(rows(2, 10), expected=0)
    return path


def test_a_closed_ledger_is_one_file(path: Path) -> None:
    assert [item.name for item in path.parent.iterdir()] == ["plan.ledger"]


def test_the_settings_that_keep_acknowledged_entries(path: Path) -> None:
    with SqliteStore(path) as store:
        db = store._open_db()
        assert db.pragma("journal_mode") == "wal"
        assert db.pragma("synchronous") == 2  # FULL
        assert db.pragma("user_version") == SCHEMA_VERSION


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET why = 'other' WHERE seq = 1",
        "UPDATE entries SET seq = 99 WHERE seq = 10",
        "DELETE FROM entries WHERE seq = 10",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 3",
        'REPLACE INTO entries SELECT 11, id, kind, "table", "row", cells, origin, "by", "on", '
        "why, withdraws, hash, hash FROM entries WHERE seq = 10",
        'INSERT INTO entries SELECT 12, \'new\', kind, "table", "row", cells, origin, "by", "on", '
        "why, withdraws, hash, hash FROM entries WHERE seq = 10",
        'INSERT INTO entries SELECT 11, \'new\', kind, "table", "row", cells, origin, "by", "on", '
        "why, withdraws, previous, hash FROM entries WHERE seq = 10",
        "UPDATE head SET seq = 3",
        "UPDATE head SET seq = 11",
        "UPDATE head SET hash = 'x'",
        "DELETE FROM head",
        "INSERT OR REPLACE INTO head VALUES (1, 3, 'x')",
    ],
)
def test_the_file_itself_refuses_to_forget(path: Path, statement: str) -> None:
    # An ordinary SQLite program, with none of our settings.
    db = sqlite3.connect(path)
    with pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError)):
        db.execute(statement)
        db.commit()
    db.close()
    with SqliteStore(path) as store:
        assert len(store.read()) == 10


def test_a_change_forced_past_the_file_is_reported_at_its_entry(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER entries_keep")
    db.execute("UPDATE entries SET cells = replace(cells, '5.5', '6.5') WHERE seq = 4")
    db.commit()
    db.close()
    with SqliteStore(path) as store, pytest.raises(ChainBroken) as raised:
        store.read()
    assert raised.value.seq == 4


@pytest.mark.parametrize("seq", [1, 5, 10])
def test_an_entry_removed_past_the_file_is_reported(path: Path, seq: int) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER entries_stay")
    db.execute("DELETE FROM entries WHERE seq = ?", (seq,))
    db.commit()
    db.close()
    with SqliteStore(path) as store:
        with pytest.raises(ChainBroken):
            store.read()
        with pytest.raises(ChainBroken):
            store.read(check=False)


@pytest.mark.parametrize("cells", ["5", "[1,2]", '["a"]', '{"a":"b"}', "[", '["a",["b"]]'])
def test_cells_that_are_no_cells_are_reported(path: Path, cells: str) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER entries_keep")
    db.execute("UPDATE entries SET cells = ? WHERE seq = 4", (cells,))
    db.commit()
    db.close()
    with SqliteStore(path) as store, pytest.raises(ChainBroken) as raised:
        store.read()
    assert raised.value.seq == 4


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
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(LedgerError, match=r"form 2.*newer controltotal"):
        SqliteStore(path)


def test_a_file_left_empty_by_a_crash_is_made_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    path.touch()
    with SqliteStore(path) as store:
        assert store.append(rows(2, 1), expected=0).last == 1


def test_read_only(path: Path) -> None:
    store = SqliteStore(path, readonly=True)
    assert len(store.read()) == 10
    with pytest.raises(LedgerError, match="read only"):
        store.append(rows(12, 1), expected=10)
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
            store.append(rows(12, 1), expected=10)
        assert len(store.read()) == 10  # readers need not wait
        other.execute("ROLLBACK")
        other.close()
        assert store.append(rows(12, 1), expected=10).last == 11


def test_a_second_writer_sees_what_the_first_wrote(path: Path) -> None:
    with SqliteStore(path) as one, SqliteStore(path) as two:
        one.append(rows(12, 1), expected=10)
        with pytest.raises(LedgerError, match="moved on"):
            two.append(rows(13, 1), expected=10)
        assert two.append(rows(12, 1), expected=10).repeated == 1
        assert two.append(rows(13, 1), expected=11).last == 12
        assert verify(one.read()) is None


# Failing disks


class FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name: object, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self.disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.count("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self.disk.count("sync")
        super().xSync(flags)


class FailingDisk(apsw.VFS):
    """A disk whose write or sync number `at`, counted from `arm`, fails, and all after it."""

    def __init__(self, name: str) -> None:
        self.kind, self.left, self.error = "", -1, apsw.IOError
        super().__init__(name, "")

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:
        return FailingFile(self, name, flags)

    def arm(self, kind: str, at: int, error: type[apsw.Error] = apsw.IOError) -> None:
        self.kind, self.left, self.error = kind, at, error

    def count(self, kind: str) -> None:
        if kind == self.kind and self.left > 0:
            self.left -= 1
        if kind == self.kind and self.left == 0:
            raise self.error("simulated")


@pytest.mark.parametrize("kind", ["write", "sync"])
def test_a_disk_that_fails_loses_nothing_that_was_acknowledged(tmp_path: Path, kind: str) -> None:
    disk = FailingDisk(f"failing-{kind}")
    failed = 0
    for at in range(1, 31):
        path = tmp_path / f"{kind}-{at}.ledger"
        store = SqliteStore(path, vfs=f"failing-{kind}")
        assert store._open_db().pragma("journal_mode") == "wal"
        disk.arm(kind, at)
        acknowledged = 0
        for number in range(12):
            try:
                acknowledged = store.append(rows(2 + number, 1), expected=number).last
            except OutcomeUnknown as error:
                failed += 1
                assert "may or may not be recorded" in error.what
                with pytest.raises(OutcomeUnknown, match="stopped"):  # no second try on a bad disk
                    store.append(rows(2 + number, 1), expected=number)
                break
        disk.arm("", -1)
        store.close()
        with SqliteStore(path) as again:
            entries = again.read()
            assert len(entries) in (acknowledged, acknowledged + 1)
            # the same batch again, whatever became of the first: there once
            retry = again.append(rows(2 + acknowledged, 1), expected=acknowledged)
            assert retry.last == acknowledged + 1
            assert len(again.read()) == acknowledged + 1
    assert failed >= 5  # the disk did fail, again and again


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    disk = FailingDisk("full")
    with SqliteStore(tmp_path / "a.ledger", vfs="full") as store:
        store.append(rows(2, 3), expected=0)
        disk.arm("write", 1, apsw.FullError)
        with pytest.raises(LedgerError, match="disk is full; nothing was recorded") as raised:
            store.append(rows(5, 1), expected=3)
        assert not isinstance(raised.value, OutcomeUnknown)
        assert len(store.read()) == 3
        disk.arm("", -1)
        assert store.append(rows(5, 1), expected=3).last == 4


# Damaged files and killed writers


def test_a_damaged_file_is_read_as_it_was_or_reported(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(rows(12, 40), expected=10)
        whole = store.read()
    sound = path.read_bytes()
    dice = random.Random(20260401)
    reported = flip_bits(path, sound, whole, [dice.randrange(len(sound) * 8) for _ in range(300)])
    assert reported > 20


@pytest.mark.soak
def test_a_file_damaged_in_very_many_places(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(rows(12, 40), expected=10)
        whole = store.read()
    sound = path.read_bytes()
    dice = random.Random(20260402)
    places = [dice.randrange(len(sound) * 8) for _ in range(100_000)]
    assert flip_bits(path, sound, whole, places) > 10_000


def flip_bits(path: Path, sound: bytes, whole: object, places: list[int]) -> int:
    """Flip one bit at each place in turn: unchanged entries or a plain error, nothing else."""
    reported = 0
    for place in places:
        damaged = bytearray(sound)
        damaged[place // 8] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        store = None
        try:
            store = SqliteStore(path, readonly=True)
            assert store.read() == whole, f"bit {place} changed the book unsaid"
        except LedgerError:
            reported += 1
        finally:
            if store is not None:
                store.close()
            for suffix in ("-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
    return reported


@pytest.mark.parametrize("left", [0, 1, 100, 4096, 10_000])
def test_a_file_cut_short_is_reported(path: Path, left: int) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:left])
    with pytest.raises(LedgerError):
        SqliteStore(path, readonly=True).read()


WRITER = """
import sys
from controltotal.ledger import put
from controltotal.ledger.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
number = store.last()[0]
while True:
    batch = [put("amounts", number + k + 2, [("amount", "1")]) for k in range(number % 3 + 1)]
    number = store.append(batch, expected=number).last
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def kill_writers(path: Path, times: int, seed: int) -> int:
    """Start a writer, kill it at a random moment, look: every acknowledged entry is there."""
    dice = random.Random(seed)
    source = str(Path(__file__).resolve().parents[3] / "src")
    environment = {**os.environ, "PYTHONPATH": source}
    acknowledged = 0
    for _ in range(times):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env=environment
        )
        assert writer.stdout is not None
        said = [writer.stdout.readline()]
        time.sleep(dice.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read().splitlines(keepends=True)
        writer.wait()
        acknowledged = max([acknowledged, *(int(text) for text in said if text.endswith(b"\n"))])
        with SqliteStore(path) as store:
            assert len(store.read()) >= acknowledged
    return acknowledged


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_killed_writers_lose_nothing_acknowledged(tmp_path: Path) -> None:
    assert kill_writers(tmp_path / "a.ledger", 6, 1) > 6


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_very_many_killed_writers_lose_nothing_acknowledged(tmp_path: Path) -> None:
    kill_writers(tmp_path / "a.ledger", 1_000, 2)


def test_a_copy_of_an_open_ledger_and_its_log_reads_the_same(path: Path, tmp_path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(rows(12, 5), expected=10)
        copy = tmp_path / "copy.ledger"
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
        with SqliteStore(copy) as again:
            assert again.read() == store.read()
