"""Support that hangs on something: which transfers are paid only where a plan is kept."""

from __future__ import annotations

import re

from controltotal.book.records import Transfer

KEPT = r"(?:met|kept|achieved|delivered|hit)"
KEEPS = r"(?:meet|keep|achiev|deliver|hit|stay|remain)\w*(?: with)?(?:in|ing)?"
ON_PLAN = re.compile(
    rf"control totals?,? (?:(?:is|are|be|being) )?{KEPT}"
    rf"|{KEEPS} (?:to )?(?:(?:its|their|the|both) )?(?:control totals?|plans?)\b"
    rf"|\bon plan\b|plans?,? (?:(?:is|are|be|being) )?{KEPT}",
    re.I,
)
"""A plan or control total that is to be kept; not one that is merely spoken of."""


def needs_plan(row: Transfer) -> bool:
    """Whether a transfer's condition is that its receiver keeps to its control total or plan."""
    return hangs_on_plan(row.condition or "")


def hangs_on_plan(condition: str) -> bool:
    """Whether a condition in words is that a plan or a control total be kept.

    >>> [hangs_on_plan(said) for said in ("control total met", "if it meets its plan", "on plan")]
    [True, True, True]
    >>> hangs_on_plan("Both control totals move; repaid within three years")
    False
    """
    return bool(ON_PLAN.search(condition))
