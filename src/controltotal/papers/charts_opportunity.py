"""Charts of opportunities: who stands out, what it is worth, what is counted twice, does it last.

Each takes the rows of a result's tables and gives an Altair chart. No meaning is carried by colour
alone: what survives testing is filled and square, what does not is hollow and round; areas asked
for are named; bounds are drawn as lines with ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.papers.svg import DARK, INK, LIGHT, MIDDLE, PALE_WARM, WARM, themed

Row = Mapping[str, Any]

MILLION: Final = 100_000_000
THOUSAND: Final = 100_000
BARS_MOST: Final = 20
KINDS: Final = (
    "wider than noise, and it lasts",
    "wider than noise, but closing by itself",
    "cannot be told from noise",
)
SHADES: Final = (WARM, MIDDLE, LIGHT)
SHAPES: Final = ("square", "triangle-up", "circle")


def opportunity_bars(rows: Sequence[Row]) -> Any:
    """The dearest opportunities with their 80% intervals, in £ thousand, by what testing says.

    `rows`: table `opportunities` of benchmark data (area, name, net, low, high, verdict). Only
    what could be told, and no measure that contains others, is drawn.
    """
    import altair as alt

    shown = [r for r in rows if r.get("verdict") in KINDS and r["unit"] == "pence"]
    shown = sorted(shown, key=lambda r: (-r["net"], r["area"], r["measure"]))[:BARS_MOST]
    values = [
        {
            "label": f"{r['area_name'] or r['area']}: {r['name']}"[:70],
            "net": r["net"] / THOUSAND,
            "low": r["low"] / THOUSAND,
            "high": r["high"] / THOUSAND,
            "told": r["verdict"],
        }
        for r in shown
    ]
    base = alt.Chart(alt.Data(values=values))
    order: list[str] = [str(v["label"]) for v in values]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=380))
    told = alt.Legend(orient="bottom", title=None, columns=1, labelLimit=320)
    scale = alt.Scale(domain=list(KINDS), range=list(SHADES))
    bars = base.mark_bar(stroke=INK, strokeWidth=0.5).encode(
        y=y,
        x=alt.X("net:Q", title="£ thousand a year, theoretical"),
        color=alt.Color("told:N", scale=scale, legend=told),
    )
    intervals = base.mark_rule(color=INK).encode(y=y, x="low:Q", x2="high:Q")
    marks = base.mark_point(filled=True, size=60, color=INK, opacity=1).encode(
        y=y,
        x="net:Q",
        shape=alt.Shape(
            "told:N", legend=told, scale=alt.Scale(domain=list(KINDS), range=list(SHAPES))
        ),
    )
    return themed(
        alt.layer(bars, intervals, marks).properties(height=max(120, 24 * len(values))), 340
    )


def funnel_chart(rows: Sequence[Row], measure: str) -> Any:
    """One measure's rates against size, within limits widened for everybody's usual spread.

    `rows`: table `funnel` (denominator, rate, target, low_95 … high_998, zone, asked, area).
    """
    import altair as alt

    shown = sorted((r for r in rows if r["measure"] == measure), key=lambda r: r["denominator"])
    values = [dict(r, ours="asked" if r["asked"] == "yes" else "others") for r in shown]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X(
        "denominator:Q", title="size (denominator of the period)", scale=alt.Scale(zero=False)
    )
    lines = [
        base.mark_line(color=INK, strokeDash=dash).encode(x=x, y=alt.Y(f"{name}:Q"))
        for name, dash in (
            ("low_95", [2, 3]),
            ("high_95", [2, 3]),
            ("low_998", [6, 3]),
            ("high_998", [6, 3]),
            ("target", [1, 0]),
        )
    ]
    who = alt.Legend(orient="bottom", title=None)
    points = base.mark_point(size=70, opacity=0.9).encode(
        x=x,
        y=alt.Y("rate:Q", title="rate"),
        shape=alt.Shape(
            "ours:N",
            legend=who,
            scale=alt.Scale(domain=["asked", "others"], range=["square", "circle"]),
        ),
        color=alt.Color(
            "ours:N", legend=who, scale=alt.Scale(domain=["asked", "others"], range=[WARM, MIDDLE])
        ),
        fill=alt.condition("datum.zone != 0", alt.value(PALE_WARM), alt.value("white")),
    )
    names = (
        base.transform_filter("datum.asked == 'yes'")
        .mark_text(align="left", dx=8, fontSize=12, color=INK)
        .encode(x=x, y="rate:Q", text="area:N")
    )
    return themed(alt.layer(*lines, points, names).properties(height=360), 480)


def run_chart(rows: Sequence[Row], measure: str, area: str) -> Any:
    """Month by month, one area's gap to its benchmark with its process limits.

    `rows`: table `series` (month, gap, mean, lower, upper, special).
    """
    import altair as alt

    values = [dict(r) for r in rows if r["measure"] == measure and r["area"] == area]
    base = alt.Chart(alt.Data(values=values))
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-60))
    limits = [
        base.mark_line(color=MIDDLE, strokeDash=dash).encode(x=x, y=f"{name}:Q")
        for name, dash in (("lower", [4, 3]), ("upper", [4, 3]), ("mean", [1, 0]))
    ]
    series = base.mark_line(color=DARK, strokeWidth=2).encode(
        x=x, y=alt.Y("gap:Q", title="gap to the benchmark, per denominator")
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=x,
        y="gap:Q",
        shape=alt.condition("datum.special == ''", alt.value("circle"), alt.value("triangle-up")),
        color=alt.condition("datum.special == ''", alt.value(DARK), alt.value(WARM)),
    )
    zero = alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color=INK).encode(y="y:Q")
    return themed(alt.layer(zero, *limits, series, points).properties(height=260), 480)


def overlap_heat(rows: Sequence[Row]) -> Any:
    """What each pair of categories would count twice, in £m, written in its cell.

    `rows`: table `overlap` of a book. Where no crosswalk is known the most that could be counted
    twice is shown, with "up to".
    """
    import altair as alt

    values = []
    for row in rows:
        known = row.get("overlap") is not None
        pence = row["overlap"] if known else row.get("overlap_at_most") or 0
        a, b = (
            row[f"view_{side}"] if row[f"category_{side}"] == "all" else row[f"category_{side}"]
            for side in ("a", "b")
        )
        text = f"{pence / MILLION:,.1f}" if known else f"up to {pence / MILLION:,.1f}"
        values.append({"a": a, "b": b, "pence": pence / MILLION, "text": text})
    base = alt.Chart(alt.Data(values=values))
    x, y = alt.X("b:N", title=None, axis=alt.Axis(labelAngle=0)), alt.Y("a:N", title=None)
    most = max((v["pence"] for v in values), default=1) or 1
    cells = base.mark_rect(stroke="white").encode(
        x=x,
        y=y,
        color=alt.Color(
            "pence:Q",
            title="counted twice, £ million",
            legend=None,
            scale=alt.Scale(domain=[0, most], range=["#f3f4f6", WARM]),
        ),
    )
    words = base.mark_text(fontSize=13).encode(
        x=x,
        y=y,
        text="text:N",
        color=alt.condition(f"datum.pence > {most * 0.6}", alt.value("white"), alt.value(INK)),
    )
    down = len({v["a"] for v in values})
    return themed(alt.layer(cells, words).properties(height=max(90, 48 * down)), 460)


def range_chart(lists: Sequence[tuple[str, int]], low: int, high: int) -> Any:
    """Each list as a bar, and below them what they can be worth together, as a range in £m."""
    import altair as alt

    together = "together"
    values = [{"label": name, "pence": pence / MILLION} for name, pence in lists]
    order: list[str] = [*(name for name, _ in lists), together]
    y = alt.Y("label:N", sort=order, title=None)
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(color=LIGHT, stroke=INK, strokeWidth=0.5)
        .encode(y=y, x=alt.X("pence:Q", title="£ million, theoretical"))
    )
    ends = {"label": together, "low": low / MILLION, "high": high / MILLION}
    base = alt.Chart(alt.Data(values=[ends]))
    line = base.mark_rule(color=WARM, strokeWidth=4).encode(y=y, x="low:Q", x2="high:Q")
    ticks = [
        base.mark_tick(color=WARM, thickness=3, size=26).encode(y=y, x=f"{end}:Q")
        for end in ("low", "high")
    ]
    said = [
        base.mark_text(dy=-20, fontSize=13, color=INK).encode(
            y=y, x=f"{end}:Q", text=alt.Text(f"{end}:Q", format=",.0f")
        )
        for end in ("low", "high")
    ]
    return themed(alt.layer(bars, line, *ticks, *said).properties(height=56 * len(order)), 460)


def fifth_chart(rows: Sequence[Row]) -> Any:
    """Opportunity a head by fifth of deprivation, before and after noise is taken off, in £.

    `rows`: table `fifths`; 1 is the most deprived fifth.
    """
    import altair as alt

    names = {1: "1, most deprived", 5: "5, least deprived"}
    values = [
        {
            "fifth": names.get(r["fifth"], str(r["fifth"])),
            "kind": kind,
            "pounds": (r[key] or 0) / 100,
        }
        for r in rows
        for kind, key in (
            ("as usually published", "raw_pence_a_head"),
            ("net of noise", "netted_pence_a_head"),
        )
    ]
    kinds = ["as usually published", "net of noise"]
    legend = alt.Legend(orient="bottom", title=None)
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("fifth:N", title="fifth of people by deprivation of their area")
    x = alt.X("pounds:Q", title="£ a head, theoretical", scale=alt.Scale(zero=True))
    lines = base.mark_rule(color=LIGHT).encode(y=y, x="min(pounds):Q", x2="max(pounds):Q")
    points = base.mark_point(filled=True, size=120, opacity=1).encode(
        y=y,
        x=x,
        shape=alt.Shape(
            "kind:N", legend=legend, scale=alt.Scale(domain=kinds, range=["circle", "square"])
        ),
        color=alt.Color(
            "kind:N", legend=legend, scale=alt.Scale(domain=kinds, range=[MIDDLE, WARM])
        ),
    )
    return themed(alt.layer(lines, points).properties(height=200), 420)
