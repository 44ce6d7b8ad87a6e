"""A consequence of five that is left goes to a panel, which is not the owner of the scheme."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from tests.scheme_books import Rows, book, changed, gates
from tests.strategies import position_of

WAITS = "a consequence of 5 is left (Patient safety), and no panel has let it through"


def assessed(consequence: str = "5", **cells: str) -> Rows:
    """Four domains, the first with a consequence that is left at a likelihood of 1."""
    rows = book()["assessments"]
    first = {**rows[0], "residual_likelihood": "1", "residual_consequence": consequence, **cells}
    return [first, *rows[1:]]


def panel(on: str = "2026-04-21", **cells: str) -> dict[str, str]:
    row = {"scheme": "T1", "gate": "QIA", "on": on, "by": "Dr C. Cedar", "role": "Quality panel"}
    return {**row, **cells}


def waits(assessments: Rows, *said: dict[str, str]) -> bool:
    made = book(assessments=assessments)
    made["gates"] = [*said, *made["gates"]]
    reasons = Judgements(position_of(made))["T1"].reasons
    return WAITS in [one.text for one in reasons]


@pytest.mark.parametrize(("consequence", "asked"), [("3", False), ("4", False), ("5", True)])
def test_a_consequence_of_five_waits_for_a_panel(consequence: str, asked: bool) -> None:
    assert waits(assessed(consequence)) is asked


@pytest.mark.parametrize(
    ("cells", "let_through"),
    [
        ({}, True),
        ({"on": "2026-04-20"}, True),  # on the day on which it was assessed
        ({"on": "2026-04-19"}, False),
        ({"outcome": "reject"}, False),
        ({"outcome": "more_information"}, False),
        ({"role": "quality_lead"}, False),
        ({"role": "Pre panel"}, False),
        ({"by": "tbc"}, False),  # nobody
        ({"by": "Chief operating officer"}, False),  # the owner in its name
    ],
)
def test_a_panel_lets_it_through_on_the_day_or_later(
    cells: dict[str, str], let_through: bool
) -> None:
    assert waits(assessed(), panel(**cells)) is not let_through


def test_of_what_a_panel_said_the_last_word_stands() -> None:
    yes, no = panel("2026-04-21"), panel("2026-04-22", outcome="reject")
    assert waits(assessed(), yes, no)
    assert not waits(assessed(), {**no, "on": "2026-04-20"}, yes)


@pytest.mark.parametrize(
    ("cells", "let_through"),
    [
        ({"role": "Quality panel", "assessor": "Dr C. Cedar", "outcome": "approve"}, True),
        ({"role": "Quality panel", "assessor": "Dr C. Cedar", "outcome": ""}, False),
        ({"role": "Quality panel", "assessor": "Dr C. Cedar", "outcome": "reject"}, False),
        ({"role": "quality_lead", "assessor": "Dr C. Cedar", "outcome": "approve"}, False),
        (
            {"role": "Quality panel", "assessor": "Chief operating officer", "outcome": "approve"},
            False,
        ),
    ],
)
def test_a_panel_that_made_the_assessment_lets_it_through_by_its_outcome(
    cells: dict[str, str], let_through: bool
) -> None:
    assert waits(assessed(**cells)) is not let_through


@pytest.mark.parametrize(
    ("gate", "where", "told"),
    [
        ("G3", {"gate": "G3"}, True),
        ("QIA", {"gate": "QIA", "role": "chief_nurse"}, True),
        ("QIA", {"gate": "QIA", "role": "medical_director"}, True),  # each director's last word
        ("G1", {"gate": "G1"}, True),
    ],
)
def test_conditions_that_nobody_wrote_down_are_asked_for_wherever_they_were_made(
    gate: str, where: dict[str, str], told: bool
) -> None:
    rows = changed(gates(), where, outcome="approve_with_conditions")
    reasons = Judgements(position_of(book(gates=rows)))["T1"].reasons
    said = [one.text for one in reasons if one.code == "CONDITION_UNMET"]
    assert any("approves with conditions, and none is recorded" in text for text in said) is told
    if gate == "G1":  # a later pass of the same gate goes before it
        later = [{**where, "scheme": "T1", "on": "2026-03-21", "by": "Programme board"}]
        again = Judgements(position_of(book(gates=[*rows, *later])))["T1"].reasons
        assert not [one for one in again if one.code == "CONDITION_UNMET"]
