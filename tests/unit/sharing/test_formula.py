"""A user's own formula: what it may hold, what it is worth, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from controltotal.sharing.formula import FormulaError, names_in, weights

COLUMNS = {"a": np.array([1.0, 3.0]), "b": np.array([4, 2])}


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("a", 3.0),
        (" a + b ", 1.0),
        ("a / b", 6.0),
        ("a * b", 1.5),
        ("a ** 2", 9.0),
        ("10 - b", 8 / 6),
        ("-b + 8", 1.5),
        ("min(a, 2)", 2.0),
        ("max(a, b)", 0.75),
        ("7", 1.0),
        ("2.5 * (a + 1)", 2.0),
    ],
)
def test_plain_sums_are_read(text: str, ratio: float) -> None:
    first, second = weights(text, COLUMNS, 2).tolist()
    assert second / first == pytest.approx(ratio)


def test_a_weight_below_nil_counts_as_nil() -> None:
    assert weights("a - 2", COLUMNS, 2).tolist()[0] == 0
    assert weights("a - 2", COLUMNS, 2).tolist()[1] > 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c", "may not contain 'c'"),
        ("sum(a, b)", "may not contain"),
        ("min(a)", "may not contain"),
        ("min(a, b, 1)", "may not contain"),
        ("min(a, b, key=1)", "may not contain"),
        ("a.b(a, b)", "may not contain"),
        ("a % b", "may not contain"),
        ("+a", "may not contain"),
        ("'a'", "may not contain"),
        ("a if b else a", "may not contain"),
        ("a +", "cannot be read"),
        ("", "cannot be read"),
        ("a / (a - 1)", "divides by nil"),
        ("a * 1e308 * 10", "divides by nil"),
        ("a - 3", "nobody a weight"),
        ("0 * a", "nobody a weight"),
        (f"a + {' ' * 500}1", "longer than 500"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(FormulaError, match=why):
        weights(text, COLUMNS, 2)


def test_five_hundred_characters_are_read() -> None:
    text = "a+" + " " * 497 + "1"
    assert weights(text, COLUMNS, 2).tolist()[1] > 0
    with pytest.raises(FormulaError, match="longer"):
        weights(f"{text}0", COLUMNS, 2)


def test_the_inputs_of_a_formula_are_its_names_and_no_function() -> None:
    assert names_in("max(b, min(a, 2)) * a") == ("a", "b")
    assert names_in("2 * 3") == ()


def test_weights_are_as_fine_as_exact_division_allows() -> None:
    """The largest of two has 52 binary digits; of 256 all together have at most 59."""
    assert weights("a", COLUMNS, 2).tolist()[1] == 3 * 2**50
    assert weights("1", {}, 1).tolist() == [2**51]
    many = weights("1", {}, 256).tolist()
    assert set(many) == {2**50}
    assert sum(many) == 2**58
