"""Amounts as columns: the rows in force of the table that may have a million of them.

Each label is there once and its number in every row; money is whole pence. A row is made a record
when it is asked for, and is the same record ever after. It is a sequence of amounts like any other:
what looks at all of them looks at the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, overload

from controltotal.book.records import Amount
from controltotal.core.late import Late

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.signedinteger[Any]]
    Mask = npt.NDArray[np.bool_]
else:
    np = Late("numpy")

LABELS: Final = (
    "organisation",
    "line",
    "year",
    "month",
    "basis",
    "scenario",
    "recurrence",
    "counterparty",
    "scheme",
)
"""The columns that tell one amount from another, in the order of the table's key."""


DENSE: Final = 8_000_000
"""So many labels together are counted one by one; of more the rows are sorted."""
SPARSE: Final = 16
"""Where labels together are more than so many times the rows, most of them do not come."""
AT_ONCE: Final = 4096
"""So many records are made together where every one is asked for."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A column: its values, each once, and which of them every row has. Nil is no value."""

    codes: Codes
    values: tuple[Any, ...]

    def where(self, index: Codes | Numbers | Mask) -> Labels:
        """The same of some rows."""
        return Labels(self.codes[index], self.values)

    def mask(self, test: Callable[[Any], bool]) -> Mask:
        """The rows whose value passes a test, which is made once for each value."""
        passed = np.array([bool(test(value)) for value in self.values], dtype=np.bool_)
        return np.asarray(passed[self.codes], dtype=np.bool_)

    def present(self) -> list[Any]:
        """The values that some row has, in the order of `values`."""
        counts = np.bincount(self.codes, minlength=len(self.values))
        return [value for value, count in zip(self.values, counts, strict=True) if count]


@dataclass(frozen=True)
class Columns:
    """Rows of amounts by column: labels, pence, row, entry; the unit and decimals of each sum.

    `scale` is the pence of one unit in which a sum was written, nil of a sum of nil.
    """

    labels: Mapping[str, Labels]
    pence: Numbers
    number: Numbers
    entry: Numbers
    scale: Numbers
    decimals: Codes

    def where(self, index: Numbers | Mask) -> Columns:
        """The same of some rows."""
        return Columns(
            {name: column.where(index) for name, column in self.labels.items()},
            self.pence[index],
            self.number[index],
            self.entry[index],
            self.scale[index],
            self.decimals[index],
        )


