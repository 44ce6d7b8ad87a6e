"""A book as one workbook: a sheet a table, read by calamine, formulas looked at where there are any.

A spreadsheet holds numbers as binary fractions, so a number is read back as the shortest decimal
of fifteen digits, which is what the person typed. Error cells and formulas without a stored value
keep their text (`#REF!`, `=A1+B1`), so that the row is stopped with a finding and not read as nil.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from controltotal.core.finding import Finding
from controltotal.core.schema import tables
from controltotal.sources.raw import BookError, RawBook, shape_table

LARGEST_BYTES = 512 * 1024 * 1024
"""A workbook that unpacks to more than this is refused before it can fill the memory."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ERROR = re.compile(rb"""\st=["']e["']""")


def read_workbook(path: Path) -> RawBook:
    """Every sheet that bears the name of a table; other sheets are said, not read in silence."""
    _refuse_bombs(path)
    try:
        return _read(path)
    except (BookError, MemoryError):
        raise
    except Exception as error:  # two readers of other people's making, each with faults of its own
        raise BookError(
            f"the workbook cannot be read ({type(error).__name__})",
            path.name,
            "open it in a spreadsheet and save it again as .xlsx, without a password",
        ) from error


def _read(path: Path) -> RawBook:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    book = RawBook(path.stem)
    names = {sheet.strip().lower(): sheet for sheet in workbook.sheet_names}
    if not set(names) & set(tables()):
        raise BookError(
            "no sheet bears the name of a table",
            path.name,
            "name the sheets organisations, amounts, control_totals …",
        )
    for lower, sheet in names.items():
        if lower not in tables() and lower not in ("entries", "read me", "readme"):
            book.findings.append(
                Finding(
                    code="UNKNOWN_TABLE",
                    severity="warning",
                    organisation="",
                    where=f"{sheet} row 1",
                    message=f"The sheet {sheet} is not a table of a book, so it was not read.",
                    expected="a table named in the manual",
                    found=sheet,
                    action="Rename it, or move it elsewhere.",
                    detail=f"{path.name}, sheet {sheet}",
                )
            )
    untold = _untold(path)
    for name in tables():
        if name in names:
            rows = workbook.get_sheet_by_name(names[name]).to_python(skip_empty_area=False)
            grid = [[cell_text(cell) for cell in row] for row in rows]
            for (row, column), text in untold.get(names[name], {}).items():
                while row >= len(grid):
                    grid.append([])
                grid[row] += [""] * (column + 1 - len(grid[row]))
                if grid[row][column] == "":
                    grid[row][column] = text
            place = f"{path.name}, sheet {names[name]}"
            book.tables[name] = shape_table(name, place, names[name], grid, book.findings)
    return book


def cell_text(cell: Any) -> str:
    """The text a person would read in a cell.

    >>> cell_text(4.6), cell_text(2019.0), cell_text(True), cell_text(date(2019, 6, 5))
    ('4.6', '2019', 'yes', '2019-06-05')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _shortest(cell)
    if isinstance(cell, datetime):
        midnight = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _shortest(value: float) -> str:
    """Fifteen significant digits, which is what a spreadsheet keeps, without an exponent."""
    return format(Decimal(f"{value:.15g}"), "f")


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BookError(
            "the file is not an .xlsx workbook", path.name, "save it again as .xlsx"
        ) from error
    if size > LARGEST_BYTES:
        raise BookError("the workbook unpacks to over 512 MB", path.name, "split it, or use CSV")


def _untold(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """What the fast reader leaves blank, by sheet and place: error cells, and formulas.

    An error shows its own text (`#REF!`), a formula itself; where a formula has a stored value
    that value is used and this is not asked. Looked for only where the file holds any.
    """
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.lower().startswith("xl/worksheets/")]
        said = [archive.read(name) for name in sheets]
    found: dict[str, dict[tuple[int, int], str]] = {}
    if any(_FORMULA.search(text) for text in said):
        _gather(path, False, "f", found)
    if any(_ERROR.search(text) for text in said):
        _gather(path, True, "e", found)
    return found


def _gather(
    path: Path, values: bool, kind: str, found: dict[str, dict[tuple[int, int], str]]
) -> None:
    """Add the cells of one kind; dimensions that a file declares are not trusted."""
    from openpyxl import load_workbook

    workbook = load_workbook(path, data_only=values, read_only=True)
    try:
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == kind:
                        place = (int(cell.row or 1) - 1, int(cell.column or 1) - 1)
                        found.setdefault(sheet.title, {})[place] = str(cell.value)
    finally:
        workbook.close()
