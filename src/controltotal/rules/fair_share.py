"""Fair shares and the pace of change towards them: pure arithmetic, exact to the penny.

Money for a year is one pot. A body's target is its share of the pot by need: people weighted for
need and for the unavoidable cost of place, with a part of the pot for health inequality. Its
distance from target is base / target - 1. Nobody moves to target at once: each closing allocation
is the largest of a minimum growth, a floor below target, and a growth common to all less a pull
on those above target; the common growth is the one at which the closings make up the pot.

The sum of closings rises with the common growth in straight pieces, so it is solved exactly: sort
the growths at which bodies come off their minimum, and find the piece on which the pot lies. A pot
smaller than the sum of the minima cannot be divided; that is reported, with the shortfall.
Source: domain guide 8 (NHS England board papers on allocations; HFMA, January 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from controltotal.core.money import apportion

Exact = int | Fraction


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy of a year: least growth, least share of target, pull on distance; all shares.

    `floor_under` 0.05 lets nobody close more than five per cent under target; `pull` 0.2 takes a
    fifth of the distance from target off the growth (and adds it to those below).
    """

    growth_minimum: Fraction
    floor_under: Fraction
    pull: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """Closing allocations of a year in pence.

    `growth` is the common growth, None where the pot does not cover the minima; then `shortfall`
    says by how much, and `closings` are the minima. `held` names the bodies on their minimum.
    """

    closings: Mapping[str, int]
    growth: Fraction | None
    shortfall: int
    held: frozenset[str]

    @property
    def feasible(self) -> bool:
        """Whether the pot covers every minimum."""
        return self.growth is not None


def weighted_population(people: Exact, need: Exact, market_forces: Exact) -> Fraction:
    """People weighted for need and for the cost of place (England is 1 for both).

    >>> weighted_population(200_000, Fraction("1.10"), Fraction("0.98"))
    Fraction(215600, 1)
    """
    return Fraction(people) * Fraction(need) * Fraction(market_forces)


def shares(
    weighted: Mapping[str, Exact], inequality: Mapping[str, Exact], inequality_share: Exact
) -> dict[str, Fraction]:
    """Each body's share of the pot: need, with a part by the inequality weight; they sum to 1.

    >>> found = shares({"A": 1, "B": 3}, {"A": 1, "B": 1}, Fraction("0.1"))
    >>> found["A"], sum(found.values())
    (Fraction(11, 40), Fraction(1, 1))
    """
    if weighted.keys() != inequality.keys():
        odd = sorted(weighted.keys() ^ inequality.keys())
        raise ValueError(f"need and inequality are not of the same bodies: {', '.join(odd)}")
    part = Fraction(inequality_share)
    need_whole = Fraction(sum(weighted.values()))
    other_whole = Fraction(sum(inequality.values())) if part else Fraction(1)
    return {
        code: (1 - part) * weighted[code] / need_whole + part * inequality[code] / other_whole
        for code in weighted
    }


def targets(pot_pence: int, by_share: Mapping[str, Fraction]) -> dict[str, int]:
    """The pot divided by share, to the penny.

    >>> targets(100, {"A": Fraction(1, 3), "B": Fraction(2, 3)})
    {'A': 33, 'B': 67}
    """
    return apportion(pot_pence, by_share)


def distance(base_pence: int, target_pence: int) -> Fraction:
    """Distance from target: positive is above the fair share, negative is below.

    >>> distance(95, 100)
    Fraction(-1, 20)
    """
    return Fraction(base_pence, target_pence) - 1


