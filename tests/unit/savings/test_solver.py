"""Programs small enough to solve by hand, and those without a scheme to choose."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import highspy
import numpy as np
import pytest

from controltotal.savings.portfolio.matrix import NO_LIMIT
from controltotal.savings.portfolio.solver import (
    Program,
    Solved,
    _model,
    _read,
    _row_scale,
    row_sums,
    solve,
)
from tests.dense_programs import Row, marks, program


def nothing(
    *rows: tuple[int, int],
    elastic: bool = True,
    penalty: int | None = 3,
    most: int | None = None,
) -> Solved:
    """Rows as (lower, upper) and no column."""
    none = np.zeros(0, dtype=np.int64)
    return solve(
        Program(
            none,
            np.zeros(len(rows) + 1, dtype=np.int64),
            np.zeros(0, dtype=np.int32),
            none,
            np.array([low for low, _ in rows], dtype=np.int64),
            np.array([high for _, high in rows], dtype=np.int64),
            np.full(len(rows), elastic),
            penalty,
            most,
        ),
        whole=True,
    )


def test_with_nothing_asked_nothing_is_missed() -> None:
    found = nothing()
    assert (found.status, found.value, found.bound, found.share.size) == ("optimal", 0, 0, 0)


@pytest.mark.parametrize(
    ("lower", "short"), [(-NO_LIMIT, 0), (-4, 0), (0, 0), (1, 1), (5, 5)], ids=str
)
def test_what_is_asked_for_is_missed_to_the_penny(lower: int, short: int) -> None:
    found = nothing((lower, NO_LIMIT))
    assert found.status == "optimal"
    assert found.short.tolist() == [short]
    assert (found.value, found.bound) == (-3 * short, -3 * short)
    assert found.prices.tolist() == [0]


def test_every_row_that_is_missed_costs() -> None:
    found = nothing((5, NO_LIMIT), (0, NO_LIMIT), (2, 9))
    assert found.short.tolist() == [5, 0, 2]
    assert found.value == -21


@pytest.mark.parametrize(("most", "status"), [(6, "infeasible"), (7, "optimal"), (8, "optimal")])
def test_no_more_is_missed_than_may_be(most: int, status: str) -> None:
    rows = ((5, NO_LIMIT), (2, NO_LIMIT))
    assert nothing(*rows, most=most).status == status
    assert nothing(*rows, penalty=None, most=most).status == status


def test_a_shortfall_without_a_price_costs_nothing() -> None:
    assert nothing((5, NO_LIMIT), penalty=None, most=5).value == 0


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ((1, NO_LIMIT), "infeasible"),
        ((0, NO_LIMIT), "optimal"),
        ((-1, NO_LIMIT), "optimal"),
        ((-NO_LIMIT, 0), "optimal"),
        ((-NO_LIMIT, -1), "infeasible"),
    ],
)
def test_a_rule_that_may_not_be_missed_holds_of_nothing_or_does_not(
    row: tuple[int, int], status: str
) -> None:
    found = nothing(row, elastic=False)
    assert found.status == status
    assert (found.value == -np.inf) is (status == "infeasible")
    assert found.bound == found.value
    assert found.prices.tolist() == found.short.tolist() == [0]
    assert nothing((5, NO_LIMIT), row).status == "infeasible" or row[1] >= 0
    assert nothing((5, NO_LIMIT), penalty=None).status == "infeasible"


EITHER = program((1_000, 1_200), Row((10, 10), upper=15))
"""Either of two, and half of the other."""


def test_what_was_refused_is_not_proposed_again() -> None:
    refused: list[np.ndarray] = []
    values = []
    for _ in range(4):
        found = solve(EITHER, whole=True, cuts=tuple(refused))
        values.append(found.value)
        if found.status == "optimal":
            refused.append(found.share > 0.5)
    assert values == [1_200, 1_000, 0, -np.inf]
    assert [one.tolist() for one in refused] == [[False, True], [True, False], [False, False]]


def test_a_relaxation_tells_what_one_more_pound_is_worth() -> None:
    found = solve(EITHER, whole=False)
    assert found.share.tolist() == pytest.approx([0.5, 1])
    assert (found.value, found.bound) == (pytest.approx(1_700), pytest.approx(1_700))
    assert found.prices.tolist() == pytest.approx([100])


def test_a_floor_is_missed_where_that_costs_less_than_to_meet_it() -> None:
    """A scheme that loses 50 brings the 10 asked for: worth it at 6 a penny, and not at 4."""
    asked = Row((10,), lower=10, elastic=True)
    for fine, share, value in ((4, 0, -40), (6, 1, -50)):
        found = solve(program((-50,), asked, penalty=fine), whole=True)
        assert (found.share.tolist(), found.value) == ([share], pytest.approx(value))
        assert found.short.tolist() == pytest.approx([10 * (1 - share)])


@pytest.mark.parametrize(("most", "value"), [(9, -50), (10, 0)])
def test_what_may_be_missed_in_all_is_a_rule(most: int, value: int) -> None:
    """Both floors are met by one scheme each, at a loss; ten may be missed, or not."""
    rows = (Row((10, 0), lower=10, elastic=True), Row((0, 10), lower=10, elastic=True))
    asked = program((-50, 7), *rows)
    found = solve(replace(asked, shortfall_most=most), whole=True)
    assert found.value == pytest.approx(value + 7)
    firm = solve(replace(asked, elastic=np.zeros(2, dtype=np.bool_)), whole=True)
    assert firm.value == pytest.approx(-43)


def test_rows_are_scaled_by_powers_of_two_and_nil_is_no_limit() -> None:
    asked = program((1, 1), Row((10, -16), upper=24), Row((1, 0), lower=1), Row((0, 0)))
    assert _row_scale(asked).tolist() == [1 / 16, 1, 1]
    none = np.zeros(0, dtype=np.int64)
    model = _model(asked, none, _row_scale(asked), 1.0, True, (np.array([True, False]),))
    assert list(model.row_upper_) == [1.5, np.inf, np.inf, np.inf]
    assert list(model.row_lower_) == [-np.inf, 1, -np.inf, 0]
    assert list(model.a_matrix_.value_) == [10 / 16, -1, 1, -1, 1]
    assert list(model.a_matrix_.start_) == [0, 2, 3, 3, 5]
    assert list(model.col_cost_) == [-1, -1]


def test_a_sum_counts_every_use_of_what_is_chosen() -> None:
    asked = program((1, 1), Row((10, -16)), Row((0, 3)))
    sums = [row_sums(asked, marks(*one)).tolist() for one in ((0, 0), (1, 0), (1, 1))]
    assert sums == [[0, 0], [10, 0], [-6, 3]]


class Told(SimpleNamespace):
    """A solver that has ended so."""

    def getModelStatus(self) -> object:
        return self.status

    def getInfo(self) -> SimpleNamespace:
        return SimpleNamespace(
            primal_solution_status=self.found,
            mip_dual_bound=self.bound,
            objective_function_value=-2_400.0,
        )

    def getSolution(self) -> SimpleNamespace:
        return SimpleNamespace(value_valid=True, col_value=[0.0, 1.0, 3.0], row_dual=[-32.0])

    def getOptionValue(self, name: str) -> tuple[None, float]:
        return None, {"mip_rel_gap": 0.01}[name]


KNOWN = highspy.HighsModelStatus


@pytest.mark.parametrize(
    ("status", "found", "bound", "said", "value", "proved"),
    [
        (KNOWN.kOptimal, 2, -2_600.0, "optimal", 1_200, 1_300),
        (KNOWN.kSolutionLimit, 2, -2_600.0, "bounded", 1_200, 1_300),
        (KNOWN.kOptimal, 2, -np.inf, "optimal", 1_200, 1_212),  # within the gap that was asked
        (KNOWN.kSolutionLimit, 2, -np.inf, "bounded", 1_200, np.inf),
        (KNOWN.kSolutionLimit, 0, -2_600.0, "bounded", -np.inf, 1_300),
        (KNOWN.kInfeasible, 0, 0.0, "infeasible", -np.inf, -np.inf),
        (KNOWN.kUnboundedOrInfeasible, 0, 0.0, "infeasible", -np.inf, -np.inf),
    ],
)
def test_what_a_search_says_is_read_in_whole_units(
    status: object, found: int, bound: float, said: str, value: float, proved: float
) -> None:
    """A unit is two of the solver's, and the row stands at a sixteenth of its size."""
    told, scale = Told(status=status, found=found, bound=bound), np.array([1 / 16])
    missed = np.array([0])
    read = _read(told, EITHER, missed, scale, 2.0, True, 2)
    assert (read.status, read.value, read.bound) == (said, value, pytest.approx(proved))
    assert read.prices.tolist() == [0]
    assert read.short.tolist() == ([48] if found else [0])
    if found:
        relaxed = _read(told, EITHER, missed, scale, 2.0, False, 2)
        assert (relaxed.bound, relaxed.prices.tolist()) == (1_200, [1])


def test_a_relaxation_that_ended_early_bounds_nothing() -> None:
    told = Told(status=KNOWN.kTimeLimit, found=0, bound=0.0)
    read = _read(told, EITHER, np.array([0]), np.array([1.0]), 1.0, False, 2)
    assert (read.status, read.value, read.bound) == ("bounded", -np.inf, np.inf)
    assert read.share.tolist() == [0, 0]
