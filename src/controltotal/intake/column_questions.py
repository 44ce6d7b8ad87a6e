"""Questions about columns of money that their headings do not settle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from controltotal.core.finding import Finding
from controltotal.intake.heads import mark_in
from controltotal.intake.model import Claim, Head, Seen
from controltotal.intake.questions import asked as question
from controltotal.intake.questions import quoted

_ONCE: Final = re.compile(r"\bnon[\s-]*rec|\bone[\s-]*off|\bn/?r\b", re.IGNORECASE)
_REPEATS: Final = re.compile(rf"\brec(?:\b|ur)|\bunderlying\b|{_ONCE.pattern}", re.IGNORECASE)


def unnamed(seen: Seen, heads: Sequence[Head]) -> Finding:
    """One question of columns of numbers whose headings do not say what they are."""
    first, last = seen.heading
    cells = [seen.grid.over(first, head.column, last, head.column) for head in heads]
    texts = [head.text or "(no heading)" for head in heads]
    outturn = any(head.measure.basis == "outturn" for head in heads[:1])
    example = "forecast year" if outturn else "plan year"
    if mark_in(texts[0]):  # what stands beside it may hold it already
        example = ""
    marks = ""
    if any(_REPEATS.search(text) for text in texts):
        marks = ", or, of money that repeats or does not, recurrent or non-recurrent"
        example = example and ("non-recurrent" if _ONCE.search(texts[0]) else "recurrent")
    return question(
        "IMPORT_HEADING",
        "A column holds numbers, and its heading does not say what they are."
        if len(heads) == 1
        else f"{len(heads)} columns hold numbers, and their headings do not say what they are.",
        cells,
        expected="a heading such as Plan M9, Actual year to date or Variance",
        found=quoted(texts),
        action=f'Say what each is: --set "headings.{texts[0][:60]}={example}", or under [headings] in '
        f"the mapping (a basis with its time, such as plan year or actual M9{marks}); an empty text, "
        'written "", leaves it out. Of a column that is of another body than the table, say whose it is: '
        f'--set "bodies.{texts[0][:60]}=CODE".',
    )


def unnamed_lines(seen: Seen, heads: Sequence[Head], names: Sequence[str]) -> Finding:
    """One question of columns of money, where lines stand across, whose headings are no lines."""
    first, last = seen.heading
    texts = list(dict.fromkeys(names))
    return question(
        "IMPORT_LINE",
        "A column holds money under a heading that is no line of the book."
        if len(texts) == 1
        else f"Columns hold money under {len(texts)} headings that are no lines of the book.",
        [seen.grid.over(first, head.column, last, head.column) for head in heads],
        expected="a line of account by its name or code",
        found=quoted(texts, 40, 200),
        action=f'Say which line each is: --set "lines.{texts[0]}=LINE", or under [lines] in '
        'the mapping; an empty text, written "", leaves it out.',
    )


def alone_or_to_date(seen: Seen, claim: Claim) -> Finding:
    """The question whether figures under the name of a month are of it alone, or from April to it."""
    cells = [seen.grid.at(*claim.place)] if claim.place[0] >= 0 else []
    return question(
        "IMPORT_MONTH",
        "The words around the table name a month, and nothing says whether its figures are of that month "
        "alone or of April to it.",
        cells or [seen.grid.over(seen.heading[0], seen.left, seen.heading[1], seen.right)],
        expected="a heading such as In month or Year to date",
        found=claim.text[:160],
        action="Say which: --set months=single for the month alone, --set months=cumulative for April to "
        "it; or --set month=year where they are of the whole year.",
    )


def twice(seen: Seen, heads: Sequence[Head]) -> Finding:
    """The question of columns that say one thing: which of them holds, or whose they are."""
    first = heads[0].text[:60]
    apart = len({head.text for head in heads}) == len(heads)
    bodies = f'; where they are of different bodies, say whose each is: --set "bodies.{first}=CODE"'
    return question(
        "IMPORT_HEADING",
        f"{len(heads)} columns say the same of one basis, year and period.",
        [seen.grid.at(seen.heading[0], head.column) for head in heads],
        expected="one column of each basis and period",
        found=quoted(head.text for head in heads),
        action=f'Say which to leave out: --set "headings.{first}=", or under [headings] in the mapping'
        f"{bodies if apart else ''}.",
    )
