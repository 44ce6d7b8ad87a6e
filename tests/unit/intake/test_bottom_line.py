"""The surplus before support and after it: each known by its words, none taken for the support itself."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from controltotal import verbs
from controltotal.intake.bottom_line import bottom_line, names_result
from controltotal.intake.likely import likely
from controltotal.intake.lines import Lines
from controltotal.sources.convert import new_book

AFTER = (
    "Surplus / (deficit) after support",
    "Net surplus/(deficit) after deficit support",
    "Surplus/(Deficit) including DSF",
    "Reported position incl. deficit support funding",
    "Surplus / (deficit) post support",
)
BEFORE = (
    "Surplus / (deficit) before support",
    "Surplus/(deficit) excl DSF",
    "Net position without deficit support",
    "Pre-support surplus / (deficit)",
)


@pytest.mark.parametrize("text", AFTER)
def test_a_surplus_with_support_is_known_and_is_not_proposed_as_support(text: str) -> None:
    assert Lines().named(text).line == bottom_line(text) == "position_with_support"
    assert likely(text, Lines(), {"support_income", "pay"}).first == "position_with_support"


@pytest.mark.parametrize("text", BEFORE)
def test_a_surplus_without_support_is_known(text: str) -> None:
    assert Lines().named(text).line == bottom_line(text) == "position"


@pytest.mark.parametrize(
    "text",
    ["Deficit support funding", "Support income", "Deficit support", "DSF received", "Sponsorship"],
)
def test_support_is_no_result(text: str) -> None:
    assert not names_result(text) and not bottom_line(text)


@pytest.mark.parametrize(
    "text", ["Reported surplus/(deficit)", "Surplus / (deficit)", "Control total surplus"]
)
def test_a_result_that_says_nothing_of_support_is_proposed_as_no_income_and_no_cost(
    text: str,
) -> None:
    near = likely(text, Lines(), {"support_income", "pay"}).lines
    assert {Lines().kind(line) for line in near} <= {"position"}


@pytest.mark.parametrize("before", BEFORE[:2])
@pytest.mark.parametrize("after", AFTER)
def test_a_statement_with_both_comes_in_unasked_and_keeps_its_support(
    before: str, after: str, tmp_path: Path
) -> None:
    sheet = (workbook := openpyxl.Workbook()).active
    assert sheet is not None
    income, pay, support = [30_000, 30_100, 30_200], [33_000, 33_050, 33_000], [1_500, 1_400, 1_300]
    gap = [one - other for one, other in zip(income, pay, strict=True)]
    whole = [one + other for one, other in zip(gap, support, strict=True)]
    for row in (
        ["Income and expenditure 2026/27, actual, £000"],
        [],
        ["£000", "Apr-26", "May-26", "Jun-26"],
        ["Patient care income", *income],
        ["Pay", *pay],
        [before, *gap],
        ["Deficit support funding", *support],
        [after, *whole],
    ):
        sheet.append(row)
    workbook.save(file := tmp_path / "month 3.xlsx")
    new_book(book := f"sqlite:///{tmp_path}/book.ledger", "A test")
    result = verbs.import_(str(file), book, set=["organisation=RX1"])
    assert [one.code for one in result.findings if one.severity == "error"] == []
    kept: dict[str, list[int]] = {}
    for row in sorted(verbs.read(book).book.amounts, key=lambda row: row.month or ""):
        kept.setdefault(row.line, []).append(abs(row.amount or 0) // 100_000)
    assert kept["support_income"] == support
    assert (kept["patient_care_income"], kept["pay"]) == (income, pay)
    assert kept.get("position_with_support", [abs(one) for one in whole]) == [
        abs(one) for one in whole
    ]
