"""The portfolio engine: the best safe choice, objective after objective, with what is proved.

Control totals and saving floors come first: if they can all be met they are rules; if not, what
is missing over all of them is made as small as it can be, and that shortfall is the answer to
"can it be done safely?". Then each objective in its stated order, earlier ones held. A small
problem is solved to the penny; a large one by relaxation, search and decomposition to within the
gap asked for, and the bound that was proved is always told. Every portfolio is counted again in
whole numbers before it leaves this file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controltotal.core.progress import stop_if_cancelled
from controltotal.savings.portfolio.decompose import blocks_of, tighten
from controltotal.savings.portfolio.matrix import Table, tabulate
from controltotal.savings.portfolio.problem import OBJECTIVES, Choice, Count, Problem, count
from controltotal.savings.portfolio.search import breaks, by_column, fill, improve, together
from controltotal.savings.portfolio.solver import Program, Solved, program_of, row_sums, solve

EXACT_COLUMNS: Final = 1_500
"""Choices of scheme and month up to which the answer is sought to the penny."""
WHOLE_COLUMNS: Final = 3_000
"""Choices up to which the whole problem is searched after the blocks."""
SMALL_COLUMNS: Final = 400
"""Choices up to which an exact search may take its time."""
NODES_WHOLE: Final = 50
PENALTY: Final = 20
"""Pence that the search pays for each penny of shortfall: more than any saving can outweigh."""
PASSES: Final = 3
"""Most passes of improvement over all blocks."""
LIFT_PER_MILLE: Final = 15
"""How much higher than asked the search aims where whole schemes missed a control total."""
REFUSALS: Final = 12
"""Proposals that the exact count may refuse on a small problem (2 on others)."""


def branches(columns: int) -> int:
    """Branches after which an exact search stops and tells the bound that it has proved.

    >>> branches(100), branches(1000)
    (5000, 50)
    """
    return 5_000 if columns <= SMALL_COLUMNS else NODES_WHOLE


class UnsoundPortfolio(RuntimeError):
    """What a solver proposed does not hold when it is counted again in whole numbers."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One objective: the value reached, the bound proved, and how.

    `status` is optimal (nothing better exists), within_gap (bound and value are that close) or
    bounded (the effort ended first; the bound still holds).
    """

    objective: str
    value: int
    bound: int
    status: str
    method: str

    @property
    def gap(self) -> float:
        """How far the value may be from the best, as a share of the bound."""
        return abs(self.bound - self.value) / max(1, abs(self.bound), abs(self.value))


@dataclass(frozen=True)
class Chosen:
    """A portfolio with its certificate.

    `shortfall_bound`: no safe portfolio misses less; `saving_bound`: no safe portfolio that
    misses no more saves more in the year. `counted` is the exact count.
    """

    problem: Problem
    choice: Choice
    counted: Count
    stages: tuple[Stage, ...]
    shortfall: int
    shortfall_bound: int
    saving_bound: int
    relaxed: Solved
    table: Table


@dataclass(frozen=True)
class _Found:
    """A portfolio as columns with its value and a proved bound, in whole pence."""

    chosen: NDArray[np.bool_]
    value: int
    bound: int
    status: str
    method: str


def choose(problem: Problem, objectives: Sequence[str] = ("saving",), gap: float = 0.01) -> Chosen:
    """The best portfolio, objectives in the stated order; `gap` is what a large one may leave.

    >>> from controltotal.savings.portfolio.problem import Candidate, Demand, Saving
    >>> def make(code, pence):
    ...     return Candidate(code, "Q", (1,), (Saving("Q", "2026-27", (pence,)),), investment=10)
    >>> purse = Demand("investment", "purse", "Q", "2026-27", frozenset("Q"), upper=10, month=1)
    >>> found = choose(Problem((make("A", 5), make("B", 7)), (purse,)))
    >>> dict(found.choice), found.saving_bound
    ({'B': 0}, 7)
    """
    if not objectives or not set(objectives) <= set(OBJECTIVES):
        raise ValueError(f"objectives are some of {', '.join(OBJECTIVES)}: {objectives}")
    table = tabulate(problem)
    exact = table.columns <= EXACT_COLUMNS
    first = table.objective(objectives[0])
    least, least_bound, start, relaxed = _least_shortfall(table, first, exact, gap)
    stages: list[Stage] = []
    kept: list[tuple[NDArray[np.int64], int]] = []
    chosen = start
    for name in objectives:
        worth = table.objective(name)
        known = relaxed if not kept else None
        found = _stage(table, worth, least, tuple(kept), chosen, exact, gap, known)
        chosen = found.chosen
        stages.append(Stage(name, found.value, found.bound, found.status, found.method))
        kept.append((worth, found.value))
    if chosen is None:
        raise UnsoundPortfolio("no portfolio was found, not even the empty one")
    chosen = _drop_useless(table, chosen, kept, least)
    chosen = _keep_planned(table, chosen, kept, least)
    chosen = _start_early(table, chosen, kept, least)
    saving = table.objective("saving")
    bound = _saving_bound(table, saving, least, stages, exact, gap, chosen)
    choice = table.choice(chosen)
    counted = count(problem, choice)
    if counted.broken:
        raise UnsoundPortfolio(f"the portfolio breaks {counted.broken}")
    if counted.shortfall > least:
        raise UnsoundPortfolio("more is missing than was found before")
    least = counted.shortfall  # a later search may have found a portfolio that misses less
    if relaxed is None:
        relaxed = solve(program_of(table, first, shortfall_most=least), whole=False, gap=1.0)
    return Chosen(
        problem, choice, counted, tuple(stages), least, least_bound, bound, relaxed, table
    )


def _least_shortfall(
    table: Table, first: NDArray[np.int64], exact: bool, gap: float
) -> tuple[int, int, NDArray[np.bool_], Solved | None]:
    """The least shortfall over all control totals and floors, its bound, and a portfolio.

    With them, where all can be met, the relaxed problem of the first objective.
    """
    nothing = np.zeros(table.columns, dtype=np.bool_)
    if not table.elastic.any():
        return 0, 0, nothing, None
    missing = program_of(table, np.zeros(table.columns, dtype=np.int64), penalty=1)
    if exact:
        found = _exactly(table, missing)
        if found is not None:
            return -found.value, max(0, -found.bound), found.chosen, None
    program = program_of(table, first, penalty=PENALTY)
    hard = solve(program_of(table, first), whole=False, gap=1.0)
    relaxed = hard if hard.status != "infeasible" else solve(program, whole=False, gap=1.0)
    chosen = _search(table, program, relaxed, nothing, gap)
    if _short(table, chosen) and hard.status != "infeasible":
        aim = solve(_lifted(program), whole=False, gap=1.0)
        chosen = _better(table, program, chosen, _search(table, program, aim, nothing, gap))
    short = _short(table, chosen)
    if not short:
        return 0, 0, chosen, hard
    if hard.status != "infeasible":
        return short, 0, chosen, None
    loose = solve(missing, whole=False, gap=1.0)
    return short, max(0, math.floor(-loose.bound * (1 - 1e-9))), chosen, None


def _lifted(program: Program) -> Program:
    """The same with control totals and floors a little higher, to leave room for whole schemes."""
    aim = program.lower + np.abs(program.lower) * LIFT_PER_MILLE // 1000
    return replace(program, lower=np.where(program.elastic, aim, program.lower))


def _stage(
    table: Table,
    worth: NDArray[np.int64],
    least: int,
    kept: tuple[tuple[NDArray[np.int64], int], ...],
    start: NDArray[np.bool_] | None,
    exact: bool,
    gap: float,
    relaxed: Solved | None = None,
) -> _Found:
    """The best of one objective, with the shortfall and the earlier objectives held."""
    for earlier, value in kept:
        if np.array_equal(earlier, worth) and start is not None:
            return _Found(start, value, value, "optimal", "settled by an earlier objective")
    most = least if least else None
    program = program_of(table, worth, shortfall_most=most, kept=kept)
    if exact:
        found = _exactly(table, program, start)
        if found is not None:
            return found
    if start is None:
        raise UnsoundPortfolio("a search needs a portfolio to start from")
    return _closely(table, program, start, least, gap, relaxed)


def _exactly(
    table: Table, program: Program, start: NDArray[np.bool_] | None = None
) -> _Found | None:
    """Solve to the penny; None where that cannot be done.

    A proposal that whole numbers refuse is cut off and the next one tried, a few times: on larger
    sums the decimals of a solver cannot tell pennies apart, and then the other road is taken.
    """
    cuts: tuple[NDArray[np.bool_], ...] = ()
    tries = REFUSALS if table.columns <= SMALL_COLUMNS else 2
    for _ in range(tries):
        given = start if not cuts else None
        nodes = branches(table.columns)
        found = solve(program, whole=True, nodes=nodes, start=given, cuts=cuts)
        if not np.isfinite(found.value):
            return None
        chosen = found.share > 0.5
        if _keeps(table, program, chosen):
            value = _value(table, program, chosen)
            proved = found.bound
            if not math.isfinite(proved):
                proved = solve(program, whole=False, gap=1.0).bound
            bound = max(value, _whole_bound(proved))
            done = found.status == "optimal" and bound - value <= max(1, abs(bound) // 10**9)
            return _Found(chosen, value, bound, "optimal" if done else "bounded", "whole problem")
        cuts = (*cuts, chosen)
    return None


def _value(table: Table, program: Program, chosen: NDArray[np.bool_]) -> int:
    """The exact value of a portfolio under a program, any penalty for shortfall taken off."""
    gained = int(program.objective[chosen].sum())
    return gained - (program.penalty or 0) * _short(table, chosen)


def _short(table: Table, chosen: NDArray[np.bool_]) -> int:
    """What a portfolio misses over all control totals and floors."""
    missed = np.where(table.elastic, table.lower - table.sums(chosen), 0)
    return int(np.maximum(0, missed).sum())


def _keeps(table: Table, program: Program, chosen: NDArray[np.bool_]) -> bool:
    """Whether a portfolio keeps every rule of a program, counted in whole numbers."""
    if breaks(program, row_sums(program, chosen)).any():
        return False
    if program.penalty is not None:
        return True
    return _short(table, chosen) <= (program.shortfall_most or 0)


def _whole_bound(bound: float) -> int:
    """A bound in whole pence that is never below the true one: room for the solver's rounding."""
    return math.floor(bound + max(0.01, abs(bound) * 1e-10))


