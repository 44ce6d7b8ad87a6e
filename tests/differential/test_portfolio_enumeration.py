"""The portfolio engine against plain enumeration: 500 made-up problems, equal to the penny."""

from __future__ import annotations

import importlib.util
import random
from dataclasses import replace
from pathlib import Path

import pytest

from controltotal.savings.portfolio import engine
from controltotal.savings.portfolio.decompose import blocks_of, tighten
from controltotal.savings.portfolio.matrix import tabulate
from controltotal.savings.portfolio.plain import enumerate_best
from controltotal.savings.portfolio.problem import Problem, count, objective_of, worth
from controltotal.savings.portfolio.solver import program_of, solve

_spec = importlib.util.spec_from_file_location(
    "portfolio_cases", Path(__file__).with_name("portfolio_cases.py")
)
assert _spec is not None and _spec.loader is not None
_cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_cases)
small_problem = _cases.small_problem

ORDERS = (
    ("saving",),
    ("recurrent_saving", "saving"),
    ("least_harm", "saving"),
    ("fewest_schemes", "recurrent_saving"),
    ("saving", "earliest_balance", "least_harm"),
    ("recurrent_saving", "saving", "fewest_schemes"),
)
INSTANCES = 500
BATCH = 50


@pytest.mark.parametrize("first", range(0, INSTANCES, BATCH))
def test_equals_plain_enumeration(first: int) -> None:
    for seed in range(first, first + BATCH):
        problem, objectives = small_problem(seed), ORDERS[seed % len(ORDERS)]
        best = enumerate_best(problem, objectives)
        chosen = engine.choose(problem, objectives)
        assert chosen.shortfall == best.shortfall, seed
        assert chosen.shortfall_bound <= best.shortfall, seed
        assert tuple(stage.value for stage in chosen.stages) == best.values, seed
        assert all(stage.bound >= stage.value for stage in chosen.stages), seed
        assert chosen.saving_bound >= best.most_saving, seed
        counted = count(problem, chosen.choice)
        assert not counted.broken and counted.shortfall == best.shortfall, seed
        for stage in chosen.stages:
            assert worth(problem, chosen.choice, stage.objective) == stage.value, seed


def test_the_instances_are_awkward() -> None:
    """Among the 500 some have sixteen schemes, some cannot meet their totals, some leave out."""
    problems = [small_problem(seed) for seed in range(INSTANCES)]
    assert max(len(p.candidates) for p in problems) == 16
    kinds = {demand.kind for p in problems for demand in p.demands}
    assert len(kinds) == 9
    short = [enumerate_best(p, ("saving",)).shortfall for p in problems[:100]]
    assert 20 < sum(s > 0 for s in short) < 90


def test_a_wrong_engine_would_be_found() -> None:
    """The comparison can fail: an engine that overlooks a scheme worth choosing is caught."""
    caught = 0
    for seed in range(30):
        problem = small_problem(seed)
        best = enumerate_best(problem, ("saving",))
        kept = dict(engine.choose(problem, ("saving",)).choice)
        others = tuple(c for c in problem.candidates if c.code not in list(kept)[:1])
        fewer = Problem(others, problem.demands, problem.excludes, problem.requires)
        worse = engine.choose(fewer, ("saving",))
        caught += (worse.shortfall, worse.stages[0].value) != (best.shortfall, best.values[0])
    assert caught > 15


