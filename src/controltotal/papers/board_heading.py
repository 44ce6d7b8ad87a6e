"""Where we are heading, and what must be true: the record, the forecast, and what may become of it.

Three named cases with their sums come first, because anybody can check them. The simulation is
joined to the record, and is called illustrative unless an office stands behind its rates; then come
the steps from the forecast to its average, and what carries most of its doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from controltotal.core.calendar import month_name
from controltotal.core.sourced import Source
from controltotal.papers.board_notes import cell
from controltotal.papers.board_rows import named_aside, rows_of, said
from controltotal.papers.board_sources import captioned, linked_in, made_of, page, worked_out
from controltotal.papers.charts_frame import Frame, both, capital
from controltotal.papers.charts_record import record_and_fan, record_of
from controltotal.papers.sections import (
    Cell,
    ChartView,
    Column,
    Focus,
    Results,
    Section,
    TableView,
    columns,
    figure,
)

Row = Mapping[str, Any]

TITLE: Final = "Where we are heading, and what must be true"
DRIVERS_SHOWN: Final = 4
HALF: Final = 0.5
MONTHS: Final = 12
STEPS: Final[Mapping[str, str]] = {
    "forecast": "Forecast",
    "does not count": "Schemes that are not assured",
    "expected loss": "Expected loss of those that are",
    "kept out": "Schemes that a ceiling of combined effect or what they need keeps out",
    "same money": "The same money as another scheme",
    "shut out": "Schemes that cannot go beside another",
    "risk register": "Risks and mitigations of the register, weighted",
    "no scheme yet": "Savings with no scheme yet",
    "the rest": "What the number of draws leaves open",
    "mean": "Average of the simulation",
}
"""Steps of table `step_sums` in words, in their order."""
ILLUSTRATIVE: Final = (
    "The simulation is illustrative: no office has adopted its rates of delivery, and they are not "
    "estimated from 30 finished schemes."
)


@page
def heading(results: Results, focus: Focus) -> list[Section]:
    """The parts of the page; none where neither a month nor a case is told."""
    cases = [row for row in rows_of(results, "risk", "cases", focus) if row["pence"] is not None]
    charts = _record(results, focus)
    if not cases and not charts:
        return []
    lead = (_lead(cases),) if cases else ()
    must = tuple(said(results, "position", focus, "must"))
    first = Section("heading", TITLE, lead, lead=True, points=must, tables=_cases(cases))
    return [
        first,
        *_record_part(results, focus, charts),
        *_steps(results, focus),
        *_drivers(results, focus),
    ]


def _firm(results: Results, focus: Focus) -> bool:
    """Whether somebody stands behind the rates of delivery of the paper's body."""
    rows = rows_of(results, "risk", "rates", focus)
    return bool(rows) and all(row["chance_may_be_told"] for row in rows)


def _lead(cases: Sequence[Row]) -> str:
    """The cases in a sentence."""
    frame = Frame()
    ends = [
        linked_in(
            frame.stands(row["pence"]), frame.pounds(row["pence"]), cell(row, "cases", "pence")
        )
        for row in cases
    ]
    first, *others = [f"{row['case']} {{}} at {end}" for row, end in zip(cases, ends, strict=True)]
    parts = [first.format("the year ends"), *(one.format("it ends") for one in others)]
    return f"{capital('; '.join(parts))}."


def _cases(cases: Sequence[Row]) -> tuple[TableView, ...]:
    """The named cases, each a plain sum."""
    if not cases:
        return ()
    told: list[Column] = [
        *columns("name|Case", "pence|The year ends at|cell"),
        *(
            columns("short|Short of the control total, or (better)|cell")
            if any(row["short_pence"] is not None for row in cases)
            else ()
        ),
        *columns("rule|How it is made"),
    ]
    rows = [
        {
            "name": capital(row["case"]),
            "pence": cell(row, "cases", "pence"),
            "short": cell(row, "cases", "short_pence"),
            "rule": capital(row["rule"]),
        }
        for row in cases
    ]
    note = "Without support. The risk register is in none of them."
    return (TableView("The year's end in named cases, £ million", tuple(told), rows, note),)


def _record(results: Results, focus: Focus) -> tuple[ChartView, ...]:
    """The record and the fan, at both widths."""
    months = rows_of(results, "position", "months", focus)
    whole = [
        row
        for row in rows_of(results, "position", "to_date", focus)
        if not row["line"] and not row["scheme"]
    ]
    own = {**whole[0], "stand_in": named_aside(whole[0], focus)} if whole else None
    record = record_of(months, own)
    if not any(row["actual_pence"] is not None for row in record):
        return ()
    fan = rows_of(results, "risk", "fan", focus)
    asked = record[-1]["asked_pence"]
    firm = _firm(results, focus)
    words = _asked_words(results, focus, asked)
    charts = both(
        lambda width: record_and_fan(
            record, fan, asked=asked, asked_words=words, firm=firm, width=width
        )
    )
    return captioned(charts, _stands(months, fan))


