"""A three-column list that we wrote, and one with a book's own codes, are read back."""

from __future__ import annotations

from controltotal.core.lines import Line
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.lines import Lines
from controltotal.intake.model import Asked, Read, Value
from controltotal.intake.records import read_records
from tests.intake_seen import Heading, seen_of

HEADINGS: list[Heading] = [
    ("sub code", "line_code"),
    ("main code", "main_code"),
    ("value", "amount"),
]
KNOWN = Known(
    Bodies([Spell("RX1", "Dale NHS Trust")]),
    Lines([Line("theatres", "Theatres", "income", True, "income", "THE100")]),
    main_codes={"a02cy01": ("theatres", "ACTUAL_YTD")},
    fresh=False,
)


def read(rows: list[list[Value]], **said: str) -> Read:
    asked = Asked(organisation="RX1", **said)
    return read_records(seen_of(HEADINGS, rows), asked, KNOWN, "return")


def test_our_list_is_read_back_with_costs_positive() -> None:
    found = read(
        [
            ["SURPLUS", "202627_PLAN_FY", 10],
            ["PATIENT_CARE_INCOME", "202627_PLAN_FY", 100],
            ["PAY", "202627_PLAN_FY", -90],
            ["PAY", "202627_PLAN_YTD09", -67],
            ["PAY", "202627_ACTUAL_YTD09", -70],
            ["PAY", "202627_VARIANCE_YTD09", -3],
            ["PAY", "202627_FORECAST_FY", -95],
            ["CONTROL_TOTAL", "202627_PLAN_FY", 10],
        ]
    )
    assert not found.findings
    said = [
        (r.cells["line"], r.cells["basis"], r.cells.get("month", ""), r.cells["amount"])
        for r in found.rows
    ]
    assert said == [
        ("patient_care_income", "plan", "", "100"),
        ("pay", "plan", "", "90"),
        ("pay", "plan", "YTD9", "67"),
        ("pay", "actual", "YTD9", "70"),
        ("pay", "forecast", "", "95"),
    ]
    assert {r.cells["unit"] for r in found.rows} == {"£k"}
    assert [c.agrees for c in found.checks] == [True, True]


def test_a_surplus_that_is_not_its_lines_is_asked() -> None:
    found = read(
        [
            ["SURPLUS", "202627_PLAN_FY", 15],
            ["PATIENT_CARE_INCOME", "202627_PLAN_FY", 100],
            ["PAY", "202627_PLAN_FY", -90],
        ]
    )
    assert [f.code for f in found.findings] == ["IMPORT_TOTAL"]


def test_codes_of_the_book_need_year_and_month_from_somewhere() -> None:
    rows: list[list[Value]] = [["THE100", "A02CY01", 7]]
    assert {f.code for f in read(rows).findings} == {"IMPORT_MONTH", "IMPORT_YEAR"}
    found = read(rows, year="2026/27", month="M9")
    assert not found.findings
    assert found.rows[0].cells["month"] == "YTD9"


def test_unknown_codes_are_asked() -> None:
    found = read([["XYZ", "202627_PLAN_FY", 1], ["PAY", "NONSENSE", 1]])
    assert {f.code for f in found.findings} == {"IMPORT_LINE", "IMPORT_HEADING"}


def test_a_list_that_writes_costs_above_nil_is_read_so_and_one_that_mixes_is_asked() -> None:
    plain = read([["PAY", "PLAN_FY", 90], ["DRUGS", "PLAN_FY", 10]], year="2026/27")
    assert [row.cells["amount"] for row in plain.rows] == ["90", "10"]
    mixed = read([["PAY", "PLAN_FY", -90], ["DRUGS", "PLAN_FY", 10]], year="2026/27")
    assert [f.code for f in mixed.findings] == ["IMPORT_SIGNS"]
    said = read(
        [["PAY", "PLAN_FY", -90], ["DRUGS", "PLAN_FY", 10]], year="2026/27", costs="costs_negative"
    )
    assert [row.cells["amount"] for row in said.rows] == ["90", "-10"]


def test_one_place_of_the_list_twice_is_asked() -> None:
    found = read([["PAY", "202627_PLAN_FY", -90], ["PAY", "202627_PLAN_FY", -91]])
    assert [f.code for f in found.findings] == ["IMPORT_REPEATED"]
