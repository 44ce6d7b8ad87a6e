"""What a user sees when something cannot be done: one line, what, where and what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from typer import Abort, Exit

from controltotal.app.interrupts import kept
from controltotal.app.screen import complain, say
from controltotal.core.errors import BookError, Cancelled
from controltotal.core.files import DONE
from controltotal.core.legible import safe_json
from controltotal.core.version import VERSION

INTERRUPTED: Final = 130
"""The exit code of a command that its user stopped."""


def refusal(error: BaseException) -> tuple[str, str, str] | None:
    """What, where and what to do, of the errors that a user can cause; None of any other."""
    if isinstance(error, BookError):
        return error.what, error.where, error.action
    if isinstance(error, import_module("controltotal.ledger.errors").LedgerError):  # loads apsw
        return _parts(error)
    if isinstance(error, PermissionError):
        return "permission was refused", str(error.filename or ""), "check who may read and write"
    if isinstance(error, OSError):
        return (error.strerror or str(error)), str(error.filename or ""), "check the path and space"
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("controltotal"):
        return f"a part is not installed ({error.name})", "this command", "install the extra named"
    if isinstance(error, RecursionError):
        return (
            "bodies stand under each other too many levels deep",
            "organisations",
            ("check the column parent"),
        )
    if isinstance(error, MemoryError):
        return "there is not enough memory", "this machine", "ask for one year or organisation"
    return None


def _parts(error: Any) -> tuple[str, str, str]:
    return error.what, error.where, error.action


def guarded(
    app: Callable[..., Any], environment: Mapping[str, str], words: Sequence[str] | None = None
) -> int:
    """Run the command line; every failure becomes one line (with --json a document) and exit 2.

    `words` are what was typed after the name of the program.
    """
    DONE.clear()
    try:
        with kept():
            left = app(standalone_mode=False)
        code = left if isinstance(left, int) else 0
        return interrupted() if code == INTERRUPTED else code  # so a command says that it was
    except Exit as leave:
        return int(leave.exit_code)
    except (Abort, KeyboardInterrupt, Cancelled):
        return interrupted()
    except BrokenPipeError:
        return 0
    except BaseException as error:  # a library written in Rust panics past Exception
        if hasattr(error, "format_message"):  # the command itself was typed wrong
            return _say(words, error.format_message(), "the command", "see --help")
        if environment.get("CONTROLTOTAL_DEBUG") or isinstance(error, SystemExit):
            raise
        reasons = getattr(error, "refusals", ())
        if len(reasons) > 1:  # an act that is wrong in several ways is told all of them
            return _say_all(words, [(one.what, one.where, one.action) for one in reasons], error)
        return _say(words, *(refusal(error) or own_fault(error)), error)


def own_fault(error: BaseException) -> tuple[str, str, str]:
    """A fault of our own in one line, with a reference by which the place of it is found."""
    return (
        f"a fault in controltotal itself, reference {reference(error)}",
        "this command",
        "please report it with the reference and the command that you gave; "
        + standing("no file and no ledger was changed"),
    )


def reference(error: BaseException) -> str:
    """Version, kind of fault, and the last place in this program that it passed."""
    place = ""
    step = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_globals.get("__name__", "")
        if name.startswith("controltotal."):
            place = f"{name.removeprefix('controltotal.')}-{step.tb_lineno}"
        step = step.tb_next
    return f"{VERSION}-{type(error).__name__}" + (f"-{place}" if place else "")


def standing(nothing: str) -> str:
    """What this command changed before it ended, if it changed anything."""
    return f"what was written before stands ({', '.join(DONE)})" if DONE else nothing


def interrupted() -> int:
    """Stopped by the user: exit 130, and one line that says what was changed, if anything was."""
    complain(f"controltotal: stopped; {standing('nothing was changed')}")
    return INTERRUPTED


def _say(
    words: Sequence[str] | None,
    what: str,
    where: str,
    action: str,
    error: BaseException | None = None,
) -> int:
    """One line for people; with --json one document for programs, as on every other answer."""
    return _say_all(words, [(what, where, action)], error)


def _say_all(
    words: Sequence[str] | None,
    reasons: Sequence[tuple[str, str, str]],
    error: BaseException | None = None,
) -> int:
    """A line for each reason; where a row was changed meanwhile, what it was, is and was to be."""
    typed = sys.argv[1:] if words is None else words
    for what, where, action in reasons:
        complain(f"controltotal: {' '.join(what.split())} ({where}): {action}")
    versions = {
        name: getattr(error, name) for name in ("base", "theirs", "yours") if hasattr(error, name)
    }
    for name, cells in versions.items():
        said = ", ".join(f"{c}={t}" for c, t in cells.items()) if cells else "no such row"
        complain(f"  {name}: {' '.join(said.split())}")
    if "--json" in typed:
        say(refused_document(next(iter(typed), ""), reasons, versions))
    return 2


def refused_document(
    verb: str, reasons: Sequence[tuple[str, str, str]], versions: Mapping[str, object] | None = None
) -> str:
    """The JSON document of a question that could not be answered, or an act that was refused."""
    findings = [
        {
            "code": "REFUSED",
            "severity": "error",
            "organisation": "",
            "where": where,
            "message": what,
            "expected": "",
            "found": "",
            "action": action,
        }
        for what, where, action in reasons
    ]
    document = {
        "controltotal": VERSION,
        "verb": verb,
        "book": {"name": "", "entry": 0, "root": ""},
        "options": {},
        "figures": [],
        "findings": findings,
        "tables": {},
        "trace": {},
        **(versions or {}),
    }
    return safe_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
