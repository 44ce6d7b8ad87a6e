"""Any file that a spreadsheet saves is read as what it is, or refused in one line."""

from __future__ import annotations

import csv
import gzip
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controltotal.core.errors import BookError
from controltotal.intake.grid import read_file
from controltotal.intake.model import Grid
from tests.old_workbooks import xls, xlsb
from tests.sheets_of_people import written
from tests.typed_workbooks import with_xml

LINES = [["Line", "Plan"], ["Pay", 12.5], ["Drugs", None]]
SHEET = "xl/worksheets/sheet1.xml"


def only(path: Path) -> Grid:
    (grid,) = read_file(path).grids
    return grid


def test_a_workbook_gives_its_values_and_days(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": [["Line", date(2026, 4, 1)], ["Pay", 12.5]]})
    opened = read_file(path)
    assert (opened.form, opened.file, opened.findings) == ("xlsx", "a.xlsx", ())
    assert opened.grids[0].cells == [["Line", date(2026, 4, 1)], ["Pay", 12.5]]


def test_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": [["Line", date(2026, 4, 1)], ["Pay", 1.0]]})
    path = with_xml(path, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" ')
    assert only(path).value(0, 1) == date(2030, 4, 2)


def test_what_is_hidden_is_told_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    def hide(_: Any, sheets: dict[str, Any]) -> None:
        sheets["I&E"].set_row(1, None, None, {"hidden": True})
        sheets["I&E"].set_column(1, 1, None, None, {"hidden": True})
        sheets["old"].hide()
        sheets["older"].very_hidden()

    path = written(tmp_path / "a.xlsx", {"I&E": LINES, "old": LINES, "older": LINES}, hide)
    opened = read_file(path)
    assert [grid.sheet for grid in opened.grids] == ["I&E"]
    assert [f.code for f in opened.findings] == ["IMPORT_HIDDEN", "IMPORT_HIDDEN"]
    assert opened.findings[0].found == "row 2, column B"
    assert opened.findings[1].found == "old, older"
    assert opened.grids[0].hidden_rows == {1} and 1 in opened.grids[0].hidden_columns
    assert [grid.sheet for grid in read_file(path, hidden=True).grids] == ["I&E", "old", "older"]


def test_errors_formulas_without_a_value_and_formats_are_told(tmp_path: Path) -> None:
    def change(made: Any, sheets: dict[str, Any]) -> None:
        sheets["I&E"].write_formula(2, 1, "=B2*2", None, "#REF!")
        sheets["I&E"].write_number(1, 1, 12.5, made.add_format({"num_format": "#,##0,"}))

    path = written(tmp_path / "a.xlsx", {"I&E": LINES}, change)
    grid = only(path)
    assert grid.untold == {(2, 1): "#REF!"} and grid.shown == {(1, 1): "scaled"}

    import openpyxl

    plain = openpyxl.Workbook()
    sheet: Any = plain.active
    sheet.append(["Line", "Plan"])
    sheet.append(["Pay", "=1+1"])
    plain.save(tmp_path / "b.xlsx")
    assert only(tmp_path / "b.xlsx").untold == {(1, 1): "=1+1"}


def test_a_cell_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": LINES})
    with_xml(
        path, SHEET, '<c r="B2"><v>12.5</v></c>', '<c r="B2"><v>12.5</v></c><c r="B2"><v>9</v></c>'
    )
    assert only(path).untold == {(1, 1): "stands 2 times in the file"}


def test_two_readings_that_differ_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": [["Line", "Plan"], ["Pay", 12.5], ["Drugs", 3.0]]})
    with_xml(path, SHEET, '<c r="B3"><v>3</v></c>', '<c r="B3" t="n"><x:v xmlns:x="u">3</x:v></c>')
    try:
        assert only(path).value(2, 1) == 3.0
    except BookError as error:
        assert "two readings" in error.what


def test_merged_areas_are_given(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx",
        {"I&E": [["x"], ["y", 1.0]]},
        lambda _, sheets: sheets["I&E"].merge_range(0, 1, 0, 3, "Plan"),
    )
    assert only(path).merged == ((0, 1, 0, 3),)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "Line,Plan\nPay,£1\n".encode()),
        ("a.csv", "\ufeffLine,Plan\nPay,£1\n".encode()),
        ("a.csv", "Line;Plan\r\nPay;£1\r\n".encode("cp1252")),
        ("a.txt", "Line\tPlan\nPay\t£1\n".encode("utf-16")),
        ("a.tsv", "Line|Plan\nPay|£1\n".encode("utf-16-le")),
        ("a.csv", b"sep=;\nLine;Plan\nPay;\xa31\n"),
        ("a.xls", "Line\tPlan\nPay\t£1\n".encode("cp1252")),
        ("a.csv.gz", gzip.compress("Line,Plan\nPay,£1\n".encode(), mtime=0)),
        (
            "a.xls",
            b"<html><style>td{}</style><table><tr><td>Line<td>Plan<tr><td>Pay</td>"
            b"<td>&pound;1</td></tr></table></html>",
        ),
    ],
)
def test_texts_in_every_usual_form_are_read(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    lines = [line for line in only(tmp_path / name).cells if line]
    assert lines == [["Line", "Plan"], ["Pay", "£1"]]


def test_rows_are_counted_as_the_file_has_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=,\nLine,Plan\nPay,1\n")
    assert only(tmp_path / "a.csv").text(2, 0) == "Pay"


def test_commas_inside_amounts_do_not_part_lines_with_tabs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Plan of Trust A, draft\nLine\tPlan\nPay\t1,200\nDrugs\t3,400\n"
    )
    assert only(tmp_path / "a.txt").cells[2] == ["Pay", "1,200"]


