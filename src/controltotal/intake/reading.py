"""A file to the rows of a book: its tables through the door, each to the reader of its kind, then together.

Sheets of one kind are joined where they speak of different things. Where two tables say the same of the
same thing one is left out, and told; where they say otherwise it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from controltotal.core.finding import FileCell, Finding
from controltotal.core.money import MoneyError, parse_number
from controltotal.core.progress import checked
from controltotal.core.vocabulary import folded
from controltotal.intake import struck
from controltotal.intake.answers import with_known_answers
from controltotal.intake.door import health_numbers, stopped, through_the_door
from controltotal.intake.elsewhere import of_no_place, with_cover
from controltotal.intake.forms import UNKNOWN
from controltotal.intake.grid import Opened
from controltotal.intake.heads import MONEY_WORDS
from controltotal.intake.joining import joined
from controltotal.intake.kinds import kind_of
from controltotal.intake.known import Known
from controltotal.intake.layout import figures_outside, tables_in
from controltotal.intake.matrix import read_ledger, read_matrix
from controltotal.intake.model import USED, Asked, Grid, Left, Read, Seen, Value
from controltotal.intake.month_codes import plain_months
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import told
from controltotal.intake.records import read_records
from controltotal.intake.summaries import settle_summaries
from controltotal.intake.trackers import read_tracker

Reader = Callable[[Seen, Asked, Known], Read]
READERS: Final[dict[str, Reader]] = {
    "amounts": read_matrix,
    "ledger": read_ledger,
    "schemes": read_tracker,
}
"""Who reads a table of a kind; what is no kind of these is a table of the book."""


SUMS: Final = 4
"""From one number in so many cells on, a table is not of words alone."""


@dataclass(slots=True)
class FileRead:
    """A file as it was read: its tables in order, and what is said of the file itself."""

    opened: Opened
    reads: list[Read] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def every(self) -> list[Finding]:
        """What is said of the file and of its tables."""
        return [*self.findings, *(finding for read in self.reads for finding in read.findings)]

    @property
    def questions(self) -> list[Finding]:
        """What stops it."""
        return [finding for finding in self.every if finding.severity == "error"]


def read(opened: Opened, asked: Asked, known: Known) -> FileRead:
    """Every table of a file; a number of a patient anywhere stops it, and nothing else is then said."""
    asked, wrong = with_known_answers(asked, known, opened.file)
    if wrong:
        return FileRead(opened, [], wrong)
    opened = replace(opened, grids=tuple(map(plain_months, opened.grids)))
    seen = with_cover([(grid, tables_in(grid)) for grid in opened.grids])
    at = health_numbers(opened.grids, [one for _, found in seen for one in found])
    if at:
        return FileRead(opened, [], [stopped(at)])
    file = FileRead(opened, [], list(opened.findings))
    outside: list[FileCell] = []
    for grid, found in _wanted(seen, asked, file):
        if not found and any(any(cell is not None for cell in row) for row in grid.cells):
            file.findings.append(_no_table(grid))
        for one in checked(found, 1):
            _take(file, one, asked, known)
        outside += figures_outside(grid, found) if found else []
    if outside:
        file.findings.append(_outside(outside))
    settle_summaries(file.reads, asked, known)
    if not any(one.code == "IMPORT_MONTH" for one in file.questions):
        file.findings += joined(
            file.reads, known, asked.sheets
        )  # else nobody knows what they are of
    return file


def _wanted(
    seen: Sequence[tuple[Grid, list[Seen]]], asked: Asked, file: FileRead
) -> list[tuple[Grid, list[Seen]]]:
    """The sheets that the person names; all of them where none is named."""
    if not asked.sheet:
        return list(seen)
    named = {folded(name) for name in asked.sheet.split(";")}
    found = [one for one in seen if folded(one[0].sheet) in named]
    if not found:
        names = ", ".join(grid.sheet for grid, _ in seen)
        file.findings.append(
            question(
                "IMPORT_SHEET",
                f"No sheet of the file is named {asked.sheet}.",
                [FileCell(file.opened.file, asked.sheet, "A1")],
                expected=names or "a sheet",
                found=asked.sheet,
                action=f"Say --sheet with one of {names}.",
            )
        )
    return found


def _no_table(grid: Grid) -> Finding:
    width = max((len(row) for row in grid.cells), default=1)
    return told(
        "IMPORT_SHEET",
        f"{f'The sheet {grid.sheet}' if grid.sheet else 'The file'} holds nothing that looks like a "
        "table, and gives the book nothing.",
        [grid.over(0, 0, max(0, len(grid.cells) - 1), max(0, width - 1))],
        expected="a table with headings",
        found="words",
    )


def _outside(at: Sequence[FileCell]) -> Finding:
    return told(
        "IMPORT_LEFT",
        "Numbers stand outside every table; they give the book nothing.",
        at[:1000],
        expected="numbers under the headings of a table",
        found=f"{len(at):,} rows of numbers",
        action="Look whether a table is missing; if so give it headings, or put it on a sheet of its own.",
        severity="warning",
    )


def _take(file: FileRead, seen: Seen, asked: Asked, known: Known) -> None:
    """One table through the door and to its reader."""
    kept = through_the_door(seen)
    whole, gone, questions = struck.settled(kept.seen, asked)
    kept = replace(
        kept, seen=whole, left=[*kept.left, *gone], findings=[*kept.findings, *questions]
    )
    kind = kind_of(kept.seen, asked) or _as_told(kept.seen, asked)
    why = "" if asked.as_ or kind not in ("", "amounts") else of_no_place(kept.seen)
    if why:
        file.findings += [*kept.findings, _no_place(kept.seen, why)]
        file.reads.append(_left_whole(kept.seen, why))
        return
    if not kind:
        file.findings += kept.findings
        known_as = Read(kept.seen, UNKNOWN, findings=[_no_kind(kept.seen)])
        file.reads.append(known_as if _has_sums(kept.seen) else _words_alone(kept.seen))
        return
    reader = READERS.get(kind)
    found = (
        reader(kept.seen, asked, known)
        if reader is not None
        else read_records(kept.seen, asked, known, kind)
    )
    found.findings[:0] = kept.findings
    found.left += kept.left
    file.reads.append(found)


def _as_told(seen: Seen, asked: Asked) -> str:
    """What the person says that tables are of which do not tell it, where this one holds sums."""
    return kind_of(seen, replace(asked, as_=asked.kind)) if asked.kind and _has_sums(seen) else ""


def _has_sums(seen: Seen) -> bool:
    """Whether a table holds money or other numbers that somebody may miss."""
    if seen.heads_of("money"):
        return True
    rows, columns = range(seen.first, seen.last + 1), range(seen.left, seen.right + 1)
    headed = [head.column for head in seen.heads if head.means in MONEY_WORDS]
    if any(_is_number(seen.grid.value(row, column)) for row in rows for column in headed):
        return True
    values = [seen.grid.value(row, column) for row in rows for column in columns]
    filled = [value for value in values if value is not None]
    numbers = sum(_is_number(value) for value in filled)
    return numbers * SUMS > len(filled)


def _is_number(value: Value) -> bool:
    if not isinstance(value, str):
        return isinstance(value, int | float)
    try:
        parse_number(value)
    except MoneyError:
        return False
    return True


def _no_place(seen: Seen, why: str) -> Finding:
    """The notice of a statement that no book holds."""
    return told(
        "IMPORT_LEFT",
        f"A table is of {why}; it gives the book nothing.",
        [seen.grid.over(seen.heading[0], seen.left, seen.last, seen.right)],
        expected="income and expenditure, savings, risks or another table of a book",
        found=seen.grid.sheet or seen.area,
        action="Nothing; or say --as amounts with --sheet, if it is of the surplus all the same.",
        severity="warning",
    )


def _words_alone(seen: Seen) -> Read:
    """A table of words that is none of the book: it is left out, and told."""
    read_ = _left_whole(seen, "words that are no table of a book")
    read_.findings.append(
        told(
            "IMPORT_SHEET",
            "Here stand words in columns that are no table of a book; they give the book nothing.",
            [seen.grid.over(seen.heading[0], seen.left, seen.last, seen.right)],
            expected="a table of a book",
            found=", ".join(head.text for head in seen.heads if head.text)[:200],
            action="Nothing, or say what it is of with --as.",
        )
    )
    return read_


def _left_whole(seen: Seen, reason: str) -> Read:
    """A table that gives the book nothing."""
    read_ = Read(seen, "")
    read_.left.append(Left((seen.heading[0], seen.left, seen.last, seen.right), reason))
    return read_


def _no_kind(seen: Seen) -> Finding:
    names = "amounts, schemes, risks, control totals"
    grid = seen.grid
    return question(
        "IMPORT_KIND",
        "Here stands a table, and nothing tells what it is of.",
        [grid.over(seen.heading[0], seen.left, seen.last, seen.right)],
        expected=f"a table of {names} or another table of a book",
        found=", ".join(head.text for head in seen.heads if head.text)[:200],
        action="Say what such tables are of: --set kind=schemes (or amounts, risks, control totals …); or "
        'read other sheets alone with --sheet "NAME;NAME".',
    )


def used(reads: Iterable[Read]) -> dict[str, int]:
    """How many cells of a file stand in rows of each table."""
    found: dict[str, int] = {}
    for one in reads:
        if one.postings:
            number = sum(slots.count(USED) for slots in one.slots)
            found[one.table] = found.get(one.table, 0) + number
            continue
        columns: dict[tuple[str, int], tuple[int, ...]] = {}
        for row in one.rows:
            place = row.table, row.row
            before = columns.setdefault(place, row.columns)
            if before is not row.columns:
                columns[place] = (*before, *row.columns)
            if row.beside:
                found[row.table] = found.get(row.table, 0) + len(set(row.beside))
        for (table, _), many in columns.items():
            found[table] = found.get(table, 0) + len(set(many))
    return found
