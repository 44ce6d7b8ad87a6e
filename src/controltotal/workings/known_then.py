"""A reading with the forecasts that were known by an earlier day, from rows that gave way or went since."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from controltotal.book.amount_table import chosen
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Amount
from controltotal.core.calendar import CalendarError, parse_date


def forecasts_known_by(position: Position, day: date) -> Position | None:
    """The reading with the forecasts that were known by a day; None where none has a date.

    A body's forecast of a year of which no row has a date is left out: nothing tells whether it
    was known then.
    """
    past = _past(position, day)
    if past and not _plainly_written(position, past):
        return None
    amounts = position.book.amounts
    every = [
        *chosen(amounts, basis=lambda basis: basis == "forecast"),
        *(row for row in past if row.basis == "forecast"),
    ]
    dated = {(row.organisation, row.year) for row in every if row.known is not None}
    if not dated:
        return None
    latest: dict[tuple[object, ...], Amount] = {}
    for row in every:
        if (row.organisation, row.year) not in dated or (row.known and row.known > day):
            continue
        label = (
            row.organisation,
            row.line,
            row.year,
            row.month,
            row.scenario,
            row.recurrence,
            row.counterparty,
            row.scheme,
        )
        before = latest.get(label)
        if before is None or (before.known or date.min) < (row.known or date.min):
            latest[label] = row
    others = chosen(amounts, basis=lambda basis: basis != "forecast")
    rows = (*others, *sorted(latest.values(), key=lambda row: row.number))
    return replace(position, book=replace(position.book, amounts=rows), place="")


def _past(position: Position, day: date) -> list[Amount]:
    """Amounts that gave way, and forecasts that an act took back after the day."""
    gone = (
        row
        for row in position.withdrawn
        if isinstance(row, Amount) and row.basis == "forecast" and not row.stopped
    )
    since = (row for row in gone if (withdrawn_on(position, row) or date.min) > day)
    return [*(row for row in position.superseded if isinstance(row, Amount)), *since]


def withdrawn_on(position: Position, row: Record) -> date | None:
    """The day on which an act took a row back; None where it does not say."""
    act = position.withdrawals.get(row.entry)
    with suppress(CalendarError):
        return parse_date(act.on) if act is not None and act.on else None
    return None


def _plainly_written(position: Position, past: Sequence[Amount]) -> bool:
    """Whether amounts that gave way are in their plain form.

    A row that gave way stands as it was typed: its sign or its running sum would have to be turned.
    """
    turned = position.text("signs", "plain") != "plain" or position.text("months") == "cumulative"
    turned = turned or any(row.months == "cumulative" for row in position.book.sources)
    return not turned and not any(row.direction for row in past)
