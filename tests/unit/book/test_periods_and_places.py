"""A year from its parts, how findings say money and places, and a reading without some rows."""

from __future__ import annotations

from typing import Any

import pytest

from controltotal.book.fold import Position
from controltotal.book.left_out import again, ends, label, without
from controltotal.book.periods import (
    Rows,
    _is_finer,
    disagreements,
    fill,
    fill_exactly,
    months_needed,
    months_told,
    shares,
)
from controltotal.book.records import Amount
from controltotal.book.telling import _numbers, money
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, control_total, position_of
from tests.strategies import amount as cells


def row(month: str | None, pence: int, number: int = 2) -> Amount:
    return Amount(
        number,
        number,
        {},
        None,
        "",
        organisation="T1",
        line="pay",
        year=YEAR,
        basis="plan",
        month=month,
        amount=pence,
    )


WHOLE = frozenset(range(1, 13))


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    ("rows", "pence", "months"),
    [
        ([(None, 100)], 100, WHOLE),
        ([(None, 100), ("1", 5)], 100, WHOLE),  # the coarsest wins
        ([("H1", 40), ("H2", 50)], 90, WHOLE),
        ([("H1", 40), ("Q1", 9), ("Q3", 7)], 47, frozenset(range(1, 10))),
        ([("1", 5), ("3", 7)], 12, frozenset({1, 3})),
        ([("YTD9", 70), ("10", 5), ("2", 3)], 75, frozenset(range(1, 11))),
        ([("YTD9", 70), ("H1", 40), ("H2", 50)], 90, WHOLE),  # the halves tell all of it
        ([("YTD9", 70), ("H1", 40), ("Q4", 5)], 75, WHOLE),
        ([("YTD9", 70), ("H2", 50)], 70, frozenset(range(1, 10))),
        ([], 0, frozenset()),
    ],
)
def test_a_year_is_made_of_the_coarsest_rows_that_fit(
    rows: list[tuple[str | None, int]], pence: int, months: frozenset[int], kept: bool
) -> None:
    made = [row(*one) for one in rows]
    found = fill(Rows(made) if kept else made, WHOLE)
    assert (found.pence, found.months) == (pence, months)
    assert sum(one.amount for one in found.rows) == pence


def test_a_half_takes_only_rows_inside_it() -> None:
    half = months_needed(f"{YEAR}-H1")
    rows = Rows([row(None, 100), row("H1", 40), row("7", 5)])
    assert fill(rows, half).pence == 40 and fill(rows, half) is fill(rows, half)
    assert fill([row(None, 100)], half).pence == 0
    assert months_told(rows) == WHOLE == rows.months
    assert months_told([row("Q1", 1), row("7", 1)]) == {1, 2, 3, 7}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("H1", 40), ("Q1", 15), ("Q2", 25)], []),
        ([("H1", 40), ("Q1", 15), ("Q2", 26)], [("H1", 41)]),
        ([("H1", 40), ("Q1", 15)], []),  # they do not tell all of it
        ([("YTD6", 41), ("H1", 40)], [("H1", 41)]),
        ([(None, 90), ("H1", 40), ("H2", 40), ("Q1", 9), ("Q2", 9)], [("", 80), ("H1", 18)]),
    ],
)
def test_a_coarse_row_disagrees_with_finer_ones_that_cover_it(
    rows: list[tuple[str | None, int]], found: list[tuple[str, int]]
) -> None:
    told = disagreements([row(*one) for one in rows])
    assert [(one.month or "", made) for one, _, made in told] == found


@pytest.mark.parametrize(
    ("part", "whole", "finer"),
    [
        ("1", "", True),
        ("Q1", "Q1", False),
        ("Q2", "Q1", False),
        ("", "H1", False),
        ("7", "H1", False),
    ],
)
def test_a_period_is_finer_than_one_that_holds_it(part: str, whole: str, finer: bool) -> None:
    assert _is_finer(part, whole) is finer


# -- how it is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pence", "said"),
    [
        (None, "not known"),
        (0, "£0.00"),
        (9_000_000, "£90,000.00"),
        (10_000_000, "£0.1 million"),
        (11_000_000, "£0.11 million"),
        (10_500_000, "£105,000.00"),
        (-10_000_000, "£(0.1) million"),
        (-9_000_000, "£(90,000.00)"),
        (1, "£0.01"),
    ],
)
def test_a_sum_is_in_millions_where_that_loses_nothing(pence: int | None, said: str) -> None:
    assert money(pence) == said


def test_rows_are_named_one_by_one_up_to_twenty_four_and_then_in_runs() -> None:
    assert _numbers([3, 2, 3]) == "row 2, row 3"
    few, many = range(2, 26), range(2, 27)
    assert _numbers(few) == ", ".join(f"row {n}" for n in few)
    assert _numbers(many) == "row 2 to row 26"
    assert _numbers([*many, 28, 30, 31]) == "row 2 to row 26, row 28, row 30 to row 31"


# -- without some rows -----------------------------------------------------------------------------

M = 100_000_000
"""£1 million in pence."""


