"""Savings under the rules: part-year effect, value to the system, and the efficiency asked for.

`part-year effect = full-year effect x the part of the year after the start`; what follows next year
is flow-through. What a commissioner saves a provider may lose: `system value = commissioner saving -
provider income loss + provider cost released`, by the kind of contract. Unidentified savings stay
apart. Source: domain guide 4; HFMA Jan 2019, Oct 2021, May 2022; NHS Providers July 2017; NHSE board
May 2025.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from controltotal.book.records import Contract, Scheme
from controltotal.core.calendar import year_end
from controltotal.core.period import is_whole_year
from controltotal.programme.phasing import in_plan, in_year_effect
from controltotal.rules.case import Case, rule
from controltotal.rules.form import (
    BODIES,
    EVERYONE,
    Missing,
    Outcome,
    Rule,
    percent,
    percents_apart,
    pounds,
    told,
    whole,
)
from controltotal.rules.reading import Reading


def planned(reading: Reading, code: str) -> list[Scheme]:
    """The named schemes that a body's plan counts; unidentified savings are no scheme."""
    return [
        row
        for row in reading.schemes.get(code, ())
        if in_plan(row) and row.maturity != "unidentified"
    ]


def effect(case: Case, scheme: Scheme) -> int:
    """What a scheme saves in the year as planned; raises Missing where it has no start."""
    found = in_year_effect(scheme, case.year, "plan", case.totals.amounts)
    if found is None:
        raise Missing(f"the start of the scheme {scheme.id}")
    case.entries.add(scheme.entry)
    case.entries.update(row.entry for row in case.totals.amounts.of_scheme.get(scheme.id, ()))
    return found


def has_schemes(reading: Any, code: str, year: str) -> bool:
    """Whether a body's plan has a scheme that has started by the year's end, or has no start."""
    last = year_end(year)
    return any(row.start is None or row.start <= last for row in planned(reading, code))


@rule(
    "savings_part_year",
    "Savings of the year (part-year effect)",
    kinds=BODIES,
    value="what named schemes save in the year",
    needs=has_schemes,
    formula="sum of full-year effect x the part of the year after each start",
    inputs=("schemes in the plan", "their own phasing where amounts carry it"),
    source="house convention",
    example="12 from 1 October: 6 in the year",
    invariants=(
        "no more than the full-year effect",
        "recurrent and non-recurrent make the whole",
        "scales with money",
    ),
)
def savings_part_year(case: Case) -> Outcome:
    """What the named schemes of a plan save in the year itself, which is less than their full-year
    effect where they start late."""
    by_kind = {"recurrent": 0, "non_recurrent": 0, "unknown": 0}
    full = 0
    for scheme in planned(case.reading, case.code):
        pence = effect(case, scheme)
        if not pence:
            continue
        by_kind[scheme.recurrence] += pence
        full += scheme.full_year_effect
        sums = told("{pence} of {full} a year", pence=pence, full=scheme.full_year_effect)
        case.say(f"{scheme.id}: {sums}")
    for kind, pence in by_kind.items():
        if pence:
            case.known_part(kind, pence)
    total = sum(by_kind.values())
    status = "met" if total <= full else "breached"
    why = told("{total} of {full} a full year", total=total, full=full)
    return case.done(total, status, why=why)


@rule(
    "savings_flow_through",
    "Savings still to come next year (flow-through)",
    kinds=BODIES,
    value="full-year effect less the effect of the year, of recurrent schemes that have started",
    formula="sum of (full-year effect - part-year effect)",
    inputs=("schemes in the plan",),
    needs=has_schemes,
    source="house convention",
    example="12 from 1 October: 6 still to come",
    invariants=("part year and flow-through make the full year", "scales with money"),
)
def savings_flow_through(case: Case) -> Outcome:
    """What the recurrent schemes that have started will save next year beyond what they save in this
    one, with nothing more to be done."""
    total = 0
    for scheme in planned(case.reading, case.code):
        pence = effect(case, scheme)
        if not pence or scheme.recurrence != "recurrent":
            continue
        rest = scheme.full_year_effect - pence
        if rest:
            sums = told(
                "{full} - {pence} = {rest}", full=scheme.full_year_effect, pence=pence, rest=rest
            )
            case.say(f"{scheme.id}: {sums}")
        total += rest
    return case.done(
        total, "met" if total >= 0 else "breached", why=f"{pounds(total)} still to come"
    )


