"""What a person reads at the edge of a rule about savings, legacies and recovery."""

from __future__ import annotations

import pytest

from tests.rule_rows import answered, fact, row, steps


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
