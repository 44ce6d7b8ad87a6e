"""What a table is of is told by its headings."""

from __future__ import annotations

import pytest

from controltotal.intake.kinds import kind_of
from controltotal.intake.model import Asked, Measure
from tests.intake_seen import Heading, month, seen_of

MONEY: Heading = ("2026/27 plan £k", "money", Measure("plan", "year", unit="£k"))
CASES: list[tuple[str, list[Heading]]] = [
    ("amounts", [("I&E", "line"), ("M1", "money", month(1)), ("M2", "money", month(2))]),
    ("amounts", [("Trust", "organisation"), ("Pay", "line_across"), ("Drugs", "line_across")]),
    ("amounts", [("Trust", "organisation"), ("Plan", "money", Measure("plan", "year")), MONEY]),
    ("schemes", [("CIP ref", "scheme_id"), ("Scheme", "title"), ("R/NR", "recurrence"), MONEY]),
    ("schemes", [("Scheme", "title"), ("FYE", "full_year_effect"), ("Status", "maturity")]),
    ("schemes", [("Ref", "scheme_id"), ("Scheme", "title"), ("M1", "money", month(1))]),
    ("ledger", [("Account", "line_code"), ("Debit", "debit"), ("Credit", "credit")]),
    ("ledger", [("Journal", "journal"), ("Subjective", "line"), ("Amount", "amount")]),
    (
        "long",
        [("Org", "organisation"), ("Line", "line"), ("Month", "month"), ("Value", "amount")],
    ),
    ("return", [("sub code", "line_code"), ("main code", "main_code"), ("value", "amount")]),
    ("accounts", [("worksheet", ""), ("subcode", "line_code"), ("label", ""), ("value", "amount")]),
    ("risks", [("Risk", "risk"), ("Gross", "gross"), ("Probability", "chance")]),
    ("control_totals", [("Trust", "organisation"), ("Control total", "amount")]),
    ("", [("Colour", ""), ("Shape", "")]),
]


@pytest.mark.parametrize(("kind", "headings"), CASES)
def test_headings_tell_the_kind(kind: str, headings: list[Heading]) -> None:
    assert kind_of(seen_of(headings, [[None] * len(headings)]), Asked()) == kind


def test_the_person_comes_first_and_then_a_sheet_of_the_book() -> None:
    seen = seen_of(
        [("code", ""), ("name", ""), ("kind", "kind")], [["a", "b", "c"]], sheet="Organisations"
    )
    assert kind_of(seen, Asked()) == "organisations"
    assert kind_of(seen, Asked(as_="Control totals")) == "control_totals"
