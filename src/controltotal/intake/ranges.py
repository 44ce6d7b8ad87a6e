"""A value with what it may be at best and at worst: downside, most likely and upside beside each other.

The most likely is the gross value where no other column is; the ends of the range have no column in a
book and are named once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from controltotal.intake.fields import Field, bare, texts_of
from controltotal.intake.model import Head

_MIDDLE: Final = re.compile(
    r"(?:most)?likely|mode|mid(?:point)?|medium|central|base|realistic|bestestimate|mostprobable"
)
_END: Final = re.compile(
    r"downside|upside|best|worst|reasonableworst|low(?:er|est)?|high(?:er|est)?|min(?:imum)?|max(?:imum)?"
    r"|optimistic|pessimistic"
)
_PLAIN: Final = re.compile(
    r"(?:case|value|estimate|scenario|impact|range|outcome|end|bound|limit)+$"
)
_MIDDLES, _ENDS = "middle", "end"


def place_in_range(head: Head) -> str:
    """Whether a heading is of the middle or of an end of a range; empty where of neither.

    >>> place_in_range(Head(0, ("Most likely £k",))), place_in_range(Head(0, ("Worst case",)))
    ('middle', 'end')
    >>> place_in_range(Head(0, ("Likelihood",))), place_in_range(Head(0, ("High cost drugs",)))
    ('', '')
    """
    for text in texts_of(head):
        word = bare(text)
        short = _PLAIN.sub("", word) or word
        if any(_MIDDLE.fullmatch(one) for one in (word, short)):
            return _MIDDLES
        if any(_END.fullmatch(one) for one in (word, short)):
            return _ENDS
    return ""


def holds_range(heads: Iterable[Head]) -> bool:
    """Whether columns stand for a value and for an end of its range."""
    places = [place_in_range(head) for head in heads]
    return places.count(_MIDDLES) == 1 and _ENDS in places


def middle_as_gross(fields: Sequence[Field]) -> list[Field]:
    """The most likely of a range as the gross value, where nothing else is and nobody said otherwise."""
    of_range = {one.at: place for one in fields if (place := place_in_range(one.head))}
    others = [
        one
        for one in fields
        if one.column == "gross" and (one.at not in of_range or one.how == "mapping")
    ]
    if others or not holds_range(one.head for one in fields):
        return list(fields)
    middle = next(one for one in fields if of_range.get(one.at) == _MIDDLES)
    if middle.how == "mapping":
        return list(fields)
    why = f"an end of the range of which “{middle.head.text}” is the value"
    return [
        Field(one.head, "gross", "exact")
        if one is middle
        else replace(one, column="", why=why)
        if of_range.get(one.at) == _ENDS and one.how != "mapping"
        else one
        for one in fields
    ]
