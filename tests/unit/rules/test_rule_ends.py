"""Where a rule begins, ends or has nothing to divide: first years, bounds, notice, pots and schemes.

Each test stands for a small change of the program that no worked case would have shown.
"""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.workings.workings import Workings
from tests.strategies import position_of

Row = dict[str, str]
TRUST: list[Row] = [{"code": "T", "name": "Ash", "kind": "provider"}]


def answered(**tables: list[Row]) -> Result:
    return answer_rules(Workings(position_of({"organisations": TRUST, **tables})))


def row(result: Result, rule: str) -> dict[str, Any]:
    return next(dict(r) for r in result.tables["rules"] if r["rule"] == rule)


def steps(result: Result, figure: str) -> list[str]:
    return result.trace[figure].rule.splitlines()


def fact(name: str, value: str, year: str, unit: str = "", **more: str) -> Row:
    given = {"organisation": "T", "year": year, "fact": name, "value": value, **more}
    return {**given, "unit": unit} if unit else given


@pytest.mark.parametrize(
    ("rule", "stated"),
    [
        ("section_223L", ("joint_objective_met",)),
        ("section_223M_revenue", ("local_revenue_limit", "revenue_resource_use")),
        ("section_223M_capital", ("local_capital_limit", "capital_resource_use")),
        ("section_223N", ("further_control_met",)),
    ],
)
@pytest.mark.parametrize("year", ["2022-23", "2025-26"])
def test_a_section_that_begins_in_july_binds_in_its_first_year(
    rule: str, stated: tuple[str, ...], year: str
) -> None:
    unit = "" if rule[-1] in "LN" else "£"
    result = answered(
        organisations=[{"code": "T", "name": "Sea", "kind": "system"}],
        facts=[fact(name, "1", year, unit) for name in stated],
    )
    assert row(result, rule)["status"] == "met"


@pytest.mark.parametrize("order", [("plan", "actual"), ("actual", "plan"), ("forecast", "actual")])
def test_the_actual_of_a_fact_comes_before_its_forecast_and_plan(order: tuple[str, str]) -> None:
    """An actual of 30 against a need of 20 passes whichever row stands first."""
    rows = [
        fact("gap_closed", "30" if basis == "actual" else "10", "2017-18", "£", basis=basis)
        for basis in order
    ]
    result = answered(facts=[*rows, fact("gap_to_close", "20", "2017-18", "£")])
    assert row(result, "gap_closure")["value"] == 3000


def test_a_stopped_control_total_below_keeps_the_total_of_its_system_asked() -> None:
    result = answered(
        organisations=[
            {"code": "S", "name": "Sea", "kind": "system"},
            {"code": "T", "name": "Ash", "kind": "provider", "parent": "S"},
        ],
        amounts=[
            {
                "organisation": "T",
                "year": "2023-24",
                "line": "position",
                "basis": "plan",
                "amount": "1",
            }
        ],
        control_totals=[
            {"organisation": "T", "year": "2023-24", "amount": "nearly", "status": "accepted"}
        ],
    )
    assert row(result, "system_control_total")["status"] == "indeterminate"


@pytest.mark.parametrize(
    ("amount", "hedge", "total", "status", "cost"),
    [
        ("-10", "over", "-5", "breached", -500),  # a deficit over 10 is at least 5 short of (5)
        ("-10", "over", "-10", "breached", 0),  # over 10 never reaches (10)
        ("-10", "over", "-12", "indeterminate", None),
        ("-10", "up_to", "-10", "met", 0),  # a deficit of up to 10 is (10) at the worst
        ("-10", "up_to", "-9.99", "indeterminate", None),
    ],
)
def test_a_surplus_known_within_bounds_is_judged_by_its_ends(
    amount: str, hedge: str, total: str, status: str, cost: int | None
) -> None:
    own = {"organisation": "T", "year": "2017-18"}
    actual = {**own, "line": "position", "basis": "actual", "amount": amount, "qualifier": hedge}
    result = answered(
        amounts=[actual], control_totals=[{**own, "amount": total, "status": "accepted"}]
    )
    found = row(result, "own_control_total")
    assert (found["status"], found["consequence_pence"]) == (status, cost)


