"""The months in which a scheme of a portfolio may start, and their dates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from controltotal.savings.portfolio.schemes import _starts

YEARS = ("2026-27",)
APRIL = date(2026, 4, 1)


def starts(
    start: date | None,
    month: int = 0,
    running: bool = False,
    years: tuple[str, ...] = YEARS,
    **more: Any,
) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Of a scheme that may start on a day, after so many months recorded."""
    row = SimpleNamespace(start=start, recurrence=more.get("recurrence", "recurrent"))
    run = SimpleNamespace(start=more.get("begun", 0), ends=None)
    earliest = None if start is None else start.replace(day=1)
    prospect = SimpleNamespace(row=row, earliest=earliest, month=month, running=running, run=run)
    return _starts(prospect, years)  # type: ignore[arg-type]


def test_a_scheme_may_start_in_its_month_or_any_later_one() -> None:
    months, dates = starts(date(2026, 10, 1))
    assert months == (7, 8, 9, 10, 11, 12)
    assert dates[0] == date(2026, 10, 1) and dates[-1] == date(2027, 3, 1)
    months, dates = starts(date(2027, 3, 1))
    assert (months, dates) == ((12,), (date(2027, 3, 1),))
    assert starts(None)[0] == tuple(range(1, 13))
    assert starts(date(2026, 10, 1), years=("2026-27", "2027-28"))[0] == tuple(range(7, 25))


def test_one_that_begins_after_the_years_cannot_start_and_says_when_it_could() -> None:
    assert starts(date(2027, 4, 1)) == ((), (date(2027, 4, 1),))
    assert starts(date(2027, 9, 1)) == ((), (date(2027, 9, 1),))


def test_one_from_before_the_years_may_keep_its_start_or_come_later() -> None:
    months, dates = starts(date(2026, 1, 1))
    assert months == (-2, *range(1, 13))
    assert dates[:2] == (date(2026, 1, 1), APRIL)
    months, dates = starts(date(2026, 1, 1), running=True)
    assert (months, dates) == ((-2,), (date(2026, 1, 1),))
    months, dates = starts(date(2026, 1, 1), recurrence="non_recurrent")
    assert (months, dates) == ((-2,), (date(2026, 1, 1),))
