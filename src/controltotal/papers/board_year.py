"""Where the organisations stand in a year that nobody tells by month: plan, forecast and actual.

Published accounts and press reports state a year whole, often with support alone. What is told of
those just below the paper's body stands in one table, the largest deficit first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.show import value_text
from controltotal.core.sourced import Part
from controltotal.papers.board_sources import counted, linked, worked_out
from controltotal.papers.sections import (
    Focus,
    Results,
    Section,
    TableView,
    columns,
    figure,
    just_below,
)

BASES: Final = ("plan", "forecast", "actual")
MEASURES: Final = (
    ("adjusted_surplus", "without support"),
    ("surplus_with_support", "with support"),
)
"""What a position may be told as, the surer to compare first."""
SHORT: Final = "organisations whose position is below nil"
TOLD: Final = "organisations whose position is told"
SHOWN: Final = 12
"""Organisations that a printed table has at most."""


def by_year(results: Results, focus: Focus, title: str) -> list[Section]:
    """The page of a year without months; none where fewer than two organisations are told."""
    codes = just_below(results, focus)
    of_each = {
        (measure, words): {
            code: cells for code in codes if (cells := _told(results, focus, code, measure))
        }
        for measure, words in MEASURES
    }
    measure, words = next((one for one, told in of_each.items() if len(told) > 1), ("", ""))
    if not measure:
        return []
    told = of_each[measure, words]
    bases = [basis for basis in BASES if any(basis in cells for cells in told.values())]
    last = bases[-1]
    rows = [
        {"name": focus.name(code), **cells}
        for code, cells in sorted(told.items(), key=lambda one: (_pence(one[1], last), one[0]))
    ]
    whole = _told(results, focus, focus.organisation, measure)
    together = [{"name": "Together", **whole}] if whole else []
    heads = [f"{basis}|{basis.capitalize()}|cell" for basis in bases]
    beside = [
        f"{name}|{head}|cell"
        for name, head in (("control_total", "Control total"), ("gap", "Short of it, or (better)"))
        if any(name in row for row in (*rows, *together))
    ]
    tables = [
        TableView(
            f"The year by organisation, {words}, £ million",
            columns("name|Organisation", *heads, *beside),
            [*rows[:SHOWN], *together],
            "Surplus or (deficit); nothing is told by month."
            + (f" And {_left(rows)} more, in a table of their own." if rows[SHOWN:] else ""),
        )
    ]
    if rows[SHOWN:]:
        tables.append(
            TableView(
                f"{len(rows) - SHOWN} more organisations, {words}, £ million",
                columns("name|Organisation", *heads, *beside),
                rows[SHOWN:],
                folded=True,
            )
        )
    lead = _lead(rows, last, words)
    return [Section("organisations", title, lead, lead=True, tables=tuple(tables))]


def _told(results: Results, focus: Focus, code: str, measure: str) -> dict[str, Figure]:
    """What is told of an organisation: its position on each basis, its control total and its gap."""
    found = {
        basis: one
        for basis in BASES
        if (one := _known(results, f"{measure}/{code}/{focus.year}/{basis}"))
    }
    if found:
        last = next(basis for basis in reversed(BASES) if basis in found)
        for name in ("control_total", "gap"):
            beside = _known(results, f"{name}/{code}/{focus.year}/{last}")
            if beside is not None:
                found[name] = beside
    return found


def _known(results: Results, figure_id: str) -> Figure | None:
    """A figure that has a value."""
    found = figure(results, "position", figure_id)
    return found if found is not None and found.value is not None else None


def _pence(row: Mapping[str, Any], basis: str) -> int:
    """What orders a row: its position on a basis; last what is not told on it."""
    found = row.get(basis)
    return int(found.value) if found is not None and found.value is not None else 10**18


def _left(rows: Sequence[Mapping[str, Any]]) -> str:
    left = rows[SHOWN:]
    return counted(
        str(len(left)), "organisations of the next table", [Part(r["name"]) for r in left]
    )


def _lead(rows: Sequence[Mapping[str, Any]], basis: str, words: str) -> tuple[str, ...]:
    """How many are in deficit and whose is largest; on the surest basis that is told."""
    told = [row for row in rows if basis in row]
    short = [row for row in told if _pence(row, basis) < 0]
    every = worked_out(str(len(told)), TOLD, [(row["name"], row[basis]) for row in told])
    if not short:
        return (f"None of {every} organisations is in deficit {words}, by the {basis}.",)
    worst = short[0]
    size = linked(value_text(-_pence(worst, basis), "pence"), worst[basis])
    some = worked_out(str(len(short)), SHORT, [(row["name"], row[basis]) for row in short])
    return (
        f"{some} of {every} organisations are in deficit {words}, by the {basis}: "
        f"{worst['name']} the most by {size}.",
    )
