"""Rows that are struck through on a sheet: whether they still count is asked, never assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from controltotal.core.finding import Finding
from controltotal.intake.model import Asked, Left, Seen
from controltotal.intake.questions import asked as question

KEEP, LEAVE = "keep", "leave"
_ASIDE: Final = frozenset({"notes", "left"})
"""Meanings of columns whose struck words change nothing."""
_NUMBER: Final = (int, float)


def settled(seen: Seen, asked: Asked) -> tuple[Seen, list[Left], list[Finding]]:
    """A table without what is struck through where that is gone; else the question whether it is.

    A row whose name is struck through is gone with all its money; else the struck cells alone are.
    """
    rows = _rows(seen)
    if not rows or asked.struck == KEEP:
        return seen, [], []
    if asked.struck != LEAVE:
        return seen, [], [_question(seen, rows)]
    cells = [list(line) for line in seen.grid.cells]
    left = []
    for row, columns in rows.items():
        whole = any(not isinstance(seen.grid.value(row, column), _NUMBER) for column in columns)
        gone = range(seen.left, seen.right + 1) if whole else columns
        for column in gone:
            if column < len(cells[row]):
                cells[row][column] = None
        left.append(Left((row, min(gone), row, max(gone)), "struck through, and left out as said"))
    return replace(seen, grid=replace(seen.grid, cells=cells)), left, []


def _rows(seen: Seen) -> dict[int, list[int]]:
    """The rows of a table that hold anything struck through, with its columns."""
    aside = {head.column for head in seen.heads if head.means in _ASIDE}
    found: dict[int, list[int]] = {}
    for row, column in sorted(seen.grid.struck):
        within = seen.first <= row <= seen.last and seen.left <= column <= seen.right
        if within and column not in aside and seen.grid.value(row, column) is not None:
            found.setdefault(row, []).append(column)
    return found


def _question(seen: Seen, rows: dict[int, list[int]]) -> Finding:
    one = len(rows) == 1
    return question(
        "IMPORT_STRUCK",
        f"{'A row is' if one else f'{len(rows)} rows are'} struck through, and nobody can tell whether "
        f"{'it still counts' if one else 'they still count'}.",
        [seen.grid.over(row, min(columns), row, max(columns)) for row, columns in rows.items()],
        expected="rows that count, written plainly",
        found=f"{len(rows)} {'row' if one else 'rows'} struck through",
        action="Say which: --set struck=leave where what is struck through is gone, --set struck=keep "
        "where it counts.",
    )
