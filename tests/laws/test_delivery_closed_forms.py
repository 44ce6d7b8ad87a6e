"""The simulation against pencil and paper: independent sums, one factor, many equal schemes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from controltotal.outlook.closed_forms import (
    chance_of_meeting,
    group_correlation,
    node_moments,
    source_moments,
    start_correlation,
)
from controltotal.outlook.model import Model, Source, even_steps
from controltotal.outlook.simulation import run

DRAWS = 200_000


def system(loading: float = 0.0) -> Model:
    """Two trusts of a system with schemes of every kind, hung on one factor by a loading."""
    rng = np.random.default_rng(7)
    made = []
    for i in range(24):
        made.append(
            Source(
                f"S{i}",
                even_steps(
                    1e8 * (1 + rng.random()),
                    int(rng.integers(-2, 9)),
                    recurrent=i % 3 > 0,
                ),
                ((("RAA", "RBB")[i % 2], 1.0),),
                chance=(1.0, 0.9, 0.6, 0.3)[i % 4],
                low=0.3,
                mode=0.8,
                high=1.1,
                delay_months=(0.0, 1.0, 3.0)[i % 3],
                factors=(("system QAA", loading),) if loading else (),
            )
        )
    return Model(
        ("2026-27", "2027-28"),
        {"RAA": (-(10**11), -(10**10)), "RBB": (5, 7)},
        tuple(made),
        {"RAA": ("RAA", "QAA"), "RBB": ("RBB", "QAA")},
        base_sd={"RAA": 3e8},
    )


@pytest.mark.parametrize("node", ["RAA", "RBB", "QAA"])
@pytest.mark.parametrize("year", [0, 1])
def test_independent_schemes_have_the_mean_and_variance_of_the_closed_form(
    node: str, year: int
) -> None:
    model = system()
    position = run(model, draws=DRAWS, seed=11).node(node, year).astype(float)
    mean, variance = node_moments(model, node, year)
    centred = position - position.mean()
    error_mean = math.sqrt(variance / DRAWS)
    error_variance = math.sqrt((np.mean(centred**4) - variance**2) / DRAWS)
    assert abs(position.mean() - mean) < 4 * error_mean
    assert abs(position.var() - variance) < 4 * error_variance


def test_loadings_never_move_the_mean_of_a_scheme() -> None:
    loose, joined = system(), system(0.6)
    mean, variance = node_moments(joined, "QAA")
    position = run(joined, draws=DRAWS, seed=5).node("QAA").astype(float)
    # joined schemes vary more together, so the mean's own error is that of the joined draws
    assert abs(position.mean() - mean) < 4 * position.std() / math.sqrt(DRAWS)
    assert position.var() > 1.5 * variance
    assert node_moments(loose, "QAA") == (mean, variance)


@pytest.mark.parametrize("chance,squared", [(0.5, 0.5), (0.8, 0.3), (0.2, 0.7)])
def test_one_factor_gives_the_closed_forms_correlation_of_two_organisations(
    chance: float, squared: float
) -> None:
    factors = (("system QAA", math.sqrt(squared)),)
    made = tuple(
        Source(
            f"S{i}",
            ((0, 1e7),),
            (("RAA" if i < 4 else "RBB", 1.0),),
            chance=chance,
            factors=factors,
        )
        for i in range(10)
    )
    model = Model(
        ("2026-27",), {"RAA": (0,), "RBB": (0,)}, made, {"RAA": ("RAA",), "RBB": ("RBB",)}
    )
    drawn = run(model, draws=DRAWS, seed=2)
    found = np.corrcoef(drawn.own[0, 0], drawn.own[1, 0])[0, 1]
    assert abs(found - group_correlation(start_correlation(chance, squared), 4, 6)) < 0.005


@pytest.mark.parametrize("target", [-1.0, 0.0, 0.7])
def test_five_hundred_equal_schemes_are_nearly_normal(target: float) -> None:
    made = tuple(
        Source(
            f"S{i}",
            ((3, 1e7),),
            (("RAA", 1.0),),
            chance=0.8,
            low=0.2,
            mode=0.7,
            high=1.0,
            delay_months=1.0,
        )
        for i in range(500)
    )
    model = Model(("2026-27",), {"RAA": (-(10**9),)}, made, {"RAA": ("RAA",)})
    mean, variance = node_moments(model, "RAA")
    control_total = round(mean + target * math.sqrt(variance))
    position = run(model, draws=100_000, seed=4).node("RAA")
    assert (
        abs(
            (position >= control_total).mean()
            - chance_of_meeting(mean, math.sqrt(variance), control_total)
        )
        < 0.005
    )


def test_certain_schemes_are_exact_to_the_penny() -> None:
    made = tuple(
        Source(f"S{i}", even_steps(1234567 / 12, i, recurrent=True), (("RAA", 1.0),))
        for i in range(12)
    )
    model = Model(
        ("2026-27",),
        {"RAA": (-5_000_000,)},
        made,
        {
            "RAA": ("RAA", "QAA"),
        },
    )
    expected = round(sum(source_moments(source)[0] for source in made)) - 5_000_000
    assert (run(model, draws=700).node("QAA") == expected).all()


def test_a_delay_moves_a_start_and_never_a_year_past() -> None:
    late = Source("S", even_steps(100.0, 8, recurrent=False), (("RAA", 1.0),), delay_months=2.0)
    model = Model(("2026-27", "2027-28"), {"RAA": (0, 0)}, (late,), {"RAA": ("RAA",)})
    drawn = run(model, draws=5000)
    assert set(np.unique(drawn.node("RAA", 0))) <= {0, 100, 200, 300, 400}
    both = drawn.node("RAA", 0) + drawn.node("RAA", 1)
    assert (
        both.max() == 1200 and both.min() >= 400
    )  # twelve months, less what lies past the horizon


@pytest.mark.soak
def test_a_million_draws_meet_the_closed_form() -> None:
    model = system()
    position = run(model, draws=1_000_000, seed=1).node("QAA").astype(float)
    mean, variance = node_moments(model, "QAA")
    assert abs(position.mean() - mean) < 4 * math.sqrt(variance / 1e6)
    fourth = np.mean((position - position.mean()) ** 4)
    assert abs(position.var() - variance) < 4 * math.sqrt((fourth - variance**2) / 1e6)
