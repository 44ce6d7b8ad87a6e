"""Writing an import: one request for all its files, each row with the cell that it came from.

A ledger takes rows and withdrawals beside what stands; a folder and a workbook have no history, so that
a table in which a row changes is written whole, with the earlier rows of those tables that tell by
their days what was known when. Whatever fails, nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from controltotal.book.headings import IMPORTED
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from controltotal.intake.changes import Changes
from controltotal.intake.kept_rows import closed, stays
from controltotal.intake.scopes import Put
from controltotal.ledger import Author, Draft, Entry, Narration, Posting, in_force, open_ledger
from controltotal.ledger.block import last_row
from controltotal.ledger.entries import PUT, withdraw
from controltotal.ledger.errors import LedgerError
from controltotal.ledger.source import BookSource
from controltotal.sources.books import is_ledger
from controltotal.sources.folder import table_files, workbooks_of
from controltotal.sources.folder_add import change_folder
from controltotal.sources.write import write_workbook

PREFIX: Final = IMPORTED
"""How the ids of sources begin that imports make."""
_FILE: Final = re.compile(r"(.+?) sha256:([0-9a-f]{64}) mapping:([a-z0-9-]+)(?:; |$)")
FIRST: Final = ("sources", "organisations", "lines", "schemes")
"""Tables to whose rows others refer."""


@dataclass(frozen=True, slots=True)
class From:
    """A file of an import: its name, the SHA-256 of its bytes, and its mapping."""

    file: str
    digest: str
    mapping: str


@dataclass(frozen=True, slots=True)
class Why:
    """What is said of an import: its files, the day on which it became known, who accepted what."""

    files: tuple[From, ...]
    on: str
    accepted: str = ""

    @property
    def words(self) -> str:
        """The reason that the ledger keeps."""
        names = ", ".join(one.file for one in self.files)
        return f"imported from {names}" + (
            f"; accepted by {self.accepted}" if self.accepted else ""
        )

    @property
    def text(self) -> str:
        """The files with what tells them from others."""
        return "; ".join(f"{f.file} sha256:{f.digest} mapping:{f.mapping}" for f in self.files)


def source_id(mapping: str, organisation: str) -> str:
    """The id of the source that rows of a mapping and a body name.

    >>> source_id("amounts-1f2e3d4c", "RX1")
    'import-amounts-1f2e3d4c.RX1'
    """
    return f"{PREFIX}{mapping}" + (f".{organisation}" if organisation else "")


def is_own_source(one: Put) -> bool:
    """Whether a row names the import itself as a source, which its files do not say."""
    return one.table == "sources" and one.cells.get("id", "").startswith(PREFIX)


def mapped_by(standing: Sequence[Entry]) -> dict[int, str]:
    """The mapping by which an import put each row, by the number of its entry."""
    said: dict[str, dict[str, str]] = {}
    found = {}
    for entry in standing:
        source = dict(entry.cells).get("source", "")
        if source.startswith(PREFIX):
            found[entry.seq] = source.removeprefix(PREFIX).partition(".")[0]
        elif entry.narration.file:
            text = entry.narration.file
            files = said.setdefault(text, {file: form for file, _, form in _FILE.findall(text)})
            mapping = files.get(entry.origin.partition("|")[0], "")
            if mapping:
                found[entry.seq] = mapping
    return found


# -- writing ---------------------------------------------------------------------------------------


def write(book: str, known: BookSource, changes: Changes, why: Why) -> None:
    """Write what an import changes, in the book's own form; whole or not at all."""
    if not changes.any:
        return
    if is_ledger(book):
        _to_ledger(book, known, changes, why)
        return
    path = Path(book)
    if path.is_dir() and not table_files(path) and workbooks_of(path):
        path = workbooks_of(path)[0]
    if path.is_dir():
        _to_folder(path, known, changes)
    else:
        _to_workbook(path, known, changes)


def _in_order(puts: Sequence[Put]) -> list[Put]:
    """Rows that others refer to first, then table by table as the manual has them."""
    order = {name: place for place, name in enumerate(dict.fromkeys((*FIRST, *tables())))}
    return sorted(puts, key=lambda one: order.get(one.table, len(order)))


def drafts_of(entries: Sequence[Entry], changes: Changes) -> list[Draft]:
    """What a ledger of some entries is given: withdrawals, then rows, each with the cell it came from."""
    gone = [*changes.withdrawn, *(old for old, new in changes.changed if _same_day(old, new))]
    last: dict[str, int] = {}
    drafts: list[Draft] = [withdraw(entry) for entry in gone]
    for one in _in_order([*changes.added, *(new for _, new in changes.changed)]):
        if one.table not in last:
            last[one.table] = max(last_row(entries, one.table), 1)
        row = last[one.table] = last[one.table] + 1
        at = one.at
        origin = f"{at.file}|{at.sheet}|{at.cell}" if at.file else ""
        drafts.append(Draft(PUT, one.table, row, tuple(_ordered(one)), origin))
    return drafts


