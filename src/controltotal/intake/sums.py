"""Totals of a list (of schemes, risks, bodies) beside the rows that they total, to the penny.

A total is tried against the rows whose group it names, the rows since the last total, and all rows
so far or in the whole list; the first of these with which every column agrees is what it totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from controltotal.core.progress import checked
from controltotal.core.vocabulary import folded
from controltotal.intake.faults import Fault, Faults
from controltotal.intake.labels import total_of
from controltotal.intake.model import RECONCILED, Check, Read
from controltotal.intake.worth import same, whole

Money = int | Fraction
Columns = Mapping[int, Mapping[int, Money]]
"""Exact pence by column and row; a cell that says nothing is not there."""


@dataclass(frozen=True, slots=True)
class Total:
    """A row that totals others, and its label."""

    row: int
    label: str


@dataclass(frozen=True, slots=True)
class List:
    """The rows of a list: which are its own, which totals, their money, and the groups they are in."""

    rows: Sequence[int]
    totals: Sequence[Total]
    money: Columns
    groups: Mapping[int, frozenset[str]]
    """By row, the folded words that put it in a group: directorate, body, section."""
    bases: Mapping[int, str] = field(default_factory=dict)
    """By row, plan, actual or forecast, where each row says which it is; a total totals its own."""
    less: frozenset[int] = frozenset()
    """Rows that a net total takes off, such as mitigations among risks."""

    def beside(self, total: Total) -> Sequence[int]:
        """The rows that a total may total."""
        basis = self.bases.get(total.row, "")
        return [row for row in self.rows if not basis or self.bases.get(row) == basis]


def pounds(pence: int) -> str:
    """A sum in pounds and pence, below nil in brackets.

    >>> pounds(123_456), pounds(-5)
    ('£1,234.56', '(£0.05)')
    """
    text = f"£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    return f"({text})" if pence < 0 else text


def check_totals(listed: List, read: Read, faults: Faults) -> None:
    """Check every total of a list, and mark its cells; what differs is asked, cell by cell."""
    for number, total in enumerate(checked(listed.totals, 10)):
        columns = [column for column, cells in listed.money.items() if total.row in cells]
        rows, fits = _rows_of(listed, number, columns)
        tried = listed
        if listed.less and not fits:
            net = _netted(listed)
            net_rows, net_fits = _rows_of(net, number, columns)
            if net_fits or "net" in total.label.casefold():
                tried, rows = net, net_rows
        read.totals.append(total.label)
        for column in columns:
            check = _check(tried.money[column], column, total, rows)
            read.checks.append(check)
            if not check.agrees:
                _ask(check, tried.money[column], rows, faults)
        read.mark(total.row, columns, RECONCILED)


def equals(listed: List, row: int, rows: Sequence[int]) -> bool:
    """Whether a row of no label is in every column of its money the sum of some rows."""
    columns = [column for column, cells in listed.money.items() if row in cells]
    return bool(columns) and _fits(listed, row, rows, columns)


def _check(cells: Mapping[int, Money], column: int, total: Total, rows: Sequence[int]) -> Check:
    parts = [row for row in rows if row in cells]
    expected, found = _sum(cells, parts), cells[total.row]
    close = same(found, expected)
    ends = ((parts[0], column), (parts[-1], column)) if parts else ()
    pence = whole(found)
    return Check(
        total.label or "total",
        (total.row, column),
        pence if close else whole(expected),
        pence,
        parts=ends,
    )


def _sum(cells: Mapping[int, Money], rows: Sequence[int]) -> Money:
    """What rows make in a column; a row that says nothing there adds nothing."""
    total: Money = 0
    for row in rows:
        total += cells.get(row, 0)
    return total


def _netted(listed: List) -> List:
    """The same list with what a net total takes off below nil."""
    money = {
        column: {row: -pence if row in listed.less else pence for row, pence in cells.items()}
        for column, cells in listed.money.items()
    }
    return replace(listed, money=money)


def _rows_of(listed: List, number: int, columns: Sequence[int]) -> tuple[Sequence[int], bool]:
    """What a total totals: the first candidate that agrees, else the first; and whether it agrees."""
    every = [rows for rows in _candidates(listed, number) if rows]
    row = listed.totals[number].row
    for rows in every:
        if _fits(listed, row, rows, columns):
            return rows, True
    return every[0] if every else (), False


def _fits(listed: List, row: int, rows: Sequence[int], columns: Sequence[int]) -> bool:
    return all(same(listed.money[c][row], _sum(listed.money[c], rows)) for c in columns)


def _candidates(listed: List, number: int) -> Iterator[Sequence[int]]:
    """The rows of the group that the label names; since the last total; so far; until the next; all."""
    total = listed.totals[number]
    before = listed.totals[number - 1].row if number else -1
    after = next((one.row for one in listed.totals[number + 1 :]), 1 << 30)
    named = folded(total_of(total.label))
    rows = listed.beside(total)
    if named:
        yield [row for row in rows if named in listed.groups.get(row, ())]
    yield [row for row in rows if before < row < total.row]
    if listed.bases:
        yield [row for row in rows if _last_other(listed, number) < row < total.row]
    yield [row for row in rows if row < total.row]
    yield [row for row in rows if total.row < row < after]
    yield rows


def _last_other(listed: List, number: int) -> int:
    """The last total before one that is of the same basis, and so ends its block; -1 where none is."""
    basis = listed.bases.get(listed.totals[number].row)
    same = [t.row for t in listed.totals[:number] if listed.bases.get(t.row) == basis]
    return same[-1] if same else -1


def _ask(check: Check, cells: Mapping[int, Money], rows: Sequence[int], faults: Faults) -> None:
    """Ask about a total that differs; where one cell alone would explain it, it is named."""
    difference = check.difference
    place = faults.seen.grid.at(*check.place).cell
    named = [
        faults.seen.grid.at(row, check.place[1]).cell
        for row in rows
        if row in cells and whole(cells[row]) in (difference, -difference)
    ]
    hint = f"; {named[0]} alone is that difference" if len(named) == 1 else ""
    fault = Fault(
        "IMPORT_TOTAL",
        f"{check.total} in {place} is {pounds(check.found)} and its rows make "
        f"{pounds(check.expected)}: a difference of {pounds(difference)}{hint}",
        pounds(check.expected),
        'Mend the cell, or accept the difference by name: --accept "WHO: REASON"; where the row is '
        f'no total of these, say so: --set "totals.{check.total}=leave", or =row.',
    )
    faults.add(fault, check.place, pounds(check.found))
