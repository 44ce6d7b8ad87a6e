"""Figures of months that were sent: an import changes them as a late adjustment, with its reason.

What others have read changes in sight of everybody: the row of the hand-in is written again with why
its figures came late. Without a reason the import asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from controltotal.book.sent_months import Sent, SentMonths
from controltotal.core.calendar import year_label
from controltotal.core.finding import FileCell, Finding
from controltotal.intake.changes import Changes
from controltotal.intake.questions import asked
from controltotal.intake.scopes import Cells, Put
from controltotal.ledger.entries import Entry


def months_of_book(standing: Iterable[Entry]) -> SentMonths:
    """The months that the bodies of a book have sent."""
    return SentMonths(dict(entry.cells) for entry in standing if entry.table == "submissions")


def closed_by(changes: Changes, months: SentMonths) -> list[tuple[Sent, FileCell | None]]:
    """Each hand-in whose figures would change, with the first cell that would change them."""
    found: dict[str, tuple[Sent, FileCell | None]] = {}
    for table, cells, at in _rows(changes):
        sent = months.closing(cells) if table == "amounts" else None
        if sent is not None:
            found.setdefault(sent.key, (sent, at))
    return sorted(found.values(), key=lambda one: (one[0].organisation, one[0].year, one[0].month))


def _rows(changes: Changes) -> Iterator[tuple[str, Cells, FileCell | None]]:
    yield from ((put.table, put.cells, put.at) for put in changes.added)
    for old, put in changes.changed:
        yield old.table, dict(old.cells), put.at
        yield put.table, put.cells, put.at
    yield from ((entry.table, dict(entry.cells), None) for entry in changes.withdrawn)


def late_question(changes: Changes, months: SentMonths) -> list[Finding]:
    """A question where figures of a month would change that was sent."""
    closed = closed_by(changes, months)
    if not closed:
        return []
    whom = ", ".join(f"{sent.organisation} month {sent.month}" for sent, _ in closed[:6])
    more = f" and {len(closed) - 6} more" if len(closed) > 6 else ""
    first = closed[0][0]
    return [
        asked(
            "IMPORT_SENT",
            f"The file changes figures that were sent: {whom}{more}, {year_label(first.year)}.",
            [at for _, at in closed if at is not None],
            expected=f"the figures as they were sent on {first.on}",
            found="other figures",
            action='Say why they come late: --set late="REASON"; the month then shows a late adjustment. '
            "Or have the month reopened first.",
        )
    ]


def late_rows(
    changes: Changes, months: SentMonths, standing: Sequence[Entry], reason: str, on: str
) -> Changes:
    """The hand-ins whose figures change, written again with why, as rows to be put."""
    found = Changes()
    own = {e.seq: dict(e.cells) for e in standing if e.table == "submissions"}
    for sent, _ in closed_by(changes, months):
        cells = {**sent.cells, "late_reason": reason, "known_on": on}
        cells.pop("approved_by", None)  # of other figures: it waits for approval again
        put = Put("submissions", cells, FileCell("", "", ""), "")
        old = next((seq for seq, row in own.items() if row == sent.cells), 0)
        said = sent.cells.get("known_on") or sent.cells.get("on", "")
        if said < on or not old:
            found.added.append(put)
        else:
            found.changed.append((next(e for e in standing if e.seq == old), put))
    return found
