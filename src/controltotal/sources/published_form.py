"""The form of a published table, and how its cells are read: text checked, never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from controltotal.core.calendar import CalendarError, parse_year
from controltotal.core.finding import Finding
from controltotal.core.money import MoneyError, parse_number

PublishedRow = Mapping[str, str]

Cells = dict[str, str]


class Unreadable(ValueError):
    """A cell of a published table that cannot be read: its column, what was expected and found."""

    def __init__(self, column: str, expected: str, found: str) -> None:
        super().__init__(f"{column}: expected {expected}, found {found!r}")
        self.column, self.expected, self.found = column, expected, found


@dataclass(frozen=True, slots=True)
class Said:
    """One row of a book, and the row of the published table that says it."""

    table: str
    cells: Mapping[str, str]
    number: int


@dataclass(frozen=True, slots=True)
class Form:
    """A published table that we know: its headings, its source, and what a row of it says.

    `only` are columns that tell it from its like; `sums` checks the table against itself;
    `true_on` is the day on which its codes meant what they say, where that is not the year's first.
    """

    name: str
    title: str
    publisher: str
    columns: frozenset[str]
    says: Callable[[PublishedRow, int], Iterable[tuple[str, Cells]]]
    licence: str = "Open Government Licence v3.0"
    sums: Callable[[Sequence[PublishedRow]], Iterable[Finding]] | None = None
    true_on: date | None = None

    @property
    def source(self) -> str:
        """The id of its row in `sources`."""
        return f"published-{self.name}"


def number_text(row: PublishedRow, column: str) -> str:
    """A number as published, checked; whole thousands written as 8000.0 lose the nought.

    >>> number_text({"opening_k": "8000.0"}, "opening_k")
    '8000'
    """
    text = row[column]
    try:
        parse_number(text)
    except MoneyError as error:
        raise Unreadable(column, error.expected, text) from error
    return text.removesuffix(".0")


def year_text(row: PublishedRow, column: str = "financial_year") -> str:
    """A financial year as published, in canonical form."""
    try:
        return parse_year(row[column])
    except CalendarError as error:
        raise Unreadable(column, error.expected, row[column]) from error


def code_text(row: PublishedRow, column: str) -> str:
    """A code; an empty one cannot be placed."""
    if not row[column]:
        raise Unreadable(column, "the code of a body", "")
    return row[column]


def optional(row: PublishedRow, column: str) -> Iterator[str]:
    """A number where the cell holds one; nothing where it is empty or not in the table."""
    if row.get(column):
        yield number_text(row, column)
