"""Each policy by hand in whole pence: nil, one payer, bounds that meet, what is short or too much."""

from __future__ import annotations

import pytest

from controltotal.sharing.fairness import compare
from controltotal.sharing.policy import (
    Payer,
    Payers,
    Terms,
    deprivation_weights,
    divide,
)


def pair(first: dict[str, object], second: dict[str, object]) -> Payers:
    common: dict[str, object] = {"allocation": 100, "distance": 0, "headroom": 50}
    return Payers.of(
        [Payer("A", **(common | first)), Payer("B", **(common | second))]  # type: ignore[arg-type]
    )


def borne(policy: str, gap: int, payers: Payers, **terms: object) -> list[int | None]:
    told = Terms(**terms)  # type: ignore[arg-type]
    return list(divide(policy, gap, payers, told).by_code().values())


@pytest.mark.parametrize("policy", ["top_slice", "equal_call", "distance_from_target", "headroom"])
def test_nil_is_divided_into_nil_and_one_payer_bears_all(policy: str) -> None:
    assert borne(policy, 0, pair({}, {})) == [0, 0]
    one = Payers.of([Payer("A", allocation=100, distance=20, headroom=50)])
    assert borne(policy, 7, one) == [7]


def test_a_gap_below_nil_has_no_answer_and_nobody_pays_it() -> None:
    found = divide("top_slice", -1, pair({}, {}))
    assert (found.pence, found.reason) == (None, "the gap must be nil or more")
    nobody = divide("top_slice", 5, Payers.of([]))
    assert (nobody.pence, nobody.short, nobody.unknown) == (None, 5, "not_possible")


def test_raised_nationally_nobody_bears_it() -> None:
    found = divide("raise_nationally", 9, pair({}, {}))
    assert (found.by_code(), found.above, found.unknown) == ({"A": 0, "B": 0}, 9, "")


def test_neighbours_pay_only_where_they_are_named() -> None:
    assert borne("neighbour_support", 5, pair({}, {}), neighbours=True) == [3, 2]
    found = divide("neighbour_support", 5, pair({}, {}))
    assert (found.reason, found.unknown) == ("no neighbours were named as givers", "not_stated")


def test_headroom_is_the_most_that_each_can_bear() -> None:
    two = pair({"headroom": 30}, {"headroom": 10})
    assert borne("headroom", 20, two) == [15, 5]
    assert borne("headroom", 40, two) == [30, 10]
    over = divide("headroom", 41, two)
    assert (over.pence, over.short, over.unknown) == (None, 1, "not_possible")
    assert borne("headroom", 6, pair({"headroom": 30}, {"headroom": -5})) == [6, 0]


def test_those_above_their_fair_share_pay_first_and_the_rest_is_a_top_slice() -> None:
    """A is 20 above its target, B 10 below: of 30 A pays 20 and then they pay 5 each."""
    two = pair({"distance": 20}, {"distance": -10})
    assert borne("distance_from_target", 19, two) == [19, 0]
    assert borne("distance_from_target", 20, two) == [20, 0]
    assert borne("distance_from_target", 22, two) == [21, 1]
    assert borne("distance_from_target", 30, two) == [25, 5]
    assert borne("distance_from_target", 10, pair({}, {})) == [5, 5]


def test_a_floor_that_is_its_ceiling_is_what_is_paid() -> None:
    held = pair({"floor": 5, "ceiling": 5}, {})
    assert borne("distance_from_target", 12, held) == [5, 7]
    assert borne("equal_call", 12, held) == [5, 7]
    crossed = pair({"floor": 6, "ceiling": 5}, {})
    for policy in ("distance_from_target", "equal_call"):
        found = divide(policy, 12, crossed)
        assert (found.pence, found.crossed, found.unknown) == (None, ("A",), "contradicted")


def test_floors_are_paid_before_and_ceilings_stop_the_rest() -> None:
    assert borne("distance_from_target", 30, pair({"distance": 20, "floor": 4}, {"floor": 4})) == [
        23,
        7,
    ]
    low = pair({"distance": 20, "ceiling": 21}, {"ceiling": 3})
    assert borne("distance_from_target", 24, low) == [21, 3]
    over = divide("distance_from_target", 30, low)
    assert (over.pence, over.short) == (None, 6)
    floors = divide("equal_call", 5, pair({"floor": 4}, {"floor": 4}))
    assert (floors.pence, floors.excess, floors.unknown) == (None, 3, "not_possible")


