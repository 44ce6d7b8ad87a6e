"""What every verb that may take long has: it tells how far it is, and can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from controltotal.core.progress import Progress, working
from controltotal.verbs.asking import refuse_other_kind

Given = ParamSpec("Given")
Answered = TypeVar("Answered")


def long(verb: Callable[Given, Answered]) -> Callable[Given, Answered]:
    """A verb whose `progress` is told of its work and may cancel it, with all that it asks in turn.

    The verb has the parameter in its own signature, by name alone; what it does with it is here.
    """

    @wraps(verb)
    def asking(*given: Given.args, **options: Given.kwargs) -> Answered:
        progress = options.pop("progress", None)
        refuse_other_kind("progress", progress, Progress | None)
        with working(progress, verb.__name__.strip("_")):  # type: ignore[arg-type]
            return verb(*given, **options)

    return asking
