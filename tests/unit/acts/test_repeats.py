"""A request that comes again: the same act of the same person gives its receipt, any other is refused."""

from __future__ import annotations

import pytest

from controltotal.acts import Actor, act
from controltotal.ledger.errors import RequestReused
from tests.act_books import DAY, YEAR, desk, do, local, officer

MONTH = {"organisation": "T1", "year": YEAR, "month": "9"}
SIGNS = {"scheme": "SC1", "role": "medical_director"}


@pytest.mark.parametrize(
    "other",
    [officer("trust_finance", "T2"), Actor("nobody", "N. Nobody")],
    ids=["of another body", "without an office"],
)
def test_nobody_is_told_what_the_request_of_another_did(other: Actor) -> None:
    at = desk()
    do(at, "submit_month", "Ann Ash", **MONTH)
    do(at, "approve_month", "Ben Birch", request="a", **MONTH)
    with pytest.raises(RequestReused) as told:
        act("approve_month", at, MONTH, "why", DAY, other, "a")
    assert told.value.seq == 0 and "somebody else" in told.value.what
    assert "entry" not in told.value.what


def test_a_refusal_under_the_request_of_an_approval_is_no_approval() -> None:
    at = desk()
    first = do(at, "sign", "Mary Maple", request="q", **SIGNS)
    again = do(at, "sign", "Mary Maple", request="q", outcome="approve", **SIGNS)
    assert again.repeated and again.last == first.last
    with pytest.raises(RequestReused, match="something else"):
        do(at, "sign", "Mary Maple", request="q", outcome="refused", **SIGNS)


def test_an_approval_under_the_request_of_a_refusal_is_no_refusal() -> None:
    at = desk()
    do(at, "sign", "Mary Maple", request="q", outcome="refused", **SIGNS)
    assert do(at, "sign", "Mary Maple", request="q", outcome="reject", **SIGNS).repeated
    with pytest.raises(RequestReused, match="something else"):
        do(at, "sign", "Mary Maple", request="q", **SIGNS)


def test_another_scheme_is_not_withdrawn_under_the_request_of_the_first() -> None:
    at = desk()
    do(at, "withdraw", request="w", scheme="SC1")
    assert do(at, "withdraw", request="w", scheme="SC1").repeated
    with pytest.raises(RequestReused, match="something else"):
        do(at, "withdraw", request="w", scheme="SC2")
    assert any(row.id == "SC2" for row in at.position.book.schemes)


def test_an_undoing_that_is_sent_again_gives_its_receipt_and_undoes_nothing_else() -> None:
    at = desk()
    do(at, "submit_month", "Ann Ash", **MONTH)
    late = do(at, "adjust_month", **MONTH, line="position", basis="actual", amount="-150", unit="£")
    other = do(at, "revise", id="SC2", title="Another")
    first = do(at, "undo", request="u", entry=str(late.last))
    assert do(at, "undo", request="u", entry=str(late.last)).last == first.last
    assert do(at, "undo", request="u", entry=str(late.first)).repeated, "of the same request"
    for number in (str(other.last), "0", "9" * 5000):
        with pytest.raises(RequestReused, match="something else"):
            do(at, "undo", request="u", entry=number)


def test_the_person_at_this_machine_repeats_under_any_name() -> None:
    at = desk()
    first = do(at, "withdraw", local("Ann Ash"), request="w", scheme="SC1")
    assert do(at, "withdraw", local("A. Ash"), request="w", scheme="SC1").last == first.last
