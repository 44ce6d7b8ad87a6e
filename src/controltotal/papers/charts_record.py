"""The year by month in one chart: plan, record, forecast, and the simulation joined to the record.

Everything is to date and without support, as the record is. A month of which nothing is told leaves
a hole and is never nil; one that stands in is hollow and dashed, and called so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
    block,
    dash,
    dot,
    down,
    drawing,
    key_layers,
    key_tall,
    pixel,
    words_wide,
    wrapped,
    writing,
)
from controltotal.papers.sections import ChartView, Native, Series, chart_id
from controltotal.papers.vega import DARK, INK, LIGHT, MIDDLE, Rows, Spec, end, mark, number

MONTHS: Final = 12
BASIS: Final = "surplus or (deficit) to date, without support"
EDGE: Final = 8
"""From the axis of money to the first month."""
FAN_LOOKS: Final = (
    ("p90", "9 in 10 below", "edge"),
    ("p50", "middle of the simulation", "middle"),
    ("p10", "1 in 10 below", "edge"),
)
"""Lines of the simulation that a spreadsheet draws: column, name, look."""
QUANTILES: Final = ("p10", "p25", "p50", "p75", "p90")


@dataclass(frozen=True, slots=True)
class Plot:
    """Where things stand: months across, money up, in the unit of the page."""

    across: Along
    tall: Along
    frame: Frame

    def place(self, x: str = "x", y: str = "y") -> Spec:
        """Channels of a month across and money up."""
        return {"x": number(x, scale=self.across.scale), "y": number(y, scale=self.tall.scale)}

    def point(self, month: int, pence: int) -> dict[str, float]:
        """A row of one month and its money."""
        return {"x": month, "y": self.frame.scaled(pence)}


def record_of(months: Rows, to_date: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Rows of table `months` of one body and year, with what stands in for the month reached.

    `to_date` is the body's own row of that table.
    """
    aside = to_date["stand_in"] if to_date is not None else ""
    return [
        {**row, "stand_in": aside if to_date and row["month"] == to_date["month"] else ""}
        for row in sorted(months, key=lambda row: int(row["month"]))
    ]


def record_and_fan(
    record: Rows,
    fan: Rows = (),
    *,
    asked: int | None = None,
    asked_words: str = "control total",
    firm: bool = False,
    width: str = WIDE,
    unit: str = "",
) -> ChartView | None:
    """The year to date by month: plan, record, forecast, and the simulation joined to the record.

    `record`: month, plan_pence, actual_pence, forecast_pence (each to date, None untold), stand_in;
    `fan`: rows of table `fan`. `asked` is the position that the control total asks for on the same
    basis, support that counts taken off, named by `asked_words`. `firm`: somebody stands behind
    the rates of delivery; else the message begins with *Illustrative*.
    """
    told = [r for r in record if r["actual_pence"] is not None or r["plan_pence"] is not None]
    if not told:
        return None
    frame = Frame(width, unit)
    actual = {r["month"]: r for r in record if r["actual_pence"] is not None}
    reached = max(actual, default=0)
    opened = _opened(actual, fan, reached)
    held = [row[f"{q}_pence"] for row in opened for q in QUANTILES]
    for kind in ("plan_pence", "actual_pence", "forecast_pence"):
        held += [row[kind] for row in record if row[kind] is not None]
    held += [] if asked is None else [asked]
    items = _record_key(record, opened, actual, asked)
    caption = key_tall(items, frame) + LINE / 2
    top = caption + LINE + 4
    height, left = top + (300 if frame.narrow else 270), 44
    ends = _ends(record, opened, asked, asked_words, frame)
    right = frame.pixels - max(words_wide(text) for _, text in ends) - 16
    tall = along([frame.scaled(one) for one in held], height, top)
    plot = Plot(Along(1, MONTHS, left, right), tall, frame)
    layers = [
        *_axes(plot),
        *_bands(opened, plot),
        *_asked(asked, plot),
        *_series(record, "plan_pence", plot, color=PALE, strokeDash=[5, 4]),
        *_series(record, "actual_pence", plot, color=INK, strokeWidth=3),
        *_forecast(record, actual, reached, plot),
        *_marks(record, actual, plot),
        *end_labels(ends, plot, top, height),
        writing({"x": pixel(0), "y": pixel(caption)}, [{"text": f"{BASIS}, {frame.words}"}]),
    ]
    spec = drawing([*key_layers(items, frame, _RECORD), *layers], frame, height)
    return ChartView(
        chart_id("record", str(record[0].get("organisation", ""))),
        _record_title(record, opened, actual, reached, firm, frame) + _aside(actual),
        spec,
        _record_words(record, opened, asked, asked_words, frame),
        native=Native(
            "lines", f"{BASIS}, {frame.words}", "name", _native(record, opened, asked, asked_words)
        ),
    )


