"""Two lists that share money, cell by cell: what each saves there, and the two ends of both."""

from __future__ import annotations

import pytest

from controltotal.savings.overlap.bounds import Range
from controltotal.savings.overlap.crosswalk import Category, Cell, fitted_shares, is_mask, meet

HEART = {"heart": Category(60, 100)}
CARDIOLOGY = {"cardiology": Category(30, 50)}
LINK = ("heart", "cardiology")


def test_a_cell_holds_its_share_of_one_list_and_the_part_of_the_other_that_it_fills() -> None:
    """Half of 100 is all of the 50 of cardiology: 30 of heart's 60 and all 30 of cardiology."""
    (cell,) = meet(HEART, CARDIOLOGY, {LINK: 0.5}).cells
    assert cell == Cell("heart", "cardiology", 50, 30, 30, Range(30, 42, 50))
    assert cell.overlap == 18


def test_half_of_a_half_fills_half_of_what_it_meets() -> None:
    (cell,) = meet(HEART, CARDIOLOGY, {LINK: 0.25}).cells
    assert (cell.spend, cell.saving_a, cell.saving_b) == (25, 15, 15)


def test_a_share_that_is_more_than_the_other_list_spends_fills_it() -> None:
    (cell,) = meet(HEART, CARDIOLOGY, {LINK: 1.0}).cells
    assert (cell.spend, cell.saving_a, cell.saving_b) == (100, 60, 30)


def test_without_spending_savings_say_where_the_money_lies() -> None:
    """Half of heart's 60 and all of lung's 10 fall into one category: three parts to one."""
    listed = {"heart": Category(60), "lung": Category(10)}
    shares = {LINK: 0.5, ("lung", "cardiology"): 1.0}
    found = meet(listed, {"cardiology": Category(20, 50)}, shares)
    assert [(c.category_a, c.spend, c.saving_a, c.saving_b) for c in found.cells] == [
        ("heart", None, 30, 15),
        ("lung", None, 10, 5),
    ]
    assert found.total.netted is None


def test_a_cell_that_saves_more_than_it_spends_has_no_netted_saving() -> None:
    (cell,) = meet(HEART, {"cardiology": Category(30, 20)}, {LINK: 0.2}).cells
    assert (cell.spend, cell.saving_b, cell.union) == (20, 30, Range(30, None, 42))


def test_a_category_worth_nothing_fills_no_part() -> None:
    (cell,) = meet({"heart": Category(0)}, CARDIOLOGY, {LINK: 1.0}).cells
    assert (cell.saving_a, cell.saving_b) == (0, 0)


@pytest.mark.parametrize(
    "shares",
    [{LINK: 0.0}, {("lung", "cardiology"): 0.5}, {("heart", "surgery"): 0.5}, {}],
    ids=["nil", "not in the first", "not in the second", "none"],
)
def test_a_link_without_a_share_or_a_category_links_nothing(
    shares: dict[tuple[str, str], float],
) -> None:
    found = meet(HEART, CARDIOLOGY, shares)
    assert (found.total, found.cells) == (Range(90, 90, 90), ())


@pytest.mark.parametrize(
    ("heart", "cardiology", "share", "lower", "upper"),
    [
        # outside the shared 50 there is room for 50 of heart's 90: 40 to 50 fall into it
        (Category(90, 100), Category(30, 50), 0.5, 90, 100),
        # 40 of 60 fall into the half that cardiology does not look at, or none of it
        (Category(60, 100), Category(30, 40), 0.5, 60, 90),
        # cardiology must place 25 of its 30 in the shared 50, and heart has room for all outside
        (Category(50, 100), Category(30, 55), 0.5, 50, 80),
        # nothing of cardiology fits outside, and all of heart is shared
        (Category(60, 100), Category(70, 100), 1.0, 70, 100),
        # money that nobody states is without end
        (Category(60), Category(30), 0.5, 60, 90),
        (Category(10), Category(30), 1.0, 30, 40),
    ],
)
def test_both_ends_are_what_some_allocation_saves(
    heart: Category, cardiology: Category, share: float, lower: int, upper: int
) -> None:
    total = meet({"heart": heart}, {"cardiology": cardiology}, {LINK: share}).total
    assert (total.lower, total.upper) == (lower, upper)


def test_what_lies_outside_the_shared_money_is_saved_in_any_case() -> None:
    """Lung's 10 and surgery's 20 meet nothing: both ends are 30 more than of the linked pair."""
    alone = meet(HEART, CARDIOLOGY, {LINK: 0.5}).total
    more = meet(
        {**HEART, "lung": Category(10, 10)},
        {**CARDIOLOGY, "surgery": Category(20, 20)},
        {LINK: 0.5},
    ).total
    assert alone.netted is not None and more.netted is not None
    assert (more.lower, more.netted, more.upper) == (
        alone.lower + 30,
        alone.netted + 30,
        alone.upper + 30,
    )


def test_two_cells_of_one_category_share_its_saving() -> None:
    """Heart's 40 lie in cardiology's 50 or in surgery's 50, which save 30 and 20: all or nothing."""
    views = (
        {"heart": Category(40, 100)},
        {"cardiology": Category(30, 50), "surgery": Category(20, 50)},
    )
    total = meet(*views, {LINK: 0.5, ("heart", "surgery"): 0.5}).total
    assert (total.lower, total.upper) == (50, 90)
    assert total.netted == 90 - 12 - 8  # 20 of 50 meet 30 on 12 and 20 on 8


@pytest.mark.parametrize(
    ("shares", "mask"),
    [
        ({("a", "x"): 1.0, ("a", "y"): 1.0}, True),
        ({("a", "x"): 1.0, ("a", "y"): 0.0}, False),
        ({("a", "x"): 1.0, ("b", "x"): 1.0}, False),
        ({("a", "x"): 1.0, ("a", "y"): 1.0, ("b", "x"): 0.5}, False),
        ({("a", "x"): 1.0, ("a", "y"): 1.0, ("b", "x"): 0.0}, True),
    ],
)
def test_only_ones_in_several_cells_of_a_category_say_what_is_possible(
    shares: dict[tuple[str, str], float], mask: bool
) -> None:
    assert is_mask(shares) is mask


def test_shares_are_fitted_only_to_spending_that_both_lists_state_alike() -> None:
    possible = {("a", "x"): 1.0, ("a", "y"): 1.0, ("b", "x"): 1.0}
    first = {"a": Category(1, 60), "b": Category(1, 40)}
    assert fitted_shares(first, {"x": Category(1, 70), "y": Category(1, 30)}, possible) == {
        ("a", "x"): pytest.approx(0.5),
        ("a", "y"): pytest.approx(0.5),
        ("b", "x"): pytest.approx(1.0),
    }
    silent = {"x": Category(1, 70), "y": Category(1)}
    assert fitted_shares(first, silent, possible) is None
    assert fitted_shares({**first, "b": Category(1, 0)}, silent, possible) is None
    wider = {"x": Category(1, 70), "y": Category(1, 31)}
    assert fitted_shares(first, wider, possible) is None
    too_much = {"x": Category(1, 30), "y": Category(1, 70)}  # b's 40 can only lie in x
    assert fitted_shares(first, too_much, possible) is None
