"""The bottom line of a statement by its words: whether support stands in it or not.

“Surplus / (deficit) after support” is a surplus, and no support; “deficit support funding” is support.
"""

from __future__ import annotations

import re
from typing import Final

_FUNDING: Final = re.compile(
    r"\b(?:deficit[\s-]+)?support(?:[\s-]+(?:funding|monies|money|income))?\b|\bDSF\b",
    re.IGNORECASE,
)
"""What support is called: its own *deficit* is no result."""
_RESULT: Final = frozenset({"surplus", "deficit", "position"})
_WITH: Final = frozenset({"after", "including", "incl", "inc", "with", "post", "plus"})
_WITHOUT: Final = frozenset({"before", "excluding", "excl", "ex", "without", "pre"})
_BESIDE: Final = frozenset(
    (
        "adjusted",
        "and",
        "as",
        "control",
        "cumulative",
        "date",
        "financial",
        "for",
        "in",
        "month",
        "net",
    )
) | frozenset(
    (
        "of",
        "or",
        "our",
        "period",
        "planned",
        "reported",
        "stated",
        "the",
        "to",
        "total",
        "trust",
        "year",
    )
)
"""Words beside these that make it no other thing."""


def names_result(text: str) -> bool:
    """Whether a name is that of a result rather than of income or a cost.

    >>> names_result("Surplus after DSF"), names_result("Deficit support funding")
    (True, False)
    """
    return bool(_words(_FUNDING.sub(" ", text)) & _RESULT)


def names_support(text: str) -> bool:
    """Whether a name speaks of support, and of no result with or without it.

    >>> names_support("DSF included above"), names_support("Surplus before DSF"), names_support("Pay")
    (True, False, False)
    """
    return bool(_FUNDING.search(text)) and not names_result(text)


def bottom_line(text: str) -> str:
    """The line of a surplus that says whether support stands in it; empty where it does not say so.

    >>> bottom_line("Surplus / (deficit) after support"), bottom_line("Net position excl. DSF")
    ('position_with_support', 'position')
    >>> bottom_line("Surplus / (deficit)"), bottom_line("Support after surplus sharing")
    ('', '')
    """
    without_name, count = _FUNDING.subn(" ", text)
    words = _words(without_name)
    if not count or not words & _RESULT or words - _RESULT - _WITH - _WITHOUT - _BESIDE:
        return ""
    taken, left = bool(words & _WITH), bool(words & _WITHOUT)
    if taken == left:
        return ""
    return "position_with_support" if taken else "position"


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
