"""Where a user's own folder for things that can be made again lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

KEEPING: Final[ContextVar[bool]] = ContextVar("whether drawings are kept", default=False)
"""Whether what is drawn may be kept in the user's folder."""


@contextmanager
def drawings_kept() -> Iterator[None]:
    """Drawings made inside are kept in the user's folder, and those kept there are used."""
    token = KEEPING.set(True)
    try:
        yield
    finally:
        KEEPING.reset(token)


def user_folder(part: str) -> Path:
    """The folder of `part`: of the folder that `CONTROLTOTAL_CACHE` names, else of the user's cache.

    A user without a home is a RuntimeError.
    """
    own = os.environ.get("CONTROLTOTAL_CACHE")
    if own:
        return Path(own) / part
    root = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(root) if root else Path.home() / ".cache") / "controltotal" / part
