"""Policies for sharing a gap: top slice, equal call, headroom and the others, side by side.

Each policy says in what proportion payers bear a gap; shares are nil or more, lie between each
payer's floor and ceiling and sum to the gap to the penny. A policy that lacks an input, or that
cannot place the whole gap, gives no shares and says what is missing or how much is short: it never
places part of a gap in silence. Top slices, equal calls and neighbour support are what regions have
used; the others are conventions of this house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controltotal.sharing.fill import LARGEST_TOTAL, fill, room

Pence = NDArray[np.int64]

POLICIES: Final = (
    "top_slice",
    "equal_call",
    "headroom",
    "distance_from_target",
    "capped",
    "max_min_fair",
    "deprivation_weighted",
    "neighbour_support",
    "rapid_savings",
    "raise_nationally",
)
CAP_SHARE_DEFAULT: Final = 0.01
DEPRIVATION_STRENGTH_DEFAULT: Final = 0.5

BELOW: Final = "what the payers may bear together is below the gap"
NOBODY: Final = "there is nobody to pay"
ALL_SPARED: Final = "all who are asked are in special measures and spared"

INPUT_WORDS: Final[dict[str, str]] = {
    "allocation": "an allocation for the year",
    "headroom": "a surplus and a live control total",
    "distance": "an allocation and a target allocation",
    "deprivation": "the share of its people in the most deprived fifth",
    "population": "a population",
    "weighted_population": "a weighted population",
    "score": "a deprivation score",
    "opportunity": "a netted opportunity",
}


@dataclass(frozen=True, slots=True)
class Payer:
    """A body that may be asked to bear part of a gap; money in pence, absent is ``None``.

    ``headroom``: position as the control total measures it, less the control total (may be
    negative). ``distance``: allocation less target (positive: over its fair share).
    ``deprivation``: share of its people in the most deprived fifth, 0 to 1. ``opportunity``:
    netted saving not yet in the plan.
    """

    code: str
    allocation: int | None = None
    headroom: int | None = None
    distance: int | None = None
    population: int | None = None
    weighted_population: float | None = None
    deprivation: float | None = None
    score: float | None = None
    opportunity: int | None = None
    floor: int = 0
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Payers:
    """Payers as columns in order of code: ``columns[name]``: (payer,), whole pence or a share.

    A column in which anybody lacks a value is not there; ``missing`` says whose values lack.
    """

    codes: tuple[str, ...]
    columns: Mapping[str, NDArray[np.int64] | NDArray[np.float64]]
    missing: Mapping[str, tuple[str, ...]]
    floors: Pence | None
    ceilings: Pence | None

    @classmethod
    def of(cls, payers: Iterable[Payer]) -> Payers:
        """Columns from payers in any order; two with one code are refused."""
        rows = sorted(payers, key=lambda payer: payer.code)
        codes = tuple(row.code for row in rows)
        if len(set(codes)) != len(codes):
            raise ValueError("a payer is named twice")
        columns: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
        missing: dict[str, tuple[str, ...]] = {}
        for name in INPUT_WORDS:
            values = [getattr(row, name) for row in rows]
            lacking = tuple(
                code for code, value in zip(codes, values, strict=True) if value is None
            )
            if lacking or not rows:
                missing[name] = lacking
            else:
                real = name in ("deprivation", "score", "weighted_population")
                columns[name] = np.array(values, np.float64) if real else np.array(values, np.int64)
        floors = ceilings = None
        if any(row.floor for row in rows):
            floors = np.array([row.floor for row in rows], np.int64)
        if any(row.ceiling is not None for row in rows):
            most = [LARGEST_TOTAL if row.ceiling is None else row.ceiling for row in rows]
            ceilings = np.array(most, np.int64)
        return cls(codes, columns, missing, floors, ceilings)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy may be told: each has a default that the result names.

    ``cap_share``: ceiling as a share of allocation under ``capped``. ``strength``: k of
    ``deprivation_weighted``. ``neighbours``: whether payers were named, as ``neighbour_support``
    needs. ``formula``: a user's weight for each payer, already worked out.
    """

    cap_share: float = CAP_SHARE_DEFAULT
    strength: float = DEPRIVATION_STRENGTH_DEFAULT
    neighbours: bool = False
    formula: Pence | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """What each payer bears under a policy, in pence, or why there is no answer.

    ``pence``: (payer,) in order of ``codes``; ``None`` where the policy cannot answer. ``above``:
    what stands at the level above. ``short``: what could not be placed within the ceilings;
    ``excess``: by how much the floors alone exceed the gap; ``crossed``: whose floor is above its
    ceiling; ``spared``: who bears nothing because it is in special measures; ``at_most``: what each
    could bear where all of them together cannot bear the whole (empty where that is not the reason).
    """

    policy: str
    codes: tuple[str, ...]
    pence: Pence | None
    above: int = 0
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    short: int = 0
    excess: int = 0
    crossed: tuple[str, ...] = ()
    reason: str = ""
    spared: tuple[str, ...] = ()
    at_most: tuple[int, ...] = ()

    @property
    def unknown(self) -> str:
        """The kind of reason for having no answer; empty where there is one."""
        if self.pence is not None:
            return ""
        if self.crossed:
            return "contradicted"
        return "not_possible" if self.short or self.excess else "not_stated"

    def by_code(self) -> dict[str, int | None]:
        """Shares by payer; all ``None`` where there is no answer."""
        if self.pence is None:
            return dict.fromkeys(self.codes)
        return dict(zip(self.codes, self.pence.tolist(), strict=True))


