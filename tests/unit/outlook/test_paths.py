"""The facts of money on which a path rests: of one scenario, one basis and the groups asked for."""

from __future__ import annotations

import pytest

from controltotal.outlook import paths as outlook_paths
from controltotal.outlook.paths import Carried, _facts
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of


def totals(*facts: Cells) -> Totals:
    given = {"organisation": "T1", "fact": "cost_pressure", "year": YEAR, "unit": "£"}
    rows = [{**given, **fact} for fact in facts]
    return Workings(position_of(book(amount("T1", "position", 0), tree=TREE, facts=rows))).totals


def pounds(
    found: Totals, code: str = "T1", scenario: str = "", group: str | None = None
) -> int | None:
    pence = _facts(found, code, YEAR, "cost_pressure", scenario, group).pence
    return None if pence is None else pence // 100


@pytest.mark.parametrize(
    ("facts", "scenario", "found"),
    [
        ([], "", None),
        ([{"value": "5"}], "", 5),
        ([{"value": "5"}, {"value": "4", "group": "once"}], "", 9),
        ([{"value": "5", "month": "7"}], "", None),
        ([{"value": "5"}, {"value": "8", "scenario": "low"}], "", 5),
        ([{"value": "5"}, {"value": "8", "scenario": "low"}], "low", 8),
        ([{"value": "5"}, {"value": "8", "scenario": "low"}], "high", 5),
        ([{"value": "8", "scenario": "low"}], "", None),
    ],
)
def test_a_fact_of_a_scenario_is_its_own_else_the_main_one(
    facts: list[Cells], scenario: str, found: int | None
) -> None:
    assert pounds(totals(*facts), scenario=scenario) == found


def test_a_forecast_is_taken_before_a_plan_and_never_both() -> None:
    both = totals({"value": "5", "basis": "plan"}, {"value": "7", "basis": "forecast"})
    assert pounds(both) == 7
    assert pounds(totals({"value": "5", "basis": "plan"})) == 5
    assert pounds(totals({"value": "7", "basis": "forecast"})) == 7


def test_a_group_that_is_asked_for_is_the_only_one_and_a_fact_without_one_recurs() -> None:
    given = totals({"value": "5"}, {"value": "4", "group": "non_recurrent"})
    assert pounds(given, group="recurrent") == 5
    assert pounds(given, group="non_recurrent") == 4
    assert pounds(given, group="other") is None


def test_what_only_the_bodies_below_state_is_added_up() -> None:
    below = totals({"value": "5"}, {"value": "4", "organisation": "T2"})
    assert pounds(below, "S1") == 9
    assert pounds(totals({"value": "5"}), "S1") == 5
    own = totals({"value": "5"}, {"value": "20", "organisation": "S1"})
    assert pounds(own, "S1") == 20
    assert pounds(totals(), "S1") is None
    entries = _facts(below, "S1", YEAR, "cost_pressure", "").entries
    assert len(entries) == 2


def test_what_schemes_bring_more_or_less_is_added_up_to_the_penny(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes = {"T1": [(1, 7), (-1, 9), (0, 8)], "T2": [(40, 5), (-30, 7)]}
    monkeypatch.setattr(outlook_paths, "_scheme_changes", lambda *asked: changes)
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
    }

    def carried(code: str) -> Carried:
        made = book(amount("T1", "position", 0), tree=TREE, schemes=[scheme])
        return outlook_paths._carried(Workings(position_of(made)), code, YEAR, "plan", "2027-28")

    assert carried("T1") == Carried(1, 1, (7, 8, 9))
    assert carried("S1") == Carried(41, 31, (5, 7, 8, 9))
    assert carried("S1").net == 10
