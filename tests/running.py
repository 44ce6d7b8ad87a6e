"""The command line in one process: what a user types, and what comes back."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it left."""

    code: int
    out: str
    err: str


def controltotal(*words: str | Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run `controltotal WORDS`; a traceback would come through as an exception's exit 2 line."""
    from controltotal.app.cli import app
    from controltotal.app.failures import guarded

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded(
            lambda standalone_mode: app([str(w) for w in words], standalone_mode=standalone_mode),
            os.environ if environment is None else environment,
            [str(word) for word in words],
        )
    return Ran(code, out.getvalue(), err.getvalue())
