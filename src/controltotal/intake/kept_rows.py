"""What a book of files keeps of rows that an import puts again or that its file has no more.

A folder and a workbook have no history but what their rows say. Of risks and of forecasts the month
before is told, and rows of one key tell by their days what was known when: one that changes gets a new
one beside it, and a risk that is gone the day since which it counts no more; a row of the same day or
later is put right in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from controltotal.book.row_keys import key_part
from controltotal.intake.changes import Changes
from controltotal.intake.scopes import CLOSED, Cells, key_in, known_of_row
from controltotal.ledger.entries import Entry

RISKS, FORECASTS = "risks", "forecasts"
"""What is kept of a book, by a name."""
WORDS: Final = {
    frozenset({RISKS}): "The risk register keeps what it said before, each row with its day.",
    frozenset({FORECASTS}): "Forecasts keep what they said before, each row with its day.",
    frozenset(
        {RISKS, FORECASTS}
    ): "The risk register and forecasts keep what they said before, each row with its day.",
}


def _kept_as(table: str, cells: Cells) -> str:
    """As what the earlier versions of a row are kept; empty where they are not."""
    if table == "amounts":
        return FORECASTS if key_part(table, "basis", cells.get("basis", "")) == "forecast" else ""
    return RISKS if table == RISKS else ""


def stays(table: str, old: Cells, new: Cells) -> bool:
    """Whether a row stays beside the one that is put in its place.

    >>> stays("risks", {"known_on": "2026-09-10"}, {"known_on": "2026-10-10"})
    True
    >>> stays("risks", {"known_on": "2026-10-10"}, {"known_on": "2026-10-10"})
    False
    >>> stays("amounts", {"basis": "plan"}, {"basis": "plan", "known_on": "2026-10-10"})
    False
    """
    return bool(_kept_as(table, old)) and known_of_row(old) < known_of_row(new)


def add_changes(found: Changes, more: Changes, day: str) -> None:
    """Take in what one file changes; `day` is when it became known, empty where the book is a ledger."""
    found.added += more.added
    found.changed += more.changed
    found.equal += more.equal
    closed = closings(more.withdrawn, day) if day else {}
    found.closed |= {seq: day for seq, closes in closed.items() if closes}
    found.withdrawn += [e for e in more.withdrawn if closed.get(e.seq, True)]


def closings(withdrawn: Sequence[Entry], day: str) -> Mapping[int, bool]:
    """Of rows known before a day, whether each closes on it; an earlier row of its key stays as it is.

    A row that is not among them goes: it is of that day or later, or of a table that is not kept.
    """
    known: dict[str, list[tuple[str, int]]] = {}
    for entry in withdrawn:
        since = known_of_row(dict(entry.cells))
        if entry.table == RISKS and since < day:
            own = key_in(entry.table, dict(entry.cells))
            known.setdefault(own, []).append((since, entry.seq))
    return {seq: seq == max(rows)[1] for rows in known.values() for _, seq in rows}


def closed(entry: Entry, day: str) -> dict[str, str]:
    """The cells of a row that counts no more since a day."""
    return {**dict(entry.cells), CLOSED: day}


def replaced(changes: Changes) -> bool:
    """Whether a row of a book of files is written over or goes, so that nobody can say what it was."""
    over = (
        (old, new)
        for old, new in changes.changed
        if old.table != "sources" and not stays(old.table, dict(old.cells), new.cells)
    )
    return any(over) or len(changes.closed) < len(changes.withdrawn)


def kept(changes: Changes) -> str:
    """A sentence on what a book of files keeps beside what an import put; empty where nothing."""
    cells = ((old.table, dict(old.cells), new.cells) for old, new in changes.changed)
    found = {_kept_as(table, old) for table, old, new in cells if stays(table, old, new)}
    return WORDS.get(frozenset(found | ({RISKS} if changes.closed else set())), "")
