"""Voting power: how often each member's vote decides, exactly, up to a hundred members.

The Banzhaf index counts the coalitions that a member turns from losing to winning, over all such
swings (it sums to one). The Shapley-Shubik index counts the orders in which a member is the one
that decides. Both are counted by generating functions: the polynomial in which the coefficient of
x^w y^s is the number of coalitions with weight w and s members, held in one large whole number, so
that adding a member is a shift and a sum. A plain count over all coalitions stands beside it.
Method: Mann and Shapley 1962; Brams and Affuso 1976.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import ceil, comb, factorial, floor, gcd, lcm
from typing import Final

from controltotal.core.progress import checked, stop_if_cancelled

MEMBERS_MOST: Final = 100
CELLS_MOST: Final = 4_000_000
"""Largest table of counts (weight x members); about 50 MB at a hundred members."""
TRIED_MOST: Final = 200_000
"""Sets of members that are tried in looking for those that block."""


@dataclass(frozen=True, slots=True)
class Game:
    """A vote as a game: a coalition wins with ``weight_needed`` and ``heads_needed`` or more.

    ``weights``: whole numbers, nil or more, one a member.
    """

    weights: tuple[int, ...]
    weight_needed: int
    heads_needed: int = 0

    def wins(self, members: Sequence[int]) -> bool:
        """Whether these members can pass a decision by themselves."""
        weight = sum(self.weights[n] for n in members)
        return weight >= self.weight_needed and len(members) >= self.heads_needed

    @property
    def everybody(self) -> bool:
        """Whether all members together can pass a decision."""
        return self.wins(range(len(self.weights)))


@dataclass(frozen=True, slots=True)
class Power:
    """Indices of one member, each summing to one over the members."""

    banzhaf: Fraction
    shapley_shubik: Fraction


class TooLarge(ValueError):
    """The count would not fit: too many members with weights too fine."""


def whole_weights(weights: Sequence[Fraction]) -> tuple[tuple[int, ...], Fraction]:
    """Weights as the smallest whole numbers in the same proportion, and the scale.

    >>> whole_weights([Fraction(3, 2), Fraction(3)])
    ((1, 2), Fraction(2, 3))
    """
    parts = reduce(lcm, (w.denominator for w in weights), 1)
    whole = [int(w * parts) for w in weights]
    common = reduce(gcd, whole, 0) or 1
    return tuple(w // common for w in whole), Fraction(parts, common)


def game_of(
    kind: str,
    weights: Sequence[Fraction],
    *,
    threshold: Fraction | None = None,
    lead: int | None = None,
) -> Game:
    """The game that a voting rule makes, every member voting for or against.

    >>> game_of("weighted", [Fraction(w) for w in (12, 6, 4)])
    Game(weights=(6, 3, 2), weight_needed=6, heads_needed=0)
    >>> game_of("supermajority", [Fraction(1)] * 8)
    Game(weights=(1, 1, 1, 1, 1, 1, 1, 1), weight_needed=6, heads_needed=0)
    """
    count = len(weights)
    if kind == "lead":
        assert lead is not None
        return Game(tuple(int(n == lead) for n in range(count)), 1)
    if kind in ("unanimity", "consensus"):
        return Game((1,) * count, count)
    if kind in ("majority", "supermajority"):
        share = Fraction(2, 3) if threshold is None and kind == "supermajority" else threshold
        return Game((1,) * count, _needed(count, share))
    assert kind in ("weighted", "double_majority"), kind
    whole, _ = whole_weights(weights)
    heads = _needed(count, threshold) if kind == "double_majority" else 0
    return Game(whole, _needed(sum(whole), threshold), heads)


def _needed(total: int, share: Fraction | None) -> int:
    """The least whole number that is enough: above half, and at least the share stated.

    Everybody votes for or against here, so that a share of a half or less still takes more than
    half: a tie never passes.
    """
    above_half = floor(Fraction(total, 2)) + 1
    return above_half if share is None else max(above_half, ceil(share * total))


def power(game: Game) -> tuple[Power, ...]:
    """Both indices of every member, exactly.

    >>> [str(member.banzhaf) for member in power(Game((3, 2, 1), 4))]
    ['3/5', '1/5', '1/5']
    >>> [str(member.shapley_shubik) for member in power(Game((3, 2, 1), 4))]
    ['2/3', '1/6', '1/6']
    """
    count = len(game.weights)
    if count > MEMBERS_MOST:
        raise TooLarge(f"{count} members; the count is exact up to {MEMBERS_MOST}")
    if not count or not game.everybody or game.wins(()):
        return tuple(Power(Fraction(0), Fraction(0)) for _ in game.weights)
    swings = _swings_by_size(game)
    per_member = [sum(by_size) for by_size in swings]
    total = sum(per_member)
    orders = [
        sum(number * factorial(size) * factorial(count - size - 1) for size, number in enumerate(s))
        for s in swings
    ]
    assert sum(orders) == factorial(count), "the Shapley-Shubik index sums to one"
    return tuple(
        Power(Fraction(swing, total), Fraction(order, factorial(count)))
        for swing, order in zip(per_member, orders, strict=True)
    )


def _swings_by_size(game: Game) -> list[list[int]]:
    """For each member, by size: coalitions of the others that it turns from losing to winning."""
    count, top = len(game.weights), sum(game.weights) + 1
    if len({*game.weights}) == 1 and not game.heads_needed:
        return _swings_of_equals(game)
    if count > 16 and top * (count + 1) > CELLS_MOST:
        raise TooLarge("weights too fine to count exactly; state them in round numbers")
    packed = 0 if count <= 16 else _packed(game.weights)
    done: dict[int, list[int]] = {}
    for member, weight in enumerate(game.weights):
        if weight not in done:
            stop_if_cancelled()
            if packed:
                done[weight] = _swings_many(game, weight, packed)
            else:
                others = game.weights[:member] + game.weights[member + 1 :]
                done[weight] = _swings_few(game, weight, others)
    return [done[weight] for weight in game.weights]


def _swings_of_equals(game: Game) -> list[list[int]]:
    """Members of one weight: the one that makes up the number decides."""
    count, weight = len(game.weights), game.weights[0]
    needed = -(-game.weight_needed // weight)
    by_size = [comb(count - 1, s) if s == needed - 1 else 0 for s in range(count)]
    return [by_size] * count


def _turns(game: Game, weight: int, coalition_weight: int, size: int) -> bool:
    """Whether a member of this weight turns such a coalition from losing to winning."""
    before = coalition_weight >= game.weight_needed and size >= game.heads_needed
    after = coalition_weight + weight >= game.weight_needed and size + 1 >= game.heads_needed
    return after and not before


def _swings_few(game: Game, weight: int, others: tuple[int, ...]) -> list[int]:
    """Few members: the polynomial as a dictionary, whatever the size of the weights."""
    counts: dict[tuple[int, int], int] = {(0, 0): 1}
    for other in others:
        stop_if_cancelled()
        grown = dict(counts)
        for (size, total), number in counts.items():
            key = (size + 1, total + other)
            grown[key] = grown.get(key, 0) + number
        counts = grown
    by_size = [0] * (len(others) + 1)
    for (size, total), number in counts.items():
        if _turns(game, weight, total, size):
            by_size[size] += number
    return by_size


def _cell_bytes(count: int) -> int:
    """Room for any number of coalitions of ``count`` members, with a byte to spare for sums."""
    return (count + 8) // 8 + 1


def _packed(weights: tuple[int, ...]) -> int:
    """The polynomial of all members packed into one whole number.

    A cell holds the number of coalitions of one weight and size; a row of cells holds one weight.
    Adding a member moves everything ``its weight`` rows and one cell on.
    """
    cell_bits = _cell_bytes(len(weights)) * 8
    packed = 1
    for weight in weights:
        stop_if_cancelled()
        packed += packed << ((weight * (len(weights) + 1) + 1) * cell_bits)
    return packed


def _without(packed: int, step: int, bits: int) -> int:
    """The polynomial without one member: divided by 1 + 2**step, exactly, in few steps.

    1 / (1 + z) = (1 - z)(1 + z^2)(1 + z^4) ... up to the power that no longer fits.
    """
    mask = (1 << bits) - 1
    quotient = (packed - (packed << step)) & mask
    power_of_z = 2 * step
    while power_of_z < bits:
        stop_if_cancelled()
        quotient = (quotient + (quotient << power_of_z)) & mask
        power_of_z *= 2
    return quotient


def _swings_many(game: Game, weight: int, packed: int) -> list[int]:
    """Many members: read the counts of the others' coalitions out of the packed polynomial."""
    sizes, cell = len(game.weights) + 1, _cell_bytes(len(game.weights))
    rows = sum(game.weights) - weight + 1
    length = rows * sizes * cell
    others = _without(packed, (weight * sizes + 1) * cell * 8, length * 8)
    raw = others.to_bytes(length, "little")
    low = max(0, game.weight_needed - weight)
    band = _sum_rows(raw, low, min(game.weight_needed, rows), sizes * cell)
    beyond = _sum_rows(raw, game.weight_needed, rows, sizes * cell) if game.heads_needed else 0
    mask = (1 << (cell * 8)) - 1
    by_size = []
    for size in range(sizes - 1):
        shift = size * cell * 8
        number = (band >> shift) & mask if size + 1 >= game.heads_needed else 0
        if game.heads_needed and size + 1 == game.heads_needed:
            number += (beyond >> shift) & mask
        by_size.append(number)
    return by_size


