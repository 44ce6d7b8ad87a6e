"""The search for a large portfolio, by cases in which one body stands in another's way."""

from __future__ import annotations

import random

import numpy as np
import pytest

from controltotal.savings.portfolio import engine, search
from controltotal.savings.portfolio.decompose import blocks_of
from controltotal.savings.portfolio.matrix import NO_LIMIT, Table, tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.search import (
    _free,
    breaks,
    by_column,
    fill,
    improve,
    margins,
    part_of,
    repair,
    total_value,
)
from controltotal.savings.portfolio.solver import Program, Solved, program_of, row_sums, solve
from tests.dense_programs import Row, best, marks, priced, program, worth_of

YEAR = "2026-27"


def candidate(body: str, number: int, pence: int, cost: int) -> Candidate:
    """A scheme that starts in April or not at all."""
    code = f"{body}{number}"
    return Candidate(code, body, (1,), (Saving(body, YEAR, (pence,)),), investment=cost)


def purse(pence: int, *bodies: str) -> Demand:
    """What some bodies may invest together."""
    return Demand("investment", "purse", "Q", YEAR, frozenset(bodies), upper=pence, month=1)


def tabled(*candidates: Candidate, most: int) -> tuple[Table, Program, Solved]:
    """Bodies that share a purse, as a table, a program and its relaxation."""
    bodies = {one.organisation for one in candidates}
    table = tabulate(Problem(candidates, (purse(most, *bodies),)))
    program = program_of(table, table.objective("saving"))
    return table, program, solve(program, whole=False, gap=1.0)


def test_a_better_scheme_of_another_body_takes_the_place_that_no_block_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "SHARE_TOGETHER", 1)
    table, program, relaxed = tabled(
        candidate("A", 1, 1_000, 10), candidate("B", 1, 1_200, 10), most=10
    )
    begun = table.chosen({"A1": 0})
    alone = [np.array([0]), np.array([1])]  # each body is a block
    still = search.improve(program, relaxed, alone, begun)
    assert table.choice(still) == {"A1": 0}
    assert table.choice(search.together(program, relaxed, begun)) == {"B1": 0}


