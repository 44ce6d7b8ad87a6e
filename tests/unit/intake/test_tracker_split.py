"""Trackers that split a sum by whether it repeats: the book holds the two parts of that sum."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.model import Measure, Read, Value
from tests.intake_seen import Heading
from tests.unit.intake.test_trackers import codes, read, schemes, unnamed

HEADINGS: list[Heading] = [
    ("Ref", "scheme_id"),
    ("Scheme", "title"),
    ("Plan", "money", Measure("plan", "year")),
    ("Forecast", "money", Measure("forecast", "year")),
    ("Recurrent", "recurrence"),
    ("Non-recurrent", "recurrence"),
]
BODY: Sequence[Sequence[Value]] = [
    ["S1", "Beds", 100, 90, 90, 0],
    ["S2", "Rotas", 100, 80, 50, 30],
    ["S3", "Stores", 100, 70, 0, 70],
]


def forecasts(found: Read) -> dict[tuple[str, str], str]:
    return {
        (r.cells["scheme"], r.cells.get("recurrence", "")): r.cells["amount"]
        for r in found.rows
        if r.table == "amounts" and r.cells["basis"] == "forecast"
    }


def test_a_sum_of_which_a_part_repeats_is_held_in_its_two_parts() -> None:
    found = read(HEADINGS, BODY)
    assert not codes(found) and not unnamed(found)
    assert forecasts(found) == {
        ("S1", "recurrent"): "90",
        ("S2", "recurrent"): "50",
        ("S2", "non_recurrent"): "30",
        ("S3", "non_recurrent"): "70",
    }
    assert {ref: row["recurrence"] for ref, row in schemes(found).items()} == {
        "S1": "recurrent",
        "S2": "unknown",
        "S3": "non_recurrent",
    }
    (told,) = (f for f in found.findings if "repeat in part" in f.message)
    assert "“Forecast” is held in its two parts" in told.message
    assert told.severity == "information"


def test_a_part_that_does_not_come_to_its_sum_is_asked_and_splits_nothing() -> None:
    wrong = [*BODY[:1], ["S2", "Rotas", 100, 80, 50, 20], *BODY[2:]]
    found = read(HEADINGS, wrong)
    assert codes(found) == ["IMPORT_TOTAL"]
    assert ("S2", "") in forecasts(found)
