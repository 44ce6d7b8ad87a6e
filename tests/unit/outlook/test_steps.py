"""From the forecast to the average of the draws: each scheme by its own step, in whole pence."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from controltotal.outlook.inputs import Inputs
from controltotal.outlook.nodes import Arrangement
from controltotal.outlook.steps import _held, _of_schemes, step_of, sums


def scheme(requires: tuple[str, ...] | None = None, excludes: tuple[str, ...] | None = None) -> Any:
    return SimpleNamespace(requires=requires, excludes=excludes)


def inputs(**more: Any) -> Inputs:
    found = Inputs("2026-27", Arrangement("2026-27"))
    for name, value in more.items():
        assert hasattr(found, name)
        setattr(found, name, value)
    return found


def test_steps_of_a_kind_are_added_up_in_the_order_in_which_they_first_come() -> None:
    """5 less 1 and 2, with what they are of and without the scheme that each was about."""
    rows = [
        {"organisation": "A", "step": "expected loss", "about": "S1", "pence": -1},
        {"organisation": "A", "step": "forecast", "about": "", "pence": 5},
        {"organisation": "A", "step": "expected loss", "about": "S2", "pence": -2},
    ]
    assert sums(rows) == [
        {"organisation": "A", "step": "expected loss", "pence": -3},
        {"organisation": "A", "step": "forecast", "pence": 5},
    ]


def test_what_slots_hold_of_a_scheme_is_added_over_them() -> None:
    """S1 brings 3 to A and 4 to B; what C holds is not asked."""
    planned = {"A": {"S1": 3, "S2": 1}, "B": {"S1": 4}, "C": {"S1": 50}}
    assert _held(inputs(planned=planned), ["A", "B", "D"]) == {"S1": 7, "S2": 1}


def test_a_step_is_what_a_scheme_is_expected_to_bring_less_what_the_plan_holds() -> None:
    """Held 100 and expected 60: a loss of 40. Not held and expected 7.6: 8 more."""
    found = _of_schemes(inputs(risks={"risk R": None}), {"S1": 100}, {"S1": 60.4, "S0": 7.6})
    assert found == [("expected loss", "S0", 8), ("expected loss", "S1", -40)]


def test_a_line_of_the_register_is_no_step_of_a_scheme() -> None:
    register = inputs(risks={"risk R": None})
    assert _of_schemes(register, {}, {"risk R": -5.0}) == []


def test_what_an_assured_scheme_loses_to_the_same_money_is_a_step_before_its_expected_loss() -> (
    None
):
    """Of 100 held three quarters are left: 25 are the same money as another's. Of the 75 it is
    expected to bring 60."""
    cut = inputs(left={"S1": Fraction(3, 4)})
    assert _of_schemes(cut, {"S1": 100}, {"S1": 60.0}) == [
        ("same money", "S1", -25),
        ("expected loss", "S1", -15),
    ]
    assert _of_schemes(cut, {"S1": 100}, {"S1": 75.0}) == [("same money", "S1", -25)]


def test_what_is_not_held_is_cut_of_nothing() -> None:
    """A scheme outside the plan brings what it brings, whatever is left of it beside others."""
    cut = inputs(left={"S1": Fraction(1, 4)})
    assert _of_schemes(cut, {}, {"S1": 5.0}) == [("expected loss", "S1", 5)]


def test_a_scheme_that_does_not_count_has_its_step_even_where_it_moves_nothing() -> None:
    """Of an assured one that brings what was held nothing is said."""
    refused = inputs(refused=frozenset({"S1"}), left={"S1": Fraction(1, 2)})
    assert _of_schemes(refused, {"S1": 100}, {"S1": 100.0}) == [("does not count", "S1", 0)]
    assert _of_schemes(refused, {"S1": 100}, {}) == [("does not count", "S1", -100)]
    assert _of_schemes(inputs(), {"S1": 100}, {"S1": 100.0}) == []


def test_assurance_comes_before_what_keeps_a_scheme_out() -> None:
    both = inputs(
        refused=frozenset({"S1"}), kept_out=frozenset({"S1", "S2"}), reasons={"S2": "a ceiling"}
    )
    assert step_of(both, "S1") == "does not count"
    assert step_of(both, "S2") == "kept out"
    assert step_of(both, "S3") == "expected loss"


@pytest.mark.parametrize(
    ("own", "other", "step"),
    [
        (scheme(), scheme(), "same money"),
        (scheme(), scheme(excludes=("S1",)), "shut out"),
        (scheme(), scheme(excludes=("S7", "S1")), "shut out"),
        (scheme(), scheme(excludes=("S7",)), "same money"),
        (scheme(excludes=("S2",)), scheme(), "shut out"),
        (scheme(excludes=("S7",)), scheme(), "same money"),
        (scheme(requires=("S2",)), scheme(), "same money"),
        (scheme(requires=("S2", "S7")), scheme(), "shut out"),
    ],
)
def test_a_scheme_without_a_rival_and_with_what_it_needs_lost_the_same_money(
    own: object, other: object, step: str
) -> None:
    """S1 is assured and does not count beside S2, which does."""
    both = inputs(schemes={"S1": own, "S2": other}, reasons={"S1": "others draw on it"})
    assert step_of(both, "S1") == step
    held = inputs(
        schemes={"S1": scheme(requires=("S9",)), "S2": other},
        held={"S1": own},
        reasons={"S1": "others draw on it"},
    )
    assert step_of(held, "S1") == step  # as the plan holds it


def test_a_rival_that_does_not_count_itself_shuts_nobody_out() -> None:
    both = inputs(
        schemes={"S1": scheme(excludes=("S2",)), "S2": scheme(excludes=("S1",))},
        reasons={"S1": "others draw on it", "S2": "it is too late"},
    )
    assert step_of(both, "S1") == "same money"
    need = inputs(
        schemes={"S1": scheme(requires=("S2",)), "S2": scheme()},
        reasons={"S1": "others draw on it", "S2": "it is too late"},
    )
    assert step_of(need, "S1") == "shut out"
    assert cast(object, need.row("S2")) is need.schemes["S2"]
