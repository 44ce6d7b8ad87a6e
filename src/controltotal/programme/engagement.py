"""Who must be involved in a change, when, and what must be notified to whom.

Those affected are heard before the decision, not after it. A substantial change of service is put
to the council; from 31 January 2024 the Secretary of State is notified of every such change and
may call it in, and a council no longer refers one. A change needed at once for safety is exempt
from consultation. A scheme cannot start before its engagement is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from controltotal.book.records import Engagement, Gate, Scheme
from controltotal.core.calendar import parse_date
from controltotal.core.datafiles import packaged_rows
from controltotal.programme.evidence import Evidence, passed

COUNCIL = "council_consultation"
NOTIFICATION = "secretary_of_state_notification"
REFERRAL = "council_referral"
CHANGE_OF_LAW = date(2024, 1, 31)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to involve somebody, with the days between which it holds."""

    duty: str
    name: str
    begins: date | None
    ends: date | None
    authority: str
    meaning: str


@lru_cache(maxsize=1)
def duties() -> Mapping[str, Duty]:
    """Every duty known.

    >>> duties()["council_referral"].ends
    datetime.date(2024, 1, 30)
    """
    return {
        r["duty"]: Duty(
            r["duty"],
            r["name"],
            parse_date(r["from"]) if r["from"] else None,
            parse_date(r["until"]) if r["until"] else None,
            r["authority"],
            r["meaning"],
        )
        for r in packaged_rows("duties.csv")
    }


def begun(engagement: Engagement) -> date | None:
    """The first day of an engagement."""
    days = [d for d in (engagement.from_, engagement.notified_on) if d is not None]
    return min(days) if days else None


def urgent(engagement: Engagement) -> bool:
    """Whether a change was exempt because safety could not wait."""
    return "urgent" in (engagement.outcome or "").lower()


def lacks_notification(rows: Iterable[Engagement]) -> bool:
    """Whether a council is consulted on or after the change of law and nobody was notified.

    Before 31 January 2024 no notification was due.
    """
    rows = list(rows)
    due = [
        r
        for r in rows
        if r.duty == COUNCIL and not urgent(r) and (r.to or r.from_ or date.max) >= CHANGE_OF_LAW
    ]
    told = any(r.duty == NOTIFICATION and r.notified_on is not None for r in rows)
    return bool(due) and not told


def out_of_force(engagement: Engagement) -> Duty | None:
    """The duty of an engagement where it did not hold on its day."""
    duty, day = duties().get(engagement.duty), begun(engagement)
    if duty is None or day is None:
        return None
    late = duty.ends is not None and day > duty.ends
    early = duty.begins is not None and day < duty.begins
    return duty if late or early else None


def decision(evidence: Evidence) -> Gate | None:
    """The decision that stands: the last pass of gate G3."""
    last = evidence.latest("G3")
    return last if last is not None and passed(last) else None


def after_decision(evidence: Evidence, rows: Iterable[Engagement]) -> tuple[Engagement, ...]:
    """Engagements that began after the decision that they should inform."""
    decided = decision(evidence)
    if decided is None:
        return ()
    return tuple(r for r in rows if (day := begun(r)) is not None and day > decided.on)


def earliest_start(scheme: Scheme, rows: Iterable[Engagement]) -> date | None:
    """The earliest day on which a scheme may start: its own, or the day after the last engagement."""
    ends = [day for r in rows if (day := r.to or r.from_) is not None]
    heard = max(ends) + timedelta(days=1) if ends else None
    days = [d for d in (scheme.start, heard) if d is not None]
    return max(days) if days else None


def status(engagement: Engagement, day: date | None) -> str:
    """Where an engagement stands on a day."""
    last, first = engagement.to, begun(engagement)
    if engagement.notified_on is not None and last is None:
        return "notified"
    if day is None or first is None:
        return "not dated"
    if first > day:
        return "to come"
    return "under way" if last is None or last > day else "over"
