"""The rows of a savings tracker: schemes, totals of directorates and of all, headings and remarks.

A row is a total where its label says so, or where it has no reference and equals, in every column, the
rows above it. A row of money that is neither a scheme nor such a total is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from controltotal.core.calendar import CalendarError, parse_month, parse_year, year_label
from controltotal.core.vocabulary import folded, meant
from controltotal.intake.choosing import leave_row
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.ground import BASES
from controltotal.intake.labels import is_total, total_of
from controltotal.intake.model import USED, Asked, Read, Seen
from controltotal.intake.sums import List, Money, Total, equals
from controltotal.intake.tracker_columns import Columns
from controltotal.intake.words import key, keyed
from controltotal.intake.worth import said_of, same

VARIANCE: Final = "variance"
UNIDENTIFIED: Final = re.compile(
    r"\b(un[- ]?identified|not (?:yet )?identified|to be identified)\b", re.I
)
LONGEST_HEADING: Final = 60
"""Characters of the longest text that is taken for the heading of the rows below it."""
_CHANCE: Final = 4
"""One in so many sums of a scheme may by chance be that of the rows above it."""
LEAST_ROWS: Final = 3
"""Rows, and sums in each, before a last scheme that equals those above it is taken for a total."""
_OF_SCHEMES: Final = ("recurrence", "maturity", "start", "cash_type")
"""What is said of a scheme and of no total."""
_GROUPS: Final = ("directorate", "programme", "organisation", "service", "category")


@dataclass(slots=True)
class Rows:
    """The rows of a tracker: schemes, totals, and by row the heading above it."""

    schemes: list[int] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    headed: dict[int, int] = field(default_factory=dict)
    """By row, that of the heading without money above it."""
    filled: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and column of an empty cell, what is said once for its block."""
    bases: dict[int, str] = field(default_factory=dict)
    """By row, plan, actual or forecast, where the tracker has a row for each."""
    periods: dict[int, str] = field(default_factory=dict)
    """By row, the month, where the tracker has a row for each."""
    years: dict[int, str] = field(default_factory=dict)
    """By row, the financial year, where the tracker has a column of it."""

    def several(self) -> bool:
        """Whether a scheme has several rows, each with a part of its money."""
        return bool(self.bases or self.periods)

    def part(self, row: int) -> str:
        """Which part of its scheme's money a row has; empty where it has it all."""
        parts = (self.bases.get(row), self.periods.get(row), self.years.get(row))
        return " ".join(filter(None, parts)) if self.several() else ""


