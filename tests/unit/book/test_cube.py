"""Even statements as an array: every series the same months from April, or one sum of the year."""

from __future__ import annotations

import pytest

from controltotal.book.cube import Cube, Even
from controltotal.book.records import Amount
from tests.amount_tables import row, table_of

LABEL = ("T1", "2026-27", "plan", "")


def months(line: str, sums: list[int], first: int = 2, **labels: str) -> list[Amount]:
    """A line by month from April."""
    return [
        row(first + n, "T1", line, pounds, month=str(n + 1), **labels)
        for n, pounds in enumerate(sums)
    ]


def even(*rows: Amount, once: bool = False) -> Even | None:
    return Cube(table_of(*rows)).even(LABEL, once=once)


def test_months_from_april_are_told_and_added_over_any_of_them() -> None:
    found = even(*months("pay", [5, 7, 9]), *months("other_income", [20, 20, 20], 10))
    assert found is not None
    assert (found.last, found.whole_year) == (3, False)
    assert set(found.lines) == {"pay", "other_income"}
    signs = {"other_income": 1, "pay": -1}
    assert found.sum_of(signs, frozenset({1, 2, 3})) == 3_900
    assert found.sum_of(signs, frozenset({3})) == 1_100
    assert found.sum_of(signs, frozenset({1, 3})) == 2_600
    assert found.by_month(signs) == {1: 1_500, 2: 1_300, 3: 1_100}


def test_a_year_told_whole_has_no_months() -> None:
    found = even(row(2, "T1", "pay", 5), row(3, "T1", "pay", 6, counterparty="C1"))
    assert found is not None and found.whole_year
    assert found.sum_of({"pay": 1}, frozenset(range(1, 13))) == 1_100
    assert found.by_month({"pay": 1}) == {}


def test_a_line_without_rows_adds_nothing() -> None:
    found = even(*months("pay", [5, 7]))
    assert found is not None
    assert found.sum_of({"pay": 1, "drugs": 1}, frozenset({1, 2})) == 1_200


UNEVEN = {
    "a month is missing": [row(2, "T1", "pay", 5, month="1"), row(3, "T1", "pay", 5, month="3")],
    "one line ends sooner": [*months("pay", [5, 7]), *months("drugs", [5], 10)],
    "a year stands beside months": [*months("pay", [1] * 12), row(20, "T1", "drugs", 5)],
    "a quarter": [row(2, "T1", "pay", 5, month="Q1")],
    "a year to date": [row(2, "T1", "pay", 5, month="YTD3")],
    "a bound": [*months("pay", [5]), *months("drugs", [5], 10, qualifier="up_to")],
}


@pytest.mark.parametrize("rows", UNEVEN.values(), ids=UNEVEN)
def test_of_an_uneven_statement_nothing_is_said(rows: list[Amount]) -> None:
    assert even(*rows) is None


def test_of_a_statement_that_is_not_there_nothing_is_said() -> None:
    cube = Cube(table_of(*months("pay", [5], scheme="X1")))
    assert cube.even(LABEL) is None
    assert Cube(table_of()).even(LABEL) is None


def test_what_does_not_repeat_stands_apart() -> None:
    once = months("drugs", [3, 4], 20, recurrence="non_recurrent")
    rows = [*months("pay", [5, 7]), *once]
    found = even(*rows, once=True)
    assert found is not None and found.once
    assert found.by_month({"pay": -1, "drugs": -1}) == {1: -300, 2: -400}


def test_rows_come_line_by_line_and_month_by_month() -> None:
    late, early = months("pay", [7, 5])[::-1], months("drugs", [3, 4], 10)
    rows = [late[0], *early, late[1]]
    cube = Cube(table_of(*rows))
    found = cube.even(LABEL)
    assert found is not None
    every = cube.rows(found, (("drugs", "pay"),), frozenset({1, 2}))
    assert list(every) == [late[1], late[0], *early]
    assert every.entries == tuple(one.entry for one in (late[1], late[0], *early))
    apart = cube.rows(found, (("drugs",), ("pay",)), frozenset({2}))
    assert list(apart) == [early[1], late[0]]
    assert (len(apart), apart[0], apart[0:1]) == (2, early[1], [early[1]])


def test_lines_and_labels_of_statements_are_told() -> None:
    rows = [
        row(2, "T1", "pay", 5, recurrence="recurrent", qualifier="around"),
        row(3, "T1", "other_income", 6),
    ]
    cube = Cube(table_of(*rows))
    assert list(cube.lines[LABEL]) == ["pay", "other_income"]
    found = cube.even(LABEL)
    assert found is not None
    assert cube.recurrences(found, {"pay"}) == {"recurrent"}
    assert cube.recurrences(found, {"other_income"}) == {""}
    every = cube.rows(found, (("pay", "other_income"),), frozenset(range(1, 13)))
    assert every.present("qualifier") == {"around"}
    assert every.present("scheme") == set()


def test_rows_of_a_year_told_whole_are_there_whatever_months_are_asked() -> None:
    rows = [row(2, "T1", "pay", 5), row(3, "T1", "drugs", 6)]
    cube = Cube(table_of(*rows))
    found = cube.even(LABEL)
    assert found is not None and found.whole_year
    for asked in (frozenset({1}), frozenset(range(1, 13))):
        assert list(cube.rows(found, (("pay", "drugs"),), asked)) == rows


def test_rows_of_months_are_those_asked_and_a_whole_run_is_every_one() -> None:
    rows = months("pay", [5, 6, 7])
    cube = Cube(table_of(*rows))
    found = cube.even(LABEL)
    assert found is not None and found.last == 3
    assert list(cube.rows(found, (("pay",),), frozenset({1, 3}))) == [rows[0], rows[2]]
    assert list(cube.rows(found, (("pay",),), frozenset({1, 2, 3}))) == rows
    assert list(cube.rows(found, (("pay",),), frozenset(range(1, 13)))) == rows


def test_statements_of_two_bodies_are_told_apart_and_each_in_the_order_of_its_book() -> None:
    rows = [
        row(2, "T2", "pay", 1, month="1"),
        row(3, "T1", "pay", 2, month="2"),
        row(4, "T1", "pay", 3, month="1"),
        row(5, "T2", "pay", 4, month="2"),
        row(6, "T1", "drugs", 5, month="1"),
        row(7, "T1", "drugs", 6, month="2"),
    ]
    cube = Cube(table_of(*rows))
    both = frozenset({1, 2})
    first = cube.even(LABEL)
    second = cube.even(("T2", *LABEL[1:]))
    assert first is not None and second is not None
    assert [one.number for one in cube.rows(first, (("pay", "drugs"),), both)] == [4, 3, 6, 7]
    assert [one.number for one in cube.rows(second, (("pay",),), both)] == [2, 5]
    assert second.by_month({"pay": -1}) == {1: -100, 2: -400}
