"""What could be done: the gap, the modelled list, what remains, and what comparison has found.

One waterfall reconciles what is missing with what the modelled list would bring. The list is a
computation and no decision. Opportunities are shown net of their overlap, as a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import rows_of
from controltotal.papers.charts_delivery import STEPS, TOTALS, gap_waterfall
from controltotal.papers.charts_frame import Frame, both, capital
from controltotal.papers.sections import Focus, Results, Section, TableView, columns, figure

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
VIEW: Final = "view/"
BOUNDS: Final = {"lower": "Together at least", "upper": "Together at most"}


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
    """What the list would save and leave."""
    saved = figure(results, "portfolio", f"portfolio_saving/{_stem(focus)}")
    left = figure(results, "portfolio", f"shortfall/{_stem(focus)}")
    if saved is None or not isinstance(saved.value, int):
        return ()
    frame = Frame()
    text = f"The modelled list, on which no decision has been made, would save {frame.pounds(saved.value)}"
    if left is not None and isinstance(left.value, int):
        rest = (
            f"leave {frame.pounds(left.value)} to find"
            if left.value > 0
            else "leave nothing to find"
        )
        text += f" and {rest}"
    return (f"{text}.",)


def _gap(results: Results, focus: Focus) -> list[Section]:
    """One waterfall from the gap to what remains, its steps behind it."""
    verb = "portfolio" if rows_of(results, "portfolio", "missing", focus) else "position"
    rows = rows_of(results, verb, "missing", focus)
    charts = both(lambda width: gap_waterfall(rows, width=width))
    if not charts or len(rows) < 2:
        return []
    told = {row["step"]: row for row in rows}
    steps = [step for step in STEPS if step in told]
    table = TableView(
        "From the gap to what remains, £ million",
        columns("name|Step", "pence|Missing|cell"),
        [{"name": STEPS[step], "pence": cell(told[step], "missing", "pence")} for step in steps],
        "In brackets what is set against it.",
        folded=True,
        totals=_sums(steps),
    )
    return [Section("gap", "From the gap to what remains", charts=charts, tables=(table,), level=3)]


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
    below = {
        row["organisation"]
        for row in results["register"].tables["organisations"]
        if row["parent"] == focus.organisation
    }
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
    note = f"And {more} more. {LIST_NOTE}" if more > 0 else LIST_NOTE
    saved = figure(results, "portfolio", f"portfolio_saving/{_stem(focus)}")
    if saved is not None and saved.status == "unverified":
        note += " What it would save rests on rates of delivery that no office has adopted."
    table = TableView(
        "The modelled list and what remains by organisation, £ million",
        columns("name|Organisation", "saving|Would save|cell", "shortfall|Remains|cell"),
        rows[:SHOWN],
        note,
    )
    return [Section("remains", "What remains, by organisation", tables=(table,), level=3)]


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
        {"name": capital(one.part.removeprefix(VIEW).replace("_", " ")), "value": one}
        for one in _largest(views)
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
    return [Section("compared", "What comparison has found", tables=(table,), level=3)]


def _largest(found: Sequence[Figure]) -> list[Figure]:
    return sorted(found, key=lambda one: (-(one.value or 0), one.id))
