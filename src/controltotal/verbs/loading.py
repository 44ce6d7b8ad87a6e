"""Which file of this room holds which verb: a verb is loaded when it is first used.

So that a question loads what it needs and nothing else: `position` loads no solver and no arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "opening": ("read", "advance", "opened", "Book"),
    "standing": ("check", "position", "trajectory", "schemes", "register", "history", "compare"),
    "forecasting": ("forecast", "calibrate", "risk"),
    "saving": ("opportunities",),
    "choosing": ("portfolio", "portfolios"),
    "agreeing": ("share", "decide", "boundaries"),
    "challenging": ("challenge", "challenge_page"),
    "explaining": ("explain",),
    "packs": ("pack_results",),
    "reporting": ("report",),
    "examples": ("demo",),
    "books": ("convert", "new", "import_"),
    "keeping": ("verify", "backup", "restore"),
}
"""The files of the room, and the names that each offers."""

PLACES: Final[Mapping[str, str]] = {name: file for file, names in FILES.items() for name in names}


def load(name: str) -> Any:
    """A verb by its name, loaded with what it needs; a name that is none is an AttributeError."""
    if name not in PLACES:
        raise AttributeError(f"there is no verb named {name!r}")
    return getattr(import_module(f"controltotal.verbs.{PLACES[name]}"), name)
