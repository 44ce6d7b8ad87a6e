"""The arithmetic of repayment: who owes whom how much, at any date.

Support lent between bodies is a balance, never an improvement of anybody's position. Each transfer
has its own schedule of equal yearly instalments in whole pence, the earlier years carrying the
odd penny, from the year after the support unless the transfer names another. What was really
paid or written off is kept apart from what was agreed, and what was missed stays owed. Claims
follow their bodies: when a payer or a receiver is merged or divided, each instalment goes on with
the successors by their shares, and what a body would owe itself is extinguished.

Conventions: equal yearly instalments, no interest unless agreed, an instalment falls due on the
last day of its year (domain practice for support reported as repaid "within three years").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from controltotal.core.calendar import next_year, year_end, year_start
from controltotal.core.money import apportion, instalments

REPAID = "repaid"
WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Support:
    """One transfer that is to be paid back.

    ``pence`` is what was lent (nil or more). ``interest`` is a yearly rate on the opening balance.
    ``chance`` is the chance that the condition for repayment is met; ``None`` means firm.
    """

    transfer: str
    giver: str
    receiver: str
    year: str
    pence: int
    years: int
    first_year: str = ""
    interest: Fraction = Fraction(0)
    chance: float | None = None
    condition: str = ""
    status: str = "agreed"
    entry: int = 0
    where: str = ""

    @property
    def starts(self) -> str:
        """The year of the first instalment: as agreed, else the year after the support."""
        return self.first_year or next_year(self.year)


@dataclass(frozen=True, slots=True)
class Payment:
    """One real repayment or write-off of a transfer, in pence (nil or more)."""

    transfer: str
    year: str
    kind: str
    pence: int
    entry: int = 0
    month: str = ""


@dataclass(frozen=True, slots=True)
class YearOwed:
    """One year of one transfer, in pence: ``opening - repaid - written_off = closing``."""

    transfer: str
    year: str
    opening: int
    repaid: int
    written_off: int
    interest: int
    closing: int


@dataclass(frozen=True, slots=True)
class Succession:
    """From ``on``, ``share`` of what the predecessor owes and is owed is the successor's."""

    predecessor: str
    successor: str
    on: date
    share: Fraction = Fraction(1)
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What ``debtor`` owes ``creditor`` on one transfer; equal codes mean it is extinguished."""

    transfer: str
    creditor: str
    debtor: str
    pence: int

    @property
    def internal(self) -> bool:
        return self.creditor == self.debtor


def interest_due(opening_pence: int, rate: Fraction) -> int:
    """A year's interest on the opening balance, to the nearest penny (halves to even).

    >>> interest_due(500_000_000, Fraction(1, 100))
    5000000
    """
    return round(opening_pence * rate)


def schedule(support: Support) -> tuple[YearOwed, ...]:
    """The plan: every year from the one after the support to the last instalment.

    >>> rows = schedule(Support("T1", "QHG", "QUE", "2019-20", 500_000_000, 3))
    >>> [(row.year, row.repaid) for row in rows]
    [('2020-21', 166666667), ('2021-22', 166666667), ('2022-23', 166666666)]
    >>> [row.closing for row in rows]
    [333333333, 166666666, 0]
    """
    rows: list[YearOwed] = []
    opening = support.pence
    year = min(next_year(support.year), support.starts)
    while year < support.starts:
        rows.append(_year(support, year, opening, 0))
        year = next_year(year)
    for part in instalments(support.pence, support.years):
        rows.append(_year(support, year, opening, part))
        opening = rows[-1].closing
        year = next_year(year)
    return tuple(rows)


def roll_forward(
    support: Support, payments: Iterable[Payment], gone: str = ""
) -> tuple[YearOwed, ...]:
    """What happened: every year up to the last that is known; nothing recorded is nothing paid.

    Known are the years up to the last payment or write-off, and those up to ``gone``, the last
    year that is over. Later years are not filled in. Raises ``OverRepaid`` where more was paid or
    written off than was owed.

    >>> lent = Support("T1", "QHG", "QUE", "2019-20", 500_000_000, 3)
    >>> rows = roll_forward(lent, [Payment("T1", "2021-22", REPAID, 400_000_000)])
    >>> [(row.year, row.repaid, row.closing) for row in rows]
    [('2020-21', 0, 500000000), ('2021-22', 400000000, 100000000)]
    >>> [(row.year, row.repaid, row.closing) for row in roll_forward(lent, [], "2020-21")]
    [('2020-21', 0, 500000000)]
    """
    repaid: dict[str, int] = {}
    written: dict[str, int] = {}
    for payment in payments:
        book = written if payment.kind == WRITTEN_OFF else repaid
        book[payment.year] = book.get(payment.year, 0) + payment.pence
    known = sorted(repaid.keys() | written.keys() | ({gone} if gone > support.year else set()))
    rows: list[YearOwed] = []
    if not known:
        return ()
    opening = support.pence
    year = min(next_year(support.year), known[0])
    while year <= known[-1]:
        down = repaid.get(year, 0) + written.get(year, 0)
        if down > opening:
            raise OverRepaid(support.transfer, year, owed=opening, paid=down)
        rows.append(_year(support, year, opening, repaid.get(year, 0), written.get(year, 0)))
        opening = rows[-1].closing
        year = next_year(year)
    return tuple(rows)


def _year(support: Support, year: str, opening: int, repaid: int, written: int = 0) -> YearOwed:
    """One year of a transfer, with the interest on its opening balance."""
    interest = interest_due(opening, support.interest)
    closing = opening - repaid - written
    return YearOwed(support.transfer, year, opening, repaid, written, interest, closing)


class OverRepaid(ValueError):
    """More was repaid or written off than was owed: a fault in the rows, never corrected here."""

    def __init__(self, transfer: str, year: str, owed: int, paid: int) -> None:
        super().__init__(f"transfer {transfer}: {paid} pence paid in {year}, {owed} owed")
        self.transfer, self.year, self.owed, self.paid = transfer, year, owed, paid


def outlook(
    support: Support, payments: Iterable[Payment], gone: str = "", still_open: bool = False
) -> tuple[YearOwed, ...]:
    """What happened, then the schedule as agreed; what was missed falls due after the last of it.

    ``gone`` is the last year that is over. ``still_open``: the last year with a payment is not
    over, so that the rest of its instalment is still to come. What was paid early shortens the
    schedule from its end.

    >>> lent = Support("T1", "QHG", "QUE", "2019-20", 600_000_000, 3)
    >>> rows = outlook(lent, [Payment("T1", "2020-21", REPAID, 50_000_000)])
    >>> [(row.year, row.repaid) for row in rows]
    [('2020-21', 50000000), ('2021-22', 200000000), ('2022-23', 200000000), ('2023-24', 150000000)]
    >>> [row.closing for row in outlook(lent, [], "2022-23")]
    [600000000, 600000000, 600000000, 0]
    """
    rows = list(roll_forward(support, payments, gone))
    if not rows:
        return schedule(support)
    agreed = {row.year: row.repaid for row in schedule(support)}
    last_agreed = max(agreed)
    if still_open and rows[-1].year > gone:
        year = rows.pop()
        due = min(agreed.get(year.year, 0), year.opening - year.written_off)
        repaid = max(year.repaid, due)
        rows.append(_year(support, year.year, year.opening, repaid, year.written_off))
    while opening := rows[-1].closing:
        ahead = next_year(rows[-1].year)
        due = agreed.get(ahead, 0) if ahead <= last_agreed else opening
        rows.append(_year(support, ahead, opening, min(due, opening)))
    return tuple(rows)


def exit_early(rows: Sequence[YearOwed], year: str) -> tuple[YearOwed, ...]:
    """The schedule when everything still owed at the start of ``year`` is paid in that year.

    >>> lent = Support("T1", "QHG", "QUE", "2019-20", 500_000_000, 3)
    >>> [(row.year, row.repaid) for row in exit_early(schedule(lent), "2021-22")]
    [('2020-21', 166666667), ('2021-22', 333333333)]
    """
    kept = [row for row in rows if row.year < year]
    for row in rows:
        if row.year == year:
            paid = row.opening - row.written_off
            kept.append(
                YearOwed(row.transfer, year, row.opening, paid, row.written_off, row.interest, 0)
            )
    return tuple(kept)


def default_from(rows: Sequence[YearOwed], year: str) -> int:
    """What the giver loses in pence when nothing more is paid from ``year`` on.

    >>> lent = Support("T1", "QHG", "QUE", "2019-20", 500_000_000, 3)
    >>> default_from(schedule(lent), "2021-22")
    333333333
    """
    return sum(row.repaid for row in rows if row.year >= year)


def expected_pence(pence: int, chance: float | None) -> int:
    """What may be expected of a contingent repayment: chance times amount, to the nearest penny.

    >>> expected_pence(1_000, 0.15), expected_pence(1_000, None)
    (150, 1000)
    """
    return pence if chance is None else round(pence * Fraction(str(chance)))


def holders(
    code: str, on: date, successions: Sequence[Succession], *, since: date | None = None
) -> dict[str, Fraction]:
    """Who stands at ``on`` where ``code`` stood: successors by their shares, which sum to one.

    Successions on or before ``since`` happened before the claim arose and are not followed.

    >>> half = Fraction(1, 2)
    >>> split = [Succession("OLD", "NEW1", date(2026, 4, 1), half),
    ...          Succession("OLD", "NEW2", date(2026, 4, 1), half)]
    >>> holders("OLD", date(2026, 3, 31), split)
    {'OLD': Fraction(1, 1)}
    >>> sorted(holders("OLD", date(2026, 4, 1), split))
    ['NEW1', 'NEW2']
    """
    parts: dict[str, Fraction] = {code: Fraction(1)}
    by_day: dict[date, dict[str, list[Succession]]] = {}
    for row in successions:
        if row.on <= on and (since is None or row.on > since):
            by_day.setdefault(row.on, {}).setdefault(row.predecessor, []).append(row)
    for when in sorted(by_day):
        parts = _passed_on(parts, by_day[when])
    assert sum(parts.values()) == 1, "what a body held is held by its heirs"
    return parts


def _passed_on(
    held: Mapping[str, Fraction], heirs: Mapping[str, Sequence[Succession]]
) -> dict[str, Fraction]:
    """Parts with whoever stands for their holders that day; an heir may pass one on at once.

    What comes round to a holder that passed it on stays there.
    """
    moved: dict[str, Fraction] = {}
    waiting = [(holder, part, set[str]()) for holder, part in reversed(list(held.items()))]
    while waiting:
        holder, part, passed = waiting.pop()
        rows = heirs.get(holder)
        if not rows or holder in passed:
            moved[holder] = moved.get(holder, Fraction(0)) + part
            continue
        shares = shares_of(holder, rows)
        passed.add(holder)
        for heir, share in reversed(shares.items()):
            way = passed if len(shares) == 1 else set(passed)
            waiting.append((heir, part * share, way))
    return moved


def shares_of(body: str, heirs: Sequence[Succession]) -> dict[str, Fraction]:
    """The shares of one body's successors at one date; they sum to one.

    A body that divides and goes on keeps what its successors do not take; shares that exceed one
    together are scaled.

    >>> half = Fraction(1, 2)
    >>> shares_of("OLD", [Succession("OLD", "NEW", date(2026, 4, 1), half)])
    {'NEW': Fraction(1, 2), 'OLD': Fraction(1, 2)}
    """
    shares: dict[str, Fraction] = {}
    for heir in heirs:
        shares[heir.successor] = shares.get(heir.successor, Fraction(0)) + heir.share
    total = sum(shares.values(), Fraction(0))
    shares[body] = shares.get(body, Fraction(0)) + max(1 - total, Fraction(0))
    return {code: share / max(total, Fraction(1)) for code, share in shares.items() if share}


def claims(
    support: Support, pence: int, on: date, successions: Sequence[Succession] = ()
) -> tuple[Claim, ...]:
    """One amount of one transfer divided among those who stand for giver and receiver at ``on``.

    Exact to the penny; a claim whose two ends are one body is there and is ``internal``.

    >>> lent = Support("T1", "QHG", "QUE", "2019-20", 500_000_000, 3)
    >>> april = date(2026, 4, 1)
    >>> merged = [Succession("QHG", "QCE", april), Succession("QUE", "QCE", april)]
    >>> claims(lent, 100, april, merged)
    (Claim(transfer='T1', creditor='QCE', debtor='QCE', pence=100),)
    """
    since = year_start(support.year)
    creditors = holders(support.giver, on, successions, since=since)
    debtors = holders(support.receiver, on, successions, since=since)
    pairs = {(c, d): creditors[c] * debtors[d] for c in creditors for d in debtors}
    if len(pairs) == 1:
        ((creditor, debtor),) = pairs
        return (Claim(support.transfer, creditor, debtor, pence),)
    keys = {f"{c}\n{d}": (c, d) for c, d in pairs}
    parts = apportion(pence, {key: pairs[pair] for key, pair in keys.items()})
    out = tuple(
        Claim(support.transfer, keys[key][0], keys[key][1], part)
        for key, part in sorted(parts.items())
    )
    assert sum(claim.pence for claim in out) == pence, "a division of claims keeps the whole"
    return out


def balance_at(
    support: Support,
    rows: Sequence[YearOwed],
    on: date,
    successions: Sequence[Succession] = (),
) -> tuple[Claim, ...]:
    """Who owes whom what on this transfer at the end of the day ``on``.

    ``rows`` is a schedule, a roll-forward or an outlook. An instalment of a year is paid by its
    last day. Each remaining amount is divided by itself, so that every later instalment of a
    successor is already in its balance.
    """
    if on < year_start(support.year):
        return ()
    due = [row.repaid + row.written_off for row in rows if year_end(row.year) > on]
    closing = rows[-1].closing if rows else support.pence
    ends = claims(support, support.pence, on, successions)
    totals: dict[tuple[str, str], int] = {(c.creditor, c.debtor): 0 for c in ends}
    for amount in (*due, closing):
        for claim in claims(support, amount, on, successions) if amount else ():
            totals[claim.creditor, claim.debtor] += claim.pence
    return tuple(Claim(support.transfer, c, d, p) for (c, d), p in sorted(totals.items()))
