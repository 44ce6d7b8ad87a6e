"""Overspends carried over: what a commissioner left behind, repayment, write-off, and capital.

`repayment = min(balance, cap x allocation)`. A net overspend of 2013 to 2022 is frozen and falls away
if system and board both balance in both following years. Source: domain guide 12; HFMA Apr 2022;
HSJ 7037349, 7037231.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from controltotal.core.calendar import next_year, year_label
from controltotal.core.period import period, year_in
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Missing, Outcome, Rule, percent, pounds, whole
from controltotal.workings.totals import ADJUSTED, figure_id


def balanced(case: Case, code: str, year: str) -> bool:
    """Whether a body, support among its sums, did not overspend in a year."""
    surplus = case.surplus(year, code, support=True)
    case.say(f"{case.name(code)}, {year_label(year_in(year))}: {pounds(surplus)}")
    return surplus >= 0


def system_of(case: Case, year: str) -> str:
    """The system above a board."""
    for above in case.tree.ancestors(case.code, year):
        if case.tree.kind(above) == "system":
            return above
    raise Missing(f"the system of {case.name(case.code)}")


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
    for back in range(10):
        one = next_year(year_in(year), -back)
        if reading.states(code, one, "overspend_balance"):
            return one
    return None


def schedule(case: Case, first: str, upto: str) -> list[tuple[str, int, int]]:
    """(year, repaid, balance left) from the first year to `upto`."""
    share = case.share("repayment_cap_share", first)
    balance = case.money("overspend_balance", year=first)
    if balance < 0:
        balance = -balance
    rows = []
    year = first
    while year <= upto:
        cap = whole(case.share("repayment_cap_share", year) * case.allocation(year))
        paid = min(balance, cap)
        balance -= paid
        rows.append((year, paid, balance))
        case.say(
            f"{year_label(year_in(year))}: {percent(share)} of the allocation is {pounds(cap)}; "
            f"repaid {pounds(paid)}, left {pounds(balance)}"
        )
        year = next_year(year)
    assert all(left >= 0 for _, _, left in rows), "a balance is never negative"
    return rows


@rule(
    "overspend_repayment",
    "Repayment of an overspend",
    kinds="commissioner system",
    first="2024-25",
    value="repaid in the year",
    formula="min(balance left, cap share x allocation)",
    parameters=("repayment_cap_share",),
    facts=("overspend_balance",),
    inputs=("allocation",),
    needs=lambda reading, code, year: owed_since(reading, code, year) is not None,
    source="HSJ 7037349; the cap is professional knowledge",
    example="overspend 45, allocation 4,000: 0.5% is 20; repaid 20, 20, 5",
    invariants=(
        "repaid in all is no more than owed",
        "a balance is never negative",
        "scales with money",
    ),
)
def overspend_repayment(case: Case) -> Outcome:
    """A system that overspent pays it back from later allocations, but no more than a set share of a
    year's allocation, so that the debt does not sink the year."""
    first = owed_since(case.reading, case.code, case.year)
    assert first is not None
    rows = schedule(case, first, case.year)
    _, paid, left = rows[-1]
    case.known_part("left", left)
    return case.done(paid, why=f"{pounds(paid)} repaid, {pounds(left)} left", consequence=-paid)


@rule(
    "overspend_write_off",
    "Write-off of an overspend",
    kinds="commissioner system",
    first="2024-25",
    value="written off at the end of the year",
    formula="what is left once the body has balanced for the years asked, repayments made",
    parameters=("repayment_cap_share", "repayment_write_off_years"),
    facts=("overspend_balance",),
    inputs=("allocation", "surplus with support"),
    after=("overspend_repayment",),
    needs=lambda reading, code, year: owed_since(reading, code, year) is not None,
    source="professional knowledge, not yet checked",
    example="45 owed, repaid 20 and 20, both years balanced: the last 5 is written off",
    invariants=("repaid and written off make no more than owed",),
)
def overspend_write_off(case: Case) -> Outcome:
    """What is still owed is written off once the body has balanced for a set number of years in a row
    since repayment began."""
    first = owed_since(case.reading, case.code, case.year)
    assert first is not None
    asked = int(case.share("repayment_write_off_years", first))
    run = period(case.year).year.first - period(first).year.first + 1
    if run < asked:
        return case.done(0, why=f"year {run} of {asked}")
    left = schedule(case, first, next_year(first, asked - 1))[-1][2]
    if run > asked:
        return case.done(0, why="the test came earlier")
    kept = all(balanced(case, case.code, next_year(first, n)) for n in range(asked))
    gone = left if kept else 0
    why = f"{asked} balanced years: {pounds(gone)} written off" if kept else "not balanced: nothing"
    return case.done(gone, "met" if kept else "breached", why=why, consequence=gone)


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
    triggers=("fair_share_balance",),
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
        return case.done(
            bonus, why=f"{percent(share)} of {pounds(better)} = {pounds(bonus)}", consequence=bonus
        )
    most = Fraction(case.share("capital_cut_share_max")) * case.money("capital_allocation")
    why = f"{pounds(-better)} worse: a cut of up to {pounds(most)}; the slope is not published"
    return case.done(None, "breached", why=why, low=-whole(most), high=0)


RULES: tuple[Rule, ...] = (
    commissioner_legacy,
    overspend_repayment,
    overspend_write_off,
    capital_bonus,
)
