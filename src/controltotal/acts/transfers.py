"""Acts on money between bodies: proposed, agreed by each side, refused, lapsed, repaid, written off.

Money moves only when both sides have consented, each with the day of its own board's approval.
"""

from __future__ import annotations

from collections.abc import Mapping

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.rows import put_or_again, standing
from controltotal.book.fold import Position
from controltotal.book.records import Transfer
from controltotal.core.result import Answer
from controltotal.sharing.owed import answer_owed
from controltotal.workings.workings import Workings


def transfer(bench: Bench, id: str) -> Transfer:
    """A transfer of the book, or a refusal."""
    for row in bench.position.book.transfers:
        if row.id == id:
            return row
    known = ", ".join(sorted(row.id for row in bench.position.book.transfers)) or "none"
    raise ActRefused(f"there is no transfer {id}", "transfers", f"the book has {known}")


def propose_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Propose that money moves from one body to another; nothing moves until both agree."""
    if any(row.id == fields["id"] for row in bench.position.book.transfers):
        raise ActRefused(
            f"there is a transfer {fields['id']} already", "transfers", "give it another identifier"
        )
    put_or_again(
        bench,
        "transfers",
        {**fields, "status": "proposed", "known_on": bench.on.isoformat()},
    )
    bench.notices.append(f"{fields['from']} and {fields['to']} each agree or refuse")


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


def agree_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Agree to a transfer for one side; the day is that of its board's approval."""
    row = _consent(bench, fields, "agreed")
    sides = {row.from_, row.to} - {fields["organisation"]}
    last: dict[str, str] = {}
    for said in sorted(bench.position.book.consents, key=lambda one: (one.on, one.entry)):
        if said.transfer == row.id:
            last[said.organisation] = said.outcome
    if all(last.get(side) == "agreed" for side in sides):
        bench.again(row, {"status": "agreed"})
        bench.notices.append(f"both sides agree: {row.id} counts in both positions")
    else:
        bench.notices.append(f"{', '.join(sorted(sides))} has still to agree")


def refuse_transfer(bench: Bench, fields: Mapping[str, str]) -> None:
    """Refuse a transfer for one side; needs a reason."""
    if not bench.why:
        raise ActRefused("a refusal needs a reason", "transfers", "say --why")
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
        raise ActRefused("writing off needs a reason", "repayments", "say --why")
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
