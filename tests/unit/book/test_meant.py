"""Signs, sides of the ledger, cumulative months and years to date: what an amount is meant to say."""

from __future__ import annotations

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.book.fold import Position
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book, surplus
from tests.strategies import YEAR, Book, Cells, amount, position_of

SIGNS = {
    "plain": {"patient_care_income": 400, "pay": 250, "non_pay": 153, "drugs": -2},
    "costs_negative": {"patient_care_income": 400, "pay": -250, "non_pay": -153, "drugs": 2},
    "ledger": {"patient_care_income": -400, "pay": 250, "non_pay": 153, "drugs": -2},
}
"""One account in three ways of signs: income 400, pay 250, non-pay 153, and drugs given back 2."""


def told(position: Position) -> list[str]:
    return [finding.code for finding in position.findings]


def with_settings(*amounts: Cells, **settings: str) -> Book:
    said = {"default_unit": "£", "title": "A book", **settings}
    return book(*amounts, book=[{"key": key, "value": value} for key, value in said.items()])


@pytest.mark.parametrize("signs", SIGNS)
def test_an_account_is_one_in_all_ways_of_signs(signs: str) -> None:
    rows = [amount("T1", line, pounds) for line, pounds in SIGNS[signs].items()]
    said = with_settings(*rows, signs=signs)
    assert surplus(said) == 400 - 250 - 153 + 2
    assert told(position_of(said)) == []


def test_a_position_under_ledger_signs_is_a_deficit_where_it_is_positive() -> None:
    assert surplus(with_settings(amount("T1", "position", 3), signs="Ledger")) == -3
    assert surplus(with_settings(amount("T1", "position", -3), signs="costs-negative")) == -3


def test_savings_and_balances_bear_no_sign_of_the_ledger() -> None:
    scheme = {"id": "A", "organisation": "T1", "title": "A", "recurrence": "recurrent"}
    rows = [
        amount("T1", "pay", 5, scheme="A"),
        amount("T1", "cash", 7),
        amount("T1", "savings_unidentified", 9),
    ]
    for signs in SIGNS:
        said = dict(with_settings(*rows, signs=signs))
        said["schemes"] = [{**scheme, "maturity": "opportunity", "full_year_effect": "5"}]
        assert [row.amount // 100 for row in position_of(said).book.amounts] == [5, 7, 9]


@pytest.mark.parametrize("heading", ["direction", "Dr/Cr", "DR/CR", "Debit/Credit", "cr/dr"])
def test_the_side_of_the_ledger_says_which_way_a_sum_counts(heading: str) -> None:
    sides = {"patient_care_income": "CR", "pay": "Dr", "drugs": "credit"}
    sums = {"patient_care_income": 400, "pay": 403, "drugs": 5}
    rows = [amount("T1", line, sums[line], **{heading: side}) for line, side in sides.items()]
    assert surplus(book(*rows)) == 400 - 403 + 5
    assert surplus(with_settings(*rows, signs="ledger")) == 400 - 403 + 5


def test_a_side_may_stand_after_the_sum() -> None:
    rows = [
        {**amount("T1", "other_income", 0), "amount": "1,000 CR"},
        {**amount("T1", "pay", 0), "amount": "900DR"},
        {**amount("T1", "drugs", 0), "amount": "50 cr"},
    ]
    assert surplus(book(*rows)) == 1000 - 900 + 50


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"direction": "X"}, "UNKNOWN_WORD"),
        ({"direction": "Dr/Cr"}, "UNKNOWN_WORD"),
        ({"direction": "CR", "amount": "-5"}, "AMBIGUOUS_NUMBER"),
        ({"direction": "CR", "amount": "5 DR"}, "AMBIGUOUS_NUMBER"),
        ({"amount": "(5) CR"}, "AMBIGUOUS_NUMBER"),
    ],
)
def test_anything_else_on_the_side_of_the_ledger_stops_its_row(cells: Cells, code: str) -> None:
    said = book({**amount("T1", "position", 5), **cells})
    assert told(position_of(said)) == [code]
    assert surplus(said) is None


def months(*sums: int, basis: str = "actual", **more: str) -> list[Cells]:
    return [
        amount("T1", "position", pounds, basis=basis, month=str(month), **more)
        for month, pounds in enumerate(sums, start=1)
    ]


