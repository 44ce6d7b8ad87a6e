"""Plain methods after four months of 10, 10, 10 and 16, of which 3 in the last come once."""

from __future__ import annotations

import pytest

from controltotal.outlook.methods import (
    METHODS,
    Months,
    phased_plan,
    plan_plus_variance,
    run_rate,
    straight_line,
)
from controltotal.outlook.run_rate import Ask, ask

FOUR = Months(
    {1: 10, 2: 10, 3: 10, 4: 16}, {month: month for month in range(1, 13)}, {4: 3}, income=50
)


def test_each_method_to_the_year_s_end_and_to_another_month() -> None:
    assert straight_line(FOUR) == 46 * 3
    assert straight_line(FOUR, 6) == 69
    assert run_rate(FOUR) == 46 + 8 * 11  # 10, 10 and 13 are 11 a month
    assert run_rate(FOUR, 6) == 46 + 22
    assert phased_plan(FOUR) == 46 + (78 - 10)
    assert phased_plan(FOUR, 6) == 46 + 5 + 6
    assert plan_plus_variance(FOUR) == 78 + 36 * 3
    assert plan_plus_variance(FOUR, 6) == 21 + 54


def test_a_run_rate_of_fewer_than_three_months_is_of_those() -> None:
    assert run_rate(Months({1: 4, 2: 8})) == 12 + 60
    assert run_rate(Months({1: 4})) == 48


def test_without_months_or_a_plan_nothing_is_told() -> None:
    assert {name: method(Months({}), 12) for name, method in METHODS.items()} == dict.fromkeys(
        METHODS
    )
    no_plan = Months({1: 4})
    assert (phased_plan(no_plan), plan_plus_variance(no_plan)) == (None, None)
    assert phased_plan(Months({}, FOUR.plan)) is None


def test_a_year_as_it_was_known_after_a_month() -> None:
    assert FOUR.upto(2) == Months({1: 10, 2: 10}, FOUR.plan, FOUR.once, 50)


@pytest.mark.parametrize(
    ("actual", "total", "found"),
    [
        ({}, -100, None),
        (dict.fromkeys(range(1, 13), 1), -100, None),
        ({1: -30, 2: -30}, -160, Ask(-10, -30, 1 / 3)),
        ({1: -30}, 80, Ask(10, -30, None)),  # the signs differ
        ({1: 30}, -80, Ask(-10, 30, None)),
        ({1: 0}, 110, Ask(10, 0, None)),
        ({1: 5}, 5, Ask(0, 5, 0.0)),
        (dict.fromkeys(range(1, 12), -1), -31, Ask(-20, -1, 20.0)),
    ],
)
def test_what_the_months_left_must_bring(
    actual: dict[int, int], total: int, found: Ask | None
) -> None:
    assert ask(actual, total) == found
