"""When a scheme starts and what it brings month by month: the same to a portfolio and to a forecast.

A scheme starts in its own month, never before those affected have been heard and never before
what it requires. From then on it saves by its own phasing where rows carry it, else evenly. How
late it may be is drawn from a geometric distribution in whole months, and its expected saving is

    chance x mean share x the in-year effect expected over its delay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache

from controltotal.book.amounts import Amounts
from controltotal.book.periods import months_needed, shares
from controltotal.book.records import Amount, Scheme
from controltotal.core.calendar import first_full_month, year_start
from controltotal.core.kept import kept
from controltotal.core.money import evenly, instalments
from controltotal.programme.phasing import in_year_effect
from controltotal.workings.savings import Savings

MONTHS = 12
DELAY_MAX = 12
"""Months at which a delay is capped."""


def months_between(first: date, second: date) -> int:
    """Whole months from one first of a month to another.

    >>> months_between(date(2026, 4, 1), date(2027, 1, 1))
    9
    """
    return (second.year - first.year) * MONTHS + second.month - first.month


class Starts:
    """The earliest month in which each scheme of a position can save."""

    def __init__(self, savings: Savings) -> None:
        self.savings = savings
        self._rows = {row.id: row for row in savings.position.book.schemes}

    def earliest(self, scheme: str) -> date | None:
        """The first of the earliest month; None for one that states none and waits for nothing.

        A scheme that delivers already keeps its own start. Others begin after the day on which
        their engagement ends, and no sooner than every scheme that they require. None begins
        before the day on which the last condition before its start was met.
        """
        return self._days.get(scheme)

    @cached_property
    def _days(self) -> Mapping[str, date | None]:
        """The earliest month of every scheme: the latest day of itself and of all that it waits for.

        Days are handed on from the latest to the earliest, each to those that wait for it, so that
        a long chain or a ring of requirements takes no longer than a short one.
        """
        own = {scheme: self._own_day(row) for scheme, row in self._rows.items()}
        waiting_for: dict[str, list[str]] = {}
        for scheme, row in self._rows.items():
            if not self._delivers(scheme):
                for other in row.requires or ():
                    waiting_for.setdefault(other, []).append(scheme)
        days: dict[str, date | None] = {}
        dated = [(day, scheme) for scheme, day in own.items() if day is not None]
        for day, first in sorted(dated, key=lambda one: one[0], reverse=True):
            handed = [first]
            while handed:
                scheme = handed.pop()
                if scheme not in days:
                    days[scheme] = day
                    handed += [s for s in waiting_for.get(scheme, ()) if s in self._rows]
        return {scheme: days.get(scheme) for scheme in self._rows}

    def _delivers(self, scheme: str) -> bool:
        return self.savings.maturity(scheme) == "fully_developed_delivering"

    def _own_day(self, row: Scheme) -> date | None:
        """The first month that a scheme's own start, engagement and conditions allow."""
        days = [first_full_month(row.start)] if row.start else []
        heard = self.savings.dates.engaged.get(row.id)
        if heard and not self._delivers(row.id):
            days.append(first_full_month(heard + timedelta(days=1)))
        held = self.savings.judgements[row.id].counts_from
        if held is not None:
            days.append(first_full_month(held))
        return max(days, default=None)

    def late(self, row: Scheme) -> int:
        """Whole months by which a scheme cannot begin when its own start says."""
        first = self.earliest(row.id)
        if first is None or row.start is None:
            return 0
        return max(0, months_between(first_full_month(row.start), first))

    def until(self, row: Scheme, year: str) -> int | None:
        """The month of a plan from this year on from which a scheme stops; None where none does.

        A condition of its running that is overdue stops the months after the one it was due in.
        """
        due = self.savings.judgements[row.id].stops_after
        if due is None:
            return None
        return max(0, months_between(year_start(year), due.replace(day=1)) + 1)


@dataclass(frozen=True, slots=True)
class Run:
    """A scheme's saving by month over some years, in pence, if it is neither late nor lessened.

    `start` is the month of its own start, nil being the first April and a month before it
    negative. `own` is its phasing by month where rows of its own carry any of these years; else
    it runs evenly at `full_year` from the start, for twelve months where it is not `recurrent`.
    `planned` is the saving of each year. From the month `until` on it brings nothing.
    """

    start: int
    full_year: int
    recurrent: bool
    planned: tuple[int, ...]
    own: tuple[int, ...] | None = None
    until: int | None = None

    def months(self, late: int = 0) -> list[int]:
        """Pence in each month when it begins so many months late.

        >>> Run(9, 1200, True, (300,)).months(1)[8:]
        [0, 0, 100, 100]
        """
        count = MONTHS * len(self.planned)
        if self.own is not None:
            found = [self.own[m - late] if m - late >= 0 else 0 for m in range(count)]
        else:
            each, first = evenly(self.full_year, MONTHS), self.start + late
            found = [
                each[(m - first) % MONTHS]
                if m >= first and (self.recurrent or m < first + MONTHS)
                else 0
                for m in range(count)
            ]
        stop = count if self.until is None else min(self.until, count)
        return found[:stop] + [0] * (count - stop)


def keeps_start(run: Run, month: int, running: bool, late: int = 0) -> bool:
    """Whether a scheme goes on from its own start once so many months of its year are recorded.

    One that runs does, and a one-off begun before the year; any other that has not begun by the
    month begins no sooner than the next.
    """
    begun = run.start + late
    return begun < month and (running or (begun < 0 and not run.recurrent))


