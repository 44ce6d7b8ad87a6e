"""How far a file speaks that is sent with a month: to the end of that month, and no further.

A correction of December says nothing of January. What a book holds of later months is left out of the
comparison, so that it is neither withdrawn nor asked about; what the file has of them is left aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from controltotal.book.sent_months import BASIS, last_month
from controltotal.book.settings import read_settings
from controltotal.core.calendar import CalendarError, parse_year_id
from controltotal.core.vocabulary import folded
from controltotal.intake.files import File
from controltotal.intake.parts import in_parts
from controltotal.intake.scopes import Put, key_in, key_of, same_row
from controltotal.ledger.entries import Entry, in_force


@dataclass(frozen=True, slots=True)
class Reach:
    """The month to which a file speaks, `year` as in "2026-27".

    `passed` says that a later month was sent since: then the plan and the forecast of months to come
    are those of the later month too, and of the whole year as well.

    >>> reach, row = Reach("2026-27", 9), {"year": "2026/27", "basis": "actual", "month": "10"}
    >>> reach.says("amounts", row), reach.says("amounts", {**row, "month": "9"})
    (False, True)
    >>> forecast = {**row, "basis": "forecast"}
    >>> reach.says("amounts", forecast), Reach("2026-27", 9, passed=True).says("amounts", forecast)
    (True, False)
    """

    year: str
    month: int
    passed: bool = False

    def says(self, table: str, cells: Mapping[str, str]) -> bool:
        """Whether a file of the month says anything of a row."""
        if table != "amounts":
            return True
        year = self.year
        with suppress(CalendarError):
            year = parse_year_id(cells.get("year", "")) if cells.get("year") else year
        later = year > self.year or (year == self.year and last_month(cells) > self.month)
        is_actual = folded(cells.get("basis", "")) == BASIS and bool(cells.get("month"))
        return not (later and (is_actual or self.passed))

    def standing(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries with which a file of the month is compared."""
        return [
            one
            for one in entries
            if one.table != "amounts" or self.says(one.table, dict(one.cells))
        ]

    def within(self, file: File) -> File:
        """A file without its rows of later months; the file that was given is left as it is."""
        if file.read is None or not any(_later(file, self)):
            return file
        reads = [
            replace(read, rows=[row for row in read.rows if self.says(row.table, row.cells)])
            for read in file.read.reads
        ]
        return replace(file, read=replace(file.read, reads=reads))

    def aside(self, files: Sequence[File], entries: Sequence[Entry]) -> list[Put]:
        """The rows of later months in which files differ from what a book of some entries holds."""
        puts = [put for file in files for put in _later(file, self)]
        if not puts:
            return []
        standing = in_force(entries)
        unit = read_settings(standing, None).default_unit
        rows: dict[str, list[Mapping[str, str]]] = {}
        for entry in standing:
            if entry.table == "amounts":
                cells = {"unit": unit, **dict(entry.cells)} if unit else dict(entry.cells)
                rows.setdefault(key_in(entry.table, cells), []).append(cells)

        def stands(put: Put) -> bool:
            return any(
                same_row(put.table, cells, put.cells, whole=False)
                for cells in rows.get(key_of(put), ())
            )

        return [
            put for put in in_parts(puts, standing, unit, may_replace=True).puts if not stands(put)
        ]


def _later(file: File, reach: Reach) -> Iterator[Put]:
    """The rows of a file that are of later months, each as it would be put."""
    if file.read is None or file.left_out:
        return
    for read in file.read.reads:
        for row in read.rows:
            if not reach.says(row.table, row.cells):
                at = read.seen.grid.at(row.row, min(row.columns, default=read.seen.left))
                yield Put(row.table, row.cells, at, file.form.name if file.form else "")


__all__ = ["Reach"]
