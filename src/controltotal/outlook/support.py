"""Support that hangs on the outcome: paid when the receiver keeps to its plan, else withheld.

Support is never part of the surplus. Beside it, each draw asks of every conditional transfer
whether its receiver meets its control total; where it does not, the money stays with the giver,
and the position with support falls a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from controltotal.book.records import Transfer
from controltotal.core.result import Answer
from controltotal.outlook.inputs import Inputs
from controltotal.outlook.nodes import base_of
from controltotal.outlook.simulation import Draws
from controltotal.outlook.streams import hashes, stream_key
from controltotal.workings.conditional import needs_plan as asks_for_plan
from controltotal.workings.measured import own_passed_on, passed_on, support_counts
from controltotal.workings.totals import Totals


@dataclass(frozen=True, slots=True)
class Conditional:
    """A transfer that may not be paid: amount in pence, its chance, whether it needs the plan."""

    row: Transfer
    pence: int
    chance: float
    needs_plan: bool


def conditional_transfers(totals: Totals, year: str) -> tuple[list[Conditional], list[Transfer]]:
    """Agreed transfers of a year that hang on something; and those whose condition is not known."""
    found, unread = [], []
    for row in totals.position.book.transfers:
        if row.year != year or row.status != "agreed":
            continue
        if row.mechanism in ("position_improvement", "unknown"):
            continue
        text = row.condition or ""
        needs_plan = asks_for_plan(row)
        if text and not needs_plan:
            unread.append(row)
        chance = 1.0 if row.chance is None else float(row.chance)
        if needs_plan or chance < 1.0:
            found.append(Conditional(row, row.amount, chance, needs_plan))
    return found, unread


def paid(
    one: Conditional,
    *,
    seed: int,
    surplus: Callable[[str], np.ndarray],
    control_total: int | None,
    support: int,
    counts: bool,
) -> np.ndarray:
    """In which draws a transfer is paid: (draw,) bool.

    `surplus` gives a body's position without support; `support` is all it is due in the year;
    `counts` says whether the control total includes it.
    """
    position = surplus(one.row.to)
    happens = np.ones(len(position), dtype=bool)
    if one.chance < 1.0:
        bits = hashes(stream_key(seed, f"transfer {one.row.id}"), 0, len(position))
        happens = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 < one.chance
    if one.needs_plan and control_total is not None:
        happens = happens & (position + (support if counts else 0) >= control_total)
    return happens


class Support:
    """Net support of every node in every draw, with conditional transfers paid or withheld."""

    def __init__(self, answer: Answer, totals: Totals, drawn: Draws, inputs: Inputs) -> None:
        self.totals, self.drawn, self.inputs = totals, drawn, inputs
        self.rows, unread = conditional_transfers(totals, inputs.year)
        for row in unread:
            answer.finding(
                code="CONDITION_NOT_MODELLED",
                severity="information",
                organisation=row.to,
                where=row.where,
                message="The condition of this transfer is not one that can be simulated; it is taken to "
                "be met.",
                expected="a condition on the control total or the plan",
                found=row.condition or "",
                action="Say `control total met` where payment hangs on it.",
            )
        self._paid = {one.row.id: self._when(one) for one in self.rows}

    def _when(self, one: Conditional) -> np.ndarray | None:
        to, year = one.row.to, self.inputs.year
        if self.inputs.unknown(to):
            return None
        target = self.totals.control_total(to, year)
        return paid(
            one,
            seed=self.drawn.seed,
            surplus=self.drawn.node,
            control_total=target.pence,
            support=self._due(to, year) or 0,
            counts=bool(support_counts(self.totals, to, year, "")),
        )

    def _basis(self, node: str, year: str) -> str:
        """The basis that a node's money was taken from, whose support goes with it."""
        found = base_of(self.totals, node, year)
        return found[0] if found is not None else "forecast"

    def _due(self, node: str, year: str) -> int | None:
        """Net agreed support in pence, body by body on the basis of each body's money."""
        due, waiting = 0, [node]
        while waiting:
            body = waiting.pop()
            adds_up = self.inputs.arrangement.mode.get(body) == "sum"
            look = self.totals.own_support if adds_up else self.totals.support
            part = look(body, year, self._basis(body, year)).pence
            if part is None:
                return None
            due += part
            waiting += self.totals.children(body, year) if adds_up else ()
        return due

    def of(self, node: str, year: str) -> np.ndarray | int | None:
        """Support in pence: one sum, or (draw,) where it hangs on outcomes; None where unknown."""
        due = self._due(node, year)
        if due is None:
            return None
        found: np.ndarray | int = due
        if year != self.inputs.year:
            return found
        ends = {end for one in self.rows for end in (one.row.from_, one.row.to)}
        inside = set(self.totals.tree.inside(node, year, ends))
        for one in self.rows:
            sign = (one.row.to in inside) - (one.row.from_ in inside)
            if sign:
                when = self._paid[one.row.id]
                if when is None:
                    return None
                found = found - sign * one.pence * ~when
        return found

    def aim(self, node: str, year: str) -> np.ndarray | int | None:
        """What the position without support must reach: the control total, less the support that
        counts towards it; None where either cannot be told."""
        target = self.totals.control_total(node, year).pence
        counted = self.counted(node, year)
        return None if target is None or counted is None else target - counted

    def counted(self, node: str, year: str) -> np.ndarray | int | None:
        """The part of it that counts towards the control total; None where nobody says.

        Where the control total is only the sum of those below, theirs is added up.
        """
        given, basis = self.of(node, year), self._basis(node, year)
        counts = support_counts(self.totals, node, year, "")
        passed = passed_on(self.totals, node, year, basis)
        if counts is False:
            return 0
        if counts and not passed:
            return given
        below = self._counted_below(node, year, basis)
        if below is None and counts is None and isinstance(given, int) and given == passed:
            return 0  # what those below gave each other, of which nobody says whether it counts
        return below

    def _counted_below(self, node: str, year: str, basis: str) -> np.ndarray | int | None:
        """What counts of those below, where the control total is only their sum; else None."""
        live, _ = self.totals.live_control_total(node, year, "")
        below = () if live is not None else self.totals.children(node, year)
        own = self.totals.own_support(node, year, basis).pence
        if not below or own != own_passed_on(self.totals, node, year, basis):
            return None
        found: np.ndarray | int = 0
        for kid in below:
            part = self.counted(kid, year)
            if part is None:
                return None
            found = found + part
        return found
