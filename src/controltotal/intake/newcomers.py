"""Bodies that an import speaks of and the book does not list, as the register knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controltotal.core import reference
from controltotal.core.finding import FileCell
from controltotal.core.schema import tables
from controltotal.intake.scopes import Put
from controltotal.ledger import Entry
from controltotal.sources.known_bodies import (
    KINDS,
    organisation_rows,
)
from controltotal.sources.published_bodies import board_code
from controltotal.sources.published_books import board_row

NOWHERE = FileCell("", "", "")


def newcomers(puts: Iterable[Put], standing: Sequence[Entry]) -> list[Put]:
    """Rows of `organisations` for bodies that rows name and nobody lists, as the register knows them.

    A body that the register does not know is left to whoever keeps the book: `check` names it.
    """
    listed = {dict(e.cells).get("code", "") for e in standing if e.table == "organisations"}
    years: dict[str, set[str]] = {}
    for put in puts:
        if put.table == "organisations":
            listed.add(put.cells.get("code", ""))
        code = put.cells.get("organisation", "")
        years.setdefault(code, set()).add(put.cells.get("year", ""))
    rows: list[dict[str, str]] = []
    boards = {code for code in set(years) - listed if _system(code)}
    for code in boards:
        years.setdefault(_system(code), set()).update(years[code])
    rows += [board_row(_system(code)) for code in sorted(boards)]
    for code in sorted(set(years) - listed - boards - {""}):
        kind = _kind(code)
        if kind:
            known = listed | set(years)
            rows += organisation_rows(code, kind, years[code] - {""}, listed=known)
    columns = tables()["organisations"].columns
    listed_only = ({c: text for c, text in row.items() if text and c in columns} for row in rows)
    return [Put("organisations", row, NOWHERE, "") for row in listed_only]


def _system(code: str) -> str:
    """The system of which a code is the board; empty for any other body."""
    system = code.removesuffix(board_code(""))
    return system if system != code and _kind(system) == "system" else ""


def _kind(code: str) -> str:
    """The kind by which the register knows a code last; empty where it does not."""
    spells = [spell for spell in reference.spells(code) if spell.kind in KINDS]
    return spells[-1].kind if spells else ""
