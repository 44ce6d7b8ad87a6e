"""Whether a scheme may count, and if not, every reason: the rule of safety, stated once.

A scheme is eligible when gate G3 is passed and not later failed; every domain of its profile is
assessed; no residual score (likelihood x consequence) reaches the profile's bar and no outcome
rejects it; a medical director and a chief nurse, two people and neither of them the owner, have
signed; and no material change came after they did: more than a tenth of its value, its scope, its
place or its start. The rule is complete: other missing evidence only warns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.core.money import format_money
from controltotal.programme.evidence import Evidence, later, passed, word
from controltotal.programme.names import is_name, one_person, owners, person
from controltotal.programme.profiles import Domain, profiles

ACCEPTING = frozenset(
    {
        "",
        "approve",
        "approved",
        "adjust",
        "adjusted",
        "accept",
        "accepted",
        "continue",
        "no_change",
        "passed",
        "pass",
    }
)
"""Outcomes of an assessment that do not reject; any other word is taken to reject."""
REJECT_AT = 15
"""Where a profile names no bar for a domain: likelihood x consequence that refuses a scheme."""
SIGNATORIES = {"medical_director": "medical director", "chief_nurse": "chief nurse"}
SCOPE = ("organisation", "title", "service", "category", "provider", "groups")
VALUE_CHANGE_MAX = 10
"""Per cent of its value by which a scheme may change before its signatures lapse."""
LADDER = (
    "unidentified",
    "opportunity",
    "in_progress",
    "fully_developed",
    "fully_developed_delivering",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scheme may not count: a code, and words for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement of one scheme: no reasons, or all of them.

    `scores` are residual scores by domain; `signatures` the pair that stands; `maturity` what the
    evidence supports; `rejected` says that safety refuses it, so that it never delivers.
    """

    evidence: Evidence
    reasons: tuple[Reason, ...]
    scores: tuple[tuple[str, int], ...]
    signatures: tuple[Gate, ...]
    maturity: str
    rejected: bool


def judge(position: Position, evidence: Evidence, day: date | None) -> Judgement:
    """The judgement of one scheme on a day."""
    reasons = [Reason("SCHEME_UNREADABLE", told) for told in evidence.doubts]
    if not makes_sense(evidence.row):
        told = "its chance or the shares it delivers make no sense"
        reasons.append(Reason("ELICITATION_RANGE", told))
    if day is None:
        reasons.append(Reason("GATE_MISSING", "the book holds no dated act, so no gate is passed"))
    gate = _gate(evidence)
    if gate is not None:
        reasons.append(gate)
    scores, faults, rejected = _quality(evidence)
    reasons += faults
    signatures, faults = _signatures(position, evidence)
    reasons += faults
    stop = evidence.latest("EQIA")
    if stop is not None and not passed(stop):
        rejected = True
        reasons.append(
            Reason(
                "EQUALITY_REJECTED",
                f"the equality assessment of {stop.on} says {stop.outcome}",
            )
        )
    rejected = rejected or any(r.code == "QUALITY_REFUSED" for r in faults)
    maturity = supported(evidence, not reasons)
    return Judgement(evidence, tuple(reasons), scores, signatures, maturity, rejected)


def makes_sense(scheme: Scheme) -> bool:
    """Whether its chance lies from 0 to 1, and low, mode and high are in order from 0 to 1.5."""
    shares = [one for one in (scheme.low, scheme.mode, scheme.high) if one is not None]
    chance = 0 if scheme.chance is None else scheme.chance
    return 0 <= chance <= 1 and shares == sorted(shares) and all(0 <= s <= 1.5 for s in shares)


def _gate(evidence: Evidence) -> Reason | None:
    """Why G3 does not stand."""
    last = evidence.latest("G3")
    if last is None:
        return Reason("GATE_MISSING", "gate G3 has not been passed")
    if passed(last):
        return None
    before = [row for row in evidence.gates["G3"] if passed(row)]
    told = f"gate G3 was failed on {last.on}"
    if before:
        told = f"gate G3 was passed on {before[-1].on} and failed on {last.on}"
    why = f": {last.evidence}" if last.evidence else ""
    return Reason("GATE_FAILED", told + why)


def _quality(evidence: Evidence) -> tuple[tuple[tuple[str, int], ...], list[Reason], bool]:
    """Residual scores by domain, what is missing or too high, and whether safety refuses it."""
    reasons: list[Reason] = []
    if not evidence.assessments:
        return (), [Reason("QUALITY_NOT_ASSESSED", "its quality has not been assessed")], False
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
            reasons += _domain(domain, domains.get(domain), row, scores)
    rejected = any(reason.code == "QUALITY_REJECTED" for reason in reasons)
    return tuple(scores), reasons, rejected


def _domain(
    domain: str, known: Domain | None, row: Assessment, scores: list[tuple[str, int]]
) -> list[Reason]:
    """What one domain has against a scheme; its score joins the others."""
    score = residual_score(row)
    outcome = row.outcome
    label, bar = (known.name, known.reject_at) if known else (domain, REJECT_AT)
    if score is None:
        told = f"{label}: a score is not from 1 to 5 ({row.where})"
        return [Reason("QUALITY_SCORE_UNKNOWN", told)]
    scores.append((domain, math.ceil(score)))
    found = []
    if score >= bar:
        found.append(Reason("QUALITY_REJECTED", f"{label}: residual score {score:g}"))
    if outcome and outcome.strip() and (word(outcome) or "?") not in ACCEPTING:
        found.append(Reason("QUALITY_REJECTED", f"{label}: outcome {outcome}"))
    return found


