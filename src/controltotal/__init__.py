"""controltotal: the money of a health system, ten questions, every figure explained.

>>> import controltotal
>>> position = controltotal.read("examples/nene-2013")
>>> result = controltotal.position(position, year="2013/14")
>>> result.value("surplus/04G/2013-14/forecast")  # whole pence; a deficit is negative
-860000000

Every command of the command line is a function of the same name and options, with a trailing
underscore where Python keeps the word for itself (`import_`, `from_`). A group of commands is a
module of functions: `controltotal.scheme.quality(…)`, `controltotal.user.add(…)`. Each is loaded
when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from controltotal.core.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from controltotal.acts import act
    from controltotal.book.fold import Position
    from controltotal.core.errors import BookError, Cancelled
    from controltotal.core.figure import Figure
    from controltotal.core.finding import Finding
    from controltotal.core.progress import Progress
    from controltotal.core.result import Result
    from controltotal.service import user
    from controltotal.service.running import doctor, serve
    from controltotal.verbs import scheme
    from controltotal.verbs.agreeing import boundaries, decide, share
    from controltotal.verbs.books import convert, import_, new
    from controltotal.verbs.challenging import challenge
    from controltotal.verbs.choosing import portfolio
    from controltotal.verbs.examples import demo
    from controltotal.verbs.explaining import explain
    from controltotal.verbs.forecasting import calibrate, forecast, risk
    from controltotal.verbs.keeping import backup, restore, verify
    from controltotal.verbs.opening import advance, read
    from controltotal.verbs.reporting import report
    from controltotal.verbs.saving import opportunities
    from controltotal.verbs.standing import check, compare, history, position, schemes, trajectory

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
    "challenge",
    "history",
    "explain",
    "compare",
    "report",
    "convert",
    "new",
    "import_",
    "demo",
    "verify",
    "backup",
    "restore",
)
"""The questions and what runs across them, each a function of this package."""

_ELSEWHERE = {
    "act": ("controltotal.acts", "act"),
    "scheme": ("controltotal.verbs.scheme", ""),
    "serve": ("controltotal.service.running", "serve"),
    "doctor": ("controltotal.service.running", "doctor"),
    "user": ("controltotal.service.user", ""),
    "Position": ("controltotal.book.fold", "Position"),
    "Cancelled": ("controltotal.core.errors", "Cancelled"),
    "BookError": ("controltotal.core.errors", "BookError"),
    "Figure": ("controltotal.core.figure", "Figure"),
    "Finding": ("controltotal.core.finding", "Finding"),
    "Progress": ("controltotal.core.progress", "Progress"),
    "Result": ("controltotal.core.result", "Result"),
}
"""Groups of commands, and the nouns that verbs take and give: module, and name in it."""

__all__ = [
    "VERBS",
    "BookError",
    "Cancelled",
    "Figure",
    "Finding",
    "Position",
    "Progress",
    "Result",
    "__version__",
    "act",
    "advance",
    "backup",
    "boundaries",
    "calibrate",
    "challenge",
    "check",
    "compare",
    "convert",
    "decide",
    "demo",
    "doctor",
    "explain",
    "forecast",
    "history",
    "import_",
    "new",
    "opportunities",
    "portfolio",
    "position",
    "read",
    "report",
    "restore",
    "risk",
    "scheme",
    "schemes",
    "serve",
    "share",
    "trajectory",
    "user",
    "verify",
]


if not TYPE_CHECKING:  # so that a type checker refuses a name that there is not

    def __getattr__(name: str) -> Any:
        """Load a verb, or a noun that verbs speak of, the first time it is asked for."""
        if name in VERBS or name in ("read", "advance"):
            return getattr(import_module("controltotal.verbs"), name)
        if name in _ELSEWHERE:
            module, inner = _ELSEWHERE[name]
            found = import_module(module)
            return getattr(found, inner) if inner else found
        raise AttributeError(f"controltotal has nothing named {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__doc__", "__name__", "__path__"])
