"""Rows added to a book that is a folder: what is there stays byte for byte.

New rows go at the end of their table; a new column goes after the last. Each file is written whole
beside the old one and takes its place, sources and bodies first, so that a stop in the middle leaves
tables that read, and importing again adds the rest.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from controltotal.sources.csv_text import read_csv
from controltotal.sources.folder import table_files
from controltotal.sources.raw import heading_row, names_of
from controltotal.sources.write import DESCRIPTOR, MARK, _csv, _header, _resource

FIRST = ("sources", "organisations", "successions")
Rows = Sequence[tuple[int, Mapping[str, str]]]


def add_to_folder(folder: Path, add: Mapping[str, Rows]) -> None:
    """Add rows to the CSV files of a folder, and new tables to its descriptor."""
    order = [name for name in FIRST if name in add] + [name for name in add if name not in FIRST]
    files = {name: _file_of(folder, name) for name in order}
    made = {name: extended(files[name], name, add[name]) for name in order}
    for name, (_, text) in made.items():
        replace_file(files[name], text.encode())
    _describe(folder, {name: header for name, (header, _) in made.items()})


def change_folder(
    folder: Path,
    add: Mapping[str, Rows],
    whole: Mapping[str, Rows],
    columns: Mapping[str, Sequence[str]],
) -> None:
    """Add rows to some tables of a folder and write others whole: all of them, or none.

    `whole` holds every row of a table that is rewritten, `columns` the headings that it has.
    """
    order = [*(n for n in FIRST if n in add or n in whole)]
    order += [n for n in (*add, *whole) if n not in FIRST]
    files = {name: _file_of(folder, name) for name in order}
    made = {
        name: rewritten(files[name], name, whole[name], columns.get(name, ()))
        if name in whole
        else extended(files[name], name, add[name])
        for name in order
    }
    before = {name: files[name].read_bytes() if files[name].exists() else None for name in order}
    try:
        for name, (_, text) in made.items():
            replace_file(files[name], text.encode())
    except OSError:
        for name, data in before.items():
            if data is not None:
                replace_file(files[name], data)
            else:
                files[name].unlink(missing_ok=True)
        raise
    _describe(folder, {name: header for name, (header, _) in made.items()})


def rewritten(path: Path, name: str, rows: Rows, columns: Sequence[str]) -> tuple[list[str], str]:
    """The header and the text of a table with other rows; of plain CSV alone."""
    if path.exists():
        _refuse_not_plain(path, name)
    cells = [(number, tuple(row.items())) for number, (_, row) in enumerate(rows, start=2)]
    header = _header(name, cells, columns)
    return header, _csv(name, header, cells)


def _refuse_not_plain(path: Path, name: str) -> list[list[str]]:
    """The cells of a file to which rows can be added as it stands; a BookError says why not."""
    read = read_csv(path, name, [])
    if not read.plain or heading_row(name, read.grid):
        raise BookError(
            f"{path.name} is not plain CSV with its headings in row 1, so nothing is added to it",
            str(path),
            "save it again as “CSV UTF-8”, separated by commas, without lines above the headings",
        )
    return read.grid


def _file_of(folder: Path, name: str) -> Path:
    """The file of a table, however its name is written; our own name where there is none yet."""
    same = table_files(folder).get(name, [folder / f"{name}.csv"])
    if len(same) > 1:
        raise BookError(
            f"two files are the table {name}, so nothing is added to either",
            " and ".join(file.name for file in same),
            "keep one of them",
        )
    return same[0]


def extended(path: Path, name: str, rows: Rows) -> tuple[list[str], str]:
    """The header and the text of a table with rows added at its end."""
    text, header = "", []
    if path.exists():
        grid = _refuse_not_plain(path, name)
        text = path.read_bytes().decode("utf-8-sig")
        header = names_of(name, [heading.strip() for heading in grid[0]] if grid else [])
    used = {column for _, cells in rows for column in cells}
    known = [column for column in tables()[name].columns if column in used]
    extra = sorted(used - set(tables()[name].columns))
    required = [c for c in tables()[name].required if not header]
    wanted = [c for c in tables()[name].columns if c in {*known, *required}] + extra
    fresh = [column for column in wanted if column not in header]
    whole = [*header, *fresh]
    if header and fresh:
        text = _with_heading(text, fresh)
    elif not header:
        text = _lines([whole])
    if not text.endswith("\n"):
        text += "\n"
    return whole, text + _lines([[cells.get(column, "") for column in whole] for _, cells in rows])


def _with_heading(text: str, fresh: Sequence[str]) -> str:
    """The same rows under a longer heading; a heading that spans lines keeps its rows too."""
    first, *body = csv.reader(io.StringIO(text, newline=""))
    width = len(first)
    return _lines([[*first, *fresh], *([*line, *[""] * (width - len(line))] for line in body)])


def _lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside the old one and let it take its place."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _describe(folder: Path, headers: Mapping[str, Sequence[str]]) -> None:
    """New tables and columns in the descriptor, where the folder has one that we can read."""
    path = folder / DESCRIPTOR
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        resources = {resource["name"]: resource for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    if MARK not in package:
        return
    for name, header in headers.items():
        resources[name] = _resource(name, list(header))
    package["resources"] = [resources[n] for n in tables() if n in resources] + [
        resource for name, resource in resources.items() if name not in tables()
    ]
    replace_file(path, (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode())
