"""The one chart that shows an answer: the first of the section that a paper has on the question.

Charts are slow to load, so that a terminal, which shows none, does without this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from controltotal.core.money import format_money
from controltotal.papers.answer import Ask, shown_year
from controltotal.papers.charts_position import bodies_chart
from controltotal.papers.section_more import trajectory
from controltotal.papers.section_opportunity import opportunities
from controltotal.papers.section_portfolio import portfolio
from controltotal.papers.section_risk import calibrated, forecast, simulated
from controltotal.papers.section_sharing import decisions, places, sharing
from controltotal.papers.sections import ChartView, Focus, Results, Section

CHARTED: Final[Mapping[str, tuple[str, Callable[[Results, Focus], Section]]]] = {
    "forecast": ("forecast", forecast),
    "trajectory": ("trajectory", trajectory),
    "risk": ("risk", simulated),
    "calibrate": ("calibrate", calibrated),
    "opportunities": ("opportunities", opportunities),
    "portfolio": ("portfolio", portfolio),
    "share": ("sharing", sharing),
    "decide": ("decide", decisions),
    "boundaries": ("boundaries", places),
}
"""By verb: what a paper calls its answer, and the section that draws it."""
BASES: Final = ("forecast", "plan", "actual")


def charts_of(ask: Ask) -> tuple[ChartView, ...]:
    """The chart of an answer; none where it has nothing to draw."""
    if ask.result.verb == "position":
        return _standing(ask)
    if ask.result.verb not in CHARTED:
        return ()
    name, section = CHARTED[ask.result.verb]
    names = {code: ask.label(code) for code in ask.result.names}
    return section({name: ask.result}, Focus(ask.focus, ask.year, names, {})).charts[:1]


def _standing(ask: Ask) -> tuple[ChartView, ...]:
    """Each body as its control total measures it, beside that total, on the surest basis."""
    for basis in BASES:
        sums = {code: ask.pence("measured", code, basis) for code in ask.inside}
        told = {code: pence for code, pence in sums.items() if pence is not None}
        if told:
            totals = {code: ask.pence("control_total", code, basis) for code in told}
            rows = [
                {"name": ask.label(c), "surplus_pence": told[c], "control_total_pence": totals[c]}
                for c in told
            ]
            title = f"As control totals measure it, {shown_year(ask.year)} {basis}, £ million"
            words = "; ".join(f"{ask.label(c)} {format_money(told[c])}" for c in told)
            return (ChartView("chart-standing", title, bodies_chart(rows), f"{title}: {words}"),)
    return ()
