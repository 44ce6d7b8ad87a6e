"""Empirical Bayes: how much of an area's difference from the usual is believed.

Each area's rate y is noise s around a true rate, and true rates spread by tau around what need
would lead one to expect. With B = tau^2 / (tau^2 + s^2) the best estimate of the true rate is
mu + B (y - mu), with variance B s^2: noisy rates are drawn in, steady ones stay. Tau squared comes
from z-scores Winsorised at a quarter a tail and put back to scale for a normal law, and mu from a
regression in which far residuals count less (Huber), so that outliers neither pass for a general
spread nor move what is expected of the rest.

Drawing in suits the crowd and swallows the true outlier. An area's own estimate is therefore
never moved further than its own standard error (limited translation: Efron and Morris 1972);
comparators in a benchmark are drawn in fully, because picking the best of noisy comparators is
what creates opportunities out of nothing.

Shapes: (measure, area). Sign: rates run so that lower is better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TAIL = 0.25  # share of z-scores drawn in at each end: a quarter, so that outliers cannot lead
HUBER = 1.345  # residuals beyond so many deviations count less towards what is expected
REACH = 1.0  # standard errors an area's own estimate may be moved
# Winsorising a normal law at 25% a tail leaves this share of its variance.
WINSOR_KEEPS = 0.29879412930404575
ROUNDS = 4  # of estimating the mean and tau squared in turn


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Estimates of true rates: `mean` mu + B (y - mu), `held` the same by limited translation.

    `variance` is B s^2; `keep` is B; `expected` is mu, and `expected_variance` the variance of
    mu itself; `tau2` is (measure,).
    """

    mean: Array
    held: Array
    variance: Array
    keep: Array
    expected: Array
    expected_variance: Array
    tau2: Array


def shrink(y: Array, s2: Array, need: Array | None = None) -> Shrunk:
    """Draw rates `y` with noise variances `s2` towards what `need` leads one to expect.

    `need`: (area, column) of known need variables, or None for the overall mean. Areas with an
    absent rate or noise are left out and come back NaN.

    >>> found = shrink(np.array([[1.0, 1.2, 0.8, 1.1, 0.9]]), np.full((1, 5), 100.0))
    >>> found.keep.max().item(), found.mean.round(2).tolist()
    (0.0, [[1.0, 1.0, 1.0, 1.0, 1.0]])
    """
    known = np.isfinite(y) & np.isfinite(s2) & (s2 > 0)
    values, noise = np.where(known, y, 0.0), np.where(known, s2, 1.0)
    design = _design(y.shape[1], need)
    tau2 = np.zeros(len(y))
    expected = np.broadcast_to(_middle(values, known)[:, None], y.shape)
    for _ in range(ROUNDS):
        tau2 = _tau2(values - expected, noise, known, design.shape[1])
        weight = _weights(values - expected, noise + tau2[:, None], known)
        expected, spread = _regress(values, weight, design)
    keep = tau2[:, None] / (tau2[:, None] + noise)
    mean = expected + keep * (values - expected)
    reach = REACH * np.sqrt(noise)
    held = np.clip(mean, values - reach, values + reach)
    gone = ~known
    for array in (mean, held):
        array[gone] = np.nan
    variance = np.where(known, keep * noise, np.nan)
    return Shrunk(mean, held, variance, keep, expected, spread, tau2)


def _design(areas: int, need: Array | None) -> Array:
    columns = [np.ones(areas)]
    if need is not None:
        for column in need.T:
            spread = column.std()
            if spread > 0:
                columns.append((column - column.mean()) / spread)
    return np.column_stack(columns)


def _regress(values: Array, weight: Array, design: Array) -> tuple[Array, Array]:
    """Weighted least squares of each measure on the design: fitted values and their variance."""
    normal = np.einsum("mi,ip,iq->mpq", weight, design, design)
    ridge = 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(design.shape[1])
    empty = weight.sum(axis=1) == 0
    normal = normal + ridge + empty[:, None, None] * np.eye(design.shape[1])
    inverse = np.linalg.inv(normal)
    slopes = np.einsum("mpq,mi,iq,mi->mp", inverse, weight, design, values)
    fitted = slopes @ design.T
    return fitted, np.einsum("ip,mpq,iq->mi", design, inverse, design)


def _middle(values: Array, known: NDArray[np.bool_]) -> Array:
    """The median of each row's known values."""
    return _quantile(np.where(known, values, np.nan), np.maximum(known.sum(axis=1), 1), 0.5)


def _weights(residual: Array, variance: Array, known: NDArray[np.bool_]) -> Array:
    """Inverse variances, less for outliers (Huber), so that a few cannot move what is expected."""
    far = np.abs(residual) / np.sqrt(variance)
    return np.asarray(
        np.where(known, np.minimum(1.0, HUBER / np.maximum(far, 1e-12)) / variance, 0.0)
    )


def _tau2(residual: Array, noise: Array, known: NDArray[np.bool_], columns: int) -> Array:
    """DerSimonian and Laird from Winsorised z-scores, put back to the scale of a normal law."""
    z = np.where(known, residual / np.sqrt(noise), np.nan)
    n = known.sum(axis=1)
    tau2 = np.zeros(len(z))
    enough = n > columns + 1
    if not enough.any():
        return tau2
    z, noise, known, n = z[enough], noise[enough], known[enough], n[enough]
    low, high = _quantile(z, n, TAIL), _quantile(z, n, 1 - TAIL)
    drawn = np.clip(z, low[:, None], high[:, None])
    squares = np.nansum(drawn**2, axis=1) / WINSOR_KEEPS
    weight = np.where(known, 1 / noise, 0.0)
    spare = weight.sum(axis=1) - (weight**2).sum(axis=1) / weight.sum(axis=1)
    tau2[enough] = np.maximum(0.0, (squares - (n - columns)) / spare)
    return tau2


def _quantile(z: Array, count: NDArray[np.int64], share: float) -> Array:
    """Each row's quantile by linear interpolation, NaN left out (they sort last)."""
    ranked = np.sort(z, axis=1)
    place = share * (count - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    row = np.arange(len(z))
    return np.asarray(
        ranked[row, below] + (place - below) * (ranked[row, above] - ranked[row, below])
    )
