"""Lines that a name of a file may mean, the likeliest first: proposed, and never taken unasked.

A name is compared by its words with the names and usual names of lines: “Agency & locums” holds all
words of “Agency”. Where a book is known to hold some lines of a body, those come first, and a part of
a line that it holds whole is proposed as that whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.lines import packaged_lines
from controltotal.intake.bottom_line import names_result
from controltotal.intake.levels import held_line
from controltotal.intake.lines import Lines

MOST: Final = 4
"""Lines that are proposed for a name."""
HALF: Final = 0.5
"""The share of the words of a line's name that a text must have."""
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_COMMON: Final = frozenset(
    (
        "and",
        "the",
        "for",
        "from",
        "other",
        "total",
        "net",
        "all",
        "part",
        "with",
        "that",
        "not",
        "which",
    )
) | frozenset(("cost", "costs", "expense", "expenses", "expenditure"))
"""Words that tell no line from another."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Lines that a name may mean; `sure` where the text has all words of the first alone."""

    lines: tuple[str, ...] = ()
    sure: bool = False

    @property
    def first(self) -> str:
        """The line to propose; empty where none stands before the others."""
        return self.lines[0] if self.sure else ""


def likely(text: str, lines: Lines, held: Collection[str] = (), kind: str = "") -> Proposal:
    """The lines that a name of a file may mean, those that the book holds of its body alone if any.

    `kind` (income or cost) is known where a total of the file counts the row.

    >>> likely("Agency & locums", Lines()).first
    'agency_pay'
    >>> likely("Premises, energy & other running costs", Lines(), {"non_pay", "drugs"}).first
    'non_pay'
    >>> likely("Sundry", Lines()).lines
    ()
    """
    exact = lines.named(text).line
    words = _words(text)
    kind = kind or ("position" if names_result(text) else "")
    best: dict[str, tuple[int, float]] = {}
    for line, name in (*_named(), *((one.line, one.name) for one in lines.own.values())):
        own = _words(name)
        shared = len(own & words)
        if not shared or shared / len(own) < HALF:
            continue
        whole = shared if shared == len(own) else 0
        score = (whole, shared / len(own))
        if (score > best.get(line, (0, 0.0))) and (not kind or lines.kind(line) in (kind, "")):
            best[line] = score
    if exact:
        best[exact] = (99, 1.0)
    folded = _held(best, lines, held)
    order = sorted(folded, key=lambda line: (-folded[line][0], -folded[line][1], line))
    alone = len(order) == 1 or (len(order) > 1 and folded[order[0]][0] > folded[order[1]][0])
    return Proposal(tuple(order[:MOST]), alone and folded[order[0]][0] > 0)


def _held(
    best: Mapping[str, tuple[int, float]], lines: Lines, held: Collection[str]
) -> dict[str, tuple[int, float]]:
    """Lines with their scores as the body holds them; a result is held by nobody and stays one."""
    folded = dict[str, tuple[int, float]]()
    for line, score in best.items():
        result = lines.kind(line) == "position"
        to = held_line(line, lines.all, held) if held and not result else line
        if to:
            folded[to] = max(score, folded.get(to, (0, 0.0)))
    return folded


@cache
def _named() -> tuple[tuple[str, str], ...]:
    """The packaged lines by their names, their usual names, and what they are."""
    return tuple(_names())


def _names() -> Iterator[tuple[str, str]]:
    for line in packaged_lines().values():
        yield line.line, line.name
    for row in packaged_rows("intake_lines.csv"):
        yield row["line"], row["written"]
    for row in packaged_rows("lines.csv"):
        yield row["line"], row["meaning"].partition(";")[0]


@cache
def _words(text: str) -> frozenset[str]:
    """The words that tell a line from others, of one number."""
    every = (word.casefold() for word in _WORD.findall(text))
    return frozenset(word.removesuffix("s") for word in every if word not in _COMMON)
