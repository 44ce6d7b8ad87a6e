"""What one start of a scheme adds to the sum of a demand, by hand; and what a problem makes of what it is given."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.savings.portfolio.problem import (
    OBJECTIVES,
    Candidate,
    Demand,
    Problem,
    Saving,
    count,
    objective_of,
    use,
    worth,
)

Q, R = frozenset({"QAA"}), frozenset({"RAA"})
STARTS = (0, 1, 6, 12, 13)
ONE = Candidate(
    "S",
    "QAA",
    STARTS,
    (Saving("QAA", "Y", (50, 40, 30, 20, 10)), Saving("RAA", "Y", (5, 4, 3, 2, 1))),
    full_year=60,
    to_date=(9, 8, 7, 6, 5),
    investment=700,
    harm=12,
    groups=frozenset({"Day Surgery"}),
    places=frozenset({"North"}),
)


def demand(kind: str, bodies: frozenset[str] = Q, **more: Any) -> Demand:
    return Demand(kind, "", "QAA", "Y", bodies, **more)


@pytest.mark.parametrize(
    "kind", ["control_total", "saving_floor", "saving_ceiling", "special_measures"]
)
def test_a_demand_of_savings_asks_what_its_bodies_gain(kind: str) -> None:
    assert use(ONE, demand(kind)) == (50, 40, 30, 20, 10)
    assert use(ONE, demand(kind, R)) == (5, 4, 3, 2, 1)
    assert use(ONE, demand(kind, Q | R)) == (55, 44, 33, 22, 11)
    assert use(ONE, demand(kind, Q, group="day surgery")) == (50, 40, 30, 20, 10)
    assert use(ONE, demand(kind, Q, group="north")) == (50, 40, 30, 20, 10)
    assert use(ONE, demand(kind, Q, group="South")) == ()


def test_money_to_invest_falls_in_the_twelve_months_from_the_first_of_its_year() -> None:
    assert use(ONE, demand("investment", month=1)) == (0, 700, 700, 700, 0)
    assert use(ONE, demand("investment", month=13)) == (0, 0, 0, 0, 700)
    assert use(ONE, demand("investment", R, month=1)) == ()


def test_harm_is_counted_at_each_start_and_only_at_home() -> None:
    assert use(ONE, demand("harm_ceiling")) == (12,) * 5
    assert use(ONE, demand("harm_ceiling", R)) == ()


def test_an_overlap_takes_what_is_drawn_of_it_or_the_full_year() -> None:
    for kind in ("overlap", "overlap_cut"):
        assert use(ONE, demand(kind)) == (60,) * 5
        drawn = (("S", (1, 2, 3, 4, 5)), ("B", (9,) * 5))
        assert use(ONE, demand(kind, uses=drawn)) == (1, 2, 3, 4, 5)
        assert use(ONE, demand(kind, uses=drawn[1:])) == ()


def test_a_share_of_the_burden_weighs_the_part_against_the_whole() -> None:
    """A quarter at most: four times the part less once the whole."""
    share = {"share": (1, 4), "share_of": Q | R}
    assert use(ONE, demand("share_of_burden", R, **share)) == tuple(
        4 * part - whole for part, whole in zip((5, 4, 3, 2, 1), (55, 44, 33, 22, 11), strict=True)
    )
    elsewhere = use(ONE, demand("share_of_burden", R, group="South", **share))
    assert elsewhere == (-55, -44, -33, -22, -11)  # no part of it, but of the whole
    assert use(ONE, demand("share_of_burden", R)) == (5, 4, 3, 2, 1)  # a sum of money


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="luck"):
        use(ONE, demand("luck"))


def test_a_scheme_that_says_nothing_to_date_adds_nothing_to_an_early_balance() -> None:
    assert objective_of(Candidate("S", "QAA", (1, 2), ()), "earliest_balance") == (0, 0)


def test_what_each_objective_counts() -> None:
    counted = {name: objective_of(ONE, name) for name in OBJECTIVES}
    assert counted == {
        "recurrent_saving": (55, 44, 33, 22, 11),
        "saving": (55, 44, 33, 22, 11),
        "least_harm": (-12,) * 5,
        "fewest_schemes": (-1,) * 5,
        "earliest_balance": (9, 8, 7, 6, 5),
    }
    once = Candidate("T", "QAA", (1,), (Saving("QAA", "Y", (8,)),), recurrent=False)
    assert objective_of(once, "recurrent_saving") == (0,)
    assert objective_of(once, "saving") == (8,)


def test_a_problem_knows_its_pairs_its_members_and_no_scheme_twice() -> None:
    b, a = Candidate("B", "RAA", (1,), ()), Candidate("A", "QAA", (1,), ())
    c = Candidate("C", "RBB", (1,), (Saving("QAA", "Y", (1,)),))
    asked = (demand("saving_floor"), demand("overlap", schemes=frozenset({"B", "C", "gone"})))
    excludes = frozenset({frozenset({"C", "A"}), frozenset({"A"}), frozenset({"A", "gone"})})
    problem = Problem((c, b, a), asked, excludes)
    assert [one.code for one in problem.candidates] == ["A", "B", "C"]
    assert problem.pairs == (("A", "C"),)
    members = dict(zip((d.kind for d in problem.demands), problem.members, strict=True))
    assert [one.code for one in members["saving_floor"]] == ["A", "C"]
    assert [one.code for one in members["overlap"]] == ["B", "C"]
    with pytest.raises(ValueError, match="twice"):
        Problem((a, a))
    assert demand("control_total").elastic and demand("saving_floor").elastic
    assert not demand("saving_ceiling").elastic
    assert demand("share_of_burden").in_money and not demand("harm_ceiling").in_money
    assert not demand("share_of_burden", share_of=R).in_money


@pytest.mark.parametrize(
    ("kind", "lower", "upper", "short", "broken"),
    [
        ("saving_floor", 40, None, 0, False),  # exactly enough
        ("saving_floor", 41, None, 1, False),  # missed: shown as what is missing
        ("special_measures", 40, None, 0, False),
        ("special_measures", 41, None, 0, True),  # one that may not be missed
        ("saving_ceiling", None, 40, 0, False),
        ("saving_ceiling", None, 39, 0, True),
    ],
)
def test_a_sum_on_its_limit_keeps_it_and_a_penny_more_does_not(
    kind: str, lower: int | None, upper: int | None, short: int, broken: bool
) -> None:
    limit = Demand(kind, "the limit", "QAA", "Y", Q, lower=lower, upper=upper)
    other = Candidate("T", "RAA", (1,), (Saving("RAA", "Y", (9,)),))
    counted = count(Problem((ONE, other), (limit,)), {"S": 1, "T": 0})
    assert (counted.sums, counted.shortfall) == ((40,), short)
    assert counted.broken == (("the limit",) if broken else ())


def test_what_excludes_what_and_what_must_come_first() -> None:
    a, b = (Candidate(code, "QAA", (1, 4), (), to_date=(7, 3)) for code in "AB")
    apart = Problem((a, b), excludes=frozenset({frozenset({"A", "B"})}))
    assert count(apart, {"A": 0, "B": 0}).broken == ("A excludes B",)
    assert count(apart, {"A": 0}).broken == count(apart, {"B": 0}).broken == ()
    after = Problem((a, b), requires={"B": ("A",)})
    assert count(after, {"A": 1, "B": 1}).broken == ()  # both start in the same month
    assert count(after, {"A": 0}).broken == ()
    assert worth(after, {"A": 1, "B": 0}, "earliest_balance") == 3 + 7
