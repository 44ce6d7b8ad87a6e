"""Income and cost by line, and the people: what makes the position, and whether agency pay is news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.lines import Line, all_lines, holders, packaged_lines
from controltotal.core.names import listed
from controltotal.core.sourced import Part, Source
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import (
    NUMBERS,
    VARIANCES,
    named_aside,
    rows_of,
    to_date_cells,
    to_date_table,
)
from controltotal.papers.board_sources import captioned, counted, linked_in, made_of, page
from controltotal.papers.charts_frame import Frame, both, capital
from controltotal.papers.charts_xmr import xmr
from controltotal.papers.sections import (
    INDENT,
    Cell,
    Focus,
    Results,
    Section,
    TableView,
    columns,
)

Row = Mapping[str, Any]

TITLE: Final = "Income and cost by line, and people"
SHOWN: Final = 16
"""Whole lines that the printed table has, with their sum."""
OWN_MOST: Final = 8
"""Lines of the data's own inside others that it has; more stand with the parts of lines."""
NAMED: Final = 2
"""Lines that the lead names each way."""
PEOPLE: Final = {"substantive_pay": "Substantive", "bank_pay": "Bank", "agency_pay": "Agency"}
"""Parts of pay by kind of contract."""
NOTE: Final = "Costs in brackets; brackets in a variance mean worse than plan."
OF_WHICH_NOTE: Final = "“Of which” is inside the line above it, and is not added again."


@page
def lines(results: Results, focus: Focus) -> list[Section]:
    """The parts of the page; none where no line of the paper's body is told."""
    told = [
        row
        for row in rows_of(results, "position", "to_date", focus)
        if row["line"] and not row["scheme"] and any(row[column] for column in NUMBERS)
    ]
    if not told:
        return []
    known = _known(results)
    first = Section(
        "lines",
        TITLE,
        _lead(results, told, known),
        lead=True,
        tables=_tables(results, focus, told, known),
    )
    return [first, *_people(results, focus, told), *_agency(results, focus)]


def line_name(line: str, known: Mapping[str, Line] | None = None) -> str:
    """A line in words, of those that are `known`.

    >>> line_name("agency_pay"), line_name("community_beds")
    ('Agency pay', 'Community beds')
    """
    one = (known or packaged_lines()).get(line)
    return one.name if one is not None else capital(line.replace("_", " "))


def _known(results: Results) -> Mapping[str, Line]:
    """The lines that every book may use, and those of the data's own."""
    rows = results["register"].tables.get("lines", ()) if "register" in results else ()
    return all_lines(
        Line(row["line"], row["name"], row.get("kind") or "cost", True, row.get("group") or "")
        for row in rows
    )


def _held_by(line: str, told: Sequence[Row], known: Mapping[str, Line]) -> list[str]:
    """The lines among those told that hold a line, the nearest first."""
    names = {row["line"] for row in told}
    return [one for one in holders(line, known) if one in names]


def _lead(results: Results, told: Sequence[Row], known: Mapping[str, Line]) -> tuple[str, ...]:
    """What is furthest from plan to date, each way."""
    frame, parts = Frame(), []
    whole = [
        row
        for row in told
        if frame.is_seen(row["variance"] or 0) and not _held_by(row["line"], told, known)
    ]
    if not whole:
        return ()
    worst = sorted(whole, key=lambda row: (row["variance"], row["line"]))
    shown = [row for row in worst if row["variance"] < 0][:NAMED]
    shown += [row for row in reversed(worst) if row["variance"] > 0][:NAMED]
    for row in shown:
        size, number = frame.pounds(row["variance"]), to_date_cells(results, row, ("variance",))
        moved = linked_in(frame.moved(row["variance"]), size, number["variance"])
        parts.append(f"{_inside(row['line'], known)} is {moved}")
    month = max(row["month"] or 0 for row in whole)
    return (f"Against plan to {month_name(month)}, {listed(parts)}.",)


def _inside(line: str, known: Mapping[str, Line]) -> str:
    name = line_name(line, known)
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _tables(
    results: Results, focus: Focus, told: Sequence[Row], known: Mapping[str, Line]
) -> tuple[TableView, ...]:
    """The lines with their sum, and the parts of lines in a table that a printed paper leaves out.

    A line of the data's own that another holds stands below that one and is no part of the sum: its
    money is in that line's already.
    """
    whole = [row for row in told if not _held_by(row["line"], told, known)]
    own = [
        row
        for row in rows_of(results, "position", "to_date", focus)
        if not row["line"] and not row["scheme"]
    ]
    inside = _with_own(whole[:SHOWN], told, known)
    rows = [_row(results, row, inside, known) for row in inside]
    summed = tuple(place for place, row in enumerate(inside) if row in whole)
    kept = len(rows)
    rows += [
        {"name": "Position, without support", **to_date_cells(results, r, NUMBERS)} for r in own
    ]
    more = [Part(line_name(row["line"], known)) for row in whole[SHOWN:]]
    others = counted(str(len(more)), "lines that the printed table leaves out", more)
    note = f"And {others} more, with the parts of lines. {NOTE}" if more else NOTE
    if len(inside) > len(summed):
        note = f"{note} {OF_WHICH_NOTE}"
    tables = [
        to_date_table(
            "The month, the year to date and the year by line, £ million",
            "Line",
            rows,
            note,
            totals=dict.fromkeys(range(kept, len(rows)), summed),
        )
    ]
    rest = [row for row in told if row not in inside]
    if rest:
        shown = [_row(results, row, rest, known) for row in rest]
        tables.append(to_date_table("Parts of lines", "Line", shown, NOTE, folded=True))
    return tuple(tables)


