"""The fast engine of the delivery model: one pass over sources and draws, nothing kept between.

Draws go through in blocks of 1,024. For each organisation a small table (month x draw of the
block) takes what each source starts delivering in each month; running sums turn it into the
year's money, which is rounded to whole pence once and added to the base. No array of sources
by draws ever exists, and every sum runs in one fixed order inside one block, so that any number
of threads gives the same bytes.

`vectors.py` gives the same bytes without compiling, for models of one system, and `reference.py`
says the same plainly; tests demand that the three agree.
"""

from __future__ import annotations

import math

import numpy as np

from controltotal.outlook.compiled import compiled
from controltotal.outlook.model import MONTHS
from controltotal.outlook.numbers import exact_normal, hash_draw, normal_quantile, normals
from controltotal.outlook.quantile import DENSITY, ROOT_HALF, ROW_CELLS, ROW_TOP
from controltotal.outlook.shapes import PLACES, SCORE_MAX, SCORES, TRIANGULAR

BLOCK = 1024  # draws at a time: enough to drown the cost of a call, few enough for the cache
CHUNK = 1024  # draws in one task; a multiple of the block


@compiled
def _pert_share(pert, place, score):  # type: ignore[no-untyped-def]
    """Tabulated PERT share at a mode's place (0 to 1) and a normal score."""
    x = place * (PLACES - 1)
    i = min(int(x), PLACES - 2)
    y = (min(max(score, -SCORE_MAX), SCORE_MAX) + SCORE_MAX) * (SCORES - 1) / (2 * SCORE_MAX)
    j = min(int(y), SCORES - 2)
    a = pert[i, j] + (y - j) * (pert[i, j + 1] - pert[i, j])
    b = pert[i + 1, j] + (y - j) * (pert[i + 1, j + 1] - pert[i + 1, j])
    return a + (x - i) * (b - a)


@compiled
def _triangular_share(place, chance):  # type: ignore[no-untyped-def]
    if chance < place:
        return math.sqrt(chance * place)
    return 1.0 - math.sqrt((1.0 - chance) * (1.0 - place))


@compiled
def build_rows(chance, place, kind, pert):  # type: ignore[no-untyped-def]
    """Rows of quantiles over the scores that start; each row keeps its exact mean.

    A row runs straight between 257 scores from the one at which the source starts. A PERT rises
    steeply there, which straight lines cut; the first value is set so that the mean over a
    normal score is the exact one.
    """
    count = chance.shape[0]
    rows = np.zeros((count, ROW_CELLS + 1), dtype=np.float32)
    start = np.empty(count, dtype=np.float32)
    first = np.empty(count, dtype=np.float32)
    scale = np.empty(count, dtype=np.float32)
    for r in range(count):
        miss = 1.0 - chance[r]
        if chance[r] <= 0.0:
            start[r], first[r], scale[r] = np.inf, 0.0, 1.0
            continue
        start[r] = -np.inf if miss <= 0.0 else normal_quantile(miss)
        first[r] = max(-ROW_TOP, min(start[r], ROW_TOP - 1.0))
        begin = np.float64(first[r])
        width = (ROW_TOP - begin) / ROW_CELLS
        scale[r] = 1.0 / width
        mean, at, dens = 0.0, 0.0, 0.0
        first_weight = 1.0
        for j in range(ROW_CELLS + 1):
            z = begin + j * width
            below = 0.5 * math.erfc(-z * ROOT_HALF)
            density = DENSITY * math.exp(-0.5 * z * z)
            inside = min(max((below - miss) / chance[r], 1e-12), 1.0 - 1e-12)
            if kind == TRIANGULAR:
                share = _triangular_share(place[r], inside)
            else:
                share = _pert_share(pert, place[r], normal_quantile(inside))
            rows[r, j] = np.float32(share)
            if j > 0:  # a straight piece under a normal density, in closed form
                mass = below - at
                centre = dens - density  # integral of score x density over the piece
                slope = (centre - (z - width) * mass) / width
                mean += rows[r, j] * slope
                if j == 1:
                    first_weight = mass - slope + (at - miss)
                else:
                    mean += rows[r, j - 1] * (mass - slope)
            at, dens = below, density
        mean += rows[r, ROW_CELLS] * (1.0 - at)
        true = (1.0 + place[r]) / 3.0 if kind == TRIANGULAR else (1.0 + 4.0 * place[r]) / 6.0
        rows[r, 0] = np.float32((true * chance[r] - mean) / first_weight)
    pairs = np.zeros((count, ROW_CELLS, 2), dtype=np.float32)
    for r in range(count):
        for j in range(ROW_CELLS):
            pairs[r, j, 0] = rows[r, j]
            pairs[r, j, 1] = rows[r, j + 1] - rows[r, j]
    return pairs, start, first, scale


