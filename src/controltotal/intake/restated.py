"""What an import says otherwise of months that the book had already: which, how many figures, how much."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from controltotal.core.calendar import CalendarError, month_name, months_of, parse_month
from controltotal.core.money import MoneyError, canonical_unit, format_pounds, parse_money
from controltotal.core.vocabulary import folded
from controltotal.intake.changes import Changes
from controltotal.intake.scopes import Cells

_MOST: Final = 6
"""Sentences before the rest is counted."""


@dataclass(slots=True)
class _Restated:
    """The months of a body and a basis that differ, the figures, and by how much in pence, up or down."""

    months: set[int] = field(default_factory=set)
    figures: int = 0
    pence: int = 0


def restated(changes: Changes, unit: str, *, dry_run: bool = False) -> list[str]:
    """Sentences on actuals and plans that the book had with other money.

    `unit` is that of rows which name none. A forecast is another one every month, and is not told.
    """
    found: dict[tuple[str, str], _Restated] = {}
    for old, put in changes.changed:
        before = dict(old.cells)
        basis = folded(put.cells.get("basis", ""))
        if put.table != "amounts" or basis not in ("actual", "plan") or put.cells.get("scenario"):
            continue
        apart = abs(_pence(put.cells, unit) - _pence(before, unit))
        if apart:
            one = found.setdefault((put.cells.get("organisation", ""), basis), _Restated())
            one.months |= _months(put.cells)
            one.figures += 1
            one.pence += apart
    several = len({body for body, _ in found}) > 1
    had = "has" if dry_run else "had"
    words = [
        f"{f'{body}: ' if several else ''}{_of(basis, one.months, lower=several)} from what the book {had}: "
        f"{'1 figure' if one.figures == 1 else f'{one.figures:,} figures'}, {format_pounds(one.pence)} of "
        "difference in all."
        for (body, basis), one in sorted(found.items())
    ]
    more = len(words) - _MOST
    return words if more <= 0 else [*words[:_MOST], f"So do the months of {more:,} more."]


def _of(basis: str, months: Collection[int], *, lower: bool) -> str:
    """Months that differ, in words, with the verb."""
    named = month_words(months)
    if basis == "plan":
        return f"{'the' if lower else 'The'} plan of {named} differs"
    return f"{named} {'differ' if len(months) > 1 else 'differs'}"


def month_words(months: Iterable[int]) -> str:
    """Months as people name several of them; all twelve are the year.

    >>> month_words([1, 2, 3]), month_words([4, 1, 3]), month_words(range(1, 13)), month_words([6])
    ('April to June', 'April, June and July', 'the year', 'September')
    """
    order = sorted(set(months))
    if len(order) in (0, 12):
        return "the year"
    names = [month_name(month) for month in order]
    if len(order) > 2 and all(b - a == 1 for a, b in pairwise(order)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _months(cells: Cells) -> set[int]:
    """The months that the money of a row is of."""
    with suppress(CalendarError):
        return set(months_of(parse_month(cells.get("month", ""))))
    return set()


def _pence(cells: Cells, unit: str) -> int:
    """The money of a row; nil where it cannot be read."""
    with suppress(MoneyError):
        own = canonical_unit(cells.get("unit", "")) or unit or "£"
        return parse_money(cells.get("amount", ""), own)
    return 0
