"""Charts of the schemes: the pipeline by maturity and risk, the year by month, harm under ceilings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controltotal.papers.svg import DARK, INK, LIGHT, MIDDLE, WARM, themed

MILLION = 100_000_000
STAGES = ("fully developed, delivering", "fully developed", "in progress", "opportunity")
RISKS = ("low", "medium", "high", "not stated")


def pipeline_chart(rows: Sequence[dict[str, Any]]) -> Any:
    """In-year savings of the plan by the maturity that the evidence supports, split by risk, £m.

    `rows`: stage, risk, pence.
    """
    import altair as alt

    values = [
        {
            "stage": row["stage"],
            "risk": row["risk"],
            "pence": round(row["pence"] / MILLION, 4),
            "order": RISKS.index(row["risk"]),
        }
        for row in rows
    ]
    present = [risk for risk in RISKS if any(v["risk"] == risk for v in values)]
    shades = {"low": LIGHT, "medium": MIDDLE, "high": WARM, "not stated": "#ffffff"}
    stages = [stage for stage in STAGES if any(v["stage"] == stage for v in values)]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("stage:N", sort=stages, title=None)
    bars = base.mark_bar(stroke=INK, strokeWidth=1, size=26).encode(
        y=y,
        x=alt.X("pence:Q", stack="zero", title="planned saving in the year, £ million"),
        color=alt.Color(
            "risk:N",
            legend=alt.Legend(orient="top", title="Risk of not delivering"),
            scale=alt.Scale(domain=present, range=[shades[risk] for risk in present]),
        ),
        order=alt.Order("order:Q"),
    )
    return themed(bars.properties(height=max(120, 48 * len(stages))), 520)


def phasing_chart(rows: Sequence[dict[str, Any]], months: Sequence[str]) -> Any:
    """Savings to date by month: plan, what of it counts, actual and forecast, £m.

    `rows`: month_name, kind, pence (to date). Kinds differ in dash and shade, and are named.
    """
    import altair as alt

    kinds = ["plan", "of it counted", "forecast", "actual"]
    present = [kind for kind in kinds if any(row["kind"] == kind for row in rows)]
    shades = {"plan": DARK, "of it counted": MIDDLE, "forecast": WARM, "actual": INK}
    dashes = {"plan": [1, 0], "of it counted": [6, 3], "forecast": [3, 3], "actual": [1, 0]}
    values = [
        {"month": row["month_name"], "kind": row["kind"], "pence": round(row["pence"] / MILLION, 4)}
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values)).encode(
        x=alt.X("month:N", sort=list(months), title=None, axis=alt.Axis(labelAngle=-40)),
        y=alt.Y("pence:Q", title="saved to date, £ million", scale=alt.Scale(zero=True)),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=present, range=[shades[k] for k in present]),
            legend=alt.Legend(orient="top", title=None),
        ),
    )
    lines = base.mark_line(strokeWidth=3).encode(
        strokeDash=alt.StrokeDash(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=present, range=[dashes[k] for k in present]),
        )
    )
    points = base.transform_filter("datum.kind == 'actual'").mark_point(filled=True, size=60)
    return themed(alt.layer(lines, points).properties(height=280), 600)


def harm_chart(rows: Sequence[dict[str, Any]]) -> Any:
    """Harm that meets at one service, place or group (bar) and its ceiling (line), in points.

    `rows`: name, score, ceiling (None where nobody set one).
    """
    import altair as alt

    values = [
        {
            "name": row["name"],
            "score": row["score"],
            "ceiling": row["ceiling"],
            "kind": "over"
            if row["ceiling"] is not None and row["score"] > row["ceiling"]
            else "within",
        }
        for row in rows
    ]
    order = [row["name"] for row in values]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("name:N", sort=order, title=None)
    bars = base.mark_bar(stroke=INK, strokeWidth=1).encode(
        y=y,
        x=alt.X("score:Q", title="sum of the highest residual scores (line: the ceiling)"),
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["within", "over"], range=[LIGHT, WARM]),
        ),
    )
    ticks = (
        base.transform_filter("isValid(datum.ceiling)")
        .mark_tick(color=INK, thickness=4, size=20)
        .encode(y=y, x="ceiling:Q")
    )
    return themed(alt.layer(bars, ticks).properties(height=max(90, 28 * len(values))), 480)
