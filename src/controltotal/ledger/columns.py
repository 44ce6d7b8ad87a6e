"""The entries of a ledger, of which the amounts that stand are columns too.

A ledger says everything singly, in blocks of its own; what is added up of it is read as columns, as a
large file is. Both are the same entries: a row of columns knows which entry it is. When more is
written, the rows that stood are taken over as they are, and only the new ones are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, overload

from controltotal.core.late import Late
from controltotal.core.schema import Table, tables
from controltotal.ledger.block import EMPTY, Block, Coded, Entries, HoldsCells
from controltotal.ledger.entries import PUT, WITHDRAW, Cells, Entry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    Codes = npt.NDArray[np.int32]
    Numbers = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
else:
    np, pl = Late("numpy"), Late("polars")

TABLE: Final = "amounts"
ROWS_FROM: Final = 2_000
"""Fewer rows are read one by one: it takes less time than to load what reads columns."""
SINGLE: Final = ("money", "fact", "number")
"""Types of columns of which the texts hardly come twice."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The cells of one row."""

    said: Cells

    def cells(self, _: int) -> Cells:
        """The filled cells of the row, as they were put."""
        return self.said


@dataclass(frozen=True, eq=False)
class LedgerBlock(Block):
    """Rows that stand in a ledger, in the order of their rows; `entries` are the numbers that put them.

    What a row says is asked of its entry.
    """

    entries: Numbers = None  # type: ignore[assignment]
    entry_of: Callable[[int], Entry] = None  # type: ignore[assignment]

    def cells(self, index: int) -> Cells:
        """The filled cells of a row, as they were put."""
        return self.entry(index).cells

    def origins(self, indices: Sequence[int]) -> list[str]:
        """Where some rows came from, as their entries say."""
        return [self.entry(index).origin for index in indices]

    def placed(self, indices: Sequence[int]) -> list[tuple[str, HoldsCells]]:
        """Where some rows came from, with their cells alone: a record of one outlives the block."""
        entries = map(self.entry, indices)
        return [(entry.origin, _Cells(entry.cells)) for entry in entries]

    def entry(self, index: int) -> Entry:
        """The entry of a row."""
        return self.entry_of(int(self.entries[index]))

    def sequence(self) -> Numbers:
        """The numbers of the entries of all rows."""
        return self.entries

    def places(self, entries: Numbers) -> Numbers:
        """The rows that some entries put, by their numbers."""
        order, sorted_ = self._by_entry
        return np.asarray(order[sorted_.searchsorted(entries)], dtype=np.int64)

    def place(self, entry: int) -> int:
        """The row that an entry put, by its number."""
        order, sorted_ = self._by_entry
        return int(order[sorted_.searchsorted(entry)])

    @cached_property
    def _by_entry(self) -> tuple[Numbers, Numbers]:
        """The rows in the order of their entries, and the numbers of these."""
        order = self.entries.argsort(kind="stable")
        return order, self.entries[order]


def block_of(entries: Sequence[Entry], entry_of: Callable[[int], Entry]) -> LedgerBlock | None:
    """Rows that stand as columns; None where they are few, or where two have one place.

    Nothing is said of what they mean: a row that lacks what every row must have has an empty cell.
    """
    table = tables()[TABLE]
    if len(entries) < ROWS_FROM:
        return None
    order = dict.fromkeys(column for entry in entries for column, _ in entry.cells)
    if not set(table.required) <= set(order):
        return None
    single = [column for column in order if _is_single(table, column)]
    coded = [column for column in order if column not in single]
    codes: dict[str, Codes] = {}
    texts: dict[str, tuple[str, ...]] = {}
    cells = [dict(entry.cells) for entry in entries]
    for column in coded:
        number: dict[str, int] = {}
        found = [
            EMPTY if (text := row.get(column)) is None else number.setdefault(text, len(number))
            for row in cells
        ]
        codes[column], texts[column] = np.array(found, dtype=np.int32), tuple(number)
    made = LedgerBlock(
        TABLE,
        "",
        tuple(order),
        np.array([entry.row for entry in entries], dtype=np.int64),
        {column: Coded(codes[column], texts[column]) for column in coded},
        {c: pl.Series(c, [row.get(c) for row in cells], dtype=pl.String) for c in single},
        first=0,
        entries=np.array([entry.seq for entry in entries], dtype=np.int64),
        entry_of=entry_of,
    )
    return _in_order(made)


def _is_single(table: Table, column: str) -> bool:
    return column in table.columns and table.columns[column].type in SINGLE


def _in_order(block: LedgerBlock) -> LedgerBlock | None:
    """The rows as a spreadsheet counts them; None where two have one number."""
    steps = np.diff(block.numbers)
    if (steps > 0).all():
        return block
    order = block.numbers.argsort(kind="stable")
    if (np.diff(block.numbers[order]) == 0).any():
        return None
    return _where(block, order)


def _copied(made: Mapping[Any, dict[int, Any]]) -> dict[Any, dict[int, Any]]:
    """What was made of rows, while other threads may make more."""
    return {key: dict(rows) for key, rows in list(made.items())}


