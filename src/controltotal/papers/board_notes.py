"""How each shown number was made: notes of a paper, folded on a page.

A figure has its rule, what it rests on and its ledger entries; a number that is a cell of an
answer's table has what its column means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.show import figure_name, figure_value
from controltotal.papers.page import shown_ids
from controltotal.papers.sections import Cell, Note, Results, Section, TableView, columns

INPUTS_MAX: Final = 12
"""What a figure rests on that a note names at most; `explain` tells all of it."""


def cell(row: Mapping[str, Any], table: str, column: str, unit: str = "pence") -> Cell:
    """A number of an answer's table, with the note that says how its column is made."""
    return Cell(row[column], unit, f"{table}.{column}")


def notes(results: Results, parts: Iterable[Section], *, full: bool = False) -> list[Section]:
    """The notes of every number that some parts of a paper show; none where they show none.

    Those of figures stand in an appendix of a `full` paper.
    """
    parts = list(parts)
    rows = [*([] if full else _figure_notes(results, shown_ids(parts))), *_cell_notes(parts)]
    if not rows:
        return []
    table = TableView(
        "How each number was made",
        columns("number|Number|note", "how|How it was made", "rests|Rests on"),
        rows,
        "`controltotal explain BOOK FIGURE` tells all of it, down to the cell or the quotation.",
        folded=True,
    )
    return [Section("how", "How each number was made", tables=(table,), level=2)]


def _figure_notes(results: Results, shown: set[str]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for result in results.values():
        for figure in result.figures:
            if figure.id in shown and figure.id not in rows:
                rows[figure.id] = _figure_note(figure, result.trace[figure.id])
    return [rows[one] for one in sorted(rows)]


def _figure_note(figure: Figure, trace: Any) -> dict[str, Any]:
    told = _some(trace.inputs)
    if trace.parameters:
        told += f"{'; ' if told else ''}parameters: {'; '.join(trace.parameters)}"
    if trace.entries:
        told += f"{'; ' if told else ''}ledger entries {_some(trace.entries)}"
    how = f"{figure_name(figure)}: {figure_value(figure)}; {trace.rule}"
    return {"number": figure, "how": how, "rests": told, "rule": trace.rule}


def _some(things: Sequence[object]) -> str:
    """The first of some ids, and how many more."""
    more = len(things) - INPUTS_MAX
    told = ", ".join(str(one) for one in things[:INPUTS_MAX])
    return f"{told} and {more} more" if more > 0 else told


def _cell_notes(parts: Iterable[Section]) -> list[dict[str, Any]]:
    keys = {
        value.how
        for part in parts
        for table in part.tables
        for row in table.rows
        for value in row.values()
        if isinstance(value, Cell) and value.value is not None
    }
    how = {row["number"]: row for row in packaged_rows("number_notes.csv")}
    return [
        {
            "number": Note(key, how[key]["name"]),
            "how": how[key]["meaning"],
            "rests": f"table {key.partition('.')[0]} of the answer",
        }
        for key in sorted(keys)
    ]
