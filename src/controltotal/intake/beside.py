"""Rows beside the rows of a table that give its book nothing: parts told of a row, and stray numbers."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.labels import is_memo, is_part
from controltotal.intake.model import Seen
from controltotal.intake.money_columns import is_figures
from controltotal.intake.rows import DATA, OTHER, Line
from controltotal.intake.summed_rows import Book, Summed


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


def leave_memos(book: Book) -> None:
    """Rows that say that they are beside the account, beneath totals that hold without them, are left out.

    Where no total stands above such a row, or one holds it, it is a row like others.
    """
    held = {part.line.row for found in book.sums for part in found.parts}
    proven = [found.total.row for found in book.sums if found.parts and found.whole]
    for line in book.lines:
        memo = line.kind == DATA and line.row not in held and is_memo(line.label, line.section)
        if memo and any(row < line.row for row in proven):
            line.kind, line.reason = OTHER, "told beside the account: no total holds it"


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
