"""Where we are, by organisation: the paper's own body and those just below it, the worst first.

Month, year to date, year, and the forecast a month before, with who has not reported and what
stands in for them; the forecasts beside the control totals, as those measure them; and whether the
organisations agree on what they owe each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.figure import Figure
from controltotal.core.names import listed
from controltotal.core.show import value_text
from controltotal.core.sourced import Part, Source, marked
from controltotal.papers.board_actions import open_actions
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import (
    NUMBERS,
    named_aside,
    rows_of,
    said,
    to_date_cells,
    to_date_table,
)
from controltotal.papers.board_sources import captioned, counted, key_of, linked, made_of, page
from controltotal.papers.board_words import pounds
from controltotal.papers.board_year import by_year
from controltotal.papers.charts_frame import both
from controltotal.papers.charts_month import bodies_against_totals, variance_message
from controltotal.papers.left_out import left_out
from controltotal.papers.sections import (
    Focus,
    Results,
    Section,
    TableView,
    columns,
    figure,
    just_below,
)

Row = Mapping[str, Any]

TITLE: Final = "Where we are, by organisation"
ALL: Final = "organisations with those that are late"
CUT: Final = "those that the sentence does not name"
SHOWN: Final = 12
"""Organisations that a printed table has at most."""
NOTE: Final = (
    "Surplus or (deficit) without support; brackets in a variance mean worse than plan. Together: "
    "what the organisations are as one, trade between them taken out."
)


@page
def where(results: Results, focus: Focus) -> list[Section]:
    """The parts of the page; none where nothing below the paper's body is told."""
    told = _told(results, focus)
    if not told:
        return by_year(results, focus, TITLE)
    return [
        Section(
            "organisations",
            TITLE,
            _lead(results, focus, told)[:1],
            points=_lead(results, focus, told)[1:],
            lead=True,
            tables=_tables(results, focus, told),
        ),
        *_against(results, focus, told),
        *_agreement(results, focus),
        *open_actions(results, focus),
    ]


def _told(results: Results, focus: Focus) -> list[Row]:
    """Rows of `to_date` of those just below, the worst to date first, the untold last."""
    rows = [row for code in just_below(results, focus) for row in _whole(results, focus, code)]
    rows = [row for row in rows if any(row[column] for column in NUMBERS)]
    return sorted(
        rows,
        key=lambda row: (
            row["variance"] is None,
            row["variance"] or 0,
            row["variance_year"] or 0,
            row["organisation"],
        ),
    )


def _whole(results: Results, focus: Focus, code: str) -> list[Row]:
    """A body's own row of `to_date`, not those of its lines and schemes."""
    found = rows_of(results, "position", "to_date", focus, code)
    return [row for row in found if not row["line"] and not row["scheme"]]


def _late(results: Results, focus: Focus) -> dict[str, Row]:
    """Rows of `reported` of those who have not, by body."""
    found = results["position"].tables.get("reported", ())
    return {
        row["organisation"]: row
        for row in found
        if row["year"] == focus.year and not row["reported"]
    }


def _lead(results: Results, focus: Focus, told: Sequence[Row]) -> tuple[str, ...]:
    """How many are worse than their plans and who by most; who has reported."""
    late = _late(results, focus)
    rows = [
        {**row, "name": focus.name(row["organisation"])}
        for row in told
        if row["variance"] is not None and row["organisation"] not in late
    ]
    lost = [row for row in told if row["organisation"] in late]
    of = len(rows) + len(lost) if lost else 0
    lead = f"{_message(results, rows, of)}." if rows else "No plan to date is told by organisation."
    silent = [
        focus.name(row["organisation"])
        for row in told
        if row["variance"] is None and row["organisation"] not in late
    ]
    untold = (f"Not told against a plan to date: {listed(silent)}.",) if silent and rows else ()
    return (lead, *said(results, "position", focus, "reported"), *untold)


def _message(results: Results, rows: Sequence[Row], of: int) -> str:
    """The message on variances to date, its numbers with the organisations that they count."""
    drawn = sorted(rows, key=lambda row: (row["variance"], row["name"]))
    worse = [row for row in drawn if row["variance"] < 0]
    numbers = {row["name"]: to_date_cells(results, row, ("variance",))["variance"] for row in drawn}
    groups = [("worse than their plans to date", worse), ("told against a plan to date", drawn)]
    fillings = [
        (
            str(len(some)),
            Source(how=f"organisations that are {how}", parts=_parts(numbers, some)),
        )
        for how, some in groups
    ]
    fillings += [(str(of), Source(how=ALL, parts=_parts(numbers, drawn)))] if of else []
    first = drawn[0]
    fillings.append((pounds(first["variance"]), Source(key_of(numbers[first["name"]]))))
    return marked(variance_message(rows, of=of), fillings)


def _parts(numbers: Mapping[str, Any], rows: Sequence[Row]) -> tuple[Part, ...]:
    names = [row["name"] for row in rows]
    return tuple(
        Part(name, key_of(numbers[name]), value_text(numbers[name].value, "pence"))
        for name in names
    )


