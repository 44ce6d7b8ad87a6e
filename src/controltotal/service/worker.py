"""The worker: one process that does the long work which people asked for, one job after another.

It reads the ledger by itself and writes none of it. A job that its person cancels stops at its next
check; one that was begun by a worker that died is put back once. Once a day it reminds people of what
waits for them.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from typing import Final

from controltotal.service.deployment import from_text

PAUSE: Final = 0.3
"""Seconds between two looks at the table of jobs."""
EVERY: Final = 600.0
"""Seconds between two looks at who is to be reminded."""
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
    from controltotal.service.jobs import work_off

    open_house(House(deployment))
    reminding = Reminding()
    while True:
        reminding.look()
        if not work_off():
            time.sleep(PAUSE)


class Reminding:
    """When people are reminded: in the morning, looked at from time to time; nobody twice a day."""

    def __init__(self) -> None:
        self._looked = 0.0

    def look(self) -> None:
        """Remind whoever is to be reminded now; a fault of it stops no other work."""
        now = time.monotonic()
        if self._looked and now - self._looked < EVERY:
            return
        self._looked = now
        from django.utils import timezone

        from controltotal.service.nudges import nudge_all

        if timezone.localtime().hour < MORNING:
            return
        try:
            nudge_all()
        except Exception:  # it is tried again at the next look; a log holds no matter of anybody's
            logging.getLogger(__name__).warning("the reminders could not all be sent")


def _end_with_parent() -> None:
    """End when the pipe from the web process closes: it has ended, however."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
