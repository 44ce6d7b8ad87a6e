"""Acts on what a system keeps beside its money: conditions, delivery, risks, words, decisions, questions."""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.rows import put_or_again, standing
from controltotal.book.row_keys import key_part
from controltotal.core.calendar import day_words, parse_date
from controltotal.programme.names import is_said
from controltotal.programme.profiles import profiles
from controltotal.programme.screening import barred, drawn, touches

Cells = Mapping[str, str]


def phase(bench: Bench, fields: Cells) -> None:
    """Say what a scheme brings in a month or a year: its plan, or what is now expected of it."""
    basis = key_part("amounts", "basis", fields.get("basis") or "plan")
    if basis == "actual":
        raise ActRefused("what a scheme has brought is delivered", "amounts", "use the act deliver")
    _of_scheme(bench, fields, basis)


def deliver(bench: Bench, fields: Cells) -> None:
    """Say what a scheme has brought in a month."""
    _of_scheme(bench, fields, "actual")


def _of_scheme(bench: Bench, fields: Cells, basis: str) -> None:
    row = bench.scheme(fields["scheme"])
    own = {"organisation": fields.get("organisation") or row.organisation, "basis": basis}
    own["recurrence"] = fields.get("recurrence") or row.texts.get("recurrence", "")
    own["known_on"] = bench.on.isoformat()
    put_or_again(bench, "amounts", {**fields, **own})


def condition(bench: Bench, fields: Cells) -> None:
    """Set a condition under which a scheme is approved; one that was met and is set anew is open again."""
    bench.scheme(fields["scheme"])
    put_or_again(bench, "conditions", {**fields, "met_on": "", "known_on": bench.on.isoformat()})


def meet_condition(bench: Bench, fields: Cells) -> None:
    """Say that a condition is met."""
    row = standing(bench, "conditions", fields)
    if row is None:
        has = [r.texts.get("text", "") for r in bench.position.book.conditions]
        near = "; ".join(has[:5]) or "none"
        raise ActRefused("there is no such condition", "conditions", f"the book has: {near}")
    if row.texts.get("met_on"):
        raise ActRefused("it was met already", row.where, "look at it")
    bench.again(row, {"met_on": bench.on.isoformat()})


def milestone(bench: Bench, fields: Cells) -> None:
    """Set a milestone of a scheme, give it another day, or say on which day it was reached."""
    bench.scheme(fields["scheme"])
    reached = parse_date(fields["done_on"]) if fields.get("done_on") else None
    if reached is not None and reached > bench.on:
        what = f"{day_words(reached)} is still to come"
        bench.refuse(what, "milestones", "say a day on which it was reached", "done_on")
        bench.settle()
    put_or_again(bench, "milestones", {**fields, "known_on": bench.on.isoformat()})


def screen(bench: Bench, fields: Cells) -> None:
    """Screen out a scheme that touches nobody: each domain of the profile is scored 1 by 1."""
    row = bench.scheme(fields["scheme"])
    if not is_said(bench.why):
        bench.refuse("screening out needs a reason", row.where, "give the reason")
    if touches(row) != {"none"}:
        said = ", ".join(row.affects or ()) or "nothing"
        what = f"only a scheme that affects nobody is screened out, and affects says {said}"
        bench.refuse(what, row.where, "assess it in full")
    if barred(row):
        what = f"a scheme of {barred(row)} is never screened out"
        bench.refuse(what, row.where, "assess it in full")
    if drawn(row.id):
        what = "it is drawn for full assessment, as one in ten is"
        bench.refuse(what, row.where, "assess it in full")
    bench.settle()
    profile = fields.get("profile") or "nhse_2025"
    known = profiles().get(profile)
    if known is None:
        raise ActRefused(
            f"there is no profile {profile}", row.where, f"use one of {', '.join(profiles())}"
        )
    for domain in known.domains:
        cells = {"scheme": row.id, "profile": profile, "domain": domain, "mitigation": bench.why}
        cells |= {"likelihood": "1", "consequence": "1", "assessor": bench.by}
        cells |= {"signed_on": bench.on.isoformat(), "outcome": "screened_out"}
        put_or_again(bench, "assessments", {**cells, "known_on": bench.on.isoformat()})


def open_decision(bench: Bench, fields: Cells) -> None:
    """Put a decision to the vote."""
    if any(row.decision == fields["decision"] for row in bench.position.book.decisions):
        raise ActRefused(
            f"there is a decision {fields['decision']} already", "decisions", "give it another name"
        )
    put_or_again(bench, "decisions", {**fields, "known_on": bench.on.isoformat()})


def vote(bench: Bench, fields: Cells) -> None:
    """Cast the vote of a body; it may be changed until the decision is closed."""
    _open(bench, fields["decision"])
    put_or_again(bench, "votes", {**fields, "known_on": bench.on.isoformat()})


def _open(bench: Bench, name: str) -> None:
    for row in bench.position.book.decisions:
        if row.decision == name:
            if row.on is not None and row.on <= bench.on:
                raise ActRefused(f"{name} was closed on {row.on}", row.where, "open another")
            return
    raise ActRefused(f"there is no decision {name}", "decisions", "open it first")


def close_decision(bench: Bench, fields: Cells) -> None:
    """Close a decision: the votes cast by then count."""
    _open(bench, fields["decision"])
    for row in bench.position.book.decisions:
        if row.decision == fields["decision"]:
            bench.again(row, {"on": bench.on.isoformat()})


def adopt(bench: Bench, fields: Cells) -> None:
    """Adopt the value of a parameter that nobody has verified: somebody answers for it."""
    own = {"adopted_by": bench.by, "adopted_on": bench.on.isoformat()}
    put_or_again(bench, "parameters", {**fields, **own, "known_on": bench.on.isoformat()})


def ask(bench: Bench, fields: Cells) -> None:
    """Put a question from outside on record."""
    if any(row.id == fields["id"] for row in bench.position.book.questions):
        raise ActRefused(
            f"there is a question {fields['id']} already", "questions", "give it another identifier"
        )
    put_or_again(bench, "questions", {**fields, "on": bench.on.isoformat()})


def reply(bench: Bench, fields: Cells) -> None:
    """Answer a question from outside."""
    for row in bench.position.book.questions:
        if row.id == fields["id"]:
            own = {"answered_by": bench.by, "answered_on": bench.on.isoformat()}
            bench.again(row, {**fields, **own})
            return
    raise ActRefused(f"there is no question {fields['id']}", "questions", "ask it first")