def ahead(months: Sequence[int], month: int) -> list[int]:
    """The months after the last one recorded; those before bring nothing more.

    >>> ahead([5, 5, 5], 2)
    [0, 0, 5]
    """
    return [0] * month + list(months[month:])


def run_of(
    scheme: Scheme, years: Sequence[str], bases: Sequence[str], amounts: Amounts
) -> Run | None:
    """The run of a scheme over years that follow each other; None where it cannot be placed.

    `bases` name the basis of each year: a body may have a forecast now and a plan for later.
    """
    planned: list[int] = []
    months: list[int] = []
    phased = False
    for year, basis in zip(years, bases, strict=True):
        effect = planned_in_year(scheme, year, basis, amounts)
        if effect is None:
            return None
        planned.append(effect)
        own = _own_months(amounts, scheme, year, basis)
        phased |= own is not None
        months += own if own is not None else _even_months(scheme, year)
    first = year_start(years[0])
    start = months_between(first, first_full_month(scheme.start)) if scheme.start else 0
    recurrent = scheme.recurrence != "non_recurrent"
    own_phasing = tuple(months) if phased or scheme.start is None else None
    return Run(start, scheme.full_year_effect, recurrent, tuple(planned), own_phasing)


def _even_months(scheme: Scheme, year: str) -> list[int]:
    """A year of a scheme that runs evenly from its start; nil where it has none."""
    if scheme.start is None:
        return [0] * MONTHS
    start = months_between(year_start(year), first_full_month(scheme.start))
    recurrent = scheme.recurrence != "non_recurrent"
    return Run(start, scheme.full_year_effect, recurrent, (0,)).months()


def planned_in_year(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> int | None:
    """What a scheme is to bring in a year as a basis states it, pence; None where unknown.

    A scheme without a start that has months of its own goes on after them at its full-year
    effect, unless it does not repeat.
    """
    found = in_year_effect(scheme, year, basis, amounts)
    if found is None and any(one < year for one in _own_years(scheme, basis, amounts)):
        return scheme.full_year_effect if scheme.recurrence != "non_recurrent" else 0
    return found


def _own_rows(scheme: Scheme, basis: str, amounts: Amounts) -> list[Amount]:
    rows = amounts.of_scheme.get(scheme.id, ())
    return [row for row in rows if row.basis == basis and not row.scenario]


def _own_years(scheme: Scheme, basis: str, amounts: Amounts) -> set[str]:
    """The years that a scheme's own rows of a basis name."""
    return {row.year for row in _own_rows(scheme, basis, amounts)}


@kept
def _own_months(amounts: Amounts, scheme: Scheme, year: str, basis: str) -> Sequence[int] | None:
    """The scheme's saving by month as rows of its own say; None in a year they do not name."""
    rows = [row for row in _own_rows(scheme, basis, amounts) if row.year == year]
    if not rows:
        if scheme.start is None and (whole := planned_in_year(scheme, year, basis, amounts)):
            return list(evenly(whole, MONTHS))
        return None
    series: dict[tuple[str, str, str, str], list[Amount]] = {}
    for row in rows:
        key = (row.organisation, row.line, row.recurrence or "", row.counterparty or "")
        series.setdefault(key, []).append(row)
    found = [0] * MONTHS
    for key in sorted(series):
        for told, amount in shares(series[key], months_needed(year)):
            months = _live_months(told, scheme, year)
            for month, pence in zip(months, instalments(amount, len(months)), strict=True):
                found[month - 1] += pence
    return found


def _live_months(months: tuple[int, ...], scheme: Scheme, year: str) -> tuple[int, ...]:
    """The months that a saving falls in; of a whole year, those since the start."""
    if len(months) < MONTHS or scheme.start is None:
        return months
    since = months_between(year_start(year), first_full_month(scheme.start))
    return tuple(month for month in months if month > since) or months


@lru_cache(maxsize=1024)
def delay_weights(mean_months: Fraction) -> tuple[tuple[int, ...], int]:
    """The weights of a delay of 0, 1, … 12 months in whole numbers, and their sum.

    Geometric with this mean, what lies beyond the cap of twelve months at the cap.

    >>> weights, total = delay_weights(Fraction(1))
    >>> [Fraction(weight, total) for weight in weights[:2]], sum(weights) == total
    ([Fraction(1, 2), Fraction(1, 4)], True)
    """
    stay = mean_months / (1 + mean_months)
    a, b = stay.numerator, stay.denominator
    weights = [(b - a) * a**k * b ** (DELAY_MAX - 1 - k) for k in range(DELAY_MAX)]
    return (*weights, a**DELAY_MAX), b**DELAY_MAX


def over_delays(mean_months: Fraction, late: int, brings: Sequence[int]) -> Fraction:
    """The expectation over its delay of what a scheme brings: `brings[n]` when n months late.

    `late` is how late it is before any delay; later than the sequence is long it brings the last.

    >>> over_delays(Fraction(1), 0, [400, 200, 0])
    Fraction(250, 1)
    """
    last = len(brings) - 1
    if not mean_months:
        return Fraction(brings[min(late, last)])
    weights, whole = delay_weights(mean_months)
    return Fraction(
        sum(weight * brings[min(late + n, last)] for n, weight in enumerate(weights)), whole
    )
