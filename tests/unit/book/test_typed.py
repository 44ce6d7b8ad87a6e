"""Cells read by the type of their column, and the settings of a book, one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from controltotal.book.settings import (
    Settings,
    near_setting,
    read_settings,
    setting_name,
    setting_value,
)
from controltotal.book.typed import (
    READERS,
    CellFault,
    check_given,
    check_half,
    check_parameter,
    check_setting,
    read_chance,
    read_list,
    read_number,
    read_word,
    read_yesno,
    spreadsheet_fault,
)
from controltotal.core.schema import tables
from controltotal.ledger.entries import numbered, put


def fault(read: Any, *given: Any) -> CellFault:
    with pytest.raises(CellFault) as told:
        read(*given)
    return told.value


# -- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#REF!", "SPREADSHEET_ERROR"),
        ("#n/a", "SPREADSHEET_ERROR"),
        ("#1 priority", None),
        ("=A1+B1", "FORMULA_WITHOUT_VALUE"),
        ("=", None),
        ("5", None),
    ],
)
def test_what_a_spreadsheet_left_in_place_of_a_value(text: str, code: str | None) -> None:
    found = spreadsheet_fault(text)
    assert (None if found is None else found.code) == code
    if found is not None:
        assert found.found == text and found.expected == "a value"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("year", "2026/27", "2026-27"),
        ("month", "April", "1"),
        ("date", "5 Jun 2026", date(2026, 6, 5)),
        ("number", "(1,234.5)", -1234.5),
        ("number", "25%", 0.25),
        ("number", "999999999999999", 999_999_999_999_999.0),
        ("chance", "0", 0.0),
        ("chance", "1", 1.0),
        ("chance", "50%", 0.5),
        ("yesno", "Yes", True),
        ("yesno", "no", False),
        ("list", " a; ;b ;", ("a", "b")),
        ("unit", "£000", "£k"),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_column(kind: str, text: str, value: object) -> None:
    found = READERS[kind](text)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("year", "2026", "UNKNOWN_YEAR"),
        ("month", "13", "UNKNOWN_MONTH"),
        ("date", "soon", "UNKNOWN_DATE"),
        ("number", "1,23", "AMBIGUOUS_NUMBER"),
        ("number", "1000000000000000", "AMBIGUOUS_NUMBER"),
        ("number", "-1000000000000000", "AMBIGUOUS_NUMBER"),
        ("chance", "-0.01", "ELICITATION_RANGE"),
        ("chance", "1.01", "ELICITATION_RANGE"),
        ("yesno", "perhaps", "UNKNOWN_WORD"),
        ("unit", "people", "UNKNOWN_UNIT"),
    ],
)
def test_what_a_cell_of_a_type_cannot_say_is_told(kind: str, text: str, code: str) -> None:
    found = fault(READERS[kind], text)
    assert (found.code, found.found) == (code, text)


def test_what_to_type_fits_what_was_typed() -> None:
    assert fault(read_chance, "50").action == "Write 50%, if that is meant."
    assert fault(read_chance, "100").action == "Write 100%, if that is meant."
    assert fault(read_chance, "101").action == "Write 0.5 or 50% for an even chance."
    assert fault(read_chance, "-1").action == "Write 0.5 or 50% for an even chance."
    assert fault(READERS["month"], "YTD").action.startswith("Write YTD and the number")
    assert fault(READERS["month"], "13").action.startswith("Write 1 for April")
    long = fault(read_number, "x" * 61)
    assert long.found == "x" * 60 + "…"
    assert fault(read_number, "x" * 60).found == "x" * 60
    assert read_list("") == () and read_yesno("NO") is False


def test_a_word_is_one_of_its_column_in_any_spelling() -> None:
    basis, qualifier = (tables()["amounts"].columns[name] for name in ("basis", "qualifier"))
    status = tables()["control_totals"].columns["status"]
    assert read_word(basis, "plan") == "plan" and read_word(basis, "Plan ") == "plan"
    assert read_word(basis, "unknown") == "unknown"
    assert read_word(qualifier, "Up to") == "up_to"
    assert fault(read_word, basis, "budgett").code == "UNKNOWN_BASIS"
    assert fault(read_word, status, "perhaps").code == "UNKNOWN_STATUS"
    odd = fault(read_word, qualifier, "unknown")
    assert odd.code == "UNKNOWN_WORD"
    assert odd.expected == "one of over, nearly, around, up_to, implied"
    assert odd.action == "Use one of the words that qualifier may say."
    assert fault(read_word, qualifier, "aruond").action.endswith("; did you mean around?")


# -- checks of a table -----------------------------------------------------------------------------


def test_support_and_repayments_bear_no_sign() -> None:
    check_given("0", 0, "transfers")
    check_given("5", 500, "repayments")
    assert fault(check_given, "-5", -1, "transfers").action.startswith("Turn giver and receiver")
    assert fault(check_given, "-5", -1, "repayments").action.startswith("Write what was paid back")
    assert fault(check_given, "-5", -1, "transfers").code == "NEGATIVE_TRANSFER"


def test_a_control_total_is_of_a_year_or_a_half() -> None:
    for month in ("", "H1", "H2"):
        check_half(month, month)
    for month in ("1", "Q1", "YTD9"):
        assert fault(check_half, month, month).code == "UNKNOWN_MONTH"


@pytest.mark.parametrize(
    ("name", "text", "goes"),
    [
        ("delivery_chance_fully_developed", "0.5", True),
        ("delivery_chance_fully_developed", "half", False),
        ("delivery_chance_fully_developed", "50%", False),
        ("delivery_chance_fully_developed", "nan", False),
        ("delivery_chance_fully_developed", "1e400000000", False),
        ("delivery_chance_fully_developed", "1e-400000000", False),
        ("delivery_chance_fully_developed", "0.5;1e19", False),
        ("delivery_chance_fully_developed", "0.5;1e18", True),
        ("delivery_chance_fully_developed", "0", True),
        ("our_own_word", "half", True),
    ],
)
def test_a_packaged_number_takes_numbers_only(name: str, text: str, goes: bool) -> None:
    if goes:
        check_parameter(name, text)
    else:
        assert fault(check_parameter, name, text).code == "AMBIGUOUS_NUMBER"


# -- settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("default_unit", "£m", None),
        ("default_unit", "", None),
        ("default_unit", "euros", "UNKNOWN_UNIT"),
        ("default_year", "2026", "UNKNOWN_YEAR"),
        ("signs", "red", "UNKNOWN_WORD"),
        ("months", "Cumulative", None),
        ("fictional", "perhaps", "UNKNOWN_WORD"),
        ("title", "Anything", None),
        ("sign", "ledger", "UNKNOWN_WORD"),  # a slip of the key
        ("our_own", "x", None),
    ],
)
def test_a_setting_that_says_how_amounts_are_meant_is_understood_or_told(
    key: str, text: str, code: str | None
) -> None:
    if code is None:
        check_setting(key, text)
        return
    found = fault(check_setting, key, text)
    assert found.code == code
    assert found.column == ("key" if key == "sign" else "")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("default_unit", "£000", "£k"),
        ("default_unit", "euros", None),
        ("default_year", "2026/27", "2026/27"),
        ("default_year", "2026", None),
        ("signs", "Costs negative", "costs_negative"),
        ("signs", "single", None),
        ("months", "Single", "single"),
        ("months", "ledger", None),
        ("fictional", "YES", "yes"),
        ("fictional", "perhaps", None),
        ("title", "A book", "A book"),
    ],
)
def test_what_a_setting_says(name: str, text: str, value: str | None) -> None:
    assert setting_value(name, text) == value


def settings(*rows: tuple[str, ...], moment: date | None = None) -> Settings:
    """Settings given as key, value and, where it has one, the day since which it is known."""
    drafts = [
        put("book", n, tuple(zip(("key", "value", "known_on"), row, strict=False)), origin="b||A")
        for n, row in enumerate(rows, start=2)
    ]
    return read_settings(numbered(drafts), moment)


def test_settings_are_those_given_else_the_usual_ones() -> None:
    none = settings()
    assert (none.default_unit, none.signs, none.months, none.unclear) == (
        "",
        "plain",
        "single",
        frozenset(),
    )
    some = settings(("Default unit", "£000"), ("signs", "Ledger"), ("months", "cumulative"))
    assert (some.default_unit, some.signs, some.months) == ("£k", "ledger", "cumulative")
    assert some.unclear == frozenset()


def test_of_two_settings_the_later_known_holds_and_of_two_alike_none() -> None:
    early, late = ("signs", "ledger", "2026-01-01"), ("signs", "plain", "2026-02-01")
    assert settings(early, late).signs == settings(late, early).signs == "plain"
    assert settings(early, late, moment=date(2026, 1, 31)).signs == "ledger"
    assert settings(early, late, moment=date(2026, 2, 1)).signs == "plain"
    assert settings(early, moment=date(2025, 12, 31)).signs == "plain"
    twice = settings(("default_unit", "£"), ("default_unit", "£m"))
    assert (twice.default_unit, twice.unclear) == ("", frozenset({"default_unit"}))
    mended = settings(("default_unit", "euros"), ("default_unit", "£m", "2026-02-01"))
    assert (mended.default_unit, mended.unclear) == ("£m", frozenset())
    odd = settings(("default_unit", "euros"))
    assert (odd.default_unit, odd.unclear) == ("", frozenset({"default_unit"}))
    assert settings(("default_unit", "")).unclear == frozenset()
    assert settings(("defualt_unit", "£m")).unclear == frozenset({"default_unit"})
    assert settings(("signs", "ledger", "soon")).signs == "plain"  # its row is stopped


def test_settings_have_one_name_in_any_spelling_and_slips_are_near_them() -> None:
    assert [setting_name(one) for one in ("Default-Unit", "SIGNS", "other")] == [
        "default_unit",
        "signs",
        "other",
    ]
    assert [near_setting(one) for one in ("month", "default_unit", "titel", "fictionl")] == [
        "months",
        "",
        "",
        "fictional",
    ]
