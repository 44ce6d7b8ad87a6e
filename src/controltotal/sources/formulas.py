"""Cells of a folder that a spreadsheet would run: found, told, and kept still on request.

A CSV file has no types, so a spreadsheet that opens one runs whatever begins as a formula does. A
fair copy changes nothing unasked. With `--safe` an apostrophe stands before such a cell and the
descriptor of the folder says so, and reading the folder takes it away again: nothing is lost.

Source: OWASP ASVS 5.0, V1.2.10.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from controltotal.core.formulas import as_written, is_live, kept_still
from controltotal.ledger.entries import Cells

Rows = Sequence[tuple[int, Cells]]

SAFE: Final = "safe"
"""The word of the descriptor that says that such cells are kept still."""


def live_cells(tables: Mapping[str, Rows]) -> int:
    """How many cells and headings of a book begin as a formula does."""
    headings = {
        (name, column) for name, rows in tables.items() for _, row in rows for column, _ in row
    }
    cells = (text for rows in tables.values() for _, row in rows for _, text in row)
    return sum(map(is_live, cells)) + sum(is_live(column) for _, column in headings)


def still(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """The same tables with every such cell and heading kept still."""
    return {
        name: [
            (number, tuple((kept_still(column), kept_still(text)) for column, text in cells))
            for number, cells in rows
        ]
        for name, rows in tables.items()
    }


def read_still(grid: Iterable[Sequence[str]]) -> list[list[str]]:
    """A table of a folder that was kept still, as the book has it."""
    return [[as_written(text) for text in row] for row in grid]


def is_still(descriptor: Path) -> bool:
    """Whether the descriptor of a folder says that its cells are kept still."""
    try:
        package = json.loads(descriptor.read_text(encoding="utf-8"))
        return package["controltotal"][SAFE] is True
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
