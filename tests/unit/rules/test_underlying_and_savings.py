"""What recurs beneath a position, and savings beside their whole: each outcome with its why, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.workings.workings import Workings
from tests.strategies import Cells, position_of

YEAR = "2017-18"
M = 100_000_000
"""£1 million in pence."""
BODIES: list[Cells] = [
    {"code": "S", "name": "System", "kind": "system"},
    {"code": "T", "name": "Ash", "kind": "provider", "parent": "S"},
    {"code": "C", "name": "Cam", "kind": "commissioner", "parent": "S"},
]


def fact(name: str, value: str, unit: str = "£m", **more: str) -> Cells:
    row = {"organisation": "T", "year": YEAR, "fact": name, "value": value, **more}
    return {**row, "unit": unit} if unit else row


def amount(line: str, value: str, code: str = "T", **more: str) -> Cells:
    row = {"organisation": code, "line": line, "year": YEAR, "basis": "plan", "unit": "£m"}
    return {**row, "amount": value, **more}


def answered(*facts: Cells, **tables: list[Cells]) -> Result:
    said = {"organisations": BODIES, "facts": list(facts), **tables}
    return answer_rules(Workings(position_of(said)))


def found(result: Result, rule: str, code: str = "T", year: str = YEAR) -> dict[str, Any]:
    return next(
        dict(one)
        for one in result.tables["rules"]
        if (one["rule"], one["organisation"], one["year"]) == (rule, code, year)
    )


def outcome(result: Result, rule: str, code: str = "T") -> tuple[str, object, object, str]:
    """Status, value in £ million (or share), consequence and why."""
    one = found(result, rule, code)
    money = one["unit"] == "pence" and one["value"] is not None
    cost = one["consequence_pence"]
    return (
        one["status"],
        one["value"] / M if money else one["value"],
        cost / M if cost else cost,
        one["why"],
    )


# -- the gap and what recurs -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "pressures", "saved", "said"),
    [
        (
            "300",
            ("20", "10"),
            "60",
            ("breached", 270, 0, "£300.0 million + £30.0 million - £60.0 million = £270.0 million"),
        ),
        ("50", ("10",), "60", ("met", 0, 0, "£50.0 million + £10.0 million - £60.0 million = nil")),
        (
            "50",
            ("10",),
            "61",
            (
                "met",
                -1,
                0,
                "£50.0 million + £10.0 million - £61.0 million = a deficit of £1.0 million",
            ),
        ),
    ],
)
def test_a_gap_is_what_was_missing_and_new_pressure_less_what_recurs(
    opening: str, pressures: tuple[str, ...], saved: str, said: tuple[Any, ...]
) -> None:
    rows = [fact("pressure", v, group=f"g{n}") for n, v in enumerate(pressures)]
    result = answered(fact("gap_opening", opening), fact("savings_recurrent", saved), *rows)
    assert outcome(result, "gap_rolled_forward") == said
    bare = answered(fact("gap_opening", opening), fact("savings_recurrent", saved))
    assert found(bare, "gap_rolled_forward")["why"] == "cannot be told: pressure is not stated"


ONCE = [
    fact("non_recurrent_income", "5"),
    fact("non_recurrent_savings", "2", group="land_sales"),
    fact("non_recurrent_savings", "1", group="other"),
    fact("non_recurrent_costs", "4"),
    fact("full_year_effects", "3"),
]


def test_what_comes_once_is_taken_out_and_what_will_not_come_again_put_back() -> None:
    """(10) as reported, less 5, 2 and 1, plus 4 and 3."""
    result = answered(*ONCE, amounts=[amount("position", "-10")])
    assert outcome(result, "underlying_position") == (
        "breached",
        -11,
        0,
        "underlying: a deficit of £11.0 million",
    )
    steps = result.trace[f"rule/T/{YEAR}/underlying_position"].rule.splitlines()
    assert steps[1:-2] == [
        "reported: a deficit of £10.0 million",
        "less non recurrent income: £5.0 million",
        "less non recurrent savings (land sales): £2.0 million",
        "less non recurrent savings (other): £1.0 million",
        "plus non recurrent costs: £4.0 million",
        "plus full year effects: £3.0 million",
    ]
    lacking = answered(*ONCE[:-1], amounts=[amount("position", "-10")])
    assert found(lacking, "underlying_position")["why"] == (
        "cannot be told: full year effects is not stated"
    )


@pytest.mark.parametrize(
    ("last", "once", "said"),
    [
        ("-2", "1.5", ("breached", -30, 0, "x 4 = a deficit of £30.0 million")),
        ("0.5", "1.5", ("met", 0, 0, "x 4 = nil")),
    ],
)
def test_the_rate_at_the_years_end_is_its_last_quarter_four_times(
    last: str, once: str, said: tuple[Any, ...]
) -> None:
    """Three months of (2) are (6), less 1.5 that came once: (7.5); of 0.5 they are 1.5."""
    rows = [
        amount("position", "-9" if month <= 9 else last, basis="actual", month=str(month))
        for month in range(1, 13)
    ]
    result = answered(fact("once_only_last_quarter", once), amounts=rows)
    assert outcome(result, "exit_rate") == said
    short = answered(fact("once_only_last_quarter", once), amounts=rows[:8])
    assert found(short, "exit_rate")["status"] == "indeterminate"


@pytest.mark.parametrize(
    ("month", "value", "why"),
    [
        ("1", -1, "a deficit of £12.0 million x 1 / 12 = a deficit of £1.0 million"),
        ("2", -2, "a deficit of £12.0 million x 2 / 12 = a deficit of £2.0 million"),
        ("12", -12, "a deficit of £12.0 million x 12 / 12 = a deficit of £12.0 million"),
    ],
)
def test_behind_a_straight_line_stands_a_result_to_date(month: str, value: int, why: str) -> None:
    result = answered(fact("straight_line_outturn", "-12", month=month))
    assert outcome(result, "straight_line") == ("met", value, None, why)
    later = answered(
        fact("straight_line_outturn", "-12", month="1"),
        fact("straight_line_outturn", "-24", month="3"),
    )
    assert found(later, "straight_line")["value"] == -6 * M  # the latest
    none = answered(fact("straight_line_outturn", "-12"))
    assert "the month that the straight line was drawn from" in found(none, "straight_line")["why"]


def total(value: str) -> list[Cells]:
    row = {"organisation": "T", "year": YEAR, "status": "accepted"}
    return [{**row, "amount": value, "unit": "£m"}]


def test_an_improvement_is_a_share_of_the_deficit_before_it() -> None:
    """From (277) to (97) is 180."""
    facts = fact("deficit_before_improvement", "277")
    result = answered(facts, control_totals=total("-97"))
    status, value, cost, why = outcome(result, "improvement_asked")
    assert (status, cost) == ("met", None) and value == pytest.approx(180 / 277)
    assert why == "£180.0 million of £277.0 million is 64.982%"
    assert result.value(f"rule/T/{YEAR}/improvement_asked/improvement") == 180 * M
    for before in ("0", "-1"):
        lacking = answered(fact("deficit_before_improvement", before), control_totals=total("-97"))
        assert "a deficit to improve on is not stated" in found(lacking, "improvement_asked")["why"]
    least = answered(
        fact("deficit_before_improvement", "0.01", unit="£"), control_totals=total("0")
    )
    assert found(least, "improvement_asked")["value"] == 1


def listed(view: str, value: str, **more: str) -> Cells:
    row = {"id": f"{view}{value}", "view": view, "organisation": "T", "category": "c"}
    return {**row, "year": YEAR, "value": value, "unit": "£m", **more}


LISTS = [listed("A", "113"), listed("B", "150"), listed("B", "4")]


@pytest.mark.parametrize(
    ("target", "status", "low", "high"),
    [
        ("150", "met", 150 / 267, 150 / 154),
        ("267", "met", 1, 267 / 154),
        ("268", "breached", 268 / 267, 268 / 154),
    ],
)
def test_two_lists_are_worth_the_larger_at_least_and_both_at_most(
    target: str, status: str, low: float, high: float
) -> None:
    others = [listed("C", "999", organisation="C"), listed("A", "5", parent="A113")]
    result = answered(
        fact("target_from_opportunities", target),
        fact("savings_target", "300"),
        opportunities=[*LISTS, *others],
    )
    one = found(result, "opportunity_needed")
    assert one["status"] == status and one["value"] == pytest.approx(low)
    parts = {
        row["part"]: row["value"]
        for row in result.tables["rule_parts"]
        if row["rule"] == "opportunity_needed"
    }
    assert parts == {
        "worth_least": 154 * M,
        "worth_most": 267 * M,
        "remains": (300 - int(target)) * M,
        "share_most": pytest.approx(high),
    }
    assert len(result.trace[f"rule/T/{YEAR}/opportunity_needed"].entries) == 5


def test_without_opportunities_or_with_one_that_nobody_could_read_nothing_is_told() -> None:
    asked = fact("target_from_opportunities", "5")
    why = "cannot be told: opportunities is not stated"
    assert found(answered(asked), "opportunity_needed")["why"] == why
    nil = answered(asked, opportunities=[listed("A", "0")])
    assert found(nil, "opportunity_needed")["why"] == why
    lost = answered(asked, opportunities=[*LISTS, listed("D", "a lot")])
    assert "was stopped by a fault in it" in found(lost, "opportunity_needed")["why"]
    another = answered(asked, opportunities=[*LISTS, listed("D", "a lot", organisation="C")])
    assert found(another, "opportunity_needed")["value"] is not None


# -- savings ---------------------------------------------------------------------------------------


def test_a_saving_is_a_share_of_turnover_or_of_the_allocation() -> None:
    trust = answered(fact("savings_planned", "3.1"), fact("turnover", "62"))
    assert outcome(trust, "savings_share") == (
        "met",
        0.05,
        None,
        "£3.1 million is 5% of turnover of £62.0 million",
    )
    own = fact("savings_planned", "11", organisation="C")
    board = answered(own, amounts=[amount("allocation", "220", "C")])
    assert outcome(board, "savings_share", "C")[1:] == (
        0.05,
        None,
        "£11.0 million is 5% of allocation of £220.0 million",
    )
    stated = answered(
        own, fact("turnover", "110", organisation="C"), amounts=[amount("allocation", "220", "C")]
    )
    assert outcome(stated, "savings_share", "C")[1] == 0.1
    nothing = answered(fact("savings_planned", "3.1"), fact("turnover", "0"))
    assert found(nothing, "savings_share")["why"] == "cannot be told: turnover is not stated"


@pytest.mark.parametrize(
    ("planned", "status", "cost"),
    [("10", "met", 0), ("9.99", "breached", -0.01), ("12", "met", 0)],
)
def test_two_per_cent_of_a_turnover_of_500_is_asked_of_a_trust(
    planned: str, status: str, cost: float
) -> None:
    result = answered(fact("savings_planned", planned), fact("turnover", "500"))
    shown = {"10": "£10.0", "9.99": "£9.99", "12": "£12.0"}[planned]
    asked = "£10.00" if planned == "9.99" else "£10.0"
    assert outcome(result, "national_efficiency") == (
        status,
        10,
        cost,
        f"{shown} million planned against {asked} million asked",
    )
    lacking = found(answered(fact("turnover", "500")), "national_efficiency")
    assert (lacking["status"], lacking["value"]) == ("indeterminate", 10 * M)
