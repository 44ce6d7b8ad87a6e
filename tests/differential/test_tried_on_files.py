"""What is tried on a book of files read as columns says what reading it all cell by cell says.

Books are drawn from a number, and rows of their own are tried on them, changed in a cell or not: rows of
one key, sums with commas, actuals of later months. Of several that are tried on one book none leaves
a mark on another, whichever was made first.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from controltotal.book.amount_table import AmountTable
from controltotal.book.fold import Position, advance, fold
from controltotal.core.errors import BookError
from controltotal.ledger.block import last_row
from controltotal.ledger.entries import PUT, Entry
from controltotal.ledger.source import BookSource
from tests.column_books import drawn, write
from tests.column_doubts import PLANTS
from tests.column_told import AS_COLUMNS, MOMENTS, book_read, first_difference, position_told
from tests.living_histories import HEADINGS, ODD

CASES = range(120)
TRIES = 3


def changed(source: BookSource, draw: random.Random) -> list[Entry]:
    """A few amounts of a book once more, each with at most one other cell."""
    amounts = [entry for entry in source.entries if entry.table == "amounts"]
    found = []
    for entry in draw.sample(amounts, min(3, len(amounts))):
        cells = dict(entry.cells)
        if draw.random() < 0.6:
            cells[draw.choice([*cells, *HEADINGS])] = draw.choice((*ODD, "1,200", "12.300", "7"))
        seq, row = len(source.entries) + len(found) + 1, last_row(source.entries, "amounts")
        found.append(Entry(seq, PUT, "amounts", row + len(found) + 1, tuple(cells.items())))
    return found


def by_cells(tried: Position) -> BookSource:
    """All that a position was read from, row by row."""
    assert tried.source is not None
    return replace(tried.source, entries=list(tried.daybook))


def anew(tried: Position) -> Position:
    """The same read cell by cell, as if for the first time."""
    found = fold(by_cells(tried))
    return replace(found, ref=replace(found.ref, root=""), place="")


@pytest.mark.parametrize("case", CASES)
def test_what_is_tried_is_as_if_the_book_said_it(case: int, tmp_path: Path) -> None:
    draw = random.Random(f"tried {case}")
    try:
        source = book_read(write(drawn(case, PLANTS), tmp_path), AS_COLUMNS)
    except BookError:
        return
    book = fold(source)
    made = [advance(book, more) for _ in range(TRIES) if (more := changed(source, draw))]
    for tried in made:
        assert first_difference(position_told(tried), position_told(anew(tried))) == ""
    alone = position_told(fold(source))
    assert first_difference(position_told(book), alone) == "", "the book itself is as it was"


@pytest.mark.parametrize("case", CASES[:40])
def test_so_it_is_as_at_a_day_or_a_month(case: int, tmp_path: Path) -> None:
    draw = random.Random(f"tried then {case}")
    try:
        source = book_read(write(drawn(case, PLANTS), tmp_path), AS_COLUMNS)
    except BookError:
        return
    tried = advance(fold(source), changed(source, draw))
    assert tried.source is not None
    for at, month in MOMENTS:
        told = [_told(one, at, month) for one in (tried.source, by_cells(tried))]
        assert first_difference(*told) == "", (at, month)


def _told(source: BookSource, at: str | None, month: tuple[str, str | None] | None) -> dict:  # type: ignore[type-arg]
    try:
        return position_told(fold(source, at, month))
    except BookError as error:
        return {"refused": str(error)}


def test_most_of_them_are_read_as_columns(tmp_path: Path) -> None:
    columns = 0
    for case in CASES[:20]:
        folder = tmp_path / str(case)
        folder.mkdir()
        try:
            source = book_read(write(drawn(case, PLANTS), folder), AS_COLUMNS)
        except BookError:
            continue
        tried = advance(fold(source), changed(source, random.Random(case)))
        columns += isinstance(tried.book.amounts, AmountTable)
    assert columns >= 8
