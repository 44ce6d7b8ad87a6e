"""What a local price modification comes to in a year, and who bears it, by its taper and contracts.

The rule that says what is due and the path that says what is still to come both read it here. What
is not stated is not known: an agreed sum of one year says nothing of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_start
from controltotal.core.money import apportion
from controltotal.core.parameters import ParameterMissing
from controltotal.core.period import period

LAST: Final = "2022-23"
"""The last year in which a price could be modified: the payment scheme followed the tariff."""
KIND: Final = "local_price_modification"
BACK: Final = 10
"""How many years back the first year of a taper is looked for."""


def step_of(start: int, steps: Sequence[Fraction], years: int) -> int:
    """The sum so many years after the first: the step of the year, half a penny away from nil.

    >>> [step_of(2_000, [Fraction(1), Fraction(1, 2)], years) for years in (0, 1, 2)]
    [2000, 1000, 0]
    """
    if years >= len(steps):
        return 0
    exact = start * steps[years]
    return int(exact + Fraction(1, 2)) if exact >= 0 else -int(-exact + Fraction(1, 2))


def years_between(first: str, year: str) -> int:
    """How many years a year is after another.

    >>> years_between("2015-16", "2017-18")
    2
    """
    return period(year).year.first - period(first).year.first


def price_due(position: Position, code: str, year: str) -> int | None:
    """What is due to a provider in a year: by its taper, else as agreed; None where nobody says."""
    if year > LAST:
        return 0
    for back in range(BACK):
        first = next_year(year, -back)
        start = _stated(position, code, first, "lpm_first_year")
        if start is not None:
            try:
                steps = position.parameters.on("lpm_taper", year_start(first)).value.split(";")
            except ParameterMissing:
                break
            return step_of(start, [Fraction(step) for step in steps], years_between(first, year))
    return _stated(position, code, year, "lpm_agreed")


def borne_by(position: Position, provider: str, year: str, pence: int) -> dict[str, int]:
    """What each commissioner bears of a sum, by its contracts of the year; empty without them."""
    weights: dict[str, int] = {}
    for row in position.book.contracts:
        if (row.provider, row.year) == (provider, year):
            if not row.baseline:
                return {}
            weights[row.commissioner] = weights.get(row.commissioner, 0) + row.baseline
    return apportion(pence, weights) if weights else {}


def price_paid(position: Position, provider: str, year: str) -> dict[str, int]:
    """What transfers agreed for a year pay to a provider, by the body that pays."""
    found: dict[str, int] = {}
    for row in position.book.transfers:
        if (row.kind, row.to, row.year, row.status) == (KIND, provider, year, "agreed"):
            found[row.from_] = found.get(row.from_, 0) + row.amount
    return found


def price_change(position: Position, code: str, start: str, ahead: str) -> int:
    """What price modifications bring a body in a year ahead beside the starting year, in pence.

    A provider gets less as its taper runs down, and its commissioners pay that much less. Nil where
    nothing was paid in the starting year, or nobody says what is due in the year ahead.
    """
    total = 0
    for provider in {row.to for row in position.book.transfers if row.kind == KIND}:
        was = price_paid(position, provider, start)
        due = price_due(position, provider, ahead)
        if not was or due is None:
            continue
        now = price_paid(position, provider, ahead) or borne_by(position, provider, start, due)
        if code == provider:
            total += (sum(now.values()) if now else due) - sum(was.values())
        elif code in was and now:
            total -= now.get(code, 0) - was[code]
    return total


def _stated(position: Position, code: str, year: str, fact: str) -> int | None:
    """A fact of money of a year in its main scenario."""
    for row in position.facts(code, year, fact):
        if not row.scenario and not row.scheme and not row.month and isinstance(row.value, int):
            return row.value
    return None
