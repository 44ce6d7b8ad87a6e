"""Small made-up portfolio problems, as awkward as real ones and quick to enumerate."""

from __future__ import annotations

import random
from fractions import Fraction

from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving

YEAR = "2026-27"
BODIES = ("QAA", "QBB", "QCC")
SERVICES = ("surgery", "mental")
MOST_PORTFOLIOS = 70_000


def small_problem(seed: int) -> Problem:
    """A problem of up to sixteen schemes whose portfolios can all be counted."""
    draw = random.Random(seed)
    bodies = BODIES[: draw.randint(1, 3)]
    starts_each = draw.choice((1, 1, 2, 3, 5))
    most = {1: 16, 2: 10, 3: 8, 5: 6}[starts_each]
    number = draw.randint(1, most)
    candidates = [_candidate(draw, f"S{n:02}", bodies, starts_each) for n in range(number)]
    portfolios = 1
    for candidate in candidates:
        portfolios *= len(candidate.starts) + 1
    assert portfolios <= MOST_PORTFOLIOS
    excludes, requires = set(), {}
    for first in candidates:
        for second in candidates:
            if first.code < second.code and draw.random() < 0.08:
                excludes.add(frozenset({first.code, second.code}))
            elif first.code != second.code and draw.random() < 0.05:
                requires[second.code] = (*requires.get(second.code, ()), first.code)
    if draw.random() < 0.1:
        requires["S00"] = (*requires.get("S00", ()), "not-eligible")
    demands = tuple(_demands(draw, bodies, candidates))
    draw.shuffle(candidates)
    return Problem(tuple(candidates), demands, frozenset(excludes), requires)


def _candidate(draw: random.Random, code: str, bodies: tuple[str, ...], most: int) -> Candidate:
    """A scheme, sometimes moving money between bodies, sometimes of no worth."""
    owner = draw.choice(bodies)
    starts = tuple(sorted(draw.sample(range(-2 if draw.random() < 0.1 else 1, 13), most)))
    full = draw.choice((0, draw.randint(1, 5_000), draw.randint(10_000, 900_000_000)))
    yearly = tuple(full * (13 - max(1, start)) // 12 for start in starts)
    savings = [Saving(owner, YEAR, yearly)]
    if draw.random() < 0.25 and len(bodies) > 1:
        other = draw.choice([body for body in bodies if body != owner])
        share = draw.choice((-130, -40, 20))
        savings.append(Saving(other, YEAR, tuple(pence * share // 100 for pence in yearly)))
    return Candidate(
        code=code,
        organisation=owner,
        starts=starts,
        savings=tuple(savings),
        recurrent=draw.random() < 0.75,
        full_year=full,
        to_date=tuple(full // 12 * sum(range(1, 14 - max(1, start))) for start in starts),
        wte_thousandths=draw.choice((0, draw.randint(100, 9_000))),
        investment=draw.choice((0, draw.randint(0, 60_000_000))),
        harm=draw.randint(0, 40),
        groups=frozenset(draw.sample((*SERVICES, "north"), draw.randint(0, 2))),
    )


def _demands(draw: random.Random, bodies: tuple[str, ...], candidates: list[Candidate]):
    """Rules that bind about half the time; control totals that cannot always be met."""
    everyone = frozenset(bodies)
    saving = sum(max(0, *candidate.saving()) for candidate in candidates)
    for body in (*bodies, "SYS"):
        inside = everyone if body == "SYS" else frozenset({body})
        if draw.random() < 0.6:
            need = int(saving * draw.uniform(0.05, 1.1) / (1 if body == "SYS" else len(bodies)))
            yield Demand("control_total", f"total {body}", body, YEAR, inside, lower=need)
        if draw.random() < 0.5:
            people = sum(c.wte_thousandths for c in candidates if c.organisation in inside)
            for month in draw.sample(range(1, 13), 3):
                yield Demand(
                    "capacity_wte",
                    f"people {body} {month}",
                    body,
                    YEAR,
                    inside,
                    month=month,
                    upper=int(people * draw.uniform(0.2, 0.9)),
                )
        if draw.random() < 0.5:
            money = sum(c.investment for c in candidates if c.organisation in inside)
            yield Demand(
                "investment",
                f"purse {body}",
                body,
                YEAR,
                inside,
                month=1,
                upper=int(money * draw.uniform(0.2, 0.9)),
            )
        if draw.random() < 0.3:
            yield Demand(
                "harm_ceiling",
                f"harm {body}",
                body,
                YEAR,
                inside,
                upper=draw.randint(0, 90),
                group=draw.choice((*SERVICES, "")),
            )
        if draw.random() < 0.2:
            yield Demand(
                "saving_ceiling",
                f"ceiling {body}",
                body,
                YEAR,
                inside,
                upper=int(saving * draw.uniform(0.1, 0.9)),
            )
        if draw.random() < 0.2:
            yield Demand(
                "saving_floor",
                f"floor {body}",
                body,
                YEAR,
                inside,
                lower=int(saving * draw.uniform(0.0, 0.5)),
            )
        if draw.random() < 0.2 and body != "SYS":
            yield Demand("special_measures", f"measures {body}", body, YEAR, inside, lower=0)
    if draw.random() < 0.3 and len(bodies) > 1:
        part = Fraction(draw.randint(30, 90), 100)
        yield Demand(
            "share_of_burden",
            "burden",
            bodies[0],
            YEAR,
            frozenset({bodies[0]}),
            upper=0,
            share=part.as_integer_ratio(),
            share_of=everyone,
        )
    if draw.random() < 0.3:
        members = frozenset(c.code for c in draw.sample(candidates, min(3, len(candidates))))
        full = sum(c.full_year for c in candidates if c.code in members)
        yield Demand(
            "overlap",
            "overlap",
            bodies[0],
            YEAR,
            everyone,
            upper=int(full * draw.uniform(0.3, 1.0)),
            schemes=members,
        )
