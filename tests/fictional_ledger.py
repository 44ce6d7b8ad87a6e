"""The fictional system in a ledger in memory, made once in a process and copied for whoever changes it."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from controltotal.acts import Desk
from controltotal.sources.books import read_book
from tests.act_books import again
from tests.ledgers import memory

BOOK = Path(__file__).parent.parent / "examples" / "fictional-system"
TODAY = date(2027, 4, 1)


@cache
def _desk() -> Desk:
    return Desk(memory(read_book(str(BOOK))), lambda: TODAY)


def fictional(today: date = TODAY) -> Desk:
    """A new desk of it, on the last day of which it speaks unless another is given."""
    return again(_desk(), today)
