"""Rows as they were written: text in named columns, each knowing the file, sheet and cell.

Reading judges nothing but form: whatever could not be a row at all becomes a finding, and every
other row goes on as text, to be understood by `book`. Nothing is filled or dropped unsaid. Names of
tables and headings are read however they are written; inside, each has its one name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from controltotal.core.errors import BookError, column_letter
from controltotal.core.finding import Finding
from controltotal.core.progress import checked
from controltotal.core.schema import near, table_named, tables
from controltotal.core.vocabulary import folded
from controltotal.ledger.block import Block

_UNNAMED = re.compile(r"\(column [A-Z]+\)")
"""How a column without a heading is kept when a book is carried to another form."""
TITLE_ROWS_MAX = 30
"""Rows above a table among which its headings are looked for."""
PLACES_NAMED_MAX = 10

__all__ = ["BookError", "RawBook", "RawRow", "RawTable", "column_letter", "shape_table"]


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number as a spreadsheet shows it, and its filled cells in column order."""

    number: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as found in a file; `heading` is the row of its headings, `title` what is above.

    The rows of a table that is `not_read` are kept and stopped: nobody can tell whether they are
    of the book. Those of a large plain file are a `block` of columns instead of `rows`.
    """

    name: str
    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    heading: int = 1
    title: str = ""
    not_read: bool = False
    block: Block | None = None


@dataclass(slots=True)
class RawBook:
    """Every table found, and what was wrong with the form of the files.

    `still`: cells that a spreadsheet would run have an apostrophe before them in the files.
    `digests` are the SHA-256 of the bytes of each file that was read, by its name.
    """

    name: str
    tables: list[RawTable] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    still: bool = False
    digests: dict[str, str] = field(default_factory=dict)


def heading_row(name: str, grid: Sequence[Sequence[str]]) -> int:
    """Where the headings of a table stand, counted from nought: 0 where no row clearly is they.

    A row is clearly the headings where it names two columns of the table or more, and at least
    half of its filled cells do.

    >>> heading_row("lines", [["Our lines", ""], [], ["Line", "name", "kind"], ["x", "X", "cost"]])
    2
    """
    table = tables()[name]
    best, most = 0, 0
    for index, row in enumerate(grid[:TITLE_ROWS_MAX]):
        filled = [text for text in row if text.strip()]
        named = len({table.named(text) for text in filled} - {""})
        if named >= 2 and 2 * named >= len(filled):
            if index == 0:
                return 0
            if named > most:
                best, most = index, named
    return best


def shape_table(
    name: str,
    file: str,
    sheet: str,
    grid: list[list[str]],
    findings: list[Finding],
    *,
    not_read: bool = False,
) -> RawTable:
    """A table from a grid of text that holds its headings; faults of form are findings.

    A cell that nobody can name is kept under the letter of its column, so that none is lost.
    """
    first = heading_row(name, grid)
    header = [text.strip() for text in grid[first]] if grid else []
    while header and not header[-1]:
        header.pop()
    names = names_of(name, header)
    named = [bool(column) and not _UNNAMED.fullmatch(column) for column in header]
    title = " ".join(text.strip() for row in grid[:first] for text in row if text.strip())
    if title:
        findings.append(_title_rows(name, file, first, title))
    stray: dict[int, list[tuple[int, str]]] = {}
    rows = []
    for offset, line in enumerate(checked(grid[first + 1 :]), start=first + 2):
        cells: dict[str, str] = {}
        for index, written in enumerate(line):
            text = written.strip()
            if not text:
                continue
            while index >= len(names):
                names.append(f"(column {column_letter(len(names))})")
            if index >= len(named) or not named[index]:
                stray.setdefault(index, []).append((offset, text))
            cells[names[index]] = text
        if cells:
            rows.append(RawRow(offset, tuple(cells.items())))
    findings += [_no_heading(name, file, first + 1, index, stray[index]) for index in sorted(stray)]
    return RawTable(name, file, sheet, tuple(names), tuple(rows), first + 1, title, not_read)


def names_of(table: str, header: Sequence[str]) -> list[str]:
    """A name for each column of a header, none twice: by its letter where it has none of its own.

    >>> names_of("organisations", ["Code", "", "code", "colour"])
    ['code', '(column B)', 'code (column C)', 'colour']
    """
    names: list[str] = []
    for index, heading in enumerate(header):
        column = tables()[table].named(heading) or heading
        own = column and column not in names
        names.append(column if own else f"{column} (column {column_letter(index)})".strip())
    return names


def looks_like(stem: str, grid: Sequence[Sequence[str]]) -> str:
    """The table of a book that a file or sheet seems to be, by a near name or by its headings.

    A near name tells where two headings are of the table too; headings alone tell where three
    columns that every row must fill are all there.

    >>> looks_like("Tranfers", [["id", "from", "to"]]), looks_like("notes", [["note", "day"]])
    ('transfers', '')
    >>> looks_like("amounts (2)", [["line", "amount"]]), looks_like("x", [["scheme", "gate", "on"]])
    ('amounts', 'gates')
    """
    bare = re.sub(r"^copy of\s+|[\s_.-]*(\(\d+\)|copy|old|new|final|v?\d+)$", "", stem.lower())
    written = {folded(t) for row in grid[:TITLE_ROWS_MAX] for t in row if t.strip()}
    best, most = "", 2
    for name, table in tables().items():
        named = table_named(bare) == name or near(stem, name)
        if named and len(written & set(table.by_folded)) >= 2:
            return name
        required = {folded(column) for column in table.required}
        if len(required) > most and required <= written:
            best, most = name, len(required)
    return best


def not_read(what: str, table: str, file: str, action: str) -> Finding:
    """The finding of a file or sheet that seems to hold rows of a table and cannot be taken for it."""
    return Finding(
        code="NOT_READ",
        severity="error",
        organisation="",
        where=f"{table} row 1",
        message=f"{what}; no figure uses its rows.",
        expected=f"one file or sheet named {table}",
        found=file,
        action=action,
        detail=file,
    )


def unknown_table(name: str, what: str, found: str, detail: str) -> Finding:
    """The finding of a file or sheet that is no table of a book."""
    return Finding(
        code="UNKNOWN_TABLE",
        severity="warning",
        organisation="",
        where=f"{name} row 1",
        message=f"{what} is not a table of a book, so it was not read.",
        expected="a table named in the manual",
        found=found,
        action="Rename it, or move it elsewhere.",
        detail=detail,
    )


def in_few(places: Sequence[str]) -> str:
    """Places in a line: the first ten, and how many more.

    >>> in_few(["row 2", "row 5"]), in_few([f"row {n}" for n in range(2, 14)])[-25:]
    ('row 2, row 5', 'row 10, row 11 and 2 more')
    """
    more = len(places) - PLACES_NAMED_MAX
    named = ", ".join(places[:PLACES_NAMED_MAX])
    return f"{named} and {more} more" if more > 0 else named


def _title_rows(name: str, file: str, first: int, title: str) -> Finding:
    rows = "the row above them is" if first == 1 else f"the {first} rows above them are"
    return Finding(
        code="TITLE_ROWS",
        severity="information",
        organisation="",
        where=f"{name} row {first + 1}",
        message=f"The headings of {name} stand in row {first + 1}; {rows} taken for a title.",
        expected="headings in row 1",
        found=title[:120],
        action="Check that nothing above the headings belongs to the table.",
        detail=file,
    )


def _no_heading(
    name: str, file: str, heading: int, index: int, cells: Sequence[tuple[int, str]]
) -> Finding:
    letter = column_letter(index)
    one = len(cells) == 1
    what = "A cell stands" if one else f"{len(cells)} cells stand"
    return Finding(
        code="CELL_WITHOUT_HEADING",
        severity="error",
        organisation="",
        where=f"{name} " + in_few([f"row {row}" for row, _ in cells]),
        message=f"{what} in a column without a heading, so nobody can tell what "
        f"{'it is' if one else 'they are'}.",
        expected=f"a heading in row {heading}",
        found=cells[0][1][:60],
        action="Give the column a heading or clear the " + ("cell." if one else "cells."),
        detail=f"{file}, cell {letter}{cells[0][0]}",
    )
