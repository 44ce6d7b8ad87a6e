"""Random numbers with an address, compiled: one number for one draw of one stream, whoever asks.

A hash of stream and draw gives a chance, and its quantile a standard normal score, so that any
split of the work over threads reads the same numbers.
"""

from __future__ import annotations

import math

import numpy as np

from controltotal.outlook.compiled import compiled
from controltotal.outlook.streams import GOLDEN, MULTIPLIER_1, MULTIPLIER_2

FACTOR_CELLS = 65_536

_GOLDEN, _M1, _M2 = np.uint64(GOLDEN), np.uint64(MULTIPLIER_1), np.uint64(MULTIPLIER_2)
ROOT_HALF = math.sqrt(0.5)
DENSITY = 1.0 / math.sqrt(2.0 * math.pi)


@compiled
def hash_draw(key, draw):  # type: ignore[no-untyped-def]
    """SplitMix64 of one draw of one stream."""
    value = key + draw * _GOLDEN
    value = (value ^ (value >> np.uint64(30))) * _M1
    value = (value ^ (value >> np.uint64(27))) * _M2
    return value ^ (value >> np.uint64(31))


@compiled
def normal_quantile(chance):  # type: ignore[no-untyped-def]
    """Standard normal score below which this chance lies: Wichura's algorithm AS 241 (1988)."""
    q = chance - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        a = (
            (
                (
                    (
                        (
                            (2509.0809287301226727 * r + 33430.575583588128105) * r
                            + 67265.770927008700853
                        )
                        * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        b = (
            (
                (
                    (
                        (
                            (5226.495278852545925 * r + 28729.085735721942674) * r
                            + 39307.89580009271061
                        )
                        * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * a / b
    r = math.sqrt(-math.log(chance if q < 0 else 1.0 - chance))
    if r <= 5.0:
        r -= 1.6
        a = (
            (
                (
                    (
                        (
                            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                            + 0.24178072517745061177
                        )
                        * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        b = (
            (
                (
                    (
                        (
                            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                            + 0.0151986665636164571966
                        )
                        * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        a = (
            (
                (
                    (
                        (
                            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                            + 0.0012426609473880784386
                        )
                        * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        b = (
            (
                (
                    (
                        (
                            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                            + 1.8463183175100546818e-5
                        )
                        * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    return -a / b if q < 0 else a / b


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
