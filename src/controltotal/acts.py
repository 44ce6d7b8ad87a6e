"""Acts: the only way in which anybody changes a book that is a ledger.

An act is somebody's, on a day, for a reason. It is tested against the book as it stands, then put
into the ledger as new rows (or as withdrawals of old ones) in one batch: whole or not at all, and
only if nobody has written in the meantime. Nothing is edited. An act that the rules do not allow is
refused in words, before anything is written. Command line and web call these same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from controltotal.core.errors import BookError
from controltotal.position.evidence import person, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controltotal.ledger.entries import Draft, Entry
    from controltotal.ledger.store import Store
    from controltotal.position.fold import Position
    from controltotal.position.rows import Row

SIGNED_AT: Final = {
    "medical_director": "QIA", "chief_nurse": "QIA", "equality_lead": "EQIA", "finance_lead": "finance",
}  # fmt: skip
"""Which signature a role gives."""
OF_SCHEME: Final = {
    "schemes": "id", "gates": "scheme", "assessments": "scheme", "effects": "scheme",
    "milestones": "scheme", "engagements": "scheme", "amounts": "scheme", "facts": "scheme",
}  # fmt: skip
"""The tables that speak of a scheme, and the column that names it."""


class ActRefused(BookError):
    """An act that the rules do not allow; nothing was written."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act wrote: first and last entry, the root there, and what else follows from it."""

    first: int
    last: int
    root: str
    notices: tuple[str, ...] = ()


@dataclass
class Desk:
    """A ledger open for one act: the position as it stands, and the entries prepared so far."""

    store: Store
    entries: list[Entry]
    position: Position
    by: str
    on: date
    why: str
    drafts: list[Draft] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def put(self, table: str, cells: Mapping[str, str]) -> None:
        """Prepare a new row."""
        from controltotal.ledger.entries import put

        used = [e.row for e in self.entries if e.table == table]
        used += [d.row for d in self.drafts if d.table == table]
        number = max(used, default=1) + 1
        seq = len(self.entries) + len(self.drafts) + 1
        self.drafts.append(
            put(table, number, cells.items(), id=self._id(seq, table, number, *cells.values()),
                by=self.by, on=self.on.isoformat(), why=self.why)
        )  # fmt: skip

    def withdraw(self, entry: Entry) -> None:
        """Prepare the withdrawal of a row."""
        from controltotal.ledger.entries import withdraw

        seq = len(self.entries) + len(self.drafts) + 1
        self.drafts.append(
            withdraw(entry, id=self._id(seq, "withdraw", entry.seq), by=self.by,
                     on=self.on.isoformat(), why=self.why)
        )  # fmt: skip

    def _id(self, seq: int, what: str, number: int, *texts: str) -> str:
        """The id of an entry: its place and what it says, so that another's act is never repeated."""
        from hashlib import sha256

        said = "\0".join((*texts, self.by, self.on.isoformat(), self.why))
        return f"act/{seq}/{what}/{number}/{sha256(said.encode()).hexdigest()[:12]}"

    def scheme(self, code: str) -> Row:
        """A scheme of the book, or a refusal."""
        for row in self.position.rows("schemes"):
            if row["id"] == code:
                return row
        from difflib import get_close_matches

        known = sorted(row["id"] for row in self.position.rows("schemes"))
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "propose it first"
        raise ActRefused(f"there is no scheme {code}", "schemes", hint)

    def finish(self) -> Done:
        """Read the book as it would be; write if the new rows are without fault."""
        from controltotal.ledger.entries import chain, check_draft

        for draft in self.drafts:
            check_draft(draft)
        last = self.entries[-1] if self.entries else None
        from controltotal.ledger.entries import GENESIS

        new = chain(self.drafts, last.seq if last else 0, last.hash if last else GENESIS)
        after = _fold([*self.entries, *new])
        before = {(f.code, f.where, f.message) for f in self.position.findings}
        for finding in after.findings:
            if finding.severity == "error" and (finding.code, finding.where, finding.message) not in before:
                raise ActRefused(finding.message, finding.where, finding.action)
        done = self.store.append(self.drafts, len(self.entries))
        return Done(done.first, done.last, done.root, tuple(self.notices))


