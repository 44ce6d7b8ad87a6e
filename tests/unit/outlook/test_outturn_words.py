"""The words of a forecast: its range, how past ranges held, and how far the book's own is away."""

from __future__ import annotations

import pytest

from controltotal.core.figure import Figure
from controltotal.outlook.backtest import Test
from controltotal.outlook.outturn_words import _range, _step


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
