"""Savings by month of a horizon: a scheme's own phasing, else evenly from its start.

The year's planned saving is a whole number of pence and the steps are scaled to it, so that a
scheme that delivers exactly as planned leaves the outturn exactly where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from controltotal.book.amounts import Amounts
from controltotal.book.records import Scheme
from controltotal.core.calendar import next_year
from controltotal.outlook.model import MONTHS, even_steps, months_left, phased_steps
from controltotal.workings.delivery import ahead, keeps_start, over_delays, run_of

Steps = tuple[tuple[int, float], ...]


def scheme_steps(
    scheme: Scheme,
    years: Sequence[str],
    bases: Sequence[str],
    amounts: Amounts,
    late: int = 0,
    month: int = 0,
    running: bool = False,
    until: int | None = None,
) -> tuple[Steps, list[int]] | None:
    """Steps over the horizon and each year's planned saving in whole pence; None where unknown.

    `bases` name the basis of each year: a body may have a forecast now and a plan for later. A
    scheme that must begin so many months `late` has its steps moved, and its plan stays. Of the
    first year only what lies after the last recorded `month` is told, and a scheme that is not
    `running` by then begins no sooner. From the month `until` on it brings nothing.
    """
    run = run_of(scheme, years, bases, amounts)
    if run is None:
        return None
    held = replace(run, until=until)
    if month:
        if not keeps_start(run, month, running, late):
            late = max(late, month - run.start)
        planned = [sum(run.months()[month:MONTHS]), *run.planned[1:]]
        return phased_steps(ahead(held.months(late), month)), planned
    if until is not None:
        return phased_steps(held.months(late)), list(run.planned)
    if run.own is not None:
        steps = phased_steps(run.own)
    else:
        rate = run.full_year / MONTHS
        steps = even_steps(rate, run.start, recurrent=run.recurrent)
        steps = _exact(steps, run.planned[0])
    return tuple((month + late, rate) for month, rate in steps), list(run.planned)


def within(steps: Steps, until: int, delay_months: Fraction) -> Steps:
    """Steps of a scheme that stops at a month, lessened by what its delay is expected to cost it.

    A delay would move its end as well as its start, so that it is settled before the first draw.

    >>> within(((0, 100.0), (4, -100.0)), 4, Fraction(0))
    ((0, 100.0), (4, -100.0))
    """
    months = [sum(rate for at, rate in steps if at <= month) for month in range(until)]
    brings = [round(sum(months[: until - late])) for late in range(until + 1)]
    if not brings[0]:
        return steps
    share = float(over_delays(delay_months, 0, brings) / brings[0])
    return tuple((month, rate * share) for month, rate in steps)


def _exact(steps: Steps, planned: int) -> Steps:
    """Scale so that the first year makes the planned pence to the last."""
    told = sum(rate * months_left(month, 0) for month, rate in steps)
    if told == 0 or told == planned:
        return steps
    return tuple((month, rate * (planned / told)) for month, rate in steps)


def horizon(first: str, years: Sequence[str]) -> tuple[str, ...]:
    """The first year and the run of years after it without a gap."""
    found = [first]
    while next_year(found[-1]) in years:
        found.append(next_year(found[-1]))
    return tuple(found)