def _kind(profile: str) -> str:
    """quality, equality, or empty for a profile that is not known."""
    known = profiles().get(profile)
    return known.kind if known else ""


def residual_score(assessment: Assessment) -> float | None:
    """Likelihood x consequence after mitigation, else before it; None where one is not whole from 1 to 5.

    Mitigation that nobody scored lowers nothing.
    """
    likelihood, consequence = assessment.likelihood, assessment.consequence
    if likelihood is None or consequence is None or not _scores(likelihood, consequence):
        return None
    after = assessment.residual_likelihood
    likelihood = likelihood if after is None else after
    after = assessment.residual_consequence
    consequence = consequence if after is None else after
    if not _scores(likelihood, consequence):
        return None
    return float(likelihood * consequence)


def _scores(*scores: float) -> bool:
    """Whether all are whole, from 1 to 5."""
    return all(score in (1, 2, 3, 4, 5) for score in scores)


def _signatures(position: Position, evidence: Evidence) -> tuple[tuple[Gate, ...], list[Reason]]:
    """The two clinical signatures that stand, or why they do not."""
    rows = evidence.gates.get("QIA", ())
    refused = max((row.on for row in rows if not passed(row)), default=date.min)
    reasons: list[Reason] = []
    standing: dict[str, list[Gate]] = {}
    for role, title in SIGNATORIES.items():
        own = [row for row in rows if word(row.role) == role]
        if own and not passed(own[-1]):
            reasons.append(
                Reason(
                    "QUALITY_REFUSED",
                    f"the {title} refused on {own[-1].on}: {own[-1].outcome}",
                )
            )
            continue
        found, why = _standing_signatures(position, evidence, own, title)
        after = [row for row in found if row.on > refused]
        if after:
            standing[role] = after
        elif found:
            told = f"it was refused on {refused}, and the {title} has not signed after that"
            reasons.append(Reason("QUALITY_REFUSED", told))
        elif why is not None:
            reasons.append(why)
    if reasons:
        return (), reasons
    for first in standing["medical_director"]:
        for second in standing["chief_nurse"]:
            if not one_person(first.by, second.by):
                return (first, second), []
    both = standing["chief_nurse"][-1].by
    return (), [Reason("SIGNATURE_TWICE", f"{both} signed as medical director and as chief nurse")]


def _standing_signatures(
    position: Position, evidence: Evidence, rows: list[Gate], title: str
) -> tuple[list[Gate], Reason | None]:
    """Signatures of one role that stand, latest first, and else the reason of the latest."""
    why: Reason | None = None
    found: list[Gate] = []
    for row in reversed(rows):
        if not passed(row):
            break
        if not is_name(row.by):
            fault: Reason | None = Reason(
                "SIGNATURE_UNNAMED", f"the {title}'s signature has no name"
            )
        elif _owns(evidence, row, title):
            fault = Reason("SIGNATURE_OF_OWNER", f"the {title} who signed is the owner, {row.by}")
        else:
            change = lapsed_by(position, evidence, row)
            fault = None
            if change:
                told = f"the {title} signed on {row.on}; since then {change}"
                fault = Reason("SIGNATURE_LAPSED", told)
        if fault is None:
            found.append(row)
        elif why is None:
            why = fault
    if why is None and not found:
        why = Reason("SIGNATURE_MISSING", f"the {title} has not signed")
    return found, why


def _owns(evidence: Evidence, signature: Gate, title: str) -> bool:
    """Whether a signer is, was or holds the office of an owner of the scheme."""
    named = {owner for version in evidence.versions for owner in owners(version.owner)}
    return any(one_person(signature.by, one) or person(one) == title for one in named)


def lapsed_by(position: Position, evidence: Evidence, signature: Gate) -> str:
    """The material change after a signature in words; empty where there is none."""
    if len(evidence.versions) == 1:
        return ""
    after = [row for row in evidence.versions if later(position, row, signature)]
    before = [row for row in evidence.versions if row not in after]
    signed = before[-1] if before else after[0]
    for row in after:
        change = material_change(signed, row)
        if change:
            return change
    return ""


def material_change(before: Scheme, after: Scheme) -> str:
    """What changed materially between two versions of a scheme, in words; empty for nothing."""
    old, new = before.full_year_effect, after.full_year_effect
    if abs(new - old) * 100 > VALUE_CHANGE_MAX * abs(old):
        return f"its value went from £{format_money(old)}m to £{format_money(new)}m"
    for column in SCOPE:
        if _plain(before.cell(column)) != _plain(after.cell(column)):
            return f"its {column.replace('_', ' ')} changed"
    if set(before.places or ()) != set(after.places or ()):
        return "its places changed"
    if before.start != after.start:
        return f"its start went from {before.start or 'none'} to {after.start or 'none'}"
    return ""


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return frozenset(person(v) for v in value)
    return person(value) if isinstance(value, str) else value or ""


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
