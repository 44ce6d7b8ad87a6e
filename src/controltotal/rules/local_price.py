"""Local price modification: a price above the national one where place itself makes care dearer.

`modification = sum of activity x (efficient unit cost - national price)` over approved services. It is
zero-sum: what the provider gains its commissioners lose. It tapers by year. It was in force from the
first tariff of the regulator (2014/15) to 31 March 2023, when the payment scheme took the tariff's
place: no rule of it binds after 2022/23. Source: domain guide 5; Monitor/Frontier 2012; HSJ 5088163;
The Visitor 2015; Monitor July 2015; Lancaster Guardian (CQC); factsheet of 10 March 2022; SI 2023/306.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from controltotal.core.calendar import next_year, year_label
from controltotal.core.money import apportion
from controltotal.core.period import period, year_in
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Lack, Missing, Outcome, Rule, percent, pounds, told, whole

FIRST, LAST = "2014-15", "2022-23"
"""The tariff years in which a price could be modified."""
TESTS = (
    "lpm_alternatives_tried",
    "lpm_alternatives_considered",
    "lpm_cost_beyond_control",
    "lpm_no_double_payment",
)
PRICES = ("activity", "efficient_unit_cost", "national_price", "service_approved")


@rule(
    "lpm",
    "Local price modification",
    kinds="provider",
    first=FIRST,
    last=LAST,
    value="the modification of the year",
    formula="sum over approved services of activity x (efficient unit cost - national price)",
    facts=PRICES,
    triggers=("efficient_unit_cost", "national_price", "service_approved"),
    source="house convention after HSJ 5088163",
    example="10,000 x (£3,000 - £2,400) + 5,000 x (£1,200 - £1,100) = 6.0 + 0.5 = 6.5",
    invariants=(
        "parts sum to the whole",
        "a service not approved gives nothing",
        "scales with money",
    ),
)
def lpm(case: Case) -> Outcome:
    """For each service that the regulator approved, or the parties agreed, the provider is paid the
    difference between what care costs there when run efficiently and the national price."""
    services = sorted(set().union(*(case.groups(fact) for fact in PRICES[1:])))
    total = 0
    for service in services:
        total += int(case.part(service or "all", partial(_service, service=service)) or 0)
    if any(part.value is None for part in case.parts):
        raise Missing("what every service needs")
    return case.done(total, why=f"together {pounds(total)}", consequence=total)


def _service(case: Case, service: str) -> tuple[int, int]:
    approved = case.flag("service_approved", group=service)
    if not approved:
        case.say("not approved: nothing")
        return 0, 0
    activity = case.number("activity", group=service)
    cost = case.money("efficient_unit_cost", group=service)
    price = case.money("national_price", group=service)
    pence = whole(activity * (cost - price))
    sums = told("({cost} - {price}) = {pence}", cost=cost, price=price, pence=pence)
    case.say(f"{float(activity):,.0f} x {sums}")
    return pence, pence


@rule(
    "lpm_zero_sum",
    "Who bears a local price modification",
    kinds="provider",
    first=FIRST,
    last=LAST,
    value="gain of the provider and losses of its commissioners added up, which is nil",
    formula="provider +x; each commissioner -x by its share of the contracts; sum 0",
    facts=("lpm_agreed",),
    inputs=("contracts of the provider, with baselines", "rule lpm"),
    needs=lambda reading, code, year: (
        reading.states(code, year, "lpm_agreed")
        or reading.states(code, year, "efficient_unit_cost")
    ),
    after=("lpm",),
    source="house convention; Lancaster Guardian (CQC)",
    example="19.5 over contracts of 200 and 100: +19.5, (13.0), (6.5); sum 0",
    invariants=("sums to nil", "parts sum to the whole"),
)
def lpm_zero_sum(case: Case) -> Outcome:
    """A higher price helps the provider and hurts whoever buys from it by the same sum: the system
    gains nothing. Morecambe Bay gave it up in 2017/18 because partners would have borne it."""
    worked = case.outcome_of(lpm)
    agreed = case.row("lpm_agreed")
    if agreed is None and worked.value is None:
        return case.cannot_be_told(Lack("the modification"))
    pence = int(agreed.value) if agreed is not None else int(worked.value or 0)
    weights: dict[str, int] = {}
    for row in case.reading.position.book.contracts:
        if (row.provider, row.year) == (case.code, case.year):
            if row.baseline is None:
                raise Missing(f"the baseline of the contract with {case.name(row.commissioner)}")
            weights[row.commissioner] = row.baseline
            case.entries.add(row.entry)
    if not weights:
        raise Missing("contracts of the provider, by which commissioners share it")
    case.known_part(case.code, pence, pence)
    for code, part in apportion(pence, weights).items():
        case.known_part(code, -part, -part)
    net = sum(int(part.value or 0) for part in case.parts)
    assert net == 0, "a local price modification moves money and makes none"
    return case.done(net, why=f"{pounds(pence)} to the provider, the same from its commissioners")


@rule(
    "lpm_tests",
    "Whether a local price modification is allowed",
    kinds="provider",
    first=FIRST,
    last=LAST,
    unit="count",
    value="how many of the tests are passed",
    formula="the provider tried alternatives, the commissioner considered alternatives, cost beyond "
    "control, no other payment for the same; on application also deficit >= least share x revenue",
    parameters=("lpm_deficit_share",),
    facts=(*TESTS, "lpm_by_application", "turnover"),
    triggers=(*TESTS, "lpm_by_application"),
    inputs=("surplus", "turnover"),
    source="Monitor/Frontier 2012; HSJ 5088163",
    example="four tests passed, deficit 5% of revenue: 5",
    invariants=("every test must pass",),
)
def lpm_tests(case: Case) -> Outcome:
    """A modification needs proof that the provider tried alternatives, that the commissioner
    considered them, that the cost lies beyond the provider's control, and that nobody pays twice. One
    that goes to the regulator also needs a deficit of a least size."""
    passed, asked = 0, len(TESTS)
    for test in TESTS:
        holds = case.flag(test)
        case.say(f"{test.removeprefix('lpm_').replace('_', ' ')}: {'yes' if holds else 'no'}")
        passed += holds
    if case.flag("lpm_by_application"):
        asked += 1
        least = case.share("lpm_deficit_share")
        deficit, turnover = -case.surplus(), case.turnover()
        enough = deficit >= least * turnover
        sums = told("deficit {deficit} of {turnover}", deficit=deficit, turnover=turnover)
        case.say(f"{sums}, at least {percent(least)}: {'yes' if enough else 'no'}")
        passed += enough
    status = "met" if passed == asked else "breached"
    return case.done(passed, status, why=f"{passed} of {asked} tests passed")


@rule(
    "lpm_taper",
    "Taper of a local price modification",
    kinds="provider",
    first=FIRST,
    last=LAST,
    value="the modification of this year of the taper",
    formula="first year's sum x taper of the year",
    parameters=("lpm_taper",),
    facts=("lpm_first_year",),
    needs=lambda reading, code, year: first_year(reading, code, year) is not None,
    source="house convention",
    example="20 in a straight line: 20, 15, 10, 5, 0",
    invariants=("never rises", "ends at nil", "scales with money"),
)
def lpm_taper(case: Case) -> Outcome:
    """The extra price is withdrawn by steps, so that the provider can change what it does. The part
    of each year is shown with the year that it belongs to."""
    first = first_year(case.reading, case.code, case.year)
    assert first is not None
    steps = [Fraction(part) for part in case.parameter("lpm_taper", first).value.split(";")]
    start = case.money("lpm_first_year", year=first)
    index = period(case.year).year.first - period(first).year.first
    for offset, step in enumerate(steps):
        year = next_year(first, offset)
        if year > LAST:
            case.say(f"from {year_label(year)} no price is modified")
            break
        case.known_part(year, whole(start * step), whole(start * step))
    step = steps[index] if index < len(steps) else Fraction(0)
    value = whole(start * step)
    why = f"{percent(step)} of " + told("{start} = {value}", start=start, value=value)
    return case.done(value, why=why, consequence=value)


def first_year(reading: object, code: str, year: str) -> str | None:
    """The year in which a taper began: the latest at or before `year`, ten years back at most."""
    for back in range(10):
        one = next_year(year_in(year), -back)
        if reading.states(code, one, "lpm_first_year"):  # type: ignore[attr-defined]
            return one
    return None


@rule(
    "lpm_implied_turnover",
    "What a local price modification implies",
    kinds="provider",
    first=FIRST,
    last=LAST,
    value="the turnover that two published shares imply",
    formula="turnover = modification x (1 + share after) / (share before - share after)",
    facts=("lpm_agreed", "deficit_share_before", "deficit_share_after"),
    triggers=("deficit_share_before", "deficit_share_after"),
    source="Lancaster Guardian (CQC)",
    example="22% falling to 15% with 19.5: 19.5 x 1.15 / 0.07 = 320.4, so a deficit of 70.5",
    invariants=("scales with money",),
)
def lpm_implied_turnover(case: Case) -> Outcome:
    """Where a source gives only the deficit as a share of turnover with and without the extra price,
    turnover and deficit follow: (deficit - x) / (turnover + x) is the share after."""
    pence = case.money("lpm_agreed")
    before, after = case.number("deficit_share_before"), case.number("deficit_share_after")
    if before <= after:
        return case.done(None, "breached", why="the share does not fall, so that nothing follows")
    turnover = pence * (1 + after) / (before - after)
    shares = f"{float(1 + after):g} / {float(before - after):g}"
    case.say(told(f"{{pence}} x {shares} = {{turnover}}", pence=pence, turnover=turnover))
    case.known_part("deficit", whole(before * turnover))
    return case.done(turnover)


RULES: tuple[Rule, ...] = (lpm, lpm_zero_sum, lpm_tests, lpm_taper, lpm_implied_turnover)
