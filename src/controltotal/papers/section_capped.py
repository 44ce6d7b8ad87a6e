"""The Capped Expenditure Process: systems ranked for a cap, and each option through its four tests."""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import year_label
from controltotal.papers.section_nesting import around
from controltotal.papers.sections import Focus, Results, Section, TableView, columns


def capped(results: Results, focus: Focus) -> Section:
    """Who a cap would fall on, and what an option goes through before anything progresses."""
    near = {row["organisation"] for row in around(results, focus)}
    tables = tuple(
        table for table in (_ranks(results, focus), _tests(results, focus, near)) if table.rows
    )
    return Section("capped", "Capped Expenditure Process", (), (), (), tables)


def _rows(results: Results, focus: Focus, name: str) -> list[dict[str, Any]]:
    tables = results["position"].tables
    return [dict(row) for row in tables.get(name, ()) if row["year"] == focus.year]


def _ranks(results: Results, focus: Focus) -> TableView:
    rows = [
        {
            **row,
            "place": "cannot be told" if row["rank"] is None else row["rank"],
            "by_money": "cannot be told" if row["rank_by_money"] is None else row["rank_by_money"],
            "share": "" if row["gap_share"] is None else f"{row['gap_share']:.1%}",
        }
        for row in _rows(results, focus, "capped_expenditure")
    ]
    return TableView(
        f"Systems by the gap of planned spend to allocation, {year_label(focus.year)}",
        columns(
            "place|Place by share",
            "by_money|Place by money",
            "name|System",
            "planned_spend_pence|Planned spend, £ million|money",
            "allocation_pence|Allocation, £ million|money",
            "gap_pence|Gap, £ million|money",
            "share|Gap as a share",
            "above_cap_pence|Above its cap, £ million|money",
            "chosen|Chosen",
            "why|Why not, or level with whom",
        ),
        rows,
        "Areas were chosen for the largest gap; no threshold was published, nor whether it was taken "
        "in money or as a share.",
    )


def _tests(results: Results, focus: Focus, near: set[str]) -> TableView:
    rows = [
        {**row, "name": focus.name(row["organisation"])}
        for row in _rows(results, focus, "option_tests")
        if row["organisation"] in near
    ]
    return TableView(
        "The tests of an option, in their order",
        columns(
            "name|System",
            "option|Option",
            "title|Title",
            "order|Order|number",
            "test|Test",
            "state|State",
            "on|On",
            "why|Why",
        ),
        rows,
        "Nothing progresses before all four. Quality and safety are judged as for every scheme.",
    )
