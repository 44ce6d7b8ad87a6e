"""Tables of shares and scores, against what can be worked out without them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from controltotal.outlook.calibration import Fitted, share_quantile
from controltotal.outlook.numbers import hash_draw, normal_quantile
from controltotal.outlook.shapes import normal_scores, pert_quantiles

NORMAL = NormalDist()


def test_a_mode_at_either_end_gives_a_share_that_a_root_tells() -> None:
    """With the mode at nil the share is the least of five even ones, at one the greatest.

    The share that a chance p stays under is then 1 - (1 - p)^(1/5), and p^(1/5).
    """
    table = pert_quantiles.__wrapped__()
    for place, score in ((0, -5.0), (120, -2.0), (200, 0.0), (240, 1.0), (320, 3.0)):
        chance = NORMAL.cdf(score)
        assert table[0, place] == pytest.approx(1 - (1 - chance) ** 0.2, abs=2e-6)
        assert table[64, place] == pytest.approx(chance**0.2, abs=2e-6)


def test_with_the_mode_in_the_middle_the_two_halves_are_alike() -> None:
    table = pert_quantiles.__wrapped__()
    assert table[32, 200] == pytest.approx(0.5, abs=1e-9)
    assert table[32] + table[32, ::-1] == pytest.approx(1.0, abs=1e-6)


def test_scores_of_cells_vary_by_one_and_stand_where_the_normal_has_them() -> None:
    scores = normal_scores.__wrapped__().astype(float)
    assert len(scores) == 2049
    before, after = scores[:-1], scores[1:]
    assert np.mean((before**2 + before * after + after**2) / 3) == pytest.approx(1, abs=1e-6)
    assert scores == pytest.approx(-scores[::-1])
    upper = NORMAL.inv_cdf(0.75)  # a quarter lies above it
    for share in (0.6, 0.9, 0.99, 2047 / 2048):
        ratio = scores[round(share * 2048)] / scores[1536]
        assert ratio == pytest.approx(NORMAL.inv_cdf(round(share * 2048) / 2048) / upper, rel=1e-6)


def test_the_outermost_cell_has_the_mean_of_what_lies_in_it() -> None:
    """Above a score z the mean of a normal score is its density at z over the chance of z."""
    scores = normal_scores.__wrapped__().astype(float)
    outer = NORMAL.inv_cdf(2047 / 2048)
    mean = math.exp(-outer * outer / 2) / math.sqrt(2 * math.pi) * 2048
    assert (scores[-1] + scores[-2]) / 2 / scores[-2] == pytest.approx(mean / outer, rel=1e-6)


def test_a_draw_is_the_splitmix64_of_its_publisher() -> None:
    """The first five outputs from the seed 1234567, as they are printed with the method."""
    outputs = [int(hash_draw(np.uint64(1234567), np.uint64(n))) for n in range(1, 6)]
    assert outputs == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@pytest.mark.parametrize("power", [0.3, 1, 2, 5, 10, 11, 50, 300])
def test_a_score_of_any_chance_is_right_to_thirteen_figures(power: float) -> None:
    """The library of statistics finds it another way."""
    from scipy.special import ndtri

    chance = 10.0**-power
    assert normal_quantile(chance) == pytest.approx(ndtri(chance), rel=1e-13)
    if power <= 2:
        assert normal_quantile(1 - chance) == pytest.approx(-ndtri(chance), rel=1e-13)


@pytest.mark.parametrize("low", [0.0, 0.4])
def test_the_share_that_a_scheme_stays_under_with_a_chance(low: float) -> None:
    """Three in four start; with the mode at the least, a share is 1 - (1 - p)^(1/5) of the way up."""
    rates = Fitted("in_progress", 40, 3, 0.75, low, low, low + 0.6, 0)
    assert share_quantile(rates, 0.25) == share_quantile(rates, 0.1) == 0.0
    for level in (0.3, 0.6, 0.95):
        inside = (level - 0.25) / 0.75
        expected = low + 0.6 * (1 - (1 - inside) ** 0.2)
        assert share_quantile(rates, level) == pytest.approx(expected, abs=2e-3)
    top = Fitted("in_progress", 40, 3, 0.75, low, low + 0.6, low + 0.6, 0)
    assert share_quantile(top, 0.625) == pytest.approx(low + 0.6 * 0.5**0.2, abs=2e-3)
    assert share_quantile(top, 1.0) == pytest.approx(low + 0.6, abs=2e-3)
    even = Fitted("in_progress", 40, 3, 0.75, 0.7, 0.7, 0.7, 0)
    assert share_quantile(even, 0.3) == 0.7
