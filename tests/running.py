"""The command line in one process: what a user types, and what comes back."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it left."""

    code: int
    out: str
    err: str


@cache
def _command() -> Any:
    """The command line, made once: making it takes longer than most commands."""
    from typer.main import get_command

    from controltotal.app.cli import app

    return get_command(app)


def controltotal(*words: str | Path, environment: Mapping[str, str] | None = None) -> Ran:
    """Run `controltotal WORDS`; a traceback would come through as an exception's exit 2 line."""
    from controltotal.app.failures import guarded

    command = _command()
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded(
            lambda standalone_mode: command(
                [str(w) for w in words], standalone_mode=standalone_mode
            ),
            os.environ if environment is None else environment,
            [str(word) for word in words],
        )
    return Ran(code, out.getvalue(), err.getvalue())
