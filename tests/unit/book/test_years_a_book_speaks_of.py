"""Which years a book can be asked of: years of money, of acts, and those in which support comes back."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from tests.strategies import Book, amount, position_of


def lent(**terms: str) -> Book:
    """A trust with a plan of 2026/27, which lends a neighbour in that year on these terms."""
    bodies = [{"code": code, "name": code, "kind": "provider"} for code in ("XA1", "XB1")]
    loan = {
        "id": "L1",
        "from": "XA1",
        "to": "XB1",
        "year": "2026-27",
        "amount": "30",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        **terms,
    }
    return {
        "organisations": bodies,
        "amounts": [amount("XA1", "position", 5), amount("XB1", "position", -4)],
        "transfers": [loan],
    }


def answered(book: Book) -> set[str]:
    """The years from 2025/26 to 2032/33 of which `position` answers."""
    position, found = position_of(book), set()
    for first in range(2025, 2033):
        year = f"{first}-{(first + 1) % 100}"
        try:
            verbs.position(position, year=year)
        except BookError:
            continue
        found.add(year)
    return found


@pytest.mark.parametrize(
    ("terms", "years"),
    [
        ({"repay_years": "3"}, {"2026-27", "2027-28", "2028-29", "2029-30"}),
        (
            {"repay_years": "2", "repay_from": "2029-30"},
            {"2026-27", "2029-30", "2030-31"},
        ),
        ({"repay_from": "2028-29"}, {"2026-27", "2028-29"}),
    ],
)
def test_the_years_in_which_support_comes_back_can_be_asked_of(
    terms: dict[str, str], years: set[str]
) -> None:
    assert answered(lent(**terms)) == years


def test_evidence_dated_after_the_last_year_of_the_book_is_no_day_to_read_it_at() -> None:
    book = {
        **lent(),
        "schemes": [
            {
                "id": "S1",
                "organisation": "XA1",
                "title": "Energy",
                "recurrence": "recurrent",
                "maturity": "opportunity",
                "full_year_effect": "1",
                "start": "2026-06-01",
            }
        ],
        "decisions": [
            {"decision": "D1", "title": "A loan", "rule": "majority", "on": "2026-05-07"}
        ],
    }

    def read(day: str) -> str:
        gate = {"scheme": "S1", "gate": "G3", "outcome": "passed", "by": "A Board", "on": day}
        return str(position_of({**book, "gates": [gate]}).reading_date)

    assert read("2026-05-01") == "2026-05-07"
    assert read("2027-03-31") == "2027-03-31"
    assert read("2027-04-01") == "2026-05-07", "an error of a date moves no other judgement"
