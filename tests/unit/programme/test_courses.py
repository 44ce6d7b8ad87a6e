"""A scheme's year by month: planned, slipped, done, and how much faster the rest must save."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.programme.courses import (
    Course,
    ask_multiple,
    begun_late,
    course,
    expected_start,
    late_share,
    moved_months,
    part_year_effect,
    plan_months,
    slippage,
    slipped,
    stated_months,
)
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

LATER = "2027-28"
NONE = [0] * 12


def read(*rows: Cells, **cells: str) -> tuple[Any, Any]:
    """A scheme of 12 pounds a year from October and the amounts of its book."""
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        "start": "2026-10-01",
        **cells,
    }
    workings = Workings(position_of(book(amount("T1", "position", 0), *rows, schemes=[scheme])))
    (row,) = workings.position.book.schemes
    return row, workings.amounts


def saves(pounds: int, month: str = "", basis: str = "plan", **more: str) -> Cells:
    return amount("T1", "pay", pounds, scheme="A", month=month, basis=basis, **more)


def test_a_plan_begun_late_loses_its_last_months_to_the_next_year() -> None:
    assert slipped([1, 2, 3, 4], 0) == [1, 2, 3, 4]
    assert slipped([1, 2, 3, 4], 1) == [0, 1, 2, 3]
    assert slipped([1, 2, 3, 4], 9) == [0, 0, 0, 0]
    with pytest.raises(AssertionError):
        slipped([1, 2], -1)


def test_what_rows_state_by_month_is_added_up_and_a_coarser_row_is_shared_evenly() -> None:
    rows = [
        saves(6, "Q1"),
        {**saves(1, "2"), "line": "drugs"},
        saves(5, "7", recurrence="non_recurrent"),
        saves(99, "7", scenario="low"),
        saves(99, "7", year=LATER),
        saves(99, "7", basis="actual"),
    ]
    scheme, amounts = read(*rows)
    assert stated_months(scheme, YEAR, "plan", amounts) == {1: 200, 2: 300, 3: 200, 7: 500}
    assert plan_months(scheme, YEAR, amounts) == [200, 300, 200, 0, 0, 0, 500] + [0] * 5


def test_without_rows_a_plan_runs_evenly_from_the_start() -> None:
    scheme, amounts = read()
    assert plan_months(scheme, YEAR, amounts) == [0] * 6 + [100] * 6
    assert plan_months(scheme, LATER, amounts) == [100] * 12
    once, amounts = read(recurrence="non_recurrent")
    assert plan_months(once, LATER, amounts) == [100] * 6 + [0] * 6
    bare, amounts = read(start="")
    assert plan_months(bare, YEAR, amounts) is None
    assert part_year_effect(1_200, date(2026, 10, 1), YEAR) == 600
    assert part_year_effect(1_200, date(2026, 10, 1), LATER) == 1_200
    assert part_year_effect(1_200, date(2026, 10, 1), LATER, recurrent=False) == 600


def test_what_a_year_cannot_hold_of_a_late_plan_falls_into_the_next() -> None:
    scheme, amounts = read(saves(6, "12"), saves(2, "1", year=LATER))
    plan, after = [0] * 11 + [600], [200] + [0] * 11
    assert moved_months(scheme, YEAR, amounts, plan, 0) == plan
    assert moved_months(scheme, YEAR, amounts, plan, 1) == NONE
    assert moved_months(scheme, LATER, amounts, after, 1) == [600, 200] + [0] * 10
    assert moved_months(scheme, LATER, amounts, after, 12) == plan
    even, amounts = read()
    assert moved_months(even, LATER, amounts, [100] * 12, 8) == [0] * 2 + [100] * 10
    assert moved_months(even, LATER, amounts, [100] * 12, 13) == [0] * 7 + [100] * 5


def test_a_course_is_what_came_and_then_the_plan_as_it_has_slipped() -> None:
    """2 and nothing came in April and May; of a plan of 3 a month two months late the rest is 3
    from June on."""
    rows = [saves(3, str(m)) for m in range(1, 13)]
    rows += [saves(2, "1", "actual"), saves(0, "2", "actual")]
    scheme, amounts = read(*rows, start="2026-04-01")
    found = course(scheme, YEAR, amounts, 2)
    assert found == Course(
        plan=(300,) * 12,
        actual=(200, 0, *[None] * 10),
        forecast=(200, 0, *[300] * 10),
        by_slippage=(200, 0, *[300] * 10),
        slip=2,
        stated=False,
    )


def test_a_forecast_of_its_own_stands_before_the_slippage() -> None:
    scheme, amounts = read(saves(7, "12", "forecast"))
    found = course(scheme, YEAR, amounts, 1)
    assert found.stated and found.forecast == (0,) * 11 + (700,)
    assert found.by_slippage == (0,) * 7 + (100,) * 5
    bare, amounts = read(start="")
    nothing = course(bare, YEAR, amounts)
    assert (nothing.plan, nothing.forecast, nothing.by_slippage) == (None, None, None)
    assert nothing.actual == (None,) * 12 and not nothing.stated


def slip(start: str | None, day: str | None = None, delivering: bool = False, **more: Any) -> int:
    scheme: Any = SimpleNamespace(start=date.fromisoformat(start) if start else None)
    days = {
        name: date.fromisoformat(more[name]) if more.get(name) else None
        for name in ("live_on", "engaged")
    }
    read = date.fromisoformat(day) if day else None
    return slippage(scheme, read, delivering, days["live_on"], days["engaged"], more.get("late"))


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (None, 0),
        ("2026-09-30", 0),
        ("2026-10-01", 1),  # it has not begun, and cannot save before November
        ("2026-10-31", 1),
        ("2026-11-01", 2),
        ("2027-01-15", 4),
    ],
)
def test_one_that_has_not_begun_cannot_save_before_the_month_after(
    day: str | None, months: int
) -> None:
    assert slip("2026-10-01", day) == months
    assert slip("2026-10-01", day, delivering=True) == 0


def test_an_engagement_that_ends_after_the_start_makes_it_late() -> None:
    assert slip("2026-10-01", engaged="2026-09-30") == 0
    assert slip("2026-10-01", engaged="2026-10-01") == 1
    assert slip("2026-10-01", "2026-10-05", engaged="2026-12-10") == 3
    assert slip("2026-10-01", "2027-02-05", engaged="2026-12-10") == 5
    assert slip("2026-10-01", engaged="2026-12-10", delivering=True) == 0


def test_a_start_within_a_month_saves_from_the_next_and_is_late_from_there() -> None:
    assert slip("2026-10-15", "2026-10-20") == 0  # November was its first month anyway
    assert slip("2026-10-15", "2026-11-02") == 1


def test_what_came_is_surer_than_the_day_it_went_live_and_that_than_any_day() -> None:
    assert slip("2026-10-01", "2027-02-05", late=2, live_on="2026-11-01") == 2
    assert slip("2026-10-01", "2027-02-05", late=-3) == 0
    assert slip("2026-10-01", "2027-02-05", late=0) == 0
    assert slip("2026-10-01", "2027-02-05", live_on="2026-11-30") == 1
    assert slip("2026-10-01", "2027-02-05", live_on="2027-10-01") == 12
    assert slip("2026-10-01", live_on="2026-08-01") == 0
    assert slip(None, "2027-02-05", late=2) == 0


def test_months_from_the_first_planned_saving_to_the_first_that_came() -> None:
    assert begun_late([0, 5, 5], [None, None, 4]) == 1
    assert begun_late([0, 5, 5], [3, None, 4]) == -1
    assert begun_late([0, 5, 5], [0, 0, 0]) is None
    assert begun_late([0, 0], [0, 3]) is None
    assert begun_late(None, [0, 3]) is None


def test_a_start_moves_to_the_first_month_that_it_can_keep() -> None:
    assert expected_start(date(2026, 10, 15), 0) == date(2026, 10, 15)
    assert expected_start(date(2026, 10, 15), 2) == date(2027, 1, 1)
    assert expected_start(date(2026, 10, 1), 1) == date(2026, 11, 1)


def test_the_share_of_a_plan_in_its_second_half() -> None:
    assert late_share([1] * 6 + [3] * 6) == 0.75
    assert late_share([4] * 6 + [0] * 6) == 0.0
    assert late_share([2, *[0] * 5, 1, *[0] * 4, 1]) == 0.5
    assert late_share(NONE) is None


@pytest.mark.parametrize(
    ("target", "done", "multiple"),
    [
        (120, [10] * 6 + [None] * 6, 1.0),
        (120, [5, 5, *[None] * 10], 2.2),  # 110 in ten months beside 5 a month
        (120, [0, 10, *[None] * 10], 2.2),
        (120, [None] * 12, None),
        (120, [10] * 12, None),
        (120, [0] * 6 + [None] * 6, None),
        (120, [-1] * 6 + [None] * 6, None),
        (60, [10] * 6 + [None] * 6, 0.0),
    ],
)
def test_how_many_times_faster_the_rest_of_the_year_must_save(
    target: int, done: list[int | None], multiple: float | None
) -> None:
    assert ask_multiple(target, done) == (None if multiple is None else pytest.approx(multiple))
