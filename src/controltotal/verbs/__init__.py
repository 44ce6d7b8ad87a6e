"""Floor 7: the questions, one function each, and what runs across them.

Every verb takes a book (its address, or a reading of it) and gives a `Result`; the verbs introduce
the rooms to each other and hold no rule. Each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from controltotal.core.result import SHOWN, Result
from controltotal.verbs.loading import PLACES, load

if TYPE_CHECKING:
    from controltotal.verbs import scheme
    from controltotal.verbs.agreeing import boundaries, decide, share
    from controltotal.verbs.books import convert, import_, new
    from controltotal.verbs.challenging import challenge, challenge_page
    from controltotal.verbs.choosing import portfolio, portfolios
    from controltotal.verbs.examples import demo
    from controltotal.verbs.explaining import explain
    from controltotal.verbs.forecasting import calibrate, forecast, risk
    from controltotal.verbs.keeping import backup, restore, verify
    from controltotal.verbs.opening import Book, advance, opened, read
    from controltotal.verbs.packs import pack_results
    from controltotal.verbs.reporting import report
    from controltotal.verbs.saving import opportunities
    from controltotal.verbs.standing import (
        check,
        compare,
        history,
        position,
        register,
        schemes,
        trajectory,
    )

__all__ = [
    "Book",
    "advance",
    "backup",
    "boundaries",
    "calibrate",
    "challenge",
    "challenge_page",
    "check",
    "compare",
    "convert",
    "decide",
    "demo",
    "explain",
    "forecast",
    "history",
    "import_",
    "new",
    "opened",
    "opportunities",
    "pack_results",
    "portfolio",
    "portfolios",
    "position",
    "read",
    "register",
    "report",
    "restore",
    "risk",
    "scheme",
    "schemes",
    "share",
    "trajectory",
    "verify",
]


if not TYPE_CHECKING:  # so that a type checker refuses a name that there is not

    def __getattr__(name: str) -> Any:
        """Load a verb the first time that it is asked for, and keep it."""
        if name == "scheme":
            return import_module("controltotal.verbs.scheme")
        if name not in PLACES:
            raise AttributeError(f"controltotal.verbs has nothing named {name!r}")
        globals()[name] = load(name)
        return globals()[name]


def __dir__() -> list[str]:
    return sorted(__all__)


def _shown(result: Result) -> str:
    """An answer as a notebook shows it."""
    page: str = import_module("controltotal.papers.notebook").shown(result)
    return page


SHOWN.append(_shown)
