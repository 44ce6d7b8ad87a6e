"""Burden by deprivation on a few groups: ranks, indices and who pays for whom, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.sharing.equity import (
    Body,
    Ranked,
    by_fifth,
    concentration_index,
    curve,
    deprived_beside_others,
    per_head,
    slope_index,
    who_pays_for_whom,
)


def test_a_giver_as_deprived_as_the_receiver_is_not_more_deprived() -> None:
    receiver = Body("R", 0.2, 20.0)
    who = who_pays_for_whom(receiver, [Body("A", 0.2, 20.0), Body("B", 0.3, 21.0)])
    assert (who.more_deprived_by_score, who.more_deprived_by_fifth) == (1, 1)
    assert (who.agree, who.disputed) == (True, ())
    apart = who_pays_for_whom(receiver, [Body("A", 0.2, 20.1)])
    assert (apart.agree, apart.disputed) == (False, ("A",))


def test_a_measure_that_one_of_them_lacks_counts_nobody() -> None:
    receiver = Body("R", 0.2, 20.0)
    who = who_pays_for_whom(receiver, [Body("A", None, 30.0), Body("B", 0.3, 21.0)])
    assert (who.more_deprived_by_score, who.more_deprived_by_fifth) == (2, None)
    assert (who.agree, who.disputed) == (None, ())
    alone = who_pays_for_whom(Body("R", 0.2, None), [Body("A", 0.3, 30.0)])
    assert (alone.more_deprived_by_score, alone.more_deprived_by_fifth) == (None, 1)
    assert who_pays_for_whom(receiver, []).more_deprived_by_score == 0


def test_a_burden_a_head_needs_a_share_and_people() -> None:
    assert per_head({"A": 500, "B": None, "C": 5, "D": 0}, {"A": 2, "B": 3, "D": 4}) == {
        "A": 2.5,
        "D": 0.0,
    }
    assert per_head({"A": 500}, {"A": 0}) == {}


def test_a_burden_in_pounds_for_each_pound_of_others() -> None:
    people, even = np.array([100.0, 100.0]), np.array([2.0, 2.0])
    deprived = np.array([0.4, 0.1])
    assert deprived_beside_others(people, even, deprived) == 1.0
    heavy = deprived_beside_others(people, np.array([3.0, 1.0]), deprived)
    assert heavy is not None and heavy == pytest.approx((130 / 50) / (270 / 150))
    assert deprived_beside_others(people, even, np.array([0.0, 0.0])) is None, "nobody is deprived"
    assert deprived_beside_others(people, even, np.array([1.0, 1.0])) is None, "nobody is not"
    assert deprived_beside_others(people, np.array([2.0, 0.0]), np.array([1.0, 0.0])) is None


THREE = Ranked.of(np.array([1.0, 2.0, 1.0]), np.array([4.0, 1.0, 2.0]), np.array([3.0, 1.0, 2.0]))
"""Two people at 1 pound, then one at 2, then one at 4: 8 pounds in all."""


def test_people_stand_at_the_middle_of_their_group_from_the_most_deprived_on() -> None:
    assert THREE.people.tolist() == [2, 1, 1]
    assert THREE.burden.tolist() == [1, 2, 4]
    assert THREE.position.tolist() == [0.25, 0.625, 0.875]


def test_groups_of_one_rank_stand_at_the_middle_of_all_of_them() -> None:
    tied = Ranked.of(
        np.array([1.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0]), np.array([1.0, 1.0, 2.0])
    )
    assert tied.position.tolist() == [0.25, 0.25, 0.75]
    assert tied.burden.tolist() == [5, 6, 7]


def test_the_indices_of_three_groups() -> None:
    """Mean burden 2, mean rank 0.5; the covariance is (2 x 0.25 + 0 + 2 x 0.375) / 4 = 0.3125."""
    assert concentration_index(THREE) == pytest.approx(2 * 0.3125 / 2)
    spread = (2 * 0.25**2 + 0.125**2 + 0.375**2) / 4
    assert slope_index(THREE) == pytest.approx(0.3125 / spread)


def test_an_index_needs_a_burden_and_a_slope_two_places() -> None:
    nobody = Ranked.of(np.array([1.0, 1.0]), np.array([0.0, 0.0]), np.array([1.0, 2.0]))
    assert (concentration_index(nobody), slope_index(nobody)) == (None, 0.0)
    assert curve(nobody) == ()
    together = Ranked.of(np.array([1.0, 1.0]), np.array([3.0, 0.0]), np.array([1.0, 1.0]))
    assert (concentration_index(together), slope_index(together)) == (0.0, None)


def test_the_curve_adds_up_people_and_what_they_bear() -> None:
    """Half of the people bear a quarter, three quarters of them a half."""
    assert curve(THREE, points=5) == (
        (0.0, 0.0),
        (0.25, 0.125),
        (0.5, 0.25),
        (0.75, 0.5),
        (1.0, 1.0),
    )
    assert len(curve(THREE)) == 21


def test_fifths_bear_the_mean_of_their_people() -> None:
    people, burden = np.array([1.0, 3.0, 2.0]), np.array([2.0, 4.0, 5.0])
    assert by_fifth(people, burden, np.array([2, 2, 5])) == (None, 3.5, None, None, 5.0)


def test_a_curve_has_six_decimals_and_nothing_to_show_where_nobody_bears() -> None:
    """Of three a head and four, the first half bears three sevenths; a third of it one seventh."""
    people, order = np.array([1.0, 1.0]), np.array([1.0, 2.0])
    found = curve(Ranked.of(people, np.array([3.0, 4.0]), order), points=7)
    assert found[:4] == (
        (0.0, 0.0),
        (0.166667, 0.142857),
        (0.333333, 0.285714),
        (0.5, 0.428571),
    )
    assert len(found) == 7 and found[-1] == (1.0, 1.0)
    assert len(curve(Ranked.of(people, np.array([3.0, 4.0]), order))) == 21
    assert curve(Ranked.of(people, np.array([0.0, 0.0]), order)) == ()
