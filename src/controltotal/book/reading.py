"""The rows of a book as they are read: every entry by the reader of cells, or large tables as columns.

Both ways say the same of every row. Columns are read where the months of a book stand each by itself;
else, and wherever a heading is in doubt, every row is read cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from controltotal.book import moments
from controltotal.book.cells import RowReader
from controltotal.book.characters import odd_characters
from controltotal.book.columns import BlockRead, fits
from controltotal.book.doubled import doubled_settings
from controltotal.book.headings import Headed, under_headings
from controltotal.book.latest import latest
from controltotal.book.moments import MonthAsked, UpTo
from controltotal.book.published import PUBLISHED_ROW
from controltotal.book.record import Record
from controltotal.book.records import Amount, Source
from controltotal.book.references import ids_meant, ids_of, joined, joined_to, known_names
from controltotal.book.remembered import Remembered, Same, by_table
from controltotal.book.settings import Settings, read_settings
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.finding import Finding, grouped
from controltotal.core.late import Late
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import tables
from controltotal.ledger.block import Block, Entries, by_themselves
from controltotal.ledger.entries import PUT, Entry, in_force
from controltotal.ledger.source import BookSource

if TYPE_CHECKING:
    import numpy as np
else:
    np = Late("numpy")

CUMULATIVE: Final = "cumulative"
_LAST: Final = 2**62
"""A number beyond that of any entry."""


@dataclass(frozen=True, slots=True)
class Read:
    """The rows known at a moment, rows of files that are not read, and what was wrong with them.

    Rows of a block stand in `rows` only where something about them is odd; the others are in it.
    `decimal` are by unit the bodies of which it has sums with decimals.
    """

    settings: Settings
    rows: list[Record]
    not_read: list[Record]
    findings: list[Finding]
    upto: UpTo | None = None
    block: BlockRead | None = None
    decimal: Mapping[str, set[str]] = field(default_factory=dict)
    way: object = None
    """What stands for all by which a row of the block is read, where it is read as it stands."""


def read_rows(
    source: BookSource,
    moment: date | None,
    to: MonthAsked | None = None,
    parts: Remembered | None = None,
) -> Read:
    """The rows of a book as at a day. `parts` of an earlier reading are used where they still hold."""
    parts = parts or Remembered()
    read = _with_block(source, moment, to, parts)
    if read is not None:
        return read
    standing = in_force(source.entries)
    listed = [entry for entry in standing if entry.table in tables()]
    headed = under_headings(listed, source, parts)
    reading = _Reading(source, headed, moment, parts)
    rows = joined(reading.records(headed.entries), parts)
    if isinstance(moment, date):
        rows = moments.known_by(rows, moment)
    upto = None
    if to is not None:
        upto = moments.read_upto(to, reading.settings.values.get("default_year", ""), rows)
        rows = moments.as_at_month(rows, upto, {entry.seq: entry for entry in headed.entries})
    return reading.read(rows, headed.entries, upto)


class _Reading:
    """A reader of cells over the headings and settings of one book."""

    def __init__(
        self, source: BookSource, headed: Headed, moment: date | None, parts: Remembered
    ) -> None:
        self.source, self.headed, self.moment, self.parts = source, headed, moment, parts
        self.settings = read_settings(headed.entries, moment)
        lines = tuple(dict(e.cells).get("line", "") for e in headed.entries if e.table == "lines")
        self.cells = parts.recall(
            "cells",
            (self.settings, source.columns, lines),
            lambda: _Cells(RowReader(self.settings, source.columns, lines)),
        )
        self.of_source = _source_dates(headed.entries)
        self.faults: dict[int, Sequence[Finding]] = {}

    def records(self, entries: Iterable[Entry]) -> list[Record]:
        """Entries as records; their faults are noted."""
        return [self.cells.read(entry, self.of_source, self.faults) for entry in entries]

    def read(
        self, found: Iterable[Record], entries: Sequence[Entry], upto: UpTo | None = None
    ) -> Read:
        """What was read, with what was found of it."""
        source, stopped = self.source, self.headed.stopped
        found = list(found)
        not_read = [replace(row, stopped=True) for row in found if row.entry in source.stopped]
        rows = [
            replace(row, stopped=True) if row.entry in stopped else row
            for row in found
            if row.entry not in source.stopped
        ]
        findings = [*grouped(source.findings), *self.headed.findings, *_missing_columns(source)]
        there = {row.entry for row in (*rows, *not_read)}
        findings += odd_characters([e for e in entries if e.seq in there], self.parts)
        findings += doubled_settings(entries, self.moment)
        faults = self.faults
        findings += grouped(fault for row in rows for fault in faults.get(row.entry, ()))
        return Read(self.settings, rows, not_read, findings, upto)


class _Cells:
    """A reader of cells, and what it has read of each entry."""

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader
        self._known: dict[int, tuple[Entry, date | None, Record, Sequence[Finding]]] = {}

    def read(
        self,
        entry: Entry,
        of_source: Mapping[str, date | None],
        faults: dict[int, Sequence[Finding]],
    ) -> Record:
        """An entry as a record, its faults noted; one that was read before is the same record."""
        known = self._known.get(entry.seq)
        if known is not None and _says_the_same(known[0], entry):
            day = of_source.get(known[2].texts.get("source", ""))
            if known[1] == day:
                if known[3]:
                    faults[entry.seq] = known[3]
                return known[2]
        record, found = self.reader.read(entry, of_source)
        day = of_source.get(record.texts.get("source", ""))
        self._known[entry.seq] = (entry, day, record, found)
        if found:
            faults[entry.seq] = found
        return record


def _says_the_same(one: Entry, other: Entry) -> bool:
    """Whether two entries of one number put the same row."""
    return one is other or (
        one.cells == other.cells
        and (one.table, one.row, one.origin) == (other.table, other.row, other.origin)
    )


def _with_block(
    source: BookSource, moment: date | None, to: MonthAsked | None, parts: Remembered
) -> Read | None:
    """The rows of a book of which a table is a block, read as columns; None where they may not be."""
    block = _only_block(source.entries)
    if block is None:
        return None
    single = [e for e in in_force(by_themselves(source.entries)) if e.table in tables()]
    shown = list(_shown_headings(block))
    first = int(block.sequence().min())
    before = sum(entry.seq < first for entry in single)
    headed = under_headings([*single[:before], *shown, *single[before:]], source, parts)
    if not headed.stopped.isdisjoint(entry.seq for entry in shown):
        return None
    headed = replace(headed, entries=[entry for entry in headed.entries if entry.seq > 0])
    reading = _Reading(source, headed, moment, parts)
    rows = joined(reading.records(headed.entries), parts)
    if reading.settings.unclear or _may_run(reading.settings, rows):
        return None
    way = None
    if moment is None and to is None:
        way = (Same(reading.cells), tuple(reading.of_source.items()), ids_of(rows))
        whole = parts.recall(
            "columns",
            (Same(block), way, _names(rows, parts), _beside(rows)),
            _columns,
            reading,
            block,
            rows,
        )
    else:
        whole = _columns(reading, block, rows, moment, to)
    odd = whole.odd
    reading.faults |= odd.faults
    entries = sorted([*headed.entries, *odd.entries()], key=lambda entry: entry.seq)
    every: list[Record] = sorted([*rows, *odd.rows.values()], key=lambda row: row.entry)
    if moment is not None:
        every = moments.known_by(every, moment, whole.rested_on)
    if whole.upto is not None:
        every = moments.as_at_month(every, whole.upto, {entry.seq: entry for entry in entries})
    found = reading.read(every, entries, whole.upto)
    return replace(found, block=whole.read, decimal=whole.decimal, way=way)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A block as it was read: its columns, its odd rows, and what was known at a day or month."""

    read: BlockRead
    odd: _Odd
    rested_on: set[str]
    upto: UpTo | None
    decimal: Mapping[str, set[str]]


