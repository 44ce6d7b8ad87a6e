"""One value at several times beside each other: the latest counts, and next month the next."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from controltotal import verbs
from controltotal.core.result import Result
from controltotal.intake.heads import head_of
from controltotal.intake.model import Head
from controltotal.intake.versions import families
from controltotal.sources.convert import new_book

MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November", "December")
PAIRS = [
    ("M5 value", "M6 value"),
    ("Aug-26 £k", "Sep-26 £k"),
    ("Value at 31 August 2026", "Value at 30 September 2026"),
    ("Last month", "This month"),
    ("Previous value", "Current value"),
    ("Value b/f", "Value c/f"),
    ("Gross last month", "Gross"),
    ("Gross (M5)", "Gross (M6)"),
    ("Last month's value", "M6 value"),
]
NO_PAIRS = [
    ("Gross", "Movement"),
    ("M6 value", "M7 value"),  # in a file of month 6
    ("Gross M5", "Net M6"),
    ("Value 2026/27", "Value 2027/28"),
    ("Last reviewed", "Next review"),
    ("April", "May", "June"),  # a profile of the risk, perhaps
    ("M6 value", "M6 value £k"),
]


def heads(*texts: str) -> list[Head]:
    return [head_of(number, [text]) for number, text in enumerate(texts)]


@pytest.mark.parametrize(("earlier", "later"), PAIRS, ids=[pair[1] for pair in PAIRS])
def test_the_later_of_two_is_known_in_either_order(earlier: str, later: str) -> None:
    for texts in ((earlier, later), (later, earlier)):
        (family,) = families(heads("Ref", *texts, "Status"), month=6)
        assert [one.head.text for one in family] == [earlier, later]


@pytest.mark.parametrize("texts", NO_PAIRS, ids=" and ".join)
def test_what_nothing_tells_apart_is_no_family(texts: tuple[str, ...]) -> None:
    assert not families(heads(*texts), month=6)


@given(st.integers(1, 12), st.integers(0, 12))
def test_the_year_turns_between_two_months_only_where_the_month_of_the_file_tells(
    month: int, claimed: int
) -> None:
    before = month - 1 or 12
    found = families(heads(f"M{before} value", f"M{month} value"), month=claimed)
    order = [[one.head.text for one in family] for family in found]
    expected = [[f"M{before} value", f"M{month} value"]]
    assert order in ([], expected)
    if claimed == month:
        assert order == expected


def register(path: Path, month: int, columns: tuple[str, str], values: tuple[int, int]) -> Path:
    """A register as a house keeps it by month: the value of the month before, and of this."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"Financial risk register - month {month} 2026/27 (£000)"])
    sheet.append([])
    sheet.append(["ID", "Risk description", "Likelihood", *columns, "Movement"])
    for number, title in enumerate(("Fuel price", "Overtime", "Holiday pay"), start=1):
        was, now = (value + number for value in values)
        sheet.append([f"FR-{number}", title, "50%", was, now, now - was])
    total = [sum(value + n for n in (1, 2, 3)) for value in values]
    sheet.append(["Total", None, None, *total, total[1] - total[0]])
    book.save(path)
    return path


def gross(book: str) -> dict[str, int]:
    return {row.id: row.gross // 100_000 for row in verbs.read(book).book.risks}


def asked(result: Result) -> list[str]:
    return [one.code for one in result.findings if one.severity == "error"]


SAID = [(), ("headings.M6 value=gross",), ("headings.gross=M6 value",), ("headings.M5 value=",)]


@pytest.mark.parametrize("said", SAID, ids=["nothing", "the value", "by its column", "left out"])
def test_next_month_the_next_value_is_read_whatever_was_answered(
    said: tuple[str, ...], tmp_path: Path
) -> None:
    book = str(tmp_path / "book")
    new_book(book, "A test")
    file = register(tmp_path / "m6.xlsx", 6, ("M5 value", "M6 value"), (100, 200))
    first = verbs.import_(file, book, set=["organisation=RX1", *said], on="2026-10-10")
    assert not asked(first) and gross(book) == {"FR-1": 201, "FR-2": 202, "FR-3": 203}
    file = register(tmp_path / "m7.xlsx", 7, ("M6 value", "M7 value"), (200, 300))
    second = verbs.import_(file, book, on="2026-11-10")
    assert not asked(second) and gross(book) == {"FR-1": 301, "FR-2": 302, "FR-3": 303}
    reasons = {row["reason"] for row in second.tables["left_out"]}
    assert "an earlier figure: “M7 value” is the latest" in reasons


@pytest.mark.parametrize(("before", "now"), list(pairwise(MONTHS)), ids=MONTHS[1:])
def test_months_by_name_move_on_too(before: str, now: str, tmp_path: Path) -> None:
    book = str(tmp_path / "book")
    new_book(book, "A test")
    month = MONTHS.index(now) + 1
    file = register(tmp_path / "a.xlsx", month, (f"{before} value", f"{now} value"), (100, 200))
    assert not asked(verbs.import_(file, book, set=["organisation=RX1"], on="2026-10-10"))
    assert gross(book)["FR-1"] == 201


def test_a_later_column_that_was_left_out_is_asked_once_it_may_be_meant(tmp_path: Path) -> None:
    book = str(tmp_path / "book")
    new_book(book, "A test")
    file = register(tmp_path / "m6.xlsx", 6, ("M6 value", "M7 value"), (200, 300))
    said = ["organisation=RX1", "headings.M7 value=", "headings.M6 value=gross"]
    assert not asked(verbs.import_(file, book, set=said, on="2026-10-10"))
    file = register(tmp_path / "m7.xlsx", 7, ("M7 value", "M8 value"), (300, 400))
    assert asked(verbs.import_(file, book, on="2026-11-10")) == ["IMPORT_HEADING"]
    assert gross(book)["FR-1"] == 201


def test_a_forecast_outturn_by_the_month_of_its_report_is_of_the_year(tmp_path: Path) -> None:
    book = str(tmp_path / "book")
    new_book(book, "A test")
    for month in (6, 7):
        work = Workbook()
        sheet = work.active
        assert sheet is not None
        sheet.append([f"Savings tracker month {month} 2026/27 (£000)"])
        sheet.append([])
        last = [f"M{month - 1} FOT", f"M{month} FOT", "Movement"]
        sheet.append(["Scheme ref", "Scheme", "Division", "Plan 2026/27", *last])
        for number in (1, 2, 3):
            forecast = 100 * number + month
            row = [f"CIP{number}", f"Scheme {number}", "Surgery", 100 * number, forecast - 1]
            sheet.append([*row, forecast, 1])
        work.save(tmp_path / f"m{month}.xlsx")
        file = tmp_path / f"m{month}.xlsx"
        assert not asked(
            verbs.import_(file, book, set=["organisation=RX1"], on=f"2026-1{month - 6}-10")
        )
        rows = [row for row in verbs.read(book).book.amounts if row.basis == "forecast"]
        expected = [(None, -(100 * n + month) * 100_000) for n in (1, 2, 3)]
        assert sorted((row.month, -abs(row.amount or 0)) for row in rows) == sorted(expected)
