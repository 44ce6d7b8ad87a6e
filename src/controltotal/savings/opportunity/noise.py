"""How far an area's rate for the period would wander by itself.

A benchmark gap means nothing until it is set against the noise of the rate it is made of. Money
has no Poisson law of its own, so the noise is measured: an area's months are set against its own
rate for the period times the national movement of that month (working days, seasons, price
changes touch everybody), and what is left over is noise. The variance of a monthly rate is taken
as `kappa / denominator`, where kappa goes with the level of the rate and with size as the data
say; each area's kappa is moderated towards that of all areas like it in both (Smyth 2004), because
eleven left-over months alone say little; and where the left-overs run on from month to month the
variance of the period's rate is raised accordingly (first-order autocorrelation).

Shapes throughout: measure, area, month. Absent months are NaN and count for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PRIOR_MOST = 40.0  # degrees of freedom that all areas together lend to one
MONTHS_FEW = 3  # fewer sub-periods than this give no measure of noise
SLOPES, SLOPE_SD = (1.0, 0.0), 1.0  # how kappa goes with level and size, before data are asked
SLOPES_LEAST, SLOPES_MOST = (0.0, -0.5), (2.0, 1.5)
LEVEL_LEAST = 0.05
CARRY_MOST = 0.8  # the largest autocorrelation that is believed


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of each area's rate for the period.

    `variance`: (measure, area), in rate units squared, NaN where it could not be measured.
    `freedom`: (measure,), degrees of freedom of the variances.
    `carry`: (measure,), autocorrelation of the left-over months, 0 to 0.8.
    """

    variance: Array
    freedom: Array
    carry: Array


def period_noise(
    numerator: Array, denominator: Array, period_denominator: Array | None = None
) -> Noise:
    """Variance of the period's rate for each measure and area, from its own months.

    `period_denominator` (measure, area): where the months that measure the noise are not those
    of the period itself, the denominator of the period.

    >>> months = np.array([[[10.0, 12.0, 11.0, 9.0], [21.0, 19.0, 20.0, 24.0]]])
    >>> noise = period_noise(months, np.full((1, 2, 4), 10.0))
    >>> noise.variance.shape, bool((noise.variance > 0).all())
    ((1, 2), True)
    """
    present = np.isfinite(numerator) & np.isfinite(denominator) & (denominator > 0)
    num, den = np.where(present, numerator, 0.0), np.where(present, denominator, 0.0)
    left, months = _left_over(num, den, present)
    spread = _spread(left, den, months)
    level, size = _log_level(num, den), _log_size(den)
    slopes = spread_slopes(spread, level, size, np.maximum(months - 1, 0))
    steep = np.exp(slopes[:, :1] * level + slopes[:, 1:] * size)
    kappa, prior = moderate(spread / steep, np.maximum(months - 1, 0))
    kappa = kappa * steep
    carry = autocorrelation(left * np.sqrt(den), present)
    inflation = (1 + carry) / (1 - carry)
    total = den.sum(axis=2) if period_denominator is None else period_denominator
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where(total > 0, kappa * inflation[:, None] / total, np.nan)
    variance[months < MONTHS_FEW] = np.nan
    typical = np.where(months >= MONTHS_FEW, months - 1.0, 0.0)
    freedom = typical.max(axis=1, initial=0.0) + prior
    return Noise(variance, freedom, carry)