def _native(record: Rows, opened: Rows, asked: int | None, asked_words: str) -> tuple[Series, ...]:
    """What a spreadsheet draws: plan and record of the table behind, the rest beside it."""
    months = [row["month"] for row in record]
    reached = max((r["month"] for r in record if r["actual_pence"] is not None), default=0)
    own = {row["month"]: row for row in record}
    fan = {row["month"]: row for row in opened}

    def by_month(told: Mapping[int, int | None]) -> tuple[int | None, ...]:
        return tuple(told.get(month) for month in months)

    found = [Series("plan", "plan_pence", "plan")]
    if fan:
        for q, words, look in FAN_LOOKS:
            values = by_month({month: row[f"{q}_pence"] for month, row in fan.items()})
            found.append(Series(words, values, look))
    ahead = {m: r["forecast_pence"] for m, r in own.items() if m > reached}
    if any(pence is not None for pence in ahead.values()):
        joined = {reached: own[reached]["actual_pence"]} if reached else {}
        found.append(Series("forecast", by_month({**joined, **ahead}), "forecast"))
    if asked is not None:
        found.append(Series(asked_words, (asked,) * len(months), "asked"))
    aside = {m: r["actual_pence"] for m, r in own.items() if r.get("stand_in")}
    if not aside:
        return (*found, Series("recorded", "actual_pence", "recorded"))
    told = {m: r["actual_pence"] for m, r in own.items() if m not in aside}
    found.append(Series("recorded", by_month(told), "recorded"))
    return (*found, Series("stands in", by_month(aside), "hollow"))


_RECORD: Final = {
    "actual": dash(INK, wide=3),
    "plan": dash(PALE, [5, 4]),
    "plan mark": dot("square", PALE, size=50),
    "forecast": dash(DARK, [2, 3], wide=2),
    "asked": dash(INK, [12, 4], wide=1.5),
    "fan": block(LIGHT),
    "half": block(MIDDLE),
    "stand_in": dot(hollow=True),
}


def _record_key(
    record: Rows, opened: Rows, actual: Mapping[int, Mapping[str, Any]], asked: int | None
) -> list[Item]:
    """What the key says: only what is drawn."""
    joined = any(
        a["plan_pence"] is not None and b["plan_pence"] is not None for a, b in pairwise(record)
    )
    told = any(row["plan_pence"] is not None for row in record)
    items = [("actual", "recorded")] if actual else []
    items += [("plan" if joined else "plan mark", "plan")] if told else []
    if _straight(record, actual):
        items.append(("forecast", "straight to the forecast of the year"))
    elif any(row["forecast_pence"] is not None for row in record):
        items.append(("forecast", "forecast"))
    if opened:
        items += [("fan", "8 in 10 of the simulation"), ("half", "half of it")]
    items += [("asked", "what the control total asks")] if asked is not None else []
    aside = [row["stand_in"] for row in actual.values() if row.get("stand_in")]
    items += [("stand_in", f"hollow: {aside[-1]}")] if aside else []
    return items


def _straight(record: Rows, actual: Mapping[int, Any]) -> bool:
    """Whether the forecast is told for the year alone, so that no month lies between."""
    months = [row["month"] for row in record if row["forecast_pence"] is not None]
    return bool(actual) and months == [MONTHS] and max(actual) < MONTHS - 1


