"""Codes that point at other tables: an organisation, line, scheme, source or transfer must exist.

A row on a body or line that nobody has named is stopped, for no figure could place it. A wrong
counterparty, scheme or source is said, and the money still counts where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches

from controltotal.book.record import Record
from controltotal.core.finding import Finding, Place, grouped
from controltotal.core.keys import key
from controltotal.core.lines import packaged_lines
from controltotal.core.schema import Column, tables

NAMES = {
    "organisation": ("UNKNOWN_ORGANISATION", "organisations", "code"),
    "line": ("UNKNOWN_LINE", "lines", "line"),
    "scheme": ("UNKNOWN_SCHEME", "schemes", "id"),
    "source": ("UNKNOWN_SOURCE", "sources", "id"),
    "transfer": ("UNKNOWN_TRANSFER", "transfers", "id"),
    "decision": ("UNKNOWN_DECISION", "decisions", "decision"),
}


def check_references(
    rows: Iterable[Record], stopped: Iterable[Record] = ()
) -> tuple[list[Finding], set[Record]]:
    """Findings for codes that name nothing, and the rows that cannot be used for it.

    A code whose own row is stopped is not unknown: its fault is told there and not again here.
    What names it cannot be used either, except a body, which keeps its place in the tree.
    """
    rows = list(rows)
    faulty = _named(stopped, lambda row, column: row.texts.get(column, ""))
    known = known_names(rows)
    pointers = _pointers()
    findings: list[Finding] = []
    unusable: set[Record] = set()
    for row in rows:
        for column in pointers[row.table]:
            code = row.cell(column.name)
            if code is None or code in known[column.type]:
                continue
            stopped_there = code in faulty[column.type]
            if not stopped_there:
                findings.append(_finding(row, column, code, known[column.type]))
            keeps_its_place = stopped_there and column.type == "organisation"
            if column.required and not keeps_its_place:
                unusable.add(row)
    return grouped(findings, each_text=True), unusable


def joined(rows: Iterable[Record]) -> list[Record]:
    """Rows that spell the id of a scheme another way, joined to the one whose key they name.

    A rejection of `s1` is one of `S1` where the book has no other scheme of that key.
    """
    rows = list(rows)
    return joined_to(ids_meant(rows), rows)


def joined_to(meant: Callable[[str], str], rows: Iterable[Record]) -> list[Record]:
    """Rows with the ids of schemes that they mean."""
    pointing = {name for name, table in tables().items() if "scheme" in table.columns}
    found = []
    for row in rows:
        code = row.cell("scheme") if row.table in pointing else None
        other = meant(code) if code else code
        found.append(replace(row, scheme=other) if other != code else row)  # type: ignore[call-arg]
    return found


def ids_meant(rows: Iterable[Record]) -> Callable[[str], str]:
    """The id of a scheme that a text means: itself where one has it, else the only one of its key."""
    by_key: dict[str, set[str]] = {}
    for row in rows:
        if row.table == "schemes" and row.cell("id"):
            by_key.setdefault(key(row.cell("id")), set()).add(row.cell("id"))
    known = {code for codes in by_key.values() for code in codes}

    def meant(code: str) -> str:
        ids = by_key.get(key(code), set()) if code not in known else set()
        return next(iter(ids)) if len(ids) == 1 else code

    return meant


def known_names(rows: Iterable[Record]) -> dict[str, set[str]]:
    """The codes that rows in force give a name to, by the type of the columns that point at them."""
    known = _named(rows, lambda row, column: row.cell(column) or "")
    known["line"] |= set(packaged_lines())
    return known


def _named(rows: Iterable[Record], read: Callable[[Record, str], str]) -> dict[str, set[str]]:
    """The codes that rows give a name to, by kind."""
    found: dict[str, set[str]] = {kind: set() for kind in NAMES}
    for row in rows:
        for kind, (_, table, column) in NAMES.items():
            if row.table == table:
                found[kind].add(read(row, column))
    return found


def _pointers() -> dict[str, list[Column]]:
    """By table: its columns that name a row of another table. A parent is judged with the tree."""
    return {
        name: [
            column
            for column in table.columns.values()
            if column.type in NAMES and name != NAMES[column.type][1]
        ]
        for name, table in tables().items()
    }


def _finding(row: Record, column: Column, code: str, known: set[str]) -> Finding:
    finding_code, table, _ = NAMES[column.type]
    transfer_end = row.table == "transfers" and column.type == "organisation"
    near = get_close_matches(code, sorted(known), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Finding(
        code="TRANSFER_BODY" if transfer_end else finding_code,
        severity="error",
        organisation=row.texts.get("organisation", ""),
        where=row.where,
        message=f"{column.name} names {code!r}, which is not in the table {table}.{hint}",
        expected=f"a code in {table}",
        found=code,
        action=f"Correct the code, or add it to {table}.",
        detail=row.detail,
        at=(Place(row.table, row.number, column.name, row.entry),),
    )
