"""Charts of forecast and risk: fan, tornado, chances by level, calibration, XmR, methods.

Each takes the rows of a Result's table as they stand. Money is shown in £ million; nothing is
worked out here beyond that.
"""

from __future__ import annotations

from typing import Any

from controltotal.core.calendar import month_name
from controltotal.core.period import period
from controltotal.core.show import chance_text
from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    PALE_WARM,
    PENCE_IN_MILLION,
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

NEWS = {"usual variation": ("circle", DARK), "news": ("diamond", WARM)}
"""What a month on a control chart can be, with its shape and its shade."""


def fan_chart(rows: Rows, control_total: int | None = None, support: int = 0) -> Spec:
    """The position to date by month: median, half and eight tenths of the draws, in £m.

    `rows`: month (1 is April), p10_pence, p25_pence … p90_pence. `control_total` is a line, drawn
    less the `support` that counts towards it, because the fan holds none.
    """
    months = [month_name(row["month"])[:3] for row in rows]
    shown: list[dict[str, Any]] = [
        {
            "month": month,
            **{q: million_or_none(row[f"{q}_pence"]) for q in ("p10", "p25", "p50", "p75", "p90")},
        }
        for month, row in zip(months, rows, strict=True)
    ]
    x = step("month", title=None, sort=months, axis={"labelAngle": 0})
    title = "surplus or (deficit) to date, £ million"
    ends = [
        {
            "month": row["month"],
            "at": row[q],
            "text": f"{words} {label(row[q] * PENCE_IN_MILLION)}",
        }
        for row in shown[-1:]
        for q, words in (("p90", "9 in 10 below"), ("p50", "middle"), ("p10", "1 in 10 below"))
    ]
    layers = [
        mark("area", {"x": x, "y": number("p10", title), "y2": end("p90")}, color=LIGHT),
        mark("area", {"x": x, "y": number("p25"), "y2": end("p75")}, color=MIDDLE),
        mark("line", {"x": x, "y": number("p50")}, color=DARK, strokeWidth=3),
        mark(
            "text",
            {"x": x, "y": number("place"), "text": name("text")},
            rows=_apart(ends, shown),
            align="left",
            dx=6,
            fontSize=12,
            color=INK,
        ),
    ]
    if control_total is not None:
        text = f"control total {label(control_total)}"
        text += f" less {label(support)} of support" if support else ""
        target = [{"at": million(control_total - support), "text": text}]
        layers += [
            mark(
                "rule",
                {"y": number("at")},
                rows=target,
                color=WARM,
                strokeWidth=2,
                strokeDash=[6, 4],
            ),
            mark(
                "text",
                {"x": {"value": 4}, "y": number("at"), "text": name("text")},
                rows=target,
                align="left",
                baseline="bottom",
                dy=-4,
                fontSize=12,
                color=WARM,
            ),
        ]
    return chart(*layers, rows=shown, width=560, height=320)


def years_chart(rows: Rows) -> Spec:
    """The outturn year by year: eight tenths of the draws, the middle, the control total, in £m.

    `rows`: year (as people write it), p10, p50, p90 and control_total in pence (or None).
    """
    shown = [
        {
            "year": row["year"],
            "text": label(row["p50"]),
            **{
                field: million_or_none(row[field])
                for field in ("p10", "p50", "p90", "control_total")
            },
        }
        for row in rows
    ]
    x = step("year", title=None, axis={"labelAngle": 0})
    y = number("p10", "outturn, £ million (line: control total)")
    return chart(
        mark(
            "bar",
            {"x": x, "y": y, "y2": end("p90")},
            size=46,
            color=LIGHT,
            stroke=INK,
            strokeWidth=0.5,
        ),
        mark("tick", {"x": x, "y": number("p50")}, color=DARK, thickness=4, size=46),
        mark(
            "text",
            {"x": x, "y": number("p50"), "text": name("text")},
            align="left",
            dx=28,
            fontSize=13,
            color=INK,
        ),
        mark(
            "tick",
            {"x": x, "y": number("control_total")},
            where="isValid(datum.control_total)",
            color=WARM,
            thickness=3,
            size=60,
        ),
        rows=shown,
        width=480,
        height=260,
    )


