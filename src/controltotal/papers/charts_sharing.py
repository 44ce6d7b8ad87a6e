"""Charts of sharing, deciding and places: who bears what, on whom it falls, who decides, who sits
where. No meaning is carried by colour alone: policies differ in shape and dash, votes are named,
and systems in breach are outlined and lettered in the table beside the map.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from controltotal.papers.svg import DARK, INK, LIGHT, MIDDLE, PALE_WARM, WARM, themed

MILLION = 100_000_000
SHADES: Final = (DARK, WARM, MIDDLE, "#7b6d3a", "#5b3a6e", INK, "#2e6b4f", "#8a5a00")
SHAPES: Final = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "triangle-right",
    "triangle-left",
)
MAP_GRID_DEGREES: Final = 0.02
"""Detail of the national map: about two kilometres, one pixel of a page."""

NARROWING: Final = 0.602
"""Cosine of 53 degrees north."""


def _policies(names: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Labels with a shade and a shape each, in the order given."""
    labels = [name.replace("_", " ") for name in names]
    return (
        labels,
        [SHADES[n % len(SHADES)] for n in range(len(labels))],
        [SHAPES[n % len(SHAPES)] for n in range(len(labels))],
    )


def burden_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """What each body bears under each policy, in £m: a mark a policy on the line of the body.

    `rows`: policy, name, pence.
    """
    import altair as alt

    names = list(dict.fromkeys(str(row["policy"]) for row in rows))
    labels, shades, shapes = _policies(names)
    values = [
        {
            "policy": str(row["policy"]).replace("_", " "),
            "body": row["name"],
            "bears": round(row["pence"] / MILLION, 4),
        }
        for row in rows
    ]
    bodies = list(dict.fromkeys(value["body"] for value in values))
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=bodies, title=None)
    lines = base.mark_rule(color=LIGHT).encode(y=y, x="min(bears):Q", x2="max(bears):Q")
    legend = alt.Legend(orient="bottom", title=None, columns=4)
    marks = base.mark_point(size=110, filled=True, opacity=0.9).encode(
        y=y,
        x=alt.X("bears:Q", title="bears, £ million", scale=alt.Scale(zero=True)),
        color=alt.Color("policy:N", legend=legend, scale=alt.Scale(domain=labels, range=shades)),
        shape=alt.Shape("policy:N", legend=legend, scale=alt.Scale(domain=labels, range=shapes)),
    )
    return themed(alt.layer(lines, marks).properties(height=max(120, 40 * len(bodies))), 480)


def curve_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Concentration curves: share of people, most deprived first, against share of the burden.

    `rows`: policy, people, burden, both 0 to 1. A curve above the diagonal means that deprived
    people bear more than their share.
    """
    import altair as alt

    names = list(dict.fromkeys(str(row["policy"]) for row in rows))
    labels, shades, _ = _policies(names)
    values = [
        {
            "policy": str(row["policy"]).replace("_", " "),
            "people": row["people"],
            "burden": row["burden"],
        }
        for row in rows
    ]
    base = alt.Chart(alt.Data(values=values))
    legend = alt.Legend(orient="bottom", title=None, columns=3)
    percent = alt.Axis(format="%")
    x = alt.X("people:Q", title="people, the most deprived first", axis=percent)
    curves = base.mark_line(strokeWidth=3).encode(
        x=x,
        y=alt.Y("burden:Q", title="share of the burden", axis=percent),
        color=alt.Color("policy:N", legend=legend, scale=alt.Scale(domain=labels, range=shades)),
        strokeDash=alt.StrokeDash("policy:N", legend=legend, scale=alt.Scale(domain=labels)),
    )
    even = (
        alt.Chart(alt.Data(values=[{"people": 0, "burden": 0}, {"people": 1, "burden": 1}]))
        .mark_line(color=INK, strokeWidth=1)
        .encode(x=x, y="burden:Q")
    )
    return themed(alt.layer(even, curves).properties(height=360), 400)


def votes_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Who voted how, a bar a member as long as its weight (one where none is stated).

    `rows`: name, vote, weight, conflict (a member with a conflict of interest takes no part).
    """
    import altair as alt

    values = [
        {
            "body": row["name"],
            "weight": row["weight"] or 1,
            "vote": "took no part" if row.get("conflict") else row["vote"],
        }
        for row in rows
    ]
    order = [value["body"] for value in sorted(values, key=lambda v: -v["weight"])]
    votes = ["for", "against", "abstain", "absent", "took no part"]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=order, title=None)
    bars = base.mark_bar(stroke=INK, strokeWidth=1).encode(
        y=y,
        x=alt.X("weight:Q", title="weight"),
        color=alt.Color(
            "vote:N",
            legend=None,
            scale=alt.Scale(domain=votes, range=[DARK, WARM, LIGHT, "#fff", "#fff"]),
        ),
    )
    text = base.mark_text(align="left", dx=6, fontSize=13, color=INK).encode(
        y=y, x="weight:Q", text="vote:N"
    )
    return themed(alt.layer(bars, text).properties(height=max(90, 28 * len(values))), 420)


