"""How a register reckons its net value, as its own cells show it, and what they say of mitigations.

Nobody is asked what the figures themselves decide: each way of reckoning is tried on every row, and
the one with which the rows agree is what the house means. A cell that disagrees is then told alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from controltotal.intake.register import AFTER, AFTER_BOTH, AFTER_CERTAIN, AS_RISK

CERTAIN: Final = "1"
OWN: Final = "own"
"""A mitigation counts by a chance of its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a register: gross and mitigation in pence, above nil, and their chances."""

    gross: Fraction
    mitigation: Fraction
    chance: Fraction | None
    own: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reckon a column: in words, how, and how likely it takes mitigations to be.

    `weighs` is empty where the way says nothing of that.
    """

    words: str
    of: Callable[[Entry, Fraction, Fraction], Fraction]
    weighs: str = ""
    with_mitigation: bool = True
    with_own: bool = False


IN_FULL: Final = Way(AFTER, lambda e, p, q: e.gross - e.mitigation)
WAYS: Final[Sequence[Way]] = (
    Way("gross times chance", lambda e, p, q: e.gross * p, with_mitigation=False),
    Way(
        "gross times chance, less mitigation times its own chance",
        lambda e, p, q: e.gross * p - e.mitigation * q,
        OWN,
        with_own=True,
    ),
    Way("mitigation times its own chance", lambda e, p, q: e.mitigation * q, OWN, with_own=True),
    Way(
        "gross less mitigation times its own chance",
        lambda e, p, q: e.gross - e.mitigation * q,
        OWN,
        with_own=True,
    ),
    Way(AFTER_CERTAIN, lambda e, p, q: e.gross * p - e.mitigation, CERTAIN),
    Way(AFTER_BOTH, lambda e, p, q: (e.gross - e.mitigation) * p, AS_RISK),
    Way("mitigation times chance", lambda e, p, q: e.mitigation * p, AS_RISK),
    IN_FULL,
)
"""Of two that fit as well, the first is meant: a chance that is written is not for nothing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The way that a column shows, its expected value by row, and the rows that disagree."""

    way: Way
    expected: Mapping[int, Fraction]
    off: frozenset[int]


def way_of(
    entries: Mapping[int, Entry],
    found: Mapping[int, Fraction],
    slack: int,
    *,
    told: bool,
    ways: Sequence[Way] = WAYS,
) -> Shown | None:
    """The way with which the most rows of a column agree, the first of those; None without a row.

    `slack` is half of the last place that is written, in pence. `told` says that mitigations have
    values. Signs are not compared: a register may write what lowers the position below nil; and what
    is mitigated in full may be shown as nil.
    """
    best: Shown | None = None
    for way in ways:
        if (way.with_mitigation and not told) or (
            way.with_own and not any(entry.own is not None for entry in entries.values())
        ):
            continue
        expected = _expected(way, entries, found)
        off = frozenset(
            row
            for row, value in expected.items()
            if abs(abs(value) - abs(found[row])) > slack and (found[row] or value > 0)
        )
        if expected and (best is None or len(off) < len(best.off)):
            best = Shown(way, expected, off)
    return best


def _expected(way: Way, entries: Mapping[int, Entry], rows: Iterable[int]) -> dict[int, Fraction]:
    """What a way makes of each row that has a gross value and a chance."""
    return {
        row: way.of(entry, entry.chance, entry.own or Fraction(0))
        for row in rows
        if (entry := entries.get(row)) is not None and entry.chance is not None
    }


def mitigated(entry: Entry, left: Fraction, leaving: str) -> Fraction | None:
    """What a mitigation is worth by what is left of its risk, in pence; None where nothing tells.

    It is below nil where more is left than there was.

    >>> entry = Entry(Fraction(100), Fraction(0), Fraction(1, 2))
    >>> [int(mitigated(entry, Fraction(30), w)) for w in (AFTER, AFTER_CERTAIN, AFTER_BOTH)]
    [70, 20, 40]
    """
    if leaving == AFTER:
        return entry.gross - left
    if entry.chance is None:
        return None
    if leaving == AFTER_CERTAIN:
        return entry.gross * entry.chance - left
    return entry.gross - left / entry.chance if entry.chance else None
