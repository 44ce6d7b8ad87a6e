"""What a portfolio can prove, by hand: what one more unit is worth, why each was left out, what conflicts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controltotal.savings.portfolio import certificate
from controltotal.savings.portfolio.certificate import bindings, bound_for, conflicts, reasons
from controltotal.savings.portfolio.engine import Chosen, choose
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving

M = 10_000_000
"""£100 thousand, one unit of money by which a limit is eased."""
YEAR = "2026-27"
Q, R = frozenset({"QAA"}), frozenset({"RAA"})


def scheme(code: str, saves: int, **more: Any) -> Candidate:
    """A scheme of QAA that starts in April and saves so many units in the year."""
    starts = more.pop("starts", (1,))
    body = more.pop("body", "QAA")
    return Candidate(code, body, starts, (Saving(body, YEAR, (saves * M,) * len(starts)),), **more)


def demand(kind: str, label: str, bodies: frozenset[str] = Q, **more: Any) -> Demand:
    return Demand(kind, label, "QAA", YEAR, bodies, **more)


def chosen(
    *candidates: Candidate, demands: tuple[Demand, ...] = (), asked: str = "saving", **more: Any
) -> Chosen:
    return choose(Problem(candidates, demands, **more), (asked,))


EASED = [
    (
        demand("investment", "purse", upper=10 * M, month=1),
        {"investment": 10 * M},
        {"investment": M},
        "£100 thousand more",
    ),
    (
        demand("harm_ceiling", "harm", upper=5),
        {"harm": 5},
        {"harm": 1},
        "one more point of residual harm",
    ),
    (
        demand("capacity_wte", "people", upper=1000, month=1),
        {"wte_thousandths": 1000},
        {"wte_thousandths": 1000},
        "one more whole-time equivalent",
    ),
]


@pytest.mark.parametrize(("limit", "of_a", "of_b", "unit"), EASED)
def test_one_more_unit_is_worth_the_scheme_that_then_fits(
    limit: Demand, of_a: dict[str, int], of_b: dict[str, int], unit: str
) -> None:
    """A saves 70 and uses all there is; with one more unit B fits as well and saves 5."""
    found = chosen(scheme("A", 70, **of_a), scheme("B", 5, **of_b), demands=(limit,))
    assert dict(found.choice) == {"A": 0}
    (bound,) = bindings(found)
    assert (bound.demand, bound.used, bound.short) == (limit, found.counted.sums[0], 0)
    assert (bound.worth, bound.unit, bound.worth_of) == (5 * M, unit, "objective")
    assert bound.method == "solved again with one more unit"
    why = f"adding it would break {limit.label}; what stands there is worth more"
    assert reasons(found) == {"B": why}


def test_a_limit_that_everything_fits_under_binds_nothing() -> None:
    roomy = demand("investment", "purse", upper=11 * M, month=1)
    both = (scheme("A", 70, investment=10 * M), scheme("B", 5, investment=M))
    found = chosen(*both, demands=(roomy,))
    assert set(found.choice) == {"A", "B"}
    assert bindings(found) == [] and reasons(found) == {}


def test_a_ceiling_of_savings_is_eased_by_a_sum_and_a_share_by_a_point() -> None:
    ceiling = demand("saving_ceiling", "ceiling", upper=70 * M)
    (bound,) = bindings(chosen(scheme("A", 70), scheme("B", 1), demands=(ceiling,)))
    assert (bound.worth, bound.unit) == (M, "£100 thousand more")
    # RAA bears half at most: 61 of 121 is too much, and within one point of it
    half = demand("share_of_burden", "half", R, share=(1, 2), share_of=Q | R, upper=0)
    found = chosen(scheme("A", 60), scheme("B", 61, body="RAA"), demands=(half,))
    assert dict(found.choice) == {"A": 0}
    (bound,) = bindings(found)
    assert (bound.worth, bound.unit) == (61 * M, "one more percentage point")
    money = demand("share_of_burden", "sum", upper=70 * M)
    (bound,) = bindings(chosen(scheme("A", 70), scheme("B", 1), demands=(money,)))
    assert (bound.worth, bound.unit) == (M, "£100 thousand more")


def test_where_a_floor_is_missed_the_worth_is_shortfall_avoided() -> None:
    floor = demand("saving_floor", "floor", lower=100 * M)
    purse = demand("investment", "purse", upper=10 * M, month=1)
    found = chosen(
        scheme("A", 70, investment=10 * M),
        scheme("B", 5, investment=M),
        demands=(floor, purse),
    )
    assert found.shortfall == 30 * M
    (bound,) = bindings(found)  # asking less is no remedy: the floor is not among them
    assert (bound.demand.label, bound.worth, bound.worth_of) == ("purse", 5 * M, "shortfall")
    why = "adding it would break purse; what stands there is worth more"
    assert reasons(found) == {"B": why}  # it makes the floor no worse


@pytest.mark.parametrize(("name", "value"), [("EXACT_COLUMNS", 1), ("AGAIN_MOST", 0)])
def test_of_a_large_problem_the_worth_is_the_price_in_the_relaxed_one(
    name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a part of B would fit: 5 for each unit of money."""
    monkeypatch.setattr(certificate, name, value)
    purse = demand("investment", "purse", upper=10 * M, month=1)
    found = chosen(
        scheme("A", 70, investment=10 * M), scheme("B", 5, investment=M), demands=(purse,)
    )
    (bound,) = bindings(found)
    assert bound.method == "price in the relaxed problem"
    assert bound.worth == bound.price > 0


