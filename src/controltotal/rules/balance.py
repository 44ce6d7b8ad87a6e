"""Who must balance: the system's sum to 2025/26, each body alone from 2026/27.

Support counts, because it is a sum received; it stays visible beside the result and is never called
improvement. Either regime can be asked of any year as a what-if (`--regime`). Source: domain guide 12
and 15b; Health and Care Act 2022; NHSE business rules from 2026/27.
"""

from __future__ import annotations

from controltotal.rules.case import Case, rule
from controltotal.rules.form import BODIES, Outcome, Rule, pounds


@rule(
    "system_break_even",
    "The system breaks even together",
    kinds="system",
    first="2022-23",
    last="2025-26",
    regime="system",
    known="2022-04-28",
    value="the surpluses of its bodies added up, with support",
    formula="sum of the bodies' surpluses with agreed support >= 0",
    inputs=("surplus with support",),
    source="Health and Care Act 2022 sections 27 and 29; HFMA Apr 2022",
    example="board +3, trusts (5) and 2: nil, met, though one trust has a deficit",
    invariants=("the same through any path of the tree", "scales with money"),
)
def system_break_even(case: Case) -> Outcome:
    """From July 2022 to 2025/26 a board and its trusts had to balance together: one body's surplus
    could stand for another's deficit."""
    for code in case.totals.children(case.code, case.year):
        value = case.best_surplus(code, case.year, support=True)[1]
        case.say(f"{case.name(code)}: {pounds(value.pence)}")
    total = case.surplus(support=True)
    word = "balances" if total >= 0 else "does not balance"
    return case.judge(total, total, why=f"added up {pounds(total)}: the system {word}")


@rule(
    "individual_break_even",
    "Each body breaks even alone",
    kinds=BODIES,
    first="2026-27",
    regime="body",
    known="2025-11-18",
    value="the body's surplus with support",
    formula="surplus with agreed support >= 0",
    inputs=("surplus with support",),
    source="NHSE business rules from 2026/27 (18 November 2025)",
    example="board +3, trusts (5) and 2: the first trust does not balance",
    invariants=("another body's result changes nothing", "scales with money"),
)
def individual_break_even(case: Case) -> Outcome:
    """From 2026/27 each board and each trust must balance by itself. The sum of the system is only
    information: a neighbour's surplus no longer helps."""
    surplus = case.surplus(support=True)
    word = "balances" if surplus >= 0 else "does not balance"
    return case.judge(surplus, surplus, why=f"{pounds(surplus)}: it {word}")


RULES: tuple[Rule, ...] = (system_break_even, individual_break_even)
