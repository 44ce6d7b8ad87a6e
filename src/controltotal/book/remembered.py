"""Parts of a reading, kept for the next one: what rests on the same rows is not worked out again.

A part is kept beside all that it was made from and is used again only where that is equal, so that
nothing of it depends on which reading came before. A reading without any is the same, and slower.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, ParamSpec, TypeVar

from controltotal.book.record import Record

Given = ParamSpec("Given")
Made = TypeVar("Made")
Row = TypeVar("Row", bound=Record)

KEPT: Final = 2
"""So many of each part are kept: the book as it stands, and as it would be."""


class Remembered:
    """What was made of one book so far. `lock` is held while one is read.

    >>> parts = Remembered()
    >>> parts.recall("sum", (1, 2), lambda: 3), parts.recall("sum", (1, 2), lambda: 4)
    (3, 3)
    >>> parts.recall("sum", (2, 2), lambda: 4)
    4
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[tuple[Any, Any], ...]] = {}
        self._of_row: dict[Hashable, dict[int, tuple[Record, Any]]] = {}
        self.lock = threading.RLock()

    def recall(
        self,
        part: Hashable,
        made_from: object,
        make: Callable[Given, Made],
        *given: Given.args,
        **more: Given.kwargs,
    ) -> Made:
        """A part, made anew where what it is made from is not what it was."""
        known = self._kept.get(part, ())
        for before, made in known:
            if before == made_from:
                found: Made = made
                return found
        fresh = make(*given, **more)
        self._kept[part] = ((made_from, fresh), *known[: KEPT - 1])
        return fresh

    def of_each(
        self, part: Hashable, rows: Sequence[Row], make: Callable[[Row], Made]
    ) -> list[Made]:
        """What is made of each row by itself, once for each record."""
        known = self._of_row.setdefault(part, {})
        found: list[Made] = []
        for row in rows:
            before = known.get(row.entry)
            if before is None or before[0] is not row:
                before = known[row.entry] = (row, make(row))
            found.append(before[1])
        return found


def by_table(rows: Iterable[Row]) -> Mapping[str, tuple[Row, ...]]:
    """Rows by the table that they are of, in order."""
    found: dict[str, list[Row]] = {}
    for table, some in groupby(rows, attrgetter("table")):
        found.setdefault(table, []).extend(some)
    return {table: tuple(every) for table, every in found.items()}


class Same:
    """Stands for an object that is equal to itself alone.

    >>> one = [1]
    >>> Same(one) == Same(one), Same(one) == Same([1])
    (True, False)
    """

    __slots__ = ("_of",)

    def __init__(self, of: object) -> None:
        self._of = of

    def __eq__(self, other: object) -> bool:
        """Whether both stand for one object."""
        return isinstance(other, Same) and self._of is other._of

    def __hash__(self) -> int:
        """By the object that it stands for."""
        return id(self._of)


def flat(parts: Iterable[Sequence[Made]]) -> list[Made]:
    """What several parts hold, one after another."""
    return [one for part in parts for one in part]