def _left_over(num: Array, den: Array, present: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Each month's rate less what the area's own rate and the national movement expect."""
    with np.errstate(divide="ignore", invalid="ignore"):
        monthly = num / den
        own = num.sum(axis=2) / den.sum(axis=2)
        nation_month = num.sum(axis=1) / den.sum(axis=1)
        nation = num.sum(axis=(1, 2)) / den.sum(axis=(1, 2))
        movement = np.where(nation[:, None] != 0, nation_month / nation[:, None], 1.0)
    left = np.where(present, monthly - own[:, :, None] * movement[:, None, :], 0.0)
    return left, present.sum(axis=2).astype(np.float64)


def _spread(left: Array, den: Array, months: Array) -> Array:
    """Kappa of each area: the left-over variance of a monthly rate times its denominator."""
    weighted = (den * left**2).sum(axis=2)
    total = den.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = 1.0 - total / total.sum(axis=1, keepdims=True)  # the nation contains the area
        spread = weighted / (months - 1) / np.where(others > 0, others, 1.0)
    return np.where(months >= MONTHS_FEW, spread, np.nan)


def _log_level(num: Array, den: Array) -> Array:
    """Logarithm of each area's rate over the national one; rates near nil count as a twentieth."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = num.sum(axis=2) / den.sum(axis=2)
        relative = own / (num.sum(axis=(1, 2)) / den.sum(axis=(1, 2)))[:, None]
    return np.asarray(np.log(np.maximum(np.nan_to_num(relative, nan=1.0, posinf=1.0), LEVEL_LEAST)))


def _log_size(den: Array) -> Array:
    """Logarithm of each area's denominator over the mean of all."""
    total = den.sum(axis=2)
    mean = total.sum(axis=1, keepdims=True) / np.maximum((total > 0).sum(axis=1, keepdims=True), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(total > 0, np.log(total / mean), 0.0))


def spread_slopes(spread: Array, level: Array, size: Array, freedom: Array) -> Array:
    """How kappa goes with the level of the rate and with size: (measure, 2) slopes of logarithms.

    Costs are sums over items, whose variance rises with their mean (slope 1 on the level) and
    falls with size as one over it (slope 0 on the size); the data move these as far as they can
    tell. A size slope of 1 is a rate that wanders as much in large areas as in small ones.

    >>> spread_slopes(np.ones((1, 4)), np.zeros((1, 4)), np.zeros((1, 4)), np.full((1, 4), 11.0))
    array([[1., 0.]])
    """
    from scipy.special import polygamma

    usable = np.isfinite(spread) & (spread > 0) & (freedom > 0)
    count = np.maximum(usable.sum(axis=1), 1)[:, None]

    def centred(values: Array) -> Array:
        kept = np.where(usable, values, 0.0)
        return np.asarray(np.where(usable, kept - kept.sum(axis=1, keepdims=True) / count, 0.0))

    logs = centred(np.log(np.where(usable, spread, 1.0)))
    columns = np.stack([centred(level), centred(size)], axis=2)
    chance = np.where(usable, polygamma(1, np.where(usable, freedom, 2.0) / 2), 0.0)
    left = logs - columns @ np.array(SLOPES)
    scatter = np.maximum(chance.sum(axis=1), (left**2).sum(axis=1)) / count[:, 0]
    scatter = np.maximum(scatter, 1e-12)  # a measure without any noise tells nothing
    prior = np.eye(2) / SLOPE_SD**2
    normal = np.einsum("mip,miq->mpq", columns, columns) / scatter[:, None, None] + prior
    right = np.einsum("mip,mi->mp", columns, logs) / scatter[:, None] + prior @ np.array(SLOPES)
    found = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
    return np.asarray(np.clip(found, SLOPES_LEAST, SLOPES_MOST))


def moderate(spread: Array, freedom: Array) -> tuple[Array, Array]:
    """Moderate each area's variance towards all areas'; returns variances and prior freedom.

    The prior's degrees of freedom come from how much the areas' log variances differ beyond
    what their own few months explain (Smyth 2004, section 6.2), and are forty at most, so that an
    area's own eleven always count for a fifth.

    >>> variances, prior = moderate(np.array([[1.0, 1.0, 1.0, 1.0]]), np.full((1, 4), 11.0))
    >>> variances[0].tolist(), float(prior[0])
    ([1.0, 1.0, 1.0, 1.0], 40.0)
    """
    from scipy.special import digamma, polygamma

    usable = np.isfinite(spread) & (spread > 0) & (freedom > 0)
    half = np.where(usable, freedom, 2.0) / 2
    count = usable.sum(axis=1)
    safe = np.maximum(count, 1)
    logs = np.where(usable, np.log(np.where(usable, spread, 1.0)), 0.0)
    shifted = np.where(usable, logs - digamma(half) + np.log(half), 0.0)
    mean = shifted.sum(axis=1) / safe
    excess = np.where(usable, (shifted - mean[:, None]) ** 2, 0.0).sum(axis=1)
    excess = excess / np.maximum(count - 1, 1)
    excess -= np.where(usable, polygamma(1, half), 0.0).sum(axis=1) / safe
    prior = np.full(len(spread), PRIOR_MOST)
    differs = (excess > 1e-9) & (count > 2)
    prior[differs] = np.minimum(2 * _inverse_trigamma(excess[differs]), PRIOR_MOST)
    centre = _pooled(spread, np.where(usable, freedom, 0.0))
    apart = prior < PRIOR_MOST
    halved = prior / 2
    centre[apart] = np.exp(mean + digamma(halved) - np.log(halved))[apart]
    known = np.where(np.isfinite(spread), spread, 0.0)
    weight = np.where(np.isfinite(spread), freedom, 0.0)
    blended = (prior[:, None] * centre[:, None] + weight * known) / (prior[:, None] + weight)
    return np.asarray(blended), prior


def _pooled(spread: Array, freedom: Array) -> Array:
    total = freedom.sum(axis=1)
    known = np.where(np.isfinite(spread), spread, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(total > 0, (known * freedom).sum(axis=1) / total, np.nan))


def _inverse_trigamma(value: Array) -> Array:
    """Solve trigamma(x) = value by Newton's steps from 1/2 + 1/value (Smyth 2004, appendix)."""
    from scipy.special import polygamma

    x = 0.5 + 1.0 / value
    for _ in range(20):
        trigamma = polygamma(1, x)
        x = x + trigamma * (1 - trigamma / value) / polygamma(2, x)
    return np.asarray(np.maximum(x, 1e-6))


def autocorrelation(left: Array, present: NDArray[np.bool_]) -> Array:
    """First-order autocorrelation of the left-overs of each measure, over all its areas.

    Taking each area's own mean away makes short series look less persistent than they are:
    the expected value is about -1/T without persistence, which is put back. What is within two
    standard errors of nil counts as nil; the rest is held to 0.8.

    >>> waves = np.tile(np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0]), (1, 5, 1))
    >>> autocorrelation(waves, np.ones((1, 5, 6), dtype=bool)).tolist()
    [0.0]
    """
    both = present[:, :, 1:] & present[:, :, :-1]
    products = np.where(both, left[:, :, 1:] * left[:, :, :-1], 0.0).sum(axis=(1, 2))
    squares = np.where(present, left**2, 0.0).sum(axis=(1, 2))
    months = present.sum(axis=2).max(axis=1, initial=1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(squares > 0, products / squares, 0.0)
    corrected = np.where(months > 4, (raw * months + 1) / np.maximum(months - 4, 1), 0.0)
    error = 1 / np.sqrt(np.maximum(both.sum(axis=(1, 2)), 1))
    told = np.where(corrected > 2 * error, corrected, 0.0)
    return np.asarray(np.clip(np.nan_to_num(told), 0.0, CARRY_MOST))
