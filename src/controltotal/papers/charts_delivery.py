"""Charts of what moves a year and what is still missing: drivers, the gap, schemes by maturity.

Each takes rows of a Result's table as they stand, in pence, and gives a chart with its message and
its words; None where there is nothing to draw. Steps of a waterfall must reconcile: one that does
not close is a fault of ours and is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from controltotal.core.lines import packaged_lines
from controltotal.core.names import listed
from controltotal.papers.charts_frame import (
    WIDE,
    Frame,
    Shelf,
    along,
    axis,
    block,
    capital,
    down,
    drawing,
    key_layers,
    key_tall,
    striped,
    words_wide,
    writing,
)
from controltotal.papers.charts_waterfall import (
    BETTER,
    REST,
    TOTAL,
    WORSE,
    Bar,
    native_waterfall,
    share_words,
    waterfall,
)
from controltotal.papers.sections import ChartView, Native, Series, chart_id
from controltotal.papers.vega import (
    DARK,
    INK,
    LIGHT,
    MIDDLE,
    WARM,
    Rows,
    Spec,
    mark,
    number,
)

DRIVERS_MOST: Final = 7
"""Drivers that are drawn each by itself; the others are drawn as one."""
DRIVERS: Final[Mapping[str, str]] = {
    "income": "Income",
    "savings_more": "Savings beyond those planned",
    "savings_less": "Savings that slipped",
    "savings_unidentified": "Savings with no scheme yet",
    "joined_or_left": "Organisations that joined or left",
    "told_once": "Lines that only one of the two states",
}
"""Drivers in the words of a chart, where they are not the name of a line."""
UNEXPLAINED: Final = "Not explained"


# -- from plan to forecast -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """A bridge from plan to forecast, in pence: its ends, its drivers, what nothing explains."""

    organisation: str
    start: int
    end: int
    drivers: tuple[tuple[str, int], ...]
    rest: int
    support: int

    def drawn(self, frame: Frame) -> int:
        """How many drivers are drawn each by itself: none that looks like nil, never all but one."""
        seen = sum(frame.is_seen(pence) for _, pence in self.drivers)
        many = min(seen, DRIVERS_MOST)
        return many + 1 if len(self.drivers) == many + 1 else many


def driver_bridge(
    rows: Rows, names: Mapping[str, str] | None = None, *, width: str = WIDE, unit: str = ""
) -> ChartView | None:
    """From the plan of a year to its forecast by driver: at most seven, the largest first.

    `rows` are those of table `bridge` of one organisation and year; `names` gives drivers their
    words where a book has lines of its own. The drivers after the seventh are drawn as one, what
    nothing explains is a bar of its own, and support stands in the words alone.
    """
    moved = _moved(rows, names or {})
    if moved is None:
        return None
    frame = Frame(width, unit)
    bars = [Bar("Plan", moved.start, TOTAL)]
    bars += [_step(*driver) for driver in moved.drivers[: moved.drawn(frame)]]
    others = moved.drivers[moved.drawn(frame) :]
    if others:
        bars.append(_step(f"{len(others)} other drivers", sum(pence for _, pence in others)))
    if moved.rest:
        bars.append(Bar(UNEXPLAINED, moved.rest, REST))
    bars.append(Bar("Forecast", moved.end, TOTAL))
    sentence = f"surplus or (deficit) without support, {frame.words}"
    ways = {BETTER: "better", WORSE: "worse", REST: UNEXPLAINED.lower()}
    spec = waterfall(bars, frame, sentence, ways, zoom=True)
    view = chart_id("drivers", moved.organisation)
    native = native_waterfall(bars, sentence, ways, frame)
    return ChartView(
        view, _bridge_title(moved, frame), spec, _bridge_words(moved, frame), native=native
    )


def _moved(rows: Rows, names: Mapping[str, str]) -> Moved | None:
    """The bridge from plan to forecast among the rows of several; None where it is not told."""
    told = [r for r in rows if r["from"].endswith("/plan") and r["to"].endswith("/forecast")]
    pence = {
        kind: sum(row["pence"] for row in told if row["kind"] == kind)
        for kind in {row["kind"] for row in told}
    }
    if "start" not in pence or "end" not in pence:
        return None
    drivers = sorted(
        (row for row in told if row["kind"] == "driver" and row["pence"]),
        key=lambda row: (-abs(row["pence"]), row["driver"]),
    )
    found = Moved(
        told[0]["organisation"],
        pence["start"],
        pence["end"],
        tuple((_driver(row["driver"], names), row["pence"]) for row in drivers),
        pence.get("residual", 0),
        pence.get("apart", 0),
    )
    if found.start + sum(each for _, each in found.drivers) + found.rest != found.end:
        raise ValueError(f"the bridge {told[0]['from']} to {told[0]['to']} does not close")
    return found


def _bridge_words(moved: Moved, frame: Frame) -> str:
    """Every number of the bridge, also of the drivers that are drawn as one."""
    parts = [f"{name} {frame.money(pence)}" for name, pence in moved.drivers]
    parts += [f"{UNEXPLAINED} {frame.money(moved.rest)}"] if moved.rest else []
    text = (
        f"A waterfall in {frame.words} from the plan, {frame.money(moved.start)}, to the forecast, "
        f"{frame.money(moved.end)}, brackets for a deficit and for what makes it worse"
    )
    text += f": {'; '.join(parts)}." if parts else ": nothing moved it."
    others = moved.drivers[moved.drawn(frame) :]
    if others:
        each = listed([name for name, _ in others])
        as_one = frame.money(sum(pence for _, pence in others))
        text += f" The smallest {len(others)}, {each}, are drawn as one: {as_one}."
    if moved.support:
        more = "more" if moved.support > 0 else "less"
        text += (
            f" Support is {frame.pounds(moved.support)} {more} than planned and in none of this."
        )
    return text


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


def _bridge_title(moved: Moved, frame: Frame) -> str:
    """The message: how far the forecast is from the plan, and the largest driver each way."""
    change = moved.end - moved.start
    lead = "The forecast is what was planned"
    if change:
        lead = f"The forecast is {frame.moved(change)} than plan"
    same = [one for one in moved.drivers if change and (one[1] > 0) == (change > 0)]
    against = [one for one in moved.drivers if one not in same]
    said = [f"{_inside(name)} ({frame.moved(p)})" for name, p in (*same[:1], *against[:1])]
    if not said:
        return lead
    if not same:
        return f"{lead}, in spite of {said[0]}"
    text = f"{lead}: {share_words(same[0][1], moved.end - moved.start, moved.rest)} {said[0]}"
    return f"{text}, set against it {said[1]}" if against else text


def driver_words(row: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """A row of table `bridge` in words: its driver, or the end that it is.

    >>> driver_words({"kind": "end", "driver": "end"})
    'Forecast'
    """
    kinds = {"start": "Plan", "end": "Forecast", "residual": UNEXPLAINED, "apart": "Support, apart"}
    return kinds.get(row["kind"]) or _driver(row["driver"], names or {})


def _inside(text: str) -> str:
    """A name inside a sentence; one that begins with capitals stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


