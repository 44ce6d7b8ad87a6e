"""Repayments and balances of the transfers in a book, as figures.

The amounts are those of the one schedule of support (`workings.support`); here they become
figures. For each transfer with a term ``repayment/BODY/YEAR/plan/TRANSFER`` is the instalment
between its two ends, with the same number on giver and receiver; ``repayment/RECEIVER/YEAR/plan``
is the sum of what a receiver pays to all. ``balance_owed`` stands at the end of each year in the
same two forms. Where repayments are recorded, or the actuals of a year in which one was due, the
basis ``actual`` says what happened and ``forecast`` what follows from it; the plan stays as agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from controltotal.book.fold import Position
from controltotal.core.calendar import year_end, year_label, year_start
from controltotal.core.money import format_pounds
from controltotal.core.parameters import ParameterMissing
from controltotal.core.result import Answer
from controltotal.workings.repayment import (
    Claim,
    Support,
    YearOwed,
    default_from,
    exit_early,
    expected_pence,
    schedule,
)
from controltotal.workings.support import Instalment, SupportSchedule, has_term
from controltotal.workings.workings import Workings


@dataclass(slots=True)
class Ledger:
    """What is gathered before it becomes figures: pence by id, with the entries it rests on."""

    paid: dict[str, int] = field(default_factory=dict)
    entries: dict[str, set[int]] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def add(self, figure: str, pence: int, entries: Iterable[int], part: str = "") -> None:
        """Add to a figure; ``part`` is the id of a figure that it sums."""
        self.paid[figure] = self.paid.get(figure, 0) + pence
        self.entries.setdefault(figure, set()).update(entries)
        if part:
            self.parts.setdefault(figure, set()).add(part)


def answer_owed(answer: Answer, workings: Workings, organisation: str | None = None) -> None:
    """Add every repayment, balance and interest of the book's transfers to an answer.

    All years are shown: a schedule cut to one year would hide what is still to come.
    """
    position, support = workings.position, workings.support
    lent = tuple(support.loans.values())
    ledger = Ledger()
    for loan in lent:
        doubt = support.not_divided(loan.transfer)
        if doubt:
            _not_divided(answer, loan, doubt)
            continue
        _one_basis(ledger, answer, support, loan, "plan")
        if loan.transfer in support.over_repaid:
            _over_repaid(answer, support, loan)
        elif support.recorded(loan.transfer):
            _one_basis(ledger, answer, support, loan, "actual")
            _one_basis(ledger, answer, support, loan, "forecast")
            _overdue(answer, loan, support.owed(loan.transfer, "actual"))
        _conditional(answer, position, loan)
        _what_if(answer, loan)
    answer.add_findings(support.over_repaid_findings())
    asked = None
    if organisation:
        asked = {organisation, *position.tree.descendants(organisation, position.default_year)}
    _emit(answer, ledger, support.loans, asked)
    _never_happened(answer, position)
    _without_term(answer, support)
    _say(answer, position, lent)
    _experience(answer, position, lent)


def _without_term(answer: Answer, support: SupportSchedule) -> None:
    """A repayment without a term of whole years has no schedule; it is said, not guessed."""
    for row in support.repayable:
        if has_term(row):
            continue
        answer.finding(
            code="REPAYMENT_TERM_MISSING",
            severity="warning",
            organisation=row.to,
            where=row.where,
            message=f"Transfer {row.id} is to be repaid, but over how many years is not stated: it has "
            "no schedule and no balance.",
            expected="repay_years, a whole number of 1 or more",
            found=str(row.repay_years or "an empty cell"),
            action="Fill in repay_years.",
        )


def _never_happened(answer: Answer, position: Position) -> None:
    """Support refused or lapsed owes nothing; it is listed so that nobody misses it."""
    rows = [row for row in position.book.transfers if row.status in ("refused", "lapsed")]
    answer.table(
        "not_lent",
        [
            {
                "transfer": row.id,
                "giver": row.from_,
                "receiver": row.to,
                "year": row.year,
                "pence": row.amount,
                "status": row.status,
            }
            for row in rows
        ],
    )


def _experience(answer: Answer, position: Position, lent: Sequence[Support]) -> None:
    """How much of such support came back in practice, where nobody states a chance."""
    firm = [support for support in lent if support.chance is None]
    if not firm:
        return
    day = year_start(max(max(support.year for support in firm), "2016-17"))
    try:
        known = position.parameters.on("support_repaid_share", day)
    except ParameterMissing:
        return
    answer.words(
        "For comparison, what trusts paid back to the Department of Health and Social Care in "
        f"2016/17 to 2018/19 was {float(known.number):.0%} of the interim support that they drew in "
        "those years.",
        topic="repayment",
    )


def _one_basis(
    ledger: Ledger, answer: Answer, support: SupportSchedule, loan: Support, basis: str
) -> None:
    """Repayment, interest and closing balance of one transfer, year by year."""
    paid = support.payments.get(loan.transfer, ()) if basis != "plan" else ()
    rests_on = (loan.entry, *(payment.entry for payment in paid))
    _put(ledger, "balance_owed", loan.year, basis, support.opening(loan.transfer, basis), rests_on)
    for one in support.instalments(loan.transfer, basis):
        year = one.owed.year
        moved = rests_on + tuple(h.entry for h in support.successions if h.on <= year_end(year))
        _put(ledger, "repayment", year, basis, one.repaid, moved)
        _put(ledger, "interest_due", year, basis, one.interest, moved)
        _put(ledger, "balance_owed", year, basis, one.standing, moved)
        _table(answer, loan, one, basis)
        for claim in (*one.repaid, *one.standing):
            if claim.internal and claim.pence and (claim.transfer, basis) not in ledger.told:
                ledger.told.add((claim.transfer, basis))
                _internal(answer, loan, year, claim)


def _put(
    ledger: Ledger,
    measure: str,
    year: str,
    basis: str,
    found: Iterable[Claim],
    entries: Iterable[int],
) -> None:
    """One amount on both ends; nothing for what is extinguished."""
    for claim in found:
        if claim.internal:
            continue
        for code in (claim.creditor, claim.debtor):
            figure = f"{measure}/{code}/{year}/{basis}/{claim.transfer}"
            ledger.add(figure, claim.pence, entries)
        total = f"{measure}/{claim.debtor}/{year}/{basis}"
        ledger.add(total, claim.pence, entries, f"{total}/{claim.transfer}")


RULES = {
    "repayment": "equal yearly instalments in whole pence, the earlier years with the odd penny",
    "balance_owed": "what was lent less what is repaid and written off by the end of the year",
    "interest_due": "rate agreed x opening balance of the year",
}


def _emit(
    answer: Answer,
    ledger: Ledger,
    lent: Mapping[str, Support],
    asked: set[str] | None,
) -> None:
    """The figures gathered: by transfer, and the sums of each receiver."""
    for figure, pence in sorted(ledger.paid.items()):
        measure, code, one, basis, *part = figure.split("/")
        if asked is not None and code not in asked:
            continue
        entries = ledger.entries[figure]
        if not part:
            inputs = sorted(ledger.parts[figure])
            answer.figure(
                figure, pence, rule="sum over everything lent to it", inputs=inputs, entries=entries
            )
            continue
        support = lent["/".join(part)]
        contingent = measure == "repayment" and support.chance is not None and basis != "actual"
        rule = RULES[measure] if basis == "plan" else f"{RULES[measure]}; from what was recorded"
        answer.figure(
            figure,
            pence,
            low=0 if contingent else None,
            high=pence if contingent else None,
            rule=rule,
            entries=entries,
        )
        if contingent:
            name = "/".join(("repayment_expected", code, one, basis, *part))
            expected = expected_pence(pence, support.chance)
            answer.figure(
                name, expected, rule="chance x instalment", inputs=(figure,), entries=entries
            )


def _table(answer: Answer, support: Support, one: Instalment, basis: str) -> None:
    """One line a transfer, year and pair of bodies, for people."""
    row = one.owed
    firm = "" if support.chance is None else support.chance
    common = {
        "transfer": support.transfer,
        "status": support.status,
        "basis": basis,
        "year": row.year,
        "opening": row.opening,
        "closing": row.closing,
        "written_off": row.written_off,
        "interest": row.interest,
        "chance": firm,
    }
    for claim in one.repaid or (Claim(support.transfer, support.giver, support.receiver, 0),):
        line = {**common, "giver": claim.creditor, "receiver": claim.debtor, "repaid": claim.pence}
        answer.table("repayments", [{**line, "extinguished": claim.internal}])


def _internal(answer: Answer, support: Support, year: str, claim: Claim) -> None:
    answer.finding(
        code="BALANCE_INTERNAL",
        severity="information",
        organisation=claim.creditor,
        where=support.where,
        message=f"From {year_label(year)} giver and receiver are one body: what {support.receiver} owed "
        f"{support.giver} on transfer {support.transfer} is extinguished.",
        expected="two bodies",
        found=claim.creditor,
        action="Nothing; other bodies' claims go on.",
    )


def _what_if(answer: Answer, support: Support) -> None:
    """Each year of the plan: what an early exit pays and saves, and what a default loses."""
    rows = schedule(support)
    whole_interest = sum(row.interest for row in rows)
    table = []
    for row in rows:
        left = exit_early(rows, row.year)
        table.append(
            {
                "transfer": support.transfer,
                "giver": support.giver,
                "receiver": support.receiver,
                "year": row.year,
                "exit_pays": left[-1].repaid,
                "interest_saved": whole_interest - sum(one.interest for one in left),
                "default_loses": default_from(rows, row.year),
            }
        )
    answer.table("exit_or_default", table)


def _overdue(answer: Answer, support: Support, happened: Sequence[YearOwed]) -> None:
    """A balance left when the last planned year has gone by."""
    last = schedule(support)[-1].year
    if happened and happened[-1].year >= last and happened[-1].closing:
        left = happened[-1].closing
        answer.finding(
            code="REPAYMENT_OVERDUE",
            severity="warning",
            organisation=support.receiver,
            where=support.where,
            message=f"{format_pounds(left)} lent by {support.giver} is still owed after "
            f"{year_label(last)}, the last year agreed.",
            expected="nothing owed",
            found=format_pounds(left),
            action="Record the repayment, agree a new term, or write it off.",
        )


def _over_repaid(answer: Answer, support: SupportSchedule, loan: Support) -> None:
    """What more is recorded as repaid than was owed leaves the actual balance untold."""
    year = support.over_repaid[loan.transfer].year
    for code in (loan.giver, loan.receiver):
        figure = f"balance_owed/{code}/{year}/actual/{loan.transfer}"
        rule = "cannot be told: more was repaid than owed"
        answer.figure(figure, None, rule=rule, unknown="contradicted")


def _not_divided(answer: Answer, loan: Support, doubt: tuple[str, ...]) -> None:
    """Where nobody knows who stands for an end of a transfer, nobody knows who owes it."""
    rule = f"cannot be told: the shares of those who follow are in doubt, {', '.join(doubt)}"
    for code in (loan.giver, loan.receiver):
        figure = f"balance_owed/{code}/{loan.year}/plan/{loan.transfer}"
        answer.figure(figure, None, rule=rule, unknown="contradicted")


def _conditional(answer: Answer, position: Position, support: Support) -> None:
    """A repayment that rests on a condition, or on hope, is said to."""
    row = next(r for r in position.book.transfers if r.entry == support.entry)
    if support.chance is None:
        return
    answer.finding(
        code="REPAYMENT_CONTINGENT",
        severity="information",
        organisation=support.giver,
        where=row.where,
        message=f"Repayment of transfer {support.transfer} has a chance of {support.chance:.0%}"
        + (f" ({support.condition})." if support.condition else "."),
        expected="a firm repayment",
        found=f"chance {support.chance:.2f}",
        action="Plan on the expected repayment, not on the whole.",
    )


def _say(answer: Answer, position: Position, lent: Sequence[Support]) -> None:
    """Plain words: who pays back how much, over how many years, by the terms that the book has."""
    receivers = sorted({support.receiver for support in lent})
    for code in receivers:
        here = [support for support in lent if support.receiver == code]
        total = sum(support.pence for support in here)
        stage = {support.status for support in here}
        first = min(support.starts for support in here)
        terms = sorted({support.years for support in here})
        term = f"{terms[0]}" if len(terms) == 1 else f"{terms[0]} to {terms[-1]}"
        proposed = " if the proposed support is agreed" if "proposed" in stage else ""
        lenders = len({support.giver for support in here})
        pays = "would pay back" if "proposed" in stage else "pays back"
        answer.words(
            f"By the terms in the book {position.tree.name(code, here[0].year)} {pays} "
            f"{format_pounds(total)} to {lenders} "
            f"{'body' if lenders == 1 else 'bodies'} over {term} years from "
            f"{year_label(first)}{proposed}.",
            topic="repayment",
            about=code,
            year=first,
        )
    if not lent:
        answer.words("The book holds no transfer that is to be paid back.", topic="repayment")
