"""Conditions under which a scheme was approved: what waits for them, and what they stop.

A scheme with a condition `before_start` counts from the day on which the last of them was met, and
not at all before all are. One `while_running` that is overdue stops the months after it. What is
asked is said in its own words wherever the scheme stands: an approval on a condition is not the same
approval without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from controltotal.book.records import Condition, Scheme
from controltotal.core.calendar import day_words

BEFORE = "before_start"
RUNNING = "while_running"
SET_WITH: Final = {
    "QIA": "quality assessment",
    "EQIA": "equality assessment",
    "finance": "finance signature",
}
"""With what a condition was set, in words; others are gates of the programme."""
TO_BE_MET: Final = {BEFORE: "before it starts", RUNNING: "while it runs"}
"""When a condition has to be met, in words."""


def unmet(rows: Iterable[Condition], day: date | None) -> list[Condition]:
    """Conditions before the start that are not met by a day."""
    return [row for row in rows if row.kind == BEFORE and not _met(row, day)]


def overdue(rows: Iterable[Condition], day: date | None) -> list[Condition]:
    """Conditions of a running scheme that were due before a day and are not met by it."""
    return [
        row
        for row in rows
        if row.kind == RUNNING and day is not None and row.due < day and not _met(row, day)
    ]


def counts_from(rows: Iterable[Condition]) -> date | None:
    """The day on which the last condition before the start was met; None where there is none."""
    days = [row.met_on for row in rows if row.kind == BEFORE and row.met_on is not None]
    return max(days, default=None)


def _met(row: Condition, day: date | None) -> bool:
    return row.met_on is not None and day is not None and row.met_on <= day


def condition_rows(
    conditions: Iterable[Condition], schemes: Mapping[str, Scheme], year: str, day: date | None
) -> list[dict[str, object]]:
    """Conditions of some schemes by code, as rows of an answer: those open first, the first due first."""
    own = [one for one in conditions if one.scheme in schemes]
    own.sort(key=lambda one: (_met(one, day), one.due, one.scheme, one.gate, one.text))
    return [
        {
            "scheme": one.scheme,
            "organisation": schemes[one.scheme].organisation,
            "title": schemes[one.scheme].title,
            "year": year,
            "set_with": SET_WITH.get(one.gate, f"gate {one.gate}"),
            "text": one.text,
            "to_be_met": TO_BE_MET.get(one.kind, one.kind),
            "owner": one.owner or "",
            "due": one.due.isoformat(),
            "met_on": one.met_on.isoformat() if one.met_on and _met(one, day) else "",
        }
        for one in own
    ]


def asked_words(row: Condition) -> str:
    """A condition that a scheme waits for, in its own words and with its day."""
    text = row.text.strip().rstrip(".")
    return f"{text} (due {day_words(row.due)})"
