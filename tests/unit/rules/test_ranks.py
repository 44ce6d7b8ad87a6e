"""Places among others: systems ranked for a cap and trusts by their scores; and a figure of bounds only."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from controltotal.core.result import Result
from controltotal.rules.answer import answer_rules
from controltotal.rules.capped_ranking import (
    Ranked,
    Threshold,
    answer_capped,
    chosen,
    one_system,
    ranked,
    threshold_read,
)
from controltotal.rules.reading import Reading
from controltotal.workings.workings import Workings
from tests.strategies import Cells, position_of

YEAR = "2017-18"
M = 100_000_000
"""£1 million in pence."""


def system(spend: int | None, allocation: int | None, code: str = "A") -> Ranked:
    return Ranked(code, spend, allocation, None, "")


# -- one system ------------------------------------------------------------------------------------


def one(*allocations: Cells) -> tuple[int | None, int | None, str]:
    """What is known of a system of two boards and a trust that plans to spend 30."""
    bodies: list[Cells] = [
        {"code": "S", "name": "System", "kind": "system"},
        {"code": "C1", "name": "First", "kind": "commissioner", "parent": "S"},
        {"code": "C2", "name": "Second", "kind": "commissioner", "parent": "S"},
        {"code": "P", "name": "Trust", "kind": "provider", "parent": "S"},
    ]
    spend = {"organisation": "S", "year": YEAR, "fact": "planned_spend", "value": "30"}
    said = {
        "organisations": bodies,
        "amounts": list(allocations),
        "facts": [{**spend, "unit": "£"}],
    }
    found = one_system(Reading(Workings(position_of(said))), "S", YEAR)
    return found.spend, found.allocation, found.lack


def allocated(code: str, pounds: str) -> Cells:
    row = {"organisation": code, "line": "allocation", "year": YEAR, "basis": "plan"}
    return {**row, "amount": pounds}


@pytest.mark.parametrize(
    ("rows", "allocation"),
    [
        ([allocated("S", "25")], 2_500),
        ([allocated("C1", "10"), allocated("C2", "12")], 2_200),
        ([allocated("S", "25"), allocated("C1", "10"), allocated("C2", "12")], 2_500),
        ([allocated("C1", "10")], None),  # the other board's is not known
        ([allocated("C1", "10"), allocated("P", "12")], None),
        ([], None),
    ],
)
def test_the_allocation_of_a_system_is_its_own_else_that_of_all_its_boards(
    rows: list[Cells], allocation: int | None
) -> None:
    lack = "" if allocation is not None else "its allocation is not in the book"
    assert one(*rows) == (3_000, allocation, lack)


def test_gaps_are_spend_less_allocation_and_shares_of_it() -> None:
    assert (system(110, 100).gap, system(110, 100).share) == (10, Fraction(1, 10))
    assert (system(90, 100).gap, system(90, 100).share) == (-10, Fraction(-1, 10))
    assert (system(None, 100).gap, system(10, None).gap) == (None, None)
    assert (system(10, 0).gap, system(10, 0).share) == (10, None)


@pytest.mark.parametrize(
    ("text", "threshold"),
    [
        (None, None),
        ("16%", Threshold(share=Fraction(16, 100))),
        ("0.16", Threshold(share=Fraction(16, 100))),
        ("1", Threshold(share=Fraction(1))),
        ("0", Threshold(share=Fraction(0))),
        ("200%", Threshold(share=Fraction(2))),
        ("-5%", Threshold(share=Fraction(-5, 100))),
        ("1.01", Threshold(pence=101)),  # more than all of it is a sum, in the unit of the book
        ("£50m", Threshold(pence=50 * M)),
    ],
)
def test_a_threshold_is_a_share_up_to_one_and_a_sum_above(
    text: str | None, threshold: Threshold | None
) -> None:
    assert threshold_read(position_of({"organisations": []}), text) == threshold


@pytest.mark.parametrize(
    ("threshold", "number", "said"),
    [
        (Threshold(share=Fraction(1, 10)), None, {"A": "yes", "B": "no", "C": "cannot be told"}),
        (Threshold(share=Fraction(11, 100)), None, {"A": "no", "B": "no", "C": "cannot be told"}),
        (Threshold(pence=10), None, {"A": "yes", "B": "yes", "C": "cannot be told"}),
        (Threshold(pence=11), None, {"A": "no", "B": "no", "C": "cannot be told"}),
        (None, 3, {"A": "yes", "B": "yes", "C": "cannot be told"}),
        (
            None,
            2,
            {
                "A": "yes",  # even if C is above it
                "B": "yes, unless one not known has a larger gap",
                "C": "cannot be told",
            },
        ),
        (
            None,
            1,
            {
                "A": "yes, unless one not known has a larger gap",
                "B": "no",
                "C": "cannot be told",
            },
        ),
        (None, None, {"A": "", "B": "", "C": ""}),
    ],
)
def test_who_is_chosen_is_told_as_far_as_it_is_known(
    threshold: Threshold | None, number: int | None, said: dict[str, str]
) -> None:
    """Gaps of ten on 100 and on 200, and one that nobody knows."""
    every = ranked([system(110, 100, "A"), system(210, 200, "B"), system(None, 9, "C")])
    assert {row.code: chosen(row, every, threshold, number) for row in every} == said


def test_the_words_of_a_ranking_name_the_largest_gap_and_who_would_be_chosen() -> None:
    bodies: list[Cells] = [{"code": "N", "name": "Nation", "kind": "nation"}]
    facts: list[Cells] = []
    rows: list[Cells] = []
    for code, spend, allocation in (("A", "110", "100"), ("B", "240", "200"), ("C", "10", "")):
        bodies.append({"code": code, "name": f"System {code}", "kind": "system", "parent": "N"})
        cell = {"organisation": code, "year": YEAR, "value": spend, "unit": "£m"}
        facts.append({**cell, "fact": "planned_spend"})
        if allocation:
            rows.append({**allocated(code, allocation), "unit": "£m"})
    said = {"organisations": bodies, "amounts": rows, "facts": facts}

    def words(**asked: Any) -> str:
        return answer_capped(Workings(position_of(said)), YEAR, **asked).words[0]

    start = (
        "Capped Expenditure Process, 2017/18: of 3 systems the gap of planned spend to allocation "
        "is known for 2; the largest is that of System B, £40.0 million (20% of its allocation)"
    )
    unknown = "; 1 whose gap is not known could be among them."
    assert words() == (
        f"{start}; no threshold was published, so that nobody is chosen here: ask --threshold or "
        f"--number{unknown}"
    )
    assert words(threshold="20%") == (
        f"{start}; from a gap of 20% 1 would be chosen: System B{unknown}"
    )
    assert words(threshold="30%") == f"{start}; from a gap of 30% 0 would be chosen{unknown}"
    assert words(number=2) == (
        f"{start}; if 2 were to be chosen by the share, 2 would be chosen: System A, System B"
        f"{unknown}"
    )
    table = answer_capped(Workings(position_of(said)), YEAR, threshold="£1m").tables
    assert [
        (r["rank"], r["rank_by_money"], r["organisation"], r["gap_pence"], r["gap_share"], r["why"])
        for r in table["capped_expenditure"]
    ] == [
        (1, 1, "B", 40 * M, 0.2, ""),
        (2, 2, "A", 10 * M, 0.1, ""),
        (None, None, "C", None, None, "its allocation is not in the book"),
    ]


# -- trusts by their scores ------------------------------------------------------------------------


def scored(*scores: tuple[str, str], kind: str = "provider") -> Result:
    bodies = [{"code": code, "name": code, "kind": "provider"} for code in "ABCDEFGH"]
    bodies[7]["kind"] = kind
    facts = [
        {"organisation": code, "year": "2025-26", "fact": "metric_score", "value": value}
        | {"group": f"metric {number}"}
        for number, (code, value) in enumerate(scores)
    ]
    return answer_rules(Workings(position_of({"organisations": bodies, "facts": facts})))


def test_a_trust_stands_in_the_quarter_of_those_that_are_scored() -> None:
    """Averages of 1.5, 2, 2 and 4: none is better than A, one than B and C, three than D."""
    result = scored(("A", "1"), ("A", "2"), ("B", "2"), ("C", "2"), ("D", "4"))
    assert result.value("rule/A/2025-26/oversight_average") == 1.5
    quarters = {code: result.value(f"rule/{code}/2025-26/oversight_quarter") for code in "ABCD"}
    assert quarters == {"A": 1, "B": 2, "C": 2, "D": 4}
    assert "1 of 4 trusts in the book have a better average" in (
        result.trace["rule/B/2025-26/oversight_quarter"].rule
    )
    assert result.figure("rule/E/2025-26/oversight_quarter") is None


def test_the_score_of_a_board_moves_no_trust() -> None:
    result = scored(("A", "2"), ("B", "3"), ("H", "1"), kind="commissioner")
    assert result.value("rule/A/2025-26/oversight_quarter") == 1
    assert result.value("rule/B/2025-26/oversight_quarter") == 3  # one of two is better


# -- bounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "hedge", "low", "high"), [("-10", "over", None, -500), ("-10", "up_to", 500, None)]
)
def test_an_outcome_of_bounds_only_is_a_figure_of_bounds(
    amount: str, hedge: str, low: int | None, high: int | None
) -> None:
    """More than 10 lost is at least 5 short of (5); up to 10 is at least 5 better than (15)."""
    own = {"organisation": "A", "year": YEAR}
    said = {
        "organisations": [{"code": "A", "name": "Ash", "kind": "provider"}],
        "amounts": [
            {**own, "line": "position", "basis": "actual", "amount": amount, "qualifier": hedge}
        ],
        "control_totals": [
            {**own, "amount": "-5" if hedge == "over" else "-15", "status": "accepted"}
        ],
    }
    result = answer_rules(Workings(position_of(said)))
    name = f"rule/A/{YEAR}/own_control_total"
    figure = result.figure(name)
    assert figure is not None
    assert (figure.value, figure.status, figure.low, figure.high) == (None, "bounded", low, high)
    trace = result.trace[name]
    assert trace.rule.startswith("A body's own control total: ")
    assert trace.rule.endswith("outcome: breached" if hedge == "over" else "outcome: met")
    assert len(trace.entries) >= 1 and f"control_total/A/{YEAR}/plan" in trace.inputs