@compiled
def _bits(key, draw, count, cell, within, bits):  # type: ignore[no-untyped-def]
    """Hashes of a stream, split: cell and place within it for a score, bits for a delay."""
    for i in range(count):
        value = hash_draw(key, draw + np.uint64(i))
        high = np.uint32(value >> np.uint64(32))
        cell[i] = np.int32(high >> np.uint32(21))
        within[i] = np.float32(np.int32(high & np.uint32(0x1FFFFF))) * np.float32(2.0**-21)
        bits[i] = np.int32(np.uint32(value & np.uint64(0xFFFFFFFF)))


@compiled
def _look_up(pairs, cell, within, count, out):  # type: ignore[no-untyped-def]
    """Straight lines between tabulated values; a loop by itself, because nothing else in it
    can run on many numbers at once."""
    for i in range(count):
        j = np.uint32(cell[i])
        out[i] = pairs[j, 0] + within[i] * pairs[j, 1]


@compiled
def _place(own, common, rest, first, scale, count, score, cell, within):  # type: ignore[no-untyped-def]
    """Scores of a source, and where they fall in its row of quantiles."""
    top = np.float32(ROW_CELLS - 0.0001)
    for i in range(count):
        s = common[i] + rest * own[i]
        score[i] = s
        at = min(max((s - first) * scale, np.float32(0.0)), top)
        j = np.int32(at)
        cell[i] = j
        within[i] = at - np.float32(j)


@compiled
def _delivered(a, s, draw, offset, count, factors, work, delivered, late):  # type: ignore[no-untyped-def]
    """Share delivered (0 where it does not start) and months late, for draws of one source."""
    common, within, found, score, cell, bits, _ = work
    k0, k1, k2 = a.factor[s, 0], a.factor[s, 1], a.factor[s, 2]
    l0, l1, l2 = a.loading[s, 0], a.loading[s, 1], a.loading[s, 2]
    for i in range(count):
        both = l0 * factors[k0, offset + i] + l1 * factors[k1, offset + i]
        common[i] = both + l2 * factors[k2, offset + i]
    _bits(a.keys[s], draw, count, cell, within, bits)
    _look_up(a.scores, cell, within, count, found)
    _place(found, common, a.rest[s], a.row_score[s], a.row_scale[s], count, score, cell, within)
    _look_up(a.rows[a.row_of[s]], cell, within, count, found)
    low, span, start = a.low[s], a.span[s], a.start_score[s]
    for i in range(count):
        share = low + span * found[i]
        delivered[i] = share if score[i] >= start else 0.0
    if a.delay_of[s] >= 0:
        _months_late(a.delays[a.delay_of[s]], bits, count, late)
    else:
        for i in range(count):
            late[i] = 0


@compiled
def _months_late(t, bits, count, late):  # type: ignore[no-untyped-def]
    """A delay is the number of thresholds that the bits reach; written out, so that one pass
    over the draws compares all twelve."""
    t0, t1, t2, t3, t4, t5 = t[0], t[1], t[2], t[3], t[4], t[5]
    t6, t7, t8, t9, t10, t11 = t[6], t[7], t[8], t[9], t[10], t[11]
    for i in range(count):
        b = bits[i]
        first = (np.int32(b >= t0) + np.int32(b >= t1)) + (np.int32(b >= t2) + np.int32(b >= t3))
        middle = (np.int32(b >= t4) + np.int32(b >= t5)) + (np.int32(b >= t6) + np.int32(b >= t7))
        last = (np.int32(b >= t8) + np.int32(b >= t9)) + (np.int32(b >= t10) + np.int32(b >= t11))
        late[i] = first + middle + last


@compiled
def _workspace():  # type: ignore[no-untyped-def]
    """Arrays of one block that sources use in turn."""
    return (
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.float32),
        np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.int32),
    )


@compiled
def _organisation(a, o, draw, offset, count, factors, begun, work, delivered, late):  # type: ignore[no-untyped-def]
    """Fill `begun` (month, draw): pence a month that begin in each month of the horizon."""
    at, flat = work[6], begun.reshape(-1)  # one index finds its place faster than two
    horizon = begun.shape[0] - 1
    begun[:, :] = 0.0
    for p in range(a.part_start[o], a.part_start[o + 1]):
        s, weight = a.part_source[p], a.part_weight[p]
        steps = range(a.step_start[s], a.step_start[s + 1])
        if a.fixed[s] and a.delay_of[s] < 0:
            for step in steps:
                month = min(max(a.step_month[step], 0), horizon)
                rate = a.step_rate[step] * weight * a.low[s]
                for i in range(count):
                    begun[month, i] += rate
            continue
        _delivered(a, s, draw, offset, count, factors, work, delivered, late)
        for step in steps:
            rate = a.step_rate[step] * weight
            first = np.int32(a.step_month[step])
            if a.delay_of[s] < 0:
                month = min(max(first, 0), horizon)
                for i in range(count):
                    begun[month, i] += rate * delivered[i]
            else:
                for i in range(count):
                    at[i] = min(max(first + late[i], np.int32(0)), np.int32(horizon))
                for i in range(count):
                    flat[np.uint32(at[i]) * np.uint32(BLOCK) + np.uint32(i)] += rate * delivered[i]