def _opened(
    actual: Mapping[int, Mapping[str, Any]], fan: Rows, reached: int
) -> list[dict[str, Any]]:
    """The fan from the last month recorded on, where it is that month's one number."""
    ahead = [dict(row) for row in fan if row["month"] > reached]
    if not ahead or not reached:
        return ahead
    one = actual[reached]["actual_pence"]
    return [{"month": reached, **{f"{q}_pence": one for q in QUANTILES}}, *ahead]


def _axes(plot: Plot) -> list[Spec]:
    """Months along the foot, money up the side, and the line of nil."""
    months = [1, 3, 6, 9, 12] if plot.frame.narrow else list(range(1, MONTHS + 1))
    short = ", ".join(f"'{one[:3]}'" for one in MONTH_NAMES)
    foot = {
        "values": months,
        "labelExpr": f"[{short}][datum.value - 1]",
        "grid": False,
        "title": None,
        "labelFontSize": SIZE,
        "labelFlush": False,
    }
    side = {**axis(plot.tall, plot.frame, (), grid=True), "offset": EDGE - plot.across.first}
    x = number("x", scale=plot.across.scale, axis={**foot, "domain": False})
    y = number("y", scale=plot.tall.scale, axis=side)
    foundation = 0.0 if plot.tall.low <= 0 <= plot.tall.high else plot.tall.low
    rows = [{"x": month, "y": foundation} for month in (1, MONTHS)]
    return [mark("line", {"x": x, "y": y}, rows=rows, color=INK, strokeWidth=1)]


def _bands(opened: Rows, plot: Plot) -> list[Spec]:
    """Eight tenths, half, and the middle of the simulation."""
    if len(opened) < 2:
        return []
    rows = [
        {"x": row["month"], **{q: plot.frame.scaled(row[f"{q}_pence"]) for q in QUANTILES}}
        for row in opened
    ]
    outer = plot.place(y="p10")
    inner = plot.place(y="p25")
    return [
        mark("area", {**outer, "y2": end("p90")}, rows=rows, color=LIGHT, opacity=1),
        mark("area", {**inner, "y2": end("p75")}, rows=rows, color=MIDDLE, opacity=1),
        mark("line", plot.place(y="p50"), rows=rows, color=DARK, strokeWidth=2),
    ]


def _asked(asked: int | None, plot: Plot) -> list[Spec]:
    """What the control total asks, as a line across the year."""
    if asked is None:
        return []
    rows = [plot.point(month, asked) for month in (1, MONTHS)]
    place = plot.place()
    return [mark("line", place, rows=rows, color=INK, strokeWidth=1.5, strokeDash=[12, 4])]


def _series(record: Rows, kind: str, plot: Plot, **look: Any) -> list[Spec]:
    """Pieces between months that follow each other; a month untold leaves a hole in the line."""
    told = [row for row in record if row[kind] is not None]
    solid: list[Spec] = []
    dashed: list[Spec] = []
    for one, after in pairwise(told):
        if after["month"] != one["month"] + 1:
            continue
        piece = {
            "x": one["month"],
            "x2": after["month"],
            "y": plot.frame.scaled(one[kind]),
            "y2": plot.frame.scaled(after[kind]),
        }
        stands = kind == "actual_pence" and (after.get("stand_in") or one.get("stand_in"))
        (dashed if stands else solid).append(piece)
    channels = {**plot.place(), "x2": end("x2"), "y2": end("y2")}
    usual: Spec = {"strokeWidth": 2.5, "strokeCap": "round", **look}
    layers = [mark("rule", channels, rows=solid, **usual)] if solid else []
    if dashed:
        layers.append(mark("rule", channels, rows=dashed, **{**usual, "strokeDash": [4, 5]}))
    return layers


