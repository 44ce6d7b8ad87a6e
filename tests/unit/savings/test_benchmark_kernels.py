"""The statistics of benchmark gaps, each against figures worked by hand or published."""

from __future__ import annotations

import math

import numpy as np
import pytest

from controltotal.savings.opportunity.benchmark_rules import (
    RULES,
    benchmark,
    comparator_weights,
    rank_weights,
)
from controltotal.savings.opportunity.cashability import Cashability, cash, realised
from controltotal.savings.opportunity.discovery import adjusted_chances, benjamini_hochberg
from controltotal.savings.opportunity.expected import (
    PHI_0,
    chance_real,
    expected_opportunity,
)
from controltotal.savings.opportunity.funnel import extra_variance, funnel, winsorise
from controltotal.savings.opportunity.noise import moderate, period_noise
from controltotal.savings.opportunity.provision import under_provision
from controltotal.savings.opportunity.quality import bad_returns, robust_z, small_numbers
from controltotal.savings.opportunity.shrinkage import shrink

# The six groups of FunnelPlotR's own tests (observed and expected).
OBSERVED = np.array([100.0, 150, 180, 80, 120, 225])
EXPECTED = np.array([108.0, 112, 165, 95, 100, 220])


def test_funnel_of_ratios_worked_by_hand() -> None:
    found = funnel(OBSERVED, EXPECTED, overdispersion=False)
    # ln(100/108) x sqrt(108) = -0.07696 x 10.3923 = -0.7998; exp(1.96/sqrt(108)) = 1.2076
    assert found.z[0] == pytest.approx(-0.7998, abs=1e-4)
    assert found.high_95[0] == pytest.approx(1.2076, abs=1e-4)
    assert found.low_95[0] == pytest.approx(1 / 1.2076, abs=1e-4)
    # ln(150/112) x sqrt(112) = 0.29214 x 10.5830 = 3.0917: between the 95% limit and beyond 99.8%
    assert found.z[1] == pytest.approx(3.0917, abs=1e-4)
    assert found.zone.tolist() == [0, 2, 0, 0, 0, 0]


def test_overdispersion_follows_the_published_steps() -> None:
    """Winsorise at 10% a tail, phi = sum z^2 / N, DerSimonian and Laird: in plain arithmetic."""
    z = sorted(math.log(o / e) * math.sqrt(e) for o, e in zip(OBSERVED, EXPECTED, strict=True))
    low, high = 0.5 * z[0] + 0.5 * z[1], 0.5 * z[4] + 0.5 * z[5]  # 6 values: 10% lies halfway
    drawn = [min(max(one, low), high) for one in z]
    phi = sum(one**2 for one in drawn) / 6
    weights = [float(e) for e in EXPECTED]  # 1/s^2 = E
    tau2 = max(0.0, (6 * phi - 5) / (sum(weights) - sum(w * w for w in weights) / sum(weights)))
    found = funnel(OBSERVED, EXPECTED)
    assert found.dispersion == pytest.approx(phi)
    assert found.tau2 == pytest.approx(tau2) and tau2 > 0
    assert found.z[1] == pytest.approx(math.log(150 / 112) / math.sqrt(1 / 112 + tau2))
    assert abs(found.z[1]) < 3.0917  # wider limits: less stands out
    plain = funnel(OBSERVED, EXPECTED, overdispersion=False)
    assert (found.high_95 > plain.high_95).all() and (found.low_95 < plain.low_95).all()


def test_proportions_and_ratios_of_counts() -> None:
    found = funnel(
        np.array([10.0, 30.0]), np.array([100.0, 100.0]), kind="proportion", overdispersion=False
    )
    assert found.target == pytest.approx(0.2)
    # (asin sqrt .1 - asin sqrt .2) / (1/20) = (0.32175 - 0.46365) x 20 = -2.838
    assert found.z[0] == pytest.approx(-2.838, abs=1e-3)
    assert found.zone.tolist() == [-1, 1]
    counts = funnel(
        np.array([10.0, 40.0]), np.array([20.0, 20.0]), kind="ratio_of_counts", overdispersion=False
    )
    expected = (math.log(10.5 / 20.5) - math.log(50 / 40)) / math.sqrt(10 / 10.5**2 + 20 / 20.5**2)
    assert counts.z[0] == pytest.approx(expected)