def _tables(results: Results, focus: Focus, told: Sequence[Row]) -> tuple[TableView, ...]:
    """The table, and those after the twelfth in one that a printed paper leaves out."""
    late = _late(results, focus)
    rows = [_row(results, focus, row, late) for row in told]
    together = [
        {"name": _together(row, focus), **to_date_cells(results, row, NUMBERS)}
        for row in _whole(results, focus, focus.organisation)
    ]
    note = NOTE if together else NOTE.partition(" Together")[0]
    more = len(rows) - SHOWN
    if more > 0:
        left = [Part(row["name"]) for row in rows[SHOWN:]]
        note = f"And {counted(str(more), CUT, left)} more, in a table of their own. {note}"
    shown = [*rows[:SHOWN], *together]
    title = "The month, the year to date and the year by organisation, £ million"
    sums = {
        len(shown) - len(together) + at: tuple(range(len(rows[:SHOWN])))
        for at in range(len(together))
    }
    tables = [to_date_table(title, "Organisation", shown, note, totals=sums)]
    if more > 0:
        title = f"{more} more organisations"
        tables.append(to_date_table(title, "Organisation", rows[SHOWN:], folded=True))
    return tuple(tables)


def _together(row: Row, focus: Focus) -> str:
    """What the sum is called: with what stands in for those who are late."""
    return f"Together ({named_aside(row, focus)})" if row["stand_in"] else "Together"


def _row(results: Results, focus: Focus, row: Row, late: Mapping[str, Row]) -> dict[str, Any]:
    """One organisation; one that is late or whose month stands in says so beside its name."""
    name = focus.name(row["organisation"])
    silent = late.get(row["organisation"])
    if row["stand_in"]:
        name = f"{name} ({named_aside(row, focus)})"
    elif silent is not None:
        last = silent["last_month"]
        name = f"{name} (reported to {month_name(last)})" if last else f"{name} (not reported)"
    return {"name": name, **to_date_cells(results, row, NUMBERS)}


def _against(results: Results, focus: Focus, told: Sequence[Row]) -> list[Section]:
    """Forecasts beside control totals, as those measure them."""
    late = _late(results, focus)
    rows = []
    for row in told:
        code = row["organisation"]
        stem = f"{code}/{focus.year}/forecast"
        found = {
            measure: figure(results, "position", f"{measure}/{stem}")
            for measure in ("measured", "control_total", "gap")
        }
        money = {
            m: None if f is None or not isinstance(f.value, int) else f for m, f in found.items()
        }
        measured, total = money["measured"], money["control_total"]
        rows.append(
            {
                "organisation": focus.organisation,
                "name": focus.name(code),
                "measured_pence": None if measured is None else measured.value,
                "control_total_pence": None if total is None else total.value,
                "reported": code not in late,
                "stand_in": named_aside(row, focus),
                "month": row["month"],
                **money,
            }
        )
    charts = both(lambda width: bodies_against_totals(rows, width=width))
    charts = captioned(charts, _short(rows))
    table = TableView(
        "Forecasts beside control totals, £ million",
        columns(
            "name|Organisation",
            "measured|Forecast, as the control total measures it|cell",
            "control_total|Control total|cell",
            "gap|Short of it, or (better)|cell",
        ),
        [row for row in rows if not row["stand_in"]],
        folded=True,
        identities=("gap = control_total - measured",),
    )
    if not charts:
        words = tuple(left_out(rows))
        return [Section("against", "Against the control totals", words, level=3)] if words else []
    return [
        Section("against", "Against the control totals", charts=charts, tables=(table,), level=3)
    ]


def _short(rows: Sequence[Row]) -> list[tuple[str, Figure | Source]]:
    """The numbers of the headline on control totals: how many are short, of how many, and the most."""
    told = [row for row in rows if row["gap"] is not None and row["reported"]]
    told = [row for row in told if not row["stand_in"]]
    short = sorted((r for r in told if r["gap"].value > 0), key=lambda r: -r["gap"].value)
    groups = ((short, "short of their control totals"), (told, "held against a control total"))
    found: list[tuple[str, Figure | Source]] = [
        (
            str(len(some)),
            made_of(f"organisations that are {how}", [(r["name"], r["gap"]) for r in some]),
        )
        for some, how in groups
    ]
    return found + [(pounds(row["gap"].value), row["gap"]) for row in short[:1]]


def _agreement(results: Results, focus: Focus) -> list[Section]:
    """Whether payers and payees within the body state the same, in one line."""
    rows = [
        row
        for row in results["position"].tables.get("eliminations", ())
        if (row["parent"], row["year"]) == (focus.organisation, focus.year) and not row["scenario"]
    ]
    if not rows:
        return []
    apart = sorted(
        (r for r in rows if r["difference_pence"]), key=lambda r: -abs(r["difference_pence"])
    )
    both_of = {(row["payer"], row["payee"]): None for row in rows}
    pairs = len(both_of)
    named_pairs = [Part(f"{focus.name(one)} and {focus.name(other)}") for one, other in both_of]
    every = counted(str(pairs), "pairs of organisations that buy of each other", named_pairs)
    if not apart and pairs == 1:
        line = "The one pair of organisations that buys of each other agrees."
    elif not apart:
        line = f"All {every} pairs of organisations state the same for what they buy of each other."
    else:
        named = [
            f"{focus.name(row['payer'])} and {focus.name(row['payee'])} differ by "
            f"{_apart(row)} in the {row['basis']}"
            for row in apart[:3]
        ]
        left = [Part(f"{focus.name(r['payer'])} and {focus.name(r['payee'])}") for r in apart[3:]]
        more = f" and {counted(str(len(left)), CUT, left)} more" if left else ""
        line = f"Of {every} pairs of organisations that buy of each other, {listed(named)}{more}."
    return [Section("agreement", "Agreement of balances", (line,), level=3)]


def _apart(row: Row) -> str:
    """How far payer and payee differ."""
    number = cell(row, "eliminations", "difference_pence")
    return linked(value_text(abs(row["difference_pence"]), "pence"), number)