def _forecast(
    record: Rows, actual: Mapping[int, Mapping[str, Any]], reached: int, plot: Plot
) -> list[Spec]:
    """The forecast of the months ahead, from the last one recorded."""
    ahead = [r for r in record if r["forecast_pence"] is not None and r["month"] > reached]
    if not ahead:
        return []
    points = [(row["month"], row["forecast_pence"]) for row in ahead]
    if actual:
        points.insert(0, (reached, actual[reached]["actual_pence"]))
    rows = [plot.point(month, pence) for month, pence in points]
    place = plot.place()
    look: Spec = {"color": DARK, "strokeWidth": 2, "strokeDash": [2, 3]}
    return [mark("line", place, rows=rows, **look)]


def _marks(record: Rows, actual: Mapping[int, Mapping[str, Any]], plot: Plot) -> list[Spec]:
    """A dot for each month recorded, hollow where it stands in; squares for lone months of the plan."""
    place, layers = plot.place(), []
    lone = [
        row
        for row in record
        if row["plan_pence"] is not None
        and not any(
            abs(other["month"] - row["month"]) == 1 and other["plan_pence"] is not None
            for other in record
        )
    ]
    if lone:
        rows = [plot.point(row["month"], row["plan_pence"]) for row in lone]
        layers.append(
            mark(
                "point",
                place,
                rows=rows,
                shape="square",
                fill=PALE,
                stroke=PALE,
                size=50,
                opacity=1,
            )
        )
    ended = [row for row in record if row["forecast_pence"] is not None][-1:]
    rows = [plot.point(row["month"], row["forecast_pence"]) for row in ended]
    look: Spec = {"stroke": DARK, "strokeWidth": 2, "opacity": 1}
    layers.append(mark("point", place, rows=rows, shape="diamond", fill=DARK, size=90, **look))
    for hollow in (False, True):
        rows = [
            plot.point(month, row["actual_pence"])
            for month, row in actual.items()
            if bool(row.get("stand_in")) is hollow
        ]
        fill = "white" if hollow else INK
        size = 80 if hollow else 28
        ink: Spec = {"stroke": INK, "strokeWidth": 2, "opacity": 1}
        layers.append(mark("point", place, rows=rows, shape="circle", fill=fill, size=size, **ink))
    return [layer for layer in layers if layer["data"]["values"]]


def _ends(
    record: Rows, opened: Rows, asked: int | None, asked_words: str, frame: Frame
) -> list[tuple[int, str]]:
    """What stands at the end of the year, with its words on their lines."""
    letters = 13 if frame.narrow else 24
    found = []
    for kind, words in (("plan_pence", "plan"), ("forecast_pence", "forecast")):
        last = [row[kind] for row in record if row[kind] is not None and row["month"] == MONTHS]
        found += [(pence, f"{words} {frame.money(pence)}") for pence in last]
    for q, words in (("p90", "9 in 10 below"), ("p50", "middle"), ("p10", "1 in 10 below")):
        found += [
            (row[f"{q}_pence"], f"{words} {frame.money(row[f'{q}_pence'])}") for row in opened[-1:]
        ]
    if asked is not None:
        found.append((asked, f"{asked_words} {frame.money(asked)}"))
    actual = [r for r in record if r["actual_pence"] is not None][-1:]
    if not found or (actual and actual[0]["month"] == MONTHS):
        found += [(r["actual_pence"], f"recorded {frame.money(r['actual_pence'])}") for r in actual]
    return [(pence, wrapped(text, letters)) for pence, text in sorted(found, reverse=True)]


def end_labels(
    ends: Sequence[tuple[int, str]],
    plot: Plot,
    top: float,
    height: float,
) -> list[Spec]:
    """Labels of the year's end, moved apart so that none lies on another, each with its leader."""
    sizes = [LINE * (text.count("\n") + 1) for _, text in ends]
    wanted = [plot.tall.at(plot.frame.scaled(pence)) for pence, _ in ends]
    middles = _apart(wanted, sizes, top, height)
    rows = [
        {"text": text, "y": middle - (size - LINE) / 2, "at": at, "middle": middle}
        for (_, text), middle, size, at in zip(ends, middles, sizes, wanted, strict=True)
    ]
    first = plot.across.last
    leader = {"x": pixel(first + 4), "x2": pixel(first + 12), "y": down("at"), "y2": end("middle")}
    return [
        mark("rule", leader, rows=rows, color=PALE, strokeWidth=1),
        writing({"x": pixel(first + 15), "y": down("y")}, rows),
    ]


