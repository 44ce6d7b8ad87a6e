"""The rows of a book as they are read: every entry by the reader of cells, or large tables as columns.

Both ways say the same of every row. Columns are read where the months of a book stand each by itself;
else, and wherever a heading is in doubt, every row is read cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

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
from controltotal.book.references import ids_meant, joined, joined_to, known_names
from controltotal.book.settings import Settings, read_settings
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.finding import Finding, grouped
from controltotal.core.schema import tables
from controltotal.ledger.block import Block, Entries, written_singly
from controltotal.ledger.entries import PUT, Entry, in_force
from controltotal.ledger.source import BookSource

CUMULATIVE: Final = "cumulative"


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


def read_rows(source: BookSource, moment: int | date | None, to: MonthAsked | None = None) -> Read:
    """The rows of a book as at a moment."""
    if not isinstance(moment, int):
        read = _with_block(source, moment, to)
        if read is not None:
            return read
    standing = in_force(source.entries, moment if isinstance(moment, int) else None)
    headed = under_headings([entry for entry in standing if entry.table in tables()], source)
    reading = _Reading(source, headed, moment)
    rows = joined(reading.records(headed.entries))
    if isinstance(moment, date):
        rows = moments.known_by(rows, moment)
    upto = None
    if to is not None:
        upto = moments.read_upto(to, reading.settings.values.get("default_year", ""), rows)
        rows = moments.as_at_month(rows, upto, {entry.seq: entry for entry in headed.entries})
    return reading.read(rows, headed.entries, upto)


class _Reading:
    """A reader of cells over the headings and settings of one book."""

    def __init__(self, source: BookSource, headed: Headed, moment: int | date | None) -> None:
        self.source, self.headed, self.moment = source, headed, moment
        self.settings = read_settings(headed.entries, moment)
        lines = [dict(e.cells).get("line", "") for e in headed.entries if e.table == "lines"]
        self.reader = RowReader(self.settings, source.columns, lines)
        self.of_source = _source_dates(headed.entries)

    def records(self, entries: Iterable[Entry]) -> list[Record]:
        """Entries as records."""
        return [self.reader.read(entry, self.of_source) for entry in entries]

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
        findings += odd_characters(entry for entry in entries if entry.seq in there)
        findings += doubled_settings(entries, self.moment)
        faults = self.reader.by_entry
        findings += grouped(fault for row in rows for fault in faults.get(row.entry, ()))
        return Read(self.settings, rows, not_read, findings, upto)


def _with_block(source: BookSource, moment: date | None, to: MonthAsked | None) -> Read | None:
    """The rows of a book of which a table is a block, read as columns; None where they may not be."""
    block = _only_block(source.entries)
    if block is None:
        return None
    single = [e for e in written_singly(source.entries) if e.table in tables()]
    shown = list(_shown_headings(block))
    before = sum(entry.seq < block.first for entry in single)
    headed = under_headings([*single[:before], *shown, *single[before:]], source)
    if not headed.stopped.isdisjoint(entry.seq for entry in shown):
        return None
    headed = replace(headed, entries=[entry for entry in headed.entries if entry.seq > 0])
    reading = _Reading(source, headed, moment)
    rows = joined(reading.records(headed.entries))
    if reading.settings.unclear or _may_run(reading.settings, rows):
        return None
    read = BlockRead(block, reading.reader, reading.of_source)
    meant = ids_meant(rows)
    read.rename("scheme", meant)
    rested_on = read.known_by(moment) if moment is not None else set()
    there = moments.known_by(rows, moment, rested_on) if moment is not None else rows
    kept, _, _ = latest(there, [])
    read.refuse_unknown(known_names([row for row in kept if not row.stopped]))
    upto = None
    odd = _Odd(reading, read, meant)
    if to is not None:
        default = reading.settings.values.get("default_year", "")
        early = [row for row in odd.rows.values() if not _is_after(row, moment)]
        upto = moments.read_upto(to, default, early, read.years_of_actuals())
        read.up_to(upto)
    read.refuse_pointed()
    odd.more()
    entries = sorted([*headed.entries, *odd.entries()], key=lambda entry: entry.seq)
    every: list[Record] = sorted([*rows, *odd.rows.values()], key=lambda row: row.entry)
    if moment is not None:
        every = moments.known_by(every, moment, rested_on)
    if upto is not None:
        every = moments.as_at_month(every, upto, {entry.seq: entry for entry in entries})
    return replace(reading.read(every, entries, upto), block=read, decimal=read.with_decimals())


def _only_block(entries: Sequence[Entry]) -> Block | None:
    """The block of a book that has one alone; None where columns could not tell its rows apart."""
    blocks = entries.blocks if isinstance(entries, Entries) else ()
    if len(blocks) != 1 or PUBLISHED_ROW in blocks[0].order or not fits(blocks[0]):
        return None
    return blocks[0]


def _is_after(row: Record, moment: date | None) -> bool:
    """Whether a row became known after a moment."""
    return moment is not None and row.known is not None and row.known > moment


class _Odd:
    """The rows of a block that are read cell by cell, until no other shares a key with any of them."""

    def __init__(self, reading: _Reading, read: BlockRead, meant: Callable[[str], str]) -> None:
        self._reading, self._read, self._meant = reading, read, meant
        self.rows: dict[int, Record] = {}
        read.refuse_twice(())
        self.more()

    def more(self) -> None:
        """Read what has become odd."""
        places = [place for place in self._read.odd() if place not in self.rows]
        while places:
            found = self._reading.records(map(self._read.block.entry, places))
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
    firsts: list[tuple[int, int, str, tuple[str, ...]]] = []
    for place, column in enumerate(block.order):
        coded = block.coded.get(column)
        if coded is None:
            filled = block.single[column].is_not_null()
            if filled.any():
                firsts.append((filled.arg_max() or 0, place, column, ("0",)))
        elif coded.texts:
            some = coded.texts[:1] if column in listed else coded.texts
            firsts.append((int((coded.codes >= 0).argmax()), place, column, some))
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
