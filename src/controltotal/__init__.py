"""controltotal: the money of a health system, ten questions, every figure explained.

>>> import controltotal
>>> controltotal.__version__
'0.1.0'

The verbs (`check`, `position`, `trajectory`, …) and `read` are loaded when first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "read"]


def __getattr__(name: str) -> Any:
    """Load a verb, or `read`, from `controltotal.verbs` the first time it is asked for."""
    if name.startswith("_"):
        raise AttributeError(name)
    from importlib import import_module

    verbs = import_module("controltotal.verbs")
    try:
        return getattr(verbs, name)
    except AttributeError as error:
        raise AttributeError(f"controltotal has no verb named {name!r}") from error
