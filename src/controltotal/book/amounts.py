"""Rows by the labels that figures ask for, and which figures a stopped row leaves in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from controltotal.book.amount_table import AmountTable, chosen, told
from controltotal.book.cube import Cube, Even
from controltotal.book.fold import Position
from controltotal.book.periods import Rows
from controltotal.book.records import Amount
from controltotal.core.calendar import CalendarError, months_of, parse_year
from controltotal.core.period import is_whole_year, year_in

Series = tuple[str, str, str]  # line, recurrence, counterparty
Label = tuple[str, str, str, str]  # organisation, year, basis, scenario
TRADED: Final = ("organisation", "year", "basis", "scenario", "counterparty")
LABELLED: Final = ("organisation", "year", "month", "basis", "scenario", "scheme")

WHOLE = ("position", "position_with_support", "position_whole")
"""Lines that state a whole position, of which the other lines are detail."""


class Amounts:
    """The amounts of a position by organisation, year, basis and scenario.

    Rows that carry a scheme are kept apart: they are savings, never part of a surplus. So are those
    that the book lacks and are published: they answer for their own line and for no sum of lines.
    """

    def __init__(self, position: Position) -> None:
        self._lines = position.lines
        self._series: dict[Label, dict[Series, Rows]] = {}
        self._bases: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self.of_scheme: dict[str, list[Amount]] = defaultdict(list)
        self.effects: dict[tuple[int, str, str], int | None] = {}
        rows = position.book.amounts
        self._table = rows if isinstance(rows, AmountTable) else None
        if self._table is None:
            self._sort(rows)
        else:
            self._sort(chosen(self._table, scheme=bool))
        self._note_bases(rows)
        self._taken = {
            (row.organisation, row.year, row.basis, row.scenario or "", row.line): row
            for row in position.taken.values()
            if isinstance(row, Amount)
        }
        self._doubt = _doubt(position)
        for (table, code), doubts in self._doubt.items():
            for doubt in doubts:
                if table == "amounts" and doubt.year and doubt.basis and not doubt.scheme:
                    self._bases[(code, doubt.year)].add((doubt.basis, doubt.scenario))

    def _note_bases(self, rows: Sequence[Amount]) -> None:
        """In which bases and scenarios each body has rows, of a year and of each half."""
        for code, year, month, basis, scenario, scheme in told(rows, *LABELLED):
            if not scheme:
                self._bases[(code, year)].add((basis, scenario or ""))
                half = _half_of(month or "")
                if half:
                    self._bases[(code, f"{year}-{half}")].add((basis, scenario or ""))

    def _sort(self, rows: Iterable[Amount]) -> None:
        """Rows by their labels; those of schemes by scheme."""
        for row in rows:
            if row.scheme:
                self.of_scheme[row.scheme].append(row)
                continue
            label = (row.organisation, row.year, row.basis, row.scenario or "")
            _put(self._series.setdefault(label, {}), row)

    @cached_property
    def cube(self) -> Cube | None:
        """The dense cube of a table of columns; None of a book that is held row by row."""
        if self._table is None:
            return None
        return Cube(self._table)

    def even(
        self, code: str, year: str, basis: str, scenario: str, *, once: bool = False
    ) -> Even | None:
        """A statement that the cube tells, or what of it does not repeat; else its rows are asked."""
        if self.cube is None:
            return None
        return self.cube.even((code, year_in(year), basis, scenario), once=once)

    def lines(self, code: str, year: str, basis: str, scenario: str) -> Collection[str]:
        """The lines of which a body has rows in a year (the year of a half), those of schemes apart.

        They are in the order in which the book has them.
        """
        label = (code, year_in(year), basis, scenario)
        if self.cube is not None:
            return self.cube.lines.get(label, ())
        return dict.fromkeys(line for line, _, _ in self._series.get(label, {}))

    @cached_property
    def _trade(self) -> frozenset[tuple[str, ...]]:
        """The statements that name another body, each with the year that its rows are of."""
        rows = [] if self._table is None else told(self._table, *TRADED)
        return frozenset((*label, scenario or "") for *label, scenario, other in rows if other)

    def trades(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether any row of a body in a year (the year of a half) may name another body."""
        return self._table is None or (code, year_in(year), basis, scenario) in self._trade

    def series(
        self, code: str, year: str, basis: str, scenario: str
    ) -> Mapping[Series, list[Amount]]:
        """Every series of a body in a year (the year of a half)."""
        label = (code, year_in(year), basis, scenario)
        found = self._series.get(label)
        if found is None and self.cube is not None:
            found = {}
            for row in self.cube.statements.rows_of(label):
                _put(found, row)
            self._series[label] = found  # whole, for another thread may ask meanwhile
        return {} if found is None else found

    def line(
        self, code: str, year: str, basis: str, scenario: str, line: str
    ) -> list[list[Amount]]:
        """The series of one line; one that the book lacks as it is published, where it is."""
        said = line in self.lines(code, year, basis, scenario)
        found = self.series(code, year, basis, scenario) if said else {}
        rows = [rows for (name, _, _), rows in found.items() if name == line]
        taken = self._taken.get((code, year_in(year), basis, scenario, line))
        return rows or ([[taken]] if taken else [])

    def takes(self, code: str, year: str, basis: str) -> bool:
        """Whether a line that a body lacks in a year and basis is taken from what is published."""
        return any(label[:3] == (code, year_in(year), basis) for label in self._taken)

    def takes_any(self, year: str, basis: str) -> bool:
        """The same of any body."""
        return any(label[1:3] == (year_in(year), basis) for label in self._taken)

    def bases(self, code: str, year: str) -> set[tuple[str, str]]:
        """The (basis, scenario) pairs in which a body has rows; in a half, rows that fall in it."""
        return self._bases.get((code, year), set())

    def last_month(self, code: str, year: str, scenario: str = "") -> int | None:
        """The last month of a body's own actuals of its position; None where it has none."""
        even = self.even(code, year, "actual", scenario)
        said = self.lines(code, year, "actual", scenario)
        own = {n for n in said if self._lines[n].added and not self._lines[n].outside}
        own |= {name for name in said if name in WHOLE}
        if even is not None:
            return even.last if own else None
        months = [
            max(months_of(row.month or ""))
            for (line, _, _), rows in self.series(code, year, "actual", scenario).items()
            if line in own
            for row in rows
        ]
        return max(months, default=None)

    def says_position(self, code: str, year: str, basis: str, scenario: str) -> bool:
        """Whether the rows say anything of a surplus, rather than only of an allocation."""
        return any(line != "allocation" for line in self.lines(code, year, basis, scenario))

    def bodies(self) -> Iterable[tuple[str, str]]:
        """Every (organisation, year) that has rows."""
        return [(code, year) for code, year in self._bases if is_whole_year(year)]

    def bodies_in_doubt(self, table: str) -> list[str]:
        """The bodies of which a row of a table is stopped."""
        return [code for name, code in self._doubt if name == table]

    def in_doubt(
        self,
        table: str,
        code: str,
        year: str = "",
        basis: str = "",
        scenario: str | None = None,
        lines: Container[str] | None = None,
    ) -> tuple[str, ...]:
        """The stopped rows that a figure of this body might have used; what is empty is any.

        A row whose own year, basis or line cannot be read is in doubt for each of them; support
        in doubt is so in the years after too, when it is turned round.
        """
        rows = self._doubt.get((table, code))
        if not rows:
            return ()
        found: dict[str, None] = {}
        for row in rows:
            lasting = table in ("transfers", "repayments") and (row.year or "") <= year_in(year)
            meets = not year or row.year in (None, year_in(year)) or lasting
            meets = meets and (not basis or row.basis in (None, basis))
            if not meets or (scenario is not None and row.scenario != scenario):
                continue
            if lines is not None and (row.scheme or (row.line and row.line not in lines)):
                continue
            found[row.where] = None
        return tuple(found)


