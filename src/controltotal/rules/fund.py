"""Provider funds, 2016/17 to 2020/21: sustainability, recovery, incentive and reward.

A gate opens each quarter when the result to date, without the fund, reaches the control total to
date. A shut gate pays nothing; an open one pays `offer x phase x (finance share + sum of access
shares met)`. Source: domain guide 6 and 9; HFMA July 2016, Jan 2019; HSJ 7011058, 7014261, 7024012,
7026828, 7026075; Nuffield Trust Apr 2019; PwC Feb 2020.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any, Final

from controltotal.core.money import apportion
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Lack, Missing, Outcome, Rule, percent, pounds, told, whole
from controltotal.rules.totals import own_control_total

QUARTERS: Final = ("Q1", "Q2", "Q3", "Q4")
STANDARDS: Final = ("rtt", "accident_and_emergency", "cancer")
FUND_FACTS: Final = (
    "fund_offer",
    "fund_offer_accepted",
    "finance_met",
    "control_total_to_date",
    "access_met",
    "access_applies",
)


def split_offer(case: Case, offer: int) -> dict[str, int]:
    """The offer by quarter, to the penny."""
    phase = [Fraction(part) for part in case.parameter("fund_phase").value.split(";")]
    assert sum(phase) == 1, "phases make one"
    return apportion(offer, dict(zip(QUARTERS, phase, strict=True)))


def gate_open(case: Case, quarter: str) -> bool:
    """Whether the finance gate of a quarter opened: as stated, else from results to date."""
    stated = case.row("finance_met", month=quarter)
    if stated is not None:
        case.say(f"finance gate: {'open' if stated.value else 'shut'}, as stated")
        return bool(stated.value)
    target = case.row("control_total_to_date", month=quarter)
    if target is None:
        raise Missing(f"finance met or control total to date ({quarter})")
    result = case.to_date("actual", 3 * int(quarter[1]))
    if result is None:
        raise Missing(f"the result to date without the fund ({quarter})")
    case.say(
        told(
            "to date without the fund {result} against {target}",
            result=result,
            target=int(target.value),
        )
    )
    return result >= int(target.value)


def standards(case: Case) -> dict[str, Fraction]:
    """The access standards that count this year, with their shares."""
    names = [s for s in STANDARDS if case.has_parameter(f"fund_access_share_{s}")]
    return {name: case.share(f"fund_access_share_{name}") for name in names}


def access_applies(case: Case, name: str) -> bool:
    """Whether an access standard applies to a body at all: yes, unless the book says no."""
    row = case.row("access_applies", group=name)
    return row is None or bool(row.value)


def access_met(case: Case, quarter: str, name: str, alone: bool) -> bool:
    """Whether a standard was met; a row without a group speaks of the only standard."""
    row = case.row("access_met", month=quarter, group=name)
    if row is None and alone:
        row = case.row("access_met", month=quarter)
    if row is None:
        raise Missing(f"access met ({quarter}, {name.replace('_', ' ')})")
    return bool(row.value)


def quarter_paid(sums: dict[str, int], quarter: str) -> Callable[[Case], tuple[int, int]]:
    """What a quarter pays and loses."""

    def work(case: Case) -> tuple[int, int]:
        sum_ = sums[quarter]
        finance = case.share("fund_finance_share")
        counted = standards(case)
        if not gate_open(case, quarter):
            case.say(f"the gate is shut: nothing of {pounds(sum_)} is paid")
            return 0, -sum_
        kept = finance
        case.say(f"open; finance {percent(finance)}")
        for name, share in counted.items():
            if not access_applies(case, name):
                raise Missing(
                    f"how the {percent(share)} of {name.replace('_', ' ')} is paid to a trust that "
                    "it does not apply to",
                    "is not held",
                    "no_parameter",
                )
            met = access_met(case, quarter, name, len(counted) == 1)
            case.say(f"{name.replace('_', ' ')} {percent(share)}: {'met' if met else 'missed'}")
            kept += share if met else 0
        paid = whole(sum_ * kept)
        case.say(told(f"{{sum_}} x {percent(kept)} = {{paid}}", sum_=sum_, paid=paid))
        return paid, paid - sum_

    return work


def offer_of(case: Case) -> int:
    """The offer, which only an accepted control total opens."""
    offer = case.money("fund_offer")
    accepted = case.row("fund_offer_accepted")
    if accepted is not None and not accepted.value:
        case.say("the control total was not accepted: no fund is offered")
        return 0
    return offer


def fund_binds(reading: Any, code: str, year: str) -> bool:
    """Whether a provider was offered a fund: in 2016/17 only where the book speaks of one.

    The fund of that year was open to providers of emergency care alone.
    """
    return year > "2016-17" or any(reading.states(code, year, fact) for fact in FUND_FACTS)


FUND_PARAMETERS: Final = (
    "fund_phase",
    "fund_finance_share",
    *(f"fund_access_share_{s}" for s in STANDARDS),
)


@rule(
    "fund_core",
    "Sustainability fund, quarter by quarter",
    kinds="provider",
    first="2016-17",
    last="2019-20",
    value="paid in the year",
    formula="gate open: offer x phase of the quarter x (finance share + shares of access standards "
    "met); gate shut: nothing",
    parameters=FUND_PARAMETERS,
    facts=FUND_FACTS,
    inputs=("results by month or quarter",),
    needs=fund_binds,
    source="HFMA July 2016; HSJ 7006253; HSJ 7011058; Nuffield Trust Apr 2019; HFMA Jan 2019",
    example="offer 12 in 2016/17, one quarter, A&E missed: 3.0 x 0.875 = 2.625; offer 10 in 2017/18, "
    "quarters both, finance only, shut, both: 1.5 + 1.4 + 0 + 3.5 = 6.4",
    invariants=(
        "paid is between nil and the offer",
        "a better result to date never pays less",
        "parts sum to the whole",
        "scales with money",
    ),
)
def fund_core(case: Case) -> Outcome:
    """A trust that accepted its control total is paid a quarter's part of its fund when it is on or
    ahead of the control total to date; part of that depends on access standards. What a quarter does
    not pay is lost, unless the finance part is caught up later."""
    offer = offer_of(case)
    sums = split_offer(case, offer)
    for quarter in QUARTERS:
        case.part(quarter, quarter_paid(sums, quarter))
    lacking = [part.name for part in case.parts if part.value is None]
    if lacking:
        raise Missing(f"what {', '.join(lacking)} needs")
    paid = sum(int(part.value or 0) for part in case.parts)
    assert 0 <= paid <= offer
    return case.done(
        paid,
        "met" if paid == offer else "breached",
        why=paid_of(paid, offer),
        consequence=paid - offer,
    )


def paid_of(paid: int, offer: int) -> str:
    """What was paid, beside what was offered."""
    return told("{paid} of {offer} paid", paid=paid, offer=offer)


@rule(
    "fund_caught_up",
    "Sustainability fund with missed finance quarters caught up",
    kinds="provider",
    first="2016-17",
    last="2019-20",
    value="paid in the year once finance is caught up",
    formula="as fund_core, and for a shut quarter offer x phase x finance share if a later gate opens",
    parameters=("fund_finance_catch_up", *FUND_PARAMETERS),
    facts=FUND_FACTS,
    needs=fund_binds,
    after=("fund_core",),
    source="professional knowledge, not yet checked",
    example="6.4 as above, and 3.0 x 70% = 2.1 for the shut third quarter: 8.5",
    invariants=("paid is between nil and the offer", "never less than fund_core"),
)
def fund_caught_up(case: Case) -> Outcome:
    """A quarter lost on finance is paid after all if the result to date recovers in a later one; what
    was lost on access stays lost."""
    core = case.outcome_of(fund_core)
    in_use = case.share("fund_finance_catch_up")
    offer = offer_of(case)
    if core.value is None:
        return case.cannot_be_told(Lack("what every quarter needs"))
    sums = split_offer(case, offer)
    opened = {quarter: gate_open(case, quarter) for quarter in QUARTERS}
    finance = case.share("fund_finance_share")
    more = 0
    for index, quarter in enumerate(QUARTERS):
        if not opened[quarter] and any(opened[later] for later in QUARTERS[index + 1 :]):
            back = whole(sums[quarter] * finance * in_use)
            sums_ = told(f"{{all}} x {percent(finance)} = {{back}}", all=sums[quarter], back=back)
            case.say(f"{quarter} is caught up: {sums_}")
            more += back
    paid = int(core.value) + more
    assert 0 <= paid <= offer
    return case.done(
        paid,
        "met" if paid == offer else "breached",
        why=paid_of(paid, offer),
        consequence=paid - offer,
    )


@rule(
    "fund_incentive",
    "Incentive for doing better than the control total",
    kinds="provider",
    first="2016-17",
    last="2018-19",
    value="the incentive",
    formula="rate x agreed sum better than the control total",
    parameters=("fund_incentive_rate",),
    facts=("incentive_agreed",),
    triggers=("incentive_agreed",),
    source="HSJ 7014261; HSJ 7024012",
    example="7 better in 2018/19: 2 x 7 = 14",
    invariants=("scales with money",),
)
def fund_incentive(case: Case) -> Outcome:
    """For every pound that a trust agreed to do better than its control total it was paid a pound in
    2016/17 and two in 2018/19."""
    rate = case.share("fund_incentive_rate")
    agreed = max(0, case.money("incentive_agreed"))
    paid = whole(rate * agreed)
    why = f"£{float(rate):g} x " + told("{agreed} = {paid}", agreed=agreed, paid=paid)
    return case.done(paid, why=why, consequence=paid)


@rule(
    "fund_reward",
    "Reward of 2020/21",
    kinds="provider",
    first="2020-21",
    last="2020-21",
    value="the reward",
    formula="reward share x relevant income",
    parameters=("fund_reward_share",),
    facts=("relevant_income",),
    triggers=("relevant_income",),
    source="HSJ 7026075",
    example="500 x 0.5% = 2.5",
    invariants=("scales with money",),
)
def fund_reward(case: Case) -> Outcome:
    """The plan for 2020/21 offered a set share of relevant income to trusts that met their target."""
    share, income = case.share("fund_reward_share"), case.money("relevant_income")
    paid = whole(share * income)
    why = f"{percent(share)} of " + told("{income} = {paid}", income=income, paid=paid)
    return case.done(paid, why=why, consequence=paid)


@rule(
    "fund_linked",
    "Payment linked to the system",
    kinds="provider",
    first="2020-21",
    last="2020-21",
    value="paid in the year",
    formula="offer x (1 - link) x own + offer x link x system",
    parameters=("fund_system_link",),
    facts=("fund_offer", "own_trajectory_met", "system_trajectory_met"),
    triggers=("fund_offer", "own_trajectory_met", "system_trajectory_met"),
    source="HSJ 7026828; HSJ 7010745",
    example="offer 8, own met, system missed: 8 x 0.5 = 4.0",
    invariants=("paid is between nil and the offer", "parts sum to the whole"),
)
def fund_linked(case: Case) -> Outcome:
    """In the plan for 2020/21 at least half of a trust's recovery fund rested on the result of its
    system and the rest on its own."""
    link, offer = case.share("fund_system_link"), case.money("fund_offer")
    parts = apportion(offer, {"own": 1 - link, "system": link})
    for name in ("own", "system"):
        case.part(name, partial(_linked, name=name, sum_=parts[name]))
    if any(part.value is None for part in case.parts):
        raise Missing("whether the trust and the system met their trajectories")
    paid = sum(int(part.value or 0) for part in case.parts)
    why = f"{paid_of(paid, offer)}, {percent(link)} resting on the system"
    status = "met" if paid == offer else "breached"
    return case.done(paid, status, why=why, consequence=paid - offer)


def _linked(case: Case, name: str, sum_: int) -> tuple[int, int]:
    """The part of an offer that rests on the trust's own result, or on the system's."""
    return (sum_, 0) if case.flag(f"{name}_trajectory_met") else (0, -sum_)


@rule(
    "fund_residue",
    "What is left of a fund, shared out",
    kinds="nation region system",
    first="2016-17",
    last="2019-20",
    value="the sum shared",
    formula="residue x weight of a body / weights of all bodies that met their control total",
    parameters=("fund_residue_key",),
    facts=("fund_residue", "control_total_met"),
    triggers=("fund_residue",),
    after=("own_control_total",),
    inputs=("own_control_total of each body", "its weight, the fact that the key names"),
    source="HSJ 7014261; the key is a convention",
    example="9 among offers of 10 and 20: 3 and 6",
    invariants=("parts sum to the whole", "a body that missed gets nothing"),
)
def fund_residue(case: Case) -> Outcome:
    """What quarters and trusts lost was shared among those that met their control total. The key is a
    policy: here each body's own offer."""
    residue = case.money("fund_residue")
    case.so_far = residue
    key = case.parameter("fund_residue_key").value
    weights: dict[str, int] = {}
    for code in case.bodies():
        if case.tree.kind(code) != "provider":
            continue
        stated = case.row("control_total_met", code=code)
        own = case.outcome_of(own_control_total, code).status if stated is None else ""
        if stated is None and own not in ("met", "breached", "waived"):
            raise Missing(f"whether {case.name(code)} met its control total")
        if own == "met" or (stated is not None and stated.value):
            weights[code] = int(case.money(key, code=code))
    if not weights:
        return case.done(0, "breached", why="nobody met its control total: nothing is shared")
    for code, pence in apportion(residue, weights).items():
        case.known_part(code, pence, pence)
    return case.done(
        residue, why=f"{pounds(residue)} shared among {len(weights)} by {key.replace('_', ' ')}"
    )


