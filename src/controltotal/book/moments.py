"""As at when a book is read: an entry, a day, or a month of a year as it was reported.

Of a month the actuals after it are left out, and forecasts that became known after the month in which it
is reported, the one that follows it. A forecast is known by its own date, its source's or that of
the ledger entry that put it; one that has none is taken, because nothing says that it was not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from controltotal.book.record import Record
from controltotal.book.records import Amount, Fact, Source
from controltotal.core.calendar import (
    CalendarError,
    add_months,
    dated_month,
    day_before,
    month_name,
    month_start,
    months_of,
    parse_date,
    parse_year,
)
from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from controltotal.ledger.entries import Entry

OWNERS: Final[Mapping[str, tuple[str, str]]] = {
    "decision": ("decisions", "decision"),
    "scheme": ("schemes", "id"),
    "transfer": ("transfers", "id"),
    "source": ("sources", "id"),
}
"""By column that names it: the table of what a row belongs to or rests on, and its id there."""
OF_A_LATER_SOURCE: Final = frozenset({"id", "title", "publisher", "published_on", "licence"})
"""What is shown of a source that was published after the day asked for."""
MonthAsked = tuple[str, str | None]
"""A month as a person types it, and the year that is asked for where one is."""


def read_moment(as_at: str | int | date | None) -> int | date | None:
    """`--as-at`: an entry number, or a date.

    >>> read_moment("12"), read_moment("2019-05-01"), read_moment(None)
    (12, datetime.date(2019, 5, 1), None)
    """
    if as_at is None or isinstance(as_at, int | date):
        return as_at
    if re.fullmatch(r"\d{1,9}", as_at) and not re.fullmatch(r"(19|20)\d\d", as_at):
        return int(as_at)
    try:
        return parse_date(as_at)
    except CalendarError as error:
        raise BookError(
            f"--as-at is neither an entry nor a date: {as_at}",
            "the command",
            "give an entry number such as 120, or a date such as 2019-05-01",
        ) from error


@dataclass(frozen=True, slots=True)
class UpTo:
    """The month of a year to which a book is read, 1 (April) to 12.

    >>> UpTo("2026-27", 9).reported_by
    datetime.date(2027, 1, 31)
    """

    year: str
    month: int

    @property
    def reported_by(self) -> date:
        """The last day of the month in which it is reported."""
        return day_before(add_months(month_start(self.year, self.month), 2))

    @property
    def label(self) -> str:
        """The month as an option says it.

        >>> UpTo("2026-27", 9).label
        'M9'
        """
        return f"M{self.month}"


def month_typed(text: str) -> tuple[int, str]:
    """A month as a person types it, and the year that it names where it does.

    >>> month_typed("M6"), month_typed("December"), month_typed("Dec-26")
    ((6, ''), (9, ''), (9, '2026-27'))
    """
    try:
        part, year = dated_month(text)
    except CalendarError as fault:
        raise BookError(
            f"--month reads {text!r}", "the command", f"give {fault.expected}"
        ) from fault
    if not part.isdigit():
        raise BookError(f"--month reads {text!r}", "the command", "give one month, such as M6")
    return int(part), year


def read_upto(
    asked: MonthAsked, default_year: str, rows: Iterable[Record], others: Iterable[str] = ()
) -> UpTo:
    """The month to which a book is read.

    It is of the year asked for, else of the book's own, else of the latest that has actuals;
    `others` are years of actuals that are not among the rows.
    """
    text, year = asked
    month, named = month_typed(text)
    if named and year and named != year:
        raise BookError(
            f"--month reads {text!r}, which is not in the year asked for",
            "the command",
            f"give a month of that year, such as M{month}",
        )
    try:
        own = parse_year(default_year) if default_year else ""
    except CalendarError:
        own = ""
    acting = [row.year for row in rows if isinstance(row, Amount) and row.basis == "actual"]
    found = named or year or own or max((one for one in (*acting, *others) if one), default="")
    if not found:
        raise BookError(
            f"there are no actuals to read to {month_name(month)}", "amounts", "leave --month out"
        )
    return UpTo(found, month)


def as_at_month(rows: Iterable[Record], upto: UpTo, entries: Mapping[int, Entry]) -> list[Record]:
    """The rows that were there when a month was reported."""
    return [row for row in rows if not _later(row, upto, entries)]


def known_by(rows: Iterable[Record], day: date, rested_on: Iterable[str] = ()) -> list[Record]:
    """The rows that were known on a day, and of what was published later no word.

    A row of a decision, scheme or transfer is known no sooner than that. A source of a later day on
    which a row known before rests stays under its id, without its quotation; `rested_on` are the
    sources of rows known before that are not among these.
    """
    rows = list(rows)
    early = [row for row in rows if row.known is None or row.known <= day]
    there, later = _ids(early), _ids(row for row in rows if row.known and row.known > day)
    early = [row for row in early if not _of_what_comes(row, there, later)]
    used = {*rested_on, *(row.texts.get("source", "") for row in early)}
    return early + [
        replace(
            row, quote=None, texts={k: v for k, v in row.texts.items() if k in OF_A_LATER_SOURCE}
        )
        for row in rows
        if isinstance(row, Source)
        and row.known
        and row.known > day
        and row.id in used - there["source"]
    ]


def _ids(rows: Iterable[Record]) -> dict[str, set[str]]:
    """The ids of what other rows may belong to or rest on, by the column that names it."""
    found: dict[str, set[str]] = {column: set() for column in OWNERS}
    for row in rows:
        for column, (table, own) in OWNERS.items():
            if row.table == table:
                found[column].add(row.cell(own))
    return found


def _of_what_comes(
    row: Record, there: Mapping[str, set[str]], later: Mapping[str, set[str]]
) -> bool:
    """Whether a row belongs to a decision, scheme or transfer that becomes known on a later day."""
    columns = tables()[row.table].columns
    return any(
        column in columns
        and columns[column].required
        and OWNERS[column][0] != row.table
        and row.cell(column) in later[column] - there[column]
        for column in OWNERS
    )


def is_later(
    basis: str, year: str | None, month: str | None, known: date | None, upto: UpTo
) -> bool:
    """Whether money of a basis, year and month is of later months, or a forecast made later.

    >>> is_later("actual", "2026-27", "10", None, UpTo("2026-27", 9))
    True
    """
    if not year:
        return False
    if basis == "actual":
        same = year == upto.year
        return year > upto.year or (same and max(months_of(month or "")) > upto.month)
    return basis == "forecast" and known is not None and known > upto.reported_by


def _later(row: Record, upto: UpTo, entries: Mapping[int, Entry]) -> bool:
    """Whether a row is of later months, or a forecast made later."""
    if not isinstance(row, Amount | Fact):
        return False
    known = row.known or _entered(entries.get(row.entry))
    return is_later(row.basis or "", row.year, row.month, known, upto)


def _entered(entry: Entry | None) -> date | None:
    """The day on which an entry was put; None of a book that is read, which has no clock."""
    if entry is None or not entry.on:
        return None
    try:
        return parse_date(entry.on)
    except CalendarError:
        return None
