"""Changing a forecast, from November 2022; and the official forecast beside the one expected inside.

A change for the worse is a last resort: actions are evidenced first, it does not come early, and in
the last quarter it signals weak control. Where the system absorbs a body's fall the system oversees
it (case A); where the system itself falls into deficit the region does (case B). An official forecast
and what a body expects in its own papers are two facts, kept apart, and their difference is shown.
Source: domain guide 14; HFMA November 2022; HSJ 7015972. Thresholds are not published.
"""

from __future__ import annotations

from controltotal.core.calendar import month_name
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Lack, Missing, Outcome, Rule, pounds
from controltotal.workings.totals import ADJUSTED, figure_id

SOURCE = "HFMA November 2022"
LAST_QUARTER = 10


@rule(
    "forecast_difference",
    "Official forecast less the one expected inside",
    kinds="nation region cluster system commissioner provider pool",
    value="the difference",
    formula="official forecast - internal forecast",
    facts=("official_forecast", "internal_forecast"),
    triggers=("official_forecast", "internal_forecast"),
    source="HSJ 7015972",
    example="(5) officially and (41) expected: 36 apart",
    invariants=("scales with money",),
)
def forecast_difference(case: Case) -> Outcome:
    """A body may report one result and expect another. Both are kept; neither replaces the other."""
    official, inside = case.money("official_forecast"), case.money("internal_forecast")
    apart = official - inside
    case.say(f"official {pounds(official)}, expected inside {pounds(inside)}")
    word = "worse than reported" if apart > 0 else "no worse than reported"
    return case.judge(-apart if apart > 0 else 0, apart, why=f"{pounds(apart)} apart: {word}")


def changed_in(case: Case) -> tuple[int, int, int]:
    """The month of the latest change of the official forecast, and what it was before and after."""
    found: list[tuple[int, int]] = []
    for month in range(1, 13):
        row = case.row("official_forecast", month=str(month))
        if row is not None:
            found.append((month, int(row.value)))
    if len(found) < 2:
        raise Missing("an official forecast in two months")
    last, now = found[-1]
    return last, found[-2][1], now


@rule(
    "forecast_change",
    "Protocol for changing a forecast",
    kinds="system commissioner provider",
    first="2022-23",
    value="by how much the forecast changed (below nil is worse)",
    formula="actions evidenced first; not before the month that the book states as early; a change "
    "in the last quarter signals weak control",
    facts=("official_forecast", "actions_evidenced"),
    parameters=("forecast_change_earliest_month",),
    triggers=("actions_evidenced",),
    source=SOURCE,
    example="(2) in month 6, (9) in month 8, actions evidenced: (7), allowed",
    invariants=("scales with money", "an improvement is never a breach"),
)
def forecast_change(case: Case) -> Outcome:
    """A forecast may be made worse only as a last resort. The actions taken must be evidenced first.
    It must not come early in the year, and if it comes in the last quarter it is a sign of weak
    control."""
    month, before, now = changed_in(case)
    change = now - before
    case.so_far = change
    case.say(f"{pounds(before)} became {pounds(now)} in {month_name(month)}")
    if change >= 0:
        return case.done(change, "met", why="not worse: the protocol asks nothing", consequence=0)
    evidenced = case.flag("actions_evidenced")
    earliest = int(case.share("forecast_change_earliest_month"))
    faults = [] if evidenced else ["actions are not evidenced"]
    faults += [f"earlier than {month_name(earliest)}"] if month < earliest else []
    faults += ["in the last quarter: weak control"] if month >= LAST_QUARTER else []
    return case.done(
        change,
        "breached" if faults else "met",
        consequence=change,
        why="; ".join(faults) or "evidenced, and neither early nor late",
    )


@rule(
    "forecast_change_case",
    "Who oversees a worse forecast",
    kinds="provider commissioner",
    first="2022-23",
    unit="count",
    value="1: the system absorbs it and oversees (case A); 2: the "
    "system falls into deficit and the region oversees (case B)",
    formula="system's forecast >= 0: case A; below: case B",
    after=("forecast_change",),
    triggers=("actions_evidenced",),
    inputs=("surplus of the system",),
    source=SOURCE,
    example="a trust falls by 7 and the system still forecasts 1: case A; it forecasts (3): case B",
    invariants=("the same for every body of one system",),
)
def forecast_change_case(case: Case) -> Outcome:
    """If others in the system make up for a body that falls, the system oversees it. If the system
    falls into deficit, the region does: investments are signed off and reviews follow."""
    change = case.outcome_of(forecast_change)
    if change.value is None:
        return case.cannot_be_told(Lack("a change of forecast"))
    if change.value >= 0:
        return case.done(0, "met", why="no worse forecast, so nothing is overseen")
    system = next(
        (a for a in case.tree.ancestors(case.code, case.year) if case.tree.kind(a) == "system"), ""
    )
    if not system:
        raise Missing("the system above this body")
    value = case.totals.adjusted(system, case.year, "forecast")
    if value.pence is None:
        raise Missing(f"the forecast of {case.name(system)}")
    case.inputs.append(figure_id(ADJUSTED, system, case.year, "forecast"))
    deficit = value.pence < 0
    case.say(f"{case.name(system)} forecasts {pounds(value.pence)}")
    why = "case B: the region oversees" if deficit else "case A: the system oversees"
    return case.done(2 if deficit else 1, "breached" if deficit else "met", why=why)


RULES: tuple[Rule, ...] = (forecast_difference, forecast_change, forecast_change_case)
