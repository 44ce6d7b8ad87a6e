"""From opportunity to scheme to actual: how much of what a benchmark promised was ever delivered.

A scheme may name the opportunity it draws on. Its full-year effect over the opportunity's value is
the planned conversion; savings delivered under its name over that value is the delivered one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from controltotal.book.fold import Position
from controltotal.book.records import Fact, Scheme
from controltotal.core.result import Answer
from controltotal.savings.overlap.listed import Listed


@dataclass
class Conversion:
    """One opportunity with the schemes that draw on it, in pence; None where nothing is said."""

    opportunity: Listed
    schemes: list[str] = field(default_factory=list)
    planned: int | None = None
    delivered: int | None = None
    entries: list[int] = field(default_factory=list)

    def share(self, pence: int | None) -> float | None:
        """A sum as a share of the opportunity."""
        if pence is None or self.opportunity.value <= 0:
            return None
        return pence / self.opportunity.value


def conversions(
    listed: Iterable[Listed], schemes: Iterable[Scheme], facts: Iterable[Fact]
) -> tuple[Conversion, ...]:
    """Every opportunity that some scheme draws on, in order of id.

    A scheme that names several opportunities counts wholly for the first of them only.
    """
    found: dict[str, Conversion] = {one.id: Conversion(one) for one in listed}
    draws_on: dict[str, Conversion] = {}
    for scheme in schemes:
        named = _names(scheme.opportunity)
        one = next((found[name] for name in named if name in found), None)
        if one is None:
            continue
        draws_on[scheme.id] = one
        one.schemes.append(scheme.id)
        one.entries.append(scheme.entry)
        if scheme.full_year_effect is not None:
            one.planned = (one.planned or 0) + scheme.full_year_effect
    for fact in facts:
        drawn = draws_on.get(fact.scheme or "")
        if drawn is None or fact.fact != "savings_delivered" or fact.value is None:
            continue
        drawn.delivered = (drawn.delivered or 0) + round(fact.value)
        drawn.entries.append(fact.entry)
    return tuple(found[name] for name in sorted(found) if found[name].schemes)


def _names(text: Any) -> tuple[str, ...]:
    if not text:
        return ()
    parts = text if isinstance(text, tuple) else str(text).split(";")
    return tuple(part.strip() for part in parts if part.strip())


def conversion_row(one: Conversion, year: str) -> Mapping[str, Any]:
    """One row of the table `conversion`."""
    return {
        "opportunity": one.opportunity.id,
        "organisation": one.opportunity.organisation,
        "year": year,
        "category": one.opportunity.category,
        "value": one.opportunity.value,
        "schemes": "; ".join(sorted(one.schemes)),
        "planned_full_year": one.planned,
        "planned_share": one.share(one.planned),
        "delivered": one.delivered,
        "delivered_share": one.share(one.delivered),
    }


def add_conversions(answer: Answer, position: Position, rows: Sequence[Listed], year: str) -> None:
    """How much of each opportunity became schemes, and was delivered."""
    found = conversions(rows, position.book.schemes, position.book.facts)
    answer.table("conversion", [conversion_row(one, year) for one in found])
    for one in found:
        base = f"opportunity_conversion/{one.opportunity.organisation}/{year}"
        source = f"opportunity/{one.opportunity.organisation}/{year}/plan/{one.opportunity.id}"
        for basis, pence in (("plan", one.planned), ("actual", one.delivered)):
            if one.share(pence) is not None:
                answer.figure(
                    f"{base}/{basis}/{one.opportunity.id}",
                    one.share(pence),
                    "share",
                    rule="savings of the schemes that draw on it, over the opportunity",
                    inputs=(source,),
                    entries=one.entries,
                )