class AmountTable(Sequence[Amount]):
    """Amounts in order of their rows. `made` keeps every record that was asked for, by its entry."""

    def __init__(
        self,
        columns: Columns,
        make: Callable[[Columns, Numbers], list[Amount]],
        made: dict[int, Amount],
    ) -> None:
        self.columns = columns
        self._make = make
        self._made = made

    def labels(self, name: str) -> Labels:
        """One column of labels."""
        return self.columns.labels[name]

    @property
    def pence(self) -> Numbers:
        """The sums as they are meant."""
        return self.columns.pence

    def present(self, name: str) -> list[Any]:
        """The values of a column that some row has."""
        return self.columns.labels[name].present()

    def pairs(self, *names: str) -> set[tuple[Any, ...]]:
        """The distinct values of some columns together."""
        keys = packed(self.columns, names)
        size = prod(folded(self.labels(name).values)[1] for name in names)
        few = size <= min(DENSE, SPARSE * len(keys))
        found = np.flatnonzero(np.bincount(keys)) if few else np.unique(keys)
        cells: list[list[Any]] = []
        for name in reversed(names):
            shown = list(numbered(self.labels(name).values))
            found, codes = np.divmod(found, len(shown))
            cells.append([shown[code] or None for code in codes.tolist()])
        return set(zip(*reversed(cells), strict=True))

    def grouped(self, names: Sequence[str]) -> tuple[Numbers, Groups]:
        """The rows by some labels: a number for each group, and the rows of each of them.

        A label that is empty text and one that is not there are one.
        """
        return grouped(self.columns, names)

    def some(self, places: Numbers | Sequence[int]) -> list[Amount]:
        """The records of some rows, by their places."""
        where = np.asarray(places, dtype=np.int64)
        entries = self.columns.entry[where].tolist()
        made = self._made
        lacking = [place for place, entry in enumerate(entries) if entry not in made]
        if lacking:
            for row in self._make(self.columns, where[lacking]):
                made.setdefault(row.entry, row)  # another thread may have made it
        return [made[entry] for entry in entries]

    def mask(self, **tests: Callable[[Any], bool]) -> Mask:
        """The rows whose values in some columns pass their tests."""
        found = np.ones(len(self), dtype=np.bool_)
        for name, test in tests.items():
            found &= self.labels(name).mask(test)
        return found

    def without(self, gone: Collection[Amount]) -> AmountTable:
        """The same less some records."""
        entries = np.fromiter((row.entry for row in gone), dtype=np.int64, count=len(gone))
        return self.where(~np.isin(self.columns.entry, entries))

    def where(self, index: Numbers | Mask) -> AmountTable:
        """The same of some rows."""
        return AmountTable(self.columns.where(index), self._make, self._made)

    def runs(self, one_by_one: int) -> list[tuple[int, int]]:
        """The numbers of the rows from first to last, where each follows the one before.

        Up to so many rows stand one by one.
        """
        numbers = self.columns.number  # each once, in order
        if len(numbers) <= one_by_one:
            return [(number, number) for number in numbers.tolist()]
        ends = np.flatnonzero(np.append(np.diff(numbers) != 1, True))
        firsts = np.append(0, ends[:-1] + 1)
        return list(zip(numbers[firsts].tolist(), numbers[ends].tolist(), strict=True))

    @cached_property
    def by_entry(self) -> ByEntry:
        """The amounts by the entry that put each."""
        return ByEntry(self)

    def place(self, entry: int) -> int:
        """The place of the row of an entry; below nil where no row is of it."""
        place = int(self._sorted[0].searchsorted(entry))
        found = place < len(self) and self._sorted[0][place] == entry
        return int(self._sorted[1][place]) if found else -1

    @cached_property
    def _sorted(self) -> tuple[Numbers, Numbers]:
        order = self.columns.entry.argsort(kind="stable")
        return self.columns.entry[order], order

    def __len__(self) -> int:
        """How many amounts there are."""
        return len(self.columns.pence)

    @overload
    def __getitem__(self, index: int) -> Amount: ...

    @overload
    def __getitem__(self, index: slice) -> list[Amount]: ...

    def __getitem__(self, index: int | slice) -> Amount | list[Amount]:
        """The record of a row by its place; a slice as a list."""
        if isinstance(index, slice):
            return self.some(range(*index.indices(len(self))))
        return self.some([index])[0]

    def __iter__(self) -> Iterator[Amount]:
        """Every record in order."""
        for start in range(0, len(self), AT_ONCE):
            yield from self.some(range(start, min(start + AT_ONCE, len(self))))


class ByEntry(Mapping[int, Amount]):
    """The amounts of a table by the entry that put each."""

    def __init__(self, table: AmountTable) -> None:
        self._table = table

    def __getitem__(self, entry: int) -> Amount:
        """The amount that an entry put."""
        place = self._table.place(entry)
        if place < 0:
            raise KeyError(entry)
        return self._table[place]

    def __iter__(self) -> Iterator[int]:
        """Every entry."""
        return iter(self._table.columns.entry.tolist())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._table)


