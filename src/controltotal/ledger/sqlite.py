"""A ledger in one SQLite file: what is acknowledged is on the disk.

Accounting idea: the bound daybook. The file itself refuses changed, removed and out-of-order
entries (triggers), holds only columns of the declared types (STRICT), and notes in `head` which
entry is the last, so that a file that has lost its end says so.

Why so: write-ahead log with `synchronous=FULL`, because with NORMAL acknowledged entries are lost
in a power cut; our own SQLite from apsw, because those before 3.51.3 can lose commits when two
connections write. After a failed write the store stops: what the disk then holds is unknown.

Source: sqlite.org, "Write-Ahead Logging", "How To Corrupt An SQLite Database File".
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from controltotal.core.files import putting_in_place
from controltotal.ledger.entries import (
    GENESIS,
    Draft,
    Entry,
    chain,
    check_draft,
    collector_paused,
    verify,
)
from controltotal.ledger.errors import ChainBroken, Clash, LedgerError, OutcomeUnknown
from controltotal.ledger.row import COLUMNS, entry_of, row_of
from controltotal.ledger.store import (
    Appended,
    acknowledged,
    check_upto,
    check_withdrawals,
    fresh_drafts,
)

APPLICATION_ID = 0x43544C31  # "CTL1": marks the file as one of ours
SCHEMA_VERSION = 1
SQLITE_MIN = 3_051_003  # the first without the write-ahead log reset fault
BUSY_WAIT_MS = 5_000
_IDS_MAX = 500  # ids looked up in one query

_SCHEMA = f"""
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE CHECK (id <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('put', 'withdraw')),
  "table" TEXT NOT NULL CHECK ("table" <> ''),
  "row" INTEGER NOT NULL CHECK ("row" > 0),
  cells TEXT NOT NULL,
  origin TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "on" TEXT NOT NULL,
  why TEXT NOT NULL,
  withdraws INTEGER NOT NULL CHECK ((kind = 'withdraw') = (withdraws > 0)),
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_withdrawn ON entries (withdraws) WHERE withdraws > 0;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, '{GENESIS}');
CREATE TRIGGER entries_keep BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
  WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entries)
    OR NEW.previous <> coalesce((SELECT hash FROM entries WHERE seq = NEW.seq - 1), '{GENESIS}')
    OR NEW.withdraws >= NEW.seq
    OR EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
    OR (NEW.withdraws > 0 AND EXISTS
        (SELECT 1 FROM entries WHERE withdraws = NEW.withdraws AND withdraws > 0))
  BEGIN SELECT RAISE(ABORT, 'entries follow one another'); END;
CREATE TRIGGER head_keep BEFORE UPDATE ON head
  WHEN NEW.one <> 1 OR NEW.seq <= OLD.seq
    OR NOT EXISTS (SELECT 1 FROM entries WHERE seq = NEW.seq AND hash = NEW.hash)
    OR NEW.seq <> (SELECT max(seq) FROM entries)
  BEGIN SELECT RAISE(ABORT, 'the head names the last entry'); END;
CREATE TRIGGER head_stay BEFORE DELETE ON head
  BEGIN SELECT RAISE(ABORT, 'the head stays'); END;
