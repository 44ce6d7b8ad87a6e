"""The search for a large portfolio, by cases in which one body stands in another's way."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.savings.portfolio import engine, search
from controltotal.savings.portfolio.decompose import blocks_of
from controltotal.savings.portfolio.matrix import Table, tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.solver import Program, Solved, program_of, solve

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
