"""How a file is written down: encodings, separators, old forms, what is no table, what is too much."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.intake_binaries import ods, with_password, xls, xlsb
from tests.intake_files import (
    DATED,
    FTH_NAME,
    LINES,
    NUMBERED,
    Case,
    Line,
    Truth,
    across,
    cases_of,
    statement,
    text,
    titled,
    xlsx,
)

CASES: list[Case] = []
case = cases_of(CASES)
TSV = "\t"
ENCODED = {
    "UTF-8 with its mark": ("utf-8-sig", ","),
    "UTF-16 with tabs": ("utf-16", TSV),
    "UTF-16 without its mark": ("utf-16-le", TSV),
    "Windows-1252 with a pound sign": ("cp1252", ","),
    "semicolons": ("utf-8", ";"),
    "tabs": ("utf-8", TSV),
    "upright strokes": ("utf-8", "|"),
    "Mac Roman line ends and marks": ("utf-8", ","),
}


def plan(seed: object) -> tuple[list[Line], Truth]:
    """A plan by month under its titles."""
    found, truth = statement(seed)
    return titled([["Line", *DATED], *across(found)]), truth


def _encoded(name: str, encoding: str, separator: str) -> None:
    @case(f"text: {name}")
    def _(path: Path) -> Truth:
        rows, truth = plan(("text", name))
        rows[2] = ["£000"]
        file = text(path / "plan.csv", rows, separator, encoding)
        if name.startswith("Mac"):
            file.write_bytes(file.read_bytes().replace(b"\r\n", b"\r"))
        return truth


for _name, (_encoding, _separator) in ENCODED.items():
    _encoded(_name, _encoding, _separator)


@case("tab separated text under the ending xls")
def _(path: Path) -> Truth:
    rows, truth = plan(1)
    text(path / "plan.xls", rows, TSV, "cp1252")
    return truth


@case("tab separated text under the ending txt, thousands in quotes")
def _(path: Path) -> Truth:
    found, truth = statement(2)
    rows = [[row[0], *(f"{n:,}" for n in row[1:])] for row in across(found)]
    text(path / "plan.txt", titled([["Line", *NUMBERED], *rows]), TSV)
    return truth


@case("a page of HTML under the ending xls")
def _(path: Path) -> Truth:
    rows, truth = plan(3)
    inside = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<html><head><title>Export</title></head><body><table>{inside}</table></body></html>"
    (path / "plan.xls").write_text(page, "utf-8")
    return truth


FORMS: dict[str, Callable[[Path, dict[str, Sequence[Line]]], Path]] = {
    "xls": xls,
    "xlsb": xlsb,
    "ods": ods,
}


def _form(ending: str) -> None:
    @case(f"a workbook of the form {ending}")
    def _(path: Path) -> Truth:
        rows, truth = plan(("form", ending))
        FORMS[ending](path / f"plan.{ending}", {"Plan": rows})
        return truth

    @case(f"a workbook of the form {ending} that lies about its ending")
    def _(path: Path) -> Truth:
        rows, truth = plan(("lie", ending))
        FORMS[ending](path / "plan.xlsx", {"Plan": rows})
        return truth


for _ending in FORMS:
    _form(_ending)


@case("a workbook with macros, which nobody runs")
def _(path: Path) -> Truth:
    rows, truth = plan(4)
    xlsx(path / "plan.xlsx", {"Plan": rows}).rename(path / "plan.xlsm")
    with zipfile.ZipFile(path / "plan.xlsm", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    return truth


@case("a workbook under the ending csv")
def _(path: Path) -> Truth:
    rows, truth = plan(5)
    xlsx(path / "plan.xlsx", {"Plan": rows}).rename(path / "plan.csv")
    return truth


@case("a workbook with a password", refused=True)
def _(path: Path) -> None:
    with_password(path / "plan.xlsx")


@case("an old workbook with a password", refused=True)
def _(path: Path) -> None:
    with_password(path / "plan.xls")


@case("an empty file", refused=True)
def _(path: Path) -> None:
    (path / "plan.csv").write_bytes(b"")


@case("an empty workbook", refused=True)
def _(path: Path) -> None:
    xlsx(path / "plan.xlsx", {"Sheet1": []})


@case("bytes that are nothing", refused=True)
def _(path: Path) -> None:
    (path / "plan.xlsx").write_bytes(bytes(range(256)) * 40)


@case("a picture", refused=True)
def _(path: Path) -> None:
    (path / "plan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 200)


@case("a document of print", refused=True)
def _(path: Path) -> None:
    (path / "plan.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")


@case("half a workbook", refused=True)
def _(path: Path) -> None:
    rows, _ = plan(6)
    file = xlsx(path / "plan.xlsx", {"Plan": rows})
    file.write_bytes(file.read_bytes()[:2000])


@case("prose alone", refused=True)
def _(path: Path) -> None:
    (path / "letter.txt").write_text(
        "Dear colleague,\n\nPlease find attached.\n\nYours sincerely\n", "utf-8"
    )


@case("more rows than a sheet can hold", refused=True)
def _(path: Path) -> None:
    (path / "plan.csv").write_text("line,Apr-26\n" + "Pay,1\n" * 1_048_600, "utf-8")


def swollen(path: Path, inside: bytes) -> None:
    """A workbook whose sheet is other bytes, in the place of its own."""
    rows, _ = plan(7)
    xlsx(path / "small.xlsx", {"Plan": rows})
    with (
        zipfile.ZipFile(path / "small.xlsx") as old,
        zipfile.ZipFile(path / "plan.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, inside if name == "xl/worksheets/sheet1.xml" else old.read(name))
    (path / "small.xlsx").unlink()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@case("a small file that unpacks to more than 200 MB", refused=True)
def _(path: Path) -> None:
    swollen(path, SHEET + b" " * 210_000_000 + b"</sheetData></worksheet>")


@case("a workbook with entities of its own", refused=True)
def _(path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    swollen(path, bomb + SHEET + row + b"</sheetData></worksheet>")


@case("a workbook that asks for a file of the machine", refused=True)
def _(path: Path) -> None:
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>'
    swollen(path, outside + SHEET + row + b"</sheetData></worksheet>")


@case("a cell at the far corner of a sheet", refused=True)
def _(path: Path) -> None:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    first = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    swollen(path, SHEET + first + row + b"</sheetData></worksheet>")


@case("text with lines of unequal length and empty lines")
def _(path: Path) -> Truth:
    found, truth = statement(8)
    body = "\n\n".join(",".join(map(str, row)) for row in across(found))
    head = f"{FTH_NAME}\nPlan 2026/27,£000,,\n\nLine,{','.join(NUMBERED)},,\n"
    (path / "plan.csv").write_text(head + body + "\n,,,\n", "utf-8")
    return truth


@case("text with a title in quotes over two lines")
def _(path: Path) -> Truth:
    found, truth = statement(9)
    rows: list[Line] = [[f"{FTH_NAME}\nPlan 2026/27, £000"], ["Line", *NUMBERED], *across(found)]
    text(path / "plan.csv", rows)
    return truth


@case("a sheet named by the directorate and a table with unicode blanks in its labels")
def _(path: Path) -> Truth:
    found, truth = statement(10)
    rows = [[f"\u00a0 {LINES[line]}\u200b ", *numbers] for line, numbers in found.items()]
    xlsx(path / "plan.xlsx", {"Trust-wide": titled([["", *NUMBERED], *rows])})
    return truth
