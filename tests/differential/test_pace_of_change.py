"""Pace of change, solved exactly, beside plain bisection that knows nothing of pieces."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controltotal.rules.fair_share import (
    Terms,
    YearPlan,
    distance,
    pace_of_change,
    path,
    shares,
    targets,
)

MILLION = 100_000_000


def bisection(
    bases: dict[str, int], target: dict[str, int], pot: int, terms: Terms
) -> tuple[float, dict[str, float]] | None:
    """The reference: halve an interval of growth until the closings make up the pot."""

    def closings(growth: float) -> dict[str, float]:
        return {
            code: max(
                (1 + float(terms.growth_minimum)) * base,
                (1 - float(terms.floor_under)) * target[code],
                (1 + growth - float(terms.pull) * (base / target[code] - 1)) * base,
            )
            for code, base in bases.items()
        }

    low, high = -20.0, 20.0
    if sum(closings(low).values()) > pot + len(bases):  # a penny each: minima are rounded up
        return None
    for _ in range(200):
        middle = (low + high) / 2
        if sum(closings(middle).values()) < pot:
            low = middle
        else:
            high = middle
    return high, closings(high)


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int], int, Terms]:
    codes = [f"B{n:02d}" for n in range(draw(st.integers(1, 12)))]
    bases = {c: draw(st.integers(MILLION, 2000 * MILLION)) for c in codes}
    weight = {c: Fraction(draw(st.integers(60, 140)), 100) * bases[c] for c in codes}
    growth = Fraction(draw(st.integers(-50, 120)), 1000)
    pot = round(sum(bases.values()) * (1 + growth))
    terms = Terms(
        Fraction(draw(st.integers(-20, 40)), 1000),
        Fraction(draw(st.integers(0, 100)), 1000),
        Fraction(draw(st.integers(0, 5)), 10),
    )
    return bases, targets(pot, weight), pot, terms


@settings(max_examples=300, deadline=None)
@given(problems())
def test_exact_solution_agrees_with_bisection(
    problem: tuple[dict[str, int], dict[str, int], int, Terms],
) -> None:
    bases, target, pot, terms = problem
    pace = pace_of_change(bases, target, pot, terms)
    found = bisection(bases, target, pot, terms)
    if not pace.feasible:
        assert pace.shortfall == sum(pace.closings.values()) - pot > 0
        slack = pace.shortfall <= 2 * len(bases)
        assert found is None or slack
        return
    assert found is not None
    assert sum(pace.closings.values()) == pot
    for code, closing in pace.closings.items():
        assert closing == pytest.approx(found[1][code], abs=3 * len(bases) + 1)
        assert closing >= bases[code] * (1 + terms.growth_minimum)
        assert closing >= target[code] * (1 - terms.floor_under)


@settings(max_examples=100, deadline=None)
@given(problems())
def test_ten_times_the_money_gives_ten_times_the_closings(
    problem: tuple[dict[str, int], dict[str, int], int, Terms],
) -> None:
    bases, target, pot, terms = problem
    ten = pace_of_change(
        {c: v * 10 for c, v in bases.items()},
        {c: v * 10 for c, v in target.items()},
        pot * 10,
        terms,
    )
    one = pace_of_change(bases, target, pot, terms)
    if one.feasible and ten.feasible:
        for code in bases:
            assert ten.closings[code] == pytest.approx(one.closings[code] * 10, abs=30 * len(bases))


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(1, 10 * MILLION))
def test_more_money_lowers_nobody(
    problem: tuple[dict[str, int], dict[str, int], int, Terms], more: int
) -> None:
    bases, target, pot, terms = problem
    one = pace_of_change(bases, target, pot, terms)
    two = pace_of_change(bases, target, pot + more, terms)
    if one.feasible:
        assert two.feasible
        assert all(two.closings[c] >= one.closings[c] - 1 for c in bases)


def two_bodies(pot_millions: int) -> tuple[dict[str, int], dict[str, int]]:
    """The worked example: 200k and 300k people; see the tests of worked cases for it in a book."""
    weighted = {
        "A": 200_000 * Fraction("1.10") * Fraction("0.98"),
        "B": 300_000 * Fraction("0.95") * Fraction("1.02"),
    }
    by_share = shares(weighted, {"A": 320, "B": 240}, Fraction("0.1"))
    bases = {"A": 275 * MILLION, "B": 410 * MILLION}
    return bases, targets(pot_millions * MILLION, by_share)


def millions(pence: int) -> str:
    return f"{pence / MILLION:.2f}"


def test_the_worked_example() -> None:
    bases, target = two_bodies(720)
    assert [millions(v) for v in target.values()] == ["317.08", "402.92"]
    pace = pace_of_change(bases, target, 720 * MILLION, Terms(Fraction(0), Fraction("0.05")))
    assert [millions(v) for v in pace.closings.values()] == ["301.23", "418.77"]
    assert pace.held == {"A"}
    assert float(distance(pace.closings["A"], target["A"])) == pytest.approx(-0.05)


def test_a_pot_too_small_says_by_how_much() -> None:
    bases, target = two_bodies(700)
    pace = pace_of_change(bases, target, 700 * MILLION, Terms(Fraction(0), Fraction("0.05")))
    assert not pace.feasible
    assert millions(pace.shortfall) == "2.86"


def test_a_path_starts_each_year_from_the_last() -> None:
    bases, _ = two_bodies(720)
    by_share = {"A": Fraction(44, 100), "B": Fraction(56, 100)}
    terms = Terms(Fraction(0), Fraction("0.05"), Fraction("0.3"))
    plans = [
        YearPlan(f"20{19 + n}-{20 + n}", (720 + 30 * n) * MILLION, by_share, terms)
        for n in range(5)
    ]
    made = path(bases, plans)
    assert len(made) == 5
    gaps = [abs(year.closing["B"]) for year in made]
    assert gaps == sorted(gaps, reverse=True) and gaps[-1] < gaps[0]
    for before, after in pairwise(made):
        assert after.opening["A"] == distance(before.pace.closings["A"], after.target["A"])


def test_labels_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="not of the same bodies: B"):
        pace_of_change({"A": 1}, {"A": 1, "B": 1}, 2, Terms(Fraction(0), Fraction(0)))
