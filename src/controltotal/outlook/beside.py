"""Which schemes are drawn beside each other, and how much of each.

Some cannot be drawn together: one excludes or needs another, passes a ceiling of harm with others,
or draws on what others draw on. All of that is settled here before the first draw, from the groups
that a portfolio reads too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from controltotal.book.records import Scheme
from controltotal.core.finding import Finding
from controltotal.outlook.closed_forms import source_moments
from controltotal.outlook.model import Source
from controltotal.outlook.shapes import DISTRIBUTIONS
from controltotal.programme.phasing import in_plan
from controltotal.workings.groups import Stake, caps_of, opportunity_share, said_of, settle
from controltotal.workings.harm import over_ceiling
from controltotal.workings.savings import without_required
from controltotal.workings.terms import Terms
from controltotal.workings.workings import Workings


@dataclass
class Counted:
    """The schemes that are drawn, the share of those that are cut, and why others are left out."""

    sources: dict[str, Source]
    shares: dict[str, Fraction] = field(default_factory=dict)
    left: dict[str, Fraction] = field(default_factory=dict)  # what others leave of the same money
    reasons: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def leave_out(self, reasons: Mapping[str, str]) -> None:
        """Leave schemes out, each for its reason."""
        for name, why in reasons.items():
            if self.sources.pop(name, None) is not None:
                self.reasons[name] = why


def beside_each_other(
    workings: Workings,
    year: str,
    sources: Mapping[str, Source],
    agreed: Mapping[str, Terms],
    drawn: Collection[str],
    distribution: str,
) -> Counted:
    """Of the schemes that may be drawn, those that are; `drawn` are some that do not count."""
    counted = Counted(dict(sources))
    counted.leave_out(over_ceiling(workings.savings, year))
    every = {row.id: row for row in workings.position.book.schemes}
    needs = {name: every[name].requires or () for name in counted.sources}
    lacking = without_required(counted.sources, needs)
    counted.leave_out({n: f"needs {need}, which does not count" for n, need in lacking.items()})
    rows = {name: every[name] for name in counted.sources}
    opportunities = {row.id: row for row in workings.position.book.opportunities}
    held = {name: opportunity_share(row, opportunities) for name, row in rows.items()}
    kind = DISTRIBUTIONS[distribution]
    stakes = {
        name: _stake(rows[name], source, agreed[name], held[name], kind, name not in drawn)
        for name, source in counted.sources.items()
    }
    caps = caps_of({name: stake.size for name, stake in stakes.items()}, rows, opportunities)
    settled = settle(stakes, caps)
    counted.findings = said_of(caps, rows)
    counted.leave_out(settled.reasons)
    for name, source in counted.sources.items():
        share = held[name] * settled.shares[name]
        counted.left[name] = settled.shares[name]
        if share != 1:
            counted.shares[name] = share
            steps = tuple((month, rate * float(share)) for month, rate in source.steps)
            counted.sources[name] = replace(source, steps=steps)
    return counted


def _stake(
    row: Scheme, source: Source, agreed: Terms, held: Fraction, kind: int, counts: bool
) -> Stake:
    """What a scheme has at stake among those that it excludes or overlaps."""
    size = round(row.full_year_effect * held * agreed.chance * agreed.mean_share)
    falls = sum(share for _, share in source.parts)
    worth = source_moments(source, kind=kind)[0] * falls * float(held)
    return Stake(row, size, worth, in_plan(row) and counts)
