"""The base of a year by month, and how far it may be off by itself."""

from __future__ import annotations

from controltotal.outlook.model import MONTHS
from controltotal.outlook.nodes import Arrangement
from controltotal.workings.series import monthly_surplus
from controltotal.workings.totals import Totals

BASE_SPREAD = "forecast_standard_deviation"
"""A fact: money, one standard deviation of the base."""


def courses(
    totals: Totals, arrangement: Arrangement, base: dict[str, tuple[int, ...]]
) -> dict[str, tuple[float, ...]]:
    """The first year's base by month: what is recorded, then as the basis phases it.

    What the base differs by from those months is spread evenly over the months ahead.
    """
    found = {}
    for slot, stated in arrangement.base.items():
        months = monthly_surplus(totals, slot, arrangement.year, stated.basis)
        past = monthly_surplus(totals, slot, arrangement.year, "actual") if stated.month else {}
        months = {**months, **{m: past[m] for m in past if m <= stated.month}}
        if len(months) == MONTHS:
            left = MONTHS - stated.month
            shift = (base[slot][0] - sum(months.values())) / left if left else 0.0
            found[slot] = tuple(
                months[m] + (shift if m > stated.month else 0) for m in range(1, MONTHS + 1)
            )
    return found


def spreads(totals: Totals, arrangement: Arrangement) -> dict[str, float]:
    """Standard deviations of bases, where the book gives them; nil unless given."""
    return {
        row.organisation: float(row.value)
        for row in totals.position.book.facts
        if row.fact == BASE_SPREAD
        and row.year == arrangement.year
        and row.organisation in arrangement.base
        and arrangement.base[row.organisation].month < MONTHS
        and row.value > 0
    }
