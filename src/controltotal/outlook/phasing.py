"""Savings by month of a horizon: a scheme's own phasing, else evenly from its start.

The year's planned saving is a whole number of pence and the steps are scaled to it, so that a
scheme that delivers exactly as planned leaves the outturn exactly where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from controltotal.book.amounts import Amounts
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import PERIODS, first_full_month, next_year, year_start
from controltotal.outlook.model import MONTHS, even_steps, months_left, phased_steps
from controltotal.programme.phasing import in_year_effect, month_effects

Steps = tuple[tuple[int, float], ...]


def months_between(first: date, second: date) -> int:
    """Whole months from one first of a month to another."""
    return (second.year - first.year) * MONTHS + second.month - first.month


def scheme_steps(
    scheme: Scheme, years: Sequence[str], bases: Sequence[str], amounts: Amounts
) -> tuple[Steps, list[int]] | None:
    """Steps over the horizon and each year's saving in whole pence; None where unknown.

    `bases` name the basis of each year: a body may have a forecast now and a plan for later.
    """
    planned: list[int] = []
    months: list[float] = []
    even = True
    for year, basis in zip(years, bases, strict=True):
        effect = planned_in_year(scheme, year, basis, amounts)
        if effect is None:
            return None
        planned.append(effect)
        own = _own_months(scheme, year, basis, amounts)
        even &= own is None
        recurrent = scheme.recurrence != "non_recurrent"
        running = month_effects(scheme.full_year_effect or 0, scheme.start, recurrent, year)
        months += own if own is not None else [float(pence) for pence in running or ()]
    if not even or scheme.start is None:
        return phased_steps(months), planned
    start = months_between(year_start(years[0]), first_full_month(scheme.start))
    rate = (scheme.full_year_effect or 0) / MONTHS
    steps = even_steps(rate, start, months=MONTHS * len(years), recurrent=recurrent)
    return _exact(steps, planned[0]), planned


def planned_in_year(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> int | None:
    """What a scheme is to bring in a year as a basis states it, pence; None where unknown.

    A scheme without a start that has months of its own goes on after them at its full-year
    effect, unless it does not repeat.
    """
    found = in_year_effect(scheme, year, basis, amounts)
    if found is None and any(one < year for one in _own_years(scheme, basis, amounts)):
        return scheme.full_year_effect if scheme.recurrence != "non_recurrent" else 0
    return found


def _own_years(scheme: Scheme, basis: str, amounts: Amounts) -> set[str]:
    """The years that a scheme's own rows of a basis name."""
    rows = amounts.of_scheme.get(scheme.id, ())
    return {row.year for row in rows if row.basis == basis and not row.scenario}


def _exact(steps: Steps, planned: int) -> Steps:
    """Scale so that the first year makes the planned pence to the last."""
    told = sum(rate * months_left(month, 0) for month, rate in steps)
    if told == 0 or told == planned:
        return steps
    return tuple((month, rate * (planned / told)) for month, rate in steps)


def _own_months(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> list[float] | None:
    """The scheme's saving by month as rows of its own say; None in a year they do not name."""
    if year not in _own_years(scheme, basis, amounts):
        if scheme.start is None and (whole := planned_in_year(scheme, year, basis, amounts)):
            return [whole / MONTHS] * MONTHS
        return None
    found = [0.0] * MONTHS
    for row in amounts.of_scheme.get(scheme.id, ()):
        if (row.basis, row.year) == (basis, year) and not row.scenario:
            months = _live_months(row, scheme)
            for month in months:
                found[month - 1] += row.amount / len(months)
    whole, told = in_year_effect(scheme, year, basis, amounts) or 0, sum(found)
    return [pence * whole / told for pence in found] if told not in (0.0, float(whole)) else found


def _live_months(row: Amount, scheme: Scheme) -> list[int]:
    """Months (1 to 12) that a row's saving falls in; of a whole year, those since the start."""
    months = list(PERIODS[row.month or ""])
    start = scheme.start
    if row.month or start is None:
        return months
    since = months_between(year_start(row.year), first_full_month(start))
    later = [month for month in months if month - 1 >= since]
    return later or months


def horizon(first: str, years: Sequence[str]) -> tuple[str, ...]:
    """The first year and the run of years after it without a gap."""
    found = [first]
    while next_year(found[-1]) in years:
        found.append(next_year(found[-1]))
    return tuple(found)
