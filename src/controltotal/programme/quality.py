"""The quality register: every scheme's scores before and after mitigation, and what follows.

The highest score counts, never the mean; a benefit in one domain cancels no harm in another. A
score at the screening bar asks for a full assessment, at the escalation bar for a panel, at the
rejection bar it refuses; a residual consequence of 5 always goes to a panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from controltotal.book.records import Assessment
from controltotal.core.keys import word
from controltotal.programme.evidence import Evidence
from controltotal.programme.judging import Judgement
from controltotal.programme.profiles import PANEL_CONSEQUENCE, Domain, band
from controltotal.programme.scores import Residual, domain_of, residual

NOT_ASSESSED = frozenset(
    {
        "QUALITY_NOT_ASSESSED",
        "QUALITY_DOMAIN_MISSING",
        "QUALITY_SCORE_UNKNOWN",
        "QUALITY_PROFILE_UNKNOWN",
        "SCREENING_REFUSED",
    }
)
"""Reasons for which a scheme is not fully assessed."""
STAGES = ("screened", "full assessment", "panel", "rejected")


@dataclass(frozen=True, slots=True)
class Score:
    """One domain of one scheme: score before and after mitigation, band and stage."""

    row: Assessment
    domain: str
    name: str
    before: float
    after: float | None
    stage: str
    why: str = ""

    @property
    def band(self) -> str:
        """The band after mitigation."""
        return band(self.after) if self.after else "not scored"


def scores(evidence: Evidence) -> tuple[Score, ...]:
    """Every domain assessed, worst first."""
    found = []
    for row in evidence.assessments:
        domain = domain_of(row)
        before = row.likelihood * row.consequence
        left = residual(row)
        stage, why = _stage(left, domain, before)
        name = domain.name if domain else str(row.domain)
        after = None if left is None else float(left.score)
        found.append(Score(row, word(row.domain), name, before, after, stage, why))
    return tuple(sorted(found, key=lambda s: (-(s.after or 0), -s.before, s.domain)))


def _stage(left: Residual | None, domain: Domain | None, before: float) -> tuple[str, str]:
    """How far a domain has to go, and why."""
    screen, escalate, reject = (
        (domain.screen_at, domain.escalate_at, domain.reject_at) if domain else (8, 12, 15)
    )
    if left is not None and left.score >= reject:
        return "rejected", f"residual score {left.score}"
    if left is not None and left.consequence >= PANEL_CONSEQUENCE:
        return "panel", "a residual consequence of 5"
    if left is not None and left.score >= escalate:
        return "panel", f"residual score {left.score}"
    if before >= screen:
        return "full assessment", f"score {before:g} before mitigation"
    return "screened", ""


def overdue(evidence: Evidence, day: date | None) -> date | None:
    """The earliest review that is due and not done; None where none is."""
    due = [r.review_on for r in evidence.assessments if r.review_on is not None]
    late = [d for d in due if day is not None and d < day]
    return min(late) if late else None


def next_review(evidence: Evidence) -> date | None:
    """The next review."""
    due = [r.review_on for r in evidence.assessments if r.review_on is not None]
    return min(due) if due else None


def standing(judgement: Judgement) -> str:
    """Where a scheme stands in the register, in one word or two."""
    codes = {reason.code for reason in judgement.reasons}
    if judgement.rejected:
        return "rejected"
    if "SIGNATURE_LAPSED" in codes:
        return "lapsed"
    if codes & {"SIGNATURE_OF_OWNER", "SIGNATURE_TWICE", "SIGNATURE_UNNAMED"}:
        return "not validly signed"
    if codes & NOT_ASSESSED:
        return "not fully assessed"
    if "SIGNATURE_MISSING" in codes:
        return "not signed"
    return "signed"


def rescored(judgement: Judgement) -> tuple[Assessment, ...]:
    """Assessments made after the signatures that stand: signed for something else."""
    if not judgement.signatures:
        return ()
    first = min(row.on for row in judgement.signatures)
    return tuple(
        row
        for row in judgement.evidence.assessments
        if (day := row.signed_on or row.known) is not None and day > first
    )
