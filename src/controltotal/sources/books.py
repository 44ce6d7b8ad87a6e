"""Any form of a book to its entries: a folder, a workbook, or a ledger.

Entries made by reading carry no clock; their order is table, then row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from controltotal.book.settings import setting_name
from controltotal.core.errors import BookError, column_letter
from controltotal.core.finding import Finding
from controltotal.core.marks import marked
from controltotal.core.money import canonical_unit
from controltotal.core.progress import checked
from controltotal.core.schema import tables
from controltotal.ledger import is_ledger_address, open_ledger, snapshot
from controltotal.ledger.block import Block, Entries
from controltotal.ledger.chain import Link, entries_of, verify
from controltotal.ledger.columns import LedgerEntries
from controltotal.ledger.entries import (
    PUT,
    REDACT,
    REDACTED,
    WITHDRAW,
    Cells,
    Entry,
    numbered,
    put,
)
from controltotal.ledger.errors import LedgerError
from controltotal.ledger.opening import ledger_name
from controltotal.ledger.source import BookSource, files_digest
from controltotal.ledger.sqlite import SqliteStore
from controltotal.ledger.store import Store
from controltotal.sources.folder import read_folder, table_files, workbooks_of
from controltotal.sources.raw import RawBook, RawTable
from controltotal.sources.shown_units import unit_of_title
from controltotal.sources.workbook import read_workbook

__all__ = ["BookSource", "is_ledger", "read_book"]


def is_ledger(address: str) -> bool:
    """Whether an address names a ledger rather than a folder or workbook."""
    return "://" in address or is_ledger_address(address)


def read_book(address: str | Path, *, whole: bool = False) -> BookSource:
    """The entries of a book in any of its three forms; raises BookError if it cannot be read.

    A ledger is read from a snapshot where it has one; `whole` reads all of its blocks.
    """
    return replace(_read(str(address), whole), place=str(address))


def _read(text: str, whole: bool) -> BookSource:
    if is_ledger(text):
        return _from_ledger(text, whole)
    path = Path(text)
    if not path.exists():
        raise BookError(
            "there is no book here",
            text,
            "check the spelling, or make one with `controltotal new FOLDER`",
        )
    if path.is_dir():
        return _from_raw(_in_folder(path))
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _from_raw(read_workbook(path))
    raise BookError(
        "this is neither a folder, a workbook nor a ledger",
        text,
        "give a folder of CSV files, an .xlsx workbook, or sqlite:///PATH",
    )


def _in_folder(path: Path) -> RawBook:
    """The tables of a folder; where it has none and holds one workbook, that workbook's."""
    workbooks = [] if table_files(path) else workbooks_of(path)
    if len(workbooks) > 1:
        raise BookError(
            "this folder holds more than one workbook, and no table as CSV",
            " and ".join(file.name for file in workbooks),
            f"name the one you mean, such as {path / workbooks[0].name}",
        )
    return read_workbook(workbooks[0]) if workbooks else read_folder(path)


def _from_raw(book: RawBook) -> BookSource:
    """The entries of files: numbered, not chained, for the files themselves are what was said."""
    parts: list[list[Entry] | Block] = []
    stopped: set[int] = set()
    columns: dict[str, tuple[str, ...]] = {}
    files: dict[str, str] = {}
    headings: dict[str, int] = {}
    unit, count = _default_unit(book), 0
    for table in book.tables:
        if table.block is not None:
            parts.append(replace(table.block, first=count + 1))
        else:
            parts.append(_numbered(table, unit, after=count))
        if table.not_read:
            stopped |= {count + place for place in range(1, len(parts[-1]) + 1)}
        count += len(parts[-1])
        columns.setdefault(table.name, table.columns)
        files.setdefault(table.name, table.file)
        headings.setdefault(table.name, table.heading)
    return BookSource(
        book.name,
        Entries(parts),
        tuple(book.findings),
        columns,
        files,
        headings,
        frozenset(stopped),
        digest=files_digest(book.digests),
    )


def _numbered(table: RawTable, unit: str, *, after: int) -> list[Entry]:
    """The entries of the rows of a table, counted on."""
    asked = _other_unit(table, unit)
    found = []
    for row in checked(table.rows):
        cell = f"{column_letter(table.columns.index(row.cells[0][0]))}{row.number}"
        draft = put(
            table.name,
            row.number,
            asked(row.cells),
            origin=f"{table.file}|{table.sheet}|{cell}",
        )
        found.append(draft)
    try:
        return numbered(found, after)
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error


