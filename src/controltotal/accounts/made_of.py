"""What a number is made of: other numbers, figures, and rows of the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controltotal.book.record import Record

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Another number of which one is made: its column, what tells its row, and its value there."""

    number: str
    of: Row
    pence: int | None


@dataclass(frozen=True, slots=True)
class Rests:
    """What a number rests on: numbers, figures by their ids, and entries of the ledger."""

    parts: tuple[Part, ...] = ()
    figures: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing is told that it rests on."""
        return not (self.parts or self.figures or self.entries)


def entries_of(rows: Iterable[Record]) -> tuple[int, ...]:
    """The entries of some rows, each once, in their order."""
    return tuple(dict.fromkeys(row.entry for row in rows))