class Groups(Sequence["Numbers"]):
    """The places of rows by group, in the order of the groups; in each in the order of the rows."""

    def __init__(self, order: Numbers, starts: Numbers) -> None:
        self.order = order
        self.starts = starts

    def __len__(self) -> int:
        """How many groups there are."""
        return len(self.starts) - 1

    @overload
    def __getitem__(self, index: int) -> Numbers: ...

    @overload
    def __getitem__(self, index: slice) -> list[Numbers]: ...

    def __getitem__(self, index: int | slice) -> Numbers | list[Numbers]:
        """The places of the rows of one group."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        return self.order[self.starts[index] : self.starts[index + 1]]


def packed(columns: Columns, names: Sequence[str], at: Numbers | None = None) -> Numbers:
    """One number for each row, or of some, that stands for its labels: nil and empty text are one."""
    keys = np.zeros(len(columns.pence) if at is None else len(at), dtype=np.int64)
    for name in names:
        fold, size = folded(columns.labels[name].values)
        codes = columns.labels[name].codes if at is None else columns.labels[name].codes[at]
        keys *= size
        keys += codes if fold is None else fold[codes]
    return keys


def folded_codes(labels: Labels) -> tuple[Codes, int]:
    """The codes of a column in which what is empty, and what is the same, has one; how many."""
    fold, size = folded(labels.values)
    return (labels.codes if fold is None else fold[labels.codes]), size


def numbered(values: Sequence[Any]) -> dict[Any, int]:
    """The number that each value of a column has in a packed label: what is empty has one.

    >>> numbered([None, "pay", ""])
    {'': 0, 'pay': 1}
    """
    number: dict[Any, int] = {}
    for value in values:
        number.setdefault(value or "", len(number))
    return number


@lru_cache(maxsize=256)
def folded(values: tuple[Any, ...]) -> tuple[Codes | None, int]:
    """What each code becomes where what is empty has one code (None: itself), and how many there are."""
    number = numbered(values)
    fold = [number[value or ""] for value in values]
    if fold == list(range(len(fold))):
        return None, max(len(fold), 1)
    return np.array(fold, dtype=np.int32), len(number)


def grouped(
    columns: Columns, names: Sequence[str], at: Numbers | None = None
) -> tuple[Numbers, Groups]:
    """Rows by some labels: the packed label of each group, and the places of its rows among them."""
    keys = packed(columns, names, at)
    order = in_order(keys, prod(folded(columns.labels[name].values)[1] for name in names))
    sorted_keys = keys[order]
    new = np.ones(len(keys), dtype=np.bool_)
    new[1:] = sorted_keys[1:] != sorted_keys[:-1]
    firsts = np.flatnonzero(new)
    starts = np.append(firsts, len(keys))
    return sorted_keys[firsts], Groups(order, starts)


def in_order(keys: Numbers, size: int) -> Numbers:
    """The places of whole numbers from nought to below `size` in their order, equal ones as they stand.

    Numbers of two bytes are sorted by counting, and those of four in two rounds of it.

    >>> in_order(np.array([70_000, 3, 70_000, 1]), 70_001).tolist()
    [3, 1, 0, 2]
    """
    if size > 2**32:
        return keys.argsort(kind="stable")
    low = (keys & 0xFFFF).astype(np.uint16).argsort(kind="stable")
    if size <= 2**16:
        return low
    high = (keys >> 16).astype(np.uint16)[low]
    return np.asarray(low[high.argsort(kind="stable")], dtype=np.int64)


def without(rows: Sequence[Amount], gone: Collection[object]) -> Sequence[Amount]:
    """Amounts less some of them, in the form that they have."""
    if isinstance(rows, AmountTable):
        return rows.without([row for row in gone if isinstance(row, Amount)])
    return tuple(row for row in rows if row not in gone)


def told(rows: Sequence[Amount], *columns: str) -> set[tuple[Any, ...]]:
    """The distinct values that amounts have in some columns together.

    >>> told((), "organisation", "year")
    set()
    """
    if isinstance(rows, AmountTable):
        return rows.pairs(*columns)
    if len(columns) < 2:
        return {tuple(getattr(row, column) for column in columns) for row in rows}
    return set(map(attrgetter(*columns), rows))


def chosen(rows: Sequence[Amount], **tests: Callable[[Any], bool]) -> Sequence[Amount]:
    """The amounts whose values in some columns pass their tests, in order.

    >>> list(chosen((), line=lambda line: line == "pay"))
    []
    """
    if isinstance(rows, AmountTable):
        mask = rows.mask(**tests)
        return rows if mask.all() else rows.where(mask)
    return tuple(
        row for row in rows if all(test(getattr(row, name)) for name, test in tests.items())
    )


def below_nil(rows: Sequence[Amount]) -> Sequence[Amount]:
    """The amounts below nil."""
    if isinstance(rows, AmountTable):
        return rows.where(rows.pence < 0)
    return tuple(row for row in rows if row.amount < 0)
