"""What stands outside the control total, told apart from what does not."""

from __future__ import annotations

import pytest

from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
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


def test_a_system_adds_up_what_its_bodies_have_within_the_control_total() -> None:
    """First has 5 before an impairment of 2; Second has 7: 12 within, 10 in all."""
    rows = (*LINES, amount("T1", "impairments", 2), amount("T2", "position", 7))
    totals = Workings(position_of(book(*rows, tree=TREE))).totals
    assert totals.adjusted("S1", YEAR, "plan").pence == 1_200
    assert totals.surplus("S1", YEAR, "plan").pence == 1_000


def test_a_line_inside_that_nobody_could_read_leaves_the_adjusted_surplus_untold() -> None:
    hole = amount("T1", "drugs", 2, unit="€")
    rows = (*LINES, amount("T1", "impairments", 2))
    sound = Workings(position_of(book(*rows))).totals.own_adjusted("T1", YEAR, "plan")
    found = Workings(position_of(book(*rows, hole))).totals.own_adjusted("T1", YEAR, "plan")
    assert (sound.pence, sound.kind) == (500, "")
    assert (found.pence, found.kind) == (None, "stopped")


def test_what_is_outside_is_taken_out_of_a_whole_position_and_of_its_recurrences() -> None:
    """10 after an impairment of 3 is 13 within; so are 8 that recur with 2 that do not."""
    parts = (
        amount("T1", "position_whole", 8, recurrence="recurrent"),
        amount("T1", "position_whole", 2, recurrence="non_recurrent"),
    )
    whole, lost = amount("T1", "position_whole", 10), amount("T1", "impairments", 3)
    for rows in ((whole, lost), (*parts, lost)):
        totals = Workings(position_of(book(*rows))).totals
        assert totals.own_adjusted("T1", YEAR, "plan").pence == 1_300


def test_a_whole_position_of_which_nothing_is_told_apart_is_its_other_lines() -> None:
    """Nothing outside is stated: what its lines make is within; without lines nobody can say."""

    def told(*rows: Cells) -> tuple[int | None, str, str]:
        found = Workings(position_of(book(*rows))).totals.own_adjusted("T1", YEAR, "plan")
        return found.pence, found.kind, found.rule

    whole = amount("T1", "position_whole", 4)
    assert told(whole, *LINES) == (
        500,
        "",
        "income less cost, without lines outside the control total",
    )
    assert told(whole) == (
        None,
        "not_stated",
        "cannot be told: what of the whole position the control total measures is not stated",
    )
    assert told(whole, LINES[0])[:2] == (None, "incomplete")
