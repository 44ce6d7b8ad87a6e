"""Money between bodies: one side's word moves nothing, both move both positions, and what is owed."""

from __future__ import annotations

import pytest

from controltotal.acts import ActRefused, Desk, act
from controltotal.core.result import Answer
from controltotal.sharing.owed import answer_owed
from controltotal.workings.workings import Workings
from tests.act_books import CASES, YEAR, desk, do, figure, local, system

MONEY = dict(CASES["propose_transfer"].fields)
BACK = {"transfer": "N1", "year": "2027-28", "amount": "250", "unit": "£"}


def both(at: Desk) -> tuple[object, object]:
    """The plans of giver and receiver with support."""
    giver, receiver = (figure(at, f"surplus_with_support/{c}/{YEAR}/plan") for c in ("T1", "T2"))
    return giver, receiver


def owed(at: Desk, year: str) -> object:
    """What T2 still owes at the end of a year, in pounds."""
    answer = Answer("share", at.position.ref)
    answer_owed(answer, Workings(at.position))
    found = [f for f in answer.result().figures if f.id == f"balance_owed/T2/{year}/actual/N1"]
    return found[0].value // 100 if found and found[0].value is not None else None


@pytest.fixture
def at() -> Desk:
    """A desk at which £500 from T1 to T2 is proposed."""
    one = desk()
    do(one, "propose_transfer", "R. Region", on="2026-11-01", **MONEY)
    return one


@pytest.fixture
def agreed(at: Desk) -> Desk:
    """A desk at which both agreed to it."""
    do(at, "agree_transfer", "Ann Ash", on="2026-11-02", transfer="N1", organisation="T1")
    do(at, "agree_transfer", "Ben Birch", on="2026-11-03", transfer="N1", organisation="T2")
    return at


def status(at: Desk) -> str:
    (row,) = at.position.book.transfers
    return row.status


def test_one_side_alone_moves_nothing_and_both_move_both_positions(at: Desk) -> None:
    assert both(at) == (0, 0)
    first = do(at, "agree_transfer", "Ann Ash", on="2026-11-02", transfer="N1", organisation="T1")
    assert (status(at), both(at)) == ("proposed", (0, 0))
    assert first.notices == ("T2 has still to agree",)
    last = do(at, "agree_transfer", "Ben Birch", on="2026-11-03", transfer="N1", organisation="T2")
    assert (status(at), both(at)) == ("agreed", (-500, 500))
    assert last.notices == ("both sides agree: N1 counts in both positions",)
    assert [(r.organisation, r.by, str(r.on)) for r in at.position.book.consents] == [
        ("T1", "Ann Ash", "2026-11-02"),
        ("T2", "Ben Birch", "2026-11-03"),
    ]


def test_one_side_that_agrees_twice_is_still_one_side(at: Desk) -> None:
    for day in ("2026-11-02", "2026-11-03"):
        do(at, "agree_transfer", "Ann Ash", on=day, transfer="N1", organisation="T1")
    assert (status(at), both(at)) == ("proposed", (0, 0))


def test_either_order_of_consents_comes_to_the_same(at: Desk) -> None:
    for code, day in (("T2", "2026-11-02"), ("T1", "2026-11-03")):
        do(at, "agree_transfer", "Ann Ash", on=day, transfer="N1", organisation=code)
    assert (status(at), both(at)) == ("agreed", (-500, 500))


def test_a_refusal_ends_it_with_its_reason_though_the_other_side_agreed(at: Desk) -> None:
    do(at, "agree_transfer", "Ann Ash", on="2026-11-02", transfer="N1", organisation="T1")
    with pytest.raises(ActRefused, match="a refusal needs a reason"):
        do(at, "refuse_transfer", "Ben Birch", why="", transfer="N1", organisation="T2")
    do(at, "refuse_transfer", "Ben Birch", why="no terms", transfer="N1", organisation="T2")
    assert (status(at), both(at)) == ("refused", (0, 0))
    assert [row.reason for row in at.position.book.consents][-1] == "no terms"
    with pytest.raises(ActRefused, match="N1 is refused already"):
        do(at, "agree_transfer", "Ben Birch", transfer="N1", organisation="T2")


def test_a_proposal_lapses_and_an_agreed_one_does_not(at: Desk) -> None:
    do(at, "lapse_transfer", "R. Region", on="2026-11-09", transfer="N1")
    assert (status(at), both(at)) == ("lapsed", (0, 0))
    with pytest.raises(ActRefused, match="only a proposal lapses"):
        do(at, "lapse_transfer", "R. Region", transfer="N1")


