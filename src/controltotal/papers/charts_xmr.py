"""A control chart of one monthly line: is a month news, or only the usual variation?

A point outside them and a point of a run have shapes of their
own; too few months have no limits, and it is said; a month that nobody told leaves a hole.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from controltotal.core.calendar import MONTH_NAMES, month_name
from controltotal.core.names import listed
from controltotal.core.period import period
from controltotal.papers.charts_frame import (
    LETTER,
    LINE,
    NOT_NIL,
    PALE,
    SIZE,
    WIDE,
    Along,
    Frame,
    Item,
    along,
    axis,
    capital,
    dash,
    dot,
    drawing,
    key_layers,
    key_tall,
    pixel,
    words_wide,
    wrapped,
    writing,
)
from controltotal.papers.charts_record import EDGE, Plot, end_labels
from controltotal.papers.sections import ChartView, Native, Series, chart_id
from controltotal.papers.vega import DARK, INK, WARM, Rows, Spec, end, mark

USUAL, OUTSIDE, RUN = "usual", "outside", "run"
SHAPES: Final = {
    USUAL: ("circle", INK, 45),
    OUTSIDE: ("diamond", WARM, 150),
    RUN: ("square", DARK, 80),
}
"""Kinds of points, each with its shape, its shade and its size."""


def xmr(rows: Rows, subject: str, *, width: str = WIDE, unit: str = "") -> ChartView | None:
    """One monthly line with its centre and its natural limits, and the months that are news.

    `rows`: year, month, pence, mean_pence, lower_pence, upper_pence (None where there are too few
    months), rules, provisional, stand_in; as table `control_chart` of `position` or `xmr` of `forecast`.
    `subject` is what the line is: `Agency pay`. A month that stands in has no point, and it is said:
    a control chart is of what was recorded.
    """
    told = sorted(
        (row for row in rows if row["pence"] is not None and not row.get("stand_in")),
        key=lambda r: (r["year"], r["month"]),
    )
    if not told:
        return None
    frame = Frame(width, unit)
    first = _place_of(told[0])
    points = [(1 + _place_of(row) - first, row) for row in told]
    limits = _limits(told)
    if len({frame.money(pence) for _, pence in limits}) < len(limits):
        frame = Frame(width, unit, finer=1)  # limits that differ do not look alike
    held = [row["pence"] for row in told] + [pence for _, pence in limits]
    items = _key(told, limits)
    nil = min(held) <= 0 <= max(held)
    aside = _no_point(rows)
    parts = [f"{subject} in the month, {frame.words}", "" if nil else NOT_NIL, aside]
    title = wrapped("; ".join(filter(None, parts)), int(frame.pixels // LETTER))
    caption = key_tall(items, frame) + LINE / 2
    top = caption + LINE * (title.count("\n") + 1) + 4
    height, last = top + (210 if frame.narrow else 170), max(2, points[-1][0])
    letters = 12 if frame.narrow else 20
    ends = [(pence, wrapped(f"{words} {frame.money(pence)}", letters)) for words, pence in limits]
    ends.sort(key=lambda one: -one[0])
    right = frame.pixels - max([words_wide(text) for _, text in ends], default=0) - 20
    line = along([frame.scaled(one) for one in held], height - 8, top + 8, nil=False)
    plot = Plot(Along(1, last, 52, right), line, frame)
    layers = [
        *_axes(points, plot),
        *_limit_lines(limits, plot),
        *_pieces(points, plot),
        *_dots(points, plot),
        *(end_labels(ends, plot, top, height) if ends else []),
        writing({"x": pixel(0), "y": pixel(caption)}, [{"text": title}]),
    ]
    spec = drawing([*key_layers(items, frame, _KEY), *layers], frame, height)
    identity = chart_id("xmr", str(told[0].get("organisation", "")), subject)
    message = _title(told, limits, subject, frame)
    words = _words(told, limits, subject, frame) + (f" {aside}." if aside else "")
    native = Native("lines", parts[0], "name", _native_series(rows, limits))
    return ChartView(identity, message, spec, words, native=native)


def _native_series(rows: Rows, limits: list[tuple[str, int]]) -> tuple[Series, ...]:
    """What a spreadsheet draws of the table behind the chart, and the months that are news."""
    found = []
    if limits:
        found = [
            Series("upper limit", "upper_pence", "limit"),
            Series("mean", "mean_pence", "mean"),
            Series("lower limit", "lower_pence", "limit"),
        ]
    found.append(Series("usual variation" if limits else "months", "pence", "months"))
    for kind, words in ((OUTSIDE, "outside the limits"), (RUN, "part of a run")):
        values = tuple(
            row["pence"] if not row.get("stand_in") and _kind(row) == kind else None for row in rows
        )
        if limits and any(value is not None for value in values):
            found.append(Series(words, values, kind))
    return tuple(found)


_KEY: Final = {
    **{kind: dot(shape, shade, size=size) for kind, (shape, shade, size) in SHAPES.items()},
    "mean": dash(PALE, wide=2),
    "limits": dash(PALE, [6, 4], wide=2),
}


def _no_point(rows: Rows) -> str:
    """Which months have no point because something stands in, and what; empty where none does.

    >>> _no_point([{"month": 9, "stand_in": "Cedar as planned after month 8"}, {"month": 8}])
    'December has no point (Cedar as planned after month 8)'
    """
    held = [row for row in rows if row.get("stand_in")]
    if not held:
        return ""
    named = listed([month_name(row["month"]) for row in held])
    verb = "has" if len(held) == 1 else "have"
    return f"{named} {verb} no point ({held[-1]['stand_in']})"


def _place_of(row: Mapping[str, Any]) -> int:
    """The months since the year nought, so that a month untold keeps its place."""
    return period(row["year"]).year.first * 12 + int(row["month"])


def _kind(row: Mapping[str, Any]) -> str:
    rules = [one.strip() for one in str(row["rules"] or "").split(",") if one.strip()]
    return OUTSIDE if "point" in rules else RUN if rules else USUAL


def _limits(told: Rows) -> list[tuple[str, int]]:
    """Upper limit, mean and lower limit where every month has them."""
    first = told[0]
    found = [
        ("upper limit", first["upper_pence"]),
        ("mean", first["mean_pence"]),
        ("lower limit", first["lower_pence"]),
    ]
    return [] if any(pence is None for _, pence in found) else found


def _key(told: Rows, limits: list[tuple[str, int]]) -> list[Item]:
    found = {_kind(row) for row in told} if limits else set()
    items: list[Item] = []
    for kind, words in (
        (USUAL, "usual variation"),
        (OUTSIDE, "outside the limits"),
        (RUN, "part of a run too long for chance"),
    ):
        items += [(kind, words)] if kind in found else []
    items += [("mean", "mean"), ("limits", "natural limits")] if limits else []
    return items


def _axes(points: list[tuple[int, Mapping[str, Any]]], plot: Plot) -> list[Spec]:
    """Months along the foot, as many as there is room for, and money up the side."""
    first, last = points[0][1], int(plot.across.high)
    every = max(1, -(-last // (6 if plot.frame.narrow else 12)))
    names = []
    for month in range(last):
        at = int(first["month"]) - 1 + month
        year = period(first["year"]).year.first + (int(first["month"]) + 2 + month) // 12
        short = MONTH_NAMES[at % 12][:3]
        names.append(f"{short} {year % 100:02d}" if last > 12 else short)
    foot = {
        "values": list(range(1, last + 1, every)),
        "labelExpr": f"{names}[datum.value - 1]",
        "grid": False,
        "title": None,
        "labelFontSize": SIZE,
        "labelFlush": False,
        "domain": True,
    }
    x = {**plot.place()["x"], "axis": foot}
    side = {**axis(plot.tall, plot.frame, (), grid=True), "offset": EDGE - plot.across.first}
    y = {**plot.place()["y"], "axis": side}
    rows = [{"x": 1, "y": plot.tall.low}]
    return [mark("point", {"x": x, "y": y}, rows=rows, opacity=0)]


def _limit_lines(limits: list[tuple[str, int]], plot: Plot) -> list[Spec]:
    layers = []
    for words, pence in limits:
        rows = [plot.point(1, pence), plot.point(int(plot.across.high), pence)]
        dashes = [1, 0] if words == "mean" else [6, 4]
        layers.append(
            mark("line", plot.place(), rows=rows, color=PALE, strokeWidth=2, strokeDash=dashes)
        )
    return layers


def _pieces(points: list[tuple[int, Mapping[str, Any]]], plot: Plot) -> list[Spec]:
    """The line between months that follow each other."""
    rows = []
    for (at, row), (then, after) in pairwise(points):
        if then == at + 1:
            last = plot.point(then, after["pence"])
            rows.append({**plot.point(at, row["pence"]), "x2": last["x"], "y2": last["y"]})
    channels = {**plot.place(), "x2": end("x2"), "y2": end("y2")}
    return [mark("rule", channels, rows=rows, color=INK, strokeWidth=1.5)] if rows else []


def _dots(points: list[tuple[int, Mapping[str, Any]]], plot: Plot) -> list[Spec]:
    """A mark a month: its shape says what kind of point it is."""
    layers = []
    for kind, (shape, shade, size) in SHAPES.items():
        rows = [
            {**plot.point(at, row["pence"]), "kind": kind}
            for at, row in points
            if _kind(row) == kind
        ]
        look: Spec = {"shape": shape, "stroke": shade, "fill": shade}
        if rows:
            layers.append(
                mark("point", plot.place(), rows=rows, size=size, strokeWidth=2, opacity=1, **look)
            )
    return layers


def _title(told: Rows, limits: list[tuple[str, int]], subject: str, frame: Frame) -> str:
    """The message: how many months are news, or that there are too few to tell."""
    if not limits:
        many = "1 month is" if len(told) == 1 else f"{len(told)} months are"
        return f"{subject}: {many} too few to tell news from usual variation"
    outside = [row for row in told if _kind(row) == OUTSIDE]
    runs = [row for row in told if _kind(row) == RUN]
    mean = frame.amount(next(pence for words, pence in limits if words == "mean"))
    if outside:
        named = month_name(outside[-1]["month"])
        verb = "months lies" if len(outside) == 1 else "months lie"
        text = f"{subject}: {len(outside)} of {len(told)} {verb} outside the usual range, {named} "
        text += "" if len(outside) == 1 else "the last "
        return f"{text}at {frame.amount(outside[-1]['pence'])}"
    if runs:
        return f"{subject} has moved: {len(runs)} of {len(told)} months lie in a run too long for chance"
    return f"{subject} varies as usual: all {len(told)} months lie about a mean of {mean}"


def _words(told: Rows, limits: list[tuple[str, int]], subject: str, frame: Frame) -> str:
    """Every month's number, the limits, and what kind of point each is."""
    kinds = {USUAL: "", OUTSIDE: " (outside the limits)", RUN: " (part of a run)"}
    parts = []
    for row in told:
        parts.append(f"{month_name(row['month'])} {frame.money(row['pence'])}{kinds[_kind(row)]}")
    text = f"{subject} by month, {frame.words}: {'; '.join(parts)}."
    if not limits:
        return f"{text} There are no limits: too few months are told."
    text += " " + capital("; ".join(f"{w} {frame.money(pence)}" for w, pence in limits)) + "."
    return (
        f"{text} The limits rest on fewer than twelve months." if told[0]["provisional"] else text
    )