def _apart(
    wanted: Sequence[float], sizes: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Middles of labels, from the top down, as near as may be to where they belong.

    >>> _apart([10.0, 12.0], [15.0, 15.0], 0, 100), _apart([99.0, 99.0], [15.0, 15.0], 0, 100)
    ([10.0, 25.0], [77.5, 92.5])
    """
    found: list[float] = []
    edge = top
    for at, size in zip(wanted, sizes, strict=True):
        found.append(max(at, edge + size / 2))
        edge = found[-1] + size / 2
    edge = bottom
    for place in reversed(range(len(found))):
        found[place] = min(found[place], edge - sizes[place] / 2)
        edge = found[place] - sizes[place] / 2
    return found


def _aside(actual: Mapping[int, Mapping[str, Any]]) -> str:
    """What the message of a chart rests on where a month stands in."""
    found = [row["stand_in"] for row in actual.values() if row.get("stand_in")]
    return f" ({found[-1]})" if found else ""


def _record_title(
    record: Rows,
    opened: Rows,
    actual: Mapping[int, Mapping[str, Any]],
    reached: int,
    firm: bool,
    frame: Frame,
) -> str:
    """The message: where the year stands, and how the forecast lies to the simulation."""
    forecast = next((r["forecast_pence"] for r in record if r["month"] == MONTHS), None)
    end_of_year = opened[-1] if opened else None
    if forecast is not None and end_of_year is not None:
        low, middle, high = (end_of_year[f"{q}_pence"] for q in ("p10", "p50", "p90"))
        apart = forecast - middle
        text = f"The forecast is {frame.moved(apart)} than the middle of the simulation"
        if not apart:
            text = f"The forecast, {frame.stands(forecast)}, is the middle of the simulation"
        if not low <= forecast <= high:
            text += (
                f", and {'better' if forecast > high else 'worse'} than nine in ten of its years"
            )
        return text if firm else f"Illustrative: {text[:1].lower()}{text[1:]}"
    if actual:
        row = actual[reached]
        text = f"To {month_name(reached)} there is {frame.stands(row['actual_pence'])}"
        if row["plan_pence"] is not None:
            apart = row["actual_pence"] - row["plan_pence"]
            text += f", {frame.moved(apart)} than plan" if apart else ", as planned"
        if forecast is not None and reached < MONTHS:
            text += f"; the year is forecast to end at {frame.stands(forecast)}"
        return text
    plan = next((r["plan_pence"] for r in record if r["month"] == MONTHS), None)
    return (
        f"The plan of the year is {frame.stands(plan)}" if plan is not None else "The plan by month"
    )


def _record_words(
    record: Rows, opened: Rows, asked: int | None, asked_words: str, frame: Frame
) -> str:
    """Every number of the chart, month by month; what is not told is left out and not nil."""
    ahead = {row["month"]: row for row in opened}
    parts = []
    for row in record:
        said = [
            f"{words} {frame.money(row[kind])}"
            for kind, words in (
                ("plan_pence", "plan"),
                ("actual_pence", "recorded"),
                ("forecast_pence", "forecast"),
            )
            if row[kind] is not None
        ]
        if row.get("stand_in") and row["actual_pence"] is not None:
            said[-1] += f" ({row['stand_in']})"
        if row["actual_pence"] is None and row["month"] in ahead:
            quantiles = (ahead[row["month"]][f"{q}_pence"] for q in QUANTILES)
            said.append("simulation " + " ".join(frame.money(one) for one in quantiles))
        if said:
            parts.append(f"{month_name(row['month'])} {', '.join(said)}")
    text = f"The position to date by month without support, {frame.words}: {'; '.join(parts)}."
    if opened:
        text += " The simulation is told by its 10th, 25th, 50th, 75th and 90th of a hundred."
    if asked is not None:
        text += f" The line is the {asked_words}, {frame.money(asked)}."
    return text
