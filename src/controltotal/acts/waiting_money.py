"""What waits of money: months to send and to approve, transfers, control totals, repayments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import quote

from controltotal.accounts.checks.transfers import unmoved
from controltotal.accounts.months_sent import (
    Standing,
    next_months,
    senders,
    standing,
    waiting_for_approval,
)
from controltotal.acts.actors import offices
from controltotal.acts.authors import authors_of
from controltotal.acts.matter import Waiting, body_names
from controltotal.acts.transfers import consents_of
from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import ControlTotal, Transfer
from controltotal.book.row_keys import row_key
from controltotal.core.calendar import month_start, year_end, year_label
from controltotal.core.money import format_pounds, position_words
from controltotal.workings.workings import Workings


def money_matters(workings: Workings, today: date) -> list[Waiting]:
    """Every matter of money that waits on a day."""
    return [
        *_months(workings, today),
        *_approvals(workings),
        *_transfers(workings),
        *_totals(workings),
        *_totals_to_move(workings),
        *_challenges(workings),
        *_repayments(workings, today),
    ]


# -- months --------------------------------------------------------------------------------------------


def _months(workings: Workings, today: date) -> Iterable[Waiting]:
    year = workings.position.default_year
    for code in senders(workings, year):
        for month in next_months(workings, code, today):
            yield _to_send(standing(workings, code, year, month))


def _to_send(one: Standing) -> Waiting:
    row = one.row
    return Waiting(
        "month",
        _title(one),
        _key(one),
        (row.reopened_on if row else None) or _day_after(one.year, one.month),
        one.due,
        month_address(one.organisation, one.year, one.month),
        "Send",
        f"your month {one.month} figures{' again' if row else ''}",
        offices()["submit_month"],
        "submit_month",
        one.organisation,
        why=f"Reopened: {one.reason}." if one.reason else "",
    )


def _title(one: Standing) -> str:
    return f"Month {one.month} of {year_label(one.year)}: {one.words}"


def _key(one: Standing) -> str:
    return f"submissions/{one.organisation}/{one.year}/{one.month}"


def _day_after(year: str, month: int) -> date:
    """The first day after a financial month."""
    return month_start(year, month + 1) if month < 12 else year_end(year) + timedelta(days=1)


def month_address(code: str, year: str, month: int) -> str:
    """The page of a month of a body."""
    return f"/months/{code}/{year}/M{month}"


def _approvals(workings: Workings) -> Iterable[Waiting]:
    for one in waiting_for_approval(workings):
        yield Waiting(
            "approval",
            _title(one),
            _key(one),
            one.on,
            one.due,
            month_address(one.organisation, one.year, one.month),
            "Approve",
            f"the month {one.month} figures",
            offices()["approve_month"],
            "approve_month",
            one.organisation,
            not_for=writers(workings.position, one.row) if one.row else (),
        )


def writers(position: Position, row: Record) -> tuple[str, ...]:
    """The subjects who wrote a row or changed it: another person approves it."""
    return tuple(sorted({one.subject for one in authors_of(position.daybook, row)} - {""}))


# -- money between bodies ------------------------------------------------------------------------------


def _transfers(workings: Workings) -> Iterable[Waiting]:
    position, names = workings.position, body_names(workings)
    for row in position.book.transfers:
        if row.status != "proposed":
            continue
        said = consents_of(position, row.id)
        sides = (row.from_, row.to)
        for side in sides:
            if side in said and said[side].outcome == "agreed":
                continue
            gives = side == row.from_
            other = names.get(row.to if gives else row.from_, "")
            way = f"to {other}" if gives else f"from {other}"
            yield Waiting(
                "transfer",
                f"{format_pounds(row.amount)} {way} in {year_label(row.year)}",
                f"transfers/{row.id}",
                row.known,
                None,
                f"/transfers/{row.id}",
                "Agree or refuse",
                "the transfer",
                offices()["agree_transfer"],
                "agree_transfer",
                side,
                why=condition_words(row),
                concerns=sides,
            )


def condition_words(row: Transfer) -> str:
    """The condition of a transfer as a sentence; empty where it has none."""
    return f"Condition: {row.condition}" if row.condition else ""


def _totals_to_move(workings: Workings) -> Iterable[Waiting]:
    """Control totals that have still to move with a transfer which both sides agreed on that condition.

    Where the body has refused one that was proposed, that waits already and this does not.
    """
    position, names = workings.position, body_names(workings)
    last = last_totals(position)
    for row in position.book.transfers:
        if not on_totals(row) or row.status != "agreed" or row.year < position.default_year:
            continue
        for end in unmoved(workings.totals, row):
            code = str(row.cell(end))
            stands = last.get((code, row.year, "", ""))
            if stands is not None and stands.status in ("refused", "proposed"):
                continue
            way = "lowered" if end == "from" else "raised"
            yield Waiting(
                "total",
                f"Control total of {year_label(row.year)}, to be {way} by "
                f"{format_pounds(row.amount)}",
                f"transfers/{row.id}/{code}",
                row.known,
                None,
                f"/organisations/{code}?transfer={quote(row.id, safe='')}#propose",
                "Propose",
                "the control total",
                offices()["propose_total"],
                "propose_total",
                code,
                why=f"{row.id}, {format_pounds(row.amount)} from {names.get(row.from_, row.from_)} to "
                f"{names.get(row.to, row.to)}, was agreed on condition: {row.condition}",
                concerns=(row.from_, row.to),
            )


def on_totals(row: Transfer) -> bool:
    """Whether a transfer was proposed on a condition that speaks of control totals."""
    return "control total" in (row.condition or "").casefold()


def _repayments(workings: Workings, today: date) -> Iterable[Waiting]:
    """Instalments whose year has ended and of which nothing is recorded, or not all."""
    support, names = workings.support, body_names(workings)
    for transfer, loan in support.loans.items():
        if loan.status != "agreed" or transfer in support.over_repaid:
            continue
        back: dict[str, int] = {}
        for one in support.payments.get(transfer, ()):
            back[one.year] = back.get(one.year, 0) + one.pence
        for row in support.owed(transfer, "plan"):
            ended = year_end(row.year)
            if ended >= today or back.get(row.year, 0) >= row.repaid:
                continue
            yield Waiting(
                "repayment",
                f"Repayment of {year_label(row.year)} by {names.get(loan.receiver, '')}: not recorded",
                f"repayments/{transfer}/{row.year}",
                ended,
                ended,
                f"/transfers/{transfer}",
                "Record or write off",
                "the repayment",
                offices()["record_repayment"],
                "record_repayment",
                loan.giver,
                concerns=(loan.receiver,),
            )


# -- control totals ------------------------------------------------------------------------------------


def last_totals(position: Position) -> Mapping[tuple[str, str, str, str], ControlTotal]:
    """The last word on the control total of each body, year, part of the year and scenario."""
    rows = sorted(position.book.control_totals, key=lambda row: (row.set_on or date.min, row.entry))
    return {(r.organisation, r.year, r.month or "", r.scenario or ""): r for r in rows}


def _totals(workings: Workings) -> Iterable[Waiting]:
    position = workings.position
    for (code, year, _, _), row in last_totals(position).items():
        if year < position.default_year or row.status not in ("proposed", "refused"):
            continue
        open_ = row.status == "proposed"
        title = f"Control total of {year_label(year)}, {position_words(row.amount)}: {row.status}"
        yield Waiting(
            "total",
            title,
            row_key("control_totals", row.texts),
            row.set_on,
            None,
            f"/organisations/{code}#control-total",
            "Accept or refuse" if open_ else "Propose or withdraw",
            "the control total",
            offices()["accept_total" if open_ else "propose_total"],
            "accept_total" if open_ else "propose_total",
            code,
            why=row.reason or "",
        )


def _challenges(workings: Workings) -> Iterable[Waiting]:
    for row in workings.position.book.challenges:
        if row.answer:
            continue
        yield Waiting(
            "challenge",
            f"Query about the control total of {year_label(row.year)}",
            row_key("challenges", row.texts),
            row.on,
            None,
            f"/organisations/{row.organisation}#control-total",
            "Answer",
            "the query",
            offices()["answer"],
            "answer",
            row.organisation,
            why=row.grounds,
        )
