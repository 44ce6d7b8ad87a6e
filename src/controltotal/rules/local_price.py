"""Local price modification: a price above the national one where place itself makes care dearer.

`modification = sum of activity x (efficient unit cost - national price)` over approved services. It is
zero-sum: what the provider gains its commissioners lose. It tapers by year. It was in force from the
first tariff of the regulator (2014/15) to 31 March 2023, when the payment scheme took the tariff's
place: no rule of it binds after 2022/23. Source: domain guide 5; Monitor/Frontier 2012; HSJ 5088163;
The Visitor 2015; Monitor July 2015; Lancaster Guardian (CQC); factsheet of 10 March 2022; SI 2023/306.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from controltotal.book.precision import Precision
from controltotal.core.calendar import next_year, year_label
from controltotal.core.finding import Finding
from controltotal.core.money import apportion
from controltotal.core.period import year_in
from controltotal.rules.case import Case, rule
from controltotal.rules.form import Lack, Missing, Outcome, Rule, percent, pounds, told, whole
from controltotal.workings.local_price import (
    KIND,
    LAST,
    borne_by,
    price_due,
    price_paid,
    step_of,
    years_between,
)
from controltotal.workings.workings import Workings

FIRST = "2014-15"
"""The first tariff year in which a price could be modified."""
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
    known = worked.value if agreed is None else agreed.value
    if known is None:
        return case.cannot_be_told(Lack("the modification"))
    pence = int(known)
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
    for offset in range(len(steps)):
        year = next_year(first, offset)
        if year > LAST:
            case.say(f"from {year_label(year)} no price is modified")
            break
        case.known_part(year, step_of(start, steps, offset), step_of(start, steps, offset))
    index = years_between(first, case.year)
    step = steps[index] if index < len(steps) else Fraction(0)
    value = step_of(start, steps, index)
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
    "lpm_change",
    "Local price modification beside the year before",
    kinds="provider",
    first=FIRST,
    last=LAST,
    value="the modification of the year less that of the year before",
    formula="this year's sum, nil where none was pursued, less last year's",
    facts=("lpm_pursued", "lpm_agreed", "lpm_first_year"),
    triggers=("lpm_pursued",),
    after=("lpm_taper",),
    source="Lancaster Guardian (CQC); The Visitor 2015",
    example="19.5 in 2016/17 and none pursued in 2017/18: (19.5)",
    invariants=("scales with money",),
)
def lpm_change(case: Case) -> Outcome:
    """The support was meant to fall as a system comes back to balance, and it has to be sought anew
    each year: where it is not, all of it is gone at once, whatever its taper said."""
    before = _of_year(case, case.previous())
    now = _of_year(case, case.year)
    case.say(told("{now} this year beside {before} the year before", now=now, before=before))
    tapered = case.outcome_of(lpm_taper)
    if tapered.value is None:
        case.say("by what steps it was to fall is not stated")
    elif tapered.value != now:
        case.say(told("the taper would have left {pence}", pence=int(tapered.value)))
    gone = " none was pursued" if not now else ""
    why = told("{now} after {before}", now=now, before=before) + (f":{gone}" if gone else "")
    return case.done(
        now - before, "met" if now <= before else "breached", why=why, consequence=now - before
    )


def _of_year(case: Case, year: str) -> int:
    """The modification of a year: nil where none was pursued, as agreed, or by the taper."""
    pursued = case.row("lpm_pursued", year=year)
    if pursued is not None and not pursued.value:
        return 0
    agreed = case.row("lpm_agreed", year=year)
    if agreed is not None and isinstance(agreed.value, int):
        return agreed.value
    due = price_due(case.reading.position, case.code, year)
    if due is None:
        raise Missing(f"the modification of {year_label(year)}")
    return due


def price_not_as_due(workings: Workings) -> Iterator[Finding]:
    """A price modification paid by other sums than its taper, or what was agreed, comes to.

    It looks at providers to whom transfers of that kind are agreed in the book; a commissioner's own
    part is looked at where contracts say it.
    """
    position = workings.position
    rows = [r for r in position.book.transfers if r.kind == KIND and r.status == "agreed"]
    for provider, year in sorted({(row.to, row.year) for row in rows}):
        due = price_due(position, provider, year)
        if due is None:
            continue
        paid = price_paid(position, provider, year)
        asked = borne_by(position, provider, year, due)
        mine = [row for row in rows if (row.to, row.year) == (provider, year)]
        precision = Precision(mine)  # a part typed as 6.7 is not told from 6.67
        wrong = [
            code
            for code in {**asked, **paid}
            if asked
            and not precision.meets(
                paid.get(code, 0), asked.get(code, 0), [r for r in mine if r.from_ == code]
            )
        ]
        if not wrong and precision.meets(sum(paid.values()), due, mine):
            continue
        tree = workings.tree
        parts = [
            told(
                f"{tree.name(code)} {{paid}} and not {{asked}}",
                paid=paid.get(code, 0),
                asked=asked.get(code, 0),
            )
            for code in wrong
        ]
        whole = told("{paid} in all, and {due} is due", paid=sum(paid.values()), due=due)
        yield Finding(
            code="LPM_NOT_AS_DUE",
            severity="warning",
            organisation=provider,
            where=", ".join(
                row.where if not n else f"row {row.number}" for n, row in enumerate(mine)
            ),
            message=f"Transfers pay {tree.name(provider)} a local price modification for "
            f"{year_label(year)} of {whole}" + (f": {'; '.join(parts)}" if parts else "") + ".",
            expected=pounds(due),
            found=pounds(sum(paid.values())),
            action="Correct the transfers, or the first year's sum, its taper and the contracts.",
            detail=mine[0].detail,
        )


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


RULES: tuple[Rule, ...] = (
    lpm,
    lpm_zero_sum,
    lpm_tests,
    lpm_taper,
    lpm_change,
    lpm_implied_turnover,
)
