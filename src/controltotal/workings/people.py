"""The people of a body: how many, how much need, how deprived; one reckoning for all engines.

What the row of the body says comes first, then a fact of the year: the book's own, else as it is
published. Absent stays absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controltotal.book.fold import Position
from controltotal.book.records import Fact

BASES = ("plan", "forecast", "actual")


@dataclass(frozen=True, slots=True)
class Told:
    """A number of a body's people and the entries that it rests on."""

    value: float
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class People:
    """What is known of a body's people; None where nobody says.

    `population` and `weighted` in people; `need` a head, England being 1; `deprivation` the share
    in the most deprived fifth, 0 to 1; `score` the mean score, higher is more deprived.
    """

    population: Told | None = None
    weighted: Told | None = None
    need: Told | None = None
    deprivation: Told | None = None
    score: Told | None = None

    @property
    def by_input(self) -> Mapping[str, Told | None]:
        """Each of them by the name under which sharing asks for it."""
        return {
            "population": self.population,
            "weighted_population": self.weighted,
            "deprivation": self.deprivation,
            "score": self.score,
        }


def people_of(position: Position, code: str, year: str) -> People:
    """The people of a body in a year."""
    told = {name: _told(position, code, year, name) for name in _NAMES}
    population, need = told["population"], told["need_index"] or _fact(position, code, year, "need")
    weighted = _fact(position, code, year, "weighted_population")
    if weighted is None and population and need:
        weighted = Told(population.value * need.value, (*population.entries, *need.entries))
    return People(population, weighted, need, told["deprivation"], told["deprivation_score"])


_NAMES = ("population", "need_index", "deprivation", "deprivation_score")
"""Columns of a body's row, which are the names of facts of a year too."""


def _told(position: Position, code: str, year: str, name: str) -> Told | None:
    """What the row of a body in a year says, else a fact of the year."""
    body = position.tree.organisations.get(code)
    if body is not None:
        spell = body.spell(year)
        row = spell.row if spell else body.row
        if row.cell(name) is not None:
            return Told(float(row.cell(name)), (row.entry,))
    return _fact(position, code, year, name)


def _fact(position: Position, code: str, year: str, name: str) -> Told | None:
    """A whole-year fact without scenario; a plan comes before other bases."""
    row = whole_year_fact(position, code, year, name)
    return Told(float(row.value), (row.entry,)) if row is not None else None


def whole_year_fact(position: Position, code: str, year: str, name: str) -> Fact | None:
    """The one row of a fact of a whole year, without scenario, scheme or group."""
    rows = [
        row
        for row in position.facts(code, year, name)
        if not (row.month or row.scenario or row.scheme or row.group)
    ]
    ranked = sorted(rows, key=lambda r: BASES.index(r.basis) if r.basis in BASES else len(BASES))
    return ranked[0] if ranked else None
