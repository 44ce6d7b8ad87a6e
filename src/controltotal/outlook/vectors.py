"""The kernel once more, in numpy: the same numbers to the last bit, and nothing to compile.

Loading the compiled kernel costs half a second, and compiling it for the first time ten or more.
A model of one system is drawn in less than that by whole arrays, a source at a time. Every step
stands here in the order in which the kernel takes it, sums are added one after another, and
logarithms and the like are taken one by one from the same library, so that the two engines give
the same bytes; a test demands it. `engine` says which of the two draws a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from controltotal.outlook.layout import Arrays
from controltotal.outlook.model import MONTHS
from controltotal.outlook.quantile import (
    DENSITY,
    FACTOR_CELLS,
    FAR_OVER,
    FAR_UNDER,
    MIDDLE_OVER,
    MIDDLE_UNDER,
    NEAR_OVER,
    NEAR_UNDER,
    ROOT_HALF,
    ROW_CELLS,
    ROW_TOP,
)
from controltotal.outlook.shapes import PLACES, SCORE_MAX, SCORES, TRIANGULAR
from controltotal.outlook.streams import hashes

CHUNK: Final = 16_384
"""Draws in one task: whole arrays that the processor's cache still holds."""


def normal_quantile(chance: np.ndarray) -> np.ndarray:
    """Standard normal scores below which these chances lie, of any shape."""
    q = chance - 0.5
    found = np.empty_like(chance)
    middle = np.abs(q) <= 0.425
    q = q[middle]
    r = 0.180625 - q * q
    found[middle] = q * _polynomial(MIDDLE_OVER, r) / _polynomial(MIDDLE_UNDER, r)
    tail = ~middle
    below = chance[tail] < 0.5
    outer = np.where(below, chance[tail], 1.0 - chance[tail])
    r = np.sqrt(-_each(math.log, outer))
    score = np.empty_like(r)
    near = r <= 5.0
    r[near] -= 1.6
    r[~near] -= 5.0
    score[near] = _polynomial(NEAR_OVER, r[near]) / _polynomial(NEAR_UNDER, r[near])
    score[~near] = _polynomial(FAR_OVER, r[~near]) / _polynomial(FAR_UNDER, r[~near])
    found[tail] = np.where(below, -score, score)
    return found


def _polynomial(numbers: tuple[float, ...], r: np.ndarray) -> np.ndarray:
    """A polynomial, its highest power first."""
    found = numbers[0] * r + numbers[1]
    for one in numbers[2:]:
        found = found * r + one
    return found


def _each(function: Callable[[float], float], values: np.ndarray) -> np.ndarray:
    """A function of the library of C, value by value: numpy's own differs in the last bit."""
    flat = [function(one) for one in values.reshape(-1).tolist()]
    return np.array(flat, dtype=np.float64).reshape(values.shape)


def exact_normals(key: np.uint64, first: int, count: int) -> np.ndarray:
    """Exact normal scores of one stream: (draw,) float64."""
    bits = hashes(int(key), first, count) >> np.uint64(11)
    return normal_quantile((bits.astype(np.float64) + 0.5) * 2.0**-53)


@cache
def factor_table() -> np.ndarray:
    """Normal scores at 65,536 cells of equal chance, and their rise: (cell, 2) float32."""
    cells = FACTOR_CELLS
    edges = np.empty(cells + 1)
    edges[1:cells] = normal_quantile(np.arange(1, cells) / cells)
    last = edges[cells - 1]
    density = DENSITY * math.exp(-0.5 * (last * last))
    edges[cells] = 2.0 * density * cells - last
    edges[0] = -edges[cells]
    here, after = edges[:-1], edges[1:]
    variance = _total((here * here + here * after + after * after) / 3.0)
    scaled = edges * (1.0 / math.sqrt(variance / cells))
    rounded = scaled.astype(np.float32)
    return np.stack([rounded[:-1], rounded[1:] - rounded[:-1]], axis=1)


def _total(values: np.ndarray) -> float:
    """A sum added up one after another, as a loop does: `sum` would add in pairs."""
    return float(np.cumsum(values)[-1])


def normals(keys: np.ndarray, pairs: np.ndarray, first: int, count: int) -> np.ndarray:
    """Normal scores of the factors: (factor, draw) float32; the last factor is nil."""
    found = np.zeros((len(keys), count), dtype=np.float32)
    for f in range(len(keys) - 1):
        high = (hashes(int(keys[f]), first, count) >> np.uint64(32)).astype(np.uint32)
        cell = (high >> np.uint32(16)).astype(np.intp)
        within = (high & np.uint32(0xFFFF)).astype(np.float32) * np.float32(2.0**-16)
        found[f] = pairs[cell, 0] + within * pairs[cell, 1]
    return found


