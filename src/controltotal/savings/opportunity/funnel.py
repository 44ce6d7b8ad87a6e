"""Funnel limits with overdispersion: who stands out once everybody's ordinary spread is allowed.

Ratios of observed to expected are compared on the log scale, proportions by the arcsine of the
square root, ratios of two counts on the log scale with halves added, and anything with its own
measured noise as it stands. When areas differ more than noise alone explains, the extra variance
tau squared (DerSimonian and Laird, from Winsorised z-scores) widens the limits, so that being
outside them means standing out from the usual spread and not just being large
(Spiegelhalter 2005, 2012; the steps are those of the R package FunnelPlotR).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["ratio", "proportion", "ratio_of_counts", "plain"]

LIMIT_95 = 1.96
LIMIT_998 = 3.09
TAIL = 0.1  # share of z-scores drawn in at each end before overdispersion is measured


@dataclass(frozen=True, slots=True)
class Funnel:
    """Limits around a target, one place for each area, all on the scale of the data.

    `z` is adjusted for overdispersion where `tau2` > 0 (`tau2` is on the transformed scale);
    `dispersion` is phi, about 1 where noise explains everything. `zone`: 0 inside the 95%
    limits, 1 between them and the 99.8% limits, 2 outside both; negative below the target.
    """

    value: Array
    target: float
    z: Array
    dispersion: float
    tau2: float
    low_95: Array
    high_95: Array
    low_998: Array
    high_998: Array
    zone: NDArray[np.int64]


def winsorise(z: Array, tail: float = TAIL) -> Array:
    """Draw the extreme z-scores in to the quantiles `tail` and 1 - `tail`.

    >>> winsorise(np.array([-10.0, -1.0, 0.0, 1.0, 10.0]), 0.25).tolist()
    [-1.0, -1.0, 0.0, 1.0, 1.0]
    """
    low, high = np.nanquantile(z, [tail, 1 - tail])
    return np.clip(z, low, high)


def extra_variance(z: Array, s: Array) -> tuple[float, float]:
    """Phi and tau squared from (already Winsorised) z-scores and standard errors.

    >>> extra_variance(np.array([0.5, -0.5]), np.array([1.0, 1.0]))
    (0.25, 0.0)
    """
    known = np.isfinite(z) & np.isfinite(s) & (s > 0)
    z, weights = z[known], 1 / s[known] ** 2
    n = len(z)
    if n < 2:
        return float("nan"), 0.0
    phi = float((z**2).sum() / n)
    spare = float(weights.sum() - (weights**2).sum() / weights.sum())
    return phi, max(0.0, (n * phi - (n - 1)) / spare) if spare > 0 else 0.0


def funnel(
    numerator: Array,
    denominator: Array,
    *,
    kind: Kind = "ratio",
    s: Array | None = None,
    overdispersion: bool = True,
    tail: float = TAIL,
) -> Funnel:
    """Funnel limits for areas with these numerators and denominators.

    `kind` "ratio": observed over expected, target 1; "proportion": target the overall share;
    "ratio_of_counts": target the overall ratio; "plain": rates with standard errors `s`.

    >>> found = funnel(np.array([100.0, 150.0]), np.array([100.0, 100.0]), overdispersion=False)
    >>> round(float(found.high_95[0]), 3), found.zone.tolist()
    (1.217, [0, 2])
    """
    y, error, centre = _transformed(numerator, denominator, kind, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (y - centre) / error
    phi, tau2 = extra_variance(winsorise(z, tail), error)
    if not overdispersion:
        tau2 = 0.0
    width = np.sqrt(error**2 + tau2)
    adjusted = (y - centre) / width
    back = _back(kind)
    size = np.where(np.abs(adjusted) > LIMIT_998, 2, np.where(np.abs(adjusted) > LIMIT_95, 1, 0))
    return Funnel(
        value=numerator / denominator,
        target=float(back(np.array(centre))),
        z=adjusted,
        dispersion=phi,
        tau2=tau2,
        low_95=back(centre - LIMIT_95 * width),
        high_95=back(centre + LIMIT_95 * width),
        low_998=back(centre - LIMIT_998 * width),
        high_998=back(centre + LIMIT_998 * width),
        zone=(size * np.sign(np.nan_to_num(adjusted))).astype(np.int64),
    )


def _transformed(num: Array, den: Array, kind: Kind, s: Array | None) -> tuple[Array, Array, float]:
    """Value and standard error on the scale where limits are symmetric, and the target there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "ratio":
            return np.log(num / den), 1 / np.sqrt(den), 0.0
        if kind == "proportion":
            overall = float(np.arcsin(np.sqrt(num.sum() / den.sum())))
            return np.arcsin(np.sqrt(num / den)), 1 / (2 * np.sqrt(den)), overall
        if kind == "ratio_of_counts":
            error = np.sqrt(num / (num + 0.5) ** 2 + den / (den + 0.5) ** 2)
            return np.log((num + 0.5) / (den + 0.5)), error, float(np.log(num.sum() / den.sum()))
    assert s is not None, "a plain funnel needs the standard error of each rate"
    return num / den, s, float(np.nansum(num) / np.nansum(den))


def _back(kind: Kind) -> Callable[[Array], Array]:
    if kind in ("ratio", "ratio_of_counts"):
        return np.exp
    if kind == "proportion":
        return lambda y: np.sin(np.clip(y, 0, np.pi / 2)) ** 2
    return lambda y: y
