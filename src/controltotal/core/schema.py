"""The tables of a book as data: columns, which are required, which make the key, what they hold.

One list feeds reading, checking, writing, `new` and the manual, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from controltotal.core.datafiles import packaged_rows
from controltotal.core.vocabulary import folded, heading_meant


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

    @cached_property
    def by_folded(self) -> Mapping[str, str]:
        """The columns by their folded names."""
        return {folded(name): name for name in self.columns}

    def named(self, heading: str) -> str:
        """The column that a heading names, however it is written; empty where it names none.

        >>> tables()["schemes"].named("Full year effect*"), tables()["schemes"].named("colour")
        ('full_year_effect', '')
        """
        if heading in self.columns:
            return heading
        text = heading.strip().rstrip("*:.")
        other = heading_meant(text)
        return self.by_folded.get(folded(text), "") or (other if other in self.columns else "")


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


@lru_cache(maxsize=1)
def _tables_by_folded() -> Mapping[str, str]:
    return {folded(name): name for name in tables()}


def table_named(text: str) -> str:
    """The table that a file or a sheet names, however it is written; empty where it names none.

    >>> table_named("Control totals"), table_named("savings list")
    ('control_totals', '')
    """
    return text if text in tables() else _tables_by_folded().get(folded(text), "")


def near(written: str, known: str) -> bool:
    """Whether a name is a slip of another: one letter, or two neighbours changed about.

    A known name of nine letters or more may differ by two such slips; two names of fewer than
    five letters by none.

    >>> near("units", "unit"), near("outcom", "outcome"), near("form", "from")
    (True, True, False)
    >>> near("residual_liklihod", "residual_likelihood"), near("region", "reason")
    (True, False)
    """
    one, other = folded(written), folded(known)
    if one == other or max(len(one), len(other)) < 5:
        return False
    return _slips(one, other) <= (2 if len(other) >= 9 else 1)


def _slips(one: str, other: str) -> int:
    """Letters added, left out, changed, or changed about with their neighbour (at most 3 counted)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        if min(row) > 2 and min(last) > 1:
            return 3  # what comes after only adds to them
        before, last = last, row
    return min(last[-1], 3)