# -- the gap --------------------------------------------------------------------------------------------

STEPS: Final[Mapping[str, str]] = {
    "gap": "Gap to the control total",
    "unidentified": "Counted on with no scheme",
    "to_find": "Still to find",
    "uncounted": "Counted on from schemes not assured",
    "kept_out": "Counted on from schemes that a ceiling keeps out",
    "counted": "Counted on from assured schemes",
    "brought": "Modelled list against what is counted on",
    "recorded": "Months recorded, and other bases",
    "before_schemes": "Missing before any scheme",
    "margin": "Margin asked for",
    "chosen": "Modelled list (no decision made)",
    "shortfall": "Left after the modelled list",
    "over": "More than is missing",
}
"""The steps of table `missing` in words, in the order in which they make each other.

`brought` is what the modelled list brings less than the forecast counts on from assured schemes;
`over` is what is left where the list brings more than is missing."""
TOTALS: Final = ("gap", "to_find", "before_schemes", "shortfall", "over")


def gap_steps(rows: Rows) -> list[tuple[str, int]]:
    """From what is missing to what the modelled list leaves: each step with its pence, in order.

    `rows` are those of table `missing` of one organisation and year, missing positive. Where a list
    is told, what it brings is set against what the forecast counts on from the schemes it can
    choose: the list holds most of them, and both in full would look like new money. A shortfall is
    never below nil: where the list brings more than is missing, the last step is what is over.

    >>> rows = [{"step": step, "pence": pence} for step, pence in
    ...         dict(gap=2, to_find=2, counted=9, before_schemes=11, chosen=-8, shortfall=3).items()]
    >>> gap_steps(rows)
    [('gap', 2), ('brought', 1), ('shortfall', 3)]
    """
    told = {row["step"]: row["pence"] for row in rows if row["step"] in STEPS}
    if "gap" not in told:
        return []
    _check_closes(told)
    if told.get("to_find") == told["gap"]:
        del told["to_find"]
    if "chosen" not in told or "shortfall" not in told:
        return [(step, told[step]) for step in STEPS if step in told]
    told["brought"] = told.pop("counted", 0) + told.pop("chosen")
    for total in ("to_find", "before_schemes"):
        told.pop(total, None)
    left = sum(pence for step, pence in told.items() if step != "shortfall")
    if left < 0:
        del told["shortfall"]
        told["over"] = left
    return [(s, told[s]) for s in STEPS if s in told and (told[s] or s in TOTALS)]