def test_the_highest_price_comes_first() -> None:
    limits = (
        demand("harm_ceiling", "harm", upper=1),
        demand("investment", "purse", R, upper=M, month=1),
    )
    found = chosen(
        scheme("A", 2, harm=1),
        scheme("B", 2, harm=1),
        scheme("C", 9, body="RAA", investment=M),
        scheme("D", 9, body="RAA", investment=M),
        demands=limits,
    )
    assert [(one.demand.label, one.worth) for one in bindings(found)] == [
        ("purse", 9 * M),
        ("harm", 2 * M),
    ]


def test_why_a_scheme_was_left_out() -> None:
    pairs = frozenset({frozenset({"A", "B"}), frozenset({"C", "B"})})
    found = chosen(
        scheme("A", 70),
        scheme("B", 5),
        scheme("C", 60),
        scheme("E", 4),
        scheme("F", 0),
        scheme("R", 9, starts=(5,)),
        scheme("H", 1),
        excludes=pairs,
        requires={"E": ("gone",), "H": ("R",)},
    )
    assert reasons(found) == {
        "B": "it and A and C, which are chosen, exclude each other",
        "E": "it requires gone, which was not chosen",
        "F": "it is worth nothing to the system as a whole in the years asked about",
        "H": "it cannot start before a scheme that it requires",
    }
    alone = chosen(scheme("A", 70), scheme("B", 5), excludes=pairs)
    assert reasons(alone) == {"B": "it and A, which is chosen, exclude each other"}
    none = replace(alone, choice={})
    assert reasons(none)["B"] == (
        "it would fit and add £500 thousand, within the gap that is left unproved"
    )


def test_a_scheme_that_fits_and_is_not_asked_for() -> None:
    one = scheme("A", 7, harm=3, recurrent=False)
    assert reasons(chosen(one, asked="least_harm"))["A"].startswith(
        "it would worsen what was asked for: least residual harm"
    )
    assert reasons(chosen(one, asked="fewest_schemes"))["A"] == (
        "it would worsen what was asked for: fewest schemes"
    )
    assert reasons(chosen(one, asked="recurrent_saving"))["A"] == (
        "it would add nothing to what was asked for"
    )


@pytest.mark.parametrize(
    ("whole", "named"), [(0, "break, at its earliest start, April"), (1, "break April")]
)
def test_every_start_is_tried_and_that_of_a_whole_scheme_alone(whole: int, named: str) -> None:
    months = tuple(
        demand("capacity_wte", label, upper=0, month=month)
        for label, month in (("April", 1), ("October", 7))
    )
    one = scheme("A", 7, starts=(1, 7), wte_thousandths=1000, whole=whole)
    found = chosen(one, demands=months)
    assert reasons(found)["A"] == f"adding it would {named}; what stands there is worth more"


def test_a_floor_above_all_that_there_is_conflicts_by_itself() -> None:
    floors = (
        demand("saving_floor", "high", lower=80 * M),
        demand("saving_floor", "low", lower=60 * M),
    )
    told, proof = conflicts(chosen(scheme("A", 70), demands=floors))
    assert (told, proof) == (
        [("high",)],
        "more, by itself, than all eligible schemes together can bring",
    )
    assert conflicts(chosen(scheme("A", 70), demands=floors[1:])) == ([], "")


def test_the_smallest_sets_that_cannot_be_kept_together() -> None:
    floor = demand("saving_floor", "floor", lower=60 * M)
    people = tuple(
        demand("capacity_wte", f"people {month}", upper=1000, month=month) for month in (1, 2)
    )
    purse = demand("investment", "purse", upper=5 * M, month=1)
    harm = demand("harm_ceiling", "harm", upper=99)
    a, b = scheme("A", 70, wte_thousandths=2000), scheme("B", 70, investment=10 * M)
    proof = "irreducible: letting any one of them go lifts the conflict"
    two = conflicts(chosen(a, demands=(floor, *people, harm)))
    assert set(two[0][0]) == {"people of QAA, 2026/27", "floor"}
    assert two[1] == f"{proof}; no smaller set conflicts"
    (three,), said = conflicts(chosen(a, b, demands=(floor, *people, purse, harm)))
    assert set(three) == {"people of QAA, 2026/27", "floor", "purse"}
    assert said == proof
    grouped = tuple(replace(one, group="nurses") for one in people)
    nurse = replace(a, groups=frozenset({"Nurses"}))
    (named,), _ = conflicts(chosen(nurse, demands=(floor, *grouped)))
    assert set(named) == {"people of QAA (nurses), 2026/27", "floor"}


def test_no_body_can_save_more_than_its_own_rules_let_it(monkeypatch: pytest.MonkeyPatch) -> None:
    purse = demand("investment", "purse", upper=10 * M, month=1)
    of_all = demand("harm_ceiling", "harm", Q | R, upper=0)
    found = chosen(
        scheme("A", 70, investment=10 * M, harm=1),
        scheme("B", 60, investment=10 * M),
        scheme("C", 50, body="RAA"),
        demands=(purse, of_all),
    )
    assert dict(found.choice) == {"B": 0, "C": 0}
    assert bound_for(found, Q, YEAR) == 60 * M
    assert bound_for(found, R, YEAR) == 50 * M
    assert bound_for(found, Q | R, YEAR) == 110 * M
    assert bound_for(found, Q, "2027-28") == 0
    monkeypatch.setattr(certificate, "PLAIN_BOUND_COLUMNS", 0)
    assert bound_for(found, Q, YEAR) == 130 * M
