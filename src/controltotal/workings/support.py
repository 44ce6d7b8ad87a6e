"""Support kept apart: one schedule of what is lent, given or taken between bodies and paid back.

A resource transfer moves money now and back in the repayment years; a position improvement moves
nothing; an allocation reduction takes from the giver and is held until a second row places it.
Support is never improvement: a surplus excludes it, and the region gains only by savings made.

The bases are apart: `plan` is what was agreed, `actual` what was recorded (nothing recorded is
nothing paid), `forecast` the actual so far and the schedule after it, in which what was missed
stays owed and falls due after the last instalment. Claims follow their bodies through mergers and
divisions by the shares of the successions; what a body would owe itself is extinguished.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount, Transfer
from controltotal.book.tree import Tree
from controltotal.core.calendar import months_of, year_end, year_label, year_start
from controltotal.core.finding import Finding
from controltotal.core.kept import kept, kept_from_below
from controltotal.core.money import format_pounds
from controltotal.core.period import year_in
from controltotal.workings.heirs import Undivided, undivided
from controltotal.workings.repayment import (
    Claim,
    OverRepaid,
    Payment,
    Succession,
    Support,
    YearOwed,
    balance_at,
    claims,
    holders,
    outlook,
    roll_forward,
    schedule,
)

MECHANISMS = ("resource_transfer", "position_improvement", "allocation_reduction")
LIVE_STATUSES = ("agreed", "proposed", "unknown")
"""Transfers whose repayment is shown; refused and lapsed ones never happened."""

TABLES = ("transfers", "repayments")
"""The tables of support; what was agreed rests on the first alone."""

LAST_MONTH = 12

Return = tuple[str, int, frozenset[int] | None, tuple[int, ...]]
"""Money paid back: year, pence, the months in which it falls (None: some time), entries."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One movement of money in a year: pence is what `code` gains (negative: gives).

    `months` are those in which it falls, where its row says so; None is some time in the year.
    """

    code: str
    year: str
    pence: int
    row: Transfer
    months: frozenset[int] | None = None
    entries: tuple[int, ...] = ()

    def falls_in(self, months: frozenset[int], *, part: bool) -> bool | None:
        """Whether it falls in these months; None where nobody says.

        What names no month counts in every year to date, as the year's, and is not told of a
        `part` of a year such as a half.
        """
        if self.months is None:
            return None if part else True
        return True if self.months <= months else None if self.months & months else False


@dataclass(frozen=True, slots=True)
class Instalment:
    """A year of one transfer on one basis: the amounts, and between whom they fall due.

    `repaid` and `interest` divide the year's amounts among those who stand for giver and receiver
    when they fall due, on the last day of the year; `standing` is the balance at the end of it.
    """

    owed: YearOwed
    repaid: tuple[Claim, ...]
    interest: tuple[Claim, ...]
    standing: tuple[Claim, ...]


class SupportSchedule:
    """All support of a position and its repayment, by transfer and by body."""

    def __init__(self, position: Position, amounts: Amounts) -> None:
        self.position = position
        self.amounts = amounts
        self.rows = {row.id: row for row in position.book.transfers}

    # -- what the book says --------------------------------------------------------------------

    @cached_property
    def repayable(self) -> tuple[Transfer, ...]:
        """Rows of live transfers that name a first year or a term of repayment."""
        return tuple(
            row
            for row in self.position.book.transfers
            if row.status in LIVE_STATUSES
            and (row.repay_years is not None or row.repay_from is not None)
        )

    @cached_property
    def loans(self) -> Mapping[str, Support]:
        """Every transfer to be paid back over a whole number of years, in order of the book."""
        return {row.id: _support(row) for row in self.repayable if has_term(row)}

    @cached_property
    def payments(self) -> Mapping[str, tuple[Payment, ...]]:
        """Real repayments and write-offs by transfer."""
        found: dict[str, list[Payment]] = {}
        for row in self.position.book.repayments:
            payment = Payment(
                row.transfer, row.year, row.kind, row.amount, row.entry, row.month or ""
            )
            found.setdefault(row.transfer, []).append(payment)
        return {transfer: tuple(rows) for transfer, rows in found.items()}

    @cached_property
    def successions(self) -> tuple[Succession, ...]:
        """Who follows whom; an empty share is all."""
        return tuple(
            Succession(
                row.predecessor,
                row.successor,
                row.on,
                Fraction(1) if row.share is None else Fraction(str(row.share)),
                row.entry,
            )
            for row in self.position.book.successions
        )

    # -- by transfer ---------------------------------------------------------------------------

    @kept
    def gone(self, transfer: str) -> str:
        """The last year of a transfer that is over, empty where none is known to be.

        Over are a year whose actuals reach March for either end (or who stands for it), a year
        for which a whole year's repayment is recorded, and the years before any repayment.
        """
        lent = self.loans[transfer]
        paid = self.payments.get(transfer, ())
        last_paid = max((payment.year for payment in paid), default="")
        over = {year for year in (payment.year for payment in paid) if year < last_paid}
        over |= {p.year for p in paid if max(months_of(p.month)) == LAST_MONTH}
        for year in self._actual_years:
            if year < lent.year:
                continue
            for end in (lent.giver, lent.receiver):
                bodies = self._stands_for(end, year, lent.year)
                if any(self.reached(body, year) == LAST_MONTH for body in bodies):
                    over.add(year)
        return max(over, default="")

    @cached_property
    def _actual_years(self) -> tuple[str, ...]:
        """The years of which anybody has actuals."""
        return tuple(
            sorted(
                {
                    year
                    for code, year in self.amounts.bodies()
                    if ("actual", "") in self.amounts.bases(code, year)
                }
            )
        )

    @property
    def tree(self) -> Tree:
        """The dated tree of organisations."""
        return self.position.tree

    @kept_from_below
    def reached(self, code: str, year: str, scenario: str = "") -> int | None:
        """The month that a body's actuals reach, else those below it together; None without any."""
        own = self.amounts.last_month(code, year, scenario)
        if own is not None:
            return own
        below = [
            self.reached(kid, year, scenario) for kid in self.position.tree.children(code, year)
        ]
        return min((month for month in below if month is not None), default=None)

    def _stands_for(self, code: str, year: str, since: str) -> tuple[str, ...]:
        """Who stands at the end of a year where a body stood at the start of another."""
        return tuple(holders(code, year_end(year), self.successions, since=year_start(since)))

    @kept
    def owed(self, transfer: str, basis: str) -> tuple[YearOwed, ...]:
        """A transfer year by year on a basis; raises `OverRepaid` where more was paid than owed."""
        lent, paid = self.loans[transfer], self.payments.get(transfer, ())
        if basis == "plan":
            return schedule(lent)
        if basis == "actual":
            return roll_forward(lent, paid, self.gone(transfer))
        return outlook(lent, paid, self.gone(transfer), still_open=True)

    def recorded(self, transfer: str) -> bool:
        """Whether anything is known to have happened: a payment, or an instalment let go by."""
        if self.payments.get(transfer):
            return True
        gone = self.gone(transfer)
        return bool(gone) and gone >= self.loans[transfer].starts

    @kept
    def instalments(self, transfer: str, basis: str) -> tuple[Instalment, ...]:
        """Each year of a transfer on a basis, divided among those between whom it falls due."""
        lent = self.loans[transfer]
        rows = self.owed(transfer, basis)
        found = []
        for row in rows:
            day, heirs = year_end(row.year), self.successions
            found.append(
                Instalment(
                    row,
                    claims(lent, row.repaid, day, heirs) if row.repaid else (),
                    claims(lent, row.interest, day, heirs) if row.interest else (),
                    balance_at(lent, rows, day, heirs),
                )
            )
        return tuple(found)

    def opening(self, transfer: str, basis: str) -> tuple[Claim, ...]:
        """The balance at the end of the year in which a transfer was made."""
        lent = self.loans[transfer]
        return balance_at(lent, self.owed(transfer, basis), year_end(lent.year), self.successions)

    @cached_property
    def over_repaid(self) -> Mapping[str, OverRepaid]:
        """Transfers on which more is recorded as paid or written off than was owed."""
        found = {}
        for transfer in self.loans:
            try:
                self.owed(transfer, "actual")
            except OverRepaid as fault:
                found[transfer] = fault
        return found

    def over_repaid_findings(self) -> list[Finding]:
        """An error for each transfer on which more was repaid than was owed."""
        found = []
        for transfer, fault in self.over_repaid.items():
            rows = [r.number for r in self.position.book.repayments if r.transfer == transfer]
            found.append(
                Finding(
                    code="OVER_REPAID",
                    severity="error",
                    organisation=self.loans[transfer].receiver,
                    where="repayments " + ", ".join(f"row {number}" for number in rows),
                    message=f"More was repaid or written off on transfer {transfer} than was owed "
                    f"in {year_label(fault.year)}; its actual balance is not shown.",
                    expected=f"at most {format_pounds(fault.owed)}",
                    found=format_pounds(fault.paid),
                    action="Correct the repayments, or record the transfer that they belong to.",
                )
            )
        return found

    # -- by body -------------------------------------------------------------------------------

    def of(self, code: str, year: str, basis: str, status: str = "agreed") -> tuple[Flow, ...]:
        """The movements of a body in a year on a basis, of transfers of one status."""
        return self._by_body(basis, status).get((code, year_in(year)), ())

    @kept
    def bodies(self, basis: str, status: str) -> frozenset[str]:
        """The bodies that transfers of one status move anything to or from."""
        return frozenset(code for code, _ in self._by_body(basis, status))

    @kept
    def _by_body(self, basis: str, status: str) -> Mapping[tuple[str, str], tuple[Flow, ...]]:
        grouped: dict[tuple[str, str], list[Flow]] = {}
        for flow in self.flows(basis, (status,)):
            grouped.setdefault((flow.code, flow.year), []).append(flow)
        return {label: tuple(found) for label, found in grouped.items()}

    def flows(self, basis: str, statuses: Iterable[str]) -> list[Flow]:
        """Every movement on a basis of transfers of these statuses, repayments turned round."""
        wanted = set(statuses)
        return [
            flow
            for row in self.position.book.transfers
            if row.status in wanted and row.mechanism not in ("position_improvement", "unknown")
            for flow in self._of_transfer(row, basis)
        ]

    def _of_transfer(self, row: Transfer, basis: str) -> list[Flow]:
        """What one transfer moves on a basis: the support itself, and what comes back of it."""
        found = [
            Flow(row.from_, row.year, -row.amount, row, _months(row.month), (row.entry,)),
            Flow(row.to, row.year, row.amount, row, _months(row.month), (row.entry,)),
        ]
        if row.id not in self.loans or (basis != "plan" and row.id in self.over_repaid):
            return found
        lent = self.loans[row.id]
        for year, pence, months, entries in self._returns(row.id, basis):
            moved = tuple(
                heir.entry
                for heir in self.successions
                if year_start(lent.year) < heir.on <= year_end(year)
                and heir.predecessor in self._line(row.id)
            )
            for claim in claims(lent, pence, year_end(year), self.successions):
                if claim.internal or not claim.pence:
                    continue
                rests_on = (row.entry, *entries, *moved)
                found.append(Flow(claim.debtor, year, -claim.pence, row, months, rests_on))
                found.append(Flow(claim.creditor, year, claim.pence, row, months, rests_on))
        return found

    @kept
    def _line(self, transfer: str) -> frozenset[str]:
        """Giver, receiver and everybody who ever followed them."""
        lent, links = self.loans[transfer], self._links(forward=True)
        ends = (lent.giver, lent.receiver)
        return frozenset(one for end in ends for one in (end, *_passed_along(end, links)))

    def _returns(self, transfer: str, basis: str) -> list[Return]:
        """What is paid back on one transfer.

        Recorded payments come one by one, each in its month; what a forecast adds to a year, and
        what was agreed, falls some time in the year.
        """
        paid = [p for p in self.payments.get(transfer, ()) if p.kind == "repaid"]
        found: list[Return] = []
        if basis != "plan":
            found = [(p.year, p.pence, _months(p.month), (p.entry,)) for p in paid]
        if basis != "actual":
            for row in self.owed(transfer, basis):
                already = sum(pence for year, pence, _, _ in found if year == row.year)
                if row.repaid > already:
                    found = [*found, (row.year, row.repaid - already, None, ())]
        return sorted(found, key=lambda one: one[0])

    # -- what cannot be told -------------------------------------------------------------------

    def undecided(self, code: str, year: str) -> bool:
        """Whether a transfer of unknown mechanism or status touches a body in a year."""
        return (code, year_in(year)) in self._undecided

    @cached_property
    def _undecided(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (flow.code, flow.year)
            for row in self.position.book.transfers
            if "unknown" in (row.mechanism, row.status)
            for basis in ("plan", "forecast")
            for flow in self._of_transfer(row, basis)
        )

    def doubt(self, code: str, year: str, basis: str) -> tuple[str, ...]:
        """The rows in fault that a body's support in a year might have used.

        A stopped transfer is in doubt for its ends and for whoever follows them; a stopped
        repayment likewise, though it leaves what was agreed as it was. Of more repaid than was
        owed, what was recorded is in doubt from the year of the fault.
        """
        found: dict[str, None] = {}
        tables = TABLES[:1] if basis == "plan" else TABLES
        if code in self._touched(year_in(year)):
            for body in (code, *self._before(code, year_in(year))):
                for table in tables:
                    found |= dict.fromkeys(self.amounts.in_doubt(table, body, year))
        for transfer, fault in self.over_repaid.items() if basis != "plan" else ():
            row = self.rows[transfer]
            moves = row.mechanism != "position_improvement" and row.status == "agreed"
            if moves and year_in(year) >= fault.year and code in self._line(transfer):
                found[row.where] = None
        for told in self._twice.get((code, year_in(year), basis), ()):
            found[told.where] = None
        for transfer in self.loans if self._undivided else ():
            if self.rows[transfer].status == "agreed" and code in self._line(transfer):
                found |= dict.fromkeys(self.not_divided(transfer, year))
        return tuple(found)

    @cached_property
    def _undivided(self) -> tuple[Undivided, ...]:
        return undivided(self.position.tree)

    def not_divided(self, transfer: str, year: str = "") -> tuple[str, ...]:
        """The successions that leave open who stands for an end of a transfer, by a year or ever."""
        lent = self.loans[transfer]
        return tuple(
            one.where
            for one in self._undivided
            if one.code in self._line(transfer)
            and year_start(lent.year) < one.on
            and (not year or one.on <= year_end(year_in(year)))
        )

    @cached_property
    def _twice(self) -> Mapping[tuple[str, str, str], tuple[Amount, ...]]:
        """Support income that is an agreed transfer once more, by receiver, year and basis."""
        found: dict[tuple[str, str, str], tuple[Amount, ...]] = {}
        for row in self.position.book.transfers:
            for basis, rows in self.told_twice(row).items():
                label = (row.to, row.year, basis)
                found[label] = (*found.get(label, ()), *rows)
        return found

    def told_twice(self, row: Transfer) -> Mapping[str, tuple[Amount, ...]]:
        """Support income of the receiver that equals an agreed transfer of the year, by basis."""
        found: dict[str, tuple[Amount, ...]] = {}
        if row.status != "agreed" or row.mechanism != "resource_transfer":
            return found
        for basis, scenario in sorted(self.amounts.bases(row.to, row.year)):
            for rows in self.amounts.line(row.to, row.year, basis, scenario, "support_income"):
                year = fill(rows, months_needed(row.year))
                if year.rows and year.pence == row.amount:
                    found[basis] = (*found.get(basis, ()), *year.rows)
        return found

    @kept
    def _before(self, code: str, year: str) -> tuple[str, ...]:
        """The bodies that one has followed by the end of a year, nearest first."""
        return _passed_along(code, self._links(year, forward=False))

    @kept
    def _touched(self, year: str) -> frozenset[str]:
        """The bodies with a stopped transfer or repayment, and whoever has followed them by then."""
        ends = {end for table in TABLES for end in self.amounts.bodies_in_doubt(table)}
        links = self._links(year, forward=True)
        return frozenset(one for end in ends for one in (end, *_passed_along(end, links)))

    @kept
    def _links(self, year: str = "", *, forward: bool) -> Mapping[str, Sequence[str]]:
        """The bodies that follow each, by the end of a year or ever; backward those it follows."""
        found: dict[str, list[str]] = {}
        for row in self.successions:
            if not year or row.on <= year_end(year):
                one, other = (row.predecessor, row.successor)[:: 1 if forward else -1]
                found.setdefault(one, []).append(other)
        return found


def _passed_along(code: str, links: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every body that links lead to from one, nearest first, without itself.

    >>> _passed_along("C", {"C": ["B", "X"], "B": ["A", "C"]})
    ('B', 'X', 'A')
    """
    found = {code: None}
    ahead = deque([code])
    while ahead:
        for one in links.get(ahead.popleft(), ()):
            if one not in found:
                found[one] = None
                ahead.append(one)
    return tuple(found)[1:]


def has_term(row: Transfer) -> bool:
    """Whether the term is one or more whole years; without it nothing can be scheduled."""
    years = row.repay_years
    return years is not None and years >= 1 and years == int(years)


def _support(row: Transfer) -> Support:
    return Support(
        row.id,
        row.from_,
        row.to,
        row.year,
        row.amount,
        int(row.repay_years or 0),
        row.repay_from or "",
        Fraction(str(row.interest or 0)),
        row.chance,
        row.condition or "",
        row.status,
        row.entry,
        row.where,
    )


def _months(period: str | None) -> frozenset[int] | None:
    """The months of a period; None for the whole year, which names none."""
    return frozenset(months_of(period)) if period else None
