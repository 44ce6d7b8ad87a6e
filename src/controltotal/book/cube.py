"""The dense cube under totals: what each statement says of each line in each month, as an array.

It answers where a statement is even: each of its series runs by single months from April to one
month, or is one sum of a whole year, and no sum is a bound. Of any other statement it says nothing,
and the rows themselves are asked. Pence are as written, positive; the kind of a line gives the sign.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from controltotal.book.amount_table import AmountTable
from controltotal.book.as_meant import BOUNDS
from controltotal.book.grouped import Grouped, group_by, statements_of
from controltotal.book.records import Amount

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

Label = tuple[str, str, str, str]  # organisation, year, basis, scenario
MONTHS: Final = 12
IN_SERIES: Final = ("line", "recurrence", "counterparty")
CELLS_MOST: Final = 50_000_000
"""A larger cube would hold more nothing than sums."""


@dataclass(frozen=True, slots=True)
class Even:
    """An even statement: the month that it reaches, and its sums by line and month as written.

    `whole_year`: each sum is of the whole year, and stands in the first month.
    """

    label: Label
    last: int
    whole_year: bool
    lines: tuple[str, ...]
    pence: Numbers
    places: Numbers

    def sum_of(self, signs: Mapping[str, int], months: frozenset[int]) -> int:
        """The sum of some lines with their signs over months that it tells."""
        columns = [0] if self.whole_year else [month - 1 for month in sorted(months)]
        weights = np.array([signs.get(name, 0) for name in self.lines], dtype=np.int64)
        return int(weights @ self.pence[:, columns].sum(axis=1))


class Cube:
    """The statements of a table that are even, and their sums."""

    def __init__(self, table: AmountTable) -> None:
        self.table = table
        self.statements: Grouped = statements_of(table)
        self._names = tuple(dict.fromkeys(v or "" for v in table.labels("line").values))
        number = {name: place for place, name in enumerate(self._names)}
        codes = [number[value or ""] for value in table.labels("line").values]
        self._line = np.array(codes, dtype=np.int64)[table.labels("line").codes]
        month = [int(v) if v and v.isdigit() else 0 for v in table.labels("month").values]
        self._month = np.array(month, dtype=np.int64)[table.labels("month").codes]
        self._ordered: dict[tuple[Label, tuple[tuple[str, ...], ...]], Numbers] = {}
        self._bare = table.labels("month").mask(lambda value: not value)

    @cached_property
    def last(self) -> Numbers:
        """The month that each statement reaches evenly, 1 to 12; nil where it is not even."""
        statements, at = self.statements, self.statements.at
        if not len(at):
            return np.zeros(0, dtype=np.int64)
        series = group_by(self.table, (*statements.names, *IN_SERIES), at)
        month, bare = self._month[at], self._bare[at]
        rows = np.diff(series.groups.starts)
        order, starts = series.groups.order, series.groups.starts[:-1]
        reach = np.maximum.reduceat(month[order], starts)
        one_year = series.any_of(bare) & (rows == 1)
        runs = ~series.any_of(month == 0) & (reach == rows)
        count = np.where(one_year, MONTHS, np.where(runs, reach, 0))
        of_series = statements.of_row[series.groups.order[starts]]
        most = np.zeros(len(statements.keys), dtype=np.int64)
        least = np.full(len(statements.keys), MONTHS + 1, dtype=np.int64)
        np.maximum.at(most, of_series, count)
        np.minimum.at(least, of_series, count)
        even = np.where(most == least, most, 0)
        bound = self.table.labels("qualifier").mask(lambda word: word in BOUNDS)
        even[statements.any_of(bound[at])] = 0
        return even

    @cached_property
    def _mixed(self) -> Mask:
        """The statements that have months and years beside each other."""
        at = self.statements.at
        return self.statements.any_of(self._bare[at]) & self.statements.any_of(~self._bare[at])

    @cached_property
    def _years(self) -> Mask:
        """The statements of which some sum is of a whole year."""
        return self.statements.any_of(self._bare[self.statements.at])

    @cached_property
    def _cells(self) -> Numbers | None:
        """Statement by line by month; a year stands in the first month. None where it would be vast."""
        shape = (len(self.statements.keys), len(self._names), MONTHS)
        if shape[0] * shape[1] * shape[2] > CELLS_MOST:
            return None
        at = self.statements.at
        cell = self.statements.of_row * shape[1] + self._line[at]
        cell = cell * MONTHS + np.maximum(self._month[at] - 1, 0)
        found = np.zeros(shape[0] * shape[1] * shape[2], dtype=np.int64)
        np.add.at(found, cell, self.table.pence[at])
        return found.reshape(shape)

    @cached_property
    def _there(self) -> Mask:
        """The lines that each statement has."""
        shape = (len(self.statements.keys), len(self._names))
        found = np.zeros(shape[0] * shape[1], dtype=np.bool_)
        found[self.statements.of_row * shape[1] + self._line[self.statements.at]] = True
        return found.reshape(shape)

    @cached_property
    def lines(self) -> Mapping[Label, frozenset[str]]:
        """The lines of every statement."""
        names = np.array(self._names, dtype=object)
        return {
            self.statements.key(group): frozenset(names[self._there[group]])
            for group in range(len(self.statements.keys))
        }

    def even(self, label: Label) -> Even | None:
        """An even statement; None where it is not even, or there is none."""
        if self._cells is None:
            return None
        group = self.statements.find(label)
        if group < 0 or not self.last[group] or self._mixed[group]:
            return None
        some = np.flatnonzero(self._there[group])
        return Even(
            label,
            int(self.last[group]),
            bool(self._years[group]),
            tuple(self._names[place] for place in some),
            self._cells[group, some],
            self.statements.places(group),
        )

    def rows(
        self, even: Even, lines: tuple[tuple[str, ...], ...], months: frozenset[int]
    ) -> Places:
        """The rows of some lines and months of an even statement: sets of lines one after the other.

        In each set series by series as they first stand in the book, and in each series by month.
        """
        about = (even.label, lines)
        if about not in self._ordered:
            found = [self._of_lines(even, some) for some in lines]
            self._ordered[about] = np.concatenate(found)
        places = self._ordered[about]
        if not even.whole_year and len(months) < even.last:
            places = places[np.isin(self._month[places], sorted(months))]
        return Places(self.table, places)

    def _of_lines(self, even: Even, lines: Collection[str]) -> Numbers:
        """The places of the rows of some lines of a statement, in order."""
        wanted = [place for place, name in enumerate(self._names) if name in lines]
        at = even.places[np.isin(self._line[even.places], wanted)]
        if not len(at):
            return at
        series = group_by(self.table, IN_SERIES, at)
        return np.asarray(at[np.lexsort((self._month[at], series.firsts[series.of_row]))])


class Places(Sequence[Amount]):
    """Amounts by their places in a table, each made a record when it is asked for."""

    def __init__(self, table: AmountTable, places: Numbers) -> None:
        self._table = table
        self._places = places

    @property
    def entries(self) -> tuple[int, ...]:
        """The entry that put each of them."""
        return tuple(self._table.columns.entry[self._places].tolist())

    def present(self, name: str) -> set[str]:
        """The values that they have in a column of labels."""
        column = self._table.labels(name)
        return {column.values[code] for code in set(column.codes[self._places].tolist())} - {None}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Amount: ...

    @overload
    def __getitem__(self, index: slice) -> list[Amount]: ...

    def __getitem__(self, index: int | slice) -> Amount | list[Amount]:
        """One of them, or some as a list."""
        if isinstance(index, slice):
            return self._table.some(self._places[index])
        return self._table.some(self._places[[index]])[0]

    def __iter__(self) -> Iterator[Amount]:
        """Every record in order."""
        return iter(self._table.some(self._places))
