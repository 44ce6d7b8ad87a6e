"""What a book states of a body in facts: whole years, added up over their groups, on the best basis.

A programme of savings is stated, delivered and planned, before anybody knows what it comes to in a
surplus. Where these numbers are shown and where they are weighed, both read them here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controltotal.core.calendar import next_year, year_label
from controltotal.core.money import format_pounds
from controltotal.workings.totals import Totals

BASES: Final = ("actual", "forecast", "plan", "")
"""Of two bases that state one fact, the earlier one here is taken."""
HEDGES: Final = {
    "over": "more than ",
    "nearly": "nearly ",
    "around": "about ",
    "up_to": "up to ",
}
"""How a qualifier reads before a sum."""


def hedged(text: str, qualifier: str) -> str:
    """A sum in words with the hedge of the amounts that it rests on, where they have one and agree.

    >>> hedged("a deficit of £300.0 million", "around"), hedged("£5.0 million", "nearly")
    ('a deficit of about £300.0 million', 'nearly £5.0 million')
    >>> hedged("a surplus of £5.0 million", "around; over"), hedged("break-even", "around")
    ('a surplus of £5.0 million', 'break-even')
    """
    hedge = HEDGES.get(qualifier, "")
    return text.replace("£", f"{hedge}£", 1) if hedge else text


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact of one year: `value` in pence where `unit` is pence, with the hedge of its source."""

    value: int | float
    unit: str
    basis: str
    entries: tuple[int, ...]
    qualifier: str = ""

    @property
    def words(self) -> str:
        """The sum in words, hedged as its source hedges it.

        >>> Stated(2_300_000_000, "pence", "plan", (), "over").words
        'more than £23.0 million'
        """
        return hedged(format_pounds(int(self.value)), self.qualifier)


def stated(totals: Totals, code: str, year: str, fact: str) -> Stated | None:
    """A whole-year fact of a body, its groups added up; None where the book states none.

    The hedge of a sum is that of its rows where they agree.
    """
    rows = [
        row
        for row in totals.position.facts(code, year, fact)
        if not row.month and not row.scenario and not row.scheme
    ]
    for basis in BASES:
        same = [row for row in rows if (row.basis or "") == basis]
        if same:
            unit = "pence" if all(isinstance(row.value, int) for row in same) else "count"
            hedges = {row.qualifier or "" for row in same}
            return Stated(
                sum(row.value for row in same),
                unit,
                basis,
                tuple(row.entry for row in same),
                hedges.pop() if len(hedges) == 1 else "",
            )
    return None


def sum_stated(totals: Totals, code: str, year: str, fact: str) -> Stated | None:
    """A stated fact that is money."""
    found = stated(totals, code, year, fact)
    return found if found is not None and found.unit == "pence" else None


def not_enough(totals: Totals, code: str, year: str) -> bool:
    """Whether a source says of a plan that it leaves a gap, and gives no figure for the gap."""
    return any(
        row.qualifier == "over" and row.value == 0 and not row.scenario and not row.month
        for row in totals.position.facts(code, year, "gap")
    )


def programme_words(totals: Totals, code: str, year: str) -> str:
    """The savings planned for a year beside those delivered in the year before; empty if unknown."""
    planned = sum_stated(totals, code, year, "savings_planned")
    if planned is None:
        return ""
    text = f"{planned.words} of savings planned"
    earlier = next_year(year, -1)
    before = sum_stated(totals, code, earlier, "savings_delivered")
    if before is None:
        return text
    return f"{text}, after {before.words} delivered in {year_label(earlier)},"
