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
from dataclasses import dataclass
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Assessment, Gate, Scheme
from controltotal.core.keys import word
from controltotal.core.money import format_money
from controltotal.programme import screening
from controltotal.programme.conditions import counts_from, overdue, unmet
from controltotal.programme.engagement import waits_for
from controltotal.programme.evidence import Evidence, later, passed
from controltotal.programme.names import is_name, names_owner, office, one_person, owners, person
from controltotal.programme.outcomes import CONDITIONS, PASSING, REJECTING, SCREENED, WAIT, meaning
from controltotal.programme.profiles import PANEL_CONSEQUENCE, profiles
from controltotal.programme.scores import REJECT_AT, domain_of, residual

SIGNATORIES = {"medical_director": "medical director", "chief_nurse": "chief nurse"}
SCOPE = ("organisation", "title", "service", "category", "provider", "groups", "affects")
VALUE_CHANGE_MAX = 10
"""Per cent of its value by which a scheme may change before its signatures lapse."""
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
class Reason:
    """Why a scheme may not count: a code, and words for people."""

    code: str
    text: str


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
    signatures, faults = _signatures(position, evidence)
    reasons += faults
    reasons += _equality(evidence)
    reasons += _screened(evidence, signatures)
    reasons += _panel(evidence)
    reasons += _conditions(evidence, day)
    reasons += [
        Reason("ENGAGEMENT_WAITS", f"it is waiting for engagement with {whom}")
        for whom in waits_for(evidence, day)
    ]
    rejected = any(reason.code in REFUSING for reason in reasons)
    late = [row.due for row in overdue(evidence.conditions, day)]
    return Judgement(
        evidence,
        tuple(reasons),
        scores,
        signatures,
        maturity=supported(evidence, not reasons),
        rejected=rejected,
        counts_from=counts_from(evidence.conditions),
        stops_after=min(late, default=None),
    )


def makes_sense(scheme: Scheme) -> bool:
    """Whether its chance lies from 0 to 1, and low, mode and high are in order from 0 to 1.5."""
    shares = [one for one in (scheme.low, scheme.mode, scheme.high) if one is not None]
    chance = 0 if scheme.chance is None else scheme.chance
    late = 0 if scheme.delay_months is None else scheme.delay_months
    in_order = shares == sorted(shares) and all(0 <= s <= 1.5 for s in shares)
    return 0 <= chance <= 1 and late >= 0 and in_order


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


