"""Writing books out: cell for cell, the same bytes twice, nothing live, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.ledger import Cells, put
from controltotal.ledger.history import history_rows, links_from_rows
from controltotal.sources import write
from controltotal.sources.raw import BookError
from controltotal.sources.write import write_folder, write_workbook
from tests.ledgers import FIXED, posting

TABLES: dict[str, list[tuple[int, Cells]]] = {
    "amounts": [
        (
            2,
            (
                ("organisation", "QE1"),
                ("line", "position"),
                ("year", "2020-21"),
                ("basis", "plan"),
                ("amount", "(277)"),
                ("unit", "£m"),
                ("colour", "grün"),
            ),
        ),
        (
            3,
            (
                ("organisation", "00Q"),
                ("line", "pay"),
                ("year", "2020/21"),
                ("basis", "plan"),
                ("amount", "−4.60"),
            ),
        ),
        (
            6,
            (
                ("organisation", "00Q"),
                ("line", "pay"),
                ("year", "2020/21"),
                ("basis", "actual"),
                ("amount", "1,200.50"),
            ),
        ),
    ],
    "book": [
        (2, (("key", "title"), ("value", "A plan"))),
        (3, (("key", "licence"), ("value", "OGL-UK-3.0"))),
    ],
}


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline=""), strict=True))


def as_rows(grid: list[list[str]]) -> list[tuple[int, Cells]]:
    header = grid[0]
    return [
        (number, tuple((c, t) for c, t in zip(header, line, strict=False) if t))
        for number, line in enumerate(grid[1:], start=2)
        if any(line)
    ]


def calamine(path: Path, sheet: str) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    return (
        CalamineWorkbook.from_path(str(path))
        .get_sheet_by_name(sheet)
        .to_python(skip_empty_area=False)
    )


def openpyxl(path: Path, sheet: str) -> list[list[object]]:
    import openpyxl

    book = openpyxl.load_workbook(path)
    cells = [cell for line in book[sheet].iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"], "a live formula"
    assert not [cell.coordinate for cell in cells if cell.hyperlink], "a live link"
    return [[cell.value for cell in line] for line in book[sheet].iter_rows()]


# The folder


def test_a_folder_holds_every_cell_in_its_own_row(tmp_path: Path) -> None:
    write_folder(tmp_path / "plan", TABLES)
    assert sorted(os.listdir(tmp_path / "plan")) == ["amounts.csv", "book.csv", "datapackage.json"]
    assert (tmp_path / "plan" / "amounts.csv").read_bytes().decode() == (
        "organisation,line,year,basis,amount,unit,colour\n"
        "QE1,position,2020-21,plan,(277),£m,grün\n"
        "00Q,pay,2020/21,plan,−4.60,,\n"
        "\n"
        "\n"
        '00Q,pay,2020/21,actual,"1,200.50",,\n'
    )
    for name, rows in TABLES.items():
        assert as_rows(read_csv(tmp_path / "plan" / f"{name}.csv")) == rows


def test_a_folder_reads_back_as_the_same_book(tmp_path: Path) -> None:
    from controltotal.sources.folder import read_folder
    from controltotal.sources.workbook import read_workbook

    write_folder(tmp_path / "plan", TABLES)
    write_workbook(tmp_path / "plan.xlsx", TABLES)
    for book in (read_folder(tmp_path / "plan"), read_workbook(tmp_path / "plan.xlsx")):
        assert book.findings == []
        read = {t.name: [(r.number, r.cells) for r in t.rows] for t in book.tables}
        assert read == TABLES


def test_columns_stand_in_the_order_of_the_manual_whatever_order_they_came_in(
    tmp_path: Path,
) -> None:
    cells = (("zebra", "1"), ("unit", "£"), ("amount", "5"), ("organisation", "QE1"))
    write_folder(tmp_path / "plan", {"amounts": [(2, cells)]}, columns={"amounts": ["empty"]})
    header = read_csv(tmp_path / "plan" / "amounts.csv")[0]
    assert header == ["organisation", "line", "year", "basis", "amount", "unit", "empty", "zebra"]


def test_the_descriptor_is_written(tmp_path: Path) -> None:
    write_folder(tmp_path / "My Plan", TABLES, descriptor={"title": "Given", "resources": "no"})
    package = json.loads((tmp_path / "My Plan" / "datapackage.json").read_text("utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert package["name"] == "my-plan"
    assert package["title"] == "Given"
    assert package["licenses"] == [{"title": "OGL-UK-3.0"}]
    assert [resource["path"] for resource in package["resources"]] == ["book.csv", "amounts.csv"]
    fields = {f["name"]: f for f in package["resources"][1]["schema"]["fields"]}
    assert fields["amount"]["constraints"]["required"] is True
    assert fields["basis"]["constraints"]["enum"] == ["plan", "actual", "forecast", "unknown"]
    assert fields["colour"] == {"name": "colour", "type": "string"}


def test_rows_that_share_a_number_follow_one_another(tmp_path: Path) -> None:
    rows = [(2, (("line", "a"),)), (2, (("line", "b"),)), (9_000_000, (("line", "c"),))]
    write_folder(tmp_path / "plan", {"lines": rows})
    assert [n for n, _ in as_rows(read_csv(tmp_path / "plan" / "lines.csv"))] == [2, 3, 4]


def test_the_history_goes_along_and_has_the_same_root(tmp_path: Path) -> None:
    rows = [put(n, number, cells) for n, rows in TABLES.items() for number, cells in rows]
    links = FIXED.seal([posting(rows)])
    tables = {**TABLES, "entries": history_rows(links)}
    write_folder(tmp_path / "plan", tables)
    write_workbook(tmp_path / "plan.xlsx", tables)
    folder = as_rows(read_csv(tmp_path / "plan" / "entries.csv"))
    sheet = as_rows(
        [[str(v) for v in line] for line in calamine(tmp_path / "plan.xlsx", "entries")]
    )
    assert list(links_from_rows(folder)) == list(links_from_rows(sheet)) == links


# Equal tables, equal bytes


def test_equal_tables_give_equal_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        write_folder(folder / "plan", TABLES)
        write_workbook(folder / "plan.xlsx", TABLES)
        files = [folder / "plan.xlsx", *sorted((folder / "plan").iterdir())]
        made.append([path.read_bytes() for path in files])
        later = time.time() + 100_000_000
        monkeypatch.setattr(time, "time", lambda later=later: later)
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
    monkeypatch.undo()
    time.tzset()
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "0" / "plan.xlsx") as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}


# Payloads


PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "{=1+1}",
    "http://example.org",
    "https://example.org",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "external:a.xlsx",
    "file:///etc/hosts",
    "ftp://example.org",
    "007",
    "1e5",
    "12.30",
    "0.1",
    "TRUE",
    "2020-04-01",
    "1/2",
    "00Q",
    "#REF!",
    "'quoted",
    "€",
    "<b>&amp;</b>",
    "_x0041_",
    "_x000D_",
    "a_x005F_b",
    " leading",
    "trailing ",
    "two\nlines",
    "tab\there",
    "12345678901234567890",
    "−4.6",
    "(12.3)",
    "\u2028line",
    "\x85",
    "\x1f",
    "\x01",
    "cr\rcr",
    "crlf\r\n.",
    "\ufeffmark",
    "\U0001f600",
    "\x7f",
    "x" * 32_767,
]


def payload_rows(texts: list[str]) -> list[tuple[int, Cells]]:
    return [(n, (("id", str(n)), ("quote", text))) for n, text in enumerate(texts, start=2)]


def test_no_text_of_a_workbook_is_live_and_none_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(path, {"sources": payload_rows(PAYLOADS)})
    for reader in (calamine, openpyxl):
        grid = reader(path, "sources")
        assert grid[0] == ["id", "title", "quote"]
        for wanted, line in zip(PAYLOADS, grid[1:], strict=True):
            # openpyxl leaves some escapes of control characters as they stand in the file
            if reader is calamine or not re.search("_x[0-9A-F]{4}_|[\x00-\x1f]", wanted):
                assert line[2] == wanted, f"{reader.__name__} read another text"
            assert isinstance(line[2], str)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f" not in sheet and b"<hyperlink" not in sheet
        assert not [name for name in archive.namelist() if "external" in name.lower()]


def test_no_text_of_a_folder_is_changed(tmp_path: Path) -> None:
    write_folder(tmp_path / "plan", {"sources": payload_rows(PAYLOADS)})
    grid = read_csv(tmp_path / "plan" / "sources.csv")
    assert [line[2] for line in grid[1:]] == PAYLOADS
    # a reader that splits the text into lines first, at whatever Python calls a line, agrees
    text = (tmp_path / "plan" / "sources.csv").read_bytes().decode()
    assert list(csv.reader(text.splitlines(keepends=True))) == grid


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.dictionaries(TEXT, TEXT, min_size=1, max_size=3), min_size=1, max_size=5))
def test_any_text_survives_a_csv_file(rows: list[dict[str, str]]) -> None:
    placed = [(n, tuple(row.items())) for n, row in enumerate(rows, start=2)]
    header = write._header("other", placed, ())
    text = write._csv("other", header, placed)
    grid = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [dict(cells) for _, cells in as_rows(grid)] == rows


@given(st.lists(TEXT, min_size=1, max_size=20))
def test_any_text_survives_a_workbook(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("any") / "plan.xlsx"
    write_workbook(path, {"sources": payload_rows(texts)})
    assert [line[2] for line in calamine(path, "sources")[1:]] == texts


@pytest.mark.parametrize(
    "rows",
    [
        [(2, (("id", "\ud800"),))],
        [(2, (("id", "a\0b"),))],
        [(2, (("id\0", "a"),))],
    ],
)
def test_a_text_that_no_file_can_hold_is_refused(
    tmp_path: Path, rows: list[tuple[int, Cells]]
) -> None:
    for writer, name in ((write_folder, "plan"), (write_workbook, "plan.xlsx")):
        with pytest.raises(BookError, match="sources row 2"):
            writer(tmp_path / name, {"sources": rows})
    assert os.listdir(tmp_path) == []


def test_what_a_spreadsheet_cannot_hold_is_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"too long.*sources row 2.*as a folder"):
        write_workbook(tmp_path / "a.xlsx", {"sources": [(2, (("id", "x" * 32_768),))]})
    with pytest.raises(BookError, match=r"no spreadsheet can.*sources row 2.*as a folder"):
        write_workbook(tmp_path / "a.xlsx", {"sources": [(2, (("id", "\ufffe"),))]})
    wide = tuple((f"c{n}", "1") for n in range(16_385))
    with pytest.raises(BookError, match="no such row or column"):
        write_workbook(tmp_path / "a.xlsx", {"facts": [(2, wide)]})
    for name in ("../up", "CON.x", "", "a" * 32, "Sheet 1", "a/b"):
        with pytest.raises(BookError, match="name of a table"):
            write_folder(tmp_path / "plan", {name: []})
    assert os.listdir(tmp_path) == []


# Care of what is there


def test_nothing_of_anybody_is_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "amounts.csv").write_text("mine\n")
    other = tmp_path / "mine.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("docProps/core.xml", "mine")
    note = tmp_path / "note.xlsx"
    note.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(folder)
    before = {path: path.read_bytes() for path in (folder / "amounts.csv", other, note)}
    for force in (False, True):
        for target in (folder, note, link):
            with pytest.raises(BookError):
                write_folder(target, TABLES, force=force)
        for target in (other, note, folder, link):
            with pytest.raises(BookError):
                write_workbook(target, TABLES, force=force)
    assert {path: path.read_bytes() for path in before} == before


def test_a_book_of_ours_is_replaced_only_by_force(tmp_path: Path) -> None:
    smaller = {"book": TABLES["book"]}
    for writer, target in (
        (write_folder, tmp_path / "plan"),
        (write_workbook, tmp_path / "p.xlsx"),
    ):
        writer(target, TABLES)
        with pytest.raises(BookError, match="say --overwrite"):
            writer(target, smaller)
        writer(target, smaller, force=True)
    assert sorted(os.listdir(tmp_path / "plan")) == ["book.csv", "datapackage.json"]
    assert sorted(os.listdir(tmp_path)) == ["p.xlsx", "plan"]


def test_a_note_put_beside_our_files_is_never_lost(tmp_path: Path) -> None:
    write_folder(tmp_path / "plan", TABLES)
    (tmp_path / "plan" / "notes.txt").write_text("mine")
    with pytest.raises(BookError, match=r"also holds notes\.txt"):
        write_folder(tmp_path / "plan", TABLES, force=True)
    assert (tmp_path / "plan" / "notes.txt").read_text() == "mine"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    write_folder(tmp_path / "plan", TABLES)
    assert (tmp_path / "plan" / "datapackage.json").exists()


def test_a_writing_that_fails_leaves_the_old_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "plan", TABLES)
    write_workbook(tmp_path / "plan.xlsx", TABLES)
    files = [tmp_path / "plan.xlsx", *sorted((tmp_path / "plan").iterdir())]
    before = [path.read_bytes() for path in files]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for broken in ("fsync", "rename", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(f"controltotal.sources.write.os.{broken}", full)
            for writer, name in ((write_folder, "plan"), (write_workbook, "plan.xlsx")):
                if (broken, name) in (("rename", "plan.xlsx"), ("replace", "plan")):
                    continue
                with pytest.raises(BookError, match="No space left on device"):
                    writer(tmp_path / name, {"book": TABLES["book"]}, force=True)
        assert [path.read_bytes() for path in files] == before
        assert sorted(os.listdir(tmp_path)) == ["plan", "plan.xlsx"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    for writer, name in ((write_folder, "plan"), (write_workbook, "plan.xlsx")):
        with pytest.raises(BookError, match="nothing can be written here"):
            writer(tmp_path / "nowhere" / name, TABLES)
