"""All lists of one body together: pairs that share money, money that is apart, and rows of one category."""

from __future__ import annotations

from controltotal.savings.overlap.bounds import Range
from controltotal.savings.overlap.crosswalk import Category
from controltotal.savings.overlap.listed import Listed
from controltotal.savings.overlap.together import Together, _meeting, together

LINK = ("a", "heart", "b", "heart")


def row(
    view: str, value: int, spend: int | None = None, category: str = "heart", **more: str
) -> Listed:
    return Listed(f"{view}{category}{value}", view, "Q", category, "", value, spend=spend, **more)  # type: ignore[arg-type]


def of(*rows: Listed, share: float | None = None) -> Together:
    return together(rows, {} if share is None else {LINK: share})


def test_lists_that_look_at_one_money_save_it_once() -> None:
    found = of(row("a", 20, 100), row("b", 50, 100))
    assert (found.naive, found.total) == (70, Range(50, 60, 70))
    silent = of(row("a", 20, 100), row("b", 50))
    assert silent.total == Range(50, None, 70)


def test_the_widest_list_says_how_much_money_all_of_them_look_at() -> None:
    """b looks at 200 in two categories: 20 and 50 of it meet on 5."""
    found = of(row("a", 20, 100), row("b", 30, 100), row("b", 20, 100, "lung"))
    assert found.total == Range(50, 65, 70)


def test_a_pair_that_is_linked_bounds_the_whole_with_the_other_lists_beside_it() -> None:
    """a and b share 100 of which they save at most all; c may be apart from both."""
    found = of(row("a", 60, 100), row("b", 60, 100), row("c", 10), share=1.0)
    assert (found.naive, found.total) == (130, Range(60, None, 110))
    pair = of(row("a", 60, 100), row("b", 60, 100), share=1.0)
    assert pair.total == Range(60, 84, 100)
    assert [(a, b, cell.spend) for a, b, cell in pair.cells] == [("a", "b", 100)]


def test_a_link_of_a_list_or_a_category_that_is_not_there_links_nothing() -> None:
    assert of(row("a", 60), row("c", 60), share=1.0).total == Range(60, None, 120)
    assert of(row("a", 60), row("b", 60, category="lung"), share=1.0).cells == ()


def test_what_somebody_calls_different_money_is_added() -> None:
    found = of(row("a", 60), row("b", 40), row("a", 7, category="land", group="estates"))
    assert found.groups == {"": Range(60, None, 100), "estates": Range(7, 7, 7)}
    assert (found.total, found.views) == (Range(67, None, 107), {"a": 67, "b": 40})


def test_rows_of_one_category_look_at_the_same_money() -> None:
    """Two of 20 and 10 on one 100, and 50 of another list on it."""
    twice = of(row("a", 20, 100), row("a", 10, 80), row("b", 50, 100))
    assert twice.total == Range(50, 65, 80)
    half_silent = of(row("a", 20, 100), row("a", 10), row("b", 50, 100))
    assert half_silent.total == Range(50, None, 80)


def test_a_list_that_saves_more_than_it_spends_is_a_fault_and_its_money_unknown() -> None:
    found = of(row("a", 101, 100), row("b", 50, 100))
    assert (found.faults, found.total) == (("a",), Range(101, None, 151))
    assert of(row("a", 100, 100), row("b", 50, 100)).faults == ()


def test_what_is_only_possible_gives_a_guess_and_moves_no_bound() -> None:
    """a's heart may lie in b's heart or lung, b's heart in a's heart alone: 60 and 40 of 100."""
    rows = (row("a", 30, 100), row("b", 30, 60), row("b", 10, 40, "lung"))
    possible = {LINK: 1.0, ("a", "heart", "b", "lung"): 1.0}
    found = together(rows, possible)
    assert (found.total.lower, found.total.upper) == (40, 70)
    assert found.total.netted == 70 - 9 - 3  # 18 of 60 meet 30 on 9, and 12 of 40 meet 10 on 3
    unknown = together((row("a", 30), *rows[1:]), possible)
    assert unknown.total == Range(40, None, 70) and unknown.cells == ()


def test_nothing_is_worth_nothing() -> None:
    assert of().total == Range(0, 0, 0)
    assert of(row("a", 5)).total == Range(5, 5, 5)


def test_of_three_lists_that_state_their_money_a_link_of_two_moves_only_the_ends() -> None:
    """60, 60 and 10 of one 100 leave 0.4 x 0.4 x 0.9 of it: 85.6 are saved once."""
    rows = (row("a", 60, 100), row("b", 60, 100), row("c", 10, 100))
    assert of(*rows, share=1.0).total == Range(60, 86, 100)
    assert of(*rows).total == Range(60, 86, 100)


def test_a_guess_of_two_lists_lies_between_the_larger_and_both() -> None:
    possible = {("heart", "heart"): 1.0, ("heart", "lung"): 1.0}
    first = {"heart": Category(30, 100)}
    second = {"heart": Category(30, 60), "lung": Category(10, 40)}
    assert _meeting(first, second, possible).total == Range(40, 58, 70)
    silent = {"heart": Category(30)}
    assert _meeting(silent, second, possible).total == Range(40, None, 70)
