"""What the simulation must give where pencil and paper can say it.

With loadings of nil, sources are independent: means and variances add. With one common factor
the correlation of two organisations follows from how far each source leans on the factor. Many
equal sources together are nearly normal. Tests hold the kernel to these.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from controltotal.outlook.model import DELAY_MAX, Model, Source, months_left
from controltotal.outlook.shapes import DISTRIBUTIONS, delay_chances, normal_cdf, share_moments


def source_moments(source: Source, year: int = 0, *, kind: int = 0) -> tuple[float, float]:
    """Mean and variance in pence of what a source delivers in a year of the horizon.

    Chance, share and delay are independent within one source, so moments multiply.

    >>> source_moments(Source("S", ((6, 100.0),), (("RAA", 1.0),), chance=0.5))
    (300.0, 90000.0)
    """
    mean_share, variance_share = share_moments(kind, source.low, source.mode, source.high)
    first, second = 0.0, 0.0
    for delay, chance in enumerate(delay_chances(source.delay_months, DELAY_MAX)):
        pence = sum(rate * months_left(month + delay, year) for month, rate in source.steps)
        first += chance * pence
        second += chance * pence * pence
    mean = source.chance * mean_share * first
    square = source.chance * (variance_share + mean_share**2) * second
    return mean, square - mean * mean


def node_moments(model: Model, node: str, year: int = 0) -> tuple[float, float]:
    """Mean and variance in pence of a node's position when every loading is nil."""
    under = set(model.under(node))
    mean = float(sum(model.base[code][year] for code in under))
    variance = sum(model.base_sd.get(code, 0.0) ** 2 for code in under)
    for source in model.sources:
        weight = sum(share for code, share in source.parts if code in under)
        first, second = source_moments(source, year, kind=DISTRIBUTIONS[model.distribution])
        mean += weight * first
        variance += weight * weight * second
    return mean, variance


def chance_of_meeting(mean: float, deviation: float, control_total: float) -> float:
    """Normal approximation to the chance of a position at or above a control total.

    >>> chance_of_meeting(0.0, 1.0, 0.0)
    0.5
    """
    if deviation == 0.0:
        return 1.0 if mean >= control_total else 0.0
    return 1.0 - normal_cdf((control_total - mean) / deviation)


def start_correlation(chance: float, loading_squared: float, *, steps: int = 4001) -> float:
    """Correlation of two certain-share sources that start by chance, joined by one factor.

    Scores correlate by `loading_squared`; both start with chance
    integral of P(start given factor)^2 over the factor, here by Simpson's rule.

    >>> round(start_correlation(0.5, 0.5), 4)  # (2 / pi) asin(0.5)
    0.3333
    """
    if loading_squared == 0.0:
        return 0.0
    threshold = NormalDist().inv_cdf(1.0 - chance)
    loading, rest = math.sqrt(loading_squared), math.sqrt(1.0 - loading_squared)
    width = 16.0 / (steps - 1)
    both = 0.0
    for i in range(steps):
        factor = -8.0 + i * width
        given = 1.0 - normal_cdf((threshold - loading * factor) / rest)
        weight = 1 if i in (0, steps - 1) else (4 if i % 2 else 2)
        density = math.exp(-factor * factor / 2) / math.sqrt(2 * math.pi)
        both += weight * given * given * density
    both *= width / 3
    return (both - chance**2) / (chance * (1 - chance))


def group_correlation(each: float, first: int, second: int) -> float:
    """Correlation of the sums of two groups of equal sources, any two correlated by `each`.

    >>> group_correlation(0.5, 1, 1)
    0.5
    """
    covariance = first * second * each
    variances = [n * (1 + (n - 1) * each) for n in (first, second)]
    return covariance / math.sqrt(variances[0] * variances[1])
