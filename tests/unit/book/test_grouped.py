"""Rows of columns by some of their labels, found and added up without a record."""

from __future__ import annotations

import numpy as np

from controltotal.book.grouped import STATEMENT, group_by, statements_of
from tests.amount_tables import row, table_of

ROWS = (
    row(2, "T2", "pay", 5),
    row(3, "T1", "pay", 7, month="1"),
    row(4, "T2", "drugs", 11),
    row(5, "T1", "pay", 13, month="2"),
    row(6, "T1", "pay", 90, scheme="X1"),
)


def test_a_group_is_found_by_its_labels() -> None:
    by = group_by(table_of(*ROWS), ("organisation", "line"))
    assert by.rows_of(("T1", "pay")) == [ROWS[1], ROWS[3], ROWS[4]]
    assert by.key(by.find(("T2", "drugs"))) == ("T2", "drugs")
    assert by.places(by.find(("T2", "pay"))).tolist() == [0]
    for nobody in (("T1", "drugs"), ("T9", "pay")):
        assert by.find(nobody) < 0
        assert by.rows_of(nobody) == []


def test_groups_stand_in_the_order_of_their_first_rows() -> None:
    by = group_by(table_of(*ROWS), ("organisation",))
    assert [by.key(group) for group in by.in_order([0, 1])] == [("T2",), ("T1",)]
    assert [by.rows(group)[0].number for group in by.in_order(np.array([True, True]))] == [2, 3]
    assert sorted(by.firsts.tolist()) == [0, 1]


def test_groups_add_up_and_say_where_any_row_passes() -> None:
    table = table_of(*ROWS)
    by = group_by(table, ("organisation",))
    one, other = by.find(("T1",)), by.find(("T2",))
    sums = by.sums(table.pence)
    assert (sums[one], sums[other]) == (11_000, 1_600)
    some = by.any_of(np.array([False, False, False, True, False]))
    assert (some[one], some[other]) == (True, False)
    assert by.of_row.tolist() == [other, one, other, one, one]


def test_savings_of_a_scheme_are_in_no_statement() -> None:
    by = statements_of(table_of(*ROWS))
    assert by.names == STATEMENT
    assert by.rows_of(("T1", "2026-27", "plan", "")) == [ROWS[1], ROWS[3]]


def test_some_rows_alone_are_grouped() -> None:
    by = group_by(table_of(*ROWS), ("organisation",), np.array([2, 3]))
    assert by.rows_of(("T2",)) == [ROWS[2]]
    assert by.of_row.tolist() == [by.find(("T2",)), by.find(("T1",))]


def test_nothing_is_grouped_where_there_is_nothing() -> None:
    by = statements_of(table_of())
    assert len(by.keys) == 0
    assert by.sums(np.zeros(0, dtype=np.int64)).tolist() == []
