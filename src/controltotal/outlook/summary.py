"""From draws to figures: mean, spread, quantiles with their own error, chances, shortfalls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SCORE_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated number with the range that the count of draws leaves open (95%)."""

    value: float
    low: float
    high: float


def mean(draws: np.ndarray) -> Estimate:
    """Mean of the draws, pence."""
    value = float(draws.mean())
    error = SCORE_95 * float(draws.std()) / math.sqrt(len(draws))
    return Estimate(value, value - error, value + error)


def quantile(draws: np.ndarray, chance: float) -> Estimate:
    """The draw below which this share of draws lies, with the order statistics beside it.

    >>> quantile(np.arange(1, 101), 0.1).value
    10.0
    """
    return quantiles(draws, (chance,))[0]


def quantiles(draws: np.ndarray, chances: Sequence[float]) -> tuple[Estimate, ...]:
    """Several quantiles of the same draws, which are put in order once for all of them.

    >>> [one.value for one in quantiles(np.arange(1, 101), (0.1, 0.9))]
    [10.0, 90.0]
    """
    places = [_places(len(draws), chance) for chance in chances]
    ordered = np.partition(draws, sorted({place for three in places for place in three}))
    return tuple(Estimate(*(float(ordered[place]) for place in three)) for three in places)


def values(draws: np.ndarray, chances: Sequence[float]) -> tuple[float, ...]:
    """The values of several quantiles alone, for which less is put in order.

    >>> values(np.arange(1, 101), (0.1, 0.9))
    (10.0, 90.0)
    """
    places = [_places(len(draws), chance)[0] for chance in chances]
    ordered = np.partition(draws, sorted(set(places)))
    return tuple(float(ordered[place]) for place in places)


def _places(count: int, chance: float) -> tuple[int, int, int]:
    """Where a quantile of so many draws stands in their order, and the ends of its range."""
    spread = SCORE_95 * math.sqrt(count * chance * (1 - chance))
    ranks = (count * chance, count * chance - spread, count * chance + spread)
    found, low, high = (min(max(math.ceil(rank - 1e-9) - 1, 0), count - 1) for rank in ranks)
    return found, low, high


def chance(hits: int, count: int, *, varies: bool = False) -> Estimate:
    """A share of draws with Wilson's interval.

    Where the draws vary no number of them shows that a thing never fails, or always: then a share
    of none or of all is told as half a draw short of it.

    >>> estimate = chance(50, 100)
    >>> estimate.value, round(estimate.low, 3), round(estimate.high, 3)
    (0.5, 0.404, 0.596)
    >>> chance(100, 100).value, round(chance(100, 100, varies=True).value, 4)
    (1.0, 0.995)
    """
    at_end = varies and hits in (0, count)
    share, square = hits / count, SCORE_95 * SCORE_95
    centre = (share + square / (2 * count)) / (1 + square / count)
    reach = SCORE_95 * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    reach /= 1 + square / count
    value = (hits + 0.5) / (count + 1) if at_end else share
    return Estimate(value, max(centre - reach, 0.0), min(centre + reach, 1.0))


def shortfall(draws: np.ndarray, control_total: int) -> float:
    """Expected shortfall against a control total: mean of what is missing, nil when met."""
    return float(np.maximum(control_total - draws, 0).mean())
