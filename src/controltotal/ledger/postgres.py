"""A ledger in PostgreSQL: one schema a ledger, so that many systems share one database.

Accounting idea: the same bound daybook as in SQLite, with a keeper. A writer locks the row of
`head` for the length of its transaction, so writers stand in line and the numbers have no gap;
triggers refuse changed, removed and out-of-order entries. `synchronous_commit` is on for every
append, and a server that does not sync its disk is refused.

The address is `postgresql://user@host/database?ledger=NAME`; without NAME it is `controltotal`.
Source: PostgreSQL documentation, "Explicit Locking" and "Reliability and the Write-Ahead Log".
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

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

if TYPE_CHECKING:
    import psycopg

SCHEMA_VERSION = 1
_MAKING_LOCK = 0x43544C31  # one maker at a time
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

_SCHEMA = f"""
CREATE TABLE entries (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  id text NOT NULL UNIQUE CHECK (id <> ''),
  kind text NOT NULL CHECK (kind IN ('put', 'withdraw')),
  "table" text NOT NULL CHECK ("table" <> ''),
  "row" bigint NOT NULL CHECK ("row" > 0),
  cells text NOT NULL,
  origin text NOT NULL,
  "by" text NOT NULL,
  "on" text NOT NULL,
  why text NOT NULL,
  withdraws bigint NOT NULL CHECK ((kind = 'withdraw') = (withdraws > 0) AND withdraws < seq),
  previous text NOT NULL,
  hash text NOT NULL
);
CREATE UNIQUE INDEX entries_withdrawn ON entries (withdraws) WHERE withdraws > 0;
CREATE TABLE head (
  one integer PRIMARY KEY CHECK (one = 1),
  form integer NOT NULL,
  seq bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO head VALUES (1, {SCHEMA_VERSION}, 0, '{GENESIS}');
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER entries_keep BEFORE UPDATE OR DELETE ON entries
  FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER entries_stay BEFORE TRUNCATE ON entries
  FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER head_stay BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER head_all_stay BEFORE TRUNCATE ON head
  FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE last_seq bigint; last_hash text;
  BEGIN
    EXECUTE format('SELECT seq, hash FROM %I.entries ORDER BY seq DESC LIMIT 1', TG_TABLE_SCHEMA)
      INTO last_seq, last_hash;
    IF NEW.seq <> coalesce(last_seq, 0) + 1 OR NEW.previous <> coalesce(last_hash, '{GENESIS}')
    THEN RAISE EXCEPTION 'entries follow one another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION follow();
CREATE FUNCTION head_follow() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE last_seq bigint; last_hash text;
  BEGIN
    EXECUTE format('SELECT seq, hash FROM %I.entries ORDER BY seq DESC LIMIT 1', TG_TABLE_SCHEMA)
      INTO last_seq, last_hash;
    IF NEW.seq <= OLD.seq OR NEW.seq IS DISTINCT FROM last_seq
      OR NEW.hash IS DISTINCT FROM last_hash
    THEN RAISE EXCEPTION 'the head names the last entry' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$;
CREATE TRIGGER head_keep BEFORE UPDATE ON head FOR EACH ROW EXECUTE FUNCTION head_follow();
"""


def _part_address(address: str) -> tuple[str, str]:
    """The server's part of an address and the ledger's name.

    >>> _part_address("postgresql://h/db?ledger=qe1&connect_timeout=3")
    ('postgresql://h/db?connect_timeout=3', 'qe1')
    """
    parts = urlsplit(address)
    said = parse_qsl(parts.query, keep_blank_values=True)
    name = dict(said).get("ledger", "controltotal")
    if not _NAME.fullmatch(name) or name.startswith("pg_") or name == "information_schema":
        raise LedgerError(
            f"{name!r} cannot be the name of a ledger",
            "?ledger=NAME",
            "use small letters, digits and _",
        )
    rest = urlencode([(key, value) for key, value in said if key != "ledger"])
    return urlunsplit(parts._replace(query=rest)), name


class PostgresStore:
    """A ledger in a PostgreSQL database, made if it is not there (unless it `must_exist`)."""

    def __init__(self, address: str, *, must_exist: bool = False, readonly: bool = False) -> None:
        server, self.name = _part_address(address)
        self.where = f"PostgreSQL ledger {self.name}"  # never the address: it may hold a password
        self.readonly = readonly
        self._lock = threading.RLock()
        self._db: psycopg.Connection[Any] | None = None
        try:
            import psycopg
        except ImportError:
            raise LedgerError(
                "PostgreSQL is not installed with this program",
                self.where,
                "install it with `pip install controltotal[postgres]`",
            ) from None
        self._psycopg = psycopg
        with self._plainly():
            self._db = psycopg.connect(server, autocommit=True)
            try:
                self._prepare(must_exist)
            except BaseException:
                self.close()
                raise

    # Opening

    def _prepare(self, must_exist: bool) -> None:
        db = self._open_db()
        if self._one("SHOW server_encoding") != "UTF8":
            raise LedgerError("the database is not in UTF-8", self.where, "make one that is")
        if not self.readonly and self._one("SHOW fsync") != "on":
            raise LedgerError(
                "the server does not sync its disk, so a power cut would lose entries",
                self.where,
                "set fsync = on in its configuration",
            )
        db.execute(f"SET search_path = {self.name}")
        if not self._is_made():
            if must_exist or self.readonly:
                raise LedgerError("there is no ledger here", self.where, "check its name")
            self._make()
        form = self._one("SELECT form FROM head")
        if form != SCHEMA_VERSION:
            raise LedgerError(
                f"the ledger is of form {form}; this program knows form {SCHEMA_VERSION}",
                self.where,
                "open it with a newer controltotal",
            )
        if self.readonly:
            db.execute("SET default_transaction_read_only = on")

    def _is_made(self) -> bool:
        # A query of the catalogue sees what another has just made; `to_regclass` may remember.
        query = f"SELECT 1 FROM pg_tables WHERE schemaname = '{self.name}' AND tablename = 'head'"
        return self._one(query) is not None

    def _make(self) -> None:
        db = self._open_db()
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING_LOCK,))
            if not self._is_made():  # nobody made it while we waited
                db.execute(f"CREATE SCHEMA IF NOT EXISTS {self.name}")
                db.execute(_SCHEMA)

    def _open_db(self) -> psycopg.Connection[Any]:
        if self._db is None or self._db.closed:
            raise LedgerError("the ledger is closed", self.where, "open it again")
        return self._db

    def _one(self, query: str) -> Any:
        row = self._open_db().execute(query).fetchone()
        return None if row is None else row[0]

    # Writing

    def append(self, drafts: Iterable[Draft], expected: int) -> Appended:
        """See `Store.append`."""
        batch = list(drafts)
        for draft in batch:
            check_draft(draft)
        with self._lock, self._plainly(writing=True):
            if self.readonly:
                raise LedgerError(
                    "the ledger is read only", self.where, "ask for the right to write to it"
                )
            db = self._open_db()
            with putting_in_place(self.where), db.transaction():
                db.execute("SET LOCAL synchronous_commit = on")
                return self._append(db, batch, expected)

    def _append(self, db: psycopg.Connection[Any], batch: list[Draft], expected: int) -> Appended:
        last, hash = self._head(db, "FOR UPDATE")
        query = f"SELECT {COLUMNS} FROM entries WHERE id = ANY(%s)"
        ids = [draft.id for draft in batch]
        known = {row[1]: self._entry_of(row) for row in db.execute(query, (ids,))}
        new, old = fresh_drafts(batch, known, self.where)
        if (new or not old) and expected != last:
            raise Clash(expected, last, self.where)
        sealed = chain(new, last, hash)
        check_withdrawals(sealed, self._find, self._is_withdrawn)
        if sealed:
            with db.cursor().copy(f"COPY entries ({COLUMNS}) FROM STDIN") as copy:
                for entry in sealed:
                    copy.write_row(row_of(entry))
            db.execute("UPDATE head SET seq = %s, hash = %s", (sealed[-1].seq, sealed[-1].hash))
        return acknowledged(sealed, old, last, hash)

    def _find(self, seq: int) -> Entry | None:
        query = f"SELECT {COLUMNS} FROM entries WHERE seq = %s"
        row = self._open_db().execute(query, (seq,)).fetchone()
        return None if row is None else self._entry_of(row)

    def _is_withdrawn(self, seq: int) -> bool:
        query = "SELECT 1 FROM entries WHERE withdraws = %s AND withdraws > 0"
        return self._open_db().execute(query, (seq,)).fetchone() is not None

    # Reading

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        with self._lock, self._plainly():
            db = self._open_db()
            with db.transaction():
                db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                last, hash = self._head(db)
                check_upto(upto, last, self.where)
                top = last if upto is None else upto
                query = f"SELECT {COLUMNS} FROM entries WHERE seq <= %s ORDER BY seq"
                with collector_paused():
                    rows = db.execute(query, (top,))
                    entries = [self._entry_of(row) for row in rows]
                beyond = self._one("SELECT coalesce(max(seq), 0) FROM entries")
        if len(entries) != top or beyond != last:
            raise ChainBroken(
                min(len(entries), top) + 1,
                f"there should be {last} entries, not {beyond}",
                self.where,
            )
        if check:
            expected_root = f"sha256:{hash}" if top == last else None
            broken = verify(entries, expected_root=expected_root, where=self.where)
            if broken:
                raise broken
        return entries

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock, self._plainly():
            return self._head(self._open_db())

    def _head(self, db: psycopg.Connection[Any], lock: str = "") -> tuple[int, str]:
        row = db.execute(f"SELECT seq, hash FROM head {lock}").fetchone()
        if row is None:
            raise ChainBroken(0, "the note of the last entry is lost", self.where)
        return row[0], row[1]

    def _entry_of(self, row: tuple[Any, ...]) -> Entry:
        return entry_of(row, self.where)

    # Letting go

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._db is not None:
                db, self._db = self._db, None
                db.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _plainly(self, *, writing: bool = False) -> Iterator[None]:
        """Turn what PostgreSQL says into what a person can act on."""
        errors = self._psycopg.errors
        try:
            yield
        except errors.DiskFull as error:
            raise LedgerError(
                "the server's disk is full; nothing was recorded",
                self.where,
                "make room there, then send the same entries again",
            ) from error
        except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction) as error:
            raise LedgerError(
                "the server does not let you do that", self.where, "ask its keeper for the right"
            ) from error
        except errors.RestrictViolation as error:
            raise LedgerError(
                f"the ledger refused the entries ({error.diag.message_primary})",
                self.where,
                "read it again and look at the last",
            ) from error
        except (self._psycopg.OperationalError, self._psycopg.InterfaceError) as error:
            connected = self._db is not None
            self.close()
            if writing and connected:
                raise OutcomeUnknown(
                    "the server was lost; the entries may or may not be recorded",
                    self.where,
                    "open the ledger again and send the same entries under the same ids",
                ) from error
            raise LedgerError(
                "the server cannot be reached",
                self.where,
                "check its address and that it is running, then try again",
            ) from error
        except self._psycopg.Error as error:
            raise LedgerError(
                f"the server cannot do that ({type(error).__name__})",
                self.where,
                "show this to the server's keeper",
            ) from error
