"""Conditions of an approval in pounds: what they move and what they stop, in every verb alike.

S1 saves £1.2m a year from 1 June 2026, £0.1m a month: £1.0m in 2026/27. S0 saves £0.6m. Without any
scheme the trust stands at (£1.0m) - £1.6m = (£2.6m).
"""

from __future__ import annotations

import pytest

import controltotal
from controltotal.workings.workings import Workings
from tests.strategies import position_of
from tests.unsafe_books import LATER, Book, honest

YEAR = "2026-27"


def k(thousands: int) -> int:
    return thousands * 100_000


def conditional(*, day: str = "2026-09-10", **cells: str) -> Workings:
    """The honest book with one condition of S1, read on a day."""
    made: Book = honest()
    row = {"scheme": "S1", "gate": "G3", "text": "Rota agreed", "due": "2026-07-20"}
    made["conditions"] = [row | cells]
    made["gates"].append({**LATER, "on": day, "by": "Somebody else"})
    return Workings(position_of(made))


def agreed(workings: Workings, s1: int) -> None:
    """Every verb counts so much of S1 in the year, in thousands of pounds."""
    position = controltotal.position(workings)
    assert position.value(f"savings_plan/PRV/{YEAR}/plan") == k(600 + s1)
    portfolio = controltotal.portfolio(workings)
    assert portfolio.value(f"portfolio_saving/PRV/{YEAR}/plan") == k(600 + s1)
    risk = controltotal.risk(workings, draws=20, threads=1)
    assert risk.value(f"outturn_mean/PRV/{YEAR}/forecast") == k(-2600 + 600 + s1)


@pytest.mark.parametrize(
    ("met_on", "s1"),
    [
        ("2026-05-20", 1000),
        ("2026-06-01", 1000),
        ("2026-06-02", 900),
        ("2026-07-31", 800),
        ("2026-08-15", 700),
    ],
)
def test_a_scheme_counts_from_the_day_on_which_its_condition_was_met(met_on: str, s1: int) -> None:
    """Met within a month, it counts from the next."""
    agreed(conditional(kind="before_start", met_on=met_on), s1)


def test_the_last_of_several_conditions_decides() -> None:
    made = honest()
    made["conditions"] = [
        {"scheme": "S1", "gate": "G3", "text": text, "kind": "before_start", "due": "2026-07-01"}
        | {"met_on": day}
        for text, day in (("Rota agreed", "2026-08-15"), ("Stop rule agreed", "2026-05-01"))
    ]
    agreed(Workings(position_of(made)), 700)


@pytest.mark.parametrize(
    ("due", "s1"),
    [("2026-06-01", 100), ("2026-07-20", 200), ("2026-08-31", 300), ("2026-09-09", 400)],
)
def test_an_overdue_condition_of_its_running_stops_the_months_after_it(due: str, s1: int) -> None:
    agreed(conditional(kind="while_running", due=due), s1)


@pytest.mark.parametrize("cells", [{"due": "2026-09-10"}, {"met_on": "2026-09-01"}])
def test_one_that_is_not_overdue_stops_nothing(cells: dict[str, str]) -> None:
    agreed(conditional(kind="while_running", **cells), 1000)


def test_months_of_its_own_come_later_by_as_many_months() -> None:
    """£0.1m a month from June, phased by rows: met in August, they begin in September."""
    made = honest()
    made["conditions"] = [
        {"scheme": "S1", "gate": "G3", "text": "Rota agreed", "kind": "before_start"}
        | {"due": "2026-07-20", "met_on": "2026-08-15"}
    ]
    made["amounts"] += [
        {"organisation": "PRV", "line": "pay", "year": "2026/27", "basis": "plan", "scheme": "S1"}
        | {"month": str(month), "amount": "100"}
        for month in range(3, 13)
    ]
    agreed(Workings(position_of(made)), 700)


def test_what_was_saved_before_a_condition_was_met_does_not_count() -> None:
    """£0.1m a month is recorded from June to September; only September's counts."""
    made = honest()
    made["conditions"] = [
        {"scheme": "S1", "gate": "G3", "text": "Rota agreed", "kind": "before_start"}
        | {"due": "2026-07-20", "met_on": "2026-08-15"}
    ]
    made["amounts"] += [
        {"organisation": "PRV", "line": "pay", "year": "2026/27", "basis": "actual", "scheme": "S1"}
        | {"month": str(month), "amount": "100"}
        for month in range(3, 7)
    ]
    savings = Workings(position_of(made)).savings
    assert savings.in_year(savings.by_id["S1"].row, YEAR, "actual") == k(100)


def test_a_delay_is_expected_within_the_months_that_are_left() -> None:
    """Two months left, June and July; a mean delay of one month brings 1/2 x 200 + 1/4 x 100."""
    made = honest()
    made["conditions"] = [
        {"scheme": "S1", "gate": "G3", "text": "Rota agreed", "kind": "while_running"}
        | {"due": "2026-07-20"}
    ]
    made["schemes"][0]["delay_months"] = "1"
    made["gates"].append({**LATER, "on": "2026-09-10", "by": "Somebody else"})
    workings = Workings(position_of(made))
    portfolio = controltotal.portfolio(workings)
    assert portfolio.value(f"portfolio_saving/PRV/{YEAR}/plan") == k(600 + 125)
    risk = controltotal.risk(workings, draws=20, threads=1)
    assert risk.value(f"outturn_mean/PRV/{YEAR}/forecast") == k(-2600 + 600 + 125)