@pytest.mark.parametrize(
    ("target", "status"), [("267", "met"), ("267.01", "breached"), ("154", "met")]
)
def test_a_target_above_all_opportunities_cannot_come_from_them(target: str, status: str) -> None:
    """Lists of 113 and 154 are worth 267 at the most."""
    result = answered(
        facts=[fact("target_from_opportunities", target, "2017-18", "£")],
        opportunities=[
            {"id": view, "organisation": "T", "view": view, "category": view, "value": value}
            for view, value in (("one", "113"), ("two", "154"))
        ],
    )
    assert row(result, "opportunity_needed")["status"] == status


@pytest.mark.parametrize(
    ("day", "status", "notice"),
    [
        ("2017-03-31", "met", 1),
        ("2017-04-01", "met", 0),
        ("2017-04-02", "breached", -1),
    ],
)
def test_a_cap_set_on_the_first_day_of_the_year_is_not_late(
    day: str, status: str, notice: int
) -> None:
    result = answered(
        organisations=[
            {"code": "S", "name": "Sea", "kind": "system"},
            {"code": "T", "name": "Ash", "kind": "provider", "parent": "S"},
        ],
        control_totals=[
            {
                "organisation": "T",
                "year": "2017-18",
                "amount": "0",
                "status": "accepted",
                "set_on": day,
            }
        ],
        facts=[
            {"organisation": "S", "year": "2017-18", "fact": "planned_spend", "value": "9"},
        ],
    )
    found = row(result, "capped_expenditure_notice")
    assert (found["status"], found["value"]) == (status, notice)
    left = result.value("rule/S/2017-18/capped_expenditure_notice/days_to_deadline")
    assert left == 364 + min(notice, 0)
    # a system without a commissioner's allocation has nothing to be above
    assert row(result, "capped_expenditure_selection")["status"] == "indeterminate"


def test_turnover_is_the_actual_income_of_a_whole_year_else_the_forecast_else_the_plan() -> None:
    def share(*incomes: tuple[str, str, str]) -> Any:
        own = {"organisation": "T", "year": "2017-18"}
        amounts = [
            {**own, "line": "patient_care_income", "basis": b, "month": m, "amount": a}
            if m
            else {**own, "line": "patient_care_income", "basis": b, "amount": a}
            for b, m, a in incomes
        ]
        result = answered(amounts=amounts, facts=[fact("savings_planned", "2", "2017-18", "£")])
        return row(result, "savings_share")["value"]

    plan, forecast = ("plan", "", "200"), ("forecast", "", "100")
    assert share(plan) == 0.01
    assert share(plan, forecast) == 0.02
    assert share(plan, forecast, ("actual", "", "50")) == 0.04
    assert share(plan, ("actual", "1", "50")) == 0.01  # one month is no year
    assert share(("actual", "1", "50")) is None


@pytest.mark.parametrize("weight", ["0", "1"])
@pytest.mark.parametrize("people", ["0", "1000"])
@pytest.mark.parametrize("base", ["0", "-1", "100"])
@pytest.mark.parametrize("pot", ["0", "100"])
def test_a_pot_over_nobody_or_of_nothing_is_told_and_breaks_nothing(
    weight: str, people: str, base: str, pot: str
) -> None:
    own = {"organisation": "C", "year": "2019-20"}
    numbers = {
        "need": "1",
        "market_forces_factor": "1",
        "population": people,
        "inequality_weight": weight,
    }
    facts = [{**own, "fact": name, "value": value} for name, value in numbers.items()]
    facts += [{**own, "fact": "allocation_base", "value": base, "unit": "£"}]
    facts += [
        {
            "organisation": "S",
            "year": "2019-20",
            "fact": "allocation_pot",
            "value": pot,
            "unit": "£",
        }
    ]
    result = answered(
        organisations=[
            {"code": "S", "name": "Sea", "kind": "system"},
            {"code": "C", "name": "Cam", "kind": "commissioner", "parent": "S"},
        ],
        facts=facts,
    )
    good = weight == "1" and people == "1000" and pot == "100"
    target = row(result, "target_allocation")
    assert (target["value"] is not None) is (weight == "1" and people == "1000")
    known = result.value("rule/C/2019-20/distance_from_target")
    assert (known is not None) is good
    assert row(result, "pace_feasible")["status"] == (
        "met" if good and base == "100" else "indeterminate"
    ) or (good and row(result, "pace_feasible")["status"] == "breached")