def _columns(
    reading: _Reading,
    block: Block,
    rows: Sequence[Record],
    moment: date | None = None,
    to: MonthAsked | None = None,
) -> _Whole:
    """The columns of a block beside the other rows of its book."""
    stop_if_cancelled()
    beside = _beside(rows)
    read = BlockRead(block, reading.cells.reader, reading.of_source, beside)
    meant = ids_meant(ids_of(rows))
    read.rename("scheme", meant)
    rested_on = read.known_by(moment) if moment is not None else set()
    there = moments.known_by(rows, moment, rested_on) if moment is not None else rows
    read.refuse_unknown(_names(there, Remembered() if moment is not None else reading.parts))
    stop_if_cancelled()
    upto = None
    odd = _Odd(reading, read, meant)
    if to is not None:
        default = reading.settings.values.get("default_year", "")
        early = [row for row in (*beside, *odd.rows.values()) if not _is_after(row, moment)]
        upto = moments.read_upto(to, default, early, read.years_of_actuals())
        read.up_to(upto)
    read.refuse_pointed()
    odd.more()
    return _Whole(read, odd, rested_on, upto, read.with_decimals())


def _names(rows: Iterable[Record], parts: Remembered) -> Mapping[str, frozenset[str]]:
    """The codes that rows give a name to, by the type of the columns that point at them."""
    kept = latest(rows, parts).kept
    return known_names(by_table(row for row in kept if not row.stopped), parts)


