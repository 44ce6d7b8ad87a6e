"""Reconciliation: it adds up, leaves a coherent set alone, and is the weighted least squares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.outlook.reconcile import bottom_up, min_trace

ABOVE = {"A": ("A", "Q1", "ENG"), "B": ("B", "Q1", "ENG"), "C": ("C", "Q2", "ENG")}
NODES = ("A", "B", "C", "Q1", "Q2", "ENG")
money = st.floats(-1e6, 1e6)


@given(st.tuples(money, money, money), st.lists(st.floats(0.01, 100), min_size=6, max_size=6))
def test_what_adds_up_already_is_left_alone(
    leaves: tuple[float, float, float], spread: list[float]
) -> None:
    told = dict(zip("ABC", leaves, strict=True))
    found = min_trace(bottom_up(told, ABOVE), dict(zip(NODES, spread, strict=True)), ABOVE)
    assert found == pytest.approx(told, abs=1e-3)


@given(
    st.lists(money, min_size=6, max_size=6), st.lists(st.floats(0.1, 10), min_size=6, max_size=6)
)
def test_no_other_leaves_fit_better(values: list[float], spread: list[float]) -> None:
    told, variances = dict(zip(NODES, values, strict=True)), dict(zip(NODES, spread, strict=True))

    def misfit(leaves: dict[str, float]) -> float:
        nodes = bottom_up(leaves, ABOVE)
        return sum((nodes[n] - told[n]) ** 2 / variances[n] for n in NODES)

    found = min_trace(told, variances, ABOVE)
    best = misfit(found)
    for leaf in "ABC":
        for step in (-10.0, 10.0):
            assert best <= misfit(found | {leaf: found[leaf] + step}) + 1e-6 * (1 + best)


def test_the_surer_forecast_moves_less() -> None:
    above = {"A": ("A", "Q"), "B": ("B", "Q")}
    found = min_trace({"A": 0.0, "B": 0.0, "Q": 10.0}, {"A": 1.0, "B": 4.0, "Q": 0.0}, above)
    assert found["A"] == pytest.approx(2.0) and found["B"] == pytest.approx(8.0)
