"""Sums that run evenly and instalments, by hand: nil, one part, a half penny and a sum below nil."""

from __future__ import annotations

import pytest

from controltotal.core.money import apportion, evenly, instalments


@pytest.mark.parametrize(
    ("pence", "parts", "each"),
    [
        (0, 3, [0, 0, 0]),
        (5, 1, [5]),
        (1, 2, [1, 0]),  # a half penny is run as a penny
        (3, 2, [2, 1]),
        (1, 3, [0, 1, 0]),  # 1/3 is nil so far, 2/3 is one
        (2, 3, [1, 0, 1]),
        (-1, 2, [-1, 0]),
        (-2, 3, [-1, 0, -1]),
        (7, 7, [1] * 7),
    ],
)
def test_what_runs_evenly_has_run_its_share_to_the_nearest_penny(
    pence: int, parts: int, each: list[int]
) -> None:
    assert evenly(pence, parts) == each


@pytest.mark.parametrize(
    ("pence", "parts", "each"),
    [(0, 2, [0, 0]), (5, 1, [5]), (5, 3, [2, 2, 1]), (-5, 3, [-2, -2, -1]), (2, 4, [1, 1, 0, 0])],
)
def test_the_earlier_instalments_carry_the_odd_pennies(
    pence: int, parts: int, each: list[int]
) -> None:
    assert instalments(pence, parts) == each


@pytest.mark.parametrize("divide", [evenly, instalments])
def test_a_sum_has_one_part_at_least(divide) -> None:
    assert divide(1, 1) == [1]
    with pytest.raises(ValueError, match="at least one"):
        divide(1, 0)


def test_weights_of_nil_bear_nothing_and_cannot_all_be_nil() -> None:
    assert apportion(3, {"A": 0, "B": 1}) == {"A": 0, "B": 3}
    assert apportion(3, {"B": 1, "A": 1}) == {"B": 1, "A": 2}  # the odd penny by code
    assert apportion(10, {"A": 1, "B": 2}) == {"A": 3, "B": 7}  # to the largest remainder
    assert apportion(-10, {"A": 1, "B": 2}) == {"A": -3, "B": -7}
    assert apportion(-1, {"B": 1, "A": 1}) == {"B": 0, "A": -1}
    assert apportion(0, {"A": 1}) == {"A": 0}
    with pytest.raises(ValueError, match="all be nil"):
        apportion(3, {"A": 0})
    with pytest.raises(ValueError, match="nil or more"):
        apportion(3, {"A": -1, "B": 2})
