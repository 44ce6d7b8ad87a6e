"""Versions of a plan: as it was first told, as it was changed, by whom and when, and as it stands.

A plan that changes after its year began is another promise. What the position would be with the
plan as known by the end of a day is worked out by the same reckoning as the plan of now, with the
rows that held then; a row of which no earlier version is known is taken to have held. Without rows
that gave way there is one version and no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from controltotal.accounts.exceptions.daybook import Daybook, key_of, versions
from controltotal.book.asking import bodies_asked
from controltotal.book.fold import Position
from controltotal.book.records import Amount
from controltotal.core.result import Answer
from controltotal.workings.workings import Workings

VERSIONS_MOST: Final = 12
"""Days of change of which each is worked out; of more, the first and the latest are."""
Told = Mapping[tuple[object, ...], list[tuple[date, Amount]]]
"""Versions of rows of a plan, by what tells the rows apart, with the day from which each holds."""


def put_plan_versions(
    answer: Answer, workings: Workings, years: Iterable[str], organisation: str | None
) -> None:
    """The table `plan_versions` of each body whose plan of a year changed; else nothing."""
    daybook = Daybook(workings.position)
    told = _told(daybook)
    if not told:
        return
    readings = [(day, Workings(_known_by(workings.position, told, day))) for day in _days(told)]
    for year in years:
        for code in bodies_asked(workings.position, year, organisation):
            answer.table("plan_versions", _versions(daybook, told, readings, code, year))


def _told(daybook: Daybook) -> Told:
    """Rows of plans of which more than one version is known, each plainly written."""
    position = daybook.position
    past = any(isinstance(r, Amount) and r.basis == "plan" for r in position.superseded)
    turned = position.text("signs", "plain") != "plain" or position.text("months") == "cumulative"
    if not past or turned:
        return {}
    found: dict[tuple[object, ...], list[tuple[date, Amount]]] = {}
    for rows in versions(daybook, "amounts"):
        same = [row for row in rows if isinstance(row, Amount) and row.basis == "plan"]
        if len({row.amount for row in same}) > 1:
            found[key_of(same[0])] = [(daybook.since(row) or date.min, row) for row in same]
    return found


def _days(told: Told) -> list[date]:
    """The days from which a version holds: the first of all, then those of changes."""
    days = sorted({day for rows in told.values() for day, _ in rows[1:]})
    days = days if len(days) <= VERSIONS_MOST else [days[0], days[-1]]
    return [date.min, *days]


def _known_by(position: Position, told: Told, day: date) -> Position:
    """The reading with each of these rows as it held at the end of a day; before any, its first."""
    held = {}
    for key, rows in told.items():
        before = [row for since, row in rows if since <= day]
        held[key] = before[-1] if before else rows[0][1]
    amounts = tuple(
        held.get(key_of(row), row) if row.basis == "plan" else row for row in position.book.amounts
    )
    return replace(position, book=replace(position.book, amounts=amounts), place="")


def _versions(
    daybook: Daybook,
    told: Told,
    readings: Iterable[tuple[date, Workings]],
    code: str,
    year: str,
) -> list[dict[str, object]]:
    """The original, each change that moved the position, and the plan as it stands."""
    rows: list[dict[str, object]] = []
    last: int | None = None
    for day, workings in readings:
        pence = workings.totals.adjusted(code, year, "plan").pence
        if rows and pence == last:
            continue
        rows.append(
            {
                "organisation": code,
                "year": year,
                "version": "change" if rows else "original",
                "day": day.isoformat() if day > date.min else "",
                "by": _by(daybook, told, day, year) if rows else "",
                "plan_pence": pence,
                "change_pence": None if last is None or pence is None else pence - last,
            }
        )
        last = pence
    return rows if len(rows) > 1 else []


def _by(daybook: Daybook, told: Told, day: date, year: str) -> str:
    """Who told a plan anew on a day: who recorded it, else who handed a plan in on that day."""
    rows = [row for same in told.values() for since, row in same if since == day]
    found = dict.fromkeys(filter(None, map(daybook.by, rows)))
    for one in daybook.position.book.submissions:
        if one.year == year and one.on == day and not one.month and one.basis in (None, "plan"):
            found[one.by] = None
    return ", ".join(found)
