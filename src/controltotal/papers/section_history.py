"""The page on mergers and divisions: who follows whom, and what the old bodies come to for the new.

The figures of the old bodies stay where they were; these stand beside them.
"""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import year_label
from controltotal.papers.sections import Focus, Results, Section, TableView, columns

TITLE = "Mergers and divisions"
WORDS_MOST = 12
COLUMNS = {
    ("inherited_allocation", "plan"): "allocation",
    ("inherited_surplus", "plan"): "plan",
    ("inherited_surplus", "actual"): "actual",
    ("inherited_balance", "actual"): "balance",
}


SHOWN = {
    "allocation": "allocation|Allocation|figure",
    "plan": "plan|Planned surplus|figure",
    "actual": "actual|Actual surplus|figure",
    "balance": "balance|Balance at the start|figure",
}


def history(results: Results, focus: Focus) -> Section:
    """Who follows whom in the book, and the years of the old as years of the new."""
    result = results.get("history")
    if result is None:
        return Section("history", TITLE)
    names = {row["organisation"]: row["name"] for row in result.tables.get("followed", ())}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for figure in result.figures:
        column = COLUMNS.get((figure.measure, figure.basis))
        if column is None:
            continue
        key = (figure.organisation, figure.year)
        row = rows.setdefault(
            key,
            {
                "name": names.get(figure.organisation, figure.organisation),
                "year": year_label(figure.year),
            },
        )
        row.setdefault(column, figure)
    used = {key for row in rows.values() for key in row}
    table = TableView(
        "What the bodies that each follows come to, by their shares, £ million",
        columns("name|Body", "year|Year", *(text for key, text in SHOWN.items() if key in used)),
        [rows[key] for key in sorted(rows)],
        "Where one of those followed says nothing of a year, the sum cannot be told.",
    )
    words = list(result.words[:WORDS_MOST])
    if len(result.words) > WORDS_MOST:
        words.append(f"{len(result.words) - WORDS_MOST} more are told by `controltotal history`.")
    return Section("history", TITLE, tuple(words) if rows else (), (), (), (table,) if rows else ())
