"""Overspends carried over: what a commissioner left behind, repayment, write-off, and capital.

`repayment = min(balance, cap x allocation)`. A net overspend of 2013 to 2022 is frozen and falls away
if system and board both balance in both following years. The rules of repayment ended on 31 March
2026; what replaced them is not held here. Source: domain guide 12; HFMA Apr 2022; HSJ 7037349,
7037231; NHSE business rules from 2026/27 para 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from controltotal.core.calendar import next_year, year_label
from controltotal.core.period import period, year_in
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Missing, Outcome, Rule, percent, pounds, told, whole
from controltotal.workings.totals import ADJUSTED, figure_id

RULES_END: Final = "2025-26"
"""The last year of the rules of repayment: they applied for the remainder of it."""


def balanced(case: Case, code: str, year: str) -> bool:
    """Whether a body, support among its sums, did not overspend in a year."""
    surplus = case.surplus(year, code, support=True)
    case.say(f"{case.name(code)}, {year_label(year_in(year))}: {pounds(surplus)}")
    return surplus >= 0


def system_of(case: Case, year: str) -> str:
    """The system above a board."""
    found = case.tree.nearest(case.code, year, "system")
    if found is None:
        raise Missing(f"the system of {case.name(case.code)}")
    return found


def both_balance(case: Case, count: int) -> bool:
    """Whether board and system both balance in each of the following years."""
    results = []
    for offset in range(1, count + 1):
        year = next_year(case.year, offset)
        results.append(balanced(case, case.code, year))
        results.append(balanced(case, system_of(case, year), year))
    return all(results)


@rule(
    "commissioner_legacy",
    "What commissioners before 2022 left behind",
    kinds="commissioner",
    first="2021-22",
    last="2022-23",
    value="the balance that stays",
    formula="net underspend: kept; net overspend: 0 if board and system both balance in both following "
    "years, else all of it",
    parameters=("legacy_balance_years",),
    facts=("legacy_balance",),
    triggers=("legacy_balance",),
    inputs=("surplus with support of board and system in the following years",),
    source="HFMA Apr 2022",
    example="(30) left in 2021/22, board and system balance in 2022/23 and 2023/24: 0; else (30)",
    invariants=("a balance is kept whole or falls away whole", "scales with money"),
)
def commissioner_legacy(case: Case) -> Outcome:
    """The net overspend of earlier commissioners is frozen. It is forgotten if the board and its
    system both balance in both following years, and comes back whole if not. A net underspend is kept
    for later once-only use, with approval."""
    balance = case.money("legacy_balance")
    count = int(case.share("legacy_balance_years"))
    if balance >= 0:
        return case.done(
            balance, why=f"an underspend of {pounds(balance)} is kept", consequence=balance
        )
    kept = both_balance(case, count)
    left = 0 if kept else balance
    why = "both balance in both years: it falls away" if kept else f"{pounds(balance)} comes back"
    return case.done(left, "met" if kept else "breached", why=why, consequence=left)


def owed_since(reading: Any, code: str, year: str) -> str | None:
    """The year for which an overspend to be repaid was stated, at or before `year`."""
    for back in range(10) if "overspend_balance" in reading.anywhere else ():
        one = next_year(year_in(year), -back)
        if reading.states(code, one, "overspend_balance"):
            return one
    return None


@dataclass(frozen=True, slots=True)
class Year:
    """One year of an overspend, in pence: repaid from the allocation, written off, and left."""

    year: str
    repaid: int
    written_off: int
    left: int


def carried(case: Case, first: str, upto: str, *, closed: bool = True) -> list[Year]:
    """An overspend from the year it was stated for: one fold of repaid, written off and left.

    Each year repays no more than is left; what is left once the body has balanced for the years
    asked is written off, and nothing is repaid of it afterwards. Repaid and written off never make
    more than was owed. `closed` False leaves the last year's write-off open, which its repayment
    does not need.
    """
    owed = abs(case.money("overspend_balance", year=first))
    asked = 0
    left, rows = owed, list[Year]()
    for year in years_from(first, upto):
        share = case.share("repayment_cap_share", year)
        allocation = case.allocation(year)
        cap = whole(share * allocation)
        paid = min(left, cap)
        gone = 0
        if closed or year < upto:
            asked = asked or int(case.share("repayment_write_off_years", first))
            if len(rows) + 1 == asked and left > paid and kept_balance(case, first, asked):
                gone = left - paid
        left -= paid + gone
        rows.append(Year(year, paid, gone, left))
        off = ", written off {gone}" if gone else ""
        sums = told(
            f"is {{cap}}; repaid {{paid}}{off}, left {{left}}",
            cap=cap,
            paid=paid,
            gone=gone,
            left=left,
        )
        case.say(f"{year_label(year_in(year))}: {percent(share)} of the allocation {sums}")
    if owed != left + sum(row.repaid + row.written_off for row in rows):
        raise ValueError("repaid, written off and left must make what was owed")
    return rows


def years_from(first: str, upto: str) -> Iterator[str]:
    """Every year from the first to the last."""
    year = first
    while year <= upto:
        yield year
        year = next_year(year)


def kept_balance(case: Case, first: str, asked: int) -> bool:
    """Whether the body balanced in each of the years asked since repayment began."""
    results = [balanced(case, case.code, next_year(first, n)) for n in range(asked)]
    return all(results)


def owes(reading: Any, code: str, year: str) -> bool:
    """Whether an overspend of a body is stated for the year or one before.

    Trusts repaid nothing of their own under the rules that ended on 31 March 2026.
    """
    if year <= RULES_END and reading.tree.kind(code) == "provider":
        return False
    return owed_since(reading, code, year) is not None


@rule(
    "overspend_repayment",
    "Repayment of an overspend",
    kinds="commissioner system provider",
    first="2024-25",
    value="repaid in the year",
    formula="to 2025/26: min(balance left, cap share x allocation); from 2026/27: not held",
    parameters=("repayment_cap_share", "repayment_write_off_years"),
    facts=("overspend_balance",),
    inputs=("allocation", "surplus with support"),
    needs=owes,
    source="HSJ 7037349; the cap is professional knowledge; business rules from 2026/27 para 2",
    example="overspend 45, allocation 4,000: 0.5% is 20; repaid 20 and 20 in 2024/25 and 2025/26. What "
    "is left on 1 April 2026 is carried under rules that are not held here.",
    invariants=(
        "repaid and written off in all are no more than owed",
        "a balance is never negative",
        "scales with money",
    ),
)
def overspend_repayment(case: Case) -> Outcome:
    """A system that overspent pays it back from later allocations, but no more than a set share of a
    year's allocation, so that the debt does not sink the year. These rules ended on 31 March 2026.
    Since then surpluses and deficits of each board and each trust are carried under new rules, whose
    text is not held here, so that nothing is worked out of the old ones."""
    first = owed_since(case.reading, case.code, case.year)
    if first is None:
        raise Missing("overspend balance")
    if case.year > RULES_END:
        case.money("overspend_balance", year=first)
        raise Missing(
            "what is carried, repaid or written off from 1 April 2026 under the business rules "
            "from 2026/27",
            "is not held",
            "no_parameter",
        )
    row = carried(case, first, case.year, closed=False)[-1]
    case.part("left", _left(first))
    return case.done(
        row.repaid,
        why=told(
            "{repaid} repaid of {owed} still owed",
            repaid=row.repaid,
            owed=row.repaid + row.left,
        ),
        consequence=-row.repaid,
    )


def _left(first: str) -> Callable[[Case], int]:
    """What is left at the end of the year, write-off made."""
    return lambda case: carried(case, first, case.year)[-1].left


@rule(
    "overspend_write_off",
    "Write-off of an overspend",
    kinds="commissioner system",
    first="2024-25",
    last=RULES_END,
    value="written off at the end of the year",
    formula="what is left once the body has balanced for the years asked, repayments made",
    parameters=("repayment_cap_share", "repayment_write_off_years"),
    facts=("overspend_balance",),
    inputs=("allocation", "surplus with support"),
    after=("overspend_repayment",),
    needs=owes,
    source="professional knowledge, not yet checked",
    example="45 owed, repaid 20 and 20, both years balanced: the last 5 is written off",
    invariants=("repaid and written off make no more than owed",),
)
def overspend_write_off(case: Case) -> Outcome:
    """What is still owed is written off once the body has balanced for a set number of years in a row
    since repayment began."""
    first = owed_since(case.reading, case.code, case.year)
    if first is None:
        raise Missing("overspend balance")
    asked = int(case.share("repayment_write_off_years", first))
    run = period(case.year).year.first - period(first).year.first + 1
    if run < asked:
        return case.done(0, why=f"year {run} of {asked}")
    rows = carried(case, first, case.year)
    gone = rows[-1].written_off
    if run > asked:
        return case.done(gone, why="the test came earlier")
    if not rows[-1].left:
        why = f"{asked} balanced years: {pounds(gone)} written off" if gone else "nothing was left"
        return case.done(gone, "met", why=why, consequence=gone)
    return case.done(0, "breached", why="not balanced: nothing", consequence=0)


@rule(
    "capital_bonus",
    "Capital for a good plan, less for a poor one",
    kinds="system",
    first="2024-25",
    last="2024-25",
    value="capital gained (positive) or lost",
    formula="plan at or above the fair-share balance: 30% of the difference; below: a cut of up to 10% "
    "of capital, by a slope that is not published",
    parameters=("capital_bonus_share", "capital_cut_share_max"),
    facts=("fair_share_balance", "capital_allocation"),
    triggers=("fair_share_balance", "capital_allocation"),
    inputs=("surplus of the plan",),
    source="HSJ 7037231",
    example="20 better: 30% x 20 = +6.0",
    invariants=("revenue is not touched", "scales with money"),
)
def capital_bonus(case: Case) -> Outcome:
    """In 2024/25 a system whose plan was better than its fair-share balance got part of the difference
    as capital; one with a deficit plan could lose up to a tenth of its capital. How the cut grows is not
    published, so that only its bounds are given."""
    value = case.totals.adjusted(case.code, case.year, "plan", "")
    if value.pence is None:
        raise Missing("the surplus planned")
    case.inputs.append(figure_id(ADJUSTED, case.code, case.year, "plan"))
    better = value.pence - case.money("fair_share_balance")
    if better >= 0:
        share = case.share("capital_bonus_share")
        bonus = whole(share * better)
        why = f"{percent(share)} of " + told("{better} = {bonus}", better=better, bonus=bonus)
        return case.done(bonus, why=why, consequence=bonus)
    most = Fraction(case.share("capital_cut_share_max")) * case.money("capital_allocation")
    sums = told("{worse} worse: a cut of up to {most}", worse=-better, most=most)
    why = f"{sums}; the slope is not published"
    return case.done(None, "breached", why=why, low=-whole(most), high=0)


RULES: tuple[Rule, ...] = (
    commissioner_legacy,
    overspend_repayment,
    overspend_write_off,
    capital_bonus,
)
