"""Charts of the position: the bridge to the control total, bodies side by side, the way ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from controltotal.core.calendar import year_label
from controltotal.papers.charts_frame import Frame
from controltotal.papers.charts_waterfall import BETTER, TOTAL, WORSE, Bar, native_waterfall
from controltotal.papers.sections import Native, Series
from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    WARM,
    Rows,
    Spec,
    chart,
    end,
    key,
    kinds,
    label,
    mark,
    million,
    million_or_none,
    name,
    number,
    step,
)

LINES = ("recorded", "forecast", "plan", "middle", "asked")
"""Looks of scenarios where a spreadsheet draws them, in their order."""
SHADES = (DARK, WARM, MIDDLE, "#7b6d3a", INK)


def bridge_chart(steps: Sequence[tuple[str, int, str]]) -> Spec:
    """A waterfall in £m. `steps`: name, pence, and `total` or `step`; a total starts at nil."""
    rows, running = [], 0
    for title, pence, kind in steps:
        start = 0 if kind == "total" else running
        running = pence if kind == "total" else running + pence
        rows.append(
            {
                "step": title,
                "from": million(start),
                "to": million(running),
                "label": label(pence),
                "top": max(million(start), million(running)),
                "kind": "total" if kind == "total" else "better" if pence >= 0 else "worse",
            }
        )
    x = name(
        "step",
        title=None,
        sort=[row["step"] for row in rows],
        axis={"labelAngle": 0, "labelLimit": 150},
    )
    shades = {"total": DARK, "better": LIGHT, "worse": WARM}
    return chart(
        mark(
            "bar",
            {
                "x": x,
                "y": number("from", "£ million"),
                "y2": end("to"),
                "color": kinds("kind", shades),
            },
            size=54,
            stroke=INK,
            strokeWidth=1,
        ),
        mark(
            "text",
            {"x": x, "y": number("top"), "text": name("label")},
            dy=-8,
            fontSize=14,
            color=INK,
        ),
        mark("rule", {"y": number("nil")}, rows=[{"nil": 0}], color=INK),
        rows=rows,
        width=640,
        height=300,
    )


def native_bridge(steps: Sequence[tuple[str, int, str]]) -> Native:
    """The same waterfall for a spreadsheet."""
    kinds_of = {True: BETTER, False: WORSE}
    bars = [
        Bar(title, pence, TOTAL if kind == "total" else kinds_of[pence >= 0])
        for title, pence, kind in steps
    ]
    return replace(native_waterfall(bars, "£ million", {}, Frame()), behind="")


def native_bodies(rows: Rows) -> Native:
    """The same bodies for a spreadsheet, each with its control total below its bar."""
    series = (
        Series("surplus or (deficit)", tuple(row["surplus_pence"] for row in rows), "deep"),
        Series("control total", tuple(row["control_total_pence"] for row in rows), "open"),
    )
    return Native("bars", "£ million", tuple(str(row["name"]) for row in rows), series)


def native_trajectory(rows: Rows) -> Native:
    """The same lines for a spreadsheet, the scenarios in their order.

    >>> rows = [{"scenario": "as planned", "year": "2026-27", "pence": 5}]
    >>> native_trajectory(rows).series[0].values
    (5,)
    """
    years = list(dict.fromkeys(row["year"] for row in rows))
    told = {(row["scenario"], row["year"]): row["pence"] for row in rows}
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    series = [
        Series(one, tuple(told.get((one, year)) for year in years), LINES[place % len(LINES)])
        for place, one in enumerate(names)
    ]
    labels = tuple(year_label(year) for year in years)
    return Native("lines", "gap, £ million", labels, tuple(series))


def bodies_chart(rows: Rows) -> Spec:
    """Surplus (bar) against control total (tick) of each body, in £m.

    `rows`: name, surplus_pence, control_total_pence (None where there is none).
    """
    shown = [
        {
            "body": row["name"],
            "surplus": million(row["surplus_pence"]),
            "total": million_or_none(row["control_total_pence"]),
            "kind": "surplus" if row["surplus_pence"] >= 0 else "deficit",
        }
        for row in rows
    ]
    y = name("body", title=None, sort=[row["body"] for row in shown])
    x = number("surplus", "£ million (bar: surplus or deficit; line: control total)")
    return chart(
        mark(
            "bar",
            {"x": x, "y": y, "color": kinds("kind", {"surplus": MIDDLE, "deficit": WARM})},
            stroke=INK,
            strokeWidth=1,
        ),
        mark(
            "tick",
            {"x": number("total"), "y": y},
            where="isValid(datum.total)",
            color=INK,
            thickness=4,
            size=22,
        ),
        rows=shown,
        width=520,
        height=max(120, 30 * len(shown)),
    )


def trajectory_chart(rows: Rows) -> Spec:
    """The gap year by year in £m, a line for each scenario, its name at its end.

    `rows`: scenario, year, pence.
    """
    shown = [
        {
            "scenario": row["scenario"],
            "year": year_label(row["year"]),
            "gap": million(row["pence"]),
            "label": label(row["pence"]),
        }
        for row in rows
    ]
    first = min((row["year"] for row in shown), default="")
    names = list(dict.fromkeys(row["scenario"] for row in shown))
    x = step("year", title=None, axis={"labelAngle": 0})
    y = number("gap", "gap, £ million", scale={"zero": True})
    shades = {one: SHADES[place % len(SHADES)] for place, one in enumerate(names)}
    colour = kinds("scenario", shades, key("top"))
    dash = name("scenario", scale={"domain": names}, legend=None)
    return chart(
        mark("line", {"x": x, "y": y, "color": colour, "strokeDash": dash}, strokeWidth=3),
        mark("point", {"x": x, "y": y, "color": colour}, filled=True, size=70),
        mark(
            "text",
            {"x": x, "y": y, "text": name("label"), "color": colour},
            where=f"datum.year === '{first}'",
            align="left",
            dx=8,
            dy=-8,
            fontSize=13,
        ),
        rows=shown,
        width=560,
        height=280,
    )