def sold_on(reading: Any, code: str, year: str) -> bool:
    """Whether a body, or any below it, plans a scheme that takes income from a provider."""
    last = year_end(year)
    below = reading.tree.inside(code, year, reading.schemes)
    return any(
        row.provider and row.start is not None and row.start <= last
        for one in below
        for row in planned(reading, one)
    )


@rule(
    "savings_system_value",
    "What savings are worth to the system",
    kinds="commissioner system",
    value="commissioner savings less provider income lost plus provider cost released",
    formula="sum over schemes of (commissioner saving - provider income loss + cost released)",
    facts=("cost_released",),
    inputs=("schemes that name a provider", "effects", "contracts"),
    needs=sold_on,
    source="house convention",
    example="the commissioner saves 2.0, the trust loses 2.0 and releases 0.7: +0.7",
    invariants=("under a block only released cost counts", "scales with money"),
)
def savings_system_value(case: Case) -> Outcome:
    """A saving that only moves income from one body to its neighbour saves the system nothing. What
    counts is the cost that really goes. Under a block contract the commissioner saves nothing."""
    below = (case.code, *case.tree.descendants(case.code, case.year))
    total = 0
    for scheme in (s for one in below for s in planned(case.reading, one)):
        if scheme.provider is None or scheme.start is None:
            continue
        pence = effect(case, scheme)
        total += _system_value(case, scheme, pence) if pence else 0
    return case.done(
        total, "met" if total > 0 else "breached", why=f"to the system: {pounds(total)}"
    )


def _system_value(case: Case, scheme: Scheme, pence: int) -> int:
    """One scheme: by its effects where the book states them, else by the contract."""
    name = scheme.id
    effects = [r for r in case.reading.position.book.effects if r.scheme == name]
    if effects:
        case.entries.update(row.entry for row in effects)
        share = sum(Fraction(str(row.share)) for row in effects)
        case.say(f"{name}: {percent(share)} of {pounds(pence)} stays in the system, by its effects")
        return whole(share * pence)
    contract = _contract(case, scheme)
    varies = _varies(contract)
    released = case.reading.of_scheme.get((name, "cost_released"))
    if released is None or not isinstance(released.value, int):
        raise Missing(f"the cost that {scheme.provider} releases under {name}")
    case.entries.add(released.entry)
    saving = whole(pence * varies)
    value = saving - saving + released.value
    sums = told(
        "commissioner saves {saving}, provider loses {saving} and releases {released}: {value}",
        saving=saving,
        released=released.value,
        value=value,
    )
    case.say(f"{name}, {contract.kind} contract: {sums}")
    return int(value)


def _contract(case: Case, scheme: Scheme) -> Contract:
    for row in case.reading.position.book.contracts:
        if (row.commissioner, row.provider, row.year) == (
            scheme.organisation,
            scheme.provider,
            case.year,
        ):
            case.entries.add(row.entry)
            return row
    raise Missing(f"the contract of {scheme.organisation} with {scheme.provider}")


def _varies(contract: Contract) -> Fraction:
    """The share of a contract's price that moves with activity."""
    if contract.kind == "block":
        return Fraction(0)
    if contract.kind == "activity":
        return Fraction(1)
    if contract.kind == "blended" and contract.variable_share is not None:
        return Fraction(str(contract.variable_share))
    raise Missing(f"how the contract with {contract.provider} pays")