def read(**tables: Any) -> Position:
    rows = [
        cells("T1", "pay", 30_000_000),
        cells("T1", "position", 30_000_000),
        cells("T2", "position", 30_000_000),
        cells("T1", "position", -30_000_000, basis="forecast"),
        cells("T1", "position", 30_000_000, year="2025-26"),
    ]
    fact = {"organisation": "T1", "year": YEAR, "fact": "gap", "value": "30,140,000", "unit": "£"}
    beds = {"organisation": "T1", "year": YEAR, "fact": "beds", "value": "3000000000"}
    return position_of(book(*rows, tree=TREE, facts=[fact, beds], **tables))


@pytest.mark.parametrize(
    ("pence", "count"),
    [
        (30 * M, 3),  # the position, the forecast turned about and the fact
        (-30 * M, 3),
        (3_015_000_000, 3),  # half in a hundred apart
        (3_015_100_000, 1),  # from the positions it is more, from the fact less
        (2_000_000_000, 0),
        (10_000_000, 0),  # so small that rounding could hide it
    ],
)
def test_what_is_said_again_is_found_by_its_size(pence: int, count: int) -> None:
    position = read()
    assert len(again(position, "T1", YEAR, pence)) == count
    assert again(position, "S1", YEAR, pence) == set()


def test_rows_left_out_are_stopped_and_earlier_ones_that_say_the_same_are_gone() -> None:
    totals: list[Cells] = [control_total("T1", 5)]
    position = read(control_totals=totals)
    gone = {position.book.amounts[1].entry, position.book.control_totals[0].entry}
    less = without(position, gone)
    assert [one.entry for one in less.book.amounts] == [
        one.entry for one in position.book.amounts if one.entry not in gone
    ]
    assert less.book.control_totals == () and len(less.book.facts) == 2
    assert {one.entry for one in less.stopped} == gone and all(one.stopped for one in less.stopped)
    assert without(position, []) is position
    assert without(position, [10**6]) is position
    assert label(position.book.amounts[1]) == ("amounts", "T1", YEAR, "plan", "")
    assert label(position.book.control_totals[0]) == ("control_totals", "T1", YEAR, "")


def test_a_transfer_left_out_is_gone_with_its_repayments_and_what_says_its_sum() -> None:
    """Nothing that its ends say is in doubt for it; support income of another sum stays."""
    loan = {"from": "T2", "to": "T1", "year": YEAR, "amount": "4000000"}
    terms = {"mechanism": "resource_transfer", "repay_from": "2027-28", "repay_years": "2"}
    terms |= {"kind": "neighbour_support"}
    income = [
        cells("T1", "support_income", 2_000_000, month="1"),
        cells("T1", "support_income", 2_000_000, month="2"),
        cells("T2", "support_income", 9_000_000),
    ]
    lent: dict[str, Any] = {
        "transfers": [
            {**loan, **terms, "id": "L-1", "status": "proposed"},
            {**loan, **terms, "id": "L-2", "status": "agreed", "amount": "7000000"},
        ],
        "repayments": [
            {"transfer": "L-1", "year": "2027-28", "kind": "repaid", "amount": "2000000"}
        ],
    }
    position = position_of(book(*income, tree=TREE, **lent))
    first, second = (row.entry for row in position.book.transfers)
    also = ends(position, {first})
    said = [row.entry for row in position.book.amounts if row.line == "support_income"]
    assert also == {position.book.repayments[0].entry, *said[:2]}
    assert ends(position, {second}) == ends(position, set()) == set()
    less = without(position, {first, *also})
    assert [row.id for row in less.book.transfers] == ["L-2"] and not less.book.repayments
    assert {row.table for row in less.stopped} == {"amounts"}


APRIL_TO = {month: frozenset(range(1, month + 1)) for month in range(1, 13)}
EXACTLY = {
    "a half beside its year": (["", "H1"], 6, 20),
    "a year less its last quarter": (["", "Q4"], 9, 80),
    "a year alone": ([""], 6, None),
    "a year whose half ends before": (["", "H1"], 7, None),
    "a half that begins later": (["H2"], 6, 0),
    "months of their own": (["1", "2", "3"], 2, 40),
}


@pytest.mark.parametrize(("periods", "month", "pence"), EXACTLY.values(), ids=EXACTLY)
def test_months_are_told_by_rows_of_their_own_or_by_a_year_less_the_rest_and_never_by_a_share(
    periods: list[str], month: int, pence: int | None
) -> None:
    found = fill_exactly([row(one, 20 if one else 100) for one in periods], APRIL_TO[month])
    assert (None if found is None else found.pence) == pence


def test_what_a_half_leaves_of_its_year_falls_in_the_other_months() -> None:
    rows = [row("", 100), row("H1", 70), row("Q1", 60)]
    assert shares(rows, APRIL_TO[12]) == [
        ((1, 2, 3), 60),
        ((4, 5, 6), 10),
        (tuple(range(7, 13)), 30),
    ]


def test_parts_that_differ_from_their_year_leave_it_as_it_is_stated() -> None:
    rows = [row("", 100), row("H1", 70), row("H2", 70)]
    assert shares(rows, APRIL_TO[12]) == [(tuple(range(1, 13)), 100)]
