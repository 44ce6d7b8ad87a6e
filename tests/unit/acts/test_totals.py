"""Control totals: proposed, then accepted or refused by whoever must meet them; none binds before."""

from __future__ import annotations

import pytest

from controltotal.acts import ActRefused, Desk
from tests.act_books import YEAR, desk, do, figure, officer, system

TOTAL = {"organisation": "T1", "year": YEAR}
ASKED = {**TOTAL, "amount": "-200", "unit": "£"}
LIVE = f"control_total/T1/{YEAR}/plan"


def statuses(at: Desk) -> list[tuple[str, int]]:
    """What became of each control total, with its pounds."""
    return [(row.status, row.amount // 100) for row in at.position.book.control_totals]


@pytest.fixture
def at() -> Desk:
    """A desk at which £200 was proposed to T1 and accepted."""
    one = desk()
    do(one, "propose_total", "R. Region", on="2026-11-01", **ASKED)
    do(one, "accept_total", "Ann Ash", on="2026-11-05", **TOTAL)
    return one


def test_a_proposal_binds_nobody_and_an_accepted_total_is_the_one_that_position_uses() -> None:
    there = desk()
    done = do(there, "propose_total", "R. Region", on="2026-11-01", **ASKED)
    assert done.notices[0] == "T1 accepts or refuses it"
    assert done.notices[1].startswith("it does not say whether support counts towards it")
    assert figure(there, LIVE) is None
    do(there, "accept_total", "Ann Ash", on="2026-11-05", **TOTAL)
    assert figure(there, LIVE) == -200
    assert figure(there, f"gap/T1/{YEAR}/plan") == -200, "the plan is nil, and £200 better"
    (_, row) = there.position.book.control_totals
    assert (row.set_by, str(row.set_on)) == ("R. Region", "2026-11-05")


def test_a_total_says_who_set_it_where_that_is_another_than_who_enters_it() -> None:
    there = desk()
    do(there, "propose_total", "R. Region", **{**ASKED, "set_by": "NHS England"})
    assert there.position.book.control_totals[0].set_by == "NHS England"


def test_a_later_one_takes_the_place_of_the_first_only_once_it_is_accepted(at: Desk) -> None:
    do(at, "propose_total", "R. Region", on="2026-11-10", **{**ASKED, "amount": "-150"})
    assert figure(at, LIVE) == -200
    do(at, "accept_total", "Ann Ash", on="2026-11-12", organisation="T1", year="2026/27")
    assert figure(at, LIVE) == -150


def test_what_a_proposal_does_not_say_stays_as_in_the_one_in_force_and_is_told() -> None:
    there = desk()
    said = {"includes_support": "yes", "owner": "The board", "imposed": "yes"}
    do(there, "propose_total", "R. Region", on="2026-11-01", **ASKED, **said)
    do(there, "accept_total", "Ann Ash", on="2026-11-02", **TOTAL)
    done = do(there, "propose_total", "R. Region", on="2026-11-03", **{**ASKED, "amount": "-150"})
    told = "as in the control total in force: support counts towards it; who answers for it"
    assert done.notices == ("T1 accepts or refuses it", told)
    row = there.position.book.control_totals[-1]
    assert (row.includes_support, row.owner, row.imposed) == (True, "The board", None)
    half = {**ASKED, "month": "H1", "includes_support": "no"}
    done = do(there, "propose_total", "R. Region", on="2026-11-04", **half)
    assert done.notices[1:] == ("as in the control total in force: who answers for it",)
    row = there.position.book.control_totals[-1]
    assert (row.includes_support, row.owner) == (False, "The board")


def test_a_proposal_of_a_file_that_says_nothing_of_support_takes_it_over_once_accepted() -> None:
    book = system()
    row = {**TOTAL, "amount": "0", "unit": "£", "includes_support": "yes"}
    book["control_totals"] = [
        {**row, "status": "accepted", "set_on": "2026-04-01"},
        {**row, "status": "proposed", "set_on": "2026-10-01", "includes_support": ""},
    ]
    there = desk(book)
    done = do(there, "accept_total", "Ann Ash", on="2026-11-02", **TOTAL)
    assert done.notices == ("as in the control total in force: support counts towards it",)
    assert there.position.book.control_totals[-1].includes_support is True


def test_a_refused_proposal_leaves_the_accepted_one_standing_with_the_reason(at: Desk) -> None:
    do(at, "propose_total", "R. Region", on="2026-11-10", **{**ASKED, "amount": "-150"})
    do(at, "refuse_total", "Ann Ash", why="beds stay open", on="2026-11-12", **TOTAL)
    assert figure(at, LIVE) == -200
    assert at.position.book.control_totals[-1].reason == "beds stay open"


def test_a_proposal_that_is_withdrawn_leaves_the_accepted_one_standing(at: Desk) -> None:
    do(at, "propose_total", "R. Region", on="2026-11-10", **{**ASKED, "amount": "-150"})
    done = do(at, "withdraw_total", "R. Region", why="set in error", on="2026-11-12", **TOTAL)
    assert figure(at, LIVE) == -200
    assert done.notices == ("the control total accepted on 2026-11-05 stands",)
    assert [status for status, _ in statuses(at)] == ["proposed", "accepted"]


def test_an_accepted_one_that_is_withdrawn_binds_nobody(at: Desk) -> None:
    do(at, "withdraw_total", "R. Region", why="the regime ended", on="2026-11-12", **TOTAL)
    assert figure(at, LIVE) is None
    with pytest.raises(ActRefused, match="the last is withdrawn"):
        do(at, "accept_total", "Ann Ash", **TOTAL)


def test_a_proposal_alone_that_is_withdrawn_stays_to_be_seen() -> None:
    there = desk()
    do(there, "propose_total", "R. Region", on="2026-11-01", **ASKED)
    do(there, "withdraw_total", "R. Region", why="set in error", on="2026-11-02", **TOTAL)
    assert statuses(there) == [("proposed", -200), ("withdrawn", -200)]


@pytest.mark.parametrize("name", ["accept_total", "refuse_total"])
def test_only_what_is_proposed_is_accepted_or_refused(at: Desk, name: str) -> None:
    last = at.store.last()
    with pytest.raises(
        ActRefused, match="no control total of T1 is proposed: the last is accepted"
    ):
        do(at, name, "Ann Ash", **TOTAL)
    with pytest.raises(ActRefused, match="no control total of T2 is proposed: there is none"):
        do(at, name, "Ann Ash", organisation="T2", year=YEAR)
    assert at.store.last() == last


@pytest.mark.parametrize("name", ["refuse_total", "withdraw_total"])
def test_no_refusal_and_no_withdrawal_goes_without_a_reason(name: str) -> None:
    there = desk()
    do(there, "propose_total", "R. Region", **ASKED)
    with pytest.raises(ActRefused, match="needs a reason"):
        do(there, name, "Ann Ash", why="", **TOTAL)


def test_two_are_never_accepted_on_one_day_nor_one_on_the_day_of_a_withdrawal(at: Desk) -> None:
    do(at, "propose_total", "R. Region", on="2026-11-05", **{**ASKED, "amount": "-150"})
    with pytest.raises(ActRefused, match="one of T1 was accepted on 2026-11-05 already"):
        do(at, "accept_total", "Ann Ash", on="2026-11-05", **TOTAL)
    do(at, "accept_total", "Ann Ash", on="2026-11-06", **TOTAL)
    do(at, "withdraw_total", "R. Region", why="wrong", on="2026-11-08", **TOTAL)
    do(at, "propose_total", "R. Region", on="2026-11-08", **{**ASKED, "amount": "-120"})
    with pytest.raises(ActRefused, match="was withdrawn on 2026-11-08 already"):
        do(at, "accept_total", "Ann Ash", on="2026-11-08", **TOTAL)
    do(at, "accept_total", "Ann Ash", on="2026-11-09", **TOTAL)
    assert figure(at, LIVE) == -120


def test_a_half_and_an_alternative_are_answered_apart_from_the_year() -> None:
    there = desk()
    do(there, "propose_total", "R. Region", **ASKED)
    do(there, "propose_total", "R. Region", **{**ASKED, "month": "H1", "amount": "-90"})
    do(there, "propose_total", "R. Region", **{**ASKED, "scenario": "stretch", "amount": "0"})
    do(there, "accept_total", "Ann Ash", month="h1", **TOTAL)
    do(there, "accept_total", "Ann Ash", scenario="stretch", **TOTAL)
    accepted = [r for r in there.position.book.control_totals if r.status == "accepted"]
    assert [(r.month, r.scenario) for r in accepted] == [("H1", None), (None, "stretch")]
    assert figure(there, LIVE) is None


def test_what_a_total_lacks_and_what_it_does_not_have_is_told_at_once() -> None:
    there = desk()
    last = there.store.last()
    with pytest.raises(ActRefused) as found:
        do(there, "propose_total", "R. Region", organisation="T1", status="accepted", colour="red")
    assert {one.column for one in found.value.refusals} == {"year", "amount", "status", "colour"}
    assert there.store.last() == last


def test_the_body_that_must_meet_it_answers_and_the_region_cannot_for_it() -> None:
    there = desk()
    do(there, "propose_total", officer("region", "R1"), on="2026-11-20", **ASKED)
    with pytest.raises(ActRefused, match="accept_total is for trust_finance, system_finance"):
        do(there, "accept_total", officer("region", "R1"), **TOTAL)
    do(there, "accept_total", officer("trust_finance", "T1"), **TOTAL)
    assert figure(there, LIVE) == -200