def _closely(
    table: Table,
    program: Program,
    start: NDArray[np.bool_],
    least: int,
    gap: float,
    relaxed: Solved | None,
) -> _Found:
    """A portfolio within the gap of a proved bound, by search and decomposition."""
    searched = relaxed is not None  # `start` is then what the search from that relaxation found
    relaxed = relaxed or solve(program, whole=False, gap=1.0)
    if relaxed.status == "infeasible":
        raise UnsoundPortfolio("a portfolio that was found before is no longer there")
    chosen = _search(table, program, relaxed, start, gap, searched=searched)
    value, bound, method = _value(table, program, chosen), relaxed.bound, "relaxation and search"
    large = table.columns > WHOLE_COLUMNS and not least
    if bound - value > gap * abs(bound) and large:
        chosen = _better(table, program, chosen, together(program, relaxed, chosen))
        value = _value(table, program, chosen)
    if bound - value > gap * abs(bound) and large:
        tightened = tighten(program, relaxed, blocks_of(table), chosen, gap=gap)
        bound, method = min(bound, tightened.bound), "decomposition by organisation"
        if _keeps(table, program, tightened.chosen):
            chosen, value = tightened.chosen, _value(table, program, tightened.chosen)
    if table.columns <= WHOLE_COLUMNS:
        small = table.columns <= EXACT_COLUMNS
        found = solve(
            program,
            whole=True,
            gap=0.0 if small else gap / 20,
            nodes=branches(table.columns),
            start=chosen,
        )
        bound, method = min(bound, found.bound), "whole problem"
        proposed = found.share > 0.5
        if _keeps(table, program, proposed) and _value(table, program, proposed) > value:
            chosen, value = proposed, _value(table, program, proposed)
    whole = max(value, _whole_bound(bound + abs(bound) * 1e-9))
    near = whole - value <= gap * max(1, abs(whole))
    status = "optimal" if whole == value else "within_gap" if near else "bounded"
    return _Found(chosen, value, whole, status, method)


