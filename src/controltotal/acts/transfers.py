"""Acts on money between bodies: proposed, agreed by each side, refused, lapsed, repaid, written off.

Money moves only when both sides have consented, each with the day of its own board's approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.closed import refuse_closed_year
from controltotal.acts.rows import put_or_again, standing
from controltotal.book.fold import Position
from controltotal.book.records import Consent, Transfer
from controltotal.core.calendar import day_words
from controltotal.core.legible import one_line
from controltotal.core.result import Answer
from controltotal.sharing.owed import answer_owed
from controltotal.workings.workings import Workings

MOST_YEARS: Final = 30
"""Years over which money is paid back at most."""
LONGEST: Final = 60
"""Characters of an identifier, which stands in the address of a page."""


def transfer(bench: Bench, id: str) -> Transfer:
    """A transfer of the book, or a refusal."""
    for row in bench.position.book.transfers:
        if row.id == id:
            return row
    known = ", ".join(sorted(row.id for row in bench.position.book.transfers)) or "none"
    raise ActRefused(f"there is no transfer {id}", "transfers", f"the book has {known}")


def propose_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Propose that money moves from one body to another; nothing moves until both agree.

    One that `answers` another takes its place: the other lapses if it still waits.
    """
    if any(row.id == fields["id"] for row in bench.position.book.transfers):
        raise ActRefused(
            f"there is a transfer {fields['id']} already", "transfers", "give it another identifier"
        )
    _can_be(bench, fields)
    put_or_again(
        bench,
        "transfers",
        {**fields, "status": "proposed", "known_on": bench.on.isoformat()},
    )
    if fields.get("answers"):
        _in_place_of(bench, fields)
    bench.notices.append(f"{fields['from']} and {fields['to']} each agree or refuse")


def _can_be(bench: Bench, fields: Mapping[str, str]) -> None:
    """Note what no proposal can say: one body twice, a closed year, a term without end, an odd name."""
    if fields["from"] == fields["to"]:
        what = f"{fields['from']} is on both sides"
        bench.refuse(what, "transfers", "money moves between two bodies", "to")
    refuse_closed_year(bench, (fields["from"], fields["to"]), fields["year"], "transfers")
    years = fields.get("repay_years", "")
    if years and not (years.isdecimal() and len(years) < 4 and 1 <= int(years) <= MOST_YEARS):
        what = f"repay_years reads {years[:20]!r}"
        bench.refuse(what, "transfers", f"give a whole number to {MOST_YEARS}", "repay_years")
    id = fields["id"]
    if id == "new" or len(id) > LONGEST or any(c in "/?#%\\" or not c.isprintable() for c in id):
        what = f"a transfer cannot be called {one_line(id)[:40]!r}"
        bench.refuse(what, "transfers", "use letters, figures, - and . such as T-07", "id")
    bench.settle()


def _in_place_of(bench: Bench, fields: Mapping[str, str]) -> None:
    """Let the proposal lapse that another one answers; refused where it is between others."""
    row = transfer(bench, fields["answers"])
    if {row.from_, row.to} != {fields["from"], fields["to"]}:
        raise ActRefused(
            f"{row.id} is between {row.from_} and {row.to}",
            row.where,
            "answer it with money between the same two",
            column="answers",
        )
    if row.status == "agreed":
        raise ActRefused(
            f"{row.id} is agreed already: nothing takes its place",
            row.where,
            "leave answers empty",
            column="answers",
        )
    if row.status == "proposed":
        bench.again(row, {"status": "lapsed"})
        bench.notices.append(f"{row.id} lapses: {fields['id']} takes its place")


