"""Acts that say an earlier day than the one on which they were recorded, and rows taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from controltotal.accounts.exceptions.daybook import Daybook, Departure, Found, day_of, key_of, said
from controltotal.accounts.exceptions.people import handed_in, scheme_words
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Challenge, Scheme, Submission
from controltotal.core.calendar import days_between

DAYS_MOST: Final = 5
"""Days that may lie between an act and its recording."""
ACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "control_totals": ("set_on",),
    "challenges": ("on",),
    "assessments": ("signed_on",),
    "gates": ("on",),
    "engagements": ("notified_on",),
    "conditions": ("met_on",),
    "milestones": ("done_on",),
    "decisions": ("on",),
    "submissions": ("on", "reopened_on"),
    "waivers": ("on",),
    "parameters": ("adopted_on",),
    "actions": ("done_on",),
}
"""The tables of acts, and the columns that say the day of one."""

DOERS: Final = ("by", "set_by", "assessor", "adopted_by")
"""Columns that say who did something, where no act says who recorded it."""
NAMES: Final = ("rule", "name", "title", "decision", "line", "figure", "id")
"""Columns that say what a row is of."""


def dated_before(daybook: Daybook) -> Found:
    """Acts dated more than five days before they were recorded, the first recording counting."""
    found: list[Departure] = []
    told = untold = 0
    for table in ACTS:
        first = _first_recorded(daybook, table)
        for row in daybook.position.rows(table):
            day = acted(row)
            if day is None:
                continue
            recorded = first.get((key_of(row), day))
            if recorded is None or _answered_since(daybook, row):
                untold += 1
                continue
            told += 1
            if days_between(day, recorded) > DAYS_MOST:
                found.append(_dated_before(daybook, row, day, recorded))
    some = f"of {untold:,} dated act{'' if untold == 1 else 's'} nothing says when it was recorded"
    unseen = (some,) if untold else () if told else ("no act has a date",)
    return Found(tuple(found), unseen, looked=told > 0)


def acted(row: Record) -> date | None:
    """The day of an act: of several in one row the latest."""
    days = [row.cell(column) for column in ACTS[row.table]]
    return max((day for day in days if isinstance(day, date)), default=None)


def _first_recorded(daybook: Daybook, table: str) -> dict[tuple[object, date], date]:
    """When each act of a table was first recorded: a row put again later is no later act."""
    position = daybook.position
    every = [*position.rows(table), *(r for r in position.superseded if r.table == table)]
    every += [r for r in position.withdrawn if r.table == table and not r.stopped]
    found: dict[tuple[object, date], date] = {}
    for row in every:
        day, recorded = acted(row), daybook.recorded(row)
        if day is not None and recorded is not None:
            label = (key_of(row), day)
            found[label] = min(found.get(label, date.max), recorded)
    return found


def _answered_since(daybook: Daybook, row: Record) -> bool:
    """Whether a row became known anew with something that its date does not speak of.

    A challenge is answered under the day on which it was raised.
    """
    return isinstance(row, Challenge) and bool(row.answer) and daybook.act(row) is None


def _dated_before(daybook: Daybook, row: Record, day: date, recorded: date) -> Departure:
    days = days_between(day, recorded)
    return Departure(
        "dated_before",
        body_of(daybook.position, row),
        year_of_row(row),
        subject_of(daybook.position, row),
        f"dated {day}, recorded {days} days later: {recorded} at the earliest",
        (row,),
        row.texts.get("month", ""),
        _who(daybook, row),
        day,
        recorded,
    )


def _who(daybook: Daybook, row: Record) -> str:
    """Who recorded a row, else who it says did it."""
    told = [daybook.by(row), *(said(row, column) for column in DOERS)]
    return next((str(name) for name in told if name), "")


def body_of(position: Position, row: Record) -> str:
    """The organisation that a row is about: its own, else that of its scheme; empty for none."""
    scheme = _scheme(position, row)
    return str(said(row, "organisation") or (scheme.organisation if scheme else ""))


def year_of_row(row: Record) -> str:
    """The year that a row names; empty where it names none."""
    return str(said(row, "year") or "")


def subject_of(position: Position, row: Record) -> str:
    """What a row is of, as an auditor looks for it."""
    scheme = _scheme(position, row)
    if scheme is not None:
        gate = said(row, "gate")
        return f"{scheme_words(scheme)}{f', {gate}' if gate else ''}"
    if isinstance(row, Submission):
        return handed_in(row)
    names = [said(row, column) for column in NAMES]
    table = row.table.replace("_", " ").removesuffix("s").capitalize()
    return next((str(name).replace("_", " ") for name in names if name), table)


def _scheme(position: Position, row: Record) -> Scheme | None:
    """The scheme that a row is or speaks of."""
    if isinstance(row, Scheme):
        return row
    code = said(row, "scheme")
    return next((one for one in position.book.schemes if one.id == code), None) if code else None


def rows_withdrawn(daybook: Daybook) -> Found:
    """Rows that an act took back, whether or not others stand in their place."""
    if not daybook.kept:
        return Found((), daybook.missing, looked=False)
    return Found(tuple(_withdrawn(daybook)))


def _withdrawn(daybook: Daybook) -> Iterator[Departure]:
    position = daybook.position
    for row, act in daybook.taken_back:
        again = [
            other
            for other in position.rows(row.table)
            if other.entry > row.entry and key_of(other) == key_of(row)
        ]
        instead = "another stands in its place" if again else "nothing stands in its place"
        why = f": {act.why}" if act.why else ""
        yield Departure(
            "rows_withdrawn",
            body_of(position, row),
            year_of_row(row),
            subject_of(position, row),
            f"{row.where} taken back{why}; {instead}",
            (row, *again[:1]),
            row.texts.get("month", ""),
            act.by,
            day_of(act),
            acts=(act.seq,),
        )
