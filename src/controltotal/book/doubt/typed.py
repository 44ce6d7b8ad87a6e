"""The rows in force, grouped as a person reads them: by body and statement, and by series."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from controltotal.book.amount_table import AmountTable, told, without
from controltotal.book.doubt.screen import Screen
from controltotal.book.doubt.screen_lines import Surpluses
from controltotal.book.grouped import Grouped
from controltotal.book.precision import Precision
from controltotal.book.record import Record
from controltotal.book.records import Amount, ControlTotal, Tables
from controltotal.book.telling import details, places
from controltotal.book.tree import Tree
from controltotal.core.calendar import year_label
from controltotal.core.finding import Finding
from controltotal.core.lines import Line

if TYPE_CHECKING:
    from controltotal.book.doubt.screen import Mask, Numbers

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

    amounts: Sequence[Amount]
    control_totals: tuple[ControlTotal, ...]
    reading: Reading
    precision: Precision = field(repr=False)
    holed: frozenset[str] = frozenset()
    """Bodies of which a row is stopped: what is left of them is not the whole."""

    @classmethod
    def of(cls, reading: Reading) -> Typed:
        """The typed rows of a position."""
        book = reading.book
        precision = Precision(book.amounts, book.control_totals)
        holed = frozenset(row.body for row in reading.stopped if row.table == "amounts")
        return cls(book.amounts, book.control_totals, reading, precision, holed)

    def without(self, stopped: Collection[Record]) -> Typed:
        """The same less rows that a fault has stopped."""
        return replace(
            self,
            amounts=without(self.amounts, stopped),
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
    def screen(self) -> Screen | None:
        """The columns of the amounts, where they are columns; each check has a screen over them."""
        if not isinstance(self.amounts, AmountTable):
            return None
        return Screen(self.amounts, self.lines)

    @cached_property
    def statements(self) -> Mapping[Statement, list[Amount]]:
        """What a body says of a year on one basis; rows of schemes, which are savings, left out."""
        if self.screen is not None:
            return Lazily(self.screen.statements)
        found: dict[Statement, list[Amount]] = {}
        for row in self.amounts:
            if not row.scheme:
                key = (row.organisation, row.year, row.basis, row.scenario or "")
                found.setdefault(key, []).append(row)
        return found

    @cached_property
    def series(self) -> Mapping[SeriesKey, list[Amount]]:
        """Rows that differ in their month alone."""
        if self.screen is not None:
            return Lazily(self.screen.series)
        found: dict[SeriesKey, list[Amount]] = {}
        for row in self.amounts:
            found.setdefault(series_key(row), []).append(row)
        return found

    def statements_where(
        self, screened: Callable[[Screen], Mask]
    ) -> Iterable[tuple[Statement, list[Amount]]]:
        """The statements that a check has to look at: all, or those that its screen lets through."""
        return self._where(self.statements, screened)

    def series_where(
        self, screened: Callable[[Screen], Mask]
    ) -> Iterable[tuple[SeriesKey, list[Amount]]]:
        """The series that a check has to look at."""
        return self._where(self.series, screened)

    def _where(
        self, every: Mapping[Any, list[Amount]], screened: Callable[[Screen], Mask]
    ) -> Iterable[tuple[Any, list[Amount]]]:
        if self.screen is None or not isinstance(every, Lazily):
            return every.items()
        return every.some(screened(self.screen)) if len(every) else ()

    def rows_where(self, screened: Callable[[Screen], Numbers]) -> Iterable[Amount]:
        """The amounts that a check has to look at, in order."""
        if self.screen is None or not isinstance(self.amounts, AmountTable):
            return self.amounts
        return self.amounts.some(screened(self.screen)) if len(self.amounts) else ()

    def told(self, *columns: str) -> set[tuple[Any, ...]]:
        """The distinct values of some columns that amounts have together."""
        return told(self.amounts, *columns)

    @cached_property
    def surpluses(self) -> Surpluses | None:
        """What each statement leaves, where the columns tell it."""
        if self.screen is None:
            return None
        return Surpluses(self.screen)

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


class Lazily(Mapping[Any, "list[Amount]"]):
    """Groups of amounts by their labels, each made records when it is asked for."""

    def __init__(self, groups: Grouped) -> None:
        self._groups = groups
        self._made: dict[int, list[Amount]] = {}

    def _rows(self, group: int) -> list[Amount]:
        if group not in self._made:
            self._made[group] = self._groups.rows(group)
        return self._made[group]

    def some(self, chosen: Mask) -> Iterator[tuple[Any, list[Amount]]]:
        """Some groups in the order in which their first rows stand."""
        for group in self._groups.in_order(chosen):
            yield self._groups.key(group), self._rows(group)

    def __getitem__(self, key: Any) -> list[Amount]:
        """The rows of some labels."""
        group = self._groups.find(key)
        if group < 0:
            raise KeyError(key)
        return self._rows(group)

    def __iter__(self) -> Iterator[Any]:
        """The labels of every group, in order."""
        return (self._groups.key(group) for group in self._groups.in_order(range(len(self))))

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self._groups.keys)


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
