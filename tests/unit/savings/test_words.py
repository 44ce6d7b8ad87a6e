"""What a portfolio says where a book has nothing to choose from."""

from __future__ import annotations

import pytest

from controltotal.savings.portfolio.answer import answer_portfolio
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import Cells, amount, position_of

UNREAD: Cells = {
    "id": "A1",
    "organisation": "T1",
    "title": "Beds",
    "recurrence": "recurrent",
    "maturity": "in_progress",
    "full_year_effect": "9",
    "unit": "€",
}
NONE_LISTED = "The book lists no schemes, so there is nothing to choose from."
NONE_READ = (
    "No scheme of the book could be read, so there is nothing to choose from: see its errors."
)


@pytest.mark.parametrize(
    ("amounts", "schemes", "said"),
    [
        ([], [], NONE_LISTED),
        ([amount("T1", "pay", 1, unit="€")], [], NONE_LISTED),
        ([], [UNREAD], NONE_READ),
        ([amount("T1", "pay", 1, unit="€")], [UNREAD], NONE_READ),
    ],
)
def test_a_book_without_a_scheme_and_one_whose_schemes_nobody_could_read_are_told_apart(
    amounts: list[Cells], schemes: list[Cells], said: str
) -> None:
    position = position_of(book(amount("T1", "position", -3), *amounts, schemes=schemes))
    assert answer_portfolio(Workings(position)).words == (said,)
