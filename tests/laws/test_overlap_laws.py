"""Overlapping opportunities are worth no less than the largest and no more than the sum."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.savings.overlap.bounds import union
from controltotal.savings.overlap.crosswalk import Category, meet
from controltotal.savings.overlap.ipf import Infeasible, feasible, fit, frechet, plausible_tables
from controltotal.savings.overlap.listed import Listed, leaves
from controltotal.savings.overlap.together import together

VIEWS = ("rightcare", "model_hospital", "prescribing")
PENCE = st.integers(0, 10**10)


@st.composite
def listed(draw: st.DrawFn, most: int = 12) -> list[Listed]:
    """Rows of up to three views, some with spend, some in stated groups, some with parents."""
    rows: list[Listed] = []
    for k in range(draw(st.integers(1, most))):
        value = draw(PENCE)
        spend = draw(st.none() | st.integers(value, 3 * 10**10))
        parents = [one.id for one in rows if not one.parent]
        rows.append(
            Listed(
                f"O{k:02d}",
                draw(st.sampled_from(VIEWS)),
                "QXX",
                draw(st.sampled_from(["heart", "lung", "bone"])),
                "2021-22",
                value,
                spend=spend,
                parent=draw(st.sampled_from(["", "", *parents])),
                group=draw(st.sampled_from(["", "", "estates"])),
            )
        )
    return rows


@st.composite
def crosswalks(draw: st.DrawFn) -> dict[tuple[str, str, str, str], float]:
    found = {}
    for category in ("heart", "lung", "bone"):
        shares = draw(st.lists(st.integers(0, 10), min_size=3, max_size=3))
        whole = max(10, sum(shares))
        for other, share in zip(("heart", "lung", "bone"), shares, strict=True):
            if share:
                found["rightcare", category, "model_hospital", other] = share / whole
    return found


@given(listed(), crosswalks())
def test_bounds_hold(rows: list[Listed], shares: dict[tuple[str, str, str, str], float]) -> None:
    found = together(rows, shares)
    leaf = leaves(rows)
    views: dict[str, int] = {}
    for one in leaf:
        views[one.view] = views.get(one.view, 0) + one.value
    assert found.naive == sum(views.values())
    assert max(views.values()) <= found.total.lower <= found.total.upper <= found.naive
    if found.total.netted is not None:
        assert found.total.lower <= found.total.netted <= found.total.upper


@given(listed(), crosswalks(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(
    rows: list[Listed], shares: dict[tuple[str, str, str, str], float], rng: random.Random
) -> None:
    before = together(rows, shares)
    shuffled, links = list(rows), list(shares.items())
    rng.shuffle(shuffled)
    rng.shuffle(links)
    assert together(shuffled, dict(links)) == before


@given(listed(8), st.lists(PENCE, min_size=1, max_size=3), st.booleans(), crosswalks())
def test_adding_a_view_never_lowers_the_upper_bound(
    rows: list[Listed],
    values: list[int],
    with_spend: bool,
    shares: dict[tuple[str, str, str, str], float],
) -> None:
    more = [
        Listed(
            f"N{k}",
            "getting_it_right",
            "QXX",
            "heart",
            "2021-22",
            value,
            spend=2 * 10**10 if with_spend else None,
        )
        for k, value in enumerate(values)
    ]
    before, after = together(rows, shares), together([*rows, *more], shares)
    assert after.total.upper >= before.total.upper
    assert after.total.lower >= before.total.lower


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=5), st.integers(0, 4000))
def test_union_of_one_pound(savings: list[int], more: int) -> None:
    spend = max(savings) + more
    found = union(savings, spend)
    assert found.netted is not None
    assert max(savings) <= found.lower <= found.netted <= found.upper
    assert found.upper <= min(sum(savings), max(spend, max(savings)))


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1000, 5000))
def test_two_views_of_one_cell_multiply(a: int, b: int, spend: int) -> None:
    """a + b - ab/M, as a simple count of pounds would have it."""
    cell = meet({"x": Category(a, spend)}, {"y": Category(b, spend)}, {("x", "y"): 1.0})
    assert cell.total.netted is not None
    assert abs(cell.total.netted - (a + b - a * b / spend)) <= 1
    assert cell.total.lower == max(a, b)
    assert cell.total.upper == min(a + b, spend)


def test_views_that_share_no_money_add_up() -> None:
    apart = meet({"drugs": Category(10, 100)}, {"theatres": Category(20, 200)}, {})
    assert (apart.total.lower, apart.total.netted, apart.total.upper) == (30, 30, 30)


def test_shares_of_money_leave_the_rest_alone() -> None:
    """Half of a category's 100 lies in the other view's 50: at most 50 pounds can meet."""
    met = meet(
        {"heart": Category(60, 100)},
        {"cardiology": Category(30, 50)},
        {("heart", "cardiology"): 0.5},
    )
    # of 60 saved, from 10 (the other half holds 50) to 50 fall into the shared 50 pounds
    assert met.total.lower == 60  # 50 + 10 outside: 30 inside 50
    assert met.total.upper == 90  # 10 inside and 30 inside, 50 outside: they need not meet
    assert met.total.netted == 60 + 30 - 18  # 30 of 50 and 30 of 50 meet on 18


# ------------------------------------------------------------------------------------- tables


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = draw(st.lists(st.integers(0, 50), min_size=rows * columns, max_size=rows * columns))
    return np.array(cells, dtype=np.float64).reshape(rows, columns)


@given(tables(), st.integers(0, 10**6))
def test_fitting_meets_both_margins_and_keeps_nil_cells(truth: np.ndarray, seed: int) -> None:
    """Margins of a real table can be met from any seed that is nil where the table is."""
    rng = np.random.default_rng(seed)
    start = np.where(truth > 0, rng.uniform(0.5, 2.0, truth.shape), 0.0)
    rows, columns = truth.sum(axis=1), truth.sum(axis=0)
    found = fit(start, rows, columns)
    assert found.table.sum(axis=1) == pytest.approx(rows, abs=1e-5)
    assert found.table.sum(axis=0) == pytest.approx(columns, abs=1e-5)
    assert (found.table[truth == 0] == 0).all()
    low, high = frechet(rows, columns)
    assert (truth >= low - 1e-9).all() and (truth <= high + 1e-9).all()
    assert (found.table >= low - 1e-4).all() and (found.table <= high + 1e-4).all()


def test_impossible_totals_are_refused() -> None:
    rows, columns = np.array([60.0, 40.0]), np.array([70.0, 30.0])
    assert not feasible(np.eye(2, dtype=bool), rows, columns)
    with pytest.raises(Infeasible):
        fit(np.eye(2), rows, columns)
    with pytest.raises(Infeasible):
        fit(np.ones((2, 2)), rows, np.array([70.0, 31.0]))


def test_a_fit_keeps_the_odds_of_its_seed() -> None:
    seed = np.array([[4.0, 1.0], [2.0, 3.0]])
    found = fit(seed, np.array([60.0, 40.0]), np.array([70.0, 30.0])).table
    odds = lambda t: t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0])  # noqa: E731
    assert odds(found) == pytest.approx(odds(seed))


def test_a_fit_says_how_far_it_is_off_as_a_share_of_the_whole() -> None:
    """One round meets the columns; rows of 60 and 40 then miss by the same share at any size."""
    seed = np.array([[1.0, 1.0], [1.0, 3.0]])
    small = fit(seed, np.array([60.0, 40.0]), np.array([70.0, 30.0]))
    large = fit(seed, np.array([6e9, 4e9]), np.array([7e9, 3e9]))
    assert small.rounds == large.rounds
    assert large.miss == pytest.approx(small.miss, rel=1e-3, abs=1e-12)
    assert 0 <= small.miss <= 1e-9


def test_lists_of_different_totals_have_no_table() -> None:
    with pytest.raises(Infeasible, match="different totals"):
        frechet(np.array([60.0, 40.0]), np.array([70.0, 31.0]))


@pytest.mark.parametrize(
    ("rows", "columns", "can"),
    [([0.0, 0.0], [0.0], True), ([1.0, 0.0], [1.0], False), ([0.0, 0.0], [1.0], False)],
)
def test_where_no_cell_is_possible_only_nothing_can_be_laid(
    rows: list[float], columns: list[float], can: bool
) -> None:
    none = np.zeros((2, 1), dtype=bool)
    assert feasible(none, np.array(rows), np.array(columns)) is can


def test_the_size_of_a_seed_plays_no_part_in_what_is_drawn_around_it() -> None:
    rows, columns = np.array([60.0, 40.0]), np.array([70.0, 30.0])
    seed = np.array([[1.0, 2.0], [3.0, 0.0]])
    one, ten = (
        plausible_tables(s, rows, columns, draws=5, weight=20.0, random_seed=4)
        for s in (seed, seed * 10)
    )
    assert one == pytest.approx(ten)


def test_seeds_drawn_around_a_guess_show_how_much_it_matters() -> None:
    rows, columns = np.array([60.0, 40.0]), np.array([70.0, 30.0])
    seed = np.array([[1.0, 1.0], [1.0, 0.0]])
    sure, unsure = (
        plausible_tables(seed, rows, columns, draws=40, weight=w, random_seed=4)
        for w in (5000.0, 5.0)
    )
    assert (sure[:, 1, 1] == 0).all()
    full = plausible_tables(np.ones((2, 2)), rows, columns, draws=60, weight=5.0, random_seed=4)
    tight = plausible_tables(np.ones((2, 2)), rows, columns, draws=60, weight=5000.0, random_seed=4)
    assert full[:, 0, 0].std() > 5 * tight[:, 0, 0].std()
    assert unsure.shape == sure.shape == (40, 2, 2)
