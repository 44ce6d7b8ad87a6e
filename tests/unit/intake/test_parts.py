"""Sums of a file that a book holds in parts: they stand already, add a month, or are asked."""

from __future__ import annotations

from controltotal.core.finding import FileCell
from controltotal.intake.parts import Detail, detail_lost, in_parts
from controltotal.intake.scopes import Put
from controltotal.ledger.entries import Entry, numbered, put

OF = {"organisation": "T1", "line": "drugs", "year": "2026/27", "basis": "actual"}
AT = FileCell("a.xlsx", "I&E", "B7")


def entries(*rows: dict[str, str]) -> list[Entry]:
    return numbered(put("amounts", n, {**OF, **row}.items()) for n, row in enumerate(rows, 2))


def said(**cells: str) -> Put:
    return Put("amounts", {**OF, "unit": "£k", **cells}, AT, "own")


PARTS = entries(
    {"month": "1", "recurrence": "recurrent", "amount": "70"},
    {"month": "1", "recurrence": "non_recurrent", "amount": "30"},
    {"month": "2", "counterparty": "B1", "amount": "110"},
)


def test_a_sum_that_the_parts_come_to_stands_already() -> None:
    found = in_parts([said(month="1", amount="100")], PARTS, "£k", may_replace=False)
    assert (found.puts, found.equal, found.findings) == ([], 1, [])
    found = in_parts([said(month="YTD2", amount="0.21", unit="£m")], PARTS, "£k", may_replace=False)
    assert (found.puts, found.equal) == ([], 1)


def test_a_sum_that_differs_is_asked_and_replaces_its_parts_only_with_leave() -> None:
    one = said(month="1", amount="101")
    (question,) = in_parts([one], PARTS, "£k", may_replace=False).findings
    assert question.code == "IMPORT_HELD" and "£1,000" in question.message
    found = in_parts([one], PARTS, "£k", may_replace=True)
    assert found.puts == [one] and [entry.seq for entry in found.gone] == [1, 2]


def test_a_year_to_date_adds_the_month_that_the_book_lacks() -> None:
    (month,) = in_parts([said(month="YTD3", amount="330")], PARTS, "£k", may_replace=False).puts
    assert (month.cells["month"], month.cells["amount"], month.cells["unit"]) == (
        "3",
        "120000.00",
        "£",
    )
    (same,) = in_parts([said(month="YTD5", amount="9")], PARTS, "£k", may_replace=False).puts
    assert same.cells["month"] == "YTD5", "two months are missing: nothing is made of it"


def test_what_stands_itself_and_what_names_its_parts_is_compared_as_it_is() -> None:
    whole = entries({"month": "1", "amount": "100"})
    for one in (said(month="1", amount="101"), said(month="1", amount="9", recurrence="recurrent")):
        assert in_parts([one], [*whole], "£k", may_replace=False).puts == [one]
    scheme = entries({"month": "1", "scheme": "S", "amount": "3"})
    one = said(month="1", amount="101")
    assert in_parts([one], scheme, "£k", may_replace=False).puts == [one]


def test_a_sum_of_which_the_book_has_one_row_keeps_what_that_row_says() -> None:
    one = said(month="2", amount="115")
    for may in (False, True):
        found = in_parts([one], PARTS, "£k", may_replace=may)
        (row,) = found.puts
        assert (row.cells["counterparty"], row.cells["amount"]) == ("B1", "115")
        assert (found.gone, found.findings) == ([], [])
    (same,) = in_parts([said(month="2", amount="110")], PARTS, "£k", may_replace=False).puts
    assert same.cells == {"unit": "£k", **dict(PARTS[2].cells)}


def test_what_a_sum_does_not_say_and_the_book_does_is_named() -> None:
    new = said(month="3", amount="5")
    assert detail_lost([new], [], PARTS) == [Detail("drugs", "3", ("B1",))]
    whole = said(month="1", amount="101")
    lost = detail_lost([whole], PARTS[:2], PARTS[2:])
    assert lost == [Detail("drugs", "1", ("non_recurrent", "recurrent"))]
    assert detail_lost([said(month="3", amount="5", counterparty="B1")], [], PARTS) == []
