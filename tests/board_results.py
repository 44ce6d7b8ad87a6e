"""Results for tests of the board paper: an example's, each verb answered when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import controltotal
from controltotal.core.names import short_names
from controltotal.core.result import Answer, BookRef, Result
from controltotal.papers.sections import Cell, Focus, Section, focus_of
from controltotal.verbs import packs

EXAMPLES = Path(__file__).parents[1] / "examples"


class Asked(Mapping[str, Result]):
    """The answers of a pack, each made when a page first asks for it."""

    def __init__(self, makers: Mapping[str, Callable[[], Result]]) -> None:
        self.makers, self.made = makers, dict[str, Result]()

    def __getitem__(self, verb: str) -> Result:
        if verb not in self.made:
            self.made[verb] = self.makers[verb]()
        return self.made[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)


@cache
def example(name: str = "fictional-system") -> Asked:
    """The answers of an example book."""
    workings = packs.opened(controltotal.read(EXAMPLES / name), None, None, None, False)
    year = workings.position.default_year or None
    ahead = packs._ahead(workings, year, None, later_years=True, late=None)
    governing = packs.governing(workings, year)
    made = Asked({**packs._standing(workings, year, None, None), **ahead, **governing})
    made.makers = {**made.makers, "wording": lambda: packs.wording(workings, results=made)}
    return made


def focus(results: Mapping[str, Result], organisation: str | None = None) -> Focus:
    """Whom a paper is about, with short names as the board paper has them."""
    found = focus_of(results, organisation)
    return Focus(
        found.organisation, found.year, short_names(found.names), found.kinds, found.fictional
    )


def made(
    verb: str,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    figures: Mapping[str, int] | None = None,
) -> Result:
    """A Result of tables, and of figures in pence."""
    answer = Answer(verb, BookRef("made"), {})
    for name, pence in (figures or {}).items():
        answer.figure(name, pence, rule="made")
    for name, rows in tables.items():
        answer.table(name, rows)
    return answer.result()


REGISTER = made(
    "register",
    {
        "organisations": [
            {"organisation": "S", "name": "System", "kind": "system", "parent": ""},
            {"organisation": "A", "name": "Alder", "kind": "provider", "parent": "S"},
            {"organisation": "B", "name": "Beech", "kind": "provider", "parent": "S"},
            {"organisation": "Z", "name": "Zelkova", "kind": "provider", "parent": ""},
        ]
    },
)
"""Two trusts below a system, and one outside it."""
FOCUS = Focus("S", "2026-27", {"S": "System", "A": "Alder", "B": "Beech", "Z": "Zelkova"}, {})


def words(parts: Sequence[Section]) -> str:
    """All that some parts say to a reader outside their numbers: sentences, headings, text cells."""
    found: list[str] = []
    for part in parts:
        found += [part.title, *part.words, *part.points]
        for view in part.charts:
            found += [view.title, view.alternative]
        for table in part.tables:
            found += [table.title, table.note, *(column.heading for column in table.columns)]
            found += [v for row in table.rows for v in row.values() if isinstance(v, str)]
    return "\n".join(found)


def numbers(parts: Sequence[Section]) -> tuple[int, int]:
    """How many numeric cells some parts have, and how many of them lead to how they were made."""
    every = linked = 0
    for part in parts:
        for table in part.tables:
            for row in table.rows:
                for column in table.columns:
                    value = row.get(column.key)
                    if column.right and value not in (None, ""):
                        every += 1
                        linked += isinstance(value, Cell) or hasattr(value, "id")
    return every, linked
