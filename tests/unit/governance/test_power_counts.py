"""The packed count of coalitions beside the plain one, and beside the count of every coalition."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from controltotal.governance.power import (
    CELLS_MOST,
    Game,
    TooLarge,
    _cell_bytes,
    _packed,
    _swings_few,
    _swings_many,
    _swings_of_equals,
    _without,
    blocking_sets,
    can_be_outvoted,
    game_of,
    imposing_set,
    outvoters,
    power,
    power_plainly,
    smallest_winning,
    whole_weights,
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


def by_rule(kind: str, *weights: int, threshold: str = "", lead: int | None = None) -> Game:
    share = Fraction(threshold) if threshold else None
    return game_of(kind, [Fraction(w) for w in weights], threshold=share, lead=lead)


def test_a_rule_makes_a_game_in_which_everybody_votes() -> None:
    """Of nine heads two thirds are six; of four, three; a stated half is still more than half."""
    nine = (1,) * 9
    assert by_rule("majority", *nine) == Game(nine, 5)
    assert by_rule("supermajority", *nine) == Game(nine, 6)
    assert by_rule("supermajority", *nine, threshold="0.8") == Game(nine, 8)
    assert by_rule("majority", *nine, threshold="0.8") == Game(nine, 8)
    assert by_rule("majority", *nine, threshold="0.5") == Game(nine, 5)
    assert by_rule("majority", 1, 1, 1, 1, threshold="0.25") == Game((1,) * 4, 3)
    assert by_rule("unanimity", 7, 1, 1) == by_rule("consensus", 7, 1, 1) == Game((1, 1, 1), 3)
    assert by_rule("lead", 7, 1, 1, lead=1) == Game((0, 1, 0), 1)
    assert by_rule("weighted", 12, 6, 4) == Game((6, 3, 2), 6)
    assert by_rule("double_majority", 12, 6, 4) == Game((6, 3, 2), 6, 2)
    assert by_rule("double_majority", 12, 6, 4, threshold="0.75") == Game((6, 3, 2), 9, 3)


def test_weights_become_the_smallest_whole_numbers() -> None:
    assert whole_weights([Fraction(3, 4), Fraction(1, 2), Fraction(0)]) == ((3, 2, 0), 4)
    assert whole_weights([Fraction(10), Fraction(4)]) == ((5, 2), Fraction(1, 2))
    assert whole_weights([Fraction(0), Fraction(0)]) == ((0, 0), 1)


def test_a_cell_holds_every_coalition_of_its_members() -> None:
    """A hundred members make fewer than 2 to the 100: 13 bytes, and one more to add them up."""
    for count in range(1, 101):
        assert 2**count <= 256 ** (_cell_bytes(count) - 1) <= 2 ** (count + 8)
    assert _cell_bytes(100) == 14


@pytest.mark.parametrize("bits", [5, 16, 40, 41, 64])
@pytest.mark.parametrize("step", [5, 8, 10, 20])
def test_a_member_is_taken_out_of_the_count_again(step: int, bits: int) -> None:
    """The whole is what is left times 1 + 2^step; nothing above the last bit is asked for."""
    left = 0b1011001 & ((1 << bits) - 1)
    packed = left + (left << step)
    assert _without(packed, step, bits) == left


def test_nobody_has_power_where_nobody_decides() -> None:
    none = [(0, 0), (0, 0)]
    for game in (Game((1, 1), 3), Game((1, 1), 0), Game((1, 1), 1, 3)):
        assert [(one.banzhaf, one.shapley_shubik) for one in power(game)] == none
    assert power(Game((), 1)) == ()
    with pytest.raises(TooLarge, match="101 members"):
        power(Game((1,) * 101, 51))
    assert len(power(Game((1,) * 100, 51))) == 100


def test_weights_too_fine_to_count_are_refused_beyond_sixteen_members() -> None:
    fine = tuple(10**6 + n for n in range(16))
    assert sum(one.banzhaf for one in power(Game(fine, sum(fine) // 2 + 1))) == 1
    with pytest.raises(TooLarge, match="round numbers"):
        power(Game((*fine, 5), sum(fine) // 2 + 1))
    most = tuple([1] * 16 + [CELLS_MOST // 18 - 17])  # to the cell
    assert power(Game(most, sum(most)))[0].banzhaf == Fraction(1, 17)
    with pytest.raises(TooLarge):
        power(Game((*most[:16], most[16] + 1), sum(most)))


def test_who_can_outvote_a_member() -> None:
    game = Game((5, 3, 2, 1), 6)
    assert outvoters(game, 0) == (1, 2, 3)
    assert outvoters(game, 1) == (0, 2)
    assert (can_be_outvoted(game, 0), can_be_outvoted(game, 3)) == (3, 2)
    assert outvoters(Game((5, 3, 2), 6), 0) is None
    assert can_be_outvoted(Game((5, 3, 2), 6), 0) is None
    assert outvoters(Game((5, 3, 2), 6, 3), 1) is None  # three heads are needed


def test_the_smallest_sets_that_block() -> None:
    """Of 5, 3, 2 and 1 six must be for it: the first with any other, or all others together."""
    assert blocking_sets(Game((5, 3, 2, 1), 6)) == ((0, 1), (0, 2), (0, 3), (1, 2, 3))
    assert blocking_sets(Game((1, 1, 1), 1)) == ((0, 1, 2),)
    assert blocking_sets(Game((1, 1, 1), 3)) == ((0,), (1,), (2,))
    assert blocking_sets(Game((1, 1, 1), 3), most=2) == ((0,), (1,))
    assert blocking_sets(Game((1, 1, 1), 4)) == ((0,), (1,), (2,))


def test_of_very_many_sets_those_tried_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40 alike any two block where all but one must be for it: 780 pairs, of which 200 are told."""
    game = Game((1,) * 40, 39)
    assert blocking_sets(game)[0] == (0, 1)
    assert len(blocking_sets(game)) == 200
    assert len(blocking_sets(game, most=1_000)) == 780
    for tried, told in ((39, 0), (40, 0), (41, 1), (45, 5)):
        monkeypatch.setattr("controltotal.governance.power.TRIED_MOST", tried)
        assert len(blocking_sets(game, most=1_000)) == told
