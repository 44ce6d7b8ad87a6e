"""Which years a book can be asked of: years of money, of acts, and those in which support comes back."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.errors import BookError
from controltotal.workings.workings import Workings
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


def test_one_that_passed_on_the_whole_of_itself_on_the_first_day_is_no_part_of_the_year() -> None:
    book = {
        "organisations": [
            {"code": "SYS", "name": "System", "kind": "system"},
            {"code": "XA1", "name": "Old", "kind": "provider", "parent": "SYS"},
            {"code": "XB1", "name": "New", "kind": "provider", "parent": "SYS"},
        ],
        "amounts": [amount("XB1", "position", 5)],
    }

    def of_system(on: str) -> int | None:
        merger = {"predecessor": "XA1", "successor": "XB1", "on": on}
        position = position_of({**book, "successions": [merger]})
        return Workings(position).totals.surplus("SYS", "2026-27", "plan").pence

    assert of_system("2026-04-01") == 500
    assert of_system("2026-04-02") is None, "of the year before that day nobody has reported"


@pytest.mark.parametrize("title", ["", "Winter plan"])
def test_a_book_is_called_by_its_title_and_without_one_by_its_file(title: str) -> None:
    settings = [{"key": "title", "value": title}] if title else []
    position = position_of({**lent(), "book": settings})
    assert position.ref.name == (title or "generated")


def test_a_body_that_is_not_listed_is_told_in_the_words_of_its_table() -> None:
    book = lent()
    loan = {**book["transfers"][0], "to": "XB2"}
    stray = {"source": "S1", **amount("XA1", "position", 2)}
    position = position_of({**book, "transfers": [loan], "amounts": [stray]})
    told = {found.code: found.expected for found in position.findings}
    assert told["TRANSFER_BODY"] == "a code in organisations"
    assert told["UNKNOWN_SOURCE"] == "a code in sources"
    loan = {**book["transfers"][0], "source": "S2"}
    codes = [f.code for f in position_of({**book, "transfers": [loan]}).findings]
    assert "UNKNOWN_SOURCE" in codes and "TRANSFER_BODY" not in codes
