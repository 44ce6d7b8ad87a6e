"""Gates and people of a savings tracker: what has its day is evidence, the rest is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from controltotal.intake.model import Asked, Value
from controltotal.intake.trackers import read_tracker
from tests.intake_seen import Heading, seen_of
from tests.unit.intake.test_trackers import CLAIMS, KNOWN, LABELS, codes, read


def test_gates_with_a_day_are_evidence_and_claims_without_one_are_told() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("G2 approved", "gate"),
        ("Gate", "gate"),
        ("Gate date", "gate_date"),
        ("QIA", "qia"),
        ("WTE reduction", "wte"),
    ]
    body: list[list[Value]] = [
        [
            "S1",
            "Beds",
            "",
            "R",
            "Idea",
            "",
            10,
            date(2026, 5, 1),
            "Gate 3",
            date(2026, 6, 1),
            "Yes",
            2.5,
        ],
    ]
    found = read(headings, body)
    assert not codes(found)
    gates = [dict(r.cells) for r in found.rows if r.table == "gates"]
    assert gates == [
        {"scheme": "S1", "gate": "G2", "on": "2026-05-01"},
        {"scheme": "S1", "gate": "G3", "on": "2026-06-01"},
    ]
    assert [r.cells["value"] for r in found.rows if r.table == "facts"] == ["-2.5"]
    assert any("who signed it" in f.message for f in found.findings)


def gates_of(headings: list[Heading], *values: Value) -> list[tuple[str, str]]:
    """The gates that a scheme passes by what stands under more headings."""
    body: list[list[Value]] = [["S1", "Beds", "", "R", "Idea", "", 10, *values]]
    found = read([*LABELS, *headings], body)
    return [(r.cells["gate"], r.cells["on"]) for r in found.rows if r.table == "gates"]


def test_a_day_to_come_and_a_planned_day_are_no_evidence() -> None:
    day = date(2026, 5, 1)
    assert gates_of([("G3", "gate_date")], day) == [("G3", "2026-05-01")]
    assert gates_of([("G3 (plan)", "gate_date")], day) == []
    assert gates_of([("G3", "gate_date")], date(2999, 5, 1)) == []


def test_a_gate_that_another_column_does_not_call_passed_is_no_evidence() -> None:
    headings: list[Heading] = [("Gate 3 date", "gate_date"), ("Gate 3 status", "notes")]
    day = date(2026, 5, 1)
    assert gates_of(headings, day, "Approved") == [("G3", "2026-05-01")]
    assert gates_of(headings, day, "Rejected") == []


def test_a_gate_that_is_awaited_is_not_passed_on_its_day() -> None:
    headings: list[Heading] = [("Gate", "gate"), ("Gate date", "gate_date")]
    for said in ("Awaiting G3", "G3 rejected", "Failed gate 3", "G3 (not passed)"):
        assert gates_of(headings, said, date(2026, 5, 1)) == []


@pytest.mark.parametrize("status", ["Rejected", "Withdrawn", "On hold", "Stopped", "Paused"])
def test_what_the_tracker_stops_does_not_go_on_counting_unasked(status: str) -> None:
    rows: list[list[Value]] = [["S1", "Beds", "", "R", status, "", 10]]
    seen = seen_of(LABELS, rows, CLAIMS)
    signed = replace(KNOWN, signed=frozenset({"s1"}))
    found = read_tracker(seen, Asked(), signed)
    assert codes(found) == ["IMPORT_SCHEME"]
    assert f"S1: {status}" in next(f.found for f in found.findings if f.code == "IMPORT_SCHEME")
    assert codes(read_tracker(seen, Asked(), KNOWN)) == []


def test_what_is_closed_may_be_delivered_and_is_told() -> None:
    seen = seen_of(LABELS, [["S1", "Beds", "", "R", "Closed", "", 10]], CLAIMS)
    found = read_tracker(seen, Asked(), replace(KNOWN, signed=frozenset({"s1"})))
    assert codes(found) == []
    assert any("no act on a day" in finding.message for finding in found.findings)
