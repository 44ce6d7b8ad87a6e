"""Floor 4: the ten questions, one function each, and what runs across them.

Every verb takes a `Position` (or the address of a book) and gives a `Result`; the verbs introduce
the rooms to each other and hold no rule.
"""

from __future__ import annotations

from controltotal.verbs.across import (
    compare,
    convert,
    explain,
    pack_results,
    register,
    report,
    schemes,
)
from controltotal.verbs.evidence import challenge, history
from controltotal.verbs.questions import (
    boundaries,
    calibrate,
    check,
    decide,
    forecast,
    opportunities,
    portfolio,
    portfolios,
    position,
    read,
    risk,
    share,
    trajectory,
)

__all__ = [
    "boundaries",
    "calibrate",
    "challenge",
    "check",
    "compare",
    "convert",
    "decide",
    "explain",
    "forecast",
    "history",
    "opportunities",
    "pack_results",
    "portfolio",
    "portfolios",
    "position",
    "read",
    "register",
    "report",
    "risk",
    "schemes",
    "share",
    "trajectory",
]
