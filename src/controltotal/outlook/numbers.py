"""Random numbers with an address, compiled: one number for one draw of one stream, whoever asks.

A hash of stream and draw gives a chance, and its quantile a standard normal score, so that any
split of the work over threads reads the same numbers.
"""

from __future__ import annotations

import math

import numpy as np

from controltotal.outlook.compiled import compiled
from controltotal.outlook.quantile import (
    DENSITY,
    FACTOR_CELLS,
    FAR_OVER,
    FAR_UNDER,
    MIDDLE_OVER,
    MIDDLE_UNDER,
    NEAR_OVER,
    NEAR_UNDER,
)
from controltotal.outlook.streams import GOLDEN, MULTIPLIER_1, MULTIPLIER_2

_GOLDEN, _M1, _M2 = np.uint64(GOLDEN), np.uint64(MULTIPLIER_1), np.uint64(MULTIPLIER_2)


@compiled
def hash_draw(key, draw):  # type: ignore[no-untyped-def]
    """SplitMix64 of one draw of one stream."""
    value = key + draw * _GOLDEN
    value = (value ^ (value >> np.uint64(30))) * _M1
    value = (value ^ (value >> np.uint64(27))) * _M2
    return value ^ (value >> np.uint64(31))


@compiled
def _polynomial(numbers, r):  # type: ignore[no-untyped-def]
    """A polynomial of seventh degree, its highest power first."""
    high = ((numbers[0] * r + numbers[1]) * r + numbers[2]) * r + numbers[3]
    return (((high * r + numbers[4]) * r + numbers[5]) * r + numbers[6]) * r + numbers[7]


@compiled
def normal_quantile(chance):  # type: ignore[no-untyped-def]
    """Standard normal score below which this chance lies: Wichura's algorithm AS 241 (1988)."""
    q = chance - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(MIDDLE_OVER, r) / _polynomial(MIDDLE_UNDER, r)
    r = math.sqrt(-math.log(chance if q < 0 else 1.0 - chance))
    if r <= 5.0:
        r -= 1.6
        score = _polynomial(NEAR_OVER, r) / _polynomial(NEAR_UNDER, r)
    else:
        r -= 5.0
        score = _polynomial(FAR_OVER, r) / _polynomial(FAR_UNDER, r)
    return -score if q < 0 else score


@compiled
def exact_normal(key, draw):  # type: ignore[no-untyped-def]
    """Standard normal of one draw of one stream, from 53 bits."""
    bits = hash_draw(key, draw) >> np.uint64(11)
    return normal_quantile((float(bits) + 0.5) * 2.0**-53)


@compiled
def factor_table():  # type: ignore[no-untyped-def]
    """Normal scores at 65,536 cells of equal chance, and their rise: (cell, 2) float32."""
    cells = FACTOR_CELLS
    edges = np.empty(cells + 1)
    for k in range(1, cells):
        edges[k] = normal_quantile(k / cells)
    density = DENSITY * math.exp(-0.5 * edges[cells - 1] ** 2)
    edges[cells] = 2.0 * density * cells - edges[cells - 1]
    edges[0] = -edges[cells]
    variance = 0.0
    for k in range(cells):
        variance += (edges[k] ** 2 + edges[k] * edges[k + 1] + edges[k + 1] ** 2) / 3.0
    scale = 1.0 / math.sqrt(variance / cells)
    pairs = np.empty((cells, 2), dtype=np.float32)
    for k in range(cells):
        pairs[k, 0] = np.float32(edges[k] * scale)
        pairs[k, 1] = np.float32(edges[k + 1] * scale) - np.float32(edges[k] * scale)
    return pairs


@compiled
def normals(keys, pairs, first, count):  # type: ignore[no-untyped-def]
    """Normal scores of the factors: (factor, draw) float32; the last factor is nil."""
    out = np.zeros((keys.shape[0], count), dtype=np.float32)
    cell, within = np.empty(count, np.int32), np.empty(count, np.float32)
    for f in range(keys.shape[0] - 1):
        for i in range(count):
            high = np.uint32(hash_draw(keys[f], np.uint64(first + i)) >> np.uint64(32))
            cell[i] = np.int32(high >> np.uint32(16))
            within[i] = np.float32(np.int32(high & np.uint32(0xFFFF))) * np.float32(2.0**-16)
        for i in range(count):
            j = np.uint32(cell[i])
            out[f, i] = pairs[j, 0] + within[i] * pairs[j, 1]
    return out


@compiled
def base_noise(key, first, count):  # type: ignore[no-untyped-def]
    """Exact normal scores of one stream: (draw,) float64."""
    out = np.empty(count)
    for i in range(count):
        out[i] = exact_normal(key, np.uint64(first + i))
    return out
