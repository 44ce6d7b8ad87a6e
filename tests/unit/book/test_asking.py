"""What a command asks of a book: a sum as typed, the years, and the bodies that exist in one."""

from __future__ import annotations

import pytest

from controltotal.book.asking import amount_typed, bodies_asked, years_asked
from controltotal.core.errors import BookError
from tests.strategies import Cells, amount, position_of

MILLIONS: Cells = {"key": "default_unit", "value": "£m"}
BODIES: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1", "to": "2026-03-31"},
    {"code": "T3", "name": "Third", "kind": "provider", "from": "2026-04-01"},
]


def asked(year: str, organisation: str | None = None) -> tuple[str, ...]:
    return bodies_asked(position_of({"organisations": BODIES}), year, organisation)


def test_bodies_asked_about_are_those_that_exist_in_the_year() -> None:
    assert asked("2025-26") == ("S1", "T1", "T2")
    assert asked("2026-27") == ("S1", "T1", "T3")


def test_a_body_is_asked_about_with_all_that_stand_below_it_in_the_year() -> None:
    assert asked("2025-26", "S1") == ("S1", "T1", "T2")
    assert asked("2026-27", "S1") == ("S1", "T1")
    assert asked("2026-27", "T1") == ("T1",)
    assert asked("2026-27", "T2") == ()


def test_years_asked_are_one_or_all_with_the_halves_of_which_the_book_speaks() -> None:
    halves = [amount("T1", "position", 1, month=half) for half in ("H1", "H2")]
    older = amount("T1", "position", 1, year="2025-26")
    position = position_of({"organisations": BODIES, "amounts": [halves[1], older]})
    assert years_asked(position, None) == ("2025-26", "2026-27", "2026-27-H2")
    position = position_of({"organisations": BODIES, "amounts": [*halves, older]})
    with_halves = ("2026-27-H1", "2026-27-H2")
    assert years_asked(position, None) == ("2025-26", "2026-27", *with_halves)
    assert years_asked(position, "2026-27") == ("2026-27", *with_halves)
    assert years_asked(position, "2025-26") == ("2025-26",)
    assert years_asked(position, "2026-27-H1") == ("2026-27-H1",)
    assert years_asked(position, "2030-31") == ("2030-31",)


@pytest.mark.parametrize(
    ("text", "unit", "pence", "read_in"),
    [
        ("5", "£m", 500_000_000, "£m"),  # in the unit of the book, and that is said
        ("5", "", 500, "£"),
        ("£5", "£", 500, ""),
        ("£5m", "£k", 500_000_000, ""),
        ("5k", "£m", 500_000, ""),
    ],
)
def test_a_sum_without_a_unit_is_in_that_of_the_book(
    text: str, unit: str, pence: int, read_in: str
) -> None:
    book = [{"key": "default_unit", "value": unit}] if unit else []
    position = position_of({"organisations": BODIES, "book": book})
    assert amount_typed(position, "--gap", text) == (pence, read_in)


def test_what_is_no_sum_is_refused_with_the_option_that_named_it() -> None:
    with pytest.raises(BookError, match=r"--gap reads .£5.*give a number in £m"):
        amount_typed(position_of({"organisations": BODIES, "book": [MILLIONS]}), "--gap", "£5")
    with pytest.raises(BookError, match=r"--gap reads .a lot."):
        amount_typed(position_of({"organisations": BODIES}), "--gap", "a lot")
