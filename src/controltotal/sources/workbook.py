"""A book as one workbook: a sheet a table, read by calamine; what that does not tell, by one pass.

A spreadsheet holds numbers as binary fractions, so a number is read back as the shortest decimal
of fifteen digits, which is what the person typed. Error cells and formulas without a stored value
keep their text (`#REF!`, `=A1+B1`), so that the row is stopped with a finding and not read as nil.
A merged area gives its value to its cells in columns of labels; over money or a date it stops.
Hidden rows and columns are read and told; a hidden sheet is not read, and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from controltotal.book.settings import setting_name
from controltotal.core.errors import ControlTotalError
from controltotal.core.finding import Finding
from controltotal.core.marks import marked
from controltotal.core.progress import checked, stop_if_cancelled
from controltotal.core.schema import table_named, tables
from controltotal.core.vocabulary import folded
from controltotal.sources.cell_formats import SCALED
from controltotal.sources.raw import (
    BookError,
    RawBook,
    RawTable,
    column_letter,
    heading_row,
    in_few,
    looks_like,
    names_of,
    not_read,
    shape_table,
    unknown_table,
)
from controltotal.sources.sheet_list import listed_sheets, refuse_bombs
from controltotal.sources.sheet_shape import SheetShape, address_of
from controltotal.sources.shown_units import MoneyCells

NO_TABLES = frozenset({"entries", "readme"})
"""Sheets of ours that are no table."""
OF_ONE_ROW = frozenset({"money", "fact", "number", "chance", "date"})
"""What belongs to one row: over such columns a merged area cannot be read."""
_LOOKED_AT = 40


def read_workbook(path: Path) -> RawBook:
    """Every sheet that bears the name of a table; other sheets are said, not read in silence."""
    refuse_bombs(path)
    try:
        return _read(path)
    except (ControlTotalError, MemoryError):
        raise
    except Exception as error:  # two readers of other people's making, each with faults of its own
        raise BookError(
            f"the workbook cannot be read ({_cause(error)})",
            path.name,
            "open it in a spreadsheet and save it again as .xlsx, without a password",
        ) from error


def _cause(error: Exception) -> str:
    """What a person can use of an error of a reader: our own words, else its kind."""
    return str(error) if type(error) is ValueError else type(error).__name__


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the workbook: the table that it names (empty: none), and whether it is hidden."""

    title: str
    table: str
    hidden: bool
    shape: SheetShape


def _read(path: Path) -> RawBook:
    from python_calamine import CalamineWorkbook

    sheets = _sheets(path)  # before the fast reader makes room for whatever a cell claims
    workbook = CalamineWorkbook.from_path(str(path))
    if not any(sheet.table for sheet in sheets):
        raise BookError(
            "no sheet bears the name of a table",
            path.name,
            "name the sheets organisations, amounts, control_totals …",
        )
    book = RawBook(path.stem)
    book.digests[path.name] = sha256(path.read_bytes()).hexdigest()
    found: list[RawTable] = []
    unit = _default_unit(workbook, sheets)
    for sheet in sheets:
        stop_if_cancelled()
        if folded(sheet.title) in NO_TABLES:
            continue
        same = [s for s in sheets if s.table == sheet.table and not s.hidden]
        if sheet.table and not sheet.hidden:
            twice = len(same) > 1
            cells = _cells(workbook, sheet)
            found.append(
                _table(sheet, path, cells, book.findings, default_unit=unit, not_read=twice)
            )
            if twice and same[0] is sheet:
                book.findings.append(_two_sheets(sheet.table, path, same))
        elif sheet.table and not same:
            book.findings.append(_hidden_table(sheet, path))
            cells = _cells(workbook, sheet)
            found.append(_table(sheet, path, cells, [], default_unit=unit, not_read=True))
        else:
            found += _other(sheet, path, workbook, book, unit)
    order = list(tables())
    book.tables = sorted(found, key=lambda table: order.index(table.name))
    return book


def _sheets(path: Path) -> list[_Sheet]:
    """Every worksheet in order, its shape looked at; sizes are judged on the way."""
    return [
        _Sheet(sheet.title, table_named(sheet.title), sheet.hidden, sheet.shape)
        for sheet in listed_sheets(path)
    ]


@dataclass(frozen=True, slots=True)
class _Cells:
    """The text of every cell of a sheet, and where the numbers with a fraction stand."""

    grid: list[list[str]]
    fractions: list[tuple[int, int]]


