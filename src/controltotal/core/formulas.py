"""Cells that a spreadsheet would run as a formula, and how they are kept still in a text file.

A CSV file has no types, so a spreadsheet that opens one runs whatever begins as a formula does.

Source: OWASP ASVS 5.0, V1.2.10.
"""

from __future__ import annotations

import re
from typing import Final

_BEGINS: Final = re.compile(r"[=+@\t\r\-]")
_NUMBER: Final = re.compile(r"[-+]\s*(£?\s*\d[\d.,\s]*[a-z%]{0,3})?", re.IGNORECASE)
_QUIET: Final = re.compile(r"'+[=+@\t\r\-]")


def is_live(text: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a negative sum is none.

    >>> [is_live(text) for text in ("=1+1", "@SUM(A1)", "+cmd", "-4.5", "- £4.5m", "pay")]
    [True, True, True, False, False, False]
    """
    return _BEGINS.match(text) is not None and _NUMBER.fullmatch(text) is None


def kept_still(text: str) -> str:
    """A cell that no spreadsheet runs; `as_written` gives back what it was.

    >>> kept_still("=1+1"), as_written(kept_still("=1+1")), as_written(kept_still("'=1+1"))
    ("'=1+1", '=1+1', "'=1+1")
    """
    return f"'{text}" if is_live(text) or _QUIET.match(text) else text


def as_written(text: str) -> str:
    """A cell of a folder that was kept still, as the book has it."""
    return text[1:] if _QUIET.match(text) else text