def _check_closes(told: Mapping[str, int]) -> None:
    """Each total is the sum of what stands before it."""
    level = 0
    for step in (step for step in STEPS if step in told):
        if step not in TOTALS or step == "gap":
            level += told[step]
        elif told[step] != level and not (step == "shortfall" and level < 0 == told[step]):
            found = f"{told[step]} and not {level}"
            raise ValueError(f"what is missing does not add up to {step}: {found}")


def gap_waterfall(rows: Rows, *, width: str = WIDE, unit: str = "") -> ChartView | None:
    """What is missing to the control total, in one waterfall that reconciles: `gap_steps`, drawn."""
    steps = gap_steps(rows)
    if not steps:
        return None
    told = {row["step"]: row["pence"] for row in rows if row["step"] in STEPS}
    frame = Frame(width, unit)
    bars = _bars_of(steps)
    sentence = f"missing to the control total, {frame.words}"
    ways = {BETTER: "set against it", WORSE: "adds to what is missing"}
    spec = waterfall(bars, frame, sentence, ways, zoom=False)
    parts = [f"{bar.title} {frame.money(bar.pence)}" for bar in bars]
    words = (
        f"A waterfall in {frame.words} of what is missing to the control total, in brackets what "
        f"is set against it: {'; '.join(parts)}."
    )
    view = chart_id("gap", rows[0]["organisation"])
    native = replace(native_waterfall(bars, sentence, ways, frame), behind="")  # no table is folded
    return ChartView(view, _gap_title(told, bars, frame), spec, words, native=native)


def _bars_of(steps: Sequence[tuple[str, int]]) -> list[Bar]:
    """The steps as bars; steps that end in none of the totals are summed in one."""
    bars, level = [], 0
    for step, pence in steps:
        level = pence if step in TOTALS else level + pence
        kind = TOTAL if step in TOTALS else WORSE if pence > 0 else BETTER
        bars.append(Bar(STEPS[step], pence, kind))
    if bars[-1].kind != TOTAL:
        bars.append(Bar("Missing after these", level, TOTAL))
    return bars


def _gap_title(told: Mapping[str, int], bars: Sequence[Bar], frame: Frame) -> str:
    """The message: what the modelled list leaves, else what is still to find."""
    lacking = told.get("unidentified")
    tail = f"; {frame.pounds(lacking)} of savings counted on has no scheme" if lacking else ""
    left = bars[-1].pence if "shortfall" in told else None
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
NATIVE_LOOKS: Final = {
    "fully_developed_delivering": "deep",
    "fully_developed": "medium",
    "in_progress": "light",
    "opportunity": "open",
    "unidentified": "striped",
}
"""The same looks by the words of a spreadsheet."""
THIS, LAST = "this month", "last month"


def maturity(rows: Rows, *, width: str = WIDE, unit: str = "") -> ChartView | None:
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
    identity = chart_id("maturity", str(rows[0].get("organisation", "")))
    native = Native(
        "stacked", title[0], heads, tuple(_native_stage(s, told, months) for s in stages), "stage"
    )
    return ChartView(identity, _maturity_title(told, frame), spec, f"{words}.", native=native)


def _native_stage(
    stage: str, told: Mapping[str, Mapping[str, int]], months: Sequence[str]
) -> Series:
    """One maturity, month by month, for a spreadsheet."""
    values = tuple(told[when].get(stage) for when in months)
    return Series(STAGES[stage], values, NATIVE_LOOKS[stage])


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
