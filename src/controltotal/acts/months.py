"""Acts on the months that bodies send: sent, approved by another person, reopened, adjusted.

A month that was sent is not changed silently: it is reopened, with a reason, or it is adjusted, and
the adjustment says that it came late and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controltotal.acts.authors import authors_of, was_approved
from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.rows import put_or_again
from controltotal.book.amount_table import chosen
from controltotal.book.fold import Position
from controltotal.book.records import Submission
from controltotal.book.row_keys import key_part, row_key
from controltotal.book.sent_months import Sent, SentMonths, sent_in
from controltotal.ledger.block import by_themselves
from controltotal.programme.names import one_person

BASIS: Final = "actual"
"""What is handed in where nothing else is said."""
WAITS: Final = "it waits for the approval of another person"


def _same(row: Submission, fields: Mapping[str, str]) -> bool:
    wanted = tuple(
        key_part("submissions", name, fields.get(name, ""))
        for name in ("organisation", "year", "month")
    )
    same = (row.organisation, row.year, row.month or "") == wanted
    basis = key_part("submissions", "basis", fields.get("basis") or BASIS)
    return same and (row.basis or "") in ("", basis)


def _sent(bench: Bench, fields: Mapping[str, str]) -> Submission | None:
    """The last time that a month was sent and not reopened since."""
    found = [row for row in bench.position.book.submissions if _same(row, fields)]
    found.sort(key=lambda row: (row.on, row.entry))
    return found[-1] if found and found[-1].reopened_on is None else None


def sent_months(bench: Bench) -> SentMonths:
    """The months that were sent, as the book stands before the act."""
    return sent_in(bench.position.book.submissions)


def row_of(bench: Bench, sent: Sent) -> Submission:
    """The row of a hand-in."""
    for row in bench.position.book.submissions:
        if row_key(row.table, row.texts) == sent.key:
            return row
    raise ActRefused(f"{_called(sent.cells)} was not sent", "submissions", "send it first")


def _called(fields: Mapping[str, str]) -> str:
    month = f" month {fields['month']}" if fields.get("month") else ""
    return f"{fields['organisation']}, {fields['year']}{month}"


def _must_be_sent(bench: Bench, fields: Mapping[str, str]) -> Submission:
    row = _sent(bench, fields)
    if row is None:
        raise ActRefused(f"{_called(fields)} was not sent", "submissions", "send it first")
    return row


def submit_month(bench: Bench, fields: Mapping[str, str]) -> None:
    """Send the figures of a month as the book now has them; it then waits for approval."""
    row = _sent(bench, fields)
    if row is not None:
        raise ActRefused(
            f"{_called(fields)} was sent on {row.on} already",
            row.where,
            "have it reopened, or adjust it with a reason",
        )
    _not_before_the_last(bench, fields)
    if not has_figures(bench.position, fields):
        basis = key_part("submissions", "basis", fields.get("basis") or BASIS)
        raise ActRefused(
            f"the book has no {basis} figure of {_called(fields)}",
            "amounts",
            "bring the figures in first, then send them",
        )
    hand_in(bench, fields)


def has_figures(position: Position, fields: Mapping[str, str]) -> bool:
    """Whether a book has a figure of what is to be sent."""
    basis = key_part("submissions", "basis", fields.get("basis") or BASIS)
    code, year = fields["organisation"], key_part("amounts", "year", fields["year"])
    month = key_part("submissions", "month", fields.get("month", ""))
    there = chosen(
        position.book.amounts,
        organisation=lambda one: one == code,
        year=lambda one: one == year,
        basis=lambda one: one == basis,
    )
    if basis == BASIS and month:
        return any(row.month in (month, f"YTD{month}") for row in there)
    return bool(there)


def hand_in(bench: Bench, fields: Mapping[str, str]) -> None:
    """Prepare the row that says that a month is sent."""
    basis = key_part("submissions", "basis", fields.get("basis") or BASIS)
    cells = {**fields, "basis": basis, "entry": str(len(bench.entries)), "by": bench.by}
    put_or_again(bench, "submissions", {**cells, "on": bench.on.isoformat()})
    bench.notices.append(WAITS)


def _not_before_the_last(bench: Bench, fields: Mapping[str, str]) -> None:
    """Refuse a day before that of the last hand-in, which would then pass for the later one."""
    days = [row.on for row in bench.position.book.submissions if _same(row, fields)]
    if days and max(days) > bench.on:
        raise ActRefused(
            f"{_called(fields)} was sent on {max(days)} before it was reopened",
            "submissions",
            "date the act on the day it is done",
        )


def approve_month(bench: Bench, fields: Mapping[str, str]) -> None:
    """Approve a month that another person has sent."""
    row = _must_be_sent(bench, fields)
    if row.approved_by:
        raise ActRefused(
            f"{_called(fields)} was approved by {row.approved_by} already", row.where, "look at it"
        )
    entries = list(by_themselves(bench.entries))
    wrote = authors_of(entries, row)
    names = {author.name for author in wrote if author.name}
    if not was_approved(entries, row):
        names.add(row.by)
    subjects = {author.subject for author in wrote} if not bench.actor.local else set()
    if bench.actor.subject in subjects or any(one_person(name, bench.by) for name in names):
        raise ActRefused(
            f"{bench.by} sent it, or changed it since: another person approves it",
            row.where,
            "let somebody else approve",
        )
    bench.again(row, {"approved_by": bench.by})


def reopen_month(bench: Bench, fields: Mapping[str, str]) -> None:
    """Reopen a month that was sent, so that it can be sent again; needs a reason."""
    row = _must_be_sent(bench, fields)
    if not bench.why:
        raise ActRefused("reopening needs a reason", row.where, "give the reason")
    day = bench.on.isoformat()
    bench.again(row, {"reopened_by": bench.by, "reopened_on": day, "reason": bench.why})


def come_late(bench: Bench, row: Submission, why: str) -> None:
    """Prepare the row of a hand-in whose figures change after it was sent.

    Whoever approved it approved other figures: it waits for approval again.
    """
    bench.again(row, {"late_reason": why, "approved_by": ""})


def _sent_later(bench: Bench, fields: Mapping[str, str]) -> Submission | None:
    """The hand-in of a later month to which a month belongs that was never sent by itself."""
    closed = sent_months(bench).closing({"basis": BASIS, **fields})
    return None if closed is None else row_of(bench, closed)


def adjust_month(bench: Bench, fields: Mapping[str, str]) -> None:
    """Change an amount of a month that was sent: a late adjustment, which says why it is late."""
    asked = {
        name: fields[name] for name in ("organisation", "year", "month", "basis") if name in fields
    }
    to_date = key_part("amounts", "month", asked.get("month", ""))
    if to_date.startswith("YTD"):  # the year to date is sent with the month that it reaches
        asked["month"] = to_date.removeprefix("YTD")
    row = _sent(bench, asked) or _sent_later(bench, asked)
    if row is None:
        raise ActRefused(f"{_called(asked)} was not sent", "submissions", "send it first")
    if not bench.why:
        bench.refuse("a late adjustment needs a reason", row.where, "give the reason")
    put_or_again(bench, "amounts", {**fields, "known_on": bench.on.isoformat()})
    bench.settle()
    come_late(bench, row, bench.why)
    changed = [d for d in bench.drafts if d.table == "amounts"]
    keys = {row_key(d.table, dict(d.cells)) for d in changed if d.cells}
    bench.notices += [f"a late adjustment of {', '.join(sorted(keys))}", WAITS]
