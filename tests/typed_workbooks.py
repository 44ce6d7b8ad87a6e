"""Workbooks as people make them: a small book whose sheets a test may format, merge or hide."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

ROWS: dict[str, list[list[object]]] = {
    "book": [["key", "value"], ["title", "Plan"], ["default_unit", "£k"], ["fictional", "yes"]],
    "organisations": [["code", "name", "kind"], ["TRA", "Trust A", "provider"]],
    "amounts": [
        ["organisation", "line", "year", "month", "basis", "amount"],
        ["TRA", "patient_care_income", "2026/27", None, "plan", 400000],
        ["TRA", "pay", "2026/27", None, "plan", 300000],
        ["TRA", "drugs", "2026/27", None, "plan", 103000],
    ],
}
Change = Callable[[Any, dict[str, Any]], None]


def workbook(
    path: Path, change: Change | None = None, rows: dict[str, list[list[object]]] | None = None
) -> Path:
    """The book as a workbook; `change` is given the workbook and its sheets by name."""
    made = xlsxwriter.Workbook(str(path))
    sheets = {}
    for name, lines in (ROWS | (rows or {})).items():
        sheets[name] = made.add_worksheet(name)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if cell is not None:
                    sheets[name].write(number, column, cell)
    if change is not None:
        change(made, sheets)
    made.close()
    return path


def with_xml(path: Path, part: str, old: str, new: str) -> Path:
    """The same workbook with one text of one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part], parts[part][:2000]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path
