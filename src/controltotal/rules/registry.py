"""Every rule in its declared order: a rule may rest only on rules that stand before it.

The order is the order of work and of the manual. A circle cannot be declared: a rule that names a
later one stops the program as it starts, so that nothing is ever filled in to break a circle.
"""

from __future__ import annotations

from functools import lru_cache

from controltotal.rules import (
    allocation,
    balance,
    capped_expenditure,
    commissioner,
    deficit_support,
    duties,
    envelope,
    forecast_change,
    fund,
    legacy,
    local_price,
    oversight,
    recovery,
    savings,
    totals,
    underlying,
)
from controltotal.rules.form import Rule

FAMILIES: tuple[tuple[str, str, tuple[Rule, ...]], ...] = (
    ("commissioner", "Business rules of commissioners", commissioner.RULES),
    ("recovery", "Recovery of commissioners", recovery.RULES),
    ("savings", "Savings and efficiency", savings.RULES),
    ("local_price", "Local price modification", local_price.RULES),
    ("totals", "Control totals", totals.RULES),
    ("fund", "Provider and commissioner funds", fund.RULES),
    ("envelope", "Envelopes of 2020/21 and 2021/22", envelope.RULES),
    ("duties", "Duties from July 2022", duties.RULES),
    ("balance", "Who must balance", balance.RULES),
    ("legacy", "Overspends carried over, repayment and capital", legacy.RULES),
    ("deficit_support", "Deficit support and oversight", deficit_support.RULES),
    ("underlying", "Underlying position, gap and rates", underlying.RULES),
    ("allocation", "Allocations and fair shares", allocation.RULES),
    ("capped_expenditure", "Capped Expenditure Process", capped_expenditure.RULES),
    ("oversight", "Oversight", oversight.RULES),
    ("forecast_change", "Changing a forecast", forecast_change.RULES),
)


def in_order(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The same rules, checked: every name once, and nothing rests on what comes later."""
    seen: set[str] = set()
    for rule in rules:
        assert rule.name not in seen, f"two rules are called {rule.name}"
        later = [name for name in rule.after if name not in seen]
        assert not later, f"{rule.name} rests on {', '.join(later)}, which must stand before it"
        seen.add(rule.name)
    return rules


RULES: tuple[Rule, ...] = in_order(tuple(r for _, _, rules in FAMILIES for r in rules))


@lru_cache(maxsize=1)
def by_name() -> dict[str, Rule]:
    """Every rule by its name."""
    return {rule.name: rule for rule in RULES}


@lru_cache(maxsize=4096)
def candidates(kind: str, year: str) -> tuple[Rule, ...]:
    """The rules that may bind a kind of body in a year."""
    return tuple(rule for rule in RULES if kind in rule.kinds and rule.in_years(year))
