"""Income and cost by line, and the people: what makes the position, and whether agency pay is news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.lines import packaged_lines
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
from controltotal.papers.sections import Cell, Focus, Results, Section, TableView, columns

Row = Mapping[str, Any]

TITLE: Final = "Income and cost by line, and people"
SHOWN: Final = 12
NAMED: Final = 2
"""Lines that the lead names each way."""
PEOPLE: Final = {"substantive_pay": "Substantive", "bank_pay": "Bank", "agency_pay": "Agency"}
"""Parts of pay by kind of contract."""
NOTE: Final = "Costs in brackets; brackets in a variance mean worse than plan."


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
    first = Section(
        "lines", TITLE, _lead(results, told), lead=True, tables=_tables(results, focus, told)
    )
    return [first, *_people(results, focus, told), *_agency(results, focus)]


def line_name(line: str) -> str:
    """A line in words.

    >>> line_name("agency_pay"), line_name("community_beds")
    ('Agency pay', 'Community beds')
    """
    known = packaged_lines().get(line)
    return known.name if known is not None else capital(line.replace("_", " "))


def _part_of(line: str, told: Sequence[Row]) -> bool:
    """Whether a line is a part of another that is told."""
    known = packaged_lines().get(line)
    return known is not None and any(row["line"] == known.group for row in told)


def _lead(results: Results, told: Sequence[Row]) -> tuple[str, ...]:
    """What is furthest from plan to date, each way."""
    frame, parts = Frame(), []
    whole = [
        row
        for row in told
        if frame.is_seen(row["variance"] or 0) and not _part_of(row["line"], told)
    ]
    if not whole:
        return ()
    worst = sorted(whole, key=lambda row: (row["variance"], row["line"]))
    shown = [row for row in worst if row["variance"] < 0][:NAMED]
    shown += [row for row in reversed(worst) if row["variance"] > 0][:NAMED]
    for row in shown:
        size, number = frame.pounds(row["variance"]), to_date_cells(results, row, ("variance",))
        moved = linked_in(frame.moved(row["variance"]), size, number["variance"])
        parts.append(f"{_inside(row['line'])} is {moved}")
    month = max(row["month"] or 0 for row in whole)
    return (f"Against plan to {month_name(month)}, {listed(parts)}.",)


def _inside(line: str) -> str:
    name = line_name(line)
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _tables(results: Results, focus: Focus, told: Sequence[Row]) -> tuple[TableView, ...]:
    """The lines with their sum, and the parts of lines in a table that a printed paper leaves out."""
    whole = [row for row in told if not _part_of(row["line"], told)]
    parts = [row for row in told if row not in whole]
    own = [
        row
        for row in rows_of(results, "position", "to_date", focus)
        if not row["line"] and not row["scheme"]
    ]
    rows = [_row(results, row) for row in whole[:SHOWN]]
    kept = len(rows)
    rows += [
        {"name": "Position, without support", **to_date_cells(results, r, NUMBERS)} for r in own
    ]
    more = [Part(line_name(row["line"])) for row in whole[SHOWN:]]
    others = counted(str(len(more)), "lines that the printed table leaves out", more)
    note = f"And {others} more, with the parts of lines. {NOTE}" if more else NOTE
    tables = [
        to_date_table(
            "The month, the year to date and the year by line, £ million",
            "Line",
            rows,
            note,
            totals=dict.fromkeys(range(len(rows) - len(own), len(rows)), tuple(range(kept))),
        )
    ]
    rest = [*whole[SHOWN:], *parts]
    if rest:
        shown = [_row(results, row) for row in rest]
        tables.append(to_date_table("Parts of lines", "Line", shown, NOTE, folded=True))
    return tuple(tables)


def _row(results: Results, row: Row) -> dict[str, Any]:
    return {"name": line_name(row["line"]), **to_date_cells(results, row, NUMBERS)}


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
