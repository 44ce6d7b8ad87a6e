"""What a source states of a year: groups added up, hedged as they agree, what came before a plan."""

from __future__ import annotations

import pytest

from controltotal.workings.stated import (
    Stated,
    hedged,
    not_enough,
    programme_words,
    stated,
    sum_stated,
)
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

PLANNED = {"fact": "savings_planned", "organisation": "T1", "year": YEAR, "unit": "£"}


def totals(*facts: Cells) -> Totals:
    said = book(amount("T1", "position", 0), facts=[{**PLANNED, **fact} for fact in facts])
    return Workings(position_of(said)).totals


def value(*facts: Cells) -> float | None:
    found = stated(totals(*facts), "T1", YEAR, "savings_planned")
    return None if found is None else found.value / 100


@pytest.mark.parametrize(
    ("facts", "pounds"),
    [
        ([], None),
        ([{"value": "5"}], 5),
        ([{"value": "5", "group": "pay"}, {"value": "4", "group": "drugs"}], 9),
        ([{"value": "5", "month": "7"}], None),
        ([{"value": "5", "scenario": "low"}], None),
        ([{"value": "5", "year": "2027-28"}], None),
        ([{"value": "5", "basis": "plan"}, {"value": "9", "basis": "actual"}], 9),
        ([{"value": "5", "basis": "plan"}, {"value": "7", "basis": "forecast"}], 7),
        ([{"value": "5", "basis": "plan"}], 5),
    ],
)
def test_a_fact_of_the_whole_year_is_the_sum_of_its_groups_on_one_basis(
    facts: list[Cells], pounds: float | None
) -> None:
    assert value(*facts) == pounds


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("over", "over", "more than £9.0 million"),
        ("over", "", "£9.0 million"),
        ("nearly", "around", "£9.0 million"),
        ("", "", "£9.0 million"),
    ],
)
def test_a_sum_is_hedged_as_its_rows_agree(first: str, second: str, words: str) -> None:
    facts = [
        {"value": "5000000", "group": "pay", "qualifier": first},
        {"value": "4000000", "group": "drugs", "qualifier": second},
    ]
    found = sum_stated(totals(*facts), "T1", YEAR, "savings_planned")
    assert found is not None and found.words == words
    assert len(found.entries) == 2


def test_only_money_is_a_sum_of_money() -> None:
    people = {"fact": "need", "organisation": "T1", "value": "1.5", "unit": ""}
    given = totals(people)
    found = stated(given, "T1", YEAR, "need")
    assert found is not None and (found.value, found.unit) == (1.5, "count")
    assert sum_stated(given, "T1", YEAR, "need") is None


def test_a_hedge_stands_before_the_first_sum_alone() -> None:
    assert hedged("£5 of £9", "over") == "more than £5 of £9"
    assert Stated(100, "pence", "plan", ()).words == "£1"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"qualifier": "over", "value": "0"}, True),
        ({"qualifier": "over", "value": "5"}, False),
        ({"value": "0"}, False),
        ({"qualifier": "over", "value": "0", "scenario": "low"}, False),
        ({"qualifier": "over", "value": "0", "month": "7"}, False),
    ],
)
def test_a_plan_that_leaves_a_gap_of_which_nobody_says_how_large(gap: Cells, said: bool) -> None:
    assert not_enough(totals({"fact": "gap", **gap}), "T1", YEAR) is said


def test_savings_planned_stand_beside_those_delivered_before() -> None:
    planned = {"value": "5000000"}
    before = {"fact": "savings_delivered", "year": "2025-26", "value": "4000000"}
    assert programme_words(totals(), "T1", YEAR) == ""
    assert programme_words(totals(before), "T1", YEAR) == ""
    assert programme_words(totals(planned), "T1", YEAR) == "£5.0 million of savings planned"
    assert programme_words(totals(planned, before), "T1", YEAR) == (
        "£5.0 million of savings planned, after £4.0 million delivered in 2025/26,"
    )