def test_the_order_of_what_is_given_plays_no_part() -> None:
    for seed in range(20):
        problem = small_problem(seed)
        shuffled = list(problem.candidates)
        demands = list(problem.demands)
        random.Random(seed).shuffle(shuffled)
        random.Random(seed).shuffle(demands)
        again = Problem(tuple(shuffled), tuple(demands), problem.excludes, problem.requires)
        first, second = engine.choose(problem), engine.choose(again)
        assert first.choice == second.choice
        assert first.stages == second.stages


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_search_and_decomposition_bound_the_truth(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The road for large problems, taken by small ones: its bounds hold and its choices keep rules."""
    monkeypatch.setattr(engine, "EXACT_COLUMNS", 0)
    monkeypatch.setattr(engine, "WHOLE_COLUMNS", 0)
    for seed in range(first, first + 20):
        problem = small_problem(seed)
        best = enumerate_best(problem, ("saving",))
        chosen = engine.choose(problem, ("saving",))
        assert not count(problem, chosen.choice).broken, seed
        assert chosen.shortfall >= best.shortfall >= chosen.shortfall_bound, seed
        if chosen.shortfall == best.shortfall:
            assert chosen.stages[0].value <= best.values[0] <= chosen.stages[0].bound, seed
            assert chosen.saving_bound >= best.most_saving, seed


@pytest.mark.parametrize(
    ("columns", "slack", "proved", "methods"),
    [
        (0, 0.415, 19, {"relaxation and search", "decomposition by organisation"}),
        (engine.WHOLE_COLUMNS, 1e-6, 56, {"whole problem"}),
    ],
)
def test_on_small_problems_the_road_for_large_ones_misses_nothing(
    columns: int,
    slack: float,
    proved: int,
    methods: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its proof is looser and says so: above the best by `slack` in all, and to the penny in some."""
    monkeypatch.setattr(engine, "EXACT_COLUMNS", 0)
    monkeypatch.setattr(engine, "WHOLE_COLUMNS", columns)
    found, above, saved, exact = set(), 0, 0, 0
    for seed in range(60):
        problem = small_problem(seed)
        best = enumerate_best(problem, ("saving",))
        chosen = engine.choose(problem, ("saving",))
        (stage,) = chosen.stages
        assert (chosen.shortfall, stage.value) == (best.shortfall, best.values[0]), seed
        apart = stage.bound - stage.value
        assert (stage.status == "optimal") is (apart == 0), seed
        exact += apart == 0
        assert (stage.status == "within_gap") is (0 < apart <= 0.01 * max(1, stage.bound)), seed
        found.add(stage.method)
        above, saved = above + apart, saved + stage.value
    assert found == methods
    assert above <= slack * saved and exact >= proved


def test_no_start_can_be_brought_forward_and_nothing_is_chosen_or_left_for_nothing() -> None:
    """Every other scheme stands in the plan; what each rule says is tried one by one."""
    moved = left = 0
    for seed in range(60):
        drawn, objectives = small_problem(seed), ORDERS[seed % len(ORDERS)]
        candidates = [replace(c, in_plan=n % 2 == 0) for n, c in enumerate(drawn.candidates)]
        problem = Problem(tuple(candidates), drawn.demands, drawn.excludes, drawn.requires)
        chosen = engine.choose(problem, objectives)
        choice = dict(chosen.choice)
        before = [worth(problem, choice, name) for name in objectives]

        def as_good(other: dict[str, int], problem: Problem = problem) -> bool:
            counted = count(problem, other)
            return (
                not counted.broken
                and counted.shortfall <= chosen.shortfall  # noqa: B023
                and all(
                    worth(problem, other, name) >= value
                    for name, value in zip(objectives, before, strict=True)  # noqa: B023
                )
            )

        for one in problem.candidates:
            adds = [objective_of(one, name) for name in objectives]
            if one.code in choice:
                start = choice[one.code]
                for earlier in range(start):
                    moved += 1
                    if all(a[earlier] >= a[start] for a in adds):
                        assert not as_good({**choice, one.code: earlier}), (seed, one.code)
                if not one.in_plan and all(a[start] <= 0 for a in adds):
                    left += 1
                    without = {code: at for code, at in choice.items() if code != one.code}
                    assert not as_good(without), (seed, one.code)
            elif one.in_plan:
                for start in range(len(one.starts)):
                    left += 1
                    assert not as_good({**choice, one.code: start}), (seed, one.code)
    assert moved > 10 and left > 10


def test_prices_by_block_bound_the_truth() -> None:
    """The bound of Lagrange over bodies is never below the best whole portfolio."""
    tried = 0
    for seed in range(120):
        problem = small_problem(seed)
        soft = Problem(
            problem.candidates,
            tuple(d for d in problem.demands if not d.elastic),
            problem.excludes,
            {},
        )
        table = tabulate(soft)
        bodies = sorted({c.organisation for c in soft.candidates})
        if len(bodies) < 2:
            continue
        owner = [bodies.index(c.organisation) for c in soft.candidates]
        blocks = [
            [c for c in range(table.columns) if owner[table.scheme[c]] == b]
            for b in range(len(bodies))
        ]
        import numpy as np

        program = program_of(table, table.objective("saving"))
        relaxed = solve(program, whole=False, gap=1.0)
        nothing = np.zeros(table.columns, dtype=np.bool_)
        found = tighten(
            program, relaxed, [np.array(b, dtype=np.int64) for b in blocks], nothing, gap=0.0
        )
        best = enumerate_best(soft, ("saving",)).values[0]
        assert found.bound >= best - 1, seed
        assert not count(soft, table.choice(found.chosen)).broken, seed
        tried += 1
    assert tried > 40


def test_blocks_part_the_columns() -> None:
    for seed in range(10):
        table = tabulate(small_problem(seed))
        columns = [c for block in blocks_of(table) for c in block]
        assert sorted(columns) == list(range(table.columns))
