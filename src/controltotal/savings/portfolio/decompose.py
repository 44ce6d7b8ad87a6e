"""Large portfolios split by organisation, with a bound that is proved.

Rules that touch one body or system only stay inside its block; those that tie blocks together
(regional purses, totals of a system, schemes across a border) get prices from the relaxed problem.
At given prices every block answers for itself with a whole choice, and the sum of the blocks'
bounds plus the price of what is shared bounds every portfolio (Lagrange). The choices are columns
of a restricted master problem, which mends the prices and may combine a better portfolio.
Method: Dantzig and Wolfe, 1960.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.portfolio.matrix import NO_LIMIT, Table
from controltotal.savings.portfolio.search import (
    ByColumn,
    breaks,
    by_column,
    part_of,
    total_value,
)
from controltotal.savings.portfolio.solver import Program, Solved, row_sums, solve

BLOCK_SCHEMES: Final = 600
"""Most schemes in a block of several bodies; a larger body is a block of its own."""
GAP_OF_PRICING: Final = 0.001
NODES_OF_PRICING: Final = 20


@dataclass(frozen=True)
class Tightened:
    """A bound on every portfolio's value, and the best portfolio that the columns gave."""

    bound: float
    chosen: NDArray[np.bool_]
    rounds: int


def blocks_of(table: Table) -> list[NDArray[np.int64]]:
    """Columns in blocks: bodies joined while a rule covers them and the block stays small.

    Blocks stand in the order of their first body's code.
    """
    owners = [candidate.organisation for candidate in table.problem.candidates]
    size = {owner: owners.count(owner) for owner in sorted(set(owners))}
    head = {owner: owner for owner in size}

    def root(owner: str) -> str:
        while head[owner] != owner:
            owner = head[owner]
        return owner

    groups = {tuple(sorted(d.bodies & set(size))) for d in table.problem.demands}
    groups |= {tuple(sorted(d.share_of & set(size))) for d in table.problem.demands}
    counted = sorted((sum(size[o] for o in group), group) for group in groups if len(group) > 1)
    for _, group in counted:
        heads = sorted({root(owner) for owner in group})
        members = sum(size[o] for o in size if root(o) in heads)
        if members <= BLOCK_SCHEMES:
            for other in heads[1:]:
                head[other] = heads[0]
    number = {owner: place for place, owner in enumerate(sorted({root(o) for o in size}))}
    block = np.array([number[root(owner)] for owner in owners])[table.scheme]
    return [np.flatnonzero(block == place) for place in range(len(number))]


def tighten(
    program: Program,
    relaxed: Solved,
    blocks: Sequence[NDArray[np.int64]],
    chosen: NDArray[np.bool_],
    *,
    gap: float,
    rounds: int = 3,
) -> Tightened:
    """Lower the bound, and improve the portfolio, until they are within the gap of each other."""
    table = by_column(program)
    shared = _shared_rows(program, blocks)
    prices = _signed(program, relaxed.prices)
    columns: list[list[NDArray[np.bool_]]] = [[chosen[block]] for block in blocks]
    value = total_value(program, chosen, row_sums(program, chosen))
    bound, done = relaxed.bound, 0
    for done in range(1, rounds + 1):
        proved = _price_blocks(program, table, shared, prices, blocks, columns)
        bound = min(bound, proved)
        if bound - value <= gap * abs(bound):
            break
        master = _master(program, table, shared, blocks, columns)
        tried = _combine(program, blocks, columns, master)
        better = total_value(program, tried, row_sums(program, tried))
        if better > value and not breaks(program, row_sums(program, tried)).any():
            chosen, value = tried, better
        if bound - value <= gap * abs(bound) or done == rounds:
            break
        fresh = np.zeros(len(prices))
        fresh[shared] = solve(master, whole=False, gap=1.0).prices[: int(shared.sum())]
        prices = _signed(program, 0.5 * prices + 0.5 * fresh)
    return Tightened(bound, chosen, done)


