"""A grid looked at by what its cells are: nothing, a number, a day or a text, and words known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from controltotal.intake.heads import is_word, mark_in
from controltotal.intake.model import Area, Grid
from controltotal.intake.words import heading_means, key, keyed

_NUMBER = re.compile(
    r"[\s£(+\-\u2212\u2013\u2014]*\d[\d,.\s\u00a0\u2009\u202f]*(?:k|m|bn|%|cr|dr)?\s*\)?\s*(?:-|cr|dr)?"
    r"|[-\u2212\u2013\u2014]",
    re.IGNORECASE,
)
_AROUND: Final = " \t\n\u00a0\u2009\u202f'`\u2018\u2019"
"""Blanks and apostrophes around a number as text."""
_STARTS: Final = frozenset("0123456789(£-+\u2212\u2013\u2014." + _AROUND)
"""What a number as text may begin with."""
_BESIDE_GROSS: Final = frozenset({"net", "residual"})
"""What of a sum is left, where the same row of headings names the whole of it."""
LONGEST: Final = 90
"""A text of more letters than this heads no column."""


@lru_cache(maxsize=65536)
def is_number(text: str) -> bool:
    """Whether a text is written as an amount or a dash: what stands where money stands.

    >>> is_number("(1,234.5)"), is_number("£4.6m"), is_number("-"), is_number("Apr-26"), is_number("2026/27")
    (True, True, True, False, False)
    >>> is_number("£000")
    False
    """
    return bool(_NUMBER.fullmatch(text.strip(_AROUND))) and key(text) not in keyed("unit")


@dataclass(frozen=True)
class Lattice:
    """A grid, or the part of it between some columns."""

    grid: Grid
    left: int
    right: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.grid.cells)

    def part(self, left: int, right: int) -> Lattice:
        """The same rows between some columns."""
        return Lattice(self.grid, left, right)

    @cached_property
    def _untold_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self.grid.untold)

    def kind(self, row: int, column: int) -> str:
        """`n` for a number, `d` for a day, `t` for a text, nothing for an empty cell."""
        if row in self._untold_rows and (text := self.grid.untold.get((row, column))):
            return "t" if text.startswith("#") else "n"
        value = self.grid.value(row, column)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "t"
        if isinstance(value, int | float):
            return "n"
        if isinstance(value, date):
            return "d"
        return "n" if is_number(value) else "t"

    def text(self, row: int, column: int) -> str:
        """What a cell says; of an error, its name."""
        return self.grid.text(row, column) or self.grid.untold.get((row, column), "")

    def filled(self, row: int) -> list[int]:
        """The columns of a row that hold anything."""
        line = self.grid.cells[row]
        found = [
            column
            for column in range(self.left, min(self.right + 1, len(line)))
            if (value := line[column]) is not None
            and (type(value) is not str or (value != "" and not value.isspace()))
        ]
        if row in self._untold_rows:
            more = {c for r, c in self.grid.untold if r == row and self.left <= c <= self.right}
            found = sorted(more.union(found))
        return found

    def kinds(self, row: int) -> dict[int, str]:
        """What the filled cells of a row are, by column."""
        return {column: self.kind(row, column) for column in self.filled(row)}

    def has_number(self, row: int) -> bool:
        """Whether a row holds a number that is not of a heading."""
        for value in self.grid.cells[row][self.left : self.right + 1]:
            kind = type(value)
            if (
                kind is float
                or kind is int
                or (isinstance(value, str) and value[:1] in _STARTS and value and is_number(value))
            ):
                return not self.is_count(row)
        return row in self._untold_rows and "n" in self.kinds(row).values()

    def is_count(self, row: int) -> bool:
        """Whether the numbers of a row are 1 to 12 in order: headings of months by their numbers."""
        if len(self.grid.cells[row]) < 12 or len(self.filled(row)) < 12:
            return False
        found = [self.grid.text(row, c) for c, kind in self.kinds(row).items() if kind == "n"]
        return found == [str(month) for month in range(1, 13)]

    def texts(self, row: int) -> dict[int, str]:
        """The cells of a row that may be headings, by column."""
        count = self.is_count(row)
        return {
            column: self.text(row, column)
            for column, kind in self.kinds(row).items()
            if (kind in ("t", "d") or count) and len(self.text(row, column)) <= LONGEST
        }

    def blank(self, row: int) -> bool:
        """Whether a row holds nothing."""
        return not self.filled(row)

    def known(self, row: int) -> int:
        """How many different texts of a row are wholly understood as headings.

        `Net` alone says too little, and beside `Gross` says enough; so do `R` and `NR` beside each other.
        """
        texts = set(self.texts(row).values())
        known = {text for text in texts if is_word(text)}
        if any(heading_means(text) == "gross" for text in known):
            known |= {text for text in texts if key(text) in _BESIDE_GROSS}
        if len({mark_in(text) for text in texts} - {""}) > 1:
            known |= {text for text in texts if mark_in(text)}
        return len(known)

    @cached_property
    def merged(self) -> dict[tuple[int, int], Area]:
        """The merged areas by their first cells."""
        return {(area[0], area[1]): area for area in self.grid.merged}
