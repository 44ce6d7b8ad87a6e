"""Months down and lines across: sums of months are checked and not added, and no column is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.sources.convert import new_book

MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November", "December")
COSTS = ("Pay", "Drugs", "Other costs")
LINES = {"Pay": "pay", "Drugs": "drugs", "Other costs": "other_costs", "Interest": "finance_costs"}
SUMS = {"Year to date": (0, 9), "YTD": (0, 9), "To date": (0, 9), "Q1": (0, 3), "Full year": (0, 9)}
"""What a row among months may be called that is none, and the months that it sums."""


def money(name: str, month: int) -> int:
    """A sum of a line in a month, in pounds, no two alike."""
    base = {
        "Patient income": 10_000_000,
        "Pay": 7_000_000,
        "Drugs": 900_000,
        "Other costs": 2_000_000,
    }
    return base.get(name, 318_000) + 1_000 * month + len(name)


@pytest.fixture
def book(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/book.ledger"
    new_book(address, "A test")
    return address


def written(path: Path, heads: list[str], rows: list[list[Any]]) -> str:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Income and expenditure 2026/27, actual, £"])
    sheet.append([])
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return str(path)


def statement(
    path: Path,
    costs: tuple[str, ...] = COSTS,
    after: dict[str, int] | None = None,
    *,
    totals: bool = True,
) -> str:
    """Months down, lines across; `after` are rows of sums by their names, each with what it is off."""
    heads = ["Month", "Patient income", *costs]
    plain = [[money(name, month) for name in heads[1:]] for month in range(1, len(MONTHS) + 1)]
    rows: list[list[Any]] = [[month, *sums] for month, sums in zip(MONTHS, plain, strict=True)]
    for name, off in (after or {}).items():
        first, last = SUMS[name]
        sums = [sum(column) for column in zip(*plain[first:last], strict=True)]
        rows.insert(last + rows.index([MONTHS[0], *plain[0]]), [name, sums[0] + off, *sums[1:]])
    if totals:
        heads += ["Total costs", "Surplus / (deficit)"]
        for row in rows:
            row += [sum(row[2:]), row[1] - sum(row[2:])]
    return written(path, heads, rows)


def imported(path: str, book: str, **set_: str) -> Result:
    return verbs.import_(
        path, book, set=["organisation=RX1", *(f"{k}={v}" for k, v in set_.items())]
    )


def questions(result: Result) -> list[str]:
    return [one.code for one in result.findings if one.severity == "error"]


def kept(book: str) -> dict[tuple[str, str], int | None]:
    return {(row.line, row.month or ""): row.amount for row in verbs.read(book).book.amounts}


def expected(costs: tuple[str, ...] = COSTS) -> dict[tuple[str, str], int]:
    lines = {"Patient income": "patient_care_income", **{name: LINES[name] for name in costs}}
    return {
        (line, str(month)): 100 * money(name, month) * (1 if name == "Patient income" else -1)
        for name, line in lines.items()
        for month in range(1, len(MONTHS) + 1)
    }


def sizes(sums: dict[tuple[str, str], Any]) -> dict[tuple[str, str], int]:
    return {place: abs(pence) for place, pence in sums.items()}


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_row_of_sums_among_months_is_checked_and_not_added(
    name: str, book: str, tmp_path: Path
) -> None:
    result = imported(statement(tmp_path / "a.xlsx", after={name: 0}), book)
    assert questions(result) == []
    assert sizes(kept(book)) == sizes(expected())


@pytest.mark.parametrize("name", sorted(SUMS))
def test_a_row_of_sums_that_are_not_those_of_its_months_stops(
    name: str, book: str, tmp_path: Path
) -> None:
    result = imported(statement(tmp_path / "a.xlsx", after={name: 7}), book)
    assert questions(result)
    assert kept(book) == {}


@pytest.mark.parametrize("totals", [True, False], ids=["with totals", "without totals"])
def test_a_column_under_a_heading_that_is_no_line_is_asked_and_never_left_out_unasked(
    totals: bool, book: str, tmp_path: Path
) -> None:
    costs = (*COSTS, "Interest")
    path = statement(tmp_path / "a.xlsx", (*COSTS, "Interest and such"), totals=totals)
    first = imported(path, book)
    asked = next(one for one in first.findings if one.code == "IMPORT_LINE")
    assert "lines.Interest and such=" in asked.action and kept(book) == {}
    done = verbs.import_(
        path, book, set=["organisation=RX1", "lines.Interest and such=finance_costs"]
    )
    assert questions(done) == []
    assert len(kept(book)) == len(expected(costs))
    assert abs(kept(book)["finance_costs", "1"] or 0) == 100 * money("Interest and such", 1)


def test_a_column_is_left_out_where_somebody_says_so(book: str, tmp_path: Path) -> None:
    path = statement(tmp_path / "a.xlsx", (*COSTS, "Memo"), totals=False)
    done = verbs.import_(path, book, set=["organisation=RX1", "lines.Memo="])
    assert questions(done) == []
    assert sizes(kept(book)) == sizes(expected())


def test_each_line_has_its_plan_its_actual_and_its_own_variance(book: str, tmp_path: Path) -> None:
    """“Pay actual” is no slip of a heading “Plan/actual”; a variance is of its own line."""
    names = ("Patient income", *COSTS, "Surplus")
    heads = [
        "Month",
        *(f"{one} {what}" for one in names for what in ("plan", "actual", "variance")),
    ]
    rows: list[list[Any]] = []
    for number, month in enumerate(MONTHS, 1):
        plan = [money(one, 0) for one in names[:-1]]
        actual = [money(one, number) for one in names[:-1]]
        both = [*zip(plan, actual, strict=True)]
        both.append((plan[0] - sum(plan[1:]), actual[0] - sum(actual[1:])))
        rows.append([month])
        for name, (one, other) in zip(names, both, strict=True):
            rows[-1] += [one, other, one - other if name in COSTS else other - one]
    result = imported(written(tmp_path / "a.xlsx", heads, rows), book)
    assert questions(result) == []
    every = verbs.read(book).book.amounts
    actuals = {
        (row.line, row.month): abs(row.amount or 0) for row in every if row.basis == "actual"
    }
    assert actuals == sizes(expected())
    assert sum(row.basis == "plan" for row in every) == len(actuals)


def test_a_list_of_months_and_lines_is_read_as_before(book: str, tmp_path: Path) -> None:
    """Where a row names its line, a year to date of actuals alone is what the book holds."""
    heads = ["Month", "Line", "Actual £"]
    rows: list[list[Any]] = [
        [month, name, money(name, number)]
        for number, month in enumerate(MONTHS, 1)
        for name in ("Patient income", *COSTS)
    ]
    result = imported(written(tmp_path / "a.xlsx", heads, rows), book)
    assert questions(result) == []
    assert sizes(kept(book)) == sizes(expected())


def with_blocks(path: Path, known: int, agency: str = "Agency & locums") -> str:
    """Months down; plan, actual and variance under each line, of which `agency` is the trust's own word."""
    names = ("Patient income", "Bank", agency, "TOTAL PAY", "Drugs", "PDC & interest", "Surplus")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Income and expenditure 2026/27, £"])
    sheet.append([])
    sheet.append(["", *(text for name in names for text in (name, "", ""))])
    for at in range(2, 3 * len(names), 3):
        sheet.merge_cells(start_row=3, end_row=3, start_column=at, end_column=at + 2)
    sheet.append(["Month", *("Plan", "Actual", "Variance") * len(names)])
    for number, month in enumerate(MONTHS, 1):
        row: list[Any] = [month]
        both = []
        for of in (0, number):
            income, pay, drugs = (money(one, of) for one in ("Patient income", "Pay", "Drugs"))
            own, interest = 40_000 + 7 * of, money("Interest", of)
            costs = [pay, own, pay + own, drugs, interest]
            both.append([income, *costs, income - pay - own - drugs - interest])
        for name, plan, actual in zip(names, *both, strict=True):
            better = actual - plan if name in ("Patient income", "Surplus") else plan - actual
            row += [plan, actual, better]
        row[3 * known + 2] += 1 if known else 0
        sheet.append(row)
    workbook.save(path)
    return str(path)