def _conditions(evidence: Evidence, day: date | None) -> list[Reason]:
    """Conditions that the scheme waits for, and approvals with conditions that nobody recorded."""
    found = [
        Reason("CONDITION_UNMET", f"a condition of {row.gate} is not met: {row.text}")
        for row in unmet(evidence.conditions, day)
    ]
    late = overdue(evidence.conditions, day)
    start = evidence.row.start
    found += [
        Reason("CONDITION_OVERDUE", f"a condition of {row.gate} was due on {row.due}: {row.text}")
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


def refused_on(evidence: Evidence) -> date:
    """The last day on which anybody refused the scheme, in whatever role; the first day if none."""
    rows = (*evidence.gates.get("QIA", ()), *evidence.gates.get("EQIA", ()))
    days = [row.on for row in rows if meaning(row.outcome) not in (*PASSING, WAIT)]
    days += [row.signed_on or row.known or date.max for row in evidence.refusals]
    return max(days, default=date.min)


def _signatures(position: Position, evidence: Evidence) -> tuple[tuple[Gate, ...], list[Reason]]:
    """The two clinical signatures that stand, or why they do not."""
    reasons: list[Reason] = []
    standing: dict[str, list[Gate]] = {}
    for role, title in SIGNATORIES.items():
        own = [row for row in evidence.gates.get("QIA", ()) if word(row.role) == role]
        if own and not passed(own[-1]):
            reasons.append(_unsigned(own[-1], title))
            continue
        found, why = _standing_signatures(position, evidence, own, title)
        standing[role], late = _after_refusal(evidence, found, title)
        why = late or why
        if why is not None and not standing[role]:
            reasons.append(why)
    if reasons:
        return (), reasons
    return _two_people(standing["medical_director"], standing["chief_nurse"])


def _after_refusal(
    evidence: Evidence, found: list[Gate], title: str
) -> tuple[list[Gate], Reason | None]:
    """Signatures given after the last refusal and the last request for more, and else why none."""
    refused, rows = refused_on(evidence), evidence.gates.get("QIA", ())
    asked = max((row.on for row in rows if meaning(row.outcome) == WAIT), default=date.min)
    after = [row for row in found if row.on > max(refused, asked)]
    if after or not found:
        return after, None
    if refused >= asked:
        when = "on a day that is not told" if refused == date.max else f"on {refused}"
        told = f"it was refused {when}, and the {title} has not signed after that"
        return [], Reason("QUALITY_REFUSED", told)
    told = f"more information was asked for on {asked}, and the {title} has not signed since"
    return [], Reason("MORE_INFORMATION", told)


def _two_people(
    doctors: Sequence[Gate], nurses: Sequence[Gate]
) -> tuple[tuple[Gate, ...], list[Reason]]:
    """A signature of each role by two people, or why every pair may be one person."""
    for first in doctors:
        for second in nurses:
            if not one_person(first.by, second.by):
                return (first, second), []
    one, both = doctors[-1].by, nurses[-1].by
    told = f"{both} signed as medical director and as chief nurse"
    if one != both:
        told = f"{one} and {both}, who signed, may be one person"
    told += ": full names or numbers of registration would tell them apart"
    return (), [Reason("SIGNATURE_TWICE", told)]


def _unsigned(row: Gate, title: str) -> Reason:
    """What a director said who did not sign."""
    said = meaning(row.outcome)
    if said == WAIT:
        return Reason("MORE_INFORMATION", f"the {title} asked for more information on {row.on}")
    if said in REJECTING:
        return Reason("QUALITY_REFUSED", f"the {title} refused on {row.on}: {row.outcome}")
    told = f"the {title}'s outcome of {row.on} reads {row.outcome!r}, which approves nothing"
    return Reason("QUALITY_REFUSED", told)


def _other_office(evidence: Evidence, row: Gate, title: str, held: str) -> Reason:
    """What is wrong where the holder of one office signed for another: twice, or in its place."""
    for other in evidence.gates.get("QIA", ()):
        if word(other.role) != word(row.role) and passed(other) and one_person(other.by, row.by):
            told = f"{row.by} signed as medical director and as chief nurse"
            return Reason("SIGNATURE_TWICE", told)
    told = f"the {title} has not signed: the {held} signed in that role"
    return Reason("SIGNATURE_MISSING", told)


def _standing_signatures(
    position: Position, evidence: Evidence, rows: list[Gate], title: str
) -> tuple[list[Gate], Reason | None]:
    """Signatures of one role that stand, latest first, and else the reason of the latest."""
    why: Reason | None = None
    found: list[Gate] = []
    for row in reversed(rows):
        if not passed(row):
            break
        held = office(row.by)
        if held and held != title:
            fault: Reason | None = _other_office(evidence, row, title, held)
        elif not is_name(row.by):
            fault = Reason("SIGNATURE_UNNAMED", f"the {title}'s signature has no name")
        elif _owns(position, evidence, row, title):
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


def _owns(position: Position, evidence: Evidence, signature: Gate, title: str) -> bool:
    """Whether a signer owned the scheme on the day of signing or since, by name or by office."""
    after = [row for row in evidence.versions if later(position, row, signature)]
    before = [row for row in evidence.versions if row not in after]
    named = {one for row in (*before[-1:], *after) for one in owners(row.owner)}
    return names_owner(signature.by) or any(
        one_person(signature.by, one) or office(one) == title for one in named
    )


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
