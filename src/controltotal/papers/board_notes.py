"""How each shown number was made: notes of a paper, folded on a page.

A figure has its rule, what it rests on and its ledger entries; a number that is a cell of an
answer's table has what its column means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.core.show import figure_name, figure_value
from controltotal.papers.page import shown_ids
from controltotal.papers.sections import Cell, Note, Results, Section, TableView, columns

HOW: Final[dict[str, tuple[str, str]]] = {
    "approaches.least_pence": ("Least", "the least that one payer bears in this way"),
    "approaches.most_pence": ("Most", "the most that one payer bears in this way"),
    "awaited.full_year_pence": ("Full year", "what a scheme saves in twelve months once it runs"),
    "awaited.plan_pence": ("This year, plan", "what the plan of the year has for a scheme"),
    "capital.actual_pence": ("Capital to date", "capital spent in the months stated"),
    "capital.limit_pence": ("Capital limit", "the most that may be spent on capital in the year"),
    "capital.plan_pence": ("Capital, plan", "capital planned for the year"),
    "cash.actual_pence": ("Cash, actual", "cash recorded at the end of the month"),
    "cash.forecast_pence": ("Cash, forecast", "cash forecast for the end of the month"),
    "cash.plan_pence": ("Cash, plan", "cash planned for the end of the month"),
    "check.count": ("How many", "data queries of one kind that `check` finds"),
    "control_total_changes.change_pence": ("Change", "the new control total less the one before"),
    "control_total_changes.from_pence": ("From", "the control total before the change"),
    "control_total_changes.to_pence": ("To", "the control total from the day of the change"),
    "control_totals.pence": ("Control total", "as set, on the day and by the office named"),
    "net_risk.best_pence": ("Best", "forecast with every mitigation and no risk"),
    "net_risk.contingency_pence": ("Contingency", "reserves not yet spent"),
    "net_risk.forecast_pence": ("Forecast", "the official forecast without support, else the plan"),
    "net_risk.gross_pence": ("Risks", "every risk of the register in full"),
    "net_risk.likely_pence": (
        "Likely",
        "forecast with each risk and mitigation by its chance, and the contingency",
    ),
    "net_risk.mitigated_pence": ("Mitigations", "every mitigation of the register in full"),
    "net_risk.net_pence": ("Net risk", "risks and mitigations, each in full"),
    "net_risk.weighted_pence": ("By their chances", "risks and mitigations, each by its chance"),
    "net_risk.worst_pence": ("Worst", "forecast with every risk and no mitigation"),
    "repayments.closing": ("Still owed", "what was owed, less what is paid back and written off"),
    "repayments.opening": ("Owed", "what is owed when the year begins"),
    "repayments.repaid": ("Paid back", "what the terms of the support ask for in the year"),
    "repayments.written_off": ("Written off", "what will not be paid back"),
    "risk_register.chance": ("Chance of a risk", "as its owner put it into the register"),
    "risk_register.gross_last_month_pence": (
        "In full, last month",
        "what the register held before the latest month’s entries",
    ),
    "risk_register.gross_pence": ("In full", "what it would cost or bring if it came about"),
    "risk_register.weighted_pence": ("By its chance", "in full, times its chance"),
    "rules.consequence_pence": (
        "What a rule costs or brings",
        "worked out by the rule from the figures of the year; the rule says why",
    ),
    "savings_by_category.actual_pence": (
        "Efficiencies to date, actual",
        "sum of what schemes of the plan report for the months reported",
    ),
    "savings_by_category.forecast_pence": (
        "Efficiencies of the year, forecast",
        "forecast of each scheme as stated, else actual to date and the plan as it has slipped",
    ),
    "savings_by_category.plan_year_pence": (
        "Efficiencies of the year, plan",
        "plan of every scheme in the plan, assured or not",
    ),
    "savings_by_category.planned_pence": (
        "Efficiencies to date, plan",
        "plan of the same months of the schemes that report",
    ),
    "savings_by_category.recurrent_share": (
        "Recurrent share",
        "forecast of recurrent schemes over the forecast of all",
    ),
    "savings_by_category.variance_pence": (
        "Efficiencies to date, variance",
        "actual less plan, both to date",
    ),
    "savings_by_category.variance_year_pence": (
        "Efficiencies of the year, variance",
        "forecast less plan of the year",
    ),
    "savings_by_maturity.pence": (
        "Plan of the year by maturity",
        "plan of now of the schemes that the evidence puts there, this month and when it began",
    ),
    "shares.pence": ("What a payer would bear", "its part of the sum in this way to share"),
    "suppliers.number_share": (
        "Bills paid in time, by number",
        "share of invoices paid within 30 days, by number",
    ),
    "suppliers.value_share": (
        "Bills paid in time, by value",
        "share of invoices paid within 30 days, by value",
    ),
    "transfers.amount_pence": ("Support", "as the data have it, with its status"),
    "bridge.pence": (
        "Change by driver",
        "forecast less plan of the lines of the driver, the savings of schemes taken out of them",
    ),
    "performance.month_plan": ("Month, plan", "plan of the month alone"),
    "performance.month_actual": ("Month, actual", "actual of the month alone"),
    "performance.month_variance": ("Month, variance", "actual less plan of the month alone"),
    "performance.plan": (
        "To date, plan",
        "sum of the months planned up to the month; of efficiencies, of the schemes that report",
    ),
    "performance.actual": ("To date, actual", "sum of the months recorded"),
    "performance.variance": ("To date, variance", "actual less plan, both to date"),
    "performance.plan_year": ("Year, plan", "plan of the whole year; of cash, its end"),
    "performance.forecast": ("Year, forecast", "forecast of the whole year; of cash, its end"),
    "performance.variance_year": ("Year, variance", "forecast less plan of the year"),
    "performance.forecast_last_month": (
        "Forecast a month before",
        "the forecast as it was known by the end of the month reported",
    ),
    "to_date.month_plan": ("Month, plan", "plan of the month alone"),
    "to_date.month_actual": ("Month, actual", "actual of the month alone"),
    "to_date.plan": ("To date, plan", "sum of the months planned up to the month"),
    "to_date.actual": ("To date, actual", "sum of the months recorded"),
    "to_date.variance": ("To date, variance", "actual less plan, both to date"),
    "to_date.plan_year": ("Year, plan", "plan of the whole year"),
    "to_date.forecast": ("Year, forecast", "forecast of the whole year"),
    "to_date.variance_year": ("Year, variance", "forecast less plan of the year"),
    "to_date.forecast_last_month": (
        "Forecast a month before",
        "the forecast as it was known by the end of the month reported",
    ),
    "cases.pence": ("Year's end in a named case", "a plain sum, told beside it"),
    "cases.short_pence": (
        "Short of the control total",
        "control total, less the support that counts towards it, less where the case ends",
    ),
    "months.plan_pence": ("Plan to a month", "sum of the months planned from April on"),
    "months.actual_pence": ("Recorded to a month", "sum of the months recorded from April on"),
    "months.forecast_pence": ("Forecast to a month", "sum of the months forecast from April on"),
    "fan.p10_pence": ("1 in 10 below", "the tenth of a hundred draws, from the lowest"),
    "fan.p50_pence": ("Middle", "the middle of the draws"),
    "fan.p90_pence": ("9 in 10 below", "the ninetieth of a hundred draws, from the lowest"),
    "step_sums.pence": (
        "Step to the simulation",
        "what schemes, risks and mitigations are expected to bring, less what the plan holds of them",
    ),
    "drivers.variance_share": (
        "Share of the doubt",
        "its share of the variance of the year's end over all draws",
    ),
    "drivers.mean_pence": ("Expected", "the average over all draws"),
    "workforce.wte_plan": ("People planned", "whole-time equivalents planned for the month"),
    "workforce.wte_actual": ("People in the month", "whole-time equivalents stated for the month"),
    "control_chart.pence": ("Cost in a month", "cost of the month alone"),
    "control_chart.mean_pence": ("Mean", "average of the months told"),
    "control_chart.lower_pence": ("Lower limit", "mean less 2.66 times the mean moving range"),
    "control_chart.upper_pence": ("Upper limit", "mean and 2.66 times the mean moving range"),
}
"""What a column of an answer's table is called and means, by `table.column`."""
INPUTS_MAX: Final = 12
"""What a figure rests on that a note names at most; `explain` tells all of it."""


