"""What the pages of a board paper read of the answers: rows of a body, its sentences, its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.papers.board_notes import AT, cell
from controltotal.papers.board_words import plain
from controltotal.papers.sections import Cell, Column, Focus, Results, TableView, figure

Row = Mapping[str, Any]

CODE: Final = re.compile(r"[^\s,;()]+")
"""What may be the code of a body inside a text."""
VARIANCES: Final = (
    "month_variance = month_actual - month_plan",
    "variance = actual - plan",
    "variance_year = forecast - plan_year",
)
"""What the columns of a position to date are made of, in the row itself."""
WHOLE: Final = "excluding_support"
"""The row of table `performance` that is the position to date itself."""
TO_DATE: Final = {
    "month_plan": ("Month", "Plan"),
    "month_actual": ("Month", "Actual"),
    "month_variance": ("Month", "Variance"),
    "plan": ("To date", "Plan"),
    "actual": ("To date", "Actual"),
    "variance": ("To date", "Variance"),
    "plan_year": ("Year", "Plan"),
    "forecast": ("Year", "Forecast"),
    "variance_year": ("Year", "Variance"),
    "forecast_last_month": ("Forecast", "A month before"),
}
"""The numbers of a position to date from left to right, each with its heading below another."""
NUMBERS: Final = tuple(one for one in TO_DATE if one != "month_variance")
"""Those of a table that has many rows."""
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "plan": ("plan_to_date", "actual"),
    "actual": ("adjusted_surplus", "actual"),
    "variance": ("variance_to_date", "actual"),
    "plan_year": ("adjusted_surplus", "plan"),
    "forecast": ("adjusted_surplus", "forecast"),
}
"""Columns of a position to date that are figures of their own: measure and basis."""


def rows_of(
    results: Results, verb: str, table: str, focus: Focus, organisation: str | None = None
) -> list[Row]:
    """The rows of an answer's table that are of one body and the paper's year."""
    found = results[verb].tables.get(table, ()) if verb in results else ()
    code = organisation or focus.organisation
    return [row for row in found if (row["organisation"], row["year"]) == (code, focus.year)]


def said(results: Results, verb: str, focus: Focus, topic: str) -> list[str]:
    """What an answer says on a topic of the paper's body in its year, in the words of papers."""
    if verb not in results:
        return []
    wanted = (focus.organisation, focus.year, topic)
    found = (s.sourced for s in results[verb].sentences if (s.about, s.year, s.topic) == wanted)
    return [plain(text) for text in found]


def to_date_cells(results: Results, row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """Numbers of a row of `to_date`, each the figure that it is, else the table's own."""
    whole = not row["line"] and not row["scheme"]
    return cells_of(results, row, "to_date", columns, whole=whole)


def to_date_table(
    title: str,
    first: str,
    rows: Sequence[Row],
    note: str = "",
    numbers: Sequence[str] = NUMBERS,
    *,
    folded: bool = False,
    totals: Mapping[int, tuple[int, ...]] | None = None,
) -> TableView:
    """The month, the year to date and the year across; the `first` column names the rows."""
    heads = (Column("name", first), *(Column(one, TO_DATE[one][1], "cell") for one in numbers))
    runs = groupby(numbers, key=lambda one: TO_DATE[one][0])
    return TableView(
        title,
        heads,
        rows,
        note,
        folded,
        (("", 1), *((over, len(tuple(run))) for over, run in runs)),
        VARIANCES,
        totals or {},
    )


def cells_of(
    results: Results, row: Row, table: str, columns: Sequence[str], *, whole: bool
) -> dict[str, Any]:
    """Numbers of a row of the position, each the figure that it is where the row is of a `whole`
    body's position without support, else the table's own."""
    found: dict[str, Any] = {}
    line = str(row.get("line") or row.get("row") or "").replace(WHOLE, "")
    placed = {
        one["column"]
        for one in results["position"].tables.get("rests", ())
        if (one["organisation"], one["year"], one["line"])
        == (row["organisation"], row["year"], line)
    }
    for column in columns:
        shown = cell(row, table, column)
        if column in placed:  # a note of its own, that leads to the rows of the data
            at = f"{row['organisation']}/{line}" if line else row["organisation"]
            shown = replace(shown, how=f"{shown.how}{AT}{at}")
        found[column] = shown
        if whole and column in FIGURES:
            measure, basis = FIGURES[column]
            name = f"{measure}/{row['organisation']}/{row['year']}/{basis}"
            found[column] = _same(figure(results, "position", name), shown)
    return found


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text that names bodies by their codes, with their names.

    >>> with_names("without A; without B", {"A": "Alder"})
    'without Alder; without B'
    """
    return CODE.sub(lambda found: names.get(found[0]) or found[0], text)


def named_aside(row: Row, focus: Focus) -> str:
    """What stands in for a body's month, with names for codes and without its own.

    >>> focus = Focus("S", "2026-27", {"A": "Alder", "B": "Beech"}, {})
    >>> named_aside({"organisation": "A", "stand_in": "A as planned after month 8"}, focus)
    'as planned after month 8'
    >>> named_aside({"organisation": "S", "stand_in": "without A; without B"}, focus)
    'without Alder; without Beech'
    """
    text = str(row["stand_in"]).removeprefix(f"{row['organisation']} ")
    return with_names(text, focus.names)


def _same(found: Figure | None, shown: Cell) -> Figure | Cell:
    """The figure where it is the number that the table tells, else the table's own.

    What nothing tells is an empty cell: the reason stands where data queries are told.
    """
    told = found is not None and shown.value is not None and found.value == shown.value
    return found if found is not None and told else shown