def build_rows(
    chance: np.ndarray, place: np.ndarray, kind: int, pert: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rows of quantiles over the scores that start; each row keeps its exact mean."""
    starts = chance > 0.0
    pairs = np.zeros((len(chance), ROW_CELLS, 2), dtype=np.float32)
    start = np.full(len(chance), np.inf, dtype=np.float32)
    first = np.zeros(len(chance), dtype=np.float32)
    scale = np.ones(len(chance), dtype=np.float32)
    chance, place = chance[starts], place[starts]
    miss = 1.0 - chance
    found = np.full(len(miss), -np.inf)
    found[miss > 0.0] = normal_quantile(miss[miss > 0.0])
    start[starts] = found
    first[starts] = np.maximum(-ROW_TOP, np.minimum(start[starts], ROW_TOP - 1.0))
    begin = first[starts].astype(np.float64)
    width = (ROW_TOP - begin) / ROW_CELLS
    scale[starts] = 1.0 / width
    rows = _rows(chance, place, begin, width, kind, pert)
    pairs[starts, :, 0] = rows[:, :-1]
    pairs[starts, :, 1] = rows[:, 1:] - rows[:, :-1]
    return pairs, start, first, scale


def _rows(
    chance: np.ndarray,
    place: np.ndarray,
    begin: np.ndarray,
    width: np.ndarray,
    kind: int,
    pert: np.ndarray,
) -> np.ndarray:
    """The values of each row; the first is set so that the mean over a normal score is exact."""
    miss = (1.0 - chance)[:, None]
    z = begin[:, None] + np.arange(ROW_CELLS + 1) * width[:, None]
    below = 0.5 * _each(math.erfc, -z * ROOT_HALF)
    density = DENSITY * _each(math.exp, -0.5 * z * z)
    inside = np.minimum(np.maximum((below - miss) / chance[:, None], 1e-12), 1.0 - 1e-12)
    if kind == TRIANGULAR:
        share = _triangular_share(place[:, None], inside)
    else:
        share = _pert_share(pert, place[:, None], normal_quantile(inside))
    rows = share.astype(np.float32)
    mass = below[:, 1:] - below[:, :-1]
    centre = density[:, :-1] - density[:, 1:]
    slope = (centre - (z[:, 1:] - width[:, None]) * mass) / width[:, None]
    parts = np.empty((len(chance), 2 * ROW_CELLS))
    parts[:, 0::2] = rows[:, 1:] * slope
    parts[:, 1::2] = rows[:, :-1] * (mass - slope)
    parts[:, 1] = 0.0  # the first value bears what is left
    mean = np.cumsum(parts, axis=1)[:, -1]
    mean = mean + rows[:, -1] * (1.0 - below[:, -1])
    first_weight = mass[:, 0] - slope[:, 0] + (below[:, 0] - miss[:, 0])
    true = (1.0 + place) / 3.0 if kind == TRIANGULAR else (1.0 + 4.0 * place) / 6.0
    rows[:, 0] = (true * chance - mean) / first_weight
    return rows


def _triangular_share(place: np.ndarray, chance: np.ndarray) -> np.ndarray:
    rising = np.sqrt(chance * place)
    return np.where(chance < place, rising, 1.0 - np.sqrt((1.0 - chance) * (1.0 - place)))


def _pert_share(pert: np.ndarray, place: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Tabulated PERT shares at a mode's place (0 to 1) and normal scores."""
    x = place * (PLACES - 1)
    i = np.minimum(x.astype(np.intp), PLACES - 2)
    held = np.minimum(np.maximum(score, -SCORE_MAX), SCORE_MAX)
    y = (held + SCORE_MAX) * (SCORES - 1) / (2 * SCORE_MAX)
    j = np.minimum(y.astype(np.intp), SCORES - 2)
    a = pert[i, j] + (y - j) * (pert[i, j + 1] - pert[i, j])
    b = pert[i + 1, j] + (y - j) * (pert[i + 1, j + 1] - pert[i + 1, j])
    return np.asarray(a + (x - i) * (b - a))


def _delivered(a: Arrays, s: int, first: int, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share delivered (0 where it does not start) and months late, for draws of one source."""
    k, loading = a.factor[s], a.loading[s]
    common = loading[0] * factors[k[0]] + loading[1] * factors[k[1]]
    common = common + loading[2] * factors[k[2]]
    value = hashes(int(a.keys[s]), first, factors.shape[1])
    high = (value >> np.uint64(32)).astype(np.uint32)
    within = (high & np.uint32(0x1FFFFF)).astype(np.float32) * np.float32(2.0**-21)
    score = common + a.rest[s] * _look_up(a.scores, (high >> np.uint32(21)).astype(np.intp), within)
    top = np.float32(ROW_CELLS - 0.0001)
    at = np.minimum(np.maximum((score - a.row_score[s]) * a.row_scale[s], np.float32(0.0)), top)
    cell = at.astype(np.int32)
    share = _look_up(a.rows[a.row_of[s]], cell, at - cell.astype(np.float32)).astype(np.float64)
    delivered = np.where(score >= a.start_score[s], a.low[s] + a.span[s] * share, 0.0)
    if a.delay_of[s] < 0:
        return delivered, np.zeros(len(delivered), dtype=np.int64)
    bits = value.astype(np.uint32).view(np.int32)
    return delivered, np.searchsorted(a.delays[a.delay_of[s]], bits, side="right")


def _look_up(pairs: np.ndarray, cell: np.ndarray, within: np.ndarray) -> np.ndarray:
    return np.asarray(pairs[:, 0].take(cell) + within * pairs[:, 1].take(cell))


def _organisation(
    a: Arrays, o: int, first: int, factors: np.ndarray, begun: np.ndarray, order: np.ndarray
) -> None:
    """Fill `begun` (month, draw): pence a month that begin in each month of the horizon."""
    flat, count, horizon = begun.reshape(-1), begun.shape[1], begun.shape[0] - 1
    begun[:, :] = 0.0
    for p in range(a.part_start[o], a.part_start[o + 1]):
        s, weight = a.part_source[p], a.part_weight[p]
        on_time = a.delay_of[s] < 0
        certain = a.fixed[s] and on_time
        delivered, late = (a.low[s], 0) if certain else _delivered(a, s, first, factors)
        for step in range(a.step_start[s], a.step_start[s + 1]):
            rate = a.step_rate[step] * weight
            if on_time:
                begun[min(max(a.step_month[step], 0), horizon)] += rate * delivered
            else:
                month = np.minimum(np.maximum(a.step_month[step] + late, 0), horizon)
                flat[month * count + order] += rate * delivered


def simulate(
    a: Arrays, first: int, count: int, offset: int, totals: np.ndarray, courses: np.ndarray
) -> None:
    """Draws `first` to `first + count`, written from `offset` on; see the kernel for the shapes."""
    years = a.base.shape[1]
    here = slice(offset, offset + count)
    begun, order = np.empty((MONTHS * years + 1, count)), np.arange(count)
    factors = normals(a.factor_keys, a.factor_scores, first, count)
    for o in range(a.base.shape[0]):
        _organisation(a, o, first, factors, begun, order)
        rate, year_sum, noise = np.zeros(count), np.zeros(count), np.zeros(count)
        if a.base_sd[o] > 0.0:
            noise = a.base_sd[o] * exact_normals(a.base_keys[o], first, count)
        nodes = a.course_node[a.course_start[o] : a.course_start[o + 1]]
        told = min(a.base_from[o], MONTHS - 1)
        for month in range(MONTHS * years):
            rate += begun[month]
            year_sum += rate
            if month < MONTHS and len(nodes):
                part = max(month + 1 - told, 0) / (MONTHS - told)
                course = a.base_course[o, month] + year_sum + part * noise
                for node in nodes:
                    courses[node, month, here] += course
            if (month + 1) % MONTHS == 0:
                year = month // MONTHS
                money = np.rint(year_sum + noise).astype(np.int64)
                totals[o, year, here] = a.base[o, year] + money
                year_sum[:] = 0.0


def contributions(
    a: Arrays,
    sources: tuple[int, int],
    weights: np.ndarray,
    factors: np.ndarray,
    centred: np.ndarray,
    missed: np.ndarray,
    out: np.ndarray,
) -> None:
    """How each source moves with the first-year position of nodes; see the kernel for the shapes."""
    for s in range(*sources):
        touched = np.flatnonzero(weights[:, s])
        delivered, whole = _saving(a, s, factors) if len(touched) else (None, None)
        for n in touched:
            saving = whole * (weights[n, s] * delivered)
            lost = np.where(missed[n], saving, 0.0)
            sums = (saving, saving * saving, saving * centred[n], lost)
            out[n, s] = [_total(one) for one in sums]


def _saving(a: Arrays, s: int, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share delivered, and the first year's pence at a share of one, in each draw."""
    delivered, late = _delivered(a, s, 0, factors)
    saving = np.zeros(len(delivered))
    for step in range(a.step_start[s], a.step_start[s + 1]):
        left = np.minimum(np.maximum(MONTHS - (a.step_month[step] + late), 0), MONTHS)
        saving += a.step_rate[step] * left
    return delivered, saving


def source_savings(a: Arrays, s: int, weight: float, factors: np.ndarray, out: np.ndarray) -> None:
    """First-year saving of one source in each draw, pence (float64)."""
    delivered, saving = _saving(a, s, factors)
    out[:] = saving * weight * delivered
