"""Cash by month: plan, what was recorded, and the forecast, with the line of nil.

A balance is not added up from month to month. A month of which nothing is told leaves a hole and
is never nil; a month below nil has a mark of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from controltotal.core.calendar import MONTH_NAMES, month_name
from controltotal.papers.charts_frame import (
    LINE,
    PALE,
    SIZE,
    WIDE,
    Along,
    Frame,
    Item,
    along,
    axis,
    dash,
    dot,
    drawing,
    key_layers,
    key_tall,
    pixel,
    words_wide,
    writing,
)
from controltotal.papers.charts_record import Plot, end_labels
from controltotal.papers.sections import ChartView, Native, Series, chart_id
from controltotal.papers.vega import DARK, INK, WARM, Rows, Spec, mark, number

MONTHS: Final = 12
LOOKS: Final[Mapping[str, Spec]] = {
    "plan_pence": {"color": PALE, "strokeWidth": 2.5, "strokeDash": [5, 4]},
    "forecast_pence": {"color": DARK, "strokeWidth": 2, "strokeDash": [2, 3]},
    "actual_pence": {"color": INK, "strokeWidth": 3},
}
CALLED: Final = {"plan_pence": "plan", "forecast_pence": "forecast", "actual_pence": "recorded"}
NATIVE_LOOKS: Final = {
    "plan_pence": "plan",
    "forecast_pence": "forecast",
    "actual_pence": "recorded",
}
"""The looks of a spreadsheet."""
KEY: Final = {
    "actual_pence": dash(INK, wide=3),
    "plan_pence": dash(PALE, [5, 4]),
    "forecast_pence": dash(DARK, [2, 3], wide=2),
    "below": dot("square", WARM),
}


def cash_by_month(rows: Rows, name: str, *, width: str = WIDE, unit: str = "") -> ChartView | None:
    """Cash at the end of each month, from one body's rows of table `cash`; None with nothing told.

    `name` is what the body is called in the message.
    """
    told = {kind: _told(rows, kind) for kind in LOOKS}
    if not told["actual_pence"] and not told["forecast_pence"]:
        return None
    frame = Frame(width, unit)
    reached = max((month for month, _ in told["actual_pence"]), default=0)
    ahead = [one for one in told["forecast_pence"] if one[0] >= max(reached, 1)]
    shown = {**told, "forecast_pence": ahead if any(m > reached for m, _ in ahead) else []}
    below = sorted(
        {one for kind in ("actual_pence", "forecast_pence") for one in shown[kind] if one[1] < 0}
    )
    items: list[Item] = [(kind, CALLED[kind]) for kind in KEY if shown.get(kind)]
    items += [("below", "below nil")] if below else []
    ends = [
        (points[-1][1], f"{CALLED[kind]} {frame.money(points[-1][1])}")
        for kind, points in shown.items()
        if points and (kind != "actual_pence" or not shown["forecast_pence"])
    ]
    ends.sort(reverse=True)
    caption = key_tall(items, frame) + LINE / 2
    top = caption + LINE + 4
    height = top + (220 if frame.narrow else 190)
    right = frame.pixels - max(words_wide(text) for _, text in ends) - 16
    held = [frame.scaled(pence) for points in shown.values() for _, pence in points]
    plot = Plot(Along(1, MONTHS, 44, right), along(held, height, top), frame)
    note = f"cash at the end of each month, {frame.words}"
    layers = [
        *_axes(plot),
        *(layer for kind in LOOKS for layer in _lines(shown[kind], plot, LOOKS[kind])),
        *_marks(below, plot),
        *end_labels(ends, plot, top, height),
        writing({"x": pixel(0), "y": pixel(caption)}, [{"text": note}]),
    ]
    spec = drawing([*key_layers(items, frame, KEY), *layers], frame, height)
    identity = chart_id("cash", str(rows[0].get("organisation", "")), width)
    series = [
        Series(CALLED[kind], _by_month(shown[kind]), NATIVE_LOOKS[kind])
        for kind in LOOKS
        if shown[kind]
    ]
    series += [Series("below nil", _by_month(below), "below")] if below else []
    native = Native("lines", note, tuple(MONTH_NAMES), tuple(series))
    title, words = _title(told, ahead, name, frame), _words(told, name, frame)
    return ChartView(identity, title, spec, words, native=native)


def _by_month(points: Sequence[tuple[int, int]]) -> tuple[int | None, ...]:
    """The balance of each month of the year, None where nothing tells it.

    >>> _by_month([(2, 5)])[:3]
    (None, 5, None)
    """
    told = dict(points)
    return tuple(told.get(month) for month in range(1, MONTHS + 1))


Points = list[tuple[int, int]]


def _told(rows: Rows, kind: str) -> Points:
    """Months of which a basis tells the balance."""
    return sorted((row["month"], row[kind]) for row in rows if row[kind] is not None)


def _axes(plot: Plot) -> list[Spec]:
    """Months along the foot at nil, money up the side."""
    short = ", ".join(f"'{one[:3]}'" for one in MONTH_NAMES)
    foot = {
        "values": [1, 3, 6, 9, 12] if plot.frame.narrow else list(range(1, MONTHS + 1)),
        "labelExpr": f"[{short}][datum.value - 1]",
        "grid": False,
        "title": None,
        "labelFontSize": SIZE,
        "labelFlush": False,
        "domain": False,
    }
    side = {**axis(plot.tall, plot.frame, (), grid=True), "offset": 8 - plot.across.first}
    x = number("x", scale=plot.across.scale, axis=foot)
    y = number("y", scale=plot.tall.scale, axis=side)
    rows = [{"x": month, "y": 0.0} for month in (1, MONTHS)]
    return [mark("line", {"x": x, "y": y}, rows=rows, color=INK, strokeWidth=1)]


def _lines(points: Sequence[tuple[int, int]], plot: Plot, look: Spec) -> list[Spec]:
    """Months that follow each other are joined; one that stands alone has a dot."""
    layers: list[Spec] = []
    placed = enumerate(points)
    for _, run in groupby(placed, key=lambda one: one[1][0] - one[0]):
        rows = [plot.point(month, pence) for _, (month, pence) in run]
        if len(rows) > 1:
            layers.append(mark("line", plot.place(), rows=rows, **look))
        else:
            colour: Any = look["color"]
            layers.append(
                mark("point", plot.place(), rows=rows, filled=True, size=60, color=colour)
            )
    return layers


def _marks(below: Sequence[tuple[int, int]], plot: Plot) -> list[Spec]:
    """A square at each month that ends below nil."""
    if not below:
        return []
    rows = [plot.point(month, pence) for month, pence in below]
    look: Spec = {"fill": WARM, "stroke": INK, "strokeWidth": 1, "opacity": 1}
    return [mark("point", plot.place(), rows=rows, shape="square", size=80, **look)]


def _title(told: Mapping[str, Points], ahead: Points, name: str, frame: Frame) -> str:
    """The message: the first month below nil, else where the year is forecast to end."""
    for kind, words in (("actual_pence", "was"), ("forecast_pence", "is forecast to be")):
        low = [one for one in told[kind] if one[1] < 0]
        if low:
            month, pence = min(low, key=lambda one: one[1])
            return (
                f"{name} {words} {frame.pounds(pence)} overdrawn at the end of {month_name(month)}"
            )
    if ahead:
        month, pence = ahead[-1]
        text = f"{name} is forecast to hold {frame.pounds(pence)} at the end of {month_name(month)}"
    else:
        month, pence = told["actual_pence"][-1]
        text = f"{name} held {frame.pounds(pence)} at the end of {month_name(month)}"
    planned = dict(told["plan_pence"]).get(month)
    return text if planned is None else f"{text}, against {frame.pounds(planned)} planned"


def _words(told: Mapping[str, Points], name: str, frame: Frame) -> str:
    """Every number of the chart in words."""
    parts = []
    for kind in ("plan_pence", "actual_pence", "forecast_pence"):
        if told[kind]:
            each = "; ".join(f"{month_name(m)} {frame.money(pence)}" for m, pence in told[kind])
            parts.append(f"{CALLED[kind]}: {each}")
    return f"Cash of {name} at the end of each month, {frame.words}. {'. '.join(parts)}."
