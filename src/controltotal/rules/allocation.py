"""Allocations: people weighted for need, fair share, distance from it, and the pace towards it.

A body with the fact `allocation_pot` is divided among the commissioners below it. Each needs people,
need and market forces (or people already weighted), and a weight for health inequality. The sum of
closings makes up the pot exactly; a pot below the minima is infeasible and the shortfall is told.
The arithmetic is in `fair_share`. Source: domain guide 8; NHS England board paper on allocations
2014/15; HFMA, January and February 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from controltotal.rules import fair_share
from controltotal.rules.case import Case, Reading, rule
from controltotal.rules.form import (
    Lack,
    Missing,
    Number,
    Outcome,
    Rule,
    percent,
    percents_apart,
    pounds,
    told,
)

METHOD = "method_weighted_population"
POT = "allocation_pot"
SHOWN_MOST = 12
"""Up to so many bodies an explanation walks to each; of more it gives the number."""


@dataclass(frozen=True, slots=True)
class Division:
    """A pot of one year worked out for all the commissioners below its holder."""

    holder: str
    pot: int
    weighted: dict[str, Fraction]
    weighted_whole: Fraction
    by_share: dict[str, Fraction]
    targets: dict[str, int]


def holder_of(reading: Reading, code: str, year: str) -> str:
    """The body itself or the nearest above it that holds a pot in the year; empty without one."""
    for one in (code, *reading.tree.ancestors(code, year)):
        if reading.states(one, year, POT):
            return one
    return ""


def shares_a_pot(reading: Reading, code: str, year: str) -> bool:
    """Whether a commissioner is one of those that a pot is divided among."""
    return bool(holder_of(reading, code, year))


def members(case: Case, holder: str) -> tuple[str, ...]:
    """The commissioners below a holder that exist in the year."""
    found = tuple(
        code
        for code in case.tree.descendants(holder, case.year)
        if case.tree.kind(code) == "commissioner"
    )
    if not found:
        raise Missing(f"the commissioners of {case.name(holder)}")
    return found


def number_of(case: Case, code: str, fact: str, column: str = "") -> Fraction:
    """A number of a body: the fact of the year, else the column of its row; raises Missing."""
    row = case.row(fact, code=code)
    if row is not None:
        return Fraction(str(row.value))
    body = case.tree.organisations[code].row
    if column and body.cell(column) is not None:
        case.entries.add(body.entry)
        return Fraction(str(body.cell(column)))
    raise Missing(f"{fact.replace('_', ' ')} of {case.name(code)}")


def people_weighted(case: Case, code: str) -> Fraction:
    """People weighted for need and cost of place: as stated, else people x need x market forces."""
    stated = case.row("weighted_population", code=code)
    if stated is not None:
        return Fraction(str(stated.value))
    case.share(METHOD)
    return fair_share.weighted_population(
        number_of(case, code, "population", "population"),
        number_of(case, code, "need", "need_index"),
        number_of(case, code, "market_forces_factor"),
    )


def divided(case: Case) -> Division:
    """The pot above this body, divided; worked out once for all of them, and noted in each."""
    holder = holder_of(case.reading, case.code, case.year)
    if not holder:
        raise Missing("a pot to divide above this body")
    part = case.share("allocation_inequality_share")
    pot = case.money(POT, code=holder)
    kept: dict[tuple[str, str, str], Division] = case.reading.divisions
    key = (holder, case.year, str(part))
    if key not in kept:
        scratch = Case(case.reading, case.rule, holder, case.year)
        codes = members(scratch, holder)
        weighted = {code: people_weighted(scratch, code) for code in codes}
        weights = {c: number_of(scratch, c, "inequality_weight") for c in codes if part}
        above_nil("people weighted for need", sum(weighted.values(), Fraction(0)))
        if part:
            above_nil("inequality weights", sum(weights.values(), Fraction(0)))
        by_share = fair_share.shares(weighted, weights or dict.fromkeys(codes, Fraction(1)), part)
        targets = fair_share.targets(pot, by_share)
        whole = sum(weighted.values(), Fraction(0))
        kept[key] = Division(holder, pot, weighted, whole, by_share, targets)
    found = kept[key]
    case.say(f"{pounds(pot)} for {len(found.targets)} commissioners of {case.name(holder)}")
    if len(found.targets) <= SHOWN_MOST:
        case.inputs += [f"rule/{c}/{case.year}/weighted_population" for c in found.targets]
    return found


def above_nil(what: str, value: Number) -> None:
    """What is divided by, or grown, is above nil; raises Missing."""
    if value <= 0:
        raise Missing(what, "is not above nil")


def base_of(case: Case, code: str) -> int:
    """What the year's growth is counted from: as stated, else the allocation of the year before."""
    row = case.row("allocation_base", code=code)
    if row is not None:
        return int(row.value)
    return case.allocation(case.previous(), code)


