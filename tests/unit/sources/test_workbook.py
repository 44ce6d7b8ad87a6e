"""A workbook typed by people: what its cells show, hide and share is read or told, never guessed.

Every doubtful book is carried to a folder and a ledger too, and says the same there.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from controltotal.sources.cell_formats import SCALED, shows
from controltotal.sources.sheet_shape import place_of
from tests.running import controltotal
from tests.typed_workbooks import ROWS, Change, with_xml, workbook

AMOUNTS = "xl/worksheets/sheet3.xml"
SURPLUS = "surplus/TRA/2026-27/plan"


def shown(book: Path) -> tuple[list[str], dict[str, tuple[int | None, str]]]:
    """The codes of findings but for sources, and the figures."""
    ran = controltotal("position", book, "--json")
    found: dict[str, Any] = json.loads(ran.out)
    codes = [f["code"] for f in found["findings"] if f["code"] != "NO_SOURCE"]
    return sorted(codes), {f["id"]: (f["value"], f["status"]) for f in found["figures"]}


def surplus(book: Path) -> tuple[int | None, str]:
    return shown(book)[1][SURPLUS]


def stops_in_every_form(book: Path, code: str, room: Path) -> None:
    """A book that stops with a code, as a workbook, a folder and a ledger."""
    seen = []
    for target in (None, room / "folder", room / "plan.ledger", room / "again.xlsx"):
        if target is not None:
            assert controltotal("convert", book, target).code == 0
        codes, figures = shown(target or book)
        told = figures.get(
            SURPLUS, (None, "indeterminate")
        )  # a body of stopped rows alone has none
        assert told == (None, "indeterminate"), target
        seen.append((set(codes) & {code}, figures))
    assert all(one == seen[0] for one in seen) and seen[0][0] == {code}


def numbered(number_format: str, amount: float = 300000, row: int = 2, column: int = 5) -> Change:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        style = made.add_format({"num_format": number_format})
        sheets["amounts"].write_number(row, column, amount, style)

    return change


# Merged cells


def test_a_merged_label_stands_in_each_of_its_rows_and_is_told(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].merge_range(1, 4, 3, 4, "plan")
        sheets["amounts"].merge_range(1, 0, 3, 0, "TRA")

    codes, figures = shown(workbook(tmp_path / "a.xlsx", change))
    assert codes == ["MERGED_READ"]
    assert figures[SURPLUS] == (-300_000_000, "ok")


@pytest.mark.parametrize("last", [2, 3])
def test_a_merged_amount_stops_its_rows(tmp_path: Path, last: int) -> None:
    book = workbook(
        tmp_path / "a.xlsx",
        lambda made, sheets: sheets["amounts"].merge_range(1, 5, last, 5, 400000),
    )
    stops_in_every_form(book, "MERGED_AMOUNT", tmp_path)


def test_a_label_merged_across_into_the_amount_stops_its_row(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx", lambda made, sheets: sheets["amounts"].merge_range(3, 4, 3, 5, "plan")
    )
    stops_in_every_form(book, "MERGED_AMOUNT", tmp_path)


def test_a_wide_amount_of_one_row_is_its_amount(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].merge_range(3, 5, 3, 7, 103000)
        sheets["amounts"].merge_range(0, 5, 0, 7, "amount")

    assert shown(workbook(tmp_path / "a.xlsx", change))[1][SURPLUS] == (-300_000_000, "ok")


def test_a_merged_title_above_the_headings_is_a_title(tmp_path: Path) -> None:
    rows = {"amounts": [[], [], *ROWS["amounts"]]}
    book = workbook(
        tmp_path / "a.xlsx",
        lambda made, sheets: sheets["amounts"].merge_range(0, 0, 0, 5, "Trust A: plan"),
        rows,
    )
    codes, figures = shown(book)
    assert (codes, figures[SURPLUS]) == (["TITLE_ROWS"], (-300_000_000, "ok"))


# Numbers shown otherwise than they are stored


@pytest.mark.parametrize(
    "number_format", ["#,##0,", "0,", '0.0,,"m"', "#,##0,;(#,##0,)", '[>=1000]#,##0,"k";0']
)
def test_a_number_shown_in_thousands_stops(tmp_path: Path, number_format: str) -> None:
    book = workbook(tmp_path / "a.xlsx", numbered(number_format))
    stops_in_every_form(book, "SCALED_CELL", tmp_path)


@pytest.mark.parametrize(
    "number_format", ['"£"#,##0', "[$£-809]#,##0.00", '"£"#,##0;[Red]-"£"#,##0']
)
def test_a_number_shown_in_another_unit_than_its_rows_is_asked_about(
    tmp_path: Path, number_format: str
) -> None:
    book = workbook(tmp_path / "a.xlsx", numbered(number_format))
    stops_in_every_form(book, "AMBIGUOUS_NUMBER", tmp_path)


@pytest.mark.parametrize(
    "number_format",
    [
        "#,##0",
        "#,##0.00",
        "#,##0;(#,##0)",
        '#,##0;[Red]-#,##0;"-"',
        "_-* #,##0_-",
        '£0"k"',
        "0.0E+00",
    ],
)
def test_a_number_shown_as_it_is_meant_is_read(tmp_path: Path, number_format: str) -> None:
    codes, figures = shown(workbook(tmp_path / "a.xlsx", numbered(number_format)))
    assert (codes, figures[SURPLUS]) == ([], (-300_000_000, "ok"))


def test_a_number_is_in_the_unit_that_a_person_sees_beside_it(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", numbered('"£"0.0"m"', 300))
    assert surplus(book) == (-300_000_000, "ok")
    assert controltotal("convert", book, tmp_path / "folder").code == 0
    assert surplus(tmp_path / "folder") == (-300_000_000, "ok")


def test_pounds_shown_with_a_pound_sign_in_a_book_of_pounds_are_read(tmp_path: Path) -> None:
    rows = {"book": [["key", "value"], ["default_unit", "£"], ["fictional", "yes"]]}
    book = workbook(tmp_path / "a.xlsx", numbered('"£"#,##0', -300000), rows)
    assert surplus(book)[1] == "ok"


def test_nil_shown_in_thousands_is_nil(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", numbered("#,##0,", 0))
    assert surplus(book) == (29_700_000_000, "ok")


def test_a_note_shown_in_thousands_stops_nothing(tmp_path: Path) -> None:
    rows = {
        "amounts": [[*line, "people"] if n == 0 else line for n, line in enumerate(ROWS["amounts"])]
    }
    book = workbook(tmp_path / "a.xlsx", numbered("#,##0,", 5000, 2, 6), rows)
    assert surplus(book) == (-300_000_000, "ok")


def test_what_a_format_shows() -> None:
    assert [shows(code) for code in ("#,##0,", "0.00,,", '#,##0.0,"k"', "[<1000]0;0,")] == [
        SCALED
    ] * 4
    assert [shows(code) for code in ("General", "0,000", "dd/mm/yyyy", '0.0"%"', "@")] == [""] * 5


# Computed numbers


def test_computed_numbers_are_rounded_to_the_penny_half_away_from_nil_and_told(
    tmp_path: Path,
) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].write_formula(2, 5, "=1/3*900000", None, 300000.000005)
        sheets["amounts"].write_formula(3, 5, "=-1", None, -103000.000015)

    codes, figures = shown(workbook(tmp_path / "a.xlsx", change))
    assert codes == ["ROUNDED_TO_PENNY", "SIGN_UNEXPECTED"]
    pence = 40_000_000_000 - 30_000_000_001 + 10_300_000_002
    assert figures[SURPLUS] == (pence, "ok")


def test_pence_and_shares_are_left_as_they_are(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].write_number(2, 5, 300000.00001)
        effects = made.add_worksheet("effects")
        for column, cell in enumerate(("scheme", "organisation", "share")):
            effects.write(0, column, cell)

    codes, figures = shown(workbook(tmp_path / "a.xlsx", change))
    assert codes == [] and figures[SURPLUS] == (-300_000_001, "ok")


# What is hidden


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].set_row(3, None, None, {"hidden": True})
        sheets["amounts"].set_column(4, 4, None, None, {"hidden": True})
        sheets["amounts"].set_row(9, None, None, {"hidden": True})  # nothing stands there
        sheets["amounts"].set_column(9, 16383, None, None, {"hidden": True})

    book = workbook(tmp_path / "a.xlsx", change)
    codes, figures = shown(book)
    assert codes == ["HIDDEN_READ", "HIDDEN_READ"]
    assert figures[SURPLUS] == (-300_000_000, "ok")
    told = json.loads(controltotal("check", book, "--json").out)["findings"]
    found = {f["found"] for f in told if f["code"] == "HIDDEN_READ"}
    assert found == {"row 4", "column E"}


def test_a_hidden_sheet_is_not_read_and_told(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].hide()

    codes, figures = shown(workbook(tmp_path / "a.xlsx", change))
    assert codes == ["NOT_READ"]
    assert figures.get(SURPLUS, (None, "indeterminate")) == (None, "indeterminate")


def test_a_hidden_sheet_of_lists_or_of_an_old_version_stops_nothing(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        for name in ("Lists", "amounts (2)"):
            old = made.add_worksheet(name)
            for column, cell in enumerate(ROWS["amounts"][0]):
                old.write(0, column, cell)
            old.write_row(1, 0, ["TRA", "pay", "2026/27", "", "plan", 9])
            old.hide()

    codes, figures = shown(workbook(tmp_path / "a.xlsx", change))
    assert codes == ["UNKNOWN_TABLE", "UNKNOWN_TABLE"]
    assert figures[SURPLUS] == (-300_000_000, "ok")


# Sheets


@pytest.mark.parametrize("name", ["Amounts", "AMOUNTS", " amounts"])
def test_a_sheet_is_known_however_its_name_is_written(tmp_path: Path, name: str) -> None:
    book = with_xml(
        workbook(tmp_path / "a.xlsx"), "xl/workbook.xml", 'name="amounts"', f'name="{name}"'
    )
    assert shown(book) == shown(workbook(tmp_path / "b.xlsx"))


@pytest.mark.parametrize("name", ["amount", "amuonts", "Plan v2", "amounts (2)"])
def test_a_sheet_that_looks_like_a_table_is_never_passed_over(tmp_path: Path, name: str) -> None:
    book = with_xml(
        workbook(tmp_path / "a.xlsx"), "xl/workbook.xml", 'name="amounts"', f'name="{name}"'
    )
    codes, figures = shown(book)
    assert codes == ["NOT_READ"]
    assert figures.get(SURPLUS, (None, "indeterminate")) == (None, "indeterminate")


def test_two_sheets_of_one_table_stop_both(tmp_path: Path) -> None:
    rows = {"Amounts ": [*ROWS["amounts"][:1], ["TRA", "non_pay", "2026/27", None, "plan", 5]]}
    codes, figures = shown(workbook(tmp_path / "a.xlsx", None, rows))
    assert codes == ["NOT_READ"]
    assert figures.get(SURPLUS, (None, "indeterminate")) == (None, "indeterminate")
    ran = controltotal("convert", tmp_path / "a.xlsx", tmp_path / "a.ledger")
    assert ran.code == 2 and "are both the table amounts" in ran.err


# Cells in places where none can be


def test_a_cell_that_stands_twice_stops_its_row(tmp_path: Path) -> None:
    book = with_xml(
        workbook(tmp_path / "a.xlsx"),
        AMOUNTS,
        '<c r="F3"><v>300000</v></c>',
        '<c r="F3"><v>300000</v></c><c r="F3"><v>5</v></c>',
    )
    stops_in_every_form(book, "NOT_READ", tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="F4"', '<c r="XFD1048576"'),
        ('<c r="F4"', '<c r="AAAA4"'),
        ('<c r="F4"', '<c r="F0"'),
        ('<c r="F4"', '<c r="F3"'),
        ('<row r="4"', '<row r="2"'),
        ("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
        ("</sheetData>", '<row r="900000"><c r="ZZ900000"><v>1</v></c></row></sheetData>'),
        ("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet'),
    ],
)
def test_what_no_spreadsheet_writes_is_refused_in_one_line_at_once(
    tmp_path: Path, old: str, new: str
) -> None:
    book = with_xml(workbook(tmp_path / "a.xlsx"), AMOUNTS, old, new)
    started = time.perf_counter()
    ran = controltotal("check", book)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "a.xlsx" in ran.err and "Error" not in ran.err
    assert time.perf_counter() - started < 5


def test_a_sheet_that_is_listed_and_not_there_is_never_passed_over(tmp_path: Path) -> None:
    rels = "xl/_rels/workbook.xml.rels"
    moved = with_xml(
        workbook(tmp_path / "a.xlsx"), rels, "worksheets/sheet3.xml", "/xl/worksheets/sheet3.xml"
    )
    assert shown(moved) == shown(workbook(tmp_path / "b.xlsx"))
    book = with_xml(moved, rels, "/xl/worksheets/sheet3.xml", "/xl/worksheets/sheet9.xml")
    ran = controltotal("check", book)
    assert (ran.code, ran.err.count("\n")) == (2, 1) and "sheet amounts" in ran.err


@pytest.mark.parametrize("size", ["A1:XFD1048576", "A1"])
def test_the_size_that_a_sheet_declares_is_not_believed(tmp_path: Path, size: str) -> None:
    book = with_xml(workbook(tmp_path / "a.xlsx"), AMOUNTS, 'ref="A1:F4"', f'ref="{size}"')
    assert shown(book) == shown(workbook(tmp_path / "b.xlsx"))


def test_empty_styled_cells_far_away_are_nothing(tmp_path: Path) -> None:
    book = with_xml(
        workbook(tmp_path / "a.xlsx"),
        AMOUNTS,
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
    )
    assert shown(book) == shown(workbook(tmp_path / "b.xlsx"))


def test_an_error_and_a_formula_never_calculated_keep_their_text(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["amounts"].write_formula(2, 5, "=#REF!+1", None, "#REF!")
        sheets["amounts"].write_formula(3, 5, "=SUM(F2:F3)")

    book = with_xml(workbook(tmp_path / "a.xlsx", change), AMOUNTS, "</f><v>0</v>", "</f>")
    told = json.loads(controltotal("check", book, "--json").out)["findings"]
    found = {f["code"]: f["found"] for f in told}
    assert found["SPREADSHEET_ERROR"] == "#REF!"
    assert found["FORMULA_WITHOUT_VALUE"] == "=SUM(F2:F3)"


@pytest.mark.parametrize("address", ["", "A", "1", "A0", "XFE1", "A1048577", "ÄA1", "A1B"])
def test_an_address_that_no_sheet_has_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(address) + "$"):
        place_of(address)
