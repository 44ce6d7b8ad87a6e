"""Months that bodies send: sent, approved by another person, reopened, adjusted and shown as late."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.acts import Actor, ActRefused, Desk, Grant
from controltotal.book.fold import fold
from controltotal.book.records import Submission
from controltotal.sources.books import of_ledger
from tests.act_books import YEAR, desk, do, figure, officer, system

MONTH = {"organisation": "T1", "year": YEAR, "month": "9"}
LATE = {**MONTH, "line": "position", "basis": "actual", "amount": "-150", "unit": "£"}
ACTUAL = f"surplus/T1/{YEAR}/actual"


def sent(at: Desk) -> Submission:
    """The one month that was sent."""
    (row,) = at.position.book.submissions
    return row


@pytest.fixture
def at() -> Desk:
    """A desk at which month 9 of T1 was sent by Ann Ash."""
    one = desk()
    do(one, "submit_month", "Ann Ash", on="2026-11-20", **MONTH)
    return one


def test_a_month_is_sent_as_the_book_then_has_it_and_waits() -> None:
    there = desk()
    last = there.store.last()[0]
    done = do(there, "submit_month", "Ann Ash", **MONTH)
    row = sent(there)
    assert (row.organisation, row.month, row.basis, row.by) == ("T1", "9", "actual", "Ann Ash")
    assert row.entry_ == str(last), "the last entry that was sent with it"
    assert row.approved_by is None
    assert done.notices == ("it waits for the approval of another person",)
    assert figure(there, ACTUAL) == -900


@pytest.mark.parametrize("month", ["M9", "Dec", "December", "Dec-26", "09", "2026-12-31"])
@pytest.mark.parametrize("year", ["2026/27", "2026-27", "26/27", "FY26/27"])
def test_a_month_and_a_year_are_read_however_people_write_them(month: str, year: str) -> None:
    there = desk()
    do(there, "submit_month", "Ann Ash", organisation="T1", year=year, month=month)
    do(there, "approve_month", "Ben Birch", **MONTH)
    assert (sent(there).year, sent(there).month, sent(there).approved_by) == (
        YEAR,
        "9",
        "Ben Birch",
    )


def test_a_month_is_not_sent_twice_until_it_is_reopened(at: Desk) -> None:
    last = at.store.last()
    with pytest.raises(ActRefused, match="was sent on 2026-11-20 already"):
        do(at, "submit_month", "Ann Ash", organisation="T1", year="2026/27", month="Dec")
    assert at.store.last() == last
    do(at, "reopen_month", "R. Region", why="a stock count was wrong", **MONTH)
    assert sent(at).reopened_by == "R. Region" and sent(at).reason == "a stock count was wrong"
    do(at, "submit_month", "Ann Ash", **MONTH)
    assert [row.reopened_by for row in at.position.book.submissions] == ["R. Region", None]


def test_what_is_sent_must_be_in_the_book_for_that_very_month() -> None:
    there = desk()
    for fields in ({**MONTH, "month": "10"}, {**MONTH, "organisation": "T2"}):
        with pytest.raises(ActRefused, match=f"no actual figure of {fields['organisation']}"):
            do(there, "submit_month", "Ann Ash", **fields)
    do(there, "submit_month", "Ann Ash", organisation="T2", year=YEAR, basis="plan")
    assert sent(there).month is None and sent(there).basis == "plan"


def test_a_year_to_date_is_sent_with_the_month_that_it_reaches() -> None:
    book = desk_with_year_to_date()
    do(book, "submit_month", "Ann Ash", organisation="T2", year=YEAR, month="M9")
    changed = {**LATE, "organisation": "T2", "month": "YTD9", "amount": "-70"}
    do(book, "adjust_month", "Ann Ash", why="a late invoice", **changed)
    assert figure(book, f"surplus/T2/{YEAR}/actual") == -70
    assert sent(book).late_reason == "a late invoice"


def desk_with_year_to_date() -> Desk:
    """A desk at whose book T2 gives one sum for April to December."""
    book = system()
    book["amounts"].append(
        {**LATE, "organisation": "T2", "month": "YTD9", "amount": "-60"},
    )
    return desk(book)


def test_a_month_is_approved_by_another_person(at: Desk) -> None:
    do(at, "approve_month", "Ben Birch", **MONTH)
    assert (sent(at).by, sent(at).approved_by) == ("Ann Ash", "Ben Birch")
    with pytest.raises(ActRefused, match="was approved by Ben Birch already"):
        do(at, "approve_month", "Cat Cedar", **MONTH)


@pytest.mark.parametrize("name", ["Ann Ash", "ann  ash", "A. Ash", "Ash, Ann", "Ms Ann Ash MBA"])
def test_nobody_approves_what_they_sent_however_the_name_is_spelt(at: Desk, name: str) -> None:
    last = at.store.last()
    with pytest.raises(ActRefused, match="another person approves it"):
        do(at, "approve_month", name, **MONTH)
    assert at.store.last() == last and sent(at).approved_by is None


def test_one_subject_is_one_person_under_two_names() -> None:
    there = desk()
    grants = (Grant("trust_finance", "T1", date(2026, 4, 1)),)
    do(there, "submit_month", Actor("s-1", "Ann Ash", grants), **MONTH)
    with pytest.raises(ActRefused, match="another person approves it"):
        do(there, "approve_month", Actor("s-1", "Zoe Zander", grants), **MONTH)
    do(there, "approve_month", Actor("s-2", "Zoe Zander", grants), **MONTH)


def test_whoever_changed_a_month_since_does_not_approve_it_either(at: Desk) -> None:
    do(at, "adjust_month", "Cat Cedar", why="a late invoice", **LATE)
    for name in ("Cat Cedar", "Ann Ash"):
        with pytest.raises(ActRefused, match="another person approves it"):
            do(at, "approve_month", name, **MONTH)
    do(at, "approve_month", "Ben Birch", **MONTH)


def test_who_sent_a_month_that_was_approved_may_approve_what_the_other_changes_later() -> None:
    there = desk()
    do(there, "submit_month", "Ann Ash", on="2026-11-20", **MONTH)
    do(there, "approve_month", "Ben Birch", on="2026-11-25", **MONTH)
    do(there, "adjust_month", "Ben Birch", why="an invoice of November", **LATE)
    with pytest.raises(ActRefused, match="another person approves it"):
        do(there, "approve_month", "Ben Birch", **MONTH)
    do(there, "approve_month", "Ann Ash", **MONTH)
    assert sent(there).approved_by == "Ann Ash"


def test_a_subject_that_sent_does_not_approve_after_another_adjusted() -> None:
    there = desk()
    grants = (Grant("trust_finance", "T1", date(2026, 4, 1)),)
    do(there, "submit_month", Actor("s-1", "Ann Ash", grants), on="2026-11-20", **MONTH)
    do(there, "adjust_month", Actor("s-2", "Ben Birch", grants), why="late", **LATE)
    with pytest.raises(ActRefused, match="another person approves it"):
        do(there, "approve_month", Actor("s-1", "Zoe Zander", grants), **MONTH)


@pytest.mark.parametrize("name", ["approve_month", "reopen_month"])
def test_what_was_not_sent_is_neither_approved_nor_reopened(name: str) -> None:
    there = desk()
    with pytest.raises(ActRefused, match="T1, 2026-27 month 8 was not sent"):
        do(there, name, "Ben Birch", organisation="T1", year=YEAR, month="8")


def test_reopening_needs_a_reason_and_says_when(at: Desk) -> None:
    with pytest.raises(ActRefused, match="reopening needs a reason"):
        do(at, "reopen_month", "R. Region", why="", **MONTH)
    do(at, "reopen_month", "R. Region", why="a stock count was wrong", **MONTH)
    assert [row.reopened_on for row in at.position.book.submissions] == [date(2026, 11, 30)]


def test_a_late_adjustment_moves_the_figure_and_says_that_it_is_late(at: Desk) -> None:
    do(at, "approve_month", "Ben Birch", on="2026-11-25", **MONTH)
    assert figure(at, ACTUAL) == -900
    done = do(at, "adjust_month", "Ann Ash", why="an invoice of November", **LATE)
    assert figure(at, ACTUAL) == -950
    assert sent(at).late_reason == "an invoice of November"
    assert done.notices == (
        f"a late adjustment of amounts/T1/position/{YEAR}/9/actual////",
        "it waits for the approval of another person",
    )


def test_who_approved_a_month_approved_no_later_figures_of_it_and_may_approve_those_too(
    at: Desk,
) -> None:
    do(at, "approve_month", "Ben Birch", on="2026-11-25", **MONTH)
    do(at, "adjust_month", "Ann Ash", why="an invoice of November", **LATE)
    assert sent(at).approved_by is None
    with pytest.raises(ActRefused, match="another person approves it"):
        do(at, "approve_month", "Ann Ash", **MONTH)
    do(at, "approve_month", "Ben Birch", **MONTH)
    assert (sent(at).late_reason, sent(at).approved_by) == ("an invoice of November", "Ben Birch")


def test_what_was_said_before_a_late_adjustment_can_still_be_read(at: Desk) -> None:
    do(at, "adjust_month", "Ann Ash", why="an invoice of November", **LATE)
    source = of_ledger("ledger", at.store.read(), at.store.whole())
    before = fold(source, date(2026, 11, 29))
    told = [row.amount for row in before.book.amounts if row.month == "9"]
    assert told == [-10000]


def test_all_that_is_wrong_with_a_late_adjustment_is_said_at_once(at: Desk) -> None:
    last = at.store.last()
    with pytest.raises(ActRefused) as found:
        do(at, "adjust_month", "Ann Ash", why="", **{**LATE, "amount": "-100"})
    whats = [one.what for one in found.value.refusals]
    assert whats == ["a late adjustment needs a reason", "nothing would change"]
    assert at.store.last() == last


def test_a_month_that_was_not_sent_is_changed_by_no_late_adjustment() -> None:
    there = desk()
    with pytest.raises(ActRefused, match="was not sent"):
        do(there, "adjust_month", "Ann Ash", **LATE)


def test_a_month_is_approved_by_the_own_body_alone_and_reopened_by_who_stands_above(
    at: Desk,
) -> None:
    do(at, "approve_month", officer("trust_finance", "T1"), on="2026-11-25", **MONTH)
    do(at, "reopen_month", officer("system_finance", "S1"), **MONTH)
    assert sent(at).reopened_on == date(2026, 11, 30)
