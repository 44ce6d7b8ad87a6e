"""How lists meet, as tables: cells where a crosswalk gives them, whole views where none does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from controltotal.core.result import Answer
from controltotal.savings.overlap.bounds import overlap, union
from controltotal.savings.overlap.listed import Listed, leaves
from controltotal.savings.overlap.together import Together


def add_tables(
    answer: Answer, body: str, year: str, rows: Sequence[Listed], found: Together
) -> None:
    """The overlap matrix: cells where a crosswalk gives them, whole views where none does."""
    cells: list[dict[str, Any]] = [
        {
            "organisation": body,
            "year": year,
            "group": "",
            "view_a": view_a,
            "category_a": cell.category_a,
            "view_b": view_b,
            "category_b": cell.category_b,
            "spend": cell.spend,
            "saving_a": cell.saving_a,
            "saving_b": cell.saving_b,
            "lower": cell.union.lower,
            "netted": cell.union.netted,
            "upper": cell.union.upper,
            "overlap": cell.overlap,
        }
        for view_a, view_b, cell in found.cells
    ]
    if not cells:
        cells = _view_pairs(body, year, rows)
    answer.table("overlap", cells)
    for group, total in found.groups.items():
        reasons = sorted({one.reason for one in rows if one.group == group and one.reason})
        answer.table(
            "groups",
            [
                {
                    "organisation": body,
                    "year": year,
                    "group": group or "not stated as disjoint",
                    "reason": "; ".join(reasons) if group else "",
                    "lower": total.lower,
                    "netted": total.netted,
                    "upper": total.upper,
                }
            ],
        )


def _view_pairs(body: str, year: str, rows: Sequence[Listed]) -> list[dict[str, Any]]:
    """Each two views of each group: at least nothing and at most the smaller counts twice."""
    sums: dict[str, dict[str, int]] = {}
    for one in leaves(rows):
        views = sums.setdefault(one.group, {})
        views[one.view] = views.get(one.view, 0) + one.value
    cells: list[dict[str, Any]] = []
    for group, views in sorted(sums.items()):
        for a, b in combinations(sorted(views), 2):
            both = union([views[a], views[b]])
            cells.append(
                {
                    "organisation": body,
                    "year": year,
                    "group": group,
                    "view_a": a,
                    "category_a": "all",
                    "view_b": b,
                    "category_b": "all",
                    "spend": None,
                    "saving_a": views[a],
                    "saving_b": views[b],
                    "lower": both.lower,
                    "netted": None,
                    "upper": both.upper,
                    "overlap": None,
                    "overlap_at_most": overlap([views[a], views[b]], both.lower),
                }
            )
    return cells