def power_chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Voting power (bar) against share of weight (line) of each member.

    `rows`: name, share_of_weight, banzhaf.
    """
    import altair as alt

    values = [
        {"body": row["name"], "share": row["share_of_weight"], "power": row["banzhaf"]}
        for row in rows
        if row["banzhaf"] is not None
    ]
    order = [value["body"] for value in sorted(values, key=lambda v: -v["share"])]
    base = alt.Chart(alt.Data(values=values))
    y = alt.Y("body:N", sort=order, title=None)
    bars = base.mark_bar(color=MIDDLE, stroke=INK, strokeWidth=1).encode(
        y=y,
        x=alt.X("power:Q", axis=alt.Axis(format="%"), title="voting power (line: share of weight)"),
    )
    ticks = base.mark_tick(color=INK, thickness=4, size=20).encode(y=y, x="share:Q")
    return themed(alt.layer(bars, ticks).properties(height=max(90, 28 * len(values))), 420)


def breach_map(breach: Mapping[str, int]) -> Any:
    """England's systems, those in breach shaded and outlined. `breach`: 1 or 0 by Q code."""
    import altair as alt

    features = []
    for feature in _shapes():
        code = feature["properties"]["code"]
        said = {1: "in breach", 0: "not in breach"}.get(breach.get(code, -1), "no data")
        features.append({**feature, "properties": {**feature["properties"], "standing": said}})
    kinds = ["in breach", "not in breach", "no data"]
    data = alt.Data(
        values={"type": "FeatureCollection", "features": features},
        format=alt.DataFormat(property="features", type="json"),
    )
    chart = (
        alt.Chart(data)
        .mark_geoshape(stroke=INK)
        .encode(
            color=alt.Color(
                "properties.standing:N",
                scale=alt.Scale(domain=kinds, range=[PALE_WARM, "#f5f7f8", "#ffffff"]),
                legend=alt.Legend(title=None, orient="left"),
            ),
            strokeWidth=alt.condition(
                "datum.properties.standing == 'in breach'", alt.value(1.4), alt.value(0.4)
            ),
        )
        .project(type="identity", reflectY=True)
        .properties(height=560)
    )
    return themed(chart, 520)


def _shapes() -> list[dict[str, Any]]:
    """The packaged boundaries on the grid of the national map, drawn flat.

    Degrees east are narrowed to what they measure in the middle of England.
    """
    source = files("controltotal") / "data" / "geography" / "systems_2023.geojson"
    found = []
    for feature in json.loads(source.read_text("utf-8"))["features"]:
        polygons = [
            rings
            for polygon in feature["geometry"]["coordinates"]
            if (rings := [ring for one in polygon if (ring := _coarse(one))])
        ]
        assert polygons, "every system has a shape on the national map"
        flat = [
            [[[round(lon * NARROWING, 3), lat] for lon, lat in ring] for ring in rings]
            for rings in polygons
        ]
        found.append({**feature, "geometry": {"type": "MultiPolygon", "coordinates": flat}})
    return found


def _coarse(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    """A ring on the coarse grid without repeats; empty where it vanishes."""
    points: list[list[float]] = []
    for lon, lat in ring:
        point = [
            round(round(lon / MAP_GRID_DEGREES) * MAP_GRID_DEGREES, 2),
            round(round(lat / MAP_GRID_DEGREES) * MAP_GRID_DEGREES, 2),
        ]
        if not points or points[-1] != point:
            points.append(point)
    return points if len(points) >= 4 and points[0] == points[-1] else []