ANSWERS = ("lines.Agency & locums=agency_pay", "lines.PDC & interest=finance_costs")


def test_the_upper_of_two_headings_is_asked_as_the_name_of_a_row_is(
    book: str, tmp_path: Path
) -> None:
    path = with_blocks(tmp_path / "a.xlsx", 0)
    first = imported(path, book)
    (asked,) = (one for one in first.findings if one.severity == "error")
    assert (asked.code, asked.found) == ("IMPORT_LINE", "“Agency & locums”, “PDC & interest”")
    assert "2 headings that are no lines" in asked.message
    assert not [row for row in first.tables["reconciled"] if row["difference_pence"]]
    done = verbs.import_(path, book, set=["organisation=RX1", *ANSWERS])
    assert questions(done) == []
    every = verbs.read(book).book.amounts
    agency = {
        (row.basis, row.month): abs(row.amount or 0) for row in every if row.line == "agency_pay"
    }
    assert agency["actual", "9"] == 100 * (40_000 + 63) and len(agency) == 18


def test_a_total_that_differs_once_its_parts_are_named_stops(book: str, tmp_path: Path) -> None:
    path = with_blocks(tmp_path / "a.xlsx", 3)
    done = verbs.import_(path, book, set=["organisation=RX1", *ANSWERS])
    assert "IMPORT_TOTAL" in questions(done) and kept(book) == {}


def test_a_heading_that_is_left_out_takes_its_plan_and_its_variance_with_it(
    book: str, tmp_path: Path
) -> None:
    path = with_blocks(tmp_path / "a.xlsx", 0)
    done = verbs.import_(path, book, set=["organisation=RX1", "lines.Agency & locums=", ANSWERS[1]])
    assert set(questions(done)) <= {"IMPORT_TOTAL"}, "the totals that held it differ"
    assert all("agency" not in one.found for one in done.findings if one.severity == "error")


@pytest.mark.parametrize("own", ["Agency & locums", "Drugs & devices of the wards"])
def test_a_variance_waits_for_whether_its_row_is_a_cost(
    own: str, book: str, tmp_path: Path
) -> None:
    rows: list[list[Any]] = []
    for number, month in enumerate(MONTHS, 1):
        for name in ("Patient income", "Pay", own):
            plan, actual = money(name, 0), money(name, number)
            better = actual - plan if name == "Patient income" else plan - actual
            rows.append([month, name, plan, actual, better])
    heads = ["Month", "Line", "Plan £", "Actual £", "Variance £"]
    path = written(tmp_path / "a.xlsx", heads, rows)
    first = imported(path, book)
    assert questions(first) == ["IMPORT_LINE"]
    assert not [row for row in first.tables["reconciled"] if row["difference_pence"]]
    done = verbs.import_(path, book, set=["organisation=RX1", f"lines.{own}=drugs"])
    assert questions(done) == []
    rows[2][4] += 5
    wrong = imported(written(tmp_path / "b.xlsx", heads, rows), book)
    assert "IMPORT_VARIANCE" in questions(wrong), "it is neither way round"
