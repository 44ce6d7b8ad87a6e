"""A result's chart for a notebook: the same drawings as the pack, from the result alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from controltotal.core.result import Result
from controltotal.papers.charts_position import bodies_chart, trajectory_chart
from controltotal.papers.opportunity_page import sections_of
from controltotal.papers.section_risk import first_chart
from controltotal.papers.sections import ChartView
from controltotal.papers.svg import drawn

DRAWN: Final = "drawn"
"""The id of the one chart that an answer shows in a notebook."""


def draw(result: Result) -> str:
    """The chart of a result as SVG, empty where it has nothing to draw."""
    if result.verb == "opportunities":
        return _opportunities(result)
    if result.verb in ("forecast", "risk", "calibrate"):
        view = first_chart(result)
        return drawn(replace(view, id=DRAWN)) if view else ""
    rows = _position(result) if result.verb == "position" else _trajectory(result)
    if not rows:
        return ""
    if result.verb == "position":
        words = "; ".join(f"{row['name']} {row['surplus_pence'] / 1e8:,.1f}" for row in rows)
        title = "Surplus or deficit, £ million"
        return drawn(ChartView(DRAWN, title, bodies_chart(rows), f"{title}: {words}"))
    words = "; ".join(f"{r['scenario']} {r['year']} {r['pence'] / 1e8:,.1f}" for r in rows)
    title = "Gap by year, £ million"
    return drawn(ChartView(DRAWN, title, trajectory_chart(rows), f"{title}: {words}"))


def _opportunities(result: Result) -> str:
    """The first chart of the section on opportunities: the range, or the dearest gaps."""
    charts = sections_of(result)[0].charts
    return drawn(replace(charts[0], id=DRAWN)) if charts else ""


def _position(result: Result) -> list[dict[str, Any]]:
    """Each body's position as its control total measures it, beside that total, in the latest year
    and its surest basis."""
    told = [
        f for f in result.figures if f.measure == "measured" and f.value is not None and not f.part
    ]
    if not told:
        return []
    year = max(f.year for f in told)
    bases = [f.basis for f in told if f.year == year]
    basis = next(b for b in ("forecast", "plan", "actual") if b in bases)
    totals = {f.id: f.value for f in result.figures if f.measure == "control_total"}
    return [
        {
            "name": f.organisation,
            "surplus_pence": f.value,
            "control_total_pence": totals.get(f"control_total/{f.organisation}/{year}/{basis}"),
        }
        for f in told
        if (f.year, f.basis) == (year, basis)
    ]


def _trajectory(result: Result) -> list[dict[str, Any]]:
    """The gap by scenario and year of the body with the largest."""
    gaps = [f for f in result.figures if f.measure == "trajectory_gap" and isinstance(f.value, int)]
    if not gaps:
        return []
    body = max(gaps, key=lambda f: (f.value, f.organisation)).organisation
    return [
        {"scenario": f.part, "year": f.year, "pence": f.value}
        for f in gaps
        if f.organisation == body
    ]