def _fold(entries: Iterable[Entry]) -> Position:
    from controltotal.ledger.source import BookSource
    from controltotal.position.fold import fold

    return fold(BookSource("ledger", list(entries), (), {}, {}))


@contextmanager
def _desk(ledger: str | Store, by: str, on: date | str, why: str) -> Iterator[Desk]:
    """The desk of one act; the ledger is let go of afterwards where it was opened here."""
    from controltotal.core.calendar import CalendarError, parse_date

    if not person(by):
        raise ActRefused("an act needs the name of who does it", "the act", "say --by NAME")
    try:
        day = parse_date(on) if isinstance(on, str) else on
    except CalendarError as error:
        raise ActRefused(f"the day reads {on!r}", "the act", f"give {error.expected}") from error
    store = _open(ledger) if isinstance(ledger, str) else ledger
    try:
        entries = store.read()
        yield Desk(store, entries, _fold(entries), " ".join(by.split()), day, why)
    finally:
        if isinstance(ledger, str):
            store.close()


def _open(address: str) -> Store:
    from controltotal.ledger import is_ledger_address, open_ledger

    if not is_ledger_address(address):
        raise ActRefused(
            "acts are kept in a ledger, and this is a folder or a workbook", address,
            f"make one: controltotal convert {address} sqlite:///BOOK.ledger",
        )  # fmt: skip
    return open_ledger(address, must_exist=True)


# -- schemes -----------------------------------------------------------------------------------


def propose(
    ledger: str | Store, scheme: Mapping[str, str], *, by: str, on: date | str, why: str = ""
) -> Done:
    """Put a new scheme into the book; `scheme` holds its cells as people write them.

    Its maturity is `opportunity` unless said otherwise; passing gates is another act.
    """
    from controltotal.core.schema import tables

    with _desk(ledger, by, on, why) as desk:
        columns = tables()["schemes"].columns
        strange = [name for name in scheme if name not in columns]
        if strange:
            raise ActRefused(
                f"a scheme has no {', '.join(strange)}", "schemes", f"use {', '.join(columns)}"
            )
        code = scheme.get("id", "")
        if any(r["id"] == code for r in (*desk.position.rows("schemes"), *desk.position.replaced)):
            raise ActRefused(f"there is a scheme {code} already", "schemes", "revise it instead")
        cells = {"maturity": "opportunity", **scheme, "known_on": desk.on.isoformat()}
        desk.put("schemes", {c: cells[c] for c in columns if cells.get(c)})
        if cells["maturity"] in ("fully_developed", "fully_developed_delivering"):
            desk.notices.append(
                f"{code} is typed {cells['maturity']}, which counts only once its evidence exists"
            )
        return desk.finish()


def revise(
    ledger: str | Store, scheme: str, changes: Mapping[str, str], *, by: str, on: date | str,
    why: str = "",
) -> Done:  # fmt: skip
    """Change a scheme from a day on; an empty text empties a cell. Says which signatures lapse."""
    from controltotal.core.schema import tables

    with _desk(ledger, by, on, why) as desk:
        row, columns = desk.scheme(scheme), tables()["schemes"].columns
        fixed = [c for c in changes if c not in columns or c in ("id", "known_on")]
        if fixed:
            raise ActRefused(
                f"{', '.join(fixed)} cannot be revised", row.where, "use the columns of schemes"
            )
        if not any(changes[c] != row.texts.get(c, "") for c in changes):
            raise ActRefused("nothing would change", row.where, "say what changes")
        if row.known is not None and desk.on < row.known:
            raise ActRefused(
                f"{scheme} was last changed on {row.known}, after {desk.on}", row.where,
                "date the change on the day it is made",
            )  # fmt: skip
        cells = {**row.texts, **changes, "known_on": desk.on.isoformat()}
        if row.known == desk.on:
            desk.withdraw(desk.position.entries[row.entry])
        order = [*columns, *(c for c in cells if c not in columns)]
        desk.put("schemes", {c: cells[c] for c in order if cells.get(c)})
        before = _ineligible_codes(desk.position, scheme)
        done = desk.finish()
        after = _ineligible_codes(_fold(desk.store.read()), scheme)
        lapsed = "SIGNATURE_LAPSED" in after and "SIGNATURE_LAPSED" not in before
        told = ("the clinical signatures lapse: the scheme counts again once it is assessed and "
                "signed as it is now",) if lapsed else ()  # fmt: skip
        return Done(done.first, done.last, done.root, (*done.notices, *told))


