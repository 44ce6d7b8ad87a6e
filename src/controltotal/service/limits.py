"""How often one person may ask in a minute: enough for anybody's work, too little for a flood."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

MINUTE: Final = 60.0


@dataclass
class Limits:
    """What one person may do in a minute: write, and ask by a program.

    >>> limits = Limits(writes=1)
    >>> [limits.too_many(1, "POST", "/try", now) for now in (0.0, 1.0, 61.0)]
    [False, True, False]
    """

    writes: int = 120
    asks: int = 600
    _seen: dict[tuple[int, str], tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def forget(self) -> None:
        """Know of nobody's requests any more."""
        with self._lock:
            self._seen.clear()

    def too_many(self, person: int, method: str, path: str, now: float) -> bool:
        """Whether this request is one too many of a person's in this minute."""
        if method not in ("GET", "HEAD"):
            kind, most = "writes", self.writes
        elif path.startswith("/api/"):
            kind, most = "asks", self.asks
        else:
            return False
        with self._lock:
            began, count = self._seen.get((person, kind), (now, 0))
            if now - began >= MINUTE:
                began, count = now, 0
            self._seen[person, kind] = began, count + 1
        return count + 1 > most


LIMITS: Final = Limits()


def too_many(person: int, method: str | None, path: str) -> bool:
    """Whether this request is one too many of a person's in this minute."""
    return LIMITS.too_many(person, method or "GET", path, time.monotonic())
