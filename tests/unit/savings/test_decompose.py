"""Bodies that answer for themselves at given prices, and the bound their answers prove."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from controltotal.savings.portfolio import decompose
from controltotal.savings.portfolio.decompose import (
    _combine,
    _master,
    _price_blocks,
    _shared_rows,
    _signed,
    blocks_of,
    tighten,
)
from controltotal.savings.portfolio.matrix import tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.search import by_column
from controltotal.savings.portfolio.solver import Program, solve
from tests.dense_programs import Row, best, marks, priced, program, worth_of

YEAR = "2026-27"
TWO = [np.array([0]), np.array([1])]
"""Two bodies with a scheme each."""
PURSE = Row((10, 10), upper=10)
EITHER = program((1_000, 1_200), PURSE)
"""Either of two schemes: the second is worth more, and both together cost too much."""


def schemes(body: str, count: int) -> list[Candidate]:
    return [
        Candidate(f"{body}{n}", body, (1,), (Saving(body, YEAR, (100,)),)) for n in range(count)
    ]


def grouped(limit: int, monkeypatch: pytest.MonkeyPatch, *demands: Demand) -> list[list[int]]:
    """The blocks of three schemes of A, two of B and one of C (columns 0 to 5)."""
    monkeypatch.setattr(decompose, "BLOCK_SCHEMES", limit)
    given = (*schemes("A", 3), *schemes("B", 2), *schemes("C", 1))
    return [block.tolist() for block in blocks_of(tabulate(Problem(given, demands)))]


def rule(bodies: str, share_of: str = "") -> Demand:
    """A rule over some bodies; X has no scheme."""
    of = frozenset(share_of)
    return Demand("investment", bodies, "Q", YEAR, frozenset(bodies), upper=9, share_of=of)


ALONE = [[0, 1, 2], [3, 4], [5]]


@pytest.mark.parametrize(
    ("limit", "demands", "blocks"),
    [
        (9, (), ALONE),
        (9, (rule("A"), rule("BX")), ALONE),
        (6, (rule("AB"), rule("BC")), [[0, 1, 2, 3, 4, 5]]),
        (5, (rule("AB"), rule("BC")), [[0, 1, 2], [3, 4, 5]]),
        (2, (rule("AB"), rule("BC")), ALONE),
        (3, (rule("A", "BC"),), [[0, 1, 2], [3, 4, 5]]),
        (4, (rule("CA"),), [[0, 1, 2, 5], [3, 4]]),
    ],
)
def test_bodies_are_joined_by_their_smallest_rules_first_while_the_block_stays_small(
    limit: int,
    demands: tuple[Demand, ...],
    blocks: list[list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert grouped(limit, monkeypatch, *demands) == blocks


def test_a_rule_is_shared_where_two_blocks_use_it() -> None:
    rows = (Row((1, 1, 0, 0)), Row((0, 1, 1, 0)), Row((0, 0, 0, 1)), Row((0, 0, 0, 0)))
    asked = program((1, 1, 1, 1), *rows, Row((1, 0, 0, 1)))
    blocks = [np.array([0, 1]), np.array([2, 3])]
    assert _shared_rows(asked, blocks).tolist() == [False, True, False, False, True]


def test_a_price_has_the_sign_of_its_rule_and_no_floor_costs_more_than_missing_it() -> None:
    asked = program(
        (1,),
        Row((1,), upper=5),
        Row((1,), upper=5),
        Row((1,), lower=2),
        Row((1,), lower=2),
        Row((1,), lower=2, upper=5),
        Row((1,), lower=2, upper=5),
        Row((1,)),
        Row((1,), lower=2, elastic=True),
        Row((1,), lower=2, elastic=True),
        penalty=7,
    )
    given = np.array([3.0, -3.0, 3.0, -30.0, 30.0, -30.0, 3.0, -30.0, -3.0])
    assert _signed(asked, given).tolist() == [3, 0, 0, -30, 30, -30, 0, -7, -3]


def test_at_a_price_each_block_answers_for_itself_and_the_purse_is_paid_for() -> None:
    """At 110 pence a pound: 1,100 for the purse of 10, nothing of the first, 100 of the second."""
    columns = [[marks(1)], [marks(0)]]
    shared = np.array([True])
    for _ in range(2):  # what is known already is not kept again
        bound = _price_blocks(EITHER, by_column(EITHER), shared, np.array([110.0]), TWO, columns)
        assert bound == pytest.approx(1_200, abs=1e-5) and bound > 1_200
        assert [[kept.tolist() for kept in one] for one in columns] == [
            [[True], [False]],
            [[False], [True]],
        ]
    cheap = _price_blocks(EITHER, by_column(EITHER), shared, np.array([50.0]), TWO, columns)
    assert cheap == pytest.approx(500 + 500 + 700)
    dear = _price_blocks(EITHER, by_column(EITHER), shared, np.array([200.0]), TWO, columns)
    assert dear == pytest.approx(2_000)


def test_a_floor_that_is_shared_is_paid_for_missing_it() -> None:
    """At minus 4 a floor of 10 lowers the bound by 40 and each scheme's 6 towards it earns 24."""
    asked = program((-20, -30), Row((6, 6), lower=10))
    columns = [[marks(0)], [marks(0)]]
    bound = _price_blocks(asked, by_column(asked), np.array([True]), np.array([-4.0]), TWO, columns)
    assert bound == pytest.approx(-40 + 4)
    assert [len(kept) for kept in columns] == [2, 1]


