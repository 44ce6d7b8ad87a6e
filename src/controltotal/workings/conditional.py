"""Support that hangs on something: which transfers are paid only where a plan is kept."""

from __future__ import annotations

import re

from controltotal.book.records import Transfer

ON_PLAN = re.compile(r"control total|on plan|plan (is|be)? ?(met|kept)|meets? (its|the) plan", re.I)


def needs_plan(row: Transfer) -> bool:
    """Whether a transfer's condition is that its receiver keeps to its control total or plan."""
    return bool(ON_PLAN.search(row.condition or ""))