def _consent(bench: Bench, fields: Mapping[str, str], outcome: str) -> Transfer:
    row = transfer(bench, fields["transfer"])
    side = fields["organisation"]
    if row.status not in ("proposed", "unknown"):
        raise ActRefused(f"{row.id} is {row.status} already", row.where, "propose another")
    if side not in (row.from_, row.to):
        raise ActRefused(
            f"{side} is no side of {row.id}", row.where, f"it is between {row.from_} and {row.to}"
        )
    cells = {"transfer": row.id, "organisation": side, "outcome": outcome, "by": bench.by}
    cells |= {"on": bench.on.isoformat(), "reason": bench.why}
    put_or_again(bench, "consents", cells)
    return row


def consents_of(position: Position, transfer: str) -> dict[str, Consent]:
    """What each side of a transfer said last of it, by its code."""
    said = sorted(position.book.consents, key=lambda one: (one.on, one.entry))
    return {one.organisation: one for one in said if one.transfer == transfer}


def agree_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Agree to a transfer for one side; the day is that of its board's approval.

    The day is given, never taken for today's: it is a board that agrees.
    """
    if not bench.dated:
        bench.refuse(
            "the day on which the board approved it is missing",
            "consents",
            f"give the day of the board's meeting: today, {day_words(bench.on)}, or before",
            "on",
        )
    row = _consent(bench, fields, "agreed")
    refuse_closed_year(bench, (row.from_, row.to), row.year, row.where)
    bench.settle()
    sides = {row.from_, row.to} - {fields["organisation"]}
    last = consents_of(bench.position, row.id)
    if all(side in last and last[side].outcome == "agreed" for side in sides):
        # it counts from the day of the later board, whichever was recorded first, and not before it
        # was proposed: a board may have approved what was written down only afterwards
        later = max(bench.on, row.known or bench.on, *(last[side].on for side in sides))
        replace(bench, on=later).again(row, {"status": "agreed"})
        bench.notices.append(f"both sides agree: {row.id} counts in both positions")
    else:
        bench.notices.append(f"{', '.join(sorted(sides))} has still to agree")


def refuse_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Refuse a transfer for one side; needs a reason."""
    if not bench.why:
        raise ActRefused("a refusal needs a reason", "transfers", "give the reason")
    bench.again(_consent(bench, fields, "refused"), {"status": "refused"})


def lapse_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Say that a proposal lapsed: nobody agreed in time."""
    row = transfer(bench, fields["transfer"])
    if row.status != "proposed":
        raise ActRefused(f"{row.id} is {row.status}", row.where, "only a proposal lapses")
    bench.again(row, {"status": "lapsed"})


def record_repayment(bench: Bench, fields: Mapping[str, str]) -> None:
    """Record that money was paid back."""
    _returned(bench, fields, "repaid")


def write_off(bench: Bench, fields: Mapping[str, str]) -> None:
    """Write off what will not be paid back; needs a reason."""
    if not bench.why:
        raise ActRefused("writing off needs a reason", "repayments", "give the reason")
    _returned(bench, fields, "written_off")


def _returned(bench: Bench, fields: Mapping[str, str], kind: str) -> None:
    row = transfer(bench, fields["transfer"])
    if row.status != "agreed":
        raise ActRefused(
            f"{row.id} is {row.status}: nothing is owed on it", row.where, "agree to it first"
        )
    cells = {**fields, "kind": kind, "known_on": bench.on.isoformat()}
    before = standing(bench, "repayments", cells)
    if before is not None:
        said = f"{before.texts.get('amount')} {before.texts.get('unit', '')}".strip()
        bench.notices.append(f"it takes the place of {said} of the same period")
    put_or_again(bench, "repayments", cells)
    bench.settle()
    over = _over_repaid(bench.would_be)
    if over - _over_repaid(bench.position):
        raise ActRefused(
            f"more would come back on {row.id} than was owed", row.where, "look at what was repaid"
        )


def _over_repaid(position: Position) -> set[str]:
    """What is said of transfers on which more came back than was owed."""
    owed = Answer("share", position.ref)
    answer_owed(owed, Workings(position))
    return {one.message for one in owed.result().findings if one.code == "OVER_REPAID"}
