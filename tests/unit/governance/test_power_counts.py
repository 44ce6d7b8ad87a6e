"""The packed count of coalitions beside the plain one, and beside the count of every coalition."""

from __future__ import annotations

import random

import pytest

from controltotal.governance.power import (
    Game,
    _packed,
    _swings_few,
    _swings_many,
    _swings_of_equals,
    imposing_set,
    power,
    power_plainly,
    smallest_winning,
)


def drawn(case: int) -> Game:
    draw = random.Random(case)
    weights = tuple(draw.randint(1, 9) for _ in range(draw.randint(2, 7)))
    whole = sum(weights)
    heads = draw.choice((0, 0, len(weights) // 2 + 1, len(weights)))
    return Game(weights, draw.randint(whole // 2 + 1, whole), heads)


@pytest.mark.parametrize("case", range(40))
def test_many_are_counted_as_few_are(case: int) -> None:
    game = drawn(case)
    packed = _packed(game.weights)
    for member, weight in enumerate(game.weights):
        others = game.weights[:member] + game.weights[member + 1 :]
        assert _swings_many(game, weight, packed) == _swings_few(game, weight, others)
    assert power(game) == power_plainly(game)


@pytest.mark.parametrize("count", [1, 2, 5, 9])
@pytest.mark.parametrize("weight", [1, 3])
def test_members_of_one_weight_are_counted_as_any_are(count: int, weight: int) -> None:
    for needed in range(count * weight // 2 + 1, count * weight + 1):
        game = Game((weight,) * count, needed)
        few = _swings_few(game, weight, game.weights[1:])
        assert _swings_of_equals(game) == [few] * count


def test_the_fewest_who_can_pass_a_decision() -> None:
    assert imposing_set(Game((1, 5, 3), 6)) == (1, 2)
    assert smallest_winning(Game((1, 5, 3), 6)) == 2
    assert smallest_winning(Game((1, 5, 3), 5)) == 1
    assert smallest_winning(Game((1, 5, 3), 5, 3)) == 3
    assert imposing_set(Game((1, 1), 3)) is None and smallest_winning(Game((1, 1), 3)) is None
