"""A problem as a table: columns, rules and their entries, written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.savings.portfolio.matrix import NO_LIMIT, tabulate
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving

YEAR = "2026-27"
Q = frozenset("Q")
A = Candidate("A", "Q", (1, 4), (Saving("Q", YEAR, (12, 9)),), investment=5, harm=6)
B = Candidate("B", "Q", (2, 3, 4), (Saving("Q", YEAR, (7, 0, 5)),), investment=3, harm=2)
FLOOR = Demand("control_total", "total", "Q", YEAR, Q, lower=10)
PURSE = Demand("investment", "purse", "Q", YEAR, Q, upper=8, month=1)
NO = -NO_LIMIT


def test_each_start_of_a_scheme_is_a_column_and_each_rule_a_row() -> None:
    """A in April or July is columns 0 and 1, B from May to July 2 to 4; a use of nil is no entry."""
    table = tabulate(Problem((B, A), (PURSE, FLOOR)))
    assert (table.columns, table.rows, table.demands) == (5, 4, 2)
    assert (table.scheme.tolist(), table.place.tolist()) == ([0, 0, 1, 1, 1], [0, 1, 0, 1, 2])
    assert table.first_column.tolist() == [0, 2, 5]
    assert table.start.tolist() == [0, 4, 9, 11, 14]
    assert table.column.tolist() == [0, 1, 2, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
    assert table.value.tolist() == [12, 9, 7, 5, 5, 5, 3, 3, 3, 1, 1, 1, 1, 1]
    assert table.lower.tolist() == [10, NO, NO, NO]
    assert table.upper.tolist() == [NO_LIMIT, 8, 1, 1]
    assert table.elastic.tolist() == [True, False, False, False]
    assert table.row_of_entry.tolist() == [0] * 4 + [1] * 5 + [2] * 2 + [3] * 3


def test_a_choice_is_columns_and_columns_are_the_choice() -> None:
    table = tabulate(Problem((A, B), (FLOOR, PURSE)))
    for choice in ({}, {"A": 0}, {"A": 1}, {"B": 2}, {"A": 1, "B": 0}):
        assert table.choice(table.chosen(choice)) == choice
    assert table.chosen({"A": 1, "B": 2}).tolist() == [False, True, False, False, True]
    assert table.sums(table.chosen({"A": 1, "B": 2})).tolist() == [14, 8, 1, 1]
    assert table.sums(table.chosen({})).tolist() == [0, 0, 0, 0]


def test_an_objective_is_what_each_column_adds() -> None:
    table = tabulate(Problem((A, B)))
    assert table.objective("saving").tolist() == [12, 9, 7, 0, 5]
    assert table.objective("least_harm").tolist() == [-6, -6, -2, -2, -2]
    assert table.objective("fewest_schemes").tolist() == [-1] * 5


def rows_of(problem: Problem) -> list[tuple[dict[int, int], int, int]]:
    """Entries and limits of the rows after one for each scheme."""
    table = tabulate(problem)
    found = []
    for r in range(len(problem.candidates), table.rows):
        inside = slice(table.start[r], table.start[r + 1])
        entries = dict(
            zip(table.column[inside].tolist(), table.value[inside].tolist(), strict=True)
        )
        found.append((entries, int(table.lower[r]), int(table.upper[r])))
    return found


def test_of_two_that_exclude_each_other_one_starts_at_most() -> None:
    problem = Problem((A, B), (), frozenset({frozenset("AB"), frozenset("AX"), frozenset("B")}))
    assert rows_of(problem) == [({0: 1, 1: 1, 2: 1, 3: 1, 4: 1}, NO, 1)]


def test_by_each_month_of_a_start_what_it_needs_has_started() -> None:
    """B may start in May, June or July: by each of them A has started in April or then."""
    problem = Problem((A, B), (), frozenset(), {"B": ("A",)})
    assert rows_of(problem) == [
        ({2: 1, 0: -1}, NO, 0),
        ({2: 1, 3: 1, 0: -1}, NO, 0),
        ({2: 1, 3: 1, 4: 1, 0: -1, 1: -1}, NO, 0),
    ]
    unknown = Problem((A, B), (), frozenset(), {"B": ("X",), "Y": ("A",)})
    assert rows_of(unknown) == [
        ({2: 1}, NO, 0),
        ({2: 1, 3: 1}, NO, 0),
        ({2: 1, 3: 1, 4: 1}, NO, 0),
    ]


@pytest.mark.parametrize("candidates", [(), (A,)])
def test_a_small_problem_has_a_table_too(candidates: tuple[Candidate, ...]) -> None:
    table = tabulate(Problem(candidates))
    assert table.columns == sum(len(one.starts) for one in candidates)
    assert table.rows == len(candidates)
    assert table.sums(np.ones(table.columns, dtype=np.bool_)).tolist() == [2] * len(candidates)
