"""What the public is shown of a book: its answers, less all that differs without what is withheld."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from controltotal.book.left_out import without
from controltotal.book.record import Record
from controltotal.core.public import public
from controltotal.core.result import Result
from controltotal.core.schema import tables
from controltotal.core.withheld_reckoning import Label, rows_withheld, still_told
from controltotal.core.withholding import Withholding
from controltotal.workings.workings import Workings

Asked = Callable[[Workings], Mapping[str, Result]]
"""How the answers are made of a reading."""
OF_WHAT = ("organisation", "year", "basis", "scenario", "id")


def told_to_public(
    workings: Workings, results: Mapping[str, Result], ask: Asked
) -> dict[str, Result]:
    """The answers as the public may see them; `ask` makes them again of a book that lacks some.

    What is withheld is taken from the book with as little else as may be: the rows on which the
    fewest other figures rest. If the rest tells it all the same, all rows behind it are.
    """
    held = Withholding(results)
    position = workings.position
    rows = {row.entry: row for name in tables() for row in position.rows(name)}
    less: Mapping[str, Result] | None = None
    for every in (False, True):
        entries = rows_withheld(held, lambda entry: _label(rows.get(entry)), all_of=every)
        if not entries:
            break
        less = ask(Workings(without(position, entries)))
        if not still_told(held, less):
            break
    return public(results, less)


def _label(row: Record | None) -> Label | None:
    """What a row says something of; None where it is in no table of the book."""
    if row is None:
        return None
    columns = tables()[row.table].columns
    return (row.table, *(str(row.cell(c) or "") for c in OF_WHAT if c in columns))
