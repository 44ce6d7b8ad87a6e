"""The engine step by step: exact counts, refused proposals, what is missed, and what is proved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from controltotal.savings.portfolio import engine
from controltotal.savings.portfolio.engine import (
    Stage,
    UnsoundPortfolio,
    _better,
    _closely,
    _drop_useless,
    _exactly,
    _keep_planned,
    _keeps,
    _least_shortfall,
    _lifted,
    _search,
    _short,
    _stage,
    _start_early,
    _value,
    _whole_bound,
    choose,
)
from controltotal.savings.portfolio.matrix import Table, tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.solver import Program, Solved, program_of
from tests.dense_programs import Row, program

YEAR = "2026-27"
Q = frozenset("Q")


def scheme(code: str, pence: int, cost: int = 10) -> Candidate:
    return Candidate(code, "Q", (1,), (Saving("Q", YEAR, (pence,)),), investment=cost)


def purse(pence: int) -> Demand:
    return Demand("investment", "purse", "Q", YEAR, Q, upper=pence, month=1)


def floor(pence: int) -> Demand:
    return Demand("control_total", "total", "Q", YEAR, Q, lower=pence)


def tabled(*given: Candidate | Demand) -> Table:
    candidates = tuple(one for one in given if isinstance(one, Candidate))
    return tabulate(Problem(candidates, tuple(one for one in given if isinstance(one, Demand))))


EITHER = tabled(scheme("A", 1_000), scheme("B", 1_200), purse(10))
"""Either of two: B is worth more, and both cost too much."""


def saving(table: Table, **more: int) -> Program:
    return program_of(table, table.objective("saving"), **more)


def solved(*share: float, bound: float, status: str = "optimal") -> Solved:
    none = np.zeros(0)
    return Solved(status, np.array(share), 0.0, bound, none, none)


def proposing(
    monkeypatch: pytest.MonkeyPatch, *answers: Solved
) -> list[tuple[int, np.ndarray | None]]:
    """The solver answers so, one after the other (the last again and again).

    The list fills with how many proposals each call was told to avoid, and its start.
    """
    asked: list[tuple[int, np.ndarray | None]] = []

    def answer(
        program: Program,
        *,
        whole: bool,
        gap: float = 0.0,
        nodes: int = 0,
        start: np.ndarray | None = None,
        cuts: Sequence[np.ndarray] = (),
    ) -> Solved:
        asked.append((len(cuts), start))
        return answers[min(len(asked), len(answers)) - 1]

    monkeypatch.setattr(engine, "solve", answer)
    return asked


@pytest.mark.parametrize(
    ("value", "bound", "gap"), [(90, 100, 0.1), (-110, -100, 10 / 110), (0, 0, 0.0), (0, 1, 1.0)]
)
def test_the_gap_of_an_objective_is_a_share_of_the_larger_end(
    value: int, bound: int, gap: float
) -> None:
    assert Stage("saving", value, bound, "bounded", "").gap == pytest.approx(gap)


def test_a_bound_has_room_for_the_rounding_of_a_solver_and_is_never_below() -> None:
    assert _whole_bound(12.0) == 12
    assert _whole_bound(11.995) == 12
    assert _whole_bound(11.98) == 11
    assert _whole_bound(-11.995) == -12
    assert _whole_bound(1e12) == 10**12 + 100


def test_what_is_missed_is_counted_over_all_floors() -> None:
    table = tabled(scheme("A", 100), scheme("B", 60), floor(150), purse(10))
    alone, both = table.chosen({"A": 0}), table.chosen({"A": 0, "B": 0})
    assert (_short(table, alone), _short(table, both)) == (50, 0)
    assert _value(table, saving(table, penalty=3), alone) == 100 - 150
    assert _value(table, saving(table), alone) == 100


def test_a_rule_is_kept_to_the_penny_and_a_floor_as_far_as_may_be_missed() -> None:
    table = tabled(scheme("A", 100), scheme("B", 60), floor(150), purse(10))
    alone, both = table.chosen({"A": 0}), table.chosen({"A": 0, "B": 0})
    assert not _keeps(table, saving(table, penalty=1), both)  # the purse holds ten
    assert _keeps(table, saving(table, penalty=1), alone)
    assert _keeps(table, saving(table, shortfall_most=50), alone)
    assert not _keeps(table, saving(table, shortfall_most=49), alone)
    assert not _keeps(table, saving(table), alone)


def test_the_better_of_two_keeps_the_rules_before_it_is_worth_more() -> None:
    a, b, both = (EITHER.chosen(one) for one in ({"A": 0}, {"B": 0}, {"A": 0, "B": 0}))
    asked = saving(EITHER)
    assert _better(EITHER, asked, a, b) is b
    assert _better(EITHER, asked, b, a) is b
    assert _better(EITHER, asked, a, both) is a
    assert _better(EITHER, asked, both, a) is a
    assert _better(EITHER, asked, a, a.copy()) is a


def test_a_search_aims_a_little_above_floors_alone() -> None:
    asked = program(
        (1,), Row((1,), lower=2_000, elastic=True), Row((1,), lower=-2_000, elastic=True)
    )
    firm = program((1,), Row((1,), lower=2_000))
    assert _lifted(asked).lower.tolist() == [2_030, -1_970]
    assert _lifted(firm).lower.tolist() == [2_000]


# -- to the penny -----------------------------------------------------------------------------------


def test_a_proposal_that_breaks_a_rule_is_cut_off_and_the_next_one_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = EITHER.chosen({"A": 0})
    asked = proposing(monkeypatch, solved(1, 1, bound=2_200), solved(0, 1, bound=1_200))
    found = _exactly(EITHER, saving(EITHER), start)
    assert found is not None
    assert EITHER.choice(found.chosen) == {"B": 0}
    assert (found.value, found.bound, found.status) == (1_200, 1_200, "optimal")
    assert [cuts for cuts, _ in asked] == [0, 1]
    assert asked[0][1] is start and asked[1][1] is None


def test_after_some_refusals_the_other_road_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = proposing(monkeypatch, solved(1, 1, bound=2_200))
    assert _exactly(EITHER, saving(EITHER)) is None
    assert [cuts for cuts, _ in asked] == list(range(engine.REFUSALS))
    monkeypatch.setattr(engine, "SMALL_COLUMNS", 1)
    asked.clear()
    assert _exactly(EITHER, saving(EITHER)) is None
    assert [cuts for cuts, _ in asked] == [0, 1]


@pytest.mark.parametrize(
    ("bound", "solver", "status"),
    [
        (1_200.0, "optimal", "optimal"),
        (1_201.0, "optimal", "optimal"),
        (1_202.5, "optimal", "bounded"),
        (1_200.0, "bounded", "bounded"),
    ],
)
def test_the_best_is_proved_where_the_bound_is_within_a_penny(
    bound: float, solver: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposing(monkeypatch, solved(0, 1, bound=bound, status=solver))
    found = _exactly(EITHER, saving(EITHER))
    assert found is not None and (found.status, found.bound) == (status, math.floor(bound))


def test_a_solver_without_a_bound_is_asked_for_that_of_the_relaxation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposing(monkeypatch, solved(0, 1, bound=math.inf), solved(0, 1, bound=1_300.0))
    found = _exactly(EITHER, saving(EITHER))
    assert found is not None and (found.bound, found.status) == (1_300, "bounded")


# -- the road for large problems --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "proposed", "taken"),
    [
        ("A", (0, 1), "B"),
        ("B", (1, 0), "B"),  # worth less
        ("A", (1, 1), "A"),  # breaks the purse
    ],
)
def test_of_the_whole_problem_only_what_is_better_and_keeps_the_rules_is_taken(
    start: str, proposed: tuple[int, int], taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = EITHER.chosen({start: 0})
    monkeypatch.setattr(engine, "_search", lambda *given, **asked: begun)
    proposing(monkeypatch, solved(*proposed, bound=1_200.0))
    relaxed = solved(0.5, 0.5, bound=9_999.0)
    found = _closely(EITHER, saving(EITHER), begun, 0, 0.01, relaxed)
    assert EITHER.choice(found.chosen) == {taken: 0}
    assert found.value == {"A": 1_000, "B": 1_200}[taken]
    assert (found.bound, found.method) == (1_200, "whole problem")


@pytest.mark.parametrize(
    ("bound", "status"),
    [(1_200, "optimal"), (1_212, "within_gap"), (1_213, "bounded"), (1_100, "optimal")],
)
def test_what_is_proved_says_how_near_the_best_is(
    bound: int, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = EITHER.chosen({"B": 0})
    monkeypatch.setattr(engine, "_search", lambda *given, **asked: begun)
    proposing(monkeypatch, solved(0, 1, bound=float(bound)))
    found = _closely(EITHER, saving(EITHER), begun, 0, 0.01, solved(0.5, 0.5, bound=9_999.0))
    assert (found.status, found.bound) == (status, max(1_200, bound))


def test_a_relaxation_that_nothing_keeps_after_something_did_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proposing(monkeypatch, solved(0, 0, bound=0.0, status="infeasible"))
    with pytest.raises(UnsoundPortfolio):
        _closely(EITHER, saving(EITHER), EITHER.chosen({}), 0, 0.01, None)


def test_an_objective_that_was_settled_before_is_not_sought_again() -> None:
    worth, start = EITHER.objective("saving"), EITHER.chosen({"B": 0})
    found = _stage(EITHER, worth, 0, ((worth, 1_200),), start, True, 0.01)
    assert (found.value, found.bound, found.status) == (1_200, 1_200, "optimal")
    assert found.method == "settled by an earlier objective" and found.chosen is start
    with pytest.raises(UnsoundPortfolio):
        _stage(EITHER, worth, 0, (), None, False, 0.01)


# -- what is missed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("asked", "short", "proved"),
    [
        (100, 0, 0),
        (300, 100, 100),  # both together are 200
        (150, 0, 0),
    ],
)
def test_the_least_that_is_missed_and_what_must_be(
    asked: int, short: int, proved: int, exact: bool
) -> None:
    table = tabled(scheme("A", 100), scheme("B", 100), floor(asked), purse(20))
    first = table.objective("saving")
    least, bound, chosen, _ = _least_shortfall(table, first, exact, 0.01)
    assert least == short
    assert bound in ({proved} if exact else {proved, proved - 1})
    assert _short(table, chosen) == short


def test_whole_schemes_may_miss_what_parts_of_them_would_meet() -> None:
    """Half of a scheme would bring the 120; of whole ones the purse holds one, which misses 20."""
    table = tabled(scheme("A", 100), scheme("B", 100), floor(120), purse(15))
    first = table.objective("saving")
    assert _least_shortfall(table, first, True, 0.01)[:2] == (20, 20)
    least, bound, _, relaxed = _least_shortfall(table, first, False, 0.01)
    assert (least, bound, relaxed) == (20, 0, None)


def test_without_a_floor_nothing_is_missed_and_with_one_that_is_met_the_relaxation_is_known() -> (
    None
):
    first = EITHER.objective("saving")
    least, bound, chosen, relaxed = _least_shortfall(EITHER, first, False, 0.01)
    assert (least, bound, chosen.any(), relaxed) == (0, 0, False, None)
    table = tabled(scheme("A", 100), floor(100))
    *_, hard = _least_shortfall(table, table.objective("saving"), False, 0.01)
    assert hard is not None and hard.bound == pytest.approx(100)


def test_objectives_are_some_of_those_known() -> None:
    for names in ((), ("profit",), ("saving", "profit")):
        with pytest.raises(ValueError, match="objectives"):
            choose(EITHER.problem, names)


# -- what is tidied afterwards ----------------------------------------------------------------------


def worth(*pence: int) -> tuple[np.ndarray, int]:
    """An objective by column, reached in full."""
    return np.array(pence, dtype=np.int64), sum(pence)


def test_a_scheme_that_adds_to_nothing_is_left_out_unless_it_is_in_the_plan() -> None:
    table = tabled(scheme("A", 5), scheme("B", 0), replace(scheme("C", 0), in_plan=True))
    all_three = table.chosen({"A": 0, "B": 0, "C": 0})
    found = _drop_useless(table, all_three, [worth(5, 0, 0)], 0)
    assert table.choice(found) == {"A": 0, "C": 0}
    assert all_three.all()
    both = _drop_useless(table, all_three, [worth(5, 0, 0), worth(0, 1, 0)], 0)
    assert table.choice(both) == {"A": 0, "B": 0, "C": 0}
    cost = _drop_useless(table, all_three, [worth(5, -1, -1)], 0)
    assert table.choice(cost) == {"A": 0, "C": 0}


def test_a_scheme_that_another_needs_is_not_left_out() -> None:
    table = tabulate(Problem((scheme("A", 5), scheme("B", 0)), (), frozenset(), {"A": ("B",)}))
    found = _drop_useless(table, table.chosen({"A": 0, "B": 0}), [worth(5, 0)], 0)
    assert table.choice(found) == {"A": 0, "B": 0}


@pytest.mark.parametrize(
    ("pence", "room", "chosen"),
    [
        ((0, 0), 20, {"A": 0, "B": 0}),
        ((-1, 0), 20, {"A": 0, "B": 1}),  # the first start costs, the second does not
        ((-1, -1), 20, {"A": 0}),
        ((0, 0), 19, {"A": 0}),  # there is no money for it
    ],
)
def test_a_scheme_of_the_plan_stays_where_it_costs_nothing_at_its_earliest_start(
    pence: tuple[int, int], room: int, chosen: dict[str, int]
) -> None:
    planned = Candidate("B", "Q", (1, 2), (), investment=10, in_plan=True)
    table = tabled(scheme("A", 5), planned, purse(room))
    found = _keep_planned(table, table.chosen({"A": 0}), [worth(5, *pence)], 0)
    assert table.choice(found) == chosen
    unplanned = tabled(scheme("A", 5), replace(planned, in_plan=False), purse(room))
    left = _keep_planned(unplanned, unplanned.chosen({"A": 0}), [worth(5, *pence)], 0)
    assert unplanned.choice(left) == {"A": 0}


@pytest.mark.parametrize(
    ("objectives", "start"),
    [
        ([(7, 7, 7)], 0),
        ([(5, 7, 7)], 1),
        ([(5, 6, 7)], 2),
        ([(5, 7, 7), (7, 5, 7)], 2),  # each earlier start costs one of the two
        ([(9, 9, 7)], 0),
    ],
)
def test_a_scheme_comes_forward_to_the_first_start_that_costs_nothing(
    objectives: list[tuple[int, ...]], start: int
) -> None:
    table = tabled(Candidate("A", "Q", (1, 2, 3), (Saving("Q", YEAR, (1, 1, 1)),)))
    kept = [(np.array(one, dtype=np.int64), one[2]) for one in objectives]
    found = _start_early(table, table.chosen({"A": 2}), kept, 0)
    assert table.choice(found) == {"A": start}


def test_no_scheme_comes_forward_past_a_rule_or_at_the_price_of_a_floor() -> None:
    starts, even = (1, 7, 8), (Saving("Q", YEAR, (5, 5, 5)),)
    team = Demand("capacity_wte", "team", "Q", YEAR, Q, upper=0, month=1)
    busy = tabled(Candidate("A", "Q", starts, even, wte_thousandths=1_000), team)
    kept = [(np.array([5, 5, 5], dtype=np.int64), 5)]
    assert busy.choice(_start_early(busy, busy.chosen({"A": 2}), kept, 0)) == {"A": 1}
    falling = tabled(Candidate("A", "Q", starts, (Saving("Q", YEAR, (3, 4, 5)),)), floor(5))
    for least, start in ((0, 2), (1, 1), (2, 0)):
        found = _start_early(falling, falling.chosen({"A": 2}), kept, least)
        assert falling.choice(found) == {"A": start}


def test_a_portfolio_that_is_near_enough_is_not_searched_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, asked = EITHER.chosen({"B": 0}), saving(EITHER)

    def nobody(*given: object, **more: object) -> None:
        raise AssertionError("a search was begun")

    monkeypatch.setattr(engine, "fill", nobody)
    near = solved(0, 1, bound=1_205.0)
    assert _search(EITHER, asked, near, begun, 0.01) is begun
    with pytest.raises(AssertionError, match="begun"):
        _search(EITHER, asked, solved(0, 1, bound=1_300.0), begun, 0.01)
