"""Whom an answer is about: the bodies of a book in the order of their tree, and who leads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Body:
    """One body: its code, name and kind, and how far below the top of the tree it stands."""

    code: str
    name: str
    kind: str
    depth: int


@dataclass(frozen=True)
class Scope:
    """The bodies of a year from the top down, and the one that an answer is about by itself.

    >>> scope = Scope((Body("S", "System", "system", 0), Body("T", "Trust", "provider", 1)), "S")
    >>> scope.inside("S"), scope.inside("T"), scope.about(None), scope.about("T")
    (('S', 'T'), ('T',), 'S', 'T')
    """

    bodies: tuple[Body, ...] = ()
    lead: str = ""
    year: str = ""

    @cached_property
    def places(self) -> dict[str, int]:
        """By code: the place of each body in the order of the tree."""
        return {body.code: place for place, body in enumerate(self.bodies)}

    def about(self, asked: str | None) -> str:
        """The body that an answer is about: the one asked for, else the one that leads the book."""
        return asked or self.lead

    def inside(self, code: str) -> tuple[str, ...]:
        """A body and those below it, top first; the body alone where the year does not have it."""
        if code not in self.places:
            return (code,)
        first = self.places[code]
        last = first + 1
        while last < len(self.bodies) and self.bodies[last].depth > self.bodies[first].depth:
            last += 1
        return tuple(body.code for body in self.bodies[first:last])

    def depth(self, code: str) -> int:
        """How far below the top a body stands; nil for one that the year does not have."""
        place = self.places.get(code)
        return 0 if place is None else self.bodies[place].depth

    def above(self, code: str, among: Iterable[str] = ()) -> str:
        """The body above one, empty at the top; with `among` the nearest of these."""
        place = self.places.get(code)
        if place is None:
            return ""
        some = set(among)
        depth = self.bodies[place].depth
        for body in reversed(self.bodies[:place]):
            if body.depth < depth:
                if not some or body.code in some:
                    return body.code
                depth = body.depth
        return ""
