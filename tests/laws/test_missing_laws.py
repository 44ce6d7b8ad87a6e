"""What is missing, step by step: the same steps in every verb, and they close to the penny."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.workings.missing import TOTALS
from controltotal.workings.workings import Workings
from tests.reckoning_books import FIRST, Programme, programmes
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

few = settings(max_examples=max(12, settings().max_examples // 6))
Rows = Sequence[Mapping[str, Any]]
ASSURED = ("expected loss", "kept out", "same money", "shut out")
EXAMPLES = ("fictional-system", "nene-2013", "morecambe-bay-2017", "kent-medway-2025")


def by_body(found: Result) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    told: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in found.tables.get("missing", ()):
        told.setdefault((row["organisation"], row["year"]), []).append(row)
    return told


def closes(rows: Rows) -> None:
    """Each total is the sum of the steps before it."""
    whole = 0
    for place, row in enumerate(rows):
        if place and row["step"] in TOTALS:
            assert row["pence"] == whole, rows
        else:
            whole += row["pence"]


def same_money_as_risk_says(risk: Result, rows: Rows, code: str) -> None:
    """What is not assured is the same in both, by scheme and in sum, and nobody assured is in it.

    The case in which only what is assured delivers is the first less it, what is kept out, and
    what has no scheme yet.
    """
    step = {row["step"]: row["pence"] for row in rows}
    walk = [row for row in risk.tables["steps"] if row["organisation"] == code]
    eligible = {row["scheme"]: row["eligible"] for row in risk.tables["schemes"]}
    assert not any(eligible[r["about"]] for r in walk if r["step"] == "does not count")
    assert all(eligible[r["about"]] for r in walk if r["step"] in ASSURED)
    case = {
        row["case"]: row["pence"] for row in risk.tables["cases"] if row["organisation"] == code
    }
    held, assured = next(iter(case.values())), case["if only what is assured delivers"]
    lacking = -sum(row["pence"] for row in walk if row["step"] == "no scheme yet")
    out = step.get("uncounted", 0) + step.get("kept_out", 0)
    assert held - assured == out + lacking


def meet(position: Result, portfolio: Result, risk: Result) -> int:
    """The three tables agree with each other and with the figures they name; how many met."""
    told = by_body(position)
    for rows in told.values():
        closes(rows)
    met = 0
    for found, verb in ((portfolio, "portfolio"), (risk, "risk")):
        for (code, year), rows in by_body(found).items():
            shared = [row for row in rows if row["from_verb"] == "position"]
            assert shared == told[code, year]
            own = {row["step"]: row["pence"] for row in rows if row["from_verb"] == verb}
            if verb == "portfolio":
                closes(rows)
                saving = portfolio.value(f"portfolio_saving/{code}/{year}/plan")
                assert own.get("chosen", 0) == -(saving or 0)
                assert own["shortfall"] == portfolio.value(f"shortfall/{code}/{year}/plan")
            else:
                lost = -sum(
                    row["pence"]
                    for row in risk.tables["steps"]
                    if (row["organisation"], row["step"]) == (code, "expected loss")
                )
                assert own.get("expected_loss", 0) == lost
                same_money_as_risk_says(risk, rows, code)
            met += 1
    for (code, year), rows in told.items():
        step = {row["step"]: row["pence"] for row in rows}
        gaps = {position.figure(f"gap/{code}/{year}/{b}") for b in ("plan", "forecast", "actual")}
        assert step["gap"] in {figure.value for figure in gaps if figure is not None}
    return met


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_steps_meet_across_verbs_on_the_examples(name: str) -> None:
    workings = Workings(verbs.read(str(Path("examples") / name)))
    year = workings.position.default_year
    answers = (
        verbs.position(workings, year=year),
        verbs.portfolio(workings, year=year),
        verbs.risk(workings, year=year, draws=200),
    )
    met = meet(*answers)
    assert met or name in ("morecambe-bay-2017", "kent-medway-2025")


@few
@given(programmes())
def test_the_steps_meet_across_verbs_whatever_the_book(programme: Programme) -> None:
    workings = Workings(position_of(programme.book))
    answers = (
        verbs.position(workings, year=FIRST),
        verbs.portfolio(workings, year=FIRST),
        verbs.risk(workings, year=FIRST, draws=200),
    )
    assert meet(*answers)


@few
@given(programmes())
def test_what_is_missing_before_any_scheme_is_what_a_person_makes_of_the_rows(
    programme: Programme,
) -> None:
    """The total set less the plan without its schemes and without savings nobody has found."""
    told = by_body(verbs.position(position_of(programme.book), year=FIRST))
    assert told
    for code in programme.plan:
        rows = told[code, FIRST]
        assert rows[-1]["step"] == "before_schemes"
        assert rows[-1]["pence"] == 9_000_000_000 - programme.before(code)


# -- by hand ---------------------------------------------------------------------------------------


def scheme(code: str, **more: str) -> Cells:
    row = {"id": code, "organisation": "T1", "title": code, "recurrence": "recurrent"}
    return {
        **row,
        "maturity": "in_progress",
        "start": "2026-04-01",
        "full_year_effect": "12",
        **more,
    }


def steps(*rows: Cells, code: str = "T1", **tables: list[Cells]) -> list[tuple[str, int]]:
    """The steps of a body in pounds."""
    found = verbs.position(position_of(book(*rows, **tables)))
    return [(row["step"], row["pence"] // 100) for row in by_body(found).get((code, YEAR), ())]


def test_a_plan_with_savings_that_nobody_has_found_or_approved() -> None:
    """A plan of 20 against 30 asked: 10, and 5 without a scheme, and 12 not approved: 27."""
    assert steps(
        amount("T1", "position", 20),
        amount("T1", "savings_unidentified", 5),
        control_totals=[control_total("T1", 30)],
        schemes=[scheme("A")],
    ) == [
        ("gap", 10),
        ("unidentified", 5),
        ("to_find", 15),
        ("uncounted", 12),
        ("before_schemes", 27),
    ]


def test_what_is_recorded_is_a_step_of_its_own() -> None:
    """20 planned evenly but for 4 in April, when 1 was made: 3 worse than plan, and 11/12 of 12."""
    plan = [amount("T1", "position", 4 if n == 1 else 0, month=str(n)) for n in range(1, 12)]
    rows = [
        *plan,
        amount("T1", "position", 16, month="12"),
        amount("T1", "position", 1, basis="actual", month="1"),
    ]
    totals = [control_total("T1", 30)]
    assert steps(*rows, control_totals=totals, schemes=[scheme("A")]) == [
        ("gap", 10),
        ("to_find", 10),
        ("uncounted", 11),
        ("recorded", 3),
        ("before_schemes", 24),
    ]


def test_savings_without_a_scheme_of_months_recorded_are_in_the_record() -> None:
    """A forecast of 20 with 12 unidentified over the year, of which one month is recorded."""
    rows = [
        amount("T1", "position", 20, basis="forecast"),
        amount("T1", "savings_unidentified", 12, basis="forecast"),
        amount("T1", "position", 1, basis="actual", month="1"),
    ]
    assert steps(*rows, control_totals=[control_total("T1", 30)]) == [
        ("gap", 10),
        ("unidentified", 12),
        ("to_find", 22),
        ("recorded", -1),
        ("before_schemes", 21),
    ]


def test_the_steps_of_a_parent_are_those_of_its_bodies() -> None:
    rows = [amount(code, "position", n) for code, n in (("T1", 20), ("T2", 7))]
    totals = [control_total("T1", 30), control_total("T2", 4)]
    tables = {"control_totals": totals, "schemes": [scheme("A")], "tree": TREE}
    assert steps(*rows, code="S1", **tables) == [
        ("gap", 7),
        ("to_find", 7),
        ("uncounted", 12),
        ("before_schemes", 19),
    ]


def test_without_a_control_total_nothing_is_missing_to_it() -> None:
    assert steps(amount("T1", "position", 20)) == []


def test_where_the_base_cannot_be_told_the_gap_stands_alone() -> None:
    """A scheme of the plan without a start cannot be taken out of it."""
    assert steps(
        amount("T1", "position", 20),
        control_totals=[control_total("T1", 30)],
        schemes=[scheme("A", start="")],
    ) == [("gap", 10), ("to_find", 10)]
