"""Whether a scheme may count, and if not, every reason: the rule of safety, stated once.

A scheme is eligible when gate G3 is passed and not later failed; every domain of its profile is
assessed; no residual score (likelihood x consequence) reaches the profile's bar and no outcome
rejects it; a medical director and a chief nurse, two people and neither of them the owner, have
signed; no material change came after they did: more than a tenth of its value, its scope, its
place or its start; every condition before its start is met; a panel has let through a consequence
of 5; and what the law asks to be heard was heard before the decision. The rule is complete: other
missing evidence only warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Assessment, Condition, Engagement, Gate, Scheme
from controltotal.core.keys import word
from controltotal.programme import screening
from controltotal.programme.conditions import counts_from, overdue, unmet
from controltotal.programme.engagement import waits_for
from controltotal.programme.evidence import Evidence, passed
from controltotal.programme.names import is_name, one_person, owners
from controltotal.programme.outcomes import CONDITIONS, PASSING, REJECTING, SCREENED, WAIT, meaning
from controltotal.programme.profiles import PANEL_CONSEQUENCE, profiles
from controltotal.programme.reasons import Reason
from controltotal.programme.scores import REJECT_AT, domain_of, residual
from controltotal.programme.signing import signatures as signatures_of

REFUSING = frozenset({"QUALITY_REJECTED", "QUALITY_REFUSED", "EQUALITY_REJECTED"})
"""Reasons with which safety refuses a scheme, so that it delivers in no what-if either."""
LADDER = (
    "unidentified",
    "opportunity",
    "in_progress",
    "fully_developed",
    "fully_developed_delivering",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement of one scheme: no reasons, or all of them.

    `scores` are residual scores by domain; `signatures` the pair that stands; `maturity` what the
    evidence supports; `rejected` says that safety refuses it, so that it never delivers.
    `counts_from` is the day on which the last condition before its start was met, `stops_after`
    that of the first one while it runs that is overdue.
    """

    evidence: Evidence
    reasons: tuple[Reason, ...]
    scores: tuple[tuple[str, int], ...]
    signatures: tuple[Gate, ...]
    maturity: str
    rejected: bool
    counts_from: date | None = None
    stops_after: date | None = None


def judge(position: Position, evidence: Evidence, day: date | None) -> Judgement:
    """The judgement of one scheme on a day."""
    reasons = [Reason("SCHEME_UNREADABLE", doubt.text) for doubt in evidence.doubts]
    if not makes_sense(evidence.row):
        told = "its chance or the shares it delivers make no sense"
        reasons.append(Reason("ELICITATION_RANGE", told))
    if day is None:
        reasons.append(Reason("GATE_MISSING", "the book holds no dated act, so no gate is passed"))
    gate = _gate(evidence)
    if gate is not None:
        reasons.append(gate)
    scores, faults = _quality(evidence)
    reasons += faults
    signatures, faults = signatures_of(position, evidence)
    reasons += faults
    reasons += _equality(evidence)
    reasons += _screened(evidence, signatures)
    reasons += _panel(evidence)
    standing = _with_withdrawn(evidence, signatures)
    reasons += _conditions(standing, day)
    reasons += _unheard(evidence, standing, day)
    rejected = any(reason.code in REFUSING for reason in reasons)
    late = [row.due for row in overdue(standing.conditions, day)]
    return Judgement(
        evidence,
        tuple(reasons),
        scores,
        signatures,
        maturity=supported(evidence, not reasons),
        rejected=rejected,
        counts_from=counts_from(standing.conditions),
        stops_after=min(late, default=None),
    )


def makes_sense(scheme: Scheme) -> bool:
    """Whether its chance lies from 0 to 1, and low, mode and high are in order from 0 to 1.5."""
    shares = [one for one in (scheme.low, scheme.mode, scheme.high) if one is not None]
    likely = scheme.chance is None or 0 <= scheme.chance <= 1
    late = scheme.delay_months is None or scheme.delay_months >= 0
    return likely and late and shares == sorted(shares) and all(0 <= s <= 1.5 for s in shares)


def _gate(evidence: Evidence) -> Reason | None:
    """Why G3 does not stand."""
    last = evidence.latest("G3")
    if last is None:
        return Reason("GATE_MISSING", "gate G3 has not been passed")
    if passed(last):
        return None
    if meaning(last.outcome) == WAIT:
        return Reason("MORE_INFORMATION", f"gate G3 asked for more information on {last.on}")
    before = [row for row in evidence.gates["G3"] if passed(row)]
    told = f"gate G3 was failed on {last.on}"
    if before:
        told = f"gate G3 was passed on {before[-1].on} and failed on {last.on}"
    if meaning(last.outcome) not in REJECTING:
        told += f", for its outcome reads {last.outcome!r}"
    why = f": {last.evidence}" if last.evidence else ""
    return Reason("GATE_FAILED", told + why)


