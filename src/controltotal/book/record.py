"""What every record of a book has: its place, the entry that put it, and when it became known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar

from controltotal.core.schema import tables

RESERVED = frozenset(
    {"from", "number", "entry", "texts", "known", "origin", "stopped", "table", "where", "detail"}
)
"""Words of Python, and what every record has, to which a column of the name adds an underscore."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One row of a book, understood; records compare by identity.

    `number` is its row as a spreadsheet counts, `entry` the ledger entry that put it (below nil: it
    was taken from a published table, and is in no ledger), `known` the day it became known (None:
    always), `texts` its cells as written, unlisted columns included.
    """

    table: ClassVar[str] = ""

    number: int
    entry: int
    texts: Mapping[str, str]
    known: date | None
    origin: str
    stopped: bool = False

    @property
    def where(self) -> str:
        """The place as every finding names it: `amounts row 4`; of a published table, its rows."""
        if self.entry < 0:
            file, _, rows = self.origin.partition("||")
            return f"{file} {rows}"
        return f"{self.table} row {self.number}"

    @property
    def detail(self) -> str:
        """The file, sheet and first cell that the row was read from."""
        file, _, rest = self.origin.partition("|")
        sheet, _, cell = rest.partition("|")
        return ", ".join(p for p in (file, "" if sheet in file else sheet, cell) if p)

    @property
    def body(self) -> str:
        """The code of the body that the row is about, as written; empty where it names none."""
        for column in ("organisation", "from", "code"):
            if column in self.texts:
                return self.texts[column]
        return ""

    @property
    def other(self) -> Mapping[str, str]:
        """Cells of columns that the table does not list, as written."""
        listed = tables()[self.table].columns
        return {name: text for name, text in self.texts.items() if name not in listed}

    def cell(self, column: str) -> Any:
        """The value of a column named at run time; one that the table does not have is refused."""
        return getattr(self, field_of(self.table, column))

    def written(self, column: str) -> str:
        """A cell as it was written, empty where it is; a column not of the table is refused."""
        field_of(self.table, column)
        return self.texts.get(column, "")

    def day(self, column: str) -> str:
        """A date for people: a year or a month alone stands as it was written, without a day."""
        text, day = self.written(column).strip(), self.cell(column)
        if not isinstance(day, date):
            return text
        return text if re.fullmatch(r"\d{4}(-\d\d)?", text) else day.isoformat()

    def has(self, column: str) -> bool:
        """Whether the table has such a column."""
        return column in tables()[self.table].columns


@cache
def field_of(table: str, column: str) -> str:
    """The field that holds a column.

    >>> field_of("transfers", "from"), field_of("schemes", "capacity_wte")
    ('from_', 'capacity_wte')
    """
    if column not in tables()[table].columns:
        raise KeyError(f"the table {table} has no column {column!r}")
    return f"{column}_" if column in RESERVED else column
