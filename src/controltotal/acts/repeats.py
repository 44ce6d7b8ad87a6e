"""Whether a request that comes again asks for the same act as the first time, and of the same person.

The ledger keeps what an act wrote and not what was asked for. So an act is the same where what it wrote
says each field that a column bears; where it put no row, what it took back says them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from controltotal.book.row_keys import key_part
from controltotal.core.schema import tables
from controltotal.ledger.entries import PUT, WITHDRAW, Entry

UNDO: Final = "undo"
EMPTY_SAYS: Final = frozenset({("sign", "outcome")})
"""Columns of acts in which an empty text says something: a signature without an outcome approves."""


def is_own(wrote: Sequence[Entry], subject: str) -> bool:
    """Whether somebody wrote some entries: nobody is told what another's request did."""
    return all(entry.narration.author.subject == subject for entry in wrote)


def is_same(
    known: Sequence[Entry], wrote: Sequence[Entry], act: str, fields: Mapping[str, str]
) -> bool:
    """Whether an act of some fields is the one that wrote some entries of the ledger (`known`)."""
    if {entry.narration.act for entry in wrote} != {act}:
        return False
    if act == UNDO:
        return _undoes(known, wrote, fields.get("entry", ""))
    rows = [(entry.table, dict(entry.cells)) for entry in wrote if entry.kind == PUT]
    if not rows:
        gone = [known[entry.withdraws - 1] for entry in wrote if entry.kind == WITHDRAW]
        rows = [(e.table, {**dict(e.cells), "table": e.table, "row": str(e.row)}) for e in gone]
    return all(
        _says(rows, column, text)
        for column, text in fields.items()
        if text or (act, column) in EMPTY_SAYS
    )


def _says(rows: Sequence[tuple[str, Mapping[str, str]]], column: str, text: str) -> bool:
    """Whether a row says a field; also where no row bears the column, and nothing tells."""
    said = [
        key_part(table, column, row.get(column, "")) == key_part(table, column, text)
        for table, row in rows
        if column in row or (table in tables() and column in tables()[table].columns)
    ]
    return not said or any(said)


def _undoes(known: Sequence[Entry], wrote: Sequence[Entry], number: str) -> bool:
    """Whether entries undo the request that wrote an entry."""
    if not number.isdecimal() or len(number) > 15 or not 1 <= int(number) <= len(known):
        return False
    request = known[int(number) - 1].narration.request
    undone = [entry for entry in known if entry.narration.request == request]
    put = {entry.seq for entry in undone if entry.kind == PUT}
    gone = [known[entry.withdraws - 1].cells for entry in undone if entry.kind == WITHDRAW]
    return any(
        entry.withdraws in put if entry.kind == WITHDRAW else not put and entry.cells in gone
        for entry in wrote
    )
