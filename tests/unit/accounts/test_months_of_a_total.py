"""A parent's stated months beside those that the bodies below state, to the penny."""

from __future__ import annotations

from tests.small_books import TREE, book, codes
from tests.strategies import Cells, amount, position_of


def differs(own: list[int], first: list[int], second: list[int]) -> bool:
    """Whether the months of a system are told to differ from those of its two trusts."""
    rows: list[Cells] = [
        amount(code, "position", value, month=str(month))
        for code, values in (("S1", own), ("T1", first), ("T2", second))
        for month, value in enumerate(values, start=1)
    ]
    found = codes(position_of(book(*rows, tree=TREE)))
    return any("DIFFERS" in code for code in found)


def test_months_that_agree_are_not_told_nil_among_them() -> None:
    assert not differs([5] * 12, [5] * 12, [0] * 12)
    assert not differs([0] * 12, [5] * 12, [-5] * 12)
    assert not differs([0] * 12, [0] * 12, [0] * 12)


def test_a_month_that_differs_is_told_where_the_year_agrees() -> None:
    assert differs([6, 4, *[5] * 10], [5] * 12, [0] * 12)
    assert differs([6, *[5] * 11], [5] * 12, [0] * 12)
