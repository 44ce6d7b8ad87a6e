"""What stood against a scheme and stands no more: scores lowered, conditions and hearings withdrawn.

The two directors signed for what stood then. So a score at the bar that a later assessment lowers, a
condition, or an engagement that the law asks for, whose row an act takes back, stands until both of
them have signed after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Assessment, Condition, Engagement, Gate
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.keys import key, word
from controltotal.ledger.entries import Entry
from controltotal.programme.conditions import RUNNING
from controltotal.programme.duties import duty_called
from controltotal.programme.scores import at_the_bar

Assessed = tuple[str, str, str]
"""Scheme, profile and domain of an assessment."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was done: its day, and its entry in the ledger; None where it has no clock."""

    on: date
    entry: int | None

    def before(self, signature: Gate) -> bool:
        """Whether it was done when somebody signed, whatever day an act entered later names."""
        entered = self.entry is None or self.entry <= signature.entry
        return self.on <= signature.on and entered


@dataclass(frozen=True, slots=True)
class Lowered:
    """An assessment at the bar that holds no more, and everything that lowered it or took it back."""

    row: Assessment
    by: tuple[Moment, ...]

    def signed_after(self, signature: Gate) -> bool:
        """Whether somebody signed once it was lowered."""
        return any(moment.before(signature) for moment in self.by)

    @property
    def on(self) -> date:
        """The first day on which it was lowered."""
        return min(moment.on for moment in self.by)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A row that an act took back, and when."""

    row: Condition | Engagement
    at: Moment


def assessed(row: Assessment) -> Assessed:
    """What tells the assessments of one thing from others, however it is spelt."""
    return row.scheme, word(row.profile), word(row.domain)


def lowered(
    position: Position,
    held: Mapping[Assessed, Sequence[Assessment]],
    gone: Iterable[Assessment],
    order: Callable[[Assessment], tuple[date, bool, date, int]],
) -> dict[str, list[Lowered]]:
    """Scores at the bar that hold no more, by scheme: `gone` are those whose row was taken back.

    `held` are the rows that are not, `order` that in which those of one domain hold.
    """

    def after(row: Assessment, rows: Iterable[Assessment]) -> tuple[Moment, ...]:
        return tuple(_moment(position, one) for one in rows if order(one) > order(row))

    found: dict[str, list[Lowered]] = {}
    for rows in held.values():
        over = [row for row in rows if at_the_bar(row)]
        if over:
            top = max(over, key=order)
            by = after(top, rows)
            if by:
                found.setdefault(top.scheme, []).append(Lowered(top, by))
    for row in gone:
        if at_the_bar(row):
            by = (_taken_back(position, row), *after(row, held.get(assessed(row), ())))
            found.setdefault(row.scheme, []).append(Lowered(row, by))
    return found


def withdrawn(position: Position, day: date | None) -> dict[str, list[Withdrawn]]:
    """Conditions and engagements known by a day that were taken back and not replaced, by scheme.

    One of the start is replaced by no condition of a scheme that runs.
    """
    gone = [row for row in position.unsaid if isinstance(row, Condition | Engagement)]
    if not gone:
        return {}
    gone.sort(key=lambda row: position.withdrawals[row.entry].seq)
    book = position.book
    in_force: tuple[Condition | Engagement, ...] = (*book.conditions, *book.engagements)
    standing = {_label(row) for row in in_force}
    standing |= {(*_label(row)[:-1], RUNNING) for row in book.conditions}
    last: dict[tuple[str, ...], Withdrawn] = {}
    for row in gone:
        if day is not None and (row.known or date.min) > day:
            continue
        if _label(row) not in standing:
            last[_label(row)] = Withdrawn(row, _taken_back(position, row))
    found: dict[str, list[Withdrawn]] = {}
    for one in last.values():
        found.setdefault(one.row.scheme, []).append(one)
    return found


def _label(row: Condition | Engagement) -> tuple[str, ...]:
    """What tells one condition of a scheme, or the engagements of one duty, from others."""
    if isinstance(row, Engagement):
        known = duty_called(row.duty)
        return row.scheme, known.duty if known else word(row.duty)
    return row.scheme, row.gate, key(row.text), row.kind


def _moment(position: Position, row: Assessment) -> Moment:
    """When an assessment was made, and entered where an act put it."""
    entry = position.entries.get(row.entry)
    acted = entry is not None and bool(entry.by)
    return Moment(row.signed_on or row.known or date.min, row.entry if acted else None)


def _taken_back(position: Position, row: Record) -> Moment:
    """When the row was withdrawn; the last day there is where its act names none."""
    act = position.withdrawals[row.entry]
    return Moment(_day(act), act.seq)


def _day(act: Entry) -> date:
    try:
        return parse_date(act.on[:10])
    except CalendarError:
        return date.max
