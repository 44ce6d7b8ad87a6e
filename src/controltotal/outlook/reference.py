"""The delivery model said plainly in numpy: slow, obvious, and the judge of the fast kernel.

The same addresses of random numbers, the same tables, whole arrays of draws at a time, one
source after another. `exact=True` leaves the tables aside and takes normal scores and PERT
quantiles from the library of statistics, which shows what the tables cost in accuracy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from controltotal.outlook.arrays import build
from controltotal.outlook.layout import Arrays
from controltotal.outlook.model import DELAY_MAX, Model, Source, months_left
from controltotal.outlook.streams import hashes, stream_key


def simulate(model: Model, *, draws: int, seed: int, exact: bool = False) -> np.ndarray:
    """Each organisation's money without rounding: (organisation, year, draw), pence."""
    a = build(model, seed)
    factors = factor_scores(model, a, draws=draws, seed=seed, exact=exact)
    totals = np.zeros((len(model.organisations), len(model.years), draws))
    places = {code: o for o, code in enumerate(model.organisations)}
    for s, source in enumerate(model.sources):
        delivered, late = deliver(a, s, source, factors, draws, seed, model.distribution, exact)
        for code, weight in source.parts:
            for year in range(len(model.years)):
                left = months_table(source, year)[late]
                totals[places[code], year] += weight * delivered * left
    for code, o in places.items():
        noise = model.base_sd.get(code, 0.0) * normals(stream_key(seed, f"base {code}"), draws)
        totals[o] += np.array(model.base[code], dtype=float)[:, None] + noise
    return totals


def months_table(source: Source, year: int) -> np.ndarray:
    """In-year pence at a share of one, for a delay of 0 to 12 months: (delay,)."""
    table = np.zeros(DELAY_MAX + 1)
    for month, rate in source.steps:
        table += [rate * months_left(month + delay, year) for delay in range(DELAY_MAX + 1)]
    return table


def normals(key: int, draws: int) -> np.ndarray:
    """Exact normal scores of one stream."""
    from scipy.special import ndtri

    bits = hashes(key, 0, draws) >> np.uint64(11)
    return np.asarray(ndtri((bits.astype(np.float64) + 0.5) * 2.0**-53))


def factor_scores(
    model: Model, a: Arrays, *, draws: int, seed: int, exact: bool
) -> dict[str, np.ndarray]:
    """Scores of every common factor by name."""
    names = sorted({name for source in model.sources for name, _ in source.factors})
    found: dict[str, np.ndarray] = {}
    for name in names:
        key = stream_key(seed, f"factor {name}")
        if exact:
            found[name] = normals(key, draws).astype(np.float32)
            continue
        high = (hashes(key, 0, draws) >> np.uint64(32)).astype(np.uint32)
        cell = (high >> np.uint32(16)).astype(np.int64)
        within = (high & np.uint32(0xFFFF)).astype(np.float32) * np.float32(2.0**-16)
        found[name] = a.factor_scores[cell, 0] + within * a.factor_scores[cell, 1]
    return found


def deliver(
    a: Arrays,
    s: int,
    source: Source,
    factors: dict[str, np.ndarray],
    draws: int,
    seed: int,
    distribution: str,
    exact: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Share delivered (nil where it does not start) and months late, of every draw."""
    value = hashes(stream_key(seed, f"{source.kind} {source.name}"), 0, draws)
    high = (value >> np.uint64(32)).astype(np.uint32)
    cell = (high >> np.uint32(21)).astype(np.int64)
    within = (high & np.uint32(0x1FFFFF)).astype(np.float32) * np.float32(2.0**-21)
    own = a.scores[cell, 0] + within * a.scores[cell, 1]
    common: np.ndarray = np.zeros(draws, dtype=np.float32)
    for name, loading in source.factors:
        common = common + np.float32(loading) * factors[name]
    score = common + a.rest[s] * own
    if exact:
        delivered = exact_share(source, distribution, score.astype(np.float64))
    else:
        delivered = tabulated_share(a, s, score)
    bits = (value & np.uint64(0xFFFFFFFF)).astype(np.uint32).astype(np.int64)
    bits = np.where(bits >= 2**31, bits - 2**32, bits)
    late = np.zeros(draws, dtype=np.int64)
    if source.delay_months > 0:
        for threshold in a.delays[a.delay_of[s]]:
            late += bits >= threshold
    return delivered, late


def tabulated_share(a: Arrays, s: int, score: np.ndarray) -> np.ndarray:
    """Share delivered by the source's row of quantiles."""
    row = a.rows[a.row_of[s]]
    top = np.float32(len(row) - 0.0001)
    at = np.clip((score - a.row_score[s]) * a.row_scale[s], np.float32(0.0), top)
    j = at.astype(np.int64)
    quantile = row[j, 0] + (at - j.astype(np.float32)) * row[j, 1]
    return np.where(score >= a.start_score[s], a.low[s] + a.span[s] * quantile, 0.0)


def exact_share(source: Source, distribution: str, score: np.ndarray) -> np.ndarray:
    """Share delivered by the library's own quantile functions."""
    from scipy.special import ndtr
    from scipy.stats import beta, triang

    span = source.high - source.low
    if source.chance == 0.0:
        return np.zeros_like(score)
    place = (source.mode - source.low) / span if span > 0 else 0.5
    shape: Any = beta(1 + 4 * place, 5 - 4 * place) if distribution == "pert" else triang(place)
    inside = (ndtr(score) - (1 - source.chance)) / source.chance
    share = source.low + span * shape.ppf(np.clip(inside, 0.0, 1.0))
    return np.where(inside >= 0.0, share, 0.0)
