"""Plans, forecasts and control totals that changed when they should have stood still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from controltotal.accounts.exceptions.daybook import (
    Daybook,
    Departure,
    Found,
    day_of,
    key_of,
    versions,
)
from controltotal.book.amount_table import chosen
from controltotal.book.records import Amount, ControlTotal
from controltotal.core.calendar import days_between, year_start
from controltotal.core.money import format_pounds
from controltotal.core.period import year_in
from controltotal.workings.totals import Totals

LAST_DAYS: Final = 2
"""Days before a hand-in or a paper within which a change of forecast is a late one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One version of an amount after another; `after` is None where a row was taken back for good.

    `first` is the day from which the earlier version held, `day` that of the change (None: nothing
    tells it), `by` who made it, `act` its entry where a row was taken back.
    """

    before: Amount
    after: Amount | None
    first: date | None
    day: date | None
    by: str
    act: int = 0


def changes(daybook: Daybook, basis: str) -> Iterator[Change]:
    """Every change of an amount of one basis; a version that says the same changes nothing."""
    gone = {row.entry: act for row, act in daybook.taken_back}
    for rows in versions(daybook, "amounts"):
        same = [row for row in rows if isinstance(row, Amount) and row.basis == basis]
        for before, after in pairwise(same):
            if before.amount != after.amount:
                day, first = daybook.told(after), daybook.told(before)
                yield Change(before, after, first, day, daybook.by(after))
        act = gone.get(same[-1].entry) if same else None
        if act is not None:
            first = daybook.told(same[-1])
            yield Change(same[-1], None, first, day_of(act), act.by, act.seq)


def plan_changed(daybook: Daybook) -> Found:
    """Amounts of a plan that changed after the first day of its year, by line and day."""
    late = [one for one in changes(daybook, "plan") if _after_start(one.before.year, one.day)]
    told = _by_line(daybook, "plan_changed", late)
    return Found(told, daybook.unseen_versions, daybook.keeps("amounts", "plan"))


def _after_start(year: str, day: date | None) -> bool:
    """Whether a day lies after the first day of a year or half: 1 April itself does not.

    >>> [_after_start("2026-27", date(2026, 4, day)) for day in (1, 2)], _after_start("2026-27", None)
    ([False, True], False)
    """
    return day is not None and day > year_start(year_in(year))


def forecast_late(daybook: Daybook) -> Found:
    """Forecasts changed within two days before they were handed in, or a paper was made of them."""
    position = daybook.position
    closed = _closings(daybook)
    if not any(closed.values()):
        return Found((), ("no hand-in of a month and no paper has a date",), looked=False)
    late = []
    for one in changes(daybook, "forecast"):
        days = {*closed.get((one.before.organisation, one.before.year), ()), *closed["", ""]}
        if too_late(one.first, one.day, days):
            late.append(one)
    forecasts = chosen(position.book.amounts, basis=lambda basis: basis == "forecast")
    dated = any(daybook.since(row) for row in forecasts)
    unseen = daybook.unseen_versions if dated else ("no forecast has a date",)
    looked = dated and daybook.keeps("amounts", "forecast")
    return Found(_by_line(daybook, "forecast_late", late), unseen, looked)


def too_late(first: date | None, day: date | None, closed: Iterable[date]) -> bool:
    """Whether a forecast first given on one day was changed on another within two days of its closing.

    A forecast given before the closing before that is of an earlier round, and no late change.

    >>> given, closing = date(2026, 12, 1), date(2026, 12, 15)
    >>> [too_late(given, date(2026, 12, day), [closing]) for day in (12, 13, 15, 16)]
    [False, True, True, False]
    >>> too_late(date(2026, 11, 13), closing, [date(2026, 11, 15), closing])
    False
    """
    if day is None:
        return False
    days = sorted(closed)
    for place, closing in enumerate(days):
        if closing - timedelta(LAST_DAYS) <= day <= closing:
            before = days[place - 1] if place else None
            if before is None or first is None or first > before:
                return True
    return False


def _closings(daybook: Daybook) -> dict[tuple[str, str], list[date]]:
    """The days of hand-ins by body and year; under empty texts the days of papers, for everybody."""
    book = daybook.position.book
    found: dict[tuple[str, str], list[date]] = {("", ""): []}
    for row in book.submissions:
        if row.month and row.basis in (None, "forecast"):
            found.setdefault((row.organisation, row.year), []).append(row.on)
    for paper in book.papers:
        found["", ""].append(paper.known_on or paper.on)
    return found


def _by_line(daybook: Daybook, kind: str, found: Iterable[Change]) -> tuple[Departure, ...]:
    """Changes of the months of one line on one day as one exception, with what they move."""
    position = daybook.position
    together: dict[tuple[object, ...], list[Change]] = {}
    for one in found:
        row = one.before
        label = (row.organisation, row.year, row.line, row.scheme, row.scenario, one.day, one.by)
        together.setdefault(label, []).append(one)
    departures = []
    for same in together.values():
        first = same[0].before
        line = position.lines[first.line]
        sign = 1 if first.scheme else line.sign
        months = [one for one in same if (one.before.month or "").isdigit()]
        rows = [row for one in same for row in (one.before, one.after) if row is not None]
        told = months or same  # a year's row holds its months
        first_of = {key_of(one.before): one.before.amount for one in reversed(told)}
        last_of = {key_of(one.before): one.after for one in told}
        before = sum(first_of.values())
        after = sum(row.amount for row in last_of.values() if row is not None)
        gone = any(row is None for row in last_of.values())
        departures.append(
            Departure(
                kind,
                first.organisation,
                first.year,
                f"{line.name}{f', scheme {first.scheme}' if first.scheme else ''}",
                f"{format_pounds(before)} became {_became(last_of.values(), after)}",
                tuple(rows),
                ", ".join(dict.fromkeys(one.before.month or "" for one in months)),
                same[0].by,
                same[0].day,
                pence=None if gone else sign * (after - before),
                acts=tuple(one.act for one in same if one.act),
            )
        )
    return tuple(departures)


def _became(rows: Iterable[Amount | None], after: int) -> str:
    """What amounts became: what was taken back for good is no amount, and nil is another thing."""
    kept = [row is not None for row in rows]
    told = format_pounds(after) if any(kept) else "nothing that is stated"
    lost = f", and {len(kept) - sum(kept)} of them nothing that is stated"
    return told + (lost if any(kept) and not all(kept) else "")


def control_total_changed(daybook: Daybook, totals: Totals) -> Found:
    """Control totals set, changed or withdrawn after the first day of their year."""
    rows = [
        row
        for row in daybook.position.book.control_totals
        if row.status in ("accepted", "withdrawn")
    ]
    late = [_set_late(daybook, totals, row) for row in rows if _after_start(row.year, row.set_on)]
    corrected = []
    for same in versions(daybook, "control_totals"):
        totals_of_one = [row for row in same if isinstance(row, ControlTotal)]
        for before, after in pairwise(totals_of_one):
            day = daybook.told(after)
            if before.amount != after.amount and _after_start(after.year, day):
                corrected.append(_corrected(daybook, before, after, day))
    undated = sum(row.set_on is None for row in rows)
    some = f"{undated} control total{'' if undated == 1 else 's'} without a date"
    unseen: tuple[str, ...] = ("the data hold no control totals",)
    if rows:
        unseen = (*((some,) if undated else ()), *daybook.unseen_versions)
    return Found((*late, *corrected), unseen, looked=undated < len(rows))


def _set_late(daybook: Daybook, totals: Totals, row: ControlTotal) -> Departure:
    """A control total set after its year began, with what it changes of the one before."""
    before = _before(totals, row)
    told = "withdrawn" if row.status == "withdrawn" else "changed" if before else "set"
    days = days_between(year_start(year_in(row.year)), row.set_on) if row.set_on else 0
    why = f": {row.reason}" if row.reason else ""
    return Departure(
        "control_total_changed",
        row.organisation,
        row.year,
        "Control total",
        f"{told} {days} days into its year{', at the latest' if row.set_on_at_latest else ''}{why}",
        (row,) if before is None else (before, row),
        row.month or "",
        row.set_by or daybook.by(row),
        row.set_on,
        daybook.recorded(row),
        row.amount - before.amount if before and row.status == "accepted" else None,
    )


def _before(totals: Totals, row: ControlTotal) -> ControlTotal | None:
    """The accepted control total that stood before another; None where none did."""
    of_body = totals.control_rows(row.organisation, row.year, row.scenario or "")
    accepted = [one for one in of_body if one.status == "accepted" and one.month == row.month]
    day = row.set_on or date.min
    return next((one for one in reversed(accepted) if (one.set_on or date.min) < day), None)


def _corrected(
    daybook: Daybook, before: ControlTotal, after: ControlTotal, day: date | None
) -> Departure:
    return Departure(
        "control_total_changed",
        after.organisation,
        after.year,
        "Control total",
        "its amount was written anew under its old date",
        (before, after),
        after.month or "",
        daybook.by(after) or after.set_by or "",
        day,
        daybook.recorded(after),
        after.amount - before.amount,
    )