def _ineligible_codes(position: Position, scheme: str) -> tuple[str, ...]:
    from controltotal.position.eligibility import judgements

    found = judgements(position).get(scheme)
    return tuple(reason.code for reason in found.reasons) if found else ()


def assess(
    ledger: str | Store, scheme: str, profile: str, domain: str, likelihood: int, consequence: int,
    *, by: str, on: date | str, residual_likelihood: int | None = None,
    residual_consequence: int | None = None, mitigation: str = "", role: str = "",
    review_on: date | str | None = None, outcome: str = "", why: str = "",
) -> Done:  # fmt: skip
    """Score one domain of a profile, 1 to 5 each, before and after mitigation."""
    from controltotal.position.profiles import profiles

    with _desk(ledger, by, on, why) as desk:
        row, known = desk.scheme(scheme), profiles().get(profile)
        if known is None or domain not in known.domains:
            allowed = known.domains if known else profiles()
            what = f"{profile} has no domain {domain}" if known else f"there is no profile {profile}"
            raise ActRefused(what, row.where, f"use one of {', '.join(allowed)}")
        given = (likelihood, consequence, residual_likelihood, residual_consequence)
        if any(n is not None and (not 1 <= n <= 5 or n != int(n)) for n in given):
            raise ActRefused("a score is not from 1 to 5", row.where, "score 1, 2, 3, 4 or 5")
        before = likelihood * consequence
        after = (residual_likelihood or likelihood) * (residual_consequence or consequence)
        if after < before and not mitigation:
            raise ActRefused(
                "the score falls but no mitigation is named", row.where, "say what lowers the risk"
            )
        old = [
            r for r in desk.position.rows("assessments")
            if (r["scheme"], r["profile"], r["domain"]) == (scheme, profile, domain)
        ]  # fmt: skip
        for earlier in old:
            last = max(d for d in (earlier.known, earlier["signed_on"], date.min) if d)
            if desk.on < last:
                raise ActRefused(
                    f"{domain} was assessed on {last}, after {desk.on}", earlier.where,
                    "date the assessment on the day it is made",
                )  # fmt: skip
            if earlier.known == desk.on:
                desk.withdraw(desk.position.entries[earlier.entry])
        cells = {
            "scheme": scheme, "profile": profile, "domain": domain,
            "likelihood": str(likelihood), "consequence": str(consequence),
            "residual_likelihood": str(residual_likelihood or ""),
            "residual_consequence": str(residual_consequence or ""), "mitigation": mitigation,
            "assessor": desk.by, "role": role, "signed_on": desk.on.isoformat(),
            "review_on": str(review_on or ""), "outcome": outcome, "known_on": desk.on.isoformat(),
        }  # fmt: skip
        desk.put("assessments", {c: text for c, text in cells.items() if text})
        bar = known.domains[domain]
        if after >= bar.reject_at:
            desk.notices.append(f"a residual score of {after} refuses the scheme, whatever its value")
        elif after >= bar.escalate_at or (residual_consequence or consequence) == 5:
            desk.notices.append("it goes to a panel")
        return desk.finish()


def sign(
    ledger: str | Store, scheme: str, role: str, *, by: str, on: date | str, evidence: str = "",
    refuse: bool = False, why: str = "",
) -> Done:  # fmt: skip
    """Sign a scheme in a role, or refuse to (`refuse`, with the reason in `why`)."""
    with _desk(ledger, by, on, why) as desk:
        row, title = desk.scheme(scheme), word(role)
        if title not in SIGNED_AT:
            raise ActRefused(f"{role} signs nothing", row.where, f"use {', '.join(SIGNED_AT)}")
        if refuse and not why:
            raise ActRefused("a refusal needs a reason", row.where, "say why")
        if SIGNED_AT[title] == "QIA":
            _may_sign(desk, row, title, refuse)
        _gate_row(desk, row, SIGNED_AT[title], title, "refused" if refuse else "", evidence or why)
        return desk.finish()


