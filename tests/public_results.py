"""Results for tests of what the public may see: a register that withholds, and a reader who counts.

`determined` is a plain reference: which unknowns a set of sums gives away, by elimination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from controltotal.core.result import Answer, BookRef, Result
from controltotal.core.sentence import Sentence
from controltotal.core.trace import Trace

Row = Mapping[str, Any]
YEAR = "2026-27"


def withheld_row(figure: str, kind: str = "withheld", **more: str) -> dict[str, Any]:
    """A row of the register, with its reason."""
    row = {"figure": figure, "kind": kind, "reason": "Terms are being agreed", "exemption": "s.43"}
    return {
        **row,
        "decided_by": "Board",
        "review_on": "2027-01-15",
        "where": "withheld row 2",
        **more,
    }


def register(
    withheld: Sequence[Row],
    children: Iterable[str] = "AB",
    **tables: Sequence[Row],
) -> Result:
    """A system S and the organisations below it, with what is withheld."""
    bodies = [{"organisation": "S", "name": "Sedge system", "kind": "system", "parent": ""}]
    names = {"A": "Alder Trust", "B": "Beech Trust", "C": "Cedar Trust", "D": "Dogwood Trust"}
    bodies += [
        {"organisation": c, "name": names[c], "kind": "provider", "parent": "S"} for c in children
    ]
    answer = Answer("register", BookRef("made"), {"year": YEAR})
    found = {"organisations": bodies, "withheld": withheld, "book": [], **tables}
    for name, rows in found.items():
        answer.table(name, rows)
    return answer.result()


def position(
    figures: Mapping[str, int],
    rests: Mapping[str, Sequence[str]] | None = None,
    tables: Mapping[str, Sequence[Row]] | None = None,
    said: Sequence[Sentence] = (),
) -> Result:
    """A position of figures in pence, and what each of them rests on."""
    answer = Answer("position", BookRef("made"), {})
    for name, pence in figures.items():
        answer.figure(name, pence, rule="made", inputs=(rests or {}).get(name, ()))
    for name, rows in (tables or {}).items():
        answer.table(name, rows)
    found = answer.result()
    return replace(found, sentences=tuple(said), trace={**found.trace, "none": Trace("")})


def determined(sums: Iterable[Mapping[str, int]], known: set[str]) -> set[str]:
    """The unknowns that some sums (coefficients that add up to nil) leave one value for."""
    rows = []
    for terms in sums:
        row = {name: Fraction(c) for name, c in terms.items() if name not in known and c}
        if row:
            rows.append(row)
    reduced: list[tuple[str, dict[str, Fraction]]] = []
    for row in rows:
        for pivot, other in reduced:
            row = _less(row, other, pivot)
        if not row:
            continue
        pivot = min(row)
        row = {name: c / row[pivot] for name, c in row.items()}
        reduced = [(p, _less(other, row, pivot)) for p, other in reduced]
        reduced.append((pivot, row))
    return {pivot for pivot, row in reduced if len(row) == 1}


def _less(row: dict[str, Fraction], other: dict[str, Fraction], pivot: str) -> dict[str, Fraction]:
    factor = row.get(pivot, Fraction(0))
    found = {
        name: row.get(name, Fraction(0)) - factor * other.get(name, Fraction(0))
        for name in {*row, *other}
    }
    return {name: c for name, c in found.items() if c}
