"""XmR charts: is a month's figure news, or only the usual variation?

An XmR chart (individual values and moving ranges) draws a monthly series with its mean and
two process limits. The limits come from the series itself: mean plus and minus 2.66 times
the mean moving range (2.66 is 3 / 1.128, which turns a mean range of two into three standard
deviations; Shewhart, Wheeler). Four rules then say which points are more than chance, as
NHS England's "Making Data Count" teaches them in place of coloured dots:

1. `point`: one value outside the process limits.
2. `shift`: seven or more in a row on one side of the mean.
3. `trend`: seven or more in a row, each higher (or each lower) than the one before.
4. `two_in_three`: two of three in a row beyond two thirds of the way to a limit, all three on
   that side of the mean.

The function is pure and knows nothing of money: it takes numbers in time order, in any unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

SIGMAS_PER_RANGE = 2.66  # three standard deviations per unit of mean moving range of two
RANGE_LIMIT = 3.267  # upper limit of the moving ranges, per unit of their mean
RUN = 7  # points in a shift or a trend
POINTS_FEW = 12  # limits from fewer points are shown as provisional

RULES = ("point", "shift", "trend", "two_in_three")


@dataclass(frozen=True, slots=True)
class XmR:
    """A series with its limits, and the rules each point breaks.

    `values`, `rules` and `moving_ranges` have one place for each point, in time order (the
    first moving range is None). `rules[i]` names every rule that point i is part of. All
    numbers are in the unit of the series. `provisional` says that the limits rest on fewer
    than twelve points.
    """

    values: tuple[float, ...]
    mean: float
    lower: float
    upper: float
    moving_ranges: tuple[float | None, ...]
    mean_range: float
    range_upper: float
    rules: tuple[tuple[str, ...], ...]
    provisional: bool

    @property
    def special(self) -> tuple[bool, ...]:
        """True where a point is part of any rule: more than usual variation."""
        return tuple(bool(names) for names in self.rules)

    def where(self, rule: str) -> tuple[int, ...]:
        """The places (from 0) of the points that are part of one rule."""
        return tuple(i for i, names in enumerate(self.rules) if rule in names)


def xmr(
    values: Sequence[float], *, baseline: int | None = None, screen_outliers: bool = True
) -> XmR | None:
    """Limits and rules for a series in time order; None for fewer than two points.

    `baseline` takes the limits from the first so many points (a period known to be usual) and
    holds them for the rest. `screen_outliers` leaves moving ranges beyond their own upper
    limit out of the limits, so that one wild month does not hide itself by widening them; where
    only ranges of nil would be left nothing is left out, for limits without width are no limits.

    >>> chart = xmr([10, 12, 11, 13, 11, 12, 30])
    >>> round(chart.mean, 2), round(chart.lower, 2), round(chart.upper, 2)
    (14.14, 9.89, 18.4)
    >>> chart.where("point")
    (6,)
    >>> flat = xmr([54, 54, 54, 54, 54, 54, 54, 54, 42])
    >>> round(flat.mean, 2), round(flat.lower, 2), round(flat.upper, 2), flat.where("point")
    (52.67, 48.68, 56.66, (8,))
    """
    series = tuple(float(value) for value in values)
    base = series if baseline is None else series[:baseline]
    if len(base) < 2:
        return None
    mean = float(sum(map(Fraction, base)) / len(base))  # exact: equal values are their mean
    ranges = [abs(after - before) for before, after in pairwise(base)]
    mean_range = _mean_range(ranges, screen_outliers)
    lower, upper = mean - SIGMAS_PER_RANGE * mean_range, mean + SIGMAS_PER_RANGE * mean_range
    found = {
        "point": _outside(series, lower, upper),
        "shift": _shifts(series, mean),
        "trend": _trends(series),
        "two_in_three": _two_in_three(series, mean, upper - mean),
    }
    return XmR(
        values=series,
        mean=mean,
        lower=lower,
        upper=upper,
        moving_ranges=(None, *(abs(after - before) for before, after in pairwise(series))),
        mean_range=mean_range,
        range_upper=RANGE_LIMIT * mean_range,
        rules=tuple(tuple(r for r in RULES if i in found[r]) for i in range(len(series))),
        provisional=len(base) < POINTS_FEW,
    )


def _mean_range(ranges: list[float], screen_outliers: bool) -> float:
    mean_range = sum(ranges) / len(ranges)
    if not screen_outliers:
        return mean_range
    kept = [value for value in ranges if value <= RANGE_LIMIT * mean_range]
    return sum(kept) / len(kept) if any(kept) else mean_range


def _outside(series: Sequence[float], lower: float, upper: float) -> set[int]:
    return {i for i, value in enumerate(series) if value < lower or value > upper}


def _shifts(series: Sequence[float], mean: float) -> set[int]:
    """Points of every run of seven or more on one side; a point on the mean ends a run."""
    return _runs([(value > mean) - (value < mean) for value in series], RUN)


def _trends(series: Sequence[float]) -> set[int]:
    """Points of every run of seven or more that rise (or fall) throughout: six steps."""
    steps = [(after > before) - (after < before) for before, after in pairwise(series)]
    ends = _runs(steps, RUN - 1)
    return ends | {i + 1 for i in ends}


def _runs(sides: Sequence[int], length: int) -> set[int]:
    found: set[int] = set()
    start = 0
    for i in range(1, len(sides) + 1):
        if i == len(sides) or sides[i] != sides[start]:
            if sides[start] != 0 and i - start >= length:
                found.update(range(start, i))
            start = i
    return found


def _two_in_three(series: Sequence[float], mean: float, reach: float) -> set[int]:
    """Points of every three in a row on one side with two or more beyond 2/3 of the reach."""
    found: set[int] = set()
    for i in range(len(series) - 2):
        for side in (1, -1):
            distances = [side * (value - mean) for value in series[i : i + 3]]
            far = [k for k, distance in enumerate(distances) if distance > reach * 2 / 3]
            if min(distances) > 0 and len(far) >= 2:
                found.update(i + k for k in far)
    return found
