"""Sums of a table: a total with the rows that make it, and the rows with what is known of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from controltotal.core.lines import Line as LineOf
from controltotal.intake.known import Known
from controltotal.intake.rows import DATA, Line

PLAIN, WRITTEN, TURNED = "plain", "costs_negative", "ledger"
"""How a table writes costs: as people do; negative; positive beside negative income."""
STATED: Final = ("organisation", "year", "month", "basis")
"""What the rows of one statement have in common."""
WHOLE: Final = frozenset({"position", "position_with_support", "position_whole"})
COSTS: Final = frozenset(
    {"expenditure", "operatingexpenditure", "costs", "cost", "operatingcosts", "expenses"}
    | {"operatingexpenses", "spend", "revenueexpenditure"}
)
INCOMES: Final = frozenset(
    {"income", "revenue", "operatingincome", "operatingrevenue", "incomefromoperations"}
)
"""What totals of all costs and of all income call these, folded."""
RESULT: Final = "result"
"""The kind of a sum over income and costs."""


class Part(NamedTuple):
    """A row and the factor with which a total counts it."""

    line: Line
    times: int


@dataclass(frozen=True, slots=True)
class Summed:
    """A total with the parts that make it; `habit` is the habit of signs that this proves, or empty."""

    total: Line
    parts: tuple[Part, ...]
    habit: str
    agrees: Mapping[int, bool]

    @property
    def whole(self) -> bool:
        """Whether every column agrees."""
        return all(self.agrees.values())

    def expected(self, column: int) -> int:
        """What the parts come to in a column."""
        return summed(self.parts, column)


@dataclass
class Book:
    """The rows of a table with what is known of their lines, and the sums found so far."""

    lines: list[Line]
    known: Known
    slack: Mapping[int, int]
    """By column, a unit of its last place in pence where it may be rounded; nil where it may not."""
    postings: bool = False
    kinds: dict[int, str] = field(default_factory=dict)
    sums: list[Summed] = field(default_factory=list)

    @cached_property
    def opposed(self) -> bool | None:
        """Whether income and costs are written with opposite signs; None where that is not plain."""
        income, costs = _negative(self, "income"), _negative(self, "cost")
        return None if income is None or costs is None else income != costs

    def account(self, line: Line) -> LineOf | None:
        """The line of account that a row is."""
        return self.known.lines.all.get(line.said.get("line", ""))

    def kind(self, line: Line) -> str:
        """Income, cost or position of a row; of a total the one kind of its parts, or `result`."""
        if line.row in self.kinds:
            return self.kinds[line.row]
        account = self.account(line)
        return account.written_kind if account else ""


def _negative(book: Book, kind: str) -> bool | None:
    """Whether the money of a kind is nearly all negative; None where it is of both signs, or absent."""
    sums = [
        pence
        for line in book.lines
        if line.kind == DATA and book.kind(line) == kind
        for pence in line.pence.values()
        if pence
    ]
    below = sum(pence < 0 for pence in sums)
    if not sums or min(below, len(sums) - below) * 4 > len(sums):
        return None
    return 2 * below > len(sums)


def summed(parts: Sequence[Part], column: int) -> int:
    """The sum of the parts in a column; a part that says nothing there adds nothing."""
    return sum(part.times * part.line.pence.get(column, 0) for part in parts)


def rounding(parts: int, unit: int) -> int:
    """What rounding each of some numbers to a unit may make of their sum, in pence.

    >>> rounding(1, 100_000), rounding(9, 100_000), rounding(9, 0)
    (100000, 300000, 0)
    """
    return unit * max(1, int(parts**0.5)) if parts else 0


def group_of(book: Book, name: str) -> set[str]:
    """A line and every line that is a part of it, or of its parts."""
    found = {name}
    for line in book.known.lines.all.values():
        if line.group in found:
            found.add(line.line)
    return found
