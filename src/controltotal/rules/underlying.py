"""The gap rolled forward, the position beneath once-only items, and the rate at the year's end.

`gap = gap before + pressure - recurrent saving`; `underlying = reported - once-only income - once-only
savings + once-only costs + full-year effects`; exit run rate = normalised fourth quarter x 4.
Source: domain guide 13; Nuffield Trust Aug 2017; The Lowdown 2021, 2023.
"""

from __future__ import annotations

from fractions import Fraction

from controltotal.book.records import Opportunity
from controltotal.rules.case import Case, rule
from controltotal.rules.form import EVERYONE, Missing, Outcome, Rule, percent, pounds, told, whole

ONCE = ("non_recurrent_income", "non_recurrent_savings", "non_recurrent_costs", "full_year_effects")


@rule(
    "gap_rolled_forward",
    "The gap rolled forward a year",
    kinds=EVERYONE,
    value="the recurrent gap at the year's end",
    formula="gap at the start + pressure - recurrent savings",
    facts=("gap_opening", "pressure", "savings_recurrent"),
    triggers=("gap_opening", "savings_recurrent"),
    source="house convention; The Lowdown 2021",
    example="300, no pressure, 100 saved of which 40% does not recur: 300 + 0 - 60 = 240; after three "
    "such years 120",
    invariants=("a saving that does not recur helps only its year", "scales with money"),
)
def gap_rolled_forward(case: Case) -> Outcome:
    """What is missing next year is what was missing, plus new pressure, less savings that repeat.
    A saving that does not repeat must be found again."""
    opening = case.money("gap_opening")
    pressures = case.groups("pressure")
    if not pressures:
        raise Missing("pressure")
    pressure = sum(int(row.value) for row in pressures.values())
    saved = case.money("savings_recurrent")
    gap = opening + pressure - saved
    why = told(
        "{opening} + {pressure} - {saved} = {gap}",
        opening=opening,
        pressure=pressure,
        saved=saved,
        gap=gap,
    )
    return case.judge(-gap, gap, consequence=0, why=why)


@rule(
    "underlying_position",
    "Underlying position",
    kinds=EVERYONE,
    value="the position without once-only items, with full-year effects",
    formula="reported - once-only income - once-only savings + once-only costs + full-year effects",
    facts=ONCE,
    triggers=ONCE,
    inputs=("surplus with support, as reported",),
    source="Nuffield Trust Aug 2017",
    example="providers 2016/17: (791) - 790 - 300 - 1,800 = (3,681)",
    invariants=("deficit support is never part of it", "scales with money"),
)
def underlying_position(case: Case) -> Outcome:
    """What a body would show if nothing happened only once: money that will not come again and savings
    that will not repeat are taken out, costs that will not recur put back, and the rest of schemes begun
    late added."""
    reported = case.surplus(support=True)
    case.say(f"reported: {pounds(reported)}")
    total = reported
    for fact in ONCE:
        rows = case.groups(fact)
        if not rows:
            raise Missing(fact.replace("_", " "))
        sign = -1 if fact in ("non_recurrent_income", "non_recurrent_savings") else 1
        for group, row in rows.items():
            total += sign * int(row.value)
            word = "less" if sign < 0 else "plus"
            named = f" ({group.replace('_', ' ')})" if group else ""
            case.say(f"{word} {fact.replace('_', ' ')}{named}: {pounds(row.value)}")
    return case.judge(total, total, consequence=0, why=f"underlying: {pounds(total)}")


@rule(
    "exit_rate",
    "Rate at the year's end",
    kinds=EVERYONE,
    value="the last quarter without once-only items, times four",
    formula="(surplus of months 10 to 12 - once-only items in them) x 4",
    facts=("once_only_last_quarter",),
    triggers=("once_only_last_quarter",),
    inputs=("results by month or quarter",),
    source="house convention",
    example="last quarter (6.0) with 1.5 of once-only income: (7.5) x 4 = (30.0)",
    invariants=("scales with money",),
)
def exit_rate(case: Case) -> Outcome:
    """The pace at which a body leaves the year and enters the next: its last quarter, made normal, as
    if it went on for twelve months."""
    once = case.money("once_only_last_quarter")
    year, nine = case.to_date("actual", 12), case.to_date("actual", 9)
    if year is None or nine is None:
        raise Missing("the result of the first nine months and of the year")
    normal = (year - nine) - once
    case.say(
        told(
            "last quarter {quarter}, once-only {once}: {normal}",
            quarter=year - nine,
            once=once,
            normal=normal,
        )
    )
    return case.judge(normal, normal * 4, consequence=0, why=f"x 4 = {pounds(normal * 4)}")


