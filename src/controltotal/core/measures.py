"""Measures as data: the name, unit, sign and meaning of everything that a figure can be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from controltotal.core.datafiles import packaged_rows


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of figure: what it is called, its unit, what its sign means, who answers it."""

    measure: str
    name: str
    unit: str
    sign: str
    verb: str
    meaning: str


@lru_cache(maxsize=1)
def measures() -> dict[str, Measure]:
    """Every measure by its id.

    >>> measures()["gap"].unit
    'pence'
    """
    rows = packaged_rows("measures.csv")
    return {row["measure"]: Measure(**row) for row in rows}


def measure(name: str) -> Measure:
    """One measure; an unlisted one is named by its id, so that nothing is hidden."""
    return measures().get(name) or Measure(name, name.replace("_", " "), "", "", "", "")


@lru_cache(maxsize=1)
def _parts() -> dict[tuple[str, str], str]:
    return {(row["measure"], row["part"]): row["name"] for row in packaged_rows("parts.csv")}


def part_name(measure: str, part: str) -> str:
    """A part of a measure in words; one that no list names is named as it stands.

    >>> part_name("opportunity_total", "upper"), part_name("share", "equal_call")
    ('upper bound, if nothing overlaps', 'equal_call')
    """
    return _parts().get((measure, part), part)
