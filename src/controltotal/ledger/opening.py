"""The address of a ledger, and the store that opens it."""

from __future__ import annotations

from pathlib import Path

from controltotal.ledger.errors import LedgerError
from controltotal.ledger.postgres import PostgresStore
from controltotal.ledger.sqlite import SqliteStore
from controltotal.ledger.store import Store

LEDGER_SUFFIXES = (".ledger", ".sqlite", ".sqlite3", ".db")


def is_ledger_address(address: str | Path) -> bool:
    """Whether a book's address means a ledger rather than a folder or a workbook.

    >>> [is_ledger_address(name) for name in ("plan.ledger", "sqlite:///plan.db", "plan.xlsx")]
    [True, True, False]
    """
    text = str(address)
    return text.startswith(("sqlite:", "postgresql:", "postgres:")) or text.lower().endswith(
        LEDGER_SUFFIXES
    )


def ledger_name(address: str) -> str:
    """What a ledger is called where nothing else names it; never a part of an address with a password.

    >>> ledger_name("sqlite:///books/plan.ledger"), ledger_name("postgresql://me@host/db")
    ('plan', 'ledger')
    """
    return Path(address.partition("?")[0]).stem if "@" not in address else "ledger"


def open_ledger(address: str | Path, *, must_exist: bool = False, readonly: bool = False) -> Store:
    """Open the ledger at `sqlite:///PATH`, `PATH.ledger` or `postgresql://…`; make it if need be.

    `sqlite:///plan.ledger` is in the present folder, `sqlite:////home/me/plan.ledger` is absolute.
    With `must_exist` a ledger that is not there is an error, so that a slip of the pen in a
    question makes no empty book.
    """
    text = str(address)
    if text.startswith(("postgresql:", "postgres:")):
        return PostgresStore(text, must_exist=must_exist, readonly=readonly)
    if text.startswith("sqlite:"):
        path = text.removeprefix("sqlite:")
        if not path.startswith("///") or len(path) == 3:
            raise LedgerError(
                "the address of the ledger is not complete",
                text,
                "write sqlite:///PATH, with a fourth / where the path is absolute",
            )
        text = path[3:]
    elif not is_ledger_address(text):
        raise LedgerError(
            "this is not the address of a ledger",
            text,
            "write sqlite:///PATH or postgresql://…, or end the name in .ledger",
        )
    path_given = Path(text)
    if path_given.exists() and not (path_given.is_file() or path_given.is_dir()):
        raise LedgerError(
            "this is a pipe or a device, not a ledger", text, "give the path of a file"
        )
    return SqliteStore(text, must_exist=must_exist, readonly=readonly)
