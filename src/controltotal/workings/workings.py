"""The working papers of one reading: what more than one engine needs, each worked out once.

An engine is a pure function of these papers and of its own options. Where two engines speak of the
same number (a total, support and its repayment, what a scheme brings to whom), both read it here,
so that one question has one reckoning.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TypeVar

from controltotal.book.amounts import Amounts
from controltotal.book.fold import Position
from controltotal.book.tree import Tree
from controltotal.core.progress import stop_if_cancelled
from controltotal.programme.effects import Effects
from controltotal.programme.eligibility import Judgements
from controltotal.workings.bases import Bases
from controltotal.workings.delivery import Starts
from controltotal.workings.missing import Missing
from controltotal.workings.month import Month
from controltotal.workings.recorded import Recorded
from controltotal.workings.savings import Savings
from controltotal.workings.support import SupportSchedule
from controltotal.workings.totals import Totals

Paper = TypeVar("Paper")


class Workings:
    """The working papers of one Position.

    `totals` are the sums of every body; `support` is the schedule of support and repayment;
    `effects` say on whom a scheme's saving falls; `savings`
    which schemes count and what each brings. Nothing here is a rule of the regime.
    """

    def __init__(self, position: Position) -> None:
        self.position = position
        self._kept: dict[Hashable, object] = {}

    @property
    def tree(self) -> Tree:
        """The dated tree of organisations."""
        return self.position.tree

    @cached_property
    def amounts(self) -> Amounts:
        """The amounts by the labels that figures ask for."""
        return Amounts(self.position)

    @cached_property
    def totals(self) -> Totals:
        """Surplus, support, control total and lines of every body, added up the tree."""
        return Totals(self.position, self.amounts, self.support)

    @cached_property
    def support(self) -> SupportSchedule:
        """The one schedule of support and its repayment, through successions, basis by basis."""
        return SupportSchedule(self.position, self.amounts)

    @cached_property
    def effects(self) -> Effects:
        """On whom each scheme's saving falls."""
        return Effects(self.position)

    @cached_property
    def judgements(self) -> Judgements:
        """The judgement of every scheme: which may count, and why the others may not."""
        return Judgements(self.position)

    @cached_property
    def savings(self) -> Savings:
        """Which schemes count, and what each brings in a year."""
        return Savings(self.totals, self.effects, self.judgements)

    @cached_property
    def starts(self) -> Starts:
        """When each scheme can begin at the earliest."""
        return Starts(self.savings)

    @cached_property
    def recorded(self) -> Recorded:
        """How far each body's year is recorded, and what it starts from."""
        return Recorded(self.totals, self.effects)

    @cached_property
    def month(self) -> Month:
        """Plan, actual and variance of the month, to date and of the year, of bodies and lines."""
        return Month(self.totals, lambda position: Workings(position).totals)

    @cached_property
    def bases(self) -> Bases:
        """Where each body would stand without any scheme."""
        return Bases(self.totals, self.effects, self.recorded)

    @cached_property
    def missing(self) -> Missing:
        """What is missing to each control total, from the gap to what schemes are set against."""
        return Missing(self.bases, self.savings)

    def once(self, label: Hashable, make: Callable[[], Paper]) -> Paper:
        """A paper of an engine's own, made the first time it is asked for under this label."""
        if label not in self._kept:
            stop_if_cancelled()
            self._kept.setdefault(label, make())  # of two threads both have the paper of the first
        return self._kept[label]  # type: ignore[return-value]
