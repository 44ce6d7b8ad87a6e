"""If more patients come: what cost moves, how far activity is from its plan, and whose shares."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import verbs
from controltotal.core.result import Answer, Result
from controltotal.outlook.what_if import Group, _change_to_date, _cost, _groups, _parts
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

SHARES = {"fixed_share": "0.5", "semi_fixed_share": "0.3", "marginal_share": "0.2"}


def fact(name: str, value: object, **more: str) -> Cells:
    row = {"organisation": "T1", "fact": name, "year": YEAR, "value": str(value)}
    return {**row, **more}


def priced(value: object, **more: str) -> Cells:
    return fact("unit_cost", value, unit="£", **more)


def told(*facts: Cells, rows: tuple[Cells, ...] = (), **tables: list[Cells]) -> Totals:
    given = book(*rows or (amount("T1", "position", 0),), tree=TREE, facts=[*facts], **tables)
    return Workings(position_of(given)).totals


def monthly(value: int, last: int = 12, **more: str) -> list[Cells]:
    return [fact("activity", value, month=str(n), **more) for n in range(1, last + 1)]


def test_activity_is_kept_by_group_as_planned_as_it_came_and_of_the_year() -> None:
    """A fact of another body, year, scenario or kind is no part of it."""
    found = _groups(
        told(
            fact("activity", 100, month="1", basis="plan", group="beds"),
            fact("activity", 90, month="1", basis="actual", group="beds"),
            fact("activity", 1_200, group="beds"),
            fact("activity", 55, basis="actual", group="beds"),
            fact("activity", 7, month="Q1", group="beds"),
            fact("activity", 30, month="2"),
            fact("activity", 99, month="3", scenario="low"),
            fact("activity", 99, month="3", organisation="T2"),
            fact("activity", 99, month="3", year="2027-28"),
            priced(20, group="beds"),
            priced(99, group="beds", basis="actual"),
            priced(5, group="contacts"),
        ),
        "T1",
        YEAR,
    )
    assert found == {
        "beds": Group({1: 100.0}, {1: 90.0}, 1_200.0, 2_000.0),
        "": Group({2: 30.0}, {}, None, None),
    }


def test_the_year_planned_is_as_stated_else_its_twelve_months() -> None:
    whole = dict.fromkeys(range(1, 13), 10.0)
    assert Group(whole).plan_year == 120
    assert Group(whole, stated_year=150.0).plan_year == 150
    assert Group(dict.fromkeys(range(1, 12), 10.0)).plan_year is None
    assert Group(stated_year=0.0).plan_year == 0


def cost(*facts: Cells, rows: tuple[Cells, ...] = ()) -> float | None:
    """In pounds."""
    pence = _cost(told(*facts, rows=rows), "T1", YEAR)
    return None if pence is None else pence / 100


COSTS = (amount("T1", "patient_care_income", 700), amount("T1", "pay", 640))


def test_cost_is_the_price_of_planned_activity_where_every_group_has_both() -> None:
    """100 at 3 and 120 at 2 make 540; without a price for one, the whole cost of 640 is taken."""
    beds, contacts = fact("activity", 100, group="beds"), monthly(10, group="contacts")
    prices = [priced(3, group="beds"), priced(2, group="contacts")]
    assert cost(beds, *contacts, *prices, rows=COSTS) == 540
    assert cost(beds, *contacts, prices[0], rows=COSTS) == 640
    assert cost(beds, *contacts[1:], *prices, rows=COSTS) == 640
    assert cost(rows=COSTS) == 640
    assert cost(beds, priced(0, group="beds"), rows=COSTS) == 0


def test_a_cost_forecast_is_taken_before_the_plan() -> None:
    assert cost(rows=(*COSTS, amount("T1", "pay", 650, basis="forecast"))) == 650


def test_between_an_allocation_and_a_position_lies_the_cost() -> None:
    """1,000 allocated and a deficit of 20 cost 1,020; without the allocation nobody can say."""
    rows = (amount("T1", "position", -20), amount("T1", "allocation", 1_000))
    assert cost(rows=rows) == 1_020
    assert cost(rows=rows[:1]) is None
    assert cost(rows=rows[1:]) is None


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        ([], None),
        ([*monthly(10), *monthly(11, 2, basis="actual")], 0.1),
        ([*monthly(10, 1), *monthly(11, 3, basis="actual")], 0.1),  # of the month both tell
        ([*monthly(10)], None),  # nothing has come yet, of nothing planned to date
        ([*monthly(0, 2), *monthly(11, 2, basis="actual")], None),
        (
            [
                *monthly(10, 1, group="beds"),
                *monthly(12, 1, group="beds", basis="actual"),
                priced(3, group="beds"),
                *monthly(30, 1, group="contacts"),
                *monthly(30, 1, group="contacts", basis="actual"),
                priced(1, group="contacts"),
            ],
            0.1,  # 36 and 30 over 30 and 30
        ),
        (
            [
                *monthly(10, 1, group="beds"),
                *monthly(12, 1, group="beds", basis="actual"),
                priced(3, group="beds"),
                *monthly(30, 1, group="contacts"),
                *monthly(30, 1, group="contacts", basis="actual"),
            ],
            None,  # two kinds, of which one has no price
        ),
        (
            [
                *monthly(10, 1, group="beds"),
                *monthly(12, 1, group="beds", basis="actual"),
            ],
            0.2,  # one kind needs none
        ),
    ],
)
def test_activity_to_date_beside_its_plan(facts: list[Cells], change: float | None) -> None:
    found = _change_to_date(told(*facts), "T1", YEAR)
    assert found == (None if change is None else pytest.approx(change))


def shares(fixed: str = "0.5") -> list[Cells]:
    values = {**SHARES, "fixed_share": fixed, "semi_fixed_step": "0.02"}
    return [fact(name, value) for name, value in values.items()]


def test_parts_of_cost_are_the_bodys_own_with_their_rows() -> None:
    totals = told(*shares())
    parts = _parts(Answer("forecast"), totals, "T1", YEAR)
    assert parts is not None
    found, labels, verified, entries = parts
    assert (found.fixed, found.semi_fixed, found.marginal, found.step) == (0.5, 0.3, 0.2, 0.02)
    assert (labels, verified) == ((), True)
    assert set(entries) == {row.entry for row in totals.position.book.facts}
    assert len(entries) == 4


def test_parts_that_nobody_states_are_parameters_which_nobody_has_checked() -> None:
    parts = _parts(Answer("forecast"), told(*shares()[:3]), "T1", YEAR)
    assert parts is not None
    assert len(parts[1]) == 1 and parts[1][0].startswith("activity_semi_fixed_step")
    assert parts[2] is False and len(parts[3]) == 3


def test_parts_that_are_more_than_the_whole_are_an_error_at_their_rows() -> None:
    answer = Answer("forecast")
    assert _parts(answer, told(*shares("0.6")), "T1", YEAR) is None
    (finding,) = answer.result().findings
    assert (finding.code, finding.severity, finding.organisation) == (
        "ACTIVITY_PARTS",
        "error",
        "T1",
    )
    assert finding.found == "1.1"
    assert finding.where == "facts row 2, facts row 3, facts row 4, facts row 5"


def outturn(*facts: Cells, rows: tuple[Cells, ...] = COSTS) -> Result:
    return verbs.forecast(position_of(book(*rows, tree=TREE, facts=[*facts, *shares()])))


def figures(result: Result) -> dict[str, Any]:
    name = f"outturn/T1/{YEAR}/forecast/activity"
    found = {f.id.removeprefix(name): f for f in result.figures if f.id.startswith(name)}
    return {end: (figure.value, figure.status) for end, figure in found.items()}


def test_a_hundredth_more_costs_the_marginal_part_of_it() -> None:
    """60 planned; a hundredth of 640 is 6.40, of which a fifth moves: 1.28."""
    result = outturn()
    assert figures(result) == {"": (6_000, "ok"), "/up_1": (5_872, "ok"), "/down_1": (6_128, "ok")}
    rows = {row["change"]: row for row in result.tables["activity"]}
    assert set(rows) == {-0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03}
    row = rows[0.01]
    assert (row["organisation"], row["year"], row["pence"]) == ("T1", YEAR, 5_872)
    assert (row["cost_pence"], row["fixed_share"], row["semi_fixed_step"]) == (64_000, 0.5, 0.02)
    assert (row["semi_fixed_share"], row["marginal_share"]) == (0.3, 0.2)


def test_activity_above_plan_leaves_the_plan_less_what_it_costs() -> None:
    """A tenth more of 640: a fifth of 64 is 12.80, and five steps of a fiftieth move 30 % of 64,
    19.20; the plan of 60 becomes 28, whatever the forecast says."""
    facts = [*monthly(10), *monthly(11, 2, basis="actual")]
    assert figures(outturn(*facts))[""] == (2_800, "ok")
    forecast = (*COSTS, amount("T1", "position", 50, basis="forecast"))
    assert figures(outturn(*facts, rows=forecast))[""] == (2_800, "ok")


def test_of_a_grouping_nothing_is_said() -> None:
    result = outturn()
    named = {f.organisation for f in result.figures if f.id.endswith("/activity")}
    assert named == {"T1"}
