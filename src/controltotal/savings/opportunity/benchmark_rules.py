"""Which level is "doing as well as": the benchmark rules, all as weights on ranked comparators.

Best five of ten, the peer median and the best quartile rank an area's own peers; the best decile
ranks every area in the country; `national` is the country's overall rate; `high_performers` is
the plain mean of a named group; `own_target` is a number that somebody set. Each rule but the last
is a weighted mean of comparators' rates, so one function serves shrunken and raw rates alike, and
the noise of a benchmark follows from its weights.

Rates run so that lower is better; a measure where higher is better enters with its sign turned.
Shapes: rates (…, area); peers (area, place), area numbers, -1 where there is no further peer.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Rule = Literal[
    "best5of10", "median", "quartile", "decile", "national", "high_performers", "own_target"
]

RULES: tuple[Rule, ...] = (
    "best5of10",
    "median",
    "quartile",
    "decile",
    "national",
    "high_performers",
    "own_target",
)
BEST = 5
PEERS = 10


def rank_weights(rule: Rule, count: int) -> Array:
    """Weight of each ranked comparator, best first, for a group of `count`.

    Quantiles lie between two ranks by linear interpolation, as spreadsheets do.

    >>> rank_weights("best5of10", 10).tolist()
    [0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0]
    >>> rank_weights("median", 4).tolist()
    [0.0, 0.5, 0.5, 0.0]
    >>> rank_weights("quartile", 10).tolist()[:4]
    [0.0, 0.0, 0.75, 0.25]
    """
    weights = np.zeros(count)
    if rule == "best5of10":
        weights[: min(BEST, count)] = 1 / min(BEST, count)
        return weights
    share = {"median": 0.5, "quartile": 0.25, "decile": 0.1}[rule]
    place = share * (count - 1)
    below = int(np.floor(place))
    weights[below] = 1 - (place - below)
    if below + 1 < count:
        weights[below + 1] = place - below
    return weights


def comparator_weights(
    rates: Array, denominator: Array, peers: Index, rule: Rule, group: Index | None = None
) -> Array:
    """The weight of every area in every area's benchmark: (measure, area, comparator).

    `rates` (measure, area) decide the ranks; an absent rate (NaN) is no comparator. Weights of
    an area without comparators are all NaN.

    >>> rates = np.array([[3.0, 1.0, 2.0]])
    >>> peers = np.array([[1, 2], [0, 2], [0, 1]])
    >>> comparator_weights(rates, np.ones((1, 3)), peers, "median")[0].tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    """
    measures, areas = rates.shape
    weights = np.zeros((measures, areas, areas))
    if rule == "national":
        whole = np.where(np.isfinite(rates), denominator, 0.0)
        weights[:] = (whole / whole.sum(axis=1, keepdims=True))[:, None, :]
        return weights
    if rule == "high_performers":
        assert group is not None and len(group), "high_performers needs a named group of areas"
        known = np.isfinite(rates[:, group])
        part = known / known.sum(axis=1, keepdims=True)
        weights[:, :, group] = part[:, None, :]
        return weights
    if rule == "decile":
        return _ranked_nationally(rates, weights)
    return _ranked_among_peers(rates, peers, rule, weights)


def _ranked_nationally(rates: Array, weights: Array) -> Array:
    for m, row in enumerate(rates):
        known = np.flatnonzero(np.isfinite(row))
        order = known[np.argsort(row[known], kind="stable")]
        if len(order):
            weights[m][:, order] = rank_weights("decile", len(order))[None, :]
        else:
            weights[m] = np.nan
    return weights


def _ranked_among_peers(rates: Array, peers: Index, rule: Rule, weights: Array) -> Array:
    padded = np.concatenate([rates, np.full((len(rates), 1), np.nan)], axis=1)
    of_peers = padded[:, peers]  # an absent peer is -1, the padded last place
    order = np.argsort(of_peers, axis=2, kind="stable")  # absent rates go last
    count = np.isfinite(of_peers).sum(axis=2)
    table = np.zeros((peers.shape[1] + 1, peers.shape[1]))
    for size in range(1, peers.shape[1] + 1):
        table[size, :size] = rank_weights(rule, size)
    placed = np.zeros_like(of_peers)
    np.put_along_axis(placed, order, table[count], axis=2)
    area = np.arange(len(peers))
    for place in range(peers.shape[1]):  # an absent peer has weight nil, wherever it lands
        weights[:, area, np.maximum(peers[:, place], 0)] += placed[:, :, place]
    weights[count == 0] = np.nan
    return weights


def benchmark(weights: Array, rates: Array) -> Array:
    """The benchmark of each area (measure, area) from comparators' weights and rates.

    >>> benchmark(np.array([[[0.0, 0.5, 0.5]] * 3]), np.array([[3.0, 1.0, 2.0]])).tolist()
    [[1.5, 1.5, 1.5]]
    """
    return np.asarray(np.einsum("mij,mj->mi", weights, np.nan_to_num(rates)))
