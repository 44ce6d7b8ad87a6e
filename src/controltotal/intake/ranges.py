"""Risks beside opportunities, each with what it may be at best, most likely and at worst.

The most likely is the gross value where no other column is; the ends of the range have no column in a
book and are named once. A column that holds the words of both kinds says of which kind each row is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from controltotal.core.schema import tables
from controltotal.intake.fields import Field, bare, texts_of
from controltotal.intake.model import Head, Seen
from controltotal.intake.worth import word_of

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
_KINDS: Final = 6
"""Words in which a register may say what its rows are."""
_LOOKED_AT: Final = 200
"""Rows of a table of which the cells are looked at."""


def column_of_kinds(seen: Seen) -> int | None:
    """The one column whose every cell says whether its row is a risk or an opportunity, and holds both."""
    rows = range(seen.first, min(seen.last + 1, seen.first + _LOOKED_AT))
    kinds = tables()["risks"].columns["kind"].vocabulary
    found = []
    for head in seen.heads:
        texts = {seen.grid.text(row, head.column) for row in rows} - {""}
        if len(texts) <= _KINDS and {word_of(text, kinds, "kind") for text in texts} == set(kinds):
            found.append(head.column)
    return found[0] if len(found) == 1 else None


def with_kinds(fields: Sequence[Field], seen: Seen) -> list[Field]:
    """A column that holds the kinds of its rows as that, where nobody said otherwise of it."""
    at = column_of_kinds(seen)
    told = any(one.column == "kind" and one.how in ("exact", "mapping") for one in fields)
    if at is None or told:
        return list(fields)
    return [
        Field(one.head, "kind", "exact") if one.at == at and one.how != "mapping" else one
        for one in fields
    ]


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
