"""Programs small enough to write down row by row and to solve by trying every choice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from controltotal.savings.portfolio.matrix import NO_LIMIT
from controltotal.savings.portfolio.solver import Program, Solved

Chosen = NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """What each column uses of a rule, and the rule's limits."""

    uses: tuple[int, ...]
    lower: int = -NO_LIMIT
    upper: int = NO_LIMIT
    elastic: bool = False


def program(worth: Sequence[int], *rows: Row, penalty: int | None = None) -> Program:
    """A program by its columns' worth and its rows; a use of nil is no entry."""
    entries = [[(c, used) for c, used in enumerate(row.uses) if used] for row in rows]
    return Program(
        np.array(worth, dtype=np.int64),
        np.cumsum([0, *map(len, entries)]).astype(np.int64),
        np.array([c for row in entries for c, _ in row], dtype=np.int32),
        np.array([used for row in entries for _, used in row], dtype=np.int64),
        np.array([row.lower for row in rows], dtype=np.int64),
        np.array([row.upper for row in rows], dtype=np.int64),
        np.array([row.elastic for row in rows], dtype=np.bool_),
        penalty,
    )


def priced(*prices: float, bound: float = float("inf"), share: Sequence[float] = ()) -> Solved:
    """A relaxation that is given: its prices, its bound and its shares."""
    none = np.zeros(0)
    return Solved("optimal", np.array(share, dtype=float), bound, bound, np.array(prices), none)


def marks(*chosen: int) -> Chosen:
    """Which columns are chosen, as noughts and ones."""
    return np.array(chosen, dtype=np.bool_)


def worth_of(worth: Sequence[int], rows: Sequence[Row], choice: Sequence[int], fine: int) -> int:
    """What a choice is worth less the fine for what it misses; far below nil if it breaks a rule."""
    value = sum(w for w, c in zip(worth, choice, strict=True) if c)
    for row in rows:
        used = sum(u for u, c in zip(row.uses, choice, strict=True) if c)
        if row.elastic:
            value -= fine * max(0, row.lower - used)
        elif used < row.lower:
            return -NO_LIMIT
        if used > row.upper:
            return -NO_LIMIT
    return value


def best(worth: Sequence[int], rows: Sequence[Row], fine: int = 0) -> int:
    """The most that any choice is worth, every one tried."""
    return max(worth_of(worth, rows, choice, fine) for choice in choices(len(worth)))


def choices(count: int) -> Iterator[tuple[int, ...]]:
    """Every choice of some columns."""
    return product((0, 1), repeat=count)
