"""Engagement that comes late, in a form that the law does not know, or without notification."""

from __future__ import annotations

from collections.abc import Iterator

from controltotal.accounts.checks.of_scheme import finding
from controltotal.accounts.checks.totals import details, places
from controltotal.book.records import Engagement, Scheme
from controltotal.core.finding import Finding
from controltotal.programme.duties import duties
from controltotal.programme.engagement import (
    CHANGE_OF_LAW,
    COUNCIL,
    after_decision,
    begun,
    decision,
    duty_of,
    earliest_start,
    is_duty,
    lacks_notification,
    out_of_force,
)
from controltotal.workings.savings import Savings


def engagement(savings: Savings) -> Iterator[Finding]:
    """Engagement late, in a form that the law no longer knows, or without notification."""
    for row in savings.position.book.schemes:
        folder = savings.folders[row.id]
        heard = folder.engagements
        if not heard:
            continue
        for one in heard:
            if duty_of(one) is None:
                yield _unknown(row, one)
        decided = decision(folder.evidence)
        for one in after_decision(folder.evidence, heard):
            assert decided is not None
            yield Finding(
                code="ENGAGEMENT_AFTER_DECISION",
                severity="warning",
                organisation=row.organisation,
                where=places([one, decided]),
                message=f"Scheme {row.id}: {one.duty} began on {begun(one)}, after the decision of "
                f"{decided.on}.",
                expected=f"a start before {decided.on}",
                found=str(begun(one)),
                action="Engage before deciding, and take the decision again.",
                detail=details([one, decided]),
            )
        if lacks_notification(heard):
            rows = [one for one in heard if is_duty(one, COUNCIL)]
            yield finding(
                "NOTIFICATION_MISSING",
                row,
                f"Scheme {row.id}: the council is consulted, but no notification of the Secretary "
                f"of State is recorded, which is due from {CHANGE_OF_LAW} on.",
                "a row secretary_of_state_notification with notified_on",
                "none",
                "Notify, and record the day; or record that the change was urgent for safety.",
                *rows,
            )
        for one in heard:
            duty = out_of_force(one)
            if duty is not None:
                span = f"from {duty.begins or 'always'} to {duty.ends or 'now'}"
                yield finding(
                    "DUTY_NOT_IN_FORCE",
                    row,
                    f"Scheme {row.id}: {duty.name.lower()} on {begun(one)} was not open; it was in "
                    f"force {span}.",
                    span,
                    str(begun(one)),
                    "Use the duty that was in force.",
                    one,
                )
        yield from _too_early(row, heard)


def _unknown(row: Scheme, one: Engagement) -> Finding:
    """A duty that nobody knows, for which the scheme waits as for one of law."""
    return finding(
        "DUTY_NOT_KNOWN",
        row,
        f"Scheme {row.id}: no duty is known as {one.duty!r}, so it may be one of law, and the scheme "
        "waits until it is held and answered before the decision.",
        "one of " + ", ".join(duties()),
        str(one.duty),
        "Write one of them in duty; patient_groups is practice beyond the law.",
        one,
    )


def _too_early(row: Scheme, heard: tuple[Engagement, ...]) -> Iterator[Finding]:
    """A start before the engagement is over."""
    first = earliest_start(row, heard)
    if row.start is None or first is None or first <= row.start:
        return
    yield finding(
        "START_BEFORE_ENGAGEMENT",
        row,
        f"Scheme {row.id} is to start on {row.start}, before its engagement is over.",
        f"a start from {first} on",
        str(row.start),
        "Move the start.",
        *heard,
    )