@compiled
def simulate(a, first, count, offset, totals, courses):  # type: ignore[no-untyped-def]
    """Draws `first` to `first + count`, written from `offset` on.

    totals: (organisation, year, draw) int64 pence. courses: (node, month, draw) float64 pence,
    the first year's position to date, added up over the organisations of each node.
    """
    years = a.base.shape[1]
    begun = np.empty((MONTHS * years + 1, BLOCK))  # the last row takes what begins too late
    work, delivered, late = _workspace(), np.empty(BLOCK), np.empty(BLOCK, np.int32)
    rate, year_sum, noise = np.empty(BLOCK), np.empty(BLOCK), np.zeros(BLOCK)
    for block in range(0, count, BLOCK):
        size = min(BLOCK, count - block)
        draw = np.uint64(first + block)
        factors = normals(a.factor_keys, a.factor_scores, first + block, size)
        for o in range(a.base.shape[0]):
            _organisation(a, o, draw, 0, size, factors, begun, work, delivered, late)
            rate[:], year_sum[:], noise[:] = 0.0, 0.0, 0.0
            if a.base_sd[o] > 0.0:
                for i in range(size):
                    noise[i] = a.base_sd[o] * exact_normal(a.base_keys[o], draw + np.uint64(i))
            for month in range(MONTHS * years):
                for i in range(size):
                    rate[i] += begun[month, i]
                    year_sum[i] += rate[i]
                if month < MONTHS:
                    told = min(a.base_from[o], MONTHS - 1)
                    part = max(month + 1 - told, 0) / (MONTHS - told)
                    for c in range(a.course_start[o], a.course_start[o + 1]):
                        course = courses[a.course_node[c], month]
                        for i in range(size):
                            course[offset + block + i] += (
                                a.base_course[o, month] + year_sum[i] + part * noise[i]
                            )
                if (month + 1) % MONTHS == 0:
                    year = month // MONTHS
                    for i in range(size):
                        totals[o, year, offset + block + i] = a.base[o, year] + np.int64(
                            np.rint(year_sum[i] + noise[i])
                        )
                    year_sum[:] = 0.0


@compiled
def contributions(a, sources, weights, factors, centred, missed, out):  # type: ignore[no-untyped-def]
    """How each source moves with the first-year position of nodes; it is drawn once for all of them.

    sources: the first, and the one after the last. weights: (N, S) share of the source that falls
    under each node. centred: (N, draw) position less its mean. missed: (N, draw) bool. out, nil at
    first: (N, S, 4): sums over draws of the source's saving, its square, saving x centred, and
    saving where the control total is missed.
    """
    nodes, draws = centred.shape
    work, delivered, late = _workspace(), np.empty(BLOCK), np.empty(BLOCK, np.int32)
    whole = np.empty(BLOCK)
    for s in range(sources[0], sources[1]):
        if not np.any(weights[:, s]):
            continue
        for block in range(0, draws, BLOCK):
            size = min(BLOCK, draws - block)
            _delivered(a, s, np.uint64(block), block, size, factors, work, delivered, late)
            for i in range(size):
                saving = 0.0
                for step in range(a.step_start[s], a.step_start[s + 1]):
                    left = min(max(MONTHS - (a.step_month[step] + late[i]), 0), MONTHS)
                    saving += a.step_rate[step] * left
                whole[i] = saving
            for n in range(nodes):
                weight = weights[n, s]
                if weight == 0.0:
                    continue
                total, square, joint, lost = out[n, s, 0], out[n, s, 1], out[n, s, 2], out[n, s, 3]
                for i in range(size):
                    saving = whole[i] * (weight * delivered[i])
                    total += saving
                    square += saving * saving
                    joint += saving * centred[n, block + i]
                    lost += saving if missed[n, block + i] else 0.0
                out[n, s, 0], out[n, s, 1], out[n, s, 2], out[n, s, 3] = total, square, joint, lost


@compiled
def source_savings(a, s, weight, factors, out):  # type: ignore[no-untyped-def]
    """First-year saving of one source in each draw, pence (float64)."""
    work, delivered, late = _workspace(), np.empty(BLOCK), np.empty(BLOCK, np.int32)
    draws = out.shape[0]
    for block in range(0, draws, BLOCK):
        size = min(BLOCK, draws - block)
        _delivered(a, s, np.uint64(block), block, size, factors, work, delivered, late)
        for i in range(size):
            saving = 0.0
            for step in range(a.step_start[s], a.step_start[s + 1]):
                left = min(max(MONTHS - (a.step_month[step] + late[i]), 0), MONTHS)
                saving += a.step_rate[step] * left
            out[block + i] = saving * weight * delivered[i]
