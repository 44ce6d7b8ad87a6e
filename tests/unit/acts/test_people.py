"""Offices: given from a day on, ended the day before, and never to oneself."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.acts import ActRefused, Desk
from controltotal.acts.actors import actor_of
from tests.act_books import desk, do, officer

ANN = {"subject": "ann", "name": "Ann A", "role": "trust_finance", "organisation": "T1"}


def held(at: Desk, day: date, subject: str = "ann") -> list[tuple[str, str]]:
    """The offices of a subject on a day."""
    found = actor_of(at.position, subject).grants
    return sorted((one.role, one.organisation) for one in found if one.holds(day))


def test_an_office_is_held_from_the_day_of_the_act_unless_another_is_given() -> None:
    there = desk()
    do(there, "grant", on="2026-11-10", **ANN)
    do(
        there,
        "grant",
        on="2026-11-10",
        from_="1 Dec 2026",
        to="2027-03-31",
        **{**ANN, "organisation": "T2"},
    )
    assert held(there, date(2026, 11, 9)) == []
    assert held(there, date(2026, 11, 10)) == [("trust_finance", "T1")]
    assert held(there, date(2026, 12, 1)) == [("trust_finance", "T1"), ("trust_finance", "T2")]
    assert held(there, date(2027, 4, 1)) == [("trust_finance", "T1")]


def test_a_revoked_office_ends_the_day_before() -> None:
    there = desk()
    do(there, "grant", on="2026-11-10", **ANN)
    do(there, "revoke", on="2026-11-20", subject="ann")
    assert held(there, date(2026, 11, 19)) == [("trust_finance", "T1")]
    assert held(there, date(2026, 11, 20)) == []


@pytest.mark.parametrize("begins", ["2026-11-20", "2026-12-01"])
def test_an_office_that_has_not_been_held_for_a_day_is_never_held(begins: str) -> None:
    there = desk()
    do(there, "grant", on="2026-11-20", from_=begins, **ANN)
    do(there, "revoke", on="2026-11-20", subject="ann")
    for day in (date(2026, 11, 20), date(2026, 12, 1), date(2027, 1, 1)):
        assert held(there, day) == []


def test_what_was_said_earlier_of_an_office_does_not_come_back_when_it_is_ended() -> None:
    there = desk()
    do(there, "grant", on="2026-11-10", from_="2026-12-01", **ANN)
    do(there, "grant", on="2026-11-12", from_="2026-12-01", to="2027-03-31", **ANN)
    do(there, "revoke", on="2026-11-20", subject="ann")
    assert held(there, date(2026, 12, 5)) == []


def test_one_office_of_several_is_ended_however_it_is_written() -> None:
    there = desk()
    do(there, "grant", on="2026-11-10", **ANN)
    do(there, "grant", on="2026-11-10", **{**ANN, "organisation": "T2"})
    do(there, "grant", on="2026-11-10", **{**ANN, "role": "programme_office"})
    do(there, "revoke", subject="ann", role="Trust Finance", organisation="T1")
    assert held(there, date(2026, 11, 30)) == [("programme_office", "T1"), ("trust_finance", "T2")]
    do(there, "revoke", subject="ann")
    assert held(there, date(2026, 11, 30)) == []


def test_nobody_gives_an_office_to_themselves() -> None:
    there = desk()
    by = officer("administrator", "R1")
    with pytest.raises(ActRefused, match="nobody gives an office to themselves"):
        do(there, "grant", by, **{**ANN, "subject": by.subject})


@pytest.mark.parametrize(("subject", "role"), [("zoe", ""), ("ann", "publisher")])
def test_an_office_that_is_not_held_is_not_ended(subject: str, role: str) -> None:
    there = desk()
    do(there, "grant", on="2026-11-10", **ANN)
    last = there.store.last()
    with pytest.raises(ActRefused, match=f"{subject} holds no such office"):
        do(there, "revoke", subject=subject, **({"role": role} if role else {}))
    assert there.store.last() == last


@pytest.mark.parametrize(("column", "text"), [("role", "emperor"), ("organisation", "T9")])
def test_an_office_that_nobody_knows_or_of_no_body_is_not_given(column: str, text: str) -> None:
    there = desk()
    last = there.store.last()
    with pytest.raises(ActRefused, match=text):
        do(there, "grant", **{**ANN, column: text})
    assert there.store.last() == last