def test_no_extra_variance_where_noise_explains_all() -> None:
    assert extra_variance(np.array([0.9, -0.9, 0.5]), np.ones(3))[1] == 0.0
    assert winsorise(np.array([-9.0, 0, 0, 0, 9.0]), 0.25).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("rule", ["best5of10", "median", "quartile", "decile"])
def test_rank_weights_are_a_mean(rule: str) -> None:
    for count in range(1, 12):
        weights = rank_weights(rule, count)  # type: ignore[arg-type]
        assert weights.sum() == pytest.approx(1.0) and (weights >= 0).all()


def test_benchmarks_of_ten_peers() -> None:
    rates = np.arange(11.0)[None, :]  # area 0 is best; each area's peers are all others
    peers = np.array([[j for j in range(11) if j != i] for i in range(11)])
    den = np.ones((1, 11))
    level = {
        rule: benchmark(comparator_weights(rates, den, peers, rule), rates)[0, 10]
        for rule in ("best5of10", "median", "quartile", "decile", "national")
    }
    assert level == pytest.approx(
        {"best5of10": 2.0, "median": 4.5, "quartile": 2.25, "decile": 1.0, "national": 5.0}
    )
    high = comparator_weights(rates, den, peers, "high_performers", np.array([2, 4]))
    assert benchmark(high, rates)[0, 10] == 3.0
    assert set(level) | {"high_performers", "own_target"} == set(RULES)


def test_an_absent_rate_is_no_peer() -> None:
    rates = np.array([[5.0, np.nan, 1.0]])
    peers = np.array([[1, 2], [0, 2], [0, 1]])
    weights = comparator_weights(rates, np.ones((1, 3)), peers, "median")
    assert weights[0, 0].tolist() == [0, 0, 1.0]


def test_expected_opportunity_at_nil_is_the_phantom_value() -> None:
    """At a gap of nil 0.3989 sigma is "expected": that is what has to be taken off."""
    assert expected_opportunity(np.array([0.0]), np.array([2.0]))[0] == pytest.approx(2 * PHI_0)
    assert expected_opportunity(np.array([1.0]), np.array([1.0]))[0] == pytest.approx(
        1.08332, abs=1e-5
    )
    assert chance_real(np.array([1.2816]), np.array([1.0]))[0] == pytest.approx(0.9, abs=1e-4)


def test_best_five_of_ten_identical_peers_is_0_74_below() -> None:
    """The published criticism, in numbers: mean of the best five of ten unit normals."""
    rng = np.random.default_rng(11)
    peers = np.sort(rng.standard_normal((200_000, 10)), axis=1)[:, :5].mean(axis=1)
    own = rng.standard_normal(200_000)
    assert peers.mean() == pytest.approx(-0.74, abs=0.005)
    gap = own - peers
    assert np.maximum(gap, 0).mean() == pytest.approx(0.89, abs=0.01)  # the phantom, per unit
    assert (gap > 0).mean() == pytest.approx(0.75, abs=0.01)


def test_noise_is_measured_from_the_months() -> None:
    rng = np.random.default_rng(5)
    size = np.linspace(50, 500, 60)[None, :, None] * np.ones((40, 1, 12))
    season = 1 + 0.2 * np.sin(np.arange(12))
    rate = 10 * season + rng.standard_normal((40, 60, 12)) * np.sqrt(9 / size)
    noise = period_noise(rate * size, size)
    true = 9 / size.sum(axis=2)
    assert (noise.variance / true).mean() == pytest.approx(1.0, abs=0.03)
    assert noise.carry.mean() < 0.02  # seasons that all areas share are not noise


def test_noise_that_runs_on_counts_for_more() -> None:
    rng = np.random.default_rng(6)
    steps = rng.standard_normal((30, 60, 12))
    for t in range(1, 12):
        steps[:, :, t] = 0.5 * steps[:, :, t - 1] + np.sqrt(0.75) * steps[:, :, t]
    size = np.full((30, 60, 12), 100.0)
    noise = period_noise((50 + steps) * size, size)
    assert 0.35 < noise.carry.mean() < 0.65


def test_variances_are_moderated_towards_each_other() -> None:
    rng = np.random.default_rng(7)
    spread = rng.chisquare(11, (1, 80)) / 11  # one true variance
    moderated, prior = moderate(spread, np.full((1, 80), 11.0))
    assert moderated.std() < 0.3 * spread.std() and prior[0] == 40
    wild = spread * rng.chisquare(4, (1, 80)) / 4  # truly different variances
    kept, prior = moderate(wild, np.full((1, 80), 11.0))
    assert prior[0] < 20 and kept.std() > 0.3 * wild.std()