def _to_ledger(book: str, known: BookSource, changes: Changes, why: Why) -> None:
    drafts = drafts_of(known.entries, changes)
    text = "\n".join((why.text, why.words, str(len(known.entries)), str(len(drafts))))
    request = f"import/{sha256(text.encode()).hexdigest()}"
    said = Narration(request, "import", Author(name="import"), why.on, why.words, why.text)
    try:
        with closing(open_ledger(book, must_exist=True)) as store:
            store.append([Posting(said, tuple(drafts))], expected=len(known.entries))
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error


def last_of(book: str) -> tuple[int, str]:
    """The number of the last entry of a ledger, and its root there."""
    try:
        with closing(open_ledger(book, must_exist=True, readonly=True)) as store:
            number, last = store.last()
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    return number, f"sha256:{last}"


def _same_day(old: Entry, new: Put) -> bool:
    """Whether what was said before stands for no day of its own: it is taken back."""
    return _day(dict(old.cells)) >= _day(new.cells) or not _day(dict(old.cells))


def _day(cells: Mapping[str, str]) -> str:
    try:
        return parse_date(cells.get("known_on", "")).isoformat()
    except CalendarError:
        return ""


def _ordered(one: Put) -> list[tuple[str, str]]:
    """The cells of a row in the order of its table, others after them."""
    cells = one.cells
    return [(name, cells[name]) for name in _order(one.table, tuple(cells)) if cells[name]]


@lru_cache(maxsize=1024)
def _order(table: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Some columns in the order of a table, those that it does not have after them."""
    columns = tables()[table].columns if table in tables() else {}
    known = tuple(name for name in columns if name in names)
    return (*known, *(name for name in names if name not in columns))


def _whole(known: BookSource, changes: Changes) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Every row of each table in which a row changes or goes; new ones at its end."""
    gone = {entry.seq for entry in changes.withdrawn} - changes.closed.keys()
    beside = [new for old, new in changes.changed if stays(old.table, dict(old.cells), new.cells)]
    instead = {old.seq: new for old, new in changes.changed}
    names = {e.table for e in changes.withdrawn} | {old.table for old, _ in changes.changed}
    found: dict[str, list[tuple[int, dict[str, str]]]] = {name: [] for name in names}
    for entry in in_force(known.entries):
        if entry.table in names and entry.seq not in gone:
            new = instead.get(entry.seq)
            if entry.seq in changes.closed:
                cells = closed(entry, changes.closed[entry.seq])
            elif new is None or stays(entry.table, dict(entry.cells), new.cells):
                cells = dict(entry.cells)
            else:
                cells = dict(_ordered(new))
            found[entry.table].append((entry.row, cells))
    for one in (*beside, *changes.added):
        if one.table in names:
            found[one.table].append((0, dict(_ordered(one))))
    return found


def _to_folder(folder: Path, known: BookSource, changes: Changes) -> None:
    whole = _whole(known, changes)
    add: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for one in _in_order(changes.added):
        if one.table not in whole:
            add.setdefault(one.table, []).append((0, dict(_ordered(one))))
    change_folder(folder, add, whole, known.columns)


def _to_workbook(path: Path, known: BookSource, changes: Changes) -> None:
    whole = _whole(known, changes)
    found: dict[str, list[tuple[int, tuple[tuple[str, str], ...]]]] = {}
    for entry in in_force(known.entries):
        if entry.table not in whole:
            found.setdefault(entry.table, []).append((entry.row, entry.cells))
    for one in _in_order(changes.added):
        if one.table not in whole:
            rows = found.setdefault(one.table, [])
            number = max((number for number, _ in rows), default=1) + 1
            rows.append((number, tuple(_ordered(one))))
    for name, changed in whole.items():
        found[name] = [(n, tuple(row.items())) for n, (_, row) in enumerate(changed, start=2)]
    try:
        write_workbook(path, found, columns=dict(known.columns), force=True)
    except BookError as error:
        raise BookError(
            f"this workbook was not made here, so it is not rewritten ({error.what})",
            str(path),
            "convert it to a folder or a ledger first: controltotal convert BOOK FOLDER",
        ) from error


def today() -> str:
    """The day of an import of which nothing else says it."""
    return datetime.now(UTC).astimezone().date().isoformat()
