"""A scheme month by month: plan, actual and forecast, what slippage does, and what flows through.

Full-year effect is twelve months' saving once live; part-year effect is what falls in the year;
flow-through is what is still to come of it. A scheme that has not begun when it should have moves
by whole months, and its forecast with it, whether or not anybody has said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from controltotal.book.amounts import Amounts
from controltotal.book.periods import fill, fill_exactly, months_needed, shares
from controltotal.book.records import Scheme
from controltotal.core.calendar import add_months, first_full_month, months_of, next_year
from controltotal.core.kept import kept
from controltotal.core.money import instalments
from controltotal.core.period import year_in
from controltotal.programme.phasing import month_effects, series_of

LATE_MONTHS = range(7, 13)
BACK_LOADED_ABOVE = 0.6
"""Share of a plan in months 7 to 12 above which it is called back-loaded."""


def part_year_effect(full_year_effect: int, start: date, year: str, recurrent: bool = True) -> int:
    """The saving that falls in a year of a scheme that runs evenly from its start, in pence.

    >>> part_year_effect(1_200_000_000, date(2026, 10, 1), "2026-27")
    600000000
    """
    return sum(month_effects(full_year_effect, start, recurrent, year_in(year)) or [])


def flow_through(full_year_effect: int, part_year: int) -> int:
    """What is still to come: full-year effect less part-year effect.

    >>> flow_through(1_200_000_000, 600_000_000)
    600000000
    """
    return full_year_effect - part_year


def slipped(months: Sequence[int], slip: int) -> list[int]:
    """A year's plan begun some months late: the last months of it fall into the next year.

    >>> slipped([0, 5, 5, 5], 1)
    [0, 0, 5, 5]
    """
    assert slip >= 0, "a plan slips forward"
    return ([0] * slip + list(months))[: len(months)]


def stated_months(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> Mapping[int, int]:
    """Pence by month that rows of the scheme state; months of a coarser row share it evenly."""
    return _stated_months(amounts, scheme.id, year, basis)


@kept
def _stated_months(amounts: Amounts, scheme: str, year: str, basis: str) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for rows in series_of(amounts, scheme, year, basis):
        for months, amount in shares(rows, months_needed(year)):
            for month, pence in zip(months, instalments(amount, len(months)), strict=True):
                found[month] = found.get(month, 0) + pence
    return found


def months_alone(
    scheme: Scheme, year: str, basis: str, amounts: Amounts
) -> Mapping[int, int | None]:
    """Pence of each month that rows of the scheme speak of; None of one not told by itself.

    A quarter, a half, a year or a year to date says what came in its months together, never an
    even share of it in each.
    """
    return _months_alone(amounts, scheme.id, year, basis)


@kept
def _months_alone(amounts: Amounts, scheme: str, year: str, basis: str) -> Mapping[int, int | None]:
    found: dict[int, int | None] = {}
    for rows in series_of(amounts, scheme, year, basis):
        for month in sorted({one for row in rows for one in months_of(row.month or "")}):
            alone, before = fill_exactly(rows, frozenset((month,))), found.get(month, 0)
            found[month] = None if alone is None or before is None else before + alone.pence
    return found


def told_over(
    scheme: Scheme, year: str, basis: str, amounts: Amounts, months: frozenset[int]
) -> int | None:
    """Pence that rows of the scheme tell of some months together; None where one lies across."""
    alone = months_alone(scheme, year, basis, amounts)
    told = [alone.get(month, 0) for month in months]
    if None not in told:
        return sum(pence or 0 for pence in told)
    sums = [fill_exactly(rows, months) for rows in series_of(amounts, scheme.id, year, basis)]
    return None if None in sums else sum(one.pence for one in sums if one is not None)


MARKED: Final = ("recurrent", "non_recurrent")


def by_recurrence(scheme: Scheme, year: str, basis: str, amounts: Amounts) -> Mapping[str, int]:
    """Pence of a year that rows of the scheme state, by whether they repeat; `unknown` is unmarked.

    A row without a mark of its own has that of the scheme.
    """
    found: dict[str, int] = {}
    for rows in series_of(amounts, scheme.id, year, basis):
        mark = rows[0].recurrence or scheme.recurrence
        mark = mark if mark in MARKED else "unknown"
        found[mark] = found.get(mark, 0) + fill(rows, months_needed(year)).pence
    return found


def plan_over(scheme: Scheme, year: str, amounts: Amounts, months: frozenset[int]) -> int | None:
    """The plan of some months, in pence: by its own rows, else evenly from its start.

    None where it is told of the year alone, or of another part of it that lies across their end.
    """
    if stated_months(scheme, year, "plan", amounts):
        return told_over(scheme, year, "plan", amounts, months)
    plan = plan_months(scheme, year, amounts)
    return None if plan is None else sum(plan[month - 1] for month in months)


def plan_months(scheme: Scheme, year: str, amounts: Amounts) -> list[int] | None:
    """The plan by month, April first: its own rows, else evenly from its start; None without."""
    stated = stated_months(scheme, year, "plan", amounts)
    if stated:
        return [stated.get(month, 0) for month in range(1, 13)]
    recurrent = scheme.recurrence != "non_recurrent"
    return month_effects(scheme.full_year_effect or 0, scheme.start, recurrent, year_in(year))


@dataclass(frozen=True, slots=True)
class Course:
    """A scheme's year by month, in pence; None where nothing is known.

    `slip` is months late; `stated` says whether the forecast is the body's own or made from actuals
    to date and the plan moved by the slip.
    """

    plan: tuple[int, ...] | None
    actual: tuple[int | None, ...]
    forecast: tuple[int, ...] | None
    by_slippage: tuple[int, ...] | None
    slip: int
    stated: bool


def course(scheme: Scheme, year: str, amounts: Amounts, slip: int = 0) -> Course:
    """Plan, actual and forecast of a scheme in a year."""
    plan = plan_months(scheme, year, amounts)
    done = stated_months(scheme, year, "actual", amounts)
    own = stated_months(scheme, year, "forecast", amounts)
    actual = tuple(done.get(month) for month in range(1, 13))
    moved = None
    if plan is not None:
        late = moved_months(scheme, year, amounts, plan, slip)
        moved = tuple(late[m] if actual[m] is None else actual[m] or 0 for m in range(12))
    forecast = tuple(own.get(month, 0) for month in range(1, 13)) if own else moved
    return Course(None if plan is None else tuple(plan), actual, forecast, moved, slip, bool(own))


def moved_months(
    scheme: Scheme, year: str, amounts: Amounts, plan: Sequence[int], slip: int
) -> list[int]:
    """A year's plan moved by a slip: what the year before could not hold falls into this one."""
    if not slip:
        return list(plan)
    before: list[int] = []
    for back in range((slip + 11) // 12, 0, -1):
        before += plan_months(scheme, next_year(year_in(year), -back), amounts) or [0] * 12
    return (before + list(plan))[len(before) - slip :][:12]


def slippage(
    scheme: Scheme,
    day: date | None,
    delivering: bool,
    live_on: date | None,
    engaged: date | None,
    begun_late: int | None = None,
) -> int:
    """Whole months by which a scheme starts late, as far as the evidence of a day tells.

    `begun_late` is how many months after its plan the first actual saving came (the surest
    evidence), `live_on` when it went live, `engaged` the last day of its engagement. One that has
    not begun by the day cannot save before the month after.
    """
    start = scheme.start
    if start is None:
        return 0
    if begun_late is not None:
        return max(0, begun_late)
    if live_on is not None:
        return max(0, _months_between(start, live_on))
    first = first_full_month(start)
    expected = first
    if not delivering:
        if day is not None and day >= start:
            expected = max(expected, first_full_month(day + timedelta(days=1)))
        if engaged is not None and engaged >= start:
            expected = max(expected, first_full_month(engaged + timedelta(days=1)))
    return _months_between(first, expected)


def begun_late(plan: Sequence[int] | None, actual: Sequence[int | None]) -> int | None:
    """Months from the first planned saving to the first actual one; None before any.

    >>> begun_late([0, 5, 5, 5], [0, 0, 4, None]), begun_late([5, 5], [None, None])
    (1, None)
    """
    first = next((m for m, pence in enumerate(actual) if pence), None)
    due = next((m for m, pence in enumerate(plan or ()) if pence), None)
    return None if first is None or due is None else first - due


def expected_start(start: date, slip: int) -> date:
    """The start after a slip of whole months."""
    return add_months(first_full_month(start), slip) if slip else start


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def late_share(months: Sequence[int]) -> float | None:
    """The share of a plan that falls in months 7 to 12; None of a plan of nothing.

    >>> late_share([0] * 6 + [10] * 6), late_share([0] * 12)
    (1.0, None)
    """
    whole = sum(months)
    return sum(months[month - 1] for month in LATE_MONTHS) / whole if whole else None


def ask_multiple(target: int, done: Sequence[int | None]) -> float | None:
    """How many times faster than so far the rest of the year must save; None before any actual.

    (target - actual to date) / months left, over the average month so far.

    >>> ask_multiple(120, [5] * 6 + [None] * 6)
    3.0
    """
    told = [pence for pence in done if pence is not None]
    left = len(done) - len(told)
    if not told or not left or sum(told) <= 0:
        return None
    return ((target - sum(told)) / left) / (sum(told) / len(told))
