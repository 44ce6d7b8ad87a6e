"""A book as a folder: one CSV file a table (a Tabular Data Package, its descriptor optional).

A file is known by its name, however it is written (`Control totals.CSV`). Two files of one name,
and a file that seems to hold rows of a table under another name, are errors: their rows are kept
and stopped, so that no figure rests on a guess. Links are not followed out of the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import table_named, tables
from controltotal.core.vocabulary import folded
from controltotal.sources.csv_columns import table_in_columns
from controltotal.sources.csv_text import bytes_of, read_csv, read_head
from controltotal.sources.formulas import is_still, read_still
from controltotal.sources.raw import (
    RawBook,
    RawTable,
    in_few,
    looks_like,
    not_read,
    shape_table,
    unknown_table,
)

ENDINGS = (".csv", ".tsv")
"""Files that are read where they bear the name of a table."""
LOOKED_AT = (*ENDINGS, ".txt")
"""Files that are looked at whatever their name."""
OTHER_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers")
"""Files that may hold a table and are not read in a folder."""


def read_folder(path: Path) -> RawBook:
    """Every table of a folder; a file that seems to be one and is not read is said."""
    book = RawBook(path.name)
    book.still = is_still(path / "datapackage.json")
    files = table_files(path)
    if not files:
        raise BookError(
            "no table of a book is here",
            str(path),
            "give a folder with organisations.csv, amounts.csv and control_totals.csv "
            "(`controltotal new FOLDER` makes one)",
        )
    _refuse_other_forms(path, files)
    taken = {file for same in files.values() for file in same}
    others = [_other(file, book) for file in _listed(path) if file not in taken]
    book.findings += _in_folders(path)
    for name in tables():
        for file in files.get(name, ()):
            book.tables.append(_table(name, file, book, not_read=len(files[name]) > 1))
        if len(files.get(name, ())) > 1:
            shown = " and ".join(file.name for file in files[name])
            book.findings.append(
                not_read(
                    f"{shown} are both the table {name}",
                    name,
                    shown,
                    "Put the rows that hold into one of them, and move the other elsewhere.",
                )
            )
        book.tables += [table for table in others if table is not None and table.name == name]
    return book


def _in_folders(path: Path) -> list[Finding]:
    """What is said of tables that lie in folders of a book, one finding a folder: none is read."""
    found = []
    for folder in _listed(path):
        if not folder.is_dir() or folder.is_symlink() or folder.name.startswith((".", "__")):
            continue
        try:
            held = _listed(folder)
        except BookError:  # nobody may look into it, so that it holds nothing of the book
            continue
        names = [
            file.name
            for file in held
            if file.suffix.lower() in (*ENDINGS, *OTHER_ENDINGS)
            and (table_named(file.stem) or looks_like(file.stem, _head(file)))
        ]
        if names:
            one = unknown_table(folder.name, f"{folder.name}/", f"{folder.name}/", folder.name)
            found.append(
                replace(
                    one,
                    message=f"The folder {folder.name} holds {in_few(names)}, and no file in a folder "
                    "of a book is read; no figure uses their rows.",
                    expected="the files of a book beside each other",
                    action="Move them beside the other tables if they are of the book, else elsewhere.",
                )
            )
    return found


def _head(file: Path) -> list[list[str]]:
    """The first rows of a file of text; none of one that cannot be read or is no text."""
    if file.suffix.lower() not in LOOKED_AT or not file.is_file() or file.is_symlink():
        return []
    try:
        return [list(row) for row in read_head(file)]
    except BookError:
        return []


def _refuse_other_forms(path: Path, files: Mapping[str, object]) -> None:
    """Refuse a folder in which a table stands in a form that is not read: its rows would be missed.

    `book.xlsx` is a book of its own; and beside the table as CSV it is nobody's only copy.
    """
    for file in _listed(path):
        name = table_named(file.stem)
        if file.suffix.lower() in OTHER_ENDINGS and name not in ("", "book") and name not in files:
            raise BookError(
                f"the table {name} is here in a form that is not read in a folder",
                file.name,
                f"save it as {name}.csv, or move it elsewhere",
            )


def table_files(path: Path) -> dict[str, list[Path]]:
    """The files of a folder by the table that they are, the one with our own name first."""
    found: dict[str, list[Path]] = {}
    for file in _listed(path):
        name = table_named(file.stem)
        if name and file.suffix.lower() in ENDINGS:
            found.setdefault(name, []).append(file)
    for name, same in found.items():
        same.sort(key=lambda file: (file.name != f"{name}.csv", file.name))
    return found


def workbooks_of(path: Path) -> list[Path]:
    """The workbooks of a folder, without those that a spreadsheet leaves while it is open (`~$`)."""
    found = [
        file
        for file in _listed(path)
        if file.suffix.lower() in (".xlsx", ".xlsm") and not file.name.startswith(("~$", "."))
    ]
    for file in found:
        _inside(file)
    return found


def _listed(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError as error:
        raise BookError(
            f"the folder cannot be read ({error.strerror})", str(path), "check that you may read it"
        ) from error


def _inside(file: Path) -> None:
    """Refuse a link that leads out of the folder."""
    try:
        leads_out = file.is_symlink() and not file.resolve().is_relative_to(file.parent.resolve())
    except (OSError, RuntimeError):
        leads_out = True
    if leads_out:
        raise BookError(
            "this is a link that leads out of the folder, and is not followed",
            file.name,
            "copy the file itself into the folder, or remove the link",
        )


def _table(name: str, file: Path, book: RawBook, *, not_read: bool) -> RawTable:
    stop_if_cancelled()
    _inside(file)
    data = bytes_of(file)
    book.digests[file.name] = sha256(data).hexdigest()
    cell_by_cell = not_read or (book.still and b"'" in data)
    columns = None if cell_by_cell else table_in_columns(name, file.name, data)
    if columns is not None:
        return columns
    grid = read_csv(file, name, book.findings, data).grid
    if book.still:
        grid = read_still(grid)
    return shape_table(name, file.name, "", grid, book.findings, not_read=not_read)


def _other(file: Path, book: RawBook) -> RawTable | None:
    """A file that bears no table's name: told, and where it looks like a table, kept and stopped."""
    ending, stem = file.suffix.lower(), file.stem
    stop_if_cancelled()
    if ending in LOOKED_AT and folded(stem) != "entries" and not file.is_dir():
        _inside(file)
        name = looks_like(stem, read_head(file))
        if name:
            book.findings.append(
                not_read(
                    f"{file.name} looks like the table {name} and does not bear its name",
                    name,
                    file.name,
                    f"Name it {name}.csv if it is of the book, or move it elsewhere.",
                )
            )
            data = bytes_of(file)
            book.digests[file.name] = sha256(data).hexdigest()
            grid = read_csv(file, name, [], data).grid
            return shape_table(name, file.name, "", grid, [], not_read=True)
        if ending in ENDINGS:
            book.findings.append(unknown_table(stem, file.name, stem, file.name))
    return None
