"""One book with a fault of every kind: all are reported in one run, in their places, in each form.

`forty/` is the book as a folder. As a workbook its error cell is a real one and its formula has no
stored value; as a ledger it must be left exactly as it was.
"""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from controltotal.ledger import open_ledger, root, verify
from tests.running import controltotal

BOOK = Path(__file__).parent / "forty"
GALLERY = Path(__file__).parent / "gallery"
FORM_ONLY = {
    "UNKNOWN_TABLE",
    "ENCODING",
    "DUPLICATE_COLUMN",
    "CELL_WITHOUT_HEADING",
    "MISSING_COLUMN",
}
"""Faults of a file, which a ledger cannot have."""


def expected() -> list[tuple[str, str, str]]:
    with (BOOK / "expected" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["where"], row["detail"]) for row in csv.DictReader(file)]


def check(book: Path | str) -> list[dict[str, Any]]:
    ran = controltotal("check", "--book-only", str(book), "--json")
    assert (ran.code, ran.err) == (1, "")
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return found


def test_the_folder_reports_every_fault_in_one_run(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = [(f["code"], f["where"], f.get("detail", "")) for f in check(BOOK)]
    if request.config.getoption("--regenerate"):
        with (BOOK / "expected" / "findings.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("code", "where", "detail"), *found])
    assert found == expected()
    codes = [code for code, _, _ in found]
    assert len(codes) >= 40
    assert len(set(codes)) == len(codes), "one of each kind"
    assert all(detail for _, _, detail in found), "each names its file and cell"


def test_it_holds_each_kind_of_fault_of_rows_bodies_money_support_and_evidence() -> None:
    from tests.errors.test_gallery import MADE, string_constants

    rooms = (
        "position/rows",
        "position/fold",
        "position/references",
        "position/trajectory",
        "rules/reconcile",
        *(
            f"position/checks/{name}"
            for name in ("bodies", "control", "evidence", "schemes", "signs", "totals", "transfers")
        ),
    )
    made = string_constants()
    kinds = {code for code, files in made.items() if any(f.startswith(rooms) for f in files)}
    assert (kinds | MADE) - FORM_ONLY - {code for code, _, _ in expected()} == set()


def test_each_finding_says_what_was_expected_found_and_to_be_done() -> None:
    for finding in check(BOOK):
        assert finding["message"] and finding["expected"] and finding["found"], finding
        assert finding["action"].endswith("."), finding


def test_the_ledger_form_reports_the_same_and_is_left_as_it_was(tmp_path: Path) -> None:
    ledger = tmp_path / "forty.ledger"
    assert controltotal("convert", BOOK, ledger).code == 0
    store = open_ledger(ledger)
    before = store.links()
    store.close()
    bytes_before = ledger.read_bytes()

    found = [(f["code"], f["where"]) for f in check(ledger)]
    assert found == [(code, where) for code, where, _ in expected()]

    assert ledger.read_bytes() == bytes_before
    store = open_ledger(ledger)
    after = store.links()
    store.close()
    assert after == before
    assert root(after) == root(before) and verify(after) is None


def test_the_folder_is_left_as_it_was(tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(BOOK, book)
    before = {file.name: file.read_bytes() for file in book.glob("*.csv")}
    check(book)
    assert {file.name: file.read_bytes() for file in book.glob("*.csv")} == before


def workbook_of(folder: Path, target: Path) -> None:
    """The folder as a workbook typed by hand: numbers as numbers, an error cell, a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as book:
        for file in sorted(folder.glob("*.csv")):
            sheet = book.add_worksheet(file.stem)
            with file.open(encoding="utf-8", newline="") as lines:
                for row, cells in enumerate(csv.reader(lines)):
                    for column, text in enumerate(cells):
                        put(sheet, row, column, text)
    drop_stored_values(target)


def put(sheet: Any, row: int, column: int, text: str) -> None:
    if text == "#REF!":
        sheet.write_formula(row, column, "=#REF!+1", None, "#REF!")
    elif text.startswith("="):
        sheet.write_formula(row, column, text)
    elif text.lstrip("-").replace(".", "", 1).isdigit() and not text.startswith("20"):
        sheet.write_number(row, column, float(text))
    elif text:
        sheet.write_string(row, column, text)


def drop_stored_values(target: Path) -> None:
    """XlsxWriter stores 0 for every formula; a formula never calculated stores nothing."""
    with zipfile.ZipFile(target) as archive:
        parts = {item: archive.read(item) for item in archive.namelist()}
    changed = 0
    for name, data in parts.items():
        if name.startswith("xl/worksheets/"):
            changed += data.count(b"</f><v>0</v>")
            parts[name] = data.replace(b"</f><v>0</v>", b"</f>")
    assert changed == 1
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_the_workbook_form_reports_the_same_with_sheets_and_cells(tmp_path: Path) -> None:
    target = tmp_path / "forty.xlsx"
    workbook_of(BOOK, target)
    before = target.read_bytes()
    found = check(target)
    assert [(f["code"], f["where"]) for f in found] == [(c, w) for c, w, _ in expected()]
    assert target.read_bytes() == before
    by_code = {f["code"]: f for f in found}
    assert by_code["SPREADSHEET_ERROR"]["detail"] == "forty.xlsx, sheet amounts, cell G10"
    assert by_code["FORMULA_WITHOUT_VALUE"]["detail"] == "forty.xlsx, sheet amounts, cell G11"
    assert by_code["FORMULA_WITHOUT_VALUE"]["found"] == "=SUM(G2:G9)"
    assert all("sheet " in f["detail"] for f in found)


def test_faults_of_files_add_to_the_rest(tmp_path: Path) -> None:
    """A table that is none, an old encoding, a doubled heading, a stray cell, a missing column."""
    book = tmp_path / "book"
    shutil.copytree(BOOK, book)
    (book / "savings_list.csv").write_text("scheme,saving\nBeds,2\n", encoding="utf-8")
    (book / "milestones.csv").write_text("scheme,title\nT1,Open\n", encoding="utf-8")
    (book / "risks.csv").write_bytes(
        b"id,organisation,title,kind,gross,chance,title\n"
        b"R1,XA1,Winter \x96 beds,risk,2,0.5,again\n"
        b"R2,XA1,Pay,risk,2,0.5,,note\n"
    )
    found = check(book)
    codes = {f["code"]: f["where"] for f in found}
    assert len(found) == len(codes) == len(expected()) + len(FORM_ONLY)
    assert {code: codes[code] for code in sorted(FORM_ONLY)} == {
        "CELL_WITHOUT_HEADING": "risks row 3",
        "DUPLICATE_COLUMN": "risks row 1",
        "ENCODING": "risks row 1",
        "MISSING_COLUMN": "milestones row 1",
        "UNKNOWN_TABLE": "savings_list row 1",
    }
