"""Which rows of a large table are plain, which are read cell by cell, and when all of them are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from controltotal.book.amount_table import AmountTable
from controltotal.book.columns import Texts, columns_of
from controltotal.book.fold import Position, fold
from controltotal.book.reading import Read, read_rows
from controltotal.sources import csv_columns
from controltotal.sources.books import read_book
from tests.amount_tables import row

TABLES = {
    "book": "key,value\ndefault_unit,£k\nfictional,yes\n",
    "organisations": "code,name,kind\nT1,First,provider\nT2,Second,provider\n",
    "sources": "id,title,publisher,published_on\nP1,Paper,Board,2026-05-01\n",
    "schemes": "id,organisation,title,recurrence,maturity,start,full_year_effect\n"
    "S-1,T1,Rostering,recurrent,opportunity,2026-04-01,5\n",
}
CELLS = {"organisation": "T1", "line": "pay", "year": "2026/27", "basis": "plan", "amount": "5"}


@pytest.fixture(autouse=True)
def whatever_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_columns, "BYTES_FROM", 0)


def book(room: Path, *rows: Mapping[str, str], **tables: str) -> Path:
    """A book of these amounts, each a row of pay unless told otherwise."""
    every = [CELLS | row for row in rows]
    columns = list(dict.fromkeys(column for row in every for column in row))
    lines = [columns, *([row.get(column, "") for column in columns] for row in every)]
    amounts = "".join(",".join(f'"{cell}"' if cell else "" for cell in one) + "\n" for one in lines)
    for name, text in {**TABLES, "amounts": amounts, **tables}.items():
        (room / f"{name}.csv").write_text(text, "utf-8")
    return room


def read(room: Path, *rows: Mapping[str, str], **tables: str) -> Read:
    return read_rows(read_book(book(room, *rows, **tables)), None)


def position(room: Path, *rows: Mapping[str, str], **tables: str) -> Position:
    return fold(read_book(book(room, *rows, **tables)))


def odd_rows(found: Read) -> list[int]:
    """The rows of the file that were read cell by cell; 2 is the first."""
    assert found.block is not None
    return [int(found.block.block.numbers[place]) for place in found.block.odd()]


PLAIN: tuple[dict[str, str], ...] = (
    {"amount": "5"},
    {"amount": "-5"},
    {"amount": "4.65"},
    {"amount": "0"},
    {"month": "Apr"},
    {"month": "Q2"},
    {"year": "FY26/27"},
    {"basis": "Budget"},
    {"line": "Non-pay"},
    {"unit": "£m"},
    {"source": "P1"},
    {"scheme": "s_1"},
    {"direction": "CR"},
    {"qualifier": "up to"},
    {"known_on": "May 2026"},
    {"our ref": "a, b"},
)
ODD: tuple[dict[str, str], ...] = (
    {"amount": ""},
    {"amount": "(5)"},
    {"amount": "£5"},
    {"amount": "4,600"},
    {"amount": "5 CR"},
    {"amount": "5-"},
    {"amount": "0.000001"},
    {"amount": "999999999999"},
    {"amount": "#REF!"},
    {"month": "P02"},
    {"month": "Apr-27"},
    {"month": "YTD9", "basis": "forecast"},
    {"basis": "YTD actual", "month": "9"},
    {"year": "2026"},
    {"basis": "guess"},
    {"unit": "people"},
    {"line": "travel"},
    {"organisation": "T9"},
    {"counterparty": "T9"},
    {"counterparty": "T/1"},
    {"scheme": "S-9"},
    {"source": "P9"},
    {"direction": "CR", "amount": "-5"},
    {"our ref": "#N/A"},
    {"our ref": "x\u200by"},
    {"scenario": "\u202eworse"},
)


@pytest.mark.parametrize("cells", PLAIN, ids=str)
def test_a_row_of_plain_cells_is_read_with_its_columns(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    assert odd_rows(read(tmp_path, cells, {"organisation": "T2"})) == []


@pytest.mark.parametrize("cells", ODD, ids=str)
def test_an_odd_row_is_read_cell_by_cell_and_no_other_is(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    assert odd_rows(read(tmp_path, {"organisation": "T2"}, cells)) == [3]


def test_rows_that_say_the_same_thing_are_odd_and_are_told(tmp_path: Path) -> None:
    rows = ({}, {"organisation": "T2"}, {"line": "Pay", "amount": "6"})
    assert odd_rows(read(tmp_path, *rows)) == [2, 4]
    found = position(tmp_path, *rows)
    assert [one.where for one in found.findings if one.code == "DUPLICATE"] == [
        "amounts row 2, row 4"
    ]
    assert [one.number for one in found.book.amounts] == [3]


def test_a_plain_row_beside_an_odd_one_of_its_key_is_odd_too(tmp_path: Path) -> None:
    rows = ({}, {"organisation": "T2"}, {"amount": "(6)", "known_on": "2026-05-01"})
    assert odd_rows(read(tmp_path, *rows)) == [2, 4]
    assert [one.number for one in position(tmp_path, *rows).superseded] == [2]


def test_a_point_is_in_doubt_only_where_commas_stand_beside_it(tmp_path: Path) -> None:
    pointed, comma = {"amount": "400.125"}, {"line": "drugs", "amount": "400,125"}
    assert odd_rows(read(tmp_path, pointed)) == []
    assert odd_rows(read(tmp_path, pointed, comma)) == [2, 3]
    assert [one.number for one in position(tmp_path, pointed, comma).stopped] == [2]


def test_decimals_of_a_row_that_gave_way_show_nothing(tmp_path: Path) -> None:
    pointed, comma = {"amount": "400.125"}, {"line": "drugs", "amount": "400,125"}
    decimal = {"line": "premises", "amount": "4.5"}
    found = read(tmp_path, pointed, comma, decimal)
    assert found.decimal == {"£k": {"T1"}}
    later = {**decimal, "amount": "4", "known_on": "2026-05-01"}
    found = read(tmp_path, pointed, comma, decimal, later)
    assert found.decimal == {}
    both = position(tmp_path, pointed, comma, decimal, later)
    assert [one.number for one in both.stopped] == [2]


def test_decimals_in_the_unit_of_the_book_and_in_the_same_one_by_row_are_one(
    tmp_path: Path,
) -> None:
    rows = (
        {"amount": "4.5"},
        {"organisation": "T2", "amount": "4.5", "unit": "£k"},
        {"line": "drugs", "amount": "4.5", "unit": "£m"},
        {"line": "premises", "amount": "1,000"},
    )
    assert read(tmp_path, *rows).decimal == {"£k": {"T1", "T2"}, "£m": {"T1"}}


def test_a_record_is_as_the_reader_of_cells_makes_it(tmp_path: Path) -> None:
    rows = ({"month": "Apr", "source": "P1", "unit": "£m"}, {"amount": "(6)", "month": "May"})
    found = position(tmp_path, *rows).book.amounts
    assert isinstance(found, AmountTable)
    one, other = found
    assert (one.number, one.month, one.amount, one.unit) == (2, "1", 500_000_000, "£m")
    assert (one.known, one.origin) == (date(2026, 5, 1), "amounts.csv||A2")
    assert one.texts["month"] == "Apr" and dict(other.texts)["amount"] == "(6)"
    assert (other.number, other.amount) == (3, -600_000)


def test_signs_of_the_book_and_of_the_row_turn_sums(tmp_path: Path) -> None:
    ledger = TABLES["book"] + "signs,ledger\n"
    income = {"line": "other_income", "amount": "-5"}
    found = position(tmp_path, income, {}, {"line": "drugs", "direction": "CR"}, book=ledger)
    assert [one.amount for one in found.book.amounts] == [500_000, 500_000, -500_000]


def test_what_became_known_later_is_left_out_of_columns(tmp_path: Path) -> None:
    rows = ({}, {"line": "drugs", "source": "P1"}, {"line": "premises", "known_on": "2026-06-01"})
    source = read_book(book(tmp_path, *rows))
    for day, numbers in (("2026-04-30", [2]), ("2026-05-01", [2, 3]), ("2026-06-01", [2, 3, 4])):
        found = fold(source, day).book.amounts
        assert isinstance(found, AmountTable)
        assert [one.number for one in found] == numbers


def test_actuals_after_a_month_are_left_out_of_columns(tmp_path: Path) -> None:
    rows = [{"basis": "actual", "month": month} for month in ("Apr", "May", "Jul")]
    found = fold(read_book(book(tmp_path, {}, *rows)), None, ("M2", None))
    assert isinstance(found.book.amounts, AmountTable)
    assert [one.month for one in found.book.amounts] == [None, "1", "2"]


@pytest.mark.parametrize(
    "tables",
    [
        {"book": TABLES["book"] + "months,cumulative\n"},
        {"book": TABLES["book"] + "signs,red\n"},
        {"sources": "id,title,publisher,months\nP1,Paper,Board,cumulative\n"},
    ],
)
def test_months_and_signs_of_several_kinds_are_read_cell_by_cell(
    tmp_path: Path, tables: dict[str, str]
) -> None:
    assert read(tmp_path, {}, **tables).block is None


def test_a_heading_in_doubt_has_every_row_read_cell_by_cell(tmp_path: Path) -> None:
    assert read(tmp_path, {"units": "£m"}).block is None
    assert read(tmp_path, {"our ref": "£m?"}).block is not None


def test_labels_too_many_for_one_number_are_read_cell_by_cell(tmp_path: Path) -> None:
    names = ("organisation", "line", "scenario", "counterparty", "scheme")
    rows = [{name: f"{name} {n}" for name in names} for n in range(6_200)]
    assert read(tmp_path, *rows[:10]).block is not None
    assert read(tmp_path, *rows).block is None


def test_cells_of_a_row_are_a_mapping_of_its_filled_columns(tmp_path: Path) -> None:
    found = read(tmp_path, {"scenario": "low"}, {})
    assert found.block is not None
    texts = Texts(found.block.block, 1)
    assert dict(texts) == CELLS
    assert (len(texts), texts.get("scenario"), texts["line"]) == (5, None, "pay")
    with pytest.raises(KeyError):
        texts["scenario"]


def test_records_become_columns_with_the_unit_and_decimals_they_were_written_in() -> None:
    columns = columns_of([row(2, "T1", "pay", 5), row(3, "T1", "drugs", 0, month="3")])
    assert columns.labels["line"].values == (None, "pay", "drugs")
    assert columns.labels["month"].codes.tolist() == [0, 1]
    assert columns.pence.tolist() == [500, 0]
    assert columns.scale.tolist() == [100, 0]  # nil says nothing of its unit
    assert columns.decimals.tolist() == [0, 0]
    assert (columns.number.tolist(), columns.entry.tolist()) == ([2, 3], [102, 103])


def test_a_hundred_days_of_rows_and_a_hundred_of_sources_are_all_told_apart(tmp_path: Path) -> None:
    """Days of both kinds together are more than a number of one byte can count."""
    sources = "".join(
        f"P{n},Paper,Board,2025-{1 + n // 28:02}-{1 + n % 28:02}\n" for n in range(100)
    )
    rows: list[dict[str, str]] = []
    for n in range(100):
        month = f"2026-{1 + n // 28:02}-{1 + n % 28:02}"
        rows.append({"scenario": f"a{n}", "known_on": month})
        rows.append({"scenario": f"b{n}", "source": f"P{n}"})
    found = position(tmp_path, *rows, sources=f"id,title,publisher,published_on\n{sources}")
    assert isinstance(found.book.amounts, AmountTable)
    for amount in found.book.amounts:
        kind, n = (amount.scenario or "")[0], int((amount.scenario or "")[1:])
        year = 2026 if kind == "a" else 2025
        assert amount.known == date(year, 1 + n // 28, 1 + n % 28), amount.scenario
