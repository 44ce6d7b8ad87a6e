"""A summary of directorates beside the sheets that it sums, as workbooks of trackers have it."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.forms import UNKNOWN
from controltotal.intake.model import Asked, Measure, Read, Value
from controltotal.intake.summaries import settle_summaries
from controltotal.intake.trackers import read_tracker
from tests.intake_seen import Heading, seen_of
from tests.unit.intake.test_trackers import CLAIMS, KNOWN, PLAN, codes

LABELS: list[Heading] = [
    ("Ref", "scheme_id"),
    ("Scheme", "title"),
    ("R/NR", "recurrence"),
    ("FYE", "full_year_effect"),
]
HEADS: list[Heading] = [
    ("Directorate", "directorate"),
    ("Plan 2026/27", "money", Measure("plan", "year")),
    ("FYE", "full_year_effect"),
]
TWELVE: list[Value] = [1.0] * 12


def tracker(sheet: str, *refs: str) -> Read:
    rows: list[list[Value]] = [[ref, f"Scheme {ref}", "R", 15, *TWELVE] for ref in refs]
    seen = seen_of([*LABELS, *PLAN], rows, CLAIMS, sheet=sheet)
    return read_tracker(seen, Asked(), KNOWN)


def summary(rows: Sequence[Sequence[Value]]) -> Read:
    return Read(seen_of(HEADS, rows, CLAIMS), UNKNOWN)


def test_a_summary_that_agrees_is_checked_and_sheets_name_directorates() -> None:
    surgery, medicine = tracker("Surgery", "S1", "S2"), tracker("Medicine", "M1")
    whole = summary([["Surgery", 24, 30], ["Medicine", 12, 15], ["Total", 36, 45]])
    settle_summaries([whole, surgery, medicine], Asked(), KNOWN)
    assert whole.table == "" and not codes(whole)
    assert len(whole.checks) == 6 and all(check.agrees for check in whole.checks)
    named = {r.cells["directorate"] for r in surgery.rows if r.table == "schemes"}
    assert named == {"Surgery"}


def test_a_summary_that_differs_is_asked_by_its_cell() -> None:
    whole = summary([["Surgery", 25, 30], ["Medicine", 12, 15]])
    reads = [whole, tracker("Surgery", "S1", "S2"), tracker("Medicine", "M1")]
    settle_summaries(reads, Asked(), KNOWN)
    assert codes(whole) == ["IMPORT_TOTAL"]


def test_what_schemes_cannot_prove_stays_unknown() -> None:
    whole = summary([["Surgery", 24, 30], ["Estates", 12, 15]])
    settle_summaries([whole, tracker("Surgery", "S1", "S2")], Asked(), KNOWN)
    assert whole.table == UNKNOWN
