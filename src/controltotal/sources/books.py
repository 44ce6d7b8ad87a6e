"""Any form of a book to its entries: a folder, a workbook, or a ledger.

Entries made by reading carry no clock; their order is table, then row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from controltotal.core.result import Finding
from controltotal.ledger.entries import Entry, put, seal
from controltotal.ledger.errors import LedgerError
from controltotal.sources.raw import BookError, RawBook, column_letter

LEDGER_SUFFIXES = (".ledger", ".sqlite", ".sqlite3", ".db")


@dataclass(frozen=True, slots=True)
class BookSource:
    """A book as read: its name, its entries in order, faults of form, and columns by table."""

    name: str
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    columns: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]


def is_ledger(address: str) -> bool:
    """Whether an address names a ledger rather than a folder or workbook."""
    return "://" in address or address.endswith(LEDGER_SUFFIXES)


def read_book(address: str | Path) -> BookSource:
    """The entries of a book in any of its three forms; raises BookError if it cannot be read."""
    text = str(address)
    if is_ledger(text):
        return _from_ledger(text)
    path = Path(text)
    if not path.exists():
        raise BookError(
            "there is no book here", text,
            "check the spelling, or make one with `controltotal new FOLDER`",
        )  # fmt: skip
    if path.is_dir():
        from controltotal.sources.folder import read_folder

        return _from_raw(read_folder(path))
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from controltotal.sources.workbook import read_workbook

        return _from_raw(read_workbook(path))
    raise BookError(
        "this is neither a folder, a workbook nor a ledger", text,
        "give a folder of CSV files, an .xlsx workbook, or sqlite:///PATH",
    )  # fmt: skip


def _from_raw(book: RawBook) -> BookSource:
    drafts = []
    for table in book.tables.values():
        for row in table.rows:
            first = row.cells[0][0]
            cell = f"{column_letter(table.columns.index(first))}{row.number}"
            drafts.append(
                put(table.name, row.number, row.cells, origin=f"{table.file}|{table.sheet}|{cell}")
            )
    try:
        entries = seal(drafts)
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    columns = {name: table.columns for name, table in book.tables.items()}
    files = {name: table.file for name, table in book.tables.items()}
    return BookSource(book.name, entries, tuple(book.findings), columns, files)


def _from_ledger(address: str) -> BookSource:
    from controltotal.ledger import open_ledger

    try:
        store = open_ledger(address, must_exist=True)
        try:
            entries = store.read()
        finally:
            store.close()
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    return BookSource(Path(address).stem, entries, (), {}, {})
