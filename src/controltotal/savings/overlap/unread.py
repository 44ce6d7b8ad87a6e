"""Opportunities that nobody could read: a total that would have used one is not told.

What is left of a list would look like the whole of it, so nothing is summed around a hole.
"""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.book.fold import Position
from controltotal.book.records import Opportunity
from controltotal.core.finding import errors_at
from controltotal.core.result import Answer
from controltotal.savings.overlap.listed import UNDATED, Listed, said_year

PARTS = ("naive", "lower", "upper", "netted")
SHOWN_ROWS = 3
"""Most rows that a sentence names."""


def unread(position: Position) -> tuple[Opportunity, ...]:
    """Rows of opportunities that a fault stopped."""
    return tuple(row for row in position.stopped if isinstance(row, Opportunity))


def year_of_row(row: Opportunity, position: Position) -> str:
    """The year of such a row; empty where it cannot be read, so that it may be any."""
    if row.year is None and row.texts.get("year"):
        return ""
    return row.year or position.default_year or UNDATED


def bears_on(
    position: Position, rows: Sequence[Listed], body: str, year: str, lost: Sequence[Opportunity]
) -> list[Opportunity]:
    """Rows of a year that the total of a body would have used: its own, else those below it."""
    own = [row for row in lost if row.organisation == body]
    if not own and not any(one.organisation == body for one in rows):
        below = set(position.tree.descendants(body, year))
        own = [row for row in lost if row.organisation in below]
    return own


def add_unknown(
    answer: Answer,
    position: Position,
    body: str,
    year: str,
    views: Sequence[str],
    lost: Sequence[Opportunity],
) -> None:
    """The total of a body as one that cannot be told, in figures, in words and with its errors."""
    places = [row.where for row in lost]
    left = len(places) - SHOWN_ROWS
    said = " and ".join(places[:SHOWN_ROWS]) + (
        f" and {left} more row{'s' if left > 1 else ''}" if left > 0 else ""
    )
    why = f"{said} could not be read"
    for part in (*(f"view/{view}" for view in views), *PARTS):
        answer.figure(
            f"opportunity_total/{body}/{year}/plan/{part}",
            None,
            rule=f"cannot be told: {why}",
            entries=[row.entry for row in lost],
            unknown="stopped",
        )
    answer.words(
        f"{position.tree.name(body)}, {said_year(year)}: what its opportunities are worth together cannot be "
        f"told, because {why}. Mend it, and ask again.",
        topic="opportunity",
        about=body,
        year=year,
    )
    answer.add_findings(errors_at(position.findings, set(places)))
