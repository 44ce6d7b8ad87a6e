"""How long one file may take, and how much memory; beyond it is refused in one line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from controltotal.core.errors import BookError
from controltotal.core.progress import within

SECONDS: Final = 60.0
"""Of processor time that reading one file may take."""
MEMORY: Final = 10**9
"""Bytes that the process may grow by while one file is read; known on Linux alone."""
_EVERY: Final = 0.05
"""Seconds between two looks at the memory."""
_RESIDENT: Final = Path("/proc/self/statm")
_PAGE: Final = 4096
_SMALLER: Final = (
    "give the sheet that is needed as a file of its own, or the months in several files"
)


def memory() -> int:
    """Bytes of memory that this process holds; nought where the machine does not say.

    >>> memory() >= 0
    True
    """
    try:
        return int(_RESIDENT.read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


class Reading:
    """What reading one file has taken so far; `check` refuses it where that is too much."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = time.thread_time()
        self._looked = self._began
        self._held = memory()

    def check(self) -> None:
        """Raise BookError where the file takes more than it may."""
        now = time.thread_time()
        if now - self._began > SECONDS:
            raise BookError(f"the file takes over {SECONDS:.0f} s to read", self._name, _SMALLER)
        if now - self._looked < _EVERY:
            return
        self._looked = now
        if self._held and memory() - self._held > MEMORY:
            what = f"the file takes over {MEMORY // 10**9} GB of memory to read"
            raise BookError(what, self._name, _SMALLER)


@contextmanager
def limited(name: str) -> Iterator[None]:
    """One file is read: BookError as soon as it takes more than `SECONDS` or `MEMORY`."""
    with within(Reading(name).check):
        yield
