"""Settings of a book given twice: none of them holds, and what rests on them stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from controltotal.book.settings import Settings, read_settings, setting_name
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.finding import Finding
from controltotal.ledger.entries import Entry


def settings_once(
    entries: Sequence[Entry], moment: int | date | None
) -> tuple[Settings, list[Finding]]:
    """The settings of a book, those that two rows set with nothing to tell which is later unclear."""
    settings = read_settings(entries, moment)
    given: dict[str, list[tuple[date, Entry]]] = {}
    for entry in entries:
        if entry.table != "book":
            continue
        cells = dict(entry.cells)
        try:
            known = parse_date(cells["known_on"]) if "known_on" in cells else date.min
        except CalendarError:
            continue  # the row is stopped, and said
        if not (isinstance(moment, date) and known > moment):
            given.setdefault(setting_name(cells.get("key", "")), []).append((known, entry))
    doubled, findings = set(), []
    for key, rows in given.items():
        latest = max(known for known, _ in rows)
        last = [entry for known, entry in rows if known == latest]
        if key and len(last) > 1:
            doubled.add(key)
            findings.append(_twice(last))
    if not doubled:
        return settings, []
    values = {key: value for key, value in settings.values.items() if key not in doubled}
    return replace(settings, values=values, unclear=settings.unclear | doubled), findings


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
