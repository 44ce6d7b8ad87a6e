"""Offices that an administrator gave, told to whoever works where they are held until they have seen it.

An administrator gives offices alone: nobody else need agree. So nobody may do it unseen, for somebody
who gives an office to a second account of their own could approve, sign or publish by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.acts.actors import BOARD, Grant
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.ledger.block import written_singly
from controltotal.ledger.entries import PUT
from controltotal.workings.workings import Workings

GIVES: Final = "administrator"
"""The office that gives offices."""


@dataclass(frozen=True, slots=True)
class Given:
    """An office as it was given: by which entry, to whom, where, by whom and from when to when."""

    entry: int
    subject: str
    name: str
    role: str
    organisation: str
    giver: str
    by: str
    role_of_giver: str
    since: date | None
    until: date | None


def offices_given(workings: Workings) -> Sequence[Given]:
    """Every office that was given by an act, in order, also one that was ended or taken back since."""
    return workings.once("offices given", lambda: tuple(_given(workings)))


def _given(workings: Workings) -> list[Given]:
    found = []
    for entry in written_singly(workings.position.daybook):
        said = entry.narration
        if entry.table != "grants" or entry.kind != PUT or said.act != "grant":
            continue
        cells, who = dict(entry.cells), said.author
        found.append(
            Given(
                entry.seq,
                cells.get("subject", ""),
                cells.get("name", ""),
                cells.get("role", ""),
                cells.get("organisation", ""),
                giver=who.subject,
                by=who.name,
                role_of_giver=who.role,
                since=_day(cells.get("from", "")),
                until=_day(cells.get("to", "")),
            )
        )
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if text else None
    except CalendarError:
        return None


def unseen(
    workings: Workings, grants: Sequence[Grant], subject: str, today: date, seen: int
) -> list[Given]:
    """What an administrator gave since somebody last `seen` it, at organisations they work for.

    Who holds an office somewhere is told of others there; the finance of a system of all below it. Not
    of their own, of what they gave themselves, nor of what was given before they came.
    """
    at = {one.organisation for one in grants if one.holds(today) and one.role != GIVES}
    above = {one.organisation for one in grants if one.holds(today) and one.role == BOARD}
    every = offices_given(workings)
    came = next((one.entry for one in every if one.subject == subject), 0)
    tree, year = workings.tree, workings.position.default_year
    return [
        one
        for one in every
        if one.entry > max(seen, came)
        and one.role_of_giver == GIVES
        and subject not in (one.subject, one.giver)
        and (one.organisation in at or above & set(tree.ancestors(one.organisation, year)))
    ]