def divide(policy: str, gap: int, payers: Payers, terms: Terms | None = None) -> Shares:
    """Divide a gap in pence under one policy.

    >>> six = [("A", 1600), ("B", 1500), ("C", 1400), ("D", 2000), ("E", 1700), ("F", 1300)]
    >>> payers = Payers.of(Payer(code, allocation=size * 10**8) for code, size in six)
    >>> shares = divide("top_slice", 76 * 10**8, payers).by_code()
    >>> [share / 10**8 for share in shares.values()]
    [12.8, 12.0, 11.2, 16.0, 13.6, 10.4]
    """
    terms = terms or Terms()
    if not 0 <= gap < LARGEST_TOTAL:
        return Shares(policy, payers.codes, None, reason="the gap must be nil or more")
    if policy == "raise_nationally":
        nothing = np.zeros(len(payers.codes), np.int64)
        return Shares(policy, payers.codes, nothing, above=gap)
    if policy == "neighbour_support" and not terms.neighbours:
        return Shares(policy, payers.codes, None, reason="no neighbours were named as givers")
    if not payers.codes:
        return Shares(policy, payers.codes, None, reason=NOBODY, short=gap)
    missing = {name: payers.missing[name] for name in NEEDS[policy] if name in payers.missing}
    if missing:
        return Shares(policy, payers.codes, None, missing=missing, reason="an input is missing")
    if "allocation" in NEEDS[policy] and np.any(payers.columns["allocation"] < 0):
        return Shares(policy, payers.codes, None, reason="an allocation is below nil")
    return _RULES[policy](gap, payers, terms)


NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "top_slice": ("allocation",),
    "equal_call": (),
    "headroom": ("headroom",),
    "distance_from_target": ("distance", "allocation"),
    "capped": ("allocation",),
    "max_min_fair": ("allocation", "headroom"),
    "deprivation_weighted": ("allocation", "deprivation"),
    "neighbour_support": (),
    "rapid_savings": ("opportunity",),
    "raise_nationally": (),
    "formula": (),
}


def _place(policy: str, gap: int, payers: Payers, weights: Pence, ceilings: Pence | None) -> Shares:
    """Fill by weights within the ceilings, or say what is short."""
    floors, codes = payers.floors, payers.codes
    if ceilings is not None and np.any(ceilings < (0 if floors is None else floors)):
        below = ceilings < (0 if floors is None else floors)
        crossed = tuple(codes[n] for n in np.flatnonzero(below))
        return Shares(policy, codes, None, crossed=crossed, reason="a floor is above a ceiling")
    shares = fill(gap, weights, floors, ceilings)
    if shares is not None:
        return Shares(policy, codes, shares)
    low = floors if floors is not None else np.zeros(len(weights), np.int64)
    high = ceilings if ceilings is not None else np.full(len(weights), gap, np.int64)
    least, most = room(gap, weights, low, high)
    if gap < least:
        return Shares(policy, codes, None, excess=least - gap, reason="the floors exceed the gap")
    each = np.where(weights > 0, np.maximum(high, low), low)
    at_most = tuple(each.tolist())
    return Shares(policy, codes, None, short=gap - most, reason=BELOW, at_most=at_most)


def _lower(first: Pence | None, second: Pence) -> Pence:
    """The lower of two ceilings, nil at least."""
    lowest = second if first is None else np.minimum(first, second)
    return np.maximum(lowest, 0)


def _whole(payers: Payers, name: str) -> Pence:
    return payers.columns[name].astype(np.int64, copy=False)


def _top_slice(gap: int, payers: Payers, terms: Terms) -> Shares:
    """In proportion to allocations."""
    return _place("top_slice", gap, payers, _whole(payers, "allocation"), payers.ceilings)


def _equal_call(gap: int, payers: Payers, terms: Terms) -> Shares:
    """The same from each."""
    ones = np.ones(len(payers.codes), np.int64)
    return _place("equal_call", gap, payers, ones, payers.ceilings)


def _neighbour_support(gap: int, payers: Payers, terms: Terms) -> Shares:
    """An equal call on the neighbours named, to be paid back."""
    ones = np.ones(len(payers.codes), np.int64)
    return _place("neighbour_support", gap, payers, ones, payers.ceilings)


def _headroom(gap: int, payers: Payers, terms: Terms) -> Shares:
    """In proportion to headroom, so that nobody is pushed below their control total."""
    headroom = np.maximum(_whole(payers, "headroom"), 0)
    return _place("headroom", gap, payers, headroom, _lower(payers.ceilings, headroom))


