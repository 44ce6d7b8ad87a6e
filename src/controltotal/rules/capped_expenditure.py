"""The Capped Expenditure Process of 2017/18: one cap over commissioners and providers of a system.

`cap = allocations + other income + fund - sum of commissioners' control totals - sum of trusts'`;
the gap is planned spend less the cap, which is the system's control total less its planned position:
both are worked out and must agree. Thirteen systems were chosen for the largest gap between plan and
allocation; no threshold was published, so that a threshold here is a local policy with a name to it.
Safety of patients and of the workforce is a hard stop. Source: domain guide 7; HFMA October 2017;
HSJ; North West Evening Mail 2017.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.calendar import year_end, year_start
from controltotal.rules.case import Case, rule
from controltotal.rules.form import (
    Lack,
    Missing,
    Outcome,
    Rule,
    percent,
    percents_apart,
    pounds,
    told,
)
from controltotal.rules.option_tests import PROGRAMME, options_of, tests_of
from controltotal.rules.reading import Reading

FIRST, LAST = "2017-18", "2017-18"
PROCESS = "capped_expenditure_process"
"""The fact that says whether a system is in the process; a row that was stopped may have said so."""


def deadline(year: str) -> date:
    """The day by which balance was asked of the areas: the first after the year of the cap.

    >>> deadline("2017-18")
    datetime.date(2018, 4, 1)
    """
    return year_end(year) + timedelta(days=1)


def in_its_year(reading: Reading, code: str, year: str) -> bool:
    """Whether a system is in the process in a year in which there was one."""
    return FIRST <= year <= LAST and is_in_process(reading, code, year)


def of_kind(case: Case, kind: str) -> tuple[str, ...]:
    """The bodies of a system of one kind."""
    return tuple(code for code in case.bodies() if case.tree.kind(code) == kind)


def summed(case: Case, name: str, found: dict[str, int]) -> int:
    """A sum with one step."""
    total = sum(found.values())
    case.say(f"{name}: {pounds(total)} of {len(found)} bodies")
    return total


def joint_income(case: Case) -> int:
    """All the money of a system: allocations, other income and what a fund offers."""
    boards = of_kind(case, "commissioner")
    money = summed(case, "allocations", {code: case.allocation(code=code) for code in boards})
    other, fund = case.money("joint_other_income"), fund_offered(case)
    case.say(told("other income {other}, fund {fund}", other=other, fund=fund))
    return money + other + fund


def fund_offered(case: Case) -> int:
    """What a fund offers: as stated of the whole system, else its bodies' own offers added up.

    Where both are stated the whole stands, and a different sum of the parts is said.
    """
    offers = {
        code: case.money("fund_offer", code=code)
        for code in case.bodies()
        if case.row("fund_offer", code=code) is not None
    }
    parts = sum(offers.values())
    if case.row("fund_offer") is None:
        if not offers:
            raise Missing("fund offer")
        return summed(case, "offers of the fund to its bodies", offers)
    whole = case.money("fund_offer")
    if offers and parts != whole:
        case.say(f"the offers to its bodies come to {pounds(parts)}: ask which is right")
    return whole


def joint_control_total(case: Case) -> int:
    """The control totals of commissioners and trusts added up."""
    bodies = (*of_kind(case, "commissioner"), *of_kind(case, "provider"))
    return summed(case, "control totals", {code: case.control_total(code) for code in bodies})


@rule(
    "joint_cap",
    "Cap on a whole system",
    kinds="system",
    first=FIRST,
    last=LAST,
    value="the most that the system may spend",
    formula="allocations + other income + fund - control totals of commissioners and of trusts",
    facts=("joint_other_income", "fund_offer"),
    triggers=("planned_spend", "joint_other_income"),
    inputs=("allocations", "control totals"),
    source="HFMA October 2017",
    example="520 + 40 + 6 - 0 - (20) = 586",
    invariants=("scales with money",),
)
def joint_cap(case: Case) -> Outcome:
    """Commissioners and trusts of a system are given one cap: all their money, less the surpluses
    that they must make (or plus the deficits that they may)."""
    income = joint_income(case)
    asked = joint_control_total(case)
    return case.done(income - asked)


@rule(
    "joint_gap",
    "Gap of a system to its cap",
    kinds="system",
    first=FIRST,
    last=LAST,
    value="planned spend above the cap",
    formula="planned spend - cap = system control total - planned position",
    facts=("planned_spend",),
    triggers=("planned_spend", "joint_other_income"),
    after=("joint_cap",),
    inputs=("control totals",),
    source="HFMA October 2017",
    example="605 - 586 = 19, and (20) - (39) = 19",
    invariants=("both ways of counting agree", "scales with money"),
)
def joint_gap(case: Case) -> Outcome:
    """How far the plans of a system go beyond its cap: what it must still take out."""
    cap = case.outcome_of(joint_cap)
    if cap.value is None:
        return case.cannot_be_told(cap.lack or Lack("the joint cap"))
    spend = case.money("planned_spend")
    gap = spend - int(cap.value)
    case.say(
        told(
            "planned spend {spend} less the cap {cap} = {gap}", spend=spend, cap=cap.value, gap=gap
        )
    )
    position = joint_income(case) - spend
    asked = joint_control_total(case)
    case.say(
        told(
            "the other way: {asked} less a planned position of {position}",
            asked=asked,
            position=position,
        )
    )
    assert asked - position == gap, "two ways of counting one gap agree"
    stated = case.totals.adjusted(case.code, case.year, "plan")
    if stated.pence is not None and stated.pence != position:
        case.say(f"the plan of the system says {pounds(stated.pence)}: ask what it leaves out")
    return case.judge(
        -gap, gap, why=f"{pounds(gap)} above the cap" if gap > 0 else "within the cap"
    )


@rule(
    "capped_expenditure_selection",
    "Choice of systems for a cap",
    kinds="system",
    first=FIRST,
    last=LAST,
    unit="share",
    value="planned spend above allocations, as a share of them",
    formula="(planned spend - allocations) / allocations >= threshold",
    facts=("planned_spend",),
    triggers=("planned_spend", "joint_other_income"),
    parameters=("capped_expenditure_threshold",),
    inputs=("allocations",),
    source="HFMA October 2017; no threshold was published: the number is a local policy",
    example="(605 - 520) / 520 = 16.3%; chosen if the policy is 10%",
    invariants=("a larger gap is never left out while a smaller one is chosen",),
)
def capped_expenditure_selection(case: Case) -> Outcome:
    """Systems were chosen for the largest gap between what they planned to spend and their
    allocation, a history of overspending, or having no affordable plan. A breach here means that
    the system would be chosen under the threshold that the book states."""
    money = summed(
        case,
        "allocations",
        {code: case.allocation(code=code) for code in of_kind(case, "commissioner")},
    )
    spend = case.money("planned_spend")
    if money <= 0:
        raise Missing("an allocation of any commissioner of the system")
    above = Fraction(spend - money, money)
    case.so_far = float(above)
    case.say(f"planned spend {pounds(spend)} is {percent(above)} above allocations")
    threshold = case.share("capped_expenditure_threshold")
    chosen = above >= threshold
    word = "reaches" if chosen else "stays under"
    found, least = percents_apart(above, threshold)
    return case.done(
        above,
        "breached" if chosen else "met",
        why=f"{found} {word} the threshold of {least}",
    )


def is_in_process(reading: Reading, code: str, year: str) -> bool:
    """Whether a system is said to be in the process, or has options in it."""
    said = reading.stated.get((code, year), {}).get(PROCESS, {})
    if any(row.value for row in said.values()) or (code, year, PROCESS) in reading.doubt:
        return True
    schemes = reading.schemes
    bodies = reading.tree.inside(code, year, schemes)
    return any(r.programme == PROGRAMME for b in bodies for r in schemes.get(b, ()))


def of_systems(reading: Reading, year: str) -> tuple[str, ...]:
    """The systems among which a cap chooses: all of the book, once one of them is in it or plans.

    None in a book that says nothing of a cap in the year.
    """
    tree = reading.tree
    every = [c for c in tree.organisations if tree.kind(c) == "system" and tree.exists(c, year)]
    said = any(
        reading.states(code, year, "planned_spend") or is_in_process(reading, code, year)
        for code in every
    )
    return tuple(every) if said else ()


@rule(
    "capped_expenditure_options",
    "Tests of the options under a cap",
    kinds="system",
    first=FIRST,
    last=LAST,
    unit="count",
    value="options that pass every test",
    formula="quality impact, financial appraisal and view of the longer term; people involved before "
    "the decision where an option goes further; safety of patients and workforce is a hard stop",
    facts=("longer_term_view", "engagement_needed", "capped_expenditure_process"),
    needs=is_in_process,
    inputs=("schemes of the programme capped_expenditure", "gates", "assessments", "engagements"),
    source="North West Evening Mail 2017; guidance as reported",
    example="an option with all three, engagement from May and a decision in July passes; with "
    "engagement from August it does not",
    invariants=("an unsafe option never passes", "an option that safety refuses counts nowhere"),
)
def capped_expenditure_options(case: Case) -> Outcome:
    """Every option for keeping within the cap needs a quality impact assessment, a financial
    appraisal and a view of its effect on the longer-term strategy. Those that go further need people
    to be involved, and before the decision. Nothing unsafe is an option."""
    options = options_of(case.reading, case.code, case.year)
    if not options:
        raise Missing("any option of the process", "is not published and not in the book")
    through = 0
    for option in options:
        case.entries.add(option.entry)
        tests = tests_of(case.reading, option)
        for test in tests:
            case.entries.update(test.entries)
        unsaid = [test for test in tests if test.state == "not said"]
        if unsaid:
            raise Missing(f"whether option {option.id} goes further (engagement_needed, yes or no)")
        why = [f"{test.name}: {test.why}" for test in tests if test.holds_back]
        through += not why
        said = "; ".join(why) or f"passes every test{_not_counting(case, option)}"
        case.say(f"{option.id} {option.title}: {said}")
    return case.done(
        through,
        "met" if through == len(options) else "breached",
        why=f"{through} of {len(options)} options pass every test",
    )


def _not_counting(case: Case, option: Scheme) -> str:
    """Why an option that passes every test still does not count as a saving; empty where it does."""
    reasons = case.reading.workings.judgements[option.id].reasons
    return f"; it does not count yet: {'; '.join(r.text for r in reasons)}" if reasons else ""


@rule(
    "capped_expenditure_notice",
    "Notice given of a cap",
    kinds="system",
    first=FIRST,
    last=LAST,
    unit="count",
    value="days between the day the cap was set and the day it binds",
    formula="first day of the year - day set; the deadline is the last day of the year",
    triggers=("planned_spend", "joint_other_income"),
    inputs=("control totals with the day they were set",),
    source="domain guide 9 (notice days)",
    example="set on 1 May 2017 for the year from 1 April 2017: 30 days into the year",
    invariants=("a later day gives less notice",),
)
def capped_expenditure_notice(case: Case) -> Outcome:
    """How long a system had. The caps of 2017/18 came after the year had begun, so that the notice
    is below nil and the saving must be made in the months that were left."""
    days: list[int] = []
    for code in (case.code, *case.bodies()):
        live, _ = case.totals.live_control_total(code, case.year)
        if live is not None and live.set_on is not None:
            case.entries.add(live.entry)
            days.append((year_start(case.year) - live.set_on).days)
    if not days:
        raise Missing("the day on which a control total was set")
    least = min(days)
    left = (year_end(case.year) - year_start(case.year)).days + min(least, 0)
    case.part("days_to_deadline", lambda inner: left, unit="count")
    case.say(f"{left} days from there to the last day of the year, by which it must be made")
    when = f"{least} days before the year" if least >= 0 else f"{-least} days into the year"
    return case.done(least, "met" if least >= 0 else "breached", why=f"set {when}")


RULES: tuple[Rule, ...] = (
    joint_cap,
    joint_gap,
    capped_expenditure_selection,
    capped_expenditure_options,
    capped_expenditure_notice,
)