@rule(
    "weighted_population",
    "People weighted for need",
    kinds="commissioner",
    unit="count",
    value="people weighted for need and for the cost of place",
    formula="people x need x market forces",
    parameters=(METHOD,),
    facts=("weighted_population", "population", "need", "market_forces_factor"),
    needs=shares_a_pot,
    source="NHS England board paper on allocations 2014/15",
    example="200,000 x 1.10 x 0.98 = 215,600",
    invariants=("grows with people",),
)
def weighted_people(case: Case) -> Outcome:
    """Money follows need: each person counts for more where need is higher and where care costs
    more because of the place."""
    found = people_weighted(case, case.code)
    case.say(f"people weighted for need and cost of place: {float(found):,.1f}")
    return case.done(found)


@rule(
    "target_allocation",
    "Fair share of the pot (target)",
    kinds="commissioner",
    value="the target allocation",
    formula="pot x ((1 - h) x weighted people / all weighted people + h x inequality weight / all)",
    parameters=("allocation_inequality_share", METHOD),
    facts=("inequality_weight", POT),
    needs=shares_a_pot,
    source="NHS England board paper on allocations 2014/15",
    example="720 x (0.9 x 215.6 / 506.3 + 0.1 x 320 / 560) = 317.08",
    invariants=("targets sum to the pot", "scales with money"),
)
def target_allocation(case: Case) -> Outcome:
    """The share of all the money that a commissioner would have if everybody had the same for the
    same need, with a part for health inequality."""
    found = divided(case)
    people_weighted(case, case.code)
    number_of(case, case.code, "inequality_weight")
    share = found.by_share[case.code]
    need, with_part = percents_apart(found.weighted[case.code] / found.weighted_whole, share)
    case.say(f"share of need {need}, with the inequality part {with_part}")
    target = found.targets[case.code]
    sums = told("{pot} = {target}", pot=found.pot, target=target)
    return case.done(target, why=f"{percent(share)} of {sums}")


@rule(
    "distance_from_target",
    "Distance from target",
    kinds="commissioner",
    unit="share",
    value="base over target less one; below nil is under the fair share",
    formula="base / target - 1",
    parameters=("allocation_inequality_share",),
    facts=("allocation_base",),
    inputs=("allocation of the year before",),
    needs=shares_a_pot,
    after=("target_allocation",),
    source="HFMA, January 2019",
    example="275 / 317.08 - 1 = -13.3%",
    invariants=("nil at target",),
)
def distance_from_target(case: Case) -> Outcome:
    """How far a commissioner's money is from its fair share before the growth of the year."""
    target = case.outcome_of(target_allocation)
    if target.value is None:
        return case.cannot_be_told(Lack("the target"))
    base = base_of(case, case.code)
    above_nil("the target", target.value)
    found = fair_share.distance(base, int(target.value))
    side = "above" if found > 0 else "below" if found < 0 else "at"
    case.say(told("base {base}, target {target}", base=base, target=target.value))
    return case.done(found, why=f"{percent(abs(found))} {side} its fair share")


def paced(case: Case, division: Division) -> fair_share.Pace:
    """The pace of change of a whole pot, worked out once."""
    terms = fair_share.Terms(
        _least_growth(case, division.holder),
        case.share("allocation_floor_under"),
        _pull(case, division.holder),
    )
    kept: dict[tuple[str, str, str], fair_share.Pace] = case.reading.paces
    key = (division.holder, case.year, f"{terms}")
    if key not in kept:
        scratch = Case(case.reading, case.rule, division.holder, case.year)
        bases = {code: base_of(scratch, code) for code in division.targets}
        above_nil("the base of every commissioner", min(bases.values()))
        above_nil("the target of every commissioner", min(division.targets.values()))
        kept[key] = fair_share.pace_of_change(bases, division.targets, division.pot, terms)
    return kept[key]


