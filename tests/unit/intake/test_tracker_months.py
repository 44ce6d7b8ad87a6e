"""Months of trackers that hold those before them, reports of one month, and sums that stand in a year."""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.intake.model import Asked, Measure, Value
from tests.intake_seen import Heading, month
from tests.unit.intake.test_trackers import CLAIMS, LABELS, PLAN, codes, money, read

RUN: Sequence[Value] = [float(n) for n in range(1, 13)]


def rows(*money_: Sequence[Value]) -> list[list[Value]]:
    return [[f"S{n}", f"Scheme {n}", "", "R", "", "", 12, *m] for n, m in enumerate(money_)]


def dates(basis: str = "plan") -> list[Heading]:
    return [(f"M{n} YTD", "money", Measure(basis, "to_date", n)) for n in range(1, 13)]


def test_years_to_date_of_every_month_are_months() -> None:
    found = read([*LABELS, *dates()], rows(RUN))
    assert not codes(found)
    assert set(money(found).values()) == {"1"} and len(money(found)) == 12


def test_a_month_that_says_nothing_passes_on_what_was_before() -> None:
    gap: list[Value] = [1.0, None, 3.0, *RUN[3:]]
    found = read([*LABELS, *dates()], rows(gap))
    assert money(found)["S0", "3"] == "2"


def test_months_whose_last_is_the_full_year_effect_are_asked() -> None:
    headings = [*LABELS, *PLAN]
    assert codes(read(headings, rows(RUN, RUN))) == ["IMPORT_CUMULATIVE"]
    single = read(headings, rows(RUN, RUN), asked=Asked(months="single"))
    assert codes(single) == ["IMPORT_EFFECT"] and money(single)["S0", "12"] == "12"
    alone = read(headings, rows(RUN, RUN), asked=Asked(months="cumulative"))
    assert not codes(alone) and money(alone)["S0", "12"] == "1"


def test_a_report_of_one_month_is_left_for_the_year_beside_it() -> None:
    headings: list[Heading] = [
        *LABELS,
        ("M6 plan", "money", month(6)),
        ("M6 actual", "money", Measure("actual", "month", 6)),
        ("YTD actual", "money", Measure("actual", "to_date", 6)),
        ("Full year plan", "money", Measure("plan", "year")),
    ]
    found = read(headings, rows([1, 1, 5, 12]))
    assert not codes(found)
    assert money(found) == {("S0", ""): "12"}
    assert money(found, "actual") == {("S0", "YTD6"): "5"}


def to_date(month_: int, plan: Value) -> list[tuple[str, str]]:
    """What becomes of a plan to date of a month beside a plan of 12 for the year."""
    headings: list[Heading] = [
        *LABELS,
        ("YTD plan", "money", Measure("plan", "to_date", month_)),
        ("YTD actual", "money", Measure("actual", "to_date", month_)),
        ("Full year plan", "money", Measure("plan", "year")),
    ]
    found = read(headings, rows([plan, 5, 12]))
    assert not codes(found)
    assert any(left.reason.startswith("a plan to month") for left in found.left) == (month_ == 7)
    return sorted((period, pence) for (_, period), pence in money(found).items())


def test_a_plan_to_date_is_held_where_the_book_has_a_period_for_it_or_for_the_rest() -> None:
    assert to_date(1, 4) == [("", "12"), ("1", "4")]
    assert to_date(3, 4) == [("", "12"), ("Q1", "4")]
    assert to_date(6, 4) == [("", "12"), ("H1", "4")]
    assert to_date(9, 4) == [("", "12"), ("Q4", "8")]
    assert to_date(11, 4) == [("", "12"), ("12", "8")]
    assert to_date(6, None) == [("", "12")]


def test_a_plan_to_another_month_is_left_out_and_told() -> None:
    assert to_date(7, 4) == [("", "12")]


def test_actuals_that_do_not_say_how_far_they_reach_are_asked() -> None:
    headings: list[Heading] = [*LABELS, ("Actual", "money", Measure("actual"))]
    claims = {**CLAIMS, "month": "6"}
    assert codes(read(headings, rows([60]), claims)) == ["IMPORT_MONTH"]
    said = read(headings, rows([60]), claims, Asked(month="YTD6"))
    assert money(said, "actual") == {("S0", "YTD6"): "60"}
