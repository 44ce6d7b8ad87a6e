"""Rows as they were written: text in named columns, each knowing the file, sheet and cell.

Reading judges nothing but form: whatever could not be a row at all becomes a finding, and every
other row goes on as text, to be understood by `position`. Nothing is filled or dropped unsaid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from controltotal.core.errors import BookError, column_letter
from controltotal.core.finding import Finding

_UNNAMED = re.compile(r"\(column [A-Z]+\)")
"""How a column without a heading is kept when a book is carried to another form."""

__all__ = ["BookError", "RawBook", "RawRow", "RawTable", "column_letter", "shape_table"]


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number as a spreadsheet shows it, and its filled cells in column order."""

    number: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as found in a file."""

    name: str
    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]


@dataclass(slots=True)
class RawBook:
    """Every table found, and what was wrong with the form of the files."""

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def shape_table(
    name: str, file: str, sheet: str, grid: list[list[str]], findings: list[Finding]
) -> RawTable:
    """A table from a grid of text whose first row is the header; faults of form are findings.

    A cell that nobody can name is kept under the letter of its column, so that none is lost.
    """
    header = [text.strip() for text in grid[0]] if grid else []
    while header and not header[-1]:
        header.pop()
    findings += [
        _twice(name, file, index, column)
        for index, column in enumerate(header)
        if column and column in header[:index]
    ]
    names = _names_of(header)
    named = [bool(column) and not _UNNAMED.fullmatch(column) for column in header]
    rows = []
    for offset, line in enumerate(grid[1:], start=2):
        cells: dict[str, str] = {}
        for index, written in enumerate(line):
            text = written.strip()
            if not text:
                continue
            while index >= len(names):
                names.append(f"(column {column_letter(len(names))})")
            if index >= len(named) or not named[index]:
                findings.append(_no_heading(name, file, offset, index, written))
            cells[names[index]] = text
        if cells:
            rows.append(RawRow(offset, tuple(cells.items())))
    return RawTable(name, file, sheet, tuple(names), tuple(rows))


def _names_of(header: list[str]) -> list[str]:
    """A name for each column of a header, none twice: by its letter where it has none of its own.

    >>> _names_of(["code", "", "code"])
    ['code', '(column B)', 'code (column C)']
    """
    names: list[str] = []
    for index, column in enumerate(header):
        own = column and column not in names
        names.append(column if own else f"{column} (column {column_letter(index)})".strip())
    return names


def _twice(name: str, file: str, index: int, column: str) -> Finding:
    return Finding(
        code="DUPLICATE_COLUMN",
        severity="error",
        organisation="",
        where=f"{name} row 1",
        message=f"The column {column} stands twice; only the first is read.",
        expected="each column once",
        found=column,
        action="Remove or rename one of the two.",
        detail=f"{file}, cell {column_letter(index)}1",
    )


def _no_heading(name: str, file: str, number: int, index: int, text: str) -> Finding:
    return Finding(
        code="CELL_WITHOUT_HEADING",
        severity="error",
        organisation="",
        where=f"{name} row {number}",
        message="A cell stands in a column without a heading, so nobody can tell what it is.",
        expected="a heading in row 1",
        found=text[:60],
        action="Give the column a heading or clear the cell.",
        detail=f"{file}, cell {column_letter(index)}{number}",
    )
