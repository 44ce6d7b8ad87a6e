"""The ten questions, one function each: they introduce the rooms to each other and hold no rule.

Every verb takes a `Position` (or the address of a book) and gives a `Result`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from controltotal.core.result import Result
    from controltotal.position.fold import Position


def read(book: str | Path | Position, as_at: str | int | date | None = None) -> Position:
    """The Position of a book in any form, as at an entry or a date (else as it stands)."""
    from controltotal.position.fold import Position as Folded
    from controltotal.position.fold import fold
    from controltotal.sources.books import read_book

    if isinstance(book, Folded):
        return book
    return fold(read_book(book), as_at)


def position(
    book: str | Path | Position, year: str | None = None, organisation: str | None = None,
    as_at: str | int | date | None = None,
) -> Result:  # fmt: skip
    """Question 2, where are we: surplus, control total, gap, underlying and cash at every level."""
    from controltotal.position.answer import answer_position

    return answer_position(read(book, as_at), year, organisation)
