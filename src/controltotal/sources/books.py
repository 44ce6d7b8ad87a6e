"""Any form of a book to its entries: a folder, a workbook, or a ledger.

Entries made by reading carry no clock; their order is table, then row.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from controltotal.core.errors import BookError, column_letter
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.ledger.entries import put, seal
from controltotal.ledger.errors import LedgerError
from controltotal.ledger.source import BookSource
from controltotal.sources.folder import read_folder
from controltotal.sources.raw import RawBook
from controltotal.sources.workbook import read_workbook

__all__ = ["BookSource", "is_ledger", "read_book"]


def is_ledger(address: str) -> bool:
    """Whether an address names a ledger rather than a folder or workbook."""
    return "://" in address or is_ledger_address(address)


def read_book(address: str | Path) -> BookSource:
    """The entries of a book in any of its three forms; raises BookError if it cannot be read."""
    return replace(_read(str(address)), place=str(address))


def _read(text: str) -> BookSource:
    if is_ledger(text):
        return _from_ledger(text)
    path = Path(text)
    if not path.exists():
        raise BookError(
            "there is no book here",
            text,
            "check the spelling, or make one with `controltotal new FOLDER`",
        )
    if path.is_dir():
        return _from_raw(read_folder(path))
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _from_raw(read_workbook(path))
    raise BookError(
        "this is neither a folder, a workbook nor a ledger",
        text,
        "give a folder of CSV files, an .xlsx workbook, or sqlite:///PATH",
    )


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
    try:
        store = open_ledger(address, must_exist=True, readonly=True)
        try:
            entries = store.read()
        finally:
            store.close()
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    name = Path(address.partition("?")[0]).stem if "@" not in address else "ledger"
    return BookSource(name, entries, (), {}, {})
