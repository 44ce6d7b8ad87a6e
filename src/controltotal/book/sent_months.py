"""Which figures were sent: months that a body handed in, and what then closes its amounts.

A month that was sent is a fact that others have read. Its actuals change by a late adjustment or after
the month was reopened, both rows that everybody sees, and in no other way. A month that was never sent
by itself belongs to the first later one: each is sent with the year to date. What is put against a
scheme is a record of savings and no part of what finance sends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.book.record import Record
from controltotal.book.row_keys import key_part, row_key
from controltotal.core.calendar import (
    CalendarError,
    months_of,
    parse_date,
    parse_month,
)

Cells = Mapping[str, str]
BASIS: Final = "actual"
"""What a month hands in where nothing else is said."""
NOT_SENT, SENT, APPROVED, REOPENED = "not_sent", "sent", "approved", "reopened"
"""The states of a month."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One hand-in of a month as its row now says: `cells` are its texts, `on` its day.

    >>> Sent("T1", "2026-27", 9, date(2026, 12, 1), {"reopened_on": "2026-12-05"}).state
    'reopened'
    """

    organisation: str
    year: str
    month: int
    on: date
    cells: Cells

    @property
    def is_open(self) -> bool:
        """Whether it was reopened, so that its figures may change."""
        return bool(self.cells.get("reopened_on"))

    @property
    def state(self) -> str:
        """Where it stands: sent, approved or reopened."""
        if self.is_open:
            return REOPENED
        return APPROVED if self.cells.get("approved_by") else SENT

    @property
    def key(self) -> str:
        """The key of its row."""
        return row_key("submissions", self.cells)


class SentMonths:
    """The months that bodies have sent, the last hand-in of each; plans and forecasts left aside."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        latest: dict[str, tuple[str, int, Sent]] = {}
        for place, cells in enumerate(rows):
            sent = _read(cells)
            if sent is None:
                continue
            known = key_part("submissions", "on", cells.get("known_on") or cells.get("on", ""))
            own = (known, place, sent)
            before = latest.get(sent.key)
            if before is None or own[:2] > before[:2]:
                latest[sent.key] = own
        self.every: Mapping[tuple[str, str, int], tuple[Sent, ...]] = _by_month(
            one for _, _, one in sorted(latest.values(), key=lambda own: own[:2])
        )
        self._months: dict[tuple[str, str], list[int]] = {}
        for code, year, month in sorted(self.every):
            self._months.setdefault((code, year), []).append(month)

    def last(self, code: str, year: str, month: int) -> Sent | None:
        """The last time that a month was sent; None where it never was."""
        found = self.every.get((code, year, month), ())
        return found[-1] if found else None

    def state(self, code: str, year: str, month: int) -> str:
        """Where a month of a body stands."""
        found = self.last(code, year, month)
        return NOT_SENT if found is None else found.state

    def covering(self, code: str, year: str, month: int) -> Sent | None:
        """The hand-in to which the figures of a month belong: its own, else the first later one."""
        months = self._months.get((code, year), ())
        at = next((one for one in months if one >= month), 0)
        return self.last(code, year, at) if at else None

    def closing(self, cells: Cells) -> Sent | None:
        """The hand-in that closes a row of `amounts`; None where the row may change.

        A row of the whole year would stand over the months that were sent: the last of them closes it.

        >>> months = SentMonths([{"organisation": "T1", "year": "2026/27", "month": "M9",
        ...     "entry": "4", "on": "2026-12-01"}])
        >>> row = {"organisation": "T1", "year": "2026-27", "basis": "actual", "month": "3"}
        >>> months.closing(row).month, months.closing({**row, "month": "10"})
        (9, None)
        """
        if not self.every or not is_sent_with_months(cells):
            return None
        code, year = (
            cells.get("organisation", ""),
            key_part("amounts", "year", cells.get("year", "")),
        )
        found = self.covering(code, year, last_month(cells))
        if found is None and not cells.get("month"):
            found = self.last(code, year, max(self._months.get((code, year), ()), default=0))
        return None if found is None or found.is_open else found


def sent_in(rows: Iterable[Record]) -> SentMonths:
    """The months that rows of `submissions` of a book say were sent."""
    return SentMonths(row.texts for row in rows)


def is_sent_with_months(cells: Cells) -> bool:
    """Whether a row of `amounts` is one that a month hands in: an actual that is of no scheme."""
    basis = key_part("amounts", "basis", cells.get("basis", ""))
    return basis == BASIS and not cells.get("scheme")


def last_month(cells: Cells) -> int:
    """The month to which a row reaches; that of a whole year is the twelfth."""
    with suppress(CalendarError):
        return max(months_of(parse_month(cells.get("month", "") or "")), default=12)
    return 12


def _read(cells: Cells) -> Sent | None:
    """A row of `submissions` as a hand-in of a month; None for a plan, a forecast or what is unclear."""
    if key_part("submissions", "basis", cells.get("basis") or BASIS) != BASIS:
        return None
    with suppress(CalendarError):
        month = parse_month(cells.get("month", ""))
        if month.isdecimal():
            year = key_part("submissions", "year", cells.get("year", ""))
            on = parse_date(cells.get("on", ""))
            return Sent(cells.get("organisation", ""), year, int(month), on, cells)
    return None


def _by_month(rows: Iterable[Sent]) -> dict[tuple[str, str, int], tuple[Sent, ...]]:
    """Hand-ins by body, year and month, the first first; of one day the last written last."""
    found: dict[tuple[str, str, int], list[Sent]] = {}
    for one in rows:
        found.setdefault((one.organisation, one.year, one.month), []).append(one)
    return {
        label: tuple(sorted(same, key=lambda one: (one.on, _entry(one))))
        for label, same in found.items()
    }


def _entry(one: Sent) -> int:
    text = one.cells.get("entry", "")
    return int(text) if text.isdecimal() else 0
