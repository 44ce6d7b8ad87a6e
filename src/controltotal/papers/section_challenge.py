"""The page on a challenge: is the control total fair, is it achievable, and on what figures.

A page that a scrutiny committee can use: the two sentences first, then every figure that bears on
them with the year it is of and where it stands, then the challenges recorded and their outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controltotal.core.calendar import year_label
from controltotal.core.figure import Figure
from controltotal.core.result import Result
from controltotal.papers.sections import Column, Focus, Results, Section, TableView, columns

TITLE = "Is it fair, is it achievable?"
FIRST = (
    "saving_asked",
    "saving_asked_share",
    "distance_share",
    "distance_money",
    "notice_days",
    "safe_maximum",
)


def challenge(results: Results, focus: Focus) -> Section:
    """The figures that bear on a challenge to the control total of the body."""
    result = results.get("challenge")
    if result is None:
        return Section("challenge", TITLE)
    sentences = [
        f"{str(row['question']).capitalize()}? {row['sentence']}"
        for row in result.tables.get("sentences", ())
        if _ours(row, focus)
    ]
    rows = [
        _evidence(row, result) for row in result.tables.get("evidence", ()) if _ours(row, focus)
    ]
    recorded = [
        dict(row, organisation=focus.name(row["organisation"]), year=year_label(row["year"]))
        for row in result.tables.get("challenges", ())
    ]
    beside = [row for row in result.tables.get("neighbours", ()) if _ours(row, focus)]
    made = (
        _table(rows, focus),
        _beside(
            result,
            focus,
            "claims",
            "Claims of what is fair, set against each other",
            columns("claim|Claim", "by|By", "against_it|Against it"),
        ),
        _beside(
            result,
            focus,
            "told_and_answer",
            "What it was told, and what it might answer",
            columns("told|Told", "may_answer|May answer"),
        ),
        _neighbours(beside),
        _recorded(recorded),
    )
    tables = tuple(table for table in made if table.rows)
    return Section(
        "challenge", TITLE, tuple(sentences) if rows else (), _first(result, focus), (), tables
    )


def _ours(row: Mapping[str, Any], focus: Focus) -> bool:
    return bool(row["organisation"] == focus.organisation and row["year"] == focus.year)


def _first(result: Result, focus: Focus) -> tuple[Figure, ...]:
    """The figures shown large, in their order."""
    mine = {
        f.measure: f
        for f in result.figures
        if f.organisation == focus.organisation and f.year == focus.year
    }
    return tuple(mine[name] for name in FIRST if name in mine)


def _evidence(row: Mapping[str, Any], result: Result) -> dict[str, Any]:
    return {
        "what": row["what"],
        "of": year_label(str(row["of_year"])),
        "figure": result.figure(str(row["figure"])),
        "source": row["source"],
        "note": row["note"],
    }


def _table(rows: list[dict[str, Any]], focus: Focus) -> TableView:
    return TableView(
        f"What bears on the control total of {focus.name(focus.organisation)}",
        columns(
            "what|What", "of|Year", "figure|Figure|figure", "source|Where it stands", "note|Note"
        ),
        rows,
        "Money in £ million. A figure that is not published or not in the book is left out.",
    )


def _neighbours(rows: list[Mapping[str, Any]]) -> TableView:
    return TableView(
        "How deprived the other systems of its region are",
        columns(
            "name|System",
            "deprived_share|People in the most deprived fifth|share",
            "own_share|Its own|share",
            "score|Mean score|number",
            "own_score|Its own|number",
            "less_by_fifth|Less deprived by fifth?|yesno",
            "less_by_score|Less deprived by score?|yesno",
        ),
        rows,
        "Who gains is not disclosed; on the areas nearest to the year.",
    )


def _beside(
    result: Result, focus: Focus, name: str, title: str, shown: tuple[Column, ...]
) -> TableView:
    """A table of the answer as it stands, of the body alone."""
    rows = [dict(row) for row in result.tables.get(name, ()) if _ours(row, focus)]
    return TableView(title, shown, rows)


def _recorded(rows: list[dict[str, Any]]) -> TableView:
    return TableView(
        "Challenges recorded",
        columns(
            "organisation|Body",
            "year|Year",
            "by|By",
            "on|On",
            "grounds|Grounds",
            "answer|Answer",
            "outcome|Outcome",
        ),
        rows,
    )
