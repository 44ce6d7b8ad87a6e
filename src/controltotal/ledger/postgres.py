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
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from controltotal.core.files import putting_in_place
from controltotal.ledger.chain import FORM, GENESIS, Sealer
from controltotal.ledger.database import DatabaseStore
from controltotal.ledger.errors import LedgerError, OutcomeUnknown

if TYPE_CHECKING:
    import psycopg

_MAKING_LOCK = 0x43544C31  # one maker at a time
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")

_SCHEMA = f"""
CREATE TABLE blocks (
  first bigint PRIMARY KEY CHECK (first > 0),
  count bigint NOT NULL CHECK (count BETWEEN 1 AND 10000),
  kind text NOT NULL CHECK (kind IN ('put', 'withdraw', 'redact')),
  "table" text NOT NULL CHECK ("table" <> ''),
  recorded_at text NOT NULL,
  "commit" text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  salt text NOT NULL,
  body text NOT NULL
);
CREATE TABLE head (
  one integer PRIMARY KEY CHECK (one = 1),
  form integer NOT NULL,
  seq bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO head VALUES (1, {FORM}, 0, '{GENESIS}');
CREATE TABLE requests (
  request text PRIMARY KEY,
  first bigint NOT NULL,
  entry bigint NOT NULL,
  hash text NOT NULL
);
CREATE TABLE withdrawn (seq bigint PRIMARY KEY);
CREATE TABLE erased (first bigint PRIMARY KEY);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation'; END $$;
CREATE FUNCTION erase() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE named boolean;
  BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.erased WHERE first = $1)', TG_TABLE_SCHEMA)
      INTO named USING OLD.first;
    IF NOT named OR NEW.salt <> '' OR NEW.body <> ''
      OR (NEW.first, NEW.count, NEW.kind, NEW."table", NEW.recorded_at, NEW."commit",
          NEW.previous, NEW.hash)
        IS DISTINCT FROM (OLD.first, OLD.count, OLD.kind, OLD."table", OLD.recorded_at,
          OLD."commit", OLD.previous, OLD.hash)
    THEN RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$;
CREATE TRIGGER blocks_keep BEFORE UPDATE ON blocks FOR EACH ROW EXECUTE FUNCTION erase();
CREATE TRIGGER blocks_stay BEFORE DELETE ON blocks FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER blocks_all_stay BEFORE TRUNCATE ON blocks
  FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER requests_stay BEFORE UPDATE OR DELETE ON requests
  FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER requests_all_stay BEFORE TRUNCATE ON requests
  FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE TRIGGER head_stay BEFORE DELETE ON head FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER head_all_stay BEFORE TRUNCATE ON head
  FOR EACH STATEMENT EXECUTE FUNCTION keep();
CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE next_seq bigint; last_hash text;
  BEGIN
    EXECUTE format('SELECT first + count, hash FROM %I.blocks ORDER BY first DESC LIMIT 1',
      TG_TABLE_SCHEMA) INTO next_seq, last_hash;
    IF NEW.first <> coalesce(next_seq, 1) OR NEW.previous <> coalesce(last_hash, '{GENESIS}')
    THEN RAISE EXCEPTION 'blocks follow one another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$;
CREATE TRIGGER blocks_follow BEFORE INSERT ON blocks FOR EACH ROW EXECUTE FUNCTION follow();
CREATE FUNCTION head_follow() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE last_seq bigint; last_hash text;
  BEGIN
    EXECUTE format('SELECT first + count - 1, hash FROM %I.blocks ORDER BY first DESC LIMIT 1',
      TG_TABLE_SCHEMA) INTO last_seq, last_hash;
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


class PostgresStore(DatabaseStore):
    """A ledger in a PostgreSQL database, made if it is not there (unless it `must_exist`)."""

    def __init__(
        self,
        address: str,
        *,
        must_exist: bool = False,
        readonly: bool = False,
        sealer: Sealer | None = None,
    ) -> None:
        server, self.name = _part_address(address)
        super().__init__(sealer)
        self.where = f"PostgreSQL ledger {self.name}"  # never the address: it may hold a password
        self.readonly = readonly
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
        if form != FORM:
            raise LedgerError(
                f"the ledger is of form {form}; this program writes form {FORM}",
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

    def _scrub(self) -> None:
        """The old rows are vacuumed away."""
        with self._plainly(writing=True):
            self._open_db().execute("VACUUM FULL blocks")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, written whole or not at all."""
        with self._lock, self._plainly(writing=True):
            if self.readonly:
                raise LedgerError(
                    "the ledger is read only", self.where, "ask for the right to write to it"
                )
            db = self._open_db()
            with putting_in_place(self.where), db.transaction():
                db.execute("SET LOCAL synchronous_commit = on")
                db.execute("SELECT seq FROM head FOR UPDATE")  # writers stand in line
                yield

    def _rows(self, query: str, *values: object) -> list[Any]:
        found = self._open_db().execute(query.replace("?", "%s"), values)
        return found.fetchall() if found.description is not None else []

    def _put(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self._open_db().cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    # Reading

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """One reading, one moment: rows and head belong together."""
        db = self._open_db()
        with db.transaction():
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield

    # Letting go

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._db is not None:
                db, self._db = self._db, None
                db.close()

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
                "make room there, then send the same requests again",
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
                    "open the ledger again and send the same requests",
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
