"""What is missing to a control total, step by step: from the gap to what schemes leave.

One reckoning for `position`, `portfolio` and `risk`, which add their own steps to it. Positive is
missing. The gap is to the position as stated, which takes its savings for granted: those without a
scheme, those of schemes that do not count and those of schemes that do are taken back one by one.
What is then missing is before any scheme, and whatever is chosen or delivered is set against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from controltotal.core.kept import kept
from controltotal.core.period import is_whole_year
from controltotal.workings import gaps
from controltotal.workings.bases import Bases
from controltotal.workings.recorded import BASES
from controltotal.workings.savings import Savings

POSITION, PORTFOLIO, RISK = "position", "portfolio", "risk"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in pence, and the verb whose answer it is; totals are what the steps make so far."""

    name: str
    pence: int
    verb: str = POSITION


TOTALS = ("gap", "to_find", "before_schemes", "shortfall")
"""Steps that are what those before them come to; the others are added up."""


class Missing:
    """The steps of every body that has a control total and whose base can be told."""

    def __init__(self, bases: Bases, savings: Savings) -> None:
        self.bases, self.savings, self.totals = bases, savings, bases.totals

    @kept
    def steps(self, code: str, year: str) -> tuple[Step, ...]:
        """From the gap to what is missing before any scheme; none where there is no gap to tell.

        `gap` and `unidentified` make `to_find`; `uncounted`, `kept_out` and `counted` are savings
        of the plan in the months ahead: of schemes that are not assured, of assured ones that a
        ceiling of harm or what they need keeps out, and of those that count; `recorded` is what
        months recorded, or bodies that tell another basis, have moved; all make `before_schemes`.
        """
        basis = self._basis(code, year)
        gap = gaps.gap(self.totals, code, year, basis).pence if basis else None
        found = gaps.to_find(self.totals, code, year, basis).pence if basis else None
        if gap is None or found is None:
            return ()
        steps = [Step("gap", gap)]
        if found != gap:
            steps.append(Step("unidentified", found - gap))
        steps.append(Step("to_find", found))
        target = self.totals.control_total(code, year).pence
        before, _ = self.bases.counted(code, year)
        if target is None or before is None:
            return tuple(steps)
        assured, out = self.savings.by_id, self.savings.kept_out(year)
        planned = self.bases.of(code, year).planned
        uncounted = sum(pence for scheme, pence in planned if scheme not in assured)
        kept_out = sum(pence for scheme, pence in planned if scheme in out)
        counted = sum(pence for _, pence in planned) - uncounted - kept_out
        whole = target - before
        rest = whole - found - uncounted - kept_out - counted
        named = (
            ("uncounted", uncounted),
            ("kept_out", kept_out),
            ("counted", counted),
            ("recorded", rest),
        )
        steps += [Step(name, pence) for name, pence in named if pence]
        return (*steps, Step("before_schemes", whole))

    def _basis(self, code: str, year: str) -> str:
        """The basis whose gap the steps begin with: that of the base, else forecast, else plan."""
        if not is_whole_year(year) or code not in self.totals.tree.organisations:
            return ""
        basis = self.bases.of(code, year).basis
        if basis and basis != "mixed":
            return basis
        known = (b for b in BASES if gaps.gap(self.totals, code, year, b).known)
        return next(known, "")

    def before_schemes(self, code: str, year: str) -> int | None:
        """What is missing before any scheme, in pence; None where it cannot be told."""
        last = self.steps(code, year)[-1:]
        return last[0].pence if last and last[0].name == "before_schemes" else None

    def rows(self, code: str, year: str, more: Iterable[Step] = ()) -> list[Row]:
        """The rows of the table `missing` of a body, with the steps that a verb adds."""
        return [
            {
                "organisation": code,
                "year": year,
                "step": step.name,
                "pence": step.pence,
                "from_verb": step.verb,
            }
            for step in (*self.steps(code, year), *more)
        ]
