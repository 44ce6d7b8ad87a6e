"""The rows in force, grouped as a person reads them: by body and statement, and by series."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from controltotal.book.precision import Precision
from controltotal.book.record import Record
from controltotal.book.records import Amount, ControlTotal, Tables
from controltotal.book.telling import details, places
from controltotal.book.tree import Tree
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.lines import Line

Statement = tuple[str, str, str, str]  # organisation, year, basis, scenario
SeriesKey = tuple[str, str, str, str, str, str, str, str]
"""Organisation, line, year, basis, scenario, recurrence, counterparty, scheme."""

POSITIONS = ("position", "position_with_support")
"""Lines that state the whole of a surplus."""


WARNINGS = frozenset({"SCALE", "LOOKS_CUMULATIVE", "PART_YEARS"})
"""What shape alone tells; the others are errors."""
CELLS_SHOWN = 3
"""So many cells are named; the place names every row."""


class Reading(Protocol):
    """What is looked at of a position."""

    @property
    def book(self) -> Tables:
        """The rows in force."""
        ...

    @property
    def stopped(self) -> tuple[Record, ...]:
        """The rows that a fault keeps out of every figure."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """The book's settings."""
        ...

    @property
    def lines(self) -> Mapping[str, Line]:
        """Packaged lines and the book's own."""
        ...

    @property
    def tree(self) -> Tree:
        """The dated tree of organisations."""
        ...

    @property
    def reading_date(self) -> date | None:
        """The day as at which the book is read."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding, and the rows that no figure may use for it (none where it only warns)."""

    finding: Finding
    stops: tuple[Record, ...] = ()


@dataclass(frozen=True, eq=False)
class Typed:
    """Amounts and control totals in force, with the tree and lines that give them meaning."""

    amounts: tuple[Amount, ...]
    control_totals: tuple[ControlTotal, ...]
    reading: Reading
    precision: Precision = field(repr=False)
    holed: frozenset[str] = frozenset()
    """Bodies of which a row is stopped: what is left of them is not the whole."""

    @classmethod
    def of(cls, reading: Reading) -> Typed:
        """The typed rows of a position."""
        book = reading.book
        precision = Precision((*book.amounts, *book.control_totals))
        holed = frozenset(row.body for row in reading.stopped if row.table == "amounts")
        return cls(book.amounts, book.control_totals, reading, precision, holed)

    def without(self, stopped: Collection[Record]) -> Typed:
        """The same less rows that a fault has stopped."""
        return replace(
            self,
            amounts=tuple(row for row in self.amounts if row not in stopped),
            control_totals=tuple(row for row in self.control_totals if row not in stopped),
            holed=self.holed | {row.body for row in stopped if row.table == "amounts"},
        )

    @property
    def lines(self) -> Mapping[str, Line]:
        """Packaged lines and the book's own."""
        return self.reading.lines

    @cached_property
    def own_lines(self) -> frozenset[str]:
        """Lines that the book itself defines."""
        return frozenset(row.line for row in self.reading.book.lines)

    @cached_property
    def statements(self) -> Mapping[Statement, list[Amount]]:
        """What a body says of a year on one basis; rows of schemes, which are savings, left out."""
        found: dict[Statement, list[Amount]] = {}
        for row in self.amounts:
            if not row.scheme:
                key = (row.organisation, row.year, row.basis, row.scenario or "")
                found.setdefault(key, []).append(row)
        return found

    @cached_property
    def series(self) -> Mapping[SeriesKey, list[Amount]]:
        """Rows that differ in their month alone."""
        found: dict[SeriesKey, list[Amount]] = {}
        for row in self.amounts:
            found.setdefault(series_key(row), []).append(row)
        return found

    def either_sign(self, line: str) -> bool:
        """Whether a line may lawfully have either sign, as what stands outside a control total."""
        return self.lines[line].outside

    def name(self, code: str) -> str:
        """The name of a body."""
        return self.reading.tree.name(code)

    def about(self, code: str, year: str, basis: str = "", scenario: str = "") -> str:
        """Whom and what a finding is about: `Trust A, 2026/27 plan`."""
        words = [f"{self.name(code)}, {year_label(year)}", basis]
        words += [f"({scenario})"] if scenario else []
        return " ".join(word for word in words if word)


def series_key(row: Amount) -> SeriesKey:
    """What tells the series of a row from others."""
    return (
        row.organisation,
        row.line,
        row.year,
        row.basis,
        row.scenario or "",
        row.recurrence or "",
        row.counterparty or "",
        row.scheme or "",
    )


def by_month(rows: Iterable[Amount]) -> dict[int, Amount]:
    """Rows of one month each, by month, in order."""
    found = {int(row.month): row for row in rows if row.month and row.month.isdigit()}
    return dict(sorted(found.items()))


def fault(
    code: str,
    organisation: str,
    rows: Iterable[Record],
    *,
    message: str,
    expected: str,
    found: str,
    action: str,
    stops: Iterable[Record] | None = None,
) -> Fault:
    """A fault at these rows; an error stops all of them unless told which."""
    rows = list(rows)
    severity = "warning" if code in WARNINGS else "error"
    finding = Finding(
        code=code,
        severity=severity,
        organisation=organisation,
        where=places(rows),
        message=message,
        expected=expected,
        found=found,
        action=action,
        detail=details(rows[:CELLS_SHOWN]),
    )
    if stops is None:
        stops = rows if severity == "error" else ()
    return Fault(finding, tuple(stops))
