"""An interrupt is never lost: where a library swallows one, it comes again.

Python cannot raise through a call from C (a ctypes callback of a compiler, a finaliser): it
drops the exception, tells `sys.unraisablehook`, and goes on. A user's Ctrl-C that falls there
would be ignored, and the command would run to its end.
"""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

AGAIN_AFTER: Final = 0.05
"""Seconds after which a lost interrupt is raised again: by then the call from C has returned."""


@contextmanager
def kept() -> Iterator[None]:
    """Raise an interrupt again for as long as it falls where nothing can be raised.

    >>> with kept():
    ...     pass
    """
    before = sys.unraisablehook

    def dropped(lost: UnraisableHookArgs) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        again = threading.Timer(AGAIN_AFTER, _thread.interrupt_main)
        again.daemon = True
        again.start()

    sys.unraisablehook = dropped
    try:
        yield
    finally:
        sys.unraisablehook = before


def leave_at_once(code: int) -> NoReturn:
    """End the process with this code, whatever the interrupt fell in.

    Where it fell in text that Python runs by `exec`, Python ends itself by the signal in place of
    the code, and threads that still work would be waited for.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
