"""Rows of a file that are parts of a line which the book holds whole: they are added into that line.

A book that has “Non-pay” of a body in one sum counts the same money twice where a file puts “Clinical
supplies” beside it. So it is asked, of all such rows at once, and the line of the book is proposed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.calendar import CalendarError, parse_year_id
from controltotal.core.finding import FileCell, Finding
from controltotal.core.lines import Line
from controltotal.core.vocabulary import folded
from controltotal.intake.files import File
from controltotal.intake.model import Read
from controltotal.intake.questions import asked, quoted
from controltotal.intake.scopes import Cells
from controltotal.ledger.entries import Entry

AS_HELD: Final = "in one sum, as the book holds it"
"""How a question says what it expects of parts of a line that is held whole."""
Statement = tuple[str, str, str]
"""A body, a year and a basis: within one a line is held whole, or by its parts."""


def held_of(standing: Iterable[Entry], gone: Collection[int] = ()) -> dict[Statement, set[str]]:
    """The lines that a book holds, by body, year and basis; entries that are `gone` do not count."""
    found: dict[Statement, set[str]] = {}
    for entry in standing:
        if entry.table == "amounts" and entry.seq not in gone:
            cells = dict(entry.cells)
            if not (cells.get("scheme") or cells.get("scenario")):
                found.setdefault(_statement(cells), set()).add(cells.get("line", ""))
    return found


def _statement(cells: Cells) -> Statement:
    year = cells.get("year", "")
    with suppress(CalendarError):
        year = parse_year_id(year)
    return cells.get("organisation", ""), year, folded(cells.get("basis", ""))


def held_line(line: str, lines: Mapping[str, Line], held: Collection[str]) -> str:
    """A line as a book holds it: itself, else the nearest group of it that is held; empty where none.

    >>> from controltotal.core.lines import packaged_lines
    >>> held_line("premises", packaged_lines(), {"non_pay", "pay"})
    'non_pay'
    >>> held_line("cash", packaged_lines(), {"non_pay", "pay"})
    ''
    """
    seen: set[str] = set()
    while line and line not in seen:
        if line in held:
            return line
        seen.add(line)
        line = lines[line].group if line in lines else ""
    return ""


def is_of_whole(question: Finding) -> bool:
    """Whether a question is that of rows which are parts of a line that the book holds whole."""
    return question.expected.endswith(AS_HELD)


@dataclass(slots=True)
class _Whole:
    """A line that a book holds whole, with the rows of a file that are parts of it."""

    body: str
    labels: list[str] = field(default_factory=list)
    cells: list[FileCell] = field(default_factory=list)


def asked_of_wholes(files: Sequence[File], standing: Sequence[Entry]) -> None:
    """Ask of each file whose rows would stand beside a whole that the book holds and keeps."""
    amounts = any(one.table == "amounts" for file in files for one in file.puts)
    every = held_of(standing) if amounts else {}
    for file in files:
        gone = {entry.seq for entry in file.changes.withdrawn}
        held = held_of(standing, gone) if every and gone else every
        if file.puts:
            file.changes.findings += beside_wholes(file.reads, file.lines, held)


def beside_wholes(
    reads: Sequence[Read], lines: Mapping[str, Line], held: Mapping[Statement, Collection[str]]
) -> list[Finding]:
    """One question for each line that a book holds whole and files give in parts."""
    wholes: dict[str, _Whole] = {}
    known = {**lines, **{one.line: one for read in reads for one in _own(read)}}
    for read in reads:
        labels: dict[str, list[str]] = {}
        for one in read.mapped:
            labels.setdefault(one.column, []).append(one.heading)
        for row in read.rows:
            line = row.cells.get("line", "")
            if row.table != "amounts" or row.cells.get("scheme") or row.cells.get("scenario"):
                continue
            whole = held_line(line, known, held.get(_statement(row.cells), ()))
            if whole in ("", line):
                continue
            found = wholes.setdefault(whole, _Whole(row.cells.get("organisation", "")))
            name = known[line].name if line in known else line
            found.labels += [one for one in labels.get(line, [name]) if one not in found.labels]
            found.cells.append(read.seen.grid.at(row.row, min(row.columns, default=0)))
    return [_asked(known[line].name, line, one) for line, one in wholes.items()]


def _own(read: Read) -> Iterable[Line]:
    """The lines of its own that a table brings."""
    for row in read.rows:
        if row.table == "lines":
            cells = row.cells
            name, group = cells.get("name", ""), cells.get("group", "")
            yield Line(cells["line"], name, cells.get("kind", ""), True, group)


def _asked(name: str, line: str, one: _Whole) -> Finding:
    many = len(one.labels) > 1
    rows = (
        f"{len(one.labels)} rows of the file are parts" if many else "A row of the file is a part"
    )
    both = "are the rows added" if many else "is the row added"
    return asked(
        "IMPORT_LINE",
        f"{rows} of {name}, which the book holds whole for {one.body}: {both} into it?",
        one.cells[:1000],
        expected=f"{name} {AS_HELD}",
        found=quoted(one.labels, 40, 200),
        action=f'Say it of each: --set "lines.{one.labels[0]}={line}", or under [lines] in the mapping; '
        "rows of one line are added.",
    )
