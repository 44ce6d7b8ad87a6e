"""Support between bodies: closed ends, unpaired transfers, hidden beneficiaries, double entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from controltotal.accounts.checks.totals import details, money, places
from controltotal.book.records import ControlTotal, Transfer
from controltotal.core.calendar import month_words, year_label
from controltotal.core.finding import Finding
from controltotal.core.period import year_in
from controltotal.workings.totals import Totals

MARCH = 12
LIVE = ("proposed", "agreed", "unknown")


def closed_ends(totals: Totals) -> Iterator[Finding]:
    """A transfer to or from a body that does not exist in its year."""
    tree = totals.tree
    for row in totals.position.book.transfers:
        for end in ("from", "to"):
            if not tree.exists(row.cell(end), row.year):
                yield Finding(
                    code="TRANSFER_BODY",
                    severity="error",
                    organisation=row.cell(end),
                    where=row.where,
                    message=f"Transfer {row.id} is {end} {tree.name(row.cell(end))}, which does not exist in "
                    f"{year_label(row.year)}.",
                    expected="a body that exists in the year",
                    found=str(row.cell(end)),
                    action="Use its successor, or correct the year.",
                    detail=row.detail,
                )
        if row.from_ == row.to:
            yield Finding(
                code="TRANSFER_BODY",
                severity="error",
                organisation=row.from_,
                where=row.where,
                message=f"Transfer {row.id} goes from a body to itself.",
                expected="two bodies",
                found=str(row.from_),
                action="Correct one end.",
                detail=row.detail,
            )


def unpaired(totals: Totals) -> Iterator[Finding]:
    """A resource transfer whose two control totals did not move with it."""
    for row in totals.position.book.transfers:
        lacking = unmoved(totals, row)
        if not lacking:
            continue
        giver = totals.tree.name(row.from_)
        ends = (row.from_, row.to)
        set_rows = [r for end in ends for r in totals.control_rows(end, row.year)]
        yield Finding(
            code="UNPAIRED_TRANSFER",
            severity="warning",
            organisation=row.from_,
            where=places([row, *set_rows]),
            message=f"Transfer {row.id} is of {money(row.amount)}, and the book has no change of "
            f"control total beside it ({' and '.join(row.cell(end) for end in lacking)}): if none "
            f"was made, {giver} fails for obeying.",
            expected="the giver's control total lowered and the receiver's raised by the amount",
            found="no such change",
            action="Record the changed control totals, or say that they do not change.",
            detail=row.detail,
        )


def unmoved(totals: Totals, row: Transfer) -> list[str]:
    """The ends (`from`, `to`) of a transfer whose control totals should move with it, and did not."""
    if row.mechanism != "resource_transfer" or row.status not in LIVE:
        return []
    if row.kind == "deficit_support" or totals.tree.kind(row.from_) in ("nation", "region"):
        return []
    return [
        end
        for end, sign in (("from", -1), ("to", 1))
        if not _moved(totals, row.cell(end), row, sign)
    ]


def _moved(totals: Totals, code: str, transfer: Transfer, sign: int) -> bool:
    """Whether a later control total differs from an earlier one in the way the transfer needs.

    A giver's falls by the amount (it may end lower), a receiver's rises by it. What was set before
    anybody knew of the transfer was set for another reason.
    """
    return total_before(totals, code, transfer, sign) is not None


def total_before(totals: Totals, code: str, transfer: Transfer, sign: int) -> ControlTotal | None:
    """The control total of an end before it moved with a transfer; None where it did not move.

    `sign` is -1 for the giver and 1 for the receiver.
    """
    rows = [
        row
        for row in totals.control_rows(code, transfer.year)
        if row.status in ("accepted", "proposed")
    ]
    pairs = (
        (earlier, later)
        for index, later in enumerate(rows)
        for earlier in reversed(rows[:index])
        if sign * (later.amount - earlier.amount) >= transfer.amount and _since(later, transfer)
    )
    return next((earlier for earlier, _ in pairs), None)


def _since(total: ControlTotal, transfer: Transfer) -> bool:
    """Whether a control total was set once a transfer was known; so too where the days are not told."""
    return not (total.set_on and transfer.known_on) or total.set_on >= transfer.known_on


def hidden_beneficiary(totals: Totals) -> Iterator[Finding]:
    """A body asked for more in the year, and nobody says who benefits."""
    named = {(row.from_, row.year) for row in totals.position.book.transfers}
    for code, year, scenario in sorted(totals._control_rows):
        rows = [
            row
            for row in totals.control_rows(code, year, scenario)
            if row.status in ("accepted", "proposed")
        ]
        raised = [
            (first, second)
            for first, second in pairwise(rows)
            if second.amount > first.amount
            and (second.known or date.min) > (first.known or date.min)
        ]
        if not raised or (code, year_in(year)) in named or _received(totals, code, year):
            continue
        first, second = raised[-1]
        yield Finding(
            code="BENEFICIARY_NOT_DISCLOSED",
            severity="warning",
            organisation=code,
            where=places([first, second]),
            message=f"The control total of {totals.tree.name(code)} for {year_label(year)} was raised by "
            f"{money(second.amount - first.amount)}, and nobody says who benefits.",
            expected="a transfer that names the beneficiary",
            found="none",
            action="Ask whoever set it, and record the answer or the refusal in withheld.",
            detail=details([first, second]),
        )


def _received(totals: Totals, code: str, year: str) -> bool:
    return any(
        row.to == code and row.year == year_in(year) for row in totals.position.book.transfers
    )


def recorded_twice(totals: Totals) -> Iterator[Finding]:
    """The same support as support income and as a transfer."""
    for row in totals.position.book.transfers:
        told = totals.schedule.told_twice(row)
        twins = [one for rows in told.values() for one in rows]
        if twins:
            yield Finding(
                code="SUPPORT_TWICE",
                severity="error",
                organisation=row.to,
                where=places([row, *twins]),
                message=f"{totals.tree.name(row.to)} has {money(row.amount)} both as transfer "
                f"{row.id} and as support income.",
                expected="each support once",
                found=f"{1 + len(twins)} rows",
                action="Keep the transfer, which says who gives, and remove the support income.",
                detail=details([row, *twins]),
            )


def without_month(totals: Totals) -> Iterator[Finding]:
    """Support of a year, without its month, that stands whole in the actuals to a month."""
    for row in totals.position.book.transfers:
        if (
            row.month
            or row.status != "agreed"
            or row.mechanism in ("position_improvement", "unknown")
        ):
            continue
        reached = {end: totals.schedule.reached(end, row.year) for end in (row.from_, row.to)}
        part = {end: month for end, month in reached.items() if month is not None and month < MARCH}
        if not part:
            continue
        said = " and ".join(
            f"{totals.tree.name(end)} to {month_words(month)}" for end, month in part.items()
        )
        yield Finding(
            code="SUPPORT_NOT_BY_MONTH",
            severity="information",
            organisation=next(iter(part)),
            where=places([row]),
            message=f"Transfer {row.id} names no month, so the whole {money(row.amount)} stands in the "
            f"actuals with support of {said}.",
            expected="the month in which it was paid",
            found="an empty month",
            action="Fill in the month, a row for each where it is paid in parts.",
            detail=details([row]),
        )


def over_repaid(totals: Totals) -> Iterator[Finding]:
    """A transfer on which more is recorded as repaid or written off than was owed."""
    yield from totals.schedule.over_repaid_findings()
