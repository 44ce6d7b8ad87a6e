"""Compiling once: numba functions whose machine code is kept on disk.

Compiled code is cached beside the source where that can be written, else in the user's own
cache folder, else (a read-only system without a home) compiled anew in each process. Loops
release Python's lock, so plain threads share the work and several may run at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from controltotal.core.user_folder import user_folder


def user_cache() -> Path:
    """The user's cache folder for compiled code."""
    return user_folder("compiled")


def compiled(function: Callable[..., Any]) -> Any:
    """A function as machine code, cached on disk where any place can be written.

    Arithmetic stays strict (no reordering of sums), so that equal inputs give equal bytes.
    """
    from numba import config, njit

    if not os.environ.get("NUMBA_CACHE_DIR") and not os.access(Path(__file__).parent, os.W_OK):
        config.CACHE_DIR = str(user_cache())  # type: ignore[attr-defined]
    try:
        return njit(nogil=True, error_model="numpy", cache=True)(function)
    except (RuntimeError, OSError):  # no place can be written: work, without a cache
        return njit(nogil=True, error_model="numpy")(function)