CREATE TRIGGER head_single BEFORE INSERT ON head
  WHEN EXISTS (SELECT 1 FROM head)
  BEGIN SELECT RAISE(ABORT, 'there is one head'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""

_INSERT = f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class SqliteStore:
    """A ledger in the file `path`, made if it is not there (unless it `must_exist`).

    `vfs` names another file layer of SQLite's; tests use it to stand in for a failing disk.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        must_exist: bool = False,
        readonly: bool = False,
        vfs: str | None = None,
    ) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._stopped = ""
        self._db: apsw.Connection | None = None
        if apsw.SQLITE_VERSION_NUMBER < SQLITE_MIN:
            raise LedgerError(
                f"SQLite {apsw.sqlite_lib_version()} can lose entries",
                self.path,
                "install apsw 3.51.3 or newer",
            )
        exists = os.path.exists(self.path)
        if os.path.isdir(self.path):
            raise LedgerError("this is a folder", self.path, "give the ledger's file")
        if not exists and (readonly or must_exist):
            raise LedgerError("there is no ledger here", self.path, "check the path")
        self.readonly = readonly or (exists and not os.access(self.path, os.W_OK))
        with self._plainly():
            self._db = self._connect(vfs)
            try:
                self._prepare(exists)
            except BaseException:
                self.close()
                raise

    # Opening

    def _connect(self, vfs: str | None) -> apsw.Connection:
        if not self.readonly:
            flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
            return apsw.Connection(self.path, flags=flags, vfs=vfs)
        db = apsw.Connection(self.path, flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
        try:
            db.pragma("schema_version")
        except (apsw.CantOpenError, apsw.ReadOnlyError):
            # On a medium that nobody can write, the helper files of the log cannot be made. A
            # ledger that was closed is complete without them.
            db.close(True)
            if os.path.exists(f"{self.path}-wal"):
                raise
            address = f"file:{quote(os.path.abspath(self.path))}?immutable=1"
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            db = apsw.Connection(address, flags=flags, vfs=vfs)
        return db

    def _prepare(self, exists: bool) -> None:
        db = self._open_db()
        db.set_busy_timeout(BUSY_WAIT_MS)
        db.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        application = db.pragma("application_id")
        empty = application == 0 and db.pragma("schema_version") == 0
        if empty and not self.readonly:
            self._make()
        elif application != APPLICATION_ID:
            raise LedgerError(
                "this file is not a ledger",
                self.path,
                "give the path of a ledger, or a new name to make one",
            )
        version = db.pragma("user_version")
        if version != SCHEMA_VERSION:
            raise LedgerError(
                f"the ledger is of form {version}; this program knows form {SCHEMA_VERSION}",
                self.path,
                "open it with a newer controltotal",
            )
        if not self.readonly:
            self._make_durable()
            db.execute("PRAGMA recursive_triggers = ON")

    def _make_durable(self) -> None:
        """Acknowledged means on the disk; where no log can be kept, the old journal and EXTRA."""
        db = self._open_db()
        mode = db.pragma("journal_mode", "wal")
        db.pragma("synchronous", "full" if mode == "wal" else "extra")

    def _make(self) -> None:
        """A new ledger: complete or, if we are cut off, an empty file that is made again."""
        db = self._open_db()
        self._make_durable()
        db.execute("BEGIN IMMEDIATE")
        try:
            if db.pragma("application_id") == 0:  # nobody made it while we waited
                db.execute(_SCHEMA)
            db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        _sync_folder(self.path)

    def _open_db(self) -> apsw.Connection:
        if self._db is None:
            raise LedgerError("the ledger is closed", self.path, "open it again")
        return self._db

    # Writing

    def append(self, drafts: Iterable[Draft], expected: int) -> Appended:
        """See `Store.append`."""
        batch = list(drafts)
        for draft in batch:
            check_draft(draft)
        with self._lock, self._plainly(writing=True):
            if self.readonly:
                raise LedgerError(
                    "the ledger is read only", self.path, "ask for the right to write to the file"
                )
            if self._stopped:
                raise OutcomeUnknown(
                    f"the ledger was stopped: {self._stopped}",
                    self.path,
                    "open it again, then send the same entries under the same ids",
                )
            db = self._open_db()
            db.execute("BEGIN IMMEDIATE")
            try:
                answer = self._append(db, batch, expected)
                with putting_in_place(self.path):
                    db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            return answer

    def _append(self, db: apsw.Connection, batch: list[Draft], expected: int) -> Appended:
        new, old = fresh_drafts(batch, self._known(db, batch), self.path)
        last, hash = self._head(db)
        if (new or not old) and expected != last:
            raise Clash(expected, last, self.path)
        sealed = chain(new, last, hash)
        check_withdrawals(sealed, self._find, self._is_withdrawn)
        if sealed:
            db.executemany(_INSERT, map(row_of, sealed))
            db.execute("UPDATE head SET seq = ?, hash = ?", (sealed[-1].seq, sealed[-1].hash))
        return acknowledged(sealed, old, last, hash)

    def _known(self, db: apsw.Connection, batch: Sequence[Draft]) -> dict[str, Entry]:
        known: dict[str, Entry] = {}
        for start in range(0, len(batch), _IDS_MAX):
            ids = [draft.id for draft in batch[start : start + _IDS_MAX]]
            marks = ",".join("?" * len(ids))
            query = f"SELECT {COLUMNS} FROM entries WHERE id IN ({marks})"
            for row in db.execute(query, ids):
                entry = self._entry_of(row)
                known[entry.id] = entry
        return known

    def _find(self, seq: int) -> Entry | None:
        query = f"SELECT {COLUMNS} FROM entries WHERE seq = ?"
        for row in self._open_db().execute(query, (seq,)):
            return self._entry_of(row)
        return None

    def _is_withdrawn(self, seq: int) -> bool:
        query = "SELECT 1 FROM entries WHERE withdraws = ? AND withdraws > 0"
        return bool(self._open_db().execute(query, (seq,)).fetchall())

    def _roll_back(self) -> None:
        """Undo an open transaction; if even that fails, the connection is of no more use."""
        db = self._db
        if db is not None and db.in_transaction:
            try:
                db.execute("ROLLBACK")
            except apsw.Error as error:
                self._stopped = str(error)

    # Reading

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        with self._lock, self._plainly():
            db = self._open_db()
            db.execute("BEGIN")  # one reading, one moment: rows and head belong together
            try:
                last, hash = self._head(db)
                check_upto(upto, last, self.path)
                top = last if upto is None else upto
                query = f"SELECT {COLUMNS} FROM entries WHERE seq <= ? ORDER BY seq"
                with collector_paused():
                    entries = [self._entry_of(row) for row in db.execute(query, (top,))]
                beyond = db.execute("SELECT max(seq) FROM entries").fetchall()[0][0] or 0
            finally:
                self._roll_back()
            if len(entries) != top or beyond != last:
                raise ChainBroken(
                    min(len(entries), top) + 1,
                    f"there should be {last} entries, not {beyond}",
                    self.path,
                )
            if check:
                expected_root = f"sha256:{hash}" if top == last else None
                broken = verify(entries, expected_root=expected_root, where=self.path)
                if broken:
                    raise broken
            return entries

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock, self._plainly():
            return self._head(self._open_db())

    def _head(self, db: apsw.Connection) -> tuple[int, str]:
        rows = db.execute("SELECT seq, hash FROM head").fetchall()
        if len(rows) != 1 or type(rows[0][0]) is not int or type(rows[0][1]) is not str:
            raise ChainBroken(0, "the note of the last entry is lost", self.path)
        return rows[0][0], rows[0][1]

    def _entry_of(self, row: tuple[Any, ...]) -> Entry:
        return entry_of(row, self.path)

    # Letting go

    def close(self) -> None:
        """Let go of the file; it is then complete in itself."""
        with self._lock:
            if self._db is not None:
                db, self._db = self._db, None
                db.close(True)

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _plainly(self, *, writing: bool = False) -> Iterator[None]:
        """Turn what SQLite says into what a person can act on; stop after a failing disk."""
        try:
            yield
        except apsw.IOError as error:
            if not writing:
                raise LedgerError(
                    f"the disk failed ({error})", self.path, "look after the disk and try again"
                ) from error
            self._stopped = str(error)
            raise OutcomeUnknown(
                f"the disk failed ({error}); the entries may or may not be recorded",
                self.path,
                "look after the disk, open the ledger again, and send the same entries under "
                "the same ids",
            ) from error
        except apsw.Error as error:
            what, action = _said(error)
            raise LedgerError(what, self.path, action) from error
        except UnicodeDecodeError as error:  # a damaged text
            what, action = _said(apsw.CorruptError())
            raise LedgerError(what, self.path, action) from error


def _said(error: apsw.Error) -> tuple[str, str]:
    """What happened and what to do, in plain words."""
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return "another program is writing to the ledger", "try again in a moment"
    if isinstance(error, apsw.NotADBError):
        return "this file is not a ledger", "give the path of a ledger, or a new name to make one"
    if isinstance(error, (apsw.CorruptError, apsw.SQLError)):
        return "the ledger's file is damaged", "put back a copy whose root matches the one you kept"
    if isinstance(error, apsw.FullError):
        return (
            "the disk is full; nothing was recorded",
            "make room, then send the same entries again",
        )
    if isinstance(error, apsw.ReadOnlyError):
        return "the ledger is read only", "ask for the right to write to the file"
    if isinstance(error, apsw.CantOpenError):
        return (
            "the ledger's file cannot be opened",
            "check that its folder is there and that you may read and write it",
        )
    if isinstance(error, apsw.ConstraintError):
        return f"the ledger refused the entries ({error})", "read it again and look at the last"
    return f"the ledger's file cannot be used ({error})", "check the file and its folder"


def _sync_folder(path: str) -> None:
    """Make sure that the new file's name is on the disk too (not possible on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
