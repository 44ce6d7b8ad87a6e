"""What pencil and paper say of a few schemes: means, spreads, chances and how two bodies go together."""

from __future__ import annotations

import math

import pytest

from controltotal.outlook.closed_forms import (
    chance_of_meeting,
    group_correlation,
    node_moments,
    source_moments,
    start_correlation,
)
from controltotal.outlook.model import Model, Source, even_steps, months_left, phased_steps
from controltotal.outlook.shapes import TRIANGULAR


@pytest.mark.parametrize(
    ("mean", "deviation", "aim", "chance"),
    [
        (5.0, 0.0, 5.0, 1.0),
        (5.0, 0.0, 5.1, 0.0),
        (5.0, 0.0, 4.0, 1.0),
        (5.0, 2.0, 5.0, 0.5),
        (5.0, 2.0, 7.0, 0.158655),  # one deviation above
        (5.0, 2.0, 3.0, 0.841345),
    ],
)
def test_the_chance_of_a_normal_position_at_or_above_an_aim(
    mean: float, deviation: float, aim: float, chance: float
) -> None:
    assert chance_of_meeting(mean, deviation, aim) == pytest.approx(chance, abs=1e-6)


def source(**more: object) -> Source:
    """12 a year from April."""
    options: dict[str, object] = {"steps": ((0, 1.0),), "parts": (("A", 1.0),), **more}
    return Source("S", **options)  # type: ignore[arg-type]


def test_a_scheme_by_chance_share_and_delay() -> None:
    """Half a chance of 12: a mean of 6 and a variance of 36. A share of 0 to 1 with its mode in the
    middle has a variance of 1/28 as a PERT and of 1/24 as a triangle."""
    assert source_moments(source(chance=0.5)) == (6.0, 36.0)
    assert source_moments(source(chance=0.0)) == (0.0, 0.0)
    low = source(low=0.0, mode=0.5, high=1.0)
    assert source_moments(low) == (pytest.approx(6.0), pytest.approx(144 / 28))
    assert source_moments(low, kind=TRIANGULAR)[1] == pytest.approx(144 / 24)
    both = source(low=0.0, mode=0.5, high=1.0, chance=0.5)
    assert source_moments(both)[1] == pytest.approx(0.5 * (1 / 28 + 1 / 4) * 144 - 9)
    late = source(delay_months=1.0)
    mean = sum(0.5 ** (n + 1) * (12 - n) for n in range(12))  # a month later each half as likely
    square = sum(0.5 ** (n + 1) * (12 - n) ** 2 for n in range(12))
    assert source_moments(late)[0] == pytest.approx(mean)
    assert source_moments(late)[1] == pytest.approx(square - mean**2)
    assert source_moments(source(), 1) == (12.0, 0.0)


def test_the_moments_of_a_node_are_those_of_its_bodies_added_up() -> None:
    """A has 100 and B (30), B's own spread is 4; S falls for three quarters on A and a quarter on
    B, by half a chance of 12."""
    model = Model(
        ("2026-27",),
        {"A": (100,), "B": (-30,)},
        (source(chance=0.5, parts=(("A", 0.75), ("B", 0.25))),),
        {"A": ("A", "S1"), "B": ("B", "S1")},
        base_sd={"B": 4.0},
    )
    assert node_moments(model, "A") == (100 + 4.5, pytest.approx(36 * 0.75**2))
    assert node_moments(model, "B") == (-30 + 1.5, pytest.approx(16 + 36 * 0.25**2))
    assert node_moments(model, "S1") == (70 + 6, pytest.approx(16 + 36))


@pytest.mark.parametrize("squared", [0.1, 0.5, 0.9])
def test_two_that_start_by_even_chances_go_together_by_the_arc_of_their_loading(
    squared: float,
) -> None:
    assert start_correlation(0.5, squared) == pytest.approx(2 / math.pi * math.asin(squared))
    assert start_correlation(0.3, squared) == pytest.approx(start_correlation(0.7, squared))
    assert 0 < start_correlation(0.1, squared) < squared


def test_without_a_loading_nothing_goes_together() -> None:
    assert start_correlation(0.5, 0.0) == 0.0


@pytest.mark.parametrize(
    ("each", "first", "second", "together"),
    [
        (0.5, 1, 1, 0.5),
        (0.0, 4, 7, 0.0),
        (1.0, 3, 5, 1.0),
        (0.5, 2, 2, 2 / 3),  # a covariance of 2 over variances of 3
        (0.5, 1, 3, 1.5 / math.sqrt(6)),
    ],
)
def test_sums_of_schemes_go_together_more_than_each(
    each: float, first: int, second: int, together: float
) -> None:
    assert group_correlation(each, first, second) == pytest.approx(together)


def test_steps_of_a_saving() -> None:
    assert even_steps(10.0, 3, recurrent=True) == ((3, 10.0),)
    assert even_steps(10.0, -3, recurrent=False) == ((-3, 10.0), (9, -10.0))
    assert phased_steps([4, 4, 0, 0, 6]) == ((0, 4.0), (2, -4.0), (4, 6.0))
    assert [months_left(month, 0) for month in (-5, 0, 1, 11, 12, 30)] == [12, 12, 11, 1, 0, 0]
    assert [months_left(month, 1) for month in (0, 12, 23, 24)] == [12, 12, 1, 0]
    once = source(steps=even_steps(1.0, 6, recurrent=False))
    assert [once.in_year(year) for year in (0, 1, 2)] == [6.0, 6.0, 0.0]
    assert once.in_year(0, delay=2) == 4.0


@pytest.mark.parametrize(
    ("more", "certain"),
    [
        ({}, True),
        ({"chance": 0.0}, True),
        ({"chance": 0.5}, False),
        ({"low": 0.5}, False),
        ({"delay_months": 0.5}, False),
    ],
)
def test_what_is_certain_is_left_to_no_chance(more: dict[str, float], certain: bool) -> None:
    assert source(**more).certain is certain


@pytest.mark.parametrize(
    "wrong",
    [
        {"chance": 1.1},
        {"chance": -0.1},
        {"low": 1.1},
        {"mode": 1.1},
        {"delay_months": -0.5},
        {"factors": (("a", 0.9), ("b", 0.9))},
    ],
)
def test_a_source_that_cannot_be_is_stopped(wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        source(**wrong)


def test_a_model_that_does_not_hang_together_is_stopped() -> None:
    one, above = source(), {"A": ("A", "S1"), "B": ("B", "S1")}
    made = Model(("2026-27",), {"A": (1,), "B": (2,)}, (one,), above)
    assert (made.organisations, made.nodes) == (("A", "B"), ("A", "B", "S1"))
    assert made.under("S1") == ("A", "B") and made.under("B") == ("B",)
    for base, sources in (
        ({"A": (1,)}, (one,)),  # B has no base
        ({"A": (1,), "B": (2,)}, (one, one)),  # two of one name
        ({"A": (1,), "B": (2,)}, (source(parts=(("C", 1.0),)),)),
    ):
        with pytest.raises(AssertionError):
            Model(("2026-27",), base, sources, above)
