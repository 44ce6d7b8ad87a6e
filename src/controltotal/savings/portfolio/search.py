"""Good portfolios quickly: block by block, each a small integer program.

The relaxed problem gives every column a price-adjusted value; columns far below nil play no part
in a good portfolio. First each block (a body or a system) takes whole schemes within what the
relaxation gave it and what earlier blocks left; then blocks are improved in turn with all others
held still. What two blocks would have to change together is found by one program over the chosen
columns and the best of all blocks. Sums are whole numbers, so a portfolio that keeps the rules
keeps them exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.portfolio.matrix import NO_LIMIT
from controltotal.savings.portfolio.solver import Program, Solved, row_sums, solve

COLUMNS_A_BLOCK: Final = 420
"""Columns left free in one block: the chosen ones and those of least loss."""
NODES_A_BLOCK: Final = 100
GAP_A_BLOCK: Final = 0.002
SHARE_TOGETHER: Final = 10
"""One column in so many is left free when all blocks are solved together."""
TOGETHER_MOST: Final = 6_000
"""Most columns left free together, the chosen ones in any case."""
GAP_TOGETHER: Final = 1e-4


@dataclass(frozen=True)
class ByColumn:
    """A program's entries by column: those of column c are start[c] to start[c + 1]."""

    start: NDArray[np.int64]
    row: NDArray[np.int32]
    value: NDArray[np.int64]

    def entries(self, columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Places of the entries of some columns, and for each the position of its column."""
        lengths = self.start[columns + 1] - self.start[columns]
        position = np.repeat(np.arange(len(columns)), lengths)
        before = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        place = np.arange(int(lengths.sum())) - before[position] + self.start[columns][position]
        return place, position


def by_column(program: Program) -> ByColumn:
    """The entries of a program in the order of columns."""
    order = np.argsort(program.column, kind="stable")
    counts = np.bincount(program.column, minlength=len(program.objective))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return ByColumn(start, program.row_of_entry[order], program.value[order])


def part_of(
    program: Program,
    table: ByColumn,
    columns: NDArray[np.int64],
    others: NDArray[np.int64],
    objective: NDArray[np.int64] | None = None,
) -> Program:
    """The program over some columns, `others` being what all the rest adds to each row."""
    place, position = table.entries(columns)
    rows, local = np.unique(table.row[place], return_inverse=True)
    value = table.value[place]
    low, high, taken = program.lower[rows], program.upper[rows], others[rows]
    lower = np.where(low <= -NO_LIMIT, -NO_LIMIT, low - taken)
    upper = np.where(high >= NO_LIMIT, NO_LIMIT, high - taken)
    order = np.lexsort((position, local))
    counts = np.bincount(local, minlength=len(rows))
    worth = program.objective if objective is None else objective
    return Program(
        worth[columns],
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        position[order].astype(np.int32),
        value[order],
        lower,
        upper,
        program.elastic[rows],
        program.penalty,
    )


def margins(program: Program, relaxed: Solved) -> NDArray[np.float64]:
    """The value of each column after paying the price of every row that it uses."""
    paid = np.zeros(len(program.objective))
    row = program.row_of_entry
    np.add.at(paid, program.column, program.value * relaxed.prices[row])
    result: NDArray[np.float64] = program.objective - paid
    return result


def total_value(program: Program, chosen: NDArray[np.bool_], sums: NDArray[np.int64]) -> int:
    """Objective less the penalty for shortfall, exactly."""
    gained = int(program.objective[chosen].sum())
    short = np.maximum(0, np.where(program.elastic, program.lower - sums, 0))
    return gained - (program.penalty or 0) * int(short.sum())


def breaks(program: Program, sums: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows that a portfolio with these sums breaks (shortfalls apart)."""
    return (sums > program.upper) | ((sums < program.lower) & ~program.elastic)


def fill(
    program: Program,
    relaxed: Solved,
    blocks: Sequence[NDArray[np.int64]],
    *,
    most: int = COLUMNS_A_BLOCK,
    nodes: int = NODES_A_BLOCK,
) -> NDArray[np.bool_]:
    """A first portfolio: each block takes whole schemes within its share of the relaxation."""
    table, worth = by_column(program), margins(program, relaxed)
    share = np.clip(relaxed.share, 0, 1)
    chosen = np.zeros(len(share), dtype=np.bool_)
    row = program.row_of_entry
    planned = np.zeros(len(program.lower))
    np.add.at(planned, row, program.value * share[program.column])
    for block in blocks:
        place, position = table.entries(block)
        np.subtract.at(planned, table.row[place], table.value[place] * share[block][position])
        columns = _free(block, worth, share > 0, most)
        others = np.ceil(planned - 1e-6 * np.abs(planned)).astype(np.int64)
        part = part_of(program, table, columns, others)
        room = np.where(part.upper >= NO_LIMIT, NO_LIMIT, np.maximum(part.upper, 0))
        found = solve(replace(part, upper=room), whole=True, gap=GAP_A_BLOCK, nodes=nodes)
        picked = columns[found.share > 0.5]
        chosen[picked] = True
        place, _ = table.entries(picked)
        np.add.at(planned, table.row[place], table.value[place])
    return repair(program, table, chosen, worth)


def _free(
    block: NDArray[np.int64],
    worth: NDArray[np.float64],
    chosen: NDArray[np.bool_],
    most: int = COLUMNS_A_BLOCK,
) -> NDArray[np.int64]:
    """The columns of a block that stay free: chosen ones and those with the best margins."""
    if len(block) <= most:
        return block
    ranked = np.lexsort((block, -worth[block], ~chosen[block]))
    return np.sort(block[ranked[:most]])


def repair(
    program: Program,
    table: ByColumn,
    chosen: NDArray[np.bool_],
    worth: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Drop the schemes of least value until no rule is broken; the empty portfolio breaks none."""
    chosen = chosen.copy()
    sums = row_sums(program, chosen)
    while True:
        broken = np.flatnonzero(breaks(program, sums))
        if not len(broken):
            return chosen
        r = broken[0]
        entries = slice(int(program.start[r]), int(program.start[r + 1]))
        columns, values = program.column[entries], program.value[entries]
        wrong = values > 0 if sums[r] > program.upper[r] else values < 0
        guilty = columns[wrong & chosen[columns]]
        if not len(guilty):
            chosen[:] = False
            return chosen
        drop = guilty[np.lexsort((guilty, worth[guilty]))[0]]
        chosen[drop] = False
        place, _ = table.entries(np.array([drop], dtype=np.int64))
        np.subtract.at(sums, table.row[place], table.value[place])


def improve(
    program: Program,
    relaxed: Solved,
    blocks: Sequence[NDArray[np.int64]],
    chosen: NDArray[np.bool_],
    *,
    most: int = COLUMNS_A_BLOCK,
    nodes: int = NODES_A_BLOCK,
    enough: float = float("inf"),
) -> NDArray[np.bool_]:
    """Solve each block again with all others held still; stop when the value is enough."""
    table, worth = by_column(program), margins(program, relaxed)
    chosen = chosen.copy()
    sums = row_sums(program, chosen)
    value = total_value(program, chosen, sums)
    for block in blocks:
        if value >= enough:
            break
        mine = block[chosen[block]]
        place, _ = table.entries(mine)
        others = sums.copy()
        np.subtract.at(others, table.row[place], table.value[place])
        columns = _free(block, worth, chosen, most)
        found = solve(
            part_of(program, table, columns, others),
            whole=True,
            gap=GAP_A_BLOCK,
            nodes=nodes,
            start=chosen[columns],
        )
        if found.status == "infeasible" or not np.isfinite(found.value):
            continue
        tried = chosen.copy()
        tried[block] = False
        tried[columns[found.share > 0.5]] = True
        place, _ = table.entries(columns[found.share > 0.5])
        np.add.at(others, table.row[place], table.value[place])
        better = total_value(program, tried, others)
        if better > value and not breaks(program, others).any():
            chosen, sums, value = tried, others, better
    return chosen


def together(program: Program, relaxed: Solved, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The chosen columns and those of best margin solved as one program, all others left out.

    The search ends with its root, so its effort is bounded by the columns and not by a clock; what
    it proposes is still to be counted in whole numbers.
    """
    count = len(chosen)
    most = max(int(chosen.sum()), min(count // SHARE_TOGETHER, TOGETHER_MOST))
    columns = _free(np.arange(count), margins(program, relaxed), chosen, most)
    part = part_of(program, by_column(program), columns, np.zeros_like(program.lower))
    found = solve(part, whole=True, gap=GAP_TOGETHER, nodes=1, start=chosen[columns])
    tried = np.zeros(count, dtype=np.bool_)
    tried[columns[found.share > 0.5]] = True
    return tried
