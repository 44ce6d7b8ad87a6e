"""Every act under its one name, with its fields: for the command line, the API and the ledger alike.

`act(NAME, ledger, fields, …)` does one. Fields are columns of the row that is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from controltotal.acts import months, papers, people, registers, totals, transfers, undoing
from controltotal.acts.actors import Actor, acting
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.challenges import answer_challenge, challenge
from controltotal.acts.desk import Done, How, at_desk, done
from controltotal.acts.portfolios import keep_portfolio
from controltotal.acts.rows import Form, Prepared, form_of, puts
from controltotal.acts.schemes import assess, fail_gate, pass_gate, propose, revise, withdraw
from controltotal.acts.signatures import CONDITION, SAID, sign
from controltotal.core.keys import word
from controltotal.core.schema import tables
from controltotal.programme.outcomes import meaning

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger

Cells = Mapping[str, str]
Runs = Callable[["Ledger", Cells, How], Done]


@dataclass(frozen=True, slots=True)
class Act:
    """An act: what it does in a sentence, its fields, and how it is done."""

    name: str
    does: str
    form: Form
    run: Runs


def act(
    name: str,
    ledger: Ledger,
    fields: Cells,
    why: str = "",
    on: date | str | None = None,
    as_: str | Actor | None = None,
    request: str = "",
    seen: Mapping[str, int] | None = None,
) -> Done:
    """Change a book that is a ledger: one act by its `name`, on a day (`on`; today), for a reason.

    `ledger` is its address, a store or a desk; `fields` are columns of the row that is written. `as_`
    is an actor, a subject with the grants that the ledger holds, or in a book without any a name; who
    is at this machine where it is left out. `request` is an identifier of the caller's: sent again it
    gives the same receipt. `seen` maps keys of rows to the entries that were seen of them. Raises
    ActRefused (with every reason in `refusals`), NotPermitted, or RowClash; nothing is written then.
    `why` is kept with the act.
    """
    found = ACTS.get(name)
    if found is None:
        near = get_close_matches(name, ACTS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(ACTS)}"
        raise ActRefused(f"there is no act {name}", "the act", hint)
    with at_desk(ledger) as desk:
        how: How = {
            "by": as_ if isinstance(as_, Actor) else acting(desk.position, as_),
            "on": on or desk.today(),
            "why": why,
            "request": request,
            "seen": seen,
            "dated": bool(on),
        }
        return found.run(desk, {k: v.strip() for k, v in fields.items()}, how)


def _prepared(name: str, form: Form, prepare: Prepared) -> Act:
    """An act whose rows are prepared from its fields."""

    def run(ledger: Ledger, fields: Cells, how: How) -> Done:
        def judge(bench: Bench) -> None:
            form.refuse(bench, fields)
            prepare(bench, {k: v for k, v in fields.items() if v})

        return done(ledger, name, judge, {**how, "fields": fields})

    return Act(name, _first(prepare.__doc__), form, run)


def _called(
    name: str,
    form: Form,
    does: str,
    run: Callable[[Ledger, Cells, How], Done],
    told: Sequence[str] = (),
) -> Act:
    """An act of a function of its own; `told` are the fields that its row bears as they are given."""

    def checked(ledger: Ledger, fields: Cells, how: How) -> Done:
        missing = [c for c in form.required if not fields.get(c)]
        strange = [c for c in fields if c not in form.fields]
        if missing or strange:
            return done(ledger, name, lambda bench: form.refuse(bench, fields), how)
        same = {c: word(fields[c]) if c == "role" else fields[c] for c in told if fields.get(c)}
        return run(ledger, fields, {**how, "fields": same})

    return Act(name, does, form, checked)


def _first(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0]


def _whole(column: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ActRefused(f"{column} reads {text!r}", "the act", "give a whole number") from None


def _score(fields: Cells, column: str) -> int | None:
    return _whole(column, fields[column]) if fields.get(column) else None


def _assess(ledger: Ledger, fields: Cells, how: How) -> Done:
    return assess(
        ledger,
        fields["scheme"],
        fields.get("profile") or "nhse_2025",
        fields["domain"],
        _whole("likelihood", fields["likelihood"]),
        _whole("consequence", fields["consequence"]),
        residual_likelihood=_score(fields, "residual_likelihood"),
        residual_consequence=_score(fields, "residual_consequence"),
        mitigation=fields.get("mitigation", ""),
        role=fields.get("role") or "quality_lead",
        review_on=fields.get("review_on") or None,
        outcome=fields.get("outcome", ""),
        **how,
    )


def _sign(ledger: Ledger, fields: Cells, how: How) -> Done:
    given = [
        {column: fields.get(f"{column}{number}", "") for column in CONDITION} for number in NUMBERS
    ]
    said = SAID.get(meaning(fields.get("outcome", "")), "")
    how = {**how, "fields": {**how.get("fields", {}), "outcome": said}}
    return sign(
        ledger,
        fields["scheme"],
        fields["role"],
        evidence=fields.get("evidence", ""),
        outcome=fields.get("outcome", ""),
        signed=fields.get("signed", ""),
        conditions=[one for one in given if any(one.values())],
        **how,
    )


def _revise(ledger: Ledger, fields: Cells, how: How) -> Done:
    changes = {name: text for name, text in fields.items() if name != "id"}
    return revise(ledger, fields["id"], changes, **how)


def _pass(ledger: Ledger, fields: Cells, how: How) -> Done:
    role, evidence = fields.get("role", ""), fields.get("evidence", "")
    return pass_gate(ledger, fields["scheme"], fields["gate"], role=role, evidence=evidence, **how)


def _fail(ledger: Ledger, fields: Cells, how: How) -> Done:
    return fail_gate(ledger, fields["scheme"], fields["gate"], role=fields.get("role", ""), **how)


def _withdraw(ledger: Ledger, fields: Cells, how: How) -> Done:
    scheme, table, row = (fields.get(name, "") for name in ("scheme", "table", "row"))
    if bool(table) != bool(row) or bool(scheme) == bool(table):
        raise ActRefused(
            "a scheme is named, or a table and a row of it",
            "the act",
            "say scheme, or table and row",
        )
    return withdraw(ledger, scheme or f"{table} row {row}", **how)


def _keep(ledger: Ledger, fields: Cells, how: How) -> Done:
    return keep_portfolio(
        ledger,
        year=fields.get("year") or None,
        organisation=fields.get("organisation") or None,
        years=_whole("years", fields.get("years") or "1"),
        objectives=tuple(one.strip() for one in fields.get("objectives", "").split(",") if one),
        **how,
    )


def _challenge(ledger: Ledger, fields: Cells, how: How) -> Done:
    return challenge(ledger, fields["organisation"], fields["year"], fields["grounds"], **how)


def _answer(ledger: Ledger, fields: Cells, how: How) -> Done:
    answer, outcome = fields["answer"], fields.get("outcome", "")
    return answer_challenge(ledger, fields["organisation"], answer, outcome, **how)


def _redact(ledger: Ledger, fields: Cells, how: How) -> Done:
    return undoing.redact(ledger, fields["entry"], fields["ground"], fields["second"], **how)


def _known(bench: Bench) -> Cells:
    """What an act fills in by itself: the day from which its row holds."""
    return {"known_on": bench.on.isoformat()}


def _by(bench: Bench) -> Cells:
    return {"by": bench.by, "on": bench.on.isoformat()}


def _set_by(bench: Bench) -> Cells:
    return {"by": bench.by, **_known(bench)}


def _decided(bench: Bench) -> Cells:
    return {"decided_by": bench.by, **_known(bench)}


_SCHEME_COLUMNS: Final = tuple(c for c in tables()["schemes"].columns if c != "known_on")
_MONTH: Final = ("organisation", "year")
_TOTAL: Final = Form("control_totals", _MONTH, ("month", "scenario"))
_SENT: Final = Form("submissions", _MONTH, ("month", "basis"))
_CONSENT: Final = Form("consents", ("transfer", "organisation"))
_OF_TRANSFER: Final = Form("consents", ("transfer",))
_GATE: Final = Form("gates", ("scheme", "gate"), ("role", "evidence"))
_ENTRY: Final = {
    "entry": "Number of an entry",
    "second": "Who says so too: another person",
    "ground": f"Ground in law: {', '.join(undoing.GROUNDS)}",
    "table": "Table of the row",
    "row": "Row as a spreadsheet counts",
    "objectives": "As in portfolio, in order, with commas",
    "years": "Years planned together",
}
NUMBERS: Final = ("", "_2", "_3")
"""What stands after the columns of each condition that is set with a signature."""
_OF_SIGN: Final = {
    f"{column}{number}": f"{tables()['conditions'].columns[column].description} (a condition)"
    for number in NUMBERS
    for column in CONDITION
}
_PHASE: Final = form_of("amounts", "scenario", "counterparty", "qualifier", "organisation", "basis")

_SAID: Final = form_of("commentary", "by", "on")
_COMMENT: Final = Form(
    "commentary", _SAID.required, (*_SAID.optional, "by", "instead"), papers.INSTEAD
)

_ALL: Final = (
    _prepared("submit_month", _SENT, months.submit_month),
    _prepared("approve_month", _SENT, months.approve_month),
    _prepared("reopen_month", _SENT, months.reopen_month),
    _prepared("adjust_month", form_of("amounts"), months.adjust_month),
    _prepared(
        "propose_total",
        form_of("control_totals", "status", "set_on", "set_on_at_latest"),
        totals.propose_total,
    ),
    _prepared("accept_total", _TOTAL, totals.accept_total),
    _prepared("refuse_total", _TOTAL, totals.refuse_total),
    _prepared("withdraw_total", _TOTAL, totals.withdraw_total),
    _prepared("propose_transfer", form_of("transfers", "status"), transfers.propose_transfer),
    _prepared("agree_transfer", _CONSENT, transfers.agree_transfer),
    _prepared("refuse_transfer", _CONSENT, transfers.refuse_transfer),
    _prepared("lapse_transfer", _OF_TRANSFER, transfers.lapse_transfer),
    _prepared("record_repayment", form_of("repayments", "kind"), transfers.record_repayment),
    _prepared("write_off", form_of("repayments", "kind"), transfers.write_off),
    _called(
        "propose",
        Form("schemes", form_of("schemes", "maturity").required, _SCHEME_COLUMNS),
        _first(propose.__doc__),
        lambda ledger, fields, how: propose(ledger, fields, **how),
        _SCHEME_COLUMNS,
    ),
    _called(
        "revise",
        Form("schemes", ("id",), _SCHEME_COLUMNS),
        _first(revise.__doc__),
        _revise,
        _SCHEME_COLUMNS,
    ),
    _prepared(
        "phase",
        Form(
            "amounts",
            ("scheme", "line", "year", "amount"),
            (*_PHASE.fields, "basis", "organisation"),
        ),
        registers.phase,
    ),
    _prepared(
        "deliver",
        Form(
            "amounts",
            ("scheme", "line", "year", "month", "amount"),
            (*_PHASE.fields, "organisation"),
        ),
        registers.deliver,
    ),
    _called(
        "assess",
        Form(
            "assessments",
            ("scheme", "domain", "likelihood", "consequence"),
            form_of("assessments", "assessor", "signed_on").fields,
        ),
        _first(assess.__doc__),
        _assess,
        ("scheme", "profile", "domain", "likelihood", "consequence"),
    ),
    _prepared("screen", Form("assessments", ("scheme",), ("profile",)), registers.screen),
    _called(
        "sign",
        Form("gates", ("scheme", "role"), ("outcome", "evidence", "signed", *_OF_SIGN), _OF_SIGN),
        _first(sign.__doc__),
        _sign,
        ("scheme", "role"),
    ),
    _prepared("condition", form_of("conditions", "met_on"), registers.condition),
    _prepared(
        "meet_condition", Form("conditions", ("scheme", "gate", "text")), registers.meet_condition
    ),
    _prepared("milestone", form_of("milestones"), registers.milestone),
    _called("pass", _GATE, _first(pass_gate.__doc__), _pass, _GATE.required),
    _called(
        "fail",
        Form("gates", ("scheme", "gate"), ("role",)),
        _first(fail_gate.__doc__),
        _fail,
        _GATE.required,
    ),
    _called(
        "withdraw",
        Form("gates", (), ("scheme", "table", "row"), _ENTRY),
        _first(withdraw.__doc__),
        _withdraw,
        ("scheme", "table", "row"),
    ),
    _called(
        "keep",
        Form("limits", (), ("year", "organisation", "years", "objectives"), _ENTRY),
        _first(keep_portfolio.__doc__),
        _keep,
    ),
    _prepared(
        "risk",
        form_of("risks"),
        puts("risks", "Put a risk or a mitigation in the register, or change one.", _known),
    ),
    _called(
        "challenge",
        Form("challenges", ("organisation", "year", "grounds")),
        _first(challenge.__doc__),
        _challenge,
        ("organisation", "year", "grounds"),
    ),
    _called(
        "answer",
        Form("challenges", ("organisation", "answer"), ("outcome",)),
        _first(answer_challenge.__doc__),
        _answer,
        ("organisation", "answer", "outcome"),
    ),
    _prepared("comment", _COMMENT, papers.comment),
    _prepared("paper", form_of("papers"), papers.paper),
    _prepared("action", form_of("actions"), papers.action),
    _prepared("open_decision", form_of("decisions", "on"), registers.open_decision),
    _prepared("vote", form_of("votes", also=("vote",)), registers.vote),
    _prepared("close_decision", Form("decisions", ("decision",)), registers.close_decision),
    _prepared(
        "limit",
        form_of("limits", "by"),
        puts("limits", "Set a limit that choices must respect.", _set_by),
    ),
    _prepared(
        "waive",
        form_of("waivers", "by", "on"),
        puts("waivers", "Waive a rule for a body and a year.", _by),
    ),
    _prepared("adopt", form_of("parameters", "adopted_by", "adopted_on"), registers.adopt),
    _prepared(
        "ask",
        form_of("questions", "on", "answer", "answered_by", "answered_on", "published"),
        registers.ask,
    ),
    _prepared("reply", Form("questions", ("id", "answer"), ("published",)), registers.reply),
    _prepared(
        "withhold",
        form_of("withheld", "decided_by"),
        puts("withheld", "Withhold a figure from the public, with the reason.", _decided),
    ),
    _prepared(
        "grant",
        Form("grants", ("subject", "name", "role", "organisation"), ("from", "to")),
        people.grant,
    ),
    _prepared("revoke", Form("grants", ("subject",), ("role", "organisation")), people.revoke),
    _called(
        "redact",
        Form("gates", ("entry", "ground", "second"), (), _ENTRY),
        _first(undoing.redact.__doc__),
        _redact,
    ),
    _prepared("undo", Form("gates", ("entry",), (), _ENTRY), undoing.undo),
)
ACTS: Final[Mapping[str, Act]] = {one.name: one for one in _ALL}
"""Every act by its name."""
