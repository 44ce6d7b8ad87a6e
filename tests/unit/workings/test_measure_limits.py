"""Quality measures beside their limits: the latest of each, past it or not."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal import portfolio
from controltotal.workings.measure_limits import held
from tests.act_books import system
from tests.strategies import position_of

LIMIT = {"organisation": "T1", "year": "2026/27", "group": "falls"}
FACT = {"organisation": "T1", "fact": "falls", "year": "2026/27", "basis": "actual"}


def found(limits: list[dict[str, str]], facts: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """What is held: value, scheme, and whether it is outside."""
    book = {
        "organisations": [{"code": "T1", "name": "First", "kind": "provider"}],
        "schemes": [],
        "limits": [{**LIMIT, **one} for one in limits],
        "facts": [{**FACT, **one} for one in facts],
    }
    told = held(position_of(book), "2026-27")
    return [(one.row.value, one.row.scheme, one.outside) for one in told]


@pytest.mark.parametrize(
    ("kind", "value", "outside"),
    [
        ("measure_ceiling", "11", False),
        ("measure_ceiling", "12", False),
        ("measure_ceiling", "13", True),
        ("measure_floor", "11", True),
        ("measure_floor", "12", False),
        ("measure_floor", "13", False),
    ],
)
def test_a_measure_at_its_limit_keeps_it_and_one_past_it_does_not(
    kind: str, value: str, outside: bool
) -> None:
    told = found([{"limit": kind, "value": "12"}], [{"month": "9", "value": value}])
    assert told == [(int(value), None, outside)]


def test_the_latest_period_of_the_year_counts_in_whatever_order_it_stands() -> None:
    months = [{"month": month, "value": month} for month in ("9", "7", "Q2", "8")]
    assert found([{"limit": "measure_ceiling", "value": "8"}], months) == [(9, None, True)]


def test_what_was_planned_is_not_what_was_measured() -> None:
    rows = [{"month": "9", "value": "20", "basis": "plan"}, {"month": "8", "value": "5"}]
    assert found([{"limit": "measure_ceiling", "value": "8"}], rows) == [(5, None, False)]


def test_a_limit_of_another_measure_or_body_holds_nothing() -> None:
    rows = [{"month": "9", "value": "20", "fact": "sores"}]
    assert found([{"limit": "measure_ceiling", "value": "8"}], rows) == []


def test_a_standard_that_was_not_met_is_outside_without_a_limit() -> None:
    rows = [{"fact": "access_met", "month": "Q1", "value": "0", "group": "emergency"}]
    assert found([], rows) == [(0, None, True)]
    met = [*rows, {"fact": "access_met", "month": "Q2", "value": "1", "group": "emergency"}]
    assert found([], met) == [(1, None, False)]


def test_no_choice_of_schemes_rests_on_a_limit_of_a_measure() -> None:
    limit = {**LIMIT, "limit": "measure_ceiling", "value": "8", "by": "Quality committee"}
    told = portfolio(position_of({**system(), "grants": [], "limits": [limit]}))
    assert not [one for one in told.findings if one.table == "limits"]
