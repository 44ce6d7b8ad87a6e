"""Portfolios the size of a system, a region and England, made up and always the same.

About eighty schemes a body, six bodies a system, six systems a region; every scheme may start in
any of twelve months. Bodies are short of people in every month, of investment and of room under
the chief nurse's ceilings by service; systems share scarce specialists and a purse, and no body
may bear more than its share; regions share a purse; bodies and systems have control totals that
can just be met. One scheme in ten moves money between two bodies, one in twenty excludes another
and one in twenty needs another first. Every figure is invented.
"""

from __future__ import annotations

import numpy as np

from controltotal.savings.portfolio.problem import Candidate, Demand, Problem, Saving

YEAR = "2026-27"
SCHEMES_A_BODY = 80
BODIES_A_SYSTEM = 6
SYSTEMS_A_REGION = 6
SERVICES = ("surgery", "medicine", "mental", "community", "estates")
MONTHS = tuple(range(1, 13))


def instance(schemes: int, seed: int = 2026) -> Problem:
    """A made-up problem with so many schemes.

    >>> len(instance(160).candidates)
    160
    """
    rng = np.random.default_rng([seed, schemes])
    bodies = [f"B{n:03}" for n in range(max(1, round(schemes / SCHEMES_A_BODY)))]
    candidates = [_candidate(rng, n, bodies[n % len(bodies)], bodies) for n in range(schemes)]
    systems = _groups(bodies, BODIES_A_SYSTEM, "Q")
    regions = _groups(list(systems), SYSTEMS_A_REGION, "R")
    demands = [d for body in bodies for d in _of_body(rng, body, candidates)]
    for system, members in systems.items():
        demands += _of_system(rng, system, frozenset(members), candidates)
    for region, inside in regions.items():
        members = frozenset(body for system in inside for body in systems[system])
        held = sum(c.investment for c in candidates if c.organisation in members)
        demands.append(_purse(region, members, held * 30 // 100))
    excludes, requires = _pairs(rng, candidates, len(bodies))
    return Problem(tuple(candidates), tuple(demands), excludes, requires)


def _groups(members: list[str], size: int, letter: str) -> dict[str, list[str]]:
    """Members in groups of a size, each with a code."""
    parts = [members[n : n + size] for n in range(0, len(members), size)]
    return {f"{letter}{n:02}": part for n, part in enumerate(parts)}


def _candidate(rng: np.random.Generator, number: int, body: str, bodies: list[str]) -> Candidate:
    """One scheme: lognormal size, chance and share delivered, needs and harm."""
    full = int(rng.lognormal(17.2, 0.9))  # pence, median about 300,000 pounds
    expected = round(full * rng.uniform(0.5, 1.0) * rng.uniform(0.6, 1.05))
    yearly = tuple(round(expected * (13 - start) / 12) for start in MONTHS)
    savings = [Saving(body, YEAR, yearly)]
    if rng.random() < 0.1 and len(bodies) > 1:
        neighbour = bodies[(bodies.index(body) + 1) % len(bodies)]
        savings.append(Saving(neighbour, YEAR, tuple(-round(0.3 * pence) for pence in yearly)))
    to_date = tuple(round(expected / 12 * sum(range(1, 14 - start))) for start in MONTHS)
    return Candidate(
        code=f"S{number:05}",
        organisation=body,
        starts=MONTHS,
        savings=tuple(savings),
        full_year=expected,
        to_date=to_date,
        wte_thousandths=max(100, round(full / 1e7 * rng.uniform(0.7, 1.3))) * 100,
        investment=int(full * rng.uniform(0.25, 0.5)),
        harm=int(rng.integers(4, 40)),
        groups=frozenset({SERVICES[int(rng.integers(5))]}),
    )


def _of_body(rng: np.random.Generator, body: str, all_schemes: list[Candidate]) -> list[Demand]:
    """A body's people by month, purse, ceilings of harm and control total."""
    own, mine = [c for c in all_schemes if c.organisation == body], frozenset({body})
    people = sum(c.wte_thousandths for c in own)
    demands = [
        Demand(
            "capacity_wte",
            f"{body} M{m}",
            body,
            YEAR,
            mine,
            month=m,
            upper=int(people * (rng.uniform(0.18, 0.26))),
        )
        for m in MONTHS
    ]
    demands.append(_purse(body, mine, sum(c.investment for c in own) * 40 // 100))
    for service in SERVICES:
        harm = sum(c.harm for c in own if service in c.groups)
        demands.append(
            Demand(
                "harm_ceiling",
                f"{body} {service}",
                body,
                YEAR,
                mine,
                upper=harm // 2,
                group=service,
            )
        )
    full = sum(c.full_year for c in own)
    demands.append(Demand("control_total", body, body, YEAR, mine, lower=full // 5))
    return demands


def _of_system(
    rng: np.random.Generator, system: str, members: frozenset[str], all_schemes: list[Candidate]
) -> list[Demand]:
    """A system's specialists by month, purse, control total, and each body's share of burden."""
    own = [c for c in all_schemes if c.organisation in members]
    people = sum(c.wte_thousandths for c in own)
    demands = [
        Demand(
            "capacity_wte",
            f"{system} M{m}",
            system,
            YEAR,
            members,
            month=m,
            upper=people * 19 // 100,
        )
        for m in MONTHS
    ]
    for service in SERVICES:
        specialists = sum(c.wte_thousandths for c in own if service in c.groups)
        demands += [
            Demand(
                "capacity_wte",
                f"{system} {service} M{m}",
                system,
                YEAR,
                members,
                month=m,
                upper=int(specialists * rng.uniform(0.14, 0.24)),
                group=service,
            )
            for m in MONTHS
        ]
    demands.append(_purse(system, members, sum(c.investment for c in own) * 33 // 100))
    full = sum(c.full_year for c in own)
    demands.append(Demand("control_total", system, system, YEAR, members, lower=full * 30 // 100))
    demands += [
        Demand(
            "share_of_burden",
            f"{body} of {system}",
            body,
            YEAR,
            frozenset({body}),
            upper=0,
            share=(115, 100 * len(members)),
            share_of=members,
        )
        for body in sorted(members)
        if len(members) > 1
    ]
    return demands


def _purse(code: str, members: frozenset[str], pence: int) -> Demand:
    """An investment budget."""
    return Demand("investment", f"{code} purse", code, YEAR, members, upper=pence, month=1)


def _pairs(
    rng: np.random.Generator, candidates: list[Candidate], bodies: int
) -> tuple[frozenset[frozenset[str]], dict[str, tuple[str, ...]]]:
    """Exclusions and precedence between schemes of one body."""
    excludes, requires = set(), {}
    for place, candidate in enumerate(candidates[:-bodies]):
        other = candidates[place + bodies]
        drawn = rng.random()
        if drawn < 0.05:
            excludes.add(frozenset({candidate.code, other.code}))
        elif drawn < 0.10:
            requires[other.code] = (candidate.code,)
    return frozenset(excludes), requires
