"""A large CSV file read whole, as columns; what is not plainly written is left to the reader of cells.

Plain is UTF-8 in which quotation marks stand around whole cells, headings in the first line of which
each is a column of the table or a note of one's own, and no row longer than they are. Of such a
file both readers say the same; of any other nothing is said here, and it is read cell by cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import tables
from controltotal.ledger.block import EMPTY, Block, Coded
from controltotal.sources.csv_text import CELLS_MAX, FIELD_MAX, SEPARATORS, separator_of
from controltotal.sources.raw import TITLE_ROWS_MAX, RawTable, heading_row, names_of

if TYPE_CHECKING:
    import polars as pl

TABLES: Final = ("amounts",)
"""The tables of a book that may have very many rows."""
BYTES_FROM = 250_000
"""Smaller files are read cell by cell: it takes less time than to load what reads columns."""
_HEAD: Final = 65_536
_SOME: Final = 100_000
"""So many rows are looked at first for the texts of a column."""
_ODD: Final = (b"\0", b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f")
"""What one reader takes for a blank or the end of a line and another does not."""
_BLANKS: Final = (b" ", b"\t", b'"')
"""Where cells of plain letters have blanks around them; a quotation mark may hold ends of lines."""
_SINGLE: Final = ("money", "fact", "number")
"""Types of columns of which the texts hardly come twice."""


def table_in_columns(name: str, file: str, data: bytes) -> RawTable | None:
    """The table of a plain file as a block of columns; None where it is not plain, or is small."""
    if name not in TABLES or len(data) < BYTES_FROM or not _is_plain(data):
        return None
    header, separator = _header(name, data)
    if not header or len(header) * data.count(b"\n") > CELLS_MAX or not _is_quoted(data, separator):
        return None
    block = _block(name, file, header, separator, data)
    return None if block is None else RawTable(name, file, "", tuple(header), (), block=block)


def _is_plain(data: bytes) -> bool:
    """Whether the bytes are text of which every line ends as lines do."""
    if any(odd in data for odd in _ODD):
        return False
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\xc2\x85" not in data


def _is_quoted(data: bytes, separator: str) -> bool:
    """Whether every quotation mark opens or ends a cell, or stands twice within one.

    >>> _is_quoted(b'a,"b, c",""\\n', ","), _is_quoted(b'a,5" pipe,"b"\\n', ",")
    (True, False)
    """
    import numpy as np

    if b'"' not in data:
        return True
    bytes_of = np.frombuffer(data, dtype=np.uint8)
    marks = np.flatnonzero(bytes_of == ord('"'))
    if len(marks) % 2:
        return False
    around = np.frombuffer(f'{separator}\n\r"'.encode(), dtype=np.uint8)
    opens, ends = marks[::2], marks[1::2]
    before = bytes_of[opens[opens > 0] - 1]
    after = bytes_of[ends[ends < len(data) - 1] + 1]
    return bool(np.isin(before, around).all() and np.isin(after, around).all())


def _header(name: str, data: bytes) -> tuple[list[str], str]:
    """The names of the columns and what parts them; none where the first line is not the headings."""
    head = data[:_HEAD].decode("utf-8-sig", errors="ignore")
    separator = separator_of(head, name)
    if head[:4].lower() == "sep=" or separator not in SEPARATORS:
        return [], separator
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    grid = list(islice(reader, TITLE_ROWS_MAX))
    if len(grid) < 2 or heading_row(name, grid) != 0 or "\n" in "".join(grid[0]):
        return [], separator
    written = [text.strip() for text in grid[0]]
    header = names_of(name, written)
    table = tables()[name]
    whole = all(written) and len(set(map(str.casefold, header))) == len(header)
    whole = whole and "(column" not in "".join(header) and set(table.required) <= set(header)
    return (header if whole else []), separator


def _block(
    name: str, file: str, header: Sequence[str], separator: str, data: bytes
) -> Block | None:
    """The rows below the headings; None where one of them is longer than these."""
    import numpy as np
    import polars as pl

    stop_if_cancelled()
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            skip_rows=1,
            schema=dict.fromkeys(header, pl.String),
            separator=separator,
        )
    except (pl.exceptions.PolarsError, OSError):
        return None
    if frame.width != len(header) or _has_vast_cell(frame, len(data)):
        return None
    if any(blank in data for blank in _BLANKS) or not data.isascii():
        frame = frame.with_columns(pl.all().str.strip_chars())
    frame = frame.with_columns(pl.all().replace("", None))
    numbers = np.arange(2, frame.height + 2, dtype=np.int32)
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null()))
    there = filled.to_series().to_numpy()
    if not there.all():
        frame, numbers = frame.filter(there), numbers[there]
    if not len(numbers):
        return None
    types = {column.name: column.type for column in tables()[name].columns.values()}
    single = {c: frame[c] for c in header if types.get(c) in _SINGLE}
    coded = {c: _coded(frame[c]) for c in header if c not in single}
    flush = frame[header[0]].null_count() == 0
    return Block(name, file, tuple(header), numbers, coded, single, flush=flush)


def _has_vast_cell(frame: pl.DataFrame, size: int) -> bool:
    """Whether a cell of a file of so many bytes may be longer than the reader of cells takes."""
    import polars as pl

    if size <= FIELD_MAX:
        return False
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    return any(length is not None and length > FIELD_MAX for length in longest)


def _coded(column: pl.Series) -> Coded:
    """Each text of a column once, and its number in every row."""
    import polars as pl

    stop_if_cancelled()
    nothing = column.null_count()
    some = column.head(_SOME)  # most texts come early, and each is asked for once
    texts = some.drop_nulls().unique().sort()
    coded = column.cast(pl.Enum(texts), strict=False)
    if coded.null_count() != nothing:
        texts = column.drop_nulls().unique().sort()
        coded = column.cast(pl.Enum(texts))
    codes = coded.to_physical().cast(pl.Int32).fill_null(EMPTY)
    return Coded(codes.to_numpy(), tuple(texts.to_list()))
