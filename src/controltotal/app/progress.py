"""Progress of long work: shown on a terminal, and none in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from controltotal.core.legible import one_line
from controltotal.core.progress import Progress, working

if TYPE_CHECKING:
    from rich.status import Status

QUIET: Final = 0.5
"""Seconds for which work is not called long: what is answered at once flickers nothing."""


class _OnScreen(Progress):
    """A line on the terminal that says which step is being done, and how much is."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._from = time.monotonic() + QUIET
        self._status: Status | None = None

    def tell(self, done: int, of: int, what: str) -> None:
        """Show the step, once the work is long."""
        if time.monotonic() < self._from:
            return
        from rich.console import Console
        from rich.text import Text

        # a text of its own, so that the name of a book is never read as a style
        step = Text(one_line(f"{self._title}: {what.replace('_', ' ')} ({100 * done // of}%)"))
        if self._status is None:
            self._status = Console(stderr=True).status(step)
            self._status.start()
        self._status.update(step)

    def close(self) -> None:
        """Leave the terminal as it was, until more is told."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        self._from = time.monotonic() + QUIET


_SHOWN: list[_OnScreen] = []


def quiet() -> None:
    """Take the line of progress away, as while somebody is asked something."""
    for screen in _SHOWN:
        screen.close()


@contextmanager
def telling(title: str) -> Iterator[None]:
    """What is asked in here tells on a terminal how far it is; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield
        return
    screen = _OnScreen(title)
    _SHOWN.append(screen)
    try:
        with working(screen, title):
            yield
    finally:
        _SHOWN.remove(screen)
        screen.close()
