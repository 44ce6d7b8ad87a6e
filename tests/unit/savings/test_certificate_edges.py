"""What a certificate proves at its edges: one unit and no more of each limit, and how large is large."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from controltotal.savings.portfolio import certificate
from controltotal.savings.portfolio.certificate import bindings, bound_for, conflicts, reasons
from controltotal.savings.portfolio.engine import Chosen, choose
from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving
from controltotal.savings.portfolio.solver import Solved

M = 10_000_000
"""£100 thousand, one unit of money by which a limit is eased."""
YEAR = "2026-27"
Q, R = frozenset({"QAA"}), frozenset({"RAA"})


def scheme(code: str, saves: int, other: int = 0, **more: Any) -> Candidate:
    """One that starts in April and saves so many units at QAA, and some at RAA."""
    savings = (Saving("QAA", YEAR, (saves * M,)), Saving("RAA", YEAR, (other * M,)))
    return Candidate(code, "QAA", (1,), savings[: 2 if other else 1], **more)


def demand(kind: str, bodies: frozenset[str] = Q, **more: Any) -> Demand:
    return Demand(kind, kind, "QAA", YEAR, bodies, **more)


def chosen(*candidates: Candidate, demands: tuple[Demand, ...], asked: str = "saving") -> Chosen:
    return choose(Problem(candidates, demands), (asked,))


@pytest.mark.parametrize(
    ("limit", "asked", "given", "worth"),
    [
        # one more unit lets B in beside A; C, of more worth, would need two
        (
            demand("investment", upper=10 * M, month=1),
            "saving",
            [
                scheme("A", 70, investment=10 * M),
                scheme("B", 5, investment=M),
                scheme("C", 9, investment=2 * M),
            ],
            5 * M,
        ),
        (
            demand("harm_ceiling", upper=5),
            "saving",
            [scheme("A", 70, harm=5), scheme("B", 5, harm=1), scheme("C", 9, harm=2)],
            5 * M,
        ),
        (
            demand("capacity_wte", upper=3_000, month=1),
            "saving",
            [
                scheme("A", 70, wte_thousandths=3_000),
                scheme("B", 5, wte_thousandths=1_000),
                scheme("C", 9, wte_thousandths=1_001),
            ],
            5 * M,
        ),
        (
            demand("saving_ceiling", upper=70 * M),
            "saving",
            [scheme("A", 70), scheme("B", 1), scheme("C", 2)],
            M,
        ),
        (
            demand("overlap", upper=70 * M, schemes=frozenset("ABC")),
            "saving",
            [
                scheme("A", 70, full_year=70 * M),
                scheme("B", 5, full_year=M),
                scheme("C", 9, full_year=2 * M),
            ],
            5 * M,
        ),
        # what is asked for is one unit less: B, of two points of harm less, would do; C needs two
        (
            demand("saving_floor", lower=70 * M),
            "least_harm",
            [scheme("A", 70, harm=9), scheme("B", 69, harm=7), scheme("C", 68, harm=3)],
            2,
        ),
        (
            demand("control_total", lower=70 * M),
            "least_harm",
            [scheme("A", 70, harm=9), scheme("B", 69, harm=7), scheme("C", 68, harm=3)],
            2,
        ),
        # RAA may lose one unit: B is worth 4 to all, C would cost RAA two
        (
            demand("special_measures", R, lower=0),
            "saving",
            [scheme("A", 70), scheme("B", 5, -1), scheme("C", 9, -2)],
            4 * M,
        ),
    ],
)
def test_one_unit_of_a_limit_is_worth_what_it_lets_in_and_not_what_two_would(
    limit: Demand, asked: str, given: list[Candidate], worth: int
) -> None:
    found = chosen(*given, demands=(limit,), asked=asked)
    assert dict(found.choice) == {"A": 0}
    (bound,) = bindings(found)
    assert (bound.worth, bound.worth_of) == (worth, "objective")
    assert bound.method == "solved again with one more unit"


PURSE = demand("investment", upper=15, month=1)
HALVES = (scheme("A", 100, investment=10), scheme("B", 100, investment=10))


def test_a_problem_of_just_the_largest_small_size_is_proved_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The purse holds one and a half of two; a floor of 120 needs both, or a half of one."""
    floor = demand("saving_floor", lower=120 * M)
    short = chosen(*HALVES, demands=(floor, PURSE))
    whole = chosen(*HALVES, demands=(PURSE,))
    monkeypatch.setattr(certificate, "EXACT_COLUMNS", 2)
    (told,), proof = conflicts(short)
    assert set(told) == {"saving_floor", "investment"}
    assert proof.endswith("no smaller set conflicts")
    assert [one.method for one in bindings(whole)] == ["solved again with one more unit"]
    monkeypatch.setattr(certificate, "EXACT_COLUMNS", 1)
    assert conflicts(short) == (
        [("saving_floor",)],
        "those that are missed; not reduced further",
    )
    assert [one.method for one in bindings(whole)] == ["price in the relaxed problem"]


