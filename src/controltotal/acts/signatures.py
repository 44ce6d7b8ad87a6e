"""Signatures of a scheme: approve it, with conditions or without, ask for more, or refuse it.

A signature says what it was given to: the digest of the scheme, its assessments and its conditions as
they stood (`programme/seen`). Who says which digest they saw is refused where another stands by now.
The conditions of an approval are set by the act that gives it: both, or neither. What safety forbids is
refused in words before anything is written: the owner cannot sign, nor one person in both roles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Unpack

from controltotal.acts.bench import ActRefused, Bench, RowClash
from controltotal.acts.desk import Done, How, done
from controltotal.acts.rows import put_or_again
from controltotal.book.records import Gate, Scheme
from controltotal.book.row_keys import row_key
from controltotal.core.keys import word
from controltotal.programme.evidence import gather, passed
from controltotal.programme.judging import judge
from controltotal.programme.names import is_name, office, one_person, owners
from controltotal.programme.outcomes import (
    APPROVE,
    CONDITIONS,
    PASSING,
    REJECT,
    REJECTING,
    STOP,
    WAIT,
    meaning,
)
from controltotal.programme.seen import digest

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger

SIGNED_AT: Final = {
    "medical_director": "QIA",
    "chief_nurse": "QIA",
    "equality_lead": "EQIA",
    "finance_lead": "finance",
}
"""Which signature a role gives."""


SAID: Final = {
    APPROVE: "",
    CONDITIONS: CONDITIONS,
    WAIT: WAIT,
    REJECT: "refused",
    STOP: STOP,
}
"""What a signature may say, as its row has it."""


CONDITION: Final = ("text", "kind", "owner", "due")
"""The columns of a condition that is set with a signature."""


def sign(
    ledger: Ledger,
    scheme: str,
    role: str,
    *,
    evidence: str = "",
    refuse: bool = False,
    outcome: str = "",
    signed: str = "",
    conditions: Iterable[Mapping[str, str]] = (),
    **how: Unpack[How],
) -> Done:
    """Sign a scheme in a role: approve it, with conditions or without, ask for more, or refuse it.

    `signed` is the digest of what the signer saw, where it is known; another one that stands by now is
    a RowClash. `conditions` are cells of rows that are set with an approval that has conditions.
    `outcome` is a word of an assessment's outcomes (nothing approves), and `refuse` the same as its
    `refused`. What does not approve says why.
    """

    def prepare(desk: Bench) -> None:
        row, title = desk.scheme(scheme), word(role)
        if title not in SIGNED_AT:
            raise ActRefused(f"{role} signs nothing", row.where, f"use {', '.join(SIGNED_AT)}")
        said = meaning("refused" if refuse else outcome)
        if said not in SAID:
            raise ActRefused(
                f"outcome reads {outcome!r}", row.where, f"use {', '.join(SAID)}, or nothing"
            )
        if said not in PASSING and not desk.why:
            what = "a refusal needs a reason" if said in REJECTING else "say what is asked for"
            raise ActRefused(what, row.where, "give the reason")
        if SIGNED_AT[title] == "QIA":
            _may_sign(desk, row, title, said not in PASSING)
        stands = digest(desk.entries, row.id)
        if signed and signed != stands:
            raise RowClash(row_key("schemes", row.texts), None, row.texts, None)
        gate_row(desk, row, SIGNED_AT[title], title, SAID[said], evidence or desk.why, stands)
        _conditions(desk, row, SIGNED_AT[title], said, [dict(one) for one in conditions])

    return done(ledger, "sign", prepare, how)


def _may_sign(desk: Bench, row: Scheme, role: str, refuse: bool) -> None:
    """Refuse a clinical signature that could not count."""
    if not is_name(desk.by):
        raise ActRefused(f"{desk.by} is no name", row.where, "sign with a full name")
    named = owners(row.owner)
    held = any(office(owner) == role.replace("_", " ") for owner in named)
    if held or any(one_person(desk.by, owner) for owner in named):
        raise ActRefused(
            "the owner cannot sign", row.where, "somebody else signs, or somebody else owns it"
        )
    evidence = gather(desk.position, max(desk.on, desk.position.reading_date or desk.on))[row.id]
    for gate in evidence.gates.get("QIA", ()):
        if passed(gate) and word(gate.role) != role and _same_person(desk, gate):
            raise ActRefused(
                f"{desk.by} has signed as {(gate.role or '').replace('_', ' ')}: two people sign",
                gate.where,
                "the other role signs",
            )
    if row.known is not None and desk.on < row.known:
        raise ActRefused(
            f"the scheme was changed on {row.known}, after {desk.on}",
            row.where,
            "sign what it is now, on the day of signing",
        )
    if refuse:
        return
    judgement = judge(desk.position, gather(desk.position, desk.on, desk.on)[row.id], desk.on)
    for reason in judgement.reasons:
        if reason.code.startswith("QUALITY") and reason.code != "QUALITY_REFUSED":
            raise ActRefused(
                f"it cannot be signed: {reason.text}",
                row.where,
                "assess every domain and lower the risk first",
            )


def _same_person(desk: Bench, gate: Gate) -> bool:
    """Whether who acts may be who signed: by name, or by the subject, whatever it is called today."""
    entry = desk.position.entries.get(gate.entry)
    subject = entry.narration.author.subject if entry is not None else ""
    own = desk.actor.subject if not desk.actor.local else ""
    return one_person(gate.by, desk.by) or (bool(own) and subject == own)


def _conditions(
    desk: Bench, row: Scheme, gate: str, said: str, given: list[dict[str, str]]
) -> None:
    """Lay down the conditions of an approval; without an approval that has some there are none."""
    if given and said != CONDITIONS:
        desk.refuse(
            "a condition is given, and the outcome sets none",
            row.where,
            "say approve_with_conditions, or leave the condition out",
            "outcome",
        )
        return
    for cells in given:
        for column in ("text", "kind", "due"):
            if not cells.get(column):
                desk.refuse(f"{column} is missing", row.where, "say it of each condition", column)
        if all(map(cells.get, ("text", "kind", "due"))):
            known = {"scheme": row.id, "gate": gate, "met_on": "", "known_on": desk.on.isoformat()}
            # two directors may set the same condition: the second signature stands all the same
            put_or_again(desk, "conditions", {**cells, **known}, may_stand=True)
    if said == CONDITIONS and not given:
        desk.notices.append("set each condition by the act `condition`: its words and its day")


def gate_row(
    desk: Bench,
    row: Scheme,
    gate: str,
    role: str,
    outcome: str,
    evidence: str,
    signed: str = "",
) -> None:
    """Prepare a row of the table gates, once a day for one person and role."""
    for other in desk.position.book.gates:
        same = (other.scheme, other.gate, other.on) == (row.id, gate, desk.on)
        if same and one_person(other.by, desk.by) and word(other.role) == word(role):
            said = (other.outcome or "passed").replace("_", " ")
            raise ActRefused(
                f"the same person said {said!r} of {row.id} on {desk.on} already, as "
                f"{word(role).replace('_', ' ')}: one day holds one answer",
                other.where,
                "give another answer on another day, or have this one undone",
            )
    cells = {
        "scheme": row.id,
        "gate": gate,
        "on": desk.on.isoformat(),
        "by": desk.by,
        "role": word(role),
        "outcome": outcome,
        "evidence": evidence,
        "signed": signed,
    }
    desk.put("gates", cells)