def _cells(workbook: Any, sheet: _Sheet, rows: int | None = None) -> _Cells:
    """The cells of a sheet, error cells and formulas without a value included."""
    read = workbook.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False, nrows=rows)
    grid = [[cell_text(cell) for cell in row] for row in checked(read)]
    fractions = [
        (row, column)
        for row, line in enumerate(read)
        for column, cell in enumerate(line)
        if isinstance(cell, float) and not cell.is_integer()
    ]
    for place, text in sheet.shape.untold.items():
        if rows is None or place[0] < rows:
            _put(grid, place, text, over=False)
    return _Cells(grid, fractions)


def _put(grid: list[list[str]], place: tuple[int, int], text: str, *, over: bool) -> None:
    row, column = place
    while row >= len(grid):
        grid.append([])
    grid[row] += [""] * (column + 1 - len(grid[row]))
    if over or grid[row][column] == "":
        grid[row][column] = text


def _table(
    sheet: _Sheet,
    path: Path,
    cells: _Cells,
    findings: list[Finding],
    *,
    default_unit: str,
    not_read: bool = False,
) -> RawTable:
    """One sheet as a table: its merged areas filled, its doubtful cells marked."""
    name, grid = sheet.table, cells.grid
    place = f"{path.name}, sheet {sheet.title}"
    first = heading_row(name, grid)
    types = _types(name, grid[first] if grid else ())
    _mark(sheet.shape, grid, first, types)
    areas = _fill_merged(sheet.shape, grid, first, types)
    if areas:
        findings.append(_merged_read(name, place, areas))
    money = MoneyCells(name, grid, first, default_unit)
    findings += money.rounded(cells.fractions, place)
    money.as_shown(sheet.shape.styled)
    findings += _hidden_read(name, place, sheet.shape, grid, first)
    return shape_table(name, place, sheet.title, grid, findings, not_read=not_read)


def _types(name: str, header: Sequence[str]) -> list[str]:
    """The type of each column, empty for one that the table does not list."""
    columns = tables()[name].columns
    names = names_of(name, [text.strip() for text in header])
    return [columns[column].type if column in columns else "" for column in names]


def _mark(shape: SheetShape, grid: list[list[str]], first: int, types: Sequence[str]) -> None:
    """Mark cells that stand twice, and numbers that are shown otherwise than they are stored."""
    for place, times in shape.repeated.items():
        if place[0] >= first:
            text = grid[place[0]][place[1]]
            shown = f"{address_of(place)} {times} times, the last as {text}"
            _put(grid, place, marked("REPEATED", shown), over=True)
    for place, shows in shape.styled.items():
        row, column = place
        of_number = column < len(types) and types[column] in ("money", "fact", "number", "chance")
        if row <= first or not of_number or place in shape.repeated:
            continue
        text = grid[row][column]
        if shows == SCALED and text.strip("0.-"):
            _put(grid, place, marked("SCALED", f"{text}, shown in thousands"), over=True)


def _fill_merged(
    shape: SheetShape, grid: list[list[str]], first: int, types: Sequence[str]
) -> list[str]:
    """Give merged labels to all their rows; money and dates are marked. The areas filled."""
    areas = []
    for top, left, bottom, right in shape.merged:
        inside = first < top < len(grid) and left < len(grid[top])
        if not inside or not grid[top][left].strip():
            continue
        last = min(bottom, len(grid) - 1)
        across = range(left, min(right, max(len(types) - 1, left)) + 1)
        kinds = [types[column] if column < len(types) else "" for column in across]
        if top == last and kinds[0] in OF_ONE_ROW:
            continue  # a wide cell of one row: its value has no other row to belong to
        if _fill(grid, (top, last), dict(zip(across, kinds, strict=True))):
            areas.append(f"{address_of((top, left))}:{address_of((bottom, right))}")
    return areas


def _fill(grid: list[list[str]], rows: tuple[int, int], kinds: Mapping[int, str]) -> bool:
    """Fill one merged area, by its columns' types; whether a label was given to other cells."""
    left = min(kinds)
    text = grid[rows[0]][left]
    filled = False
    for column, kind in kinds.items():
        for row in range(rows[0], rows[1] + 1):
            if kind in OF_ONE_ROW:
                _put(grid, (row, column), marked("MERGED", f"{text}, in merged cells"), over=True)
            elif kind or column == left:
                _put(grid, (row, column), text, over=False)
                filled = True
    return filled