def test_spans_of_a_page_are_merged_areas(tmp_path: Path) -> None:
    page = (
        "<h1>Trust A</h1><table><tr><th rowspan=2>Line<th colspan=2>Plan</tr>"
        "<tr><th>Apr<th>May</tr><tr><td>Pay<td>1<td>2</tr></table>"
    )
    (tmp_path / "a.xls").write_text(page)
    grid = only(tmp_path / "a.xls")
    assert [line for line in grid.cells if line] == [
        ["Trust A"],
        ["Line", "Plan", None],
        [None, "Apr", "May"],
        ["Pay", "1", "2"],
    ]
    assert [(b - t, r - left) for t, left, b, r in grid.merged] == [(1, 0), (0, 1)]


ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    "</office:document-content>"
)
ODS_TABLE = (
    '<table:table table:name="I&amp;E"><table:table-row>'
    '<table:table-cell office:value-type="string"><text:p>Line</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>Plan</text:p></table:table-cell>'
    "</table:table-row><table:table-row>"
    '<table:table-cell office:value-type="string"><text:p>Pay</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="12.5"{more}><text:p>12.5</text:p>'
    "</table:table-cell></table:table-row></table:table>"
)


def ods(path: Path, more: str = "") -> Path:
    content = ODS.replace('"o"', '"urn:oasis:names:tc:opendocument:xmlns:office:1.0"')
    content = content.replace('"t"', '"urn:oasis:names:tc:opendocument:xmlns:table:1.0"')
    content = content.replace('"x"', '"urn:oasis:names:tc:opendocument:xmlns:text:1.0"')
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content.format(tables=ODS_TABLE.format(more=more)))
    return path


def test_an_ods_is_read(tmp_path: Path) -> None:
    opened = read_file(ods(tmp_path / "a.ods"))
    assert (opened.form, opened.grids[0].sheet) == ("ods", "I&E")
    assert opened.grids[0].cells == [["Line", "Plan"], ["Pay", 12.5]]


def test_an_ods_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", ' table:number-columns-repeated="16000"')
    text = zipfile.ZipFile(path).read("content.xml").decode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            text.replace(
                "<table:table-row>", '<table:table-row table:number-rows-repeated="9999">'
            ),
        )
    with pytest.raises(BookError, match="too many cells"):
        read_file(path)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.csv", b" \n\n", "empty"),
        ("a.xlsx", b"PK\x03\x04 cut short", "broken"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cannot be read"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.bin", bytes(range(256)) * 4, "neither"),
        ("a.csv.gz", b"\x1f\x8b\x08 broken", "broken"),
        ("a.xls", b"<html><p>Sign in</p></html>", "without a table"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BookError, match=says):
        read_file(tmp_path / name)


