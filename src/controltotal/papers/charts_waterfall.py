"""A waterfall: totals that stand from nil, and steps that begin where the one before ended.

It lies on its side, so that a name of any length can be read. Steps that make matters worse are
striped, what nothing explains has a dashed outline, and where the axis leaves out nil totals are
upright lines, since the length of a bar would mislead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from controltotal.papers.charts_frame import (
    NOT_NIL,
    PALE,
    Along,
    Frame,
    Item,
    Shelf,
    along,
    axis,
    block,
    down,
    drawing,
    grid_rules,
    key_layers,
    key_tall,
    striped,
    words_wide,
    writing,
)
from controltotal.papers.sections import Native, Series
from controltotal.papers.vega import DARK, INK, LIGHT, WARM, Spec, end, kinds, mark, number

TOTAL, BETTER, WORSE, REST = "total", "better", "worse", "rest"
FILLS: Final = {TOTAL: DARK, BETTER: LIGHT, WORSE: WARM, REST: "white"}
LOOKS: Final = {BETTER: block(LIGHT), WORSE: block(WARM, stripes=True), REST: block("white")}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a total stands from nil, a step from where the one before ended, in pence."""

    title: str
    pence: int
    kind: str


def waterfall(
    bars: Sequence[Bar], frame: Frame, sentence: str, ways: Mapping[str, str], *, zoom: bool
) -> Spec:
    """Bars below each other; `sentence` names the axis, `ways` the kinds of steps in the key.

    With `zoom` the line of money leaves out nil where nil lies far from every bar.
    """
    levels = _levels(bars)
    nil = not zoom or _near_nil([level for _, level in levels])
    items = _key(bars, ways)
    shelf = Shelf(frame, tuple(bar.title for bar in bars), key_tall(items, frame))
    room = max(words_wide(frame.money(bar.pence)) for bar in bars) + 12
    ends = [frame.scaled(level) for _, level in levels]
    line = along(ends, shelf.start, frame.pixels - room, nil=nil)
    if not nil:  # a little air, so that no upright line stands on the edge
        air = (line.high - line.low) / 20
        line = Along(line.low - air, line.high + air, line.first, line.last)
    rows = []
    for bar, (first, level), middle in zip(bars, levels, shelf.middles, strict=True):
        start = first if nil or bar.kind != TOTAL else level
        rows.append(
            {
                "name": bar.title,
                "kind": bar.kind,
                "from": frame.scaled(start),
                "to": frame.scaled(level),
                "right": frame.scaled(max(start, level)),
                "text": frame.money(bar.pence),
                "top": middle - shelf.bar / 2,
                "bottom": middle + shelf.bar / 2,
                "middle": middle,
            }
        )
    notes = [sentence] if nil else [sentence, NOT_NIL]
    foot = axis(line, frame, notes if frame.narrow else [", ".join(notes)])
    layers = [
        *grid_rules(line, frame, shelf.top, shelf.bottom),
        *_bars(rows, line, foot, nil=nil),
        _joins(rows, line),
        writing({"x": number("right", scale=line.scale), "y": down("middle")}, rows, dx=6),
        *shelf.writing(),
    ]
    return drawing([*key_layers(items, frame, LOOKS), *layers], frame, shelf.bottom)


def native_waterfall(
    bars: Sequence[Bar], sentence: str, ways: Mapping[str, str], frame: Frame
) -> Native:
    """The same for a spreadsheet: bars stacked on what holds them up and is not seen.

    A bar that crosses nil has a piece on each side; its number stands beside its name.

    >>> bars = [Bar("Plan", -3, TOTAL), Bar("Pay", 4, BETTER), Bar("Forecast", 1, TOTAL)]
    >>> for one in native_waterfall(bars, "pence", {BETTER: "better"}, Frame()).series:
    ...     print(one.name, one.values)
    held up (None, None, None)
    total (-3, None, 1)
    better (None, -3, None)
    better, above nil (None, 1, None)
    """
    pieces = [_pieces(first, level) for first, level in _levels(bars)]
    series = [Series("held up", tuple(one[0] or None for one in pieces), "hidden")]
    for kind in (TOTAL, BETTER, WORSE, REST):
        own = [
            one[1] if bar.kind == kind else (0, 0) for bar, one in zip(bars, pieces, strict=True)
        ]
        first = tuple(below or above or None for below, above in own)
        across = tuple((above or None) if below else None for below, above in own)
        for values, tail in ((first, ""), (across, ", above nil")):
            if any(value is not None for value in values):
                series.append(Series(ways.get(kind, kind) + tail, values, kind))
    names = tuple(f"{bar.title}: {frame.money(bar.pence)}" for bar in bars)
    return Native("stacked", sentence, names, tuple(series), "pence")


