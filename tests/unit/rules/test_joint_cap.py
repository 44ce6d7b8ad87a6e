"""One cap over a whole system, counted both ways, and published rows that speak of another body."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules import challenge
from controltotal.rules.answer import answer_rules
from controltotal.workings.workings import Workings
from tests.strategies import Cells, position_of

YEAR = "2017-18"
M = 100_000_000
"""£1 million in pence."""
BODIES: list[Cells] = [
    {"code": "S", "name": "System", "kind": "system"},
    {"code": "C", "name": "Board", "kind": "commissioner", "parent": "S"},
    {"code": "T", "name": "Trust", "kind": "provider", "parent": "S"},
]


def fact(name: str, value: str, code: str = "S") -> Cells:
    row = {"organisation": code, "year": YEAR, "fact": name, "value": value}
    return {**row, "unit": "£m"}


def amount(line: str, value: str, code: str) -> Cells:
    row = {"organisation": code, "line": line, "year": YEAR, "basis": "plan", "unit": "£m"}
    return {**row, "amount": value}


FACTS = [fact("joint_other_income", "40"), fact("planned_spend", "605"), fact("fund_offer", "6")]


def answered(*more: Cells, facts: list[Cells] = FACTS, amounts: tuple[Cells, ...] = ()) -> Result:
    """520 of allocation and 40 of income; control totals of nil and (20)."""
    totals = [
        {"organisation": code, "year": YEAR, "status": "accepted", "amount": value, "unit": "£m"}
        for code, value in (("C", "0"), ("T", "-20"))
    ]
    said = {
        "organisations": BODIES,
        "facts": [*facts, *more],
        "amounts": [amount("allocation", "520", "C"), *amounts],
        "control_totals": totals,
    }
    return answer_rules(Workings(position_of(said)))


def steps(result: Result, rule: str) -> list[str]:
    return result.trace[f"rule/S/{YEAR}/{rule}"].rule.splitlines()[1:-1]


def test_a_cap_is_all_the_money_less_the_surpluses_that_must_be_made() -> None:
    """520 + 40 + 6 - (0 - 20) = 586; 605 is 19 above it."""
    result = answered()
    assert result.value(f"rule/S/{YEAR}/joint_cap") == 586 * M
    assert steps(result, "joint_cap") == [
        "allocations: £520.0 million of 1 bodies",
        "other income £40.0 million, fund £6.0 million",
        "control totals: a deficit of £20.0 million of 2 bodies",
    ]
    assert result.value(f"rule/S/{YEAR}/joint_gap") == 19 * M
    said = steps(result, "joint_gap")
    assert said[0] == "planned spend £605.0 million less the cap £586.0 million = £19.0 million"
    assert said[-1] == "£19.0 million above the cap"
    assert (
        "the other way: a deficit of £20.0 million less a planned position of a deficit of £39.0 million"
        in said
    )
    assert not any("ask what it leaves out" in one for one in said)


@pytest.mark.parametrize(("plan", "asks"), [("-39", False), ("-38", True), ("-38.99999999", True)])
def test_a_plan_that_says_another_position_is_asked_what_it_leaves_out(
    plan: str, asks: bool
) -> None:
    said = steps(answered(amounts=(amount("position", plan, "S"),)), "joint_gap")
    assert any(one.endswith("ask what it leaves out") for one in said) is asks


@pytest.mark.parametrize(
    ("offers", "cap", "said"),
    [
        ({"S": "6", "T": "6"}, 586, ""),
        (
            {"S": "6", "T": "5"},
            586,
            "the offers to its bodies come to £5.0 million: ask which is right",
        ),
        ({"T": "5", "C": "2"}, 587, "offers of the fund to its bodies: £7.0 million of 2 bodies"),
    ],
)
def test_an_offer_of_the_whole_stands_else_those_of_the_bodies_are_added(
    offers: dict[str, str], cap: int, said: str
) -> None:
    rows = [fact("fund_offer", value, code) for code, value in offers.items()]
    result = answered(*rows, facts=FACTS[:2])
    assert result.value(f"rule/S/{YEAR}/joint_cap") == cap * M
    assert (said in steps(result, "joint_cap")) is bool(said)
    none = answered(facts=FACTS[:2])
    row = next(dict(one) for one in none.tables["rules"] if one["rule"] == "joint_gap")
    assert row["why"] == "cannot be told: fund offer is not stated"


def test_a_plan_within_the_cap_is_within_it() -> None:
    result = answered(facts=[FACTS[0], fact("planned_spend", "586"), FACTS[2]])
    row = next(dict(one) for one in result.tables["rules"] if one["rule"] == "joint_gap")
    assert (row["status"], row["value"], row["why"]) == ("met", 0, "within the cap")


# -- published of another body ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, True),
        ({"code": "X", "body": "C"}, True),
        ({"code": "X", "body": "X"}, False),
        ({"code": "P", "body": "X"}, True),  # a commissioner of its system
        ({"known": date(2017, 4, 1)}, True),
        ({"known": date(2017, 4, 2)}, False),  # nobody knew it when the year began
        ({"year": "2016-17"}, False),
        ({"year": "2016-17", "is_distance": True}, True),  # a distance stands for later years
    ],
)
def test_published_rows_of_others_are_told_where_they_were_known(
    change: dict[str, Any], told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge, "commissioners", lambda *given: ("P",))
    row = {"code": "C", "body": "C", "year": YEAR, "known": date(2016, 1, 1), "is_distance": False}
    other = SimpleNamespace(**{**row, **change})
    position = SimpleNamespace(of_others=[other])
    case: Any = SimpleNamespace(code="C", year=YEAR, totals=SimpleNamespace(position=position))
    assert challenge._of_others(case) == ([other] if told else [])
