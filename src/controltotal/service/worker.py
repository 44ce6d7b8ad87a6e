"""The worker: one process that does the long work which people asked for, one job after another.

It reads the ledger by itself and writes none of it. A job that its person cancels stops at its next
check; one that was begun by a worker that died is put back once. Once a day it reminds people of what
waits for them, and sweeps what is past its days.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from controltotal.service.deployment import from_text

PAUSE: Final = 0.3
"""Seconds between two looks at the table of jobs."""
EVERY: Final = 600.0
"""Seconds between two looks at who is to be reminded."""
DAY: Final = 86_400.0
"""Seconds between two sweeps of what is past its days."""
MORNING: Final = 7
"""The hour before which nobody is reminded."""


def main() -> None:
    """Work until the web process ends."""
    deployment = from_text(os.environ["CONTROLTOTAL_DEPLOYMENT"])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from controltotal.service.apps import open_house
    from controltotal.service.house import House
    from controltotal.service.settings import configure

    configure(deployment)
    from controltotal.service.jobs import put_back, work_off

    open_house(House(deployment))
    put_back()
    chores = (Chore(EVERY, remind, "remind"), Chore(DAY, sweep, "sweep"))
    while True:
        for chore in chores:
            chore.look()
        if not work_off():
            time.sleep(PAUSE)


class Chore:
    """Work that is done from time to time; a fault of it stops no other, and it is tried again."""

    def __init__(self, every: float, do: Callable[[], None], called: str) -> None:
        self._every, self._do, self._called = every, do, called
        self._looked: float | None = None

    def look(self) -> None:
        """Do it where it was not done for its seconds."""
        now = time.monotonic()
        if self._looked is not None and now - self._looked < self._every:
            return
        self._looked = now
        try:
            self._do()
        except Exception:  # a log holds no matter of anybody's
            logging.getLogger(__name__).warning("%s: not all of it could be done", self._called)


def remind() -> None:
    """Remind whoever is to be reminded now: in the morning, and nobody twice a day."""
    from django.utils import timezone

    from controltotal.service.nudges import nudge_all

    if timezone.localtime().hour >= MORNING:
        nudge_all()


def sweep() -> None:
    """Remove what is past the days for which it is kept."""
    from controltotal.service import sweeping

    sweeping.sweep()


def _end_with_parent() -> None:
    """End when the pipe from the web process closes: it has ended, however."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