def cell(row: Mapping[str, Any], table: str, column: str, unit: str = "pence") -> Cell:
    """A number of an answer's table, with the note that says how its column is made."""
    return Cell(row[column], unit, f"{table}.{column}")


def notes(results: Results, parts: Iterable[Section]) -> list[Section]:
    """The notes of every number that some parts of a paper show; none where they show none."""
    parts = list(parts)
    rows = [*_figure_notes(results, shown_ids(parts)), *_cell_notes(parts)]
    if not rows:
        return []
    table = TableView(
        "How each number was made",
        columns("number|Number|note", "how|How it was made", "rests|Rests on"),
        rows,
        "`controltotal explain BOOK FIGURE` tells all of it, down to the cell or the quotation.",
        folded=True,
    )
    return [Section("how", "How each number was made", tables=(table,), level=2)]


def _figure_notes(results: Results, shown: set[str]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for result in results.values():
        for figure in result.figures:
            if figure.id in shown and figure.id not in rows:
                rows[figure.id] = _figure_note(figure, result.trace[figure.id])
    return [rows[one] for one in sorted(rows)]


def _figure_note(figure: Figure, trace: Any) -> dict[str, Any]:
    told = _some(trace.inputs)
    if trace.parameters:
        told += f"{'; ' if told else ''}parameters: {'; '.join(trace.parameters)}"
    if trace.entries:
        told += f"{'; ' if told else ''}ledger entries {_some(trace.entries)}"
    how = f"{figure_name(figure)}: {figure_value(figure)}; {trace.rule}"
    return {"number": figure, "how": how, "rests": told}


def _some(things: Sequence[object]) -> str:
    """The first of some ids, and how many more."""
    more = len(things) - INPUTS_MAX
    told = ", ".join(str(one) for one in things[:INPUTS_MAX])
    return f"{told} and {more} more" if more > 0 else told


def _cell_notes(parts: Iterable[Section]) -> list[dict[str, Any]]:
    keys = {
        value.how
        for part in parts
        for table in part.tables
        for row in table.rows
        for value in row.values()
        if isinstance(value, Cell) and value.value is not None
    }
    return [
        {
            "number": Note(key, HOW[key][0]),
            "how": HOW[key][1],
            "rests": f"table {key.partition('.')[0]} of the answer",
        }
        for key in sorted(keys)
    ]
