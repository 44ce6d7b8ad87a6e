"""Money by month, by hand: a hole, a year told whole, what does not repeat and what stands outside."""

from __future__ import annotations

import pytest

from controltotal.workings.series import monthly_income, monthly_surplus, to_date
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of


def totals(*rows: Cells) -> Totals:
    return Workings(position_of(book(*rows))).totals


def by_month(*rows: Cells, once: bool | None = None) -> dict[int, int]:
    """In pounds."""
    found = monthly_surplus(totals(*rows), "T1", YEAR, "plan", once=once)
    assert all(pence % 100 == 0 for pence in found.values())
    return {month: pence // 100 for month, pence in found.items()}


def months(line: str, *pounds: int, **more: str) -> list[Cells]:
    """A sum for April, May and so on."""
    return [amount("T1", line, sum_, month=str(n), **more) for n, sum_ in enumerate(pounds, 1)]


def test_a_stated_position_by_month_is_the_series() -> None:
    assert by_month(*months("position", 3)) == {1: 3}
    assert by_month(*months("position", 3, -4)) == {1: 3, 2: -4}
    assert by_month(*months("position", *range(1, 13))) == {n: n for n in range(1, 13)}


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [amount("T1", "position", 12)],
        [amount("T1", "position", 3, month="Q1")],
        [amount("T1", "position", 3, month="2")],
        [amount("T1", "position", 3, month="1"), amount("T1", "position", 3, month="3")],
        months("patient_care_income", 5, 5),
        months("pay", 5, 5),
        [*months("patient_care_income", 5, 5), *months("pay", 5)],
        [*months("patient_care_income", 5, 5), amount("T1", "pay", 60)],
    ],
    ids=[
        "nothing",
        "year",
        "quarter",
        "begins in May",
        "hole",
        "income",
        "cost",
        "end",
        "one year",
    ],
)
def test_what_is_no_series(rows: list[Cells]) -> None:
    assert by_month(*rows) == {}


def test_income_less_cost_by_month() -> None:
    rows = [*months("patient_care_income", 10, 10), *months("other_income", 1, 2)]
    assert by_month(*rows, *months("pay", 8, 4)) == {1: 3, 2: 8}


def test_a_stated_position_is_not_added_to_its_lines() -> None:
    lines = [*months("patient_care_income", 10, 10), *months("pay", 8, 8)]
    assert by_month(*months("position", 7, 7), *lines) == {1: 7, 2: 7}


def test_what_does_not_repeat_comes_in_some_months_and_is_told_apart() -> None:
    rows = [
        *months("position", 7, 7, 7),
        amount("T1", "pay", 5, month="2", recurrence="non_recurrent"),
        amount("T1", "other_income", 1, month="2", recurrence="non_recurrent"),
        *months("drugs", 1, 1, 1, recurrence="recurrent"),
    ]
    assert by_month(*rows) == {1: 7, 2: 7, 3: 7}
    assert by_month(*rows, once=True) == {2: 1 - 5}
    assert by_month(*rows, once=False) == {1: 7, 2: 7 + 4, 3: 7}


def test_an_item_after_the_months_that_the_others_reach_leaves_no_series() -> None:
    rows = [
        *months("position", 7, 7, recurrence="recurrent"),
        amount("T1", "position", 1, month="3", recurrence="non_recurrent"),
    ]
    assert by_month(*rows) == {}
    assert by_month(*rows, once=True) == {3: 1}


def test_a_position_split_by_recurrence_is_added_up() -> None:
    rows = [
        *months("position", 7, 7, recurrence="recurrent"),
        amount("T1", "position", -2, month="2", recurrence="non_recurrent"),
    ]
    assert by_month(*rows) == {1: 7, 2: 5}
    assert by_month(*rows, once=False) == {1: 7, 2: 7}


