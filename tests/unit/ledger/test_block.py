"""Rows of a file as columns of text, and the entries that they are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from controltotal.ledger.block import (
    EMPTY,
    Block,
    ByNumber,
    Coded,
    Entries,
    written_singly,
)
from controltotal.ledger.entries import PUT, Entry, numbered, put


def block(first: int = 3, flush: bool = True) -> Block:
    """Two rows of amounts, the second without a note; row 3 of the file is blank."""
    codes = [0, 1] if flush else [EMPTY, 1]
    return Block(
        "amounts",
        "amounts.csv",
        ("organisation", "note", "amount"),
        np.array([2, 4], dtype=np.int32),
        {
            "organisation": Coded(np.array(codes, dtype=np.int32), ("T1", "T2")),
            "note": Coded(np.array([0, EMPTY], dtype=np.int32), ("seen",)),
        },
        {"amount": pl.Series(["5", None])},
        first,
        flush,
    )


ALONE = numbered([put("lines", 2, [("line", "pay")]), put("lines", 3, [("line", "drugs")])])


def book() -> Entries:
    """Two entries by themselves, two of a block, and one after them."""
    return Entries([ALONE, block(), numbered([put("notes", 2, [("note", "x")])], 4)])


def test_a_cell_has_its_text_or_nothing() -> None:
    rows = block()
    assert [rows.text("organisation", n) for n in (0, 1)] == ["T1", "T2"]
    assert [rows.text("note", n) for n in (0, 1)] == ["seen", ""]
    assert [rows.text("amount", n) for n in (0, 1)] == ["5", ""]
    assert rows.text("month", 0) == ""
    assert rows.cells(1) == (("organisation", "T2"),)
    assert len(rows) == 2


def test_an_entry_of_a_block_is_an_entry_like_any_other() -> None:
    made = block().entry(0)
    cells = (("organisation", "T1"), ("note", "seen"), ("amount", "5"))
    said = put("amounts", 2, cells, origin="amounts.csv||A2")
    assert made == numbered([said], 2)[0]
    assert (made.seq, made.kind) == (3, PUT)


def test_the_first_filled_cell_is_where_a_row_was_read() -> None:
    assert block().origins([0, 1]) == ["amounts.csv||A2", "amounts.csv||A4"]
    assert block(flush=False).origins([0, 1]) == ["amounts.csv||B2", "amounts.csv||A4"]


def test_entries_stand_in_order_whether_made_or_not() -> None:
    entries = book()
    assert len(entries) == 5
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.table for entry in entries] == ["lines", "lines", "amounts", "amounts", "notes"]
    assert entries[3] == entries[-2] == block().entry(1)
    assert entries[1:3] == [ALONE[1], block().entry(0)]
    with pytest.raises(IndexError):
        entries[5]
    assert [part.table for part in entries.blocks] == ["amounts"]
    assert [entry.seq for entry in entries.single] == [1, 2, 5]


def test_an_entry_is_found_by_its_table_and_row() -> None:
    entries = book()
    assert [entries.at("lines", 3), entries.at("amounts", 4), entries.at("notes", 2)] == [2, 4, 5]
    assert [entries.at("amounts", 3), entries.at("facts", 2)] == [0, 0]


def test_of_two_files_of_a_table_the_later_one_has_the_row() -> None:
    again = numbered([put("amounts", 4, [("amount", "9")])], 2)
    assert Entries([block(1), again]).at("amounts", 4) == 3
    assert (
        Entries([numbered([put("amounts", 4, [("amount", "9")])]), block(2)]).at("amounts", 4) == 3
    )


def test_entries_by_number_count_from_one() -> None:
    by_number = ByNumber(book())
    assert by_number[3] == block().entry(0)
    assert list(by_number) == [1, 2, 3, 4, 5]
    assert len(by_number) == 5
    assert by_number.at("amounts", 2) == 3
    for nobody in (0, 6):
        with pytest.raises(KeyError):
            by_number[nobody]


def test_acts_stand_by_themselves() -> None:
    assert [entry.seq for entry in written_singly(book())] == [1, 2, 5]
    plain: list[Entry] = list(ALONE)
    assert written_singly(plain) is plain
