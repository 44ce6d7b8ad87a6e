"""An eligible scheme as a candidate, by hand: £12 a year, so £1 for each month after its start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from controltotal.programme.effects import Effect
from controltotal.savings.portfolio.problem import Candidate
from controltotal.savings.portfolio.schemes import Prepared, Prospect, prepare
from controltotal.workings.delivery import Run
from controltotal.workings.terms import Terms

YEAR, NEXT = "2026-27", "2027-28"
ONE = Fraction(1)
SURE = Terms(ONE, ONE, ONE, ONE, Fraction(0))
OWN = Effect((("T1", ONE),), "own")
OCTOBER = Run(6, 1_200, True, (600,))
AUTUMN = (600, 500, 400, 300, 200, 100)
"""What a start in October, November … March brings by the end of March."""


def row(start: date | None = date(2026, 10, 1), **more: Any) -> SimpleNamespace:
    cells = {
        "id": "A",
        "organisation": "T1",
        "start": start,
        "recurrence": "recurrent",
        "full_year_effect": 1_200,
        "capacity_wte": None,
        "investment": None,
        "service": None,
        "groups": None,
        "places": None,
        "maturity": "fully_developed",
        "in_plan": None,
    }
    return SimpleNamespace(**{**cells, **more})


def prospect(**more: Any) -> Prospect:
    given: dict[str, Any] = {
        "row": row(),
        "run": OCTOBER,
        "terms": SURE,
        "effects": (OWN,),
        "earliest": date(2026, 10, 1),
        "running": False,
        "harm": 12,
    }
    return Prospect(**{**given, **more})


def made(
    *cuts: Fraction, years: tuple[str, ...] = (YEAR,), **more: Any
) -> tuple[Candidate, tuple[date, ...]]:
    found = prepare(prospect(**more), years, cuts)
    assert isinstance(found, Prepared)
    return found.candidate, found.dates


def saved(candidate: Candidate) -> dict[tuple[str, str], tuple[int, ...]]:
    return {(part.body, part.year): part.pence for part in candidate.savings}


def test_each_later_start_brings_a_month_less() -> None:
    one, dates = made()
    assert one.starts == (7, 8, 9, 10, 11, 12)
    assert dates == tuple(date(2026, m, 1) for m in (10, 11, 12)) + tuple(
        date(2027, m, 1) for m in (1, 2, 3)
    )
    assert saved(one) == {("T1", YEAR): AUTUMN}
    # to date: £1 stands from October at six month ends, from November at five …
    assert one.to_date == (2_100, 1_500, 1_000, 600, 300, 100)
    assert (one.whole, one.full_year, one.harm) == (6, 1_200, 12)


def test_over_two_years_each_year_is_its_own_sum() -> None:
    one, _ = made(years=(YEAR, NEXT), run=Run(6, 1_200, True, (600, 1_200)), effects=(OWN, OWN))
    assert one.starts == tuple(range(7, 25))
    assert saved(one)["T1", YEAR] == (*AUTUMN, *(0,) * 12)
    assert saved(one)["T1", NEXT] == (*(1_200,) * 7, *range(1_100, 0, -100))
    assert one.to_date[0] == 100 * sum(range(1, 19))  # October stands at 18 month ends


def test_what_is_expected_is_chance_times_share_of_it() -> None:
    terms = Terms(Fraction(1, 2), Fraction(4, 10), Fraction(8, 10), ONE, Fraction(0))
    # mean share: (0.4 + 4 x 0.8 + 1) / 6 = 23/30; times a half 23/60
    one, _ = made(terms=terms)
    assert saved(one)["T1", YEAR] == (230, 192, 153, 115, 77, 38)
    assert one.to_date[0] == 805
    assert one.full_year == 460


def test_a_delay_of_a_month_on_average_is_none_a_half_of_the_time() -> None:
    """600/2 + 500/4 + 400/8 + 300/16 + 200/32 + 100/64 = 501.56; in March a half of 100."""
    late = replace(SURE, delay_months=ONE)
    one, _ = made(terms=late)
    assert saved(one)["T1", YEAR][0] == 502
    assert saved(one)["T1", YEAR][-1] == 50
    # 2100/2 + 1500/4 + 1000/8 + 600/16 + 300/32 + 100/64
    assert one.to_date[0] == 1_598
    january = made(
        terms=late,
        run=Run(-3, 1_200, True, (1_200,)),
        row=row(date(2026, 1, 1)),
        earliest=date(2026, 1, 1),
    )[0]
    assert saved(january)["T1", YEAR][-1] == 50


def test_one_from_before_the_year_is_whole_and_each_later_start_brings_a_month_less() -> None:
    january = date(2026, 1, 1)
    one, dates = made(run=Run(-3, 1_200, True, (1_200,)), row=row(january), earliest=january)
    assert one.starts == (-2, *range(1, 13))
    assert saved(one)["T1", YEAR] == (1_200, *range(1_200, 0, -100))
    assert dates[:2] == (january, date(2026, 4, 1))


def test_a_start_within_a_month_is_shown_by_its_day_unless_something_holds_it_back() -> None:
    middle = date(2026, 1, 15)
    run = Run(-2, 1_200, True, (1_200,))
    one, dates = made(run=run, row=row(middle), earliest=date(2026, 2, 1))
    assert (one.starts[0], dates[0]) == (-1, middle)
    one, dates = made(run=run, row=row(middle), earliest=date(2026, 3, 1))
    assert (one.starts[0], dates[0]) == (0, date(2026, 3, 1))


def test_a_one_off_from_before_the_year_brings_the_rest_of_its_twelve_months() -> None:
    january = date(2026, 1, 1)
    cells = row(january, recurrence="non_recurrent")
    one, dates = made(run=Run(-3, 1_200, False, (900,)), row=cells, earliest=january)
    assert (one.starts, dates, one.recurrent) == ((-2,), (january,), False)
    assert saved(one)["T1", YEAR] == (900,)


@pytest.mark.parametrize("more", [{"running": True}, {"row": row(date(2026, 4, 1))}])
def test_one_that_begins_in_the_first_month_may_come_later(more: dict[str, Any]) -> None:
    """Only one from before the year keeps its own start, whether it runs or does not repeat."""
    april = date(2026, 4, 1)
    cells = row(april, recurrence="non_recurrent" if "row" in more else "recurrent")
    one, _ = made(
        run=Run(0, 1_200, "row" not in more, (1_200,)),
        earliest=april,
        **{**more, "row": cells},
    )
    assert one.starts == tuple(range(1, 13))


@pytest.mark.parametrize(
    ("month", "running", "starts", "brings"),
    [
        (5, False, (7, 8, 9, 10, 11, 12), AUTUMN),
        (8, False, (9, 10, 11, 12), (400, 300, 200, 100)),
        (8, True, (7,), (400,)),  # it goes on, and eight months are recorded
        (6, True, (7, 8, 9, 10, 11, 12), AUTUMN),  # it has not begun yet
        (7, True, (7,), (500,)),
        (11, False, (12,), (100,)),
    ],
)
def test_months_that_are_recorded_bring_nothing_more(
    month: int, running: bool, starts: tuple[int, ...], brings: tuple[int, ...]
) -> None:
    one, _ = made(month=month, running=running)
    assert (one.starts, saved(one)["T1", YEAR]) == (starts, brings)


def test_one_that_goes_on_brings_what_its_own_months_hold_however_late_they_are() -> None:
    """Of the four months left a delay takes the last ones: 400/2 + 300/4 + 200/8 + 100/16."""
    one, _ = made(month=8, running=True, terms=replace(SURE, delay_months=ONE))
    assert saved(one)["T1", YEAR] == (306,)


@pytest.mark.parametrize(("month", "starts"), [(5, tuple(range(6, 13))), (6, (6,))])
def test_one_held_back_has_begun_once_the_month_it_was_held_until_is_recorded(
    month: int, starts: tuple[int, ...]
) -> None:
    """It was to run from June and is held until September."""
    june = Run(2, 1_200, True, (1_000,))
    held = {"row": row(date(2026, 6, 1)), "earliest": date(2026, 9, 1), "running": True}
    assert made(run=june, month=month, **held)[0].starts == starts


def test_one_that_cannot_start_in_the_years_says_when_it_could() -> None:
    said = "its earliest start, {}, is after the years asked about"
    assert prepare(prospect(earliest=date(2027, 9, 1)), (YEAR,)) == said.format("2027-09-01")
    assert prepare(prospect(month=12), (YEAR,)) == said.format("2027-04-01")


@pytest.mark.parametrize(
    ("effect", "saving"),
    [
        (Effect((("C", ONE), ("P", Fraction(-13, 20))), "effects"), {"C": 600, "P": -390}),
        (Effect((("C", Fraction(1, 2)),), "effects"), {"C": 300}),
        (Effect((("H1", Fraction(1, 4)), ("H2", Fraction(3, 4))), "own"), {"H1": 150, "H2": 450}),
        (Effect((("H", ONE),), "own"), {"H": 600}),
    ],
)
def test_a_saving_falls_on_whom_its_effect_names(effect: Effect, saving: dict[str, int]) -> None:
    one, _ = made(effects=(effect,))
    assert {part.body: part.pence[0] for part in one.savings} == saving
    assert one.to_date[0] == 2_100 * sum(saving.values()) // 600


def test_what_an_opportunity_holds_and_what_others_leave_are_parts_of_the_scheme() -> None:
    one, dates = made(Fraction(1, 2), Fraction(1, 4), held=Fraction(2, 3))
    assert one.starts == (7, 8, 9, 10, 11, 12, 7, 7)
    assert dates[6:] == (date(2026, 10, 1),) * 2
    assert one.whole == 6 and one.full_year == 800
    assert saved(one)["T1", YEAR] == (400, 333, 267, 200, 133, 67, 200, 100)
    assert (one.to_date[0], one.to_date[6], one.to_date[7]) == (1_400, 700, 350)


def test_one_that_a_condition_stops_is_worth_nothing_a_year() -> None:
    one, _ = made(run=replace(OCTOBER, until=8))
    assert (one.full_year, saved(one)["T1", YEAR][:3]) == (0, (200, 100, 0))


def test_what_a_scheme_needs_comes_from_its_row() -> None:
    bare, _ = made()
    assert (bare.code, bare.organisation, bare.recurrent) == ("A", "T1", True)
    assert (bare.wte_thousandths, bare.investment) == (0, 0)
    assert bare.groups == bare.places == frozenset()
    cells = row(
        capacity_wte=1.5,
        investment=7_000,
        service="Surgery",
        groups=("Older", "Frail"),
        places=("North",),
        in_plan=True,
    )
    full, _ = made(row=cells)
    assert (full.wte_thousandths, full.investment, full.in_plan) == (1_500, 7_000, True)
    assert full.groups == {"Surgery", "Older", "Frail"} and full.places == {"North"}
    assert not made(row=row(in_plan=False))[0].in_plan and bare.in_plan
