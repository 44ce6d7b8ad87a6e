"""The dense cube under totals: what each statement says of each line in each month, as an array.

It answers where a statement is even: each of its series runs by single months from April to one
month, or is one sum of a whole year, and no sum is a bound. Of any other statement it says nothing,
and the rows themselves are asked. Pence are as written, positive; the kind of a line gives the sign.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, overload

from controltotal.book.amount_table import AmountTable, numbered
from controltotal.book.as_meant import BOUNDS
from controltotal.book.grouped import Grouped, group_by, series_of, statements_of
from controltotal.book.records import Amount
from controltotal.core.entries import Entries
from controltotal.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

Label = tuple[str, str, str, str]  # organisation, year, basis, scenario
MONTHS: Final = 12
ONCE: Final = "non_recurrent"
IN_SERIES: Final = ("line", "recurrence", "counterparty")
CELLS_MOST: Final = 50_000_000
"""A larger cube would hold more nothing than sums."""


@dataclass(frozen=True, eq=False)
class Even:
    """An even statement: the month that it reaches, and its sums by line and month as written.

    `sums` are those from April, a row for each of `lines`, nil first. `whole_year`: each sum is of
    the whole year, and stands in the first month. `once`: it is what of the statement does not repeat.
    """

    label: Label
    group: int
    last: int
    whole_year: bool
    lines: tuple[str, ...]
    sums: Numbers
    once: bool = False
    _running: dict[tuple[tuple[str, int], ...], list[int]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each line in `sums`."""
        return {name: row for row, name in enumerate(self.lines)}

    @cached_property
    def told(self) -> frozenset[int]:
        """The months that it tells."""
        return frozenset(range(1, self.last + 1))

    def running(self, signs: Mapping[str, int]) -> list[int]:
        """The sums of some lines with their signs from April to each month, nil first."""
        about = tuple(signs.items())
        if about not in self._running:
            here = [(self.rows[name], sign) for name, sign in about if name in self.rows]
            found = np.array([sign for _, sign in here], dtype=np.int64)
            self._running[about] = (found @ self.sums[[row for row, _ in here]]).tolist()
        return self._running[about]

    def sum_of(self, signs: Mapping[str, int], months: frozenset[int]) -> int:
        """The sum of some lines with their signs over months that it tells; a line without rows is nil."""
        first, last = (1, 1) if self.whole_year else (min(months), max(months))
        if not self.whole_year and last - first + 1 != len(months):
            return sum(self.sum_of(signs, frozenset({month})) for month in months)
        running = self.running(signs)
        return running[last] - running[first - 1]

    def by_month(self, signs: Mapping[str, int]) -> dict[int, int]:
        """The sums of some lines with their signs by month; none where it tells years."""
        if self.whole_year:
            return {}
        running = self.running(signs)
        return {month: running[month] - running[month - 1] for month in range(1, self.last + 1)}