def test_what_is_chosen_stays_free_however_dear_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portfolio to begin with must be one of those that can be found."""
    monkeypatch.setattr(search, "TOGETHER_MOST", 1)
    dear = [candidate("A", n, 100, 60) for n in range(3)]
    table, program, relaxed = tabled(*dear, candidate("B", 1, 5_000, 200), most=190)
    begun = table.chosen({one.code: 0 for one in dear})
    assert table.choice(search.together(program, relaxed, begun)) == {one.code: 0 for one in dear}


@pytest.mark.parametrize(("gap", "effort"), [(0.5, 0), (0.0001, 1)])
def test_schemes_are_solved_together_only_where_the_gap_is_not_reached(
    monkeypatch: pytest.MonkeyPatch, gap: float, effort: int
) -> None:
    asked: list[Program] = []

    def noted(program: Program, *given: object) -> object:
        asked.append(program)
        return search.together(program, *given)

    monkeypatch.setattr(engine, "WHOLE_COLUMNS", 10)
    monkeypatch.setattr(engine, "EXACT_COLUMNS", 10)
    monkeypatch.setattr(engine, "together", noted)
    rng = np.random.default_rng(5)
    made = [
        candidate(body, n, int(rng.integers(500, 900)), int(rng.integers(50, 90)))
        for body in "ABC"
        for n in range(10)
    ]
    found = engine.choose(Problem(tuple(made), (purse(700, *"ABC"),)), ("saving",), gap)
    assert len(asked) == effort
    assert found.counted.broken == ()


def test_bodies_that_share_a_rule_are_one_block_while_it_is_small() -> None:
    table, _, _ = tabled(candidate("A", 1, 5, 1), candidate("B", 1, 5, 1), most=1)
    assert [block.tolist() for block in blocks_of(table)] == [[0, 1]]


def test_entries_by_column_stand_in_the_order_of_their_rows() -> None:
    table = by_column(program((1, 1, 1), Row((3, 2, 0)), Row((0, 5, 6))))
    assert table.start.tolist() == [0, 1, 3, 4]
    assert (table.row.tolist(), table.value.tolist()) == ([0, 0, 1, 1], [3, 2, 5, 6])
    place, position = table.entries(np.array([2, 1]))
    assert (place.tolist(), position.tolist()) == ([3, 1, 2], [0, 1, 1])


def test_a_part_has_only_the_rules_it_uses_and_the_room_that_others_leave() -> None:
    whole = program(
        (1, 1, 1),
        Row((3, 2, 0), upper=10),
        Row((7, 0, 0), upper=1),
        Row((0, 5, 6), lower=4, elastic=True),
        penalty=9,
    )
    taken = np.array([3, 50, 1])
    part = part_of(whole, by_column(whole), np.array([1, 2]), taken, np.array([7, 8, 9]))
    assert part.objective.tolist() == [8, 9]
    assert (part.start.tolist(), part.column.tolist()) == ([0, 1, 3], [0, 0, 1])
    assert part.value.tolist() == [2, 5, 6]
    assert (part.lower.tolist(), part.upper.tolist()) == ([-NO_LIMIT, 3], [7, NO_LIMIT])
    assert (part.elastic.tolist(), part.penalty) == ([False, True], 9)
    assert part_of(whole, by_column(whole), np.array([0]), taken).objective.tolist() == [1]


def test_a_scheme_pays_the_price_of_every_rule_it_uses() -> None:
    whole = program((100, 90), Row((3, 2)), Row((0, 5)))
    assert margins(whole, priced(10.0, 4.0)).tolist() == [70, 50]


def test_a_portfolio_is_worth_its_schemes_less_the_fine_for_what_floors_miss() -> None:
    rows = (Row((3, 2), lower=5, elastic=True), Row((3, 2), lower=9))
    asked = program((100, 90), *rows, penalty=10)
    worth = [total_value(asked, one, row_sums(asked, one)) for one in (marks(1, 0), marks(1, 1))]
    assert worth == [100 - 20, 190]
    free = program((100, 90), *rows)
    assert total_value(free, marks(1, 0), row_sums(free, marks(1, 0))) == 100


def test_a_rule_is_broken_past_its_limits_and_a_floor_that_may_be_missed_only_above() -> None:
    within = Row((1,), lower=2, upper=4)
    soft = Row((1,), lower=2, upper=4, elastic=True)
    asked = program((1,), within, within, within, within, soft, soft)
    broken = breaks(asked, np.array([1, 2, 4, 5, 1, 5]))
    assert broken.tolist() == [True, False, False, True, False, True]


def test_what_stays_free_is_the_chosen_and_then_the_best_by_margin() -> None:
    block, worth = np.array([1, 2, 3, 4]), np.array([9.0, 5.0, 8.0, 8.0, 1.0])
    chosen = marks(0, 0, 0, 0, 1)
    assert _free(block, worth, chosen, 4).tolist() == [1, 2, 3, 4]
    assert _free(block, worth, chosen, 3).tolist() == [2, 3, 4]
    assert _free(block, worth, chosen, 2).tolist() == [2, 4]
    assert _free(block, worth, chosen, 1).tolist() == [4]


@pytest.mark.parametrize(
    ("rows", "worth", "kept"),
    [
        ([Row((1, 1, 1), upper=3)], (5, 6, 7), (1, 1, 1)),
        ([Row((1, 1, 1), upper=2)], (6, 5, 7), (1, 0, 1)),
        ([Row((1, 1, 1), upper=1)], (5, 5, 5), (0, 0, 1)),
        ([Row((1, 1, 0), upper=1)], (5, 6, 1), (0, 1, 1)),
        ([Row((1, -1, 0), lower=1)], (5, 6, 1), (1, 0, 1)),
        ([Row((2, -3, 0), lower=0)], (5, 6, 1), (1, 0, 1)),
        ([Row((1, 1, 0), lower=3)], (5, 6, 1), (0, 0, 0)),
        ([Row((1, 1, 0), lower=3, elastic=True)], (5, 6, 1), (1, 1, 1)),
        ([Row((2, 2, 1), upper=3), Row((0, 1, 1), upper=1)], (4, 5, 6), (0, 0, 1)),
    ],
)
def test_the_least_worthy_of_what_breaks_a_rule_is_dropped(
    rows: list[Row], worth: tuple[int, ...], kept: tuple[int, ...]
) -> None:
    asked = program((1, 1, 1), *rows)
    given = marks(1, 1, 1)
    found = repair(asked, by_column(asked), given, np.array(worth, dtype=float))
    assert found.astype(int).tolist() == list(kept)
    assert given.all()  # what was given is not touched


PURSE = Row((10, 10, 10), upper=20)
ONE_AND_TWO = [np.array([0]), np.array([1, 2])]


def test_each_body_takes_what_the_relaxation_gave_it() -> None:
    """The second body has ten of the twenty, enough for its better scheme."""
    asked = program((100, 60, 90), PURSE)
    assert fill(asked, priced(50.0, share=(1, 0, 1)), ONE_AND_TWO).tolist() == [True, False, True]
    lent = fill(asked, priced(50.0, share=(0, 1, 1)), ONE_AND_TWO)
    assert lent.tolist() == [False, True, True]
    # a half of each makes room for neither; what the first leaves, the second may take
    spread = fill(asked, priced(50.0, share=(0.5, 0.5, 1)), ONE_AND_TWO)
    assert spread.tolist() == [False, True, True]


def test_a_share_a_hair_above_the_whole_takes_no_room_from_others() -> None:
    asked = program((100, 60, 90), PURSE)
    hair = fill(asked, priced(50.0, share=(1, 0, 1.0000001)), ONE_AND_TWO)
    assert hair.tolist() == [True, False, True]


def test_a_body_takes_whole_schemes_and_no_part_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of 5 fill the purse of 10; with the best a pound, of 6, four fifths of one would fit."""
    asked = program((66, 50, 50), Row((6, 5, 5), upper=10))
    first = fill(asked, priced(0.0, share=(1, 0.8, 0)), [np.arange(3)])
    assert first.tolist() == [False, True, True]
    again = improve(asked, priced(0.0), [np.arange(3)], marks(0, 0, 0))
    assert again.tolist() == [False, True, True]
    monkeypatch.setattr(search, "SHARE_TOGETHER", 1)
    all_at_once = search.together(asked, priced(0.0), marks(0, 0, 0))
    assert all_at_once.tolist() == [False, True, True]


