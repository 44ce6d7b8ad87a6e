"""Business rules of commissioners, 2013/14 to 2018/19: set-asides, running costs and the balance.

`set_aside >= share x allocation`. The surplus rule is cumulative, so that it needs what was brought
forward; a balance that nobody states leaves the test indeterminate, though the sum asked for can
still be told. Source: domain guide 3; HSJ 5052031, 5058688, 5057623, 7011559, 7010730; HFMA Feb 2018.
"""

from __future__ import annotations

from fractions import Fraction

from controltotal.book.periods import months_needed
from controltotal.rules.case import Case, rule
from controltotal.rules.form import (
    Lack,
    Missing,
    Outcome,
    Rule,
    percent,
    pounds,
    told,
    whole,
    within_or_over,
)

IDENTITY = "method_cumulative_position"


def brought_forward(case: Case) -> int:
    """The cumulative balance carried into the year: as stated, else that of the year before."""
    row = case.row("opening_balance")
    if row is not None:
        return int(row.value)
    earlier = case.row("cumulative_position", year=case.previous())
    if earlier is not None:
        return int(earlier.value)
    return case.money("opening_balance")


def required(case: Case, name: str, what: str) -> int:
    """A share of the allocation that must be set aside."""
    share = case.share(name)
    allocation = case.allocation()
    pence = whole(share * allocation)
    sums = told("{allocation} = {asked}", allocation=allocation, asked=pence)
    case.say(f"{what}: {percent(share)} of the allocation of {sums}")
    return pence


@rule(
    "commissioner_surplus",
    "Cumulative surplus of a commissioner",
    kinds="commissioner",
    last="2017-18",
    value="the cumulative surplus required",
    formula="brought forward + surplus of the year >= surplus share x allocation",
    parameters=("commissioner_surplus_share", IDENTITY),
    facts=("opening_balance",),
    inputs=("allocation", "surplus"),
    source="HSJ 5052031; HSJ 5058688",
    example="660.0 x 1% = 6.6. With (8.6) in the year and nothing stated as brought forward, "
    "whether it is met cannot be told.",
    invariants=("scales with money", "never less than nil"),
)
def commissioner_surplus(case: Case) -> Outcome:
    """A commissioner must end the year with a cumulative surplus of at least a set share of its
    allocation: what it brought forward, plus or minus the result of the year."""
    asked = required(case, "commissioner_surplus_share", "surplus required")
    case.so_far = asked
    carried = brought_forward(case)
    case.share(IDENTITY)
    year = case.surplus()
    held = carried + year
    case.say(
        told(
            "brought forward {carried}, in the year {year}, together {held}",
            carried=carried,
            year=year,
            held=held,
        )
    )
    return case.judge(held - asked, asked, why=_reached(held, asked))


def _reached(held: int, asked: int) -> str:
    word = "reaches" if held >= asked else "falls short of"
    return told(f"{{held}} {word} {{asked}}", held=held, asked=asked)


def set_aside(case: Case, name: str, fact: str, what: str) -> Outcome:
    """A sum that must be held back, against what is held."""
    asked = required(case, name, what)
    case.so_far = asked
    held = case.money(fact)
    case.say(f"held back: {pounds(held)}")
    word = "meets" if held >= asked else "is less than"
    why = told(f"{{held}} held {word} {{asked}} required", held=held, asked=asked)
    return case.judge(held - asked, asked, why=why)


@rule(
    "commissioner_contingency",
    "Contingency of a commissioner",
    kinds="commissioner",
    last="2018-19",
    value="the contingency required",
    formula="contingency held >= contingency share x allocation",
    parameters=("commissioner_contingency_share",),
    facts=("set_aside_contingency",),
    inputs=("allocation",),
    source="HSJ 5052031; HSJ 5058688",
    example="660.0 x 0.5% = 3.3",
    invariants=("scales with money",),
)
def commissioner_contingency(case: Case) -> Outcome:
    """A commissioner must keep a set share of its allocation unspent for costs nobody foresaw."""
    return set_aside(case, "commissioner_contingency_share", "set_aside_contingency", "contingency")