def _pieces(first: int, level: int) -> tuple[int, tuple[int, int]]:
    """What holds a bar up, and its pieces below and above nil, each from nil outwards.

    >>> _pieces(-10, -4), _pieces(-2, 5)
    ((-4, (-6, 0)), (0, (-2, 5)))
    """
    low, high = min(first, level), max(first, level)
    if low >= 0:
        return low, (0, high - low)
    if high <= 0:
        return high, (low - high, 0)
    return 0, (low, high)


def _levels(bars: Sequence[Bar]) -> list[tuple[int, int]]:
    """Where each bar begins and ends, in pence."""
    found, level = [], 0
    for bar in bars:
        first = 0 if bar.kind == TOTAL else level
        level = bar.pence if bar.kind == TOTAL else level + bar.pence
        found.append((first, level))
    return found


def _near_nil(ends: Sequence[int]) -> bool:
    """Whether nil lies among some ends, or no further from them than they reach.

    >>> _near_nil([-10, -15]), _near_nil([-100, -103]), _near_nil([-1, 1])
    (False, False, True)
    """
    return min(ends) <= 0 <= max(ends) or min(map(abs, ends)) <= max(ends) - min(ends)


def _key(bars: Sequence[Bar], ways: Mapping[str, str]) -> list[Item]:
    """Words for the kinds of steps that are drawn; none where only totals are."""
    drawn = {bar.kind for bar in bars}
    if not drawn & {BETTER, WORSE}:
        return [(kind, ways[kind]) for kind in (REST,) if kind in drawn]
    return [(kind, words) for kind, words in ways.items() if kind != REST or kind in drawn]


def _bars(rows: Sequence[Row], line: Along, foot: Spec, *, nil: bool) -> list[Spec]:
    """The bars by their kind: plain, striped, dashed; totals as upright lines without nil."""
    channels = {
        "x": number("from", scale=line.scale, axis=foot),
        "x2": end("to"),
        "y": down("top"),
        "y2": end("bottom"),
        "color": kinds("kind", FILLS),
    }
    totals = [row for row in rows if row["kind"] == TOTAL and not nil]
    plain = [row for row in rows if row["kind"] != REST and row not in totals]
    rest = [row for row in rows if row["kind"] == REST]
    look: Spec = {"stroke": INK, "strokeWidth": 1}
    upright = {"x": number("to", scale=line.scale), "y": down("top"), "y2": end("bottom")}
    return [
        mark("rect", channels, rows=plain, **look),
        striped([row for row in rows if row["kind"] == WORSE], line),
        mark("rect", channels, rows=rest, strokeDash=[4, 3], **look),
        mark("rule", upright, rows=totals, color=DARK, strokeWidth=5),
    ]


def _joins(rows: Sequence[Row], line: Along) -> Spec:
    """Thin lines from the end of each bar down to the next."""
    joins = [
        {"at": row["to"], "top": row["bottom"], "bottom": after["top"]}
        for row, after in pairwise(rows)
    ]
    channels = {"x": number("at", scale=line.scale), "y": down("top"), "y2": end("bottom")}
    return mark("rule", channels, rows=joins, color=PALE, strokeDash=[2, 2])


def share_words(pence: int, change: int, rest: int) -> str:
    """How much of a change its largest driver is, where as much or more may be without a name.

    >>> share_words(-181, -1_000, -819), share_words(-500, -1_000, -500)
    ('the largest known part is', 'most of it')
    >>> share_words(-400, -1_000, 0)
    'the largest part is'
    """
    if 2 * abs(pence) >= abs(change):
        return "most of it"
    unnamed = (rest > 0) == (change > 0) and abs(rest) > abs(pence)
    return "the largest known part is" if unnamed else "the largest part is"
