"""Envelopes of 2020/21 and 2021/22: one sum for a system and a half-year, which must balance.

`envelope = base + system top-up + Covid sum`; the system breaks even, and its bodies may differ by
agreement. Each half-year is a control period of its own. Source: domain guide 10; HFMA Sept 2020,
Oct 2021.
"""

from __future__ import annotations

from controltotal.rules.case import Case, rule
from controltotal.rules.form import Missing, Outcome, Rule, pounds

PARTS = ("envelope_base", "envelope_top_up", "envelope_covid")


@rule(
    "system_envelope",
    "Envelope of a system for a half-year",
    kinds="system",
    halves="only",
    first="2020-21-H2",
    known="2020-09-30",
    last="2021-22",
    value="the envelope",
    formula="base + top-up + Covid sum",
    facts=PARTS,
    triggers=PARTS,
    source="HFMA Sept 2020; HFMA Oct 2021",
    example="90 + 6 + 4 = 100",
    invariants=("parts sum to the whole", "scales with money"),
)
def system_envelope(case: Case) -> Outcome:
    """A system was given one sum for half a year: a base, a top-up and a sum for Covid."""
    for fact in PARTS:
        case.fact_part(fact.removeprefix("envelope_"), fact)
    if any(part.value is None for part in case.parts):
        raise Missing("each of base, top-up and Covid sum")
    total = sum(int(part.value or 0) for part in case.parts)
    return case.done(total, why=f"together {pounds(total)}")


@rule(
    "envelope_balance",
    "Balance of a system within its envelope",
    kinds="system",
    halves="only",
    first="2020-21-H2",
    known="2020-09-30",
    last="2021-22",
    value="the surpluses of its bodies added up",
    formula="sum of the bodies' surpluses >= 0 in the half-year",
    inputs=("surpluses",),
    source="HFMA Sept 2020",
    example="+1 and (1): met; +1 and (2): breached by 1",
    invariants=("the same through any path of the tree", "scales with money"),
)
def envelope_balance(case: Case) -> Outcome:
    """Within its envelope a system must break even in each half-year. One body may end better and
    another worse, if they agree."""
    for code in case.totals.children(case.code, case.year):
        case.say(f"{case.name(code)}: {pounds(case.best_surplus(code, case.year)[1].pence)}")
    total = case.surplus()
    return case.judge(total, total, why=f"added up: {pounds(total)}")


RULES: tuple[Rule, ...] = (system_envelope, envelope_balance)
