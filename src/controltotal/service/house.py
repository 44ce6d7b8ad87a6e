"""The house of a running service: its ledger at one desk, kept warm, and the answers that were given.

There is one in a process. It holds no rule: verbs answer from its position, acts go to its desk.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from typing import Any, Final

from controltotal.accounts.months_sent import ahead, common_month, senders
from controltotal.acts import Desk
from controltotal.book.fold import Position, fold
from controltotal.book.taken import with_published
from controltotal.core.period import year_in
from controltotal.core.progress import Progress
from controltotal.core.result import Result
from controltotal.core.scope import Scope
from controltotal.ledger import is_ledger_address, open_ledger
from controltotal.service.deployment import Deployment
from controltotal.sources.books import of_store
from controltotal.verbs.kept import Kept
from controltotal.verbs.opening import read
from controltotal.workings.leading import scope_of
from controltotal.workings.workings import Workings

SLOW: Final = frozenset({"risk", "portfolio", "challenge", "opportunities"})
"""Verbs that may take more than two seconds on a system: a job of the worker's answers them."""

AS_AT_MOST: Final = 2
"""Readings of the ledger as it was that are kept, for the numbers of papers."""


class House:
    """The ledger of a service at its one desk, with the answers that were given of it."""

    def __init__(self, deployment: Deployment, desk: Desk | None = None) -> None:
        self.deployment = deployment
        self.desk = desk or Desk(open_ledger(deployment.ledger, must_exist=True), self._day)
        self.kept = Kept()
        self._lock = threading.Lock()
        self._known: tuple[Position, Workings] | None = None
        self._to_month: dict[tuple[str, int], Workings] = {}
        self._as_at: OrderedDict[tuple[int, str, int], Workings] = OrderedDict()

    def _day(self) -> date:
        """The day of the deployment as it then is: a demonstration learns its first day after it began."""
        return self.deployment.today()

    @property
    def position(self) -> Position:
        """The book as it stands."""
        return self.desk.position

    @property
    def workings(self) -> Workings:
        """The working papers of the book as it stands, kept until it changes."""
        position = self.position
        with self._lock:
            known = self._known
            if known is None or known[0] is not position:
                # an answer is kept for a book that says where it stands; one at a desk does not
                named = replace(position, place=self.deployment.ledger)
                known = self._known = (position, Workings(named))
                self._to_month = {}
            return known[1]

    @property
    def scope(self) -> Scope:
        """The bodies of the book's own year in the order of the tree, and who leads it."""
        workings = self.workings
        return scope_of(workings, year_in(workings.position.default_year))

    def to_month(self, year: str, month: int) -> Workings:
        """The working papers of the book as it stands, read to a month of a year; kept until it changes.

        The book as it stands where no body that sends months is past that month.
        """
        workings = self.workings
        if not month or max(senders(workings, year).values(), default=0) <= month:
            return workings
        with self._lock:
            found = self._to_month.get((year, month))
        if found is None:
            read_to = self.read_to(workings.position.ref.entry, f"M{month}", year)
            found = Workings(replace(read_to, place=self.deployment.ledger))
            with self._lock:
                if self._known is not None and self._known[1] is workings:
                    self._to_month[year, month] = found
        return found

    def as_at(self, entry: int, year: str = "", month: int = 0) -> Workings:
        """The working papers of the ledger as at an entry, read to a month of a year where one is named.

        As at the last entry they are those of the book as it stands; of others the last are kept.
        """
        if entry == self.position.ref.entry:
            return self.to_month(year, month) if month else self.workings
        key = (entry, year, month)
        with self._lock:
            found = self._as_at.pop(key, None)
            if found is not None:
                self._as_at[key] = found
        if found is None:
            read_to = self.read_to(entry, f"M{month}" if month else "", year)
            found = Workings(replace(read_to, place=self.deployment.ledger))
            with self._lock:
                self._as_at[key] = found
                while len(self._as_at) > AS_AT_MOST:
                    self._as_at.popitem(last=False)
        return found

    def read_to(self, entry: int, month: str, year: str) -> Position:
        """The ledger as at an entry, and to a month (such as `M9`) of a year where one is named."""
        address = self.deployment.ledger
        if is_ledger_address(address):
            return read(address, as_at=entry, month=month or None, year=year if month else None)
        source = of_store(self.desk.store, "ledger")
        return with_published(fold(source, entry, (month, year) if month else None))

    def of(self, organisation: str, year: str) -> Workings:
        """The working papers in which a body is told to some month.

        While some below it have told a month that others have not, they are read to the last month
        that all have told; else they are those of the book as it stands.
        """
        workings = self.workings
        tree = workings.tree
        if (
            not ahead(workings, year)
            or organisation not in tree.organisations
            or not tree.exists(organisation, year)
            or workings.month.reached(organisation, year)
        ):
            return workings
        return self.to_month(year, common_month(workings, year))

    def together(self, year: str) -> Workings:
        """The working papers in which all bodies of the leading system are told to one month."""
        return self.to_month(year, common_month(self.workings, year))

    def answer(
        self,
        verb: str,
        *,
        of: Workings | None = None,
        progress: Progress | None = None,
        **options: Any,
    ) -> Result:
        """What a verb answers of the book as it stands; from memory where it was asked before.

        `of` are other working papers of it, such as those read to a month.
        """
        return self.kept.answer(verb, of or self.workings, progress=progress, **options)

    def close(self) -> None:
        """Let the ledger go."""
        self.desk.store.close()
