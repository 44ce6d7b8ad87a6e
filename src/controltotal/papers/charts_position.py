"""Charts of the position: the bridge to the control total, bodies side by side, the way ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controltotal.core.calendar import year_label
from controltotal.papers.svg import DARK, INK, LIGHT, MIDDLE, WARM, themed

MILLION = 100_000_000


def _m(pence: float) -> float:
    return round(pence / MILLION, 4)


def _label(pence: float) -> str:
    value = pence / MILLION
    return f"({-value:,.1f})" if round(value, 1) < 0 else f"{abs(value):,.1f}"


def bridge_chart(steps: Sequence[tuple[str, int, str]]) -> Any:
    """A waterfall in £m. `steps`: name, pence, and `total` or `step`; a total starts at nil."""
    import altair as alt

    rows, running = [], 0
    for name, pence, kind in steps:
        start = 0 if kind == "total" else running
        running = pence if kind == "total" else running + pence
        rows.append(
            {
                "step": name,
                "from": _m(start),
                "to": _m(running),
                "label": _label(pence),
                "top": max(_m(start), _m(running)),
                "kind": "total" if kind == "total" else "better" if pence >= 0 else "worse",
            }
        )
    order = [str(row["step"]) for row in rows]
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X("step:N", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelLimit=150))
    bars = base.mark_bar(size=54, stroke=INK, strokeWidth=1).encode(
        x=x,
        y=alt.Y("from:Q", title="£ million"),
        y2="to:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["total", "better", "worse"], range=[DARK, LIGHT, WARM]),
        ),
    )
    text = base.mark_text(dy=-8, fontSize=14, color=INK).encode(x=x, y="top:Q", text="label:N")
    rule = alt.Chart(alt.Data(values=[{"nil": 0}])).mark_rule(color=INK).encode(y="nil:Q")
    return themed(alt.layer(bars, text, rule).properties(height=300))


def bodies_chart(rows: Sequence[dict[str, Any]]) -> Any:
    """Surplus (bar) against control total (tick) of each body, in £m.

    `rows`: name, surplus_pence, control_total_pence (None where there is none).
    """
    import altair as alt

    values = [
        {
            "body": row["name"],
            "surplus": _m(row["surplus_pence"]),
            "total": None if row["control_total_pence"] is None else _m(row["control_total_pence"]),
            "kind": "surplus" if row["surplus_pence"] >= 0 else "deficit",
        }
        for row in rows
    ]
    order = [row["body"] for row in values]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=order, title=None)
    bars = base.mark_bar(stroke=INK, strokeWidth=1).encode(
        y=y,
        x=alt.X("surplus:Q", title="£ million (bar: surplus or deficit; line: control total)"),
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["surplus", "deficit"], range=[MIDDLE, WARM]),
        ),
    )
    ticks = (
        base.transform_filter("isValid(datum.total)")
        .mark_tick(color=INK, thickness=4, size=22)
        .encode(y=y, x="total:Q")
    )
    return themed(alt.layer(bars, ticks).properties(height=max(120, 30 * len(values))), 520)


def trajectory_chart(rows: Sequence[dict[str, Any]]) -> Any:
    """The gap year by year in £m, a line for each scenario, its name at its end.

    `rows`: scenario, year, pence.
    """
    import altair as alt

    values = [
        {
            "scenario": r["scenario"],
            "year": year_label(r["year"]),
            "gap": _m(r["pence"]),
            "label": _label(r["pence"]),
        }
        for r in rows
    ]
    first = min((v["year"] for v in values), default="")
    shades = [DARK, WARM, MIDDLE, "#7b6d3a", INK]
    names = list(dict.fromkeys(v["scenario"] for v in values))
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("gap:Q", title="gap, £ million", scale=alt.Scale(zero=True))
    colour = alt.Color(
        "scenario:N",
        scale=alt.Scale(domain=names, range=[shades[i % 5] for i in range(len(names))]),
        legend=alt.Legend(orient="top", title=None),
    )
    lines = base.mark_line(strokeWidth=3).encode(
        x=x,
        y=y,
        color=colour,
        strokeDash=alt.StrokeDash("scenario:N", scale=alt.Scale(domain=names), legend=None),
    )
    points = base.mark_point(filled=True, size=70).encode(x=x, y=y, color=colour)
    labels = (
        base.transform_filter(alt.datum.year == first)
        .mark_text(align="left", dx=8, dy=-8, fontSize=13)
        .encode(x=x, y=y, text="label:N", color=colour)
    )
    return themed(alt.layer(lines, points, labels).properties(height=280), 560)
