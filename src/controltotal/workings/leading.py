"""Whom an answer is about where nobody is named: one reckoning for the terminal and for papers.

The book's `home` leads, else the system with most to show: a director opens a book of a region and
means the system in it. A body of which nothing is told never leads one of which something is.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from controltotal.core.scope import Body, Scope
from controltotal.workings import gaps
from controltotal.workings.totals import Totals
from controltotal.workings.value import Value
from controltotal.workings.workings import Workings

RANK: Final = ("system", "cluster", "region", "commissioner", "provider", "pool", "nation")
"""Kinds of bodies in the order in which they lead an answer."""


def scope_of(workings: Workings, year: str) -> Scope:
    """The bodies of a year in the order of the tree, and who leads it; worked out once a year."""
    return workings.once(("scope", year), lambda: _scope(workings, year))


def leading(workings: Workings, year: str) -> str:
    """The body that an answer on a year is about where none is asked for; empty for no body."""
    return scope_of(workings, year).lead


def _scope(workings: Workings, year: str) -> Scope:
    tree, found = workings.tree, []
    waiting = [(code, 0) for code in reversed(tree.roots(year))] if year else []
    while waiting:
        code, depth = waiting.pop()
        found.append(Body(code, tree.name(code, year), tree.kind(code), depth))
        waiting.extend((child, depth + 1) for child in reversed(tree.children(code, year)))
    home = workings.position.text("home")
    lead = home if home in tree.organisations else _most_told(workings, found, year)
    return Scope(tuple(found), lead, year)


def _most_told(workings: Workings, bodies: list[Body], year: str) -> str:
    """The body whose position is told, else of which anything is: by kind, then with most told."""
    below = Counter(code for body in bodies for code in workings.tree.ancestors(body.code, year))
    said = {body.code: _said(workings.totals, body.code, year) for body in bodies}

    def place(body: Body) -> tuple[Any, ...]:
        standing, told = said[body.code]
        rank = RANK.index(body.kind) if body.kind in RANK else len(RANK)
        return (not standing, not told, rank, -told, -below[body.code], body.code)

    return min(bodies, key=place).code if bodies else ""


def _said(totals: Totals, code: str, year: str) -> tuple[bool, int]:
    """Whether a surplus of a body is told in a year, and how many positions and gaps are."""
    pairs = set(totals.reports(code, year))
    pairs |= {
        (r.basis or "plan", r.scenario or "") for r in totals.position.facts(code, year, "gap")
    }
    standing = [totals.surplus(code, year, *pair) for pair in pairs]
    others = [of(totals, code, year, *pair) for pair in pairs for of in (gaps.gap, _supported)]
    told = sum(value.pence is not None or value.status == "bounded" for value in standing + others)
    return any(value.pence is not None for value in standing), told


def _supported(totals: Totals, code: str, year: str, basis: str, scenario: str) -> Value:
    return totals.with_support(code, year, basis, scenario)