def test_in_a_large_block_what_the_relaxation_chose_stays_free_before_what_it_left() -> None:
    asked = program((100, 60), Row((10, 10), upper=10))
    first = fill(asked, priced(0.0, share=(0, 1)), [np.arange(2)], most=1)
    assert first.tolist() == [False, True]


def test_a_block_is_solved_again_with_all_others_held_still() -> None:
    asked = program((100, 60, 90), PURSE)
    begun = marks(1, 1, 0)
    assert improve(asked, priced(50.0), ONE_AND_TWO, begun).tolist() == [True, False, True]
    assert begun.tolist() == [True, True, False]
    enough = improve(asked, priced(50.0), ONE_AND_TWO, begun, enough=160)
    assert enough.tolist() == [True, True, False]
    more = improve(asked, priced(50.0), ONE_AND_TWO, begun, enough=161)
    assert more.tolist() == [True, False, True]
    best_of_block = improve(asked, priced(50.0), ONE_AND_TWO, begun, most=1)
    assert best_of_block.tolist() == [True, True, False]  # only what is chosen stays free


def test_blocks_in_turn_come_near_the_best_of_all() -> None:
    """Three bodies of three schemes, a purse of their own and one together: every choice tried."""
    lost = filled = most = 0
    for seed in range(30):
        rng = random.Random(seed)
        worth = tuple(rng.randint(10, 99) for _ in range(9))
        costs = tuple(rng.randint(5, 20) for _ in range(9))
        own = [
            Row(tuple(c if n // 3 == body else 0 for n, c in enumerate(costs)), upper=30)
            for body in range(3)
        ]
        rows = [*own, Row(costs, upper=rng.randint(35, 60))]
        asked = program(worth, *rows)
        relaxed = solve(asked, whole=False, gap=1.0)
        blocks = [np.arange(3 * body, 3 * body + 3) for body in range(3)]
        first = fill(asked, relaxed, blocks)
        second = improve(asked, relaxed, blocks, first)
        values = [worth_of(worth, rows, one.astype(int).tolist(), 0) for one in (first, second)]
        truth = best(worth, rows)
        assert 0 <= values[0] <= values[1] <= truth, seed
        filled, lost, most = filled + truth - values[0], lost + truth - values[1], most + truth
    assert filled < 0.06 * most
    assert lost < 0.04 * most
