"""The chart of named cases: where the year ends in each, beside the plan and the control total.

It takes rows in pence and gives a chart with its message and its words; None where there is
nothing to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from controltotal.papers.charts_frame import (
    NOT_NIL,
    PALE,
    WIDE,
    Along,
    Frame,
    Item,
    Shelf,
    along,
    axis,
    capital,
    dash,
    dot,
    down,
    drawing,
    grid_rules,
    key_layers,
    key_tall,
    pixel,
    upright,
    words_wide,
)
from controltotal.papers.charts_month import labels, points, ticks
from controltotal.papers.sections import ChartView, chart_id
from controltotal.papers.vega import DARK, INK, Rows, Spec, end, mark, number

Row = Mapping[str, Any]
COUNT: Final = {2: "two", 3: "three", 4: "four"}


def three_cases(
    rows: Rows, plan: int | None = None, *, width: str = WIDE, unit: str = "£m"
) -> ChartView | None:
    """Where the year ends in each named case, against the plan and what the control total asks.

    `rows` are those of table `cases` of one organisation and year. `plan` in pence on the same
    basis, without support. What the control total asks of a case, less the support that counts in
    it, is drawn where the case tells how far it is from it.
    """
    drawn = [row for row in rows if row["pence"] is not None]
    if not drawn:
        return None
    frame = Frame(width, unit)
    asked = [None if r["short_pence"] is None else r["pence"] + r["short_pence"] for r in drawn]
    texts = [_case(row, frame) for row in drawn]
    items: list[Item] = [("case", "the year ends")]
    items += [("plan", f"plan {frame.money(plan)}")] if plan is not None else []
    if any(one is not None for one in asked):
        items.append(("asked", "what the control total asks, less support"))
    shelf = Shelf(frame, tuple(capital(row["case"]) for row in drawn), key_tall(items, frame))
    right = frame.pixels - max(words_wide(text) for text in texts) - 16
    held = [r["pence"] for r in drawn] + [one for one in (*asked, plan) if one is not None]
    reach = max(held) - min(held)
    nil = min(held) <= 0 <= max(held) or min(abs(one) for one in held) <= reach
    line = along([frame.scaled(one) for one in held], shelf.start + 8, right, nil=nil)
    shown = [
        {
            "case": row["case"],
            "end": frame.scaled(row["pence"]),
            "asked": None if aim is None else frame.scaled(aim),
            "hollow": False,
            "middle": middle,
            "high": middle - 10,
            "low": middle + 10,
        }
        for row, aim, middle in zip(drawn, asked, shelf.middles, strict=True)
    ]
    notes = [f"surplus or (deficit) without support, {frame.words}"]
    notes += [] if nil else [NOT_NIL]
    foot = axis(line, frame, notes if frame.narrow else [", ".join(notes)])
    channels = {"x": number("end", scale=line.scale, axis=foot), "y": down("middle")}
    apart = [row for row in shown if row["asked"] is not None]
    layers = [
        *key_layers(items, frame, _CASES),
        mark("rule", {**channels, "x2": end("asked")}, rows=apart, color=PALE, strokeWidth=1.5),
        *grid_rules(line, frame, shelf.top, shelf.bottom),
        *_plan_rule(plan, line, shelf, frame),
        *ticks(shown, line, "asked", INK),
        *points(shown, line, "end", "circle", DARK),
        labels(drawn, shelf, texts),
        *shelf.writing(),
    ]
    spec = drawing(layers, frame, shelf.bottom)
    parts = [f"{row['case']} {text}" for row, text in zip(drawn, texts, strict=True)]
    words = f"Where the year ends without support, {frame.words}: {'; '.join(parts)}."
    words += f" The plan is {frame.money(plan)}." if plan is not None else ""
    identity = chart_id("cases", str(rows[0].get("organisation", "")))
    return ChartView(identity, _cases_title(drawn, frame), spec, words)


_CASES: Final = {
    "case": dot(colour=DARK),
    "plan": dash(PALE, [5, 4]),
    "asked": upright(INK, 16, 3),
}


def _case(row: Row, frame: Frame) -> str:
    """The numbers of a case: where it ends, and how far that is from the control total."""
    text, short = frame.money(row["pence"]), row["short_pence"]
    if short is None:
        return text
    if not short:
        return f"{text}; met"
    return f"{text}; {frame.money(abs(short))} {'short' if short > 0 else 'better'}"


def _plan_rule(plan: int | None, line: Along, shelf: Shelf, frame: Frame) -> list[Spec]:
    """The plan as a dashed upright line through every row."""
    if plan is None:
        return []
    channels = {
        "x": number("plan", scale=line.scale),
        "y": pixel(shelf.top),
        "y2": pixel(shelf.bottom),
    }
    rows = [{"plan": frame.scaled(plan)}]
    return [mark("rule", channels, rows=rows, color=PALE, strokeWidth=2.5, strokeDash=[5, 4])]


def _cases_title(drawn: Rows, frame: Frame) -> str:
    """The message: from where to where the cases reach, and how many meet the control total."""
    worst, best = min(r["pence"] for r in drawn), max(r["pence"] for r in drawn)
    text = f"The year ends between {frame.stands(worst)} and {frame.stands(best)}"
    text += f" in {COUNT.get(len(drawn), len(drawn))} named cases"
    if worst == best:
        text = f"The year ends at {frame.stands(best)} in each named case"
    if len(drawn) == 1:
        text = f"The year ends at {frame.stands(best)} {drawn[0]['case']}"
    known = [r["short_pence"] for r in drawn if r["short_pence"] is not None]
    if len(known) < len(drawn):
        return text
    met = sum(short <= 0 for short in known)
    if len(drawn) == 1:
        return f"{text}, which {'meets' if met else 'misses'} the control total"
    some = f"{met} of them meets" if met == 1 else f"{met} of them meet"
    many = {0: "none meets", len(drawn): "each meets"}.get(met, some)
    return f"{text}; {many} the control total"
