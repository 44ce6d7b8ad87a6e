"""Linear and integer programs in whole numbers, solved by HiGHS and never trusted blindly.

HiGHS works in decimals with tolerances; money does not. A `Program` therefore holds whole
numbers, the solver gets a copy in which each row is scaled by a power of two (which changes no
digit), and what it proposes is counted again in whole numbers by the caller. One thread, a fixed
seed and limits of effort instead of limits of time: equal programs give equal answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

from controltotal.core.progress import stop_if_cancelled
from controltotal.savings.portfolio.matrix import NO_LIMIT, Table

SEED: Final = 1
NODES_MOST: Final = 200_000
"""Branches after which any search stops and says what it has proved."""
GUESSING: Final = (
    "mip_heuristic_run_feasibility_jump",
    "mip_heuristic_run_root_reduced_cost",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_rens",
)
"""Ways in which HiGHS looks for a better portfolio beside branching."""


@dataclass(frozen=True)
class Program:
    """Maximise `objective` over yes/no columns under rows of whole numbers.

    Elastic rows may miss their lower bound; each penny missed costs `penalty` pence (None: no
    shortfall is allowed). `shortfall_most` caps what is missed in all. `most_missed` rows as in
    `Table`.
    """

    objective: NDArray[np.int64]
    start: NDArray[np.int64]
    column: NDArray[np.int32]
    value: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    elastic: NDArray[np.bool_]
    penalty: int | None = None
    shortfall_most: int | None = None

    @property
    def row_of_entry(self) -> NDArray[np.int32]:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.lower), dtype=np.int32), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver says: chosen columns (or shares of them), a bound and whether it is proved.

    `value` and `bound` are in the objective's unit (a penalty for shortfall taken off);
    `prices`: what one more unit of each row is worth; `status`: optimal, bounded or infeasible.
    """

    status: str
    share: NDArray[np.float64]
    value: float
    bound: float
    prices: NDArray[np.float64]
    short: NDArray[np.float64]


def program_of(
    table: Table,
    objective: NDArray[np.int64],
    *,
    penalty: int | None = None,
    shortfall_most: int | None = None,
    kept: tuple[tuple[NDArray[np.int64], int], ...] = (),
) -> Program:
    """A table under an objective; `kept` adds rows: an earlier objective and its least value."""
    start, column, value = [table.start], [table.column], [table.value]
    lower, upper = [table.lower], [table.upper]
    total = int(table.start[-1])
    for worth, least in kept:
        held = np.flatnonzero(worth).astype(np.int32)
        total += len(held)
        start.append(np.array([total], dtype=np.int64))
        column.append(held)
        value.append(worth[held])
        lower.append(np.array([least], dtype=np.int64))
        upper.append(np.array([NO_LIMIT], dtype=np.int64))
    return Program(
        objective,
        np.concatenate(start),
        np.concatenate(column),
        np.concatenate(value),
        np.concatenate(lower),
        np.concatenate(upper),
        np.concatenate([table.elastic, np.zeros(len(kept), dtype=np.bool_)]),
        penalty,
        shortfall_most,
    )


def solve(
    program: Program,
    *,
    whole: bool,
    gap: float = 0.0,
    nodes: int = NODES_MOST,
    start: NDArray[np.bool_] | None = None,
    cuts: tuple[NDArray[np.bool_], ...] = (),
    search: bool = True,
) -> Solved:
    """Solve a program, whole (yes or no) or relaxed; `cuts` are portfolios already refused.

    Without `search` nothing is guessed, only branched and bounded: half the time, where the `start`
    is likely the best already.

    >>> import numpy as np
    >>> one = np.array([0, 1, 2]), np.array([0, 1], dtype=np.int32), np.array([3, 3])
    >>> rows = np.array([-NO_LIMIT, -NO_LIMIT]), np.array([2, 5]), np.array([False, False])
    >>> solve(Program(np.array([7, 8]), *one, *rows), whole=True).value
    8.0
    """
    count, missed = len(program.objective), _elastic_rows(program)
    if not count:
        return _nothing(program, missed)
    scale = _row_scale(program)
    size = max(1.0, float(np.abs(program.objective).max(initial=0)))
    if size == 1.0 and program.penalty:  # nothing but shortfall counts
        size = float((program.penalty / scale[missed]).max(initial=1.0))
    unit = 2.0 ** (10 - math.ceil(math.log2(size)))
    highs = _new_solver(gap, nodes, whole)
    if not search:
        for guessing in GUESSING:
            highs.setOptionValue(guessing, False)
    highs.passModel(_model(program, missed, scale, unit, whole, cuts))
    if start is not None and whole:
        _give_start(highs, program, missed, scale, start)
    _run(highs)
    return _read(highs, program, missed, scale, unit, whole, count)