def _sum_rows(raw: bytes, first: int, last: int, width: int) -> int:
    """Rows ``first`` to ``last`` (not included) of the packed polynomial, added cell by cell."""
    return sum(
        int.from_bytes(raw[row * width : (row + 1) * width], "little")
        for row in checked(range(first, last))
    )


def power_plainly(game: Game) -> tuple[Power, ...]:
    """The slow and obvious count over all coalitions; for a dozen members at most.

    >>> power_plainly(Game((3, 2, 1), 4)) == power(Game((3, 2, 1), 4))
    True
    """
    members = range(len(game.weights))
    swings = [0] * len(game.weights)
    orders = [0] * len(game.weights)
    for member in members:
        others = [other for other in members if other != member]
        for size in range(len(others) + 1):
            for coalition in combinations(others, size):
                if not game.wins(coalition) and game.wins((*coalition, member)):
                    swings[member] += 1
                    orders[member] += factorial(size) * factorial(len(others) - size)
    total = sum(swings) or 1
    return tuple(
        Power(Fraction(s, total), Fraction(o, factorial(len(game.weights))))
        for s, o in zip(swings, orders, strict=True)
    )


def imposing_set(game: Game) -> tuple[int, ...] | None:
    """The fewest members, the heaviest first, who can pass a decision; ``None`` where none can.

    >>> imposing_set(Game((3, 2, 1), 4))
    (0, 1)
    """
    heaviest = sorted(range(len(game.weights)), key=lambda n: -game.weights[n])
    for size in range(len(heaviest) + 1):
        if game.wins(heaviest[:size]):
            return tuple(heaviest[:size])
    return None


