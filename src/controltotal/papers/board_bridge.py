"""From plan to forecast by what drives it: the chart of page one, with its numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.sourced import Source
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import rows_of
from controltotal.papers.board_sources import captioned, in_plain_words, made_of
from controltotal.papers.charts_delivery import driver_bridge, driver_words
from controltotal.papers.charts_frame import Frame, both
from controltotal.papers.sections import (
    Cell,
    Focus,
    Results,
    Section,
    TableView,
    aside_of,
    columns,
)

Row = Mapping[str, Any]

NOT_WHOLE: Final = (
    "The way from plan to forecast is that of all the organisations together; it is left out while "
    "something stands in for one of them."
)


def bridge_part(results: Results, focus: Focus) -> Section:
    """The part of page one; empty where plan or forecast is not told, or no driver explains them."""
    rows = rows_of(results, "position", "bridge", focus)
    told = [r for r in rows if r["from"].endswith("/plan") and r["to"].endswith("/forecast")]
    if not any(row["kind"] == "driver" and row["pence"] for row in told):
        return Section("drivers", "From plan to forecast")
    if aside_of(results, focus.organisation, focus.year):
        return Section("drivers", "From plan to forecast", (NOT_WHOLE,), level=3)
    apart = any(row["driver"] == "agency_pay" and row["pence"] for row in told)
    names = {"pay": "Pay other than agency"} if apart else {}
    charts = both(lambda width: driver_bridge(told, names, width=width))
    shown = [row for row in told if row["pence"] or row["kind"] in ("start", "end")]
    ends = [at for at, row in enumerate(shown) if row["kind"] == "end"]
    steps = tuple(at for at, row in enumerate(shown) if row["kind"] not in ("end", "apart"))
    table = TableView(
        "From plan to forecast by driver, £ million",
        columns("name|Driver", "pence|Change|cell"),
        [
            {"name": driver_words(row, names), "pence": cell(row, "bridge", "pence")}
            for row in shown
        ],
        "Better is without brackets, worse in brackets; support stands apart and is in none of it.",
        folded=True,
        totals=dict.fromkeys(ends, steps),
    )
    charts = captioned(charts, _told(told))
    part = Section("drivers", "From plan to forecast", charts=charts, tables=(table,), level=3)
    return in_plain_words(part)


def _told(rows: Sequence[Row]) -> list[tuple[str, Cell | Source]]:
    """The numbers of the chart's headline: the whole change, and the largest driver each way."""
    cells = {id(row): cell(row, "bridge", "pence") for row in rows}
    start, end = (next((r for r in rows if r["kind"] == kind), None) for kind in ("start", "end"))
    if start is None or end is None:
        return []
    change = end["pence"] - start["pence"]
    parts = [("Forecast", cells[id(end)]), ("Plan", cells[id(start)])]
    found: list[tuple[str, Cell | Source]] = [
        (Frame().pounds(change), made_of("the forecast less the plan", parts))
    ]
    drivers = sorted((r for r in rows if r["kind"] == "driver"), key=lambda r: -abs(r["pence"]))
    for same in (True, False):
        way = [row for row in drivers if ((row["pence"] > 0) == (change > 0)) is same]
        found += [(Frame().pounds(row["pence"]), cells[id(row)]) for row in way[:1]]
    return found
