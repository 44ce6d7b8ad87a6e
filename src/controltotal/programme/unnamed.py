"""Rows of evidence that refuse and name no one scheme: `all`, `*`, a body, or an empty cell.

Nobody can tell which scheme such a row refuses, so it may be any of those it could mean: all of the
body, programme or service that it names, else every scheme of the book. A row that passes helps none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from controltotal.book.fold import Position
from controltotal.book.record import Record
from controltotal.book.records import Assessment, Condition, Engagement, Gate, Scheme
from controltotal.core.keys import key
from controltotal.programme.conditions import BEFORE
from controltotal.programme.names import is_said
from controltotal.programme.outcomes import PASSING, meaning
from controltotal.programme.scores import at_the_bar

_WORDS = (
    "all each every any everything both several various multiple many whole entire full complete "
    "scheme schemes project projects saving savings plan plans programme portfolio list book "
    "of the them these in for above below see as to and"
)
_EVERY = frozenset(_WORDS.split())
"""Words that name no one scheme."""


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Rows that refuse, what their cells of the scheme read, and the schemes that they may mean."""

    rows: tuple[Record, ...]
    said: str
    schemes: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is said of each scheme that they may mean."""
        first, more = self.rows[0].where, len(self.rows) - 1
        place = f"{first} and {more} more like it" if more else first
        verb = "refuse or hold back" if more else "refuses or holds back"
        return f"{place} {verb} and {self.names}, so it may be this one that is meant"

    @property
    def names(self) -> str:
        """What stands where a scheme should be named."""
        return f"the scheme reads {self.said!r}" if self.said else "the scheme is empty"


def unnamed(position: Position, named: Callable[[str], object]) -> Iterator[Unnamed]:
    """Rows that refuse schemes nobody can tell, alike ones together.

    `named` tells whether a code names a scheme or one like it, which is told of that scheme alone.
    """
    alike: dict[tuple[str, str], list[Record]] = {}
    for row in position.stopped:
        said = row.texts.get("scheme", "").strip()
        if holds_back(row) and not named(said):
            body = row.texts.get("organisation", "").strip()
            alike.setdefault((said, body), []).append(row)
    for (said, body), rows in alike.items():
        nothing = not is_said(said) and not any(c.isdigit() for c in said)
        rest = [] if nothing else [one for one in _words(said) if one not in _EVERY]
        meant = _meant(position, rest, body)
        if meant:
            yield Unnamed(tuple(rows), said, tuple(row.id for row in meant))


def holds_back(row: Record) -> bool:
    """Whether a row of evidence would keep a scheme from counting."""
    if isinstance(row, Gate):
        return meaning(row.outcome) not in PASSING
    if isinstance(row, Assessment):
        return at_the_bar(row) or meaning(row.outcome) not in PASSING
    if isinstance(row, Condition):
        return row.kind == BEFORE and row.met_on is None
    return isinstance(row, Engagement) and not row.outcome


def _meant(position: Position, rest: list[str], body: str) -> list[Scheme]:
    """The schemes that a row may mean by words beside `all`, and by the body it names."""
    every = list(position.book.schemes)
    if not rest:
        return _of_body(position, every, _words(body)) or every
    own = _of_body(position, every, rest)
    told = [row for row in every if any(_words(text) == rest for text in _groups(row))]
    return own or told


def _groups(row: Scheme) -> Iterable[str]:
    """What a scheme is one of."""
    return filter(None, (row.programme, row.service, row.directorate, row.category))


def _of_body(position: Position, every: list[Scheme], words: list[str]) -> list[Scheme]:
    """Schemes of the body that words name by code or name, and of those below it."""
    bodies = position.book.organisations if words else ()
    codes = {row.code for row in bodies if words in (_words(row.code), _words(row.name))}
    for code in tuple(codes):
        codes |= set(position.tree.descendants(code, position.default_year))
    return [row for row in every if {row.organisation, row.provider} & codes]


def _words(text: str | None) -> list[str]:
    return re.findall(r"[^\W_]+", key(text))
