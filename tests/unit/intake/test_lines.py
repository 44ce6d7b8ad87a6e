"""Lines are known by name, by usual name and by the code of a return; others are proposed."""

from __future__ import annotations

import pytest

from controltotal.core.lines import Line
from controltotal.intake.lines import LineMatch, Lines

OWN = Lines(
    [
        Line("theatre_income", "Theatre income", "income", True, "income", "THE100"),
        Line("pay", "Workforce", "cost", True, "cost", "0100"),
    ]
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("NHS clinical income", "patient_care_income"),
        ("Other Operating Income £'000", "other_income"),
        ("1. Employee expenses", "pay"),
        ("Clinical supplies & services (2)", "clinical_supplies"),
        ("PDC dividend", "pdc_dividend"),
        ("Interest payable", "finance_costs"),
        ("SURPLUS / (DEFICIT)", "position"),
        ("(Deficit)/Surplus:", "position"),
        ("non_pay", "non_pay"),
        ("Workforce", "pay"),
        ("Theatre Income", "theatre_income"),
    ],
)
def test_a_name_that_surely_means_a_line_is_taken(text: str, line: str) -> None:
    assert OWN.match(text) == LineMatch(line, "exact")


def test_codes_are_the_books_first_and_then_ours() -> None:
    assert OWN.match("anything", "the100") == LineMatch("theatre_income", "code")
    assert OWN.match("", "0100").line == "pay"
    assert OWN.match("", "BANK_PAY") == LineMatch("bank_pay", "code")


def test_what_is_near_is_proposed_and_what_is_strange_is_not_known() -> None:
    assert OWN.match("Clinical incme").near[0] == "patient_care_income"
    assert OWN.match("Nursing").line == ""
    assert OWN.match("Qwertz") == LineMatch()


def test_a_line_has_its_kind() -> None:
    assert [OWN.kind(line) for line in ("pay", "theatre_income", "cash", "x")] == [
        "cost",
        "income",
        "position",
        "",
    ]
