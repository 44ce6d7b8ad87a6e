"""What stands outside the control total, told apart from what does not."""

from __future__ import annotations

import pytest

from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

LINES = (amount("T1", "other_income", 9), amount("T1", "pay", 4))


@pytest.mark.parametrize(
    ("rows", "apart"),
    [
        ((), False),
        (LINES, False),
        ((amount("T1", "position", 5),), False),
        ((*LINES, amount("T1", "impairments", 2)), True),
        ((*LINES, amount("T1", "impairments", 2, unit="€")), True),  # nobody knows how much
        ((*LINES, amount("T1", "pay", 2, unit="€", scenario="best")), False),
        ((amount("T1", "position_whole", 5),), True),
        ((*LINES, amount("T1", "impairments", 2, basis="forecast")), False),
        ((*LINES, amount("T1", "impairments", 2, scenario="best")), False),
    ],
)
def test_a_body_tells_what_is_outside_where_a_row_of_it_says_so(
    rows: tuple[Cells, ...], apart: bool
) -> None:
    totals = Workings(position_of(book(*rows))).totals
    assert totals.states_outside("T1", YEAR, "plan", "") is apart


def test_the_adjusted_surplus_leaves_out_what_is_outside_and_says_whether_there_was_any() -> None:
    def adjusted(*rows: Cells) -> tuple[int | None, str]:
        found = Workings(position_of(book(*rows))).totals.adjusted("T1", YEAR, "plan")
        return found.pence, found.rule

    nothing = "the surplus: nothing in it stands outside the control total"
    assert adjusted(*LINES) == (500, nothing)
    pence, rule = adjusted(*LINES, amount("T1", "impairments", 2))
    assert pence == 500 and rule != nothing
    assert adjusted(*LINES, amount("T1", "impairments", 2, unit="€")) == (500, rule)
