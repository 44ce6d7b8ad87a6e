"""Acts on savings schemes: propose, revise, assess, pass or fail a gate, withdraw.

What safety forbids is refused in words before anything is written: a scheme that scores 15 can be
neither signed nor decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Unpack

from controltotal.acts.actors import OF_SCHEMES
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.desk import Done, How, done
from controltotal.acts.signatures import gate_row
from controltotal.book.records import Scheme
from controltotal.core.schema import tables
from controltotal.programme.eligibility import Judgements
from controltotal.programme.evidence import gather
from controltotal.programme.folders import folders
from controltotal.programme.gates import GATES, missing
from controltotal.programme.judging import judge
from controltotal.programme.profiles import PANEL_CONSEQUENCE, Domain, profiles
from controltotal.programme.scores import WHOLE, Residual, mitigated_by
from controltotal.workings.workings import Workings

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger
    from controltotal.book.fold import Position


def propose(ledger: Ledger, scheme: Mapping[str, str], **how: Unpack[How]) -> Done:
    """Put a new scheme into the book; `scheme` holds its cells as people write them.

    Its maturity is `opportunity` unless said otherwise; passing gates is another act.
    """

    def prepare(desk: Bench) -> None:
        columns = tables()["schemes"].columns
        strange = [name for name in scheme if name not in columns]
        if strange:
            raise ActRefused(
                f"a scheme has no {', '.join(strange)}", "schemes", f"use {', '.join(columns)}"
            )
        code = scheme.get("id", "")
        if any(r.id == code for r in (*desk.position.book.schemes, *desk.position.replaced)):
            raise ActRefused(f"there is a scheme {code} already", "schemes", "revise it instead")
        cells = {"maturity": "opportunity", **scheme, "known_on": desk.on.isoformat()}
        desk.put("schemes", cells)
        if cells["maturity"] in ("fully_developed", "fully_developed_delivering"):
            desk.notices.append(
                f"{code} is typed {cells['maturity']}, which counts only once its evidence exists"
            )

    return done(ledger, "propose", prepare, how)


def revise(ledger: Ledger, scheme: str, changes: Mapping[str, str], **how: Unpack[How]) -> Done:
    """Change a scheme from a day on; an empty text empties a cell. Says which signatures lapse."""

    def prepare(desk: Bench) -> None:
        row, columns = desk.scheme(scheme), tables()["schemes"].columns
        fixed = [c for c in changes if c not in columns or c in ("id", "known_on")]
        if fixed:
            raise ActRefused(
                f"{', '.join(fixed)} cannot be revised", row.where, "use the columns of schemes"
            )
        if not any(changes[c] != row.texts.get(c, "") for c in changes):
            raise ActRefused("nothing would change", row.where, "say what changes")
        desk.again(row, changes)
        before = _ineligible_codes(desk.position, scheme)
        lapsed = "SIGNATURE_LAPSED" in _ineligible_codes(desk.would_be, scheme)
        if lapsed and "SIGNATURE_LAPSED" not in before:
            desk.notices.append(
                "the clinical signatures lapse: the scheme counts again once it is assessed and "
                "signed as it is now"
            )

    return done(ledger, "revise", prepare, how)


def _ineligible_codes(position: Position, scheme: str) -> tuple[str, ...]:
    found = Judgements(position).get(scheme)
    return tuple(reason.code for reason in found.reasons) if found else ()


def assess(
    ledger: Ledger,
    scheme: str,
    profile: str,
    domain: str,
    likelihood: int,
    consequence: int,
    *,
    residual_likelihood: int | None = None,
    residual_consequence: int | None = None,
    mitigation: str = "",
    role: str = "",
    review_on: date | str | None = None,
    outcome: str = "",
    **how: Unpack[How],
) -> Done:
    """Score one domain of a profile, 1 to 5 each, before and after mitigation."""

    def prepare(desk: Bench) -> None:
        row = desk.scheme(scheme)
        bar = _domain(row, profile, domain)
        given = (likelihood, consequence, residual_likelihood, residual_consequence)
        left = _left(row, *given, mitigation=mitigation)
        _replace_earlier(desk, (scheme, profile, domain))
        cells = {
            "scheme": scheme,
            "profile": profile,
            "domain": domain,
            "likelihood": str(likelihood),
            "consequence": str(consequence),
            "residual_likelihood": str(residual_likelihood or ""),
            "residual_consequence": str(residual_consequence or ""),
            "mitigation": mitigation,
            "assessor": desk.by,
            "role": role,
            "signed_on": desk.on.isoformat(),
            "review_on": str(review_on or ""),
            "outcome": outcome,
            "known_on": desk.on.isoformat(),
        }
        desk.put("assessments", cells)
        desk.notices += _what_follows(left, bar)

    return done(ledger, "assess", prepare, how)


def _left(
    row: Scheme,
    likelihood: int,
    consequence: int,
    residual_likelihood: int | None,
    residual_consequence: int | None,
    *,
    mitigation: str,
) -> Residual:
    """The score that is left; one that is not whole from 1 to 5, or falls without cause, is refused."""
    left = Residual(
        likelihood if residual_likelihood is None else residual_likelihood,
        consequence if residual_consequence is None else residual_consequence,
    )
    if any(n not in WHOLE for n in (likelihood, consequence, left.likelihood, left.consequence)):
        raise ActRefused("a score is not from 1 to 5", row.where, "score 1, 2, 3, 4 or 5")
    falls = left.likelihood < likelihood or left.consequence < consequence
    if falls and not mitigated_by(mitigation):
        raise ActRefused(
            "the score falls but no mitigation is named", row.where, "say what lowers the risk"
        )
    return left


def _what_follows(left: Residual, bar: Domain) -> list[str]:
    """What a score asks for: nothing may count at the bar, and a panel sees what is severe."""
    if left.score >= bar.reject_at:
        return [f"a residual score of {left.score} refuses the scheme, whatever its value"]
    severe = left.score >= bar.escalate_at or left.consequence == PANEL_CONSEQUENCE
    return ["it goes to a panel"] if severe else []


def _domain(row: Scheme, profile: str, domain: str) -> Domain:
    """A domain of a profile, with the scores that escalate and refuse; others are refused."""
    known = profiles().get(profile)
    if known is None:
        allowed = ", ".join(profiles())
        raise ActRefused(f"there is no profile {profile}", row.where, f"use one of {allowed}")
    if domain not in known.domains:
        allowed = ", ".join(known.domains)
        raise ActRefused(f"{profile} has no domain {domain}", row.where, f"use one of {allowed}")
    return known.domains[domain]


def _replace_earlier(desk: Bench, assessed: tuple[str, str, str]) -> None:
    """An assessment of one day replaces that of the same day; none goes before a later one."""
    for earlier in desk.position.book.assessments:
        if (earlier.scheme, earlier.profile, earlier.domain) != assessed:
            continue
        last = max(d for d in (earlier.known, earlier.signed_on, date.min) if d)
        if desk.on < last:
            raise ActRefused(
                f"{earlier.domain} was assessed on {last}, after {desk.on}",
                earlier.where,
                "date the assessment on the day it is made",
            )
        if earlier.known == desk.on:
            desk.withdraw(desk.position.entries[earlier.entry])


def pass_gate(
    ledger: Ledger,
    scheme: str,
    gate: str,
    *,
    role: str = "",
    evidence: str = "",
    **how: Unpack[How],
) -> Done:
    """Pass a gate: those below must stand, and G3 asks for all that safety asks for."""

    def prepare(desk: Bench) -> None:
        row = desk.scheme(scheme)
        if gate not in GATES:
            raise ActRefused(f"{gate} is not a gate", row.where, f"use {', '.join(GATES)}")
        if not evidence:
            raise ActRefused(
                "a gate is passed on evidence, and none is named", row.where, "name the evidence"
            )
        found = gather(desk.position, desk.on, desk.on)[scheme]
        lacking = [g for g in GATES[: GATES.index(gate)] if not found.stands(g)]
        if lacking:
            raise ActRefused(
                f"{gate} cannot be passed before {', '.join(lacking)}",
                row.where,
                "pass the gates in order",
            )
        if gate == "G2" and "strateg" not in evidence.lower():
            raise ActRefused(
                "G2 needs a view of the effect on the longer-term strategy",
                row.where,
                "say it in the evidence",
            )
        if gate in ("G3", "G4", "G5"):
            reasons = judge(desk.position, found, desk.on).reasons
            for reason in reasons:
                if gate == "G3" and reason.code == "CONDITION_UNMET":
                    desk.notices.append(f"nothing counts before it is met: {reason.text}")
                elif reason.code not in ("GATE_MISSING", "GATE_FAILED"):
                    raise ActRefused(
                        f"{gate} cannot be passed: {reason.text}", row.where, "put that right first"
                    )
            _with_others(desk, row, gate)
        gate_row(desk, row, gate, role, "", evidence)
        desk.notices += _lacking(desk, scheme, gate)

    return done(ledger, "pass", prepare, how)


def _with_others(desk: Bench, row: Scheme, gate: str) -> None:
    """Refuse a gate to a scheme that the others keep out: what it needs, or a ceiling of harm."""
    year = desk.position.default_year
    out = Workings(desk.position).savings.excluded(year).get(row.id) if year else None
    for code, text in out.reasons if out is not None else ():
        if code in ("REQUIRED_NOT_COUNTED", "HARM_CEILING"):
            raise ActRefused(f"{gate} cannot be passed: {text}", row.where, "put that right first")


def _lacking(desk: Bench, scheme: str, gate: str) -> list[str]:
    """Evidence that the gate asks for and the book does not show yet: a warning."""
    found = folders(desk.position, Judgements(desk.position)).get(scheme)
    items = missing(found, gate) if found else ()
    return [
        f"the book does not show yet: {item.name.lower()}"
        for item in items
        if item.test != "strategy"  # said in the evidence of this very act
    ]


def fail_gate(
    ledger: Ledger, scheme: str, gate: str, *, role: str = "", **how: Unpack[How]
) -> Done:
    """Fail a gate, or go back from one that was passed; the reason stays on record."""

    def prepare(desk: Bench) -> None:
        row = desk.scheme(scheme)
        if gate not in GATES:
            raise ActRefused(f"{gate} is not a gate", row.where, f"use {', '.join(GATES)}")
        if not desk.why:
            raise ActRefused("going back needs a reason", row.where, "give the reason")
        gate_row(desk, row, gate, role, "failed", desk.why)

    return done(ledger, "fail", prepare, how)


def withdraw(ledger: Ledger, what: str, **how: Unpack[How]) -> Done:
    """Withdraw a scheme with all that speaks of it, or one row (`gates row 12`); needs a reason."""

    def prepare(desk: Bench) -> None:
        if not desk.why:
            raise ActRefused("a withdrawal needs a reason", what, "give the reason")
        entries = desk.position.entries.values()
        table, found, number = what.partition(" row ")
        if found:
            chosen = [e for e in entries if e.table == table and str(e.row) == number.strip()]
        else:
            desk.scheme(what)
            chosen = [
                e
                for e in entries
                if e.table in OF_SCHEMES and dict(e.cells).get(OF_SCHEMES[e.table]) == what
            ]
            for row in desk.position.book.schemes:
                if what in (row.requires or ()):
                    desk.notices.append(f"{row.id} requires it and cannot go without")
        if not chosen:
            raise ActRefused(f"there is no {what}", "the ledger", "give a scheme, or TABLE row N")
        for entry in chosen:
            desk.withdraw(entry)

    return done(ledger, "withdraw", prepare, how)
