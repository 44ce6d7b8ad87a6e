"""Months that are running sums, a year that is not over and one that differs, case by case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.book.doubt.months import _climbs, _grows_as
from controltotal.book.doubt.signs import _is_turned
from controltotal.core.finding import Finding
from tests.doubt_books import YEAR, book, row, said_in_both
from tests.strategies import Cells, control_total, position_of

K = 1_000
"""£ thousand, the unit of these books, in which months are typed."""


def told(*rows: Cells, as_at: date | None = None, **tables: Any) -> list[Finding]:
    return said_in_both(position_of(book(*rows, **tables), as_at))


def codes(*rows: Cells, **more: Any) -> list[str]:
    return [one.code for one in told(*rows, **more)]


def months(*values: int, line: str = "pay", basis: str = "actual", **more: str) -> list[Cells]:
    return [row("T1", line, v, basis, month=m, **more) for m, v in enumerate(values, start=1)]


def quarters(*values: int, basis: str = "actual") -> list[Cells]:
    return [row("T1", "pay", v, basis, month=f"Q{q}") for q, v in enumerate(values, start=1)]


def plan(*values: int) -> list[Cells]:
    return months(*values, basis="plan")


# -- running sums that a second figure decides -----------------------------------------------------


def test_months_whose_last_is_the_year_to_date_are_running_sums() -> None:
    """100, 210 and 330; the row of April to June is 330 and not 640."""
    rows = [*months(100, 210, 330), row("T1", "pay", 330, "actual", month="Q1")]
    (found,) = told(*rows)
    assert (found.code, found.severity) == ("CUMULATIVE_MONTHS", "error")
    assert found.where == "amounts row 2, row 3, row 4, row 5"
    assert found.message == (
        "First, 2026/27 actual: the months of pay are running sums: month 3 is £0.33 million, the "
        "months add up to £0.64 million, and the figure for Q1 is £0.33 million."
    )
    assert found.found == "3 months that add up to £0.64 million"
    assert "YTD3" in found.action


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([*months(100, 210, 330), row("T1", "pay", 640, "actual", month="Q1")], []),
        ([*months(100, 210), row("T1", "pay", 210, "actual", month="YTD2")], []),  # two may chance
        ([*months(0, 0, 330), row("T1", "pay", 330, "actual", month="Q1")], []),  # both at once
        ([*months(100, 210, 330), row("T1", "pay", 330, "actual", month="Q2")], []),
        (
            [*quarters(100, 200, 300, 400), row("T1", "pay", 400, "actual")],
            ["CUMULATIVE_MONTHS"],
        ),
        (
            [row("T1", "cash", v, "actual", month=m) for m, v in ((1, 100), (2, 210), (3, 330))]
            + [row("T1", "cash", 330, "actual", month="Q1")],
            [],  # a balance
        ),
    ],
)
def test_which_second_figure_decides(rows: list[Cells], found: list[str]) -> None:
    assert [code for code in codes(*rows) if code == "CUMULATIVE_MONTHS"] == found


def test_a_series_with_a_hole_or_that_does_not_begin_in_april_is_no_running_sum() -> None:
    whole = row("T1", "pay", 430, "actual", month="YTD4")
    rows = months(100, 210, 330, 430)
    assert "CUMULATIVE_MONTHS" in codes(*rows, whole)
    assert "CUMULATIVE_MONTHS" not in codes(*rows[:1], *rows[2:], whole)
    assert "CUMULATIVE_MONTHS" not in codes(*rows[1:], whole)


def test_quarters_name_their_own_months_in_the_remedy() -> None:
    (found,) = told(*quarters(100, 200, 300), *plan(*[33] * 9))
    assert found.code == "CUMULATIVE_MONTHS" or found.code == "LOOKS_CUMULATIVE"
    assert "quarter" in found.message and "YTD9" in found.action


@pytest.mark.parametrize(
    ("actual", "planned", "decided"),
    [
        ((100, 200, 300), (100, 100, 100), True),
        ((90, 210, 290), (100, 100, 100), True),
        ((200, 200, 200), (100, 100, 100), False),  # a level of twice the plan
        ((137, 140, 142), (67, 67, 67), False),
        ((100, 100, 100), (100, 100, 100), False),
        ((100, 200, 140), (100, 100, 100), False),  # its third is nearer to the month
        ((100, 200), (100, 100), False),  # two may come so by chance
        ((-100, -200, -300), (-100, -100, -100), True),
    ],
)
def test_months_nearer_to_the_running_sum_of_the_plan_every_time_are_running_sums(
    actual: tuple[int, ...], planned: tuple[int, ...], decided: bool
) -> None:
    rows = [*months(*actual, line="position"), *months(*planned, line="position", basis="plan")]
    found = [one for one in told(*rows) if one.code == "CUMULATIVE_MONTHS"]
    assert bool(found) is decided
    if decided:
        assert "the plan of the same months comes to" in found[0].message
        assert found[0].where == "amounts row 2, row 3, row 4"


def test_a_plan_that_lacks_a_month_or_nets_to_nil_decides_nothing() -> None:
    actual = months(100, 200, 300, line="position")
    short = months(100, 100, line="position", basis="plan")
    nil = months(100, 0, -100, line="position", basis="plan")
    for planned in (short, nil):
        assert "CUMULATIVE_MONTHS" not in codes(*actual, *planned)


@pytest.mark.parametrize(
    ("sums", "running", "single", "grows"),
    [
        ((100, 200), (100, 200), (100, 100), True),
        ((100, 100), (100, 200), (100, 100), False),
        ((100, 150), (100, 200), (100, 100), False),  # as near to the one as to the other
        ((100, 151), (100, 200), (100, 100), True),
        ((0, 100), (100, 200), (100, 100), True),  # nothing tells
        ((100, 100), (0, 200), (100, 100), True),
        ((100, 100), (100, 200), (0, 100), True),
        ((-100, -200), (-100, -200), (-100, -100), True),
    ],
)
def test_months_grow_as_running_sums_or_as_themselves(
    sums: tuple[int, ...], running: tuple[int, ...], single: tuple[int, ...], grows: bool
) -> None:
    assert _grows_as(sums, running, single) is grows


# -- a steady climb --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sums", "climbs"),
    [
        ([100, 200, 300], True),
        ([100, 100, 100], False),
        ([-100, -200, -300], True),
        ([100, 200, -300], False),
        ([0, 200, 300], False),
        ([40, 200, 300], True),  # the first is four tenths of a month's usual 100
        ([39, 200, 300], False),
        ([100, 280, 300], False),  # the last step is a fifth
        ([100, 120, 300], False),  # the step of 180 is, that of 20 is not
        ([60, 120, 300], True),  # a step of 180 is the most
        ([60, 119, 300], False),
        ([0, 0, 0], False),
    ],
)
def test_a_climb_is_steady_where_each_step_is_about_a_month(sums: list[int], climbs: bool) -> None:
    assert _climbs(sums) is climbs


def test_five_months_that_climb_are_asked_about_and_four_are_not() -> None:
    assert codes(*months(100, 200, 300, 400)) == []
    (found,) = told(*months(100, 200, 300, 400, 500))
    assert (found.code, found.severity) == ("LOOKS_CUMULATIVE", "warning")
    assert found.message == (
        "First, 2026/27 actual: the months of pay climb steadily from £0.1 million to £0.5 "
        "million, as running sums do; they are added up to £1.5 million."
    )
    assert found.found == "5 months, each above the one before by about the first"
    assert found.action.startswith("Nothing, if each month is its own. ")
    assert "YTD5" in found.action


def test_a_scheme_or_a_series_with_a_coarser_row_is_not_asked_about() -> None:
    climb = months(100, 200, 300, 400, 500)
    assert codes(*climb, row("T1", "pay", 600, "actual", month="6")) != []
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "A",
        "recurrence": "recurrent",
        "maturity": "opportunity",
        "full_year_effect": "5",
    }
    of_scheme = months(100, 200, 300, 400, 500, scheme="A")
    assert codes(*of_scheme, schemes=[scheme]) == []
    whole = row("T1", "pay", 1_500, "actual", month="YTD5")
    assert "LOOKS_CUMULATIVE" not in codes(*climb, whole)


@pytest.mark.parametrize(
    ("year", "asked"),
    [
        (1_800, True),  # three months of 1,800 a year are 450, and the last is 450
        (1_500, True),  # 375: the last is a fifth above it
        (1_499, False),
        (2_250, True),  # 562.5 less a fifth is 450
        (2_256, False),
    ],
)
def test_a_few_months_are_asked_about_where_the_last_is_what_the_plan_gives_to_all(
    year: int, asked: bool
) -> None:
    rows = [*months(150, 300, 450), row("T1", "pay", year)]
    assert ("LOOKS_CUMULATIVE" in codes(*rows)) is asked
    position = [*months(150, 300, 450, line="position"), row("T1", "position", year)]
    assert "LOOKS_CUMULATIVE" not in codes(*position)  # a position may double


@pytest.mark.parametrize(
    ("total", "code"),
    [(-1_200, "CUMULATIVE_MONTHS"), (-1_199, "LOOKS_CUMULATIVE"), (-7_800, "LOOKS_CUMULATIVE")],
)
def test_a_control_total_that_is_the_last_of_twelve_decides(total: int, code: str) -> None:
    """A deficit of 100 more each month: 1,200 in March, 7,800 if they were added up."""
    rows = months(*range(-100, -1_300, -100), line="position")
    set_ = {**control_total("T1", total), "unit": "£k"}
    found = codes(*rows, control_totals=[set_])
    assert code in found
    assert ("CUMULATIVE_MONTHS" in found) is (code == "CUMULATIVE_MONTHS")


# -- a year that is not over -----------------------------------------------------------------------


def actual(**more: Any) -> Cells:
    return row("T1", "pay", 900, "actual", **more)


FORECAST = row("T1", "pay", 1_200, "forecast")


@pytest.mark.parametrize(
    ("day", "told_of"),
    [(date(2026, 12, 31), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
)
def test_an_actual_without_a_month_is_asked_for_it_until_the_year_is_over(
    day: date, told_of: bool
) -> None:
    found = [one for one in told(actual(), FORECAST, as_at=day) if one.code == "YEAR_NOT_OVER"]
    assert bool(found) is told_of
    if told_of:
        assert found[0].severity == "error" and found[0].where == "amounts row 2"
        assert f"the book is read as at {day}" in found[0].message
        assert "YTD9 (or the month it reaches)" in found[0].expected


def test_actuals_by_month_say_how_far_the_year_has_come() -> None:
    both = [actual(), FORECAST, row("T1", "drugs", 5, "actual", month="7")]
    (found,) = [one for one in told(*both) if one.code == "YEAR_NOT_OVER"]
    assert "its actuals by month end with month 7" in found.message
    assert found.expected == "a month, or YTD7 for a year to date"
    over = [actual(), FORECAST, row("T1", "drugs", 5, "actual", month="12")]
    assert "YEAR_NOT_OVER" not in codes(*over)
    assert "YEAR_NOT_OVER" not in codes(*over, as_at=date(2026, 12, 31))


@pytest.mark.parametrize(
    "rows",
    [
        [actual()],  # no forecast beside it
        [actual(), row("T1", "pay", 1_200)],
        [actual(), row("T1", "pay", 1_200, "forecast", scenario="high")],
        [actual(month="YTD9"), FORECAST],
        [row("T1", "cash", 900, "actual"), FORECAST],  # a balance has no months
    ],
)
def test_an_actual_alone_or_with_a_month_or_a_balance_is_not_asked(rows: list[Cells]) -> None:
    assert "YEAR_NOT_OVER" not in codes(*rows, as_at=date(2026, 12, 31))


# -- a year that differs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "differs"), [(1_200, False), (1_199, False), (1_190, True), (1_300, True)]
)
def test_a_year_that_is_not_the_sum_of_its_months_is_told(year: int, differs: bool) -> None:
    """Twelve months in whole thousands may be a thousand off their year by rounding."""
    rows = [*plan(*[100] * 12), row("T1", "pay", year)]
    found = told(*rows)
    assert bool(found) is differs
    if differs:
        assert found[0].code == "YEAR_DIFFERS_FROM_MONTHS"
        assert found[0].message.startswith("pay, 2026/27 plan: the figure for the year differs")
        assert found[0].expected.startswith("£1.2")


def test_balances_and_schemes_may_differ_and_two_rows_are_too_few() -> None:
    cash = [row("T1", "cash", 100, month=m) for m in range(1, 13)]
    assert codes(*cash, row("T1", "cash", 5)) == []
    assert codes(row("T1", "pay", 5, month="H1"), row("T1", "pay", 50)) == []


def test_a_body_that_stood_for_some_months_is_held_to_those() -> None:
    """It ended in June: its year of 300 is three months of 100, and 310 is not."""
    ended = [
        {"code": "T1", "name": "First", "kind": "provider", "to": "2026-06-30"},
        {"code": "T2", "name": "Second", "kind": "provider"},
    ]
    for year, found in ((300, []), (310, ["YEAR_DIFFERS_FROM_MONTHS"])):
        made = book(*plan(100, 100, 100), row("T1", "pay", year))
        position = position_of({**made, "organisations": ended})
        assert [one.code for one in said_in_both(position)] == found
    longer = book(*plan(100, 100), row("T1", "pay", 310))
    position = position_of({**longer, "organisations": ended})
    assert "YEAR_DIFFERS_FROM_MONTHS" not in [one.code for one in said_in_both(position)]


# -- signs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "others", "turned"),
    [
        ({"pay": -5, "drugs": -5, "non_pay": -5}, {}, True),  # three lines are no chance
        ({"pay": -5, "drugs": -5}, {}, False),
        ({"pay": -10}, {"income": 100}, True),  # a tenth
        ({"pay": -9}, {"income": 100}, False),  # a small credit
        ({"pay": -9}, {"income": -90}, True),
        ({"pay": -50, "drugs": 1}, {"income": 100}, False),
        ({}, {"income": 100}, False),
    ],
)
def test_a_kind_is_turned_where_all_of_it_is_below_nil_and_no_small_credit(
    lines: dict[str, int], others: dict[str, int], turned: bool
) -> None:
    assert _is_turned(lines, others) is turned


def test_support_of_two_signs_in_one_year_is_told_where_it_is_below_nil() -> None:
    rows = [row("T1", "support_income", -5, "actual", month="1"), row("T1", "support_income", 60)]
    (found,) = [one for one in told(*rows) if one.code == "SIGNS_TURNED"]
    assert found.where == "amounts row 2"
    assert "support income is written as" in found.message and "in the plan" in found.message
    for other in (
        row("T1", "support_income", -60),
        row("T1", "support_income", 60, scenario="high"),
        row("T1", "support_income", 60, year="2025-26"),
        row("T2", "support_income", 60),
    ):
        assert "SIGNS_TURNED" not in codes(rows[0], other)
    assert YEAR == "2026-27"