@rule(
    "straight_line",
    "Result to date behind a straight line",
    kinds=EVERYONE,
    value="the result to date that a straight-line outturn implies",
    formula="outturn x months gone / 12",
    facts=("straight_line_outturn",),
    triggers=("straight_line_outturn",),
    source="The Lowdown 2023",
    example="(235.9) at month 2: (235.9) x 2 / 12 = (39.3)",
    invariants=("scales with money",),
)
def straight_line(case: Case) -> Outcome:
    """Where a source gives only the year's result as a straight line from some months, the result of
    those months follows."""
    for month in range(12, 0, -1):
        row = case.row("straight_line_outturn", month=str(month))
        if row is not None:
            value = Fraction(int(row.value) * month, 12)
            sums = told(f"{{year}} x {month} / 12 = {{value}}", year=int(row.value), value=value)
            return case.done(whole(value), why=sums)
    raise Missing("the month that the straight line was drawn from")


@rule(
    "improvement_asked",
    "Improvement asked of a deficit",
    kinds=EVERYONE,
    unit="share",
    value="the improvement as a share of the deficit before it",
    formula="(control total + deficit before) / deficit before",
    facts=("deficit_before_improvement",),
    triggers=("deficit_before_improvement",),
    inputs=("control total",),
    source="The Lowdown 2021",
    example="(277) to (97): 180 of 277 is 65.0%",
    invariants=("does not change when all money grows tenfold",),
)
def improvement_asked(case: Case) -> Outcome:
    """How much of a deficit a control total asks to remove."""
    before = case.money("deficit_before_improvement")
    total = case.control_total()
    asked = total + before
    case.known_part("improvement", asked)
    if before <= 0:
        raise Missing("a deficit to improve on")
    share = Fraction(asked, before)
    why = told(f"{{asked}} of {{before}} is {percent(share)}", asked=asked, before=before)
    return case.done(share, why=why)


@rule(
    "saving_target_share",
    "A saving target against the budget",
    kinds=EVERYONE,
    unit="share",
    value="the target as a share of the budget",
    formula="target / budget",
    facts=("savings_target",),
    triggers=("savings_target",),
    inputs=("allocation, else turnover",),
    source="The Lowdown 2021",
    example="300 of 3,700 is 8.11%",
    invariants=("does not change when all money grows tenfold",),
)
def saving_target_share(case: Case) -> Outcome:
    """How large a saving is against all that a body or system has to spend."""
    target = case.money("savings_target")
    known = case.totals.allocation(case.code, case.year).pence is not None
    budget = case.allocation() if known else case.turnover()
    if budget <= 0:
        raise Missing("a budget above nil")
    share = Fraction(target, budget)
    why = told(f"{{target}} of {{budget}} is {percent(share)}", target=target, budget=budget)
    return case.done(share, why=why)


@rule(
    "opportunity_needed",
    "How much of the opportunities a target needs",
    kinds=EVERYONE,
    unit="share",
    value="the least share needed; parts: most, and what the opportunities are worth at least and most",
    formula="target / (sum of the lists) to target / (largest list)",
    facts=("target_from_opportunities", "savings_target"),
    triggers=("target_from_opportunities",),
    inputs=("opportunities",),
    source="The Lowdown 2021",
    example="150 from lists of 113 and 154: 56% of 267, or 97% of 154",
    invariants=("largest list <= together <= sum of lists",),
)
def opportunity_needed(case: Case) -> Outcome:
    """Two lists of opportunities may name the same money. Together they are worth at least the larger
    and at most both, so that a target needs a share that can only be bounded."""
    target = case.money("target_from_opportunities")
    by_view: dict[str, int] = {}
    lost = (row for row in case.reading.position.stopped if isinstance(row, Opportunity))
    if any(row.organisation == case.code for row in lost):
        raise Missing("a row of opportunities", "was stopped by a fault in it", "stopped")
    for row in case.reading.position.book.opportunities:
        if row.organisation == case.code and row.parent is None:
            by_view[row.view] = by_view.get(row.view, 0) + row.value
            case.entries.add(row.entry)
    least, most = max(by_view.values(), default=0), sum(by_view.values())
    if least <= 0:
        raise Missing("opportunities")
    case.known_part("worth_least", least)
    case.known_part("worth_most", most)
    whole_target = case.row("savings_target")
    if whole_target is not None:
        case.known_part("remains", int(whole_target.value) - target)
    low, high = Fraction(target, most), Fraction(target, least)
    case.known_part("share_most", high, unit="share")
    why = told(
        f"{{target}} needs {percent(low)} of {{most}}, or {percent(high)} of {{least}}",
        target=target,
        most=most,
        least=least,
    )
    return case.done(low, "met" if low <= 1 else "breached", why=why)


RULES: tuple[Rule, ...] = (
    gap_rolled_forward,
    underlying_position,
    exit_rate,
    straight_line,
    improvement_asked,
    saving_target_share,
    opportunity_needed,
)
