"""Charts of opportunities: who stands out, what it is worth, what is counted twice, does it last.

Each takes the rows of a result's tables. No meaning is carried by colour alone: what survives
testing is filled and square, what does not is hollow and round; areas asked for are named; bounds
are drawn as lines with ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
    either,
    end,
    key,
    kinds,
    mark,
    name,
    number,
    span,
    step,
)

PENCE_IN_THOUSAND: Final = 100_000
BARS_MOST: Final = 20
KINDS: Final = {
    "wider than noise, and it lasts": (WARM, "square"),
    "wider than noise, but closing by itself": (MIDDLE, "triangle-up"),
    "cannot be told from noise": (LIGHT, "circle"),
}
"""What testing says of a gap, with its shade and its shape."""


def opportunity_bars(rows: Rows) -> Spec:
    """The dearest opportunities with their 80% intervals, in £ thousand, by what testing says.

    `rows`: table `opportunities` of benchmark data (area, name, net, low, high, verdict). Only
    what could be told, and no measure that contains others, is drawn.
    """
    told = [row for row in rows if row.get("verdict") in KINDS and row["unit"] == "pence"]
    told = sorted(told, key=lambda row: (-row["net"], row["area"], row["measure"]))[:BARS_MOST]
    shown = [
        {
            "label": f"{row['area_name'] or row['area']}: {row['name']}"[:70],
            "net": row["net"] / PENCE_IN_THOUSAND,
            "low": row["low"] / PENCE_IN_THOUSAND,
            "high": row["high"] / PENCE_IN_THOUSAND,
            "told": row["verdict"],
        }
        for row in told
    ]
    order = [row["label"] for row in shown]
    y = name("label", title=None, sort=order, axis={"labelLimit": 380})
    legend = key("bottom", columns=1, labelLimit=320)
    shades = {kind: shade for kind, (shade, _) in KINDS.items()}
    shapes = {kind: shape for kind, (_, shape) in KINDS.items()}
    return chart(
        mark(
            "bar",
            {
                "y": y,
                "x": number("net", "£ thousand a year, theoretical"),
                "color": kinds("told", shades, legend),
            },
            stroke=INK,
            strokeWidth=0.5,
        ),
        mark("rule", {"y": y, "x": number("low"), "x2": end("high")}, color=INK),
        mark(
            "point",
            {"y": y, "x": number("net"), "shape": kinds("told", shapes, legend)},
            filled=True,
            size=60,
            color=INK,
            opacity=1,
        ),
        rows=shown,
        width=340,
        height=max(120, 24 * len(shown)),
    )


def funnel_chart(rows: Rows, measure: str) -> Spec:
    """One measure's rates against size, within limits widened for everybody's usual spread.

    `rows`: table `funnel` (denominator, rate, target, low_95 … high_998, zone, asked, area).
    """
    ordered = sorted(
        (row for row in rows if row["measure"] == measure), key=lambda row: row["denominator"]
    )
    shown = [dict(row, ours="asked" if row["asked"] == "yes" else "others") for row in ordered]
    x = number("denominator", "size (denominator of the period)", scale={"zero": False})
    limits = {
        "low_95": [2, 3],
        "high_95": [2, 3],
        "low_998": [6, 3],
        "high_998": [6, 3],
        "target": [1, 0],
    }
    legend = key("bottom")
    points = {
        "x": x,
        "y": number("rate", "rate"),
        "shape": kinds("ours", {"asked": "square", "others": "circle"}, legend),
        "color": kinds("ours", {"asked": WARM, "others": MIDDLE}, legend),
        "fill": either("datum.zone != 0", PALE_WARM, "white"),
    }
    return chart(
        *(
            mark("line", {"x": x, "y": number(field)}, color=INK, strokeDash=dash)
            for field, dash in limits.items()
        ),
        mark("point", points, size=70, opacity=0.9),
        mark(
            "text",
            {"x": x, "y": number("rate"), "text": name("area")},
            where="datum.asked == 'yes'",
            align="left",
            dx=8,
            fontSize=12,
            color=INK,
        ),
        rows=shown,
        width=480,
        height=360,
    )


def run_chart(rows: Rows, measure: str, area: str) -> Spec:
    """Month by month, one area's gap to its benchmark with its process limits.

    `rows`: table `series` (month, gap, mean, lower, upper, special).
    """
    shown = [row for row in rows if row["measure"] == measure and row["area"] == area]
    x = step("month", title=None, axis={"labelAngle": -60})
    usual = "datum.special == ''"
    points = {
        "x": x,
        "y": number("gap"),
        "shape": either(usual, "circle", "triangle-up"),
        "color": either(usual, DARK, WARM),
    }
    return chart(
        mark("rule", {"y": number("y")}, rows=[{"y": 0}], color=INK),
        *(
            mark("line", {"x": x, "y": number(field)}, color=MIDDLE, strokeDash=dash)
            for field, dash in {"lower": [4, 3], "upper": [4, 3], "mean": [1, 0]}.items()
        ),
        mark(
            "line",
            {"x": x, "y": number("gap", "gap to the benchmark, per denominator")},
            color=DARK,
            strokeWidth=2,
        ),
        mark("point", points, filled=True, size=70, opacity=1),
        rows=shown,
        width=480,
        height=260,
    )


def overlap_heat(rows: Rows) -> Spec:
    """What each pair of categories would count twice, in £m, written in its cell.

    `rows`: table `overlap` of a book. Where no crosswalk is known the most that could be counted
    twice is shown, with "up to".
    """
    shown = []
    for row in rows:
        known = row.get("overlap") is not None
        pence = row["overlap"] if known else row.get("overlap_at_most") or 0
        a, b = (
            row[f"view_{side}"] if row[f"category_{side}"] == "all" else row[f"category_{side}"]
            for side in ("a", "b")
        )
        amount = pence / PENCE_IN_MILLION
        text = f"{amount:,.1f}" if known else f"up to {amount:,.1f}"
        shown.append({"a": a, "b": b, "pence": amount, "text": text})
    x = name("b", title=None, axis={"labelAngle": 0})
    y = name("a", title=None)
    most = max((row["pence"] for row in shown), default=1) or 1
    colour = number(
        "pence",
        "counted twice, £ million",
        legend=None,
        scale={"domain": [0, most], "range": ["#f3f4f6", WARM]},
    )
    dark = f"datum.pence > {most * 0.6}"
    return chart(
        mark("rect", {"x": x, "y": y, "color": colour}, stroke="white"),
        mark(
            "text",
            {"x": x, "y": y, "text": name("text"), "color": either(dark, "white", INK)},
            fontSize=13,
        ),
        rows=shown,
        width=460,
        height=max(90, 48 * len({row["a"] for row in shown})),
    )


def range_chart(lists: Sequence[tuple[str, int]], low: int, high: int, *, width: int = 460) -> Spec:
    """Each list as a bar, and below them what they can be worth together, as a range in £m.

    `width` is that of the bars in pixels, without their names.
    """
    together = "together: lower to upper bound"
    shown = [{"label": title, "pence": pence / PENCE_IN_MILLION} for title, pence in lists]
    order = [*(title for title, _ in lists), together]
    y = name("label", title=None, sort=order)
    ends = [{"label": together, "low": low / PENCE_IN_MILLION, "high": high / PENCE_IN_MILLION}]
    line = mark(
        "rule",
        {"y": y, "x": number("low"), "x2": end("high")},
        rows=ends,
        color=WARM,
        strokeWidth=4,
    )
    ticks = [
        mark("tick", {"y": y, "x": number(side)}, rows=ends, color=WARM, thickness=3, size=26)
        for side in ("low", "high")
    ]
    texts = [
        mark(
            "text",
            {"y": y, "x": number(side), "text": number(side, format=",.0f")},
            rows=ends,
            dy=-20,
            fontSize=13,
            color=INK,
        )
        for side in ("low", "high")
    ]
    return chart(
        mark(
            "bar",
            {"y": y, "x": number("pence", "£ million, theoretical")},
            rows=shown,
            color=LIGHT,
            stroke=INK,
            strokeWidth=0.5,
        ),
        line,
        *ticks,
        *texts,
        width=width,
        height=40 * len(order),
    )


def fifth_chart(rows: Rows) -> Spec:
    """Opportunity a head by fifth of deprivation, before and after noise is taken off, in £.

    `rows`: table `fifths`; 1 is the most deprived fifth.
    """
    names = {1: "1, most deprived", 5: "5, least deprived"}
    taken = {"as usually published": "raw_pence_a_head", "net of noise": "netted_pence_a_head"}
    shown = [
        {
            "fifth": names.get(row["fifth"], str(row["fifth"])),
            "kind": kind,
            "pounds": row[field] / 100,
        }
        for row in rows
        for kind, field in taken.items()
        if row[field] is not None
    ]
    legend = key("bottom")
    y = name("fifth", "fifth of people by deprivation of their area")
    points = {
        "y": y,
        "x": number("pounds", "£ a head, theoretical", scale={"zero": True}),
        "shape": kinds("kind", dict(zip(taken, ("circle", "square"), strict=True)), legend),
        "color": kinds("kind", dict(zip(taken, (MIDDLE, WARM), strict=True)), legend),
    }
    return chart(
        mark("rule", {"y": y, **span("pounds")}, color=LIGHT),
        mark("point", points, filled=True, size=120, opacity=1),
        rows=shown,
        width=420,
        height=200,
    )
