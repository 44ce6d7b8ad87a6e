"""Rows of one table held as columns of text, and the entries that they are, made when asked for.

A file of a million rows is read whole and kept as columns: each text that comes again is there once,
with its number in every row. An entry of such a row is an entry like any other; it is made on demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from controltotal.core.errors import column_letter
from controltotal.ledger.entries import PUT, Cells, Entry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Codes = npt.NDArray[np.int32]

EMPTY = -1
"""The code of an empty cell."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few texts: each of them once, and which of them stands in each row."""

    codes: Codes
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows of one table of one file in order; `first` is the number of the first row's entry.

    `order` are the columns of the file; `numbers` the rows as a spreadsheet counts them. `coded` are
    columns of texts that come again, `single` those of texts that hardly do, such as sums.
    """

    table: str
    file: str
    order: tuple[str, ...]
    numbers: Codes
    coded: Mapping[str, Coded]
    single: Mapping[str, pl.Series]
    first: int = 1
    flush: bool = False
    """Whether the first column is filled in every row."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    def text(self, column: str, index: int) -> str:
        """The text of one cell; empty where nothing is written, or the file has no such column."""
        coded = self.coded.get(column)
        if coded is not None:
            code = coded.codes[index]
            return "" if code == EMPTY else coded.texts[code]
        return (self.single[column][index] or "") if column in self.single else ""

    def cells(self, index: int) -> Cells:
        """The filled cells of a row, in the order of the file."""
        found = ((column, self.text(column, index)) for column in self.order)
        return tuple((column, text) for column, text in found if text)

    def origins(self, indices: Sequence[int]) -> list[str]:
        """File and first filled cell of some rows, as every entry that was read says them."""
        numbers = self.numbers[list(indices)].tolist()
        if self.flush:
            return [f"{self.file}||A{number}" for number in numbers]
        letters = [
            column_letter(next(p for p, c in enumerate(self.order) if self.text(c, index)))
            for index in indices
        ]
        return [f"{self.file}||{a}{n}" for a, n in zip(letters, numbers, strict=True)]

    def entry(self, index: int) -> Entry:
        """The entry of a row."""
        row = int(self.numbers[index])
        (origin,) = self.origins([index])
        return Entry(self.first + index, PUT, self.table, row, self.cells(index), origin)


class Entries(Sequence[Entry]):
    """The entries of a book in order, some of them as blocks of columns.

    >>> from controltotal.ledger.entries import numbered, put
    >>> entries = Entries([numbered([put("lines", 2, [("line", "pay")])])])
    >>> len(entries), entries[-1].seq, entries.at("lines", 2), entries.at("lines", 9)
    (1, 1, 1, 0)
    """

    def __init__(self, parts: Sequence[Sequence[Entry] | Block]) -> None:
        self._parts = tuple(part for part in parts if len(part))
        self._ends: list[int] = []
        for part in self._parts:
            self._ends.append((self._ends[-1] if self._ends else 0) + len(part))
        self._at: dict[tuple[str, int], int] | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The parts that are columns."""
        return tuple(part for part in self._parts if isinstance(part, Block))

    @property
    def single(self) -> list[Entry]:
        """The entries that stand by themselves, in order."""
        return [e for part in self._parts if not isinstance(part, Block) for e in part]

    def at(self, table: str, row: int) -> int:
        """The number of the last entry at a row of a table; nil where there is none."""
        if self._at is None:
            self._at = {(entry.table, entry.row): entry.seq for entry in self.single}
        found = self._at.get((table, row), 0)
        for block in self.blocks:
            if block.table == table:
                place = int(block.numbers.searchsorted(row))
                if place < len(block) and block.numbers[place] == row:
                    found = max(found, block.first + place)
        return found

    def __len__(self) -> int:
        """How many entries there are."""
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        """An entry by its place, counted from nought; a slice as a list."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        start = 0
        for part, end in zip(self._parts, self._ends, strict=True):
            if start <= place < end:
                inside = place - start
                return part.entry(inside) if isinstance(part, Block) else part[inside]
            start = end
        raise IndexError(index)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, those of blocks made one by one."""
        for part in self._parts:
            if isinstance(part, Block):
                yield from map(part.entry, range(len(part)))
            else:
                yield from part


def written_singly(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries among which acts can be: all but those of blocks, which files said."""
    return entries.single if isinstance(entries, Entries) else entries


class ByNumber(Mapping[int, Entry]):
    """Entries that all stand, by their numbers, which count 1, 2, … without a gap."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def __getitem__(self, number: int) -> Entry:
        """The entry of a number."""
        if not 1 <= number <= len(self._entries):
            raise KeyError(number)
        return self._entries[number - 1]

    def at(self, table: str, row: int) -> int:
        """The number of the entry at a row of a table; nil where there is none."""
        return self._entries.at(table, row)

    def __iter__(self) -> Iterator[int]:
        """Every number."""
        return iter(range(1, len(self._entries) + 1))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._entries)
