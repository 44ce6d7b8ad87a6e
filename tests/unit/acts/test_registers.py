"""What a system keeps beside its money: conditions, delivery, risks, words, decisions, questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from controltotal.acts import ActRefused, Desk
from controltotal.book.fold import Position
from controltotal.governance.answer import answer_decide
from controltotal.programme.eligibility import Judgements
from controltotal.programme.screening import drawn
from controltotal.workings.workings import Workings
from tests.act_books import CASES, YEAR, desk, do, system

SAVING = {"line": "pay", "year": YEAR, "unit": "£"}
CONDITION = {"scheme": "SC1", "gate": "G3", "text": "Rota agreed", "due": "2026-12-31"}


def reasons(position: Position, scheme: str = "SC1") -> list[str]:
    """Why a scheme does not count."""
    return [one.code for one in Judgements(position)[scheme].reasons]


def test_a_plan_and_an_expectation_of_a_scheme_are_its_rows_with_its_body_and_recurrence() -> None:
    there = desk()
    do(there, "phase", "Programme", scheme="SC1", month="M10", amount="5", **SAVING)
    do(there, "phase", scheme="SC1", month="Jan", amount="4", basis="Forecast", **SAVING)
    rows = [r for r in there.position.book.amounts if r.scheme == "SC1"]
    assert [(r.organisation, r.basis, r.month, r.amount, r.recurrence) for r in rows] == [
        ("T1", "plan", "10", 500, "recurrent"),
        ("T1", "forecast", "10", 400, "recurrent"),
    ]


def test_what_a_scheme_brought_is_delivered_and_not_phased() -> None:
    there = desk()
    with pytest.raises(ActRefused, match="what a scheme has brought is delivered"):
        do(there, "phase", scheme="SC1", month="9", amount="5", basis="Actual", **SAVING)
    do(there, "deliver", scheme="SC1", month="9", amount="5", **SAVING)
    assert [r.basis for r in there.position.book.amounts if r.scheme] == ["actual"]
    with pytest.raises(ActRefused, match="month is missing"):
        do(there, "deliver", scheme="SC1", amount="5", **SAVING)


def test_a_month_that_was_told_is_told_again_from_a_later_day() -> None:
    there = desk()
    do(there, "deliver", on="2026-11-20", scheme="SC1", month="9", amount="5", **SAVING)
    with pytest.raises(ActRefused, match="nothing would change"):
        do(there, "deliver", scheme="SC1", month="Dec", amount="5", **SAVING)
    do(there, "deliver", scheme="SC1", month="Dec", amount="6", **SAVING)
    assert [r.amount for r in there.position.book.amounts if r.scheme] == [600]


@pytest.mark.parametrize("name", ["phase", "deliver", "condition", "screen", "assess"])
def test_a_scheme_that_is_not_there_is_named_with_the_nearest_that_is(name: str) -> None:
    fields = {**CASES[name].fields, "scheme": "SC4"}
    there = desk()
    last = there.store.last()
    with pytest.raises(ActRefused, match=r"there is no scheme SC4 .*did you mean SC\d\?"):
        do(there, name, **fields)
    assert there.store.last() == last


def test_a_condition_before_the_start_stops_a_scheme_until_it_is_met() -> None:
    there = desk()
    assert reasons(there.position) == []
    do(there, "condition", "B Birch", on="2026-11-28", kind="before_start", **CONDITION)
    assert reasons(there.position) == ["CONDITION_UNMET"]
    met = {c: t for c, t in CONDITION.items() if c != "due"}
    do(there, "meet_condition", **met)
    assert [row.met_on for row in there.position.book.conditions] == [date(2026, 11, 30)]
    assert reasons(there.position) == []
    with pytest.raises(ActRefused, match="it was met already"):
        do(there, "meet_condition", **met)


def test_a_condition_that_was_met_and_is_set_anew_stops_the_scheme_again() -> None:
    there = desk()
    do(there, "condition", "B Birch", on="2026-11-27", kind="before_start", **CONDITION)
    met = {c: t for c, t in CONDITION.items() if c != "due"}
    do(there, "meet_condition", on="2026-11-28", **met)
    assert reasons(there.position) == []
    do(there, "condition", "B Birch", on="2026-11-29", kind="before_start", **CONDITION)
    assert [row.met_on for row in there.position.book.conditions] == [None]
    assert reasons(there.position) == ["CONDITION_UNMET"]


def test_a_condition_that_nobody_set_is_not_met_and_those_of_the_book_are_named() -> None:
    there = desk()
    do(there, "condition", kind="while_running", **CONDITION)
    with pytest.raises(ActRefused, match=r"no such condition .*the book has: Rota agreed"):
        do(there, "meet_condition", scheme="SC1", gate="G3", text="Rota drafted")


def test_a_scheme_that_touches_nobody_is_screened_out_with_its_reason_in_every_domain() -> None:
    there = desk()
    do(there, "screen", "B Birch", why="Only the make of paper changes", scheme="SC3")
    rows = [row for row in there.position.book.assessments if row.scheme == "SC3"]
    assert len(rows) == 7
    assert {(row.likelihood, row.consequence, row.outcome) for row in rows} == {
        (1, 1, "screened_out")
    }
    assert {row.mitigation for row in rows} == {"Only the make of paper changes"}


@pytest.mark.parametrize(
    ("changes", "why", "said"),
    [
        ({"affects": "patients"}, "small", ["affects says patients"]),
        ({"affects": ""}, "small", ["affects says nothing"]),
        ({"title": "Beds closed"}, "small", ["a scheme of beds is never screened out"]),
        ({}, "", ["screening out needs a reason"]),
        ({}, "tbc", ["screening out needs a reason"]),
        (
            {"affects": "posts", "title": "Vacancy hold"},
            "n/a",
            ["needs a reason", "affects says posts", "a scheme of vacancy"],
        ),
    ],
)
def test_what_may_touch_somebody_is_never_screened_out(
    changes: Mapping[str, str], why: str, said: list[str]
) -> None:
    book = system()
    book["schemes"][-1] |= changes
    there = desk(book)
    last = there.store.last()
    with pytest.raises(ActRefused) as found:
        do(there, "screen", "B Birch", why=why, scheme="SC3")
    whats = [one.what for one in found.value.refusals]
    assert len(whats) == len(said) and all(s in w for s, w in zip(said, whats, strict=True))
    assert there.store.last() == last


def test_one_in_ten_is_drawn_for_full_assessment() -> None:
    book = system()
    code = next(f"SC{n}" for n in range(4, 200) if drawn(f"SC{n}"))
    book["schemes"].append({**book["schemes"][-1], "id": code})
    with pytest.raises(ActRefused, match="it is drawn for full assessment"):
        do(desk(book), "screen", why="Only the make of paper changes", scheme=code)


def votes(at: Desk) -> tuple[object, object]:
    """Votes for and against D1."""
    result = answer_decide(Workings(at.position))
    found = {f.id.split("/")[0]: f.value for f in result.figures}
    return found.get("votes_for"), found.get("votes_against")


def test_votes_are_cast_changed_until_the_decision_is_closed_and_then_count() -> None:
    there = desk()
    do(there, "open_decision", on="2026-11-01", decision="D1", rule="majority", title="Beds")
    for code, said in (("T1", "for"), ("T2", "against"), ("B1", "For")):
        do(there, "vote", on="2026-11-05", decision="D1", organisation=code, vote=said)
    do(there, "vote", on="2026-11-06", decision="D1", organisation="T2", vote="for")
    do(there, "close_decision", on="2026-11-10", decision="D1")
    cast = {row.organisation: row.vote for row in there.position.book.votes}
    assert cast == {"T1": "for", "T2": "for", "B1": "for"}
    with pytest.raises(ActRefused, match="D1 was closed on 2026-11-10"):
        do(there, "vote", decision="D1", organisation="T1", vote="against")
    with pytest.raises(ActRefused, match="D1 was closed on 2026-11-10"):
        do(there, "close_decision", decision="D1")


def test_a_decision_is_opened_once_and_before_anybody_votes() -> None:
    there = desk()
    with pytest.raises(ActRefused, match=r"there is no decision D1 .*open it first"):
        do(there, "vote", decision="D1", organisation="T1", vote="for")
    do(there, "open_decision", decision="D1", rule="majority")
    with pytest.raises(ActRefused, match="there is a decision D1 already"):
        do(there, "open_decision", decision="D1", rule="unanimity")
    with pytest.raises(ActRefused, match="vote is missing"):
        do(there, "vote", decision="D1", organisation="T1")


def test_a_word_of_no_vocabulary_is_refused_by_the_book_as_it_would_be() -> None:
    there = desk()
    last = there.store.last()
    with pytest.raises(ActRefused, match="lottery"):
        do(there, "open_decision", decision="D1", rule="lottery")
    assert there.store.last() == last


def test_an_adopted_parameter_says_who_answers_for_it_and_since_when() -> None:
    there = desk()
    do(there, "adopt", "F. Director", **CASES["adopt"].fields)
    (row,) = there.position.book.parameters
    assert (row.name, row.adopted_by, row.adopted_on) == (
        "inflation",
        "F. Director",
        date(2026, 11, 30),
    )


def test_a_question_is_answered_once_it_was_asked() -> None:
    there = desk()
    with pytest.raises(ActRefused, match="there is no question Q1"):
        do(there, "reply", id="Q1", answer="So")
    do(there, "ask", on="2026-11-02", **CASES["ask"].fields)
    with pytest.raises(ActRefused, match="there is a question Q1 already"):
        do(there, "ask", **CASES["ask"].fields)
    do(there, "reply", "P. Publisher", id="Q1", answer="So it was", published="yes")
    (row,) = there.position.book.questions
    assert (row.answer, row.answered_by, row.on) == ("So it was", "P. Publisher", date(2026, 11, 2))


def test_a_risk_is_put_and_put_again_as_it_changes() -> None:
    there = desk()
    do(there, "risk", on="2026-11-01", **CASES["risk"].fields)
    do(there, "risk", **{**CASES["risk"].fields, "chance": "40%"})
    assert [(row.id, row.chance) for row in there.position.book.risks] == [("K1", 0.4)]


def test_a_limit_a_waiver_and_a_comment_say_who_and_when() -> None:
    there = desk()
    for name in ("limit", "waive", "comment", "withhold"):
        do(there, name, "F. Director", **CASES[name].fields)
    book = there.position.book
    assert [row.by for row in (*book.limits, *book.waivers, *book.commentary)] == [
        "F. Director"
    ] * 3
    assert [row.decided_by for row in book.withheld] == ["F. Director"]
    assert [row.on for row in (*book.waivers, *book.commentary)] == [date(2026, 11, 30)] * 2
