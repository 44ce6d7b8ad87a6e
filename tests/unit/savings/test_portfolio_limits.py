"""Limits as people write them: one that nobody has named, and sums in billions."""

from __future__ import annotations

import pytest

from controltotal import verbs
from tests import scheme_books
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

SCHEME: Cells = {
    "id": "A",
    "organisation": "T1",
    "title": "A",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "1",
    "in_plan": "no",
    "unit": "£bn",
}


def limit(name: str, value: str, unit: str = "") -> Cells:
    return {"organisation": "T1", "year": YEAR, "limit": name, "value": value, "unit": unit}


def test_a_limit_called_unknown_plays_no_part_and_is_told() -> None:
    for value, unit in (("5", ""), ("5", "£m"), ("50%", "")):
        said = book(
            amount("T1", "position", -5),
            control_totals=[control_total("T1", 0)],
            limits=[limit("unknown", value, unit)],
        )
        found = verbs.portfolio(position_of(said), year=YEAR)
        assert [(f.code, f.where) for f in found.findings] == [("UNKNOWN_WORD", "limits row 2")]


def test_billions_are_a_unit_like_others() -> None:
    said = book(
        {**amount("T1", "position", 0), "amount": "-2", "unit": "£bn"},
        control_totals=[{**control_total("T1", 0), "amount": "-1", "unit": "bn"}],
        schemes=[SCHEME],
        limits=[limit("investment", "0.5", "£ billion"), limit("Saving floor", "1", "GBP bn")],
    )
    found = verbs.portfolio(position_of(said), year=YEAR)
    assert found.value(f"shortfall/T1/{YEAR}/plan") == 100_000_000_000
    assert not found.has_errors


@pytest.mark.parametrize(
    ("plan", "margin", "said"),
    [
        (
            "-20",
            "",
            "for 2026/27 is not achievable with schemes that have passed their gates; "
            "£8.0 million remains.",
        ),
        (
            "-20",
            "3",
            "for 2026/27 is not achievable with schemes that have passed their gates; "
            "£11.0 million remains, its risk margin of £3.0 million in it.",
        ),
        (
            "-12",
            "3",
            "for 2026/27 with its risk margin is not achievable with schemes that have "
            "passed their gates; £3.0 million remains.",
        ),
        (
            "-10",
            "3",
            "for 2026/27 with its risk margin is not achievable with schemes that have "
            "passed their gates; £1.0 million remains.",
        ),
    ],
)
def test_what_remains_is_of_the_total_or_of_its_margin(plan: str, margin: str, said: str) -> None:
    """One scheme brings 12 £m against a plan of a deficit and a control total of nil."""
    sure = {"low": "1", "mode": "1", "high": "1", "chance": "1", "delay_months": "0"}
    made = scheme_books.book()
    made["schemes"] = [scheme_books.scheme(in_plan="no", start="2026-04-01", **sure)]
    made["amounts"] = [{**amount("RX1", "position", 0), "amount": plan, "unit": "£m"}]
    made["control_totals"] = [{**control_total("RX1", 0, includes_support="no")}]
    if margin:
        row = {"organisation": "RX1", "year": YEAR, "limit": "margin"}
        made["limits"] = [{**row, "value": margin, "unit": "£m"}]
    words = verbs.portfolio(position_of(made), year=YEAR).words
    assert words[0] == f"The control total of Trust {said}"
