"""Exact division of whole pence among many, in proportion, between floors and ceilings.

Two routes to the same answer. ``fill`` works on whole columns: it finds the level at which the
clipped proportions sum to the total (sorted breakpoints, as in water-filling), and splits what is
left among those between their bounds by largest remainder in exact 64-bit arithmetic. The plain
reference ``fill_plainly`` does it with fractions, slowly and obviously; it also takes over where a
column holds numbers too large to be exact otherwise. Ties go to the lower place, so callers hand
over payers in order of code.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pence = NDArray[np.int64]

LARGEST_TOTAL: Final = 2**47
"""Above the largest sum of money that is read; keeps every quotient exact in a double."""

LARGEST_WEIGHTS: Final = 2**60


def split(total: int, weights: Pence) -> Pence:
    """Largest remainder over whole-number weights; ties go to the lower place.

    ``weights``: (payer,), whole numbers, nil or more, not all nil. ``total``: pence, nil or more.

    >>> split(100, np.array([1, 1, 1])).tolist()
    [34, 33, 33]
    """
    whole = int(weights.sum())
    assert 0 <= total < LARGEST_TOTAL and 0 < whole < LARGEST_WEIGHTS, (total, whole)
    # The quotient in doubles may be one out; the remainder, exact modulo 2**64, corrects it.
    parts = (weights * (total / whole)).astype(np.int64)
    left_over = weights * np.int64(total) - parts * np.int64(whole)
    correction = (left_over >= whole).astype(np.int64) - (left_over < 0)
    parts += correction
    left_over -= correction * np.int64(whole)
    odd = total - int(parts.sum())
    assert 0 <= odd < len(weights), "a quotient is at most one out"
    if odd:
        parts[_largest(left_over, odd)] += 1
    return parts


def _largest(values: Pence, count: int) -> NDArray[np.int64]:
    """Places of the ``count`` largest values; of equal ones the lower places."""
    edge = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > edge)
    level = np.flatnonzero(values == edge)[: count - len(above)]
    return np.concatenate((above, level))


def room(total: int, weights: Pence, floors: Pence, ceilings: Pence) -> tuple[int, int]:
    """The least and the most that payers can bear together.

    One without weight bears its floor and no more.
    """
    most = np.where(weights > 0, np.minimum(ceilings, max(total, 0)), floors)
    return int(floors.sum()), int(np.maximum(most, floors).sum())


def fill(
    total: int,
    weights: Pence,
    floors: Pence | None = None,
    ceilings: Pence | None = None,
) -> Pence | None:
    """Shares in proportion to weights, none below its floor or above its ceiling.

    ``weights``, ``floors``, ``ceilings``: (payer,), whole, nil or more; floor <= ceiling. The
    shares are ``clip(level x weight, floor, ceiling)`` at the one level where they sum to the
    total, rounded by largest remainder. ``None`` where no such level exists.

    >>> fill(100, np.array([1, 1, 2]), ceilings=np.array([100, 100, 20])).tolist()
    [40, 40, 20]
    """
    count = len(weights)
    if count == 0 or not 0 <= total < LARGEST_TOTAL:
        return None
    exact = 0 <= int(weights.sum()) < LARGEST_WEIGHTS
    if floors is None and exact:
        shares = _without_floors(total, weights, ceilings)
        if shares is not None:
            return shares
    low = np.zeros(count, np.int64) if floors is None else floors
    high = np.full(count, total, np.int64) if ceilings is None else np.minimum(ceilings, total)
    high = np.maximum(high, low)
    least, most = room(total, weights, low, high)
    if not least <= total <= most:
        return None
    shares = None
    if floors is not None and exact:
        shares = low.copy() if total == least else _between(total, weights, low, high)
    if shares is None:  # numbers too large, or a breakpoint too close to call in doubles
        return fill_plainly(total, weights, low, high)
    return shares


def _without_floors(total: int, weights: Pence, ceilings: Pence | None) -> Pence | None:
    """Plain proportions, below ceilings where there are any; ``None`` where that cannot be told."""
    if not weights.any():
        return None
    return split(total, weights) if ceilings is None else _below_ceilings(total, weights, ceilings)


def _below_ceilings(total: int, weights: Pence, high: Pence) -> Pence | None:
    """Proportions below ceilings, by Newton's steps: the level only rises, a few steps suffice.

    ``None`` where the ceilings are below the total, or a ceiling is too close to call in doubles.
    """
    rest, free_weight = total, int(weights.sum())
    ideal = weights * (rest / free_weight)
    some = weights > 0  # one without weight bears nothing, whatever its ceiling
    over = (ideal >= high) & some
    if not over.any():
        shares = split(total, weights)
        return shares if (shares <= high).all() else None
    while True:
        rest = total - int(high[over].sum())
        free_weight = int(weights[~over].sum())
        if rest < 0 or not free_weight:
            return None if rest else np.where(over, high, 0)
        ideal = weights * (rest / free_weight)
        more = (ideal >= high) & some & ~over
        if not more.any():
            break
        over |= more
    free = np.flatnonzero(~over)
    shares = high.copy()
    shares[free] = split(rest, weights[free])
    for n in np.flatnonzero(over & (ideal < high + 1)):
        if rest * int(weights[n]) < int(high[n]) * free_weight:
            return None
    return shares if (shares <= high).all() else None


def _between(total: int, weights: Pence, low: Pence, high: Pence) -> Pence | None:
    """Proportions between floors and ceilings, by the sorted levels where each leaves its bound."""
    some = np.flatnonzero(weights > 0)
    weight = weights[some].astype(np.float64)
    leaves_floor, meets_ceiling = low[some] / weight, high[some] / weight
    levels = np.concatenate((leaves_floor, meets_ceiling))
    slopes = np.concatenate((weight, -weight))
    order = np.argsort(levels, kind="stable")
    levels, slope = levels[order], np.cumsum(slopes[order])
    reached = float(low.sum()) + np.concatenate(([0.0], np.cumsum(slope[:-1] * np.diff(levels))))
    at = max(0, int(np.searchsorted(reached, total, side="right")) - 1)
    steep = slope[at]
    level = levels[at] + ((total - reached[at]) / steep if steep > 0 else 0.0)
    on_floor, on_ceiling = np.ones(len(weights), np.bool_), np.zeros(len(weights), np.bool_)
    on_floor[some] = level * weight <= low[some]
    on_ceiling[some] = level * weight >= high[some]
    on_ceiling &= ~on_floor
    return _settle(total, weights, low, high, on_floor, on_ceiling)


def _settle(
    total: int,
    weights: Pence,
    low: Pence,
    high: Pence,
    on_floor: NDArray[np.bool_],
    on_ceiling: NDArray[np.bool_],
) -> Pence | None:
    """Shares once it is known who stands on which bound; ``None`` if that was misjudged."""
    free = ~(on_floor | on_ceiling)
    shares = np.where(on_ceiling, high, low)
    rest = total - int(shares[~free].sum())
    free_weights = weights[free]
    whole = int(free_weights.sum())
    if whole == 0:
        return shares if rest == 0 else None
    if rest < 0:
        return None
    shares[free] = split(rest, free_weights)
    if np.any(shares < low) or np.any(shares > high):
        return None
    if not _bounds_hold(rest, whole, weights, low, high, on_floor, on_ceiling):
        return None
    assert int(shares.sum()) == total, "shares sum to the total"
    return shares


def _bounds_hold(
    rest: int,
    whole: int,
    weights: Pence,
    low: Pence,
    high: Pence,
    on_floor: NDArray[np.bool_],
    on_ceiling: NDArray[np.bool_],
) -> bool:
    """Whether everybody on a bound would pass it; those too close to call are done exactly."""
    ideal = weights * (rest / whole)
    doubtful = (on_ceiling & (ideal < high + 1)) | (on_floor & (weights > 0) & (ideal > low - 1))
    for n in np.flatnonzero(doubtful):
        exact = rest * int(weights[n])
        if on_ceiling[n] and exact < int(high[n]) * whole:
            return False
        if on_floor[n] and exact > int(low[n]) * whole:
            return False
    return True


def fill_plainly(
    total: int,
    weights: Sequence[int] | Pence,
    floors: Sequence[int] | Pence,
    ceilings: Sequence[int] | Pence,
) -> Pence | None:
    """The slow and obvious route: fractions, one breakpoint after another.

    >>> fill_plainly(100, [1, 1, 2], [0, 0, 0], [100, 100, 20]).tolist()
    [40, 40, 20]
    """
    weight = [int(w) for w in weights]
    low = [int(f) for f in floors]
    high = [max(f, int(c)) if w else f for w, f, c in zip(weight, low, ceilings, strict=True)]
    if not sum(low) <= total <= sum(high):
        return None

    def at(level: Fraction) -> list[Fraction]:
        return [
            min(Fraction(c), max(Fraction(f), level * w))
            for w, f, c in zip(weight, low, high, strict=True)
        ]

    edges = {Fraction(0)}
    for w, f, c in zip(weight, low, high, strict=True):
        edges |= {Fraction(f, w), Fraction(c, w)} if w else set()
    levels = sorted(edges)
    first, last = 0, len(levels) - 1
    while first < last:  # the first edge at which the shares reach the total
        middle = (first + last) // 2
        if sum(at(levels[middle])) >= total:
            last = middle
        else:
            first = middle + 1
    level = levels[first]
    over = sum(at(level), Fraction(0)) - total
    if over:
        moving = sum(
            w
            for w, f, c in zip(weight, low, high, strict=True)
            if w and Fraction(f, w) < level <= Fraction(c, w)
        )
        level -= over / moving
    ideal = at(level)
    assert sum(ideal) == total
    parts = [value.numerator // value.denominator for value in ideal]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - ideal[n], n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return np.array(parts, np.int64)
