"""A library that is slow to load, loaded when something of it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Late:
    """A module by its name. What was asked of it once is kept.

    >>> Late("math").floor(2.5)
    2
    """

    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, attribute: str) -> Any:
        """Whatever the module has of this name."""
        found = getattr(import_module(self.__name), attribute)
        setattr(self, attribute, found)
        return found