def _distance_from_target(gap: int, payers: Payers, terms: Terms) -> Shares:
    """Those above their fair share first, up to the distance; the rest by top slice."""
    policy = "distance_from_target"
    over = np.maximum(_whole(payers, "distance"), 0)
    if payers.floors is not None and payers.ceilings is not None:
        crossed = np.flatnonzero(payers.floors > payers.ceilings)
        if len(crossed):
            whose = tuple(payers.codes[n] for n in crossed)
            reason = "a floor is above a ceiling"
            return Shares(policy, payers.codes, None, crossed=whose, reason=reason)
    first_ceilings = _lower(payers.ceilings, over)
    if payers.floors is not None:
        first_ceilings = np.maximum(first_ceilings, payers.floors)
    floors = payers.floors if payers.floors is not None else np.zeros(len(over), np.int64)
    _, most = room(gap, over, floors, first_ceilings)
    if gap <= most:
        return _place(policy, gap, payers, over, first_ceilings)
    first = np.where(over > 0, first_ceilings, floors)
    ceilings = None if payers.ceilings is None else payers.ceilings - first
    rest = gap - int(first.sum())
    second = fill(rest, _whole(payers, "allocation"), None, ceilings)
    if second is None:
        high = ceilings if ceilings is not None else np.full(len(first), rest, np.int64)
        _, most = room(rest, _whole(payers, "allocation"), floors * 0, high)
        return Shares(policy, payers.codes, None, short=rest - most, reason=BELOW)
    return Shares(policy, payers.codes, first + second)


def _capped(gap: int, payers: Payers, terms: Terms) -> Shares:
    """Top slice with a cap on each; what the cap cuts off is spread over the others."""
    allocation = _whole(payers, "allocation")
    part = Fraction(str(terms.cap_share))
    assert part.numerator < 10**6, "a cap is a short decimal share"
    cap = allocation * part.numerator // part.denominator
    return _place("capped", gap, payers, allocation, _lower(payers.ceilings, cap))


def _max_min_fair(gap: int, payers: Payers, terms: Terms) -> Shares:
    """The largest share of allocation as small as can be, then the next, within headroom."""
    allocation = _whole(payers, "allocation")
    headroom = np.maximum(_whole(payers, "headroom"), 0)
    return _place("max_min_fair", gap, payers, allocation, _lower(payers.ceilings, headroom))


def _deprivation_weighted(gap: int, payers: Payers, terms: Terms) -> Shares:
    """Top slice made lighter where more people live in the most deprived fifth."""
    return _place(
        "deprivation_weighted", gap, payers, deprivation_weights(payers, terms), payers.ceilings
    )


def deprivation_weights(payers: Payers, terms: Terms) -> Pence:
    """Allocation x (1 - k (q - qbar) / qbar), never negative, to the nearest penny.

    ``qbar`` is the plain mean of the payers' shares; where nobody is deprived it is a top slice.
    """
    allocation, share = _whole(payers, "allocation"), payers.columns["deprivation"]
    mean = float(share.mean())
    if mean == 0:
        return allocation
    factor = np.maximum(0.0, 1 - terms.strength * (share - mean) / mean)
    weights: Pence = np.rint(allocation * factor).astype(np.int64)
    return weights


def _rapid_savings(gap: int, payers: Payers, terms: Terms) -> Shares:
    """Where savings can be made soonest: by the netted opportunity not yet in the plan."""
    opportunity = np.maximum(_whole(payers, "opportunity"), 0)
    return _place("rapid_savings", gap, payers, opportunity, _lower(payers.ceilings, opportunity))


def _formula(gap: int, payers: Payers, terms: Terms) -> Shares:
    """By a user's own weights."""
    assert terms.formula is not None
    return _place("formula", gap, payers, terms.formula, payers.ceilings)


_RULES: Final[dict[str, Callable[[int, Payers, Terms], Shares]]] = {
    "top_slice": _top_slice,
    "equal_call": _equal_call,
    "headroom": _headroom,
    "distance_from_target": _distance_from_target,
    "capped": _capped,
    "max_min_fair": _max_min_fair,
    "deprivation_weighted": _deprivation_weighted,
    "neighbour_support": _neighbour_support,
    "rapid_savings": _rapid_savings,
    "formula": _formula,
}

RULE_WORDS: Final[dict[str, str]] = {
    "top_slice": "the same share of every allocation",
    "equal_call": "the same sum from each",
    "headroom": "in proportion to what each can spare above its control total",
    "distance_from_target": "first those funded above their fair share, then a top slice",
    "capped": "a top slice with a cap on each",
    "max_min_fair": "the largest share of allocation as small as can be, within headroom",
    "deprivation_weighted": "a top slice, lighter where more people are deprived",
    "neighbour_support": "an equal call on named neighbours, to be paid back",
    "rapid_savings": "in proportion to savings found and not yet in the plan",
    "raise_nationally": "nothing is divided; the gap stands at the level above",
    "formula": "by the formula given",
}