def test_cumulative_months_are_taken_apart_and_told_once() -> None:
    said = with_settings(*months(-600, -1200, -1800), months="cumulative")
    position = position_of(said)
    assert [row.amount // 100 for row in position.book.amounts] == [-600, -600, -600]
    assert surplus(said, basis="actual") == -1800
    assert told(position) == ["MONTHS_DIFFERENCED"]
    assert len(position.findings[0].at) == 3


def test_a_source_may_say_that_its_months_are_cumulative_and_another_that_they_are_not() -> None:
    plan = months(*[-500] * 12, basis="plan", source="P")
    actual = months(-600, -1200, -1800, source="R")
    sources: list[Cells] = [
        {"id": "P", "title": "Plan", "months": "single"},
        {"id": "R", "title": "Returns", "months": "Cumulative"},
    ]
    said = {**with_settings(*plan, *actual, months="cumulative"), "sources": sources}
    assert (surplus(said, basis="plan"), surplus(said, basis="actual")) == (-6000, -1800)
    sources[1] = {**sources[1], "months": "cumulativ"}
    assert surplus({**said, "sources": sources}, basis="actual") is None


def test_a_cumulative_month_without_the_one_before_stands_for_the_months_so_far() -> None:
    rows = [row for row in months(-600, -1200, -1800, -2600) if row["month"] != "3"]
    said = with_settings(*rows, months="cumulative")
    assert [row.month for row in position_of(said).book.amounts] == ["1", "2", "YTD4"]
    assert surplus(said, basis="actual") == -2600


def test_a_balance_is_never_differenced() -> None:
    cash = [amount("T1", "cash", 9, basis="actual", month=str(m)) for m in (1, 2)]
    rows = position_of(with_settings(*cash, months="cumulative")).book.amounts
    assert [row.amount // 100 for row in rows] == [9, 9]


@pytest.mark.parametrize("key", ["signs", "months", "default_unit"])
def test_a_setting_that_cannot_be_understood_is_told_once_and_stops_what_rests_on_it(
    key: str,
) -> None:
    rows = months(1, 2, 3)
    said = with_settings(*rows, **{key: "perhaps"})
    position = position_of(said)
    assert len(position.findings) == 1
    assert position.findings[0].where.startswith("book row ")
    assert surplus(said, basis="actual") is None


def test_a_slip_of_the_keyboard_in_a_setting_is_told() -> None:
    said = with_settings(amount("T1", "position", 3), sign="ledger")
    assert told(position_of(said)) == ["UNKNOWN_WORD"]
    assert surplus(said) is None
    assert told(position_of(with_settings(amount("T1", "position", 3), contact="desk"))) == []


def test_a_setting_given_twice_stops_what_rests_on_it() -> None:
    for key in ("default_unit", "Default Unit"):
        said = dict(book(amount("T1", "position", 3)))
        said["book"] = [{"key": "default_unit", "value": "£"}, {"key": key, "value": "£m"}]
        assert told(position_of(said)) == ["NOT_READ"]
        assert surplus(said) is None


@pytest.mark.parametrize("month", ["YTD9", "M9 YTD", "ytd 9", "YTD December", "Dec-26 YTD"])
def test_a_year_to_date_is_the_months_so_far_together(month: str) -> None:
    said = book(amount("T1", "position", -7200, basis="actual", month=month))
    assert surplus(said, basis="actual") == -7200
    figure = answer_position(Workings(position_of(said))).figure(f"surplus/T1/{YEAR}/actual")
    assert figure is not None
    workings = Workings(position_of(said))
    assert workings.recorded.month("T1", YEAR) == 9
    assert workings.totals.surplus("T1", f"{YEAR}-H1", "actual").pence is None


def test_a_year_to_date_meets_later_months_and_finer_ones() -> None:
    to_date = amount("T1", "position", -900, basis="actual", month="YTD9")
    later = amount("T1", "position", -100, basis="actual", month="10")
    assert surplus(book(to_date, later), basis="actual") == -1000
    each = months(*[-100] * 9)
    assert surplus(book(to_date, *each), basis="actual") == -900
    halves = [amount("T1", "position", -600, basis="actual", month=half) for half in ("H1", "H2")]
    assert surplus(book(to_date, *halves), basis="actual") == -1200


def test_a_year_to_date_is_of_no_forecast() -> None:
    position = position_of(book(amount("T1", "position", 5, basis="forecast", month="YTD9")))
    assert told(position) == ["UNKNOWN_MONTH"]


def test_a_plan_to_date_is_what_actuals_are_held_against_and_no_plan_of_the_year() -> None:
    planned = [amount("T1", "position", 60, month="YTD9"), amount("T1", "position", 100)]
    spent = amount("T1", "position", 48, basis="actual", month="YTD9")
    result = answer_position(Workings(position_of(book(*planned, spent))))
    assert result.value("plan_to_date/T1/2026-27/actual") == 6000
    assert result.value("variance_to_date/T1/2026-27/actual") == -1200
    assert result.value("surplus/T1/2026-27/plan") == 10000
    alone = book(planned[0])
    assert surplus(alone) is None
    assert told(position_of(alone)) == []


def test_a_basis_to_date_makes_its_month_one_and_asks_where_it_has_none() -> None:
    said = book(amount("T1", "position", -7200, basis="YTD actual", month="9"))
    assert position_of(said).book.amounts[0].month == "YTD9"
    assert surplus(said, basis="actual") == -7200
    assert told(position_of(book(amount("T1", "position", 5, basis="YTD actual")))) == [
        "UNKNOWN_MONTH"
    ]


def test_a_parent_of_bodies_told_by_month_and_to_date_is_their_sum() -> None:
    first = [amount("T1", "position", -10, basis="actual", month=str(m)) for m in range(1, 10)]
    second = amount("T2", "position", -30, basis="actual", month="YTD9")
    assert surplus(book(*first, second, tree=TREE), "S1", "actual") == -120