@rule(
    "commissioner_headroom",
    "Money for once-only use (headroom)",
    kinds="commissioner",
    last="2017-18",
    value="the sum to be held for once-only use",
    formula="held for once-only use >= headroom share x allocation, and of it uncommitted >= "
    "uncommitted share x allocation unless its release is approved",
    parameters=("commissioner_headroom_share", "commissioner_headroom_uncommitted_share"),
    facts=("set_aside_headroom", "headroom_uncommitted", "headroom_release_approved"),
    inputs=("allocation",),
    source="HSJ 5058688; HSJ 7011559; HSJ 7010730",
    example="660.0 x 2% = 13.2; in 2016/17 1% stays uncommitted until the Treasury releases it",
    invariants=("scales with money", "the uncommitted part is no more than the whole"),
)
def commissioner_headroom(case: Case) -> Outcome:
    """A commissioner must set a share of its allocation aside for spending that happens only once.
    In 2016/17 the whole of it, and in 2017/18 half of it, had to stay uncommitted until released."""
    asked = required(case, "commissioner_headroom_share", "headroom")
    case.so_far = asked
    held = case.money("set_aside_headroom")
    margin = held - asked
    case.say(f"set aside: {pounds(held)}")
    if case.has_parameter("commissioner_headroom_uncommitted_share"):
        free = required(case, "commissioner_headroom_uncommitted_share", "of it uncommitted")
        released = case.row("headroom_release_approved")
        if released is not None and released.value:
            case.say("its release was approved, so that none of it need stay uncommitted")
        else:
            uncommitted = case.money("headroom_uncommitted")
            case.say(f"uncommitted: {pounds(uncommitted)}")
            margin = min(margin, uncommitted - free)
    word = "is enough" if margin >= 0 else f"falls short by {pounds(-margin)}"
    return case.judge(margin, asked, why=f"what is set aside {word}")


@rule(
    "commissioner_set_asides",
    "All set-asides together",
    kinds="commissioner",
    last="2017-18",
    value="surplus, contingency and headroom required together",
    formula="surplus required + contingency required + headroom required",
    inputs=("allocation",),
    after=("commissioner_surplus", "commissioner_contingency", "commissioner_headroom"),
    parameters=(
        "commissioner_surplus_share",
        "commissioner_contingency_share",
        "commissioner_headroom_share",
    ),
    source="HSJ 5058688; arithmetic",
    example="6.6 + 3.3 + 13.2 = 23.1",
    invariants=("parts sum to the whole", "scales with money"),
)
def commissioner_set_asides(case: Case) -> Outcome:
    """What a commissioner may not plan to spend in the ordinary way: surplus, contingency and
    headroom added up. It is met only if each of the three is met."""
    parts = [
        case.outcome_of(part)
        for part in (commissioner_surplus, commissioner_contingency, commissioner_headroom)
    ]
    for part, name in zip(parts, ("surplus", "contingency", "headroom"), strict=True):
        if part.value is None:
            return case.cannot_be_told(part.lack or Lack(f"the {name}"))
        case.say(f"{name}: {pounds(part.value)}")
    total = sum(part.value for part in parts if part.value is not None)
    statuses = {part.status for part in parts}
    status = next((s for s in ("indeterminate", "breached", "waived") if s in statuses), "met")
    return case.done(total, status, why=f"together {pounds(total)}")


def people_of(case: Case) -> Fraction:
    """The people of a body: the fact `population`, else the column of its row; raises Missing."""
    row = case.row("population")
    if row is not None:
        return Fraction(str(row.value))
    body = case.tree.organisations[case.code].row
    if body.population is None:
        raise Missing("the population")
    case.entries.add(body.entry)
    return Fraction(str(body.population))


def running_cost_of(case: Case) -> int:
    """What a body spends on running itself: the fact, else the line `running_costs`; raises Missing.

    The line is read of the actual of a whole year, else of the forecast, else of the plan.
    """
    row = case.row("running_cost")
    if row is not None:
        return case.money("running_cost")
    for basis in ("actual", "forecast", "plan"):
        value = case.totals.line_total(case.code, case.year, basis, "", "running_costs")
        if value.kind == "stopped":
            raise Missing("a row of running_costs", "was stopped by a fault in it", "stopped")
        if value.pence is not None and value.months == months_needed(case.year):
            case.entries.update(value.entries)
            case.say(f"running cost: the line running_costs of the {basis}, as no fact states it")
            return value.pence
    raise Missing("running cost")


@rule(
    "commissioner_running_cost",
    "Running costs of a commissioner",
    kinds="commissioner",
    last="2018-19",
    value="the most that may be spent on running costs",
    formula="running cost <= pounds a head x population",
    parameters=("commissioner_running_cost_per_head",),
    facts=("running_cost", "population"),
    inputs=("population of the organisation", "the line running_costs, where no fact states it"),
    source="HSJ 5057623",
    example="200,000 people x £25 = 5.0",
    invariants=("scales with money",),
)
def commissioner_running_cost(case: Case) -> Outcome:
    """What a commissioner spends on running itself is capped at a sum for each person it serves.
    Only the sum for 2013/14 has a source; a book may state later ones in `parameters`."""
    a_head = case.share("commissioner_running_cost_per_head")
    people = people_of(case)
    cap = whole(a_head * people * 100)
    case.so_far = cap
    case.say(f"£{float(a_head):g} a head for {float(people):,.0f} people = {pounds(cap)}")
    spent = running_cost_of(case)
    case.say(f"running cost: {pounds(spent)}")
    return case.judge(cap - spent, cap, why=within_or_over(spent, cap))


