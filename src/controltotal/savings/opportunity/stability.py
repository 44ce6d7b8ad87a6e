"""Is a gap there month after month? Run rules over many series at once.

A gap that lasted one month is no opportunity, and one that is closing by itself should not be
counted as if somebody had yet to close it. These are the XmR limits and the four rules of
`core.xmr`, worked over whole columns of series (series, month) instead of one series at a time;
the two are tested against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controltotal.core.xmr import RANGE_LIMIT, RUN, SIGMAS_PER_RANGE

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

POINTS_LEAST = 8  # fewer points cannot show a shift or a trend against a mean
RECENT = 3  # a special cause counts as present while it touches the last three points

STATES = ("stable", "worsening", "improving", "too short")


@dataclass(frozen=True, slots=True)
class Runs:
    """Limits of each series (series,) and the points that are more than chance (series, month).

    `high` and `low` mark special causes above and below the mean, by any of the four rules.
    """

    mean: Array
    lower: Array
    upper: Array
    high: Flags
    low: Flags


def run_rules(series: Array) -> Runs:
    """XmR limits and run rules for series in time order, one in each row, none absent.

    >>> rules = run_rules(np.array([[10.0, 12, 11, 13, 11, 12, 30]]))
    >>> rules.high[0].tolist(), round(float(rules.upper[0]), 1)
    ([False, False, False, False, False, False, True], 18.4)
    """
    level = (series == series[:, :1]).all(axis=1)  # equal values are their mean to the last digit
    mean = np.where(level, series[:, 0], series.mean(axis=1))
    reach = SIGMAS_PER_RANGE * _mean_range(np.abs(np.diff(series, axis=1)))
    distance = series - mean[:, None]
    marks = []
    for side in (1.0, -1.0):
        away = side * distance
        marks.append(
            (away > reach[:, None])
            | _part_of_run(away > 0, RUN)
            | _two_in_three(away > 0, away > reach[:, None] * 2 / 3)
        )
    rising = _trend(np.diff(series, axis=1) > 0)
    falling = _trend(np.diff(series, axis=1) < 0)
    return Runs(mean, mean - reach, mean + reach, marks[0] | rising, marks[1] | falling)


def state_of_gap(gaps: Array) -> NDArray[np.str_]:
    """How each gap (series, month; positive is worse than the benchmark) stands at its end.

    "improving": its last points are special causes on the low side (the gap is closing by
    itself); "worsening": on the high side; "stable": neither; "too short" to say.

    >>> falling = np.array([[9.0, 9.2, 8.9, 9.1, 9.0, 7.5, 6.5, 5.5, 4.5, 3.5, 2.5, 1.5]])
    >>> state_of_gap(falling).tolist()
    ['improving']
    """
    states = np.full(len(gaps), "too short", dtype="<U9")
    if gaps.shape[1] < POINTS_LEAST:
        return states
    whole = np.isfinite(gaps).all(axis=1)
    runs = run_rules(gaps[whole])
    low, high = runs.low[:, -RECENT:].any(axis=1), runs.high[:, -RECENT:].any(axis=1)
    states[whole] = np.where(low, "improving", np.where(high, "worsening", "stable"))
    return states


def _mean_range(ranges: Array) -> Array:
    """Mean moving range without those beyond their own limit, unless that would leave only nil."""
    first = ranges.mean(axis=1)
    kept = ranges <= RANGE_LIMIT * first[:, None]
    screened = (ranges * kept).sum(axis=1) / kept.sum(axis=1)
    return np.asarray(np.where(screened > 0, screened, first))


def _part_of_run(on_side: Flags, length: int) -> Flags:
    """Points that belong to a run of at least `length` true values."""
    n = on_side.shape[1]
    part = np.zeros_like(on_side)
    if n < length:
        return part
    windows = np.lib.stride_tricks.sliding_window_view(on_side, length, axis=1).all(axis=2)
    for shift in range(length):
        part[:, shift : n - length + 1 + shift] |= windows
    return part


def _trend(steps: Flags) -> Flags:
    """Points of every run of seven that rise (or fall) throughout: six steps."""
    n = steps.shape[1] + 1
    part = np.zeros((steps.shape[0], n), dtype=bool)
    in_run = _part_of_run(steps, RUN - 1)
    part[:, :-1] |= in_run
    part[:, 1:] |= in_run
    return part


def _two_in_three(on_side: Flags, far: Flags) -> Flags:
    """Far points of every three in a row on one side with two or more of them far."""
    n = far.shape[1]
    part = np.zeros_like(far)
    if n < 3:
        return part
    view = np.lib.stride_tricks.sliding_window_view
    windows = (view(far, 3, axis=1).sum(axis=2) >= 2) & view(on_side, 3, axis=1).all(axis=2)
    for shift in range(3):
        part[:, shift : n - 2 + shift] |= windows & far[:, shift : n - 2 + shift]
    return part
