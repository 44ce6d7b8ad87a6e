"""Amounts as columns: a sequence of records that answers for all of them at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from controltotal.book.amount_table import (
    AmountTable,
    Columns,
    Labels,
    below_nil,
    chosen,
    folded_codes,
    grouped,
    packed,
    told,
    without,
)
from controltotal.book.columns import columns_of
from controltotal.book.records import Amount
from tests.amount_tables import row, table_of

ROWS = (
    row(2, "T1", "pay", 50),
    row(3, "T1", "drugs", -7),
    row(4, "T2", "pay", 60, month="3"),
    row(5, "T2", "pay", 0, month="4", scenario=""),
)


def test_a_table_is_a_sequence_of_its_records() -> None:
    table = table_of(*ROWS)
    assert len(table) == 4
    assert list(table) == list(ROWS)
    assert table[0] is ROWS[0] and table[-1] is ROWS[3]
    assert table[1:3] == [ROWS[1], ROWS[2]]
    assert table.some([3, 0]) == [ROWS[3], ROWS[0]]


def test_a_record_is_made_when_it_is_asked_for_and_only_once() -> None:
    asked: list[list[int]] = []

    def make(_: object, places: np.ndarray) -> list[Amount]:
        asked.append(places.tolist())
        return [ROWS[place] for place in places]

    table = AmountTable(columns_of(ROWS), make, {})
    assert table[2] is table[2] is ROWS[2]
    assert table.some([2, 1]) == [ROWS[2], ROWS[1]]
    assert asked == [[2], [1]]


def test_two_who_ask_for_a_record_at_once_are_given_the_same() -> None:
    rows = [row(2, "A", "pay", 5)]
    made: dict[int, Amount] = {}
    first: list[Amount] = []

    def make(columns: Columns, places: npt.NDArray[np.int64]) -> list[Amount]:
        if not first:  # while this one is made, another is asked for
            first.append(row(2, "A", "pay", 5))
            first.append(table[0])
        return [row(2, "A", "pay", 5)]

    table = AmountTable(columns_of(rows), make, made)
    assert table[0] is first[1] and table[0] is first[1]


def test_columns_tell_labels_and_pence() -> None:
    table = table_of(*ROWS)
    assert table.pence.tolist() == [5_000, -700, 6_000, 0]
    assert table.present("line") == ["pay", "drugs"]
    assert table.labels("month").mask(lambda month: month == "3").tolist() == [0, 0, 1, 0]
    assert table.pairs("organisation", "line") == {("T1", "pay"), ("T1", "drugs"), ("T2", "pay")}
    assert table.mask(organisation=lambda one: one == "T2", month=bool).tolist() == [0, 0, 1, 1]


def test_a_value_that_no_row_has_is_not_present() -> None:
    labels = Labels(np.array([1, 1], dtype=np.int32), (None, "pay", "nobody's"))
    assert labels.present() == ["pay"]
    assert labels.where(np.array([0])).codes.tolist() == [1]


def test_an_empty_text_and_nothing_are_one_label() -> None:
    codes, size = folded_codes(table_of(*ROWS).labels("scenario"))
    assert (set(codes.tolist()), size) == ({0}, 1)
    keys = packed(columns_of(ROWS), ("organisation", "scenario"))
    assert keys[2] == keys[3] != keys[0]


def test_rows_are_grouped_in_the_order_of_the_rows() -> None:
    keys, groups = grouped(columns_of(ROWS), ("organisation",))
    assert len(keys) == len(groups) == 2
    assert [places.tolist() for places in groups] == [[0, 1], [2, 3]]
    assert [places.tolist() for places in groups[1:]] == [[2, 3]]
    assert [places.tolist() for places in table_of(*ROWS).grouped(("line",))[1]] == [[0, 2, 3], [1]]


def test_an_amount_is_found_by_the_entry_that_put_it() -> None:
    table = table_of(*ROWS)
    assert table.place(104) == 2
    assert table.place(999) == -1
    assert table.by_entry[103] is ROWS[1]
    assert list(table.by_entry) == [102, 103, 104, 105]
    assert len(table.by_entry) == 4
    with pytest.raises(KeyError):
        table.by_entry[999]


def test_rows_are_left_out_by_their_records() -> None:
    kept = table_of(*ROWS).without([ROWS[0], ROWS[3]])
    assert list(kept) == [ROWS[1], ROWS[2]]
    assert list(table_of(*ROWS).where(np.array([3, 1]))) == [ROWS[3], ROWS[1]]


@pytest.mark.parametrize("rows", [ROWS, table_of(*ROWS)], ids=["records", "columns"])
def test_records_and_columns_are_asked_in_the_same_words(rows: tuple[Amount, ...]) -> None:
    assert told(rows, "organisation", "month") == {("T1", None), ("T2", "3"), ("T2", "4")}
    assert list(chosen(rows, line=lambda line: line == "drugs")) == [ROWS[1]]
    assert list(below_nil(rows)) == [ROWS[1]]
    assert list(without(rows, {ROWS[1], ROWS[2]})) == [ROWS[0], ROWS[3]]


def test_a_table_without_rows_says_nothing() -> None:
    empty = table_of()
    assert list(empty) == []
    assert told(empty, "organisation") == set()
    assert grouped(columns_of(()), ("line",))[0].tolist() == []
