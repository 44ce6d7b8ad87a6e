"""The month of a scheme: what it was to save, what it saved, and which months nobody reports."""

from __future__ import annotations

import pytest

from controltotal.workings.month import ToDate
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of


def of_scheme(*rows: Cells, to: int = 6, start: str = "") -> ToDate | None:
    """The month of scheme A; its body has told so many months."""
    months = [amount("T1", "position", -1, basis="actual", month=str(m)) for m in range(1, to + 1)]
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        "start": start,
    }
    workings = Workings(position_of(book(*months, *rows, schemes=[scheme])))
    return workings.month.scheme("A", "T1", YEAR)


def saves(basis: str, pounds: int, month: str = "", **more: str) -> Cells:
    cells = {"month": month, "scheme": "A", "recurrence": "recurrent", **more}
    return amount("T1", "pay", pounds, basis=basis, **cells)


def run(basis: str, first: int, last: int, pounds: int = 2) -> list[Cells]:
    return [saves(basis, pounds, str(month)) for month in range(first, last + 1)]


def pounds(value: Value) -> int | str:
    return value.kind if value.pence is None else value.pence // 100


def told(*rows: Cells, to: int = 6, start: str = "") -> dict[str, int | str]:
    found = of_scheme(*rows, to=to, start=start)
    assert found is not None
    names = ("month_plan", "month_actual", "plan", "actual", "plan_year", "forecast")
    return {name: pounds(getattr(found, name)) for name in names}


def test_a_scheme_without_rows_of_its_own_has_no_month() -> None:
    assert of_scheme() is None
    assert of_scheme(saves("plan", 24, scenario="best")) is None


def test_a_saving_is_positive_to_the_month_of_its_body() -> None:
    found = of_scheme(*run("plan", 1, 12), *run("actual", 1, 6, 1), saves("forecast", 20))
    assert found is not None and found.month == 6
    assert told(*run("plan", 1, 12), *run("actual", 1, 6, 1), saves("forecast", 20)) == {
        "month_plan": 2,
        "month_actual": 1,
        "plan": 12,
        "actual": 6,
        "plan_year": 24,
        "forecast": 20,
    }
    assert pounds(found.variance) == -6 and pounds(found.variance_year) == -4


def test_what_lies_across_the_month_is_not_told() -> None:
    assert told(saves("plan", 24))["plan"] == "months_missing"
    assert told(saves("plan", 24))["plan_year"] == 24
    halves = (saves("plan", 12, "H1"), saves("plan", 12, "H2"))
    assert (told(*halves)["plan"], told(*halves)["month_plan"]) == (12, "months_missing")
    assert told(*halves, to=7)["plan"] == "months_missing"
    quarters = tuple(saves("plan", 6, quarter) for quarter in ("Q1", "Q2", "Q3", "Q4"))
    assert told(*quarters, to=9)["plan"] == 18


def test_a_month_in_which_it_is_to_save_and_of_which_nobody_reports_is_not_told() -> None:
    plan = run("plan", 4, 12)
    assert told(*plan, *run("actual", 4, 6))["actual"] == 6  # nothing was due before July
    assert told(*plan, *run("actual", 4, 5))["actual"] == "months_missing"
    assert told(*plan, *run("actual", 4, 5))["month_actual"] == "months_missing"
    assert told(*plan, *run("actual", 5, 6))["actual"] == "months_missing"
    assert told(*plan)["actual"] == "not_stated"
    found = of_scheme(*plan, *run("actual", 5, 5))
    assert found is not None and found.actual.rule.endswith("2 months of it are not reported")
    one = of_scheme(*plan, *run("actual", 4, 5))
    assert one is not None and one.actual.rule.endswith("month 6 of it is not reported")


@pytest.mark.parametrize(
    ("start", "first", "actual"),
    [
        ("2026-07-01", 4, 6),  # from July: April to June owe nothing
        ("2026-07-31", 4, 6),
        ("2026-06-30", 4, "months_missing"),  # June was to save
        ("2025-04-01", 1, 12),  # long since: all the year
        ("", 1, 12),
        ("", 4, 6),  # without a start its first word tells
    ],
)
def test_a_plan_of_the_year_is_due_from_the_start_of_the_scheme(
    start: str, first: int, actual: int | str
) -> None:
    assert told(saves("plan", 24), *run("actual", first, 6), start=start)["actual"] == actual


def test_without_a_plan_it_is_due_from_its_first_word() -> None:
    assert told(*run("forecast", 4, 12), *run("actual", 4, 6))["actual"] == 6
    assert told(*run("actual", 4, 6))["actual"] == 6
    assert told(*run("actual", 4, 5))["actual"] == "months_missing"
    nil = [saves("plan", 0, str(month)) for month in range(1, 4)]
    assert told(*nil, *run("plan", 4, 12), *run("actual", 4, 6))["actual"] == 6


def test_where_its_body_has_told_no_month_it_has_none() -> None:
    found = of_scheme(*run("plan", 1, 12), *run("actual", 1, 3), to=0)
    assert found is not None and found.month is None
    assert (pounds(found.plan), pounds(found.actual)) == ("not_stated", "not_stated")
    assert pounds(found.plan_year) == 24


def test_its_forecast_of_a_month_ago_is_what_was_known_then() -> None:
    before = saves("forecast", 20, known_on="2026-09-20")
    now = saves("forecast", 16, known_on="2026-10-20")
    found = of_scheme(*run("plan", 1, 12), before, now)
    assert found is not None
    assert (pounds(found.forecast), pounds(found.forecast_last_month)) == (16, 20)
    undated = of_scheme(*run("plan", 1, 12), saves("forecast", 16))
    assert undated is not None and pounds(undated.forecast_last_month) == "not_stated"
    nobody = of_scheme(*run("plan", 1, 12), before, now, to=0)
    assert nobody is not None and pounds(nobody.forecast_last_month) == "not_stated"


def test_a_body_that_told_no_month_has_no_forecast_of_a_month_ago() -> None:
    workings = Workings(position_of(book(amount("T1", "position", -5, basis="forecast"))))
    found = workings.month.forecast_last_month("T1", YEAR)
    assert (found.pence, found.kind) == (None, "not_stated")


def test_rows_of_another_year_are_no_part_of_a_scheme_s_year() -> None:
    later = saves("plan", 99, year="2027-28")
    assert of_scheme(later) is None
    assert told(saves("plan", 24), later)["plan_year"] == 24


def test_a_scheme_that_says_nothing_of_when_is_to_save_from_april_on() -> None:
    nothing_saved = [saves("actual", 0, str(month)) for month in range(2, 7)]
    assert told(saves("plan", 24), *nothing_saved)["actual"] == "months_missing"
    assert told(saves("plan", 24), saves("actual", 0, "1"), *nothing_saved)["actual"] == 0


def test_a_forecast_by_month_says_from_when_on_a_scheme_is_to_save() -> None:
    """From August on: with August and September reported all is told, and without August it is not."""
    ahead = run("forecast", 5, 9)
    assert told(*ahead, *run("actual", 5, 6))["actual"] == 4
    assert told(*ahead, *run("actual", 6, 6))["actual"] == "months_missing"


def test_a_scheme_that_is_to_save_from_march_is_not_late_before() -> None:
    """By its forecast from March on alone: with ten months told nothing is due, with twelve it is."""
    ahead = saves("forecast", 5, "12")
    assert told(ahead, saves("actual", 3, "12"), to=12)["actual"] == 3
    assert told(ahead, saves("actual", 3, "1"), to=12)["actual"] == "months_missing"
    assert told(ahead, saves("actual", 3, "1"), to=11)["actual"] == 3
