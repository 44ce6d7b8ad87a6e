"""Charts of the schemes: the pipeline by maturity and risk, the year by month, harm under ceilings."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    WARM,
    Rows,
    Spec,
    chart,
    key,
    kinds,
    mark,
    million,
    name,
    number,
)

STAGES = ("fully developed, delivering", "fully developed", "in progress", "opportunity")
RISKS = {"low": LIGHT, "medium": MIDDLE, "high": WARM, "not stated": "#ffffff"}
KINDS = {
    "plan": (DARK, [1, 0]),
    "of it counted": (MIDDLE, [6, 3]),
    "forecast": (WARM, [3, 3]),
    "actual": (INK, [1, 0]),
}
"""Kinds of savings to date, each with its shade and its dash."""


def pipeline_chart(rows: Rows) -> Spec:
    """In-year savings of the plan by the maturity that the evidence supports, split by risk, £m.

    `rows`: stage, risk, pence.
    """
    order = list(RISKS)
    shown = [
        {
            "stage": row["stage"],
            "risk": row["risk"],
            "pence": million(row["pence"]),
            "order": order.index(row["risk"]),
        }
        for row in rows
    ]
    shades = {risk: shade for risk, shade in RISKS.items() if any(r["risk"] == risk for r in shown)}
    stages = [stage for stage in STAGES if any(row["stage"] == stage for row in shown)]
    return chart(
        mark(
            "bar",
            {
                "y": name("stage", title=None, sort=stages),
                "x": number("pence", "planned saving in the year, £ million", stack="zero"),
                "color": kinds("risk", shades, key("top", "Risk of not delivering")),
                "order": number("order"),
            },
            stroke=INK,
            strokeWidth=1,
            size=26,
        ),
        rows=shown,
        width=520,
        height=max(120, 48 * len(stages)),
    )


def phasing_chart(rows: Rows, months: Sequence[str]) -> Spec:
    """Savings to date by month: plan, what of it counts, actual and forecast, £m.

    `rows`: month_name, kind, pence (to date). Kinds differ in dash and shade, and are named.
    """
    shown = [
        {"month": row["month_name"], "kind": row["kind"], "pence": million(row["pence"])}
        for row in rows
    ]
    present = [kind for kind in KINDS if any(row["kind"] == kind for row in rows)]
    channels = {
        "x": name("month", title=None, sort=list(months), axis={"labelAngle": -40}),
        "y": number("pence", "saved to date, £ million", scale={"zero": True}),
        "color": kinds("kind", {kind: KINDS[kind][0] for kind in present}, key("top")),
    }
    dashes = kinds("kind", {kind: KINDS[kind][1] for kind in present})
    return chart(
        mark("line", {**channels, "strokeDash": dashes}, strokeWidth=3),
        mark("point", channels, where="datum.kind == 'actual'", filled=True, size=60),
        rows=shown,
        width=600,
        height=280,
    )


def harm_chart(rows: Rows) -> Spec:
    """Harm that meets at one service, place or group (bar) and its ceiling (line), in points.

    `rows`: name, score, ceiling (None where nobody set one).
    """
    shown = [
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
    y = name("name", title=None, sort=[row["name"] for row in shown])
    x = number("score", "sum of the highest residual scores (line: the ceiling)")
    return chart(
        mark(
            "bar",
            {"y": y, "x": x, "color": kinds("kind", {"within": LIGHT, "over": WARM})},
            stroke=INK,
            strokeWidth=1,
        ),
        mark(
            "tick",
            {"y": y, "x": number("ceiling")},
            where="isValid(datum.ceiling)",
            color=INK,
            thickness=4,
            size=20,
        ),
        rows=shown,
        width=480,
        height=max(90, 28 * len(shown)),
    )
