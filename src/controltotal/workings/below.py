"""The bodies below a body: which of them make it, in which months, and which bases they report.

A pool or a council counts only where it reports. A body that changed parent within a year belongs to
each for its months there and no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from controltotal.book.periods import months_needed
from controltotal.book.tree import QUIET, Stay
from controltotal.core.kept import kept, kept_from_below
from controltotal.workings.own import OwnRows, for_a_while
from controltotal.workings.value import Value


class Below(OwnRows):
    """Who stands below each body of a position, and what a sum over them is made of."""

    def __init__(self, position: Position, amounts: Amounts) -> None:
        super().__init__(position, amounts)
        self.tree = position.tree

    @kept
    def children(self, code: str, year: str) -> tuple[str, ...]:
        """The children whose money makes the parent's: pools and councils only if they report."""
        return tuple(child for child in self.tree.children(code, year) if self._speaks(child, year))

    def _speaks(self, code: str, year: str) -> bool:
        """Whether a body is counted among those below.

        A pool or council, and one that had passed on the whole of itself, only if it reports.
        """
        expected = self.tree.kind(code) not in QUIET and not self.tree.passed_on(code, year)
        return (
            expected
            or bool(self.amounts.bases(code, year))
            or bool(self.amounts.in_doubt("amounts", code, year))
        )

    def parts(
        self,
        code: str,
        year: str,
        look: Callable[[str, frozenset[int] | None], Value],
        months: frozenset[int] | None = None,
        *,
        quiet: bool = False,
    ) -> dict[str, Value]:
        """A value of each body below, of one that changed parent for its months here alone.

        `look` gives the value of a body in some months, of the whole year or half without any.
        `quiet` counts pools and councils that report nothing as well.
        """
        kids = self.tree.children(code, year) if quiet else self.children(code, year)
        stays = self._stays(code, year)
        if not stays:
            return {kid: look(kid, months) for kid in kids}
        found = {kid: look(kid, months) for kid in kids if kid not in stays}
        for kid, stay in stays.items():
            if kid in kids or quiet or self._speaks(kid, year):
                found[kid] = for_a_while(look, kid, stay, months or months_needed(year))
        return dict(sorted(found.items()))

    @kept
    def _stays(self, code: str, year: str) -> Mapping[str, Stay]:
        """The bodies that were here for a part of the year and elsewhere for another."""
        moves = self.tree.moves(year)
        return {
            body: stay for body, found in moves.items() for stay in found if stay.parent == code
        }

    def moved(self, code: str, year: str) -> bool:
        """Whether a body belonged here for a part of the year and elsewhere for another."""
        return bool(self._stays(code, year))

    @kept_from_below
    def reports(self, code: str, year: str) -> frozenset[tuple[str, str]]:
        """Every (basis, scenario) in which a body or anybody below it has rows."""
        found = set(self.amounts.bases(code, year))
        moved = (
            body
            for body, stays in self.tree.moves(year).items()
            if any(stay.parent == code for stay in stays)
        )
        for child in {*self.tree.children(code, year), *moved}:
            found |= self.reports(child, year)
        return frozenset(found)
