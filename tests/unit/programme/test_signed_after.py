"""Signatures after what refused a scheme: whose they must be, and what is said where they are missing.

T1 is signed on 24 April by Dr A. Ash and on 25 April by B Birch, and decided on 12 May.
"""

from __future__ import annotations

import pytest

from controltotal.programme.eligibility import Judgements
from controltotal.programme.judging import Judgement
from tests.scheme_books import Book, Rows, book
from tests.strategies import position_of


def said(on: str, outcome: str = "", by: str = "Panel", role: str = "panel") -> dict[str, str]:
    row = {"scheme": "T1", "gate": "QIA", "on": on, "by": by, "role": role}
    return {**row, "outcome": outcome} if outcome else row


def doctor(on: str, by: str = "Dr A. Ash", outcome: str = "") -> dict[str, str]:
    return said(on, outcome, by, "medical_director")


def nurse(on: str, by: str = "B Birch", outcome: str = "") -> dict[str, str]:
    return said(on, outcome, by, "chief_nurse")


def judged(*rows: dict[str, str], made: Book | None = None) -> Judgement:
    made = made or book()
    made["gates"] = [*made["gates"], *rows]
    return Judgements(position_of(made))["T1"]


def codes(*rows: dict[str, str], made: Book | None = None) -> list[str]:
    return [one.code for one in judged(*rows, made=made).reasons]


def lowered(*domains: str) -> Rows:
    """Domains left at 5 x 4 on 1 April, and at 2 x 4 from 26 April, after both had signed."""
    rows = []
    for row in book()["assessments"]:
        bare = {k: v for k, v in row.items() if not k.startswith("residual")}
        high = {**bare, "likelihood": "5", "consequence": "4", "mitigation": ""}
        if row["domain"] in domains:
            rows.append({**high, "signed_on": "2026-04-01"})
            rows.append({**high, "likelihood": "2", "signed_on": "2026-04-26"})
        else:
            rows.append(row)
    return rows


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], ["QUALITY_REFUSED", "QUALITY_REFUSED"]),
        ([doctor("2026-04-27")], ["QUALITY_REFUSED"]),
        ([doctor("2026-04-27"), nurse("2026-04-27")], []),
        # of the two who signed as the nurse only the doctor signed after it was lowered
        ([doctor("2026-04-27"), nurse("2026-04-28", "Alice Ash")], ["SIGNATURE_TWICE"]),
        ([doctor("2026-04-27"), nurse("2026-04-28", "C Cole")], []),
    ],
)
def test_a_score_that_was_lowered_is_signed_for_by_two_people_after_it(
    rows: Rows, why: list[str]
) -> None:
    assert codes(*rows, made=book(assessments=lowered("safety"))) == why


def test_one_day_that_asks_for_more_and_refuses_is_a_refusal() -> None:
    found = judged(said("2026-04-26", "more_information"), said("2026-04-26", "reject", "Panel B"))
    assert [one.code for one in found.reasons] == ["QUALITY_REFUSED", "QUALITY_REFUSED"]
    assert found.rejected
    assert found.reasons[0].text == (
        "it was refused on 2026-04-26, and the medical director has not signed after that"
    )


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            [said("2026-04-26", "more_information"), said("2026-04-27", "reject", "Panel B")],
            "QUALITY_REFUSED",
        ),
        (
            [said("2026-04-27", "more_information"), said("2026-04-26", "reject", "Panel B")],
            "MORE_INFORMATION",
        ),
    ],
)
def test_what_was_said_last_is_told(rows: Rows, code: str) -> None:
    assert codes(*rows) == [code, code]


def signed_by(*rows: dict[str, str]) -> Judgement:
    """The scheme with these signatures in place of its own."""
    made = book()
    made["gates"] = [row for row in made["gates"] if row["gate"] != "QIA"]
    return judged(*rows, made=made)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [
                doctor("2026-04-24", "Medical Director"),
                doctor("2026-04-24", "Dr C. Cedar"),
                nurse("2026-04-25", "Medical Director"),
            ],
            [("SIGNATURE_TWICE", "Medical Director signed as medical director and as chief nurse")],
        ),
        (
            [doctor("2026-04-24", "Dr C. Cedar"), nurse("2026-04-25", "Medical Director")],
            [
                (
                    "SIGNATURE_MISSING",
                    "the chief nurse has not signed: the medical director signed in that role",
                )
            ],
        ),
        (
            # what the holder of the other office refused is no signature of theirs
            [
                doctor("2026-04-23", "Medical Director", "more_information"),
                doctor("2026-04-24", "Dr C. Cedar"),
                nurse("2026-04-25", "Medical Director"),
            ],
            [
                (
                    "SIGNATURE_MISSING",
                    "the chief nurse has not signed: the medical director signed in that role",
                )
            ],
        ),
        ([doctor("2026-04-24", "Medical Director"), nurse("2026-04-25", "Chief Nurse")], []),
    ],
)
def test_the_holder_of_one_office_does_not_sign_for_the_other(
    rows: Rows, told: list[tuple[str, str]]
) -> None:
    assert [(one.code, one.text) for one in signed_by(*rows).reasons] == told
