"""controltotal: the money of a health system, ten questions, every figure explained.

>>> import controltotal
>>> controltotal.__version__
'0.1.0'

The verbs (`check`, `position`, `trajectory`, …) and `read` are loaded when first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

VERBS = (
    "check",
    "position",
    "forecast",
    "calibrate",
    "trajectory",
    "opportunities",
    "portfolio",
    "risk",
    "schemes",
    "share",
    "decide",
    "boundaries",
    "publish",
    "verify",
    "explain",
    "compare",
    "report",
    "convert",
)

__all__ = ["VERBS", "__version__", "read"]


def __getattr__(name: str) -> Any:
    """Load a verb, or `read`, from `controltotal.verbs` the first time it is asked for."""
    if name in VERBS or name == "read":
        verb = getattr(import_module("controltotal.verbs"), name, None)
        if verb is not None:
            return verb
    raise AttributeError(f"controltotal has nothing named {name!r}")
