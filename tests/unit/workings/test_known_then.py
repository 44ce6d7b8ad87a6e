"""The forecasts that were known by an earlier day: of each row the latest that had been told by then."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.workings.known_then import forecasts_known_by
from tests.small_books import TREE, book
from tests.strategies import Cells, amount, position_of

PLAN = amount("T1", "position", -1)


def forecast(pounds: int, known: str = "", code: str = "T1", **more: str) -> Cells:
    dated = {"known_on": known} if known else {}
    return amount(code, "position", pounds, basis="forecast", **dated, **more)


def known_by(day: str, *rows: Cells, **tables: list[Cells]) -> list[tuple[str, str, int]] | None:
    """Body, basis and pounds of what the reading of a day holds."""
    position = position_of(book(PLAN, *rows, tree=TREE, **tables))
    found = forecasts_known_by(position, date.fromisoformat(day))
    if found is None:
        return None
    return [(row.organisation, row.basis, row.amount // 100) for row in found.book.amounts]


JUNE, SEPTEMBER = forecast(-5, "2026-06-15"), forecast(-9, "2026-09-15")
FIRST = ("T1", "plan", -1)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-06-14", []),
        ("2026-06-15", [-5]),
        ("2026-09-14", [-5]),
        ("2026-09-15", [-9]),
        ("2027-03-31", [-9]),
    ],
)
def test_the_latest_that_was_known_by_the_day_stands(day: str, told: list[int]) -> None:
    expected = [FIRST, *(("T1", "forecast", pounds) for pounds in told)]
    assert known_by(day, JUNE, SEPTEMBER) == expected
    assert known_by(day, SEPTEMBER, JUNE) == expected


def test_a_forecast_without_any_date_is_left_out_and_where_none_has_one_nothing_is_known() -> None:
    assert known_by("2027-03-31", forecast(-5)) is None
    assert known_by("2027-03-31", JUNE, forecast(-7, code="T2")) == [FIRST, ("T1", "forecast", -5)]


def test_rows_of_other_months_and_scenarios_give_way_to_none() -> None:
    low = forecast(-20, "2026-05-01", scenario="low")
    assert known_by("2026-06-30", JUNE, low) == [
        FIRST,
        ("T1", "forecast", -5),
        ("T1", "forecast", -20),
    ]


@pytest.mark.parametrize(
    ("setting", "known"),
    [
        (("signs", "plain"), True),
        (("signs", "costs_negative"), False),
        (("months", "cumulative"), False),
    ],
)
def test_where_rows_were_typed_in_another_form_those_that_gave_way_cannot_be_read(
    setting: tuple[str, str], known: bool
) -> None:
    key, value = setting
    settings = [{"key": "default_unit", "value": "£"}, {"key": key, "value": value}]
    told = known_by("2026-07-01", JUNE, SEPTEMBER, book=settings)
    assert told == ([FIRST, ("T1", "forecast", -5)] if known else None)


def test_a_plan_that_gave_way_does_not_come_back() -> None:
    """Only forecasts are those of a day: the plan is the one that stands."""
    plans = [
        amount("T2", "position", -2, known_on="2026-05-01"),
        amount("T2", "position", -3, known_on="2026-06-01"),
    ]
    assert known_by("2026-06-30", JUNE, *plans) == [
        FIRST,
        ("T2", "plan", -3),
        ("T1", "forecast", -5),
    ]
    assert known_by("2026-06-30", *plans) is None  # no forecast has a day
