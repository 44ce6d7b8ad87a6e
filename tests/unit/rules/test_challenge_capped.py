"""What a system under the Capped Expenditure Process was told and may answer, and how its options pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.core.result import Answer
from controltotal.rules import challenge_capped
from controltotal.rules.answer import answer_rules
from controltotal.rules.capped_expenditure import capped_expenditure_options
from controltotal.rules.challenge_capped import _choice, _notice, _options, _share, put_capped
from controltotal.rules.challenge_words import Gathered
from controltotal.rules.reading import Reading
from controltotal.workings.workings import Workings
from tests.scheme_books import YEAR, Rows, book, gates, scheme
from tests.strategies import position_of

M = 100_000_000
"""£1 million in pence."""
CAPPED = {"programme": "capped_expenditure"}


# -- what may be answered --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"notice": -30, "days_left": 334},
            "it was set 30 days into the year, with 334 days left",
        ),
        ({"notice": 0}, "it was set 0 days before the year"),
        ({"notice": 7}, "it was set 7 days before the year"),
        (
            {},
            "the process began in April 2017, in the year that it binds; ask on what day it was set",
        ),
    ],
)
def test_how_late_it_came(known: dict[str, Any], said: str) -> None:
    assert _notice(Gathered(**known)) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"distance": 0.02}, "its allocation is 2.00% above fair share"),
        ({"distance": -0.02}, "its allocation is 2.00% below fair share"),
        ({"distance": 0.0}, "its allocation is 0.00% below fair share"),
        (
            {"near": (("Kent", "2018-19", 0.01),)},
            "no distance from target is known of its own area; that of Kent for 2018/19 is 1.00% "
            "above fair share",
        ),
        ({}, "no distance from target is known of it: ask for the one that was used"),
    ],
)
def test_whether_it_overspent_its_fair_share(known: dict[str, Any], said: str) -> None:
    assert _share(Gathered(**known)) == said


@pytest.mark.parametrize(
    ("gap", "share", "said"),
    [
        (
            85 * M,
            0.163,
            "its gap is £85.0 million (16.3% of its allocation); ask for the threshold",
        ),
        (None, None, "its spend is not in the book; ask for them, and for the threshold"),
        (85 * M, None, "its spend is not in the book; ask for them, and for the threshold"),
    ],
)
def test_its_own_gap_or_what_to_ask_for(
    gap: int | None, share: float | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = SimpleNamespace(gap=gap, share=share, lack="its spend is not in the book")
    monkeypatch.setattr(challenge_capped, "one_system", lambda *given: row)
    nothing: Any = None
    assert _choice(nothing, "S", "2017-18") == f"{said}, which was never published"


def system(**facts: str) -> Reading:
    """A system in 2017/18, with what is said of it."""
    rows = [
        {"organisation": "S", "year": "2017-18", "fact": name, "value": value}
        for name, value in facts.items()
    ]
    bodies = [{"code": "S", "name": "System", "kind": "system"}]
    return Reading(Workings(position_of({"organisations": bodies, "facts": rows})))


def test_only_a_system_in_the_process_is_told_of_it() -> None:
    def told(reading: Reading, year: str = "2017-18") -> list[dict[str, Any]]:
        answer = Answer("challenge", reading.position.ref, {})
        put_capped(answer, Gathered(notice=7, asked=10 * M), reading, "S", year)
        return [dict(row) for row in answer.result().tables.get("told_and_answer", ())]

    assert told(system(capped_expenditure_process="no")) == []
    assert told(system()) == [] and told(system(capped_expenditure_process="yes"), YEAR) == []
    assert len(told(system(capped_expenditure_process="perhaps"))) == 5  # it may have said so
    rows = told(system(capped_expenditure_process="yes"))
    assert [(row["organisation"], row["year"]) for row in rows] == [("S", "2017-18")] * 5
    first, *_, last = rows
    assert first["told"] == (
        "Balance by 1 April 2018, under one cap over commissioners and providers"
    )
    assert first["may_answer"] == "it was set 7 days before the year"
    assert rows[3]["may_answer"] == (
        "The £10.0 million asked has no stated money of the year to be a share of"
    )
    assert str(last["may_answer"]).startswith("no option is published; each needs, in order: ")


# -- options ---------------------------------------------------------------------------------------


def fact(name: str, value: str, code: str = "T1") -> dict[str, str]:
    return {"organisation": "RX1", "year": YEAR, "scheme": code, "fact": name, "value": value}


def passing(code: str = "T1") -> tuple[Rows, Rows]:
    """The facts and the gates with which an option passes every test."""
    facts = [fact("longer_term_view", "1", code), fact("engagement_needed", "0", code)]
    finance = {"scheme": code, "gate": "finance", "on": "2026-05-11", "by": "Finance"}
    return facts, [*gates(code), {**finance, "outcome": "pass"}]


def options(*schemes: dict[str, str], codes: str = "T1", **tables: Rows) -> Reading:
    made = book(codes, schemes=list(schemes) or [scheme(**CAPPED)], **tables)
    return Reading(Workings(position_of(made)))


def test_an_option_that_passes_every_test_is_said_and_whether_it_counts() -> None:
    facts, passed = passing()
    found = capped_expenditure_options.work(options(facts=facts, gates=passed), "SYS", YEAR)
    assert (found.status, found.value) == ("met", 1)
    assert found.why == "1 of 1 options pass every test"
    assert found.trace.rule.splitlines()[0] == "T1 Beds: passes every test"
    assert len(found.trace.entries) > 1
    reading = options(facts=facts, gates=passed)
    assert _options(reading, "SYS", YEAR).startswith("1 of 1 options pass every test in order: ")


def test_an_option_that_is_held_back_says_by_which_test() -> None:
    facts, passed = passing()
    found = capped_expenditure_options.work(options(facts=facts, gates=passed[:-1]), "SYS", YEAR)
    assert (found.status, found.value) == ("breached", 0)
    line = found.trace.rule.splitlines()[0]
    assert line.startswith("T1 Beds: ") and line.endswith(": there is none")
    assert "passes every test" not in line and "does not count" not in line
    reading = options(facts=facts, gates=passed[:-1])
    assert _options(reading, "SYS", YEAR).startswith("0 of 1 options pass every test in order: ")


def test_without_an_option_or_with_one_of_which_nobody_says_how_far_it_goes_nothing_is_told() -> (
    None
):
    none = capped_expenditure_options.work(options(scheme()), "SYS", YEAR)
    assert none.why == (
        "cannot be told: any option of the process is not published and not in the book"
    )
    _, passed = passing()
    unsaid = capped_expenditure_options.work(options(gates=passed), "SYS", YEAR)
    assert unsaid.status == "indeterminate"
    assert "whether option T1 goes further (engagement_needed, yes or no)" in unsaid.why


# -- deficit support -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forecast", "total", "words"),
    [
        (
            "-198",
            "0",
            "System, 2025/26: £198.0 million short of the control total: £49.3 million of support "
            "withheld, £148.7 million of its own.",
        ),
        (
            "-198",
            "10",
            "System, 2025/26: £208.0 million short of the control total: £49.3 million of support "
            "withheld, £158.7 million of its own.",
        ),
        (
            "-20",
            "0",
            "System, 2025/26: £20.0 million short of the control total: £49.3 million of support "
            "withheld, £29.3 million made good by itself.",
        ),
        (
            "5",
            "0",
            "System, 2025/26: £49.3 million of support withheld, and the control total is met.",
        ),
    ],
)
def test_what_is_not_lost_support_is_said_first(forecast: str, total: str, words: str) -> None:
    """A limit of 98.6 is paid by quarters; the last two are off plan, so that 49.3 is withheld."""
    own = {"organisation": "S", "year": "2025-26"}
    said = {
        "organisations": [{"code": "S", "name": "System", "kind": "system"}],
        "amounts": [
            {**own, "line": "support_income", "basis": "plan", "amount": "98.6", "unit": "£m"},
            {**own, "line": "position_with_support", "basis": "forecast", "unit": "£m"}
            | {"amount": forecast},
        ],
        "control_totals": [
            {**own, "amount": total, "unit": "£m", "status": "accepted", "includes_support": "yes"}
        ],
        "facts": [
            {**own, "fact": "deficit_support_limit", "value": "98.6", "unit": "£m"},
            *(
                {**own, "fact": "on_plan", "month": quarter, "basis": "actual", "value": value}
                for quarter, value in (("Q2", "1"), ("Q3", "0"), ("Q4", "0"))
            ),
        ],
    }
    result = answer_rules(Workings(position_of(said)))
    assert result.words == (words,)
    assert result.said("S", "position", year="2025-26") == (words,)
