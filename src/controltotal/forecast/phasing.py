"""Savings by month of a horizon: a scheme's own phasing, else evenly from its start.

The year's planned saving is a whole number of pence and the steps are scaled to it, so that a
scheme that delivers exactly as planned leaves the outturn exactly where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from controltotal.core.calendar import PERIODS, first_full_month, next_year, year_start
from controltotal.forecast.model import MONTHS, even_steps, months_left, phased_steps
from controltotal.position.index import Amounts
from controltotal.position.phasing import in_year_effect
from controltotal.position.rows import Row

Steps = tuple[tuple[int, float], ...]


def months_between(first: date, second: date) -> int:
    """Whole months from one first of a month to another."""
    return (second.year - first.year) * MONTHS + second.month - first.month


def scheme_steps(
    scheme: Row, years: Sequence[str], basis: str, amounts: Amounts
) -> tuple[Steps, int] | None:
    """Steps over the horizon and the first year's saving in whole pence; None where unknown."""
    planned = in_year_effect(scheme, years[0], basis, amounts)
    if planned is None:
        return None
    own = _own_months(scheme, years, basis, amounts)
    if own is not None:
        steps = phased_steps(own)
    elif scheme["start"] is None:
        return None
    else:
        start = months_between(year_start(years[0]), first_full_month(scheme["start"]))
        rate = scheme["full_year_effect"] / MONTHS
        recurrent = scheme["recurrence"] != "non_recurrent"
        steps = even_steps(rate, start, months=MONTHS * len(years), recurrent=recurrent)
    return _exact(steps, planned), planned


def _exact(steps: Steps, planned: int) -> Steps:
    """Scale so that the first year makes the planned pence to the last."""
    told = sum(rate * months_left(month, 0) for month, rate in steps)
    if told == 0 or told == planned:
        return steps
    return tuple((month, rate * (planned / told)) for month, rate in steps)


def _own_months(
    scheme: Row, years: Sequence[str], basis: str, amounts: Amounts
) -> list[float] | None:
    """The scheme's own saving in each month of the horizon, where rows of its own say so."""
    rows = [
        row
        for row in amounts.of_scheme.get(scheme["id"], ())
        if row["basis"] == basis and not row["scenario"]
    ]
    if not rows:
        return None
    found = [0.0] * (MONTHS * len(years))
    for row in rows:
        if row["year"] not in years:
            continue
        first = MONTHS * years.index(row["year"])
        months = [first + month - 1 for month in _live_months(row, scheme)]
        for month in months:
            found[month] += row["amount"] / len(months)
    return found


def _live_months(row: Row, scheme: Row) -> list[int]:
    """Months (1 to 12) that a row's saving falls in; of a whole year, those since the start."""
    months = list(PERIODS[row["month"] or ""])
    start = scheme["start"]
    if row["month"] or start is None:
        return months
    since = months_between(year_start(row["year"]), first_full_month(start))
    later = [month for month in months if month - 1 >= since]
    return later or months


def horizon(first: str, years: Sequence[str]) -> tuple[str, ...]:
    """The first year and the run of years after it without a gap."""
    found = [first]
    while next_year(found[-1]) in years:
        found.append(next_year(found[-1]))
    return tuple(found)
