"""What waits of schemes: assessments, signatures, what was asked, gates, conditions, milestones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from controltotal.acts.matter import Waiting
from controltotal.core.calendar import day_words
from controltotal.programme.evidence import Evidence
from controltotal.programme.judging import Judgement
from controltotal.programme.outcomes import REJECTING, meaning
from controltotal.programme.phasing import in_plan
from controltotal.programme.quality import NOT_ASSESSED, overdue
from controltotal.programme.signing import SIGNATORIES
from controltotal.workings.workings import Workings

DIRECTORS: Final = ("medical_director", "chief_nurse")
PROGRAMME: Final = ("programme_office",)
AHEAD: Final = timedelta(days=14)
"""How long before its day a condition or a milestone is said to wait."""
GATES: Final = frozenset({"GATE_MISSING", "GATE_FAILED"})


def scheme_matters(workings: Workings, today: date) -> list[Waiting]:
    """Every matter of schemes of the plan that waits on a day."""
    found: list[Waiting] = []
    for judgement in workings.judgements.values():
        row = judgement.evidence.row
        if in_plan(row) and judgement.rejected:
            found += _refused(judgement)
        elif in_plan(row):
            found += _of_scheme(judgement)
            found += _conditions(judgement.evidence, today)
    return [*found, *_milestones(workings, today)]


def _of_scheme(judgement: Judgement) -> Iterable[Waiting]:
    """What the reasons for which a scheme does not count ask of whom."""
    evidence, codes = judgement.evidence, {one.code for one in judgement.reasons}
    unassessed = codes & NOT_ASSESSED
    if unassessed:
        why = "; ".join(one.text for one in judgement.reasons if one.code in unassessed)
        yield _matter(
            evidence,
            "assessment",
            "assess",
            DIRECTORS,
            ("Assess", "the scheme"),
            why,
            _begun(evidence),
        )
    for one in judgement.reasons:
        role = next((role for role, title in SIGNATORIES.items() if title == one.whom), "")
        if one.code == "MORE_INFORMATION":
            yield _matter(
                evidence,
                "information",
                "revise",
                PROGRAMME,
                ("Give", "what was asked"),
                one.text,
                _asked(evidence),
                about=one.whom,
            )
        elif role and not unassessed:
            lapsed = one.code == "SIGNATURE_LAPSED"
            yield _matter(
                evidence,
                "signature",
                "sign",
                (role,),
                ("Sign", "or refuse" if not lapsed else "again or refuse"),
                one.text,
                evidence.versions[-1].known if lapsed else _assessed(evidence),
                about=role,
            )
        elif one.code == "PANEL_NEEDED":
            yield _matter(
                evidence,
                "panel",
                "sign",
                DIRECTORS,
                ("Take", "it to the panel"),
                one.text,
                _assessed(evidence),
            )
    if codes and codes <= GATES:
        why = "; ".join(one.text for one in judgement.reasons)
        yield _matter(
            evidence, "gate", "pass", PROGRAMME, ("Pass", "the gate"), why, _assessed(evidence)
        )


def _refused(judgement: Judgement) -> Iterable[Waiting]:
    """A scheme of the plan that a signature refused: it is changed and sent again, or withdrawn."""
    rows = [
        row
        for gate in ("QIA", "EQIA")
        for row in judgement.evidence.gates.get(gate, ())
        if meaning(row.outcome) in REJECTING
    ]
    if not rows:
        return
    last = max(rows, key=lambda row: (row.on, row.entry))
    office = (last.role or "signer").replace("_", " ")
    reason = f": {last.evidence.rstrip('.')}" if last.evidence else ""
    row = judgement.evidence.row
    yield Waiting(
        "refusal",
        f"{row.id}: {row.title}",
        f"schemes/{row.id}/refused",
        last.on,
        None,
        f"/schemes/{quote(row.id, safe='')}/change",
        "Change",
        "or withdraw it",
        PROGRAMME,
        "revise",
        row.organisation,
        why=f"The {office} refused it on {day_words(last.on)}{reason}.",
    )


def _matter(
    evidence: Evidence,
    kind: str,
    act: str,
    office: tuple[str, ...],
    does: tuple[str, str],
    why: str,
    since: date | None,
    about: str = "",
) -> Waiting:
    row = evidence.row
    page = (
        f"/schemes/{row.id}/sign" if kind in ("signature", "assessment") else f"/schemes/{row.id}"
    )
    key = f"schemes/{row.id}/{about}" if about else f"schemes/{row.id}"
    why = f"{why[:1].upper()}{why[1:]}."
    return Waiting(
        kind,
        f"{row.id}: {row.title}",
        key,
        since,
        None,
        page,
        *does,
        office,
        act,
        row.organisation,
        why=why,
    )


def _begun(evidence: Evidence) -> date | None:
    """The day from which a scheme is known."""
    return min((row.known for row in evidence.versions if row.known), default=None)


def _assessed(evidence: Evidence) -> date | None:
    """The day of its last assessment, else that from which the scheme is known."""
    days = [day for row in evidence.assessments if (day := row.signed_on or row.known)]
    return max(days, default=_begun(evidence))


def _asked(evidence: Evidence) -> date | None:
    """The day of the last word on any of its gates."""
    return max((row.on for rows in evidence.gates.values() for row in rows), default=None)


def review_overdue(judgement: Judgement, today: date) -> date | None:
    """The day on which a review of a scheme was due that is not recorded; None where none is.

    Of a scheme that is refused or not in the plan nothing is reviewed.
    """
    if judgement.rejected or not in_plan(judgement.evidence.row):
        return None
    return overdue(judgement.evidence, today)


def _conditions(evidence: Evidence, today: date) -> Iterable[Waiting]:
    for row in evidence.conditions:
        if row.met_on is not None or row.due > today + AHEAD:
            continue
        yield Waiting(
            "condition",
            f"{row.scheme}: {row.text}",
            f"conditions/{row.scheme}/{row.gate}/{row.text}",
            row.known,
            row.due,
            f"/schemes/{row.scheme}",
            "Meet",
            "the condition",
            PROGRAMME,
            "meet_condition",
            evidence.row.organisation,
        )


def _milestones(workings: Workings, today: date) -> Iterable[Waiting]:
    schemes = {one.id: one for one in workings.position.book.schemes}
    for row in workings.position.book.milestones:
        scheme = schemes.get(row.scheme)
        if row.done_on is not None or scheme is None or not in_plan(scheme):
            continue
        if today - AHEAD * 6 <= row.due < today:  # what is older is the register's, not this week's
            yield Waiting(
                "milestone",
                f"{row.scheme}: {row.title}",
                f"milestones/{row.scheme}/{row.title}",
                row.due,
                row.due,
                f"/schemes/{quote(row.scheme, safe='')}/change?"
                f"{urlencode({'act': 'milestone', 'title': row.title})}",
                "Record",
                "the milestone",
                PROGRAMME,
                "milestone",
                scheme.organisation,
            )
