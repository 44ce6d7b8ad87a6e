"""An interrupt is never lost: where a library swallows one, it comes again.

Python cannot raise through a call from C (a ctypes callback of a compiler, a finaliser): it
drops the exception, tells `sys.unraisablehook`, and goes on. A user's Ctrl-C that falls there
would be ignored, and the command would run to its end.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
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
    came = False

    def noted(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.default_int_handler(number, frame)

    def dropped(lost: UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            again = threading.Timer(AGAIN_AFTER, _thread.interrupt_main)
            again.daemon = True
            again.start()
        elif not came:  # what an interrupt left half made may fail as it is cleared away
            before(lost)

    handled = _handled_by(noted)
    sys.unraisablehook = dropped
    try:
        yield
    finally:
        if handled:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if not came:
            sys.unraisablehook = before


def _handled_by(handler: Callable[[int, FrameType | None], None]) -> bool:
    """Whether an interrupt is told to this handler: only in the main thread, and of no other one."""
    if threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    signal.signal(signal.SIGINT, handler)
    return True


def leave_at_once(code: int) -> NoReturn:
    """End the process with this code, whatever the interrupt fell in.

    Where it fell in text that Python runs by `exec`, Python ends itself by the signal in place of
    the code, and threads that still work would be waited for.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
