"""Pace of change on 211 commissioners over seven years: exact pieces beside bisection and brentq.

Bases and pots are the published allocations of 2013/14 to 2019/20; need is made up from one seed
within 12% of each base, so that some bodies sit on the floor, some on the least growth. The peers
work in floats and do not sum to the penny; answers agree within a pound before any clock starts.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from scipy.optimize import brentq

from controltotal.core.published import ALLOCATIONS, published_rows
from controltotal.rules.fair_share import Terms, YearPlan, path, shares
from harness import Peer, race, write_section

TERMS = Terms(Fraction(0), Fraction("0.05"), Fraction("0.1"))
Closings = dict[str, float]


def workload() -> tuple[dict[str, int], list[YearPlan]]:
    """Published bases of 211 bodies and pots of seven years; need drawn from one seed."""
    draw = random.Random(2013)
    totals: dict[str, int] = {}
    bases: dict[str, int] = {}
    for row in published_rows(ALLOCATIONS):
        pence = int(row["allocation_k"]) * 100_000
        totals[row["financial_year"]] = totals.get(row["financial_year"], 0) + pence
        if row["financial_year"] == "2013/14":
            bases[row["ccg_code"]] = pence
    weighted = {c: Fraction(round(b * draw.uniform(0.88, 1.12)), 10**7) for c, b in bases.items()}
    inequality = {c: Fraction(round(b * draw.uniform(0.8, 1.2)), 10**7) for c, b in bases.items()}
    by_share = shares(weighted, inequality, Fraction("0.1"))
    pots = [total * 102 // 100 for _, total in sorted(totals.items())]
    assert len(bases) == 211 and len(pots) == 7
    return bases, [YearPlan(str(n), pot, by_share, TERMS) for n, pot in enumerate(pots)]


def exact(bases: dict[str, int], plans: list[YearPlan]) -> Closings:
    """Ours: seven years, each from the closings of the one before."""
    made = path(bases, plans)
    assert len(made) == 7 and all(year.pace.feasible for year in made)
    return dict(made[-1].pace.closings)


def by_roots(bases: dict[str, int], plans: list[YearPlan], root: Callable[..., float]) -> Closings:
    """The same in floats: find the growth at which closings make up the pot."""
    codes = sorted(bases)
    base = np.array([bases[c] for c in codes], dtype=float)
    for plan in plans:
        target = np.array([float(plan.by_share[c]) for c in codes]) * plan.pot_pence
        least = np.maximum(base, 0.95 * target)
        pulled = 0.1 * (base / target - 1) * base

        def over(growth: float, base=base, least=least, pulled=pulled, pot=plan.pot_pence) -> float:  # type: ignore[no-untyped-def]
            return float(np.maximum(least, base * (1 + growth) - pulled).sum() - pot)

        growth = root(over, -1.0, 1.0)
        base = np.maximum(least, base * (1 + growth) - pulled)
    return dict(zip(codes, base.tolist(), strict=True))


def bisection(over: Callable[[float], float], low: float, high: float) -> float:
    """Halve the interval sixty times."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if over(middle) < 0 else (low, middle)
    return high


def agree(one: Closings, other: Closings) -> bool:
    return all(abs(one[c] - other[c]) < 100 for c in one)


def main() -> None:
    bases, plans = workload()
    timings = race(
        [
            Peer("exact, to the penny", lambda: exact(bases, plans)),
            Peer("bisection (numpy)", lambda: by_roots(bases, plans, bisection)),
            Peer(
                "brentq (scipy)",
                lambda: by_roots(bases, plans, lambda f, a, b: float(brentq(f, a, b, xtol=1e-13))),
            ),
        ],
        same=agree,
    )
    write_section(
        "Pace of change",
        "211 commissioners, seven years, targets worked out each year",
        timings,
        packages=["numpy", "scipy"],
        notes=["The peers give float pounds; ours gives whole pence that sum to each pot."],
    )


if __name__ == "__main__":
    main()