def _where(block: LedgerBlock, index: Numbers | Mask) -> LedgerBlock:
    """Some rows of a block, those of a mask or at some places."""
    chosen, gone = index, []
    if index.dtype == np.bool_:
        chosen, gone = np.flatnonzero(index), block.entries[~index].tolist()
    made = _copied(block.made)
    for rows in made.values():
        for entry in gone:
            rows.pop(entry, None)
    return LedgerBlock(
        block.table,
        block.file,
        block.order,
        block.numbers[chosen],
        {name: Coded(one.codes[chosen], one.texts) for name, one in block.coded.items()},
        {name: series[chosen] for name, series in block.single.items()},
        first=0,
        made=made,
        entries=block.entries[chosen],
        entry_of=block.entry_of,
    )


def _without(block: LedgerBlock, gone: Iterable[int]) -> LedgerBlock:
    """A block less the rows that some entries put."""
    stays = ~np.isin(block.entries, np.fromiter(gone, dtype=np.int64))
    return block if stays.all() else _where(block, stays)


def _with_rows(block: LedgerBlock, more: Sequence[Entry]) -> LedgerBlock | None:
    """A block and rows written since; None where two have one place."""
    table, cells = tables()[TABLE], [dict(entry.cells) for entry in more]
    order = dict.fromkeys((*block.order, *(column for row in cells for column in row)))
    coded, single = {}, {}
    for column in order:
        said = [row.get(column) for row in cells]
        if _is_single(table, column):
            new = pl.Series(column, said, dtype=pl.String)
            old = block.single.get(column)
            if old is None:
                old = pl.Series(column, [None] * len(block), dtype=pl.String)
            single[column] = pl.concat([old, new], rechunk=False)
        else:
            coded[column] = _coded_on(block.coded.get(column), len(block), said)
    return _in_order(
        LedgerBlock(
            TABLE,
            "",
            tuple(order),
            np.append(block.numbers, [entry.row for entry in more]),
            coded,
            single,
            first=0,
            made=_copied(block.made),
            entries=np.append(block.entries, [entry.seq for entry in more]),
            entry_of=block.entry_of,
        )
    )


def _coded_on(old: Coded | None, rows: int, said: Sequence[str | None]) -> Coded:
    """A column of so many rows carried on by some texts."""
    if old is None:
        old = Coded(np.full(rows, EMPTY, dtype=np.int32), ())
    number = {text: EMPTY if text is None else 0 for text in said}
    fresh = {text for text in number if text is not None}
    if fresh:
        number |= {text: code for code, text in enumerate(old.texts) if text in fresh}
    texts = list(old.texts)
    known = set(old.texts) if fresh else set()
    for text in said:
        if text is not None and text not in known:
            known.add(text)
            number[text] = len(texts)
            texts.append(text)
    codes = np.array([number[text] for text in said], dtype=np.int32)
    return Coded(np.append(old.codes, codes), tuple(texts))