def _shared_rows(program: Program, blocks: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Rows that touch more than one block."""
    block_of = np.zeros(len(program.objective), dtype=np.int64)
    for place, block in enumerate(blocks):
        block_of[block] = place
    row, owner = program.row_of_entry, block_of[program.column]
    first = np.full(len(program.lower), len(blocks), dtype=np.int64)
    last = np.full(len(program.lower), -1, dtype=np.int64)
    np.minimum.at(first, row, owner)
    np.maximum.at(last, row, owner)
    return (last > first) & (last >= 0)


def _signed(program: Program, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Prices that a bound may use: nil or more on ceilings, nil or less on floors.

    The price of a floor that may be missed is at most the penalty.
    """
    ceiling = program.upper < NO_LIMIT
    floor = program.lower > -NO_LIMIT
    signed = np.where(ceiling & ~floor, np.maximum(prices, 0), prices)
    signed = np.where(floor & ~ceiling, np.minimum(signed, 0), signed)
    if program.penalty is not None:
        signed = np.where(program.elastic, np.maximum(signed, -float(program.penalty)), signed)
    return np.where(floor | ceiling, signed, 0.0)


def _price_blocks(
    program: Program,
    table: ByColumn,
    shared: NDArray[np.bool_],
    prices: NDArray[np.float64],
    blocks: Sequence[NDArray[np.int64]],
    columns: list[list[NDArray[np.bool_]]],
) -> float:
    """Every block's best answer to the prices (kept as a column), and the bound they prove."""
    held = np.where(shared, prices, 0.0)
    paid = np.zeros(len(program.objective))
    np.add.at(paid, program.column, program.value * held[program.row_of_entry])
    limit = np.where(held > 0, program.upper, program.lower)
    bound = float(np.sum(np.where(held != 0, held * limit, 0.0)))
    left = np.ceil(program.objective - paid).astype(np.int64)  # up, so that the bound stays one
    private = replace(
        program,
        lower=np.where(shared, -NO_LIMIT, program.lower),
        upper=np.where(shared, NO_LIMIT, program.upper),
    )
    nothing = np.zeros(len(program.lower), dtype=np.int64)
    for place, block in enumerate(blocks):
        part = part_of(private, table, block, nothing, left)
        found = solve(part, whole=True, gap=GAP_OF_PRICING, nodes=NODES_OF_PRICING)
        assert found.status != "infeasible", "a block without schemes keeps its own rules"
        bound += found.bound
        if np.isfinite(found.value):
            picked = found.share > 0.5
            if not any(np.array_equal(picked, known) for known in columns[place]):
                columns[place].append(picked)
    return bound + abs(bound) * 1e-9


def _master(
    program: Program,
    table: ByColumn,
    shared: NDArray[np.bool_],
    blocks: Sequence[NDArray[np.int64]],
    columns: Sequence[Sequence[NDArray[np.bool_]]],
) -> Program:
    """The restricted master: one of its known choices for each block, within the shared rules."""
    rows = np.flatnonzero(shared)
    local = np.full(len(program.lower), -1, dtype=np.int64)
    local[rows] = np.arange(len(rows))
    worth, entries, number = [], [], 0
    for place, block in enumerate(blocks):
        for picked in columns[place]:
            mine = block[picked]
            used = np.zeros(len(program.lower), dtype=np.int64)
            at, _ = table.entries(mine)
            np.add.at(used, table.row[at], table.value[at])
            short = np.where(~shared & program.elastic, program.lower - used, 0)
            touched = np.unique(table.row[table.entries(block)[0]])
            missed = int(np.maximum(0, short[touched]).sum())
            worth.append(int(program.objective[mine].sum()) - (program.penalty or 0) * missed)
            for r in np.flatnonzero(shared & (used != 0)):
                entries.append((int(local[r]), number, int(used[r])))
            entries.append((len(rows) + place, number, 1))
            number += 1
    entries.sort()
    row = np.array([entry[0] for entry in entries])
    count = len(rows) + len(blocks)
    one = np.ones(len(blocks), dtype=np.int64)
    return Program(
        np.array(worth, dtype=np.int64),
        np.concatenate([[0], np.cumsum(np.bincount(row, minlength=count))]).astype(np.int64),
        np.array([entry[1] for entry in entries], dtype=np.int32),
        np.array([entry[2] for entry in entries], dtype=np.int64),
        np.concatenate([program.lower[rows], one]),
        np.concatenate([program.upper[rows], one]),
        np.concatenate([program.elastic[rows], np.zeros(len(blocks), dtype=np.bool_)]),
        program.penalty,
    )


def _combine(
    program: Program,
    blocks: Sequence[NDArray[np.int64]],
    columns: Sequence[Sequence[NDArray[np.bool_]]],
    master: Program,
) -> NDArray[np.bool_]:
    """The best portfolio of known choices, one for each block."""
    found = solve(master, whole=True, gap=GAP_OF_PRICING, nodes=NODES_OF_PRICING * 10)
    chosen, number = np.zeros(len(program.objective), dtype=np.bool_), 0
    for place, block in enumerate(blocks):
        for picked in columns[place]:
            if found.share[number] > 0.5:
                chosen[block] = picked
            number += 1
    return chosen
