"""What could be done: the gap, the modelled list, what remains, and what comparison has found.

One waterfall reconciles what is missing with what the modelled list would bring. The list is a
computation and no decision. Opportunities are shown net of their overlap, as a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.money import page_unit
from controltotal.core.sourced import Source
from controltotal.papers.board_notes import cell, row_of
from controltotal.papers.board_rows import rows_of
from controltotal.papers.board_sources import captioned, linked, made_of, page, worked_out
from controltotal.papers.charts_delivery import STEPS, TOTALS, gap_steps, gap_waterfall
from controltotal.papers.charts_frame import Frame, both, capital
from controltotal.papers.charts_opportunity import range_chart
from controltotal.papers.sections import (
    Cell,
    ChartView,
    Focus,
    Native,
    Results,
    Section,
    Series,
    TableView,
    columns,
    figure,
    just_below,
)

Row = Mapping[str, Any]

TITLE: Final = "What could be done"
SHOWN: Final = 12
LIST_NOTE: Final = (
    "The modelled list is the choice of assured schemes that misses least of the control totals; "
    "no decision has been made."
)
OPPORTUNITY_NOTE: Final = (
    "Theoretical, before anybody has judged what can be done safely or turned into cash. The lists "
    "look at the same money: together they are worth at least and at most what stands here; the "
    "most holds only if they share no pound, and is no target."
)
SENTENCES: Final[Mapping[str, str]] = {
    "gap": "The forecast, with all that it counts on, is this far short of the control total.",
    "unidentified": "The forecast counts on these savings, and no scheme stands behind them.",
    "to_find": "So much is to be found even if every scheme delivers its plan.",
    "uncounted": "The forecast counts on them, and the schemes are not yet assured.",
    "kept_out": "The schemes are assured, and what they need or do together keeps them out.",
    "counted": "The forecast counts on these savings in the months left.",
    "recorded": "Savings or losses of months already recorded, which no list can change.",
    "before_schemes": "What would be missing if no scheme brought anything more.",
    "margin": "A margin for risk that was asked for beside the control total.",
    "shortfall": "Still to be found after all of it.",
    "over": "To spare after all of it.",
}
"""Each step from the gap in a plain sentence."""
BETTER_THAN: Final = "The forecast, with all that it counts on, is better than the control total."
NARROW_WIDE: Final = 170
"""Pixels across of bars on a telephone, beside their names."""
VIEW: Final = "view/"
BOUNDS: Final = {"lower": "Together at least", "upper": "Together at most"}


@page
def ahead(results: Results, focus: Focus) -> list[Section]:
    """The parts of the page; none where neither a list nor an opportunity is told."""
    listed = figure(results, "portfolio", f"portfolio_saving/{_stem(focus)}")
    found = _opportunities(results, focus)
    if (listed is None or listed.value is None) and not found:
        return []
    first = Section("could", TITLE, _lead(results, focus), lead=True)
    parts = [first, *_gap(results, focus), *_remains(results, focus), *found]
    if not any(first.words) and len(parts) > 1:  # a page begins with something to read
        parts = [Section("could", TITLE, ("No list has been modelled.",), lead=True), *parts[1:]]
    return parts


def _stem(focus: Focus, code: str | None = None) -> str:
    return f"{code or focus.organisation}/{focus.year}/plan"


def _lead(results: Results, focus: Focus) -> tuple[str, ...]:
    """What the list would save and leave, and how that follows from the gap of page one."""
    saved = figure(results, "portfolio", f"portfolio_saving/{_stem(focus)}")
    left = figure(results, "portfolio", f"shortfall/{_stem(focus)}")
    if saved is None or not isinstance(saved.value, int):
        return ()
    frame = Frame()
    text = "The modelled list, on which no decision has been made, would save "
    text += linked(frame.pounds(saved.value), saved)
    if left is None or not isinstance(left.value, int):
        return (f"{text}.",)
    rest = (
        f"leave {linked(frame.pounds(left.value), left)} to find"
        if left.value > 0
        else "leave nothing to find"
    )
    return (f"{text} and {rest}.", *_counted_on(results, focus, left.value))


def _counted_on(results: Results, focus: Focus, left: int) -> tuple[str, ...]:
    """Why more is left than the gap: the forecast counts on most of what the list would bring."""
    rows = {row["step"]: row for row in rows_of(results, "portfolio", "missing", focus)}
    told = {step: row["pence"] for step, row in rows.items()}
    gap, counted = told.get("gap", 0), told.get("counted", 0)
    if not 0 < gap < left or counted <= 0:
        return ()
    frame = Frame()
    sizes = [
        linked(frame.pounds(told[step]), cell(rows[step], "missing", "pence"))
        for step in ("gap", "counted")
    ]
    return (
        f"That is more than the gap of {sizes[0]}, because the forecast already counts on "
        f"{sizes[1]} from the assured schemes that the list is chosen from.",
    )


def _gap(results: Results, focus: Focus) -> list[Section]:
    """One waterfall from the gap to what remains, and each of its steps in a sentence."""
    verb = "portfolio" if rows_of(results, "portfolio", "missing", focus) else "position"
    rows = rows_of(results, verb, "missing", focus)
    charts = both(lambda width: gap_waterfall(rows, width=width))
    charts = captioned(charts, _missing(rows))
    if not charts or len(rows) < 2:
        return []
    told = {row["step"]: row["pence"] for row in rows}
    cells = {row["step"]: cell(row, "missing", "pence") for row in rows}
    steps = gap_steps(rows)
    table = TableView(
        "From the gap to what remains, £ million",
        columns("name|Step", "pence|Missing|cell", "words|What it is"),
        [
            {
                "name": STEPS[step],
                "pence": Cell(pence, "pence", "missing.pence", row_of({**rows[0], "step": step})),
                "words": _sentence(step, pence, told, cells),
            }
            for step, pence in steps
        ],
        "In brackets what is set against it.",
        totals=_sums([step for step, _ in steps]),
    )
    return [Section("gap", "From the gap to what remains", charts=charts, tables=(table,), level=3)]


def _missing(rows: Sequence[Row]) -> list[tuple[str, Cell | Source]]:
    """The numbers of the headline: what the list saves, what it leaves or has over, what has no scheme."""
    cells = {row["step"]: cell(row, "missing", "pence") for row in rows}
    found: list[tuple[str, Cell | Source]] = []
    for step in ("chosen", "shortfall", "over", "to_find", "gap", "unidentified"):
        if step in cells and cells[step].value:
            found.append((Frame().pounds(int(cells[step].value or 0)), cells[step]))
        elif step == "over" and rows:
            parts = [(STEPS[one], cells[one]) for one in cells if one in STEPS]
            over = gap_steps(rows)[-1][1]
            found.append((Frame().pounds(over), made_of("what is missing less the list", parts)))
    return found


def _sentence(step: str, pence: int, told: Mapping[str, int], cells: Mapping[str, Cell]) -> str:
    """One step in a plain sentence."""
    if step != "brought":
        better = step == "gap" and pence < 0
        return BETTER_THAN if better else SENTENCES[step]
    frame = Frame()
    saved = linked(frame.pounds(told["chosen"]), cells["chosen"])
    if "counted" not in told:
        return f"The modelled list would bring {saved} that the forecast does not count on."
    counts_on = linked(frame.pounds(told["counted"]), cells["counted"])
    return (
        f"The forecast counts on {counts_on} from assured schemes in the months "
        f"left; the modelled list would bring {saved}."
    )


def _sums(steps: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """Which steps are the sum of those since the total before them, and of that total.

    >>> _sums(["gap", "unidentified", "to_find", "counted", "before_schemes"])
    {2: (0, 1), 4: (2, 3)}
    """
    found, first = {}, 0
    for at, step in enumerate(steps):
        if step in TOTALS and at:
            found[at] = tuple(range(first, at))
            first = at
    return found


def _remains(results: Results, focus: Focus) -> list[Section]:
    """What the list brings and leaves in each organisation just below, the most first."""
    below = just_below(results, focus)
    found = results["portfolio"].tables["control_totals"] if "portfolio" in results else ()
    told = [
        row
        for row in found
        if row["organisation"] in below
        and row["year"] == focus.year
        and (row["saving"] or row["shortfall"])
    ]
    if not told:
        return []
    told.sort(key=lambda row: (-(row["shortfall"] or 0), row["organisation"]))
    rows = [
        {
            "name": focus.name(row["organisation"]),
            "saving": cell(row, "control_totals", "saving"),
            "shortfall": cell(row, "control_totals", "shortfall"),
        }
        for row in told
    ]
    more = len(rows) - SHOWN
    left_out = [
        (focus.name(row["organisation"]), cell(row, "control_totals", "shortfall"))
        for row in told[SHOWN:]
    ]
    others = worked_out(str(more), "organisations that the table leaves out", left_out)
    note = f"And {others} more. {LIST_NOTE}" if more > 0 else LIST_NOTE
    saved = figure(results, "portfolio", f"portfolio_saving/{_stem(focus)}")
    if saved is not None and saved.status == "unverified":
        note += " What it would save rests on rates of delivery that no office has adopted."
    left = figure(results, "portfolio", f"shortfall/{_stem(focus)}")
    together = [
        {"name": "Together", **{k: cell(row, "control_totals", k) for k in ("saving", "shortfall")}}
        for row in found
        if (row["organisation"], row["year"]) == (focus.organisation, focus.year)
    ]
    table = TableView(
        "The modelled list and what remains by organisation, £ million",
        columns("name|Organisation", "saving|Would save|cell", "shortfall|Remains|cell"),
        [*rows[:SHOWN], *together],
        " ".join(filter(None, (note, _apart(told, left)))),
    )
    return [Section("remains", "What remains, by organisation", tables=(table,), level=3)]


def _apart(told: Sequence[Row], left: Figure | None) -> str:
    """Why what remains together is not the sum of what remains in each; empty where it is."""
    if left is None or left.value == sum(row["shortfall"] or 0 for row in told):
        return ""
    return (
        "Together has the margin asked of the whole, and sets what one has over against another: "
        "it is not the sum."
    )


def _opportunities(results: Results, focus: Focus) -> list[Section]:
    """What comparison has found, list by list, and together net of overlap."""
    stem = f"opportunity_total/{_stem(focus)}/"
    told = [
        one
        for one in (results["opportunities"].figures if "opportunities" in results else ())
        if one.id.startswith(stem) and isinstance(one.value, int)
    ]
    views = [one for one in told if one.part.startswith(VIEW)]
    bounds = {one.part: one for one in told if one.part in BOUNDS}
    rows: list[dict[str, Any]] = [
        {"name": _list_name(one), "value": one} for one in _largest(views)
    ]
    together = BOUNDS.items() if len(views) != 1 else ()  # one list overlaps nothing
    rows += [{"name": words, "value": bounds[part]} for part, words in together if part in bounds]
    if not rows:
        return []
    table = TableView(
        "Opportunities found by comparison, net of overlap, £ million",
        columns("name|List", "value|Worth|cell"),
        rows,
        OPPORTUNITY_NOTE if together else OPPORTUNITY_NOTE.partition(" The lists")[0],
    )
    drawn = together and len(bounds) == len(BOUNDS) and page_unit() == "£m"
    charts = _ranges(views, bounds) if drawn else ()
    return [
        Section("compared", "What comparison has found", charts=charts, tables=(table,), level=3)
    ]


def _ranges(views: Sequence[Figure], bounds: Mapping[str, Figure]) -> tuple[ChartView, ...]:
    """The lists beside what they are worth together, which their overlap makes a range."""
    lists = [(_list_name(one), int(one.value or 0)) for one in _largest(views)]
    low, high = (int(bounds[part].value or 0) for part in BOUNDS)
    frame, ends = Frame(), [bounds[part] for part in BOUNDS]
    said = "; ".join(f"{name} {frame.money(pence)}" for name, pence in lists)
    charts = (
        ChartView(
            "chart-board-opportunity",
            f"Together the lists are worth at least {frame.pounds(low)} and at most "
            f"{frame.pounds(high)}",
            range_chart(lists, low, high),
            f"{frame.words.capitalize()}, theoretical: {said}; together at least "
            f"{frame.money(low)} and at most {frame.money(high)}.",
            narrow=range_chart(lists, low, high, width=NARROW_WIDE),
            native=_drawn_again([*lists, *zip(BOUNDS.values(), (low, high), strict=True)], frame),
        ),
    )
    return captioned(charts, [(frame.pounds(int(one.value or 0)), one) for one in ends])


def _drawn_again(bars: Sequence[tuple[str, int]], frame: Frame) -> Native:
    """The lists and both ends of the range as bars of a spreadsheet."""
    worth = Series("Worth", tuple(pence for _, pence in bars), "total")
    return Native("bars", f"{frame.words}, theoretical", tuple(name for name, _ in bars), (worth,))


def _list_name(one: Figure) -> str:
    return capital(one.part.removeprefix(VIEW).replace("_", " "))


def _largest(found: Sequence[Figure]) -> list[Figure]:
    return sorted(found, key=lambda one: (-(one.value or 0), one.id))
