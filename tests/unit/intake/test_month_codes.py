"""Months as ledgers write them: read where their order proves them, and never taken for money."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.intake.model import Grid, Value
from controltotal.intake.month_codes import plain_months
from controltotal.sources.convert import new_book

LINES = {"Patient care income": 900, "Pay": 600, "Drugs": 100}
FORMS: dict[str, Sequence[object]] = {
    "year and month": [202604, 202605, 202606],
    "month and year": ["04/2026", "05/2026", "06/2026"],
    "one figure": ["4/2026", "5/2026", "6/2026"],
    "with a bar": ["2026/04", "2026/05", "2026/06"],
    "with a hyphen": ["2026-04", "2026-05", "2026-06"],
    "short year": [2604, 2605, 2606],
    "name and year": ["Apr26", "May26", "Jun26"],
    "year and name": ["2026 Apr", "2026 May", "2026 Jun"],
    "short year and name": ["26-Apr", "26-May", "26-Jun"],
    "last days": ["30/04/26", "31/05/26", "30/06/26"],
    "days in figures": [20260430, 20260531, 20260630],
    "days by name": ["30-Apr-26", "31-May-26", "30-Jun-26"],
    "months": ["M1", "M2", "M3"],
    "long months": ["Month 01", "Month 02", "Month 03"],
    "periods": ["P01", "P02", "P03"],
    "long periods": ["Period 1", "Period 2", "Period 3"],
    "periods of the year that the sheet names": [202601, 202602, 202603],
}


def imported(folder: Path, rows: Sequence[Sequence[object]]) -> tuple[Result, set[tuple[str, str]]]:
    """What an import of a CSV says, and the years and months that the book then holds."""
    with (path := folder / "file.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["Actual 2026/27 £000"], *rows])
    new_book(book := f"{folder}/book", "A test")
    result = verbs.import_(str(path), book, set=["organisation=RX1"])
    held = {(row.year, row.month or "") for row in verbs.read(book).book.amounts}
    return result, held


def across(heads: Sequence[object]) -> list[list[object]]:
    return [
        ["Line", *heads],
        *([line, *(n + m for m in range(len(heads)))] for line, n in LINES.items()),
    ]


def down(heads: Sequence[object]) -> list[list[object]]:
    return [
        ["Month", *LINES],
        *([head, *(n + m for n in LINES.values())] for m, head in enumerate(heads)),
    ]


def listed(heads: Sequence[object]) -> list[list[object]]:
    rows = [[line, head, n + m] for line, n in LINES.items() for m, head in enumerate(heads)]
    return [["Line", "Period", "Amount £000"], *rows]


@pytest.mark.parametrize("heads", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("shape", [across, down, listed], ids=["across", "down", "listed"])
def test_every_plain_way_to_write_a_month_is_read(
    tmp_path: Path, heads: Sequence[object], shape: object
) -> None:
    assert callable(shape)
    result, held = imported(tmp_path, shape(heads))
    assert [one.message for one in result.findings if one.severity == "error"] == []
    assert held == {("2026-27", "1"), ("2026-27", "2"), ("2026-27", "3")}


@pytest.mark.parametrize("heads", [[202607], [202605, 202606], [202601, 202603]], ids=str)
def test_codes_that_may_be_months_or_periods_are_never_read_in_silence(
    tmp_path: Path, heads: Sequence[object]
) -> None:
    result, held = imported(tmp_path, listed(heads))
    assert any(one.severity == "error" for one in result.findings) and not held


def test_blocks_of_plan_and_actual_have_their_months_inside_words(tmp_path: Path) -> None:
    heads = ["Plan 202604", "Actual 202604", "Plan 202605", "Actual 202605"]
    _, held = imported(tmp_path, across(heads))
    assert held == {("2026-27", "1"), ("2026-27", "2")}


@pytest.mark.parametrize(
    "rows",
    [
        [["Line", "Apr", "May"], ["Pay", 202604, 202605]],
        [["Organisation", "Control total"], ["RX1", 202604], ["RX2", 202605]],
        [["Line", "2025/26", "2026/27"], ["Pay", 2604, 2605]],
        [["Account", "Amount"], [202604, 5], [202605, 6]],
        [["Year", "Line"], ["2011/12", "Pay"]],
    ],
    ids=["under months", "under a name", "under years", "codes of accounts", "years"],
)
def test_money_codes_and_years_stay_what_they_are(rows: list[list[Value]]) -> None:
    assert plain_months(Grid("a.csv", "", rows)).cells == rows


def test_days_of_postings_need_one_that_only_a_day_can_be() -> None:
    rows: list[list[Value]] = [["Line", "Date"], ["Pay", "03/07/26"], ["Pay", "14/08/26"]]
    plain = plain_months(Grid("a.csv", "", rows))
    assert [row[1] for row in plain.cells] == ["Date", "Jul-26", "Aug-26"]
    doubtful: list[list[Value]] = [["Line", "Date"], ["Pay", "03/07/26"], ["Pay", "05/08/26"]]
    assert plain_months(Grid("a.csv", "", doubtful)).cells == doubtful