def smallest_winning(game: Game) -> int | None:
    """How many members, at the fewest, can impose a decision; ``None`` where none can."""
    found = imposing_set(game)
    return None if found is None else len(found)


def outvoters(game: Game, member: int) -> tuple[int, ...] | None:
    """The fewest others who can decide against this member; ``None``: it has a veto.

    >>> outvoters(Game((3, 2, 1), 3), 0), outvoters(Game((3, 2, 1), 4), 0)
    ((1, 2), None)
    """
    without = game.weights[:member] + game.weights[member + 1 :]
    found = imposing_set(Game(without, game.weight_needed, game.heads_needed))
    return None if found is None else tuple(n if n < member else n + 1 for n in found)


def can_be_outvoted(game: Game, member: int) -> int | None:
    """How many others, at the fewest, can decide against this member; ``None``: it has a veto."""
    found = outvoters(game, member)
    return None if found is None else len(found)


def blocking_sets(game: Game, most: int = 200) -> tuple[tuple[int, ...], ...]:
    """The smallest sets without which nothing passes, fewest members first; at most ``most``.

    A set is listed only if no part of it blocks by itself.

    >>> blocking_sets(Game((3, 2, 1), 4))
    ((0,), (1, 2))
    """
    members = range(len(game.weights))
    found: list[tuple[int, ...]] = []
    tried = 0
    for size in range(1, len(game.weights) + 1):
        for coalition in checked(combinations(members, size), 1_000):
            tried += 1
            if len(found) >= most or tried > TRIED_MOST:
                return tuple(found)
            chosen = set(coalition)
            if any(chosen.issuperset(smaller) for smaller in found):
                continue
            if not game.wins([n for n in members if n not in chosen]):
                found.append(coalition)
    return tuple(found)
