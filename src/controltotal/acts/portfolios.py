"""Keeping a portfolio as the plan: an explicit act, in one batch, by a named person.

Choosing changes nothing. This act chooses again on the book as it stands, takes the chosen schemes into
the plan with their starts and the eligible ones left out of it, and says which signatures must be
given again because a start moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from controltotal.acts.bench import ActRefused, Bench
from controltotal.acts.desk import Done, How, done
from controltotal.savings.portfolio.answer import DEFAULT_OBJECTIVES, answer_portfolio
from controltotal.savings.portfolio.keep import changes_to_keep
from controltotal.workings.workings import Workings

if TYPE_CHECKING:
    from controltotal.acts.desk import Ledger


def keep_portfolio(
    ledger: Ledger,
    *,
    year: str | None = None,
    organisation: str | None = None,
    years: int = 1,
    objectives: Sequence[str] = (),
    **how: Unpack[How],
) -> Done:
    """Make the best safe portfolio of the book as it stands its plan; whole or not at all."""

    def prepare(desk: Bench) -> None:
        chosen = answer_portfolio(
            Workings(desk.position),
            year,
            organisation,
            years=years,
            objectives=tuple(objectives) or DEFAULT_OBJECTIVES,
        )
        changes = changes_to_keep(desk.position, chosen)
        if not changes:
            raise ActRefused(
                "the plan holds this portfolio already", "schemes", "there is nothing to keep"
            )
        for change in changes:
            row = desk.scheme(change.scheme)
            desk.again(row, change.cells)
            if change.notice:
                desk.notices.append(f"{change.scheme}: {change.notice}")

    return done(ledger, "keep", prepare, how)
