"""What the figures to date of a month owe to earlier months that were changed after they were sent.

A month is told with the year to date. When an earlier month is adjusted late, or reopened and sent
again, every later month says something other than before without a row of its own being touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from controltotal.accounts.months_sent import Amount, Event, amounts_of, events
from controltotal.book.sent_months import last_month
from controltotal.workings.line_sums import is_told_of
from controltotal.workings.month import MONTHS
from controltotal.workings.workings import Workings


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of earlier months: `months`, its event, and by how much it moved what is to date.

    `lines` are the lines with the pence by which each moved, costs positive as they are written;
    `surplus` is what of it moved the surplus before support, better positive.
    """

    months: tuple[int, ...]
    event: Event
    lines: tuple[tuple[str, int], ...]
    surplus: int


def moved_by_earlier(workings: Workings, code: str, year: str, month: int) -> list[Moved]:
    """The changes of months before one that moved its figures to date, the first first.

    What was sent for the first time changed nothing. Of an act that changed the month itself too,
    the months before it alone are counted here.
    """
    daybook, found = workings.position.daybook, dict[str, list[tuple[int, Event]]]()
    for earlier in range(1, month):
        for event in _changes(events(workings, code, year, earlier)):
            request = daybook[event.entry - 1].narration.request
            if request:
                found.setdefault(request, []).append((earlier, event))
    moved = []
    for own in found.values():
        event = own[0][1]
        amounts = amounts_of(workings, daybook[event.entry - 1])
        lines = _by_line(one for one in amounts if last_month({"month": one.month}) < month)
        if lines:
            months = tuple(number for number, _ in own)
            moved.append(Moved(months, event, tuple(lines.items()), _surplus(workings, lines)))
    return sorted(moved, key=lambda one: one.event.entry)


def moved_after(workings: Workings, code: str, year: str, entry: int) -> list[tuple[int, Moved]]:
    """The later months whose figures to date the request of an entry moved, each with how.

    Only months that were sent are among them: the others have said nothing yet that could differ.
    """
    request = workings.position.daybook[entry - 1].narration.request
    found = []
    for month in range(2, MONTHS + 1):
        if any(one.what == "sent" for one in events(workings, code, year, month)):
            for moved in moved_by_earlier(workings, code, year, month):
                own = workings.position.daybook[moved.event.entry - 1].narration.request
                if own == request:
                    found.append((month, moved))
    return found


def _changes(every: Iterable[Event]) -> Iterator[Event]:
    """The late adjustments of a month, and each sending of it after the first."""
    sent = False
    for event in every:
        if event.what == "adjusted" or (event.what == "sent" and sent):
            yield event
        sent = sent or event.what == "sent"


def _by_line(amounts: Iterable[Amount]) -> dict[str, int]:
    """By how many pence each line moved; lines that came out even are left out."""
    found: dict[str, int] = {}
    for one in amounts:
        found[one.line] = found.get(one.line, 0) + (one.after or 0) - (one.before or 0)
    return {line: pence for line, pence in found.items() if pence}


def _surplus(workings: Workings, moved: dict[str, int]) -> int:
    """What moved lines do to the surplus: those of which it is made, with their signs."""
    lines = workings.position.lines
    return sum(
        lines[line].sign * pence
        for line, pence in moved.items()
        if line in lines and is_told_of(lines[line], line)
    )
