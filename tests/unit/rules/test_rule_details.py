"""Rules in their details, by hand: a forecast made worse, a trust in two systems, and needs of other years."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules import challenge_evidence as evidence
from controltotal.rules import challenge_neighbours as neighbours
from controltotal.rules.answer import answer_rules
from controltotal.rules.fair_share import _to_the_penny
from controltotal.workings.workings import Workings
from tests.strategies import Cells, position_of

YEAR = "2025-26"
M = 100_000_000
"""£1 million in pence."""
BODIES: list[Cells] = [
    {"code": "S", "name": "System", "kind": "system"},
    {"code": "T", "name": "Ash", "kind": "provider", "parent": "S"},
]


def fact(name: str, value: str, unit: str = "£m", **more: str) -> Cells:
    row = {"organisation": "T", "year": YEAR, "fact": name, "value": value, **more}
    return {**row, "unit": unit} if unit else row


def answered(*facts: Cells, bodies: list[Cells] | None = None, **tables: list[Cells]) -> Result:
    said = {"organisations": bodies or BODIES, "facts": list(facts), **tables}
    return answer_rules(Workings(position_of(said)))


def row(result: Result, rule: str) -> dict[str, Any]:
    return next(
        dict(one)
        for one in result.tables["rules"]
        if (one["rule"], one["organisation"]) == (rule, "T")
    )


def told(**months: str) -> list[Cells]:
    """The official forecast of each month, `m3="-2"`."""
    return [fact("official_forecast", v, month=m[1:]) for m, v in months.items()]


EARLIEST: dict[str, list[Cells]] = {
    "parameters": [
        {
            "name": "forecast_change_earliest_month",
            "value": "7",
            "from": "2013-04-01",
            "authority": "region",
            "mark": "R",
        }
    ]
}


@pytest.mark.parametrize(
    ("month", "status", "why"),
    [
        (6, "breached", "earlier than October"),
        (7, "met", "evidenced, and neither early nor late"),
        (9, "met", "evidenced, and neither early nor late"),
        (10, "breached", "in the last quarter: weak control"),
        (12, "breached", "in the last quarter: weak control"),
    ],
)
def test_a_worse_forecast_comes_neither_early_nor_in_the_last_quarter(
    month: int, status: str, why: str
) -> None:
    """From (2) in month 3 to (9): of three months the last two are held against each other."""
    facts = told(m1="5", m3="-2", **{f"m{month}": "-9"})
    found = row(answered(*facts, fact("actions_evidenced", "1", ""), **EARLIEST), "forecast_change")
    assert (found["status"], found["why"]) == (status, why)
    assert (found["value"], found["consequence_pence"]) == (-7 * M, -7 * M)


def test_what_is_not_evidenced_or_has_no_earliest_month_is_said() -> None:
    facts = told(m3="-2", m8="-9")
    bare = row(answered(*facts, fact("actions_evidenced", "0", ""), **EARLIEST), "forecast_change")
    assert (bare["status"], bare["why"]) == ("breached", "actions are not evidenced")
    both = answered(*told(m3="-2", m4="-9"), fact("actions_evidenced", "0", ""), **EARLIEST)
    assert row(both, "forecast_change")["why"] == "actions are not evidenced; earlier than October"
    none = row(answered(*facts, fact("actions_evidenced", "1", "")), "forecast_change")
    assert (none["status"], none["value"]) == ("indeterminate", -7 * M)
    assert "the earliest month of a change (none is published" in none["why"]
    better = row(answered(*told(m3="-9", m4="-9"), **EARLIEST), "forecast_change")
    assert (better["status"], better["value"], better["consequence_pence"]) == ("met", 0, 0)
    assert better["why"] == "not worse: the protocol asks nothing"


@pytest.mark.parametrize(
    ("forecast", "status", "value", "why"),
    [
        ("0", "met", 1, "case A: the system oversees"),
        ("-0.00000001", "breached", 2, "case B: the region oversees"),
        (None, "indeterminate", None, "cannot be told: the forecast of System is not stated"),
    ],
)
def test_who_oversees_a_worse_forecast(
    forecast: str | None, status: str, value: int | None, why: str
) -> None:
    own = {"organisation": "S", "line": "position", "year": YEAR, "basis": "forecast"}
    amounts = [] if forecast is None else [{**own, "amount": forecast, "unit": "£m"}]
    found = row(answered(*told(m3="-2", m8="-9"), amounts=amounts), "forecast_change_case")
    assert (found["status"], found["value"], found["why"]) == (status, value, why)


def test_a_body_without_a_system_or_with_a_better_forecast_is_overseen_by_nobody() -> None:
    alone = [{"code": "T", "name": "Ash", "kind": "provider"}]
    found = row(answered(*told(m3="-2", m8="-9"), bodies=alone), "forecast_change_case")
    assert found["why"] == "cannot be told: the system above this body is not stated"
    better = row(answered(*told(m3="-9", m8="-2")), "forecast_change_case")
    assert (better["status"], better["value"]) == ("met", 0)


@pytest.mark.parametrize(
    ("spells", "count", "status"),
    [
        ([("S", "", "")], 1, "met"),
        ([("S", "", ""), ("S2", "", "")], 2, "breached"),
        ([("S", "", "2026-03-30"), ("S2", "2026-03-31", "")], 1, "met"),  # on the last day
        ([("S", "", "2026-03-31"), ("S2", "2026-03-31", "")], 2, "breached"),
        ([("S", "", ""), ("S2", "2026-04-01", "")], 1, "met"),
    ],
)
def test_a_trust_is_counted_in_the_systems_that_hold_it_on_the_last_day_of_the_year(
    spells: list[tuple[str, str, str]], count: int, status: str
) -> None:
    trusts = [
        {
            "code": "T",
            "name": "Ash",
            "kind": "provider",
            "parent": parent,
            "from": first,
            "to": last,
        }
        for parent, first, last in spells
    ]
    bodies = [BODIES[0], {"code": "S2", "name": "Other", "kind": "system"}, *trusts]
    found = row(answered(fact("turnover", "1"), bodies=bodies), "counted_once")
    assert (found["value"], found["status"]) == (count, status)
    names = "Other, System" if count == 2 else found["why"].removeprefix("counted in ")
    assert found["why"] == f"counted in {names}"


# -- fair shares -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "minima", "pot", "closings"),
    [
        ({"A": "10/3", "B": "20/3"}, {"A": 0, "B": 0}, 10, {"A": 3, "B": 7}),
        ({"A": "5/2", "B": "5/2"}, {"A": 0, "B": 0}, 5, {"A": 3, "B": 2}),  # by code
        (
            {"A": "3/2", "B": "17/4", "C": "19/4"},
            {"A": 2, "B": 0, "C": 0},
            11,
            {"A": 2, "B": 4, "C": 5},
        ),
        ({"A": "2", "B": "5/2", "C": "5/2"}, {"A": 2, "B": 0, "C": 0}, 7, {"A": 2, "B": 3, "C": 2}),
    ],
)
def test_odd_pennies_go_by_the_largest_remainder_and_never_to_one_at_its_minimum(
    exact: dict[str, str], minima: dict[str, int], pot: int, closings: dict[str, int]
) -> None:
    given = {code: Fraction(value) for code, value in exact.items()}
    assert _to_the_penny(minima, given, pot) == closings


# -- evidence --------------------------------------------------------------------------------------


def test_need_of_the_nearest_year_is_taken_where_that_of_the_year_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evidence, "_of_people", lambda *given: None)
    monkeypatch.setattr(evidence, "_above", lambda *given: ("T", "S"))
    monkeypatch.setattr(evidence, "published_places", lambda *given: "published: table row 2")
    monkeypatch.setattr(evidence, "same_area", lambda one, year, other: other != "2019-20")

    def need(*rows: tuple[str, str, str, float]) -> Any:
        facts = [
            SimpleNamespace(organisation=code, fact=name, year=year, value=value, entry=-9)
            for code, name, year, value in rows
        ]
        totals: Any = SimpleNamespace(position=SimpleNamespace(taken_facts=facts))
        return evidence.need(totals, "T", "2020-21")

    assert need() is None
    assert need(("X", "need", "2020-21", 1.0), ("T", "population", "2020-21", 5.0)) is None
    assert need(("T", "need", "2019-20", 1.0)) is None  # of another area then
    one, found = need(
        ("T", "population", "2020-21", 5.0),
        ("S", "need", "2022-23", 1.1),
        ("S", "need", "2024-25", 1.2),
    )
    assert (one, found.value, found.unit, found.entries) == ("S", 1.1, "index", (-9,))
    assert found.rule == "published: table row 2, of 2022/23, the first year there is"
    _, last = need(("T", "need", "2018-19", 0.9))
    assert last.rule.endswith("of 2018/19, the last year there is")


@pytest.mark.parametrize(
    ("raised", "fictional", "alone", "asked"),
    [
        (1, False, False, True),
        (0, False, False, False),
        (-1, False, False, False),
        (None, False, False, False),
        (1, True, False, False),
        (1, False, True, False),
    ],
)
def test_neighbours_are_looked_for_where_a_real_total_was_raised(
    raised: int | None, fictional: bool, alone: bool, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = None if raised is None else SimpleNamespace(value=raised)
    monkeypatch.setattr(evidence, "raised", lambda *given: found)
    looked: list[str] = []
    monkeypatch.setattr(neighbours, "region_of", lambda totals, code, year: looked.append(code))
    position = SimpleNamespace(book_only=alone, is_fictional=fictional)
    case: Any = SimpleNamespace(code="T", year=YEAR, totals=SimpleNamespace(position=position))
    neighbours.put_neighbours(case)
    assert looked == (["T"] if asked else [])


# -- local prices ----------------------------------------------------------------------------------


def price(name: str, value: str, unit: str = "£m", year: str = "2015-16", **more: str) -> Cells:
    return fact(name, value, unit, year=year, **more)


def contract(code: str, baseline: str) -> Cells:
    row = {"commissioner": code, "provider": "T", "year": "2015-16", "kind": "activity"}
    return {**row, "baseline": baseline, "unit": "£m"}


BUYERS: list[Cells] = [
    *BODIES,
    *({"code": code, "name": code, "kind": "commissioner", "parent": "S"} for code in "XYZ"),
]


def test_a_local_price_is_borne_by_those_that_buy_and_makes_no_money() -> None:
    """19.5 over contracts of 200, 100 and nothing."""
    contracts = [contract("X", "200"), contract("Y", "100"), contract("Z", "0")]
    result = answered(price("lpm_agreed", "19.5"), bodies=BUYERS, contracts=contracts)
    found = row(result, "lpm_zero_sum")
    assert (found["status"], found["value"]) == ("met", 0)
    assert found["why"] == "£19.5 million to the provider, the same from its commissioners"
    parts = {one["part"]: one["value"] for one in result.tables["rule_parts"]}
    assert parts == {"T": 1_950_000_000, "X": -1_300_000_000, "Y": -650_000_000, "Z": 0}


@pytest.mark.parametrize(
    ("contracts", "why"),
    [
        ([], "contracts of the provider, by which commissioners share it is not stated"),
        ([contract("X", "")], "the baseline of the contract with X is not stated"),
    ],
)
def test_without_the_contracts_nobody_knows_who_bears_it(contracts: list[Cells], why: str) -> None:
    result = answered(price("lpm_agreed", "19.5"), bodies=BUYERS, contracts=contracts)
    assert row(result, "lpm_zero_sum")["why"] == f"cannot be told: {why}"


def test_a_price_worked_out_stands_where_none_was_agreed_and_nil_is_one() -> None:
    """1,000 at a cost of 120 against a price of 100 is 20,000; at 100 it is nothing."""
    for cost, pence in (("120", 2_000_000), ("100", 0)):
        facts = [
            price("service_approved", "yes", "", group="maternity"),
            price("activity", "1000", "", group="maternity"),
            price("efficient_unit_cost", cost, "£", group="maternity"),
            price("national_price", "100", "£", group="maternity"),
        ]
        result = answered(*facts, bodies=BUYERS, contracts=[contract("X", "5")])
        assert row(result, "lpm_zero_sum")["status"] == "met"
        parts = {
            one["part"]: one["value"]
            for one in result.tables["rule_parts"]
            if one["rule"] == "lpm_zero_sum"
        }
        assert parts == {"T": pence, "X": -pence}
    lacking = answered(price("efficient_unit_cost", "120", "£", group="maternity"), bodies=BUYERS)
    assert row(lacking, "lpm_zero_sum")["why"] == "cannot be told: the modification is not stated"


@pytest.mark.parametrize(
    ("year", "value", "why"),
    [
        ("2015-16", 20, "100% of £20.0 million = £20.0 million"),
        ("2016-17", 15, "75% of £20.0 million = £15.0 million"),
        ("2019-20", 0, "0% of £20.0 million = nil"),
        ("2020-21", 0, "0% of £20.0 million = nil"),  # after its end
    ],
)
def test_a_taper_goes_down_to_nothing_and_stays_there(year: str, value: int, why: str) -> None:
    own = {"organisation": "T", "line": "position", "year": year, "basis": "plan", "amount": "0"}
    result = answered(price("lpm_first_year", "20"), amounts=[own])
    found = next(
        dict(one)
        for one in result.tables["rules"]
        if (one["rule"], one["year"]) == ("lpm_taper", year)
    )
    assert (found["value"], found["consequence_pence"], found["why"]) == (value * M, value * M, why)


def test_one_stopped_fact_of_several_brings_its_rule_to_life() -> None:
    result = answered(price("lpm_by_application", "perhaps", ""))
    found = row(result, "lpm_tests")
    assert found["status"] == "indeterminate"
    assert not [one for one in answered().tables["rules"] if one["rule"] == "lpm_tests"]
