"""A CSV file to its cells, whatever spreadsheet saved it.

UTF-8 with or without a mark, UTF-16, or an older Windows encoding; separated by commas, semicolons
or tabs; with or without a first line `sep=;`, which a spreadsheet reads and does not show. The
separator is the one under which the file's headings are those of its table.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from controltotal.core.errors import BookError
from controltotal.core.finding import Finding
from controltotal.core.progress import checked
from controltotal.core.schema import tables
from controltotal.sources.raw import heading_row, looks_like

BYTES_MAX = 1024 * 1024 * 1024
CELLS_MAX = 60_000_000
FIELD_MAX = 10_000_000
HEAD_BYTES = 65_536
SEPARATORS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 40
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe is opened without waiting for somebody to write to it."""


@dataclass(frozen=True, slots=True)
class CsvText:
    """The cells of a file, and how it was written; `plain` is UTF-8 with commas and no `sep=`."""

    grid: list[list[str]]
    encoding: str
    separator: str
    plain: bool


def read_csv(path: Path, table: str, findings: list[Finding], data: bytes | None = None) -> CsvText:
    """The cells of a file; `table` is the one whose name it bears, empty for none.

    `data` are the bytes of the file where they have been read already.
    """
    text, encoding, lost = decode(bytes_of(path) if data is None else data)
    if encoding == "Windows-1252":
        findings.append(_older_encoding(path, lost))
    separator, rest = said_separator(text)
    said = bool(separator)
    csv.field_size_limit(FIELD_MAX)
    separator = separator or separator_of(rest, table)
    try:
        grid = records_of(rest, separator, path)
    except csv.Error as error:
        raise BookError(
            f"the file is not CSV ({error})", path.name, "save it again as CSV from the spreadsheet"
        ) from error
    plain = encoding == "UTF-8" and separator == "," and not said
    return CsvText(grid, encoding, separator, plain)


def read_head(path: Path) -> list[list[str]]:
    """The first rows of a file that bears no table's name, to see what it holds."""
    text = said_separator(decode(bytes_of(path, HEAD_BYTES))[0])[1]
    lines = "\n".join(text.splitlines()[:_LINES_LOOKED_AT])
    try:
        return list(csv.reader(io.StringIO(lines), delimiter=separator_of(lines, "")))
    except csv.Error:
        return []


def records_of(
    text: str, separator: str, path: Path, *, rows: int = CELLS_MAX, most: int = CELLS_MAX
) -> list[list[str]]:
    """The records in order; a record with a line break inside still counts as one row."""
    grid: list[list[str]] = []
    cells = 0
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for record in checked(records):
        cells += len(record)
        if cells > most or len(grid) >= rows:
            shown = f"{most:,} cells" if cells > most else f"{rows:,} rows"
            raise BookError(
                f"the file has more than {shown}",
                path.name,
                "split the book, or keep it in a ledger",
            )
        grid.append(record)
    return grid


def bytes_of(path: Path, most: int = -1) -> bytes:
    """The bytes of a plain file; a pipe, a device or a folder of the name is refused, not waited for."""
    try:
        handle = os.open(path, _OPEN)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise BookError(
                    "this is a pipe, a device or a folder, not a file",
                    path.name,
                    "put a plain CSV file here, or remove it",
                )
            if status.st_size > BYTES_MAX:
                raise BookError(
                    "the file is over 1 GB", path.name, "split the book, or keep it in a ledger"
                )
            return file.read(most)
    except OSError as error:
        raise BookError(
            f"the file cannot be read ({error.strerror})",
            path.name,
            "check that it is a file and that you may read it",
        ) from error


def decode(data: bytes) -> tuple[str, str, int]:
    """The text of a file, its encoding, and the number of characters that could not be read.

    >>> decode("£4m".encode("utf-16")), decode(b"\\xa34m")
    (('£4m', 'UTF-16', 0), ('£4m', 'Windows-1252', 0))
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), "UTF-16", 0
    if data[1:2] == b"\0" and data[3:4] in (b"\0", b""):
        return data.decode("utf-16-le", errors="replace"), "UTF-16", 0
    if data[:1] == b"\0" and data[2:3] in (b"\0", b""):
        return data.decode("utf-16-be", errors="replace"), "UTF-16", 0
    try:
        return data.decode("utf-8-sig"), "UTF-8", 0
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        return text, "Windows-1252", text.count("\ufffd")


def said_separator(text: str) -> tuple[str, str]:
    """The separator that a first line `sep=;` names, and the text after that line.

    >>> said_separator("sep=;\\na;b\\n"), said_separator("a,b\\n")
    ((';', 'a;b\\n'), ('', 'a,b\\n'))
    """
    line, _, rest = text.partition("\n")
    bare = line.strip("\r").strip('"')
    if bare[:4].lower() == "sep=" and len(bare) == 5:
        return bare[4], rest
    return "", text


def separator_of(text: str, table: str) -> str:
    """The separator under which most headings are those of the table; a comma where none tells.

    >>> separator_of("organisation;line;year\\nTRA;pay;2026/27\\n", "amounts")
    ';'
    """
    start = "\n".join(text.splitlines()[:_LINES_LOOKED_AT])
    best, most = ",", 0
    for separator in SEPARATORS:
        try:
            grid = list(csv.reader(io.StringIO(start, newline=""), delimiter=separator))
        except csv.Error:
            continue
        if table:
            row = grid[heading_row(table, grid)] if grid else []
            known = len({tables()[table].named(cell) for cell in row} - {""})
        else:
            known = len(looks_like("", grid))
        if known > most:
            best, most = separator, known
    return best


def _older_encoding(path: Path, lost: int) -> Finding:
    more = f" {lost} characters of it could not be read." if lost else ""
    return Finding(
        code="ENCODING",
        severity="warning",
        organisation="",
        where=f"{path.stem} row 1",
        message=f"{path.name} is not UTF-8; it was read as Windows-1252.{more}",
        expected="UTF-8",
        found="Windows-1252",
        action="Save it again as “CSV UTF-8”.",
        detail=path.name,
    )
