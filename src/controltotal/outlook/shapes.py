"""Shapes of delivery: the share of a scheme that is delivered, as a distribution.

A PERT distribution is a beta distribution stretched over low to high, of mean
(low + 4 mode + high) / 6 (Malcolm, Roseboom, Clark and Fazar, 1959). An exact quantile of it
costs 1.5 microseconds, a hundred times a whole draw of the model, so quantiles are tabulated
once by the place of the mode. The tables are made here by plain integration; a test holds them
to the library of statistics.

`t` is the mode's place between low (0) and high (1); `w` is a normal score: how far out a draw
lies, in standard deviations.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

PLACES = 65  # modes tabulated, from 0 to 1
SCORE_MAX = 5.0
SCORES = 401  # normal scores tabulated, from -5 to 5
CELLS = 2048  # of the table that turns bits into a normal score
PERT, TRIANGULAR = 0, 1
DISTRIBUTIONS = {"pert": PERT, "triangular": TRIANGULAR}


def normal_cdf(score: float) -> float:
    """Chance that a standard normal lies below a score.

    >>> normal_cdf(0.0)
    0.5
    """
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


@lru_cache(maxsize=1)
def normal_scores() -> np.ndarray:
    """Normal scores at the 2,049 edges of cells of equal chance; float32, variance exactly 1.

    Between two edges scores run straight. The two outermost edges are placed so that the mean
    of the outermost cells is right; then all are scaled to a variance of one.
    """
    normal = NormalDist()
    edges = np.array([normal.inv_cdf(k / CELLS) for k in range(1, CELLS)])
    density = math.exp(-(edges[-1] ** 2) / 2) / math.sqrt(2 * math.pi)
    end = 2 * density * CELLS - edges[-1]
    edges = np.concatenate([[-end], edges, [end]])
    edges = edges - edges[::-1]  # exactly odd, so the mean is exactly nil
    before, after = edges[:-1], edges[1:]
    variance = float(np.mean((before**2 + before * after + after**2) / 3))
    return np.asarray(edges / math.sqrt(variance), dtype=np.float32)


@lru_cache(maxsize=1)
def pert_quantiles() -> np.ndarray:
    """PERT share between low (0) and high (1): (place of the mode, normal score), float64.

    >>> round(float(pert_quantiles()[32, 200]), 4)  # mode in the middle, middle draw
    0.5
    """
    angles = np.linspace(0.0, math.pi / 2, 6001)
    sine, cosine = np.sin(angles), np.cos(angles)
    chances = np.array([normal_cdf(w) for w in np.linspace(-SCORE_MAX, SCORE_MAX, SCORES)])
    table = np.empty((PLACES, SCORES))
    for place in range(PLACES):
        t = place / (PLACES - 1)
        # x = sin(angle)^2 turns the beta density into a smooth integrand at both ends
        density = sine ** (8 * t + 1) * cosine ** (9 - 8 * t)
        area = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
        area /= area.max()
        table[place] = np.sin(np.interp(chances, area, angles)) ** 2
    return table


def pert_mean(low: float, mode: float, high: float) -> float:
    """Mean of a PERT distribution.

    >>> pert_mean(0.0, 0.75, 1.5)
    0.75
    """
    return (low + 4 * mode + high) / 6


def pert_variance(low: float, mode: float, high: float) -> float:
    """Variance of a PERT distribution."""
    mean = pert_mean(low, mode, high)
    return (mean - low) * (high - mean) / 7


def triangular_mean(low: float, mode: float, high: float) -> float:
    """Mean of a triangular distribution."""
    return (low + mode + high) / 3


def triangular_variance(low: float, mode: float, high: float) -> float:
    """Variance of a triangular distribution."""
    squares = low * low + mode * mode + high * high
    return (squares - low * mode - low * high - mode * high) / 18


def share_moments(kind: int, low: float, mode: float, high: float) -> tuple[float, float]:
    """Mean and variance of the share delivered by a scheme that starts."""
    if kind == PERT:
        return pert_mean(low, mode, high), pert_variance(low, mode, high)
    return triangular_mean(low, mode, high), triangular_variance(low, mode, high)


def delay_chances(mean_months: float, cap: int = 12) -> list[float]:
    """Chance of a delay of 0, 1, … 12 months: geometric, what lies beyond the cap at the cap.

    `mean_months` is the mean before the cap.

    >>> [round(p, 4) for p in delay_chances(1.0)[:3]]
    [0.5, 0.25, 0.125]
    >>> delay_chances(0.0)[0]
    1.0
    """
    stay = mean_months / (1.0 + mean_months)
    chances = [(1 - stay) * stay**k for k in range(cap)]
    return [*chances, stay**cap]


def delay_thresholds(mean_months: float) -> np.ndarray:
    """Twelve signed 32-bit thresholds: a delay is the number of them that the bits reach."""
    cumulative = np.cumsum(delay_chances(mean_months))[:12]
    steps = np.minimum(np.round(cumulative * 2.0**32), 2.0**32 - 1) - 2.0**31
    return np.asarray(steps, dtype=np.int64).astype(np.int32)
