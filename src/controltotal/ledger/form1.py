"""Ledgers of the first form, read once so that they can be carried into one of this form.

There each row was an entry with a hash of its own, over all its fields and the hash before it. The
chain is verified on the way; what one person said on one day for one reason becomes one act.
"""

from __future__ import annotations

import hashlib
import json
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import apsw

from controltotal.core.files import ledger_file
from controltotal.ledger.entries import Author, Draft, Narration, Posting
from controltotal.ledger.errors import ChainBroken, LedgerError
from controltotal.ledger.opening import is_ledger_address
from controltotal.ledger.sqlite import APPLICATION_ID

_GENESIS: Final = hashlib.sha256(b"controltotal ledger, entries of form 1").hexdigest()
_COLUMNS: Final = (
    'seq, id, kind, "table", "row", cells, origin, "by", "on", why, withdraws, previous, hash'
)


def is_form1(address: str) -> bool:
    """Whether an address is that of a ledger file of the first form."""
    if not is_ledger_address(address) or address.startswith("postgres"):
        return False
    file = ledger_file(address)
    if not file.is_file():
        return False
    try:
        db = _open(file)
        try:
            marked = db.pragma("application_id") == APPLICATION_ID
            return marked and bool(db.pragma("user_version") == 1)
        finally:
            db.close()
    except apsw.Error:
        return False


def _open(file: Path) -> apsw.Connection:
    return apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)


def postings_of(address: str) -> list[Posting]:
    """What was said in a ledger of the first form, in order; ChainBroken where it was changed."""
    file = ledger_file(address)
    try:
        db = _open(file)
        try:
            rows: list[Any] = db.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY seq").fetchall()
            noted = db.execute("SELECT seq, hash FROM head").fetchall()
        finally:
            db.close()
    except apsw.Error as error:
        raise LedgerError(
            f"the ledger's file cannot be read ({error})", str(file), "put back a good copy"
        ) from error
    previous = _GENESIS
    for place, row in enumerate(rows, start=1):
        try:
            same = row[0] == place and row[11] == previous and row[12] == _hash(row)
        except (TypeError, ValueError):  # its cells are no list of texts
            same = False
        if not same:
            raise ChainBroken(place, "its fields do not agree with its hash", str(file))
        previous = row[12]
    if noted != [(len(rows), previous)]:
        raise ChainBroken(len(rows) + 1, "the last entry noted is another one", str(file))
    found = []
    for (who, day, why), acts in groupby(rows, key=lambda row: (row[7], row[8], row[9])):
        said = list(acts)
        narration = Narration(
            f"form1/{said[0][0]}/{said[0][1]}", "convert", Author(name=who), day, why
        )
        found.append(Posting(narration, tuple(_draft(row) for row in said)))
    return found


def _draft(row: Any) -> Draft:
    parts = iter(json.loads(row[5]))
    return Draft(row[2], row[3], row[4], tuple(zip(parts, parts, strict=True)), row[6], row[10])


def _hash(row: Any) -> str:
    """The hash of an entry of the first form."""
    seq, id, kind, table, number, cells, origin, by, on, why, withdraws, previous, _ = row
    flat = json.loads(cells)
    joined = ":".join(part for text in flat for part in (str(len(text)), text))
    form = (
        f"i{seq};{_s(id)}{_s(kind)}{_s(table)}i{number};c{len(flat) // 2};{joined};{_s(origin)}"
        f"{_s(by)}{_s(on)}{_s(why)}i{withdraws};{_s(previous)}"
    )
    return hashlib.sha256(form.encode()).hexdigest()


def _s(text: str) -> str:
    return f"s{len(text)}:{text}"
