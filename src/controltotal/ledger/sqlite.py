"""A ledger in one SQLite file: what is acknowledged is on the disk.

Accounting idea: the bound daybook. The file itself refuses changed, removed and out-of-order
blocks (triggers), holds only columns of the declared types (STRICT), and notes in `head` which
entry is the last, so that a file that has lost its end says so. One change alone is allowed: a body
that a redaction names is erased, and its bytes are then in no part of the file.

Why so: write-ahead log with `synchronous=FULL`, because with NORMAL acknowledged entries are lost
in a power cut; our own SQLite from apsw, because those before 3.51.3 can lose commits when two
connections write. After a failed write the store stops: what the disk then holds is unknown.

Source: sqlite.org, "Write-Ahead Logging", "How To Corrupt An SQLite Database File".
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import apsw

from controltotal.core.files import on_network, putting_in_place, sync_folder
from controltotal.ledger.chain import FORM, GENESIS, Sealer
from controltotal.ledger.database import DatabaseStore
from controltotal.ledger.errors import LedgerError, OutcomeUnknown
from controltotal.ledger.snapshot import drop

APPLICATION_ID = 0x43544C31  # "CTL1": marks the file as one of ours
SQLITE_MIN = 3_051_003  # the first without the write-ahead log reset fault
BUSY_WAIT_MS = 5_000

_SCHEMA = f"""
CREATE TABLE blocks (
  first INTEGER PRIMARY KEY CHECK (first > 0),
  count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 10000),
  kind TEXT NOT NULL CHECK (kind IN ('put', 'withdraw', 'redact')),
  "table" TEXT NOT NULL CHECK ("table" <> ''),
  recorded_at TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  salt TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, '{GENESIS}');
CREATE TABLE requests (
  request TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE withdrawn (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE erased (first INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER blocks_keep BEFORE UPDATE ON blocks
  WHEN NEW.salt <> '' OR NEW.body <> ''
    OR NEW.first <> OLD.first OR NEW.count <> OLD.count OR NEW.kind <> OLD.kind
    OR NEW."table" <> OLD."table" OR NEW.recorded_at <> OLD.recorded_at
    OR NEW."commit" <> OLD."commit" OR NEW.previous <> OLD.previous OR NEW.hash <> OLD.hash
    OR NOT EXISTS (SELECT 1 FROM erased WHERE first = OLD.first)
  BEGIN SELECT RAISE(ABORT, 'blocks are never changed'); END;
CREATE TRIGGER blocks_stay BEFORE DELETE ON blocks
  BEGIN SELECT RAISE(ABORT, 'blocks are never removed'); END;
CREATE TRIGGER blocks_follow BEFORE INSERT ON blocks
  WHEN NEW.first <> (SELECT coalesce(max(first + count), 1) FROM blocks)
    OR NEW.previous <> coalesce(
      (SELECT hash FROM blocks ORDER BY first DESC LIMIT 1), '{GENESIS}')
  BEGIN SELECT RAISE(ABORT, 'blocks follow one another'); END;
CREATE TRIGGER head_keep BEFORE UPDATE ON head
  WHEN NEW.one <> 1 OR NEW.seq <= OLD.seq
    OR NOT EXISTS
      (SELECT 1 FROM blocks WHERE first + count - 1 = NEW.seq AND hash = NEW.hash)
    OR NEW.seq <> (SELECT max(first + count - 1) FROM blocks)
  BEGIN SELECT RAISE(ABORT, 'the head names the last entry'); END;
CREATE TRIGGER head_stay BEFORE DELETE ON head
  BEGIN SELECT RAISE(ABORT, 'the head stays'); END;
CREATE TRIGGER head_single BEFORE INSERT ON head
  WHEN EXISTS (SELECT 1 FROM head)
  BEGIN SELECT RAISE(ABORT, 'there is one head'); END;
CREATE TRIGGER requests_keep BEFORE UPDATE ON requests
  BEGIN SELECT RAISE(ABORT, 'receipts are never changed'); END;
CREATE TRIGGER requests_stay BEFORE DELETE ON requests
  BEGIN SELECT RAISE(ABORT, 'receipts stay'); END;
CREATE TRIGGER requests_once BEFORE INSERT ON requests
  WHEN EXISTS (SELECT 1 FROM requests WHERE request = NEW.request)
  BEGIN SELECT RAISE(ABORT, 'a request has one receipt'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORM};
"""


class SqliteStore(DatabaseStore):
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
        sealer: Sealer | None = None,
    ) -> None:
        super().__init__(sealer)
        self.path = self.where = str(path)
        self._stopped = ""
        self._db: apsw.Connection | None = None
        if apsw.SQLITE_VERSION_NUMBER < SQLITE_MIN:
            raise LedgerError(
                f"SQLite {apsw.sqlite_lib_version()} can lose entries",
                self.path,
                "install apsw 3.51.3 or newer",
            )
        share = "" if readonly else on_network(self.path)
        if share:
            raise LedgerError(
                f"a ledger cannot be written on a network share ({share})",
                self.path,
                "keep it on a disk of this machine, or several share one through PostgreSQL",
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
        if version != FORM:
            raise LedgerError(
                f"the ledger is of form {version}; this program writes form {FORM}",
                self.path,
                "make a new one of it: controltotal convert OLD NEW"
                if version < FORM
                else "open it with a newer controltotal",
            )
        if not self.readonly:
            self._make_durable()
            db.execute("PRAGMA recursive_triggers = ON; PRAGMA secure_delete = ON")

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
        sync_folder(Path(self.path).absolute().parent)

    def _open_db(self) -> apsw.Connection:
        if self._db is None:
            raise LedgerError("the ledger is closed", self.path, "open it again")
        return self._db

    # Writing

    def _scrub(self) -> None:
        """Free pages and the journal are emptied, where what was erased may still stand."""
        with self._plainly(writing=True):
            db = self._open_db()
            drop(self.path)
            try:
                db.execute("VACUUM").fetchall()
                busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
            except (apsw.BusyError, apsw.LockedError):
                busy = True
            if busy:
                raise LedgerError(
                    "the redaction is recorded, but another program holds the journal, where the "
                    "words still stand",
                    self.path,
                    "close that program, then send the same redaction again",
                )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, written whole or not at all."""
        with self._lock, self._plainly(writing=True):
            if self.readonly:
                raise LedgerError(
                    "the ledger is read only", self.path, "ask for the right to write to the file"
                )
            if self._stopped:
                raise OutcomeUnknown(
                    f"the ledger was stopped: {self._stopped}",
                    self.path,
                    "open it again, then send the same requests",
                )
            db = self._open_db()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                with putting_in_place(self.path):
                    db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._open_db().execute(query, values).fetchall()

    def _put(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._open_db().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _roll_back(self) -> None:
        """Undo an open transaction; if even that fails, the connection is of no more use."""
        db = self._db
        if db is not None and db.in_transaction:
            try:
                db.execute("ROLLBACK")
            except apsw.Error as error:
                self._stopped = str(error)

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """One reading, one moment: rows and head belong together."""
        self._open_db().execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    # Letting go

    def close(self) -> None:
        """Let go of the file; it is then complete in itself."""
        with self._lock:
            if self._db is not None:
                db, self._db = self._db, None
                db.close(True)

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
                "look after the disk, open the ledger again, and send the same requests",
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
            "make room, then send the same requests again",
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
