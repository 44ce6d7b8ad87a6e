"""What a book says read cell by cell, and read as columns; which ways the reading took.

`Both` reads book after book in both ways and keeps where they differ, with what was exercised: how
many books were read as columns, how many rows of them were odd, what was found, and what each screen
let through and held back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from controltotal.book.amount_table import AmountTable
from controltotal.book.columns import BlockRead
from controltotal.book.doubt import doubts as fold_doubts
from controltotal.book.doubt.typed import Typed
from controltotal.book.fold import Position, fold
from controltotal.book.moments import MonthAsked
from controltotal.book.record import Record
from controltotal.core.errors import BookError
from controltotal.ledger.source import BookSource
from controltotal.sources import csv_columns
from controltotal.sources.books import read_book
from tests.column_books import drawn, write
from tests.column_doubts import PLANTS

AS_COLUMNS, BY_CELLS = 0, 10**15
"""From how many bytes on a file is read as columns: any, or none."""
Asked = tuple[str | None, MonthAsked | None]
AS_IT_STANDS: Asked = (None, None)
MOMENTS: Sequence[Asked] = (("2026-06-01", None), (None, ("M6", None)), ("2026-05", ("M2", None)))
"""A day, a month of the book's own year, and a month as it was known on a day."""

PLACES = 8
"""So many rows are looked up by their numbers."""


@contextmanager
def read_from(size: int) -> Iterator[None]:
    """Within it files of so many bytes or more are read as columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_columns, "BYTES_FROM", size)
        yield


@cache
def _names(kind: type[Record]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name != "texts")


def row_told(row: Record) -> tuple[Any, ...]:
    """Everything that a record says."""
    return (row.table, *(getattr(row, name) for name in _names(type(row))), dict(row.texts))


def position_told(position: Position) -> dict[str, Any]:
    """Everything that a reading says, part by part."""
    tables = {
        f"rows of {table.name}": [row_told(row) for row in getattr(position.book, table.name)]
        for table in fields(position.book)
    }
    return {
        "reference": position.ref,
        "settings": dict(position.settings),
        "findings": position.findings,
        "stopped": [row_told(row) for row in position.stopped],
        "superseded": [row_told(row) for row in position.superseded],
        "month": position.upto,
        "entries": list(position.entries.items()),
        "places": [position.entry_at("amounts", row) for row in range(1, PLACES)],
        **tables,
    }


def book_told(source: BookSource, asked: Sequence[Asked] = (AS_IT_STANDS,)) -> dict[str, Any]:
    """What a book says as it stands or as at some moments, or why it cannot be read so."""
    found: dict[str, Any] = {}
    for at, month in asked:
        try:
            told = position_told(fold(source, at, month))
        except BookError as error:
            told = {"refused": str(error)}
        found |= {f"{at or 'now'} {month or ''}: {part}": said for part, said in told.items()}
    return found


def book_read(folder: Path, size: int) -> BookSource:
    """The entries of a book of which files of so many bytes or more are columns."""
    with read_from(size):
        return read_book(folder)


def first_difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The first part in which two readings differ, with what only one of them says; empty: none."""
    for part in dict.fromkeys((*one, *other)):
        a, b = one.get(part), other.get(part)
        if a != b:
            if not isinstance(a, list | tuple) or not isinstance(b, list | tuple):
                return f"{part}: {a!r} as columns, {b!r} by cells"
            only = [x for x in a if x not in b], [x for x in b if x not in a]
            return f"{part}: only as columns {only[0][:2]}, only by cells {only[1][:2]}"
    return ""


@dataclass
class Both:
    """Books read in both ways: where they differ, and what was exercised."""

    folder: Path
    many: int = 0
    """How many things are planted in each book; nil: a few."""
    differences: dict[int, str] = field(default_factory=dict)
    books: int = 0
    as_columns: int = 0
    """Readings as columns; a book that is read as at other moments too has several."""
    back_to_cells: int = 0
    """Readings of plain files that went cell by cell for another cause."""
    rows: int = 0
    odd: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)

    def compare(
        self,
        cases: Iterable[int],
        other: Callable[[int], Sequence[Asked]] = lambda case: (),
        *,
        first: bool = False,
    ) -> Both:
        """Read each of these books; `other` gives the moments as at which it is read too.

        `first` stops at the first that differs.
        """
        for case in cases:
            self.books += 1
            write(drawn(case, PLANTS, self.many), self.folder)
            try:
                columns = book_read(self.folder, AS_COLUMNS)
            except BookError:
                continue  # no file is read as columns before all of them can be read
            if not getattr(columns.entries, "blocks", ()):
                continue  # there is no other way than that of cells
            asked = (AS_IT_STANDS, *other(case))
            with self._watched():
                one = book_told(columns, asked)
            found = first_difference(one, book_told(book_read(self.folder, BY_CELLS), asked))
            if found:
                self.differences[case] = found
            if found and first:
                break
        return self

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Within it what the masks and screens do is counted, and what was found of columns."""
        where, some, table, doubtful = Typed._where, Typed.rows_where, BlockRead.table, fold_doubts

        def screened(typed: Typed, every: Any, screen: Callable[..., Any]) -> Any:
            if typed.screen is not None and len(every):
                mask = screen(typed.screen)
                self._count(screen, int(mask.sum()), int((~mask).sum()))
            return where(typed, every, screen)

        def rows(typed: Typed, screen: Callable[..., Any]) -> Any:
            found = list(some(typed, screen))
            if typed.screen is not None:
                self._count(screen, len(found), len(typed.amounts) - len(found))
            return found

        def read(block: BlockRead, odd: Sequence[Any], *more: Any) -> AmountTable:
            self.rows += len(block.block)
            self.odd += int((~block.plain).sum())
            return table(block, odd, *more)

        def doubts(position: Position) -> Any:
            found = doubtful(position)
            if isinstance(position.book.amounts, AmountTable):
                self.as_columns += 1
                self.codes.update({one.code for one in (*position.findings, *found[0])})
            else:
                self.back_to_cells += 1
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Typed, "_where", screened)
            patch.setattr(Typed, "rows_where", rows)
            patch.setattr(BlockRead, "table", read)
            patch.setattr("controltotal.book.fold.doubts", doubts)
            yield

    def _count(self, screen: Callable[..., Any], through: int, held: int) -> None:
        name = screen.__qualname__.split(".")[0]
        self.through[name] += through
        self.held[name] += held