def _with_own(whole: Sequence[Row], told: Sequence[Row], known: Mapping[str, Line]) -> list[Row]:
    """Whole lines, each before the lines of the data's own that it holds and what stands between."""
    packaged = packaged_lines()
    own = [row["line"] for row in told if row["line"] not in packaged]
    held = [line for line in own if _held_by(line, told, known)][:OWN_MOST]
    wanted = {one for line in held for one in (line, *_held_by(line, told, known))}
    names = {row["line"] for row in whole}
    return [
        row
        for row in told
        if row["line"] in names
        or (row["line"] in wanted and names & set(_held_by(row["line"], told, known)))
    ]


def _row(
    results: Results, row: Row, beside: Sequence[Row], known: Mapping[str, Line]
) -> dict[str, Any]:
    """A line; one that others beside it hold is set in below them, as what they hold of it."""
    depth = len(_held_by(row["line"], beside, known))
    name = line_name(row["line"], known)
    name = f"{INDENT * depth}of which {name}" if depth else name
    return {"name": name, **to_date_cells(results, row, NUMBERS)}


def _people(results: Results, focus: Focus, told: Sequence[Row]) -> list[Section]:
    """Whole-time equivalents in the month and pay to date, by kind of contract."""
    pay = {row["line"]: row for row in told if row["line"] in PEOPLE}
    workforce = rows_of(results, "position", "workforce", focus)
    last = max((row["month"] for row in workforce if row["wte_actual"] is not None), default=0)
    wte = {row["line"]: row for row in workforce if row["month"] == last}
    rows = []
    for line, name in PEOPLE.items():
        if line not in pay and line not in wte:
            continue
        people = wte.get(line, {"wte_plan": None, "wte_actual": None})
        rows.append(
            {
                "name": name,
                "wte_plan": cell(people, "workforce", "wte_plan", "count"),
                "wte_actual": cell(people, "workforce", "wte_actual", "count"),
                **(to_date_cells(results, pay[line], NUMBERS) if line in pay else {}),
            }
        )
    if not rows:
        return []
    table = TableView(
        f"People in {month_name(last)}, whole-time equivalents, and their pay, £ million"
        if last
        else "Pay by kind of contract, £ million",
        columns(
            "name|Contract",
            *(["wte_plan|Plan|cell", "wte_actual|Actual|cell"] if last else []),
            "plan|Plan|cell",
            "actual|Actual|cell",
            "variance|Variance|cell",
            "plan_year|Plan|cell",
            "forecast|Forecast|cell",
            "variance_year|Variance|cell",
        ),
        rows,
        groups=(
            ("", 1),
            *((("People", 2),) if last else ()),
            ("Pay to date", 3),
            ("Pay in the year", 3),
        ),
        identities=VARIANCES,
    )
    return [Section("people", "People and pay", tables=(table,), level=3)]


def _agency(results: Results, focus: Focus) -> list[Section]:
    """Agency pay month by month on a control chart."""
    found = rows_of(results, "position", "control_chart", focus)
    whole = rows_of(results, "position", "to_date", focus)
    aside = next((named_aside(r, focus) for r in whole if not r["line"] and not r["scheme"]), "")
    told = [
        {**row, "stand_in": aside if row["pence"] is None else ""}
        for row in found
        if row["line"] == "agency_pay"
    ]
    charts = both(lambda width: xmr(told, "Agency pay", width=width))
    charts = captioned(charts, _news(told))
    if not charts:
        return []
    table = TableView(
        "Agency pay month by month, £ million",
        columns(
            "name|Month",
            "pence|Agency pay|cell",
            "mean_pence|Mean|cell",
            "lower_pence|Lower limit|cell",
            "upper_pence|Upper limit|cell",
        ),
        [
            {
                "name": f"{month_name(row['month'])}{' (stands in)' if row['stand_in'] else ''}",
                **{
                    key: cell(row, "control_chart", key)
                    for key in ("pence", "mean_pence", "lower_pence", "upper_pence")
                },
            }
            for row in told
        ],
        folded=True,
    )
    return [Section("agency", "Is agency pay news?", charts=charts, tables=(table,), level=3)]


def _news(rows: Sequence[Row]) -> list[tuple[str, Cell | Source]]:
    """The numbers of a control chart's headline: months outside the limits or in a run, of how many."""
    told = [row for row in rows if row["pence"] is not None and not row["stand_in"]]
    some = [row for row in told if "point" in str(row["rules"] or "")] or [
        row for row in told if row["rules"]
    ]
    groups = [(some, "months that are news")] if some else []
    groups.append((told, "months that are told"))
    found: list[tuple[str, Cell | Source]] = [
        (str(len(those)), made_of(how, [_month(row) for row in those])) for those, how in groups
    ]
    last = some[-1:] or told[-1:]
    sums = [(row, "pence") for row in last if some] or [(row, "mean_pence") for row in last]
    for row, column in sums:
        if row[column] is not None:  # told finer where the limits would else look alike
            number = cell(row, "control_chart", column)
            found += [(Frame(finer=more).amount(row[column]), number) for more in (1, 0)]
    return found


def _month(row: Row) -> tuple[str, Cell]:
    return month_name(row["month"]), cell(row, "control_chart", "pence")
