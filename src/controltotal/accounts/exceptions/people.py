"""Preparer and approver one person, and clinical signatures that lapsed.

Two names are one person's where nothing written tells them apart: that is `programme.names`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from controltotal.accounts.exceptions.daybook import Daybook, Departure, Found
from controltotal.book.records import Assessment, Challenge, Gate, Scheme, Submission
from controltotal.core.keys import word
from controltotal.programme.evidence import Evidence, later, passed
from controltotal.programme.names import names_owner, one_person, owners
from controltotal.programme.signing import SIGNATORIES, lapse
from controltotal.workings.workings import Workings

CLINICAL: Final = "QIA"
"""The gate of the two clinical signatures, for which others assess: an equality lead's own assessment
is the signature."""


def one_person_twice(workings: Workings, daybook: Daybook) -> Found:
    """Everything that one person both prepared, owned or asked for and then approved."""
    book = workings.position.book
    unnamed = sum(1 for row in book.submissions if not row.approved_by)
    unseen = list(daybook.missing)
    if unnamed:
        unseen.append(
            f"{unnamed} of {len(book.submissions)} hand-ins name nobody who approved them"
        )
    found = [
        *_handed_in(book.submissions),
        *(one for proof in _evidence(workings) for one in _of_scheme(daybook, proof)),
        *_answered(daybook, book.challenges),
    ]
    looked = bool(book.gates) or unnamed < len(book.submissions) or daybook.kept
    return Found(tuple(found), tuple(unseen), looked)


def _evidence(workings: Workings) -> Iterator[Evidence]:
    for judgement in workings.judgements.values():
        yield judgement.evidence


def _handed_in(rows: Iterable[Submission]) -> Iterator[Departure]:
    """Hand-ins approved by whoever handed them in."""
    for row in rows:
        if row.approved_by and one_person(row.by, row.approved_by):
            yield Departure(
                "one_person",
                row.organisation,
                row.year,
                handed_in(row),
                f"handed in by {row.by} and approved by {row.approved_by}",
                (row,),
                row.month or "",
                row.by,
                row.on,
            )


def handed_in(row: Submission) -> str:
    """What was handed in, in a few words.

    >>> handed_in(Submission(2, 1, {}, None, "", month="9", basis="forecast"))
    'Forecast of month 9'
    """
    what = (row.basis or ("return" if row.month else "plan")).capitalize()
    return f"{what} of month {row.month}" if row.month else what


def _of_scheme(daybook: Daybook, proof: Evidence) -> Iterator[Departure]:
    """Gates and signatures of a scheme that its owner, proposer, assessor or co-signer gave."""
    gates = [row for rows in proof.gates.values() for row in rows if passed(row) and row.by]
    for row in gates:
        told = _same(daybook, proof, row, gates)
        if told:
            why, others = told
            yield Departure(
                "one_person",
                proof.row.organisation,
                "",
                scheme_words(proof.row),
                f"{gate_words(row)} by {row.by}, who {why}",
                (row, *others),
                by=row.by or "",
                on=row.on,
                recorded=daybook.recorded(row),
            )


def _same(
    daybook: Daybook, proof: Evidence, row: Gate, gates: Iterable[Gate]
) -> tuple[str, tuple[Gate | Scheme | Assessment, ...]] | None:
    """In what other part the one who passed a gate stands, and the rows that say so."""
    before = [one for one in proof.versions if not later(daybook.position, one, row)]
    version = before[-1] if before else proof.versions[0]
    if names_owner(row.by) or any(one_person(row.by, one) for one in owners(version.owner)):
        return "owns it", (version,)
    proposer = daybook.by(version)
    if proposer and one_person(row.by, proposer):
        return "wrote what it says", (version,)
    if row.gate != CLINICAL or word(row.role) not in SIGNATORIES:
        return None
    other = next((one for one in gates if _signed_both(one, row)), None)
    if other is not None:
        return f"also signed as {(other.role or '').replace('_', ' ')}", (other,)
    own = [one for one in proof.assessments if one.assessor and one_person(one.assessor, row.by)]
    return ("assessed it", (own[0],)) if own else None


def _signed_both(first: Gate, second: Gate) -> bool:
    """Whether one person gave both clinical signatures, this one before the other."""
    roles = {word(first.role), word(second.role)}
    before = (first.on, first.entry) < (second.on, second.entry)
    both = first.gate == CLINICAL and roles == set(SIGNATORIES)
    return both and before and one_person(first.by, second.by)


def gate_words(row: Gate) -> str:
    """A gate passed or a signature given, in a few words.

    >>> gate_words(Gate(2, 1, {}, None, "", gate="QIA", role="chief_nurse"))
    'QIA signed as chief nurse'
    """
    if row.gate.startswith("G"):
        return f"gate {row.gate} passed"
    role = f" as {row.role.replace('_', ' ')}" if row.role else ""
    return f"{row.gate} signed{role}"


def scheme_words(row: Scheme) -> str:
    """A scheme as an auditor finds it: its title and its id."""
    return f"{row.title or 'A scheme without a title'} ({row.id or 'without an id'})"


def _answered(daybook: Daybook, rows: Iterable[Challenge]) -> Iterator[Departure]:
    """Challenges answered by whoever raised them."""
    for row in rows:
        writer = daybook.by(row)
        if row.answer and writer and one_person(row.by, writer):
            yield Departure(
                "one_person",
                row.organisation,
                row.year,
                "Challenge to the control total",
                f"raised by {row.by} and answered by {writer}",
                (row,),
                by=writer,
                on=row.known,
                recorded=daybook.recorded(row),
            )


def signatures_lapsed(workings: Workings, daybook: Daybook) -> Found:
    """Clinical signatures given to a version of a scheme that changed, and whether they were renewed."""
    found = []
    for proof in _evidence(workings):
        signed = [row for row in proof.gates.get(CLINICAL, ()) if passed(row)]
        for row in signed:
            lapsed = lapse(workings.position, proof, row) if word(row.role) in SIGNATORIES else None
            if lapsed is None:
                continue
            version, change = lapsed
            again = [
                other
                for other in signed
                if word(other.role) == word(row.role)
                and not later(workings.position, version, other)
            ]
            when = f"renewed by {again[0].by} on {again[0].on}" if again else "not renewed"
            day = daybook.since(version)
            found.append(
                Departure(
                    "signatures_lapsed",
                    proof.row.organisation,
                    "",
                    scheme_words(proof.row),
                    f"{gate_words(row)} by {row.by} on {row.on} lapsed when {change}; {when}",
                    (row, version, *again[:1]),
                    by=daybook.by(version),
                    on=day,
                    recorded=daybook.recorded(version),
                )
            )
    if not workings.position.book.gates:
        return Found((), ("the data hold no signatures",), looked=False)
    return Found(tuple(found), daybook.unseen_versions, daybook.keeps("schemes"))
