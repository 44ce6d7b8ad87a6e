"""Codes that point at other tables: an organisation, line, scheme, source or transfer must exist.

A row on a body or line that nobody has named is stopped, for no figure could place it. A wrong
counterparty, scheme or source is said, and the money still counts where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from controltotal.book.record import Record
from controltotal.book.remembered import Remembered, by_table
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
    "risk": ("UNKNOWN_RISK", "risks", "id"),
}


def check_references(
    rows: Iterable[Record], stopped: Iterable[Record] = (), parts: Remembered | None = None
) -> tuple[list[Finding], set[Record]]:
    """Findings for codes that name nothing, and the rows that cannot be used for it.

    A code whose own row is stopped is not unknown: its fault is told there and not again here.
    What names it cannot be used either, except a body, which keeps its place in the tree.
    """
    parts = parts or Remembered()
    of_table = by_table(rows)
    faulty = _named(by_table(stopped), lambda row, column: row.texts.get(column, ""), Remembered())
    known = known_names(of_table, parts)
    findings: list[Finding] = []
    unusable: set[Record] = set()
    for name, own in of_table.items():
        pointers = _pointers()[name]
        names = [(known[column.type], faulty[column.type]) for column in pointers]
        found, lost = parts.recall(
            ("references", name), (own, names), _unknown, own, pointers, names, parts
        )
        findings += found
        unusable |= lost
    return grouped(findings, each_text=True), unusable


def _unknown(
    rows: Sequence[Record],
    pointers: Sequence[Column],
    names: Sequence[tuple[Collection[str], Collection[str]]],
    parts: Remembered,
) -> tuple[list[Finding], set[Record]]:
    """The same of the rows of one table; `names` are those known and those stopped, by pointer."""

    def codes_of(row: Record) -> tuple[str | None, ...]:
        return tuple(row.cell(column.name) for column in pointers)

    findings: list[Finding] = []
    unusable: set[Record] = set()
    every = parts.of_each(("pointers", rows[0].table), rows, codes_of) if pointers else ()
    for row, codes in zip(rows, every, strict=False):
        for column, code, (known, faulty) in zip(pointers, codes, names, strict=True):
            if code is None or code in known:
                continue
            stopped_there = code in faulty
            if not stopped_there:
                findings.append(_finding(row, column, code, known))
            keeps_its_place = stopped_there and column.type == "organisation"
            if column.required and not keeps_its_place:
                unusable.add(row)
    return findings, unusable


def joined(rows: Iterable[Record], parts: Remembered | None = None) -> list[Record]:
    """Rows that spell the id of a scheme another way, joined to the one whose key they name.

    A rejection of `s1` is one of `S1` where the book has no other scheme of that key.
    """
    rows = list(rows)
    parts = parts or Remembered()
    ids = ids_of(rows)
    meant = ids_meant(ids)
    read = {
        name: iter(parts.recall(("joined", name), (own, ids), joined_to, meant, own))
        for name, own in by_table(row for row in rows if row.table in _pointing()).items()
    }
    return [next(read[row.table]) if row.table in read else row for row in rows]


@cache
def _pointing() -> frozenset[str]:
    """The tables of which a row may name a scheme."""
    return frozenset(name for name, table in tables().items() if "scheme" in table.columns)


def joined_to(meant: Callable[[str], str], rows: Iterable[Record]) -> list[Record]:
    """Rows with the ids of schemes that they mean."""
    found = []
    for row in rows:
        code = row.cell("scheme") if row.table in _pointing() else None
        other = meant(code) if code else code
        found.append(replace(row, scheme=other) if other != code else row)  # type: ignore[call-arg]
    return found


def ids_of(rows: Iterable[Record]) -> tuple[str, ...]:
    """The ids of schemes, each once, in order."""
    schemes = (row.cell("id") for row in rows if row.table == "schemes")
    return tuple(dict.fromkeys(code for code in schemes if code))


def ids_meant(ids: Iterable[str]) -> Callable[[str], str]:
    """The id of a scheme that a text means: itself where one has it, else the only one of its key."""
    by_key: dict[str, set[str]] = {}
    for code in ids:
        by_key.setdefault(key(code), set()).add(code)
    known = {code for codes in by_key.values() for code in codes}

    def meant(code: str) -> str:
        ids = by_key.get(key(code), set()) if code not in known else set()
        return next(iter(ids)) if len(ids) == 1 else code

    return meant


def known_names(
    rows: Mapping[str, Sequence[Record]], parts: Remembered | None = None
) -> dict[str, frozenset[str]]:
    """The codes that rows in force give a name to, by the type of the columns that point at them."""
    known = _named(rows, lambda row, column: row.cell(column) or "", parts or Remembered())
    return known | {"line": known["line"] | frozenset(packaged_lines())}


def _named(
    rows: Mapping[str, Sequence[Record]], read: Callable[[Record, str], str], parts: Remembered
) -> dict[str, frozenset[str]]:
    """The codes that rows (by table) give a name to, by kind."""
    found = {}
    for kind, (_, table, column) in NAMES.items():
        own = rows.get(table, ())
        found[kind] = parts.recall(("named", kind), own, _codes, own, column, read)
    return found


def _codes(
    rows: Sequence[Record], column: str, read: Callable[[Record, str], str]
) -> frozenset[str]:
    return frozenset(read(row, column) for row in rows)


@cache
def _pointers() -> dict[str, list[Column]]:
    """By table: its columns that name a row of another table. A parent is judged with the tree."""
    return {
        name: [
            column
            for column in table.columns.values()
            if column.type in NAMES and (name, column.name) != ("organisations", "parent")
        ]
        for name, table in tables().items()
    }


def _finding(row: Record, column: Column, code: str, known: Collection[str]) -> Finding:
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
