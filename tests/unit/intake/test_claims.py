"""What titles, corners, notes, sheets and files say of a table; two things said are none."""

from __future__ import annotations

import pytest

from controltotal.intake.claims import claims_in
from tests.sheets_of_people import one, seen


def said(text: str) -> dict[str, str]:
    return {claim.what: claim.value for claim in claims_in(text, (0, 0))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norfolk Coast NHS Trust", {"organisation": "Norfolk Coast NHS Trust"}),
        ("Plan 2026/27 £'000", {"year": "2026-27", "basis": "plan", "unit": "£k"}),
        ("Month 9", {"month": "9"}),
        ("M9 YTD", {"month": "9", "to_date": "9"}),
        ("December 2026", {"year": "2026-27", "month": "9"}),
        ("as at 31 December 2026", {"year": "2026-27", "month": "9", "date": "2026-12-31"}),
        ("Report date: 14/01/2027", {"year": "2026-27", "date": "2027-01-14"}),
        ("All figures in £m", {"unit": "£m"}),
        ("£3m over plan", {"basis": "plan"}),
        ("2025/26 outturn and 2026/27 plan", {}),
        ("Plan and actual", {}),
        ("Cost improvement plan tracker", {}),
        ("Costs are shown as negative", {"signs": "costs_negative"}),
        ("Expenditure in brackets", {"signs": "costs_negative"}),
        ("Income (credit) is shown negative", {"signs": "ledger"}),
        ("Costs shown as positive", {"signs": "plain"}),
        ("RX1", {"organisation": "RX1"}),
        ("Sheet1", {}),
    ],
)
def test_a_text_claims(text: str, expected: dict[str, str]) -> None:
    found = said(text)
    assert {what: value for what, value in found.items() if what != "name"} == expected


def test_what_a_text_may_name_is_a_name() -> None:
    assert said("Barts Health - month 9") == {"name": "Barts Health", "month": "9"}
    assert "name" not in said("Income & Expenditure 2026/27")


def test_pairs_above_a_table_are_read() -> None:
    table = one(
        [
            ["Organisation:", "Norfolk Coast"],
            ["Financial year", "2026/27"],
            ["Month:", 9.0],
            ["Version", "Plan"],
            ["Unit", None, "£'000"],
            [],
            ["Line", "Apr", "May"],
            ["Pay", 1.0, 2.0],
        ]
    )
    assert {(c.what, c.value) for c in table.claims} >= {
        ("organisation", "Norfolk Coast"),
        ("year", "2026-27"),
        ("month", "9"),
        ("basis", "plan"),
        ("unit", "£k"),
    }
    claim = table.claimed("unit")
    assert claim and claim.place == (4, 2)


def test_the_nearest_claim_comes_first_and_the_file_last() -> None:
    table = one(
        [["£m"], ["£000"], ["Line", "Apr"], ["Pay", 1.0]],
        file="RX1_M9_2026-27_actuals.xlsx",
        sheet="Plan",
    )
    units = [claim.value for claim in table.claims if claim.what == "unit"]
    bases = [(claim.value, claim.place) for claim in table.claims if claim.what == "basis"]
    assert units == ["£k", "£m"]
    assert bases == [("plan", (-1, -1)), ("actual", (-1, -1))]
    for what, value in (("organisation", "RX1"), ("month", "9"), ("year", "2026-27")):
        claim = table.claimed(what)
        assert claim and claim.value == value


def test_the_corner_of_the_headings_may_say_the_unit() -> None:
    table = one([["£'000", "Apr"], ["Pay", 1.0]])
    claim = table.claimed("unit")
    assert claim and (claim.value, claim.place) == ("£k", (0, 0))


def test_notes_beneath_say_units_and_signs_alone() -> None:
    table = one(
        [
            ["Line", "Apr"],
            ["Pay", 1.0],
            [],
            ["All figures in £000. Costs are shown as negative. Plan of 2025/26 is attached."],
        ],
        file="a.xlsx",
        sheet="x",
    )
    assert [(c.what, c.value) for c in table.claims] == [
        ("unit", "£k"),
        ("signs", "costs_negative"),
    ]


def test_a_title_over_the_whole_sheet_is_of_each_table_but_for_whose_it_is() -> None:
    first, second = seen(
        [
            ["Trust A", None, "2026/27", "£000"],
            [],
            ["Line", "Apr"],
            ["Pay", 1.0],
            [],
            ["Trust B"],
            ["Line", "Apr"],
            ["Pay", 3.0],
        ]
    )
    for table, body in ((first, "Trust A"), (second, "Trust B")):
        names = [claim.value for claim in table.claims if claim.what == "organisation"]
        year = table.claimed("year")
        assert names == [body] and year and year.value == "2026-27"
