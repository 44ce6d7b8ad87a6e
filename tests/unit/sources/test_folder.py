"""A folder typed by people: names, encodings and separators as they come; nothing passed over."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from controltotal.core.errors import BookError
from controltotal.sources.books import read_book
from controltotal.sources.convert import convert_book
from controltotal.sources.csv_text import decode, separator_of
from controltotal.sources.folder import read_folder
from tests.running import controltotal

FILES = {
    "book": "key,value\ntitle,Plan\ndefault_unit,£k\nfictional,yes\n",
    "organisations": "code,name,kind\nTRA,Trust A,provider\nTRB,Trust B,provider\n",
    "amounts": (
        "organisation,line,year,basis,amount\n"
        "TRA,patient_care_income,2026/27,plan,400000\n"
        "TRA,pay,2026/27,plan,403000\n"
        'TRB,position,2026/27,plan,"1,000"\n'
    ),
    "transfers": (
        "id,from,to,year,amount,kind,mechanism,status\n"
        "T1,TRB,TRA,2026/27,500,neighbour_support,resource_transfer,agreed\n"
    ),
}


def folder(path: Path, **names: str) -> Path:
    """The book as a folder, its tables under other names where these are given."""
    path.mkdir()
    for name, text in FILES.items():
        (path / names.get(name, f"{name}.csv")).write_text(text, encoding="utf-8")
    return path


def shown(path: Path) -> dict[str, Any]:
    ran = controltotal("position", path, "--json")
    found: dict[str, Any] = json.loads(ran.out)
    return {
        "figures": {f["id"]: (f["value"], f["status"]) for f in found["figures"]},
        "codes": sorted(f["code"] for f in found["findings"] if f["code"] != "NO_SOURCE"),
        "code": ran.code,
    }


def status(path: Path, figure: str) -> str:
    found: str = shown(path)["figures"].get(f"{figure}/2026-27/plan", (None, "absent"))[1]
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return shown(folder(tmp_path_factory.mktemp("plain") / "book"))


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("transfers", "Transfers.CSV"),
        ("transfers", "TRANSFERS.csv"),
        ("transfers", "transfers.Csv"),
        ("amounts", "Amounts .csv"),
        ("organisations", "Organisations.CSV"),
        ("book", "BOOK.csv"),
    ],
)
def test_a_file_is_known_however_its_name_is_written(
    tmp_path: Path, plain: dict[str, Any], table: str, file: str
) -> None:
    assert shown(folder(tmp_path / "book", **{table: file})) == plain


def as_bytes(text: str, encoding: str, separator: str, first: str, end: str) -> bytes:
    rows = text.replace('"1,000"', "1000").replace(",", separator)
    return (first + rows).replace("\n", end).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("separator", "first"),
    [
        (",", ""),
        (";", ""),
        ("\t", ""),
        ("|", ""),
        (",", "sep=,\n"),
        (";", "sep=;\n"),
        (":", "sep=:\n"),
    ],
)
def test_a_file_is_read_in_whatever_form_a_spreadsheet_saved_it(
    tmp_path: Path, plain: dict[str, Any], encoding: str, separator: str, first: str
) -> None:
    path = folder(tmp_path / "book")
    for name, text in FILES.items():
        data = as_bytes(text, encoding, separator, first, "\r\n")
        (path / f"{name}.csv").write_bytes(data)
    entries = read_book(path).entries
    assert [(e.table, e.row) for e in entries] == [
        (e.table, e.row) for e in read_book(folder(tmp_path / "plain")).entries
    ], "rows are counted as a spreadsheet shows them"
    if encoding in ("utf-8-sig", "utf-16"):
        assert shown(path) == plain


def test_an_older_encoding_keeps_its_pound_sign_and_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "book")
    (path / "book.csv").write_bytes(FILES["book"].encode("cp1252"))
    assert shown(path)["codes"].count("ENCODING") == 1
    assert dict(read_book(path).entries[1].cells)["value"] == "£k"


def test_what_an_encoding_cannot_say_is_counted() -> None:
    assert decode(b"\xa3 \x81 \x8d")[1:] == ("Windows-1252", 2)


def test_a_text_with_many_semicolons_is_still_separated_by_commas() -> None:
    schemes = "id,organisation,title,excludes\nS1,TRA,Beds; wards; lists,S2;S3;S4;S5;S6\n"
    assert separator_of(schemes, "schemes") == ","


@pytest.mark.parametrize(
    "above", ["Trust A plan,,,,\n", "Plan (£000)\n\n\n", '"Plan, draft 2",,\n,,\n']
)
def test_lines_above_the_headings_are_a_title_and_told(
    tmp_path: Path, plain: dict[str, Any], above: str
) -> None:
    path = folder(tmp_path / "book")
    (path / "amounts.csv").write_text(above + FILES["amounts"], encoding="utf-8")
    found = shown(path)
    assert found["figures"] == plain["figures"]
    assert found["codes"] == sorted([*plain["codes"], "TITLE_ROWS"])
    rows = [e.row for e in read_book(path).entries if e.table == "amounts"]
    assert rows[0] == above.count("\n") + 2


def test_a_title_with_another_unit_than_the_book_is_asked_about(tmp_path: Path) -> None:
    path = folder(tmp_path / "book")
    (path / "amounts.csv").write_text("Plan in £m\n" + FILES["amounts"], encoding="utf-8")
    found = shown(path)
    assert "UNKNOWN_UNIT" in found["codes"] and found["code"] == 1
    assert status(path, "surplus/TRA") == "indeterminate"
    convert_book(str(path), str(tmp_path / "again"))
    assert shown(tmp_path / "again")["figures"] == found["figures"]


def test_two_files_of_one_table_stop_what_either_says(tmp_path: Path) -> None:
    path = folder(tmp_path / "book")
    other = FILES["transfers"].replace("T1", "T2").replace("500", "900")
    (path / "Transfers.CSV").write_text(other, encoding="utf-8")
    if len(list(path.iterdir())) == len(FILES):
        pytest.skip("this disk keeps no two names that differ by case")
    found = shown(path)
    assert found["codes"].count("NOT_READ") == 1 and found["code"] == 1
    assert status(path, "surplus_with_support/TRA") == "indeterminate"
    assert status(path, "surplus/TRA") == "ok", "what the other tables say stands"
    with pytest.raises(BookError, match="are both the table transfers"):
        convert_book(str(path), str(tmp_path / "a.ledger"))
    assert not (tmp_path / "a.ledger").exists()


@pytest.mark.parametrize(
    "file", ["transfer.csv", "tranfsers.csv", "transfers (2).csv", "Copy of transfers.csv", "x.txt"]
)
def test_a_file_that_looks_like_a_table_is_never_passed_over(tmp_path: Path, file: str) -> None:
    path = folder(tmp_path / "book", transfers=file)
    found = shown(path)
    assert found["codes"].count("NOT_READ") == 1 and found["code"] == 1
    assert status(path, "surplus_with_support/TRA") == "indeterminate"
    assert status(path, "surplus/TRB") == "ok"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("notes.csv", "note,day\nask,Monday\n"),
        ("savings_list.csv", "scheme,saving\nBeds,2\n"),
        ("lookup.csv", "code,meaning\nA,b\n"),
        ("README.txt", "The book of Trust A.\n"),
        ("transfers.txt", "Transfers are agreed in May.\n"),
        ("book.xlsx", "no workbook at all"),
        ("transfers.pdf", "%PDF"),
    ],
)
def test_what_is_no_table_stops_nothing(
    tmp_path: Path, plain: dict[str, Any], file: str, text: str
) -> None:
    path = folder(tmp_path / "book")
    (path / file).write_text(text, encoding="utf-8")
    found = shown(path)
    assert (found["figures"], found["code"]) == (plain["figures"], plain["code"])
    assert "NOT_READ" not in found["codes"]


def test_a_table_in_a_form_that_is_not_read_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "book", transfers="transfers.xlsx")
    with pytest.raises(BookError, match=r"save it as transfers\.csv"):
        read_book(path)


def test_a_link_is_followed_inside_the_folder_and_not_out_of_it(tmp_path: Path) -> None:
    path = folder(tmp_path / "book", transfers="moved.txt")
    (path / "transfers.csv").symlink_to("moved.txt")
    outside = tmp_path / "elsewhere.csv"
    shutil.move(path / "moved.txt", outside)
    (path / "transfers.csv").unlink()
    (path / "transfers.csv").symlink_to(outside)
    with pytest.raises(BookError, match="leads out of the folder"):
        read_book(path)
    (path / "transfers.csv").unlink()
    (path / "transfers.csv").symlink_to("amounts.csv")
    assert {e.table for e in read_book(path).entries} >= {"amounts", "transfers"}


@pytest.mark.parametrize("kind", ["pipe", "folder", "nowhere", "circle"])
def test_what_is_no_file_is_refused_in_one_line_and_not_waited_for(
    tmp_path: Path, kind: str
) -> None:
    path = folder(tmp_path / "book")
    file = path / "transfers.csv"
    file.unlink()
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to("nowhere.csv" if kind == "nowhere" else "transfers.csv")
    ran = controltotal("check", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1 and "transfers.csv" in ran.err


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.ledger", "plan.db"])
def test_a_pipe_in_place_of_a_book_is_refused(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    ran = controltotal("check", tmp_path / name)
    assert ran.code == 2 and ran.err.count("\n") == 1 and "pipe" in ran.err


def test_rows_are_added_to_the_file_that_is_there(tmp_path: Path) -> None:
    from controltotal.sources.folder_add import add_to_folder

    path = folder(tmp_path / "book", sources="Sources.CSV")
    (path / "Sources.CSV").write_text("ID,Title\nS1,Board paper\n", encoding="utf-8")
    add_to_folder(path, {"sources": [(3, {"id": "S2", "title": "Minutes", "page": "4"})]})
    assert (path / "Sources.CSV").read_text(
        "utf-8"
    ) == "ID,Title,page\nS1,Board paper\nS2,Minutes,4\n"
    assert not (path / "sources.csv").exists()
    (path / "Sources.CSV").write_text("id;title\nS1;Board paper\n", encoding="utf-8")
    with pytest.raises(BookError, match="not plain CSV"):
        add_to_folder(path, {"sources": [(3, {"id": "S2", "title": "Minutes"})]})


def test_a_setting_given_twice_is_told_in_one_line(tmp_path: Path) -> None:
    path = folder(tmp_path / "book")
    (path / "book.csv").write_text(FILES["book"] + "Default unit,£m\n", encoding="utf-8")
    found = shown(path)
    assert found["codes"] == ["NOT_READ"]
    assert not any(status == "ok" for _, status in found["figures"].values())


def test_tables_in_a_folder_of_a_book_are_named_and_not_read(tmp_path: Path) -> None:
    book = tmp_path / "book"
    shutil.copytree(Path(__file__).parents[3] / "examples" / "nene-2013", book)
    before = read_folder(book)
    for name in ("old", "notes", ".git", "__pycache__"):
        (book / name).mkdir()
    for name in ("old/Amounts.csv", "old/plan.tsv", ".git/amounts.csv", "__pycache__/facts.csv"):
        (book / name).write_text(
            "organisation,line,year,basis,amount\nX,pay,2026/27,plan,1\n", "utf-8"
        )
    (book / "notes" / "minutes.csv").write_text("day,said\n1,nothing\n", "utf-8")
    (book / "notes" / "readme.txt").write_text("amounts are in pounds\n", "utf-8")
    after = read_folder(book)
    assert after.tables == before.tables
    (told,) = [one for one in after.findings if one not in before.findings]
    assert (told.code, told.severity) == ("UNKNOWN_TABLE", "warning")
    assert "The folder old holds Amounts.csv, plan.tsv" in told.message
