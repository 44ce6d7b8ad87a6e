"""The template of the accounts becomes actuals of a year, with every total and sign checked."""

from __future__ import annotations

from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.model import Asked, Measure, Read, Value
from controltotal.intake.records import read_records
from tests.intake_seen import Heading, seen_of

HEADINGS: list[Heading] = [
    ("worksheet", ""),
    ("subcode", "line_code"),
    ("label", ""),
    ("2023/24 £000", "money", Measure("actual", "year", year="2023-24", unit="£k")),
]
KNOWN = Known(Bodies([Spell("RX1", "Dale NHS Trust")]), fresh=False)
SUMMARY: list[tuple[str, int]] = [
    ("SCI0100A", 900),
    ("SCI0110A", 100),
    ("SCI0125A", -950),
    ("SCI0140A", 50),
    ("SCI0150", 5),
    ("SCI0160", -10),
    ("SCI0170", -15),
    ("SCI0180", -20),
    ("SCI0240A", 30),
    ("SCI0240", 30),
]
DETAIL: list[tuple[str, int]] = [
    ("INC1115", 800),
    ("INC1170", 100),
    ("INC1220", 900),
    ("INC1240A", 100),
    ("INC1360", 100),
    ("EXP0130", 600),
    ("EXP0320", 50),
    ("EXP0170", 200),
    ("EXP0190", 100),
    ("EXP0390", 950),
]


def read(values: list[tuple[str, int]], asked: Asked | None = None) -> Read:
    rows: list[list[Value]] = [["TAC", code, "label", value] for code, value in values]
    said = asked or Asked(organisation="RX1")
    return read_records(seen_of(HEADINGS, rows), said, KNOWN, "accounts")


def amounts(found: Read) -> dict[str, str]:
    return {row.cells["line"]: row.cells["amount"] for row in found.rows}


def test_the_finest_statement_is_taken_and_every_other_is_checked() -> None:
    found = read(SUMMARY + DETAIL)
    assert not found.findings
    assert amounts(found) == {
        "patient_care_income": "900",
        "other_income": "105",
        "finance_costs": "10",
        "pdc_dividend": "15",
        "pay": "650",
        "drugs": "200",
        "other_costs": "100",
    }
    assert len(found.checks) >= 8
    assert all(check.agrees for check in found.checks)
    assert {row.cells["year"] for row in found.rows} == {"2023/24"}


def test_a_total_that_differs_is_asked() -> None:
    wrong = [(code, 951 if code == "EXP0390" else value) for code, value in SUMMARY + DETAIL]
    assert {f.code for f in read(wrong).findings} == {"IMPORT_TOTAL"}


def test_a_sign_against_the_chart_is_asked_and_answered() -> None:
    wrong = [(code, -value if code == "EXP0190" else value) for code, value in DETAIL[5:9]]
    assert [f.code for f in read(wrong).findings] == ["IMPORT_SIGNS"]
    answer = Asked(organisation="RX1", lines={"exp0190": "other_costs"})
    assert not read(wrong, answer).findings
