"""The plain methods of forecasting a year's outturn from its months, each with a name.

A method sees the actual months so far, the plan by month where there is one, and says what the
position will be at the end of a given month; with month 12 that is the outturn. Because the end
is an argument, the same function is tested on months that are already known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

RECENT = 3  # months that make a run rate


@dataclass(frozen=True, slots=True)
class Months:
    """A body's year by month: surplus in pence, 1 is April.

    `actual` runs from April without a hole; `plan` has twelve months or none; `once` are the
    actual items that do not repeat; `income` is actual income a month, a measure of size.
    """

    actual: Mapping[int, int]
    plan: Mapping[int, int] = field(default_factory=dict)
    once: Mapping[int, int] = field(default_factory=dict)
    income: int | None = None

    def upto(self, month: int) -> Months:
        """The same year as it was known after a month."""
        actual = {m: p for m, p in self.actual.items() if m <= month}
        return Months(actual, self.plan, self.once, self.income)


Method = Callable[[Months, int], int | None]


def straight_line(months: Months, end: int = 12) -> int | None:
    """The year to date goes on at the same rate.

    >>> straight_line(Months({1: -2_000_000_000, 2: -1_930_000_000}))
    -23580000000
    """
    if not months.actual:
        return None
    return _share(sum(months.actual.values()), end, len(months.actual))


def run_rate(months: Months, end: int = 12) -> int | None:
    """The year to date, then the last three months' average without what does not repeat."""
    if not months.actual:
        return None
    known = len(months.actual)
    recent = range(max(1, known - RECENT + 1), known + 1)
    rate = sum(months.actual[m] - months.once.get(m, 0) for m in recent)
    return sum(months.actual.values()) + _share(rate, end - known, len(recent))


def phased_plan(months: Months, end: int = 12) -> int | None:
    """The year to date, then the plan for the months left."""
    if not months.actual or not months.plan:
        return None
    ahead = range(len(months.actual) + 1, end + 1)
    return sum(months.actual.values()) + sum(months.plan[m] for m in ahead)


def plan_plus_variance(months: Months, end: int = 12) -> int | None:
    """The phased plan, plus the variance to date going on at the same rate."""
    if not months.actual or not months.plan:
        return None
    known = len(months.actual)
    variance = sum(months.actual[m] - months.plan[m] for m in months.actual)
    return sum(months.plan[m] for m in range(1, end + 1)) + _share(variance, end, known)


METHODS: Mapping[str, Method] = {
    "plan_plus_variance": plan_plus_variance,
    "straight_line": straight_line,
    "run_rate": run_rate,
    "phased_plan": phased_plan,
}
RULES = {
    "straight_line": "year to date x 12 / months known",
    "run_rate": "year to date plus the last three months' average, without one-off items, "
    "for the months left",
    "phased_plan": "year to date plus the plan for the months left",
    "plan_plus_variance": "the plan plus the variance to date x 12 / months known",
}


def _share(pence: int, parts: int, whole: int) -> int:
    """pence x parts / whole in whole pence, half to even."""
    return round(Fraction(pence * parts, whole))
