"""Conditions under which a scheme was approved: what waits for them, and what they stop.

A scheme with a condition `before_start` counts from the day on which the last of them was met, and
not at all before all are. One `while_running` that is overdue stops the months after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from controltotal.book.records import Condition

BEFORE = "before_start"
RUNNING = "while_running"


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
