"""The form of `new BOOK.xlsx` as a person fills it in: cells typed, sums reckoned as Excel would."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>')


class Reckoning:
    """The formulas that the form has, and no others."""

    def __init__(self, book: Any) -> None:
        self.book = book

    def value(self, sheet: str, cell: str) -> Any:
        """What a cell shows: a number, a text, or nothing."""
        held = self.book[sheet][cell.replace("$", "")].value
        if not isinstance(held, str) or not held.startswith("="):
            return held
        return self.of(sheet, held[1:])

    def numbers(self, sheet: str, span: str) -> list[float]:
        """The numbers of a span."""
        left, top, right, bottom = range_boundaries(span)
        cells = self.book[sheet].iter_rows(top, bottom, left, right)
        found = [self.value(sheet, cell.coordinate) for row in cells for cell in row]
        return [one for one in found if isinstance(one, int | float)]

    def of(self, sheet: str, said: str) -> Any:
        """What a formula gives."""
        if match := re.fullmatch(r"IF\('(.+)'!(.+)=\"\",\"\",.*\)", said):
            return self.value(match[1], match[2]) or ""
        if match := re.fullmatch(r'IF\(COUNT\((.+?)\)=0,"",SUM\(.+\)\)', said):
            found = self.numbers(sheet, match[1])
            return sum(found) if found else ""
        if match := re.fullmatch(r"SUM\((.+)\)", said):
            return sum(self.numbers(sheet, match[1]))
        if match := re.fullmatch(r"([A-Z]+\d+)-([A-Z]+\d+)", said):
            return self.value(sheet, match[1]) - self.value(sheet, match[2])
        match = re.fullmatch(r'IF\(ROUND\((\w+)-SUM\((.+?)\),2\)=0,"(.+?)","(.+?)"\)', said)
        assert match is not None, said
        agrees = round(self.value(sheet, match[1]) - sum(self.numbers(sheet, match[2])), 2) == 0
        return match[3] if agrees else match[4]


def rows_of(path: Path, sheet: str) -> dict[str, int]:
    """The rows of a sheet of the form by the label in their first column; of two the upper one."""
    found: dict[str, int] = {}
    for (cell,) in openpyxl.load_workbook(path)[sheet].iter_rows(max_col=1):
        found.setdefault(str(cell.value), cell.row)
    return found


def fill(path: Path, typed: dict[str, dict[str, object]]) -> dict[str, dict[str, Any]]:
    """Type cells into the form and let it reckon; gives what its formulas show, by sheet and cell."""
    book = openpyxl.load_workbook(path)
    for sheet, cells in typed.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    book.save(path)
    reckoning = Reckoning(book)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shown: dict[str, dict[str, Any]] = {}
    for number, sheet in enumerate(book.sheetnames, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        cells: dict[str, Any] = shown.setdefault(sheet, {})

        def stored(match: re.Match[str], sheet: str = sheet, cells: dict[str, Any] = cells) -> str:
            found = cells[match[1]] = reckoning.value(sheet, match[1])
            kind = ' t="str"' if isinstance(found, str) else ""
            return f'<c r="{match[1]}"{match[2]}{kind}><f>{match[3]}</f><v>{found}</v></c>'

        parts[part] = CELL.sub(stored, parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return shown
