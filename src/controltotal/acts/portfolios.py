"""Keeping a portfolio as the plan: an explicit act, in one batch, by a named person.

Choosing changes nothing. This act chooses again on the book as it stands, takes the chosen schemes into
the plan with their starts and the eligible ones left out of it, and says which signatures must be
given again because a start moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from controltotal.acts.desk import ActRefused, Done, open_desk
from controltotal.core.schema import tables
from controltotal.savings.portfolio.answer import DEFAULT_OBJECTIVES, answer_portfolio
from controltotal.savings.portfolio.keep import changes_to_keep
from controltotal.workings.workings import Workings

if TYPE_CHECKING:
    from controltotal.ledger.store import Store


def keep_portfolio(
    ledger: str | Store,
    *,
    by: str,
    on: date | str,
    why: str = "",
    year: str | None = None,
    organisation: str | None = None,
    years: int = 1,
    objectives: Sequence[str] = (),
) -> Done:
    """Make the best safe portfolio of the book as it stands its plan; whole or not at all."""
    with open_desk(ledger, by, on, why) as desk:
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
        columns = tables()["schemes"].columns
        for change in changes:
            row = desk.scheme(change.scheme)
            if row.known is not None and desk.on < row.known:
                raise ActRefused(
                    f"{change.scheme} was last changed on {row.known}, after {desk.on}",
                    row.where,
                    "date the act on the day it is done",
                )
            if row.known == desk.on:
                desk.withdraw(desk.position.entries[row.entry])
            cells = {**row.texts, **change.cells, "known_on": desk.on.isoformat()}
            order = [*columns, *(name for name in cells if name not in columns)]
            desk.put("schemes", {name: cells[name] for name in order if cells.get(name)})
            if change.notice:
                desk.notices.append(f"{change.scheme}: {change.notice}")
        return desk.finish()
