"""Months that were sent: the last hand-in of each, and the rows of amounts that it closes."""

from __future__ import annotations

import pytest

from controltotal.book.sent_months import SentMonths, is_sent_with_months

ROW = {"organisation": "T1", "year": "2026/27", "month": "M9", "entry": "4", "on": "2026-12-01"}
AMOUNT = {"organisation": "T1", "year": "2026-27", "basis": "actual", "line": "pay"}


def test_the_state_of_a_month_is_that_of_its_last_hand_in() -> None:
    reopened = {**ROW, "reopened_on": "2026-12-04"}
    again = {**ROW, "entry": "9", "on": "2026-12-05"}
    assert SentMonths([ROW]).state("T1", "2026-27", 9) == "sent"
    assert SentMonths([{**ROW, "approved_by": "B"}]).state("T1", "2026-27", 9) == "approved"
    assert SentMonths([reopened]).state("T1", "2026-27", 9) == "reopened"
    assert SentMonths([reopened, again]).state("T1", "2026-27", 9) == "sent"
    assert SentMonths([ROW]).state("T1", "2026-27", 8) == "not_sent"


def test_of_two_rows_of_one_hand_in_the_one_known_later_holds() -> None:
    later = {**ROW, "approved_by": "B", "known_on": "2026-12-03"}
    for rows in ([ROW, later], [later, ROW]):
        assert SentMonths(rows).state("T1", "2026-27", 9) == "approved"


@pytest.mark.parametrize(
    ("month", "closed"),
    [
        ("9", True),
        ("Dec", True),
        ("YTD9", True),
        ("3", True),
        ("Q3", True),
        ("10", False),
        ("", True),
    ],
)
def test_a_month_closes_itself_and_those_before_it_that_were_never_sent(
    month: str, closed: bool
) -> None:
    found = SentMonths([ROW]).closing({**AMOUNT, "month": month})
    assert (found is not None) == closed


def test_a_month_that_was_reopened_is_open_though_a_later_one_was_sent() -> None:
    months = SentMonths([{**ROW, "month": "6", "reopened_on": "2026-12-04"}, ROW])
    assert months.closing({**AMOUNT, "month": "6"}) is None
    assert months.closing({**AMOUNT, "month": "3"}) is None, "it was sent with month 6"
    assert months.closing({**AMOUNT, "month": "7"}) is not None


def test_plans_forecasts_and_savings_of_schemes_are_not_what_a_month_sends() -> None:
    assert is_sent_with_months(AMOUNT)
    for row in (
        {**AMOUNT, "basis": "plan"},
        {**AMOUNT, "basis": "forecast"},
        {**AMOUNT, "scheme": "S"},
    ):
        assert not is_sent_with_months(row)
        assert SentMonths([ROW]).closing({**row, "month": "9"}) is None
    assert SentMonths([{**ROW, "basis": "forecast"}, {**ROW, "month": ""}]).every == {}
