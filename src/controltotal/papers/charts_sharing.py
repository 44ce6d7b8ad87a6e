"""Charts of sharing, deciding and places: who bears what, on whom it falls, who decides, who sits
where. No meaning is carried by colour alone: policies differ in shape and dash, votes are named,
and systems in breach are outlined and lettered in the table beside the map.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    PALE_WARM,
    WARM,
    Rows,
    Spec,
    chart,
    either,
    key,
    kinds,
    mark,
    million,
    name,
    number,
    span,
)

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
VOTES: Final = {
    "for": DARK,
    "against": WARM,
    "abstain": LIGHT,
    "absent": "#fff",
    "took no part": "#fff",
}
MAP_GRID_DEGREES: Final = 0.02
"""Detail of the national map: about two kilometres, one pixel of a page."""

NARROWING: Final = 0.602
"""Cosine of 53 degrees north."""


def _policy(row: Mapping[str, Any]) -> str:
    return str(row["policy"]).replace("_", " ")


def _looks(rows: Rows, looks: Sequence[str]) -> dict[str, str]:
    """A look for each policy, in the order in which they stand."""
    names = dict.fromkeys(_policy(row) for row in rows)
    return {one: looks[place % len(looks)] for place, one in enumerate(names)}


def burden_chart(rows: Rows) -> Spec:
    """What each body bears under each policy, in £m: a mark a policy on the line of the body.

    `rows`: policy, name, pence.
    """
    shown = [
        {"policy": _policy(row), "body": row["name"], "bears": million(row["pence"])}
        for row in rows
    ]
    bodies = list(dict.fromkeys(row["body"] for row in shown))
    y = name("body", title=None, sort=bodies)
    legend = key("bottom", columns=4)
    marks = {
        "y": y,
        "x": number("bears", "bears, £ million", scale={"zero": True}),
        "color": kinds("policy", _looks(rows, SHADES), legend),
        "shape": kinds("policy", _looks(rows, SHAPES), legend),
    }
    return chart(
        mark("rule", {"y": y, **span("bears")}, color=LIGHT),
        mark("point", marks, size=110, filled=True, opacity=0.9),
        rows=shown,
        width=480,
        height=max(120, 40 * len(bodies)),
    )


def curve_chart(rows: Rows, *, width: int = 400) -> Spec:
    """Concentration curves: share of people, most deprived first, against share of the burden.

    `rows`: policy, people, burden, both 0 to 1. A curve above the diagonal means that deprived
    people bear more than their share.
    """
    shown = [
        {"policy": _policy(row), "people": row["people"], "burden": row["burden"]} for row in rows
    ]
    shades = _looks(rows, SHADES)
    legend = {**key("bottom", columns=2 if width >= 400 else 1), "labelLimit": 400}
    percent = {"format": "%"}
    x = number("people", "people, the most deprived first", axis=percent)
    curves = {
        "x": x,
        "y": number("burden", "share of the burden", axis=percent),
        "color": kinds("policy", shades, legend),
        "strokeDash": name("policy", legend=legend, scale={"domain": list(shades)}),
    }
    return chart(
        mark(
            "line",
            {"x": x, "y": number("burden")},
            rows=[{"people": 0, "burden": 0}, {"people": 1, "burden": 1}],
            color=INK,
            strokeWidth=1,
        ),
        mark("line", curves, rows=shown, strokeWidth=3),
        width=width,
        height=round(width * 0.7),
    )


def votes_chart(rows: Rows) -> Spec:
    """Who voted how, a bar a member as long as its weight (one where none is stated).

    `rows`: name, vote, weight, conflict (a member with a conflict of interest takes no part).
    """
    shown = [
        {
            "body": row["name"],
            "weight": row["weight"] or 1,
            "vote": "took no part" if row.get("conflict") else row["vote"],
        }
        for row in rows
    ]
    order = [row["body"] for row in sorted(shown, key=lambda row: -row["weight"])]
    y = name("body", title=None, sort=order)
    return chart(
        mark(
            "bar",
            {"y": y, "x": number("weight", "weight"), "color": kinds("vote", VOTES)},
            stroke=INK,
            strokeWidth=1,
        ),
        mark(
            "text",
            {"y": y, "x": number("weight"), "text": name("vote")},
            align="left",
            dx=6,
            fontSize=13,
            color=INK,
        ),
        rows=shown,
        width=420,
        height=max(90, 28 * len(shown)),
    )


def power_chart(rows: Rows) -> Spec:
    """Voting power (bar) against share of weight (line) of each member.

    `rows`: name, share_of_weight, banzhaf.
    """
    shown = [
        {"body": row["name"], "share": row["share_of_weight"], "power": row["banzhaf"]}
        for row in rows
        if row["banzhaf"] is not None
    ]
    order = [row["body"] for row in sorted(shown, key=lambda row: -row["share"])]
    y = name("body", title=None, sort=order)
    title = "voting power (line: share of weight)"
    return chart(
        mark(
            "bar",
            {"y": y, "x": number("power", title, axis={"format": "%"})},
            color=MIDDLE,
            stroke=INK,
            strokeWidth=1,
        ),
        mark("tick", {"y": y, "x": number("share")}, color=INK, thickness=4, size=20),
        rows=shown,
        width=420,
        height=max(90, 28 * len(shown)),
    )


APART: Final = "does not match its councils"
STANDINGS: Final = {
    APART: PALE_WARM,
    "matches them": "#f5f7f8",
    "no data": "#ffffff",
}


def breach_map(breach: Mapping[str, int]) -> Spec:
    """England's systems, those in breach shaded and outlined. `breach`: 1 or 0 by Q code."""
    features = []
    for feature in _shapes():
        code = feature["properties"]["code"]
        standing = {1: APART, 0: "matches them"}.get(breach.get(code, -1), "no data")
        features.append({**feature, "properties": {**feature["properties"], "standing": standing}})
    return chart(
        mark(
            "geoshape",
            {
                "color": kinds("properties.standing", STANDINGS, key("left")),
                "strokeWidth": either(f"datum.properties.standing == '{APART}'", 1.4, 0.4),
            },
            stroke=INK,
        ),
        data={
            "values": {"type": "FeatureCollection", "features": features},
            "format": {"property": "features", "type": "json"},
        },
        projection={"type": "identity", "reflectY": True},
        width=320,
        height=345,
    )


@cache
def _shapes() -> Sequence[Mapping[str, Any]]:
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
        flat = [
            [[[round(lon * NARROWING, 3), lat] for lon, lat in ring] for ring in rings]
            for rings in polygons
        ]
        found.append({**feature, "geometry": {"type": "MultiPolygon", "coordinates": flat}})
    return tuple(found)


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