def pace_of_change(
    bases: Mapping[str, int], target: Mapping[str, int], pot_pence: int, terms: Terms
) -> Pace:
    """Closing allocations that sum to the pot, or the shortfall where they cannot.

    >>> terms = Terms(Fraction(0), Fraction(1, 20))
    >>> pace_of_change({"A": 80, "B": 100}, {"A": 100, "B": 90}, 200, terms).closings
    {'A': 95, 'B': 105}
    >>> pace_of_change({"A": 80, "B": 100}, {"A": 100, "B": 90}, 190, terms).shortfall
    5
    """
    if bases.keys() != target.keys():
        odd = sorted(bases.keys() ^ target.keys())
        raise ValueError(f"bases and targets are not of the same bodies: {', '.join(odd)}")
    if min(bases.values()) <= 0 or min(target.values()) <= 0:
        raise ValueError("a base and a target are above nil")
    minima = {code: _minimum(bases[code], target[code], terms) for code in bases}
    least = sum(minima.values())
    if least > pot_pence:
        return Pace(minima, None, least - pot_pence, frozenset(bases))
    pulled = {code: _pulled(bases[code], target[code], terms.pull) for code in bases}
    # The growth at which each body comes off its minimum, lowest first; ties by code.
    free_from = sorted((Fraction(minima[c] + pulled[c] - bases[c], bases[c]), c) for c in bases)
    fixed, free_base, free_pull = least, 0, 0
    growth = free_from[0][0]
    for place, (starts, code) in enumerate(free_from):
        fixed -= minima[code]
        free_base += bases[code]
        free_pull += pulled[code]
        growth = Fraction(pot_pence - fixed - free_base + free_pull, free_base)
        last = place + 1 == len(free_from)
        if last or growth <= free_from[place + 1][0]:
            assert growth >= starts, "the common growth lies on its piece"
            break
    exact = {code: bases[code] * (1 + growth) - pulled[code] for code in bases}
    closings = _to_the_penny(minima, exact, pot_pence)
    held = frozenset(code for code in bases if exact[code] < minima[code])
    return Pace(closings, growth, 0, held)


def _minimum(base: int, target: int, terms: Terms) -> int:
    """The least closing allocation; a part of a penny counts as one, so that it is a minimum."""
    return max(ceil(base * (1 + terms.growth_minimum)), ceil(target * (1 - terms.floor_under)))


def _pulled(base: int, target: int, pull: Fraction) -> int:
    """Pence taken off for distance from target, to the nearest penny: the one rounding here."""
    return floor(pull * distance(base, target) * base + Fraction(1, 2)) if pull else 0


def _to_the_penny(
    minima: Mapping[str, int], exact: Mapping[str, Fraction], pot: int
) -> dict[str, int]:
    """Exact closings in whole pence: odd pennies go by largest remainder, ties to the lower code."""
    closings = {
        code: minima[code] if value <= minima[code] else floor(value)
        for code, value in exact.items()
    }
    left = pot - sum(closings.values())
    # one at its minimum has no part of a penny to make up, so that it comes after all that have
    for code in sorted(exact, key=lambda c: (closings[c] - exact[c], c))[:left]:
        closings[code] += 1
    assert sum(closings.values()) == pot, "closing allocations make up the pot"
    return closings


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One year of a path: the pot, each body's share of it, and the policy."""

    year: str
    pot_pence: int
    by_share: Mapping[str, Fraction]
    terms: Terms


@dataclass(frozen=True, slots=True)
class YearMade:
    """One year of a path as it comes out; opening distance is of the base, closing of the pace."""

    year: str
    target: Mapping[str, int]
    opening: Mapping[str, Fraction]
    pace: Pace
    closing: Mapping[str, Fraction]


def path(bases: Mapping[str, int], plans: Sequence[YearPlan]) -> tuple[YearMade, ...]:
    """Year after year, each starting from the closings of the one before.

    A path stops after a year whose pot does not cover the minima: what follows cannot be told.

    >>> half = {"A": Fraction(1, 2), "B": Fraction(1, 2)}
    >>> terms = Terms(Fraction(0), Fraction(1, 2))
    >>> made = path({"A": 40, "B": 60}, [YearPlan("2019-20", 110, half, terms)])
    >>> dict(made[0].pace.closings)
    {'A': 44, 'B': 66}
    """
    made: list[YearMade] = []
    standing = dict(bases)
    for plan in plans:
        target = targets(plan.pot_pence, plan.by_share)
        pace = pace_of_change(standing, target, plan.pot_pence, plan.terms)
        made.append(
            YearMade(
                plan.year,
                target,
                {c: distance(standing[c], target[c]) for c in standing},
                pace,
                {c: distance(pace.closings[c], target[c]) for c in standing},
            )
        )
        if not pace.feasible:
            break
        standing = dict(pace.closings)
    return tuple(made)
