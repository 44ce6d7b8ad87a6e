"""Findings: a fault said to a finance manager, with its place, what was expected and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

SEVERITIES: Final = ("error", "warning", "information")


class Place(NamedTuple):
    """One cell or row that a finding speaks of; `entry` is the ledger entry that put it."""

    table: str
    row: int
    column: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or a warning: which organisation, where, what was expected, found, what to do.

    `where` reads `TABLE row N` and names every row involved; `detail` holds file, sheet, cell.
    """

    code: str
    severity: str
    organisation: str
    where: str
    message: str
    expected: str = ""
    found: str = ""
    action: str = ""
    detail: str = ""
    at: tuple[Place, ...] = ()
    organisations: tuple[str, ...] = ()

    def as_json(self) -> dict[str, str]:
        """The finding as the JSON document shows it."""
        shown = {
            "code": self.code,
            "severity": self.severity,
            "organisation": self.organisation,
            "where": self.where,
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "action": self.action,
        }
        if self.detail:
            shown["detail"] = self.detail
        return shown


def where_of(rows: Iterable[tuple[str, int]]) -> str:
    """The places of rows in words, table by table, each row once.

    >>> where_of([("amounts", 4), ("amounts", 2), ("sources", 3)])
    'amounts row 2, row 4; sources row 3'
    """
    tables: dict[str, set[int]] = {}
    for table, row in rows:
        tables.setdefault(table, set()).add(row)
    return "; ".join(
        f"{table} " + ", ".join(f"row {row}" for row in sorted(found))
        for table, found in sorted(tables.items())
    )


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key in which `row 9` comes before `row 10`."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts if p)
