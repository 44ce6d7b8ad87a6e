"""What a user sees when something cannot be done: one line, what, where and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any


def refusal(error: Exception) -> tuple[str, str, str] | None:
    """What, where and what to do, of the errors that a user can cause; None of any other."""
    from controltotal.core.errors import BookError
    from controltotal.ledger.errors import LedgerError

    if isinstance(error, BookError | LedgerError):
        return error.what, error.where, error.action
    if isinstance(error, PermissionError):
        return "permission was refused", str(error.filename or ""), "check who may read and write"
    if isinstance(error, OSError):
        return (error.strerror or str(error)), str(error.filename or ""), "check the path and space"
    if isinstance(error, ImportError):
        return f"a part is not installed ({error.name})", "this command", "install the extra named"
    if isinstance(error, MemoryError):
        return "there is not enough memory", "this machine", "ask for one year or organisation"
    return None


def guarded(app: Callable[..., Any], environment: Mapping[str, str]) -> int:
    """Run the command line; every failure becomes one line and exit 2."""
    from typer import Abort, Exit

    try:
        code = app(standalone_mode=False)
        return int(code) if isinstance(code, int) else 0
    except Exit as leave:
        return int(leave.exit_code)
    except Abort:
        print("controltotal: stopped; nothing was changed", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("controltotal: stopped; nothing was changed", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except Exception as error:
        if hasattr(error, "format_message"):  # the command itself was typed wrong
            print(f"controltotal: {error.format_message()} (see --help)", file=sys.stderr)
            return 2
        if environment.get("CONTROLTOTAL_DEBUG"):
            raise
        known = refusal(error)
        what, where, action = known or (
            f"a fault in controltotal itself ({type(error).__name__})", "this command",
            "nothing was changed; please report it with the command that you gave",
        )  # fmt: skip
        print(f"controltotal: {what} ({where}): {action}", file=sys.stderr)
        return 2
