"""Who may do what: every act, by every office, held and not held, at its own body and at others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from controltotal.acts import ACTS, Actor, Grant, NotPermitted, act
from controltotal.acts.actors import acting, actor_of, offices
from controltotal.acts.bench import ActRefused
from controltotal.core.datafiles import packaged_rows
from tests.act_books import (
    ANYWHERE,
    CASES,
    DAY,
    ROLES,
    TODAY,
    YEAR,
    again,
    desk,
    do,
    fields_of,
    local,
    officer,
    prepared,
    system,
    yesterday,
)

LISTED = [
    "submit_month",
    "approve_month",
    "reopen_month",
    "adjust_month",
    "propose_total",
    "accept_total",
    "refuse_total",
    "withdraw_total",
    "propose_transfer",
    "agree_transfer",
    "refuse_transfer",
    "lapse_transfer",
    "record_repayment",
    "write_off",
    "propose",
    "revise",
    "phase",
    "deliver",
    "assess",
    "screen",
    "sign",
    "condition",
    "meet_condition",
    "milestone",
    "pass",
    "fail",
    "withdraw",
    "keep",
    "risk",
    "challenge",
    "answer",
    "comment",
    "paper",
    "action",
    "open_decision",
    "vote",
    "close_decision",
    "limit",
    "waive",
    "adopt",
    "ask",
    "reply",
    "withhold",
    "grant",
    "revoke",
    "redact",
    "undo",
]
BY_PUBLISHING = {"release", "correct"}
MATRIX = {(row["act"], row["role"]) for row in packaged_rows("permits.csv")}
EVERY = [(name, role) for name in CASES for role in ROLES]
OF_A_SYSTEM = {"reopen_month", "limit", "waive"}
"""What the finance office of a system does for the bodies below it."""


def refused(name: str, actor: Actor, role: str) -> str:
    """Why somebody may not do an act; nothing is written then."""
    there = prepared(name)
    before = there.store.last()
    with pytest.raises(NotPermitted) as found:
        act(name, there, fields_of(name, role), "because", DAY, actor)
    assert there.store.last() == before
    return str(found.value)


def done_by(name: str, actor: Actor, role: str) -> str:
    """The office in which an act was done, as its last entry says."""
    there = again(prepared(name))
    before = there.store.last()[0]
    written = act(name, there, fields_of(name, role), "because", DAY, actor)
    entry = there.store.read()[written.last - 1]
    assert written.last > before
    assert entry.narration.author.subject == actor.subject
    return entry.narration.author.role


def test_every_act_that_is_listed_is_there_and_no_other() -> None:
    assert sorted(ACTS) == sorted(LISTED) == sorted(CASES)
    assert not BY_PUBLISHING & set(ACTS)


def test_every_act_has_its_offices_and_every_office_is_one() -> None:
    assert {name for name, _ in MATRIX} == set(ACTS)
    assert {role for _, role in MATRIX} == set(ROLES) - {"auditor"}, "an auditor reads"
    assert {(name, role) for name, roles in offices().items() for role in roles} == MATRIX


@pytest.mark.parametrize(("name", "role"), EVERY)
def test_an_office_at_its_own_body_does_what_the_matrix_says_and_nothing_else(
    name: str, role: str
) -> None:
    actor = officer(role, "T1")
    if (name, role) in MATRIX:
        assert done_by(name, actor, role) == role
    else:
        why = refused(name, actor, role)
        assert f"{name} is for " in why and f"the office held is {role}" in why


@pytest.mark.parametrize(("name", "role"), EVERY)
def test_an_office_of_another_body_does_nothing_for_this_one(name: str, role: str) -> None:
    actor = officer(role, "T3")
    if (name, role) not in MATRIX:
        assert f"{name} is for " in refused(name, actor, role)
    elif role in ANYWHERE or not CASES[name].own:
        assert done_by(name, actor, role) == role
    else:
        assert "the office is held at T3" in refused(name, actor, role)


@pytest.mark.parametrize(("name", "role"), EVERY)
def test_an_office_of_the_system_reaches_its_bodies_unless_it_is_one_of_finance(
    name: str, role: str
) -> None:
    actor = officer(role, "S1")
    finance = role in ("trust_finance", "system_finance")
    above = role == "system_finance" and name in OF_A_SYSTEM
    if (name, role) not in MATRIX:
        assert f"{name} is for " in refused(name, actor, role)
    elif not CASES[name].own or not finance or above:
        assert done_by(name, actor, role) == role
    else:
        assert "the row is of T1" in refused(name, actor, role)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("role", ROLES)
def test_no_grant_an_ended_one_and_one_that_begins_later_permit_nothing(
    name: str, role: str
) -> None:
    nobody = Actor("x", "C. Cedar")
    ended = officer(role, "T1", until=yesterday())
    later = officer(role, "T1", since=TODAY + timedelta(days=1))
    assert "it has no grant" in refused(name, nobody, role)
    assert "its grants have ended, or begin later" in refused(name, ended, role)
    assert "its grants have ended, or begin later" in refused(name, later, role)


@pytest.mark.parametrize("name", CASES)
def test_no_act_is_dated_ahead_by_anybody(name: str) -> None:
    there = prepared(name)
    before = there.store.last()
    tomorrow = TODAY + timedelta(days=1)
    for actor in (local(), *(officer(role, "T1") for role in offices()[name])):
        with pytest.raises(ActRefused, match="is still to come"):
            act(name, there, fields_of(name), "because", tomorrow, actor)
    assert there.store.last() == before


def test_the_first_and_the_last_day_of_an_office_are_days_of_it() -> None:
    day = officer("trust_finance", "T1", since=TODAY, until=TODAY)
    assert done_by("submit_month", day, "trust_finance") == "trust_finance"
    assert done_by("submit_month", officer("trust_finance", "T1", since=TODAY), "") != ""


def test_nobody_dates_an_act_back_into_an_office_that_has_ended() -> None:
    there = desk()
    ended = officer("trust_finance", "T1", until=yesterday())
    with pytest.raises(NotPermitted, match="have ended"):
        do(there, "submit_month", ended, on="2026-11-20", organisation="T1", year=YEAR, month="9")


def test_nobody_dates_an_act_back_before_the_office_began() -> None:
    there = desk()
    fresh = officer("trust_finance", "T1", since=TODAY)
    with pytest.raises(NotPermitted, match="begin later"):
        do(there, "submit_month", fresh, on="2026-11-20", organisation="T1", year=YEAR, month="9")


def test_either_side_proposes_money_and_a_body_that_is_no_side_does_not() -> None:
    fields = CASES["propose_transfer"].fields
    for code in ("T1", "T2"):
        act("propose_transfer", desk(), fields, "x", DAY, officer("trust_finance", code))
    with pytest.raises(NotPermitted, match="the row is of T1, T2"):
        act("propose_transfer", desk(), fields, "x", DAY, officer("trust_finance", "T3"))


def test_a_side_consents_for_itself_alone_and_the_second_consent_is_not_stopped() -> None:
    there = desk()
    act("propose_transfer", there, CASES["propose_transfer"].fields, "x", DAY, local())
    with pytest.raises(NotPermitted, match="the row is of T2"):
        do(
            there,
            "agree_transfer",
            officer("trust_finance", "T1"),
            transfer="N1",
            organisation="T2",
        )
    for code in ("T1", "T2"):
        by = officer("trust_finance", code)
        do(there, "agree_transfer", by, transfer="N1", organisation=code)
    assert [row.status for row in there.position.book.transfers] == ["agreed"]


def test_a_director_signs_in_the_own_office_alone() -> None:
    there = desk()
    for held, signed in (
        ("medical_director", "chief_nurse"),
        ("chief_nurse", "medical_director"),
        ("medical_director", "finance_lead"),
        ("trust_finance", "medical_director"),
    ):
        with pytest.raises(NotPermitted, match="in that office alone"):
            do(there, "sign", officer(held, "T1"), scheme="SC1", role=signed)
    both = Actor(
        "s",
        "C. Cedar",
        (Grant("medical_director", "T1", date.min), Grant("chief_nurse", "T1", date.min)),
    )
    do(there, "sign", both, scheme="SC1", role="Chief Nurse")
    assert there.store.read()[-1].narration.author.role == "chief_nurse"


@pytest.mark.parametrize(
    ("table", "row"), [("grants", "2"), ("amounts", "3"), ("organisations", "5")]
)
def test_a_programme_office_withdraws_rows_of_schemes_and_no_others(table: str, row: str) -> None:
    there = desk()
    with pytest.raises(NotPermitted, match=f"{table} row {row} is no row of a scheme"):
        do(there, "withdraw", officer("programme_office", "S1"), table=table, row=row)
    do(there, "withdraw", officer("programme_office", "S1"), table="gates", row="2")


def test_the_finance_of_a_system_speaks_for_its_board() -> None:
    there = desk()
    by = officer("system_finance", "S1")
    do(there, "risk", by, **{**CASES["risk"].fields, "organisation": "B1"})
    with pytest.raises(NotPermitted):
        do(there, "risk", by, **{**CASES["risk"].fields, "id": "K2", "organisation": "T2"})


def test_words_about_another_body_or_its_figure_are_not_ones_own() -> None:
    there = desk()
    by = officer("trust_finance", "T2")
    for about in ("T1", f"surplus/T1/{YEAR}/plan", "SC1"):
        with pytest.raises(NotPermitted, match="the row is of T1"):
            do(there, "comment", by, **{**CASES["comment"].fields, "about": about})


def test_words_about_no_body_are_of_the_paper_of_who_leads_the_book() -> None:
    there = desk()
    for about in ("answer", "pay", "headline"):
        with pytest.raises(NotPermitted, match="the row is of S1"):
            do(
                there,
                "comment",
                officer("trust_finance", "T1"),
                **{**CASES["comment"].fields, "about": about},
            )
    by = officer("system_finance", "S1")
    do(there, "comment", by, **{**CASES["comment"].fields, "about": "answer"})


def test_of_two_offices_the_one_that_fits_is_taken_and_recorded() -> None:
    there = desk()
    grants = (Grant("trust_finance", "T3", date.min), Grant("trust_finance", "T1", date.min))
    do(there, "submit_month", Actor("s", "C. Cedar", grants), **CASES["submit_month"].fields)
    author = there.store.read()[-1].narration.author
    assert (author.subject, author.name, author.role) == ("s", "C. Cedar", "trust_finance")


def test_grants_of_the_ledger_are_those_of_its_subjects_until_they_are_revoked() -> None:
    there = desk()
    fields = {"name": "Ann A", "role": "Trust finance", "organisation": "T1"}
    do(there, "grant", subject="ann", from_="2026-05-01", **fields)
    ann = actor_of(there.position, "ann")
    assert (ann.name, ann.local) == ("Ann A", False)
    assert ann.grants == (Grant("trust_finance", "T1", date(2026, 5, 1), None, "L. Local"),)
    act("submit_month", there, CASES["submit_month"].fields, "x", DAY, "ann")
    do(there, "revoke", subject="ann")
    with pytest.raises(NotPermitted, match="have ended"):
        act("comment", there, CASES["comment"].fields, "x", DAY, "ann")


def test_a_subject_that_the_ledger_does_not_know_may_do_nothing() -> None:
    there = desk()
    with pytest.raises(NotPermitted, match=r"zoe may do nothing .* it has no grant"):
        act("comment", there, CASES["comment"].fields, "x", DAY, "zoe")


def test_in_a_book_without_grants_a_name_is_that_of_who_is_at_the_machine() -> None:
    there = desk({**system(), "grants": []})
    ann = acting(there.position, "Ann A")
    assert ann.local and ann.name == "Ann A" and ann.subject.startswith("local:")
    assert acting(there.position, None).local


def test_who_is_at_the_machine_is_recorded_as_such() -> None:
    there = desk()
    do(there, "comment", "L. Local", **CASES["comment"].fields)
    author = there.store.read()[-1].narration.author
    assert author.subject.startswith("local:") and (author.name, author.role) == ("L. Local", "")
