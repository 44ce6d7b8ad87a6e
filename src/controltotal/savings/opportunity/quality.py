"""Data before statistics: bad returns and small numbers are set aside, and said so.

A trust once returned 100 square metres for a hospital of 82,788, and so "spent" 20,748 pounds a
square metre on cleaning. A mean, a peer group or a benchmark that swallows such a row is worth
nothing. Rows are compared on the log scale with the median and the median absolute deviation,
which a handful of bad rows cannot move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAD_TO_SD = 1.4826  # median absolute deviation of a normal law, in standard deviations
COUNT_SMALL = 5  # counts of people or items from 1 to 4 are not shown
Z_BAD = 6.0  # default distance at which a return is set aside
TIMES_BAD = 4.0  # and only if it is at least so many times the median, or as small a part of it


def robust_z(values: Array) -> Array:
    """Distance of each positive value from the median, in robust deviations of the logarithm.

    NaN for values that are absent, nil or negative, and where fewer than eight can be compared.

    >>> robust_z(np.array([20.0, 22, 19, 21, 23, 20, 18, 24, 20_748])).round(0)[-1].item()
    51.0
    """
    positive = np.isfinite(values) & (values > 0)
    z = np.full(values.shape, np.nan)
    if positive.sum() < 8:
        return z
    logs = np.log(values[positive])
    centre = np.median(logs)
    spread = MAD_TO_SD * np.median(np.abs(logs - centre))
    if spread > 0:
        z[positive] = (logs - centre) / spread
    return z


def bad_returns(values: Array, threshold: float = Z_BAD) -> NDArray[np.bool_]:
    """True where a unit cost is too far from all others to be believed.

    >>> bad_returns(np.array([20.0, 22, 19, 21, 23, 20, 18, 24, 20_748])).tolist()[-2:]
    [False, True]
    """
    positive = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    if np.isnan(positive).all():
        return np.zeros(values.shape, dtype=bool)
    times = np.abs(np.log(positive / np.nanmedian(positive)))
    far = np.abs(np.nan_to_num(robust_z(values))) > threshold
    return np.asarray(far & (np.nan_to_num(times) > np.log(TIMES_BAD)))


def small_numbers(numerator: Array, unit: str, least: float = 0.0) -> NDArray[np.bool_]:
    """True where a numerator is too small to show (counts 1 to 4) or to compare (under `least`).

    >>> small_numbers(np.array([0.0, 3.0, 5.0]), "items").tolist()
    [False, True, False]
    >>> small_numbers(np.array([900.0, 1200.0]), "pounds", least=1000.0).tolist()
    [True, False]
    """
    few = (numerator > 0) & (numerator < COUNT_SMALL) & (unit in ("items", "people"))
    return np.asarray(few | (numerator < least))
