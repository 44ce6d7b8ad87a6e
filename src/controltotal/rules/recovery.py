"""Recovery of a commissioner: the states it passes through, and how a gap was closed.

The states are usual, recovery, special measures or directions, and exit; each step from one to the
next is an event with a date, and 2013/14 published no numeric trigger, so that none is invented.
Source: domain guide 3; HSJ 5089633; BBC 25319155; HSJ 5058688.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from controltotal.core.calendar import month_name
from controltotal.rules.case import Case, rule
from controltotal.rules.form import EVERYONE, Missing, Outcome, Rule, pounds, told

STATES: Final = ("usual", "recovery", "special measures or directions", "exit")
STEPS: Final = {(0, 1), (0, 2), (1, 0), (1, 2), (1, 3), (2, 1), (2, 3), (3, 0), (3, 1), (3, 2)}
MEASURES: Final = {
    0: (),
    1: ("recovery_plan", "recruitment_control", "approval_of_posts"),
    2: ("turnaround_director", "recovery_plan", "approval_of_senior_posts"),
    3: ("recovery_plan",),
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _lacking(case: Case, state: int) -> list[str]:
    """Measures of a state that are known not to be in place; raises Missing where one may lack."""
    stated = {name: bool(row.value) for name, row in case.groups("recovery_measure").items()}
    lacking = [name for name in MEASURES[state] if stated.get(name) is False]
    unsaid = [name for name in MEASURES[state] if name not in stated]
    if unsaid and not lacking:
        there = _listed(name for name, held in stated.items() if held)
        held = f" (in place: {there})" if there else ""
        raise Missing(f"{STATES[state]} is stated{held}; whether there is {_listed(unsaid)}")
    return lacking


@rule(
    "recovery_state",
    "State of recovery",
    kinds="commissioner provider",
    unit="count",
    value="0 usual, 1 recovery, 2 special measures or directions, 3 exit",
    formula="the last state entered in the year; each measure of that state must be in place",
    facts=("recovery_state", "recovery_measure"),
    triggers=("recovery_state", "recovery_measure"),
    source="HSJ 5089633; BBC 25319155; Northamptonshire Telegraph 2013",
    example="recovery in July, directions in November: state 2, which brings a turnaround director, "
    "a recovery plan and approval of senior posts",
    invariants=("a waiver changes the status and not the state",),
)
def recovery_state(case: Case) -> Outcome:
    """How closely a body is held. Recovery brings a plan, control of recruitment and approval of
    posts; directions bring a turnaround director, a plan and approval of senior posts."""
    events: list[tuple[int, int]] = []
    for month in ("", *(str(m) for m in range(1, 13))):
        row = case.row("recovery_state", month=month)
        if row is not None:
            events.append((int(month or 0), int(row.value)))
    if not events:
        raise Missing("recovery state")
    for (_, before), (moved_in, after) in pairwise(events):
        if before != after and (before, after) not in STEPS:
            case.say(
                f"{month_name(moved_in)}: no step leads from {STATES[before]} to {STATES[after]}"
            )
    for entered_in, state in events:
        since = month_name(entered_in) if entered_in else "the start of the year"
        case.say(f"from {since}: {STATES[state]}")
    state = events[-1][1]
    case.so_far = state
    lacking = _lacking(case, state)
    why = f"{STATES[state]}: {_listed(MEASURES[state]) or 'no special measure'}"
    if lacking:
        why += f"; not in place: {_listed(lacking)}"
    return case.done(state, "breached" if lacking else "met", why=why)


@rule(
    "gap_closure",
    "How a gap was closed",
    kinds=EVERYONE,
    value="what closed the gap, added up",
    formula="sum of the items that closed it >= the gap",
    facts=("gap_closed", "gap_to_close"),
    triggers=("gap_closed", "gap_to_close"),
    source="HSJ 5058688",
    example="2.0 + 4.4 + 1.1 + 2.2 + 5.3 + 0.239 = 15.239, against 15.2",
    invariants=("parts sum to the whole", "scales with money"),
)
def gap_closure(case: Case) -> Outcome:
    """A plan that closes a gap names each thing that closes it: a lower surplus, headroom or
    contingency given up, savings, running costs. What recurs is not told apart here."""
    items = case.groups("gap_closed")
    if not items:
        raise Missing("gap closed")
    for name in items:
        case.fact_part(name or "unnamed", "gap_closed", group=name)
    total = sum(int(row.value) for row in items.values())
    case.so_far = total
    gap = case.money("gap_to_close")
    left = total - gap
    case.say(told("together {total} against a gap of {gap}", total=total, gap=gap))
    why = "the gap is closed" if left >= 0 else f"{pounds(-left)} of the gap is left"
    return case.judge(left, total, why=why)


RULES: tuple[Rule, ...] = (recovery_state, gap_closure)
