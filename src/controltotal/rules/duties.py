"""Duties of the NHS Act 2006 as it stands from July 2022: sums received, limits and directions.

Each rule is one section. A section that binds boards does not bind a commissioner that ended before
1 July 2022: its first quarter of 2022/23 falls under sections of its own. What is known only from
practice rests on a parameter of mark K named after its section. Source: domain guide 11; Health and
Care Act 2022 sections 27 and 29; NHS Act 2006 section 223D; Financial directions 2025/26; joint
forward plan of Hertfordshire and West Essex, Appendix 2; NHSE revenue guidance 2025/26.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Final

from controltotal.core.calendar import year_end
from controltotal.rules.case import Case, rule
from controltotal.rules.commissioner import people_of, running_cost_of
from controltotal.rules.form import Missing, Outcome, Rule, pounds, told, whole, within_or_over
from controltotal.rules.reading import Reading

ACT = "Health and Care Act 2022 sections 27 and 29"
ACT_PASSED: Final = "2022-04-28"
BOARDS_BEGIN: Final = date(2022, 7, 1)
QUARTER_OF_COST: Final = "Q3"
"""The quarter of 2025/26 by which boards were to come down to the sum a head."""


def not_ended_before_boards(reading: Reading, code: str, year: str) -> bool:
    """Whether a body stood on 1 July 2022 or later; a commissioner that did not is no board."""
    tree = reading.tree
    followed = any(s.predecessor == code and s.on <= BOARDS_BEGIN for s in tree.successions)
    spells = tree.organisations[code].spells
    return not followed and any(spell.until >= BOARDS_BEGIN for spell in spells)


def states_any(*facts: str) -> Callable[[Reading, str, str], bool]:
    """Whether the book states one of these facts of a body that boards' duties can bind."""

    def found(reading: Reading, code: str, year: str) -> bool:
        stated = any(reading.states(code, year, fact) for fact in facts)
        return stated and not_ended_before_boards(reading, code, year)

    return found


@rule(
    "section_223GC",
    "Each board spends within the sums it receives",
    kinds="commissioner",
    first="2022-23",
    known=ACT_PASSED,
    value="sums received less spend",
    formula="spend <= sums received, agreed support among them",
    inputs=("surplus with support",),
    needs=not_ended_before_boards,
    source=ACT,
    example="received 4,000, spent 3,990: 10 left",
    invariants=("scales with money", "a commissioner that ended before July 2022 is not bound"),
)
def section_223gc(case: Case) -> Outcome:
    """An integrated care board must not spend more in a year than the sums that it receives. A
    commissioner that ended on 30 June 2022 was under earlier sections, so that this one is silent."""
    left = case.surplus(support=True)
    word = "left" if left >= 0 else "overspent"
    return case.judge(left, left, why=f"{pounds(abs(left))} {word}")


@rule(
    "section_223C",
    "England spends within the sums received",
    kinds="nation",
    first="2022-23",
    known=ACT_PASSED,
    value="sums received less spend",
    formula="spend of NHS England and all boards <= sums received",
    facts=("sums_received", "spend"),
    source=ACT,
    example="received 200,000, spent 199,500: 500 left",
    invariants=("scales with money",),
)
def section_223c(case: Case) -> Outcome:
    """NHS England and the boards together must spend within what they are given."""
    left = case.money("sums_received") - case.money("spend")
    return case.judge(left, left, why=f"{pounds(left)} left")


def _within(case: Case, parameter: str, fact: str) -> Outcome:
    limit = int(case.share(parameter) * 100)
    case.so_far = limit
    used = case.money(fact)
    return case.judge(limit - used, limit, why=within_or_over(used, limit))


@rule(
    "section_223D_revenue",
    "National revenue resource limit",
    kinds="nation",
    first="2022-23",
    known=ACT_PASSED,
    value="the limit",
    formula="revenue resource use, transfers excluded, <= directed limit",
    parameters=("national_revenue_limit",),
    facts=("revenue_resource_use",),
    source="NHS Act 2006 section 223D; Financial directions 2025/26",
    example="2025/26: 205,111 may be used; 205,000 is within it",
    invariants=("scales with money",),
)
def section_223d_revenue(case: Case) -> Outcome:
    """The Secretary of State directs how much revenue resource the whole service may use."""
    return _within(case, "national_revenue_limit", "revenue_resource_use")


