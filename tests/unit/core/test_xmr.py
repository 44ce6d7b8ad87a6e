"""XmR limits and the four rules, against examples worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.xmr import RULES, xmr


def test_limits_by_hand() -> None:
    # mean 40 / 4 = 10; moving ranges 2, 4, 2: mean 8 / 3; limits 10 -+ 2.66 x 8 / 3
    chart = xmr([10, 12, 8, 10])
    assert chart is not None
    assert chart.mean == 10
    assert chart.moving_ranges == (None, 2, 4, 2)
    assert chart.mean_range == pytest.approx(8 / 3)
    assert chart.upper == pytest.approx(17.0933, abs=1e-4)
    assert chart.lower == pytest.approx(2.9067, abs=1e-4)
    assert chart.range_upper == pytest.approx(3.267 * 8 / 3)
    assert chart.special == (False,) * 4
    assert chart.provisional


def test_a_wild_month_does_not_widen_its_own_limits() -> None:
    # ranges 2,2,2,2,2,2,2,2,50,50: mean 11.6, limit 37.9: the two of 50 are left out, mean 2
    values = [10, 12, 10, 12, 10, 12, 10, 12, 10, 60, 10]
    screened, plain = xmr(values), xmr(values, screen_outliers=False)
    assert screened is not None and plain is not None
    assert screened.mean_range == 2
    assert plain.mean_range == pytest.approx(11.6)
    assert 9 in screened.where("point")


def test_point_outside_needs_to_pass_the_limit_itself() -> None:
    # baseline 0, 2, 0, 2: mean 1, range 2, limits 1 -+ 5.32
    inside, outside = xmr([0, 2, 0, 2, 6.32], baseline=4), xmr([0, 2, 0, 2, 6.33], baseline=4)
    assert inside is not None and inside.where("point") == ()
    assert outside is not None and outside.where("point") == (4,)


def test_shift_needs_seven_on_one_side() -> None:
    base = [0, 2, 0, 2]
    six = xmr([*base, *[1.5] * 6, 0], baseline=4)
    seven = xmr([*base, 0, *[1.5] * 7, 0], baseline=4)
    broken = xmr([*base, 0, *[1.5] * 6, 1, 1.5, 0], baseline=4)
    # the last of the base (2) is above the mean too, so six more make seven
    assert six is not None and six.where("shift") == (3, 4, 5, 6, 7, 8, 9)
    assert seven is not None and seven.where("shift") == (5, 6, 7, 8, 9, 10, 11)
    assert broken is not None and broken.where("shift") == ()


def test_trend_needs_seven_points_that_each_rise() -> None:
    six = xmr([5, 1, 2, 3, 4, 5, 6, 1])
    seven = xmr([5, 1, 2, 3, 4, 5, 6, 7, 1])
    level = xmr([1, 2, 3, 3, 4, 5, 6])
    falling = xmr([7, 6, 5, 4, 3, 2, 1])
    assert six is not None and six.where("trend") == ()
    assert seven is not None and seven.where("trend") == (1, 2, 3, 4, 5, 6, 7)
    assert level is not None and level.where("trend") == ()
    assert falling is not None and falling.where("trend") == tuple(range(7))


def test_two_in_three_near_one_limit() -> None:
    # mean 1, reach 5.32, two thirds of it 3.547: beyond 4.547 is near the upper limit
    near = xmr([0, 2, 0, 2, 5, 1.5, 5], baseline=4)
    crossed = xmr([0, 2, 0, 2, 5, 0.5, 5], baseline=4)
    opposite = xmr([0, 2, 0, 2, 5, -3, 1.5], baseline=4)
    assert near is not None and near.where("two_in_three") == (4, 6)
    assert crossed is not None and crossed.where("two_in_three") == ()
    assert opposite is not None and opposite.where("two_in_three") == ()


def test_a_flat_series_has_no_news_and_one_point_has_no_chart() -> None:
    flat = xmr([3] * 20)
    assert flat is not None
    assert (flat.lower, flat.upper, any(flat.special), flat.provisional) == (3, 3, False, False)
    assert xmr([3]) is None
    assert xmr([]) is None


def test_one_move_alone_is_not_dropped_from_its_limits() -> None:
    # eight months of 54 and one of 42: mean 474 / 9; ranges seven of 0 and one of 12, mean 1.5.
    # 12 is over 3.267 x 1.5, but without it nothing moves: it stays, limits 52.67 -+ 2.66 x 1.5
    chart = xmr([54] * 8 + [42])
    assert chart is not None
    assert chart.mean_range == 1.5
    assert (chart.lower, chart.upper) == pytest.approx((48.6767, 56.6567), abs=1e-4)
    assert chart.where("point") == (8,) and chart.where("two_in_three") == ()


@given(st.floats(-1e6, 1e6), st.integers(2, 30))
def test_equal_to_the_mean_is_never_news(value: float, many: int) -> None:
    chart = xmr([value] * many)
    assert chart is not None and chart.mean == value and not any(chart.special)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=12).filter(lambda v: len(set(v)) > 1))
def test_what_moves_has_limits_with_width(values: list[int]) -> None:
    chart = xmr(values)
    assert chart is not None and chart.lower < chart.mean < chart.upper


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=40))
def test_turning_the_sign_turns_the_chart(values: list[int]) -> None:
    chart, turned = xmr(values), xmr([-value for value in values])
    assert chart is not None and turned is not None
    assert turned.rules == chart.rules
    assert turned.upper == -chart.lower
    assert all(set(names) <= set(RULES) for names in chart.rules)
