"""Answers are held against what a book knows: a slip of an answer never counts money wrongly."""

from __future__ import annotations

import pytest

from controltotal.intake.answers import with_known_answers
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.model import Asked

KNOWN = Known(Bodies([Spell("RX1", "Nene Hospitals NHS Trust")]))


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("finance_costs", "finance_costs"),
        ("finance costs", "finance_costs"),
        ("Pay", "pay"),
        ("", ""),
    ],
)
def test_an_answer_is_put_in_the_form_of_the_book(answer: str, line: str) -> None:
    asked, wrong = with_known_answers(Asked(lines={"interest": answer}), KNOWN, "a.xlsx")
    assert (dict(asked.lines), wrong) == ({"interest": line}, [])


def test_a_body_may_be_answered_by_its_name() -> None:
    asked, wrong = with_known_answers(Asked(bodies={"nene": "Nene Hospitals"}), KNOWN, "a.xlsx")
    assert (dict(asked.bodies), wrong) == ({"nene": "RX1"}, [])


def test_an_answer_that_names_nothing_is_asked_again() -> None:
    said = Asked(lines={"interest": "intrest"}, bodies={"james paget": "QQQ"})
    _, wrong = with_known_answers(said, KNOWN, "a.xlsx")
    assert [(f.code, f.severity, f.found) for f in wrong] == [
        ("IMPORT_LINE", "error", "intrest"),
        ("IMPORT_BODY", "error", "QQQ"),
    ]
    assert '--set "lines.interest=LINE"' in wrong[0].action
