"""Kinds of figures: which of them may be taken for one another, and which never are.

A position, a control total, cash, savings and a share of a gap are told apart wherever they stand;
two figures of one kind may be one number under two names.
"""

from __future__ import annotations

from typing import Final

from controltotal.core.measures import measure

POSITION, CONTROL, CASH, SAVINGS = "position", "control", "cash", "savings"
SHARE, OTHER, CAPITAL, SUPPLIERS = "share", "other", "capital", "suppliers"
VERBS: Final = {
    "position": POSITION,
    "forecast": POSITION,
    "risk": POSITION,
    "trajectory": POSITION,
    "history": POSITION,
    "share": SHARE,
    "schemes": SAVINGS,
    "portfolio": SAVINGS,
    "opportunities": SAVINGS,
}
"""Of what kind the figures of a verb are, unless their measure says otherwise."""
MEASURES: Final = {
    "cash": CASH,
    "control_total": CONTROL,
    "savings_plan": SAVINGS,
    "savings_unidentified": SAVINGS,
    "savings_planned": SAVINGS,
    "savings_delivered": SAVINGS,
    "rule": OTHER,
    "control_total_raised": CONTROL,
    "saving_asked": SAVINGS,
}


def kind_of(name: str) -> str:
    """Of what kind a measure is.

    >>> kind_of("outturn_mean"), kind_of("cash"), kind_of("votes_for")
    ('position', 'cash', 'other')
    """
    return MEASURES.get(name) or VERBS.get(measure(name).verb, OTHER)
