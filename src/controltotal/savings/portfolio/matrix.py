"""A problem as a sparse table of whole numbers, and the exact count of a portfolio on it.

One column is one scheme starting in one month; one row is a demand, the rule that a scheme starts
once, an exclusion or a step of a precedence. The numbers stay exact 64-bit integers; a solver
gets a scaled copy. Precedence is written month by month (by each month, the later scheme has
started no more often than the earlier one), which is the strongest linear form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from controltotal.core.progress import stop_if_cancelled
from controltotal.savings.portfolio.problem import Choice, Problem, objective_of, use

NO_LIMIT = 1 << 62
"""Stands for no lower or no upper bound."""


@dataclass(frozen=True)
class Table:
    """Rows in compressed form. Row r holds entries start[r] to start[r + 1] of `column`, `value`.

    `lower`, `upper`: whole numbers; `scheme`, `place`: of each column, the candidate's place and
    the position of its start. The first `demands` rows are the problem's demands, in its order.
    """

    problem: Problem
    start: NDArray[np.int64]
    column: NDArray[np.int32]
    value: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    scheme: NDArray[np.int32]
    place: NDArray[np.int32]
    demands: int

    @property
    def columns(self) -> int:
        """How many choices of scheme and month there are."""
        return len(self.scheme)

    @property
    def rows(self) -> int:
        """How many rules there are."""
        return len(self.lower)

    @cached_property
    def row_of_entry(self) -> NDArray[np.int32]:
        """The row of each entry."""
        return np.repeat(np.arange(self.rows, dtype=np.int32), np.diff(self.start))

    @cached_property
    def elastic(self) -> NDArray[np.bool_]:
        """Which rows may be missed with a shortfall."""
        soft = [demand.elastic for demand in self.problem.demands]
        return np.array(soft + [False] * (self.rows - self.demands), dtype=np.bool_)

    def objective(self, name: str) -> NDArray[np.int64]:
        """What each column adds to an objective."""
        parts = [objective_of(candidate, name) for candidate in self.problem.candidates]
        return np.array([worth for part in parts for worth in part], dtype=np.int64)

    def sums(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The exact sum of every row under the chosen columns."""
        held = np.where(chosen[self.column], self.value, 0)
        total = np.zeros(self.rows, dtype=np.int64)
        np.add.at(total, self.row_of_entry, held)
        return total

    def choice(self, chosen: NDArray[np.bool_]) -> dict[str, int]:
        """Chosen columns as scheme codes and positions of their starts."""
        codes = self.problem.candidates
        return {codes[self.scheme[c]].code: int(self.place[c]) for c in np.flatnonzero(chosen)}

    def chosen(self, choice: Choice) -> NDArray[np.bool_]:
        """A portfolio as chosen columns."""
        first = self.first_column
        index = {c.code: int(first[i]) for i, c in enumerate(self.problem.candidates)}
        marks = np.zeros(self.columns, dtype=np.bool_)
        for code, place in choice.items():
            marks[index[code] + place] = True
        return marks

    @cached_property
    def first_column(self) -> NDArray[np.int64]:
        """The first column of each scheme, and one past the last."""
        sizes = [len(candidate.starts) for candidate in self.problem.candidates]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


class _Rows:
    """Rows being gathered."""

    def __init__(self) -> None:
        self.columns: list[NDArray[np.int32]] = []
        self.values: list[NDArray[np.int64]] = []
        self.lower: list[int] = []
        self.upper: list[int] = []

    def add(
        self, columns: list[int], values: list[int], lower: int | None, upper: int | None
    ) -> None:
        """One more row."""
        self.columns.append(np.array(columns, dtype=np.int32))
        self.values.append(np.array(values, dtype=np.int64))
        self.lower.append(-NO_LIMIT if lower is None else lower)
        self.upper.append(NO_LIMIT if upper is None else upper)


def tabulate(problem: Problem) -> Table:
    """Write a problem as a table; rows and columns stand in an order that depends on codes only."""
    sizes = [len(candidate.starts) for candidate in problem.candidates]
    first = dict(
        zip((c.code for c in problem.candidates), np.cumsum([0, *sizes]).tolist(), strict=False)
    )
    rows = _Rows()
    for demand, members in zip(problem.demands, problem.members, strict=True):
        stop_if_cancelled()
        columns: list[int] = []
        values: list[int] = []
        for candidate in members:
            base = first[candidate.code]
            for place, used in enumerate(use(candidate, demand)):
                if used:
                    columns.append(base + place)
                    values.append(used)
        rows.add(columns, values, demand.lower, demand.upper)
    for candidate, size in zip(problem.candidates, sizes, strict=True):
        base = first[candidate.code]
        rows.add(list(range(base, base + size)), [1] * size, None, 1)
    _add_exclusions(problem, first, rows)
    _add_precedence(problem, first, rows)
    lengths = [len(part) for part in rows.columns]
    empty32, empty64 = np.zeros(0, np.int32), np.zeros(0, np.int64)
    return Table(
        problem=problem,
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        column=np.concatenate([empty32, *rows.columns]),
        value=np.concatenate([empty64, *rows.values]),
        lower=np.array(rows.lower, dtype=np.int64),
        upper=np.array(rows.upper, dtype=np.int64),
        scheme=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        place=np.array([p for size in sizes for p in range(size)], dtype=np.int32),
        demands=len(problem.demands),
    )


def _add_exclusions(problem: Problem, first: Mapping[str, int], rows: _Rows) -> None:
    """Of two schemes that exclude each other at most one starts."""
    for pair in problem.pairs:
        columns = [
            column
            for code in pair
            for column in range(first[code], first[code] + len(problem.by_code[code].starts))
        ]
        rows.add(columns, [1] * len(columns), None, 1)


def _add_precedence(problem: Problem, first: Mapping[str, int], rows: _Rows) -> None:
    """By each month, a scheme has started no more often than one that it requires."""
    for code in sorted(problem.requires):
        if code not in first:
            continue
        starts = problem.by_code[code].starts
        for before in sorted(problem.requires[code]):
            early = problem.by_code[before].starts if before in first else ()
            for month in sorted(set(starts)):
                mine = [first[code] + p for p, start in enumerate(starts) if start <= month]
                theirs = [first[before] + p for p, start in enumerate(early) if start <= month]
                rows.add(mine + theirs, [1] * len(mine) + [-1] * len(theirs), None, 0)