class Joined(Sequence[Entry]):
    """Entries in order: some that stay as they are, however they are kept, and a list after them."""

    def __init__(self, base: Sequence[Entry], more: list[Entry]) -> None:
        self._base, self._more = base, more

    @staticmethod
    def of(every: Sequence[Entry], fresh: Sequence[Entry], upto: int | None = None) -> Joined:
        """Entries, up to a number where one is given, and others after them."""
        base, more = (every._base, every._more) if isinstance(every, Joined) else (every, [])
        stay = len(base) + len(more) if upto is None else upto
        if stay < len(base):
            return Joined([*base[:stay], *fresh], [])
        return Joined(base, [*more[: stay - len(base)], *fresh])

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._base) + len(self._more)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        """An entry by its place, counted from nought; a slice as a list."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        size = len(self._base)
        place = index + size + len(self._more) if index < 0 else index
        if place < 0:
            raise IndexError(index)
        return self._base[place] if place < size else self._more[place - size]

    def __iter__(self) -> Iterator[Entry]:
        """Every entry in order."""
        yield from self._base
        yield from self._more


def _is_amount(entry: Entry) -> bool:
    return entry.table == TABLE and entry.kind == PUT


class LedgerEntries(Entries):
    """Every entry of a ledger in order; the amounts that stand are columns where they are many.

    >>> from controltotal.ledger.entries import numbered, put
    >>> entries = LedgerEntries.of(numbered([put("lines", 2, [("line", "pay")])]))
    >>> len(entries), entries[0].table, entries.blocks, list(entries.standing)
    (1, 'lines', (), [1])
    """

    def __init__(
        self,
        every: Sequence[Entry],
        single: Sequence[Entry],
        block: LedgerBlock | None,
        withdrawn: frozenset[int],
        rows: Mapping[str, int],
    ) -> None:
        self._every = every
        self._single = single
        self._block = block
        self._rows = rows
        self.withdrawn = withdrawn
        """The numbers of the entries that later ones have withdrawn."""

    @classmethod
    def of(cls, every: Sequence[Entry]) -> LedgerEntries:
        """Entries as a ledger has them, numbered 1, 2, … without a gap."""
        withdrawn = frozenset(e.withdraws for e in every if e.kind == WITHDRAW)
        amounts = [e for e in every if _is_amount(e) and e.seq not in withdrawn]
        block = block_of(amounts, lambda seq: every[seq - 1])
        single = every if block is None else [e for e in every if not _is_amount(e)]
        return cls(every, single, block, withdrawn, _last_rows({}, every))

    @classmethod
    def kept(
        cls, every: Sequence[Entry], alone: Iterable[Entry], block: LedgerBlock
    ) -> LedgerEntries:
        """Entries of which the amounts that stand are a block already; `alone` are all others."""
        others = list(alone)
        withdrawn = frozenset(e.withdraws for e in others if e.kind == WITHDRAW)
        rows = _last_rows({TABLE: int(block.numbers.max())}, others)
        single = [entry for entry in others if not _is_amount(entry)]
        return cls(every, single, block, withdrawn, rows)

    def more(self, fresh: Sequence[Entry]) -> LedgerEntries:
        """These and some written after them."""
        every = Joined.of(self._every, fresh)
        gone = {entry.withdraws for entry in fresh if entry.kind == WITHDRAW}
        rows = [entry for entry in fresh if _is_amount(entry) and entry.seq not in gone]
        block = self._block
        if block is not None and gone:
            block = _without(block, gone)
        if block is not None and rows:
            block = _with_rows(block, rows)
        if block is None or len(block) < ROWS_FROM:
            return LedgerEntries.of(every)
        return LedgerEntries(
            every,
            [*self._single, *(entry for entry in fresh if not _is_amount(entry))],
            replace(block, entry_of=lambda seq: every[seq - 1]) if rows else block,
            self.withdrawn | gone if gone else self.withdrawn,
            _last_rows(self._rows, fresh),
        )

    def recorded(self, fresh: Sequence[Entry]) -> LedgerEntries:
        """The same, the last of them as the store took them: with the time of recording."""
        first = fresh[0].seq
        every = Joined.of(self._every, fresh, first - 1)
        single: Sequence[Entry] = every
        if self._block is not None:
            alone = [entry for entry in self._single if entry.seq < first]
            single = [*alone, *(entry for entry in fresh if not _is_amount(entry))]
        return LedgerEntries(every, single, self._block, self.withdrawn, self._rows)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The amounts that stand, where they are columns."""
        return () if self._block is None else (self._block,)

    @property
    def single(self) -> Sequence[Entry]:
        """The entries that are in no block; beside one, those of amounts withdrawn are nowhere."""
        return self._single

    @property
    def said(self) -> Sequence[Entry]:
        """Every entry: in a ledger an act wrote it."""
        return self._every

    @property
    def standing(self) -> Mapping[int, Entry]:
        """The entries that stand, by their numbers."""
        return Standing(self)

    def upto(self, number: int) -> LedgerEntries:
        """The entries up to a number."""
        return LedgerEntries.of(self._every[:number])

    def last_row(self, table: str) -> int:
        """The last row of a table of which there is an entry; nil where there is none."""
        return self._rows.get(table, 0)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._every)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        """An entry by its place, counted from nought; a slice as a list."""
        found = self._every[index]
        return found if isinstance(found, Entry) else list(found)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry in order."""
        return iter(self._every)


def _last_rows(before: Mapping[str, int], more: Iterable[Entry]) -> Mapping[str, int]:
    """The last row of each table of which there is an entry."""
    found = dict(before)
    for entry in more:
        if entry.row > found.get(entry.table, 0):
            found[entry.table] = entry.row
    return found


class Standing(Mapping[int, Entry]):
    """The entries of a ledger that stand, by their numbers."""

    def __init__(self, entries: LedgerEntries) -> None:
        self._entries = entries
        self._at: dict[tuple[str, int], int] | None = None

    def _of(self, number: object) -> Entry | None:
        """The entry of a number that stands; None of any other."""
        entries = self._entries
        if not isinstance(number, int) or number < 1 or number in entries.withdrawn:
            return None
        every = entries.said
        entry = every[number - 1] if number <= len(every) else None
        return entry if entry is not None and entry.kind == PUT else None

    def __getitem__(self, number: int) -> Entry:
        """The entry of a number; KeyError where it stands no more, or withdraws another."""
        entry = self._of(number)
        if entry is None:
            raise KeyError(number)
        return entry

    def __contains__(self, number: object) -> bool:
        """Whether an entry stands."""
        return self._of(number) is not None

    def at(self, table: str, row: int) -> int:
        """The number of the entry at a row of a table that stands; nil where there is none."""
        if self._at is None:
            self._at = {(one.table, one.row): one.seq for one in self._standing()}
        return self._at.get((table, row), 0)

    def _standing(self) -> Iterator[Entry]:
        gone = self._entries.withdrawn
        return (one for one in self._entries if one.kind == PUT and one.seq not in gone)

    def __iter__(self) -> Iterator[int]:
        """Every number, in order."""
        return (one.seq for one in self._standing())

    def __len__(self) -> int:
        """How many there are."""
        return sum(1 for _ in self)
