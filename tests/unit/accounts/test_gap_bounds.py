"""How a gap of which only a bound is stated is said: `up to` is at most, `nearly` is below."""

from __future__ import annotations

import pytest

from controltotal.verbs import position
from tests.scheme_books import Book
from tests.strategies import position_of


@pytest.mark.parametrize(
    ("qualifier", "said"), [("up_to", "at most"), ("nearly", "below"), ("over", "above")]
)
def test_a_bound_is_said_as_it_was_stated(qualifier: str, said: str) -> None:
    made: Book = {
        "organisations": [{"code": "RX1", "name": "Trust", "kind": "provider"}],
        "facts": [
            {
                "organisation": "RX1",
                "fact": "gap",
                "year": "2026/27",
                "basis": "plan",
                "value": "5",
                "unit": "£m",
                "qualifier": qualifier,
            }
        ],
    }
    found = position(position_of(made))
    assert any(f"known only to be {said} £5.0 million" in text for text in found.words), found.words