def test_a_cap_cuts_off_what_the_others_then_bear() -> None:
    two = pair({"allocation": 3_000}, {"allocation": 1_000})
    assert borne("capped", 20, two) == [15, 5]
    assert borne("capped", 40, two) == [30, 10]
    assert divide("capped", 41, two).short == 1
    assert borne(
        "capped", 30, pair({"allocation": 3_000, "ceiling": 22}, {"allocation": 1_000})
    ) == [
        22,
        8,
    ]
    assert borne("capped", 60, two, cap_share=0.05) == [45, 15]


def test_the_largest_share_of_allocation_is_as_small_as_headroom_lets_it() -> None:
    assert borne("max_min_fair", 40, pair({"headroom": 10}, {})) == [10, 30]
    assert borne("max_min_fair", 15, pair({"headroom": 10}, {})) == [8, 7]


def test_a_slice_is_lighter_where_more_people_are_deprived() -> None:
    """Shares of 10 % and 30 % against their mean of 20 %: weights of 1 + 0.5 and 1 - 0.5."""
    two = pair({"deprivation": 0.1}, {"deprivation": 0.3})
    assert deprivation_weights(two, Terms(strength=1.0)).tolist() == [150, 50]
    assert deprivation_weights(two, Terms(strength=0.0)).tolist() == [100, 100]
    assert deprivation_weights(two, Terms(strength=4.0)).tolist() == [300, 0]
    nobody = pair({"deprivation": 0.0}, {"deprivation": 0.0})
    assert deprivation_weights(nobody, Terms()).tolist() == [100, 100]
    assert borne("deprivation_weighted", 20, two, strength=1.0) == [15, 5]


def test_savings_not_yet_in_the_plan_are_the_most_that_can_be_called_on() -> None:
    two = pair({"opportunity": 30}, {"opportunity": -5})
    assert borne("rapid_savings", 12, two) == [12, 0]
    assert divide("rapid_savings", 31, two).short == 1


def test_what_a_policy_lacks_is_told_by_payer() -> None:
    found = divide("headroom", 5, pair({"headroom": None}, {}))
    assert (found.pence, found.missing, found.unknown) == (None, {"headroom": ("A",)}, "not_stated")
    assert found.by_code() == {"A": None, "B": None}
    below = divide("top_slice", 5, pair({"allocation": -1}, {}))
    assert below.reason == "an allocation is below nil"


def test_a_payer_is_named_once() -> None:
    with pytest.raises(ValueError, match="named twice"):
        Payers.of([Payer("A"), Payer("A")])


# -- what each policy is best and worst at ---------------------------------------------------------

HEADS = "smallest largest burden a head"
PUSHED = "fewest pushed below their control total"
INDEX = "least borne by the deprived (concentration index)"


def test_policies_are_compared_criterion_by_criterion() -> None:
    rows = [
        {"policy": "a", "largest_per_head": 3.0, "below_control_total": 0, "index": 0.1},
        {"policy": "b", "largest_per_head": 1.0, "below_control_total": 2, "index": -0.1},
        {"policy": "c", "largest_per_head": 2.0, "below_control_total": 0, "index": None},
    ]
    assert compare(rows) == [
        {"policy": "a", "best_at": f"{PUSHED}; {INDEX}", "worst_at": HEADS},
        {"policy": "b", "best_at": HEADS, "worst_at": f"{PUSHED}; {INDEX}"},
        {"policy": "c", "best_at": PUSHED, "worst_at": ""},
    ]


def test_one_policy_or_equal_ones_are_best_at_nothing() -> None:
    one = [{"policy": "a", "index": 0.1}]
    assert compare(one) == [{"policy": "a", "best_at": "", "worst_at": ""}]
    two = [{"policy": "a", "index": 0.1}, {"policy": "b", "index": 0.1}]
    assert {(row["best_at"], row["worst_at"]) for row in compare(two)} == {("", "")}
    assert compare([]) == []
