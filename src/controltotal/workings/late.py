"""Who has not reported a month, and what stands in for it where a named person chooses so.

In a month in which one of forty is late the totals above it are not told (`wait`). A person may
leave it out (`exclude`) or take its last month and its plan for what is missing (`last`); what is
made so is a stand-in, named as one, and no rule and no control total ever sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.workings.month import Month, months_to
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value


@dataclass(frozen=True, slots=True)
class Report:
    """Whether a body has reported a month: `last` is the month it reached, nil where none.

    `why` says what keeps the months that it did send from being told.
    """

    organisation: str
    year: str
    month: int
    reported: bool
    last: int
    why: str = ""


def reports(month: Month, year: str, bodies: Iterable[str]) -> list[Report]:
    """Of each body with money of its own whether it has reported the month that any of them has.

    Nothing where nobody has reported a month of the year.
    """
    totals = month.totals
    told = {
        code: totals.own_adjusted(code, year, "actual")
        for code in bodies
        if _holds(totals, code, year)
    }
    last = {code: _last(value) for code, value in told.items()}
    asked = totals.position.month_asked(year) or max(last.values(), default=0)
    if not asked:
        return []
    return [
        Report(code, year, asked, last[code] >= asked, last[code], _why(value))
        for code, value in told.items()
        if asked in totals.tree.months_stood(code, year)
    ]


def _holds(totals: Totals, code: str, year: str) -> bool:
    """Whether a body reports for itself: it is at the bottom, or has money beside those below."""
    if not totals.tree.exists(code, year):
        return False
    parent = totals.tree.parent(code, year)
    if parent is not None and code not in totals.children(parent, year):
        return False  # a pool or a council that reports nothing
    if not totals.children(code, year):
        return True
    grouping = totals.tree.organisations[code].is_grouping
    return not grouping and totals.amounts.says_position(code, year, "plan", "")


def _last(value: Value) -> int:
    """The last month of a value told without a gap; nil where it is not."""
    last = max(value.months, default=0)
    return last if value.reported and value.months == months_to(last) else 0


def _why(value: Value) -> str:
    """What keeps actuals that were sent from being told; empty where none were sent."""
    if value.reported or value.silent or value.unknown is None:
        return ""
    return value.unknown.words
