"""The daybook of a reading: who recorded a row, on which day at the earliest, and what was taken back.

Accounting idea: an act says its own day, and the book keeps the order of acts. So an act that stands
after another was recorded on that other's day at the earliest, whatever day it says itself. Rows
that were read from files carry neither writer nor clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Amount
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.schema import tables
from controltotal.ledger import is_ledger_address
from controltotal.ledger.block import written_singly
from controltotal.ledger.entries import Entry

NO_DAYBOOK = "the data keep no daybook"
"""Why nobody can say who recorded what: a folder or a workbook holds rows and no acts."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One exception: its kind, whom and what it is of, who did it and when, and the rows that show it.

    `pence` is what it moves: positive is better for the organisation; None where it moves no money.
    `acts` are entries of the daybook that show it beside the entries of its rows.
    """

    kind: str
    organisation: str
    year: str
    subject: str
    detail: str
    rows: tuple[Record, ...] = ()
    month: str = ""
    by: str = ""
    on: date | None = None
    recorded: date | None = None
    pence: int | None = None
    acts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; `unseen` says what could not be looked at, and why.

    `looked` is False where nothing of the kind could be looked at: then none is not nil.
    """

    departures: tuple[Departure, ...] = ()
    unseen: tuple[str, ...] = ()
    looked: bool = True


class Daybook:
    """The acts of a reading; up to the day that was asked for, where a day was."""

    def __init__(self, position: Position) -> None:
        self.position = position
        until = position.as_at if isinstance(position.as_at, date) else None
        self.acts: Mapping[int, Entry] = {
            entry.seq: entry
            for entry in written_singly(position.daybook)
            if entry.by and (until is None or (day_of(entry) or date.min) <= until)
        }

    @property
    def kept(self) -> bool:
        """Whether the book keeps one: it is a ledger, or somebody has written in it."""
        return bool(self.acts) or is_ledger_address(self.position.place)

    @property
    def missing(self) -> tuple[str, ...]:
        """Why it cannot be told who wrote what; nothing where every row has its act."""
        if not self.kept:
            return (NO_DAYBOOK,)
        daybook = self.position.daybook
        unsigned = len(daybook) - sum(1 for entry in written_singly(daybook) if entry.by)
        if not unsigned:
            return ()
        return (f"{unsigned:,} rows were read from files, and no act says who wrote them or when",)

    def keeps(self, table: str, basis: str = "") -> bool:
        """Whether earlier versions of a table's rows are kept: by acts, or as rows with dates.

        Earlier forecasts say nothing of earlier plans: of amounts the `basis` counts.
        """
        return self.kept or any(
            row.table == table and (not basis or (isinstance(row, Amount) and row.basis == basis))
            for row in self.position.superseded
        )

    @property
    def unseen_versions(self) -> tuple[str, ...]:
        """What is not seen without a daybook: a row that was written over leaves no trace in a file."""
        return () if self.kept else ("a file that was written over keeps no earlier row",)

    def act(self, row: Record) -> Entry | None:
        """The act that recorded a row; None for one that was read from a file."""
        return self.acts.get(row.entry)

    def by(self, row: Record) -> str:
        """Who recorded a row; empty where nothing tells it."""
        found = self.act(row)
        return found.by if found else ""

    @cached_property
    def _not_before(self) -> Mapping[int, date]:
        """By act: the latest day that it or any act before it says."""
        found: dict[int, date] = {}
        last = date.min
        for seq, entry in sorted(self.acts.items()):
            last = max(last, day_of(entry) or date.min)
            found[seq] = last
        return found

    def recorded(self, row: Record) -> date | None:
        """The day before which a row was not recorded; None where nothing tells it.

        That is the latest of the day on which it says that it became known, and of the days of its
        act and of the acts before it.
        """
        days = [said(row, "known_on"), self._not_before.get(row.entry)]
        return max((day for day in days if isinstance(day, date)), default=None)

    def since(self, row: Record) -> date | None:
        """The day from which a row holds: its own, else that of its act; None: always."""
        if row.known is not None:
            return row.known
        found = self.act(row)
        return day_of(found) if found else None

    def told(self, row: Record) -> date | None:
        """The day on which a row was told: when it was recorded, else from when it holds.

        What an act writes is not told before the act, whatever day its source has.
        """
        return self.recorded(row) or self.since(row)

    @cached_property
    def taken_back(self) -> tuple[tuple[Record, Entry], ...]:
        """Every row that was withdrawn, with the act that did it, in the order of the acts."""
        found = [(row, self.position.withdrawals[row.entry]) for row in self.position.withdrawn]
        known = [(row, act) for row, act in found if act.seq in self.acts]
        return tuple(sorted(known, key=lambda one: one[1].seq))


def day_of(entry: Entry) -> date | None:
    """The day that an act says of itself; None where it says none that can be read."""
    try:
        return parse_date(entry.on[:10]) if entry.on else None
    except CalendarError:
        return None


def said(row: Record, column: str) -> Any:
    """What a row says in a column; None where it says nothing or its table has no such column."""
    return row.cell(column) if row.has(column) else None


def key_of(row: Record) -> tuple[object, ...]:
    """What tells the rows of a table apart, so that versions of one row are found."""
    return (row.table, *(row.cell(column) or "" for column in tables()[row.table].key))


def versions(daybook: Daybook, table: str) -> Iterable[list[Record]]:
    """Rows of a table of which more than one version is known, the earliest first.

    A version is in force, gave way to a later one, or was taken back.
    """
    position = daybook.position
    past = [row for row in position.superseded if row.table == table]
    past += [row for row, _ in daybook.taken_back if row.table == table and not row.stopped]
    found: dict[tuple[object, ...], list[Record]] = {}
    for row in past:
        found.setdefault(key_of(row), []).append(row)
    if not found:
        return []
    for row in position.rows(table):
        same = found.get(key_of(row))
        if same is not None:
            same.append(row)
    for same in found.values():
        same.sort(key=lambda row: (daybook.since(row) or date.min, row.entry))
    return found.values()