def test_only_the_limits_of_the_highest_prices_are_solved_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = (
        demand("harm_ceiling", upper=1),
        demand("investment", R, upper=M, month=1),
    )
    owned = {"organisation": "RAA", "starts": (1,), "investment": M}
    given = [Candidate(c, savings=(Saving("RAA", YEAR, (9 * M,)),), **owned) for c in "CD"]
    found = choose(
        Problem((scheme("A", 2, harm=1), scheme("B", 2, harm=1), *given), limits), ("saving",)
    )
    monkeypatch.setattr(certificate, "AGAIN_MOST", 1)
    assert [(one.demand.kind, one.method) for one in bindings(found)] == [
        ("investment", "solved again with one more unit"),
        ("harm_ceiling", "price in the relaxed problem"),
    ]


def test_a_worth_that_takes_too_long_to_prove_is_the_price_and_so_are_all_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = (demand("harm_ceiling", upper=1), demand("investment", upper=M, month=1))
    given = [scheme(c, 2, harm=n, investment=(1 - n) * M) for n, c in enumerate("AB")]
    given += [scheme(c, 2, harm=n, investment=(1 - n) * M) for n, c in enumerate("CD")]
    found = chosen(*given, demands=limits)
    real, asked = certificate.solve, []

    def slow(program: Any, *, whole: bool, **more: Any) -> Solved:
        asked.append(whole)
        answer = real(program, whole=whole, **more)
        return replace(answer, status="bounded") if whole else answer

    monkeypatch.setattr(certificate, "solve", slow)
    told = bindings(found)
    assert {one.method for one in told} == {"price in the relaxed problem"}
    # once from the chosen portfolio and once from nothing; the second limit is not tried at all
    assert len(told) == 2 and asked.count(True) == 2


@pytest.mark.parametrize(
    ("told", "small", "bound"),
    [
        (60 * M + 0.995, 400, 60 * M + 1),  # a hundredth of a penny, and of a large sum a little
        (60 * M + 0.93, 400, 60 * M),
        (60 * M + 0.45, 0, 60 * M + 1),  # 600 million x one in a thousand million is 0.6 of a penny
        (60 * M + 0.3, 0, 60 * M),
        (5.0, 400, 60 * M),  # never below what is chosen
    ],
)
def test_a_bound_has_room_for_the_decimals_of_a_solver(
    told: float, small: int, bound: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = chosen(scheme("A", 60), scheme("B", 0), demands=())
    none = np.zeros(0)
    answer = Solved("optimal", none, told, told, none, none)
    monkeypatch.setattr(certificate, "solve", lambda *given, **asked: answer)
    monkeypatch.setattr(certificate, "SMALL_COLUMNS", small)
    assert bound_for(found, Q, YEAR) == bound


def test_a_rule_that_others_share_bounds_a_body_only_as_far_as_they_cannot_give_way() -> None:
    """C of RAA frees ten of the purse that A needs: it counts for QAA's bound where it may."""
    shared = demand("harm_ceiling", Q | R, upper=5)
    other = Candidate("C", "RAA", (1,), (Saving("RAA", YEAR, (M,)),), harm=1)
    found = choose(
        Problem((scheme("A", 70, harm=5), scheme("B", 9, harm=4), other), (shared,)), ("saving",)
    )
    assert bound_for(found, Q, YEAR) == 70 * M  # nine points of harm are too many, whoever has them
    ceiling = demand("saving_ceiling", Q, upper=20 * M)
    takes = Candidate("D", "RAA", (1,), (Saving("QAA", YEAR, (-60 * M,)),))
    found = choose(Problem((scheme("A", 70), takes), (ceiling,)), ("saving",))
    assert bound_for(found, Q, YEAR) == 10 * M  # with both, 70 less 60


def test_of_two_starts_each_is_tried_and_the_best_worth_is_told() -> None:
    one = Candidate("A", "QAA", (1, 7), (Saving("QAA", YEAR, (12 * M, 6 * M)),), harm=1)
    found = chosen(one, demands=(demand("harm_ceiling", upper=0),))
    assert reasons(found)["A"] == (
        "adding it would break harm_ceiling; what stands there is worth more"
    )
    free = chosen(one, demands=(), asked="least_harm")
    assert reasons(free)["A"].startswith("it would worsen what was asked for: least residual harm")