def _default_unit(book: RawBook) -> str:
    """The unit that the table `book` sets for sums that name none."""
    for table in book.tables:
        for row in table.rows if table.name == "book" else ():
            cells = dict(row.cells)
            if setting_name(cells.get("key", "")) == "default_unit":
                return canonical_unit(cells.get("value", ""))
    return ""


def _other_unit(table: RawTable, default: str) -> Callable[[Cells], Cells]:
    """Marks sums without a unit of their own, where the title of their table names another."""
    titled = unit_of_title(table.title)
    money = {c.name for c in tables()[table.name].columns.values() if c.type == "money"}

    def marks(cells: Cells) -> Cells:
        if any(column == "unit" for column, _ in cells):
            return cells
        return tuple((c, marked("UNIT", t) if c in money else t) for c, t in cells)

    return marks if titled and default and titled != default else lambda cells: cells


def _from_ledger(address: str, whole: bool) -> BookSource:
    try:
        with closing(open_ledger(address, must_exist=True, readonly=True)) as store:
            return of_store(store, ledger_name(address), whole=whole)
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error


def of_store(store: Store, name: str, *, whole: bool = False) -> BookSource:
    """The book in a ledger: what was verified before from its snapshot, and all that came since.

    `whole` reads and verifies every block. Raises LedgerError, ChainBroken where one is not as it
    was written.
    """
    file = store.path if isinstance(store, SqliteStore) else ""
    kept = snapshot.load(file) if file and not whole else None
    more = store.since(kept.number, kept.hash) if kept and isinstance(store, SqliteStore) else None
    if kept is None or more is None or any(link.kind == REDACT for link in more):
        links = store.whole()
        source = of_ledger(name, entries_of(links), links)
        if isinstance(store, SqliteStore) and not whole and len(source.entries) >= snapshot.WORTH:
            _keep(store, source)
        return source
    broken = verify(more, after_seq=kept.number, previous_hash=kept.hash, where=file)
    if broken:
        raise broken
    if not more:
        return BookSource(name, kept.entries, (), {}, {}, digest=f"sha256:{kept.hash}")
    entries = kept.entries.more(entries_of(more, kept.number))
    source = BookSource(name, entries, (), {}, {}, digest=f"sha256:{more[-1].hash}")
    if isinstance(store, SqliteStore) and len(entries) - kept.number >= snapshot.STALE:
        _keep(store, source)
    return source


def _keep(store: SqliteStore, source: BookSource) -> None:
    """Take a snapshot, unless words were erased while it was made."""
    entries, hash = source.entries, source.root.removeprefix("sha256:")
    if isinstance(entries, LedgerEntries) and snapshot.take(store.path, entries, hash):
        since = store.since(len(entries), hash)
        if since is None or any(link.kind == REDACT for link in since):
            snapshot.drop(store.path)


def of_ledger(name: str, entries: Sequence[Entry], links: Sequence[Link] = ()) -> BookSource:
    """A ledger as a book: a row that was redacted stands by what was left of it, and stops."""
    gone = {entry.withdraws for entry in entries if entry.kind == WITHDRAW}
    hidden = {e.seq for e in entries if e.kind == REDACTED and e.seq not in gone}
    if not hidden:
        every = entries if isinstance(entries, LedgerEntries) else LedgerEntries.of(entries)
        return BookSource(name, every, (), {}, {}, links=links)
    shown: Sequence[Entry] = [replace(e, kind=PUT) if e.seq in hidden else e for e in entries]
    if not any(entries[seq - 1].table == "amounts" for seq in hidden):
        shown = LedgerEntries.of(shown)  # no figure of the columns rests on what was erased
    told = tuple(_redacted(entry) for entry in entries if entry.seq in hidden)
    return BookSource(name, shown, told, {}, {}, stopped=frozenset(hidden), links=links)


def _redacted(entry: Entry) -> Finding:
    """That the words of a row were erased, by whom and why."""
    return Finding(
        code="ROW_REDACTED",
        severity="warning",
        organisation=dict(entry.cells).get("organisation", ""),
        where=f"{entry.table} row {entry.row}",
        message="This row was redacted, and no figure that rested on it can be told.",
        expected="the row as it was written",
        found=f"erased by {entry.by or 'nobody named'} on {entry.on}: {entry.why}",
        action="Ask who redacted it; put a row in its place that may be kept, if it is needed.",
    )