@rule(
    "savings_share",
    "Savings against a declared whole",
    kinds=EVERYONE,
    unit="share",
    value="savings over turnover, or over allocation where the body has one",
    formula="savings planned / turnover (providers) or allocation (commissioners, systems)",
    facts=("savings_planned", "turnover"),
    triggers=("savings_planned",),
    inputs=("allocation", "income"),
    source="NHS Providers July 2017; NHSE board May 2025",
    example="3.1 of a turnover of 83.8 is 3.7%; 11.0 of allocations of 154.9 is 7.1% (billions)",
    invariants=("the whole is named", "does not change when all money grows tenfold"),
)
def savings_share(case: Case) -> Outcome:
    """A saving in per cent means nothing without its whole: turnover for providers, allocation for
    commissioners and systems. The two are never mixed."""
    savings = case.money("savings_planned")
    kind = case.tree.kind(case.code)
    if kind in ("provider", "pool") or case.reading.states(case.code, case.year, "turnover"):
        base, what = case.turnover(), "turnover"
    else:
        base, what = case.allocation(), "allocation"
    if base <= 0:
        raise Missing(what)
    share = Fraction(savings, base)
    why = told(f"{{savings}} is {percent(share)} of {what} of {{base}}", savings=savings, base=base)
    return case.done(share, why=why)


ROLLED_OVER = "national_efficiency_rolled_over"
HALF_YEAR = "national_efficiency_half_year"


def efficiency_asked(case: Case) -> Fraction | None:
    """The share asked for; None where it hangs on a choice of tariff that the book does not state.

    In 2015/16 prices were rolled over for those that did not take the enhanced tariff option. The
    halves of 2021/22 had shares of their own, which make up that of the year.
    """
    if not is_whole_year(case.year) and case.has_parameter(HALF_YEAR):
        return case.share(HALF_YEAR)
    share = case.share("national_efficiency")
    if case.has_parameter(ROLLED_OVER):
        rolled_over = case.share(ROLLED_OVER)
        chosen = case.row("enhanced_tariff_option")
        if chosen is None:
            low, high = percents_apart(rolled_over, share)
            case.say(f"{high} under the enhanced tariff option, {low} where prices rolled over")
            return None
        case.say("the enhanced tariff option" if chosen.value else "prices rolled over")
        return share if chosen.value else rolled_over
    if case.has_parameter("national_efficiency_deficit_trusts"):
        more = case.share("national_efficiency_deficit_trusts")
        if case.control_total() < 0:
            case.say(f"a deficit control total: {percent(more)} more")
            return share + more
    return share


@rule(
    "national_efficiency",
    "National efficiency asked for",
    kinds="provider",
    halves="both",
    value="the saving asked for",
    formula="efficiency share x turnover; 0.5% more in 2019/20 for a trust with a deficit control "
    "total; in 2015/16 by the tariff that the trust chose",
    parameters=(
        "national_efficiency",
        HALF_YEAR,
        ROLLED_OVER,
        "national_efficiency_deficit_trusts",
    ),
    facts=("savings_planned", "turnover", "enhanced_tariff_option"),
    triggers=("savings_planned", "turnover", "enhanced_tariff_option"),
    inputs=("turnover", "control total in 2019/20"),
    source="HFMA 25 Oct 2013; HSJ 5073134; NHS Confederation 26 Nov 2014; HFMA Jan 2019; HSJ 7026075; "
    "C1406 para 21; HFMA May 2022; NHS Payment Scheme; revenue guidance of the medium term framework "
    "para 3; others professional knowledge",
    example="turnover 500 in 2019/20 with a deficit control total: 1.6% = 8.0",
    invariants=("scales with money",),
)
def national_efficiency(case: Case) -> Outcome:
    """The national payment system takes an efficiency off prices each year, so that a provider must
    save that share of its turnover merely to stand still."""
    share = efficiency_asked(case)
    if share is None:
        most = whole(case.share("national_efficiency") * case.turnover())
        least = whole(case.share(ROLLED_OVER) * case.turnover())
        why = "cannot be told: whether the enhanced tariff option was taken is not stated"
        return case.done(None, "indeterminate", why=why, low=least, high=most)
    base = case.turnover()
    asked = whole(share * base)
    case.so_far = asked
    case.say(f"{percent(share)} of turnover " + told("{base} = {asked}", base=base, asked=asked))
    savings = case.money("savings_planned")
    why = told("{savings} planned against {asked} asked", savings=savings, asked=asked)
    return case.judge(savings - asked, asked, why=why)


RULES: tuple[Rule, ...] = (
    savings_part_year,
    savings_flow_through,
    savings_system_value,
    savings_share,
    national_efficiency,
)
