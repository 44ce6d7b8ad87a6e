"""Who pays for whom where two bodies are alike, and where a measure lacks."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.sharing.equity import Body, deprived_beside_others, per_head, who_pays_for_whom


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
