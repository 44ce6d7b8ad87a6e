"""The exit run rate: a year's money at the rate of its last quarter, as every verb tells it.

It is the mean of months 10 to 12, without what does not repeat, times twelve.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controltotal.workings.series import monthly_surplus
from controltotal.workings.totals import ADJUSTED, Totals, figure_id
from controltotal.workings.value import Value, unknown

LAST_QUARTER: Final = (10, 11, 12)


def exit_run_rate(months: Mapping[int, int], once: Mapping[int, int]) -> int | None:
    """A year's money at the rate of the last quarter; None unless its months are all known.

    >>> exit_run_rate({10: -100, 11: -130, 12: -100}, {11: -30})
    -1200
    """
    if any(month not in months for month in LAST_QUARTER):
        return None
    return 4 * sum(months[m] - once.get(m, 0) for m in LAST_QUARTER)


def exit_rate(totals: Totals, code: str, year: str) -> Value:
    """A body's own exit run rate, from its actual months, else those forecast."""
    for basis in ("actual", "forecast"):
        months = monthly_surplus(totals, code, year, basis)
        rate = exit_run_rate(months, monthly_surplus(totals, code, year, basis, once=True))
        if rate is not None:
            rule = f"mean of months 10 to 12 ({basis}) without one-off items, times twelve"
            return Value(rate, rule, (figure_id(ADJUSTED, code, year, basis),))
    return unknown("months_missing", "months 10 to 12 are not all known")
