"""Questions and notices of an import: each with its cells, and the words that would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from controltotal.core.finding import FileCell, Finding

_QUOTED: Final = re.compile("“([^”]+)”")
_KEY: Final = re.compile(r"--set (\"[^\"=]+=|'[^'=]+=|[^\s=]+=)")
NOTHING: Final = ('""', "''")
"""What says that something is left out: nothing, between the marks that a mapping writes around it."""
SHOWN: Final = 8
"""Cells that a line names one by one; all stand in `in_files`."""


def asked(
    code: str,
    message: str,
    cells: Sequence[FileCell],
    *,
    expected: str,
    found: str,
    action: str,
) -> Finding:
    """A question: nothing of its file is imported while it stands."""
    return told(
        code, message, cells, expected=expected, found=found, action=action, severity="error"
    )


def told(
    code: str,
    message: str,
    cells: Sequence[FileCell],
    *,
    expected: str = "",
    found: str = "",
    action: str = "Nothing, if this is what was meant.",
    severity: str = "information",
) -> Finding:
    """A notice, which stops nothing."""
    return Finding(
        code=code,
        severity=severity,
        organisation="",
        where=in_words(cells),
        message=message,
        expected=expected,
        found=found,
        action=action,
        in_files=tuple(cells),
    )


def in_words(cells: Sequence[FileCell]) -> str:
    """Cells in a line, each file and sheet named once.

    >>> in_words([FileCell("a.xlsx", "I&E", "B7"), FileCell("a.xlsx", "I&E", "C9")])
    'a.xlsx, sheet I&E, B7, C9'
    >>> in_words([FileCell("a.csv", "", "B7")])
    'a.csv, B7'
    """
    if not cells:
        return ""
    parts: dict[str, list[str]] = {}
    for cell in cells[:SHOWN]:
        sheet = f", sheet {cell.sheet}" if cell.sheet else ""
        parts.setdefault(f"{cell.file}{sheet}", []).append(cell.cell)
    more = len(cells) - SHOWN
    words = "; ".join(f"{where}, {', '.join(named)}" for where, named in parts.items())
    return f"{words} and {more} more" if more > 0 else words


def quoted(texts: Iterable[str], most: int = 6, width: int = 60) -> str:
    """A few texts of a file in quotation marks, each once and short.

    What is to be answered text by text is given whole: with more of them, and wider.

    >>> quoted(["Nursing", "Nursing", "Medical"])
    '“Nursing”, “Medical”'
    """
    short = (text if len(text) <= width else text[: width - 1] + "…" for text in texts)
    each = list(dict.fromkeys(short))
    shown = ", ".join(f"“{text}”" for text in each[:most])
    return f"{shown} and {len(each) - most} more" if len(each) > most else shown


SECTIONS: Final = {
    "IMPORT_HEADING": "headings",
    "IMPORT_LINE": "lines",
    "IMPORT_BODY": "bodies",
    "IMPORT_TOTAL": "totals",
    "IMPORT_REPEATED": "totals",
}
"""The part of a mapping that answers questions about texts of a file, by their code."""


def keys_of(question: Finding) -> list[str]:
    """What `--set` would be given to answer a question; none where that is no answer to it.

    >>> from controltotal.core.finding import Finding
    >>> keys_of(Finding("IMPORT_YEAR", "error", "", "", "", action="Say --set year=2026/27."))
    ['year']
    >>> keys_of(Finding("IMPORT_LINE", "error", "", "", "", found="“Bank”, “Locums”"))
    ['lines.Bank', 'lines.Locums']
    >>> keys_of(Finding("IMPORT_LINE", "error", "", "", "", found="“Pay”", action="Say under [totals]"))
    ['totals.Pay']
    >>> keys_of(Finding("IMPORT_TOTAL", "error", "", "", "", found="“£5.00”", action="Mend the cell."))
    []
    """
    section = SECTIONS.get(question.code, "")
    if section == "lines" and "[totals]" in question.action:
        section = "totals"  # whether a row is the whole of others, not which line it is
    if section == "lines" and '"" = ' in question.action:
        return ["lines."]  # the line of all money of a table
    named = _QUOTED.findall(question.found) if section else []
    match = _KEY.search(question.action)
    if match and not (named and f"[{section}]" in question.action):
        return [match[1].strip("\"'").rstrip("=")]
    if section == "totals" and "[totals]" not in question.action:
        return []  # a sum of the file is found, and no text of it
    return [f"{section}.{text}" for text in named]
