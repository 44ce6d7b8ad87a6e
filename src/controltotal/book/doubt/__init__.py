"""Figures that contradict themselves: signs, totals beside parts, running sums, things said twice.

Typed rows are looked at, not trusted. Each check is a pure function over the rows in force; it
yields faults, each a finding with the rows that no figure may use for it. An error needs a second
figure that decides; shape alone warns and stops nothing. Checks run in the order of causes: what
one has stopped, the later ones do not see, so that one slip is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from controltotal.book.doubt import control, depth, heirs, months, parts, scale, signs
from controltotal.book.doubt.typed import Fault, Reading, Typed
from controltotal.book.record import Record
from controltotal.core.finding import Finding
from controltotal.core.progress import stop_if_cancelled

CHECKS: Final[tuple[Callable[[Typed], Iterator[Fault]], ...]] = (
    depth.too_deep,
    signs.turned,
    parts.beside_labels,
    parts.own_totals,
    parts.own_results,
    parts.total_bodies,
    parts.groups,
    months.cumulative,
    months.looks_cumulative,
    months.year_not_over,
    heirs.counted_twice,
    months.year_differs,
    control.sign,
    scale.scale,
)


def doubts(reading: Reading) -> tuple[list[Finding], frozenset[Record]]:
    """Findings over whole series, and the rows that they keep out of every figure."""
    typed = Typed.of(reading)
    findings: list[Finding] = []
    stopped: set[Record] = set()
    for check in CHECKS:
        stop_if_cancelled()
        faults = list(check(typed))
        findings += [fault.finding for fault in faults]
        more = {row for fault in faults for row in fault.stops}
        if more:
            stopped |= more
            typed = typed.without(more)
    return findings, frozenset(stopped)