def _stands(months: Sequence[Row], fan: Sequence[Row]) -> list[tuple[str, Cell | Source]]:
    """The numbers of the headline: how the forecast lies to the simulation, else where the year is."""
    frame, last = Frame(), [row for row in months if row["month"] == MONTHS]
    end = last[-1]["forecast_pence"] if last else None
    middle = [row for row in fan if row["month"] == MONTHS and row["p50_pence"] is not None]
    found: list[tuple[str, Cell | Source]] = []
    if end is not None and middle:
        now, drawn = (
            cell(last[-1], "months", "forecast_pence"),
            cell(middle[-1], "fan", "p50_pence"),
        )
        how = "the forecast less the middle of the simulation"
        source = made_of(how, [("Forecast", now), ("Middle", drawn)])
        return [(frame.pounds(end - middle[-1]["p50_pence"]), source), (frame.pounds(end), now)]
    for row in [row for row in months if row["actual_pence"] is not None][-1:]:
        actual, plan = cell(row, "months", "actual_pence"), cell(row, "months", "plan_pence")
        found.append((frame.pounds(row["actual_pence"]), actual))
        if row["plan_pence"] is not None:
            source = made_of("the actual less the plan", [("Actual", actual), ("Plan", plan)])
            found.append((frame.pounds(row["actual_pence"] - row["plan_pence"]), source))
    if end is not None:
        found.append((frame.pounds(end), cell(last[-1], "months", "forecast_pence")))
    return found


def _asked_words(results: Results, focus: Focus, asked: int | None) -> str:
    """What the line of the control total is called: it is less the support that the forecast holds."""
    name = f"control_total/{focus.organisation}/{focus.year}/forecast"
    total = figure(results, "position", name)
    same = total is not None and total.value == asked
    return "control total" if same else "control total less support"


def _record_part(results: Results, focus: Focus, charts: tuple[ChartView, ...]) -> list[Section]:
    """The chart, with its months behind it."""
    if not charts:
        return []
    months = rows_of(results, "position", "months", focus)
    over = {row["month"] for row in months if row["actual_pence"] is not None}
    found = rows_of(results, "risk", "fan", focus)
    fan = {row["month"]: row for row in found if row["month"] not in over}
    rows = []
    for row in months:
        recorded = row["actual_pence"] is not None
        ahead = {} if recorded else fan.get(row["month"], {})
        rows.append(
            {
                "name": month_name(row["month"]),
                **{
                    key: cell(row, "months", key)
                    for key in ("plan_pence", "actual_pence", "forecast_pence")
                },
                **{
                    key: cell({**ahead, key: ahead.get(key)}, "fan", key)
                    for key in ("p10_pence", "p50_pence", "p90_pence")
                },
            }
        )
    table = TableView(
        "The position to each month, £ million",
        columns(
            "name|Month",
            "plan_pence|Plan|cell",
            "actual_pence|Recorded|cell",
            "forecast_pence|Forecast|cell",
            "p10_pence|1 in 10 below|cell",
            "p50_pence|Middle|cell",
            "p90_pence|9 in 10 below|cell",
        ),
        rows,
        folded=True,
    )
    words = () if _firm(results, focus) or not fan else (ILLUSTRATIVE,)
    title = "The record, the forecast and the simulation" if fan else "The record and the forecast"
    return [Section("record", title, words, charts=charts, tables=(table,), level=3)]


def _steps(results: Results, focus: Focus) -> list[Section]:
    """From the forecast to the average of the simulation."""
    found = {row["step"]: row for row in rows_of(results, "risk", "step_sums", focus)}
    rows = [
        {"name": words, "pence": cell(found[step], "step_sums", "pence")}
        for step, words in STEPS.items()
        if step in found and (found[step]["pence"] or step in ("forecast", "mean"))
    ]
    if len(rows) < 3:
        return []
    table = TableView(
        "From the forecast to the average of the simulation, £ million",
        columns("name|Step", "pence|Amount|cell"),
        rows,
        "Brackets make the position worse.",
        totals={len(rows) - 1: tuple(range(len(rows) - 1))},
    )
    return [Section("steps", "From the forecast to the simulation", tables=(table,), level=3)]


def _drivers(results: Results, focus: Focus) -> list[Section]:
    """What carries most of the doubt about where the year ends."""
    found = [row for row in rows_of(results, "risk", "drivers", focus) if row["variance_share"]]
    found.sort(key=lambda row: (-row["variance_share"], row["driver"]))
    rows = [
        {
            "name": row["title"],
            "owner": focus.name(row["owner"]),
            "share": cell(row, "drivers", "variance_share", "share"),
            "mean": cell(row, "drivers", "mean_pence"),
        }
        for row in found[:DRIVERS_SHOWN]
    ]
    if not rows:
        return []
    told = sum(row["variance_share"] for row in found[:DRIVERS_SHOWN])
    title = f"What carries {'most' if told >= HALF else 'the largest parts'} of the doubt"
    table = TableView(
        title,
        columns(
            "name|Risk, mitigation or scheme",
            "owner|Organisation",
            "share|Share of the doubt|cell",
            "mean|Expected, £ million|cell",
        ),
        rows,
        f"{_vary(found)} risks, mitigations and schemes vary." if len(found) > len(rows) else "",
    )
    return [Section("doubt", title, tables=(table,), level=3)]


def _vary(found: Sequence[Row]) -> str:
    """How many risks, mitigations and schemes vary, with the share of each."""
    parts = [(row["title"], cell(row, "drivers", "variance_share", "share")) for row in found]
    return worked_out(f"{len(found):,}", "what the simulation draws anew each time", parts)
