"""What waits for the clinical directors, in which order, and what they decided on a day."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.acts import Desk
from controltotal.programme.eligibility import Judgements
from controltotal.programme.panel import decisions, open_conditions, screened, waiting
from tests.act_books import desk, do
from tests.quality_pages import book

RATED = {"profile": "classic", "likelihood": "2", "consequence": "5"}
DOMAINS = ("safety", "effectiveness", "experience", "workforce_safety")
CONDITION = {"scheme": "SC1", "gate": "QIA", "kind": "before_start"}


@pytest.fixture
def at() -> Desk:
    return desk(book())


def asked(at: Desk) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.row.id, one.roles) for one in waiting(at.position, Judgements(at.position))]


def test_what_is_assessed_and_unsigned_waits_for_the_offices_that_lack(at: Desk) -> None:
    assert asked(at) == [("SC1", ("chief_nurse",))]


def test_of_most_risk_comes_first(at: Desk) -> None:
    for domain in DOMAINS:
        do(at, "assess", scheme="SC2", domain=domain, **RATED)
    assert asked(at) == [("SC2", ("medical_director", "chief_nurse")), ("SC1", ("chief_nurse",))]
    worst = waiting(at.position, Judgements(at.position))[0]
    assert (worst.score, worst.stage, worst.since) == (10, "panel", date(2026, 11, 30))


def test_what_scores_at_the_bar_waits_for_no_signature(at: Desk) -> None:
    for domain in DOMAINS:
        do(at, "assess", scheme="SC2", domain=domain, **{**RATED, "likelihood": "4"})
    assert asked(at) == [("SC1", ("chief_nurse",))]


def test_what_was_asked_for_stands_until_something_comes(at: Desk) -> None:
    do(
        at,
        "sign",
        "N. Nurse",
        scheme="SC1",
        role="chief_nurse",
        outcome="more_information",
        why="Who?",
    )
    (one,) = waiting(at.position, Judgements(at.position))
    assert one.asked == "Who?"
    do(at, "revise", id="SC1", groups="Older people")
    (one,) = (w for w in waiting(at.position, Judgements(at.position)) if w.row.id == "SC1")
    assert one.asked == ""


def test_conditions_are_open_until_met_the_first_due_first(at: Desk) -> None:
    do(at, "condition", **CONDITION, text="B", due="2027-02-01")
    do(at, "condition", **CONDITION, text="A", due="2027-01-01")
    assert [row.text for row in open_conditions(at.position)] == ["A", "B"]
    do(at, "meet_condition", scheme="SC1", gate="QIA", text="A")
    assert [row.text for row in open_conditions(at.position)] == ["B"]


def test_a_scheme_that_touches_nobody_may_be_screened_out_and_then_is(at: Desk) -> None:
    before = screened(Judgements(at.position).values())
    assert ([r.id for r in before.may_be], before.out) == (["SC3"], ())
    do(at, "screen", scheme="SC3", why="Paper alone")
    after = screened(Judgements(at.position).values())
    assert (after.may_be, [r.id for r in after.out]) == ((), ["SC3"])
    assert [
        one.row.id for one in waiting(at.position, Judgements(at.position)) if one.screened
    ] == ["SC3"]


def test_a_days_decisions_bear_the_conditions_set_with_them(at: Desk) -> None:
    fields = {"text": "Rota", "kind": "while_running", "due": "2027-01-31"}
    fields |= {"scheme": "SC1", "role": "chief_nurse", "outcome": "approve_with_conditions"}
    do(at, "sign", "N. Nurse", **fields)
    (one,) = decisions(at.position, date(2026, 11, 30))
    assert (one.row.id, one.outcome) == ("SC1", "approve_with_conditions")
    assert [row.text for row in one.conditions] == ["Rota"]
    assert decisions(at.position, date(2026, 11, 29)) == []
