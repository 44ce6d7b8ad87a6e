"""Settings of a book given twice: none of them holds, and what rests on them stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from controltotal.book.settings import settings_known
from controltotal.core.finding import Finding
from controltotal.ledger.entries import Entry


def doubled_settings(entries: Iterable[Entry], moment: int | date | None) -> list[Finding]:
    """One finding for each setting that two rows give with nothing to tell which is later."""
    given: dict[str, list[tuple[date, Entry]]] = {}
    for name, known, entry in settings_known(entries, moment):
        given.setdefault(name, []).append((known, entry))
    findings = []
    for key, rows in given.items():
        latest = max(known for known, _ in rows)
        last = [entry for known, entry in rows if known == latest]
        if key and len(last) > 1:
            findings.append(_twice(last))
    return findings


def _twice(rows: list[Entry]) -> Finding:
    key = dict(rows[0].cells)["key"]
    return Finding(
        code="NOT_READ",
        severity="error",
        organisation="",
        where="book " + ", ".join(f"row {entry.row}" for entry in rows),
        message=f"{key} is set {len(rows)} times, with nothing to tell which is later; "
        "none of them is used.",
        expected=f"{key} once, or a known_on date on each",
        found=", ".join(dict(entry.cells).get("value", "nothing") for entry in rows),
        action=f"Remove the rows of {key} that do not hold.",
        detail=rows[0].origin.partition("|")[0],
    )