def _quality(evidence: Evidence) -> tuple[tuple[tuple[str, int], ...], list[Reason]]:
    """Residual scores by domain, and what is missing or too high."""
    if not evidence.assessments:
        return (), [Reason("QUALITY_NOT_ASSESSED", "its quality has not been assessed")]
    reasons: list[Reason] = []
    by_profile: dict[str, dict[str, Assessment]] = {}
    for row in evidence.assessments:
        by_profile.setdefault(word(row.profile), {})[word(row.domain)] = row
    if not any(_kind(name) == "quality" for name in by_profile):
        unknown = ", ".join(sorted(name for name in by_profile if not _kind(name)))
        reasons.append(
            Reason("QUALITY_PROFILE_UNKNOWN", f"the profile {unknown} is not known")
            if unknown
            else Reason("QUALITY_NOT_ASSESSED", "its quality has not been assessed")
        )
    scores: list[tuple[str, int]] = []
    for name in sorted(by_profile):
        rows, profile = by_profile[name], profiles().get(name)
        domains = profile.domains if profile else {}
        missing = [d for d in domains if d not in rows]
        if profile and missing and profile.kind == "quality":
            said = ", ".join(domains[d].name for d in missing)
            reasons.append(Reason("QUALITY_DOMAIN_MISSING", f"not assessed for: {said}"))
        for domain, row in rows.items():
            reasons += _domain(domain, row, scores)
    return tuple(scores), reasons


def _domain(domain: str, row: Assessment, scores: list[tuple[str, int]]) -> list[Reason]:
    """What one domain has against a scheme; its score joins the others."""
    left, known = residual(row), domain_of(row)
    label, bar = (known.name, known.reject_at) if known else (domain, REJECT_AT)
    if left is None:
        told = f"{label}: a score is not from 1 to 5 ({row.where})"
        return [Reason("QUALITY_SCORE_UNKNOWN", told)]
    scores.append((domain, left.score))
    found = []
    if left.score >= bar:
        found.append(Reason("QUALITY_REJECTED", f"{label}: residual score {left.score}"))
    said = meaning(row.outcome)
    if said == WAIT:
        found.append(Reason("MORE_INFORMATION", f"{label}: more information is asked for"))
    elif said not in PASSING:
        found.append(Reason("QUALITY_REJECTED", f"{label}: outcome {row.outcome}"))
    return found


def _kind(profile: str) -> str:
    """quality, equality, or empty for a profile that is not known."""
    known = profiles().get(profile)
    return known.kind if known else ""


def _equality(evidence: Evidence) -> list[Reason]:
    """What the last equality assessment has against a scheme."""
    last = evidence.latest("EQIA")
    if last is None or passed(last):
        return []
    if meaning(last.outcome) == WAIT:
        told = f"the equality assessment asked for more information on {last.on}"
        return [Reason("MORE_INFORMATION", told)]
    told = f"the equality assessment of {last.on} says {last.outcome}"
    return [Reason("EQUALITY_REJECTED", told)]


def _screened(evidence: Evidence, signatures: Iterable[Gate]) -> list[Reason]:
    """Why a scheme that was screened out should have been assessed."""
    rows = [row for row in evidence.assessments if screening.is_screened(row)]
    signatures = tuple(signatures)
    if not rows and all(meaning(row.outcome) != SCREENED for row in signatures):
        return []
    faults = screening.faults(evidence.row, rows, signatures)
    return [Reason("SCREENING_REFUSED", told) for told in faults]


def _panel(evidence: Evidence) -> list[Reason]:
    """A consequence of 5 that is left goes to a panel, and waits for what it says."""
    severe = [
        row
        for row in evidence.assessments
        if (left := residual(row)) is not None and left.consequence >= PANEL_CONSEQUENCE
    ]
    if not severe:
        return []
    rows = evidence.gates.get("QIA", ())
    said = [row for row in rows if _panel_by(evidence, row.role, row.by) and is_name(row.by)]
    last = said[-1].on if said and passed(said[-1]) else None
    waits = []
    for row in severe:
        if not _let_through(evidence, row, last):
            known = domain_of(row)
            waits.append(known.name if known else row.domain)
    if not waits:
        return []
    told = f"a consequence of 5 is left ({', '.join(waits)}), and no panel has let it through"
    return [Reason("PANEL_NEEDED", told)]


def _let_through(evidence: Evidence, row: Assessment, last: date | None) -> bool:
    """Whether a panel made an assessment and passed it, or said so by a gate on its day or later."""
    its_own = bool(row.outcome) and meaning(row.outcome) in PASSING
    if its_own and _panel_by(evidence, row.role, row.assessor):
        return True
    return last is not None and last >= (row.signed_on or row.known or date.min)


