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
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import apsw

from controltotal.core.files import on_network, putting_in_place, sync_folder
from controltotal.ledger.chain import FORM, GENESIS, Link, Sealer, entries_of
from controltotal.ledger.entries import Entry, Posting, check_posting, collector_paused
from controltotal.ledger.errors import ChainBroken, Clash, LedgerError, OutcomeUnknown
from controltotal.ledger.redaction import Erasure, redacted
from controltotal.ledger.row import COLUMNS, link_of, request_key, row_of
from controltotal.ledger.store import (
    Noted,
    Receipt,
    acknowledged,
    as_written,
    check_upto,
    check_withdrawals,
    entry_at,
    fresh_postings,
    posting_of,
    receipts,
    withdrawn_in,
)

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

_INSERT = f"INSERT INTO blocks ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


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
        sealer: Sealer | None = None,
    ) -> None:
        self.path = str(path)
        self._sealer = sealer or Sealer()
        self._lock = threading.RLock()
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

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        """See `Store.append`."""
        batch = list(postings)
        for posting in batch:
            check_posting(posting)
        with self._writing() as db:
            return self._append(db, batch, expected)

    def redact(self, erasure: Erasure) -> Receipt:
        """See `Store.redact`: the bytes are then in no part of the file."""
        with self._lock:
            with self._writing() as db:
                done = self._redact(db, erasure)
            self._scrub()
            return done

    def _redact(self, db: apsw.Connection, erasure: Erasure) -> Receipt:
        known = self._receipt(db, erasure.narration.request)
        if known is not None:
            return acknowledged(known, self._of(db, known), erasure, self.path)
        made, gone = redacted(self._links(db, 0), erasure, self._sealer)
        self._insert(db, made)
        request = erasure.narration.request
        done = Receipt(made[-1].last, f"sha256:{made[-1].hash}", request, made[0].first)
        self._note(db, [done])
        for first in gone:
            db.execute("INSERT INTO erased VALUES (?)", (first,))
            db.execute("UPDATE blocks SET salt = '', body = '' WHERE first = ?", (first,))
        return done

    def _scrub(self) -> None:
        """Free pages and the journal are emptied, where what was erased may still stand."""
        with self._plainly(writing=True):
            db = self._open_db()
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
    def _writing(self) -> Iterator[apsw.Connection]:
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
                yield db
                with putting_in_place(self.path):
                    db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _append(self, db: apsw.Connection, batch: list[Posting], expected: int) -> list[Receipt]:
        known = {}
        for posting in batch:
            receipt = self._receipt(db, posting.narration.request)
            if receipt is not None:
                known[receipt.request] = (receipt, posting_of(self._of(db, receipt)))
        new = fresh_postings(batch, known, self.path)
        last, hash = self._head(db)
        if (new or not known) and expected != last:
            raise Clash(expected, last, self.path)
        sealed = self._sealer.seal(new, last, hash)
        gone = check_withdrawals(sealed, self._find, self._is_withdrawn)
        if sealed:
            self._insert(db, sealed)
            db.executemany("INSERT INTO withdrawn VALUES (?)", [(seq,) for seq in gone])
        answer = receipts(batch, sealed, {name: one for name, (one, _) in known.items()})
        self._note(db, [one for one in answer if not one.repeated])
        return answer

    def _insert(self, db: apsw.Connection, sealed: Sequence[Link]) -> None:
        db.executemany(_INSERT, map(row_of, sealed))
        db.execute("UPDATE head SET seq = ?, hash = ?", (sealed[-1].last, sealed[-1].hash))

    def _note(self, db: apsw.Connection, done: Sequence[Receipt]) -> None:
        rows = [(request_key(r.request), r.first, r.entry, r.root[7:]) for r in done]
        db.executemany("INSERT INTO requests VALUES (?, ?, ?, ?)", rows)

    def receipt(self, request: str) -> Receipt | None:
        """See `Store.receipt`."""
        with self._lock, self._plainly():
            return self._receipt(self._open_db(), request)

    def requests(self) -> list[Noted]:
        """See `Store.requests`."""
        with self._lock, self._plainly():
            rows = self._open_db().execute("SELECT request, first, entry, hash FROM requests")
            return [(row[0], row[1], row[2], row[3]) for row in rows]

    def adopt(self, links: Sequence[Link], requests: Sequence[Noted]) -> None:
        """See `Store.adopt`."""
        with self._writing() as db:
            last, _ = self._head(db)
            if last:
                raise Clash(0, last, self.path)
            if links:
                self._insert(db, links)
            gone = [(seq,) for seq in withdrawn_in(links)]
            erased = [(link.first,) for link in links if link.body is None]
            db.executemany("INSERT INTO withdrawn VALUES (?)", gone)
            db.executemany("INSERT INTO erased VALUES (?)", erased)
            db.executemany("INSERT INTO requests VALUES (?, ?, ?, ?)", requests)

    def _receipt(self, db: apsw.Connection, request: str) -> Receipt | None:
        query = "SELECT first, entry, hash FROM requests WHERE request = ?"
        for first, entry, hash in db.execute(query, (request_key(request),)):
            return Receipt(entry, f"sha256:{hash}", request, first)
        return None

    def _of(self, db: apsw.Connection, receipt: Receipt) -> list[Link]:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first BETWEEN ? AND ? ORDER BY first"
        rows = db.execute(query, (receipt.first, receipt.entry))
        return [link_of(row, self.path) for row in rows]

    def _find(self, seq: int) -> Entry | None:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1"
        for row in self._open_db().execute(query, (seq,)):
            link = link_of(row, self.path)
            if seq <= link.last:
                return entry_at(link, seq) or entries_of(self._links(self._open_db(), 0))[seq - 1]
        return None

    def _is_withdrawn(self, seq: int) -> bool:
        query = "SELECT 1 FROM withdrawn WHERE seq = ?"
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

    def links(self, after: int = 0) -> list[Link]:
        """See `Store.links`."""
        with self._lock, self._plainly():
            return self._links(self._open_db(), after)

    def _links(self, db: apsw.Connection, after: int) -> list[Link]:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first > ? ORDER BY first"
        with collector_paused():
            return [link_of(row, self.path) for row in db.execute(query, (after,))]

    def whole(self, *, check: bool = True) -> list[Link]:
        """Every block, at one moment; ChainBroken where one is not as it was written."""
        with self._lock, self._plainly():
            db = self._open_db()
            db.execute("BEGIN")  # one reading, one moment: rows and head belong together
            try:
                last, hash = self._head(db)
                links = self._links(db, 0)
            finally:
                self._roll_back()
            return as_written(links, last, hash, self.path, check=check)

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        links = self.whole(check=check)
        check_upto(upto, links[-1].last if links else 0, self.path)
        return entries_of(links)[:upto]

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock, self._plainly():
            return self._head(self._open_db())

    def _head(self, db: apsw.Connection) -> tuple[int, str]:
        rows = db.execute("SELECT seq, hash FROM head").fetchall()
        if len(rows) != 1 or type(rows[0][0]) is not int or type(rows[0][1]) is not str:
            raise ChainBroken(0, "the note of the last entry is lost", self.path)
        return rows[0][0], rows[0][1]

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
