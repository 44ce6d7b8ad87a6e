"""What each scheme was to save and what it saved: by month, to date, and what slipped.

To date only months of which the scheme has an actual are set against their plan: a month that
nobody reports is no nil. A plan to date is the sum of its months and never a share of the year: that of
a scheme whose plan is told of the year alone is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from controltotal.accounts.scheme_ground import Ground
from controltotal.book.records import Scheme
from controltotal.core.calendar import month_name, month_words
from controltotal.core.money import format_pounds
from controltotal.programme.courses import Course
from controltotal.programme.phasing import in_plan

NAMED = 3
"""Schemes behind their plan that a sentence names at most."""
Row = dict[str, Any]


def delivery(ground: Ground, rows: Iterable[Scheme]) -> list[Row]:
    """Planned, actual and forecast saving of each scheme by month, in pence.

    None unreported, and where a row tells several months together.
    """
    table: list[Row] = []
    for scheme in rows:
        says = _says(ground.course(scheme))
        kinds = ("plan", "actual", "forecast")
        planned, actual, forecast = (ground.by_month(scheme, kind) for kind in kinds)
        for month in range(12) if says else ():
            table.append(
                {
                    "scheme": scheme.id,
                    "organisation": scheme.organisation,
                    "year": ground.year,
                    "month": month + 1,
                    "month_name": month_name(month + 1),
                    "planned_pence": planned[month],
                    "actual_pence": actual[month],
                    "forecast_pence": forecast[month],
                }
            )
    return table


def delivery_to_date(ground: Ground, rows: Iterable[Scheme]) -> list[Row]:
    """Each scheme to the last month it reports, its year, and what of the plan slipped, in pence.

    `variance_pence` is actual less plan to date; `slipped_pence` is what the forecast lacks of the
    plan of the year, and nil where it lacks nothing; `slip_months` how late it is.
    """
    table: list[Row] = []
    for scheme in rows:
        one = ground.course(scheme)
        if not _says(one):
            continue
        planned, actual, month = _to_date(ground, scheme)
        plan = None if one.plan is None else sum(one.plan)
        forecast = None if one.forecast is None else sum(one.forecast)
        variance = None if planned is None or actual is None else actual - planned
        lacking = None if plan is None or forecast is None else max(0, plan - forecast)
        table.append(
            {
                "scheme": scheme.id,
                "organisation": scheme.organisation,
                "title": scheme.title,
                "year": ground.year,
                "to_month": month,
                "planned_pence": planned,
                "actual_pence": actual,
                "variance_pence": variance,
                "plan_year_pence": plan,
                "forecast_pence": forecast,
                "slipped_pence": lacking,
                "slip_months": one.slip,
            }
        )
    return table


def _says(one: Course) -> bool:
    """Whether anything is planned or saved in the year."""
    return any(one.plan or ()) or any(pence is not None for pence in one.actual)


def _to_date(ground: Ground, scheme: Scheme) -> tuple[int | None, int | None, int | None]:
    """Planned and actual over the months with an actual, and the last of them; None without.

    The plan is None too where it is not told of those months.
    """
    actual = ground.course(scheme).actual
    told = [month for month, pence in enumerate(actual, 1) if pence is not None]
    if not told:
        return None, None, None
    made = sum(pence for pence in actual if pence is not None)
    return ground.plan_over(scheme, told), made, told[-1]


def is_untold(row: Mapping[str, object]) -> bool:
    """Whether a scheme reports, and its plan is told of the year and not of the months reported."""
    told = row["actual_pence"] is not None and row["plan_year_pence"] is not None
    return told and row["planned_pence"] is None


def set_beside(rows: Iterable[Mapping[str, Any]]) -> tuple[int | None, int | None]:
    """Planned and actual to date of the schemes that report and have a plan of the year, in pence.

    The plan is None where one of them does not tell its own to date; both are where none reports.
    """
    told = [r for r in rows if None not in (r["actual_pence"], r["plan_year_pence"])]
    if not told:
        return None, None
    actual = sum(row["actual_pence"] for row in told)
    if any(is_untold(row) for row in told):
        return None, actual
    return sum(row["planned_pence"] for row in told), actual


def delivery_words(ground: Ground, code: str) -> str:
    """What the schemes of a body's plan saved to date, and which lie furthest behind; or nothing."""
    rows = [row for row in ground.under(code) if in_plan(row)]
    every = delivery_to_date(ground, rows)
    told = [row for row in every if row["variance_pence"] is not None]
    untold = [row for row in every if is_untold(row)]
    if not told and not untold:
        return ""
    last = max(row["to_month"] for row in (*told, *untold))
    text = f"to {month_words(last)} "
    if told:
        planned = sum(row["planned_pence"] for row in told)
        text += f"{_reporting(told)} of {format_pounds(planned)} planned"
    if untold:
        text += (
            f"{' and ' if told else ''}{_reporting(untold)}, of a plan that is not told by month"
        )
    behind = sorted(
        (row for row in told if row["variance_pence"] < 0),
        key=lambda row: (row["variance_pence"], row["scheme"]),
    )
    if behind:
        named = (f"{r['scheme']} ({format_pounds(-r['variance_pence'])})" for r in behind[:NAMED])
        text += f"; furthest behind: {', '.join(named)}"
    silent = _silent(ground, rows, last)
    if silent:
        text += f"; {silent} due by then {'has' if silent == 1 else 'have'} reported nothing"
    return text + "."


def _reporting(rows: Sequence[Row]) -> str:
    """How many schemes report, and what they saved, in words."""
    many = "1 scheme that reports" if len(rows) == 1 else f"{len(rows)} schemes that report"
    return f"{many} saved {format_pounds(sum(row['actual_pence'] for row in rows))}"


def _silent(ground: Ground, rows: Iterable[Scheme], last: int) -> int:
    """Schemes for which something was planned by a month and of which nothing is reported."""
    return sum(
        bool(ground.plan_over(row, range(1, last + 1)))
        and all(pence is None for pence in ground.course(row).actual)
        for row in rows
    )
