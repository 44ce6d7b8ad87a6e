"""A signature is bound to what was signed, sets its conditions in one act, and is one person's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.acts import Actor, ActRefused, Desk, Grant, NotPermitted, RowClash, act
from controltotal.programme.seen import digest
from tests.act_books import DAY, desk, do, officer

SIGN = {"scheme": "SC1", "role": "chief_nurse"}
CONDITION = {"text": "Rota agreed", "kind": "while_running", "due": "2027-01-31"}
WITH = {**SIGN, "outcome": "approve_with_conditions"}


@pytest.fixture
def at() -> Desk:
    return desk()


def wrote(at: Desk, since: int) -> list[str]:
    return [entry.table for entry in at.position.daybook[since:]]


def test_a_signature_keeps_the_digest_of_what_stood(at: Desk) -> None:
    stood = digest(at.position.daybook, "SC1")
    do(at, "sign", "N. Nurse", **SIGN)
    assert at.position.book.gates[-1].texts["signed"] == stood


def test_who_saw_something_else_signs_nothing(at: Desk) -> None:
    stood, before = digest(at.position.daybook, "SC1"), at.position.ref.entry
    do(at, "sign", "N. Nurse", **SIGN, signed=stood)
    do(at, "revise", id="SC1", title="Fewer beds")
    with pytest.raises(RowClash) as clash:
        do(at, "sign", "M. Nurse", **SIGN, signed=stood)
    assert dict(clash.value.theirs or {})["title"] == "Fewer beds"
    assert wrote(at, before)[0] == "gates"
    assert "gates" not in wrote(at, before + 1)


def test_up_to_three_conditions_go_with_an_approval(at: Desk) -> None:
    before = at.position.ref.entry
    more = {f"{column}_2": text for column, text in {**CONDITION, "text": "Audit"}.items()}
    do(at, "sign", "N. Nurse", **WITH, **CONDITION, **more)
    assert wrote(at, before) == ["gates", "conditions", "conditions"]
    assert [row.text for row in at.position.book.conditions] == ["Rota agreed", "Audit"]
    assert {row.gate for row in at.position.book.conditions} == {"QIA"}


@pytest.mark.parametrize("column", ["text", "kind", "due"])
def test_a_condition_that_lacks_something_stops_the_approval(at: Desk, column: str) -> None:
    before = at.position.ref.entry
    with pytest.raises(ActRefused, match=f"{column} is missing"):
        do(at, "sign", "N. Nurse", **WITH, **{**CONDITION, column: ""})
    assert at.position.ref.entry == before


@pytest.mark.parametrize("outcome", ["approve", "reject", "more_information"])
def test_a_condition_goes_with_no_other_word(at: Desk, outcome: str) -> None:
    with pytest.raises(ActRefused, match="the outcome sets none"):
        do(at, "sign", "N. Nurse", **SIGN, outcome=outcome, **CONDITION)


def test_a_condition_that_was_met_and_is_set_again_is_open_again(at: Desk) -> None:
    do(at, "sign", "N. Nurse", on="2026-11-28", **WITH, **CONDITION)
    do(at, "meet_condition", on="2026-11-29", scheme="SC1", gate="QIA", text="Rota agreed")
    do(at, "sign", "N. Nurse", **WITH, **CONDITION)
    (row,) = at.position.book.conditions
    assert row.met_on is None


def test_finance_sets_no_condition_with_its_signature(at: Desk) -> None:
    with pytest.raises(NotPermitted, match="set by a medical director or a chief nurse"):
        fields = {**WITH, "role": "finance_lead", **CONDITION}
        do(at, "sign", officer("trust_finance", "T1"), **fields)


def test_one_subject_under_two_names_does_not_sign_twice() -> None:
    grants = tuple(
        Grant(role, "T1", date(2026, 4, 1)) for role in ("medical_director", "chief_nurse")
    )
    at = desk()
    signed: dict[str, Any] = {"scheme": "SC1", "why": "x"}
    do(at, "sign", Actor("s1", "Ada Ash", grants), role="medical_director", **signed)
    with pytest.raises(ActRefused, match="two people sign"):
        do(at, "sign", Actor("s1", "Zoe Zander", grants), role="chief_nurse", **signed)


def test_the_same_request_with_conditions_gives_the_same_receipt(at: Desk) -> None:
    fields, nurse = {**WITH, **CONDITION}, officer("chief_nurse", "T1")
    first = act("sign", at, fields, "x", DAY, nurse, "r1")
    again = act("sign", at, fields, "x", DAY, nurse, "r1")
    assert (again.last, again.root, again.repeated) == (first.last, first.root, True)