def _run(highs: Any) -> None:
    """Run a solver that stops where the work in hand is cancelled, at its next step.

    It asks between steps of its own (some pivots, a node), which on a large program may lie two
    seconds apart. What is raised there must not pass through it, and is raised when it has ended.
    """
    stopped: list[BaseException] = []

    def ask(kind: Any, message: str, known: Any, wanted: Any, data: Any) -> None:
        try:
            stop_if_cancelled()
        except BaseException as error:  # an interrupt may fall here too
            stopped.append(error)
        if stopped:
            wanted.user_interrupt = True

    stop_if_cancelled()
    kinds = highspy.cb.HighsCallbackType
    highs.setCallback(ask, None)
    for kind in (
        kinds.kCallbackSimplexInterrupt,
        kinds.kCallbackIpmInterrupt,
        kinds.kCallbackMipInterrupt,
    ):
        highs.startCallback(kind)
    highs.run()
    if stopped:
        raise stopped[0]


def _nothing(program: Program, missed: NDArray[np.int64]) -> Solved:
    """The only answer where there is nothing to choose from: what is asked for is missed."""
    rows = len(program.lower)
    short = np.zeros(rows)
    short[missed] = np.maximum(0, program.lower[missed])
    held = (program.lower <= 0) | (short > 0)
    held &= program.upper >= 0
    most = program.shortfall_most
    if not held.all() or (most is not None and short.sum() > most):
        empty = np.zeros(rows)
        return Solved("infeasible", np.zeros(0), -math.inf, -math.inf, empty, empty)
    value = -float((program.penalty or 0) * short.sum())
    return Solved("optimal", np.zeros(0), value, value, np.zeros(rows), short)


def _elastic_rows(program: Program) -> NDArray[np.int64]:
    """Rows that get a shortfall column."""
    if program.penalty is None and program.shortfall_most is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(program.elastic & (program.lower > -NO_LIMIT))


def _row_scale(program: Program) -> NDArray[np.float64]:
    """A power of two for each row that brings its largest entry to between a half and one."""
    largest = np.ones(len(program.lower))
    np.maximum.at(largest, program.row_of_entry, np.abs(program.value).astype(np.float64))
    scale: NDArray[np.float64] = 2.0 ** -np.ceil(np.log2(largest))
    return scale


