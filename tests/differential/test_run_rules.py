"""Run rules over columns agree with the rules one series at a time, and with published cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.xmr import xmr
from controltotal.savings.opportunity.stability import (
    RUN,
    _part_of_run,
    _trend,
    _two_in_three,
    run_rules,
    state_of_gap,
)

SERIES = st.lists(st.integers(-20, 20), min_size=2, max_size=30)


@given(st.lists(SERIES, min_size=1, max_size=4))
def test_columns_agree_with_one_series_at_a_time(many: list[list[int]]) -> None:
    shortest = min(len(one) for one in many)
    block = np.array([one[:shortest] for one in many], dtype=np.float64)
    found = run_rules(block)
    for k, row in enumerate(block):
        chart = xmr(row.tolist())
        assert chart is not None
        assert found.upper[k] == pytest.approx(chart.upper)
        assert found.mean[k] == pytest.approx(chart.mean)
        assert (found.high[k] | found.low[k]).tolist() == list(chart.special)


def test_columns_that_hardly_move_have_the_limits_of_one_series() -> None:
    """Eight of 54 and one of 42, and 0.1 throughout, whose sum is not nine tenths."""
    found = run_rules(np.array([[54.0] * 8 + [42.0], [0.1] * 9]))
    one = xmr([54.0] * 8 + [42.0])
    assert one is not None and found.upper.tolist() == pytest.approx([one.upper, 0.1])
    marked = (found.high | found.low).tolist()
    assert marked == [list(one.special), [False] * 9]


def test_a_trend_is_seven_points_as_published() -> None:
    """Cases of NHSRplotthedots' own tests: 1 to 7 is a trend, 2, 1 to 7, 3 holds one, and a
    repeated value breaks it."""

    def trend(values: list[float]) -> list[bool]:
        return _trend(np.diff(np.array([values])) > 0)[0].tolist()

    assert trend([1, 2, 3, 4, 5, 6, 7]) == [True] * 7
    assert trend([2, 1, 2, 3, 4, 5, 6, 7, 3]) == [False] + [True] * 7 + [False]
    assert trend([1, 2, 3, 3, 4, 5, 6]) == [False] * 7
    assert trend([1, 2, 3, 4, 5, 6]) == [False] * 6


def test_a_shift_is_seven_on_one_side_as_published() -> None:
    """Six on one side are no shift, seven or eight are."""
    sides = np.array([[True] * 6 + [False] * 2, [False] + [True] * 7, [True] * 8])
    assert _part_of_run(sides, RUN).sum(axis=1).tolist() == [0, 7, 8]


def test_two_in_three_must_be_on_one_side_as_published() -> None:
    """Alternating ones, then 5.5 and -5.5: close to opposite limits is no special cause. And of
    three, the two far points are marked, as in the published 0 0 1 0 1 0 0."""
    far = np.array([[False, False, True, False, True, False, False]])
    assert _two_in_three(np.ones((1, 7), dtype=bool), far)[0].tolist() == far[0].tolist()
    values = [1.0, -1.0] * 7 + [5.5, -5.5]
    series = np.array([values])
    distance = series - series.mean()
    for side in (1, -1):
        assert not _two_in_three(side * distance > 0, side * distance > 3.0).any()


def test_limits_worked_by_hand() -> None:
    """Mean 11.4; moving ranges 2, 1, 2, 2 with mean 1.75; limits 11.4 +- 2.66 x 1.75."""
    found = run_rules(np.array([[10.0, 12.0, 11.0, 13.0, 11.0]]))
    assert found.mean[0] == pytest.approx(11.4)
    assert found.upper[0] == pytest.approx(11.4 + 2.66 * 1.75)
    assert found.lower[0] == pytest.approx(11.4 - 2.66 * 1.75)


def test_states_of_a_gap() -> None:
    rng = np.random.default_rng(2)
    steady = 10 + rng.standard_normal(24)
    closing = np.concatenate([steady[:16], [6.0, 5.5, 5, 4.5, 4, 3.5, 3, 2.5]])
    opening = np.concatenate([steady[:16], [14.0, 14.5, 15, 15.5, 16, 16.5, 17, 17.5]])
    states = state_of_gap(np.array([steady, closing, opening]))
    assert states.tolist() == ["stable", "improving", "worsening"]
    assert state_of_gap(np.ones((1, 4))).tolist() == ["too short"]
    absent = steady.copy()
    absent[3] = np.nan
    assert state_of_gap(absent[None, :]).tolist() == ["too short"]
