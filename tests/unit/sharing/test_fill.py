"""Proportions within floors and ceilings, each way of dividing by itself and worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.sharing.fill import (
    LARGEST_TOTAL,
    _below_ceilings,
    _between,
    _bounds_hold,
    fill,
    fill_plainly,
    room,
    split,
)


def column(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


BELOW = [
    (100, (1, 1, 2), (30, 100, 100), (25, 25, 50)),  # nobody meets a ceiling
    (100, (1, 1, 2), (100, 100, 20), (40, 40, 20)),
    (100, (1, 1, 2), (100, 40, 20), (40, 40, 20)),  # one stands on its ceiling to the penny
    (100, (1, 1), (50, 50), (50, 50)),
    (10, (0, 1), (5, 20), (0, 10)),
    (10, (0, 1, 1), (0, 3, 9), (0, 3, 7)),
    (4, (1, 1), (2, 3), (2, 2)),
    (0, (1, 1), (2, 3), (0, 0)),
    (100, (1, 2, 3, 4), (5, 100, 10, 100), (5, 28, 10, 57)),  # 85 as one to two
]


@pytest.mark.parametrize(("total", "weights", "ceilings", "shares"), BELOW)
def test_who_meets_a_ceiling_leaves_the_rest_to_the_others(
    total: int, weights: tuple[int, ...], ceilings: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    found = _below_ceilings(total, column(*weights), column(*ceilings))
    assert found is not None and found.tolist() == list(shares)
    nil = [0] * len(weights)
    plain = fill_plainly(total, weights, nil, ceilings)
    assert plain is not None and plain.tolist() == list(shares)


def test_ceilings_below_the_total_hold_no_division() -> None:
    assert _below_ceilings(4, column(1, 1), column(1, 2)) is None
    assert _below_ceilings(4, column(1, 0), column(3, 9)) is None
    assert fill(4, column(1, 1), None, column(1, 2)) is None


BETWEEN = [
    (100, (1, 1, 2), (0, 30, 0), (100, 100, 20), (40, 40, 20)),
    (100, (1, 1, 2), (60, 0, 0), (100, 100, 100), (60, 13, 27)),  # 40 as one to two
    (100, (1, 1), (0, 0), (50, 50), (50, 50)),
    (100, (1, 1), (50, 0), (50, 90), (50, 50)),
    (100, (0, 1, 1), (10, 0, 50), (10, 100, 100), (10, 40, 50)),
    (100, (1, 3), (20, 0), (30, 70), (30, 70)),
    (90, (1, 1, 1), (10, 40, 0), (20, 90, 90), (20, 40, 30)),
]


@pytest.mark.parametrize(("total", "weights", "floors", "ceilings", "shares"), BETWEEN)
def test_nobody_falls_below_a_floor_or_passes_a_ceiling(
    total: int,
    weights: tuple[int, ...],
    floors: tuple[int, ...],
    ceilings: tuple[int, ...],
    shares: tuple[int, ...],
) -> None:
    given = column(*weights), column(*floors), column(*ceilings)
    by_levels = _between(total, *given)
    assert by_levels is not None and by_levels.tolist() == list(shares)
    whole = fill(total, *given)
    assert whole is not None and whole.tolist() == list(shares)
    plain = fill_plainly(total, weights, floors, ceilings)
    assert plain is not None and plain.tolist() == list(shares)


def test_a_total_that_is_all_the_floors_is_the_floors() -> None:
    found = fill(30, column(1, 5), column(10, 20), column(50, 50))
    assert found is not None and found.tolist() == [10, 20]
    assert fill(29, column(1, 5), column(10, 20), column(50, 50)) is None


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [(10, (1, 1, 1), (4, 3, 3)), (11, (1, 1, 1), (4, 4, 3)), (7, (0, 3, 4), (0, 3, 4))],
)
def test_odd_pennies_go_to_the_largest_remainders_and_then_the_first(
    total: int, weights: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert split(total, column(*weights)).tolist() == list(shares)


def test_the_room_is_from_all_floors_to_what_those_with_a_weight_can_bear() -> None:
    assert room(100, column(1, 0, 2), column(5, 10, 0), column(40, 99, 500)) == (15, 40 + 10 + 100)
    assert room(-5, column(1), column(0), column(40)) == (0, 0)


def test_nothing_is_divided_among_nobody_or_where_the_sum_is_out_of_reach() -> None:
    assert fill(1, column()) is None
    assert fill(-1, column(1)) is None
    assert fill(LARGEST_TOTAL, column(1)) is None
    assert fill(0, column(1, 1)) is not None
    assert fill(5, column(0, 0)) is None


@pytest.mark.parametrize(
    ("low", "high", "on_floor", "on_ceiling", "holds"),
    [
        # ten for each part of the weight: 10, 20 and 30 without a bound
        (0, 20, False, True, True),
        (0, 21, False, True, False),
        (0, 19, False, True, True),
        (20, 99, True, False, True),
        (19, 99, True, False, False),
        (21, 99, True, False, True),
        (0, 99, False, False, True),
    ],
)
def test_one_stands_on_a_bound_only_if_its_part_would_pass_it(
    low: int, high: int, on_floor: bool, on_ceiling: bool, holds: bool
) -> None:
    found = _bounds_hold(
        40,
        4,
        column(1, 2, 3),
        column(0, low, 0),
        column(99, high, 99),
        np.array([False, on_floor, False]),
        np.array([False, on_ceiling, False]),
    )
    assert found is holds
