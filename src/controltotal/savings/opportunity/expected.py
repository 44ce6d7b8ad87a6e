"""Expected, not clipped, pounds: what a gap is worth once its noise is owned up to.

A clipped gap max(0, r - b) is positive half the time when nothing is there, and a benchmark made
of the best of several noisy peers makes it more: with ten identical peers and unit noise the best
five average -0.74, so three areas in four show an "opportunity" and the expected one is 0.89 times
the noise. Here the gap is between shrunken estimates, with variance sigma^2; the expected
opportunity is N [D Phi(D/sigma) + sigma phi(D/sigma)], which is still positive at D = 0. Two
things are taken off it, and together they are the *phantom value*:

* the value at D = 0, N sigma phi(0): what would be shown for an area exactly at its benchmark;
* what the whole method, selection of the best peers included, still shows on average where no
  area differs from another, found by running it on made-up areas with a fixed seed.

The first is taken off an expected opportunity down to nil; the second from every area that is not
better than its benchmark by more than a standard error. The net of an area at its benchmark is so
a little below nil, that of a clearly better one is nil, and over areas that do not differ the net
sums to nil and not to a saving.

The interval is of the gap itself, from the area's own unshrunken rate, so that a true difference is
covered as often as it says, whatever the other areas look like.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.opportunity.benchmark_rules import (
    Index,
    Rule,
    benchmark,
    comparator_weights,
)
from controltotal.savings.opportunity.shrinkage import Shrunk, shrink

Array = NDArray[np.float64]

PHI_0 = 0.3989422804014327  # the standard normal density at nil
DRAWS = 1_000  # made-up countries without differences, for the phantom value
SEED = 20_250_401


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps per unit of denominator, (measure, area); lower rates are better.

    `gap` and `sigma`: area's own rate less benchmark (corrected for selection), and its
    standard error. `held`: gap between shrunken estimates, with `sigma_held`.
    `expected`: its expected opportunity; `phantom`: its value at no gap; `residue`: what the
    method still shows where no area differs; `net` is what is left.
    `benchmark`: of shrunken comparators. `weights`: (measure, area, comparator).
    """

    gap: Array
    sigma: Array
    held: Array
    sigma_held: Array
    expected: Array
    phantom: Array
    residue: Array
    benchmark: Array
    weights: Array
    shrunk: Shrunk

    @property
    def net(self) -> Array:
        """Expected opportunity net of its phantom value."""
        return np.asarray(np.maximum(self.expected - self.phantom, 0.0) - self.residue)


def expected_opportunity(gap: Array, sigma: Array) -> Array:
    """E[max(0, gap)] where the gap is normal around `gap` with standard deviation `sigma`.

    >>> expected_opportunity(np.array([0.0, 5.0, -5.0]), np.ones(3)).round(4).tolist()
    [0.3989, 5.0, 0.0]
    """
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sigma > 0, gap / sigma, 0.0)
    spread = gap * ndtr(z) + sigma * PHI_0 * np.exp(-(z**2) / 2)
    return np.asarray(np.where(sigma > 0, spread, np.maximum(gap, 0.0)))


def chance_real(gap: Array, sigma: Array) -> Array:
    """The chance that a gap is above nil.

    >>> chance_real(np.array([0.0, 1.0]), np.array([1.0, 1.0])).round(3).tolist()
    [0.5, 0.841]
    """
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sigma > 0, gap / sigma, np.sign(gap) * np.inf)
    return np.asarray(ndtr(np.nan_to_num(z, nan=0.0, posinf=np.inf, neginf=-np.inf)))


@dataclass(frozen=True, slots=True)
class Setting:
    """Who is compared with whom, and how: peers (area, place), rule, need (area, column)."""

    peers: Index
    rule: Rule = "best5of10"
    need: Array | None = None
    group: Index | None = None
    target: Array | None = None  # (measure,), for own_target


