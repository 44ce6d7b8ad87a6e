"""A table of which only the margins are known, unions of views and their bounds, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.core.result import Answer, Result
from controltotal.savings.overlap import ipf
from controltotal.savings.overlap.book import add_book
from controltotal.savings.overlap.bounds import Range, overlap, share_needed, union
from controltotal.savings.overlap.ipf import Infeasible, feasible, fit, frechet, plausible_tables
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


# -- tables ----------------------------------------------------------------------------------------


def test_each_cell_lies_between_what_the_others_leave_and_its_smaller_margin() -> None:
    low, high = frechet(column(60, 40), column(70, 20, 10))
    assert low.tolist() == [[30, 0, 0], [10, 0, 0]]
    assert high.tolist() == [[60, 20, 10], [40, 20, 10]]


def test_a_seed_is_scaled_until_both_margins_are_met() -> None:
    """Odds stay: of 60 and 40 against 70 and 30, two to one on the diagonal."""
    found = fit(np.array([[2.0, 1.0], [1.0, 2.0]]), column(50, 50), column(50, 50))
    third = 50 / 3
    assert found.table == pytest.approx(np.array([[2 * third, third], [third, 2 * third]]))
    assert found.miss <= ipf.CLOSE and found.rounds == 1
    far = fit(np.array([[9.0, 1.0], [1.0, 1.0]]), column(60, 40), column(70, 30))
    assert far.table.sum(axis=1) == pytest.approx(column(60, 40))
    assert far.table.sum(axis=0) == pytest.approx(column(70, 30))
    a, b, c, d = far.table.ravel()
    assert a * d / (b * c) == pytest.approx(9)  # the odds of the seed
    assert far.rounds > 1
    nothing = fit(np.ones((2, 2)), column(0, 0), column(0, 0))
    assert nothing.table.tolist() == [[0, 0], [0, 0]] and nothing.miss == 0


def test_a_fit_ends_after_so_many_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipf, "ROUNDS", 2)
    far = fit(np.array([[9.0, 1.0], [1.0, 1.0]]), column(60, 40), column(70, 30))
    assert far.rounds == 2 and far.miss > ipf.CLOSE


def test_totals_that_differ_or_that_nil_cells_make_impossible_are_refused() -> None:
    with pytest.raises(Infeasible, match=r"different totals: 100\.00, 101\.00"):
        fit(np.ones((2, 2)), column(60, 40), column(70, 31))
    with pytest.raises(Infeasible, match="different totals"):
        frechet(column(60), column(61))
    with pytest.raises(Infeasible, match="no way to reach the totals"):
        fit(np.eye(2), column(60, 40), column(70, 30))
    assert fit(np.eye(2), column(60, 40), column(60, 40)).table.tolist() == [[60, 0], [0, 40]]


@pytest.mark.parametrize(
    ("possible", "rows", "columns", "can"),
    [
        ([[1, 1], [1, 0]], (60, 40), (70, 30), True),
        ([[1, 1], [1, 0]], (20, 80), (70, 30), False),  # eighty of seventy
        ([[0, 0], [0, 0]], (0, 0), (0, 0), True),
        ([[0, 0], [0, 0]], (1, 0), (1, 0), False),
        ([[0, 0], [0, 0]], (0, 0), (0, 1), False),
    ],
)
def test_whether_any_table_has_these_totals(
    possible: list[list[int]], rows: tuple[float, ...], columns: tuple[float, ...], can: bool
) -> None:
    assert feasible(np.array(possible, dtype=bool), column(*rows), column(*columns)) is can


def test_tables_drawn_around_a_seed_keep_its_totals_and_its_nil_cells() -> None:
    seed = np.array([[1.0, 1.0], [1.0, 0.0]])
    asked = {"draws": 4, "weight": 50.0, "random_seed": 1}
    tables = plausible_tables(seed, column(6, 4), column(7, 3), **asked)  # type: ignore[arg-type]
    assert tables.shape == (4, 2, 2)
    assert np.allclose(tables.sum(axis=2), [6, 4]) and np.allclose(tables.sum(axis=1), [7, 3])
    assert (tables[:, 1, 1] == 0).all()
    again = plausible_tables(seed, column(6, 4), column(7, 3), **asked)  # type: ignore[arg-type]
    assert (tables == again).all()
    free = np.ones((2, 2))
    close, loose = (
        plausible_tables(free, column(6, 4), column(7, 3), draws=40, weight=w, random_seed=1)
        for w in (10_000.0, 4.0)
    )
    assert close.std(axis=0).max() < loose.std(axis=0).max()  # more weight, less spread


# -- unions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("savings", "spend", "found"),
    [
        ([], None, Range(0, 0, 0)),
        ([0, 0], 100, Range(0, 0, 0)),
        ([67], 50, Range(67, 67, 67)),
        ([67, 0], None, Range(67, 67, 67)),
        ([20, 50], None, Range(50, None, 70)),
        ([20, 50], 100, Range(50, 60, 70)),
        ([60, 50], 100, Range(60, 80, 100)),  # at most all of the money
        ([100, 50], 100, Range(100, 100, 100)),
        ([10, 10, 10], 100, Range(10, 27, 30)),
    ],
)
def test_views_of_one_money_are_worth_the_largest_at_least_and_their_sum_at_most(
    savings: list[int], spend: int | None, found: Range
) -> None:
    assert union(savings, spend) == found


def test_ranges_add_and_must_be_ranges() -> None:
    assert Range(1, 2, 3) + Range(10, 20, 30) == Range(11, 22, 33)
    assert Range(1, None, 3) + Range(10, 20, 30) == Range(11, None, 33)
    assert Range(1, 2, 3) + Range(10, None, 30) == Range(11, None, 33)
    for bad in ((-1, None, 3), (3, None, 2), (1, 0, 3), (1, 4, 3)):
        with pytest.raises(AssertionError):
            Range(*bad)
    for savings, spend in (([-1, 5], None), ([60, 5], 59)):
        with pytest.raises(AssertionError):
            union(savings, spend)
    assert overlap([113, 154], 200) == 67
    assert share_needed(150, Range(100, None, 300)) == (0.5, 1.5)
    assert share_needed(150, Range(0, None, 300)) == (0.5, None)
    assert share_needed(150, Range(0, 0, 0)) == (None, None)


# -- words of a book -------------------------------------------------------------------------------


def listed(name: str, view: str, value: int, body: str = "T1", **more: str) -> Cells:
    row = {"id": name, "view": view, "organisation": body, "category": "beds", "unit": "£"}
    return {**row, "year": YEAR, "value": str(value), **more}


def answered(*rows: Cells, plan: int = -100, **tables: list[Cells]) -> Result:
    said = book(amount("T1", "position", plan), tree=TREE, opportunities=list(rows), **tables)
    position = position_of(said)
    answer = Answer("opportunities", position.ref, {})
    add_book(answer, Workings(position))
    return answer.result()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            (40, 60),
            "would take 50% of this opportunity if nothing overlaps and 83% if the lists overlap fully; £50 would remain.",
        ),
        ((100,), "would take 50% of this opportunity; £50 would remain."),
        (
            (25, 20),
            "would take 111% of this opportunity if nothing overlaps and 200% if the lists overlap fully (more than there is); £50 would remain.",
        ),
        ((50,), "would take 100% of this opportunity; £50 would remain."),
    ],
)
def test_half_of_a_deficit_in_words(values: tuple[int, ...], said: str) -> None:
    rows = [listed(f"O{n}", f"view {n}", value) for n, value in enumerate(values)]
    words = answered(*rows).said("T1", "gap", year=YEAR)
    assert words == (f"Finding half of the £100 deficit of 2026/27, £50, {said}",)


def test_an_opportunity_worth_nothing_finds_no_half_and_an_odd_penny_remains() -> None:
    assert answered(listed("O", "v", 0)).said("T1", "gap", year=YEAR) == ()
    odd = book(
        {**amount("T1", "position", 0), "amount": "-1.01"},
        tree=TREE,
        opportunities=[listed("O", "v", 5)],
    )
    position = position_of(odd)
    answer = Answer("opportunities", position.ref, {})
    add_book(answer, Workings(position))
    (row,) = answer.result().tables["gap"]
    assert (row["gap"], row["half"], row["left_if_half_is_found"]) == (101, 50, 51)


def test_lists_that_somebody_calls_different_money_are_said_and_stand_by_group() -> None:
    rows = (
        listed("A", "a", 60),
        listed("B", "b", 40),
        listed("C", "a", 7, category="land", disjoint="estates: other money"),
    )
    result = answered(*rows)
    assert "Taken as different money, by somebody's word: estates." in result.words
    assert [
        (row["group"], row["reason"], row["lower"], row["netted"], row["upper"])
        for row in result.tables["groups"]
        if row["organisation"] == "T1"
    ] == [
        ("not stated as disjoint", "", 6_000, None, 10_000),
        ("estates", "other money", 700, 700, 700),
    ]
    (pair,) = (dict(row) for row in result.tables["overlap"])
    assert (pair["view_a"], pair["view_b"], pair["saving_a"], pair["saving_b"]) == (
        "a",
        "b",
        6_000,
        4_000,
    )
    assert (pair["lower"], pair["upper"], pair["overlap_at_most"]) == (6_000, 10_000, 4_000)
    plain = answered(*rows[:2])
    assert not any("by somebody's word" in text for text in plain.words)


def test_a_crosswalk_of_ones_only_says_what_is_possible_and_is_said_to() -> None:
    links: list[Cells] = [
        {"view_a": "a", "category_a": "beds", "view_b": "b", "category_b": name, "share": "1"}
        for name in ("beds", "lung")
    ]
    rows = (
        listed("A", "a", 30, spend="100"),
        listed("B", "b", 30, spend="60"),
        listed("C", "b", 10, spend="40", category="lung"),
    )
    result = answered(*rows, crosswalk=links)
    (said,) = (one for one in result.findings if one.code == "CROSSWALK_FITTED")
    assert (said.severity, said.where) == ("information", "crosswalk row 2, crosswalk row 3")
    assert result.value(f"opportunity_total/T1/{YEAR}/plan/netted") == 5_800  # 70 - 9 - 3
    cells = [dict(row) for row in result.tables["overlap"]]
    assert [(row["category_a"], row["category_b"], row["overlap"]) for row in cells] == [
        ("beds", "beds", 900),
        ("beds", "lung", 300),
    ]