class RowSorter:
    """Sorts the rows of one tracker from the top down."""

    def __init__(
        self,
        columns: Columns,
        asked: Asked,
        read: Read,
        faults: Faults,
        money: Mapping[int, Mapping[int, Money]],
    ) -> None:
        self.seen: Seen = read.seen
        self.columns, self.asked, self.read, self.faults = columns, asked, read, faults
        self.money = money
        self.found = Rows()
        self.section = ""
        self.headed = -1
        self.since: list[int] = []
        self.at = {name: one.at for name, one in columns.labels.items()}
        unnamed = [h.column for h in self.seen.heads if not h.text]
        self.labels = [*self.at.values(), *unnamed]

    def sort(self) -> Rows:
        """Every row of the tracker."""
        for row in range(self.seen.first, self.seen.last + 1):
            self._row(row)
        self._ask_last()
        return self.found

    def _text(self, row: int, name: str) -> str:
        return self.seen.grid.text(row, self.at[name]) if name in self.at else ""

    def _row(self, row: int) -> None:
        texts = [text for at in self.labels if (text := self.seen.grid.text(row, at))]
        worth = any(row in cells for cells in self.money.values())
        ref, title = self._text(row, "id"), self._text(row, "title")
        basis = self._of(row) if worth else ""
        if not worth and not (ref and title and ref != title):
            self._heading(row, texts)
        elif basis == VARIANCE:
            leave_row(self.read, row, "a variance in a row of its own")
        elif self._answer(texts) == "leave":
            leave_row(self.read, row, "left out by the mapping")
        elif label := self._total_label(row, ref, title, texts):
            self._total(row, label)
        elif self._is_scheme(ref, title, texts):
            self._scheme(row)
        elif title or ref:
            self._ask_reference(row, title or ref)
        else:
            self._ask_nameless(row, texts)

    def _of(self, row: int) -> str:
        """The basis of a row of money, where each row says it, with its period."""
        self._period(row)
        self._year(row)
        return self._basis(row)

    def _basis(self, row: int) -> str:
        """What the money of a row is of, where each row says it; what is not known is asked."""
        head = self.columns.basis
        if head is None:
            return ""
        text = self.seen.grid.text(row, head.column)
        found = VARIANCE if folded(text).startswith("var") else _basis_of(text)
        self.found.bases[row] = found
        self.read.mark(row, (head.column,), USED)
        if not found:
            fault = Fault(
                "IMPORT_BASIS",
                "A row does not say whether its money is planned, actual or forecast",
                "plan, actual or forecast",
                "Fill the cell with one of these words and import again.",
            )
            self.faults.add(fault, (row, head.column), text)
        return found

    def _period(self, row: int) -> None:
        """The month of which the money of a row is, where each row says it."""
        head = self.columns.period
        value = None if head is None else self.seen.grid.value(row, head.column)
        if head is None or value is None:
            return
        try:
            self.found.periods[row] = parse_month(said_of(value))
        except CalendarError as error:
            fault = Fault(
                "IMPORT_MONTH",
                "A row does not say of which month its money is",
                error.expected,
                "Mend the cell and import again.",
            )
            self.faults.add(fault, (row, head.column), said_of(value))
        self.read.mark(row, (head.column,), USED)

    def _year(self, row: int) -> None:
        """The financial year of which the money of a row is, where each row says it."""
        head = self.columns.year
        value = None if head is None else self.seen.grid.value(row, head.column)
        if head is None or value is None:
            return
        try:
            self.found.years[row] = year_label(parse_year(said_of(value)))
        except CalendarError as error:
            fault = Fault(
                "IMPORT_YEAR",
                "A row does not say of which financial year its money is",
                error.expected,
                "Mend the cell and import again.",
            )
            self.faults.add(fault, (row, head.column), said_of(value))
        self.read.mark(row, (head.column,), USED)

    def _total_label(self, row: int, ref: str, title: str, texts: list[str]) -> str:
        """The label of a row that is a total, by the person, its words or its sums; else empty."""
        said = self._answer(texts)
        label = next((text for text in texts if is_total(text)), (texts or ["total"])[0])
        if said == "total" or (said != "row" and self._says_total(row, ref, texts)):
            return label
        scheme = self._is_scheme(ref, title, texts)
        if not scheme and (self._equals_above(row) or self._equals_below(row)):
            return label
        return ""

    def _answer(self, texts: list[str]) -> str:
        answers = self.asked.totals
        found = (answers.get(folded(text), answers.get(text, "")) for text in texts)
        return next(filter(None, found), "")

    def _says_total(self, row: int, ref: str, texts: list[str]) -> bool:
        """A label says that a row is a total: with a reference only where it says nothing else."""
        if ref and not is_total(ref):
            return any(is_total(text) and not total_of(text) for text in texts)
        return any(is_total(text) for text in texts) and not self._is_titled_so(row)

    def _is_titled_so(self, row: int) -> bool:
        """Whether a row of no reference is a scheme called *Total …*: it has what only a scheme has.

        It says whether it repeats or when it starts, and is not the sum of rows above it.
        """
        own = any(self._text(row, name) for name in _OF_SCHEMES)
        if "id" in self.at or not own or not total_of(self._text(row, "title")):
            return False
        above = self.found.schemes
        sums = [cells for cells in self.money.values() if cells.get(row)]
        fits = (
            sum(same(cells[row], sum(cells.get(one, 0) for one in above[n:])) for cells in sums)
            for n in range(len(above))
        )
        return _CHANCE * max(fits, default=0) <= len(sums)

    def _is_scheme(self, ref: str, title: str, texts: list[str]) -> bool:
        """A row with a reference, or with a title where none has one or the person says so."""
        if "id" not in self.at:
            return bool(title)
        named = UNIDENTIFIED.search(title) or self._answer(texts) == "row"
        return bool(ref) or bool(title and named)

    def _scheme(self, row: int) -> None:
        self.found.schemes.append(row)
        self.found.sections[row] = self.section
        if self.headed >= 0:
            self.found.headed[row] = self.headed
        self.since.append(row)

    def _total(self, row: int, label: str) -> None:
        """A total; one that does not say so and stands above its rows heads them too."""
        self.found.totals.append(Total(row, label))
        self.since = []
        if not is_total(label) and self._equals_below(row):
            self.section, self.headed = label, -1

    def _heading(self, row: int, texts: list[str]) -> None:
        """A row without money heads the rows below it, where it is one short text."""
        if texts and len(set(texts)) == 1 and len(texts[0]) <= LONGEST_HEADING:
            self.section, self.headed = texts[0], row
        leave_row(self.read, row, "a heading or a remark without money")

    def _equals_above(self, row: int) -> bool:
        """Whether a row without a label is the sum of the rows since the last total, or of all."""
        listed = List(self.found.schemes, self.found.totals, self.money, {})
        several = [rows for rows in (self.since, self.found.schemes) if rows]
        return any(equals(listed, row, rows) and self._sums(row, rows) for rows in several)

    def _sums(self, row: int, rows: list[int]) -> bool:
        """Whether a row may be the sum of others: of one alone where it says no more than one thing."""
        texts = {folded(self.seen.grid.text(row, at)) for at in self.labels} - {""}
        return len(rows) > 1 or len(texts) < 2

    def _equals_below(self, row: int) -> bool:
        """Whether a row without a reference is the sum of the rows below it, up to the next such."""
        if "id" not in self.at:
            return False
        below: list[int] = []
        for other in range(row + 1, self.seen.last + 1):
            if not self._text(other, "id"):
                if any(other in cells for cells in self.money.values()):
                    break
                continue
            below.append(other)
        listed = List(below, self.found.totals, self.money, {})
        return bool(below) and equals(listed, row, below) and self._sums(row, below)

    def _ask_last(self) -> None:
        """Ask about a last scheme that is, in all of its many columns, the sum of those above it."""
        *above, row = self.since or [0]
        if len(above) < LEAST_ROWS:
            return
        texts = [text for at in self.labels if (text := self.seen.grid.text(row, at))]
        said = [cells[row] for cells in self.money.values() if cells.get(row)]
        listed = List(self.found.schemes, self.found.totals, self.money, {})
        if self._answer(texts) or len(said) < LEAST_ROWS or not equals(listed, row, above):
            return
        label = self._text(row, "title") or texts[0]
        fault = Fault(
            "IMPORT_TOTAL",
            f"“{label[:60]}” has a reference, and is in every column the sum of the rows above it",
            "a scheme, or a total",
            f'Say which it is: --set "totals.{label}=total" or =row, or under [totals] in the mapping.',
        )
        self.faults.add(fault, (row, self.at.get("title", self.seen.left)), label)

    def _ask_reference(self, row: int, title: str) -> None:
        fault = Fault(
            "IMPORT_CELL",
            f"“{title[:60]}” has money and no reference, and is no sum of the rows above it",
            "the reference of the scheme, or a total",
            f'Give it a reference; or say what it is: --set "totals.{title}=row" (a '
            "scheme, known by its title), =total or =leave, or under [totals] in the mapping.",
        )
        self.faults.add(fault, (row, self.at.get("id", self.seen.left)), title)

    def _ask_nameless(self, row: int, texts: list[str]) -> None:
        fault = Fault(
            "IMPORT_CELL",
            "A row has money and no name, and is no sum of the rows above it",
            "the title of the scheme, or a total",
            "Name the scheme, or mend the total, and import again.",
        )
        self.faults.add(fault, (row, self.at.get("title", self.seen.left)), (texts or [""])[0])


