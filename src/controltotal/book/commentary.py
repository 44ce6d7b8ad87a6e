"""What people say beside the figures, in one sentence each, with who said it and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from controltotal.book.fold import Position
from controltotal.book.records import Comment
from controltotal.core.slots import unfilled

LEADS: Final = {
    "headline": "Said{of} by {by} ({on})",
    "driver": "What moves it, as {by} says ({on})",
    "action": "What is done, as {by} says ({on})",
    "assurance": "Assurance by {by} ({on})",
    "caveat": "On what it depends, as {by} says ({on})",
}
"""How a sentence begins, by the kind of comment."""


def about_body(about: str) -> str:
    """The body that a figure id speaks of; what is no figure id may be a body itself.

    >>> about_body("surplus/04G/2013-14/forecast"), about_body("04G")
    ('04G', '04G')
    """
    parts = about.split("/")
    return parts[1] if len(parts) >= 4 else about


def comment_words(position: Position, row: Comment, filled: Callable[[str], str] = unfilled) -> str:
    """Who says what; in quotation marks where the source holds just these words.

    `filled` puts the numbers into the slots of a text; without it they are named.
    """
    draft = " (draft)" if row.status == "draft" else ""
    source = position.sources.get(row.source or "")
    verbatim = source is not None and row.text in (source.quote or "")
    text = f"“{row.text}”" if verbatim else filled(row.text).rstrip(".")
    of = _of_whom(position, row)
    lead = LEADS.get(row.kind, LEADS["headline"]).format(
        by=row.by, on=row.texts.get("on", ""), of=of
    )
    return f"{lead}: {text}{draft}."


def _of_whom(position: Position, row: Comment) -> str:
    """Of which body something is said, where the body does not say it of itself."""
    code = about_body(row.about)
    if code not in position.tree.organisations:
        return ""
    name = position.tree.name(code, row.year or "")
    return "" if name == row.by else f" of {name}"
