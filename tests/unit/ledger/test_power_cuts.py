"""Power cuts: a disk that forgets, or half writes, whatever was not synced.

The disk below keeps two pictures of every file: what programs see, and what a power cut is sure to
leave (the state at the last sync). When the power goes, each 512-byte sector written since then is
there or not, by the dice. Control: with `synchronous=NORMAL` the same trial does lose entries, so
the trial can fail.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from controltotal.ledger import LedgerError, OutcomeUnknown, Posting, put
from controltotal.ledger import sqlite as ledger_sqlite
from controltotal.ledger.sqlite import SqliteStore
from tests.ledgers import posting

SECTOR = 512
WAL_RESTART_PAGES = 12  # small, so that the log is emptied and begun again in every trial


class PowerCut(Exception):
    """The lights went out."""


class Disk:
    """Files in memory, with what is surely on the disk and what was written since."""

    def __init__(self, dice: random.Random, left: int) -> None:
        self.dice = dice
        self.left = left  # writes and syncs until the power goes; below nought: never
        self.seen: dict[str, bytearray] = {}
        self.sure: dict[str, bytes] = {}
        self.dark = False

    def tick(self) -> None:
        if self.dark or self.left == 0:
            self.dark = True
            raise apsw.IOError("no power")
        self.left -= 1

    def after_the_cut(self) -> dict[str, bytearray]:
        """What the disk holds when the power is back."""
        files = {}
        for name, seen in self.seen.items():
            sure = self.sure.get(name, b"")
            size = self.dice.choice((len(sure), len(seen)))
            picture = bytearray(sure.ljust(size, b"\0")[:size])
            for start in range(0, min(size, len(seen)), SECTOR):
                if self.dice.random() < 0.5:
                    end = min(start + SECTOR, size, len(seen))
                    picture[start:end] = seen[start:end]
            files[name] = picture
        return files


class File:
    """One file of the disk, in the form that SQLite asks for."""

    def __init__(self, disk: Disk, name: str, flags: int) -> None:
        self.disk, self.name, self.flags, self.level = disk, name, flags, 0
        disk.seen.setdefault(name, bytearray())

    @property
    def data(self) -> bytearray:
        return self.disk.seen[self.name]

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self.data[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.tick()
        if len(self.data) < offset:
            self.data.extend(b"\0" * (offset - len(self.data)))
        self.data[offset : offset + len(data)] = data

    def xTruncate(self, size: int) -> bool:
        self.disk.tick()
        del self.data[size:]
        return True

    def xSync(self, flags: int) -> bool:
        self.disk.tick()
        self.disk.sure[self.name] = bytes(self.data)
        return True

    def xFileSize(self) -> int:
        return len(self.data)

    def xLock(self, level: int) -> None:
        self.level = level

    def xUnlock(self, level: int) -> None:
        self.level = level

    def xCheckReservedLock(self) -> bool:
        return self.level >= apsw.SQLITE_LOCK_RESERVED

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xClose(self) -> None:
        pass


class DiskVFS(apsw.VFS):
    """Lets SQLite use a Disk. `disk` is exchanged for every trial."""

    def __init__(self) -> None:
        self.disk = Disk(random.Random(0), -1)
        super().__init__("power", "")

    def xOpen(self, name: object, flags: list[int]) -> File:  # type: ignore[override]
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        flags[1] = flags[0]
        return File(self.disk, path, flags[0])

    def xDelete(self, name: str, sync: bool) -> None:
        self.disk.tick()
        self.disk.seen.pop(name, None)
        self.disk.sure.pop(name, None)

    def xAccess(self, name: str, flags: int) -> bool:
        return name in self.disk.seen

    def xFullPathname(self, name: str) -> str:
        return name


@pytest.fixture(scope="module")
def power() -> Iterator[DiskVFS]:
    vfs = DiskVFS()
    yield vfs
    vfs.unregister()


class ExclusiveStore(SqliteStore):
    """A store on the disk above. It has no memory to share, so its log needs the file alone."""

    def _connect(self, vfs: str | None) -> apsw.Connection:
        db = super()._connect("power")
        db.pragma("locking_mode", "exclusive")
        return db


def group(number: int, size: int) -> list[Posting]:
    """A group of acts of two rows each, under the same requests whenever it is made."""
    rows = [put("amounts", number + 2, [("amount", "x" * 40)])] * 2
    return [posting(rows, request=f"{number}/{k}") for k in range(size)]


def trial(vfs: DiskVFS, seed: int, synchronous: str) -> tuple[int, int]:
    """Write until the power goes, then look: (acknowledged, found)."""
    dice = random.Random(seed)
    path = "/plan.ledger"
    vfs.disk = Disk(dice, -1)
    ExclusiveStore(path).close()
    vfs.disk.sure = {name: bytes(data) for name, data in vfs.disk.seen.items()}
    vfs.disk.left = dice.randrange(5, 90)
    acknowledged = 0
    sent: list[Posting] = []
    store = None
    try:
        store = ExclusiveStore(path)
        db = store._open_db()
        assert db.pragma("journal_mode") == "wal"
        db.wal_autocheckpoint(WAL_RESTART_PAGES)
        assert db.pragma("synchronous") == 2
        if synchronous != "FULL":
            db.pragma("synchronous", synchronous)
        while True:
            sent = group(acknowledged, dice.randrange(1, 4))
            acknowledged = store.append(sent, expected=acknowledged)[-1].entry
    except OutcomeUnknown:
        pass
    except LedgerError as error:
        assert "disk failed" in error.what or "cannot be opened" in error.what, error
    vfs.disk.left = -1
    after = Disk(dice, -1)
    after.seen = vfs.disk.after_the_cut()
    after.sure = {name: bytes(data) for name, data in after.seen.items()}
    vfs.disk.dark = False
    if store is not None:
        store.close()
    vfs.disk = after
    with ExclusiveStore(path) as again:
        found = len(again.read())  # verifies the chain
        assert found in (acknowledged, acknowledged + 2 * len(sent)) or synchronous != "FULL"
        if synchronous == "FULL" and sent:
            again.append(sent, expected=acknowledged)  # the retry: there once
            assert len(again.read()) == acknowledged + 2 * len(sent)
    return acknowledged, found


def cut_the_power(vfs: DiskVFS, times: int, synchronous: str = "FULL") -> tuple[int, int]:
    """Trials; how many entries were acknowledged and how many trials lost any."""
    total = lost = 0
    for seed in range(times):
        try:
            acknowledged, found = trial(vfs, seed, synchronous)
        except LedgerError:
            if synchronous == "FULL":
                raise
            lost += 1
            continue
        total += acknowledged
        lost += found < acknowledged
    return total, lost


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger asks the real folder whether the file is there; here it is in memory."""
    monkeypatch.setattr(ledger_sqlite.os.path, "exists", lambda _: False)
    monkeypatch.setattr(ledger_sqlite, "sync_folder", lambda _: None)


def test_a_power_cut_loses_nothing_acknowledged(power: DiskVFS) -> None:
    total, lost = cut_the_power(power, 300)
    assert lost == 0
    assert total > 300


def test_the_trial_can_fail(power: DiskVFS) -> None:
    _, lost = cut_the_power(power, 60, "NORMAL")
    assert lost > 5


@pytest.mark.soak
def test_very_many_power_cuts_lose_nothing_acknowledged(power: DiskVFS) -> None:
    assert cut_the_power(power, 100_000)[1] == 0


def test_the_real_folder_was_left_alone() -> None:
    assert not Path("/plan.ledger").is_file()
