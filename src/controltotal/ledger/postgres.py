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
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from controltotal.core.files import putting_in_place
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


class PostgresStore:
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
        self._sealer = sealer or Sealer()
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

    def append(self, postings: Iterable[Posting], expected: int) -> list[Receipt]:
        """See `Store.append`."""
        batch = list(postings)
        for posting in batch:
            check_posting(posting)
        with self._writing() as db:
            return self._append(db, batch, expected)

    def redact(self, erasure: Erasure) -> Receipt:
        """See `Store.redact`: the old rows are vacuumed away."""
        with self._writing() as db:
            done = self._redact(db, erasure)
        with self._plainly(writing=True):
            self._open_db().execute("VACUUM FULL blocks")
        return done

    def _redact(self, db: psycopg.Connection[Any], erasure: Erasure) -> Receipt:
        self._head(db, "FOR UPDATE")
        known = self._receipt(db, erasure.narration.request)
        if known is not None:
            return acknowledged(known, self._of(db, known), erasure, self.where)
        made, gone = redacted(self._links(db, 0), erasure, self._sealer)
        self._insert(db, made)
        request = erasure.narration.request
        done = Receipt(made[-1].last, f"sha256:{made[-1].hash}", request, made[0].first)
        self._note(db, [done])
        for first in gone:
            db.execute("INSERT INTO erased VALUES (%s)", (first,))
            db.execute("UPDATE blocks SET salt = '', body = '' WHERE first = %s", (first,))
        return done

    @contextlib.contextmanager
    def _writing(self) -> Iterator[psycopg.Connection[Any]]:
        """One transaction, written whole or not at all."""
        with self._lock, self._plainly(writing=True):
            if self.readonly:
                raise LedgerError(
                    "the ledger is read only", self.where, "ask for the right to write to it"
                )
            db = self._open_db()
            with putting_in_place(self.where), db.transaction():
                db.execute("SET LOCAL synchronous_commit = on")
                yield db

    def _append(
        self, db: psycopg.Connection[Any], batch: list[Posting], expected: int
    ) -> list[Receipt]:
        last, hash = self._head(db, "FOR UPDATE")
        known = {}
        for posting in batch:
            receipt = self._receipt(db, posting.narration.request)
            if receipt is not None:
                known[receipt.request] = (receipt, posting_of(self._of(db, receipt)))
        new = fresh_postings(batch, known, self.where)
        if (new or not known) and expected != last:
            raise Clash(expected, last, self.where)
        sealed = self._sealer.seal(new, last, hash)
        gone = check_withdrawals(sealed, self._find, self._is_withdrawn)
        if sealed:
            self._insert(db, sealed)
            for seq in gone:
                db.execute("INSERT INTO withdrawn VALUES (%s)", (seq,))
        answer = receipts(batch, sealed, {name: one for name, (one, _) in known.items()})
        self._note(db, [one for one in answer if not one.repeated])
        return answer

    def _insert(self, db: psycopg.Connection[Any], sealed: Sequence[Link]) -> None:
        with db.cursor().copy(f"COPY blocks ({COLUMNS}) FROM STDIN") as copy:
            for link in sealed:
                copy.write_row(row_of(link))
        db.execute("UPDATE head SET seq = %s, hash = %s", (sealed[-1].last, sealed[-1].hash))

    def _note(self, db: psycopg.Connection[Any], done: Sequence[Receipt]) -> None:
        for one in done:
            row = (request_key(one.request), one.first, one.entry, one.root[7:])
            db.execute("INSERT INTO requests VALUES (%s, %s, %s, %s)", row)

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
            last, _ = self._head(db, "FOR UPDATE")
            if last:
                raise Clash(0, last, self.where)
            if links:
                self._insert(db, links)
            rows: dict[str, Sequence[tuple[object, ...]]] = {
                "withdrawn": [(seq,) for seq in withdrawn_in(links)],
                "erased": [(link.first,) for link in links if link.body is None],
                "requests": requests,
            }
            for table, found in rows.items():
                with db.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    for row in found:
                        copy.write_row(row)

    def _receipt(self, db: psycopg.Connection[Any], request: str) -> Receipt | None:
        query = "SELECT first, entry, hash FROM requests WHERE request = %s"
        row = db.execute(query, (request_key(request),)).fetchone()
        return None if row is None else Receipt(row[1], f"sha256:{row[2]}", request, row[0])

    def _of(self, db: psycopg.Connection[Any], receipt: Receipt) -> list[Link]:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first BETWEEN %s AND %s ORDER BY first"
        rows = db.execute(query, (receipt.first, receipt.entry))
        return [link_of(row, self.where) for row in rows]

    def _find(self, seq: int) -> Entry | None:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first <= %s ORDER BY first DESC LIMIT 1"
        row = self._open_db().execute(query, (seq,)).fetchone()
        link = None if row is None else link_of(row, self.where)
        if link is None or seq > link.last:
            return None
        return entry_at(link, seq) or entries_of(self._links(self._open_db(), 0))[seq - 1]

    def _is_withdrawn(self, seq: int) -> bool:
        query = "SELECT 1 FROM withdrawn WHERE seq = %s"
        return self._open_db().execute(query, (seq,)).fetchone() is not None

    # Reading

    def links(self, after: int = 0) -> list[Link]:
        """See `Store.links`."""
        with self._lock, self._plainly():
            return self._links(self._open_db(), after)

    def _links(self, db: psycopg.Connection[Any], after: int) -> list[Link]:
        query = f"SELECT {COLUMNS} FROM blocks WHERE first > %s ORDER BY first"
        with collector_paused():
            return [link_of(row, self.where) for row in db.execute(query, (after,))]

    def whole(self, *, check: bool = True) -> list[Link]:
        """See `Store.whole`."""
        with self._lock, self._plainly():
            db = self._open_db()
            with db.transaction():
                db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                last, hash = self._head(db)
                links = self._links(db, 0)
        return as_written(links, last, hash, self.where, check=check)

    def read(self, upto: int | None = None, *, check: bool = True) -> list[Entry]:
        """See `Store.read`."""
        links = self.whole(check=check)
        check_upto(upto, links[-1].last if links else 0, self.where)
        return entries_of(links)[:upto]

    def last(self) -> tuple[int, str]:
        """See `Store.last`."""
        with self._lock, self._plainly():
            return self._head(self._open_db())

    def _head(self, db: psycopg.Connection[Any], lock: str = "") -> tuple[int, str]:
        row = db.execute(f"SELECT seq, hash FROM head {lock}").fetchone()
        if row is None:
            raise ChainBroken(0, "the note of the last entry is lost", self.where)
        return row[0], row[1]

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
