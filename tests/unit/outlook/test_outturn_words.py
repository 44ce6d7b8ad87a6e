"""The words of a forecast: its range, how past ranges held, and how far the book's own is away."""

from __future__ import annotations

import pytest

from controltotal import verbs
from controltotal.core.figure import Figure
from controltotal.outlook.backtest import Test
from controltotal.outlook.outturn_words import _range, _step
from tests.small_books import book
from tests.strategies import Cells, amount, position_of


def model(low: int | None, high: int | None) -> Figure:
    return Figure("outturn/T1/2026-27/forecast/run_rate", 0, "pence", "ok", low, high)


@pytest.mark.parametrize(
    ("low", "high", "coverage", "said"),
    [
        (
            -200_000_000,
            100_000_000,
            None,
            ", between a deficit of £2.0 million and a surplus of £1.0 million",
        ),
        (
            -200_000_000,
            100_000_000,
            0.75,
            ", between a deficit of £2.0 million and a surplus of £1.0 million (four chances in "
            "five; such ranges held 75% of 8 past cases)",
        ),
        (None, 100, 0.75, ""),
        (100, None, 0.75, ""),
    ],
)
def test_a_range_is_said_where_past_errors_support_one(
    low: int | None, high: int | None, coverage: float | None, said: str
) -> None:
    record = Test("run_rate", 8, 2, 0.1, -0.2, 0.2, coverage)
    assert _range(model(low, high), record) == said
    assert _range(model(low, high), None) == ""


def test_the_step_to_the_forecast_in_the_book() -> None:
    assert _step(0) == ", as the forecast in the book does"
    assert "£1.0 million better, which the months left must bring" in _step(100_000_000)
    assert "£1.0 million worse, which the months left must lose" in _step(-100_000_000)


def said(*rows: Cells, method: str = "straight_line", **tables: list[Cells]) -> list[str]:
    """What is said of First; three months of (2), in millions, are recorded."""
    months = [million(-2, "actual", month=str(month)) for month in (1, 2, 3)]
    result = verbs.forecast(position_of(book(*months, *rows, **tables)))
    return [text for text in result.words if text.startswith("First")]


def million(pounds: int, basis: str, **more: str) -> Cells:
    return amount("T1", "position", pounds * 1_000_000, basis=basis, **more)


def test_a_forecast_is_said_with_its_range_where_nothing_else_tells_one() -> None:
    """(30) between (34) and (20), of which a risk run would tell another range."""
    scenarios = (
        million(-34, "forecast", scenario="low"),
        million(-20, "forecast", scenario="high"),
    )
    ahead = million(-30, "forecast")
    told = "First, 2026/27: the forecast in the book is a deficit of £30.0 million"
    both = f"{told} (range a deficit of £34.0 million to a deficit of £20.0 million)."
    assert said(ahead, *scenarios)[0] == both
    assert said(ahead)[0] == f"{told}."
    assert said(ahead, million(-30, "forecast", scenario="low"))[0] == f"{told}."  # no range
    risk = {"id": "R", "organisation": "T1", "title": "Winter", "kind": "risk", "gross": "1"}
    assert said(ahead, *scenarios, risks=[{**risk, "chance": "0.5"}])[0] == f"{told}."


def test_a_scenario_that_breaks_even_is_said_to() -> None:
    ends = (million(-30, "forecast"), million(0, "forecast", scenario="high"))
    assert said(*ends)[0].endswith("(range a deficit of £30.0 million to break-even).")


def test_the_method_is_said_beside_the_forecast_or_alone() -> None:
    """Three months of (2) of a plan of (2) a month make (24): the forecast of (30) is 6 worse."""
    plan = [million(-2, "plan", month=str(month)) for month in range(1, 13)]
    assert said(million(-30, "forecast"), *plan)[1].startswith(
        "First, 2026/27: plan plus variance gives a deficit of £24.0 million; the forecast in the "
        "book is £6.0 million worse"
    )
    assert said(*plan) == ["First, 2026/27: plan plus variance gives a deficit of £24.0 million."]
    assert said() == []  # without a plan by month