def test_a_saving_of_no_budget_is_told() -> None:
    result = answered(
        facts=[fact("savings_target", "9", "2017-18", "£"), fact("turnover", "0", "2017-18", "£")]
    )
    found = row(result, "saving_target_share")
    assert (found["status"], found["why"]) == (
        "indeterminate",
        "cannot be told: a budget above nil is not stated",
    )


@pytest.mark.parametrize(
    ("maturity", "saved"), [("in_progress", 120000), ("unidentified", None), ("opportunity", None)]
)
def test_savings_of_the_year_are_of_named_schemes_in_the_plan(
    maturity: str, saved: int | None
) -> None:
    scheme = {
        "id": "S",
        "organisation": "T",
        "title": "A scheme",
        "maturity": maturity,
        "recurrence": "recurrent",
        "start": "2017-04-01",
        "full_year_effect": "1200",
    }
    result = answered(schemes=[scheme], facts=[fact("turnover", "1", "2017-18", "£")])
    found = result.figure("rule/T/2017-18/savings_part_year")
    assert (found.value if found else None) == saved


def test_a_legacy_of_a_board_outside_any_system_cannot_be_told() -> None:
    position = [
        {"organisation": "T", "year": year, "line": "position", "basis": "actual", "amount": "1"}
        for year in ("2022-23", "2023-24")
    ]
    result = answered(
        organisations=[{"code": "T", "name": "Cam", "kind": "commissioner"}],
        amounts=position,
        facts=[fact("legacy_balance", "-30", "2021-22", "£")],
    )
    found = row(result, "commissioner_legacy")
    assert (found["status"], found["why"]) == (
        "indeterminate",
        "cannot be told: the system of Cam is not stated",
    )


LAWFUL = {(0, 1), (0, 2), (1, 0), (1, 2), (1, 3), (2, 1), (2, 3), (3, 0), (3, 1), (3, 2)}


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(4))
def test_every_step_between_states_of_recovery(before: int, after: int) -> None:
    """From usual nobody leaves by the exit; from directions one goes back by recovery or out by the exit."""
    result = answered(
        facts=[
            fact("recovery_state", str(before), "2013-14", month="2"),
            fact("recovery_state", str(after), "2013-14", month="3"),
        ]
    )
    odd = any("no step leads" in line for line in steps(result, "rule/T/2013-14/recovery_state"))
    assert odd is (before != after and (before, after) not in LAWFUL)


def test_what_a_part_lacks_is_said_in_its_steps() -> None:
    result = answered(facts=[fact("fund_offer", "12", "2017-18", "£")])
    assert any(
        "finance met or control total to date (Q1)" in line
        for line in steps(result, "rule/T/2017-18/fund_core/Q1")
    )


@pytest.mark.parametrize(("recurrence", "ahead"), [("recurrent", 60000), ("non_recurrent", 0)])
def test_only_what_recurs_flows_through(recurrence: str, ahead: int) -> None:
    """1,200 a year from October is 600 in the year; the other 600 comes next year if it recurs."""
    scheme = {
        "id": "S",
        "organisation": "T",
        "title": "A scheme",
        "maturity": "in_progress",
        "recurrence": recurrence,
        "start": "2017-10-01",
        "full_year_effect": "1200",
    }
    result = answered(schemes=[scheme], facts=[fact("turnover", "1", "2017-18", "£")])
    assert result.value("rule/T/2017-18/savings_part_year") == 60000
    assert result.value("rule/T/2017-18/savings_flow_through") == ahead