@rule(
    "section_223D_capital",
    "National capital resource limit",
    kinds="nation",
    first="2022-23",
    known=ACT_PASSED,
    value="the limit",
    formula="capital resource use, transfers excluded, <= directed limit",
    parameters=("national_capital_limit",),
    facts=("capital_resource_use",),
    source="NHS Act 2006 section 223D; Financial directions 2025/26",
    example="2025/26: 4,857 may be used; 4,900 is over it by 43",
    invariants=("scales with money",),
)
def section_223d_capital(case: Case) -> Outcome:
    """The Secretary of State directs how much capital the whole service may use."""
    return _within(case, "national_capital_limit", "capital_resource_use")


@rule(
    "section_223GB",
    "Directions to a board are published",
    kinds="commissioner system",
    first="2022-23",
    known=ACT_PASSED,
    unit="count",
    value="directions not published",
    formula="directions published >= directions given",
    facts=("directions_given", "directions_published"),
    needs=states_any("directions_given", "directions_published"),
    source=ACT,
    example="2 given, 2 published: none missing",
    invariants=("a count never below nil",),
)
def section_223gb(case: Case) -> Outcome:
    """Financial directions to a board must be published."""
    given, published = case.number("directions_given"), case.number("directions_published")
    missing = max(Fraction(0), given - published)
    return case.done(
        missing,
        "breached" if missing else "met",
        why=f"{int(given)} given, {int(published)} published",
    )


@rule(
    "section_223L",
    "Joint financial objectives",
    kinds="system",
    first="2022-23",
    known=ACT_PASSED,
    unit="count",
    value="1 where the objective is met",
    formula="objective met, as stated",
    parameters=("method_section_223L",),
    facts=("joint_objective_met",),
    triggers=("joint_objective_met",),
    source="NHS Act 2006 section 223L; joint forward plan of Hertfordshire and West Essex, App. 2; "
    "NHSE revenue guidance 2025/26 para 4",
    example="met: 1",
    invariants=(),
)
def section_223l(case: Case) -> Outcome:
    """A board and its partner trusts may be set objectives that they must seek to achieve together.
    A breach here is an objective not met: whether they sought to meet it is another question."""
    case.parameter("method_section_223L", at_end=True)
    met = case.flag("joint_objective_met")
    missed = "not met; the duty is to seek to achieve it"
    return case.done(int(met), "met" if met else "breached", why="met" if met else missed)


def _local(case: Case, limit_fact: str, use_fact: str, what: str) -> Outcome:
    case.parameter("method_section_223M", at_end=True)
    limit = case.money(limit_fact)
    case.so_far = limit
    used = case.money(use_fact)
    return case.judge(limit - used, limit, why=f"{what} of {within_or_over(used, limit)}")


@rule(
    "section_223M_revenue",
    "Local revenue resource limit",
    kinds="system",
    first="2022-23",
    known=ACT_PASSED,
    value="the limit",
    formula="revenue resource use of the board and its trusts <= limit",
    parameters=("method_section_223M",),
    facts=("local_revenue_limit", "revenue_resource_use"),
    triggers=("local_revenue_limit", "revenue_resource_use"),
    source="NHS Act 2006 section 223M; joint forward plan of Hertfordshire and West Essex, App. 2",
    example="limit 3,000, use 2,990: within it",
    invariants=("scales with money",),
)
def section_223m_revenue(case: Case) -> Outcome:
    """A system may be given a limit on the revenue resource that its bodies use together."""
    return _local(case, "local_revenue_limit", "revenue_resource_use", "revenue use")


@rule(
    "section_223M_capital",
    "Local capital resource limit",
    kinds="system",
    first="2022-23",
    known=ACT_PASSED,
    value="the limit",
    formula="capital resource use of the board and its trusts <= limit",
    parameters=("method_section_223M",),
    facts=("local_capital_limit", "capital_resource_use"),
    triggers=("local_capital_limit", "capital_resource_use"),
    source="NHS Act 2006 section 223M; joint forward plan of Hertfordshire and West Essex, App. 2",
    example="limit 80, use 84: over it by 4",
    invariants=("scales with money",),
)
def section_223m_capital(case: Case) -> Outcome:
    """A system may be given a limit on the capital that its bodies use together."""
    return _local(case, "local_capital_limit", "capital_resource_use", "capital use")


