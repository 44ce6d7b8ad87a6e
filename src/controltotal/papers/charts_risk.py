"""Charts of forecast and risk: fan, tornado, chances by level, calibration, XmR, methods.

Each takes the rows of a Result's table as they stand and gives an Altair chart. Money is shown
in £ million; nothing is worked out here beyond that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from controltotal.core.calendar import month_name
from controltotal.papers.svg import DARK, INK, LIGHT, MIDDLE, PALE_WARM, WARM, themed

MILLION = 100_000_000
Rows = Sequence[dict[str, Any]]


def _m(pence: float | None) -> float | None:
    return None if pence is None else round(pence / MILLION, 4)


def _label(pence: float) -> str:
    value = pence / MILLION
    return f"({-value:,.1f})" if round(value, 1) < 0 else f"{abs(value):,.1f}"


def fan_chart(rows: Rows, control_total: int | None = None) -> Any:
    """The position to date by month: median, half and eight tenths of the draws, in £m.

    `rows`: month (1 is April), p10_pence, p25_pence … p90_pence. `control_total` is a line.
    """
    import altair as alt

    months = [month_name(row["month"])[:3] for row in rows]
    values: list[dict[str, Any]] = [
        {
            "month": month,
            **{key: _m(row[f"{key}_pence"]) for key in ("p10", "p25", "p50", "p75", "p90")},
        }
        for month, row in zip(months, rows, strict=True)
    ]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("month:O", sort=months, title=None, axis=alt.Axis(labelAngle=0))
    title = "surplus or (deficit) to date, £ million"
    outer = base.mark_area(color=LIGHT).encode(x=x, y=alt.Y("p10:Q", title=title), y2="p90:Q")
    inner = base.mark_area(color=MIDDLE).encode(x=x, y="p25:Q", y2="p75:Q")
    middle = base.mark_line(color=DARK, strokeWidth=3).encode(x=x, y="p50:Q")
    layers = [outer, inner, middle]
    last = values[-1:]
    ends = [
        {"month": row["month"], "at": row[key], "text": f"{name} {_label(row[key] * MILLION)}"}
        for row in last
        for key, name in (("p90", "9 in 10 below"), ("p50", "middle"), ("p10", "1 in 10 below"))
    ]
    layers.append(
        alt.Chart(alt.Data(values=_apart(ends, values)))
        .mark_text(align="left", dx=6, fontSize=12, color=INK)
        .encode(x=x, y="place:Q", text="text:N")
    )
    if control_total is not None:
        target = [{"at": _m(control_total), "text": f"control total {_label(control_total)}"}]
        rule = alt.Chart(alt.Data(values=target))
        layers.append(rule.mark_rule(color=WARM, strokeWidth=2, strokeDash=[6, 4]).encode(y="at:Q"))
        layers.append(
            rule.mark_text(align="left", baseline="bottom", dy=-4, fontSize=12, color=WARM).encode(
                x=alt.value(4), y="at:Q", text="text:N"
            )
        )
    return themed(alt.layer(*layers).properties(height=320), 560)


def years_chart(rows: Rows) -> Any:
    """The outturn year by year: eight tenths of the draws, the middle, the control total, in £m.

    `rows`: year (as people write it), p10, p50, p90 and control_total in pence (or None).
    """
    import altair as alt

    values = [
        {
            "year": row["year"],
            "text": _label(row["p50"]),
            **{key: _m(row[key]) for key in ("p10", "p50", "p90", "control_total")},
        }
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("p10:Q", title="outturn, £ million (line: control total)")
    bars = base.mark_bar(size=46, color=LIGHT, stroke=INK, strokeWidth=0.5).encode(
        x=x, y=y, y2="p90:Q"
    )
    middle = base.mark_tick(color=DARK, thickness=4, size=46).encode(x=x, y="p50:Q")
    text = base.mark_text(align="left", dx=28, fontSize=13, color=INK).encode(
        x=x, y="p50:Q", text="text:N"
    )
    aims = (
        base.transform_filter("isValid(datum.control_total)")
        .mark_tick(color=WARM, thickness=3, size=60)
        .encode(x=x, y="control_total:Q")
    )
    return themed(alt.layer(bars, middle, text, aims).properties(height=260), 480)


def _apart(labels: list[dict[str, Any]], values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """End labels moved apart so that none lies on another; from the top down."""
    reach = [value for row in values for key, value in row.items() if key != "month"]
    step = (max(reach) - min(reach) or 1.0) * 0.055
    place = float("inf")
    for label in labels:
        place = min(label["at"], place - step)
        label["place"] = place
    return labels


def tornado_chart(rows: Rows, most: int = 12) -> Any:
    """How far each source alone moves the year's outturn, from its 10th to its 90th, in £m.

    `rows`: driver, title, mean_pence, low_pence, high_pence, the widest first.
    """
    import altair as alt

    shown = sorted(rows, key=lambda row: row["low_pence"] - row["high_pence"])[:most]
    values: list[dict[str, Any]] = []
    for row in shown:
        title = f"{row['driver']}: {row['title']}"
        for side, end in (("worse", "low_pence"), ("better", "high_pence")):
            values.append(
                {
                    "source": title,
                    "side": side,
                    "from": _m(row["mean_pence"]),
                    "to": _m(row[end]),
                    "text": _label(row[end]),
                }
            )
    order = list(dict.fromkeys(value["source"] for value in values))
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("source:N", sort=order, title=None, axis=alt.Axis(labelLimit=340))
    scale = alt.Scale(zero=False, padding=46)
    bars = base.mark_bar(stroke=INK, strokeWidth=1, height=16).encode(
        y=y,
        x=alt.X(
            "from:Q",
            title="outturn with this source alone at its low and high, £ million",
            axis=alt.Axis(labelOverlap=True),
            scale=scale,
        ),
        x2="to:Q",
        color=alt.Color(
            "side:N",
            legend=alt.Legend(orient="top", title=None),
            scale=alt.Scale(domain=["worse", "better"], range=[WARM, MIDDLE]),
        ),
    )
    left = (
        base.transform_filter("datum.side == 'worse'")
        .mark_text(align="right", dx=-4, fontSize=11, color=INK)
        .encode(y=y, x=alt.X("to:Q", scale=scale), text="text:N")
    )
    right = (
        base.transform_filter("datum.side == 'better'")
        .mark_text(align="left", dx=4, fontSize=11, color=INK)
        .encode(y=y, x=alt.X("to:Q", scale=scale), text="text:N")
    )
    return themed(alt.layer(bars, left, right).properties(height=max(120, 28 * len(order))), 420)


def chances_chart(rows: Rows) -> Any:
    """Chance of meeting the control total, a bar a body. `rows`: name, chance (0 to 1)."""
    import altair as alt

    values = [
        {"body": row["name"], "chance": row["chance"], "text": f"{row['chance']:.0%}"}
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=[value["body"] for value in values], title=None)
    x = alt.X(
        "chance:Q",
        title="chance of meeting the control total",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%"),
    )
    bars = base.mark_bar(color=MIDDLE, stroke=INK, strokeWidth=1).encode(y=y, x=x)
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(
        y=y, x=x, text="text:N"
    )
    return themed(alt.layer(bars, text).properties(height=max(100, 28 * len(values))), 420)


def calibration_chart(rows: Rows) -> Any:
    """A reliability diagram: chance told against share observed. `rows`: level, observed."""
    import altair as alt

    values = [{"level": row["level"], "observed": row["observed"]} for row in rows]
    base = alt.Chart(alt.Data(values=values))
    axis = alt.Axis(format="%", tickCount=5)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("level:Q", title="chance told", scale=scale, axis=axis)
    y = alt.Y("observed:Q", title="share of past cases at or below", scale=scale, axis=axis)
    exact = alt.Chart(alt.Data(values=[{"a": 0, "b": 0}, {"a": 1, "b": 1}]))
    line = exact.mark_line(color=WARM, strokeDash=[6, 4]).encode(
        x=alt.X("a:Q", scale=scale), y=alt.Y("b:Q", scale=scale)
    )
    points = base.mark_line(color=DARK, strokeWidth=2, point={"filled": True, "size": 70})
    return themed(alt.layer(line, points.encode(x=x, y=y)).properties(height=320), 320)


def xmr_chart(rows: Rows) -> Any:
    """An XmR chart in £m: months, mean, limits, and a mark on every month that is news.

    `rows`: year, month, pence, mean_pence, lower_pence, upper_pence, rules.
    """
    import altair as alt

    values = [
        {
            "at": f"{row['year']} {row['month']:02d}",
            "label": month_name(row["month"])[:3] + " " + row["year"][2:4],
            "value": _m(row["pence"]),
            "mean": _m(row["mean_pence"]),
            "lower": _m(row["lower_pence"]),
            "upper": _m(row["upper_pence"]),
            "news": "news" if row["rules"] else "usual variation",
        }
        for row in rows
    ]
    labels = [value["label"] for value in values]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("label:O", sort=labels, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y(
        "value:Q", title="surplus or (deficit) in the month, £ million", scale=alt.Scale(zero=False)
    )
    line = base.mark_line(color=DARK, strokeWidth=2).encode(x=x, y=y)
    limits = [
        base.mark_line(color=MIDDLE, strokeDash=[6, 4]).encode(x=x, y=f"{end}:Q")
        for end in ("lower", "upper")
    ]
    mean = base.mark_line(color=MIDDLE).encode(x=x, y="mean:Q")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        y=y,
        shape=alt.Shape(
            "news:N",
            scale=alt.Scale(domain=["usual variation", "news"], range=["circle", "diamond"]),
            legend=alt.Legend(orient="top", title=None),
        ),
        color=alt.Color(
            "news:N", scale=alt.Scale(domain=["usual variation", "news"], range=[DARK, WARM])
        ),
    )
    return themed(alt.layer(*limits, mean, line, points).properties(height=280), 560)


def methods_chart(rows: Rows) -> Any:
    """Forecasts of one body by method, with their ranges, in £m.

    `rows`: method, pence, low, high (None where there is no range).
    """
    import altair as alt

    values = [
        {
            "method": row["method"].replace("_", " "),
            "value": _m(row["pence"]),
            "low": _m(row["low"]),
            "high": _m(row["high"]),
            "text": _label(row["pence"]),
        }
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("method:N", sort=[value["method"] for value in values], title=None)
    x = alt.X("value:Q", title="outturn, £ million", scale=alt.Scale(zero=False, padding=30))
    ranges = (
        base.transform_filter("isValid(datum.low)")
        .mark_bar(height=12, color=PALE_WARM, stroke=INK, strokeWidth=0.5)
        .encode(y=y, x="low:Q", x2="high:Q")
    )
    points = base.mark_point(filled=True, size=110, color=DARK, opacity=1).encode(y=y, x=x)
    text = base.mark_text(dy=-14, fontSize=12, color=INK).encode(y=y, x=x, text="text:N")
    return themed(
        alt.layer(ranges, points, text).properties(height=max(110, 44 * len(values))), 460
    )