def test_a_blocks_own_rules_bind_it_at_any_price() -> None:
    """Of a body's two schemes only one may start; half a penny more is a penny in a bound."""
    asked = program((10, 8, 7), Row((1, 1, 0), upper=1), Row((2, 2, 2), upper=2))
    blocks = [np.array([0, 1]), np.array([2])]
    columns = [[marks(0, 0)], [marks(0)]]
    shared = np.array([False, True])
    bound = _price_blocks(asked, by_column(asked), shared, np.array([5.0, 1.25]), blocks, columns)
    assert bound == pytest.approx(2.5 + 8 + 5)  # 10 - 2.5 is 7.5, rounded up; 7 - 2.5 is 4.5
    assert columns[0][-1].tolist() == [True, False]


def test_the_master_takes_one_known_choice_of_each_block_within_the_shared_rules() -> None:
    """Columns: nothing and both of the first body, nothing of the second."""
    asked = program(
        (10, 8, 7),
        Row((3, 2, 0), lower=9, elastic=True),
        Row((4, 5, 6), lower=1, upper=12, elastic=True),
        penalty=100,
    )
    blocks = [np.array([0, 1]), np.array([2])]
    columns = [[marks(0, 0), marks(1, 1)], [marks(0), marks(1)]]
    shared = np.array([False, True])
    master = _master(asked, by_column(asked), shared, blocks, columns)
    assert master.objective.tolist() == [-900, 18 - 400, 0, 7]
    assert master.start.tolist() == [0, 2, 4, 6]
    assert master.column.tolist() == [1, 3, 0, 1, 2, 3]
    assert master.value.tolist() == [9, 6, 1, 1, 1, 1]
    assert master.lower.tolist() == [1, 1, 1]
    assert master.upper.tolist() == [12, 1, 1]
    assert master.elastic.tolist() == [True, False, False]
    assert master.penalty == 100
    assert _combine(asked, blocks, columns, master).tolist() == [True, True, False]
    unfined = _master(replace(asked, penalty=None), by_column(asked), shared, blocks, columns)
    assert unfined.objective.tolist() == [0, 18, 0, 7]


def test_known_choices_are_combined_for_the_most_that_the_purse_allows() -> None:
    columns = [[marks(1), marks(0)], [marks(0), marks(1)]]
    shared = np.array([True])
    master = _master(EITHER, by_column(EITHER), shared, TWO, columns)
    assert _combine(EITHER, TWO, columns, master).tolist() == [False, True]
    wider = program((1_000, 1_200), Row((10, 10), upper=20))
    master = _master(wider, by_column(wider), shared, TWO, columns)
    assert _combine(wider, TWO, columns, master).tolist() == [True, True]


def test_one_round_at_the_right_price_proves_the_best_and_finds_it() -> None:
    found = tighten(EITHER, priced(110.0, bound=1_700), TWO, marks(1, 0), gap=1e-6)
    assert found.chosen.tolist() == [False, True]
    assert found.bound == pytest.approx(1_200)
    assert found.rounds == 1


def test_a_wrong_price_is_mended_round_by_round() -> None:
    """At nothing a pound the purse proves 2,200; the mended prices prove less."""
    free = priced(0.0, bound=9_999)
    bounds = [
        tighten(EITHER, free, TWO, marks(1, 0), gap=1e-6, rounds=rounds).bound
        for rounds in (1, 2, 3)
    ]
    assert bounds[0] == pytest.approx(2_200)
    assert bounds[0] > bounds[1] >= bounds[2] >= 1_200
    assert tighten(EITHER, free, TWO, marks(1, 0), gap=1e-6, rounds=2).rounds == 2
    kept = tighten(EITHER, priced(0.0, bound=1_300), TWO, marks(1, 0), gap=1e-6, rounds=1)
    assert kept.bound == 1_300  # no round makes a bound worse


def test_what_is_near_enough_already_is_left_alone() -> None:
    found = tighten(EITHER, priced(110.0, bound=1_700), TWO, marks(1, 0), gap=0.2)
    assert (found.chosen.tolist(), found.rounds) == ([True, False], 1)
    assert found.bound == pytest.approx(1_200)


def drawn(seed: int) -> tuple[tuple[int, ...], list[Row], list[np.ndarray]]:
    """Three bodies with three schemes each, a purse of their own and one together."""
    rng = random.Random(seed)
    worth = tuple(rng.randint(10, 99) for _ in range(9))
    costs = tuple(rng.randint(5, 20) for _ in range(9))
    own = [
        Row(tuple(c if n // 3 == body else 0 for n, c in enumerate(costs)), upper=30)
        for body in range(3)
    ]
    rows = [*own, Row(costs, upper=rng.randint(35, 60))]
    return worth, rows, [np.arange(3 * body, 3 * body + 3) for body in range(3)]


def test_bounds_are_never_below_the_best_and_mostly_near_it() -> None:
    above = below = relaxation = most = 0
    for seed in range(40):
        worth, rows, blocks = drawn(seed)
        asked: Program = program(worth, *rows)
        relaxed = solve(asked, whole=False, gap=1.0)
        found = tighten(asked, relaxed, blocks, np.zeros(9, dtype=np.bool_), gap=0.0)
        truth = best(worth, rows)
        value = worth_of(worth, rows, found.chosen.astype(int).tolist(), 0)
        assert 0 <= value <= truth <= found.bound + 1e-6, seed
        above, below = above + found.bound - truth, below + truth - value
        relaxation, most = relaxation + relaxed.bound - truth, most + truth
    assert above < 0.9 * relaxation
    assert below < 0.03 * most
