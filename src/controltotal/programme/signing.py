"""The two clinical signatures: which of them stand, and why others do not.

A medical director and a chief nurse sign, two people and neither of them the owner. A signature
lapses with a material change after it, with a refusal, a request for more, and with a score at the
bar that was lowered only then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from controltotal.book.fold import Position
from controltotal.book.records import Gate, Scheme
from controltotal.core.keys import word
from controltotal.core.money import format_money
from controltotal.programme.evidence import Evidence, later, passed
from controltotal.programme.names import is_name, names_owner, office, one_person, owners, person
from controltotal.programme.outcomes import PASSING, REJECTING, WAIT, meaning
from controltotal.programme.reasons import Reason
from controltotal.programme.scores import domain_of, residual
from controltotal.programme.undone import Lowered

SIGNATORIES = {"medical_director": "medical director", "chief_nurse": "chief nurse"}
SCOPE = ("organisation", "title", "service", "category", "provider", "groups", "affects")
VALUE_CHANGE_MAX = 10
"""Per cent of its value by which a scheme may change before its signatures lapse."""


def refused_on(evidence: Evidence) -> date:
    """The last day on which anybody refused the scheme, in whatever role; the first day if none."""
    rows = (*evidence.gates.get("QIA", ()), *evidence.gates.get("EQIA", ()))
    days = [row.on for row in rows if meaning(row.outcome) not in (*PASSING, WAIT)]
    days += [row.signed_on or row.known or date.max for row in evidence.refusals]
    return max(days, default=date.min)


def signatures(position: Position, evidence: Evidence) -> tuple[tuple[Gate, ...], list[Reason]]:
    """The two clinical signatures that stand, or why they do not."""
    reasons: list[Reason] = []
    standing: dict[str, list[Gate]] = {}
    for role, title in SIGNATORIES.items():
        own = [row for row in evidence.gates.get("QIA", ()) if word(row.role) == role]
        if own and not passed(own[-1]):
            reasons.append(replace(_unsigned(own[-1], title), whom=title))
            continue
        found, why = _standing_signatures(position, evidence, own, title)
        standing[role], late = _after_refusal(evidence, found, title)
        why = late or why
        if why is not None and not standing[role]:
            reasons.append(replace(why, whom=title))
    if reasons:
        return (), reasons
    return _two_people(standing["medical_director"], standing["chief_nurse"])


def _after_refusal(
    evidence: Evidence, found: list[Gate], title: str
) -> tuple[list[Gate], Reason | None]:
    """Signatures given after all that refused or asked for more, and else why there are none."""
    refused, rows = refused_on(evidence), evidence.gates.get("QIA", ())
    asked = max((row.on for row in rows if meaning(row.outcome) == WAIT), default=date.min)
    after = [row for row in found if row.on > max(refused, asked)]
    stood = [one for one in evidence.lowered if not any(map(one.signed_after, after))]
    if after and stood:
        return [], _lowered(stood[0], title)
    if after or not found:
        return [
            row for row in after if all(one.signed_after(row) for one in evidence.lowered)
        ], None
    if refused >= asked:
        when = "on a day that is not told" if refused == date.max else f"on {refused}"
        told = f"it was refused {when}, and the {title} has not signed after that"
        return [], Reason("QUALITY_REFUSED", told)
    told = f"more information was asked for on {asked}, and the {title} has not signed since"
    return [], Reason("MORE_INFORMATION", told)


def _lowered(one: Lowered, title: str) -> Reason:
    """What is said of a score that refused the scheme when it was signed, and was lowered since."""
    known, left = domain_of(one.row), residual(one.row)
    label, score = known.name if known else one.row.domain, left.score if left else "?"
    told = (
        f"{label}: a residual score of {score} refused it and was lowered on {one.on}, and the "
        f"{title} has not signed after that"
    )
    return Reason("QUALITY_REFUSED", told)


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
        bare = (row.outcome or "").strip().casefold() == "refused"
        told = f"the {title} refused on {row.on}" + ("" if bare else f": {row.outcome}")
        return Reason("QUALITY_REFUSED", told)
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
    found = lapse(position, evidence, signature)
    return found[1] if found else ""


def lapse(position: Position, evidence: Evidence, signature: Gate) -> tuple[Scheme, str] | None:
    """The version of a scheme with which a signature lapsed, and what changed; None if it stands."""
    if len(evidence.versions) == 1:
        return None
    after = [row for row in evidence.versions if later(position, row, signature)]
    before = [row for row in evidence.versions if row not in after]
    signed = before[-1] if before else after[0]
    for row in after:
        change = material_change(signed, row)
        if change:
            return row, change
    return None


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


def _plain(value: tuple[str, ...] | str | None) -> object:
    if isinstance(value, tuple):
        return frozenset(person(v) for v in value)
    return person(value)
