"""Every worked case of the regime, with each of its facts taken away in turn.

An outcome that does not rest on the fact stays as it was. One that does cannot be told any more, or is not
asked any more: but only where the book says nothing else that the rule is about, so that an outcome never
vanishes beside facts that still speak of it. Where a rule adds up whatever the book states, such as the items
that closed a gap, it may also give another sum. It never stays silently the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.rules.registry import by_name
from tests.strategies import position_of

FOLDER = Path(__file__).parent / "rules"
ADDED_UP = {
    "gap_closure",
    "deficit_support_total",
    "fund_walk",
    "recovery_state",
    "underlying_position",
    "lpm",
    "lpm_zero_sum",
    "capped_expenditure_options",
}
"""Rules that add up, count, or take the last of, whatever the book states."""
SHARED_OUT = {"target_allocation", "distance_from_target", "pace_of_change", "pace_feasible"}
"""Rules that solve for many bodies at once: a trace names the body's own rows, not those of all others."""
OPTIONAL = {
    "headroom_release_approved",
    "fund_offer_accepted",
    "support_regained",
    "control_total_met",
    "savings_target",
    "growth_minimum",
    "pull_on_distance",
}
"""Facts that change an outcome where they are stated, and are not asked for."""
COMMON = {
    "savings_share": {"turnover"},
    "cumulative_position": {"opening_balance"},
    "in_year_position": {"opening_balance", "cumulative_position"},
    "lpm": {"activity"},
    "lpm_tests": {"turnover"},
    "lpm_implied_turnover": {"lpm_agreed"},
    "gap_rolled_forward": {"pressure"},
    "opportunity_needed": {"savings_target"},
    "fund_residue": {"control_total_met"},
    "deficit_support_total": {"deficit_support_limit"},
    "deficit_beyond_lost_support": {"on_plan", "support_regained"},
    "board_cost_per_head": {"population"},
    "joint_cap": {"fund_offer"},
    "forecast_change": {"official_forecast"},
    "forecast_change_case": {"official_forecast"},
    "weighted_population": {"weighted_population", "population", "need", "market_forces_factor"},
}
"""Facts that a rule reads and that other questions state too: alone they do not bring it to life."""
BOOK = [{"key": "default_unit", "value": "£m"}, {"key": "fictional", "value": "yes"}]


def cells(text: str) -> list[dict[str, str]]:
    import csv

    rows = csv.DictReader(text.strip().splitlines())
    return [{k: v for k, v in row.items() if v} for row in rows]


def cases() -> list[Any]:
    found = []
    for page in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(page.read_text("utf-8")):
            if "facts" in case["tables"] and "run" not in case:
                found.append(pytest.param(case, id=f"{page.stem}: {case['case']}"))
    return found


def outcomes(result: Result) -> dict[tuple[str, str, str], tuple[str, Any]]:
    return {
        (r["organisation"], r["year"], r["rule"]): (r["status"], r["value"])
        for r in result.tables["rules"]
    }


def rests_on(result: Result, figure: str, entry: int, seen: set[str]) -> bool:
    if figure in seen or figure not in result.trace:
        return False
    seen.add(figure)
    trace = result.trace[figure]
    return entry in trace.entries or any(rests_on(result, i, entry, seen) for i in trace.inputs)


def asked_for_a_reason(name: str) -> bool:
    """Whether a rule binds only where the book says something, so that it may cease to bind."""
    rule = by_name()[name]
    return bool(rule.triggers or rule.needs)


def half(row: dict[str, str]) -> str:
    return f"-{row['month']}" if row.get("month") in ("H1", "H2") else ""


def speaks_of(name: str, facts: list[dict[str, str]], code: str, year: str) -> bool:
    """Whether a book still states a fact of a body and year that the rule is about."""
    about = set(by_name()[name].facts) - COMMON.get(name, set())
    return any(
        row["organisation"] == code
        and row["fact"] in about
        and row["year"].replace("/", "-") + half(row) == year
        for row in facts
    )


@pytest.mark.parametrize("case", cases())
def test_taking_a_fact_away_changes_what_rests_on_it_and_nothing_else(case: dict[str, Any]) -> None:
    book = {"book": BOOK, **{name: cells(text) for name, text in case["tables"].items()}}
    position = position_of(book)
    whole = verbs.position(position)
    before = outcomes(whole)
    for index, fact in enumerate(book["facts"]):
        taken = next((r for r in position.book.facts if r.number == index + 2), None)
        if taken is None:
            continue  # a fact that the case states wrongly on purpose
        less = {**book, "facts": [row for n, row in enumerate(book["facts"]) if n != index]}
        shorter = position_of(less)
        after = outcomes(verbs.position(shorter))
        for key, was in before.items():
            code, year, name = key
            if year[:7] not in shorter.years or name in SHARED_OUT:
                continue  # nothing else was said of that year
            now = after.get(key)
            if now is None:
                assert not speaks_of(name, less["facts"], code, year), (key, fact)
            if not rests_on(whole, f"rule/{code}/{year}/{name}", taken.entry, set()):
                assert now == was or (now is None and asked_for_a_reason(name)), (key, fact)
            elif fact["fact"] not in OPTIONAL and name not in ADDED_UP:
                assert now is None or now[0] == "indeterminate", (key, fact, was, now)
