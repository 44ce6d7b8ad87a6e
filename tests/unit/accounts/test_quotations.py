"""Whether a quotation holds a number, at any scale in which people write one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from controltotal.accounts.checks.evidence import _supports


@pytest.mark.parametrize("power", range(-10, 11))
def test_a_number_is_held_at_the_scales_of_money_and_of_a_hundred(power: int) -> None:
    said = f"{Decimal(73) * Decimal(10) ** power:f}"
    held = power in (-9, -6, -3, -2, 0, 2, 3, 6, 9)
    assert _supports(f"about {said} in all", "73") is held
    assert _supports("about 73 in all", said) is (-power in (-9, -6, -3, -2, 0, 2, 3, 6, 9))


@pytest.mark.parametrize(
    ("quote", "text", "held"),
    [
        ("a deficit of £192m", "(192)", True),
        ("a deficit of £192m", "193", False),
        ("£1,234.5 thousand", "1234.5", True),
        ("five systems", "5", True),
        ("five systems", "6", False),
        ("fivefold", "5", False),  # a word, and not a part of one
        ("half of it", "0.5", True),
        ("half of it", "50", True),
        ("some of it", "0.5", False),
        (".5 of it", "5", True),
        ("nothing was found", "0", True),  # words say it
        ("it did well", "good", True),  # no number to be held
    ],
)
def test_a_number_is_held_in_figures_or_in_words(quote: str, text: str, held: bool) -> None:
    assert _supports(quote, text) is held
