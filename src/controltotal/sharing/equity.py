"""Is it fair: how the burden of a shared gap falls on people by deprivation.

Burden per head is followed to where people live: each small area bears the burden per head of its
body. People are ranked from most to least deprived (0 to 1, ranks by population). The concentration
index is 2 cov(burden, rank) / mean: negative means that deprived people bear more. The slope index
is the difference in pounds a head between the two ends of that ranking, by a straight line weighted
by population. A mean score and a share in the most deprived fifth are different measures of one
thing and may disagree; both are given, and their disagreement is said.
Method: Wagstaff, Paci and van Doorslaer 1991; slope index as the public health profiles define it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """People from most to least deprived, in groups that share one burden per head.

    ``people``, ``burden`` (pounds a head), ``position`` (middle of the group, 0 to 1): (group,).
    """

    people: Column
    burden: Column
    position: Column

    @classmethod
    def of(cls, people: Column, burden: Column, order: Column) -> Ranked:
        """Groups in ascending ``order``: the most deprived first; equal ones stand together."""
        sequence = np.argsort(order, kind="stable")
        counts, key = people[sequence], order[sequence]
        bounds = np.concatenate(([0.0], np.cumsum(counts)))
        starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
        ends = np.concatenate((starts[1:], [len(key)]))
        middle = (bounds[starts] + bounds[ends]) / 2 / bounds[-1]
        position = np.repeat(middle, ends - starts)
        return cls(counts, burden[sequence], position)


def concentration_index(ranked: Ranked) -> float | None:
    """2 cov(burden, rank) / mean; nil is even, negative means the deprived bear more.

    ``None`` where nobody bears anything.

    >>> people = np.array([1.0, 1.0])
    >>> concentration_index(Ranked.of(people, np.array([2.0, 0.0]), np.array([1.0, 2.0])))
    -0.5
    """
    share = ranked.people / ranked.people.sum()
    mean = float(share @ ranked.burden)
    if mean == 0:
        return None
    rank_mean = float(share @ ranked.position)
    covariance = float(share @ ((ranked.burden - mean) * (ranked.position - rank_mean)))
    return 2 * covariance / mean


def slope_index(ranked: Ranked) -> float | None:
    """Pounds a head more (or less) at the least deprived end than at the most deprived end.

    Negative means the deprived bear more. ``None`` where all people stand at one place.

    >>> people = np.array([1.0, 1.0])
    >>> slope_index(Ranked.of(people, np.array([2.0, 0.0]), np.array([1.0, 2.0])))
    -4.0
    """
    share = ranked.people / ranked.people.sum()
    rank_mean = float(share @ ranked.position)
    spread = float(share @ (ranked.position - rank_mean) ** 2)
    if spread == 0:
        return None
    mean = float(share @ ranked.burden)
    return float(share @ ((ranked.burden - mean) * (ranked.position - rank_mean))) / spread


def curve(ranked: Ranked, points: int = 21) -> tuple[tuple[float, float], ...]:
    """The concentration curve: share of people (most deprived first) and of the burden they bear.

    >>> people = np.array([1.0, 1.0])
    >>> curve(Ranked.of(people, np.array([3.0, 1.0]), np.array([1.0, 2.0])), points=3)
    ((0.0, 0.0), (0.5, 0.75), (1.0, 1.0))
    """
    total = float(ranked.people @ ranked.burden)
    if total == 0:
        return ()
    people = np.concatenate(([0.0], np.cumsum(ranked.people) / ranked.people.sum()))
    burden = np.concatenate(([0.0], np.cumsum(ranked.people * ranked.burden) / total))
    at = np.linspace(0.0, 1.0, points)
    return tuple(
        (round(float(x), 6), round(float(y), 6))
        for x, y in zip(at, np.interp(at, people, burden), strict=True)
    )


def by_fifth(people: Column, burden: Column, fifth: NDArray[np.int64]) -> tuple[float | None, ...]:
    """Mean burden in pounds a head of the people in each fifth, the most deprived first.

    >>> by_fifth(np.array([1.0, 3.0]), np.array([2.0, 4.0]), np.array([1, 1]))
    (3.5, None, None, None, None)
    """
    heads = np.bincount(fifth, people, 6)[1:]
    borne = np.bincount(fifth, people * burden, 6)[1:]
    return tuple(
        float(b / h) if h else None for b, h in zip(borne.tolist(), heads.tolist(), strict=True)
    )


def deprived_beside_others(people: Column, burden: Column, deprived: Column) -> float | None:
    """What people in the most deprived fifth bear for each pound of all others, a head.

    `people` and `burden` (a head) by body, `deprived` the share of its people who live in the most
    deprived fifth; within a body everybody bears the same. None where nobody is on one side, or the
    others bear nothing.

    >>> people, burden = np.array([100.0, 100.0]), np.array([3.0, 1.0])
    >>> deprived_beside_others(people, burden, np.array([0.4, 0.0]))  # £3.00, and £1.75 of others
    1.7142857142857142
    """
    inside, outside = people * deprived, people * (1 - deprived)
    if not inside.sum() or not outside.sum() or not (burden * outside).sum():
        return None
    own = float((burden * inside).sum() / inside.sum())
    return own / float((burden * outside).sum() / outside.sum())


@dataclass(frozen=True, slots=True)
class Body:
    """One body in the comparison of who pays for whom."""

    code: str
    share_most_deprived_fifth: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class WhoPaysForWhom:
    """Givers held against the receiver: how many are more deprived than it by each measure.

    ``None`` counts where a measure is missing. ``agree``: both measures say the same of every
    giver; ``None`` where either is missing.
    """

    receiver: Body
    givers: tuple[Body, ...]
    more_deprived_by_score: int | None
    more_deprived_by_fifth: int | None
    agree: bool | None
    disputed: tuple[str, ...]


def who_pays_for_whom(receiver: Body, givers: Sequence[Body]) -> WhoPaysForWhom:
    """Count the givers that are more deprived than the receiver by score and by fifth.

    >>> givers = [Body("A", 0.10, 17.4), Body("B", 0.02, 13.3)]
    >>> who = who_pays_for_whom(Body("R", 0.13, 17.0), givers)
    >>> who.more_deprived_by_score, who.more_deprived_by_fifth, who.disputed
    (1, 0, ('A',))
    """
    by_score = _above([g.score for g in givers], receiver.score)
    by_fifth_share = _above(
        [g.share_most_deprived_fifth for g in givers], receiver.share_most_deprived_fifth
    )
    disputed: tuple[str, ...] = ()
    agree: bool | None = None
    if by_score is not None and by_fifth_share is not None:
        disputed = tuple(
            giver.code
            for giver, one, other in zip(givers, by_score, by_fifth_share, strict=True)
            if one != other
        )
        agree = not disputed
    return WhoPaysForWhom(
        receiver,
        tuple(givers),
        None if by_score is None else sum(by_score),
        None if by_fifth_share is None else sum(by_fifth_share),
        agree,
        disputed,
    )


def _above(values: Sequence[float | None], level: float | None) -> list[bool] | None:
    if level is None:
        return None
    above: list[bool] = []
    for value in values:
        if value is None:
            return None
        above.append(value > level)
    return above


def per_head(pence: Mapping[str, int | None], people: Mapping[str, float]) -> dict[str, float]:
    """Pounds a head of every body whose share and people are known.

    >>> per_head({"A": 500, "B": None}, {"A": 2, "B": 3})
    {'A': 2.5}
    """
    return {
        code: share / 100 / people[code]
        for code, share in pence.items()
        if share is not None and people.get(code)
    }
