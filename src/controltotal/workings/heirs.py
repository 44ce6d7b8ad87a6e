"""Successions that do not divide the whole of a body: what rests on them cannot be told.

Shares that come to more than one pass on what is not there. Shares that come to less, of a body
that has closed, leave a part with nobody: a claim on a closed body is a claim that is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from controltotal.book.records import Succession
from controltotal.book.tree import Tree


@dataclass(frozen=True, slots=True)
class Undivided:
    """The successions of a body on one day whose shares do not make the whole of it.

    `share` is what they come to; `closed` says that the body has closed and a part is nobody's.
    """

    code: str
    on: date
    rows: tuple[Succession, ...]
    share: Fraction
    closed: bool

    @property
    def where(self) -> str:
        """The rows, as every finding names them."""
        return "successions " + ", ".join(f"row {row.number}" for row in self.rows)


def undivided(tree: Tree) -> tuple[Undivided, ...]:
    """Every body whose successors take more than all of it, or less of one that has closed."""
    groups: dict[tuple[str, date], list[Succession]] = {}
    for row in tree.successions:
        groups.setdefault((row.predecessor, row.on), []).append(row)
    last_day = dict(sorted(groups))
    found = []
    for (code, on), rows in groups.items():
        shares = [Fraction(1) if r.share is None else Fraction(str(r.share)) for r in rows]
        share = sum(shares, Fraction(0))
        itself = any(row.successor == code for row in rows)
        closed = not _stands(tree, code, on)
        last = last_day[code] == on
        if share > 1 or any(one < 0 for one in shares) or itself:
            found.append(Undivided(code, on, tuple(rows), share, closed=False))
        elif share < 1 and closed and last:
            found.append(Undivided(code, on, tuple(rows), share, closed=True))
    return tuple(found)


def _stands(tree: Tree, code: str, on: date) -> bool:
    """Whether a body is still there after a day; one that is not listed is not known to be gone."""
    body = tree.organisations.get(code)
    return body is None or any(spell.until > on for spell in body.spells)
