"""The noun of what waits: one matter, the act that would settle it, and the office that may do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from controltotal.core.names import short_names
from controltotal.workings.workings import Workings

FIRST: Final = ("approval", "refusal")
"""What stands before all else: others wait for a month to be approved, and a refusal was the last word."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One matter that waits.

    `what` says it in a line, `why` in a sentence more; `about` is the key of its row. It waits `since` a
    day and is `due` on one, where anybody says so. The page at `address` (empty: there is none yet) is
    where one does it: a `verb` and a `noun`. `office` names the offices that may do the `act` at
    `organisation`; `concerns` are other bodies to whom it matters, `not_for` subjects who may not
    settle it, for it was they who began it. No reminder says more of it than `kind`, `since` and `due`.
    """

    kind: str
    what: str
    about: str
    since: date | None
    due: date | None
    address: str
    verb: str
    noun: str
    office: tuple[str, ...]
    act: str
    organisation: str
    why: str = ""
    concerns: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()

    def overdue(self, today: date) -> bool:
        """Whether its day has passed.

        >>> Waiting("month", "", "", None, date(2026, 11, 9), "", "", "", (), "", "").overdue(
        ...     date(2026, 11, 10))
        True
        """
        return self.due is not None and self.due < today

    def place(self, today: date) -> tuple[Any, ...]:
        """Where it stands among others: what to approve or was refused, what is overdue, the oldest."""
        late = self.overdue(today)
        return (
            self.kind not in FIRST,
            not late,
            self.due if late else date.min,
            self.since or date.max,
            self.about,
        )


def body_names(workings: Workings) -> dict[str, str]:
    """The bodies of a book by code, with the names that people say."""
    tree = workings.tree
    return workings.once(
        "short names", lambda: short_names({code: tree.name(code) for code in tree.organisations})
    )