def test_a_text_with_more_rows_than_a_sheet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1,2\n" * 1_048_578)
    with pytest.raises(BookError, match="more than 1,048,576 rows"):
        read_file(tmp_path / "a.csv")


def test_a_text_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wb") as file:
        for _ in range(201):
            file.write(b"1" * 2**20)
    with pytest.raises(BookError, match="200 MB"):
        read_file(tmp_path / "a.csv.gz")


def test_a_cell_far_away_and_entities_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"I&E": LINES})
    with_xml(path, SHEET, "<sheetData>", '<sheetData><row r="1"/>')
    with pytest.raises(BookError):
        read_file(path)
    path = written(tmp_path / "b.xlsx", {"I&E": LINES})
    with_xml(path, SHEET, "<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    with pytest.raises(BookError, match="entities"):
        read_file(path)
    path = written(
        tmp_path / "c.xlsx", {"I&E": LINES}, lambda _, s: s["I&E"].write(1048575, 16383, 1)
    )
    with pytest.raises(BookError, match="more than"):
        read_file(path)


def test_charts_and_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    def add(made: Any, sheets: dict[str, Any]) -> None:
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "='I&E'!$B$2:$B$2"})
        made.add_chartsheet("Chart").set_chart(chart)
        made.add_worksheet("empty")

    assert [
        g.sheet for g in read_file(written(tmp_path / "a.xlsx", {"I&E": LINES}, add)).grids
    ] == ["I&E"]


def test_a_comma_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["Line", "Note"], ["Pay", "two\nlines, one cell"]])
    assert only(tmp_path / "a.csv").text(1, 1) == "two\nlines, one cell"


def test_an_xlsb_gives_values_only_and_its_errors_are_told(tmp_path: Path) -> None:
    lines: list[list[str | float | None]] = [["Line", "Plan"], ["Pay", 12.5], ["Drugs", "#REF!"]]
    opened = read_file(xlsb(tmp_path / "a.xlsb", {"I&E": lines, "old": lines}, hidden="old"))
    (grid,) = opened.grids
    assert (opened.form, grid.sheet, grid.values_only) == ("xlsb", "I&E", True)
    assert grid.cells[:2] == [["Line", "Plan"], ["Pay", 12.5]]
    assert grid.untold == {(2, 1): "#REF!"}
    assert [f.code for f in opened.findings] == ["IMPORT_HIDDEN", "IMPORT_VALUES_ONLY"]


def test_an_xlsb_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "a.xlsb", {"I&E": [["Line", 1.0]]}, far=1_000_000)
    with pytest.raises(BookError, match="too many cells"):
        read_file(path)


def test_an_xls_gives_values_only(tmp_path: Path) -> None:
    lines: list[list[str | float | None]] = [["Line", "Plan"], ["Pay", 12.5], ["Drugs", "#REF!"]]
    opened = read_file(xls(tmp_path / "a.xls", "I&E", lines))
    (grid,) = opened.grids
    assert (opened.form, grid.sheet, grid.values_only) == ("xls", "I&E", True)
    assert grid.cells[:2] == [["Line", "Plan"], ["Pay", 12.5]]
    assert grid.untold == {(2, 1): "#REF!"}
    assert [f.code for f in opened.findings] == ["IMPORT_VALUES_ONLY"]


def test_a_broken_xls_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = xls(tmp_path / "a.xls", "I&E", [["Line", "Plan"], ["Pay", 12.5]]).read_bytes()
    for cut in range(0, len(whole), 97):
        (tmp_path / "b.xls").write_bytes(whole[: 8 + cut])
        try:
            read_file(tmp_path / "b.xls")
        except BookError as error:
            assert "b.xls" in str(error)
