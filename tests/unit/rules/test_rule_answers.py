"""The answer of the rules: which are asked, the row and figure of each, what is refused and what is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.answer import _asked, _periods, answer_rules, unknown_waivers
from controltotal.rules.registry import RULES, in_order
from controltotal.workings.workings import Workings
from tests.small_books import TREE
from tests.strategies import YEAR, Cells, amount, position_of

BEFORE = "2025-26"


def answered(*rows: Cells, asked: dict[str, Any] | None = None, **tables: list[Cells]) -> Result:
    said = {"organisations": TREE, "amounts": list(rows), **tables}
    return answer_rules(Workings(position_of(said)), **(asked or {}))


def total(code: str, pounds: str, **more: str) -> Cells:
    row = {"organisation": code, "year": YEAR, "amount": pounds, "status": "accepted"}
    return {**row, **more}


def row(result: Result, rule: str, code: str = "T1") -> dict[str, Any]:
    (found,) = (
        dict(one)
        for one in result.tables["rules"]
        if (one["rule"], one["organisation"]) == (rule, code)
    )
    return found


def test_an_outcome_has_a_row_and_a_figure_with_its_steps() -> None:
    """A plan of 3 against a control total of 5 is 2 worse."""
    result = answered(amount("T1", "position", 3), control_totals=[total("T1", "5")])
    found = row(result, "own_control_total")
    assert found == {
        "organisation": "T1",
        "year": YEAR,
        "rule": "own_control_total",
        "title": "A body's own control total",
        "status": "breached",
        "value": -200,
        "unit": "pence",
        "consequence_pence": -200,
        "parameters": [],
        "unverified": [],
        "why": "£2 worse than the control total",
    }
    name = f"rule/T1/{YEAR}/own_control_total"
    figure, trace = result.figure(name), result.trace[name]
    assert figure is not None and (figure.value, figure.status) == (-200, "ok")
    assert trace.rule.splitlines()[0].startswith("A body's own control total: ")
    assert trace.rule.splitlines()[-1] == "outcome: breached"
    assert trace.inputs[0] == f"control_total/T1/{YEAR}/plan"


def test_an_outcome_that_lacks_something_is_a_figure_without_a_value() -> None:
    result = answered(control_totals=[total("T1", "5")])
    found = row(result, "own_control_total")
    assert (found["status"], found["value"], found["consequence_pence"]) == (
        "indeterminate",
        None,
        None,
    )
    figure = result.figure(f"rule/T1/{YEAR}/own_control_total")
    assert figure is not None and (figure.status, figure.unknown) == (
        "indeterminate",
        "not_stated",
    )


def test_only_the_year_and_the_bodies_asked_about_are_answered() -> None:
    rows = [
        amount(code, "position", 3, year=year) for code in ("T1", "T2") for year in (BEFORE, YEAR)
    ]

    def bodies(**asked: str) -> set[tuple[str, str]]:
        found = answered(*rows, asked=asked).tables["rules"]
        return {(str(one["organisation"]), str(one["year"])) for one in found}

    assert {year for _, year in bodies()} == {BEFORE, YEAR}
    assert {year for _, year in bodies(year=BEFORE)} == {BEFORE}
    assert {code for code, _ in bodies(organisation="T1")} == {"T1"}
    assert {"T1", "T2"} <= {code for code, _ in bodies(organisation="S1")}


@pytest.mark.parametrize(
    ("facts", "year", "periods"),
    [
        ([], None, (YEAR,)),
        ([("H1", YEAR)], None, (YEAR, f"{YEAR}-H1")),
        ([("H2", YEAR), ("H1", BEFORE)], YEAR, (YEAR, f"{YEAR}-H2")),
        ([("Q1", YEAR)], None, (YEAR,)),
    ],
)
def test_a_half_of_which_only_facts_are_stated_is_asked_too(
    facts: list[tuple[str, str]], year: str | None, periods: tuple[str, ...]
) -> None:
    rows = [
        {"organisation": "T1", "fact": "turnover", "value": "5", "month": month, "year": of}
        for month, of in facts
    ]
    said = {"organisations": TREE, "amounts": [amount("T1", "position", 3)], "facts": rows}
    assert _periods(position_of(said), year) == periods


def test_under_a_what_if_the_rules_of_the_other_regime_stand_back() -> None:
    for year in ("2024-25", YEAR):
        for kind in ("system", "provider", "commissioner"):
            usual = {one.name: one.regime for one in _asked(kind, year, "")}
            for regime in ("system", "body"):
                found = _asked(kind, year, regime)
                assert {one.regime for one in found} <= {"", regime}
                mine = {one.name for one in RULES if one.regime == regime and kind in one.kinds}
                plain = {name for name, of in usual.items() if not of}
                assert {one.name for one in found} == mine | plain
                assert [one.name for one in found] == [
                    one.name for one in RULES if one.name in mine | plain
                ]


def test_a_half_is_asked_of_no_regime_but_its_own() -> None:
    usual = {one.name for one in _asked("system", "2021-22-H1", "")}
    for regime in ("system", "body"):
        found = {one.name for one in _asked("system", "2021-22-H1", regime)}
        assert found <= usual


@pytest.mark.parametrize(
    ("rule", "told"), [("own_control_total", False), ("own_control_totals", True)]
)
def test_a_waiver_of_a_rule_that_does_not_exist_is_told(rule: str, told: bool) -> None:
    waiver = {"rule": rule, "organisation": "T1", "year": YEAR, "by": "Region", "on": "2026-05-01"}
    position = position_of({"organisations": TREE, "waivers": [waiver]})
    found = list(unknown_waivers(position))
    assert [(one.code, one.severity, one.found) for one in found] == [
        ("UNKNOWN_RULE", "warning", rule)
    ] * told
    assert [one.code for one in answer_rules(Workings(position)).findings] == [
        "UNKNOWN_RULE"
    ] * told


def test_rules_stand_once_and_after_those_that_they_rest_on() -> None:
    assert in_order(RULES) == RULES
    with pytest.raises(AssertionError, match="two rules are called"):
        in_order((RULES[0], RULES[0]))
    resting = next(rule for rule in RULES if rule.after)
    with pytest.raises(AssertionError, match="which must stand before it"):
        in_order((resting,))