def _may_sign(desk: Desk, row: Row, role: str, refuse: bool) -> None:
    """Refuse a clinical signature that could not count."""
    from controltotal.position.evidence import gather, passed
    from controltotal.position.judging import judge

    if person(desk.by) == person(row["owner"]):
        raise ActRefused(
            "the owner cannot sign", row.where, "somebody else signs, or somebody else owns it"
        )
    evidence = gather(desk.position, max(desk.on, desk.position.reading_date or desk.on))[row["id"]]
    for gate in evidence.gates.get("QIA", ()):
        if passed(gate) and word(gate["role"]) != role and person(gate["by"]) == person(desk.by):
            raise ActRefused(
                f"{desk.by} has signed as {gate['role'].replace('_', ' ')}: two people sign",
                gate.where, "the other role signs",
            )  # fmt: skip
    if row.known is not None and desk.on < row.known:
        raise ActRefused(
            f"the scheme was changed on {row.known}, after {desk.on}", row.where,
            "sign what it is now, on the day of signing",
        )  # fmt: skip
    if refuse:
        return
    judgement = judge(desk.position, gather(desk.position, desk.on, desk.on)[row["id"]], desk.on)
    for reason in judgement.reasons:
        if reason.code.startswith("QUALITY") and reason.code != "QUALITY_REFUSED":
            raise ActRefused(
                f"it cannot be signed: {reason.text}", row.where,
                "assess every domain and lower the risk first",
            )  # fmt: skip


def pass_gate(
    ledger: str | Store, scheme: str, gate: str, *, by: str, on: date | str, role: str = "",
    evidence: str = "", why: str = "",
) -> Done:  # fmt: skip
    """Pass a gate: those below must stand, and G3 asks for all that safety asks for."""
    from controltotal.position.evidence import gather
    from controltotal.position.gates import GATES
    from controltotal.position.judging import judge

    with _desk(ledger, by, on, why) as desk:
        row = desk.scheme(scheme)
        if gate not in GATES:
            raise ActRefused(f"{gate} is not a gate", row.where, f"use {', '.join(GATES)}")
        if not evidence:
            raise ActRefused(
                "a gate is passed on evidence, and none is named", row.where, "say --evidence"
            )
        found = gather(desk.position, desk.on, desk.on)[scheme]
        lacking = [g for g in GATES[: GATES.index(gate)] if not found.stands(g)]
        if lacking:
            raise ActRefused(
                f"{gate} cannot be passed before {', '.join(lacking)}", row.where,
                "pass the gates in order",
            )  # fmt: skip
        if gate == "G2" and "strateg" not in evidence.lower():
            raise ActRefused(
                "G2 needs a view of the effect on the longer-term strategy", row.where,
                "say it in the evidence",
            )  # fmt: skip
        if gate in ("G3", "G4", "G5"):
            reasons = judge(desk.position, found, desk.on).reasons
            for reason in reasons:
                if reason.code not in ("GATE_MISSING", "GATE_FAILED"):
                    raise ActRefused(
                        f"{gate} cannot be passed: {reason.text}", row.where, "put that right first"
                    )
        _gate_row(desk, row, gate, role, "", evidence)
        desk.notices += _lacking(desk, scheme, gate)
        return desk.finish()


def _lacking(desk: Desk, scheme: str, gate: str) -> list[str]:
    """Evidence that the gate asks for and the book does not show yet: a warning."""
    from controltotal.position.gates import missing
    from controltotal.position.scheme_folders import folders

    found = folders(desk.position).get(scheme)
    items = missing(found, gate) if found else ()
    return [
        f"the book does not show yet: {item.name.lower()}"
        for item in items
        if item.test != "strategy"  # said in the evidence of this very act
    ]


def fail_gate(
    ledger: str | Store, scheme: str, gate: str, *, by: str, on: date | str, why: str, role: str = ""
) -> Done:
    """Fail a gate, or go back from one that was passed; the reason stays on record."""
    from controltotal.position.gates import GATES

    with _desk(ledger, by, on, why) as desk:
        row = desk.scheme(scheme)
        if gate not in GATES:
            raise ActRefused(f"{gate} is not a gate", row.where, f"use {', '.join(GATES)}")
        if not why:
            raise ActRefused("going back needs a reason", row.where, "say --why")
        _gate_row(desk, row, gate, role, "failed", why)
        return desk.finish()


