"""`serve` and `doctor` as functions: a service is started, or looked at, from a program."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike, fspath
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.service import doctor as looks
from controltotal.service import serving


def serve(
    book: str | PathLike[str],
    *,
    host: str | None = None,
    port: int | None = None,
    database: str | None = None,
    demo: bool = False,
    ready: str | None = None,
    behind_proxy: bool = False,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve a book to people in the browser, and to programs, until somebody stops it (Ctrl-C).

    A folder or a workbook is first put into a ledger beside it. `host` and `port` are where it
    answers (127.0.0.1 and 8000 unless the settings say otherwise; port 0 is any free one);
    `database` is where the ledger stands instead, as `postgresql://…`; `demo` makes an account for
    each office, on a fictional book alone, and `ready` names the file into which address and accounts
    are then written; `behind_proxy` says that a proxy speaks HTTPS with people. `tell` is called with
    each line that the command would say. A BookError where it cannot start, and where the extra
    `web` is not installed.
    """
    given = {
        "host": host,
        "port": port,
        "demo": demo or None,
        "behind_proxy": behind_proxy or None,
    }
    serving.serve(fspath(book), given, tell, ready, database)


def doctor(
    book: str | PathLike[str],
    *,
    deploy: bool = False,
    backups: str | PathLike[str] | None = None,
    database: str | None = None,
) -> list[looks.Fault]:
    """What of a service is not safe, each with `what`, `where` and `action`; empty where nothing is.

    `deploy` asks whether others may reach it, and is all that can be asked yet; `backups` is the
    folder of the backups, `database` where the ledger stands. Nothing is changed. A BookError where
    the book was never served, and where the extra `web` is not installed.
    """
    if not deploy:
        raise BookError("nothing is asked of the doctor", "the command", "give --deploy")
    serving.refuse_without_extra()
    place = Path(backups) if backups is not None else None
    return looks.faults(looks.deployment_of(fspath(book), database), place)
