"""What is said of a row that refuses and names no one scheme, and which codes name something."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from tests.scheme_books import book, scheme
from tests.strategies import position_of

MAY_BE = "so it may be this one that is meant"


def told(*schemes: str) -> list[str]:
    """What is said of T1 where a panel refused on 20, 21, … May schemes that are written so."""
    made = book("T1", "T2")
    row = {"gate": "QIA", "by": "Panel", "role": "panel", "outcome": "reject"}
    for number, code in enumerate(schemes):
        cells = {"scheme": code} if code else {}
        made["gates"].append({**row, **cells, "on": f"2026-05-{20 + number}"})
    return [one.text for one in Judgements(position_of(made))["T1"].reasons]


@pytest.mark.parametrize(
    ("schemes", "text"),
    [
        (["all"], f"gates row 14 refuses or holds back and the scheme reads 'all', {MAY_BE}"),
        ([""], f"gates row 14 refuses or holds back and the scheme is empty, {MAY_BE}"),
        (
            ["all", "all"],
            f"gates row 14 and 1 more like it refuse or hold back and the scheme reads 'all', "
            f"{MAY_BE}",
        ),
        (
            ["*", "*", "*"],
            f"gates row 14 and 2 more like it refuse or hold back and the scheme reads '*', "
            f"{MAY_BE}",
        ),
    ],
)
def test_a_row_that_refuses_nobody_by_name_is_told_of_each_that_it_may_mean(
    schemes: list[str], text: str
) -> None:
    assert told(*schemes) == [text]


def test_rows_that_read_otherwise_are_told_apart() -> None:
    assert len(told("all", "every scheme")) == 2


@pytest.mark.parametrize("code", ["T9?", "n/a 9", "T9 tbc", "9"])
def test_a_number_is_a_code_and_means_no_other_scheme(code: str) -> None:
    """A scheme that has left the book, or was never in it, is not T1 or T2."""
    assert told(code) == []


BEDS, DRUGS = "T1", "T2"


def meant(words: str) -> set[str]:
    """Whom a panel's refusal may mean: T1 is of surgery at the trust, T2 of medicines of the board."""
    rows = [
        scheme(BEDS, programme="Theatres", category="beds", directorate="Acute"),
        scheme(DRUGS, service="Medicines", organisation="CB1"),
    ]
    made = book("T1", "T2", schemes=rows)
    refusal = {"scheme": words, "gate": "QIA", "by": "Panel", "role": "panel"}
    made["gates"].append({**refusal, "outcome": "reject", "on": "2026-05-20"})
    judged = Judgements(position_of(made))
    return {code for code in (BEDS, DRUGS) if judged[code].reasons}


@pytest.mark.parametrize(
    ("words", "schemes"),
    [
        ("all", {BEDS, DRUGS}),
        ("every scheme", {BEDS, DRUGS}),
        ("all Surgery", {BEDS}),
        ("all theatres", {BEDS}),
        ("all acute", {BEDS}),
        ("all beds", {BEDS}),
        ("all medicines", {DRUGS}),
        ("all RX1", {BEDS}),
        ("all Trust", {BEDS}),
        ("all Board", {DRUGS}),
        ("all System", {BEDS, DRUGS}),  # those below it
        ("all gardens", set()),
    ],
)
def test_words_beside_all_say_whose_schemes_or_which_kind_are_meant(
    words: str, schemes: set[str]
) -> None:
    assert meant(words) == schemes
