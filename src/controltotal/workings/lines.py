"""Lines of account added up the tree: allocation, income and cost.

Income is positive and cost negative inside. What no control total measures is left out.
"""

from __future__ import annotations

from functools import cached_property

from controltotal.book.periods import months_needed
from controltotal.core.kept import kept_from_below
from controltotal.workings.below import Below
from controltotal.workings.value import Value, total, unknown


class LineTotals(Below):
    """Sums of single lines, and of one kind of line, of a body and all below it."""

    @kept_from_below
    def allocation(
        self, code: str, year: str, scenario: str = "", months: frozenset[int] | None = None
    ) -> Value:
        """The allocation of a body and all below it, from whichever basis states it."""
        for basis in ("plan", "forecast", "actual"):
            own = self.line_total(code, year, basis, scenario, "allocation", months)
            if own.known:
                return own
        parts = self.parts(
            code, year, lambda kid, some: self.allocation(kid, year, scenario, some), quiet=True
        )
        known = [part for part in parts.values() if part.known]
        lacking = [
            kid for kid, part in parts.items() if not part.known and self._commissions(kid, year)
        ]
        if not known or lacking:
            if not known:
                return unknown("not_stated", "no allocation is reported", bare=True)
            return unknown("incomplete", f"no allocation of {', '.join(lacking)}")
        entries = tuple(e for part in known for e in part.entries)
        return total(known, "sum of the allocations below", entries=entries)

    def _commissions(self, code: str, year: str) -> bool:
        """Whether a body is, or has below it, a commissioner, whose allocation a sum needs."""
        return bool(self.tree.inside(code, year, self._commissioners))

    @cached_property
    def _commissioners(self) -> tuple[str, ...]:
        bodies = self.tree.organisations.values()
        return tuple(body.code for body in bodies if body.kind == "commissioner")

    def income(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Income of a body and all below it, without support or what no control total measures."""
        return self._of_kind(code, year, basis, scenario, "income")

    def cost(self, code: str, year: str, basis: str, scenario: str = "") -> Value:
        """Cost of a body and all below it, negative, without what no control total measures."""
        return self._of_kind(code, year, basis, scenario, "cost")

    @kept_from_below
    def _of_kind(
        self,
        code: str,
        year: str,
        basis: str,
        scenario: str,
        kind: str,
        months: frozenset[int] | None = None,
    ) -> Value:
        lines = self.position.lines
        of = (code, year, basis, scenario)
        signs = {
            name: lines[name].sign
            for name in self.amounts.lines(*of)
            if lines[name].added and lines[name].kind == kind and not lines[name].outside
        }
        parts = self.parts(
            code, year, lambda k, some: self._of_kind(k, year, basis, scenario, kind, some), months
        )
        known = [part for part in parts.values() if part.known]
        if not parts:
            if not signs:
                return unknown("not_stated", f"no {kind}", bare=True)
            return self.sum_of_lines(
                of, months or months_needed(year), signs, kind, as_written=True
            )
        if len(known) < len(parts):
            return unknown("incomplete", f"not every body below reports {kind}")
        entries = tuple(e for part in known for e in part.entries)
        return total(known, f"sum of {kind} below", entries=entries)
