"""Which years and halves a rule is asked of."""

from __future__ import annotations

import pytest

from controltotal.rules.answer import _periods
from tests.small_books import book
from tests.strategies import YEAR, amount, position_of


def fact(year: str, month: str) -> dict[str, str]:
    return {"organisation": "T1", "fact": "fund_offer", "year": year, "month": month, "value": "1"}


@pytest.mark.parametrize(
    ("asked", "periods"),
    [
        (YEAR, ("2026-27", "2026-27-H2")),
        ("2025-26", ("2025-26", "2025-26-H1")),
        (None, ("2025-26", "2025-26-H1", "2026-27", "2026-27-H2")),
    ],
)
def test_a_half_is_asked_with_its_own_year_and_no_other(
    asked: str | None, periods: tuple[str, ...]
) -> None:
    facts = [fact("2025-26", "H1"), fact(YEAR, "H2"), fact(YEAR, "3")]
    rows = (amount("T1", "position", -5), amount("T1", "position", -5, year="2025-26"))
    position = position_of(book(*rows, facts=facts))
    assert _periods(position, asked) == periods
