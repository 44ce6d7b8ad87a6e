"""Codes that point at other tables: an organisation, line, scheme, source or transfer must exist.

A row on a body or line that nobody has named is stopped, for no figure could place it. A wrong
counterparty, scheme or source is said, and the money still counts where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from controltotal.book.record import Record
from controltotal.core.finding import Finding
from controltotal.core.lines import packaged_lines
from controltotal.core.schema import tables

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
    faulty: dict[str, set[str]] = {kind: set() for kind in NAMES}
    for row in stopped:
        for kind, (_, table, column) in NAMES.items():
            if row.table == table:
                faulty[kind].add(row.texts.get(column, ""))
    known: dict[str, set[str]] = {kind: set() for kind in NAMES}
    known["line"] |= set(packaged_lines())
    for row in rows:
        for kind, (_, table, column) in NAMES.items():
            if row.table == table:
                known[kind].add(row.cell(column) or "")
    columns = {
        name: [c for c in table.columns.values() if c.type in NAMES and name != NAMES[c.type][1]]
        for name, table in tables().items()
    }
    findings: list[Finding] = []
    unusable: set[Record] = set()
    for row in rows:
        for spec in columns[row.table]:
            code = row.cell(spec.name)
            if code is None or code in known[spec.type] or spec.name == "parent":
                continue
            if code in faulty[spec.type]:
                if spec.required and spec.type != "organisation":
                    unusable.add(row)
                continue
            transfer_end = row.table == "transfers" and spec.type == "organisation"
            findings.append(_finding(row, spec.name, spec.type, code, known, transfer_end))
            if spec.required:
                unusable.add(row)
    return findings, unusable


def _finding(
    row: Record, column: str, kind: str, code: str, known: dict[str, set[str]], transfer_end: bool
) -> Finding:
    finding_code, table, _ = NAMES[kind]
    near = get_close_matches(code, sorted(known[kind]), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Finding(
        code="TRANSFER_BODY" if transfer_end else finding_code,
        severity="error",
        organisation=row.texts.get("organisation", ""),
        where=row.where,
        message=f"{column} names {code!r}, which is not in the table {table}.{hint}",
        expected=f"a code in {table}",
        found=code,
        action=f"Correct the code, or add it to {table}.",
        detail=row.detail,
    )
