"""Sheets as people make them, as grids and as files: what tests of seeing and reading build on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from controltotal.intake.layout import tables_in
from controltotal.intake.model import Area, Grid, Seen, Value

MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
Lines = Sequence[Sequence[Value]]


def grid(
    lines: Lines, *, merged: Sequence[Area] = (), file: str = "return.xlsx", sheet: str = "I&E"
) -> Grid:
    """A grid with these lines."""
    return Grid(file, sheet, [list(line) for line in lines], tuple(merged))


def seen(lines: Lines, **more: Any) -> list[Seen]:
    """The tables on a sheet with these lines."""
    return tables_in(grid(lines, **more))


def one(lines: Lines, **more: Any) -> Seen:
    """The one table on a sheet with these lines."""
    found = seen(lines, **more)
    assert len(found) == 1, [table.area for table in found]
    return found[0]


def written(
    path: Path,
    sheets: Mapping[str, Lines],
    change: Callable[[Any, dict[str, Any]], None] | None = None,
) -> Path:
    """A workbook with these sheets; `change` is given the workbook and its sheets by title."""
    made = xlsxwriter.Workbook(str(path))
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    found = {}
    for title, lines in sheets.items():
        found[title] = made.add_worksheet(title)
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                if hasattr(cell, "isoformat"):
                    found[title].write_datetime(row, column, cell, day)
                elif cell is not None:
                    found[title].write(row, column, cell)
    if change is not None:
        change(made, found)
    made.close()
    return path
