"""Adding gaps up: the standard error of a total whose parts share peers and noise.

Areas of one system are often each other's peers, so their gaps move together: an area's high month
raises its own gap and the benchmark of its neighbours. The total of expected opportunities is, to
first order, linear in every area's rate (the slope of an expected opportunity is the chance that it
is real), and its variance follows from the weights exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.opportunity.expected import Gaps, chance_real

Array = NDArray[np.float64]

Z_80 = 1.2815515655446004  # 80% of a normal law lies within this many standard deviations


def total_variance(found: Gaps, noise: Array, size: Array) -> Array:
    """Variance of the total over areas of `size` x expected opportunity, for each measure.

    `noise` (measure, area): variance of each rate; `size` (measure, area): the denominator of
    the areas to add up, nil elsewhere. With y's noise s^2, kept share B and V = B s^2:
    sum over areas of (w^2 - 2 w c B) s^2 + c^2 V, where w is an area's own slope and c its
    weight in everybody's benchmarks, plus what they share through the expected rate.
    """
    size = np.nan_to_num(size)
    slope = size * np.nan_to_num(chance_real(found.held, found.sigma_held))
    weights = np.nan_to_num(found.weights)
    shared = np.einsum("mi,mij->mj", slope, weights)
    s2, keep = np.nan_to_num(noise), np.nan_to_num(found.shrunk.keep)
    own = (slope**2 - 2 * slope * shared * keep) * s2 + shared**2 * keep * s2
    lean = (shared * (1 - keep)).sum(axis=1)
    level = np.nan_to_num(found.shrunk.expected_variance).mean(axis=1)
    return np.asarray(np.maximum(own.sum(axis=1), 0.0) + lean**2 * level)