def _panel_by(evidence: Evidence, role: str | None, by: str | None) -> bool:
    """Whether a panel speaks, and not the owner of the scheme in its name."""
    named = [name for version in evidence.versions for name in owners(version.owner)]
    return of_panel(role, by) and not any(one_person(by, one) for one in named)


def of_panel(role: str | None, by: str | None) -> bool:
    """Whether a row speaks for a panel: by its role, else, where no role is given, by its name.

    >>> of_panel("Quality panel", ""), of_panel("", "Panel A"), of_panel("quality_lead", "Q")
    (True, True, False)
    >>> of_panel("chief_nurse", "A Ash, chair of the panel"), of_panel("", "Not seen by panel")
    (False, False)
    """
    words = word(role or by).split("_")
    return "panel" in words and not {"not", "no", "non", "pre", "without"} & set(words)


def _with_withdrawn(evidence: Evidence, signatures: Sequence[Gate]) -> Evidence:
    """The evidence with conditions and engagements that were taken back after the signatures."""
    if not evidence.withdrawn:
        return evidence
    rows = [
        one.row
        for one in evidence.withdrawn
        if not signatures or not all(one.at.before(row) for row in signatures)
    ]
    conditions = [row for row in rows if isinstance(row, Condition)]
    heard = [row for row in rows if isinstance(row, Engagement)]
    return replace(
        evidence,
        conditions=(*evidence.conditions, *conditions),
        engagements=(*evidence.engagements, *heard),
    )


def _taken_back(evidence: Evidence, row: Condition) -> str:
    """What is said beside a condition whose row was withdrawn; empty for one in force."""
    days = [one.at.on for one in evidence.withdrawn if one.row is row]
    return f" ({_until_signed(days[0])})" if days else ""


def _until_signed(day: date) -> str:
    """Why a row that was withdrawn holds a scheme back, and what ends that."""
    return (
        f"its row was withdrawn on {day}, and it stands until both directors have signed after that"
    )


def _unheard(evidence: Evidence, standing: Evidence, day: date | None) -> list[Reason]:
    """Engagements that a scheme waits for, those whose row was taken back among them."""
    found, waits = [], waits_for(evidence, day)
    for whom in waits_for(standing, day):
        told = f"it is waiting for engagement with {whom}"
        if whom not in waits:
            days = [one.at.on for one in evidence.withdrawn if isinstance(one.row, Engagement)]
            told += f": {_until_signed(max(days))}"
        found.append(Reason("ENGAGEMENT_WAITS", told))
    return found


def _conditions(evidence: Evidence, day: date | None) -> list[Reason]:
    """Conditions that the scheme waits for, and approvals with conditions that nobody recorded."""
    found = [
        Reason(
            "CONDITION_UNMET",
            f"a condition of {row.gate} is not met: {row.text}{_taken_back(evidence, row)}",
        )
        for row in unmet(evidence.conditions, day)
    ]
    late = overdue(evidence.conditions, day)
    start = evidence.row.start
    found += [
        Reason(
            "CONDITION_OVERDUE",
            f"a condition of {row.gate} was due on {row.due}: {row.text}{_taken_back(evidence, row)}",
        )
        for row in late
        if start is None or row.due < start
    ]
    recorded = {row.gate for row in evidence.conditions}
    last = {
        (gate, word(row.role)): row
        for gate, rows in evidence.gates.items()
        for row in (rows if gate == "QIA" else rows[-1:])
    }
    conditional = [
        row.where
        for row in last.values()
        if meaning(row.outcome) == CONDITIONS and row.gate not in recorded
    ]
    if not recorded:
        rows = evidence.assessments
        conditional += [row.where for row in rows if meaning(row.outcome) == CONDITIONS]
    if conditional:
        told = f"{conditional[0]} approves with conditions, and none is recorded"
        found.append(Reason("CONDITION_UNMET", told))
    return found


def supported(evidence: Evidence, eligible: bool) -> str:
    """The maturity that the evidence supports, never above the one typed.

    `fully_developed` needs eligibility and an owner, `fully_developed_delivering` also G4;
    `in_progress` needs G1 and an owner; else it is an opportunity.
    """
    owner = bool(evidence.row.owner)
    if eligible and owner:
        found = "fully_developed_delivering" if evidence.stands("G4") else "fully_developed"
    else:
        found = "in_progress" if owner and evidence.stands("G1") else "opportunity"
    typed = evidence.row.maturity
    if typed not in LADDER or (typed == "unidentified" and eligible):
        return found
    return str(min(found, typed, key=LADDER.index))
