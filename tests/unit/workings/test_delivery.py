"""The months of a scheme's saving: from its start, late, once only, by its own rows, and to its end."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from controltotal.workings.delivery import (
    Run,
    ahead,
    delay_weights,
    keeps_start,
    months_between,
    over_delays,
    run_of,
)
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, Cells, amount, position_of

LATER = "2027-28"


def even(start: int, *, recurrent: bool = True, until: int | None = None) -> Run:
    """12 a year, over two years."""
    return Run(start, 12, recurrent, (0, 0), None, until)


@pytest.mark.parametrize(
    ("run", "late", "live"),
    [
        (even(0), 0, range(24)),
        (even(9), 0, range(9, 24)),
        (even(9), 2, range(11, 24)),
        (even(-3), 0, range(24)),
        (even(3, recurrent=False), 0, range(3, 15)),
        (even(3, recurrent=False), 1, range(4, 16)),
        (even(-3, recurrent=False), 0, range(9)),
        (even(0, until=5), 0, range(5)),
        (even(0, until=0), 0, range(0)),
        (even(0, until=99), 0, range(24)),
    ],
)
def test_an_even_saving_of_twelve_is_one_in_each_month_that_it_runs(
    run: Run, late: int, live: range
) -> None:
    assert run.months(late) == [int(month in live) for month in range(24)]


def test_the_odd_pennies_of_a_year_come_in_the_same_months_after_the_start() -> None:
    found = Run(2, 14, True, (0, 0)).months()
    assert sum(found[2:14]) == 14 and found[14:24] == found[2:12]


def test_own_phasing_moves_as_a_whole_when_it_is_late() -> None:
    own = Run(0, 0, True, (0,), tuple(range(1, 13)))
    assert own.months() == list(range(1, 13))
    assert own.months(2) == [0, 0, *range(1, 11)]
    stopped = Run(0, 0, True, (0,), tuple(range(1, 13)), until=3)
    assert stopped.months() == [1, 2, 3] + [0] * 9


@pytest.mark.parametrize(
    ("start", "recurrent", "running", "late", "kept"),
    [
        (2, True, True, 0, True),
        (3, True, True, 0, False),  # not begun by the third month
        (2, True, True, 1, False),
        (2, True, False, 0, False),
        (-1, False, False, 0, True),  # a one-off begun before the year
        (0, False, False, 0, False),
        (-1, True, False, 0, False),
        (-1, False, False, 1, False),
    ],
)
def test_what_goes_on_from_its_own_start_once_three_months_are_recorded(
    start: int, recurrent: bool, running: bool, late: int, kept: bool
) -> None:
    assert keeps_start(even(start, recurrent=recurrent), 3, running, late) is kept


def test_what_is_recorded_brings_nothing_more() -> None:
    assert ahead([5, 6, 7], 0) == [5, 6, 7]
    assert ahead([5, 6, 7], 3) == [0, 0, 0]


def test_months_between_two_days() -> None:
    assert months_between(date(2026, 4, 1), date(2028, 3, 1)) == 23
    assert months_between(date(2027, 1, 1), date(2026, 4, 1)) == -9


@pytest.mark.parametrize("mean", [Fraction(1), Fraction(1, 2), Fraction(3), Fraction(2, 7)])
def test_delays_are_geometric_and_what_is_beyond_a_year_stands_at_a_year(mean: Fraction) -> None:
    """A further month comes with the chance mean / (1 + mean), each time anew."""
    weights, whole = delay_weights(mean)
    stay = mean / (1 + mean)
    chances = [Fraction(weight, whole) for weight in weights]
    assert chances == [(1 - stay) * stay**n for n in range(12)] + [stay**12]


def test_the_expectation_over_delays() -> None:
    """On time half of the time and else a month or more late: 400, else 200, else nothing."""
    assert over_delays(Fraction(1), 0, [400, 200, 0]) == 200 + 50
    assert over_delays(Fraction(1), 1, [400, 200, 0]) == 100
    assert over_delays(Fraction(1), 9, [400, 200, 8]) == 8
    assert over_delays(Fraction(0), 1, [400, 200, 8]) == 200
    assert over_delays(Fraction(0), 5, [400, 200, 8]) == 8


def placed(*rows: Cells, years: tuple[str, ...] = (YEAR,), **cells: str) -> Run | None:
    """The run of a scheme of 12 pounds a year."""
    scheme = {
        "id": "A",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "12",
        **cells,
    }
    workings = Workings(position_of(book(amount("T1", "position", 0), *rows, schemes=[scheme])))
    (row,) = workings.position.book.schemes
    return run_of(row, years, ("plan",) * len(years), workings.amounts)


def saves(pounds: int, month: str = "", year: str = YEAR) -> Cells:
    return amount("T1", "pay", pounds, scheme="A", recurrence="recurrent", month=month, year=year)


def test_a_scheme_with_a_start_and_no_rows_runs_evenly() -> None:
    found = placed(start="2026-10-15", years=(YEAR, LATER))
    assert found == Run(7, 1_200, True, (500, 1_200))  # the first full month is November
    assert placed(start="2026-04-01", recurrence="non_recurrent") == Run(0, 1_200, False, (1_200,))
    assert placed() is None


def test_rows_of_its_own_phase_a_scheme() -> None:
    found = placed(saves(3, "7"), saves(6, "Q4"), start="2026-10-01")
    assert found == Run(6, 1_200, True, (900,), (0,) * 6 + (300, 0, 0, 200, 200, 200))


def test_a_year_s_row_falls_in_the_months_since_the_start() -> None:
    found = placed(saves(6), start="2026-10-01")
    assert found is not None and found.own == (0,) * 6 + (100,) * 6
    no_start = placed(saves(6))
    assert no_start is not None and no_start.own == (50,) * 12


def test_the_year_after_its_own_rows_is_its_full_year() -> None:
    """With a start it runs on evenly; without one it goes on at its full-year effect, or ends."""
    rows = [saves(1, str(month)) for month in range(7, 13)]
    found = placed(*rows, start="2026-10-01", years=(YEAR, LATER))
    assert found is not None and found.own == (0,) * 6 + (100,) * 6 + (100,) * 12
    bare = placed(*rows, years=(YEAR, LATER))
    assert bare is not None and bare.start == 0
    assert bare is not None and (bare.planned, bare.own) == (
        (600, 1_200),
        (0,) * 6 + (100,) * 6 + (100,) * 12,
    )
    once = placed(*rows, years=(YEAR, LATER), recurrence="non_recurrent")
    assert once is not None and (once.planned, once.own) == (
        (600, 0),
        (0,) * 6 + (100,) * 6 + (0,) * 12,
    )


def test_rows_of_two_kinds_are_each_filled_for_themselves() -> None:
    """6 for the year that repeat and 3 in the last quarter that do not: the quarter takes nothing
    from the year."""
    once = amount("T1", "pay", 3, scheme="A", recurrence="non_recurrent", month="Q4")
    found = placed(saves(6), once)
    assert found is not None and found.own == (50,) * 9 + (150,) * 3
    bare = {**saves(6), "recurrence": ""}
    also = placed(bare, once)
    assert also is not None and also.own == (50,) * 9 + (150,) * 3
