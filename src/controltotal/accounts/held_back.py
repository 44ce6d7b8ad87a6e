"""Figures that are kept from the public and stand in the data of an organisation or of those below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.book.fold import Position
from controltotal.book.records import BoardPaper
from controltotal.core.calendar import day_words
from controltotal.core.figure import Figure
from controltotal.core.names import listed
from controltotal.core.show import figure_name

HELD: Final = ("withheld", "refused")
"""What may have become of a figure that the data hold and the public does not see."""
PRIVATE: Final = "private"
IN_PUBLIC: Final = "Its meeting is in public, and the public may not see: "
"""How it is said that a paper holds what the public of its meeting may not see."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A figure that the public does not see: of whom and what, never its value, and until when.

    `until` is the day to which it is withheld, else `review` that on which it is looked at again.
    """

    figure: str
    name: str
    until: date | None = None
    review: date | None = None

    @property
    def words(self) -> str:
        """What it is and until when, in words.

        >>> HeldBack("cash/T1/2026-27/plan", "T1: Cash", review=date(2026, 12, 18)).words
        'T1: Cash (no last day is set; its review is due on 18 December 2026)'
        """
        if self.until is not None:
            return f"{self.name} (until {day_words(self.until)})"
        if self.review is not None:
            return (
                f"{self.name} (no last day is set; its review is due on {day_words(self.review)})"
            )
        return f"{self.name} (no last day is set)"


def held_back(position: Position, organisation: str, year: str) -> list[HeldBack]:
    """What the data of an organisation, and of those below it in a year, hold back from the public."""
    inside = {organisation, *position.tree.descendants(organisation, year)}
    found = []
    for row in position.book.withheld:
        steps = row.figure.split("/")
        if row.kind in HELD and len(steps) > 1 and steps[1] in inside:
            name = f"{position.tree.name(steps[1], year)}: {figure_name(Figure(row.figure, None))}"
            found.append(HeldBack(row.figure, name.replace("_", " "), row.until, row.review_on))
    return found


def meeting_on(
    position: Position, organisation: str, on: str, meeting: str = ""
) -> BoardPaper | None:
    """The meeting of a day to which an organisation's paper goes; None where there is none.

    Of several on one day it is that of the name `meeting`; without a name, the first.
    """
    own = meetings_on(position, organisation, on)
    return next((row for row in own if meeting in ("", row.meeting)), None)


def meetings_on(position: Position, organisation: str, on: str) -> list[BoardPaper]:
    """Every meeting of an organisation on a day to which a paper goes, by name."""
    rows = (row for row in position.book.papers if row.organisation == organisation)
    return sorted((r for r in rows if r.on.isoformat() == on), key=lambda row: row.meeting)


def keeps_from_final(
    position: Position, organisation: str, year: str, on: str, meeting: str = ""
) -> str:
    """That a paper holds what the public of its meeting may not see; empty where it holds nothing so.

    A session that nobody says is private is one in public.
    """
    row = meeting_on(position, organisation, on, meeting)
    if row is None or row.session == PRIVATE:
        return ""
    held = held_back(position, organisation, year)
    if not held:
        return ""
    return f"{IN_PUBLIC}{listed([one.words for one in held])}"