def test_a_position_that_is_told_whole_and_split_is_told_once() -> None:
    split = months("position", 6, 6, recurrence="recurrent")
    assert by_month(*months("position", 7, 7), *split) == {1: 7, 2: 7}


def test_what_stands_outside_the_control_total_is_taken_out_of_a_whole_position() -> None:
    whole = months("position_whole", 10, 10)
    impaired = amount("T1", "impairments", 3, month="2")
    assert by_month(*whole, impaired) == {1: 10, 2: 13}
    assert by_month(*whole, impaired, once=True) == {}
    assert by_month(*whole, impaired, once=False) == {}
    assert by_month(*whole, amount("T1", "donated_assets", 3, month="1")) == {1: 7, 2: 10}


def test_what_stands_outside_is_not_spread_over_a_quarter() -> None:
    whole = months("position_whole", 10, 10, 10)
    quarter = amount("T1", "impairments", 3, month="Q1")
    april = amount("T1", "disposals", 1, month="1")
    assert by_month(*whole, quarter) == {}
    assert by_month(*whole, quarter, april) == {}


def test_a_stated_position_leaves_out_what_stands_outside_already() -> None:
    rows = [*months("position", 4, 4), *months("impairments", 3, 3)]
    assert by_month(*rows) == {1: 4, 2: 4}
    lines = [*months("patient_care_income", 9, 9), *months("pay", 4, 4), *months("impairments", 3)]
    assert by_month(*lines) == {1: 5, 2: 5}


def so_far(last: int, *rows: Cells) -> int | None:
    found = to_date(totals(*rows), "T1", YEAR, "plan", last)
    return None if found is None else (found.pence or 0) // 100


def test_the_year_to_date_needs_every_month_of_it() -> None:
    rows = months("position", 1, 2, 4)
    assert [so_far(last, *rows) for last in (1, 2, 3, 4)] == [1, 3, 7, None]
    assert so_far(3, amount("T1", "position", 5, month="Q1")) == 5
    assert so_far(2, amount("T1", "position", 5, month="Q1")) is None
    assert so_far(1) is None


def test_the_year_to_date_of_lines_is_income_less_cost_and_needs_both() -> None:
    income, pay = months("patient_care_income", 9, 9), months("pay", 4, 5)
    assert so_far(2, *income, *pay, *months("impairments", 3, 3)) == 18 - 9
    assert so_far(2, *income) is None
    assert so_far(2, *pay) is None
    assert so_far(2, *income, *pay[:1]) is None
    assert so_far(2, *income, *pay, *months("position", 1, 1)) == 2


def test_the_year_to_date_names_the_rows_it_rests_on() -> None:
    read = totals(*months("position", 1, 2))
    found = to_date(read, "T1", YEAR, "plan", 2)
    assert found is not None
    rows = [row.entry for row in read.position.book.amounts]
    assert sorted(found.entries) == sorted(rows)


def test_income_by_month_leaves_out_cost_and_support() -> None:
    rows = [
        *months("patient_care_income", 9, 9),
        *months("other_income", 1, 0),
        *months("support_income", 50, 50),
        *months("pay", 4, 4),
    ]
    assert monthly_income(totals(*rows), "T1", YEAR, "plan") == {1: 1000, 2: 900}
    assert monthly_income(totals(*rows), "T1", YEAR) == {}  # the plan is not what came in
    assert monthly_income(totals(*months("pay", 4)), "T1", YEAR, "plan") == {}


def test_the_year_to_date_needs_a_cost_within_the_control_total() -> None:
    """An impairment is a cost outside it: income and an impairment alone are no surplus."""
    income, lost = months("patient_care_income", 9, 9), months("impairments", 3, 3)
    assert so_far(2, *income, *lost) is None
    assert so_far(2, *income, *lost, *months("pay", 4, 5)) == 9
    gap = [*months("pay", 4, 5), amount("T1", "impairments", 3, month="2")]
    assert so_far(2, *income, *gap) == 9
