"""What a user is told when something cannot be done at all: what, where, and what to do."""

from __future__ import annotations


class BookError(Exception):
    """A book or a request that cannot be answered (exit code 2): what, where, what to do.

    >>> print(BookError("there is no book here", "plan", "check the spelling"))
    there is no book here (plan): check the spelling
    """

    def __init__(self, what: str, where: str, action: str) -> None:
        super().__init__(f"{what} ({where}): {action}")
        self.what = what
        self.where = where
        self.action = action


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
