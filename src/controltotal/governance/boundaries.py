"""Boundaries: health systems against the upper-tier authorities that they should match.

An authority is split at a threshold when more than that share of its people live outside its main
system. A system is in breach when it holds more than the threshold, and less than all but the
threshold, of a split authority. Exceptions are dated facts: they change the standing of a breach,
not the count of people. Money follows people only by assumption: an equal sum a head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from controltotal.core.money import apportion

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Overlap:
    """People by system (rows) and authority (columns): ``people``: (system, authority)."""

    vintage: str
    systems: tuple[str, ...]
    authorities: tuple[str, ...]
    people: NDArray[np.int64]

    def share(self) -> NDArray[np.float64]:
        """The share of each authority's people in each system; columns sum to one."""
        shares: NDArray[np.float64] = self.people / self.people.sum(axis=0)
        return shares

    def outside(self) -> dict[str, float]:
        """The share of each authority's people outside its main system."""
        beyond = self.people.sum(axis=0) - self.people.max(axis=0)
        return {
            code: float(part)
            for code, part in zip(self.authorities, beyond / self.people.sum(axis=0), strict=True)
        }

    def main_system(self) -> dict[str, str]:
        """The system that holds most of each authority's people; of equal ones the lower code."""
        largest = self.people.argmax(axis=0)
        return {code: self.systems[n] for code, n in zip(self.authorities, largest, strict=True)}


@dataclass(frozen=True, slots=True)
class Breach:
    """A system that holds part of a split authority. ``share``: of the authority's people."""

    system: str
    authority: str
    people: int
    share: float
    outside: float


def breaches(overlap: Overlap, threshold: float) -> tuple[Breach, ...]:
    """Every part of a split authority that puts a system in breach, by system then authority.

    >>> two = Overlap("2021", ("QAA", "QBB"), ("E1", "E2"), np.array([[97, 100], [3, 0]]))
    >>> [(b.system, b.share) for b in breaches(two, 0.02)], breaches(two, 0.05)
    ([('QAA', 0.97), ('QBB', 0.03)], ())
    """
    if not 0 <= threshold < 0.5:
        raise ValueError("a threshold is a share from 0 to below one half")
    part = Fraction(str(threshold))
    totals = overlap.people.sum(axis=0)
    found = []
    for place, authority in enumerate(overlap.authorities):
        people, total = overlap.people[:, place], int(totals[place])
        outside = total - int(people.max())
        if outside <= part * total:
            continue
        for n in np.flatnonzero(people):
            held = int(people[n])
            if part * total < held < (1 - part) * total:
                found.append(
                    Breach(overlap.systems[n], authority, held, held / total, outside / total)
                )
    return tuple(sorted(found, key=lambda breach: (breach.system, breach.authority)))


def split_authorities(overlap: Overlap, threshold: float) -> tuple[str, ...]:
    """Authorities with more than the threshold of their people outside their main system."""
    return tuple(code for code, part in overlap.outside().items() if part > threshold)


def money_by_authority(
    pence: Mapping[str, int], overlap: Overlap
) -> tuple[dict[tuple[str, str], int], tuple[str, ...]]:
    """Money of systems laid on authorities by where people live, exact to the penny.

    Gives pence by (system, authority), and the systems that are not in this vintage.

    >>> two = Overlap("2021", ("QAA", "QBB"), ("E1", "E2"), np.array([[3, 1], [0, 4]]))
    >>> money_by_authority({"QAA": 100, "QZZ": 5}, two)
    ({('QAA', 'E1'): 75, ('QAA', 'E2'): 25}, ('QZZ',))
    """
    placed: dict[tuple[str, str], int] = {}
    unknown = []
    for system in sorted(pence):
        if system not in overlap.systems:
            unknown.append(system)
            continue
        people = overlap.people[overlap.systems.index(system)]
        weights = {
            code: int(count)
            for code, count in zip(overlap.authorities, people, strict=True)
            if count
        }
        for authority, part in apportion(pence[system], weights).items():
            placed[system, authority] = part
    return placed, tuple(unknown)


@dataclass(frozen=True, slots=True)
class Move:
    """People whose areas went from one system to another between two vintages."""

    before: str
    after: str
    authority: str
    people: int


def moves(
    before: Iterable[str], after: Iterable[str], authority: Iterable[str], people: Iterable[int]
) -> tuple[Move, ...]:
    """Areas that changed system, added up; each argument has one item an area.

    >>> moves(["QAA", "QAA", "QBB"], ["QAA", "QBB", "QBB"], ["E1", "E1", "E2"], [5, 7, 9])
    (Move(before='QAA', after='QBB', authority='E1', people=7),)
    """
    counts: dict[tuple[str, str, str], int] = {}
    for old, new, council, heads in zip(before, after, authority, people, strict=True):
        if old != new:
            counts[old, new, council] = counts.get((old, new, council), 0) + int(heads)
    return tuple(Move(*key, heads) for key, heads in sorted(counts.items()))
