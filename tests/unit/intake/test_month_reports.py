"""A report of one month, with the year to date beside it: what it says of the months before is nothing."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.sources.convert import new_book

LINES = {"Patient care income": 10_000, "Pay": 7_000, "Drugs": 1_200}
CODES = {"Patient care income": "patient_care_income", "Pay": "pay", "Drugs": "drugs"}
NAMES = ("April", "May", "June", "July", "August", "September", "October", "November", "December")


def thousands(name: str, month: int) -> int:
    """An actual of a line, in thousands of pounds, no two alike."""
    return LINES[name] + 10 * month + len(name)


@pytest.fixture(params=["folder", "ledger"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    folder = f"{tmp_path}/book"
    address = folder if request.param == "folder" else f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


def report(folder: Path, month: int, *, drugs: int = 0, to_date: bool = True) -> str:
    """Plan, actual and variance of a month, and to date; `drugs` is what that line is more than it was."""
    sheet = (workbook := openpyxl.Workbook()).active
    assert sheet is not None
    sheet.append([f"Finance report month {month} ({NAMES[month - 1]} 2026) £000"])
    sheet.append([])
    sheet.append(["", "In month", "", "", *(["Year to date", "", ""] if to_date else [])])
    sheet.append(["£000", *("Plan", "Actual", "Variance") * (2 if to_date else 1)])
    for name, plan in LINES.items():
        sign = 1 if name == "Patient care income" else -1
        more = drugs if name == "Drugs" else 0
        actual = thousands(name, month) + more
        row = [name, plan, actual, sign * (actual - plan)]
        if to_date:
            whole = more + sum(thousands(name, one) for one in range(1, month + 1))
            row += [month * plan, whole, sign * (whole - month * plan)]
        sheet.append(row)
    workbook.save(file := folder / f"Report month {month}, {drugs} {to_date}.xlsx")
    return str(file)


def across(folder: Path, last: int) -> str:
    """Months across, to a month."""
    sheet = (workbook := openpyxl.Workbook()).active
    assert sheet is not None
    sheet.append(["Income and expenditure 2026/27, actual, £000"])
    sheet.append([])
    sheet.append(["£000", *(f"{name[:3]}-26" for name in NAMES[:last])])
    for name in LINES:
        sheet.append([name, *(thousands(name, month) for month in range(1, last + 1))])
    workbook.save(file := folder / f"Months to {last}.xlsx")
    return str(file)


def imported(file: str, book: str, *more: str) -> Result:
    return verbs.import_(file, book, set=["organisation=RX1", "year=2026/27", *more])


def questions(result: Result) -> list[str]:
    return [one.code for one in result.findings if one.severity == "error"]


def kept(book: str, line: str, basis: str = "actual") -> dict[str, int]:
    """What a book holds of a line, in thousands, by month."""
    return {
        row.month or "": abs(row.amount or 0) // 100_000
        for row in verbs.read(book).book.amounts
        if (row.line, row.basis) == (line, basis)
    }


@pytest.mark.parametrize("to_date", [True, False], ids=["to date", "month alone"])
def test_each_report_leaves_the_months_of_those_before_it(
    book: str, tmp_path: Path, to_date: bool
) -> None:
    for month in (6, 7, 8):
        assert questions(imported(report(tmp_path, month, to_date=to_date), book)) == []
    for name, line in CODES.items():
        held = {m: pence for m, pence in kept(book, line).items() if m.isdecimal()}
        assert held == {str(m): thousands(name, m) for m in (6, 7, 8)}
        plan = {m: pence for m, pence in kept(book, line, "plan").items() if m.isdecimal()}
        assert plan == dict.fromkeys("678", LINES[name])
        whole = {f"YTD{m}": sum(thousands(name, k) for k in range(1, m + 1)) for m in (6, 7, 8)}
        sums = {m: pence for m, pence in kept(book, line).items() if not m.isdecimal()}
        assert sums == (whole if to_date else {})
    earlier = verbs.position(book, month="M7").value("surplus/RX1/2026-27/actual")
    assert (earlier is not None) is to_date


def test_a_corrected_report_changes_its_figures_and_no_other(book: str, tmp_path: Path) -> None:
    for month in (7, 8):
        assert questions(imported(report(tmp_path, month), book)) == []
    result = imported(report(tmp_path, 8, drugs=20), book)
    assert questions(result) == []
    (told,) = result.tables["imported"]
    assert (told["added"], told["changed"], told["withdrawn"]) == (0, 2, 0)
    assert kept(book, "drugs")["8"] == thousands("Drugs", 8) + 20


def test_a_year_to_date_is_weighed_by_the_months_of_the_book_and_that_of_the_file(
    book: str, tmp_path: Path
) -> None:
    assert questions(imported(across(tmp_path, 8), book)) == []
    assert questions(imported(report(tmp_path, 8), book)) == []
    changed = report(tmp_path, 8, drugs=20)
    assert questions(imported(changed, book)) == ["IMPORT_HELD"]
    result = imported(changed, book, "replace=yes")
    assert questions(result) == []
    (told,) = result.tables["imported"]
    assert (told["added"], told["changed"], told["withdrawn"]) == (0, 1, 0)
    assert kept(book, "drugs") == {
        **{str(m): thousands("Drugs", m) for m in range(1, 8)},
        "8": thousands("Drugs", 8) + 20,
    }


def test_a_year_to_date_that_the_months_do_not_make_is_asked(book: str, tmp_path: Path) -> None:
    assert questions(imported(across(tmp_path, 7), book)) == []
    file = openpyxl.load_workbook(path := report(tmp_path, 8))
    sheet = file.active
    assert sheet is not None
    sheet["F7"] = sheet["F7"].value + 50
    sheet["G7"] = sheet["G7"].value - 50
    file.save(path)
    before = kept(book, "drugs")
    assert questions(imported(path, book)) != []
    assert kept(book, "drugs") == before


def test_an_earlier_report_after_a_later_one_is_asked(book: str, tmp_path: Path) -> None:
    assert questions(imported(report(tmp_path, 8), book)) == []
    assert "IMPORT_OLDER" in questions(imported(report(tmp_path, 7), book))
