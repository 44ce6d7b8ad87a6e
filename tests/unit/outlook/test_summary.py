"""From draws to figures: what their count leaves open, at the ends and in between."""

from __future__ import annotations

import math

import numpy as np
import pytest

from controltotal.outlook.drivers import in_words
from controltotal.outlook.summary import chance, mean, quantile, quantiles, shortfall

SCORE = 1.959963984540054


def test_a_mean_is_open_by_two_of_its_errors() -> None:
    """Half at 0 and half at 10: a deviation of 5, and of the mean of 100 draws a half."""
    found = mean(np.array([0, 10] * 50))
    assert found.value == 5
    assert (found.low, found.high) == (pytest.approx(5 - SCORE / 2), pytest.approx(5 + SCORE / 2))


@pytest.mark.parametrize(
    ("share", "value", "low", "high"),
    [
        (0.1, 10, 5, 16),  # 10 less and more 1.96 x 3
        (0.5, 50, 41, 60),  # 50 less and more 9.8
        (0.01, 1, 1, 3),
        (0.99, 99, 98, 100),
        (1.0, 100, 100, 100),
        (0.0, 1, 1, 1),
    ],
)
def test_a_quantile_is_a_draw_and_so_are_the_ends_of_its_range(
    share: float, value: int, low: int, high: int
) -> None:
    draws = np.random.default_rng(3).permutation(np.arange(1, 101))
    found = quantile(draws, share)
    assert (found.value, found.low, found.high) == (value, low, high)


def test_several_quantiles_are_those_of_each() -> None:
    draws = np.random.default_rng(4).permutation(np.arange(1, 1_001))
    shares = (0.9, 0.1, 0.5)
    assert quantiles(draws, shares) == tuple(quantile(draws, share) for share in shares)


@pytest.mark.parametrize(("hits", "count"), [(0, 100), (1, 100), (50, 100), (99, 100), (7, 9)])
def test_the_range_of_a_chance_is_where_it_would_be_two_deviations_off(
    hits: int, count: int
) -> None:
    """Wilson's ends are the chances p at which |share - p| is 1.96 deviations of p."""
    found = chance(hits, count)
    share = hits / count
    assert found.value == share
    for end in (found.low, found.high):
        if 1e-9 < end < 1 - 1e-9:
            off = abs(share - end) / math.sqrt(end * (1 - end) / count)
            assert off == pytest.approx(SCORE)
    assert found.low <= share + 1e-12 and share - 1e-12 <= found.high
    assert (found.low < 1e-9) is (hits == 0)
    assert (found.high > 1 - 1e-9) is (hits == count)


def test_draws_that_vary_never_show_that_a_thing_cannot_be() -> None:
    assert chance(0, 100, varies=True).value == pytest.approx(0.5 / 101)
    assert chance(100, 100, varies=True).value == pytest.approx(100.5 / 101)
    assert chance(1, 100, varies=True).value == 0.01
    assert chance(0, 100).value == 0


def test_a_shortfall_is_nil_where_the_total_is_met() -> None:
    assert shortfall(np.array([0, 5, 10, 20]), 10) == (10 + 5) / 4
    assert shortfall(np.array([10, 20]), 10) == 0


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "no chance in any draw"),
        (1.0, "certainty in every draw"),
        (0.009, "less than one chance in a hundred"),
        (0.01, "about 1% chance"),
        (0.991, "more than ninety-nine chances in a hundred"),
        (0.99, "about 99% chance"),
        (0.5, "one chance in two"),
        (0.334, "one chance in three"),
        (0.74, "three chances in four"),
        (0.6, "three chances in five"),
        (0.1, "one chance in ten"),
        (0.125, "one chance in ten"),
        (0.7, "seven chances in ten"),
        (0.55, "about 55% chance"),
        (0.05, "about 5% chance"),
    ],
)
def test_a_chance_as_people_say_it(share: float, words: str) -> None:
    assert in_words(share) == words
