"""What waits for whom: every matter once, for the office that may settle it, and gone when it is settled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.accounts.months_sent import due, standings
from controltotal.acts import Actor, ActRefused, Desk, Grant
from controltotal.acts.waiting import Waiting, changes, for_others, waiting
from controltotal.workings.workings import Workings
from tests.act_books import CASES, TODAY, desk, do, officer, system

SINCE = date(2026, 4, 1)
MONEY = dict(CASES["propose_transfer"].fields)


def held(role: str, organisation: str, until: date | None = None) -> list[Grant]:
    return [Grant(role, organisation, SINCE, until)]


def waits(at: Desk, role: str, organisation: str, today: date = TODAY) -> list[Waiting]:
    return waiting(Workings(at.position), held(role, organisation), today)


def kinds(found: list[Waiting]) -> list[str]:
    return [one.kind for one in found]


def test_the_month_before_waits_until_it_is_sent_then_for_another_person_then_for_nobody() -> None:
    at = desk()
    (first,) = waits(at, "trust_finance", "T1")
    assert (first.kind, first.what) == ("month", "Month 7 of 2026/27: not sent")
    assert (first.address, first.verb, first.noun) == (
        "/months/T1/2026-27/M7",
        "Send",
        "your month 7 figures",
    )
    sender = officer("trust_finance", "T1")
    do(at, "submit_month", sender, organisation="T1", year="2026/27", month="7")
    (second,) = waits(at, "trust_finance", "T1")
    assert (second.kind, second.act, second.since) == ("approval", "approve_month", TODAY)
    workings, grants = Workings(at.position), held("trust_finance", "T1")
    assert waiting(workings, grants, TODAY, sender.subject) == []
    (others,) = for_others(workings, grants, TODAY, sender.subject)
    assert others.kind == "approval"
    do(at, "approve_month", "D. Director", organisation="T1", year="2026/27", month="7")
    assert waits(at, "trust_finance", "T1") == []
    do(
        at,
        "reopen_month",
        "R. Region",
        "late invoices",
        organisation="T1",
        year="2026/27",
        month="7",
    )
    (again,) = waits(at, "trust_finance", "T1")
    assert (again.what, again.noun) == (
        "Month 7 of 2026/27: reopened",
        "your month 7 figures again",
    )


def test_the_calendar_of_the_book_says_when_a_month_is_due_and_what_is_overdue_comes_first() -> (
    None
):
    book = system()
    month = {"kind": "month_end", "from": "2026-10-01", "to": "2026-10-31"}
    book["periods"] = [{**month, "due": "2026-11-12"}, {**month, "due": "2026-11-26", "area": "T2"}]
    book["challenges"] = [
        {"organisation": "T1", "year": "2026/27", "by": "R", "on": "2026-05-01", "grounds": "Why?"}
    ]
    at = desk(book)
    late, query = waits(at, "trust_finance", "T1")
    assert (late.kind, late.due, late.overdue(TODAY)) == ("month", date(2026, 11, 12), True)
    assert query.kind == "challenge"
    before = waits(at, "trust_finance", "T1", date(2026, 11, 5))
    assert kinds(before) == ["challenge", "month"]
    assert due(Workings(at.position), "T2", "2026-27", 7) == date(2026, 11, 26)


def test_how_many_bodies_have_sent_counts_those_of_the_system_alone() -> None:
    at = desk()
    do(at, "submit_month", organisation="T1", year="2026/27", month="7")
    found = {one.organisation: one.words for one in standings(Workings(at.position), "2026-27", 7)}
    assert found == {"B1": "not sent", "T1": "sent, waits for approval", "T2": "not sent"}


def test_a_transfer_waits_for_each_side_that_has_not_agreed_and_for_nobody_once_refused() -> None:
    at = desk()
    do(at, "propose_transfer", "R. Region", on="2026-10-20", **MONEY)
    assert [kinds(waits(at, "trust_finance", code)) for code in ("T1", "T2", "T3")] == [
        ["transfer", "month"],
        ["transfer", "month"],
        [],
    ]
    do(at, "agree_transfer", "Ann Ash", on="2026-11-02", transfer="N1", organisation="T1")
    assert kinds(waits(at, "trust_finance", "T1")) == ["month"]
    (others,) = for_others(Workings(at.position), held("trust_finance", "T1"), TODAY)
    assert (others.kind, others.organisation) == ("transfer", "T2")
    do(at, "refuse_transfer", "Ben", "no", on="2026-11-03", transfer="N1", organisation="T2")
    assert kinds(waits(at, "trust_finance", "T2")) == ["month"]


def test_a_control_total_waits_for_its_body_and_once_refused_for_the_region() -> None:
    at = desk()
    do(at, "propose_total", "R", organisation="T1", year="2026/27", amount="-1", unit="£m")
    assert "total" in kinds(waits(at, "trust_finance", "T1"))
    assert waits(at, "region", "R1") == []
    do(at, "refuse_total", "A", "too much", organisation="T1", year="2026/27")
    assert "total" not in kinds(waits(at, "trust_finance", "T1"))
    assert kinds(waits(at, "region", "R1")) == ["total"]


def test_signatures_wait_for_the_director_who_has_not_signed_at_the_body_or_above_it() -> None:
    book = system()
    book["gates"] = [row for row in book["gates"] if row.get("role") != "chief_nurse"]
    at = desk(book)
    of_nurse = {one.about for one in waits(at, "chief_nurse", "T1") if one.kind == "signature"}
    assert of_nurse == {"schemes/SC1/chief_nurse"}
    assert of_nurse == {
        one.about for one in waits(at, "chief_nurse", "S1") if one.kind == "signature"
    }
    assert waits(at, "chief_nurse", "T2") == []
    assert "signature" not in kinds(waits(at, "medical_director", "T1"))


def test_conditions_wait_for_the_programme_office_a_fortnight_before_their_day() -> None:
    book = system()
    condition = {"scheme": "SC1", "gate": "QIA", "kind": "before_start", "known_on": "2026-10-01"}
    book["conditions"] = [
        {**condition, "text": "Soon", "due": "2026-12-10"},
        {**condition, "text": "Later", "due": "2027-02-01"},
    ]
    found = [one for one in waits(desk(book), "programme_office", "T1") if one.kind == "condition"]
    assert [(one.what, one.due) for one in found] == [("SC1: Soon", date(2026, 12, 10))]


def test_questions_wait_for_the_publisher_and_offices_that_end_for_the_administrator() -> None:
    book = system()
    book["grants"][0]["to"] = "2026-12-05"
    book["questions"] = [
        {"id": "Q1", "by_kind": "councillor", "on": "2026-11-02", "text": "Which beds?"}
    ]
    at = desk(book)
    (question,) = waits(at, "publisher", "R1")
    assert (question.kind, question.due) == ("question", date(2026, 11, 30))
    (office,) = waits(at, "administrator", "S1")
    assert (office.kind, office.what) == ("office", "Publisher at Region ends")


def test_an_office_that_has_ended_has_nothing_waiting() -> None:
    ended = held("trust_finance", "T1", date(2026, 11, 29))
    assert waiting(Workings(desk().position), ended, TODAY) == []


def test_a_repayment_of_a_year_that_ended_waits_for_the_giver_until_it_is_recorded() -> None:
    book = system()
    book["transfers"] = [
        {
            "id": "L1",
            "from": "T1",
            "to": "T2",
            "year": "2024/25",
            "amount": "500",
            "unit": "£",
            "kind": "neighbour_support",
            "mechanism": "resource_transfer",
            "status": "agreed",
            "repay_years": "1",
            "known_on": "2024-04-01",
        }
    ]
    at = desk(book)
    assert "repayment" in kinds(waits(at, "trust_finance", "T1"))
    assert "repayment" not in kinds(waits(at, "trust_finance", "T2"))
    do(at, "record_repayment", transfer="L1", year="2025/26", amount="500", unit="£")
    assert "repayment" not in kinds(waits(at, "trust_finance", "T1"))


def test_what_others_changed_about_a_body_is_told_by_office_and_what_one_did_oneself_is_not() -> (
    None
):
    at = desk()
    mine = officer("trust_finance", "T1")
    do(at, "submit_month", mine, organisation="T1", year="2026/27", month="7")
    region = Actor("someone", "R. Region", tuple(held("region", "R1")))
    do(at, "reopen_month", region, "late", organisation="T1", year="2026/27", month="7")
    grants = held("trust_finance", "T1")
    (found,) = changes(Workings(at.position), grants, mine.subject, TODAY)
    assert (found.act, found.office, found.organisations) == ("reopen_month", "region", ("T1",))
    assert changes(Workings(at.position), held("trust_finance", "T2"), "", TODAY) == []


# -- laws ----------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("agree_transfer", "refuse_transfer", "lapse_transfer")),
        st.sampled_from(("T1", "T2")),
    ),
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_a_proposal_waits_for_exactly_those_sides_whose_word_is_missing(
    steps: list[tuple[str, str]],
) -> None:
    at = desk()
    do(at, "propose_transfer", "R. Region", **MONEY)
    for act, side in steps:
        more = {} if act == "lapse_transfer" else {"organisation": side}
        try:
            do(at, act, f"For {side}", transfer="N1", **more)
        except ActRefused:
            continue
        finally:
            position = at.position
            (row,) = position.book.transfers
            said = {one.organisation: one.outcome for one in position.book.consents}
            missing = {
                code
                for code in ("T1", "T2")
                if row.status == "proposed" and said.get(code) != "agreed"
            }
            found = {
                code
                for code in ("T1", "T2")
                if "transfer" in kinds(waits(at, "trust_finance", code))
            }
            assert found == missing


@pytest.mark.parametrize(
    ("role", "organisation"), [("trust_finance", "T1"), ("trust_finance", "T2"), ("region", "R1")]
)
def test_what_waits_for_an_office_is_what_the_desk_lets_it_do(role: str, organisation: str) -> None:
    at = desk()
    do(at, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    do(at, "propose_total", "R", organisation="T1", year="2026/27", amount="-1", unit="£m")
    do(at, "propose_total", "R", organisation="T2", year="2026/27", amount="-1", unit="£m")
    do(at, "refuse_total", "A", "too much", organisation="T2", year="2026/27")
    fields = {
        "agree_transfer": {"transfer": "N1"},
        "accept_total": {"year": "2026/27"},
        "propose_total": {"year": "2026/27", "amount": "-2", "unit": "£m"},
        "submit_month": {"year": "2026/27", "month": "7"},
    }
    found = waits(at, role, organisation)
    assert found
    for one in found:
        if one.act == "submit_month" and organisation != "T1":
            continue  # the book has no figure of it to send
        more = {"organisation": one.organisation, **fields[one.act]}
        do(at, one.act, officer(role, organisation), **more)


def test_a_month_to_approve_stands_before_what_is_overdue() -> None:
    long_ago, today = date(2026, 1, 5), date(2026, 11, 30)
    late, approval = (
        Waiting(kind, "", kind, None, due, "", "", "", (), "", "")
        for kind, due in (("challenge", long_ago), ("approval", None))
    )
    assert sorted([late, approval], key=lambda one: one.place(today)) == [approval, late]
