"""The conditions under which schemes were approved, in the words of whoever set them.

A scheme that was approved on a condition is another scheme than one approved without: a board that
reads only that there is one cannot know what it agrees to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from controltotal.core.result import Result
from controltotal.papers.board_words import Row, capital, cut, day, narrowed, rows_below
from controltotal.papers.sections import Focus, Results, Section, TableView, below, columns

MOST: Final = 10
"""How many conditions are printed; the whole list is folded."""
COLUMNS: Final = (
    "title|Scheme",
    "body|Organisation",
    "text|Condition",
    "set_with|Set with",
    "to_be_met|To be met",
    "due|Due",
    "met|Met",
)


def agreed_on(results: Results, focus: Focus) -> list[Section]:
    """Each condition of schemes that quality has not refused, those open first; none where none is set."""
    rows = rows_below(results.get("schemes"), "conditions", below(results, focus), focus.year)
    if not rows:
        return []
    table = narrowed(
        conditions_of("Conditions under which schemes were approved", rows, focus), focus
    )
    tables = cut(table, MOST, "condition")
    return [Section("savings-conditions", "Approved on conditions", tables=tables, level=3)]


def conditions_of(title: str, rows: Sequence[Row], focus: Focus) -> TableView:
    """Rows of conditions as a table."""
    return TableView(title, columns(*COLUMNS), [_condition(row, focus) for row in rows])


def modelled_on(result: Result | None, focus: Focus) -> tuple[TableView, ...]:
    """The conditions of the schemes of a modelled list; nothing where none of them has any."""
    rows = () if result is None else result.tables.get("conditions", ())
    if not rows:
        return ()
    return (conditions_of("Conditions under which schemes of the list were approved", rows, focus),)


def _condition(row: Row, focus: Focus) -> dict[str, Any]:
    return {
        "title": f"{row['title']} ({row['scheme']})",
        "body": focus.name(row["organisation"]),
        "text": row["text"],
        "set_with": capital(row["set_with"]),
        "to_be_met": capital(row["to_be_met"]),
        "due": day(row["due"]),
        "met": day(row["met_on"]) if row["met_on"] else "not yet",
    }
