"""The moment of a paper, as the addresses of its numbers carry it: its entry, its month, its unit.

A number of a paper is told as the paper has it, not as the data have become since. Whoever reads the
ledger may read it as at any of its entries, so such an address opens nothing that was shut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controltotal.service.apps import house
from controltotal.workings.workings import Workings

NAMES: Final = ("at", "until", "in")
"""What of an address is its moment: none of them is what tells a row (`board_notes.ROW_NAMES`)."""
TO: Final = re.compile(r"(\d{4}-\d{2})-M(\d{1,2})")
UNITS: Final = {"m": "£m", "k": "£k"}
ENTRIES_MOST: Final = 12
"""Digits that the number of an entry has at most."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The ledger as at an entry, and to a month of a year where one is named; money in a unit."""

    entry: int
    year: str = ""
    month: int = 0
    unit: str = "£m"

    @property
    def asked(self) -> list[tuple[str, str]]:
        """How addresses carry it.

        >>> Moment(12, "2026-27", 9).asked
        [('at', '12'), ('until', '2026-27-M9')]
        """
        found = [("at", str(self.entry))]
        found += [("until", f"{self.year}-M{self.month}")] if self.month else []
        return found + ([] if self.unit == UNITS["m"] else [("in", self.unit[1:])])

    @property
    def workings(self) -> Workings:
        """The working papers of the ledger as it stood then."""
        return house().as_at(self.entry, self.year, self.month)


def moment_of(asked: Mapping[str, str]) -> Moment | None:
    """The moment of an address; None where it names none, or one that the ledger does not have."""
    text = asked.get("at", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= ENTRIES_MOST):
        return None
    if not 0 < int(text) <= house().position.ref.entry:
        return None
    to = TO.fullmatch(asked.get("until", ""))
    unit = UNITS.get(asked.get("in", "m"), UNITS["m"])
    year, month = (to[1], int(to[2])) if to else ("", 0)
    if month > 12 or (year and year not in house().position.years):
        return None
    return Moment(int(text), year, month, unit)