def _beside(rows: Iterable[Record]) -> tuple[Amount, ...]:
    """The amounts that stand beside a block, such as those that somebody tries on a file."""
    return tuple(row for row in rows if isinstance(row, Amount))


def _only_block(entries: Sequence[Entry]) -> Block | None:
    """The block of a book that has one alone; None where columns could not tell its rows apart."""
    blocks = entries.blocks if isinstance(entries, Entries) else ()
    if len(blocks) != 1 or not all(map(_is_plain, blocks[0].order)) or not fits(blocks[0]):
        return None
    return blocks[0]


def _is_plain(heading: str) -> bool:
    """Whether a heading is a column of amounts or a note, so that what stands below it is no riddle."""
    table = tables()["amounts"]
    note = not table.named(heading) and "(column" not in heading
    return heading in table.columns or (note and heading != PUBLISHED_ROW)


def _is_after(row: Record, moment: date | None) -> bool:
    """Whether a row became known after a moment."""
    return moment is not None and row.known is not None and row.known > moment


class _Odd:
    """The rows of a block that are read cell by cell, until no other shares a key with any of them."""

    def __init__(self, reading: _Reading, read: BlockRead, meant: Callable[[str], str]) -> None:
        self._reading, self._read, self._meant = reading, read, meant
        self.rows: dict[int, Record] = {}
        self.faults: dict[int, Sequence[Finding]] = {}
        read.refuse_twice(())
        self.more()

    def more(self) -> None:
        """Read what has become odd."""
        places = [place for place in self._read.odd() if place not in self.rows]
        while places:
            entries = [self._read.block.entry(place) for place in places]
            found = self._reading.records(entries)
            noted = self._reading.faults
            self.faults |= {e.seq: noted[e.seq] for e in entries if e.seq in noted}
            self.rows |= dict(zip(places, joined_to(self._meant, found), strict=True))
            self._read.refuse_twice(r for r in self.rows.values() if isinstance(r, Amount))
            places = [place for place in self._read.odd() if place not in self.rows]

    def entries(self) -> list[Entry]:
        """Their entries."""
        return [self._read.block.entry(place) for place in sorted(self.rows)]


def _may_run(settings: Settings, rows: Iterable[Record]) -> bool:
    """Whether months of the book may be running sums, which are taken apart record by record."""
    if settings.months == CUMULATIVE:
        return True
    return any("months" in row.texts for row in rows if isinstance(row, Source))


def _shown_headings(block: Block) -> Iterator[Entry]:
    """Entries that stand for the headings of a block, in the order in which rows fill them.

    One for each text under a heading that the table does not list, for what stands below it may tell
    what it means; their numbers lie below nil.
    """
    listed = tables()[block.table].columns
    entries = block.sequence()
    firsts: list[tuple[int, int, str, list[str]]] = []
    for column in block.order:
        coded = block.coded.get(column)
        if coded is None:
            filled = block.single[column].is_not_null().to_numpy()
            some = ["0"]
        else:
            filled = coded.codes >= 0
            used = np.unique(coded.codes[filled]) if column not in listed else [0]
            some = [coded.texts[code] for code in used] if filled.any() else []
        if filled.any():
            index = int(np.where(filled, entries, _LAST).argmin())
            place = [name for name, _ in block.cells(index)].index(column)
            firsts.append((int(entries[index]), place, column, some))
    for _, _, column, texts in sorted(firsts):
        for text in texts:
            cells = ((column, text),)
            yield Entry(-1, PUT, block.table, 1, cells)


def _source_dates(entries: list[Entry]) -> dict[str, date | None]:
    dates: dict[str, date | None] = {}
    for entry in entries:
        if entry.table == "sources":
            cells = dict(entry.cells)
            try:
                published = cells.get("published_on", "")
                dates[cells.get("id", "")] = parse_date(published) if published else None
            except CalendarError:
                dates[cells.get("id", "")] = None
    return dates


def _missing_columns(source: BookSource) -> list[Finding]:
    found = []
    for name, columns in source.columns.items():
        missing = [c for c in tables()[name].required if c not in columns] if columns else []
        if missing:
            found.append(
                Finding(
                    code="MISSING_COLUMN",
                    severity="error",
                    organisation="",
                    where=f"{name} row 1",
                    message=f"The table {name} has no column {', '.join(missing)}.",
                    expected=", ".join(tables()[name].required),
                    found=", ".join(columns),
                    action="Add the missing heading and fill it in every row.",
                    detail=source.files.get(name, ""),
                )
            )
    return found