def _basis_of(text: str) -> str:
    """The basis that a cell names, in the words of the book or in those of headings.

    >>> _basis_of("Plan"), _basis_of("Achieved"), _basis_of("Target"), _basis_of("Ward 7")
    ('plan', 'actual', 'plan', '')
    """
    said = keyed("basis").get(key(text), "")
    return meant(text, BASES, "basis") or (said if said in BASES else "")


def groups_of(rows: Rows, columns: Columns, seen: Seen) -> dict[int, frozenset[str]]:
    """By row, the folded words that put it in a group that a total may name."""
    at = [one.at for name, one in columns.labels.items() if name in _GROUPS]
    return {
        row: frozenset(
            folded(text)
            for text in (
                *(
                    seen.grid.text(row, column) or rows.filled.get((row, column), "")
                    for column in at
                ),
                rows.sections[row],
            )
            if text
        )
        for row in rows.schemes
    }


def with_names_down(seen: Seen) -> Seen:
    """A tracker in which the rows of a scheme's actual and forecast have the name of its plan's row too.

    Where each row says its basis, a scheme is often named in the first of its rows alone.
    """
    bases = [head.column for head in seen.heads if head.means == "basis"]
    names = [head.column for head in seen.heads if head.means in ("scheme_id", "title")]
    labels = [
        head.column for head in seen.heads if head.means not in ("", "money", "notes", "basis")
    ]
    if len(bases) != 1 or not names:
        return seen
    grid = seen.grid
    cells = [list(line) for line in grid.cells]
    named, told = -1, set[str]()
    for row in range(seen.first, seen.last + 1):
        basis = folded(grid.text(row, bases[0]))
        if any(grid.value(row, column) is not None for column in names):
            named, told = row, {basis}
        elif named >= 0 and basis and basis not in told:
            told.add(basis)
            for column in labels:
                if column < len(cells[row]) and cells[row][column] is None:
                    cells[row][column] = grid.value(named, column)
        else:
            named = -1
    return replace(seen, grid=replace(grid, cells=cells))
