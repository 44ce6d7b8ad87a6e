"""What a user is told when something cannot be done at all: what, where, and what to do."""

from __future__ import annotations

from functools import lru_cache


class ControlTotalError(Exception):
    """The family of what this package raises on purpose: what, where, what to do.

    >>> print(BookError("there is no book here", "plan", "check the spelling"))
    there is no book here (plan): check the spelling
    """

    def __init__(self, what: str, where: str, action: str) -> None:
        super().__init__(f"{what} ({where}): {action}")
        self.what = what
        self.where = where
        self.action = action


class BookError(ControlTotalError):
    """A book or a request that cannot be answered (exit code 2)."""


class Cancelled(ControlTotalError):
    """Long work that somebody stopped: nothing was answered, written or changed (exit code 130).

    It is no `BookError`, so that what passes over a book that cannot be read never passes over it.
    """


@lru_cache(maxsize=1 << 14)
def column_letter(index: int) -> str:
    """The letter of a spreadsheet column, counted from nought.

    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
