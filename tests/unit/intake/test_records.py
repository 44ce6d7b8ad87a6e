"""Tables of the book are read from a sheet by their headings, checked, and asked about."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from controltotal.core.vocabulary import folded
from controltotal.intake.bodies import Bodies, Spell
from controltotal.intake.known import Known
from controltotal.intake.model import UNNAMED, Asked, Measure, Read, Value
from controltotal.intake.records import read_records
from tests.intake_seen import Heading, seen_of

KNOWN = Known(
    Bodies([Spell("RX1", "Dale NHS Trust"), Spell("RX2", "Hill NHS Foundation Trust")]),
    default_unit="£k",
    fresh=False,
)


def read(
    table: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Value]],
    claims: Mapping[str, str] | None = None,
    asked: Asked | None = None,
    sheet: str = "Sheet1",
) -> Read:
    seen = seen_of(headings, rows, claims, sheet=sheet)
    return read_records(seen, asked or Asked(), KNOWN, table)


def codes(found: Read) -> list[str]:
    return sorted({f.code for f in found.findings if f.severity == "error"})


def rows(found: Read) -> list[dict[str, str]]:
    return [dict(row.cells) for row in found.rows]


CONTROL: list[Heading] = [
    ("Trust", "organisation"),
    ("Control total 2026/27 £m", "money", Measure(unit="£m")),
    ("Status", "status"),
]


def test_control_totals_with_a_total_row_are_checked_to_the_penny() -> None:
    body = [["Dale", -2.5, "Accepted"], ["RX2", "(1.25)", "agreed"], ["Total", -3.75, ""]]
    found = read("control_totals", CONTROL, body, {"year": "2026/27"})
    assert not found.findings
    assert rows(found) == [
        {
            "organisation": "RX1",
            "year": "2026/27",
            "amount": "-2.5",
            "unit": "£m",
            "status": "accepted",
        },
        {
            "organisation": "RX2",
            "year": "2026/27",
            "amount": "-1.25",
            "unit": "£m",
            "status": "accepted",
        },
    ]
    assert [(c.expected, c.found) for c in found.checks] == [(-375_000_000, -375_000_000)]
    assert all(UNNAMED not in slots for slots in found.slots[:2])


def test_a_total_a_penny_off_is_asked_with_its_difference() -> None:
    body = [["Dale", -2.5, "accepted"], ["RX2", -1.25, "accepted"], ["Total", "-3.75000001", ""]]
    found = read("control_totals", CONTROL, body, {"year": "2026/27"})
    assert codes(found) == ["IMPORT_TOTAL"]
    assert "£0.01" in found.findings[0].message
    assert found.findings[0].in_files[0].cell == "B4"


def test_what_no_heading_says_is_asked_once_with_its_answer() -> None:
    found = read(
        "control_totals", [("Trust", "organisation"), ("Control total", "amount")], [["RX1", 5]]
    )
    assert codes(found) == ["IMPORT_UNIT", "IMPORT_YEAR"]
    assert all("--set" in f.action for f in found.findings if f.severity == "error")
    again = read(
        "control_totals",
        [("Trust", "organisation"), ("Control total", "amount")],
        [["RX1", 5]],
        asked=Asked(year="2026/27", unit="£k", headings={"status": "accepted"}),
    )
    assert not codes(again)
    assert rows(again)[0]["status"] == "accepted"


def test_a_body_that_is_near_is_asked_and_answered_by_the_mapping() -> None:
    body = [["Dayle", -2.5, "accepted"]]
    found = read("control_totals", CONTROL, body, {"year": "2026/27"})
    assert codes(found) == ["IMPORT_BODY"]
    assert '--set "bodies.Dayle=RX1"' in found.findings[0].action
    answer = Asked(bodies={folded("Dayle"): "RX1"})
    assert (
        rows(read("control_totals", CONTROL, body, {"year": "2026/27"}, answer))[0]["organisation"]
        == "RX1"
    )


LONG: list[Heading] = [
    ("Organisation", "organisation"),
    ("Line", "line"),
    ("Year", "year"),
    ("Month", "month"),
    ("Basis", "basis"),
    ("Amount", "amount"),
]


def test_long_amounts_are_read_to_the_penny() -> None:
    body = [
        ["RX1", "Employee expenses", "2026/27", "M1", "Actuals", 1200.05],
        ["RX1", "Clinical income", "2026-27", "Apr-26", "budget", "(3.1)"],
    ]
    found = read("long", LONG, body, {"unit": "£"})
    assert not codes(found)
    assert rows(found)[0] == {
        "organisation": "RX1",
        "line": "pay",
        "year": "2026/27",
        "month": "1",
        "basis": "actual",
        "amount": "1200.05",
        "unit": "£",
    }
    assert rows(found)[1]["amount"] == "-3.1"


def test_a_table_that_the_book_wrote_is_in_its_own_unit() -> None:
    headings: list[Heading] = [
        ("organisation", "organisation"),
        ("line", "line"),
        ("year", "year"),
        ("basis", "basis"),
        ("amount", "amount"),
    ]
    found = read("long", headings, [["RX1", "pay", "2026/27", "plan", 12]])
    assert not codes(found)
    assert rows(found)[0]["unit"] == "£k"


def test_lines_and_cells_that_nobody_can_read_are_questions_with_their_cells() -> None:
    body: list[list[Value]] = [
        ["RX1", "Nursing", "2026/27", 1, "actual", 5],
        ["RX1", "Pay", "2026/27", 1, "actual", "TBC"],
        ["RX1", "Pay", "2026", 2, "actual", 5],
        ["RX1", "Pay", "2026/27", "P02", "actual", 5],
    ]
    found = read("long", LONG, body, {"unit": "£k"})
    assert codes(found) == ["IMPORT_CELL", "IMPORT_LINE", "IMPORT_MONTH", "IMPORT_YEAR"]
    line = next(f for f in found.findings if f.code == "IMPORT_LINE")
    assert "[lines]" in line.action and line.in_files[0].cell == "B2"


def test_two_rows_of_one_key_are_asked() -> None:
    body = [["RX1", "Pay", "2026/27", 1, "actual", 5], ["RX1", "Pay", "2026/27", 1, "actual", 6]]
    assert codes(read("long", LONG, body, {"unit": "£k"})) == ["IMPORT_REPEATED"]


def test_a_hundred_thousand_amounts_take_seconds() -> None:
    body = [["RX1", "pay", "2026/27", 1 + n % 12, "plan", n + 0.25] for n in range(100_000)]
    start = time.process_time()
    found = read("long", LONG, body, {"unit": "£"})
    assert time.process_time() - start < 6
    assert len(found.rows) == 100_000


RISKS: list[Heading] = [
    ("Ref", "scheme_id"),
    ("Risk", "risk"),
    ("Type", "kind"),
    ("Gross £k", "gross", Measure(unit="£k")),
    ("Probability", "chance"),
    ("Net risk", "net"),
    ("Comments", "notes"),
]
AT = {"organisation": "RX1"}


def test_a_risk_register_keeps_gross_and_chance_and_checks_net() -> None:
    body = [
        ["R1", "Winter beds stay open", "Risk", 500, 0.5, 250, "watch"],
        ["R2", "Sale of land", "Opportunity", 120, "25%", 30, ""],
    ]
    found = read("risks", RISKS, body, AT)
    assert not found.findings
    assert rows(found) == [
        {
            "id": "R1",
            "organisation": "RX1",
            "title": "Winter beds stay open",
            "kind": "risk",
            "gross": "500",
            "unit": "£k",
            "chance": "0.5",
        },
        {
            "id": "R2",
            "organisation": "RX1",
            "title": "Sale of land",
            "kind": "mitigation",
            "gross": "120",
            "unit": "£k",
            "chance": "0.25",
        },
    ]
    assert [c.agrees for c in found.checks] == [True, True]
    assert [left.reason for left in found.left] == ["remarks"]


def test_a_net_value_that_is_not_gross_times_chance_is_asked() -> None:
    assert codes(read("risks", RISKS, [["R1", "Beds", "Risk", 500, 0.5, 300, ""]], AT)) == [
        "IMPORT_TOTAL"
    ]


def test_a_chance_in_words_is_asked_and_answered() -> None:
    body = [["R1", "Beds", "Risk", 500, "Likely", None, ""]]
    assert codes(read("risks", RISKS, body, AT)) == ["IMPORT_CELL"]
    answer = Asked(headings={folded("Likely"): "0.7"})
    assert rows(read("risks", RISKS, body, AT, answer))[0]["chance"] == "0.7"


def test_risks_below_nil_and_mitigations_above_are_one_habit() -> None:
    headings: list[Heading] = [
        ("Ref", "scheme_id"),
        ("Description", "description"),
        ("Value £k", "gross", Measure(unit="£k")),
        ("Likelihood %", "chance"),
    ]
    body: list[list[Value]] = [
        ["Risks", None, None, None],
        ["R1", "Beds", -500, 0.5],
        ["Mitigations", None, None, None],
        ["M1", "Land", 100, 0.5],
        ["Total", None, -400, None],
    ]
    found = read("risks", headings, body, AT)
    assert not codes(found)
    assert [(r["kind"], r["gross"]) for r in rows(found)] == [
        ("risk", "500"),
        ("mitigation", "100"),
    ]


def test_a_register_that_does_not_say_what_is_a_risk_is_asked() -> None:
    headings: list[Heading] = [
        ("Ref", "scheme_id"),
        ("Description", "description"),
        ("Value £k", "gross", Measure(unit="£k")),
        ("Chance", "chance"),
    ]
    assert codes(read("risks", headings, [["R1", "Beds", 5, 0.5]], AT)) == ["IMPORT_HEADING"]
    found = read("risks", headings, [["R1", "Beds", 5, 0.5]], AT, sheet="Risks")
    assert not codes(found)


def test_rows_without_references_are_known_by_their_titles_and_that_is_said() -> None:
    found = read("risks", RISKS[1:], [["Beds", "Risk", 5, 0.5, None, ""]], AT)
    assert rows(found)[0]["id"] == "beds"
    assert [f.code for f in found.findings] == ["IMPORT_UNKNOWN"]
