"""A control total typed without the sign of a deficit.

A body told to lose no more than £50 million has a control total of (50); typed as 50 it asks for a
surplus, and the gap is twice the deficit. The plan is the second figure that decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from controltotal.book.doubt.typed import Fault, Statement, Typed, fault
from controltotal.book.periods import fill, months_needed
from controltotal.book.records import Amount
from controltotal.book.telling import money

BASES = ("plan", "forecast")


def sign(typed: Typed) -> Iterator[Fault]:
    """A control total that is its plan with the sign turned."""
    plans = Plans(typed)
    for row in typed.control_totals:
        if row.status != "accepted" or row.month or not row.amount:
            continue
        for basis in BASES:
            about = (row.organisation, row.year, basis, row.scenario or "")
            plan = plans.surplus(*about)
            if plan is None:
                continue
            rows = plans.rows(*about) if plan * row.amount < 0 else []
            if rows and typed.precision.meets(-row.amount, plan, (row, *rows)):
                yield fault(
                    "CONTROL_TOTAL_SIGN",
                    row.organisation,
                    [row, *rows],
                    message=f"{typed.about(row.organisation, row.year)}: the control total is "
                    f"{money(row.amount)} and the {basis} {money(plan)}, the same with the sign "
                    "turned.",
                    expected=f"{money(plan)}, a deficit written below nil"
                    if plan < 0
                    else f"{money(plan)}, if the plan is right",
                    found=money(row.amount),
                    action="Write a deficit as (50) or -50, in the control total and in the plan.",
                    stops=[row],
                )
            break  # a forecast is asked only where there is no plan


class Plans:
    """The surplus of a body's own rows in a year, else that of the bodies directly below it."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._tree = typed.reading.tree

    def rows(self, code: str, year: str, basis: str, scenario: str) -> list[Amount]:
        """The rows of a body that make its surplus, or those of the bodies directly below it."""
        bodies = self._bodies(code, year, basis, scenario)
        return list(chain(*(self._own(body, year, basis, scenario) for body in bodies)))

    def surplus(self, code: str, year: str, basis: str, scenario: str) -> int | None:
        """The surplus in pence; None where it cannot be told."""
        bodies = self._bodies(code, year, basis, scenario)
        parts = [self._left(body, year, basis, scenario) for body in bodies]
        known = [part for part in parts if part is not None]
        return sum(known) if known and len(known) == len(parts) else None

    def _left(self, code: str, year: str, basis: str, scenario: str) -> int | None:
        """What one body's own rows of a year leave; None where it cannot be told."""
        about = (code, year, basis, scenario)
        quick = self._typed.surpluses
        if quick is not None and about not in self._stated:
            told, pence = quick.of(about)
            if told:
                return pence
        return surplus_of(self._typed, self._own(*about), year)

    @cached_property
    def _stated(self) -> frozenset[Statement]:
        """The statements that state a position themselves."""
        return frozenset(about for about, line in self._lines if line == "position")

    @cached_property
    def _there(self) -> frozenset[Statement]:
        """The statements of which a surplus is made."""
        lines = self._typed.lines
        return self._stated | {about for about, line in self._lines if lines[line].added}

    @cached_property
    def _lines(self) -> frozenset[tuple[Statement, str]]:
        """The lines of each statement."""
        told = self._typed.told("organisation", "year", "basis", "scenario", "line", "scheme")
        return frozenset(
            ((code, year, basis, scenario or ""), line)
            for code, year, basis, scenario, line, scheme in told
            if not scheme
        )

    def _bodies(self, code: str, year: str, basis: str, scenario: str) -> list[str]:
        """The body itself where it has rows, else those directly below it."""
        if (code, year, basis, scenario) in self._there:
            return [code]
        return list(self._tree.children(code, year))

    def _own(self, code: str, year: str, basis: str, scenario: str) -> list[Amount]:
        rows = self._typed.statements.get((code, year, basis, scenario), [])
        stated = [row for row in rows if row.line == "position"]
        whole = [row for row in stated if not row.recurrence] or stated
        return whole or [row for row in rows if self._typed.lines[row.line].added]


def surplus_of(typed: Typed, rows: Sequence[Amount], year: str) -> int | None:
    """The surplus that rows of a year make; None where a line lacks months or a kind is absent."""
    signs = {"income": 1, "cost": -1, "position": 1}
    series: dict[tuple[str, str, str], list[Amount]] = {}
    for row in rows:
        key = (row.line, row.recurrence or "", row.counterparty or "")
        series.setdefault(key, []).append(row)
    needed, total = months_needed(year), 0
    for (line, _, _), some in series.items():
        filled = fill(some, needed)
        if filled.months != needed:
            return None
        total += signs[typed.lines[line].kind] * filled.pence
    return total if _is_whole(typed, series) else None


def _is_whole(typed: Typed, series: Mapping[tuple[str, str, str], list[Amount]]) -> bool:
    kinds = {typed.lines[line].kind for line, _, _ in series}
    return kinds == {"position"} or kinds == {"income", "cost"}
