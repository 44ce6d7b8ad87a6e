"""Limits as people write them: one that nobody has named, and sums in billions."""

from __future__ import annotations

from controltotal import verbs
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
