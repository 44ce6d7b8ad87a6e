"""Charts of what moves a year and what is still missing: drivers, the gap, schemes by maturity.

Each takes rows of a Result's table as they stand, in pence, and gives a chart with its message and
its words; None where there is nothing to draw. Steps of a waterfall must reconcile: one that does
not close is a fault of ours and is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from controltotal.core.lines import packaged_lines
from controltotal.papers.charts_frame import (
    PALE,
    WIDE,
    Along,
    Frame,
    Shelf,
    along,
    axis,
    block,
    capital,
    down,
    drawing,
    grid_rules,
    key_layers,
    key_tall,
    listed,
    striped,
    words_wide,
    writing,
)
from controltotal.papers.sections import ChartView, chart_id
from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    WARM,
    Rows,
    Spec,
    kinds,
    mark,
    number,
)

DRIVERS_MOST: Final = 7
"""Drivers that are drawn each by itself; the others are drawn as one."""
TOTAL, BETTER, WORSE, REST = "total", "better", "worse", "rest"
FILLS: Final = {TOTAL: DARK, BETTER: LIGHT, WORSE: WARM, REST: "white"}
DRIVERS: Final[Mapping[str, str]] = {
    "income": "Income",
    "savings_more": "Savings beyond those planned",
    "savings_less": "Savings that slipped",
    "savings_unidentified": "Savings with no scheme yet",
    "joined_or_left": "Organisations that joined or left",
    "told_once": "Lines that only one of the two states",
    "not_explained": "Not explained",
}
"""Drivers in the words of a chart, where they are not the name of a line."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a waterfall: a total stands from nil, a step from where the one before ended."""

    title: str
    pence: int
    kind: str


def _waterfall(
    bars: Sequence[Bar], frame: Frame, sentence: str, ways: tuple[str, str], *, zoom: bool
) -> Spec:
    """Bars below each other, each step beginning where the one before ended.

    `ways` are the words of the key for a step that helps and for one that does not. With `zoom`
    the line of money need not hold nil; then totals are upright lines and not bars,
    whose length would mislead, and the axis says so.
    """
    levels, level = [], 0
    for bar in bars:
        first = 0 if bar.kind == TOTAL else level
        level = bar.pence if bar.kind == TOTAL else level + bar.pence
        levels.append((first, level))
    ends = [end for _, end in levels]
    reach = max(ends) - min(ends)
    nil = not zoom or min(abs(end) for end in ends) <= reach or min(ends) < 0 < max(ends)
    items = [(BETTER, ways[0]), (WORSE, ways[1])]
    items += (
        [("rest", DRIVERS["not_explained"].lower())] if any(b.kind == REST for b in bars) else []
    )
    if not {BETTER, WORSE} & {bar.kind for bar in bars}:
        items = []
    shelf = Shelf(frame, tuple(bar.title for bar in bars), key_tall(items, frame))
    texts = [frame.money(bar.pence) for bar in bars]
    room = max(words_wide(text) for text in texts) + 12
    scaled = [frame.scaled(end) for end in ends]
    line = along(scaled, shelf.start, frame.pixels - room, nil=nil)
    if not nil:  # a little air, so that no upright line stands on the edge
        air = (line.high - line.low) / 20
        line = Along(line.low - air, line.high + air, line.first, line.last)
    rows = [
        {
            "name": bar.title,
            "kind": bar.kind,
            "from": frame.scaled(first) if nil or bar.kind != TOTAL else frame.scaled(end),
            "to": frame.scaled(end),
            "right": frame.scaled(max(first, end) if nil or bar.kind != TOTAL else end),
            "text": text,
            "top": middle - shelf.bar / 2,
            "bottom": middle + shelf.bar / 2,
            "middle": middle,
        }
        for bar, (first, end), text, middle in zip(bars, levels, texts, shelf.middles, strict=True)
    ]
    notes = [sentence] if nil else [sentence, "the axis does not begin at nil"]
    notes = notes if frame.narrow else [", ".join(notes)]
    channels = {
        "x": number("from", scale=line.scale, axis=axis(line, frame, notes)),
        "x2": {"field": "to"},
        "y": down("top"),
        "y2": {"field": "bottom"},
        "color": kinds("kind", FILLS),
    }
    look: Spec = {"stroke": INK, "strokeWidth": 1}
    solid = [row for row in rows if nil or row["kind"] != TOTAL]
    layers = [
        *grid_rules(line, frame, shelf.top, shelf.bottom),
        mark("rect", channels, rows=[r for r in solid if r["kind"] != REST], **look),
        striped([row for row in rows if row["kind"] == WORSE], line),
        mark(
            "rect", channels, rows=[r for r in rows if r["kind"] == REST], strokeDash=[4, 3], **look
        ),
        _joins(rows, line),
        _uprights([row for row in rows if row not in solid], line),
        writing({"x": number("right", scale=line.scale), "y": down("middle")}, rows, dx=6),
        *shelf.writing(),
    ]
    looks = {BETTER: block(LIGHT), WORSE: block(WARM, stripes=True), REST: block("white")}
    return drawing([*key_layers(items, frame, looks), *layers], frame, shelf.bottom)