def _new_solver(gap: float, nodes: int, whole: bool) -> Any:
    """A quiet solver with everything that could vary held fast."""
    highs = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": SEED,
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-9,
        "mip_max_nodes": nodes,
        "mip_feasibility_tolerance": 1e-10 if gap == 0 else 1e-7,
        "primal_feasibility_tolerance": 1e-10 if gap == 0 else 1e-8,
        "dual_feasibility_tolerance": 1e-9 if gap == 0 and whole else 1e-7,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def _model(
    program: Program,
    missed: NDArray[np.int64],
    scale: NDArray[np.float64],
    unit: float,
    whole: bool,
    cuts: tuple[NDArray[np.bool_], ...],
) -> Any:
    """The program as HiGHS takes it: minimise minus the objective, rows scaled."""
    count, rows, extra = len(program.objective), len(program.lower), len(missed)
    entry_row = [program.row_of_entry, missed.astype(np.int32)]
    entry_column = [program.column, np.arange(count, count + extra, dtype=np.int32)]
    entry_value = [program.value * scale[program.row_of_entry], np.ones(extra)]
    lower = [np.where(program.lower <= -NO_LIMIT, -np.inf, program.lower * scale)]
    upper = [np.where(program.upper >= NO_LIMIT, np.inf, program.upper * scale)]
    if program.shortfall_most is not None and extra:
        largest = float(1 / scale[missed].min())
        entry_row.append(np.full(extra, rows, dtype=np.int32))
        entry_column.append(np.arange(count, count + extra, dtype=np.int32))
        entry_value.append(1 / scale[missed] / largest)
        lower.append(np.array([-np.inf]))
        upper.append(np.array([program.shortfall_most / largest]))
        rows += 1
    for refused in cuts:
        entry_row.append(np.full(count, rows, dtype=np.int32))
        entry_column.append(np.arange(count, dtype=np.int32))
        entry_value.append(np.where(refused, -1.0, 1.0))
        lower.append(np.array([1.0 - refused.sum()]))
        upper.append(np.array([np.inf]))
        rows += 1
    row, column = np.concatenate(entry_row), np.concatenate(entry_column)
    order = np.lexsort((column, row))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count + extra, rows
    fine = (program.penalty or 0) * unit / scale[missed]
    cost = np.concatenate([-program.objective * unit, fine])
    lp.col_cost_ = cost
    lp.col_lower_ = np.zeros(count + extra)
    lp.col_upper_ = np.concatenate([np.ones(count), np.full(extra, np.inf)])
    lp.row_lower_, lp.row_upper_ = np.concatenate(lower), np.concatenate(upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
    lp.a_matrix_.index_ = column[order]
    lp.a_matrix_.value_ = np.concatenate(entry_value)[order]
    if whole:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * count + [kinds.kContinuous] * extra
    return lp


def _give_start(
    highs: Any,
    program: Program,
    missed: NDArray[np.int64],
    scale: NDArray[np.float64],
    start: NDArray[np.bool_],
) -> None:
    """Hand the solver a portfolio to begin with."""
    solution = highspy.HighsSolution()
    short = np.maximum(0, (program.lower - row_sums(program, start))[missed]) * scale[missed]
    solution.col_value = list(np.concatenate([start.astype(np.float64), short]))
    highs.setSolution(solution)


def row_sums(program: Program, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The exact sum of every row of a program under the chosen columns."""
    total = np.zeros(len(program.lower), dtype=np.int64)
    np.add.at(total, program.row_of_entry, np.where(chosen[program.column], program.value, 0))
    return total


def _read(
    highs: Any,
    program: Program,
    missed: NDArray[np.int64],
    scale: NDArray[np.float64],
    unit: float,
    whole: bool,
    count: int,
) -> Solved:
    """What the solver found, back in whole units."""
    rows, status, info = len(program.lower), highs.getModelStatus(), highs.getInfo()
    known = highspy.HighsModelStatus
    nothing = np.zeros(count), -math.inf
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return Solved("infeasible", *nothing, -math.inf, np.zeros(rows), np.zeros(rows))
    solution = highs.getSolution()
    found = bool(solution.value_valid) and info.primal_solution_status == 2
    if not found:
        bound = -info.mip_dual_bound / unit if whole else math.inf
        return Solved("bounded", *nothing, bound, np.zeros(rows), np.zeros(rows))
    held = np.array(solution.col_value)
    short = np.zeros(rows)
    short[missed] = held[count:] / scale[missed]
    value = -info.objective_function_value / unit
    bound = -info.mip_dual_bound / unit if whole else value
    prices = np.zeros(rows)
    if not whole:
        prices = -np.array(solution.row_dual)[:rows] * scale / unit
    done = "optimal" if status == known.kOptimal else "bounded"
    if done == "optimal" and not math.isfinite(bound):  # the given portfolio could not be bettered
        bound = value + highs.getOptionValue("mip_rel_gap")[1] * abs(value)
    return Solved(done, held[:count], value, bound, prices, short)
