"""What each scheme was to save and what it saved: by month, to date, and what slipped.

To date only months of which the scheme has an actual are set against their plan: a month that
nobody reports is no nil.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """Planned, actual and forecast saving of each scheme by month, in pence; None unreported."""
    table: list[Row] = []
    for scheme in rows:
        one = ground.course(scheme)
        for month in range(12) if _says(one) else ():
            table.append(
                {
                    "scheme": scheme.id,
                    "organisation": scheme.organisation,
                    "year": ground.year,
                    "month": month + 1,
                    "month_name": month_name(month + 1),
                    "planned_pence": None if one.plan is None else one.plan[month],
                    "actual_pence": one.actual[month],
                    "forecast_pence": None if one.forecast is None else one.forecast[month],
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
        planned, actual, month = _to_date(one)
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


def _to_date(one: Course) -> tuple[int | None, int | None, int | None]:
    """Planned and actual over the months with an actual, and the last of them; None without."""
    told = [month for month, pence in enumerate(one.actual) if pence is not None]
    if not told:
        return None, None, None
    planned = None if one.plan is None else sum(one.plan[month] for month in told)
    return planned, sum(one.actual[month] or 0 for month in told), told[-1] + 1


def delivery_words(ground: Ground, code: str) -> str:
    """What the schemes of a body's plan saved to date, and which lie furthest behind; or nothing."""
    rows = [row for row in ground.under(code) if in_plan(row)]
    told = [row for row in delivery_to_date(ground, rows) if row["variance_pence"] is not None]
    if not told:
        return ""
    planned, actual = (sum(row[f"{kind}_pence"] for row in told) for kind in ("planned", "actual"))
    last = max(row["to_month"] for row in told)
    many = "1 scheme that reports" if len(told) == 1 else f"{len(told)} schemes that report"
    text = (
        f"to {month_words(last)} {many} saved {format_pounds(actual)} of "
        f"{format_pounds(planned)} planned"
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


def _silent(ground: Ground, rows: Iterable[Scheme], last: int) -> int:
    """Schemes for which something was planned by a month and of which nothing is reported."""
    courses = (ground.course(row) for row in rows)
    return sum(
        any((one.plan or ())[:last]) and all(pence is None for pence in one.actual)
        for one in courses
    )
