"""Repayments and balances of the transfers in a book, as figures.

For each transfer with a term: ``repayment/BODY/YEAR/plan/TRANSFER`` is the instalment between its
two ends, with the same number on giver and receiver; ``repayment/RECEIVER/YEAR/plan`` is the sum of
what a receiver pays to all. ``balance_owed`` stands at the end of each year in the same two forms.
Where real repayments are recorded the basis ``actual`` says what happened and ``forecast`` what
follows from it; the plan stays as agreed. Money that a body would owe itself is extinguished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from controltotal.book.fold import Position
from controltotal.core.calendar import year_end, year_label, year_start
from controltotal.core.money import format_pounds
from controltotal.core.parameters import ParameterMissing
from controltotal.core.result import Answer
from controltotal.sharing.book import has_term, payments, repayable, successions, supports
from controltotal.workings.repayment import (
    Claim,
    OverRepaid,
    Payment,
    Succession,
    Support,
    YearOwed,
    balance_at,
    claims,
    default_from,
    exit_early,
    expected_pence,
    outlook,
    roll_forward,
    schedule,
)
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
    position = workings.position
    lent = supports(position)
    paid = payments(position)
    heirs = successions(position)
    ledger = Ledger()
    for support in lent:
        known = paid.get(support.transfer, [])
        _one_basis(ledger, answer, support, schedule(support), "plan", heirs, ())
        if known:
            entries = tuple(payment.entry for payment in known)
            try:
                happened = roll_forward(support, known)
                _one_basis(ledger, answer, support, happened, "actual", heirs, entries)
                ahead = outlook(support, known)
                _one_basis(ledger, answer, support, ahead, "forecast", heirs, entries)
                _overdue(answer, support, happened)
            except OverRepaid as fault:
                _over_repaid(answer, position, support, known, fault)
        _conditional(answer, position, support)
        _what_if(answer, support)
    asked = None
    if organisation:
        asked = {organisation, *position.tree.descendants(organisation, position.default_year)}
    _emit(answer, ledger, {support.transfer: support for support in lent}, asked)
    _never_happened(answer, position)
    _without_term(answer, position)
    _say(answer, lent)
    _experience(answer, position, lent)


def _without_term(answer: Answer, position: Position) -> None:
    """A repayment without a term of whole years has no schedule; it is said, not guessed."""
    for row in repayable(position):
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
        f"For comparison, of the interim support that trusts drew from the Department of Health "
        f"and Social Care in 2016/17 to 2018/19, {float(known.number):.0%} was paid back."
    )


def _one_basis(
    ledger: Ledger,
    answer: Answer,
    support: Support,
    rows: Sequence[YearOwed],
    basis: str,
    heirs: Sequence[Succession],
    entries: tuple[int, ...],
) -> None:
    """Repayment, interest and closing balance of one transfer, year by year."""
    rests_on = (support.entry, *entries)
    opening_year = support.year
    standing = balance_at(support, rows, year_end(opening_year), heirs)
    _put(ledger, "balance_owed", opening_year, basis, standing, rests_on)
    for row in rows:
        day = year_start(row.year)
        moved = rests_on + tuple(h.entry for h in heirs if h.on <= year_end(row.year))
        instalment = claims(support, row.repaid, day, heirs) if row.repaid else ()
        _put(ledger, "repayment", row.year, basis, instalment, moved)
        if row.interest:
            cost = claims(support, row.interest, day, heirs)
            _put(ledger, "interest_due", row.year, basis, cost, moved)
        standing = balance_at(support, rows, year_end(row.year), heirs)
        _put(ledger, "balance_owed", row.year, basis, standing, moved)
        _table(answer, support, row, basis, instalment)
        for claim in (*instalment, *standing):
            if claim.internal and claim.pence and (claim.transfer, basis) not in ledger.told:
                ledger.told.add((claim.transfer, basis))
                _internal(answer, support, row.year, claim)


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


def _table(
    answer: Answer, support: Support, row: YearOwed, basis: str, instalment: Sequence[Claim]
) -> None:
    """One line a transfer, year and pair of bodies, for people."""
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
    for claim in instalment or (Claim(support.transfer, support.giver, support.receiver, 0),):
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


def _over_repaid(
    answer: Answer,
    position: Position,
    support: Support,
    known: Sequence[Payment],
    fault: OverRepaid,
) -> None:
    numbers = {payment.entry for payment in known}
    rows = [r.number for r in position.book.repayments if r.entry in numbers]
    answer.finding(
        code="OVER_REPAID",
        severity="error",
        organisation=support.receiver,
        where="repayments " + ", ".join(f"row {n}" for n in rows),
        message=f"More was repaid or written off on transfer {support.transfer} than was owed in "
        f"{year_label(fault.year)}; its actual balance is not shown.",
        expected=f"at most {format_pounds(fault.owed)}",
        found=format_pounds(fault.paid),
        action="Correct the repayments, or record the transfer that they belong to.",
    )
    for code in (support.giver, support.receiver):
        figure = f"balance_owed/{code}/{fault.year}/actual/{support.transfer}"
        answer.figure(figure, None, rule="cannot be told: more was repaid than owed")


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


def _say(answer: Answer, lent: Sequence[Support]) -> None:
    """Plain words: who pays back how much, over how many years."""
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
            f"{code} {pays} {format_pounds(total)} to {lenders} "
            f"{'body' if lenders == 1 else 'bodies'} over {term} years from "
            f"{year_label(first)}{proposed}."
        )
    if not lent:
        answer.words("The book holds no transfer that is to be paid back.")
