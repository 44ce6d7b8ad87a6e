"""The tables of a book as data: columns, which are required, which make the key, what they hold.

One list feeds reading, checking, writing, `new` and the manual, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from controltotal.core.datafiles import packaged_rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type says how its text is read."""

    name: str
    type: str
    required: bool
    key: bool
    vocabulary: tuple[str, ...]
    description: str

    def allows(self, word: str) -> bool:
        """Whether a vocabulary column may say this; a required one may always say `unknown`."""
        return word in self.vocabulary or (self.required and word == "unknown")


@dataclass(frozen=True)
class Table:
    """A table of the book and its columns in order."""

    name: str
    meaning: str
    columns: Mapping[str, Column]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that tell one row from another."""
        return tuple(column.name for column in self.columns.values() if column.key)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The columns that every row must fill."""
        return tuple(column.name for column in self.columns.values() if column.required)


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Table]:
    """Every table of a book, in the order of the manual.

    >>> tables()["successions"].key
    ('predecessor', 'successor', 'on')
    """
    meanings: dict[str, str] = {}
    columns: dict[str, dict[str, Column]] = {}
    for row in packaged_rows("tables.csv"):
        name = row["table"]
        if not row["column"]:
            meanings[name], columns[name] = row["description"], {}
            continue
        columns[name][row["column"]] = Column(
            row["column"],
            row["type"],
            row["required"] == "yes",
            row["key"] == "yes",
            tuple(row["vocabulary"].split()),
            row["description"],
        )
    return {name: Table(name, meanings[name], columns[name]) for name in meanings}
