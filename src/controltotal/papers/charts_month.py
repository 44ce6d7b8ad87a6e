"""Charts of the month: organisations against their totals, and variances.

Each takes rows in pence and gives a chart with its message and its words; None where there is
nothing to draw. An organisation that has not reported is named and never drawn as nil; one whose
month stands in is hollow and called so, and beside a control total left out and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.names import listed
from controltotal.papers.charts_frame import (
    LETTER,
    LINE,
    WIDE,
    Along,
    Frame,
    Shelf,
    along,
    axis,
    block,
    dot,
    down,
    drawing,
    grid_rules,
    key_layers,
    key_tall,
    pixel,
    striped,
    upright,
    words_wide,
    wrapped,
    writing,
)
from controltotal.papers.left_out import left_out, of_those
from controltotal.papers.sections import ChartView, Native, Series, chart_id
from controltotal.papers.vega import DARK, INK, LIGHT, WARM, Rows, Spec, end, mark, number

Row = Mapping[str, Any]
THIN: Final = 8
"""The height of a bar that joins two marks."""


def _aside(rows: Iterable[Row]) -> str:
    """What stands in, in the words of the first row that says so."""
    return next((str(row["stand_in"]) for row in rows if row.get("stand_in")), "")


def _titled(row: Row) -> str:
    """A name with what stands in for its month, where something does."""
    return f"{row['name']} ({row['stand_in']})" if row.get("stand_in") else str(row["name"])


def _footed(drawn: Sequence[Spec], notes: Sequence[str], frame: Frame, bottom: float) -> list[Spec]:
    """Layers with words below the axis, for what is not drawn."""
    layers, at = list(drawn), bottom + 3.6 * LINE
    for note in notes:
        text = wrapped(note, int(frame.pixels // LETTER))
        layers.append(writing({"x": pixel(0), "y": pixel(at)}, [{"text": text}]))
        at += LINE * (text.count("\n") + 1)
    return layers


def labels(rows: Sequence[Row], shelf: Shelf, texts: Sequence[str]) -> Spec:
    """Numbers at the right edge of a drawing, one to a row."""
    placed = [
        {"text": text, "y": middle} for text, middle in zip(texts, shelf.middles, strict=True)
    ]
    return writing({"x": pixel(shelf.frame.pixels), "y": down("y")}, placed, align="right")


def points(rows: Sequence[Row], line: Along, field: str, shape: str, colour: str) -> list[Spec]:
    """Marks of one field, hollow where the row stands in."""
    layers = []
    for hollow in (False, True):
        own = [row for row in rows if row["hollow"] is hollow and row[field] is not None]
        if own:
            channels = {"x": number(field, scale=line.scale), "y": down("middle")}
            look: Spec = {"fill": "white" if hollow else colour, "stroke": colour}
            look |= {"strokeWidth": 2, "opacity": 1, "size": 90}
            layers.append(mark("point", channels, rows=own, shape=shape, **look))
    return layers


# -- organisations against their control totals --------------------------------------------------------


NATIVE_AGAINST: Final = (
    Series("forecast, as the control total measures it", "measured", "deep"),
    Series("control total", "control_total", "open"),
)
"""What a spreadsheet draws of the table behind the chart."""


def bodies_against_totals(rows: Rows, *, width: str = WIDE, unit: str = "") -> ChartView | None:
    """Each organisation's forecast as measured against its control total, largest shortfall first.

    `rows`: name, measured_pence and control_total_pence (None where not told), reported (absent:
    yes), stand_in (what stands in for its month; empty: nothing) and month. Who has not reported,
    whose month stands in, or whose forecast or total cannot be told, is named below and neither
    drawn nor counted: what stands in is set beside no control total.
    """
    aside = [r for r in rows if r.get("stand_in")]
    late = [r for r in rows if not (r.get("reported", True) or r.get("stand_in"))]
    others = [r for r in rows if r not in aside and r not in late]
    drawn = [r for r in others if None not in (r["measured_pence"], r["control_total_pence"])]
    unknown = [r for r in others if r not in drawn]
    if not drawn:
        return None
    frame = Frame(width, unit)
    drawn.sort(key=lambda r: (r["measured_pence"] - r["control_total_pence"], r["name"]))
    texts = [_against(r, frame) for r in drawn]
    items = [("forecast", "forecast, as the control total measures it"), ("total", "control total")]
    items += [("worse", "short of it"), ("better", "better")]
    shelf = Shelf(frame, tuple(str(r["name"]) for r in drawn), key_tall(items, frame))
    right = frame.pixels - max(words_wide(text) for text in texts) - 14
    fields = ("measured_pence", "control_total_pence")
    line = along([frame.scaled(r[f]) for r in drawn for f in fields], shelf.start + 8, right)
    shown = [
        {
            "name": row["name"],
            "measured": frame.scaled(row["measured_pence"]),
            "total": frame.scaled(row["control_total_pence"]),
            "from": frame.scaled(row["measured_pence"]),
            "to": frame.scaled(row["control_total_pence"]),
            "hollow": False,
            "middle": middle,
            "top": middle - THIN / 2,
            "bottom": middle + THIN / 2,
            "high": middle - 10,
            "low": middle + 10,
        }
        for row, middle in zip(drawn, shelf.middles, strict=True)
    ]
    notes = [*left_out(rows), *_not_drawn(late, unknown, "measured_pence", "control_total_pence")]
    spec = drawing(
        _footed(
            [
                *key_layers(items, frame, _AGAINST),
                *grid_rules(line, frame, shelf.top, shelf.bottom),
                *_between(shown, line, axis(line, frame, [f"surplus or (deficit), {frame.words}"])),
                *ticks(shown, line, "total", INK),
                *points(shown, line, "measured", "circle", DARK),
                labels(drawn, shelf, texts),
                *shelf.writing(),
            ],
            notes,
            frame,
            shelf.bottom,
        ),
        frame,
        shelf.bottom,
    )
    parts = [
        f"{r['name']} {frame.money(r['measured_pence'])} against "
        f"{frame.money(r['control_total_pence'])}, {text}"
        for r, text in zip(drawn, texts, strict=True)
    ]
    words = f"Forecasts as control totals measure them, {frame.words}: {'; '.join(parts)}."
    return ChartView(
        chart_id("against", str(rows[0].get("organisation", ""))),
        _against_title(drawn, len(drawn) + len(late) + len(aside), frame),
        spec,
        " ".join([words, *notes]),
        native=Native("bars", f"surplus or (deficit), {frame.words}", "name", NATIVE_AGAINST),
    )


_AGAINST: Final = {
    "forecast": dot(colour=DARK),
    "total": upright(INK, 16, 3),
    "worse": block(WARM, stripes=True),
    "better": block(LIGHT),
}


def _against(row: Row, frame: Frame) -> str:
    """How far a forecast is from its control total."""
    apart = row["measured_pence"] - row["control_total_pence"]
    if not apart:
        return "met"
    return f"{frame.money(abs(apart))} {'better' if apart > 0 else 'short'}"


def _against_title(drawn: Rows, many: int, frame: Frame) -> str:
    """The message: how many are short, of how many of the `many` that report, and who by most."""
    short = [r for r in drawn if r["measured_pence"] < r["control_total_pence"]]
    of = "" if many == len(drawn) else f" that are told, of {many},"
    one = f"{drawn[0]['name']}{f', the one told of {many},' if of else ''}"
    if not short:
        all_of = "Both organisations" if len(drawn) == 2 else f"All {len(drawn)} organisations"
        if len(drawn) == 1:
            return f"{one} meets its control total"
        return f"{all_of}{of} meet their control totals"
    by = short[0]["control_total_pence"] - short[0]["measured_pence"]
    if len(drawn) == 1:
        return f"{one} is {frame.pounds(by)} short of its control total"
    lead = of_those(len(short), len(drawn), many)
    if len(short) == 1:
        return f"{lead}is short of its control total: {short[0]['name']} by {frame.pounds(by)}"
    lead += "are short of their control totals"
    return f"{lead}: {short[0]['name']} the most by {frame.pounds(by)}"


def _not_drawn(late: Rows, unknown: Rows, told: str, total: str = "") -> list[str]:
    """Who is not drawn, in words: never as nil."""
    notes = []
    if late:
        named = listed([str(row["name"]) for row in late])
        notes.append(f"Not reported, and not drawn: {named}.")
    without = [row for row in unknown if row.get(total, 0) is None and row[told] is not None]
    silent = [row for row in unknown if row not in without]
    for own, words in ((silent, "Cannot be told"), (without, "No control total")):
        if own:
            named = listed([str(row["name"]) for row in own])
            notes.append(f"{words}, and not drawn: {named}.")
    return notes


def _between(shown: Sequence[Row], line: Along, foot: Spec) -> list[Spec]:
    """Bars between two marks: striped where the forecast is worse."""
    worse = [row for row in shown if row["from"] < row["to"]]
    channels = {
        "x": number("from", scale=line.scale, axis=foot),
        "x2": end("to"),
        "y": down("top"),
        "y2": end("bottom"),
    }
    layers = []
    for own, fill in ((worse, WARM), ([row for row in shown if row not in worse], LIGHT)):
        layers.append(mark("rect", channels, rows=own, fill=fill, stroke=INK, strokeWidth=1))
    return [*layers, striped(worse, line)]


def ticks(shown: Sequence[Row], line: Along, field: str, colour: str) -> list[Spec]:
    """Upright lines at one field of each row that tells it."""
    own = [row for row in shown if row[field] is not None]
    if not own:
        return []
    channels = {"x": number(field, scale=line.scale), "y": down("high"), "y2": end("low")}
    return [mark("rule", channels, rows=own, color=colour, strokeWidth=3)]


# -- variances to date and of the year -----------------------------------------------------------------


def to_date_variances(rows: Rows, *, width: str = WIDE, unit: str = "") -> ChartView | None:
    """Each organisation's variance to date (bar) and of the year (diamond), the worst first.

    `rows` are those of table `to_date` of whole organisations, with name, and reported where it is
    known (absent: yes). What is not told is not drawn and named below.
    """
    late = [r for r in rows if not (r.get("reported", True) or r.get("stand_in"))]
    told = [r for r in rows if r not in late and r["variance"] is not None]
    unknown = [r for r in rows if r not in told and r not in late]
    if not told:
        return None
    frame = Frame(width, unit)
    drawn = sorted(told, key=lambda r: (r["variance"], r["name"]))
    texts = [_both_variances(r, frame) for r in drawn]
    aside = _aside(drawn)
    items = [("worse", "worse than plan to date"), ("better", "better")]
    if any(r["variance_year"] is not None for r in drawn):
        items.append(("year", "forecast of the year against plan"))
    items += [("hollow", f"outline only: {aside}")] if aside else []
    shelf = Shelf(frame, tuple(_titled(r) for r in drawn), key_tall(items, frame))
    right = frame.pixels - max(words_wide(text) for text in texts) - 14
    fields = ("variance", "variance_year")
    held = [frame.scaled(r[f]) for r in drawn for f in fields if r[f] is not None]
    line = along(held, shelf.start + 8, right)
    shown = [
        {
            "name": row["name"],
            "from": 0.0,
            "to": frame.scaled(row["variance"]),
            "year": None if row["variance_year"] is None else frame.scaled(row["variance_year"]),
            "hollow": bool(row.get("stand_in")),
            "middle": middle,
            "top": middle - shelf.bar / 2,
            "bottom": middle + shelf.bar / 2,
        }
        for row, middle in zip(drawn, shelf.middles, strict=True)
    ]
    notes = _not_drawn(late, unknown, "variance")
    foot = axis(line, frame, [f"better or (worse) than plan, {frame.words}"])
    layers = [
        *key_layers(items, frame, _VARIANCES),
        *_variance_bars(shown, line, foot),
        *grid_rules(line, frame, shelf.top, shelf.bottom),
        *points(shown, line, "year", "diamond", INK),
        labels(drawn, shelf, texts),
        *shelf.writing(),
    ]
    spec = drawing(_footed(layers, notes, frame, shelf.bottom), frame, shelf.bottom)
    parts = [f"{_titled(r)} {text}" for r, text in zip(drawn, texts, strict=True)]
    month = max((r["month"] or 0) for r in drawn)
    words = (
        f"Variances from plan in {frame.words}, to {month_name(month)} and of the year, brackets "
        f"for worse: {'; '.join(parts)}."
    )
    identity = chart_id("variances", str(rows[0].get("organisation", "")))
    title = _variance_title(drawn, frame, len(drawn) + len(late) if late else 0)
    return ChartView(identity, title, spec, " ".join([words, *notes]))


_VARIANCES: Final = {
    "worse": block(WARM, stripes=True),
    "better": block(LIGHT),
    "year": dot("diamond"),
    "hollow": block("white"),
}


def _both_variances(row: Row, frame: Frame) -> str:
    """The numbers of a row: to date, and of the year where that is told."""
    text = frame.money(row["variance"])
    return (
        text
        if row["variance_year"] is None
        else f"{text}; year {frame.money(row['variance_year'])}"
    )


def _variance_bars(shown: Sequence[Row], line: Along, foot: Spec) -> list[Spec]:
    """Bars from nil: striped where worse, dashed outlines alone where the month stands in."""
    channels = {
        "x": number("from", scale=line.scale, axis=foot),
        "x2": end("to"),
        "y": down("top"),
        "y2": end("bottom"),
    }
    solid = [row for row in shown if not row["hollow"]]
    worse = [row for row in solid if row["to"] < 0]
    better = [row for row in solid if row["to"] >= 0]
    hollow = [row for row in shown if row["hollow"]]
    look: Spec = {"stroke": INK, "strokeWidth": 1}
    return [
        mark("rect", channels, rows=worse, fill=WARM, **look),
        striped(worse, line),
        mark("rect", channels, rows=better, fill=LIGHT, **look),
        mark(
            "rect",
            channels,
            rows=hollow,
            fill="white",
            strokeDash=[4, 3],
            **{**look, "strokeWidth": 2},
        ),
    ]


def variance_message(rows: Rows, unit: str = "", of: int = 0) -> str:
    """How many are worse than plan to date, and who by most; of rows that tell their variance.

    `of` is how many there are with those that are late; nil where nobody is.
    """
    drawn = sorted(rows, key=lambda r: (r["variance"], r["name"]))
    return _variance_title(drawn, Frame(unit=unit), of)


def _variance_title(drawn: Rows, frame: Frame, of: int = 0) -> str:
    """The message: how many are worse than plan to date, and who by most."""
    month = month_name(max((r["month"] or 0) for r in drawn))
    worse = [r for r in drawn if r["variance"] < 0]
    if len(drawn) == 1:
        row = drawn[0]
        said = f"{frame.moved(row['variance'])} than plan" if row["variance"] else "on plan"
        one = f"{row['name']}, the one told of {of}," if of > 1 else row["name"]
        return f"To {month} {one} is {said}"
    if not worse:
        those = f"of the {len(drawn)} that are told, of {of}, none" if of > len(drawn) else ""
        return f"To {month} {those or 'no organisation'} is worse than its plan"
    lead = f"To {month} {of_those(len(worse), len(drawn), of)}"
    lead += "is worse than its plan" if len(worse) == 1 else "are worse than their plans"
    tail = "by" if len(worse) == 1 else "the most by"
    return f"{lead}: {worse[0]['name']} {tail} {frame.pounds(worse[0]['variance'])}"
