"""The forecast that a book held a month before: what a later one has overtaken, by its `known_on`.

The forecasts of one round come on different days of a month; the round before is what was known by
the last day of the month before. A row without a day was always known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Amount
from controltotal.core.calendar import day_before


def forecast_known(position: Position) -> tuple[Position, date] | None:
    """The reading with the forecasts of the round before, and the day by which they were known.

    None where no forecast has been overtaken.
    """
    overtaken = [
        row for row in position.superseded if isinstance(row, Amount) and row.basis == "forecast"
    ]
    days = [row.known for row in position.book.amounts if row.basis == "forecast" and row.known]
    if not overtaken or not days:
        return None
    day = day_before(max(days).replace(day=1))
    if not any(row.known is None or row.known <= day for row in overtaken):
        return None
    rows = [row for row in (*overtaken, *position.book.amounts) if row.basis == "forecast"]
    then = _latest(row for row in rows if row.known is None or row.known <= day)
    rest = (row for row in position.book.amounts if row.basis != "forecast")
    return replace(position, book=replace(position.book, amounts=(*rest, *then))), day


def _latest(rows: Iterable[Amount]) -> list[Amount]:
    """Of rows with one label the one known last, in the order of the table."""
    latest: dict[tuple[object, ...], Amount] = {}
    for row in rows:
        held = latest.setdefault(_label(row), row)
        if (held.known or date.min) < (row.known or date.min):
            latest[_label(row)] = row
    return sorted(latest.values(), key=lambda row: row.number)


def _label(row: Amount) -> tuple[object, ...]:
    """What makes two rows of `amounts` one."""
    return (
        row.organisation,
        row.line,
        row.year,
        row.month or "",
        row.scenario or "",
        row.recurrence or "",
        row.counterparty or "",
        row.scheme or "",
    )
