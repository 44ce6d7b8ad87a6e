"""The SQLite file on disks that fail, fill up, flip bits and lose their writers."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from controltotal.ledger import Erasure, LedgerError, Narration, OutcomeUnknown, Posting, put
from controltotal.ledger.sqlite import SqliteStore
from tests.ledgers import posting


def act(start: int, count: int = 1) -> list[Posting]:
    """One act of some rows, under the same request whenever it is made."""
    rows = [
        put("amounts", number, [("organisation", "QE1"), ("amount", f"{number}.5")])
        for number in range(start, start + count)
    ]
    return [posting(rows, request=f"r{start}")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed ledger of ten entries."""
    path = tmp_path / "plan.ledger"
    with SqliteStore(path) as store:
        store.append(act(2, 10), expected=0)
    return path


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
                acknowledged = store.append(act(2 + number), expected=number)[0].entry
            except OutcomeUnknown as error:
                failed += 1
                assert "may or may not be recorded" in error.what
                with pytest.raises(OutcomeUnknown, match="stopped"):  # no second try on a bad disk
                    store.append(act(2 + number), expected=number)
                break
        disk.arm("", -1)
        store.close()
        with SqliteStore(path) as again:
            entries = again.read()
            assert len(entries) in (acknowledged, acknowledged + 1)
            # the same act again, whatever became of the first: there once
            retry = again.append(act(2 + acknowledged), expected=acknowledged)[0]
            assert retry.entry == acknowledged + 1
            assert len(again.read()) == acknowledged + 1
    assert failed >= 5  # the disk did fail, again and again


@pytest.mark.parametrize("kind", ["write", "sync"])
def test_a_disk_that_fails_in_a_redaction_erases_all_or_nothing(tmp_path: Path, kind: str) -> None:
    disk = FailingDisk(f"redacting-{kind}")
    secret = "Zebedee-Quillfeather"
    asked = Erasure(Narration("red"), {11: ()})
    found = set()
    for at in range(1, 31):
        path = tmp_path / f"{at}.ledger"
        store = SqliteStore(path, vfs=f"redacting-{kind}")
        notes = [put("notes", 2, [("text", secret)]), put("notes", 3, [("text", "stays")])]
        store.append([*act(2, 10), posting(notes, request="notes")], expected=0)
        old = store.last()[1]
        disk.arm(kind, at)
        try:
            store.redact(asked)
            found.add("done")
        except OutcomeUnknown:
            found.add("failed")
        disk.arm("", -1)
        store.close()
        with SqliteStore(path) as again:
            entries = again.read()
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            found.add(entries[10].kind)
            assert (len(entries), entries[10].kind) in ((12, "put"), (14, "redacted"))
            again.redact(asked)
            assert [entry.kind for entry in again.read()[10:12]] == ["redacted", "put"]
            assert again.links()[1].hash == old
            assert again.last()[0] == 14
        assert secret.encode() not in path.read_bytes()
    assert found == {"done", "failed", "put", "redacted"}


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    disk = FailingDisk("full")
    with SqliteStore(tmp_path / "a.ledger", vfs="full") as store:
        store.append(act(2, 3), expected=0)
        disk.arm("write", 1, apsw.FullError)
        with pytest.raises(LedgerError, match="disk is full; nothing was recorded") as raised:
            store.append(act(5), expected=3)
        assert not isinstance(raised.value, OutcomeUnknown)
        assert len(store.read()) == 3
        disk.arm("", -1)
        assert store.append(act(5), expected=3)[0].entry == 4


# Damaged files and killed writers


def test_a_damaged_file_is_read_as_it_was_or_reported(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(act(12, 40), expected=10)
        whole = store.read()
    sound = path.read_bytes()
    dice = random.Random(20260401)
    reported = flip_bits(path, sound, whole, [dice.randrange(len(sound) * 8) for _ in range(300)])
    assert reported > 20


@pytest.mark.soak
def test_a_file_damaged_in_very_many_places(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(act(12, 40), expected=10)
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
from controltotal.ledger import Narration, Posting, put
from controltotal.ledger.sqlite import SqliteStore
store = SqliteStore(sys.argv[1])
number = store.last()[0]
while True:
    rows = [put("amounts", number + k + 2, [("amount", "1")]) for k in range(number % 3 + 1)]
    act = Posting(Narration(f"r{number}"), tuple(rows))
    number = store.append([act], expected=number)[0].entry
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