class Cube:
    """The statements of a table that are even, and their sums."""

    def __init__(self, table: AmountTable) -> None:
        self.table = table
        self.statements: Grouped = statements_of(table)
        self._number = numbered(table.labels("line").values)
        self.names = tuple(self._number)
        codes = [self._number[value or ""] for value in table.labels("line").values]
        self._line = np.array(codes, dtype=np.int64)[table.labels("line").codes]
        month = [int(v) if v and v.isdigit() else 0 for v in table.labels("month").values]
        self._month = np.array(month, dtype=np.int64)[table.labels("month").codes]
        self._ordered: dict[tuple[Label, bool], _Order] = {}
        self._sets: dict[bytes, tuple[Numbers, tuple[str, ...]]] = {}
        self._evens: dict[tuple[Label, bool], Even | None] = {}
        self._bare = table.labels("month").mask(lambda value: not value)

    @cached_property
    def _series(self) -> Grouped:
        """The rows of the statements by statement and series."""
        if len(self.statements.at) == len(self.table):  # no row is of a scheme
            return series_of(self.table)
        names = (*self.statements.names, *IN_SERIES)
        return group_by(self.table, names, self.statements.at)

    @cached_property
    def last(self) -> Numbers:
        """The month that each statement reaches evenly, 1 to 12; nil where it is not even."""
        statements, at = self.statements, self.statements.at
        if not len(at):
            return np.zeros(0, dtype=np.int64)
        series, month, bare = self._series, self._month[at], self._bare[at]
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
    def _cell(self) -> Numbers:
        """The cell of each row of statements: statement by line by month, a year in the first month."""
        cell = self.statements.of_row * len(self.names) + self._line[self.statements.at]
        return np.asarray(cell * MONTHS + np.maximum(self._month[self.statements.at] - 1, 0))

    @cached_property
    def _qualified(self) -> Mask:
        """The statements of which some row is qualified."""
        word = self.table.labels("qualifier").mask(bool)
        return self.statements.any_of(word[self.statements.at])

    def qualifiers(self, even: Even, rows: Places) -> list[str]:
        """How some rows of an even statement are qualified, each word once, in order."""
        if not self._qualified[even.group]:
            return []
        return sorted(rows.present("qualifier"))

    @cached_property
    def _once(self) -> Mask:
        """The rows of statements that do not repeat."""
        column = self.table.labels("recurrence")
        return column.mask(lambda word: word == ONCE)[self.statements.at]

    @cached_property
    def fits(self) -> bool:
        """Whether the cube would not be vast."""
        return len(self.statements.keys) * len(self.names) * MONTHS <= CELLS_MOST

    def _made(self, rows: Mask | slice) -> tuple[Numbers, Mask]:
        """The sums by cell of some rows of statements, and the lines that each statement has of them."""
        shape = (len(self.statements.keys), len(self.names), MONTHS)
        cell = self._cell[rows]
        found = np.zeros(shape[0] * shape[1] * shape[2], dtype=np.int64)
        np.add.at(found, cell, self.table.pence[self.statements.at[rows]])
        there = np.zeros(shape[0] * shape[1], dtype=np.bool_)
        there[cell // MONTHS] = True
        return found.reshape(shape), there.reshape(shape[:2])

    @cached_property
    def _every(self) -> tuple[Numbers, Mask]:
        return self._made(slice(None))

    @cached_property
    def _only_once(self) -> tuple[Numbers, Mask]:
        return self._made(self._once)

    @cached_property
    def lines(self) -> Mapping[Label, Collection[str]]:
        """The lines of every statement, in the order in which they first stand."""
        names = (*self.statements.names, "line")
        if not len(self.statements.at):
            return {}
        each = group_by(self.table, names, np.sort(self._series.firsts))
        firsts = np.sort(each.firsts)
        columns = [self.table.labels(name) for name in names]
        cells = [[c.values[code] for code in c.codes[firsts].tolist()] for c in columns]
        found: dict[Label, dict[str, None]] = {}
        for code, year, basis, scenario, line in zip(*cells, strict=True):
            found.setdefault((code, year, basis, scenario or ""), {})[line] = None
        return found

    def recurrences(self, even: Even, lines: Collection[str]) -> set[str]:
        """What the rows of some lines of a statement say of recurrence; empty text where nothing."""
        own = self.statements.groups[even.group]
        at = self.statements.at[own[self._once[own]] if even.once else own]
        if not even.rows.keys() <= set(lines):
            wanted = [place for place, name in enumerate(self.names) if name in lines]
            at = at[np.isin(self._line[at], wanted)]
        column = self.table.labels("recurrence")
        return {column.values[code] or "" for code in set(column.codes[at].tolist())}

    def sums(self, groups: Sequence[int], *, once: bool = False) -> tuple[Numbers, Mask]:
        """The sums of some statements by line and month as written, and which lines each has."""
        cells, there = self._only_once if once else self._every
        return cells[groups], there[groups]

    def even(self, label: Label, *, once: bool = False) -> Even | None:
        """An even statement, or what of it does not repeat; None where it is not, or is not even."""
        about = (label, once)
        if about not in self._evens:
            self._evens[about] = self._even(label, once=once)
        return self._evens[about]

    def _even(self, label: Label, *, once: bool) -> Even | None:
        group = self.statements.find(label)
        if group < 0 or not self.fits or not self.last[group] or self._mixed[group]:
            return None
        cells, there = self._only_once if once else self._every
        some, lines = self._some(there[group])
        running = np.zeros((len(some), MONTHS + 1), dtype=np.int64)
        running[:, 1:] = cells[group, some].cumsum(axis=1)
        return Even(
            label,
            group,
            int(self.last[group]),
            bool(self._years[group]),
            lines,
            running,
            once,
        )

    def _some(self, there: Mask) -> tuple[Numbers, tuple[str, ...]]:
        """The places and names of some lines; many statements have the same."""
        about = there.tobytes()
        if about not in self._sets:
            places = np.flatnonzero(there)
            self._sets[about] = places, tuple(self.names[place] for place in places.tolist())
        return self._sets[about]

    def rows(
        self, even: Even, lines: tuple[tuple[str, ...], ...], months: frozenset[int]
    ) -> Places:
        """The rows of some lines and months of an even statement: sets of lines one after the other.

        In each set series by series as they first stand in the book, and in each series by month.
        """
        some = bool(months) and any(name in even.rows for part in lines for name in part)
        return Places(self.table, lambda: self._places(even, lines, months), some=some)

    def _places(
        self, even: Even, lines: tuple[tuple[str, ...], ...], months: frozenset[int]
    ) -> Numbers:
        order = self._in_order(even)
        found = []
        for some in lines:
            places, month = order.of(some)
            if not even.whole_year and len(months) < even.last:
                wanted = np.zeros(MONTHS + 1, dtype=np.bool_)
                wanted[list(months)] = True
                places = places[wanted[month]]
            found.append(places)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _in_order(self, even: Even) -> _Order:
        """The rows of an even statement series by series, each by month."""
        about = (even.label, even.once)
        if about not in self._ordered:
            rows, starts = self._sorted
            own = rows[starts[even.group] : starts[even.group + 1]]
            places = self.statements.at[own[self._once[own]] if even.once else own]
            self._ordered[about] = _Order(
                self._number, places, self._line[places], self._month[places]
            )
        return self._ordered[about]

    @cached_property
    def _sorted(self) -> tuple[Numbers, Numbers]:
        """The rows of all statements one after another, each series by series as they first stand.

        In a series by month; and where the rows of each statement begin.
        """
        series, order = self._series, self._series.groups.order
        sizes = np.diff(series.groups.starts)
        month = self._month[self.statements.at[order]]
        inside = np.repeat(np.arange(len(sizes)), sizes)
        if np.any((month[1:] < month[:-1]) & (inside[1:] == inside[:-1])):
            order = order[np.lexsort((month, inside))]
        statement = self.statements.of_row[order[series.groups.starts[:-1]]]
        ranked = np.lexsort((series.firsts, statement))
        begin, size = series.groups.starts[:-1][ranked], sizes[ranked]
        shift = np.repeat(begin - (size.cumsum() - size), size)
        starts = np.zeros(len(self.statements.keys) + 1, dtype=np.int64)
        np.add.at(starts, statement + 1, sizes)
        return order[shift + np.arange(len(order))], starts.cumsum()


class _Order:
    """The places of the rows of a statement in order, with the line and month of each."""

    def __init__(
        self, number: Mapping[str, int], places: Numbers, line: Numbers, month: Numbers
    ) -> None:
        self._number = number
        self._every = places, month
        self._line = line
        self._kept: dict[tuple[str, ...], tuple[Numbers, Numbers]] = {}

    def of(self, lines: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        """The places and months of some lines."""
        if lines not in self._kept:
            wanted = np.zeros(len(self._number), dtype=np.bool_)
            wanted[[self._number[name] for name in lines]] = True
            inside = wanted[self._line]
            places, month = self._every
            self._kept[lines] = places[inside], month[inside]
        return self._kept[lines]


class Places(Sequence[Amount]):
    """Amounts by their places in a table, found and each made a record when they are asked for."""

    def __init__(self, table: AmountTable, find: Callable[[], Numbers], *, some: bool) -> None:
        self._table = table
        self._find = find
        self._some = some

    @cached_property
    def _places(self) -> Numbers:
        return self._find()

    @property
    def entries(self) -> Entries:
        """The entry that put each of them."""
        return Entries(lambda: self._table.columns.entry[self._places].tolist(), some=self._some)

    def present(self, name: str) -> set[str]:
        """The values that they have in a column of labels."""
        column = self._table.labels(name)
        if column.values == (None,):
            return set()
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