def test_an_agreed_one_is_neither_refused_nor_lapsed(agreed: Desk) -> None:
    with pytest.raises(ActRefused, match="N1 is agreed already"):
        do(agreed, "refuse_transfer", "Ann Ash", transfer="N1", organisation="T1")
    with pytest.raises(ActRefused, match="N1 is agreed"):
        do(agreed, "lapse_transfer", "R. Region", transfer="N1")


def test_only_its_sides_speak_and_only_of_one_that_is_there(at: Desk) -> None:
    last = at.store.last()
    with pytest.raises(ActRefused, match=r"T3 is no side of N1 .*it is between T1 and T2"):
        do(at, "agree_transfer", "Ann Ash", transfer="N1", organisation="T3")
    with pytest.raises(ActRefused, match=r"there is no transfer N9 .*the book has N1"):
        do(at, "agree_transfer", "Ann Ash", transfer="N9", organisation="T1")
    with pytest.raises(ActRefused, match="there is a transfer N1 already"):
        do(at, "propose_transfer", "R. Region", **MONEY)
    assert at.store.last() == last


def test_all_that_a_proposal_lacks_is_told_at_once() -> None:
    with pytest.raises(ActRefused) as found:
        do(desk(), "propose_transfer", "R. Region", id="N2", giver="T1", status="agreed")
    columns = {one.column for one in found.value.refusals}
    assert columns == {"from", "to", "year", "amount", "kind", "mechanism", "giver", "status"}


def test_a_repayment_lowers_what_is_owed(agreed: Desk) -> None:
    do(agreed, "record_repayment", "Ann Ash", **BACK)
    assert owed(agreed, "2027-28") == 250
    do(agreed, "record_repayment", "Ann Ash", **{**BACK, "year": "2028-29"})
    assert owed(agreed, "2028-29") == 0
    assert [(r.year, r.kind) for r in agreed.position.book.repayments] == [
        ("2027-28", "repaid"),
        ("2028-29", "repaid"),
    ]


def test_what_is_written_off_is_owed_no_more_and_needs_a_reason(agreed: Desk) -> None:
    with pytest.raises(ActRefused, match="writing off needs a reason"):
        do(agreed, "write_off", "Ann Ash", why="", **BACK)
    do(agreed, "write_off", "Ann Ash", why="the board released it", **{**BACK, "amount": "500"})
    assert owed(agreed, "2027-28") == 0
    assert [row.kind for row in agreed.position.book.repayments] == ["written_off"]


def test_nothing_comes_back_on_money_that_was_not_agreed(at: Desk) -> None:
    for name in ("record_repayment", "write_off"):
        with pytest.raises(ActRefused, match="N1 is proposed: nothing is owed on it"):
            do(at, name, "Ann Ash", **BACK)


def test_no_more_comes_back_than_was_owed(agreed: Desk) -> None:
    last = agreed.store.last()
    with pytest.raises(ActRefused, match="more would come back on N1 than was owed"):
        do(agreed, "record_repayment", "Ann Ash", **{**BACK, "amount": "501"})
    assert agreed.store.last() == last
    do(agreed, "record_repayment", "Ann Ash", **{**BACK, "amount": "500"})
    with pytest.raises(ActRefused, match="more would come back"):
        do(agreed, "write_off", "Ann Ash", **{**BACK, "amount": "1"})


def test_a_second_sum_for_one_year_takes_the_place_of_the_first_and_says_so(agreed: Desk) -> None:
    do(agreed, "record_repayment", "Ann Ash", on="2026-11-10", **BACK)
    done = do(agreed, "record_repayment", "Ann Ash", **{**BACK, "amount": "300"})
    assert done.notices == ("it takes the place of 250 £ of the same period",)
    assert [row.amount for row in agreed.position.book.repayments] == [30000]
    with pytest.raises(ActRefused, match="nothing would change"):
        do(agreed, "record_repayment", "Ann Ash", **{**BACK, "amount": "300"})


def test_money_counts_from_the_day_of_the_later_board_whichever_was_recorded_first(
    at: Desk,
) -> None:
    do(at, "agree_transfer", "Ann Ash", on="2026-11-20", transfer="N1", organisation="T1")
    do(at, "agree_transfer", "Ben Birch", on="2026-11-05", transfer="N1", organisation="T2")
    (row,) = at.position.book.transfers
    assert (row.status, str(row.known)) == ("agreed", "2026-11-20")


