"""Rows of one table held as columns of text, and the entries that they are, made when asked for.

A file of a million rows is read whole and kept as columns: each text that comes again is there once,
with its number in every row. An entry of such a row is an entry like any other; it is made on demand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, overload

from controltotal.core.errors import column_letter
from controltotal.core.late import Late
from controltotal.ledger.entries import PUT, Cells, Entry, in_force

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Codes = npt.NDArray[np.int32]
    Numbers = npt.NDArray[np.int64]
else:
    np = Late("numpy")

EMPTY = -1
"""The code of an empty cell."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few texts: each of them once, and which of them stands in each row."""

    codes: Codes
    texts: tuple[str, ...]


class HoldsCells(Protocol):
    """What gives the filled cells of a row that it holds."""

    def cells(self, index: int) -> Cells:
        """The filled cells of a row."""
        ...


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
    made: dict[Any, dict[int, Any]] = field(default_factory=dict, repr=False)
    """What was made of its rows, by the number of each, for one way of reading them."""

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

    def placed(self, indices: Sequence[int]) -> list[tuple[str, HoldsCells]]:
        """Where some rows came from, and what holds their cells for as long as they are asked for."""
        return [(origin, self) for origin in self.origins(indices)]

    def written(self, index: int, column: str) -> tuple[str, int, str]:
        """Table, number and one cell of a row, without its entry being made."""
        return self.table, int(self.numbers[index]), self.text(column, index)

    def entry(self, index: int) -> Entry:
        """The entry of a row."""
        row = int(self.numbers[index])
        (origin,) = self.origins([index])
        return Entry(self.first + index, PUT, self.table, row, self.cells(index), origin)

    def sequence(self) -> Numbers:
        """The numbers of the entries of all rows."""
        return np.arange(self.first, self.first + len(self), dtype=np.int64)

    def places(self, entries: Numbers) -> Numbers:
        """The rows that some entries put, by their numbers."""
        return entries - self.first


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
        self._blocks = tuple(part for part in self._parts if isinstance(part, Block))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The parts that are columns."""
        return self._blocks

    @property
    def single(self) -> Sequence[Entry]:
        """The entries that stand by themselves, in order."""
        return [e for part in self._parts if not isinstance(part, Block) for e in part]

    @property
    def said(self) -> Sequence[Entry]:
        """The entries that acts may have written: files name nobody, so what they say is in blocks."""
        return self.single

    @property
    def standing(self) -> Mapping[int, Entry]:
        """The entries that stand, by their numbers: all, for files withdraw nothing."""
        return ByNumber(self)

    def upto(self, number: int) -> Sequence[Entry]:
        """The entries up to a number."""
        return self[:number]

    def more(self, fresh: Sequence[Entry]) -> Sequence[Entry]:
        """These and some that follow on them; where one of those withdraws, they stand one by one."""
        if any(entry.kind != PUT for entry in fresh):
            return [*self, *fresh]
        return Entries([*self._parts, list(fresh)])

    def recorded(self, fresh: Sequence[Entry]) -> Sequence[Entry]:
        """The same, the last of them as a store took them."""
        return [*self[: len(self) - len(fresh)], *fresh]

    def last_row(self, table: str) -> int:
        """The last row of a table of which there is an entry; nil where there is none."""
        rows = [int(b.numbers.max()) for b in self.blocks if b.table == table]
        return max([*rows, *(e.row for e in self.single if e.table == table)], default=0)

    def at(self, table: str, row: int) -> int:
        """The number of the last entry at a row of a table; nil where there is none."""
        if self._at is None:
            self._at = {(entry.table, entry.row): entry.seq for entry in self.single}
        found = self._at.get((table, row), 0)
        for block in self.blocks:
            if block.table == table:
                place = row - int(block.numbers[0])  # where no row is left out before it
                if not (0 <= place < len(block) and block.numbers[place] == row):
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
        part, inside = self._part(index + len(self) if index < 0 else index)
        return part.entry(inside) if isinstance(part, Block) else part[inside]

    def _part(self, place: int) -> tuple[Sequence[Entry] | Block, int]:
        """The part in which an entry is, and its place there."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        which = bisect_right(self._ends, place)
        return self._parts[which], place - (self._ends[which - 1] if which else 0)

    def written(self, place: int, column: str) -> tuple[str, int, str]:
        """Table, row and one cell of an entry, which is not made for it where it is in a block."""
        part, inside = self._part(place)
        if isinstance(part, Block):
            return part.written(inside, column)
        return _written(part[inside], column)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, those of blocks made one by one."""
        for part in self._parts:
            if isinstance(part, Block):
                yield from map(part.entry, range(len(part)))
            else:
                yield from part


def by_themselves(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries that stand in no block, withdrawals among them."""
    return entries.single if isinstance(entries, Entries) else entries


def written_singly(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries among which acts can be: all but those of blocks, which files said."""
    return entries.said if isinstance(entries, Entries) else entries


def entries_upto(entries: Sequence[Entry], number: int) -> Sequence[Entry]:
    """The entries up to a number."""
    return entries.upto(number) if isinstance(entries, Entries) else entries[:number]


def carried_on(entries: Sequence[Entry], fresh: Sequence[Entry]) -> Sequence[Entry]:
    """Entries and some that follow on them."""
    return entries.more(fresh) if isinstance(entries, Entries) else [*entries, *fresh]


def recorded(entries: Sequence[Entry], fresh: Sequence[Entry]) -> Sequence[Entry]:
    """Entries of which the last are as the store took them."""
    if isinstance(entries, Entries):
        return entries.recorded(fresh)
    return [*entries[: len(entries) - len(fresh)], *fresh]


def last_row(entries: Sequence[Entry], table: str) -> int:
    """The last row of a table of which there is an entry; nil where there is none."""
    if isinstance(entries, Entries):
        return entries.last_row(table)
    return max((entry.row for entry in entries if entry.table == table), default=0)


def standing(entries: Sequence[Entry]) -> Mapping[int, Entry]:
    """The entries that stand, by their numbers."""
    if isinstance(entries, Entries):
        return entries.standing
    return {entry.seq: entry for entry in in_force(entries)}


def written_at(
    entries: Mapping[int, Entry], number: int, column: str
) -> tuple[str, int, str] | None:
    """Table, row and one cell, empty where nothing is written, of an entry; None where it is not."""
    if isinstance(entries, ByNumber):
        return entries.written(number, column)
    found = entries.get(number)
    return None if found is None else _written(found, column)


def _written(entry: Entry, column: str) -> tuple[str, int, str]:
    return entry.table, entry.row, dict(entry.cells).get(column, "")


class ByNumber(Mapping[int, Entry]):
    """Entries that all stand, by their numbers, which count 1, 2, … without a gap."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def __getitem__(self, number: int) -> Entry:
        """The entry of a number."""
        if not 1 <= number <= len(self._entries):
            raise KeyError(number)
        return self._entries[number - 1]

    def written(self, number: int, column: str) -> tuple[str, int, str] | None:
        """Table, row and one cell of the entry of a number; None where it is not."""
        there = 1 <= number <= len(self._entries)
        return self._entries.written(number - 1, column) if there else None

    def at(self, table: str, row: int) -> int:
        """The number of the entry at a row of a table; nil where there is none."""
        return self._entries.at(table, row)

    def __iter__(self) -> Iterator[int]:
        """Every number."""
        return iter(range(1, len(self._entries) + 1))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._entries)
