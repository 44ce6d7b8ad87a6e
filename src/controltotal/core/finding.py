"""Findings: a fault said to a finance manager, with its place, what was expected and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SEVERITIES: Final = ("error", "warning", "information")


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


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key in which `row 9` comes before `row 10`."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts if p)