def test_another_proposal_says_which_it_answers_and_takes_its_place(at: Desk) -> None:
    other = {**MONEY, "id": "N2", "amount": "300", "answers": "N1"}
    answer = do(at, "propose_transfer", "Ben Birch", on="2026-11-04", **other)
    rows = {row.id: (row.status, row.answers) for row in at.position.book.transfers}
    assert rows == {"N1": ("lapsed", None), "N2": ("proposed", "N1")}
    assert answer.notices[0] == "N1 lapses: N2 takes its place"
    do(at, "agree_transfer", "Ann Ash", on="2026-11-05", transfer="N2", organisation="T1")
    do(at, "agree_transfer", "Ben Birch", on="2026-11-06", transfer="N2", organisation="T2")
    assert both(at) == (-300, 300)


def test_a_proposal_answers_only_one_between_the_same_two_that_is_not_agreed(agreed: Desk) -> None:
    with pytest.raises(ActRefused, match="agreed already"):
        do(agreed, "propose_transfer", **{**MONEY, "id": "N2", "answers": "N1"})
    with pytest.raises(ActRefused, match="between T1 and T2"):
        do(agreed, "propose_transfer", **{**MONEY, "id": "N2", "to": "T3", "answers": "N1"})
    with pytest.raises(ActRefused, match="no transfer N9"):
        do(agreed, "propose_transfer", **{**MONEY, "id": "N2", "answers": "N9"})


def test_boards_may_have_approved_before_it_was_proposed_and_it_counts_from_then_on(
    at: Desk,
) -> None:
    do(at, "agree_transfer", "Ann Ash", on="2026-10-20", transfer="N1", organisation="T1")
    do(at, "agree_transfer", "Ben Birch", on="2026-10-22", transfer="N1", organisation="T2")
    (row,) = at.position.book.transfers
    assert (row.status, str(row.known)) == ("agreed", "2026-11-01")
    assert [str(one.on) for one in at.position.book.consents] == ["2026-10-20", "2026-10-22"]
    assert both(at) == (-500, 500)


YEAR_BEFORE = {**MONEY, "year": "2025/26"}
SUBMISSION = {"organisation": "T1", "basis": "actual", "entry": "1", "by": "A", "on": "2026-04-20"}


def sent(**more: str) -> Desk:
    """A desk at which T1 has sent one month."""
    return desk({**system(), "submissions": [{**SUBMISSION, **more}]})


@pytest.mark.parametrize(
    ("at", "on", "why"),
    [
        (sent(year="2025/26", month="12"), "2026-04-21", "month 12 was sent on 20 April 2026"),
        (sent(year="2026/27", month="1"), "2026-05-20", "it has sent figures of 2026/27"),
        (desk(), "2026-07-01", "its accounts were due by 30 June 2026"),
    ],
    ids=["twelfth sent", "next year begun", "accounts due"],
)
def test_money_moves_in_no_year_that_is_closed_for_one_of_the_two(
    at: Desk, on: str, why: str
) -> None:
    with pytest.raises(ActRefused, match=f"2025/26 is closed for T1: {why}") as refusal:
        do(at, "propose_transfer", on=on, **YEAR_BEFORE)
    assert refusal.value.refusals[0].column == "year"


@pytest.mark.parametrize(
    ("at", "on"),
    [
        (desk(), "2026-06-30"),
        (sent(year="2025/26", month="11"), "2026-04-21"),
        (
            sent(year="2025/26", month="12", reopened_on="2026-04-22", reason="an error"),
            "2026-04-23",
        ),
    ],
    ids=["until the accounts", "month 12 not sent", "reopened"],
)
def test_money_moves_in_a_year_that_ended_and_is_still_open(at: Desk, on: str) -> None:
    do(at, "propose_transfer", on=on, **YEAR_BEFORE)
    assert status(at) == "proposed"


def test_a_proposal_of_a_year_that_closed_since_is_not_agreed_but_lapses() -> None:
    at = desk()
    do(at, "propose_transfer", on="2026-06-01", **YEAR_BEFORE)
    with pytest.raises(ActRefused, match="2025/26 is closed for T1"):
        do(at, "agree_transfer", on="2026-07-02", transfer="N1", organisation="T1")
    do(at, "lapse_transfer", on="2026-07-02", transfer="N1")
    assert status(at) == "lapsed"


def test_agreeing_needs_the_day_of_the_board_and_never_takes_todays_for_it(at: Desk) -> None:
    fields = {"transfer": "N1", "organisation": "T1"}
    with pytest.raises(ActRefused, match="day on which the board approved it is missing") as found:
        act("agree_transfer", at, fields, as_=local("Ann Ash"))
    assert [one.column for one in found.value.refusals] == ["on"]
    assert not at.position.book.consents
    act("agree_transfer", at, fields, on="2026-11-02", as_=local("Ann Ash"))
    assert [str(row.on) for row in at.position.book.consents] == ["2026-11-02"]