def _least_growth(case: Case, holder: str) -> Fraction:
    """The least growth that the book states, else that of national policy in the year."""
    row = case.row("growth_minimum", code=holder)
    return case.share("allocation_growth_minimum") if row is None else Fraction(str(row.value))


def _pull(case: Case, holder: str) -> Fraction:
    row = case.row("pull_on_distance", code=holder)
    return Fraction(0) if row is None else Fraction(str(row.value))


PACE = {
    "parameters": (
        "allocation_floor_under",
        "allocation_growth_minimum",
        "allocation_inequality_share",
    ),
    "facts": ("growth_minimum", "pull_on_distance", "allocation_base", POT),
    "source": "HFMA, January and February 2019; solved so that closings make up the pot",
}


@rule(
    "pace_of_change",
    "Allocation under the pace of change",
    kinds="commissioner",
    value="the closing allocation",
    formula="max((1 + least growth) x base, (1 - floor) x target, "
    "(1 + common growth - pull x distance) x base)",
    needs=shares_a_pot,
    after=("distance_from_target", "target_allocation"),
    parameters=PACE["parameters"],
    facts=PACE["facts"],
    source=str(PACE["source"]),
    example="pot 720, bases 275 and 410, targets 317.08 and 402.92: 301.23 and 418.77",
    invariants=("closings sum to the pot", "nobody below the floor or the least growth"),
)
def pace_of_change(case: Case) -> Outcome:
    """What a commissioner gets this year on the way to its fair share: never less than a least
    growth, never further under its share than a floor, and otherwise the growth common to all."""
    division = divided(case)
    pace = paced(case, division)
    base, target = base_of(case, case.code), division.targets[case.code]
    sums = told("base {base}, target {target}", base=base, target=target)
    closing = pace.closings[case.code]
    if not pace.feasible:
        case.so_far = None
        case.say(f"{sums}, least {pounds(closing)}")
        return case.done(
            None,
            "indeterminate",
            consequence=0,
            why=f"nothing is divided: the pot is {pounds(pace.shortfall)} short of the minima",
        )
    assert pace.growth is not None
    held = case.code in pace.held
    left = fair_share.distance(closing, target)
    case.say(f"{sums}, common growth {percent(pace.growth)}")
    case.part("closing_distance", lambda inner: left, unit="share")
    how = "held at its minimum" if held else "at the common growth"
    return case.done(closing, why=f"{pounds(closing)}, {how}: {percent(left)} from its fair share")


@rule(
    "pace_feasible",
    "Whether the pot covers every minimum",
    kinds="nation region cluster system",
    unit="share",
    value="the growth common to all that are not on their minimum",
    formula="sum of closings = pot",
    triggers=(POT,),
    parameters=PACE["parameters"],
    facts=PACE["facts"],
    source=str(PACE["source"]),
    example="pot 700 with no least growth: short by 2.86",
    invariants=("closings sum to the pot, or the shortfall is told",),
)
def pace_feasible(case: Case) -> Outcome:
    """A pot can only be divided if it covers the least that each commissioner must have. If it does
    not, the shortfall is shown and nothing is divided."""
    division = divided(case)
    pace = paced(case, division)
    least = sum(pace.closings.values()) if not pace.feasible else 0
    if not pace.feasible:
        return case.done(
            None,
            "breached",
            consequence=-pace.shortfall,
            why=told(
                "the minima sum to {least}, {short} more than the pot of {pot}",
                least=least,
                short=pace.shortfall,
                pot=division.pot,
            ),
        )
    held = ", ".join(case.name(code) for code in sorted(pace.held)) or "nobody"
    case.say(f"on their minimum: {held}")
    assert pace.growth is not None
    return case.done(pace.growth, why=f"common growth {percent(pace.growth)}", consequence=0)


RULES: tuple[Rule, ...] = (
    weighted_people,
    target_allocation,
    distance_from_target,
    pace_of_change,
    pace_feasible,
)
