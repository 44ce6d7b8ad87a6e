"""A program without a scheme to choose, by hand: what is asked for is missed, and at what price."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.savings.portfolio.matrix import NO_LIMIT
from controltotal.savings.portfolio.solver import Program, Solved, solve


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
    assert nothing((5, NO_LIMIT), row).status == "infeasible" or row[1] >= 0
    assert nothing((5, NO_LIMIT), penalty=None).status == "infeasible"
