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


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [
        ("Capital programme", ""),
        ("Capital projects 2026/27", ""),
        ("CAPEX M8", ""),
        ("Savings from capital schemes", "schemes"),
        ("Programme", "schemes"),
    ],
)
def test_schemes_of_what_is_built_or_bought_are_no_savings(sheet: str, kind: str) -> None:
    headings = [("Ref", "scheme_id"), ("Scheme", "title"), MONEY]
    seen = seen_of(headings, [["C1", "Boilers", 5]], sheet=sheet)
    assert kind_of(seen, Asked()) == kind
    assert kind_of(seen, Asked(as_="schemes")) == "schemes"


def test_the_person_comes_first_and_then_a_sheet_of_the_book() -> None:
    seen = seen_of(
        [("code", ""), ("name", ""), ("kind", "kind")], [["a", "b", "c"]], sheet="Organisations"
    )
    assert kind_of(seen, Asked()) == "organisations"
    assert kind_of(seen, Asked(as_="Control totals")) == "control_totals"


YEAR: Heading = ("Full year plan", "money", Measure("plan", "year"))
BESIDE: list[Heading] = [("Division", "directorate"), YEAR]


@pytest.mark.parametrize(
    ("kind", "title", "heading"),
    [
        ("schemes", "Month 6 2026/27", "Scheme"),
        ("schemes", "Efficiency programme by division", "Item"),
        ("", "Capital programme 2026/27", "Scheme"),
        ("", "Month 6 2026/27", "Item"),
    ],
)
def test_a_title_or_a_heading_of_schemes_tells_a_tracker_where_its_columns_are_like_one(
    kind: str, title: str, heading: str
) -> None:
    seen = seen_of([(heading, "title"), *BESIDE], [["A", "B", 5]], sheet=title)
    assert kind_of(seen, Asked()) == kind


def test_a_title_of_risks_and_opportunities_tells_a_register_where_its_columns_are_like_one() -> (
    None
):
    headings: list[Heading] = [("Risk / Opp", ""), ("Item", "title"), ("Downside", "")]
    title = "Risks and opportunities to the forecast"
    assert kind_of(seen_of(headings, [["R", "Beds", 5]], sheet=title), Asked()) == "risks"
    assert kind_of(seen_of(headings, [["R", "Beds", "much"]], sheet=title), Asked()) == ""
