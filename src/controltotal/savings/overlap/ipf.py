"""The joint table that nobody published: bounds from its margins, and a best guess by scaling.

A crosswalk says how much money lies in each pair of a programme and a specialty. Where only the
totals of both lists are known, no cell can be told, but each lies within Fréchet's bounds; and from
a seed (a national table, or a mask of 0 and 1 for what is plausible) iterative proportional
fitting gives the table nearest to the seed that has the right totals. Cells that are nil in the
seed stay nil; if they make the totals impossible the fit is refused, not forced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controltotal.core.progress import checked
from controltotal.savings.linear import least

Array = NDArray[np.float64]

CLOSE = 1e-9  # how near the margins have to be, as a share of the whole
ROUNDS = 10_000


class Infeasible(ValueError):
    """No table with this seed's nil cells has these totals."""


@dataclass(frozen=True)
class Fit:
    """A fitted table, the rounds it took and the largest miss of a margin (share of the whole)."""

    table: Array
    rounds: int
    miss: float


def frechet(rows: Array, columns: Array) -> tuple[Array, Array]:
    """The least and the most that each cell can hold, given only the totals.

    >>> low, high = frechet(np.array([60.0, 40.0]), np.array([70.0, 30.0]))
    >>> low.tolist(), high.tolist()
    ([[30.0, 0.0], [10.0, 0.0]], [[60.0, 30.0], [40.0, 30.0]])
    """
    whole = _whole(rows, columns)
    low = np.maximum(0.0, rows[:, None] + columns[None, :] - whole)
    return low, np.minimum(rows[:, None], columns[None, :])


def fit(seed: Array, rows: Array, columns: Array) -> Fit:
    """Scale rows and columns of a seed in turn until both margins are met.

    >>> found = fit(np.ones((2, 2)), np.array([60.0, 40.0]), np.array([70.0, 30.0]))
    >>> found.table.round(6).tolist()
    [[42.0, 18.0], [28.0, 12.0]]
    """
    whole = _whole(rows, columns)
    if not feasible(seed > 0, rows, columns):
        raise Infeasible("the cells that are nil leave no way to reach the totals")
    table = seed.astype(np.float64).copy()
    miss, rounds = np.inf, 0
    while miss > CLOSE and rounds < ROUNDS:
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        table *= _ratio(columns, table.sum(axis=0))[None, :]
        miss = float(np.abs(table.sum(axis=1) - rows).max(initial=0.0)) / (whole or 1.0)
        rounds += 1
    return Fit(table, rounds, miss)


def feasible(possible: NDArray[np.bool_], rows: Array, columns: Array) -> bool:
    """Whether any table that is nil outside `possible` has these totals (a flow that fits).

    >>> feasible(np.eye(2, dtype=bool), np.array([60.0, 40.0]), np.array([70.0, 30.0]))
    False
    """
    i, j = np.nonzero(possible)
    if not len(i):
        return bool(np.all(rows == 0) and np.all(columns == 0))
    sums = np.zeros((len(rows) + len(columns), len(i)))
    sums[i, np.arange(len(i))] = 1.0
    sums[len(rows) + j, np.arange(len(i))] = 1.0
    totals = np.concatenate([rows, columns]) / (_whole(rows, columns) or 1.0)
    nil, unlimited = np.zeros(len(i)), np.full(len(i), np.inf)
    return least(nil, sums, totals, totals, unlimited) is not None


def plausible_tables(
    seed: Array, rows: Array, columns: Array, *, draws: int, weight: float, random_seed: int
) -> Array:
    """Fitted tables from seeds drawn around the seed (Dirichlet with `weight` in all), to show how
    much the guess matters: (draw, row, column).

    >>> tables = plausible_tables(np.ones((2, 2)), np.array([6.0, 4.0]), np.array([7.0, 3.0]),
    ...                           draws=3, weight=50.0, random_seed=1)
    >>> tables.shape, bool(np.allclose(tables.sum(axis=2), [6.0, 4.0]))
    ((3, 2, 2), True)
    """
    generator = np.random.Generator(np.random.Philox(random_seed))
    inside = seed > 0
    drawn = np.zeros((draws, *seed.shape))
    shares = generator.dirichlet(seed[inside] / seed.sum() * weight, size=draws)
    drawn[:, inside] = np.maximum(shares, 1e-12)  # a possible cell stays possible
    return np.stack([fit(one, rows, columns).table for one in checked(drawn, 100)])


def _whole(rows: Array, columns: Array) -> float:
    whole = float(rows.sum())
    if not np.isclose(whole, columns.sum(), rtol=1e-9, atol=1e-6):
        raise Infeasible(f"the two lists have different totals: {whole:,.2f}, {columns.sum():,.2f}")
    return whole


def _ratio(wanted: Array, found: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(found > 0, wanted / found, 0.0))