def gaps(y: Array, s2: Array, denominator: Array, setting: Setting, *, seed: int = SEED) -> Gaps:
    """Gaps to the benchmark with noise, expected opportunity and phantom value.

    `y`, `s2`, `denominator`: (measure, area).
    """
    plain = _gaps(y, s2, denominator, setting)
    pattern = _pattern(s2)
    shown, selection = phantom(pattern, np.median(denominator, axis=0), setting, seed)
    with np.errstate(invalid="ignore"):
        s = np.sqrt(s2)
    residue = np.where(_near(plain), shown[None, :] * s, 0.0)
    return replace(plain, gap=plain.gap - selection[None, :] * s, residue=residue)


def _near(found: Gaps) -> NDArray[np.bool_]:
    """Areas that are not better than their benchmark by more than a standard error."""
    with np.errstate(invalid="ignore"):
        return np.asarray(found.gap > -found.sigma)


def _gaps(y: Array, s2: Array, denominator: Array, setting: Setting) -> Gaps:
    """As `gaps`, before anything is taken off."""
    shrunk = shrink(y, s2, setting.need)
    level, weights, variance = _level(shrunk, y, denominator, setting)
    held = shrunk.held - level
    sigma_held = np.sqrt(shrunk.variance + variance)
    return Gaps(
        gap=y - level,
        sigma=np.sqrt(s2 + variance),
        held=held,
        sigma_held=sigma_held,
        expected=expected_opportunity(held, sigma_held),
        phantom=sigma_held * PHI_0,
        residue=np.zeros_like(held),
        benchmark=level,
        weights=weights,
        shrunk=shrunk,
    )


def _level(
    shrunk: Shrunk, y: Array, denominator: Array, setting: Setting
) -> tuple[Array, Array, Array]:
    """The benchmark of shrunken comparators, their weights, and the benchmark's variance."""
    if setting.rule == "own_target":
        assert setting.target is not None, "own_target needs a target for each measure"
        level = np.broadcast_to(setting.target[:, None], y.shape).copy()
        return level, np.zeros((*y.shape, y.shape[1])), np.zeros_like(y)
    weights = comparator_weights(
        shrunk.mean, denominator, setting.peers, setting.rule, setting.group
    )
    level = benchmark(weights, shrunk.mean)
    own = np.nan_to_num(shrunk.variance)
    variance = np.einsum("mij,mj->mi", weights**2, own)
    moved = np.einsum("mij,mj->mi", weights, 1 - shrunk.keep)  # how far it leans on mu
    return level, weights, variance + moved**2 * shrunk.expected_variance


def _pattern(s2: Array) -> Array:
    """Each area's usual noise relative to the others (mean square 1), over all measures."""
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a measure without noise at all is NaN
        relative = s2 / np.nanmean(s2, axis=1, keepdims=True)
        usual = np.nanmedian(relative, axis=0)
    return np.where(np.isfinite(usual) & (usual > 0), usual, 1.0)


def phantom(
    pattern: Array, denominator: Array, setting: Setting, seed: int = SEED
) -> tuple[Array, Array]:
    """What the method shows on average where no area differs, per unit of noise s, by area.

    Returns (net opportunity still shown, spread over the areas that bear it; gap still shown by
    selection): made-up countries with the same peers, need and pattern of noise go through the
    very same steps.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    s = np.sqrt(pattern)
    noise = rng.standard_normal((DRAWS // 2, len(pattern)))
    y = np.concatenate([noise, -noise]) * s  # antithetic: the means are steadier
    made_up = Setting(
        setting.peers,
        setting.rule,
        setting.need,
        setting.group,
        None if setting.target is None else np.zeros(len(y)),
    )
    everywhere = np.broadcast_to(denominator, y.shape)
    found = _gaps(y, np.broadcast_to(pattern, y.shape), everywhere, made_up)
    near = np.maximum(_near(found).mean(axis=0), 1 / DRAWS)
    return found.net.mean(axis=0) / near / s, found.gap.mean(axis=0) / s