def _gate_row(
    desk: Desk, row: Row, gate: str, role: str, outcome: str, evidence: str
) -> None:  # fmt: skip
    """Prepare a row of the table gates, once a day for one person and role."""
    for other in desk.position.rows("gates"):
        same = (other["scheme"], other["gate"], other["on"]) == (row["id"], gate, desk.on)
        if same and person(other["by"]) == person(desk.by) and word(other["role"]) == word(role):
            said = other["outcome"] or "passed"
            raise ActRefused(
                f"{desk.by} said {said} of {gate} on {desk.on} already", other.where,
                "withdraw that first",
            )  # fmt: skip
    cells = {"scheme": row["id"], "gate": gate, "on": desk.on.isoformat(), "by": desk.by,
             "role": word(role), "outcome": outcome, "evidence": evidence}  # fmt: skip
    desk.put("gates", {c: text for c, text in cells.items() if text})


def withdraw(ledger: str | Store, what: str, *, by: str, on: date | str, why: str) -> Done:
    """Withdraw a scheme with all that speaks of it, or one row (`gates row 12`); needs a reason."""
    with _desk(ledger, by, on, why) as desk:
        if not why:
            raise ActRefused("a withdrawal needs a reason", what, "say --why")
        entries = desk.position.entries.values()
        table, found, number = what.partition(" row ")
        if found:
            chosen = [e for e in entries if e.table == table and str(e.row) == number.strip()]
        else:
            desk.scheme(what)
            chosen = [
                e for e in entries
                if e.table in OF_SCHEME and dict(e.cells).get(OF_SCHEME[e.table]) == what
            ]  # fmt: skip
            for row in desk.position.rows("schemes"):
                if what in (row["requires"] or ()):
                    desk.notices.append(f"{row['id']} requires it and cannot go without")
        if not chosen:
            raise ActRefused(f"there is no {what}", "the ledger", "give a scheme, or TABLE row N")
        for entry in chosen:
            desk.withdraw(entry)
        return desk.finish()


# -- challenges --------------------------------------------------------------------------------


def challenge(
    ledger: str | Store, organisation: str, year: str, grounds: str, *, by: str, on: date | str,
    why: str = "",
) -> Done:  # fmt: skip
    """Record a challenge to the control total of a body; it stays open until it is answered."""
    with _desk(ledger, by, on, why) as desk:
        rows = desk.position.rows("control_totals")
        if not any(row["organisation"] == organisation for row in rows):
            desk.notices.append(f"the book holds no control total of {organisation} to challenge")
        desk.put("challenges", {"organisation": organisation, "year": year, "by": desk.by,
                                "on": desk.on.isoformat(), "grounds": grounds})  # fmt: skip
        return desk.finish()


def answer_challenge(
    ledger: str | Store, organisation: str, answer: str, outcome: str, *, by: str, on: date | str,
    why: str = "",
) -> Done:  # fmt: skip
    """Answer the latest open challenge of a body; what was asked stays as it was asked."""
    with _desk(ledger, by, on, why) as desk:
        rows = [r for r in desk.position.rows("challenges")
                if r["organisation"] == organisation and not r["answer"]]  # fmt: skip
        if not rows:
            what = f"{organisation} has no open challenge"
            raise ActRefused(what, "challenges", "record it first")
        old = max(rows, key=lambda row: (row["on"], row.number))
        cells = dict(desk.position.entries[old.entry].cells)
        if desk.on <= old["on"]:
            desk.withdraw(desk.position.entries[old.entry])
        desk.put("challenges", {**cells, "answer": answer, "outcome": outcome,
                                "known_on": desk.on.isoformat()})  # fmt: skip
        return desk.finish()


ACTS: Final[Mapping[str, Callable[..., Done]]] = {
    "propose": propose, "revise": revise, "assess": assess, "sign": sign, "pass": pass_gate,
    "fail": fail_gate, "withdraw": withdraw, "challenge": challenge, "answer": answer_challenge,
}  # fmt: skip
