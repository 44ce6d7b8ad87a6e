"""The page of a pack on which schemes are chosen, what that meets, and what remains."""

from __future__ import annotations

from typing import Any

from controltotal.core.money import format_money
from controltotal.core.result import Result
from controltotal.papers.board_conditions import modelled_on
from controltotal.papers.charts_portfolio import starts_chart, totals_chart
from controltotal.papers.sections import ChartView, Focus, Results, Section, TableView, columns

TITLE = "Which schemes, safely"
MEASURES = ("portfolio_saving", "portfolio_bound", "shortfall")


def portfolio(results: Results, focus: Focus) -> Section:
    """The chosen schemes of a body and of those below it, with the certificate."""
    result = results.get("portfolio")
    if result is None or not any(row["chosen"] for row in result.tables.get("schemes", ())):
        return Section("portfolio", TITLE)
    figures = tuple(
        f for f in result.figures if f.measure in MEASURES and f.organisation == focus.organisation
    )
    totals = [dict(row) for row in result.tables.get("control_totals", ())]
    shown = [row for row in totals if row["outcome"] is not None]
    names = {row["organisation"]: focus.name(row["organisation"]) for row in shown}
    charts = [_starts(result)]
    if shown:
        charts.insert(0, _totals(shown, names, len(totals)))
    asked = modelled_on(result, focus)
    tables = [_certificate(result), _binding(result), _conflicts(result), _schemes(result), *asked]
    kept = tuple(table for table in tables if table.rows)
    return Section("portfolio", TITLE, tuple(result.words), figures, tuple(charts), kept)


def _totals(rows: list[dict[str, Any]], names: dict[str, str], in_force: int) -> ChartView:
    """The control totals that can be measured; the title says how many of those `in_force`."""
    missed = [row for row in rows if row["shortfall"]]
    said = "; ".join(
        f"{names[row['organisation']]} {format_money(row['outcome'])} against "
        f"{format_money(row['control_total'])}"
        for row in rows[:12]
    )
    title = (
        "Every control total is met by the chosen schemes"
        if not missed
        else f"{len(missed)} control totals are missed even with the chosen schemes"
    )
    if len(rows) < in_force:
        title += f"; {in_force - len(rows)} of {in_force} cannot be measured"
    return ChartView("portfolio-totals", title, totals_chart(rows, names), f"In £ million: {said}.")


def _starts(result: Result) -> ChartView:
    rows = [dict(row) for row in result.tables["schemes"]]
    chosen = [row for row in rows if row["chosen"]]
    first = min(row["start"] for row in chosen)
    last = max(row["start"] for row in chosen)
    return ChartView(
        "portfolio-starts",
        "When the chosen schemes start, and what they save in the year",
        starts_chart(rows),
        f"{len(chosen)} schemes start between {first} and {last}.",
    )


def _certificate(result: Result) -> TableView:
    return TableView(
        "What is proved: value, bound and gap of each objective in its order",
        columns(
            "meaning|Objective",
            "value|Value|number",
            "bound|Bound|number",
            "gap|Gap|share",
            "status|Status",
            "method|Method",
        ),
        [dict(row) for row in result.tables["certificate"]],
        "Money in pence. No safe choice does better than the bound.",
    )


def _binding(result: Result) -> TableView:
    return TableView(
        "Limits that bind, and what one more unit is worth, £ million",
        columns(
            "constraint|Limit",
            "limit|Allowed|number",
            "used|Used|number",
            "per|One more unit",
            "worth_pence|Worth|money",
            "method|How found",
        ),
        [dict(row) for row in result.tables["binding"]],
    )


def _conflicts(result: Result) -> TableView:
    return TableView(
        "Demands that no safe choice can keep together",
        columns("set|Set|number", "demand|Demand", "proof|How it is known"),
        [dict(row) for row in result.tables["conflicts"]],
    )


def _schemes(result: Result) -> TableView:
    return TableView(
        "Every scheme that could be chosen, and why it was or was not",
        columns(
            "scheme|Scheme",
            "title|Title",
            "chosen|Chosen|yesno",
            "start|Start",
            "saving_pence|Saving in the year, £m|money",
            "reason|Reason",
        ),
        [dict(row) for row in result.tables["schemes"] if row["considered"]],
        "The others have not passed their gates, or start in another year.",
    )
