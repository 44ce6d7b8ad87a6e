"""What a sentence on a month says of one organisation alone, and which lines it names."""

from __future__ import annotations

from controltotal.accounts.statement import answer_position
from controltotal.workings.workings import Workings
from tests.spec.test_to_date import a, b, book, row
from tests.strategies import position_of

YEAR = "2026-27"


def said(*amounts: dict[str, str], code: str) -> list[str]:
    """The sentences of the position about one body."""
    result = answer_position(Workings(position_of(book(*amounts))), organisation=code)
    return [one.text for one in result.sentences]


def test_of_one_organisation_it_is_said_that_it_has_not_reported_and_not_nought_of_one() -> None:
    texts = said(*a(), *b(8), code="B")
    assert "Beta has not reported month 9 (December) (told to month 8)." in texts
    assert not [text for text in texts if "of 1 organisations" in text]


def test_a_line_that_makes_less_than_a_twentieth_of_a_variance_is_not_named_as_most_of_it() -> None:
    rows = []
    for number in range(1, 10):
        for basis, pay, drugs in (("plan", 6.0, 3.0), ("actual", 7.0, 3.01)):
            rows += [
                row("A", basis, 9, number, line="patient_care_income"),
                row("A", basis, pay, number, line="substantive_pay"),
                row("A", basis, drugs, number, line="drugs"),
            ]
    (text, *_) = (one for one in said(*rows, code="A") if "Most of it" in one)
    assert "Most of it: pay (£9.0 million worse)." in text


def test_lines_that_make_less_than_half_of_a_variance_are_not_most_of_it() -> None:
    """Five lines of cost are each 0.1 a month over: the two named make 1.8 of 4.5 millions."""
    lines = ("pay", "non_pay", "acute", "depreciation", "finance_costs")
    rows = []
    for number in range(1, 10):
        for basis, cost in (("plan", 1.0), ("actual", 1.1)):
            rows.append(row("A", basis, 9, number, line="patient_care_income"))
            rows += [row("A", basis, cost, number, line=line) for line in lines]
    (text, *_) = (one for one in said(*rows, code="A") if "argest known" in one)
    assert "Its largest known parts: " in text and "Most of it" not in text
