"""A book from one form to another without loss: folder, workbook, ledger, in any direction.

Every row in force is carried cell for cell; with history, the table `entries` carries the whole
daybook. Converting does not judge: faults travel with their rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.files import ledger_file, same_place
from controltotal.core.schema import tables
from controltotal.ledger import (
    PUT,
    WITHDRAW,
    Cells,
    Entry,
    LedgerError,
    Link,
    Narration,
    Posting,
    Sealer,
    in_force,
    open_ledger,
    put,
)
from controltotal.ledger.form1 import is_form1, postings_of
from controltotal.ledger.history import history_rows
from controltotal.ledger.source import BookSource
from controltotal.sources.books import is_ledger, read_book
from controltotal.sources.form_workbook import form_beside, write_form
from controltotal.sources.formulas import live_cells
from controltotal.sources.write import write_folder, write_workbook


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried: how many rows, and how many cells a spreadsheet would run."""

    rows: int
    live: int = 0


def convert_book(
    source: str, target: str, *, history: bool = False, overwrite: bool = False, safe: bool = False
) -> Carried:
    """Write the book at `source` as `target`; says what was carried."""
    if same_place(source, target):
        raise BookError("this is the book itself", target, "choose another name for the copy")
    if is_form1(source):
        return _from_form1(source, target)
    book = read_book(source)
    _refuse_not_read(book)
    standing = in_force(book.entries)
    if is_ledger(target):
        _to_ledger(book, target)
        return Carried(len(standing))
    tables = grouped(standing)
    if history:
        tables["entries"] = history_rows(_links(book))
    columns = {name: found for name, found in book.columns.items() if name in tables or found}
    for name in columns:
        tables.setdefault(name, [])
    if target.lower().endswith((".xlsx", ".xlsm")):
        write_workbook(target, tables, columns=columns, force=overwrite)
        return Carried(len(standing))
    write_folder(target, tables, columns=columns, force=overwrite, safe=safe)
    return Carried(len(standing), 0 if safe else live_cells(tables))


def _refuse_not_read(book: BookSource) -> None:
    """Refuse a book with a file or sheet that nobody can tell to be of it: its rows have no place."""
    if book.stopped:
        told = next(f for f in book.findings if f.code == "NOT_READ")
        raise BookError(
            told.message.partition(";")[0], told.detail, told.action[:1].lower() + told.action[1:-1]
        )


def grouped(entries: Sequence[Entry]) -> dict[str, Sequence[tuple[int, Cells]]]:
    """Rows in force by table, in the order of their row numbers."""
    found: dict[str, list[tuple[int, Cells]]] = {}
    for entry in entries:
        found.setdefault(entry.table, []).append((entry.row, entry.cells))
    return {name: sorted(rows, key=lambda row: row[0]) for name, rows in found.items()}


def _links(book: BookSource) -> Sequence[Link]:
    """The blocks of a book: those of its ledger, or those that a ledger of its files would have."""
    return book.links or Sealer().seal(filing(book))


def filing(book: BookSource) -> list[Posting]:
    """The one act that puts the rows of a book's files into a ledger; it names their root."""
    root = book.root
    why = f"read from files whose root is {root}"
    drafts = tuple(entry.draft for entry in book.entries)
    return [Posting(Narration(f"files/{root}", "convert", why=why), drafts)] if drafts else []


def _to_ledger(book: BookSource, target: str) -> None:
    _fill_new(target, postings_in(book.links) if book.links else filing(book))


def postings_in(links: Sequence[Link]) -> list[Posting]:
    """The acts of a ledger, as they would be written into another.

    What was redacted stays so: of such a ledger a copy is made by backup, which keeps its chain.
    """
    found: list[Posting] = []
    for link in links:
        if link.body is None:
            raise BookError(
                "this ledger holds redactions, which another cannot repeat",
                "the ledger",
                "copy it with: controltotal backup LEDGER FILE",
            )
        said, drafts = link.body.narration, link.body.drafts
        if found and found[-1].narration == said:
            found[-1] = replace(found[-1], drafts=(*found[-1].drafts, *drafts))
        else:
            found.append(Posting(said, drafts))
    return found


def _from_form1(source: str, target: str) -> Carried:
    """A ledger of the first form as one of this: the same rows, by the same people."""
    if not is_ledger(target):
        raise BookError(
            "a ledger of the first form is carried into a ledger first",
            target,
            "give sqlite:///NEW.ledger, then convert that",
        )
    try:
        postings = postings_of(source)
    except LedgerError as error:
        raise BookError(error.what, error.where, error.action) from error
    _fill_new(target, postings)
    kinds = [draft.kind for one in postings for draft in one.drafts]
    return Carried(kinds.count(PUT) - kinds.count(WITHDRAW))


def _fill_new(target: str, postings: Sequence[Posting]) -> None:
    """A new ledger with its first entries; one that could not be filled is not left behind."""
    before = ledger_file(target).exists()
    store = open_ledger(target)
    filled = False
    try:
        if store.last()[0]:
            raise BookError(
                "there is a ledger here already",
                target,
                "give a new name; a ledger is only ever added to",
            )
        if postings:
            store.append(postings, expected=0)
        filled = True
    finally:
        store.close()
        if not filled and not before:
            ledger_file(target).unlink(missing_ok=True)


def new_book(target: str, title: str = "") -> list[str]:
    """An empty book of three tables, with its headings, to be filled in; returns the files made.

    Beside a workbook stands a second one with the form that people fill in (`form_workbook`).
    """
    names = ("book", "organisations", "amounts", "control_totals", "sources")
    columns = {name: list(tables()[name].columns) for name in names}
    shown = title or Path(target).stem.replace("-", " ").replace("_", " ").capitalize()
    rows: dict[str, Sequence[tuple[int, Cells]]] = {name: [] for name in names}
    rows["book"] = [
        (2, (("key", "title"), ("value", shown))),
        (3, (("key", "default_unit"), ("value", "£m"))),
    ]
    if is_ledger(target):
        drafts = tuple(put("book", number, cells) for number, cells in rows["book"])
        _fill_new(target, [Posting(Narration("new", "new"), drafts)])
        return [target]
    if target.lower().endswith(".xlsx"):
        form = form_beside(target)
        write_form(form)
        write_workbook(target, rows, columns=columns, helped=True)
        return [target, form]
    write_folder(target, rows, columns=columns)
    return [f"{target}/{name}.csv" for name in names]
