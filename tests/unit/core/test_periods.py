"""The periods that a row may be of, and no others."""

from __future__ import annotations

import pytest

from controltotal.core.calendar import CalendarError, months_of


def test_a_year_to_date_ends_in_one_of_its_months() -> None:
    assert [months_of(f"YTD{m}") for m in (2, 12)] == [(1, 2), tuple(range(1, 13))]
    for none in ("YTD0", "YTD13", "13", "0", "Q5", "Q0", "H3"):
        with pytest.raises((CalendarError, KeyError)):
            months_of(none)
