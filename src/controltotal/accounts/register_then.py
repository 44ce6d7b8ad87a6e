"""The register of risks as it was known a month before, from rows that gave way or went since.

What was known by a day are the rows known by it, of one key the latest; a row that was closed or
taken back after the day was still known on it. Of a body of whose rows none has a day nothing tells
what stood then, and it is left out, because absent is never nil.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Risk
from controltotal.core.calendar import day_before
from controltotal.workings.known_then import withdrawn_on


@dataclass(frozen=True, slots=True)
class RegisterThen:
    """What was in the register on a `day`; `bodies` are those of which it is known."""

    rows: tuple[Risk, ...]
    day: date
    bodies: frozenset[str]

    def tells(self, bodies: Iterable[str]) -> bool:
        """Whether the register of each of some bodies was known then."""
        return self.bodies.issuperset(bodies)


@dataclass(frozen=True, slots=True)
class _Version:
    """A row, the day since which it counts no more, and whether an act took it back."""

    row: Risk
    until: date | None
    taken_back: bool

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the register changed by it; one taken back says only that it went."""
        own = (self.until,) if self.taken_back else (self.row.known, self.until)
        return tuple(day for day in own if day)

    @property
    def rank(self) -> tuple[date, bool, int]:
        """The later known holds; of equal days what stands, then what was written last."""
        return (self.row.known or date.min, not self.taken_back, self.row.entry)


def register_then(position: Position) -> RegisterThen | None:
    """The register at the end of the month before its latest entry; None where nothing tells."""
    versions = list(_versions(position))
    days = [day for one in versions for day in one.days]
    if isinstance(position.as_at, date):
        days = [day for day in days if day <= position.as_at]
    if not days:
        return None
    day = day_before(max(days).replace(day=1))
    latest: dict[str, _Version] = {}
    for one in versions:
        if one.taken_back and one.until is not None and one.until <= day:
            continue
        if one.row.known is None or one.row.known <= day:
            held = latest.setdefault(one.row.id, one)
            latest[one.row.id] = max(held, one, key=lambda version: version.rank)
    dated = {one.row.organisation for one in versions if one.row.known or one.until}
    bodies = {one.row.organisation for one in latest.values()} & dated
    rows = [
        one.row
        for one in latest.values()
        if one.row.organisation in bodies and not (one.until and one.until <= day)
    ]
    return RegisterThen(tuple(rows), day, frozenset(bodies)) if bodies else None


def _versions(position: Position) -> Iterator[_Version]:
    """Every row that the register has or had: in force, given way, closed and taken back."""
    for row in (*position.superseded, *position.book.risks):
        if isinstance(row, Risk) and not row.stopped:
            yield _Version(row, row.closed_on, taken_back=False)
    for row in position.withdrawn:
        if isinstance(row, Risk) and not row.stopped:
            since = withdrawn_on(position, row)
            if since is not None:
                yield _Version(row, since, taken_back=True)
