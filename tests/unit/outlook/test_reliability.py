"""Whether chances can be relied on: each case against what the others alone would have said."""

from __future__ import annotations

import pytest

from controltotal.outlook.calibration import Delivered, reliability


def cases(years: int, each: int = 12) -> list[Delivered]:
    """Schemes of some years that delivered from a half to all of their plan."""
    return [
        Delivered(
            f"S{y}-{n}", "T1", "in_progress", f"20{20 + y}-{21 + y}", 12, 100, 50 + 4 * n, True
        )
        for y in range(years)
        for n in range(each)
    ]


@pytest.mark.parametrize(
    ("years", "left_out"), [(1, "case"), (2, "case"), (3, "year"), (4, "year")]
)
def test_of_three_years_or_more_the_whole_year_is_left_out(years: int, left_out: str) -> None:
    found = reliability(cases(years))
    assert found is not None and found.held_out == left_out
    assert found.cases == 12 * years
    assert 0.5 <= found.coverage <= 1
