"""A file on the page of a month says nothing of later months: they stand, and what differs is told."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.accounts.months_sent import surplus_to
from controltotal.ledger import in_force
from controltotal.service.month_results import pounds
from controltotal.workings.workings import Workings
from tests import month_books
from tests.service_house import client, served
from tests.unit.service.test_months import ADDRESS, YEAR, drop, finance, hidden, send, text_of

DECEMBER = ADDRESS.replace("M10", "M9")
LATE = {"set:late": "an invoice came late"}


@pytest.fixture
def house() -> Any:
    """The fictional system, served; the trust has sent December, then January, from its own files."""
    house = served(desk=month_books.desk())
    robin = finance(house)
    # Its own December file takes the place of the rows that came otherwise.
    drop(robin, month_books.workbook(9, {("drugs", 9): 5}), "M9.xlsx", DECEMBER)
    robin.post(f"{DECEMBER}/check", {"set:replace": "yes", "do": "answer"})
    page = robin.get(f"{DECEMBER}/check")
    assert send(robin, page, DECEMBER).status_code == 302, text_of(page)
    sent = send(robin, drop(robin, january()))
    assert sent.status_code == 302, text_of(sent)
    return house


def january(**more: int) -> bytes:
    """January's file; December as it was sent."""
    every = {("drugs", 9): 5} | {(line, 10): by for line, by in more.items()}
    return month_books.workbook(10, every)


def rows_of(house: Any, month: str) -> list[tuple[str, str]]:
    """The actuals of a month in force."""
    rows = [dict(one.cells) for one in in_force(house.position.daybook) if one.table == "amounts"]
    return sorted(
        (row["line"], row["amount"])
        for row in rows
        if (row["organisation"], row["basis"], row.get("month")) == ("XF-FTH", "actual", month)
        and not row.get("scheme")
    )


def to_date(house: Any, month: int) -> int:
    """The surplus to a month, in pence."""
    return surplus_to(Workings(house.position), "XF-FTH", YEAR, month).actual or 0


def test_december_corrected_after_january_was_sent_leaves_january_as_it_was(house: Any) -> None:
    robin, stood = finance(house), rows_of(house, "10")
    before = to_date(house, 10)
    assert len(stood) == 9
    page = drop(robin, month_books.workbook(9, {("drugs", 9): 208}), "M9 again.xlsx", DECEMBER)
    words = text_of(page)
    assert "question" not in words and "withdrawn" not in words and "are to go" not in words
    assert "There is nothing to send" not in words and "month 9 (December)" in words
    assert "Drugs, month 9" in words
    sent = send(robin, page, DECEMBER, **LATE)
    assert sent.status_code == 302, text_of(sent)
    assert rows_of(house, "10") == stood
    assert to_date(house, 10) == before - 20_300_000
    receipt = text_of(robin.get(sent["Location"]))
    assert "Late adjustment of month 9" in receipt
    words = text_of(robin.get(DECEMBER))
    assert "Late adjustment: an invoice came late" in words and "Drugs month 9" in words
    assert "Late adjustment: an invoice" not in text_of(robin.get(ADDRESS)), "it is none of January"


def test_a_file_that_changes_nothing_is_the_only_one_with_nothing_to_send(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(9, {("drugs", 9): 5}), "same.xlsx", DECEMBER)
    assert "There is nothing to send" in text_of(page)
    assert send(robin, page, DECEMBER, **LATE).status_code == 422


def test_rows_of_later_months_that_differ_are_named_and_left_aside(house: Any) -> None:
    robin, stood = finance(house), rows_of(house, "10")
    every = {("drugs", 9): 208, ("drugs", 10): 7, ("bank_pay", 10): 3}
    page = drop(robin, month_books.workbook(10, every), "M10 again.xlsx", DECEMBER)
    words = text_of(page)
    assert "question" not in words
    assert "Left aside: 2 figures of later periods that differ from the ledger" in words
    assert "Drugs, month 10" in words and "Bank" in words and "Depreciation, month 10" not in words
    sent = send(robin, page, DECEMBER, **LATE)
    assert sent.status_code == 302, text_of(sent)
    assert rows_of(house, "10") == stood
    assert ("drugs", str(month_books.told("drugs", 9) + 208)) in rows_of(house, "9")


