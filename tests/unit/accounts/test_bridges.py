"""Bridges by driver, each worked by hand: lines, savings, what is unexplained, and support apart."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from tests.small_books import TREE, book
from tests.strategies import YEAR, Book, Cells, amount, position_of

PLAN, FORECAST = f"{YEAR}/plan", f"{YEAR}/forecast"
LAST = "2025-26"


def ask(said: Book, **options: str) -> Result:
    return verbs.position(position_of(said), **options)


def steps(found: Result, code: str, start: str = PLAN, end: str = FORECAST) -> dict[str, int]:
    """The bridge of a body from one figure to another: pounds by driver, in the order told."""
    return {
        row["driver"]: row["pence"] // 100
        for row in found.tables.get("bridge", ())
        if row["from"].endswith(f"/{code}/{start}") and row["to"].endswith(f"/{code}/{end}")
    }


def said_of(found: Result, code: str) -> tuple[str, ...]:
    return found.said(code, "bridge")


def both(code: str, line: str, plan: int, forecast: int, **more: str) -> list[Cells]:
    """A line as planned and as forecast, in pounds."""
    return [
        amount(code, line, plan, **more),
        amount(code, line, forecast, **more, basis="forecast"),
    ]


def scheme(code: str = "A", **more: str) -> Cells:
    row = {"id": code, "organisation": "T1", "title": code, "recurrence": "recurrent"}
    return {**row, "maturity": "in_progress", "full_year_effect": "100", **more}


LINES = [
    *both("T1", "patient_care_income", 1_000, 1_010),
    *both("T1", "substantive_pay", 500, 505),
    *both("T1", "agency_pay", 50, 90),
    *both("T1", "drugs", 300, 297),
]
"""Plan 150; forecast 1,010 - 505 - 90 - 297 = 118: 32 worse."""


def test_the_groups_of_lines_are_the_drivers_and_the_largest_comes_first() -> None:
    found = ask(book(*LINES))
    assert steps(found, "T1") == {
        "start": 150,
        "agency_pay": -40,
        "income": 10,
        "pay": -5,
        "drugs": 3,
        "end": 118,
    }
    assert list(steps(found, "T1")) == ["start", "agency_pay", "income", "pay", "drugs", "end"]
    assert said_of(found, "T1") == (
        "First, 2026/27: the forecast is £32 worse than the plan; what moved it most: agency "
        "staff (£40 worse), income (£10 better) and pay (£5 worse).",
    )


def test_agency_pay_that_one_end_alone_tells_apart_stays_with_pay() -> None:
    """Pay 550 as one sum in the plan; 505 and 90 in the forecast: 45 worse, no agency driver."""
    whole = [
        amount("T1", "patient_care_income", 1_000),
        amount("T1", "pay", 550),
        *(row for row in LINES if row["basis"] == "forecast" and row["line"] != "drugs"),
    ]
    found = steps(ask(book(*whole)), "T1")
    assert found == {"start": 450, "pay": -45, "income": 10, "end": 415}


def test_a_line_of_one_end_alone_is_no_driver_of_its_own() -> None:
    """Premises of 20 stand in the forecast only: what they were in the plan nobody says."""
    found = steps(ask(book(*LINES, amount("T1", "reserves", 20, basis="forecast"))), "T1")
    assert found["told_once"] == -20
    assert "reserves" not in found
    assert found["end"] == 98


def test_savings_that_slip_are_taken_out_of_the_line_they_fall_on() -> None:
    """A saves 60 for 100 planned on drugs, B 30 for 25: drugs, 3 better, are 43 better before A."""
    rows = [
        *LINES,
        *both("T1", "drugs", 100, 60, scheme="A"),
        *both("T1", "substantive_pay", 25, 30, scheme="B"),
    ]
    found = steps(ask(book(*rows, schemes=[scheme(), scheme("B")])), "T1")
    assert found == {
        "start": 150,
        "drugs": 43,
        "agency_pay": -40,
        "savings_less": -40,
        "income": 10,
        "pay": -10,
        "savings_more": 5,
        "end": 118,
    }


def test_a_scheme_of_which_the_forecast_says_nothing_stays_in_its_line() -> None:
    rows = [*LINES, amount("T1", "drugs", 100, scheme="A")]
    assert steps(ask(book(*rows, schemes=[scheme()])), "T1")["drugs"] == 3


def test_a_scheme_outside_the_plan_was_planned_at_nil() -> None:
    rows = [*LINES, amount("T1", "drugs", 7, scheme="A", basis="forecast")]
    found = steps(ask(book(*rows, schemes=[scheme(in_plan="no")])), "T1")
    assert (found["savings_more"], found["drugs"]) == (7, -4)


def test_the_plan_of_a_scheme_without_months_runs_from_its_start() -> None:
    """120 a year from October is 60 in the year; 20 is forecast: 40 slipped."""
    late = scheme(full_year_effect="120", start="2026-10-01")
    rows = [*LINES, amount("T1", "drugs", 20, scheme="A", basis="forecast")]
    found = steps(ask(book(*rows, schemes=[late])), "T1")
    assert (found["savings_less"], found["drugs"]) == (-40, 43)


def test_a_stated_position_leaves_what_nothing_explains_as_a_step_of_its_own() -> None:
    """100 to 60: agency 40 worse and unidentified savings 10 fewer make 50; 10 is unexplained."""
    rows = [
        *both("T1", "position", 100, 60),
        *both("T1", "agency_pay", 10, 50),
        *both("T1", "savings_unidentified", 30, 20),
    ]
    found = ask(book(*rows))
    assert steps(found, "T1") == {
        "start": 100,
        "agency_pay": -40,
        "savings_unidentified": -10,
        "not_explained": 10,
        "end": 60,
    }
    (text,) = said_of(found, "T1")
    assert "not explained by what the book holds: £10 better" in text


def test_a_residual_of_a_tenth_or_less_is_in_the_table_and_not_in_the_sentence() -> None:
    rows = [*both("T1", "position", 100, 0), *both("T1", "drugs", 10, 100)]
    found = ask(book(*rows))
    assert steps(found, "T1")["not_explained"] == -10
    assert "explained" not in said_of(found, "T1")[0]


def test_bridges_of_the_bodies_below_add_up_to_their_parent() -> None:
    rows = [*LINES, *both("T2", "position", 5, 3)]
    found = steps(ask(book(*rows, tree=TREE)), "S1")
    assert found == {
        "start": 155,
        "agency_pay": -40,
        "income": 10,
        "pay": -5,
        "drugs": 3,
        "not_explained": -2,
        "end": 121,
    }


def test_support_stands_apart_and_is_no_driver() -> None:
    """Support of 12 in the plan, 20 in the forecast: 8 more, and the position is 2 worse."""
    rows = [*both("T1", "position", 5, 3), *both("T1", "support_income", 12, 20)]
    found = ask(book(*rows))
    table = [row for row in found.tables["bridge"] if row["organisation"] == "T1"]
    assert [(row["driver"], row["kind"], row["pence"]) for row in table] == [
        ("start", "start", 500),
        ("not_explained", "residual", -200),
        ("end", "end", 300),
        ("support", "apart", 800),
    ]
    assert said_of(found, "T1")[0].endswith("support is £8 more and in none of this.")


def test_from_last_year_s_actual_to_the_plan_a_body_that_left_is_a_step() -> None:
    """T1 made 40 and plans 35; T2, which made 10, ended in March: 50 to 35."""
    tree = [dict(row) for row in TREE]
    tree[2]["to"] = "2026-03-31"
    rows = [
        amount("T1", "position", 40, year=LAST, basis="actual"),
        amount("T2", "position", 10, year=LAST, basis="actual"),
        amount("T1", "position", 35),
    ]
    found = steps(ask(book(*rows, tree=tree), year=YEAR), "S1", f"{LAST}/actual", PLAN)
    assert found == {"start": 50, "joined_or_left": -10, "not_explained": -5, "end": 35}


def test_an_actual_of_a_part_of_a_year_has_no_bridge_to_the_next() -> None:
    rows = [
        amount("T1", "position", 40, year=LAST, basis="actual", month="M1"),
        amount("T1", "position", 35),
    ]
    assert steps(ask(book(*rows)), "T1", f"{LAST}/actual", PLAN) == {}


def test_savings_that_do_not_repeat_are_gone_in_the_next_plan() -> None:
    """A one-off 9 on drugs last year, 4 of a scheme that starts in April: 5 fewer savings."""
    rows = [
        amount("T1", "patient_care_income", 100, year=LAST, basis="actual"),
        amount("T1", "drugs", 60, year=LAST, basis="actual"),
        amount("T1", "patient_care_income", 100),
        amount("T1", "drugs", 70),
        amount("T1", "drugs", 9, year=LAST, basis="actual", scheme="A"),
        amount("T1", "drugs", 4, scheme="B"),
    ]
    schemes = [scheme(recurrence="non_recurrent"), scheme("B", start="2026-04-01")]
    found = steps(ask(book(*rows, schemes=schemes)), "T1", f"{LAST}/actual", PLAN)
    assert found == {
        "start": 40,
        "savings_less": -9,
        "drugs": -5,
        "savings_more": 4,
        "end": 30,
    }


MONTHLY = [
    *(row for row in LINES if row["basis"] == "plan"),
    *({**row, "known_on": "2026-11-14"} for row in LINES if row["basis"] == "forecast"),
    amount("T1", "agency_pay", 100, basis="forecast", known_on="2026-12-12"),
]
"""In December agency pay is forecast 10 worse than in November."""


def test_a_forecast_that_overtook_another_has_a_bridge_from_it() -> None:
    found = ask(book(*MONTHLY))
    rows = [row for row in found.tables["bridge"] if "@" in row["from"]]
    assert [(row["driver"], row["pence"]) for row in rows] == [
        ("start", 11_800),
        ("agency_pay", -1_000),
        ("end", 10_800),
    ]
    assert rows[0]["from"] == f"adjusted_surplus/T1/{FORECAST}@2026-11-30"
    assert said_of(found, "T1")[1] == (
        "First, 2026/27: the forecast is £10 worse than the forecast known on 30 November 2026; what "
        "moved it most: agency staff (£10 worse)."
    )


@pytest.mark.parametrize("day", ["2026-12-01", "2026-12-31"])
def test_forecasts_of_one_round_come_on_different_days(day: str) -> None:
    """What one body hands in late in the month is of the same round as what another did early."""
    rows = [*MONTHLY[:-1], {**MONTHLY[-1], "known_on": day}]
    found = ask(book(*rows))
    assert {row["from"][-10:] for row in found.tables["bridge"] if "@" in row["from"]} == {
        "2026-11-30"
    }


def test_compare_tells_the_drivers_between_two_readings() -> None:
    said = book(*MONTHLY)
    found = verbs.compare(position_of(said, "2026-11-20"), position_of(said, "2026-12-20"))
    rows = [
        (row["organisation"], row["driver"], row["pence"])
        for row in found.tables["drivers"]
        if "forecast" in row["from"]
    ]
    assert rows == [
        ("T1", "start", 11_800),
        ("T1", "agency_pay", -1_000),
        ("T1", "end", 10_800),
    ]
    assert said_of(found, "T1") == (
        "First, 2026/27: the forecast is £10 worse than in the first of the two; what moved it "
        "most: agency staff (£10 worse).",
    )


def test_a_figure_that_a_stopped_row_leaves_untold_has_no_bridge() -> None:
    rows = [*LINES, amount("T1", "drugs", 1, month="Smarch", basis="forecast")]
    assert steps(ask(book(*rows)), "T1") == {}


def test_a_stopped_row_of_a_scheme_leaves_its_savings_in_the_lines() -> None:
    rows = [*LINES, *both("T1", "drugs", 100, 60, scheme="A")]
    bad = amount("T1", "drugs", 1, month="Smarch", basis="forecast", scheme="A")
    assert steps(ask(book(*rows, bad, schemes=[scheme()])), "T1").get("drugs") == 3


def test_the_forecast_of_a_month_before_is_that_of_the_table_to_date() -> None:
    """With April recorded it is what was known by the end of April, in both tables."""
    actual = [
        amount("T1", "patient_care_income", 90, basis="actual", month="1"),
        amount("T1", "drugs", 80, basis="actual", month="1"),
    ]
    rows = [
        *LINES[::2],
        *({**row, "known_on": "2026-04-20"} for row in LINES[1::2]),
        {**LINES[1], "amount": "1000", "known_on": "2026-05-14"},
        *actual,
    ]
    found = ask(book(*rows))
    (since,) = [r for r in found.tables["bridge"] if "@" in r["from"] and r["kind"] == "start"]
    assert since["from"].endswith("@2026-04-30")
    (to_date,) = [
        r for r in found.tables["to_date"] if not r["line"] and r["forecast_last_month"] is not None
    ]
    assert to_date["forecast_last_month"] == since["pence"] == 11_800
