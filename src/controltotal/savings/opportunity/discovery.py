"""Many looks, few promises: keeping the share of false alarms among what is flagged.

Seventy measures over a hundred areas are seven thousand looks; at one in forty, 180 of them would
be "significant" in a country without differences. Benjamini and Hochberg's step-up rule holds the
expected share of false findings among those flagged to q.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FALSE_SHARE = 0.10  # q: of what is flagged, at most a tenth is expected to be false


def benjamini_hochberg(chances: Array, q: float = FALSE_SHARE) -> NDArray[np.bool_]:
    """Which p-values survive at false discovery rate `q`; NaN (not tested) never does.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5]), q=0.10).tolist()
    [True, True, True, False]
    """
    return np.asarray(adjusted_chances(chances) <= q)


def adjusted_chances(chances: Array) -> Array:
    """Benjamini-Hochberg adjusted p-values, the smallest q at which each would survive.

    >>> adjusted_chances(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    flat = np.asarray(chances, dtype=np.float64).ravel()
    adjusted = np.full(flat.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(flat))
    if len(tested):
        order = tested[np.argsort(flat[tested], kind="stable")]
        ranks = np.arange(1, len(order) + 1)
        steps = flat[order] * len(order) / ranks
        adjusted[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return adjusted.reshape(np.shape(chances))
