"""How finely a sum was written, whatever signs, commas and units stand around it."""

from __future__ import annotations

import pytest

from controltotal.book.precision import Precision
from controltotal.book.records import Amount
from tests.small_books import book
from tests.strategies import Cells, amount, position_of


def steps(*written: tuple[str, str]) -> list[int]:
    """The step of each of some sums, in pence."""
    rows: list[Cells] = [
        {**amount("T1", line, 0), "amount": text, "unit": unit}
        for line, (text, unit) in zip(("pay", "drugs", "other_costs"), written, strict=False)
    ]
    position = position_of(book(*rows))
    read = [row for row in position.book.amounts if isinstance(row, Amount)]
    assert len(read) == len(written), position.findings
    precision = Precision(read)
    return [precision.step(row) for row in read]


@pytest.mark.parametrize(
    ("text", "unit", "step"),
    [
        ("4.6", "£m", 10_000_000),
        ("4", "£m", 100_000_000),
        ("4.60", "£m", 1_000_000),
        ("(4.6)", "£m", 10_000_000),
        ("-4.6", "£m", 10_000_000),
        ("£4.6m", "", 10_000_000),
        ("1,234", "£k", 100_000),
        ("1,234.5", "£k", 10_000),
        (".5", "£m", 10_000_000),
        ("1.2", "£bn", 10_000_000_000),
        ("4600000", "£", 0),  # whole pounds have no band
        ("0", "£m", 0),  # nil says nothing of how it was written
    ],
)
def test_the_last_place_that_is_shown(text: str, unit: str, step: int) -> None:
    assert steps((text, unit)) == [step]


def test_the_finest_of_the_same_unit_and_year_is_that_of_all() -> None:
    assert steps(("4", "£m"), ("4.65", "£m")) == [1_000_000, 1_000_000]
    assert steps(("4", "£m"), ("4.6", "£k")) == [100_000_000, 10_000]


@pytest.mark.parametrize(
    ("rows", "off", "meets"),
    [
        (3, 15_000_000, True),  # half a step of £0.1 million each
        (3, 15_000_001, False),
        (1, 5_000_000, True),
        (1, 5_000_001, False),
    ],
)
def test_a_total_may_lie_half_a_step_of_each_row_away(rows: int, off: int, meets: bool) -> None:
    lines = ("pay", "drugs", "other_costs")[:rows]
    position = position_of(
        book(*({**amount("T1", line, 0), "amount": "4.6", "unit": "£m"} for line in lines))
    )
    precision = Precision(position.book.amounts)
    assert precision.meets(off, 0, position.book.amounts) is meets
    assert precision.meets(0, off, position.book.amounts) is meets