def _search(
    table: Table,
    program: Program,
    relaxed: Solved,
    start: NDArray[np.bool_],
    gap: float,
    *,
    searched: bool = False,
) -> NDArray[np.bool_]:
    """The best of a filled and an improved portfolio; never one that breaks a rule.

    Where `start` is what this search found already, it is improved once more and not sought again.
    """
    blocks = blocks_of(table)
    soft = (
        program
        if program.penalty is not None
        else replace(program, penalty=PENALTY, shortfall_most=None)
    )
    enough = relaxed.bound - gap * abs(relaxed.bound)
    best = start
    if _keeps(table, program, start) and _value(table, program, start) >= enough:
        return start
    begun = start if searched else fill(soft, relaxed, blocks)
    for _ in range(0 if searched else PASSES):
        before = _value(table, soft, begun)
        begun = improve(soft, relaxed, blocks, begun, enough=enough)
        best = _better(table, program, best, begun)
        after = _value(table, soft, begun)
        if _value(table, program, best) >= enough or after <= before:
            break
    if start.any() and best is start:
        best = _better(table, program, best, improve(soft, relaxed, blocks, start, enough=enough))
    return best


def _better(
    table: Table, program: Program, best: NDArray[np.bool_], tried: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The better of two portfolios; one that breaks a rule is never taken."""
    if not _keeps(table, program, tried):
        return best
    if not _keeps(table, program, best):
        return tried
    return tried if _value(table, program, tried) > _value(table, program, best) else best


def _drop_useless(
    table: Table,
    chosen: NDArray[np.bool_],
    kept: Sequence[tuple[NDArray[np.int64], int]],
    least: int,
) -> NDArray[np.bool_]:
    """Leave out schemes that add nothing to any objective and that no rule needs."""
    chosen = chosen.copy()
    program = program_of(table, kept[0][0], shortfall_most=least)
    for column in np.flatnonzero(chosen):
        stop_if_cancelled()
        if any(int(worth[column]) > 0 for worth, _ in kept):
            continue
        if table.problem.candidates[table.scheme[column]].in_plan:
            continue
        without = chosen.copy()
        without[column] = False
        same = all(int(worth[without].sum()) >= value for worth, value in kept)
        if same and _keeps(table, program, without):
            chosen = without
    return chosen


def _keep_planned(
    table: Table,
    chosen: NDArray[np.bool_],
    kept: Sequence[tuple[NDArray[np.int64], int]],
    least: int,
) -> NDArray[np.bool_]:
    """Keep schemes of the plan that cost nothing asked for, each at its earliest start.

    A saving that one body takes from another is worth nothing to the system; whether it stands in
    the plan is for those two to say, and not for a tie.
    """
    chosen = chosen.copy()
    program = program_of(table, kept[0][0], shortfall_most=least)
    for place, candidate in enumerate(table.problem.candidates):
        stop_if_cancelled()
        first, last = int(table.first_column[place]), int(table.first_column[place + 1])
        if not candidate.in_plan or chosen[first:last].any():
            continue
        for column in range(first, last):
            if any(int(worth[column]) < 0 for worth, _ in kept):
                continue
            chosen[column] = True
            if _keeps(table, program, chosen):
                break
            chosen[column] = False
    return chosen


def _start_early(
    table: Table,
    chosen: NDArray[np.bool_],
    kept: Sequence[tuple[NDArray[np.int64], int]],
    least: int,
) -> NDArray[np.bool_]:
    """Bring each scheme forward to its earliest start that costs no objective and no rule."""
    program = program_of(table, kept[0][0], shortfall_most=least)
    by = by_column(program)
    chosen, sums = chosen.copy(), row_sums(program, chosen)
    for column in np.flatnonzero(chosen):
        stop_if_cancelled()
        first = int(table.first_column[table.scheme[column]])
        for earlier in range(first, int(column)):
            if any(int(worth[earlier]) < int(worth[column]) for worth, _ in kept):
                continue
            moved = sums.copy()
            for place, sign in ((column, -1), (earlier, 1)):
                at, _ = by.entries(np.array([place], dtype=np.int64))
                np.add.at(moved, by.row[at], sign * by.value[at])
            missed = np.maximum(0, np.where(table.elastic, table.lower - moved, 0)).sum()
            if not breaks(program, moved).any() and int(missed) <= least:
                chosen[column], chosen[earlier], sums = False, True, moved
                break
    return chosen


def _saving_bound(
    table: Table,
    saving: NDArray[np.int64],
    least: int,
    stages: Sequence[Stage],
    exact: bool,
    gap: float,
    chosen: NDArray[np.bool_],
) -> int:
    """What no safe portfolio with this shortfall can exceed in the year."""
    if np.array_equal(table.objective(stages[0].objective), saving):
        return stages[0].bound
    return _stage(table, saving, least, (), chosen, exact, gap).bound
