"""What waits for the clinical directors and their panel, what they decided, and what is on their list.

A pure reckoning of judgements: which schemes may be signed today and by whom, the highest residual
score first and of equal ones the longest waiting; which signatures lapsed; which conditions are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.book.fold import Position
from controltotal.book.records import Condition, Gate, Scheme
from controltotal.programme import screening
from controltotal.programme.evidence import Evidence, since
from controltotal.programme.judging import Judgement
from controltotal.programme.outcomes import PASSING, REJECTING, WAIT, meaning
from controltotal.programme.quality import NOT_ASSESSED, scores
from controltotal.programme.signing import SIGNATORIES

NOT_READY: Final = (NOT_ASSESSED - {"SCREENING_REFUSED"}) | {
    "QUALITY_REJECTED",
    "SCHEME_UNREADABLE",
}
"""Reasons for which a director cannot sign yet: somebody assesses it, or lowers the risk, first."""
DECIDED: Final = ("QIA", "EQIA")
"""Signatures that a panel's minute tells of."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A scheme that waits for signatures: of which offices, since when, with which highest score.

    `lapsed` says in words why a signature that was given holds no more; `screened` that it was
    screened out and is signed on a list; `asked` that more was asked for and nothing has come yet.
    """

    row: Scheme
    roles: tuple[str, ...]
    score: int
    domain: str
    stage: str
    since: date | None
    lapsed: str = ""
    screened: bool = False
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided of a scheme on a day, and the conditions set with it."""

    row: Scheme
    gate: Gate
    outcome: str
    conditions: tuple[Condition, ...]


def waiting(position: Position, judged: Mapping[str, Judgement]) -> list[Waiting]:
    """Every scheme that waits for a clinical signature and may have it, that of most risk first."""
    found = []
    for one in judged.values():
        roles = unsigned(one)
        if roles and not {reason.code for reason in one.reasons} & NOT_READY:
            found.append(_waiting(position, one, roles))
    return sorted(found, key=lambda one: (-one.score, one.since or date.max, one.row.id))


def unsigned(judgement: Judgement) -> tuple[str, ...]:
    """The offices whose signature a scheme lacks, in the order in which they are named.

    What was refused waits for nobody until something of it changes.
    """
    if _refused_still(judgement.evidence):
        return ()
    whom = {reason.whom for reason in judgement.reasons}
    twice = any(one.code == "SIGNATURE_TWICE" and not one.whom for one in judgement.reasons)
    return tuple(role for role, title in SIGNATORIES.items() if title in whom or twice)


def _refused_still(evidence: Evidence) -> bool:
    """Whether the last refusal of a scheme was said of it as it is now."""
    rows = [
        row
        for gate in DECIDED
        for row in evidence.gates.get(gate, ())
        if meaning(row.outcome) in REJECTING
    ]
    return bool(rows) and not _moved_after(evidence, max(row.entry for row in rows))


def _moved_after(evidence: Evidence, entry: int) -> bool:
    """Whether the scheme or an assessment of it was said anew after an entry."""
    return any(row.entry > entry for row in (evidence.row, *evidence.assessments))


def _waiting(position: Position, judgement: Judgement, roles: tuple[str, ...]) -> Waiting:
    evidence = judgement.evidence
    told = scores(evidence)
    worst = told[0] if told else None
    lapsed = [r.text for r in judgement.reasons if r.code == "SIGNATURE_LAPSED"]
    asked = [row for row in evidence.gates.get("QIA", ()) if meaning(row.outcome) == WAIT]
    still = asked and not _moved_after(evidence, asked[-1].entry)
    days = [row.signed_on or row.known for row in evidence.assessments]
    days.append(since(position, evidence.row))
    return Waiting(
        evidence.row,
        roles,
        int(worst.after or 0) if worst else 0,
        worst.name if worst else "",
        worst.stage if worst else "",
        max((day for day in days if day is not None), default=None),
        "; ".join(lapsed),
        any(screening.is_screened(row) for row in evidence.assessments),
        (asked[-1].evidence or "") if still else "",
    )


def not_assessed(judged: Mapping[str, Judgement]) -> list[tuple[Scheme, tuple[str, ...]]]:
    """Schemes that nobody can sign before they are assessed, each with what is missing."""
    return [
        (one.evidence.row, tuple(r.text for r in one.reasons if r.code in NOT_READY))
        for one in judged.values()
        if not one.rejected and {r.code for r in one.reasons} & NOT_READY
    ]


def open_conditions(position: Position) -> list[Condition]:
    """Conditions that are not met, the one due first first."""
    rows = [row for row in position.book.conditions if row.met_on is None]
    return sorted(rows, key=lambda row: (row.due, row.scheme, row.number))


@dataclass(frozen=True, slots=True)
class Screened:
    """Schemes that touch nobody: those screened out, those that may be, those drawn for full assessment."""

    out: tuple[Scheme, ...]
    may_be: tuple[Scheme, ...]
    drawn: tuple[Scheme, ...]


def screened(judged: Iterable[Judgement]) -> Screened:
    """The screening list: what stands on it, what may, and the one in ten that is assessed in full."""
    out, may_be, drawn = [], [], []
    for one in judged:
        row, rows = one.evidence.row, one.evidence.assessments
        if any(screening.is_screened(assessment) for assessment in rows):
            out.append(row)
        elif rows or screening.touches(row) != {"none"} or screening.barred(row):
            continue
        elif screening.drawn(row.id):
            drawn.append(row)
        else:
            may_be.append(row)
    return Screened(tuple(out), tuple(may_be), tuple(drawn))


def decisions(position: Position, day: date) -> list[Decision]:
    """What was decided on quality on a day, in the order of the schemes, with its conditions."""
    rows = {row.id: row for row in position.book.schemes}
    found = []
    for gate in position.book.gates:
        if gate.gate in DECIDED and gate.on == day and gate.scheme in rows:
            set_then = tuple(
                row
                for row in position.book.conditions
                if (row.scheme, row.gate) == (gate.scheme, gate.gate) and row.known == day
            )
            said = meaning(gate.outcome)
            found.append(
                Decision(rows[gate.scheme], gate, said, set_then if said in PASSING else ())
            )
    return sorted(found, key=lambda one: (one.row.id, one.gate.gate, one.gate.entry))


def days_of_decisions(position: Position) -> list[date]:
    """The days on which something was decided on quality, the last first."""
    return sorted({row.on for row in position.book.gates if row.gate in DECIDED}, reverse=True)