def _hidden_read(
    name: str, place: str, shape: SheetShape, grid: Sequence[Sequence[str]], first: int
) -> list[Finding]:
    """Hidden rows and columns that hold something: read, and told once each."""

    def filled(row: int, column: int) -> bool:
        return column < len(grid[row]) and bool(grid[row][column].strip())

    rows = [
        f"row {row + 1}"
        for row in shape.hidden_rows
        if first < row < len(grid) and any(text.strip() for text in grid[row])
    ]
    width = max(map(len, grid), default=0)
    columns = [
        column_letter(column)
        for left, right in shape.hidden_columns
        for column in range(left, min(right + 1, width))
        if any(filled(row, column) for row in range(first, len(grid)))
    ]
    found = []
    for what, hidden, where in (
        ("row", rows, f"{name} {in_few(rows)}"),
        ("column", columns, f"{name} row {first + 1}"),
    ):
        if hidden:
            one = len(hidden) == 1
            shown = f"1 {what} is" if one else f"{len(hidden)} {what}s are"
            found.append(
                Finding(
                    code="HIDDEN_READ",
                    severity="information",
                    organisation="",
                    where=where,
                    message=f"{shown} hidden in the sheet, and read like any other.",
                    expected="every row and column in sight",
                    found=in_few(hidden if what == "row" else [f"column {h}" for h in hidden]),
                    action="Unhide it and look; delete what does not belong to the book."
                    if one
                    else "Unhide them and look; delete what does not belong to the book.",
                    detail=place,
                )
            )
    return found


def _merged_read(name: str, place: str, areas: Sequence[str]) -> Finding:
    one = len(areas) == 1
    return Finding(
        code="MERGED_READ",
        severity="information",
        organisation="",
        where=f"{name} row {areas[0].partition(':')[0].lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}",
        message="A merged area was read as its value in each of its rows."
        if one
        else f"{len(areas)} merged areas were read as their value in each of their rows.",
        expected="a value in each row",
        found=in_few(areas),
        action="Unmerge the cells and fill in each row, if this is not what was meant.",
        detail=place,
    )


def _two_sheets(name: str, path: Path, same: Sequence[_Sheet]) -> Finding:
    shown = " and ".join(sheet.title for sheet in same)
    return not_read(
        f"The sheets {shown} are both the table {name}",
        name,
        f"{path.name}, sheets {shown}",
        "Put the rows that hold into one of them, and delete or rename the other.",
    )


def _hidden_table(sheet: _Sheet, path: Path) -> Finding:
    return not_read(
        f"The sheet {sheet.title} is hidden, and hidden sheets are not read",
        sheet.table,
        f"{path.name}, sheet {sheet.title}",
        "Unhide the sheet if it is of the book, or delete it.",
    )


def _default_unit(workbook: Any, sheets: Sequence[_Sheet]) -> str:
    """The unit that the book sets for sums that name none."""
    for sheet in sheets:
        if sheet.table == "book" and not sheet.hidden:
            grid = _cells(workbook, sheet).grid
            for row in grid:
                if len(row) > 1 and setting_name(row[0]) == "default_unit":
                    return row[1].strip()
    return ""


def _other(sheet: _Sheet, path: Path, workbook: Any, book: RawBook, unit: str) -> list[RawTable]:
    """A sheet that is no table of the book: told, and where it looks like one, kept and stopped."""
    place = f"{path.name}, sheet {sheet.title}"
    name = "" if sheet.hidden else looks_like(sheet.title, _cells(workbook, sheet, _LOOKED_AT).grid)
    if not name:
        what = f"The {'hidden ' * sheet.hidden}sheet {sheet.title}"
        book.findings.append(unknown_table(sheet.title, what, sheet.title, place))
        return []
    book.findings.append(
        not_read(
            f"The sheet {sheet.title} looks like the table {name} and does not bear its name",
            name,
            place,
            f"Name it {name} if it is of the book, or move it to another workbook.",
        )
    )
    as_table = _Sheet(sheet.title, name, sheet.hidden, sheet.shape)
    cells = _cells(workbook, sheet)
    return [_table(as_table, path, cells, [], default_unit=unit, not_read=True)]


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