def _apart(labels: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """End labels moved apart so that none lies on another; from the top down."""
    reach = [value for row in rows for field, value in row.items() if field != "month"]
    room = (max(reach) - min(reach) or 1.0) * 0.055
    place = float("inf")
    for one in labels:
        place = min(one["at"], place - room)
        one["place"] = place
    return labels


def tornado_chart(rows: Rows, most: int = 12) -> Spec:
    """How far each source alone moves the year's outturn, from its 10th to its 90th, in £m.

    `rows`: driver, title, mean_pence, low_pence, high_pence, the widest first.
    """
    widest = sorted(rows, key=lambda row: row["low_pence"] - row["high_pence"])[:most]
    shown = [
        {
            "source": f"{row['driver']}: {row['title']}",
            "side": side,
            "from": million_or_none(row["mean_pence"]),
            "to": million_or_none(row[field]),
            "text": label(row[field]),
        }
        for row in widest
        for side, field in (("worse", "low_pence"), ("better", "high_pence"))
    ]
    order = list(dict.fromkeys(row["source"] for row in shown))
    y = name("source", title=None, sort=order, axis={"labelLimit": 340})
    scale = {"zero": False, "padding": 46}
    title = "outturn with this source alone at its low and high, £ million"

    def at_its_end(side: str, align: str, dx: int) -> Spec:
        return mark(
            "text",
            {"y": y, "x": number("to", scale=scale), "text": name("text")},
            where=f"datum.side == '{side}'",
            align=align,
            dx=dx,
            fontSize=11,
            color=INK,
        )

    return chart(
        mark(
            "bar",
            {
                "y": y,
                "x": number("from", title, axis={"labelOverlap": True}, scale=scale),
                "x2": end("to"),
                "color": kinds("side", {"worse": WARM, "better": MIDDLE}, key("top")),
            },
            stroke=INK,
            strokeWidth=1,
            height=16,
        ),
        at_its_end("worse", "right", -4),
        at_its_end("better", "left", 4),
        rows=shown,
        width=420,
        height=max(120, 28 * len(order)),
    )


def chances_chart(rows: Rows) -> Spec:
    """Chance of meeting the control total, a bar a body. `rows`: name, chance (0 to 1)."""
    shown = [
        {"body": row["name"], "chance": row["chance"], "text": chance_text(row["chance"], 0)}
        for row in rows
    ]
    y = name("body", title=None, sort=[row["body"] for row in shown])
    x = number(
        "chance",
        "chance of meeting the control total",
        scale={"domain": [0, 1]},
        axis={"format": "%"},
    )
    return chart(
        mark("bar", {"y": y, "x": x}, color=MIDDLE, stroke=INK, strokeWidth=1),
        mark(
            "text",
            {"y": y, "x": x, "text": name("text")},
            align="left",
            dx=5,
            fontSize=12,
            color=INK,
        ),
        rows=shown,
        width=420,
        height=max(100, 28 * len(shown)),
    )


def calibration_chart(rows: Rows) -> Spec:
    """A reliability diagram: chance told against share observed. `rows`: level, observed."""
    shown = [{"level": row["level"], "observed": row["observed"]} for row in rows]
    axis = {"format": "%", "tickCount": 5}
    scale = {"domain": [0, 1]}
    x = number("level", "chance told", scale=scale, axis=axis)
    y = number("observed", "share of past cases at or below", scale=scale, axis=axis)
    return chart(
        mark(
            "line",
            {"x": number("a", scale=scale), "y": number("b", scale=scale)},
            rows=[{"a": 0, "b": 0}, {"a": 1, "b": 1}],
            color=WARM,
            strokeDash=[6, 4],
        ),
        mark(
            "line",
            {"x": x, "y": y},
            rows=shown,
            color=DARK,
            strokeWidth=2,
            point={"filled": True, "size": 70},
        ),
        width=320,
        height=320,
    )


def xmr_chart(rows: Rows) -> Spec:
    """An XmR chart in £m: months, mean, limits, and a mark on every month that is news.

    `rows`: year, month, pence, mean_pence, lower_pence, upper_pence, rules.
    """
    shown = [
        {
            "at": f"{row['year']} {row['month']:02d}",
            "label": f"{month_name(row['month'])[:3]} {period(row['year']).year.first % 100:02d}",
            "value": million_or_none(row["pence"]),
            "mean": million_or_none(row["mean_pence"]),
            "lower": million_or_none(row["lower_pence"]),
            "upper": million_or_none(row["upper_pence"]),
            "news": "news" if row["rules"] else "usual variation",
        }
        for row in rows
    ]
    x = step(
        "label",
        title=None,
        sort=[row["label"] for row in shown],
        axis={"labelAngle": 0, "labelOverlap": True},
    )
    y = number("value", "surplus or (deficit) in the month, £ million", scale={"zero": False})
    news = {
        "shape": kinds("news", {kind: shape for kind, (shape, _) in NEWS.items()}, key("top")),
        "color": {
            "field": "news",
            "type": "nominal",
            "scale": {"domain": list(NEWS), "range": [shade for _, shade in NEWS.values()]},
        },
    }
    return chart(
        mark("line", {"x": x, "y": number("lower")}, color=MIDDLE, strokeDash=[6, 4]),
        mark("line", {"x": x, "y": number("upper")}, color=MIDDLE, strokeDash=[6, 4]),
        mark("line", {"x": x, "y": number("mean")}, color=MIDDLE),
        mark("line", {"x": x, "y": y}, color=DARK, strokeWidth=2),
        mark("point", {"x": x, "y": y, **news}, filled=True, size=90, opacity=1),
        rows=shown,
        width=560,
        height=280,
    )


def methods_chart(rows: Rows) -> Spec:
    """Forecasts of one body by method, with their ranges, in £m.

    `rows`: method, pence, low, high (None where there is no range).
    """
    shown = [
        {
            "method": row["method"].replace("_", " "),
            "value": million_or_none(row["pence"]),
            "low": million_or_none(row["low"]),
            "high": million_or_none(row["high"]),
            "text": label(row["pence"]),
        }
        for row in rows
    ]
    y = name("method", title=None, sort=[row["method"] for row in shown])
    x = number("value", "outturn, £ million", scale={"zero": False, "padding": 30})
    return chart(
        mark(
            "bar",
            {"y": y, "x": number("low"), "x2": end("high")},
            where="isValid(datum.low)",
            height=12,
            color=PALE_WARM,
            stroke=INK,
            strokeWidth=0.5,
        ),
        mark("point", {"y": y, "x": x}, filled=True, size=110, color=DARK, opacity=1),
        mark("text", {"y": y, "x": x, "text": name("text")}, dy=-14, fontSize=12, color=INK),
        rows=shown,
        width=460,
        height=max(110, 44 * len(shown)),
    )
