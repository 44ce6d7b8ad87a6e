"""Plain enumeration: every portfolio of a small problem, counted in whole numbers.

Slow and obvious on purpose. It is the measure by which the clever engine is tested: the same
shortfall, the same value of each objective in turn. Each scheme either stays out or starts in one
of its months; one row of a table stands for one portfolio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.portfolio.problem import (
    Candidate,
    Demand,
    Problem,
    objective_of,
    use,
)

LARGEST = 1 << 18
"""Most portfolios that are enumerated."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best that any portfolio reaches: the least shortfall, then each objective in turn.

    `most_saving` is the largest saving of any portfolio with that shortfall, `portfolios` how
    many keep every rule.
    """

    shortfall: int
    values: tuple[int, ...]
    most_saving: int
    portfolios: int


def portfolios_in(problem: Problem) -> int:
    """How many portfolios there are, whether they keep the rules or not."""
    product = 1
    for candidate in problem.candidates:
        product *= len(candidate.starts) + 1
    return product


def enumerate_best(problem: Problem, objectives: Sequence[str]) -> Best:
    """Try every portfolio and keep the best, objectives in the stated order.

    >>> from controltotal.savings.portfolio.problem import Demand, Saving
    >>> def make(code, pence):
    ...     return Candidate(code, "Q", (1,), (Saving("Q", "2026-27", (pence,)),), investment=10)
    >>> purse = Demand("investment", "purse", "Q", "2026-27", frozenset("Q"), upper=10, month=1)
    >>> enumerate_best(Problem((make("A", 5), make("B", 7)), (purse,)), ["saving"]).values
    (7,)
    """
    assert portfolios_in(problem) <= LARGEST, "too many portfolios to enumerate"
    chosen = _all_portfolios(problem)
    kept = _keeps_order(problem, chosen)
    missing = np.zeros(len(chosen), dtype=np.int64)
    for demand in problem.demands:
        total = _sums(problem, chosen, partial(_used, demand))
        if demand.upper is not None:
            kept &= total <= demand.upper
        if demand.lower is not None and demand.elastic:
            missing += np.maximum(0, demand.lower - total)
        elif demand.lower is not None:
            kept &= total >= demand.lower
    assert kept.any(), "no portfolio keeps the rules, not even the empty one"
    portfolios, least = int(kept.sum()), int(missing[kept].min())
    kept &= missing == least
    most = int(_sums(problem, chosen, lambda c: c.saving())[kept].max())
    values = []
    for objective in objectives:
        worths = _sums(problem, chosen, partial(objective_of, objective=objective))
        values.append(int(worths[kept].max()))
        kept &= worths == values[-1]
    return Best(least, tuple(values), most, portfolios)


def _used(demand: Demand, candidate: Candidate) -> tuple[int, ...]:
    """What a candidate adds to a demand; an overlap concerns its own members only."""
    member = not demand.schemes or candidate.code in demand.schemes
    return use(candidate, demand) if member else ()


def _all_portfolios(problem: Problem) -> NDArray[np.int8]:
    """Every portfolio: (portfolio, scheme), 0 where it stays out, k for its k-th start."""
    sizes = [len(candidate.starts) + 1 for candidate in problem.candidates]
    if not sizes:
        return np.zeros((1, 0), dtype=np.int8)
    return np.indices(sizes, dtype=np.int8).reshape(len(sizes), -1).T


def _sums(
    problem: Problem,
    chosen: NDArray[np.int8],
    adds: Callable[[Candidate], tuple[int, ...]],
) -> NDArray[np.int64]:
    """For every portfolio, the sum of what its schemes add at their starts."""
    total = np.zeros(len(chosen), dtype=np.int64)
    for place, candidate in enumerate(problem.candidates):
        added = adds(candidate)
        if any(added):
            total += np.array([0, *added], dtype=np.int64)[chosen[:, place]]
    return total


def _keeps_order(problem: Problem, chosen: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which portfolios keep every exclusion, and every required scheme first."""
    never = 10_000
    place_of = {candidate.code: place for place, candidate in enumerate(problem.candidates)}
    kept = np.ones(len(chosen), dtype=np.bool_)
    for first, second in problem.pairs:
        kept &= (chosen[:, place_of[first]] == 0) | (chosen[:, place_of[second]] == 0)
    for code, required in problem.requires.items():
        if code not in place_of:
            continue
        starts = np.array([never, *problem.by_code[code].starts])[chosen[:, place_of[code]]]
        for before in required:
            if before not in place_of:
                kept &= starts == never
                continue
            earlier = np.array([never, *problem.by_code[before].starts])[
                chosen[:, place_of[before]]
            ]
            kept &= (starts == never) | (earlier <= starts)
    return kept
