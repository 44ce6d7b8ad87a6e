"""Who may be screened out: a scheme that touches nobody, on one list, unless it is drawn."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from controltotal.programme.screening import barred, drawn
from tests.scheme_books import book, scheme
from tests.strategies import position_of

OUT = {"likelihood": "1", "consequence": "1", "residual_likelihood": "", "outcome": "screened_out"}
REASON = {"residual_consequence": "", "mitigation": "No patient or member of staff is met"}
NO_LIST = "the two directors have not signed one list (its name in evidence)"
DRAWN = "it is drawn for full assessment, as one in ten is"


def told(
    code: str = "T1", lists: tuple[str, str] = ("List 4", "List 4"), affects: str = "none"
) -> list[str]:
    """Why a scheme that is screened out does not count, by the list that each director signed."""
    made = book(code)
    made["schemes"] = [scheme(code, title="Fewer forms", service="", affects=affects)]
    made["assessments"] = [{**row, **OUT, **REASON} for row in made["assessments"]]
    signed = [row for row in made["gates"] if row["gate"] == "QIA"]
    for row, name in zip(signed, lists, strict=True):
        row["evidence"] = name
    made["gates"] = [{k: v for k, v in row.items() if v} for row in made["gates"]]
    return [one.text for one in Judgements(position_of(made))[code].reasons]


@pytest.mark.parametrize(
    ("lists", "why"),
    [
        (("List 4", "List 4"), []),
        (("List 4", "list-4"), []),  # one list, however it is spelt
        (("4", "4"), []),
        (("4 tbc", "4 TBC"), []),  # a number is a name
        (("List 4", "List 5"), [NO_LIST]),
        (("List 4", ""), [NO_LIST]),
        (("", "List 4"), [NO_LIST]),
        (("", ""), [NO_LIST]),
        (("tbc", "TBC"), [NO_LIST]),
        (("List 4", "tbc"), [NO_LIST]),
    ],
)
def test_both_directors_sign_one_list(lists: tuple[str, str], why: list[str]) -> None:
    assert told(lists=lists) == why


@pytest.mark.parametrize(
    ("affects", "said"),
    [("staff", "staff"), ("patients; staff", "patients; staff"), ("", "nothing")],
)
def test_a_scheme_that_touches_somebody_or_does_not_say_is_not_screened_out(
    affects: str, said: str
) -> None:
    why = f"it may be screened out only where affects says none, and it says {said}"
    assert why in told(affects=affects)


def test_one_in_ten_is_assessed_in_full_and_always_the_same_ones() -> None:
    """Who was drawn once stays drawn: another draw would let through what was held back."""
    assert [n for n in range(60) if drawn(f"SCH-{n}")] == [0, 2, 10, 28, 29, 43, 57]
    assert drawn("sch 2") and not drawn("SCH-1")
    assert told("SCH-2") == [DRAWN] and told("SCH-1") == []


def spoilt(domain: str = "safety", **cells: str) -> list[str]:
    """Why a scheme is not screened out of which one domain reads otherwise."""
    made = book("T1")
    made["schemes"] = [scheme("T1", title="Fewer forms", service="", affects="none")]
    made["assessments"] = [
        {**row, **OUT, **REASON, **(cells if row["domain"] == domain else {})}
        for row in made["assessments"]
    ]
    for row in made["gates"]:
        row |= {"evidence": "List 4"} if row["gate"] == "QIA" else {}
    return [one.text for one in Judgements(position_of(made))["T1"].reasons]


NOT_ONE = "safety is screened out and not scored 1 x 1 (assessments row 2)"
NO_REASON = "safety is screened out without a reason (assessments row 2)"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({}, []),
        ({"mitigation": ""}, [NO_REASON]),
        ({"mitigation": "n/a"}, [NO_REASON]),
        ({"likelihood": "2"}, [NOT_ONE]),
        ({"consequence": "2"}, [NOT_ONE]),
        ({"residual_likelihood": "1", "residual_consequence": "1"}, []),
        ({"residual_likelihood": "2", "residual_consequence": "1"}, [NOT_ONE]),
        ({"residual_likelihood": "1", "residual_consequence": "2"}, [NOT_ONE]),
        ({"likelihood": "2", "mitigation": "tbc"}, [NOT_ONE, NO_REASON]),
    ],
)
def test_what_is_screened_out_is_scored_one_by_one_and_says_why(
    cells: dict[str, str], why: list[str]
) -> None:
    assert spoilt(**cells) == why


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({}, ""),
        ({"category": "estates"}, ""),
        ({"title": "Fewer beds"}, "beds"),
    ],
)
def test_some_words_keep_a_scheme_from_being_screened_out(cells: dict[str, str], word: str) -> None:
    made = {
        **book("T1"),
        "schemes": [scheme("T1", **{"title": "Fewer forms", "service": "", **cells})],
    }
    (row,) = position_of(made).book.schemes
    found = barred(row)
    assert bool(found) is bool(word)
