"""Activity and money: what the year end is if more or fewer patients come, or as many.

Cost has three parts: fixed (buildings, contracts) does not move in a year; semi-fixed (a ward, a
team) moves in steps; marginal (drugs, agency, payment by activity) moves with each patient. The
parts are facts of the book (`fixed_share`, `semi_fixed_share`, `marginal_share`,
`semi_fixed_step`), else marked parameters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CHANGES = (-0.03, -0.02, -0.01, 0.0, 0.01, 0.02, 0.03)
SHARE_FACTS = {
    "fixed": "fixed_share",
    "semi_fixed": "semi_fixed_share",
    "marginal": "marginal_share",
    "step": "semi_fixed_step",
}


@dataclass(frozen=True, slots=True)
class CostParts:
    """Shares of cost (they sum to one) and the change of activity that moves a semi-fixed step."""

    fixed: float
    semi_fixed: float
    marginal: float
    step: float

    @property
    def whole(self) -> bool:
        """Whether the shares are shares of one whole."""
        shares = (self.fixed, self.semi_fixed, self.marginal)
        return min(shares) >= 0 and abs(sum(shares) - 1) < 1e-9 and self.step > 0


def cost_change(cost_pence: int, change: float, parts: CostParts) -> int:
    """Extra cost in pence (positive) for a change of activity; less cost is negative.

    >>> cost_change(100_000, 0.01, CostParts(0.3, 0.2, 0.5, 0.05))
    500
    >>> cost_change(100_000, -0.05, CostParts(0.3, 0.2, 0.5, 0.05))
    -3500
    """
    steps = math.floor(abs(change) / parts.step + 1e-9)
    moved = math.copysign(steps * parts.step, change) if steps else 0.0
    return round(cost_pence * (parts.marginal * change + parts.semi_fixed * moved))


def what_if(position_pence: int, cost_pence: int, parts: CostParts) -> list[dict[str, object]]:
    """The year-end position for each change of activity, nil change included."""
    return [
        {"change": change, "pence": position_pence - cost_change(cost_pence, change, parts)}
        for change in CHANGES
    ]