def _joins(rows: Sequence[Mapping[str, Any]], line: Along) -> Spec:
    """Thin lines from the end of each bar down to the next."""
    joins = [
        {"at": row["to"], "top": row["bottom"], "bottom": after["top"]}
        for row, after in pairwise(rows)
    ]
    channels = {
        "x": number("at", scale=line.scale),
        "y": down("top"),
        "y2": {"field": "bottom"},
    }
    return mark("rule", channels, rows=joins, color=PALE, strokeDash=[2, 2])


def _uprights(rows: Sequence[Mapping[str, Any]], line: Along) -> Spec:
    """Totals as upright lines, where a bar would have to begin at nil."""
    channels = {
        "x": number("to", scale=line.scale),
        "y": down("top"),
        "y2": {"field": "bottom"},
    }
    return mark("rule", channels, rows=rows, color=DARK, strokeWidth=5)


# -- from plan to forecast -----------------------------------------------------------------------------


def driver_bridge(
    rows: Rows, names: Mapping[str, str] | None = None, *, width: str = WIDE, unit: str = "£m"
) -> ChartView | None:
    """From the plan of a year to its forecast by driver: at most seven, the largest first.

    `rows` are those of table `bridge` of one organisation and year; `names` gives drivers their
    words where a book has lines of its own. The drivers after the seventh are drawn as one, what
    nothing explains is a bar of its own, and support stands in the words alone.
    """
    told = [r for r in rows if r["from"].endswith("/plan") and r["to"].endswith("/forecast")]
    by_kind = {kind: [r for r in told if r["kind"] == kind] for kind in {r["kind"] for r in told}}
    if not by_kind.get("start") or not by_kind.get("end"):
        return None
    frame = Frame(width, unit)
    start, end = by_kind["start"][0]["pence"], by_kind["end"][0]["pence"]
    drivers = sorted(
        (row for row in by_kind.get("driver", ()) if row["pence"]),
        key=lambda row: (-abs(row["pence"]), row["driver"]),
    )
    rest = sum(row["pence"] for row in by_kind.get("residual", ()))
    if start + sum(row["pence"] for row in drivers) + rest != end:
        raise ValueError(f"the bridge {told[0]['from']} to {told[0]['to']} does not close")
    called = {row["driver"]: _driver(row["driver"], names or {}) for row in drivers}
    most = DRIVERS_MOST if len(drivers) > DRIVERS_MOST + 1 else len(drivers)  # no "1 other driver"
    bars = [Bar("Plan", start, TOTAL)]
    bars += [_step(called[row["driver"]], row["pence"]) for row in drivers[:most]]
    others = drivers[most:]
    if others:
        bars.append(_step(f"{len(others)} other drivers", sum(row["pence"] for row in others)))
    if rest:
        bars.append(Bar(DRIVERS["not_explained"], rest, REST))
    bars.append(Bar("Forecast", end, TOTAL))
    sentence = f"surplus or (deficit) without support, {frame.words}"
    spec = _waterfall(bars, frame, sentence, ("better", "worse"), zoom=True)
    parts = [f"{called[row['driver']]} {frame.money(row['pence'])}" for row in drivers]
    parts += [f"{DRIVERS['not_explained']} {frame.money(rest)}"] if rest else []
    apart = sum(row["pence"] for row in by_kind.get("apart", ()))
    words = (
        f"A waterfall in {frame.words} from the plan, {frame.money(start)}, to the forecast, "
        f"{frame.money(end)}, brackets for a deficit and for what makes it worse"
    )
    words += f": {'; '.join(parts)}." if parts else ": nothing moved it."
    if others:
        each = listed([called[row["driver"]] for row in others])
        as_one = frame.money(bars[most + 1].pence)
        words += f" The smallest {len(others)}, {each}, are drawn as one: {as_one}."
    if apart:
        more = "more" if apart > 0 else "less"
        words += f" Support is {frame.pounds(apart)} {more} than planned and in none of this."
    view = chart_id("drivers", told[0]["organisation"], width)
    return ChartView(view, _bridge_title(start, end, drivers, called, frame), spec, words)


