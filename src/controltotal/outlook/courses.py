"""The base of a year by month, and how far it may be off by itself."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from controltotal.core.calendar import year_start
from controltotal.outlook.model import MONTHS
from controltotal.outlook.nodes import Arrangement
from controltotal.workings.series import monthly_surplus
from controltotal.workings.terms import parameter
from controltotal.workings.totals import Totals

BASE_SPREAD = "forecast_standard_deviation"
"""A fact: money, one standard deviation of the base."""
SPREAD_SHARE = "base_spread"
"""A parameter: the same as a share of the base."""

Course = tuple[float, ...]


def courses(
    totals: Totals,
    arrangement: Arrangement,
    base: Mapping[str, tuple[int, ...]],
    beside: Mapping[str, int],
) -> tuple[dict[str, Course], dict[str, int]]:
    """The first year's base by month, and the first month of it that is known to date.

    What is recorded stands to the penny; the months ahead are phased as the basis is, else as the
    plan is, else evenly, and what the base differs by from them is spread evenly over them. A year
    told to date only is known from its last month on. `beside` gives the last month recorded of
    slots that hold no money of their own: what is taken out of them falls after it.
    """
    found: dict[str, Course] = {}
    known: dict[str, int] = {}
    for slot, years in base.items():
        stated = arrangement.base.get(slot)
        month = stated.month if stated else min(beside.get(slot, 0), MONTHS - 1)
        past = _past(totals, slot, arrangement.year, month) if stated else {}
        if month and stated and not past:
            known[slot] = month
            past = _evenly(totals, slot, arrangement.year, month)
        months = _phased(totals, slot, arrangement.year, stated.basis) if stated else {}
        months |= dict.fromkeys(range(1, month + 1), 0.0) | past
        left = MONTHS - month
        shift = (years[0] - sum(months.values())) / left if left else 0.0
        found[slot] = tuple(
            months.get(m, 0.0) + (shift if m > month else 0.0) for m in range(1, MONTHS + 1)
        )
    return found, known


def _past(totals: Totals, slot: str, year: str, month: int) -> dict[int, float]:
    """The months recorded; empty where they are not told one by one."""
    past = monthly_surplus(totals, slot, year, "actual") if month else {}
    return {m: float(past[m]) for m in past if m <= month} if len(past) >= month else {}


def _evenly(totals: Totals, slot: str, year: str, month: int) -> dict[int, float]:
    """A year to date that nobody tells by month, spread over its months so that its end is right."""
    to_date = totals.adjusted(slot, year, "actual").taken_as_written().pence or 0
    return dict.fromkeys(range(1, month + 1), to_date / month)


def _phased(totals: Totals, slot: str, year: str, basis: str) -> dict[int, float]:
    """The months of a basis, else of the plan; empty where neither is told by month."""
    for one in (basis, "plan"):
        months = monthly_surplus(totals, slot, year, one)
        if len(months) == MONTHS:
            return {m: float(pence) for m, pence in months.items()}
    return {}


def spreads(totals: Totals, arrangement: Arrangement) -> tuple[dict[str, float], tuple[str, ...]]:
    """Standard deviations of bases in pence, and the labels of the parameters they rest on.

    Nil unless given: by a fact of a body in money, else for every body by the parameter
    `base_spread` as a share of its base. What is recorded to the end of its year has none.
    """
    position, year = totals.position, arrangement.year
    open_ = {slot: one for slot, one in arrangement.base.items() if one.month < MONTHS}
    share = parameter(position.parameters, SPREAD_SHARE, year_start(year))
    found = {}
    if share is not None and share.number > 0:
        of_base = Fraction(str(share.number))
        found = {slot: float(abs(one.pence) * of_base) for slot, one in open_.items()}
    for row in position.book.facts:
        if row.fact == BASE_SPREAD and row.year == year and row.organisation in open_:
            found[row.organisation] = float(row.value)
    labels = (share.label,) if share is not None and found else ()
    return {slot: spread for slot, spread in found.items() if spread > 0}, labels