def _put(series: dict[Series, Rows], row: Amount) -> None:
    """Put a row beside the others of its series."""
    about = (row.line, row.recurrence or "", row.counterparty or "")
    series.setdefault(about, Rows()).append(row)


@cache
def _half_of(period: str) -> str:
    """The half in which a period falls; empty for a whole year."""
    months = set(months_of(period))
    return next((half for half in ("H1", "H2") if months <= set(months_of(half))), "")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stopped row: its place, and what can be read of where it belongs (None: nothing)."""

    where: str
    year: str | None
    basis: str | None
    scenario: str
    line: str | None
    scheme: bool


def _doubt(position: Position) -> dict[tuple[str, str], list[Doubt]]:
    """Stopped rows by table and body; a repayment is in doubt for both ends of its transfer."""
    found: dict[tuple[str, str], list[Doubt]] = defaultdict(list)
    ends = {row.id: (row.from_, row.to) for row in position.book.transfers}
    for row in position.stopped:
        try:
            year: str | None = parse_year(row.texts.get("year", ""))
        except CalendarError:
            year = None
        line = row.cell("line") if row.has("line") else None
        doubt = Doubt(
            row.where,
            year,
            row.cell("basis") if row.has("basis") else None,
            row.texts.get("scenario", ""),
            line if line in position.lines else None,
            "scheme" in row.texts,
        )
        for column in ("organisation", "from", "to"):
            if column in row.texts and row.table != "organisations":
                found[(row.table, row.texts[column])].append(doubt)
        if row.table == "organisations":
            body = row.texts.get("code") or row.texts.get("parent", "")
            found[("organisations", body)].append(doubt)
        if row.table == "repayments":
            for end in ends.get(row.texts.get("transfer", ""), ()):
                found[("repayments", end)].append(doubt)
    return found