def _step(title: str, pence: int) -> Bar:
    return Bar(title, pence, BETTER if pence >= 0 else WORSE)


def _driver(driver: str, names: Mapping[str, str]) -> str:
    """A driver in the words of a chart.

    >>> _driver("savings_less", {}), _driver("agency_pay", {}), _driver("own_line", {})
    ('Savings that slipped', 'Agency pay', 'Own line')
    """
    line = packaged_lines().get(driver)
    plain = line.name if line is not None else driver.replace("_", " ")
    return capital(names.get(driver) or DRIVERS.get(driver) or plain)


def _bridge_title(
    start: int, end: int, drivers: Rows, called: Mapping[str, str], frame: Frame
) -> str:
    """The message: how far the forecast is from the plan, and the largest driver each way."""
    change = end - start
    lead = (
        f"The forecast is {frame.moved(change)} than plan"
        if change
        else "The forecast is what was planned"
    )
    same = [row for row in drivers if (row["pence"] > 0) == (change > 0)] if change else []
    against = [row for row in drivers if row not in same]
    said = [
        f"{_inside(called[row['driver']])} ({frame.moved(row['pence'])})"
        for row in (*same[:1], *against[:1])
    ]
    if not said:
        return lead
    if same and against:
        return f"{lead}: most of it {said[0]}, set against it {said[1]}"
    return f"{lead}: most of it {said[0]}" if same else f"{lead}, in spite of {said[0]}"