@rule(
    "fund_walk",
    "A national fund from one year to the next",
    kinds="nation",
    first="2016-17",
    last="2020-21",
    value="what is left of the fund",
    formula="fund of the year before - what moved elsewhere",
    parameters=("fund_national",),
    facts=("fund_moved",),
    triggers=("fund_moved",),
    source="HFMA Jan 2019",
    example="2.45 - 1.0 - 0.2 = 1.25 (billions)",
    invariants=("parts sum to the whole",),
)
def fund_walk(case: Case) -> Outcome:
    """How the national fund of a year came out of the one before: what moved into prices and into
    other funds. It is held against the sum published for the year."""
    before = int(case.share("fund_national", case.previous()) * 100)
    case.say(f"the year before: {pounds(before)}")
    moved = {name or "moved": int(row.value) for name, row in case.groups("fund_moved").items()}
    for name, pence in moved.items():
        case.say(f"less {name.replace('_', ' ')}: {pounds(pence)}")
    left = before - sum(moved.values())
    case.so_far = left
    published = int(case.share("fund_national") * 100)
    same = left == published
    why = told("{left} left; published {published}", left=left, published=published)
    return case.done(left, "met" if same else "breached", why=why, consequence=left - published)


@rule(
    "commissioner_fund",
    "Commissioner Sustainability Fund",
    kinds="commissioner",
    first="2018-19",
    last="2018-19",
    value="paid in the year",
    formula="the offer if the control total is met",
    facts=("fund_offer",),
    triggers=("fund_offer",),
    inputs=("surplus", "control total"),
    after=("own_control_total",),
    source="HFMA Feb 2018",
    example="control total (3.0) met: the offer of 3.0 is paid",
    invariants=("paid is nil or the offer",),
)
def commissioner_fund(case: Case) -> Outcome:
    """In 2018/19 a commissioner with a deficit control total was offered a fund, paid if it met that
    control total. Its quarters are not published, so that it is worked by the year."""
    offer = case.money("fund_offer")
    own = case.outcome_of(own_control_total)
    if own.status not in ("met", "breached", "waived"):
        return case.cannot_be_told(Lack("whether the control total is met"))
    paid = offer if own.status == "met" else 0
    return case.done(
        paid,
        "met" if paid == offer else "breached",
        why=paid_of(paid, offer),
        consequence=paid - offer,
    )


RULES: tuple[Rule, ...] = (
    fund_core,
    fund_caught_up,
    fund_incentive,
    fund_reward,
    fund_linked,
    fund_residue,
    fund_walk,
    commissioner_fund,
)