def test_a_receipt_says_the_month_that_was_adjusted_and_not_the_page_it_was_sent_on(
    house: Any,
) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(10, {("drugs", 9): 208}), "M10 again.xlsx")
    sent = send(robin, page, **LATE)
    assert sent.status_code == 302, text_of(sent)
    receipt = robin.get(sent["Location"])
    assert "Late adjustment of month 9" in text_of(receipt)
    assert f'href="{DECEMBER}"' in receipt.content.decode()
    assert "an invoice came late" in text_of(robin.get(DECEMBER))


def test_the_file_of_a_later_month_that_was_never_sent_belongs_on_its_own_page(house: Any) -> None:
    robin, last = finance(house), house.position.ref
    page = drop(robin, month_books.workbook(11), "M11.xlsx")
    assert "end with month 11" in text_of(page) and "go to month 11" in text_of(page)
    assert send(robin, page, **LATE).status_code == 422 and house.position.ref == last
    assert hidden(page)


def test_a_later_month_says_what_differs_because_an_earlier_one_was_adjusted(house: Any) -> None:
    robin = finance(house)
    assert "What differs" not in text_of(robin.get(ADDRESS))
    before = to_date(house, 10)
    page = drop(robin, month_books.workbook(9, {("drugs", 9): 208}), "M9 again.xlsx", DECEMBER)
    sent = send(robin, page, DECEMBER, **LATE)
    drugs = sum(month_books.told("drugs", month) for month in range(1, 11)) + 208
    after = to_date(house, 10)
    assert after == before - 20_300_000
    wanted = (
        f"Drugs: {drugs:,} instead of {drugs - 203:,} (203 more)",
        f"Surplus or deficit, without support: {pounds(after)} instead of {pounds(before)} (203 worse)",
    )
    receipt, own = robin.get(sent["Location"]), robin.get(ADDRESS)
    assert f'<a href="{ADDRESS}">Month 10, to January</a>' in receipt.content.decode()
    assert f'<a href="{DECEMBER}">Late adjustment of month 9</a>' in own.content.decode()
    for words in (text_of(receipt), text_of(own)):
        assert "What differs" in words and "Reason: an invoice came late" in words
        assert all(one in words for one in wanted), words
    assert "What differs" not in text_of(robin.get(DECEMBER)), "it is told there as its own"


def test_a_months_own_file_that_changes_the_month_before_says_what_differs(house: Any) -> None:
    robin = finance(house)
    page = drop(robin, month_books.workbook(10, {("drugs", 9): 208, ("drugs", 10): 3}), "M10.xlsx")
    sent = send(robin, page, **LATE)
    assert sent.status_code == 302, text_of(sent)
    words = text_of(robin.get(sent["Location"]))
    assert "Month 10, to January : late adjustment of month" in words and "(203 more)" in words
    assert "(203 more)" in text_of(robin.get(ADDRESS)), "its own three are no part of it"


def test_a_month_sent_again_is_told_by_the_later_ones(house: Any) -> None:
    chris, robin = client(house, "chris", ("system_finance", "XF-SYS")), finance(house)
    reopened = {**hidden(chris.get(DECEMBER)), "act": "reopen_month", "why": "it is wrong"}
    reopened["request"] = "reopen-december"
    assert chris.post(DECEMBER, reopened).status_code == 302
    page = drop(robin, month_books.workbook(9, {("drugs", 9): 25}), "M9 again.xlsx", DECEMBER)
    assert send(robin, page, DECEMBER).status_code == 302, text_of(page)
    words = text_of(robin.get(ADDRESS))
    assert "Sent again: month 9" in words and "(20 more)" in words and "(20 worse)" in words
