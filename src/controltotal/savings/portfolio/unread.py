"""A choice that rests on a row which nobody could read: nothing is chosen until it is mended.

A ceiling of harm written as `twelve` is still a ceiling. Choosing as though it were not there would
call a portfolio safe, and best, that the book forbids; so no figure is told and no scheme chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from controltotal.book.record import Record
from controltotal.core.finding import errors_at
from controltotal.core.keys import key
from controltotal.core.result import Answer
from controltotal.savings.portfolio.build import Built
from controltotal.savings.portfolio.outcome import shown, target_of
from controltotal.workings.totals import figure_id

SHOWN_ROWS = 3
"""Most rows that the sentence names."""


def unread(built: Built) -> list[Record]:
    """Stopped rows that the choice would have used: limits of its years, what caps or shares a saving."""
    schemes = [found.row for found in built.prepared.values()]
    named = {key(row.opportunity) for row in schemes if row.opportunity}
    own = {key(row.id) for row in schemes}
    pairs = {(row.organisation, row.provider) for row in schemes if row.provider}
    found = []
    for row in built.position.stopped:
        text = row.texts.get
        year = getattr(row, "year", None)
        if year and year not in built.asked.years:
            continue
        if (
            row.table == "limits"
            or (row.table == "opportunities" and key(text("id", "")) in named)
            or (row.table == "effects" and key(text("scheme", "")) in own)
            or (
                row.table == "contracts"
                and (text("commissioner", ""), text("provider", "")) in pairs
            )
        ):
            found.append(row)
    return found


def tell(answer: Answer, built: Built, rows: Iterable[Record]) -> None:
    """Every figure of a portfolio as one that cannot be told, no scheme chosen, and why."""
    places = [row.where for row in rows]
    said = " and ".join(places[:SHOWN_ROWS])
    left = len(places) - SHOWN_ROWS
    said += f" and {left} more rows" if left > 0 else ""
    why = f"{said} could not be read, and a safe choice would have used it"
    for year in built.asked.years:
        for code in shown(built, year):
            measures = ["portfolio_saving", "portfolio_bound"]
            if target_of(built, code, year).pence is not None:
                measures.append("shortfall")
            for measure in measures:
                name = figure_id(measure, code, year, "plan")
                answer.figure(name, None, rule=f"cannot be told: {why}", unknown="stopped")
    answer.words(f"No scheme is chosen: {why}. Mend it, and ask again.", topic="portfolio")
    answer.add_findings(errors_at(built.position.findings, set(places)))
    answer.table("schemes", [_left_out(built, row, why) for row in built.position.book.schemes])


def _left_out(built: Built, row: Any, why: str) -> dict[str, Any]:
    """A scheme of the book, which is not chosen."""
    eligible = row.id not in built.ineligible
    found = built.prepared.get(row.id)
    return {
        "scheme": row.id,
        "chosen": False,
        "start": None,
        "reason": f"nothing is chosen: {why}" if eligible else built.reasons.get(row.id, ""),
        "organisation": row.organisation,
        "title": row.title,
        "saving_pence": 0,
        "full_year_pence": found.candidate.full_year if found else None,
        "harm": found.candidate.harm if found else None,
        "eligible": eligible,
        "considered": False,
        "where": row.where,
    }
