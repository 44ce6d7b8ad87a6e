"""A control total with the sign of its plan turned, and the plan by which that is told, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.finding import Finding
from tests.doubt_books import TREE, book, row, said_in_both
from tests.strategies import YEAR, Cells, control_total, position_of


def total(thousands: int, code: str = "T1", **more: str) -> Cells:
    return {**control_total(code, thousands), "unit": "£k", **more}


def told(totals: list[Cells], *rows: Cells, tree: bool = False) -> list[Finding]:
    made: dict[str, Any] = {**book(*rows, control_totals=totals)}
    if tree:
        made["organisations"] = TREE
    return [one for one in said_in_both(position_of(made)) if one.code == "CONTROL_TOTAL_SIGN"]


def plan(value: int, line: str = "position", code: str = "T1", **more: object) -> Cells:
    return row(code, line, value, **more)


def test_a_deficit_of_50_set_as_50_is_told_with_both_and_stops_the_total_alone() -> None:
    (found,) = told([total(50_000)], plan(-50_000))
    assert (found.severity, found.organisation) == ("error", "T1")
    assert found.where == "amounts row 2; control_totals row 2"
    assert found.message == (
        "First, 2026/27: the control total is £50.0 million and the plan £(50.0) million, "
        "the same with the sign turned."
    )
    assert found.expected == "£(50.0) million, a deficit written below nil"
    position = position_of(book(plan(-50_000), control_totals=[total(50_000)]))
    assert [one.table for one in position.stopped] == ["control_totals"]


def test_a_surplus_set_as_a_deficit_is_told_and_the_plan_may_be_wrong() -> None:
    (found,) = told([total(-50_000)], plan(50_000))
    assert found.expected == "£50.0 million, if the plan is right"


@pytest.mark.parametrize(
    ("set_", "planned", "is_told"),
    [
        (50, -50, True),
        (50, -51, True),  # within the rounding of two sums in thousands
        (50, -52, False),
        (-50, -50, False),
        (0, -50, False),
        (50, 0, False),
    ],
)
def test_which_totals_are_the_plan_with_the_sign_turned(
    set_: int, planned: int, is_told: bool
) -> None:
    assert bool(told([total(set_)], plan(planned))) is is_told


@pytest.mark.parametrize(
    "change",
    [{"status": "proposed"}, {"month": "H1"}, {"year": "2025-26"}, {"scenario": "high"}],
)
def test_only_an_accepted_total_of_the_same_year_and_scenario_is_judged(
    change: dict[str, str],
) -> None:
    assert told([total(50, **change)], plan(-50)) == []


def test_a_forecast_is_asked_only_where_there_is_no_plan() -> None:
    forecast = plan(-50, basis="forecast")
    (found,) = told([total(50)], forecast)
    assert "and the forecast £(50,000.00), the same" in found.message
    assert told([total(50)], plan(-60), forecast) == []
    assert told([total(50)], plan(-50, basis="actual")) == []


INCOME = plan(1_000, "patient_care_income")


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        ([INCOME, plan(1_050, "pay")], True),
        ([INCOME, plan(1_040, "pay"), plan(10, "drugs")], True),
        ([INCOME], False),  # no cost is told
        ([plan(1_050, "pay")], False),
        ([INCOME, plan(1_050, "pay", month="H1")], False),  # the second half is a hole
        ([INCOME, *(plan(525, "pay", month=half) for half in ("H1", "H2"))], True),
        ([INCOME, plan(1_040, "pay"), plan(-50)], True),  # a stated position is the whole
        ([INCOME, plan(1_050, "pay"), plan(-40)], False),
        ([plan(-50), plan(-30, recurrence="recurrent")], True),  # what of it recurs is detail
        (
            [plan(-30, recurrence="recurrent"), plan(-20, recurrence="non_recurrent")],
            True,
        ),
    ],
)
def test_the_plan_is_a_stated_position_else_income_less_cost(
    rows: list[Cells], is_told: bool
) -> None:
    assert bool(told([total(50)], *rows)) is is_told


def test_a_grouping_without_rows_of_its_own_is_planned_by_those_below_it() -> None:
    below = [plan(-20, code="T1"), plan(-29, code="T2"), plan(-1, code="T3")]
    (found,) = told([total(50, "S1")], *below, tree=True)
    assert found.where == "amounts row 2, row 3, row 4; control_totals row 2"
    own = plan(-60, code="S1")
    assert told([total(50, "S1")], *below, own, tree=True) == []
    hole = plan(-30, "patient_care_income", code="T2")  # no cost beside it
    assert told([total(50, "S1")], below[0], hole, below[2], tree=True) == []
    assert told([total(49, "S1")], *below[:2], tree=True) == []  # nobody knows what Third plans
    assert YEAR == "2026-27"
