"""What a chosen portfolio makes of each body and year: its saving, its bound, and the target."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.calendar import year_label
from controltotal.savings.portfolio.build import Built
from controltotal.savings.portfolio.certificate import bound_for
from controltotal.savings.portfolio.engine import Chosen
from controltotal.workings.value import Value


def delivered(chosen: Chosen, bodies: frozenset[str], year: str) -> int:
    """Expected saving of the chosen schemes that falls on some bodies in a year."""
    by_code = chosen.problem.by_code
    return sum(by_code[c].saving(bodies, year)[place] for c, place in chosen.choice.items())


def shown(built: Built, year: str) -> list[str]:
    """Bodies that get figures: all but councils, which hold no money of the health service."""
    tree = built.totals.tree
    return [c for c in built.scope if tree.kind(c) != "local_authority" and tree.exists(c, year)]


def bound(built: Built, chosen: Chosen, bodies: frozenset[str], year: str) -> int:
    """The proved bound of one group of bodies in one year."""
    key = (bodies, year)
    if key not in built.bounds:
        everything = all(
            part.body in bodies and part.year == year
            for candidate in chosen.problem.candidates
            for part in candidate.savings
        )
        found = chosen.saving_bound if everything else bound_for(chosen, bodies, year)
        built.bounds[key] = found
    return built.bounds[key]


def target_of(built: Built, code: str, year: str) -> Value:
    """The control total that a body must reach: its own, else that of those below it."""
    return built.totals.control_total(code, year)


def span(years: Sequence[str]) -> str:
    """The years in words."""
    first, last = year_label(years[0]), year_label(years[-1])
    return first if first == last else f"{first} to {last}"
