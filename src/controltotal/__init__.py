"""controltotal: the money of a health system, ten questions, every figure explained.

>>> import controltotal
>>> controltotal.__version__
'0.1.0'

The verbs (`check`, `position`, `trajectory`, …) and `read` are loaded when first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

VERBS = (
    "check", "position", "forecast", "calibrate", "trajectory", "opportunities", "portfolio",
    "risk", "schemes", "share", "decide", "boundaries", "publish", "verify", "explain", "compare",
    "report", "convert",
)  # fmt: skip

__all__ = ["VERBS", "__version__", "read"]


def __getattr__(name: str) -> Any:
    """Load a verb, or `read`, from `controltotal.verbs` the first time it is asked for."""
    if name in VERBS or name == "read":
        verb = getattr(import_module("controltotal.verbs"), name, None)
        if verb is not None:
            return verb
    raise AttributeError(f"controltotal has nothing named {name!r}")


class _Room(ModuleType):
    """A room that bears the name of a verb can be called as that verb."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        verbs = import_module("controltotal.verbs")
        return getattr(verbs, self.__name__.rpartition(".")[2])(*arguments, **options)


class _Package(ModuleType):
    """The package: `controltotal.position` is a room to import from and a verb to call."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in VERBS and isinstance(value, ModuleType):
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