def test_too_few_months_measure_no_noise() -> None:
    noise = period_noise(np.ones((1, 3, 2)), np.ones((1, 3, 2)))
    assert np.isnan(noise.variance).all()


def test_shrinkage_keeps_steady_rates_and_draws_in_noisy_ones() -> None:
    rng = np.random.default_rng(8)
    truth = rng.normal(100, 10, (1, 100))
    s2 = np.where(np.arange(100) < 50, 1.0, 400.0)[None, :]
    y = truth + rng.standard_normal((1, 100)) * np.sqrt(s2)
    found = shrink(y, s2)
    assert found.keep[0, :50].min() > 0.8 and found.keep[0, 50:].max() < 0.5
    before, after = (y - truth)[0, 50:].std(), (found.mean - truth)[0, 50:].std()
    assert after < 0.6 * before  # nearer to the truth
    reach = np.abs(found.held - y) <= np.sqrt(s2) + 1e-9
    assert reach.all()  # and nobody's own estimate moved further than one standard error


def test_shrinkage_towards_need() -> None:
    rng = np.random.default_rng(9)
    need = rng.standard_normal((80, 1))
    y = 50 + 5 * need.T + rng.standard_normal((1, 80)) * 0.5
    found = shrink(y, np.full((1, 80), 0.25), need)
    assert np.abs(found.expected - (50 + 5 * need.T)).max() < 0.4
    assert found.tau2[0] < 0.3  # need explains the differences: nothing is left over


def test_false_discovery_control_worked_by_hand() -> None:
    chances = np.array([0.001, 0.02, 0.04, 0.3, np.nan])
    # four tests, q = 10%: steps .001 x 4 / 1 = .004, .02 x 4 / 2 = .04, .04 x 4 / 3 = .053, .3
    assert adjusted_chances(chances)[:4] == pytest.approx([0.004, 0.04, 0.16 / 3, 0.3])
    assert benjamini_hochberg(chances).tolist() == [True, True, True, False, False]
    assert not benjamini_hochberg(np.array([0.2, 0.5])).any()


def test_false_discovery_agrees_with_scipy() -> None:
    from scipy.stats import false_discovery_control

    chances = np.random.default_rng(3).uniform(size=200) ** 2
    assert adjusted_chances(chances) == pytest.approx(false_discovery_control(chances))


def test_a_return_of_20_748_pounds_a_square_metre_is_bad() -> None:
    costs = np.array([31.0, 36, 41, 29, 44, 38, 35, 33, 52, 27, 2_074_757 / 100])
    assert bad_returns(costs).tolist() == [False] * 10 + [True]
    assert robust_z(costs)[-1] > 15
    assert not bad_returns(costs[:5]).any()  # too few to compare
    alike = np.array([50.0, 50.1, 49.9, 50.2, 49.8, 50.0, 50.1, 49.9, 50.0, 65.0])
    assert robust_z(alike)[-1] > 6 and not bad_returns(alike).any()  # dear, but believable


def test_small_numbers() -> None:
    counts = np.array([0.0, 1, 4, 5])
    assert small_numbers(counts, "items").tolist() == [False, True, True, False]
    assert small_numbers(counts, "pounds").tolist() == [False] * 4
    assert small_numbers(counts, "pounds", 2.0).tolist() == [True, True, False, False]


def test_under_provision_is_set_aside() -> None:
    outcome = np.array([70.0, 60.0, 65.0, np.nan])
    weights = np.array([[0, 0.5, 0.5, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0.5, 0.5, 0, 0]])
    assert under_provision(outcome, weights).tolist() == [True, False, False, False]
    assert under_provision(outcome, weights, sign=-1).tolist() == [False, True, True, False]


def test_cash_is_less_than_opportunity() -> None:
    terms = Cashability(variable=0.25, semi_fixed=0.5, releasable=0.4, realisation=(0.1, 0.5, 0.8))
    assert cash(1_000_000, terms) == 450_000
    assert realised(1_000_000, terms) == [45_000, 225_000, 360_000]
    assert realised(1_000_000, Cashability(variable=1.0)) == []
    with pytest.raises(AssertionError):
        Cashability(variable=0.7, semi_fixed=0.6)
    with pytest.raises(AssertionError):
        Cashability(variable=1.0, realisation=(0.5, 0.2))
