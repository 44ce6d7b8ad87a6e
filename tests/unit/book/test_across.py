"""Cells of one row that must go together: month and year, basis and month, sum and side, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.book.across import check_together


def checked(
    texts: dict[str, str], values: dict[str, Any], table: str = "amounts"
) -> tuple[str, str, str] | None:
    """The code, column and found text of the fault, or None where the cells go together."""
    fault = check_together(table, texts, values)
    return None if fault is None else (fault.code, fault.column, fault.found)


def after(texts: dict[str, str], values: dict[str, Any], table: str = "amounts") -> dict[str, Any]:
    """The values once the cells were checked and found to go together."""
    assert check_together(table, texts, values) is None
    return values


# -- a basis to date -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "meant"),
    [("1", "1"), ("2", "YTD2"), ("9", "YTD9"), ("12", "YTD12"), ("YTD9", "YTD9")],
)
def test_a_basis_to_date_makes_of_a_month_the_months_up_to_it(month: str, meant: str) -> None:
    values = {"basis": "actual", "month": month}
    assert after({"basis": "YTD actual", "month": month}, values)["month"] == meant


@pytest.mark.parametrize(
    ("texts", "month", "found"),
    [
        ({}, None, "an empty cell"),
        ({"month": ""}, "", "an empty cell"),
        ({"month": "Q2"}, "Q2", "Q2"),
        ({"month": "H1"}, "H1", "H1"),
    ],
)
def test_a_basis_to_date_asks_for_the_month_that_it_reaches(
    texts: dict[str, str], month: str | None, found: str
) -> None:
    said = checked({"basis": "YTD actual", **texts}, {"basis": "actual", "month": month})
    assert said == ("UNKNOWN_MONTH", "month", found)


def test_a_plain_basis_or_one_that_nobody_can_read_changes_no_month() -> None:
    for text, values in (
        ("actual", {"basis": "actual", "month": "9"}),
        ("plan", {"basis": "plan", "month": "9"}),
        ("", {"month": "9"}),
        ("YTD guess", {"month": "9"}),  # the word itself is told
    ):
        assert after({"basis": text, "month": "9"}, values)["month"] == "9"
    assert after({"month": "9"}, {"month": "9"})["month"] == "9"


# -- a month of its year ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year", "goes"),
    [
        ("Apr-26", "2026-27", True),
        ("Mar-27", "2026-27", True),
        ("Mar-26", "2026-27", False),
        ("Apr-27", "2026-27", False),
        ("Apr-26", None, True),  # the year itself is told
        ("April", "2026-27", True),
        ("Q1", "2026-27", True),
    ],
)
def test_a_dated_month_lies_in_the_year_of_its_row(text: str, year: str | None, goes: bool) -> None:
    values: dict[str, Any] = {"month": "1", "basis": "actual"}
    if year is not None:
        values["year"] = year
    fault = check_together("amounts", {"month": text}, values)
    assert (fault is None) is goes
    if fault is not None:
        assert (fault.code, fault.column, fault.found) == ("UNKNOWN_MONTH", "month", text)
        assert fault.expected == "a month of 2026/27, the year of its row"


# -- a year to date --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "texts", "values", "goes"),
    [
        ("amounts", {"basis": "actual"}, {"basis": "actual"}, True),
        ("amounts", {"basis": "plan"}, {"basis": "plan"}, True),
        ("amounts", {"basis": "forecast"}, {"basis": "forecast"}, False),
        ("amounts", {}, {}, False),  # without a basis it is of no actuals
        ("amounts", {"basis": "guess"}, {}, True),  # the basis itself is told
        ("facts", {}, {}, True),  # a fact without a basis is an actual
        ("facts", {"basis": "plan"}, {"basis": "plan"}, False),
        ("facts", {"basis": "actual"}, {"basis": "actual"}, True),
        ("limits", {}, {}, False),
        ("limits", {"basis": "actual"}, {"basis": "actual"}, False),
    ],
)
def test_a_year_to_date_is_of_actuals_and_planned_money_in_the_tables_that_know_it(
    table: str, texts: dict[str, str], values: dict[str, Any], goes: bool
) -> None:
    fault = check_together(table, {"month": "YTD9", **texts}, {"month": "YTD9", **values})
    assert (fault is None) is goes
    if fault is not None:
        assert (fault.code, fault.column, fault.found) == ("UNKNOWN_MONTH", "month", "YTD9")
        of = {"amounts": "actuals and plans", "facts": "actuals"}.get(table)
        assert ("a year to date is of" in fault.expected) is (of is not None)
        assert of is None or f"a year to date is of {of} only" in fault.expected
    plain = check_together(table, {"month": "Q2", **texts}, {"month": "Q2", **values})
    assert plain is None


# -- a side of the ledger --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "column", "value", "side"),
    [
        ("5 CR", "", 500, "credit"),
        ("5 DR", "", 500, "debit"),
        ("5", "credit", 500, "credit"),
        ("5 CR", "credit", 500, "credit"),
        ("0", "debit", 0, "debit"),
        ("5", "", 500, None),
        ("-5", "", -500, None),
    ],
)
def test_a_side_is_said_after_the_sum_or_in_its_column(
    amount: str, column: str, value: int, side: str | None
) -> None:
    values: dict[str, Any] = {"amount": value, **({"direction": column} if column else {})}
    assert after({"amount": amount}, values).get("direction") == side


@pytest.mark.parametrize(
    ("amount", "column", "value"),
    [("5 CR", "debit", 500), ("5 DR", "credit", 500), ("-5", "credit", -500), ("-1", "debit", -1)],
)
def test_two_sides_or_a_side_and_a_sign_do_not_go_together(
    amount: str, column: str, value: int
) -> None:
    said = checked({"amount": amount}, {"amount": value, "direction": column})
    assert said == ("AMBIGUOUS_NUMBER", "amount", amount)


def test_a_sum_that_nobody_could_read_has_no_side_and_other_tables_have_none() -> None:
    assert "direction" not in after({"amount": "x CR"}, {})
    values = {"amount": -5, "direction": "credit"}
    assert after({"amount": "-5"}, values, "transfers") == {"amount": -5, "direction": "credit"}


def test_the_first_fault_is_told() -> None:
    texts = {"basis": "YTD actual", "month": "Q2", "amount": "-5"}
    values = {"basis": "actual", "month": "Q2", "amount": -5, "direction": "credit"}
    assert checked(texts, values) == ("UNKNOWN_MONTH", "month", "Q2")
