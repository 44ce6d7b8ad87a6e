"""A body half way through its year: against plan, at the rate it runs, and what must be true."""

from __future__ import annotations

import pytest

from controltotal.workings.month import Month, once_words, unfinished
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

SIX = (10, 8, 8, 7, 7, 7)
"""Actuals from April to September: 47 against 60 planned, 21 of 30 in the last three months."""


def actual(code: str, values: tuple[int, ...]) -> list[Cells]:
    return [
        amount(code, "position", pounds, basis="actual", month=str(month))
        for month, pounds in enumerate(values, start=1)
    ]


def plan(code: str = "T1") -> list[Cells]:
    return [amount(code, "position", 10, month=str(month)) for month in range(1, 13)]


def month_of(*rows: Cells, tree: list[Cells] | None = None) -> Month:
    return Workings(position_of(book(*rows, tree=tree))).month


def half_way(*more: Cells, values: tuple[int, ...] = SIX) -> Month:
    """Ten are planned a month, and 110 are forecast."""
    forecast = amount("T1", "position", 110, basis="forecast")
    return month_of(*plan(), *actual("T1", values), forecast, *more)


def pence(value: Value) -> int | str:
    return value.kind if value.pence is None else value.pence


def test_each_month_so_far_has_been_the_variance_over_its_months() -> None:
    """13 below plan in six months: 2.1667 a month."""
    month = half_way()
    assert pence(month.plan_to_date("T1", YEAR)) == 6_000
    assert pence(month.variance_to_date("T1", YEAR)) == -1_300
    assert pence(month.made_a_month("T1", YEAR)) == -217
    assert month.made_a_month("T1", YEAR).rule == "the variance to date over its 6 months"


def test_each_month_left_must_make_up_what_the_forecast_says() -> None:
    """The forecast is 10 below plan, 3 better than to date: half a pound in each of six months."""
    assert pence(half_way().needed_a_month("T1", YEAR)) == 50
    assert pence(half_way(values=SIX * 2).needed_a_month("T1", YEAR)) == "not_applicable"
    assert month_of(*plan(), *actual("T1", SIX)).needed_a_month("T1", YEAR).pence is None


def test_the_year_ends_as_it_began_if_what_has_been_is_repeated() -> None:
    """120 less 13, and again 13 in the six months left; 18 if the last three months are repeated."""
    month = half_way()
    assert pence(month.if_repeated("T1", YEAR)) == 9_400
    assert pence(month.if_repeated("T1", YEAR, 6)) == 9_400
    assert pence(month.if_repeated("T1", YEAR, 3)) == 8_900
    assert pence(month.if_repeated("T1", YEAR, 7)) == "too_few"
    assert month.if_repeated("T1", YEAR, 3).rule.endswith("that of the last 3 months")
    assert month.if_repeated("T1", YEAR, 6).rule.endswith("that of the 6 months so far")
    assert pence(half_way(values=SIX * 2).if_repeated("T1", YEAR)) == "not_applicable"
    assert month_of(*actual("T1", SIX)).if_repeated("T1", YEAR).pence is None


def test_without_a_month_nothing_is_repeated() -> None:
    silent = month_of(*plan())
    for value in (
        silent.made_a_month("T1", YEAR),
        silent.needed_a_month("T1", YEAR),
        silent.if_repeated("T1", YEAR),
        silent.run_rate("T1", YEAR),
    ):
        assert value.pence is None


@pytest.mark.parametrize(("told", "rate"), [(2, None), (3, 4 * 2_600), (6, 4 * 2_100)])
def test_the_run_rate_is_four_times_the_last_three_months(told: int, rate: int | None) -> None:
    assert half_way(values=SIX[:told]).run_rate("T1", YEAR).pence == rate


def test_what_does_not_repeat_is_taken_out_of_the_run_rate() -> None:
    """3 of the 7 of August were a gain of one year."""
    said = [{**row, "recurrence": "recurrent"} for row in actual("T1", SIX)]
    rows = [row for row in said if row["month"] != "5"]
    split = [
        amount("T1", "position", 4, basis="actual", month="5", recurrence="recurrent"),
        amount("T1", "position", 3, basis="actual", month="5", recurrence="non_recurrent"),
    ]
    rate = month_of(*rows, *split).run_rate("T1", YEAR)
    assert rate.pence == 4 * 1_800
    assert "one-off gains of £0.0m (net) removed" in rate.rule


def once(code: str) -> list[Cells]:
    return [
        amount(code, "position", 4, basis="actual", month="1", recurrence="recurrent"),
        amount(code, "position", 3, basis="actual", month="1", recurrence="non_recurrent"),
    ]


def test_of_a_grouping_the_one_offs_are_those_of_its_bodies() -> None:
    rows = [row for code in ("S1", "T1", "T2") for row in once(code)]
    system = month_of(*rows, tree=TREE)
    assert system.once("S1", YEAR, (1, 2)) == 600
    assert system.once("T1", YEAR, (1, 2)) == 300
    assert system.once("T1", YEAR, (2,)) == 0
    board: list[Cells] = [{**TREE[0], "kind": "commissioner"}, *TREE[1:]]
    assert month_of(*rows, tree=board).once("S1", YEAR, (1,)) == 900


@pytest.mark.parametrize(
    ("first", "second", "open_"), [(6, 12, True), (12, 6, True), (12, 12, False), (6, 6, True)]
)
def test_a_system_has_not_finished_while_any_of_its_bodies_has_not(
    first: int, second: int, open_: bool
) -> None:
    rows = [*actual("T1", (1,) * first), *actual("T2", (1,) * second)]
    totals = Workings(position_of(book(*rows, tree=TREE))).totals
    assert unfinished(totals, "S1", YEAR) is open_
    assert unfinished(totals, "S1", f"{YEAR}-H1") is False


def test_a_body_that_closed_has_finished_with_its_own_last_month() -> None:
    closed: list[Cells] = [TREE[0], {**TREE[1], "to": "2026-09-30"}, TREE[2]]
    rows = [*actual("T1", (1,) * 6), *actual("T2", (1,) * 12)]
    totals = Workings(position_of(book(*rows, tree=closed))).totals
    assert unfinished(totals, "S1", YEAR) is False
    assert unfinished(totals, "T1", YEAR) is False


def test_a_penny_gained_once_is_a_gain_and_one_lost_a_cost() -> None:
    assert once_words(1).startswith("one-off gains of £0.0m")
    assert once_words(-1).startswith("one-off costs of £0.0m")
    assert once_words(0) == "no one-offs told"


def test_without_a_plan_nobody_says_what_each_month_has_been_against_it() -> None:
    found = month_of(*actual("T1", SIX)).made_a_month("T1", YEAR)
    assert found.pence is None and found.kind == "not_stated"
    assert found.inputs == (f"variance_to_date/T1/{YEAR}/actual",)
