"""Changes dated on the day of a signature, maturities beyond the evidence, shares beyond the whole."""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from tests.scheme_books import Rows, book, less, scheme
from tests.strategies import position_of


def judged(**tables: Rows) -> tuple[str, list[str]]:
    """The maturity that is shown for the scheme, and why it does not count."""
    found = Judgements(position_of(book(**tables)))["T1"]
    return found.maturity, [reason.code for reason in found.reasons]


@pytest.mark.parametrize(
    ("known_on", "entered", "why"),
    [
        ("2026-04-24", "after", []),
        ("2026-04-25", "before", []),
        ("2026-04-25", "after", ["SIGNATURE_LAPSED"] * 2),
        ("2026-04-26", "before", ["SIGNATURE_LAPSED"] * 2),
    ],
)
def test_a_change_on_the_day_of_a_signature_counts_by_what_was_entered_first(
    known_on: str, entered: str, why: list[str]
) -> None:
    """Both sign on 25 April; of a change of that day the order of the rows tells."""
    made = book(schemes=[scheme(), scheme(service="Maternity", known_on=known_on)])
    made["gates"] = [
        {**row, "on": "2026-04-25"} if row["gate"] == "QIA" else row for row in made["gates"]
    ]
    if entered == "after":
        made["schemes"] = made.pop("schemes")
    reasons = Judgements(position_of(made))["T1"].reasons
    assert [one.code for one in reasons] == why


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("opportunity", "opportunity"),
        ("in_progress", "in_progress"),
        ("fully_developed", "fully_developed"),
        ("fully_developed_delivering", "fully_developed"),
        ("unidentified", "fully_developed"),
    ],
)
def test_a_maturity_is_shown_as_typed_but_never_above_its_evidence(typed: str, shown: str) -> None:
    assert judged(schemes=[scheme(maturity=typed)])[0] == shown


def test_a_scheme_that_does_not_count_is_shown_as_far_as_it_came() -> None:
    gates = less(book()["gates"], gate="G3")
    assert judged(schemes=[scheme()], gates=gates)[0] == "in_progress"
    assert judged(schemes=[scheme(maturity="unidentified")], gates=gates)[0] == "unidentified"


@pytest.mark.parametrize(
    ("shares", "counts"),
    [
        (("1",), True),
        (("0.5", "0.5"), True),
        (("0.5", "0.6"), False),
        (("1.5", "-0.6"), False),
        (("1", "-1"), True),
    ],
)
def test_effects_give_bodies_no_more_than_the_whole(shares: tuple[str, ...], counts: bool) -> None:
    effects = [
        {"scheme": "T1", "organisation": body, "share": share}
        for body, share in zip(("RX1", "CB1"), shares, strict=False)
    ]
    assert (judged(effects=effects)[1] == []) is counts


@pytest.mark.parametrize(
    ("refused_on", "counts"),
    [
        ([], True),
        (["2026-04-01"], True),
        (["2026-04-01", "2026-04-24"], True),
        (["2026-04-25"], False),  # on the day of the signatures they do not come after it
        (["2026-04-01", "2026-04-25"], False),
        (["2026-04-01", "2026-04-26"], False),  # the last refusal decides, not the first
    ],
)
def test_signatures_come_after_the_last_refusal(refused_on: list[str], counts: bool) -> None:
    signed = [
        {**row, "on": "2026-04-25"} if row["gate"] == "QIA" else row for row in book()["gates"]
    ]
    refused = [
        {"scheme": "T1", "gate": "EQIA", "on": day, "by": "Panel", "outcome": "rejected"}
        for day in refused_on
    ]
    passed = {"scheme": "T1", "gate": "EQIA", "on": "2026-04-28", "by": "Panel", "outcome": "pass"}
    found = judged(gates=[*refused, *signed, *([passed] if refused else [])])[1]
    assert ("QUALITY_REFUSED" not in found) is counts, found


@pytest.mark.parametrize(
    ("asked_on", "signed"),
    [
        (["2026-04-24"], True),
        (["2026-04-25"], False),
        (["2026-04-24", "2026-04-26"], False),  # the last time that more was asked for decides
    ],
)
def test_signatures_come_after_the_last_question(asked_on: list[str], signed: bool) -> None:
    gates = [
        {**row, "on": "2026-04-25"} if row["gate"] == "QIA" else row for row in book()["gates"]
    ]
    asked = [
        {"scheme": "T1", "gate": "QIA", "on": day, "by": "Panel", "outcome": "more_information"}
        for day in asked_on
    ]
    assert ("MORE_INFORMATION" not in judged(gates=[*asked, *gates])[1]) is signed