@rule(
    "section_223N",
    "Further controls",
    kinds="system commissioner provider",
    first="2022-23",
    known=ACT_PASSED,
    unit="count",
    value="1 where the control is kept",
    formula="control kept, as stated",
    parameters=("method_section_223N",),
    facts=("further_control_met",),
    needs=states_any("further_control_met"),
    source="NHS Act 2006 section 223N; professional knowledge",
    example="kept: 1",
    invariants=(),
)
def section_223n(case: Case) -> Outcome:
    """Further controls on the use of resources may be directed."""
    case.parameter("method_section_223N", at_end=True)
    met = case.flag("further_control_met")
    return case.done(int(met), "met" if met else "breached", why="kept" if met else "not kept")


@rule(
    "board_running_cost",
    "Each board runs itself within its running cost allocation",
    kinds="commissioner",
    first="2022-23",
    value="the running cost allocation",
    formula="running cost <= running cost allocation",
    facts=("running_cost", "running_cost_allocation"),
    inputs=("the line running_costs, where no fact states it",),
    needs=states_any("running_cost", "running_cost_allocation"),
    source="joint forward plan of Hertfordshire and West Essex, App. 2",
    example="allocation 20, cost 21: over it by 1",
    invariants=("scales with money",),
)
def board_running_cost(case: Case) -> Outcome:
    """A board is given a sum of its own to run itself with, and must keep within it."""
    limit = case.money("running_cost_allocation")
    case.so_far = limit
    spent = running_cost_of(case)
    return case.judge(limit - spent, limit, why=within_or_over(spent, limit))


@rule(
    "board_cost_per_head",
    "Running cost and programme pay of a board, a head",
    kinds="commissioner",
    first="2025-26",
    value="the most that a year may cost",
    formula="running cost and programme pay of the year (in 2025/26: of quarter 3, times four) <= "
    "pounds a head x people",
    parameters=("board_running_cost_per_head",),
    facts=("running_cost_and_programme_pay", "population"),
    triggers=("running_cost_and_programme_pay",),
    inputs=("population of the organisation",),
    source="Healthcare Leader, 8 May 2025 (a draft blueprint)",
    example="1,000,000 people x £18.76 = 18.76 a year, so 4.69 in quarter 3 of 2025/26",
    invariants=("scales with money",),
)
def board_cost_per_head(case: Case) -> Outcome:
    """Boards were told to come down to a sum for each person they serve by the third quarter of
    2025/26, and to stay there in 2026/27. A quarter is held against the sum as if it lasted a year."""
    a_head = case.share("board_running_cost_per_head")
    people = people_of(case)
    most = whole(a_head * people * 100)
    case.so_far = most
    case.say(f"£{float(a_head):g} a head for {float(people):,.0f} people = {pounds(most)} a year")
    if case.year == "2025-26":
        quarter = case.money("running_cost_and_programme_pay", month=QUARTER_OF_COST)
        cost = 4 * quarter
        case.say(told("{quarter} in quarter 3, times four: {cost}", quarter=quarter, cost=cost))
    else:
        cost = case.money("running_cost_and_programme_pay")
    return case.judge(most - cost, most, why=within_or_over(cost, most))


@rule(
    "counted_once",
    "Each trust is counted in one system",
    kinds="provider",
    first="2022-23",
    unit="count",
    value="systems that hold the trust at the year's end",
    formula="systems above = 1",
    inputs=("parents of the organisation",),
    source="NHSE revenue guidance 2025/26",
    example="a trust listed under two systems at once: 2",
    invariants=("the same through any path of the tree",),
    needs=lambda reading, code, year: reading.tree.nearest(code, year, "system") is not None,
)
def counted_once(case: Case) -> Outcome:
    """A trust's money is counted in one system only, however many it serves."""
    last = year_end(case.year)
    spells = case.tree.organisations[case.code].spells
    parents = {s.parent for s in spells if s.start <= last <= s.until and s.parent}
    case.entries.update(s.row.entry for s in spells if s.start <= last <= s.until)
    if not parents:
        raise Missing("the system that holds it at the year's end")
    count = len(parents)
    names = ", ".join(sorted(case.name(p) for p in parents))
    return case.done(count, "met" if count == 1 else "breached", why=f"counted in {names}")


RULES: tuple[Rule, ...] = (
    section_223gc,
    section_223c,
    section_223d_revenue,
    section_223d_capital,
    section_223gb,
    section_223l,
    section_223m_revenue,
    section_223m_capital,
    section_223n,
    board_running_cost,
    board_cost_per_head,
    counted_once,
)
