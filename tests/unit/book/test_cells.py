"""One row read cell by cell: its unit, what it lacks, the day since which it is known, and its faults."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.book.cells import RowReader, fact_named, says_yes_or_no
from controltotal.book.record import Record
from controltotal.book.settings import Settings
from controltotal.core.finding import Finding
from controltotal.core.schema import tables
from controltotal.ledger.entries import numbered, put

POUNDS = Settings({"default_unit": "£"})
THOUSANDS = Settings({"default_unit": "£k"})
NO_UNIT = Settings()


def read(
    table: str,
    settings: Settings = POUNDS,
    columns: dict[str, tuple[str, ...]] | None = None,
    sources: dict[str, date | None] | None = None,
    lines: tuple[str, ...] = (),
    **cells: str,
) -> tuple[Record, list[Finding]]:
    """A row read, and the faults of its cells."""
    reader = RowReader(settings, columns or {}, lines)
    named = [(name.rstrip("_"), text) for name, text in cells.items()]
    (entry,) = numbered([put(table, 4, tuple(named), origin=f"{table}.csv||A4")])
    row, found = reader.read(entry, sources or {})
    return row, list(found)


def amount(text: str, settings: Settings = POUNDS, **more: str) -> tuple[Any, list[Finding]]:
    cells = {"organisation": "T1", "line": "pay", "year": "2026/27", "basis": "plan"}
    return read("amounts", settings, amount=text, **{**cells, **more})


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


# -- money -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "settings", "pence"),
    [
        ("5", "", POUNDS, 500),
        ("5", "", THOUSANDS, 500_000),
        ("5", "£m", THOUSANDS, 500_000_000),
        ("5m", "", THOUSANDS, 500_000_000),  # its own unit
        ("5m", "£m", THOUSANDS, 500_000_000),
        ("£5", "", NO_UNIT, 500),
        ("£5", "£", THOUSANDS, 500),
        ("5 CR", "", POUNDS, 500),
    ],
)
def test_a_sum_is_in_its_own_unit_else_its_rows_else_the_books(
    text: str, unit: str, settings: Settings, pence: int
) -> None:
    row, found = amount(text, settings, **({"unit": unit} if unit else {}))
    assert (row.amount, row.stopped, found) == (pence, False, [])


@pytest.mark.parametrize(
    ("text", "unit", "settings", "code", "expected"),
    [
        ("5", "", NO_UNIT, "UNKNOWN_UNIT", "a unit of"),
        ("5m", "£k", POUNDS, "AMBIGUOUS_NUMBER", "a number in £k, the unit of its row"),
        ("1,23", "", POUNDS, "AMBIGUOUS_NUMBER", "commas between groups of three digits"),
        ("£5", "", THOUSANDS, "AMBIGUOUS_NUMBER", "a number in £k without a pound sign"),
    ],
)
def test_a_sum_whose_unit_nobody_knows_or_that_has_two_stops_its_row(
    text: str, unit: str, settings: Settings, code: str, expected: str
) -> None:
    row, found = amount(text, settings, **({"unit": unit} if unit else {}))
    assert row.stopped and row.amount is None
    assert codes(found) == [code] and found[0].expected.startswith(expected)
    pounds = found[0].action.startswith("Pounds or £k?")
    assert pounds is (text == "£5")


def test_a_unit_or_a_setting_that_is_at_fault_is_told_once_at_its_place() -> None:
    row, found = amount("5", unit="euros")
    assert row.stopped and codes(found) == ["UNKNOWN_UNIT"] and found[0].found == "euros"
    unclear = Settings({}, frozenset({"default_unit"}))
    row, found = amount("5", unclear)
    assert row.stopped and found == []  # the setting tells it
    for name, month, stops in (
        ("signs", "", True),
        ("months", "", False),
        ("months", "3", True),
        ("months", "H1", False),
    ):
        said = Settings({"default_unit": "£"}, frozenset({name}))
        row, found = amount("5", said, **({"month": month} if month else {}))
        assert (row.stopped, found) == (stops, [])


# -- facts -----------------------------------------------------------------------------------------


def fact(name: str, value: str, **more: str) -> tuple[Any, list[Finding]]:
    return read("facts", organisation="T1", year="2026/27", fact=name, value=value, **more)


@pytest.mark.parametrize(
    ("name", "value", "unit", "read_as"),
    [
        ("turnover", "5", "", 500),  # money, in the unit of the book
        ("Turn-over", "5", "£k", 500_000),
        ("beds", "5", "", 5.0),
        ("beds", "5", "beds", 5.0),
        ("our_own", "5", "£", 500),
        ("our_own", "£5", "", 500),
        ("longer_term_view", "Yes", "", 1),
        ("longer_term_view", "no", "", 0),
        ("longer_term_view", "1", "", 1.0),
    ],
)
def test_a_fact_is_money_a_number_or_a_yes(
    name: str, value: str, unit: str, read_as: float
) -> None:
    row, found = fact(name, value, **({"unit": unit} if unit else {}))
    assert (row.value, type(row.value), found) == (read_as, type(read_as), [])


@pytest.mark.parametrize(
    ("name", "value", "unit", "code"),
    [
        ("turnover", "5", "people", "UNKNOWN_UNIT"),
        ("beds", "£5", "people", "AMBIGUOUS_NUMBER"),
        ("our_own", "5", "£ per head", "UNKNOWN_UNIT"),
        ("beds", "yes", "", "AMBIGUOUS_NUMBER"),
    ],
)
def test_a_fact_in_a_unit_that_it_cannot_have_stops_its_row(
    name: str, value: str, unit: str, code: str
) -> None:
    row, found = fact(name, value, **({"unit": unit} if unit else {}))
    assert row.stopped and codes(found) == [code]


def test_facts_have_one_name_in_any_spelling() -> None:
    assert [fact_named(one) for one in ("turnover", "Savings Planned", "ours")] == [
        "turnover",
        "savings_planned",
        "ours",
    ]
    assert says_yes_or_no("longer_term_view") and not says_yes_or_no("turnover")
    assert not says_yes_or_no("ours")


def test_a_limit_of_people_is_a_number_and_others_with_a_unit_of_money_are_sums() -> None:
    row = {"organisation": "T1", "year": "2026/27", "value": "5"}
    people, _ = read("limits", limit="capacity_wte", **row)
    assert people.cell("value") == 5.0
    money, _ = read("limits", limit="saving_floor", unit="£k", **row)
    assert money.cell("value") == 500_000


# -- what a row lacks ------------------------------------------------------------------------------


def test_a_row_without_a_value_that_it_must_have_is_stopped_and_told() -> None:
    row, found = read("amounts", organisation="T1", line="pay", year="2026/27", amount="5")
    assert row.stopped and codes(found) == ["MISSING_VALUE"]
    assert found[0].message == "basis is empty; expected a value for basis."
    assert found[0].organisation == "T1" and found[0].where == "amounts row 4"
    assert found[0].at[0].column == "basis"
    columns = {"amounts": ("organisation", "line", "year", "amount")}
    row, found = read(
        "amounts", columns=columns, organisation="T1", line="pay", year="2026/27", amount="5"
    )
    assert row.stopped and found == []  # the missing column is told once


def test_a_fault_names_its_cell_and_what_it_reads() -> None:
    columns = {"amounts": ("organisation", "line", "year", "basis", "amount")}
    cells = {"organisation": "T1", "line": "pay", "year": "2026", "basis": "plan", "amount": "5"}
    row, (found,) = read("amounts", columns=columns, **cells)
    assert row.stopped and row.cell("year") is None
    assert found.message == "year reads '2026'; expected a year such as 2019/20."
    assert found.detail == "amounts.csv, cell C4"
    _, (bare,) = read("amounts", **cells)
    assert bare.detail == "amounts.csv, column year"


def test_a_body_stays_in_the_tree_without_its_extras() -> None:
    body = {"code": "T1", "name": "First", "kind": "provider"}
    row, found = read("organisations", **body, population="many")
    assert not row.stopped and codes(found) == ["AMBIGUOUS_NUMBER"]
    row, found = read("organisations", **body, from_="soon")
    assert row.stopped and codes(found) == ["UNKNOWN_DATE"]
    row, found = read("organisations", **{**body, "kind": "shop"})
    assert row.stopped and codes(found) == ["UNKNOWN_WORD"]


def test_lines_have_one_name_in_any_spelling_and_a_book_may_add_its_own() -> None:
    assert amount("5", line="Patient Care Income")[0].line == "patient_care_income"
    assert amount("5", line="Parking fees")[0].line == "Parking fees"
    row, _ = read(
        "amounts",
        lines=("parking_fees",),
        organisation="T1",
        line="Parking fees",
        year="2026/27",
        basis="plan",
        amount="5",
    )
    assert row.cell("line") == "parking_fees"


@pytest.mark.parametrize(
    ("column", "text", "label"),
    [
        ("basis", "Plan", (True, "plan")),
        ("basis", "guess", (False, None)),
        ("line", "Pay", (True, "pay")),
        ("organisation", "A/B", (True, "A∕B")),
        ("year", "2026/27", (True, "2026-27")),
        ("month", "April", (True, "1")),
    ],
)
def test_a_label_of_amounts_is_read_by_itself(
    column: str, text: str, label: tuple[bool, object]
) -> None:
    reader = RowReader(POUNDS, {})
    assert reader.label(tables()["amounts"].columns[column], text) == label


# -- the day since which it is known ---------------------------------------------------------------

DAY, LATER = date(2026, 5, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("table", "cells", "known"),
    [
        ("amounts", {"known_on": "2026-05-01", "source": "S"}, DAY),
        ("amounts", {"source": "S"}, LATER),
        ("amounts", {"source": "nobody's"}, None),
        ("amounts", {}, None),
        ("control_totals", {"set_on": "2026-05-01", "source": "S"}, DAY),
        ("control_totals", {"set_on": "2026-05-01", "known_on": "2026-06-01"}, LATER),
        ("gates", {"on": "2026-05-01"}, DAY),
        ("sources", {"published_on": "2026-05-01"}, DAY),
        ("organisations", {"source": "S"}, None),  # a body stands before it is told
    ],
)
def test_a_row_is_known_from_its_own_day_else_its_acts_else_its_sources(
    table: str, cells: dict[str, str], known: date | None
) -> None:
    row, _ = read(table, sources={"S": LATER}, **cells)
    assert row.known == known