def _inside(text: str) -> str:
    """A name inside a sentence; one that begins with capitals stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


# -- the gap --------------------------------------------------------------------------------------------

STEPS: Final[Mapping[str, str]] = {
    "gap": "Gap to the control total",
    "unidentified": "Savings with no scheme yet",
    "to_find": "Still to find",
    "uncounted": "Planned from schemes not yet assured",
    "counted": "Planned from schemes that are assured",
    "recorded": "Months recorded, and other bases",
    "before_schemes": "Missing before any scheme",
    "margin": "Margin asked for",
    "chosen": "Modelled list (no decision made)",
    "shortfall": "Left after the modelled list",
}
"""The steps of table `missing` in words, in the order in which they make each other."""
TOTALS: Final = ("gap", "to_find", "before_schemes", "shortfall")


def gap_waterfall(rows: Rows, *, width: str = WIDE, unit: str = "£m") -> ChartView | None:
    """What is missing to the control total, in one waterfall that reconciles.

    `rows` are those of table `missing` of `position` or `portfolio` of one organisation and year,
    missing positive: the gap takes planned savings for granted, so those with no scheme and those
    of schemes are taken back, and what the modelled list would save is set against the sum.
    """
    told = {row["step"]: row["pence"] for row in rows if row["step"] in STEPS}
    if "gap" not in told:
        return None
    frame = Frame(width, unit)
    steps = [step for step in STEPS if step in told]
    steps = [s for s in steps if s != "to_find" or told[s] != told["gap"]]
    level, bars = 0, []
    for step in steps:
        pence = told[step]
        if step in TOTALS:
            if step != "gap" and pence != level:
                raise ValueError(
                    f"what is missing does not add up to {step}: {pence} and not {level}"
                )
            level = pence
        else:
            level += pence
        kind = TOTAL if step in TOTALS else WORSE if pence > 0 else BETTER
        bars.append(Bar(STEPS[step], pence, kind))
    if level != told[next(s for s in reversed(steps) if s in TOTALS)]:
        bars.append(Bar("Missing after these", level, TOTAL))
    sentence = f"missing to the control total, {frame.words}"
    ways = ("set against it", "adds to what is missing")
    spec = _waterfall(bars, frame, sentence, ways, zoom=False)
    parts = [f"{bar.title} {frame.money(bar.pence)}" for bar in bars]
    words = (
        f"A waterfall in {frame.words} of what is missing to the control total, in brackets what "
        f"is set against it: {'; '.join(parts)}."
    )
    view = chart_id("gap", rows[0]["organisation"], width)
    return ChartView(view, _gap_title(told, frame), spec, words)


def _gap_title(told: Mapping[str, int], frame: Frame) -> str:
    """The message: what the modelled list leaves, else what is still to find."""
    lacking = told.get("unidentified")
    tail = f"; {frame.pounds(lacking)} of savings has no scheme yet" if lacking else ""
    left = told.get("shortfall")
    if left is not None and "chosen" in told:
        saved = frame.pounds(told["chosen"])
        if left > 0:
            return (
                f"The modelled list would save {saved} and leave {frame.pounds(left)} to find{tail}"
            )
        more = f" with {frame.pounds(left)} to spare" if left < 0 else ""
        return f"The modelled list would save {saved} and meet the control total{more}{tail}"
    found = told.get("to_find", told["gap"])
    if found > 0:
        return f"{frame.pounds(found)} is still to be found to meet the control total{tail}"
    if found < 0:
        return f"The position is {frame.pounds(found)} better than the control total{tail}"
    return f"The position meets the control total exactly{tail}"


# -- schemes by maturity ---------------------------------------------------------------------------------

STAGES: Final[Mapping[str, str]] = {
    "fully_developed_delivering": "fully developed, delivering",
    "fully_developed": "fully developed, not started",
    "in_progress": "in progress",
    "opportunity": "opportunity",
    "unidentified": "no scheme yet",
}
"""Maturity in words, the furthest on first."""
LOOKS: Final[Mapping[str, tuple[str, bool, list[int]]]] = {
    "fully_developed_delivering": (DARK, False, [1, 0]),
    "fully_developed": (MIDDLE, False, [1, 0]),
    "in_progress": (LIGHT, False, [1, 0]),
    "opportunity": ("white", False, [4, 3]),
    "unidentified": (WARM, True, [1, 0]),
}
"""The look of each: its fill, whether it is striped, the dashes of its outline."""
THIS, LAST = "this month", "last month"


def maturity(rows: Rows, *, width: str = WIDE, unit: str = "£m") -> ChartView | None:
    """Savings of the plan by maturity of their schemes, this month and last, in stacked bars.

    `rows`: when (`this month` or `last month`), maturity (a word of STAGES, `unidentified` for
    savings with no scheme), pence. A month of which nothing is told is not drawn and said to be.
    """
    told: dict[str, dict[str, int]] = {THIS: {}, LAST: {}}
    for row in rows:
        if row["pence"] is not None:
            told[row["when"]][row["maturity"]] = (
                told[row["when"]].get(row["maturity"], 0) + row["pence"]
            )
    if not told[THIS]:
        return None
    frame = Frame(width, unit)
    months = [when for when in (THIS, LAST) if told[when]]
    stages = [stage for stage in STAGES if any(stage in told[when] for when in months)]
    items = [(stage, _both(stage, told, months, frame)) for stage in stages]
    whole = {when: sum(told[when].values()) for when in months}
    heads = tuple(f"{capital(when)}: {frame.money(whole[when])}" for when in months)
    shelf = Shelf(frame, heads, key_tall(items, frame) + 4, left=136, bar=30)
    line = along(
        [frame.scaled(one) for one in whole.values()], shelf.start, frame.pixels - 12, nil=True
    )
    segments = _segments(told, months, stages, shelf, frame)
    title = [f"planned saving in the year, {frame.words}"]
    channels = {
        "x": number("from", scale=line.scale, axis=axis(line, frame, title)),
        "x2": {"field": "to"},
        "y": down("top"),
        "y2": {"field": "bottom"},
    }
    layers = _stage_key(items, frame)
    for stage in stages:
        fill, stripes, dashes = LOOKS[stage]
        own = [row for row in segments if row["stage"] == stage]
        look: Spec = {"fill": fill, "stroke": INK, "strokeWidth": 1, "strokeDash": dashes}
        layers.append(mark("rect", channels, rows=own, **look))
        layers += [striped(own, line)] if stripes else []
    wide = [
        r for r in segments if line.at(r["to"]) - line.at(r["from"]) > words_wide(r["text"]) + 8
    ]
    for shade, own in (
        ("white", [r for r in wide if LOOKS[r["stage"]][0] == DARK]),
        (INK, [r for r in wide if LOOKS[r["stage"]][0] not in (DARK, WARM)]),
    ):
        place = {"x": number("half", scale=line.scale), "y": down("middle")}
        layers.append(writing(place, own, align="center", color=shade))
    layers += shelf.writing()
    spec = drawing(layers, frame, shelf.bottom)
    words = "Planned saving in the year by maturity, stacked bars in " + frame.words
    for when in months:
        parts = [f"{STAGES[s]} {frame.money(told[when][s])}" for s in stages if s in told[when]]
        words += f". {capital(when)}, {frame.money(whole[when])}: {'; '.join(parts)}"
    words += "" if told[LAST] else ". Last month is not told"
    identity = chart_id("maturity", str(rows[0].get("organisation", "")), width)
    return ChartView(identity, _maturity_title(told, frame), spec, f"{words}.")


def _both(
    stage: str, told: Mapping[str, Mapping[str, int]], months: Iterable[str], frame: Frame
) -> str:
    """The words of the key: the stage, and what it holds this month and held last."""
    now = told[THIS].get(stage)
    text = f"{STAGES[stage]} {frame.money(now) if now is not None else 'none'}"
    if LAST not in months:
        return text
    was = told[LAST].get(stage)
    return f"{text} (was {frame.money(was) if was is not None else 'none'})"


def _segments(
    told: Mapping[str, Mapping[str, int]],
    months: Sequence[str],
    stages: Sequence[str],
    shelf: Shelf,
    frame: Frame,
) -> list[dict[str, Any]]:
    """The pieces of each bar, in the unit of the page, from the furthest on."""
    found = []
    for when, middle in zip(months, shelf.middles, strict=True):
        at = 0
        for stage in stages:
            if stage not in told[when]:
                continue
            first, at = at, at + told[when][stage]
            found.append(
                {
                    "when": when,
                    "stage": stage,
                    "from": frame.scaled(first),
                    "to": frame.scaled(at),
                    "half": frame.scaled((first + at) // 2),
                    "text": frame.money(at - first),
                    "top": middle - shelf.bar / 2,
                    "bottom": middle + shelf.bar / 2,
                    "middle": middle,
                }
            )
    return found


def _stage_key(items: Sequence[tuple[str, str]], frame: Frame) -> list[Spec]:
    looks = {stage: block(fill, stripes=stripes) for stage, (fill, stripes, _) in LOOKS.items()}
    return key_layers(items, frame, looks)


def _maturity_title(told: Mapping[str, Mapping[str, int]], frame: Frame) -> str:
    """The message: how much of the plan delivers, how that moved, and what has no scheme."""
    first = next(iter(STAGES))
    whole, now = sum(told[THIS].values()), told[THIS].get(first, 0)
    text = f"Schemes that deliver hold {frame.pounds(now)} of {frame.pounds(whole)} planned"
    if told[LAST]:
        moved = now - told[LAST].get(first, 0)
        way = "more" if moved > 0 else "less"
        text += f", {frame.pounds(moved)} {way} than last month" if moved else ", as last month"
    lacking = told[THIS].get("unidentified")
    return f"{text}; {frame.pounds(lacking)} has no scheme yet" if lacking else text
