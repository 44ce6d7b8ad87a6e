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
from controltotal.rules.form import NOT_APPLICABLE, Missing, Outcome, Rule, pounds, told
from controltotal.rules.reading import Reading
from controltotal.workings.totals import ADJUSTED, figure_id

SOURCE = "HFMA November 2022"
LAST_QUARTER = 10
FIRST_YEAR, FIRST_MONTH = "2022-23", 8
"""The protocol is of November 2022: a change before then is under no rule of it."""
EARLIEST = "forecast_change_earliest_month"


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
    official, inside = latest(case, "official_forecast"), latest(case, "internal_forecast")
    apart = official - inside
    case.say(
        told("official {official}, expected inside {inside}", official=official, inside=inside)
    )
    word = "worse than reported" if apart > 0 else "no worse than reported"
    return case.judge(-apart if apart > 0 else 0, apart, why=f"{pounds(apart)} apart: {word}")


def latest(case: Case, fact: str) -> int:
    """A forecast as stated of the year, else the one of the latest month; raises Missing."""
    months = [m for m in range(12, 0, -1) if case.row(fact, month=str(m)) is not None]
    if months and case.row(fact) is None:
        case.say(f"{fact.replace('_', ' ')} of {month_name(months[0])}")
        return case.money(fact, month=str(months[0]))
    return case.money(fact)


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


def before_protocol(case: Case, month: int) -> bool:
    """Whether a change came before the protocol was written."""
    return (case.year, month) < (FIRST_YEAR, FIRST_MONTH)


def forecast_changes(reading: Reading, code: str, year: str) -> bool:
    """Whether the book speaks of a change: an official forecast of two months, or its evidence."""
    stated = reading.facts.get((code, year), {}).get("official_forecast", {})
    months = {month for month, _ in stated if month}
    return len(months) > 1 or reading.states(code, year, "actions_evidenced")


@rule(
    "forecast_change",
    "Protocol for changing a forecast",
    kinds="system commissioner provider",
    first="2022-23",
    value="by how much the forecast changed (below nil is worse)",
    formula="actions evidenced first; not before the earliest month, which a book must state; a "
    "change in the last quarter signals weak control",
    facts=("official_forecast", "actions_evidenced"),
    parameters=(EARLIEST,),
    needs=forecast_changes,
    source=SOURCE + "; no earliest month is published",
    example="(2) in month 6, (9) in month 8, actions evidenced: (7), allowed where the book states "
    "that month 7 is the earliest; where it states none, it cannot be told",
    invariants=("scales with money", "an improvement is never a breach"),
)
def forecast_change(case: Case) -> Outcome:
    """A forecast may be made worse only as a last resort. The actions taken must be evidenced first.
    It must not come early in the year, and if it comes in the last quarter it is a sign of weak
    control. How early is early is not published, so that a book says it in `parameters`."""
    month, before, now = changed_in(case)
    if before_protocol(case, month):
        return NOT_APPLICABLE
    change = now - before
    case.so_far = change
    sums = told("{before} became {now}", before=before, now=now)
    case.say(f"{sums} in {month_name(month)}")
    if change >= 0:
        return case.done(change, "met", why="not worse: the protocol asks nothing", consequence=0)
    evidenced = case.flag("actions_evidenced")
    faults = [] if evidenced else ["actions are not evidenced"]
    if not case.has_parameter(EARLIEST):
        case.say("; ".join(faults) or "actions are evidenced")
        what = f"the earliest month of a change (none is published: state {EARLIEST} in parameters)"
        raise Missing(what, kind="no_parameter")
    earliest = int(case.share(EARLIEST))
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
    facts=("official_forecast",),
    needs=forecast_changes,
    inputs=("surplus of the system",),
    source=SOURCE,
    example="a trust falls by 7 and the system still forecasts 1: case A; it forecasts (3): case B",
    invariants=("the same for every body of one system",),
)
def forecast_change_case(case: Case) -> Outcome:
    """If others in the system make up for a body that falls, the system oversees it. If the system
    falls into deficit, the region does: investments are signed off and reviews follow."""
    month, before, now = changed_in(case)
    if before_protocol(case, month):
        return NOT_APPLICABLE
    case.say(told("{before} became {now}", before=before, now=now))
    if now >= before:
        return case.done(0, "met", why="no worse forecast, so nothing is overseen")
    system = case.tree.nearest(case.code, case.year, "system")
    if system is None:
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
