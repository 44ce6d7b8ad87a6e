"""Rows of tables, each with its table, as the tables of a file are settled together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controltotal.core.finding import FileCell
from controltotal.core.money import canonical_unit, parse_money
from controltotal.intake.model import Left, Read, Row


@dataclass(frozen=True, slots=True)
class Told:
    """A row of a table, and the table."""

    read: Read
    row: Row

    @property
    def cell(self) -> FileCell:
        """The cell of its money, or the last that it came from."""
        return self.read.seen.grid.at(*self.place)

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of that cell."""
        return self.row.row, max(self.row.columns, default=self.read.seen.left)

    @property
    def pence(self) -> int:
        """Its money."""
        return parse_money(self.row.cells["amount"], self.unit)

    @property
    def unit(self) -> str:
        """The unit of its money."""
        return canonical_unit(self.row.cells.get("unit", "")) or "£"


def drop(rows: Iterable[tuple[Told, str]]) -> None:
    """Leave rows out of their tables, each with its reason."""
    gone: dict[int, tuple[Read, set[int]]] = {}
    for one, reason in rows:
        gone.setdefault(id(one.read), (one.read, set()))[1].add(id(one.row))
        columns = one.row.columns or (one.read.seen.left,)
        area = (one.row.row, min(columns), one.row.row, max(columns))
        one.read.left.append(Left(area, reason))
    for read, ids in gone.values():
        read.rows = [row for row in read.rows if id(row) not in ids]


def named_table(read: Read) -> str:
    """A table by its sheet and where on it it stands."""
    seen = read.seen
    return f"{seen.grid.sheet}!{seen.area}" if seen.grid.sheet else seen.area
