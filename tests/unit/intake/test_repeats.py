"""A row beneath the bottom line that takes support off, or tells it again, is no second sum of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.sources.convert import new_book

MONTHS = ("Apr", "May", "Jun")
SUPPORT = 1_500
ROWS: dict[str, tuple[int, int, int]] = {
    "Patient care income": (90_116, 89_911, 89_919),
    "Deficit support funding": (SUPPORT, SUPPORT, SUPPORT),
    "Pay": (63_195, 63_043, 62_678),
    "Drugs": (12_124, 12_221, 12_379),
}
MEMOS = (
    "Less deficit support funding",
    "Less: DSF",
    "Deficit support funding",
    "DSF included above",
    "Remove deficit support",
    "Excluding deficit support",
    "Adjust for deficit support funding",
    "Memo: deficit support funding",
)


@pytest.fixture
def book(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


def statement(memo: str, sign: int, off: int = 0, *, last: bool = True) -> list[list[Any]]:
    """Lines down, months across, with the surplus, the row beneath it, and the surplus without support."""
    rows: list[list[Any]] = [["", *MONTHS, "YTD"]]
    rows += [[name, *sums, sum(sums)] for name, sums in ROWS.items()]
    income, given, *costs = ROWS.values()
    own = [one - sum(each) for one, *each in zip(income, *costs, strict=True)]
    whole = [one + more for one, more in zip(own, given, strict=True)]
    told = [sign * (one + off) for one in given]
    rows.append(["Surplus / (deficit)", *whole, sum(whole)])
    rows.append([memo, *told, sum(told)])
    if last:
        rows.append(["Surplus / (deficit) before support", *own, sum(own)])
    return rows


def imported(rows: list[list[Any]], book: str, path: Path, *said: str) -> Result:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in [["Income and expenditure 2026/27, actual, £000"], [], *rows]:
        sheet.append(row)
    file = path / "a.xlsx"
    workbook.save(file)
    return verbs.import_(str(file), book, set=["organisation=RX1", *said])


def asked(result: Result) -> list[str]:
    return [one.message for one in result.findings if one.severity == "error"]


def support(book: str) -> list[int | None]:
    return [one.amount for one in verbs.read(book).book.amounts if one.line == "support_income"]


@pytest.mark.parametrize("last", [True, False], ids=["with the surplus before", "as the last row"])
@pytest.mark.parametrize("sign", [1, -1], ids=["positive", "negative"])
@pytest.mark.parametrize("memo", MEMOS)
def test_support_told_again_beneath_the_bottom_line_counts_once(
    memo: str, sign: int, last: bool, book: str, tmp_path: Path
) -> None:
    result = imported(statement(memo, sign, last=last), book, tmp_path)
    assert asked(result) == []
    assert support(book) == [SUPPORT * 100_000] * 3
    left = [row["reason"] for row in result.tables["left_out"]]
    words = ("counted once", "part of the row above", "of a row that has it already")
    assert any(word in one for one in left for word in words), left


def test_whoever_adds_it_all_the_same_is_asked(book: str, tmp_path: Path) -> None:
    memo = "Less deficit support funding"
    result = imported(statement(memo, 1), book, tmp_path, f"lines.{memo}=support_income")
    assert any("would count twice" in one for one in asked(result)) and support(book) == []


def test_a_sum_taken_off_that_is_another_stops_at_the_surplus(book: str, tmp_path: Path) -> None:
    rows = statement("Less deficit support funding", 1, off=-100)
    rows[-1][1:] = [one + 100 for one in rows[-1][1:4]] + [rows[-1][4] + 300]
    result = imported(rows, book, tmp_path)
    assert any("differ from what makes them" in one for one in asked(result)), asked(result)
    assert support(book) == []


def test_support_that_stands_beneath_the_surplus_alone_goes_in(book: str, tmp_path: Path) -> None:
    rows = [row for row in statement("Deficit support funding", 1) if row[0] in ("", *ROWS)]
    rows = [row for row in rows if row[0] != "Deficit support funding"]
    income, _, *costs = ROWS.values()
    own = [one - sum(each) for one, *each in zip(income, *costs, strict=True)]
    whole = [one + SUPPORT for one in own]
    rows.append(["Surplus / (deficit) before support", *own, sum(own)])
    rows.append(["Deficit support funding", *[SUPPORT] * 3, SUPPORT * 3])
    rows.append(["Surplus / (deficit) after support", *whole, sum(whole)])
    assert asked(imported(rows, book, tmp_path)) == []
    assert support(book) == [SUPPORT * 100_000] * 3


def test_in_a_list_of_months_and_lines_it_counts_once_too(book: str, tmp_path: Path) -> None:
    across = statement("Less deficit support funding", 1)
    rows: list[list[Any]] = [["Month", "Line", "Actual £000"]]
    rows += [[month, one[0], one[n]] for n, month in enumerate(MONTHS, 1) for one in across[1:]]
    assert asked(imported(rows, book, tmp_path)) == []
    assert support(book) == [SUPPORT * 100_000] * 3
