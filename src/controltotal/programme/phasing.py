"""When a scheme saves: its own phasing where rows carry it, else evenly by month from its start.

Full-year effect is twelve months' saving once live; part-year effect is what falls in a year. A
start within a month counts from the next. A non-recurrent effect ends after twelve months; a
recurrent one goes on. Twelve months always make the full-year effect to the penny.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from controltotal.book.amounts import Amounts
from controltotal.book.periods import Rows, fill, months_needed
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import add_months, first_full_month, month_start
from controltotal.core.kept import kept
from controltotal.core.money import evenly
from controltotal.core.period import year_in


def month_effects(
    full_year_effect: int, start: date | None, recurrent: bool, year: str, delay: int = 0
) -> list[int] | None:
    """Pence saved in each month, April first, of a year; None where there is no start.

    >>> sum(month_effects(1_200_000_000, date(2026, 10, 1), True, "2026-27") or [])
    600000000
    """
    if start is None:
        return None
    live = add_months(first_full_month(start), delay)
    each = evenly(full_year_effect, 12)
    found = []
    for month in range(1, 13):
        day = month_start(year, month)
        since = (day.year - live.year) * 12 + day.month - live.month
        running = since >= 0 and (recurrent or since < 12)
        found.append(each[since % 12] if running else 0)
    return found


def in_year_effect(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> int | None:
    """The saving of a scheme in a year as a basis states it; None where it cannot be told.

    Rows of its own phase the years that they cover; another year runs evenly from the start.
    """
    key = (scheme.entry, year, basis)
    if key not in amounts.effects:
        amounts.effects[key] = _in_year_effect(scheme, year, basis, amounts)
    return amounts.effects[key]


@kept
def series_of(amounts: Amounts, scheme: str, year: str, basis: str) -> Sequence[Rows]:
    """The rows of a scheme in a year and basis: those of one body, line and kind together."""
    series: dict[tuple[str, str, str, str], list[Amount]] = {}
    whole = year_in(year)
    for row in amounts.of_scheme.get(scheme, ()):
        if row.basis == basis and not row.scenario and row.year == whole:
            key = (row.organisation, row.line, row.recurrence or "", row.counterparty or "")
            series.setdefault(key, []).append(row)
    return tuple(map(Rows, series.values()))


def _in_year_effect(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> int | None:
    own = series_of(amounts, scheme.id, year, basis)
    if own:
        return sum(fill(rows, months_needed(year)).pence for rows in own)
    recurrent = scheme.recurrence != "non_recurrent"
    months = month_effects(scheme.full_year_effect, scheme.start, recurrent, year_in(year))
    if months is None:
        return None
    return sum(months[m - 1] for m in months_needed(year))


def in_plan(scheme: Scheme) -> bool:
    """Whether the plan counts a scheme: as it says, else unless it is only an opportunity."""
    stated = scheme.in_plan
    return bool(stated) if stated is not None else scheme.maturity != "opportunity"
