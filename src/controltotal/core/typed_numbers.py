"""Numbers that somebody typed into a sentence for a paper, where a slot would have filled itself.

A number that stands as typed does not move when the figures do. Years, days, months and codes are no
such numbers. Source: `papers`, Words are offered, numbers are filled.
"""

from __future__ import annotations

import re
from typing import Final

from controltotal.core.calendar import MONTH_NAMES
from controltotal.core.slots import pieces

MONTHS: Final = "|".join(MONTH_NAMES)
NO_NUMBER: Final = re.compile(
    rf"\b\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?\b|\b(?:{MONTHS}) \d{{4}}\b"
    r"|\b(?:19|20)\d\d(?:[-/]\d\d(?:\d\d)?(?:-\d\d)?)?\b|\b[Mm]onths? \d{1,2}(?: (?:to|and) \d{1,2})?\b"
    r"|\b[A-Za-z][\w-]*\d[\w-]*\b",
    re.IGNORECASE,
)
"""Days, years, months of the year and codes."""
WORDS: Final = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
    *("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand"),
)
TYPED: Final = re.compile(
    rf"£?\(?\d[\d,]*(?:\.\d+)?\)?(?:%|bn|m\b|k\b)?(?: (?:million|billion|thousand|per cent))?"
    rf"|\b(?:{'|'.join(WORDS)})\b",
    re.IGNORECASE,
)


def typed_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a sentence that no slot fills, as they were typed, each once.

    >>> typed_numbers("Of 14 wards 12 have closed since 30 November 2026; {forecast|words} in M9")
    ('14', '12')
    >>> typed_numbers("Three of them cost £2.5m in 2026/27"), typed_numbers("By month 9 G3 was passed")
    (('Three', '£2.5m'), ())
    """
    found: dict[str, None] = {}
    for piece in pieces(text):
        if isinstance(piece, str):
            plain = NO_NUMBER.sub(" ", piece)
            found |= dict.fromkeys(one[0].strip() for one in TYPED.finditer(plain))
    return tuple(found)
