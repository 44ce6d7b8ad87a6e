"""What `check` says of engagement: after the decision, out of force, unknown, or too near the start."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.finding import Finding
from tests.scheme_books import book, gates, less, scheme
from tests.strategies import position_of

HELD = {"scheme": "T1", "duty": "council_consultation", "from": "2026-04-01", "to": "2026-05-01"}


def told(code: str, *rows: dict[str, str], **scheme_cells: str) -> list[Finding]:
    made = book(schemes=[scheme(**scheme_cells)], engagements=list(rows))
    return [one for one in verbs.check(position_of(made)).findings if one.code == code]


@pytest.mark.parametrize(
    ("began", "late"), [("2026-05-11", False), ("2026-05-12", False), ("2026-05-13", True)]
)
def test_an_engagement_that_began_after_the_decision_is_told(began: str, late: bool) -> None:
    """G3 was decided on 12 May."""
    found = told("ENGAGEMENT_AFTER_DECISION", {**HELD, "from": began, "to": ""})
    assert bool(found) is late
    for one in found:
        assert one.message == (
            "Scheme T1: council_consultation began on 2026-05-13, after the decision of 2026-05-12."
        )
        assert (one.expected, one.found, one.organisation) == (
            "a start before 2026-05-12",
            "2026-05-13",
            "RX1",
        )


def test_without_a_decision_nothing_is_after_it() -> None:
    made = book(engagements=[{**HELD, "from": "2026-06-01", "to": ""}])
    made["gates"] = less(gates(), gate="G3")
    found = verbs.check(position_of(made)).findings
    assert not [one for one in found if one.code == "ENGAGEMENT_AFTER_DECISION"]


def test_a_consultation_of_the_council_needs_a_notification_from_the_change_of_law() -> None:
    (found,) = told("NOTIFICATION_MISSING", HELD)
    assert "which is due from 2024-01-31 on." in found.message
    notified = {
        "scheme": "T1",
        "duty": "secretary_of_state_notification",
        "notified_on": "2026-04-10",
    }
    assert told("NOTIFICATION_MISSING", HELD, notified) == []
    assert len(told("NOTIFICATION_MISSING", HELD, {**notified, "notified_on": ""})) == 1
    old = {**HELD, "from": "2023-12-01", "to": "2024-01-30"}
    assert told("NOTIFICATION_MISSING", old) == []
    assert len(told("NOTIFICATION_MISSING", {**old, "to": "2024-01-31"})) == 1
    assert len(told("NOTIFICATION_MISSING", {**HELD, "from": "", "to": ""})) == 1
    other = {**HELD, "duty": "public_involvement"}
    assert told("NOTIFICATION_MISSING", other) == []


@pytest.mark.parametrize(
    ("began", "open_"), [("2024-01-30", True), ("2024-01-31", False), ("2026-04-01", False)]
)
def test_a_duty_that_was_not_in_force_on_its_day_is_told(began: str, open_: bool) -> None:
    found = told("DUTY_NOT_IN_FORCE", {**HELD, "duty": "council_referral", "from": began, "to": ""})
    assert bool(found) is not open_
    for one in found:
        assert one.found == began and one.expected.endswith(" to 2024-01-30")


def test_a_word_that_is_no_duty_is_told() -> None:
    (found,) = told("DUTY_NOT_KNOWN", {**HELD, "duty": "tea and cake"})
    assert "no duty is known as 'tea and cake'" in found.message
    assert found.found == "tea and cake"
    assert told("DUTY_NOT_KNOWN", HELD) == []


@pytest.mark.parametrize(
    ("ends", "start", "early"),
    [
        ("2026-09-30", "2026-10-01", False),
        ("2026-10-01", "2026-10-01", True),
        ("2026-10-01", "2026-10-02", False),
        ("2026-10-01", "", False),
        ("", "2026-10-01", False),  # its first day is its last that is known
    ],
)
def test_a_start_before_the_engagement_is_over_is_told(ends: str, start: str, early: bool) -> None:
    found = told("START_BEFORE_ENGAGEMENT", {**HELD, "to": ends}, start=start)
    assert bool(found) is early
    for one in found:
        assert (one.expected, one.found) == ("a start from 2026-10-02 on", "2026-10-01")


def test_a_scheme_of_which_nobody_was_heard_has_no_finding_of_it() -> None:
    codes = {
        "ENGAGEMENT_AFTER_DECISION",
        "NOTIFICATION_MISSING",
        "DUTY_NOT_IN_FORCE",
        "DUTY_NOT_KNOWN",
        "START_BEFORE_ENGAGEMENT",
    }
    found = verbs.check(position_of(book())).findings
    assert codes.isdisjoint(one.code for one in found)