@rule(
    "cumulative_position",
    "Cumulative position",
    kinds="commissioner",
    last="2021-22",
    value="what is left of all resources, earlier years included",
    formula="resource = allocation + brought forward; cumulative = resource - spend",
    parameters=(IDENTITY,),
    facts=("resource", "spend", "opening_balance"),
    triggers=("resource", "spend"),
    inputs=("allocation, where no resource is stated",),
    source="Surrey Downs CCG report 2015/16; the identity is professional knowledge",
    example="328.1 - 356.7 = (28.6)",
    invariants=("scales with money",),
)
def cumulative_position(case: Case) -> Outcome:
    """All that a commissioner may use, what it brought forward included, less what it spent. A
    deficit is carried into the next year."""
    case.share(IDENTITY)
    stated = case.row("resource")
    if stated is not None:
        resource = int(stated.value)
        case.say(f"resource as stated: {pounds(resource)}")
    else:
        carried, allocation = brought_forward(case), case.allocation()
        resource = carried + allocation
        case.say(
            told(
                "allocation {allocation} plus brought forward {carried}",
                allocation=allocation,
                carried=carried,
            )
        )
    spent = case.money("spend")
    left = resource - spent
    why = told("{all} less {spent} = {left}", all=resource, spent=spent, left=left)
    return case.judge(left, left, why=why)


@rule(
    "in_year_position",
    "Position of the year alone",
    kinds="commissioner",
    last="2021-22",
    value="the change of the cumulative position in the year",
    formula="cumulative position of the year - cumulative position of the year before",
    parameters=(IDENTITY,),
    facts=("opening_balance", "cumulative_position"),
    inputs=("rule cumulative_position",),
    needs=lambda reading, code, year: (
        reading.states(code, year, "resource") or reading.states(code, year, "spend")
    ),
    after=("cumulative_position",),
    source="Surrey Downs CCG report 2015/16; arithmetic",
    example="(28.6) - (10.7) = (17.9)",
    invariants=("scales with money",),
)
def in_year_position(case: Case) -> Outcome:
    """What the year itself added to or took from the cumulative position."""
    whole_position = case.outcome_of(cumulative_position)
    if whole_position.value is None:
        return case.cannot_be_told(Lack("the cumulative position"))
    carried = brought_forward(case)
    change = int(whole_position.value) - carried
    case.say(
        told(
            "{position} less {carried} brought forward",
            position=whole_position.value,
            carried=carried,
        )
    )
    return case.judge(change, change, why=f"the year alone: {pounds(change)}")


@rule(
    "commissioner_improvement",
    "Improvement asked of an overspender",
    kinds="commissioner",
    first="2018-19",
    last="2018-19",
    value="the improvement required",
    formula="surplus of the year - surplus of the year before >= improvement share x allocation",
    parameters=("commissioner_improvement_share",),
    inputs=("allocation", "surplus of both years"),
    source="HFMA Feb 2018",
    example="allocation 400, (9.0) in 2017/18: 4.0 better is asked, so (5.0) or better",
    invariants=("scales with money",),
)
def commissioner_improvement(case: Case) -> Outcome:
    """A commissioner that overspent in 2017/18 must do better in 2018/19 by at least a set share of
    its allocation. One that did not overspend is not asked."""
    before = case.surplus(case.previous())
    if before >= 0:
        return case.done(0, "met", why=f"{pounds(before)} the year before: no overspend to mend")
    asked = required(case, "commissioner_improvement_share", "improvement required")
    case.so_far = asked
    now = case.surplus()
    better = now - before
    case.say(
        told("from {before} to {now} is {better} better", before=before, now=now, better=better)
    )
    return case.judge(better - asked, asked, why=_reached(better, asked))


@rule(
    "surplus_drawdown",
    "Drawing on an earlier surplus",
    kinds="commissioner",
    first="2018-19",
    value="what is drawn beyond what is approved",
    formula="drawn <= approved",
    facts=("surplus_drawdown", "surplus_drawdown_approved"),
    triggers=("surplus_drawdown", "surplus_drawdown_approved"),
    source="HFMA Feb 2018",
    example="3.0 drawn of 2.0 approved: 1.0 too much",
    invariants=("scales with money",),
)
def surplus_drawdown(case: Case) -> Outcome:
    """A surplus of earlier years may be spent only as far as its use is approved."""
    drawn = case.money("surplus_drawdown")
    approved = case.money("surplus_drawdown_approved")
    beyond = max(0, drawn - approved)
    why = told("{drawn} drawn, {approved} approved", drawn=drawn, approved=approved)
    return case.judge(approved - drawn, beyond, why=why)


RULES: tuple[Rule, ...] = (
    commissioner_surplus,
    commissioner_contingency,
    commissioner_headroom,
    commissioner_set_asides,
    commissioner_running_cost,
    cumulative_position,
    in_year_position,
    commissioner_improvement,
    surplus_drawdown,
)
