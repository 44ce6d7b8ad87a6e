"""Rows beside the rows of a table that give its book nothing: parts told of a row, and stray numbers."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.labels import is_part
from controltotal.intake.model import Seen
from controltotal.intake.money_columns import is_figures
from controltotal.intake.rows import DATA, OTHER, Line
from controltotal.intake.totals import Summed


def leave_parts(lines: Sequence[Line]) -> None:
    """Rows "of which" that do not make up the row above them are in it already, and are left out."""
    whole: Line | None = None
    parts: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.kind == DATA and is_part(line.label):
            parts.append(line)
            continue
        if whole is not None and parts and not _make(whole, parts):
            for part in parts:
                part.kind, part.reason = OTHER, "a part of the row above, which is stated whole"
        whole, parts = (line if line is not None and line.kind == DATA else None), []


def _make(whole: Line, parts: Sequence[Line]) -> bool:
    """Whether parts make up a row in most of its columns."""
    equal = sum(
        pence == sum(part.pence.get(column, 0) for part in parts)
        for column, pence in whole.pence.items()
    )
    return 2 * equal >= len(whole.pence)


def leave_stray(seen: Seen, found: Summed) -> bool:
    """Leave out a number by itself, without a name and beneath words or a blank: no total of anything."""
    line = found.total
    above = line.row - 1
    stray = (
        not line.label
        and len(line.pence) == 1
        and not any(found.agrees.values())
        and above >= seen.first
        and not any(
            is_figures(seen.grid.text(above, column)) for column in range(seen.left, seen.right + 1)
        )
    )
    if stray:
        line.kind, line.reason = OTHER, "a number without a name, apart from the table"
    return stray
