"""No way of writing a book gets an unsafe scheme counted, and no honest programme is kept out."""

from __future__ import annotations

from collections import Counter

import pytest

from controltotal.workings.workings import Workings
from tests.strategies import position_of
from tests.unsafe_books import Case, cases

YEAR = "2026-27"
WAYS, HONEST = cases("ways"), cases("honest")
S0_ALONE, BOTH = 60_000_000, 160_000_000
"""What S0 brings in 2026/27 (£0.6m), and what both bring (£1.6m), in pence."""


def test_there_are_two_hundred_ways_and_forty_honest_programmes_of_many_kinds() -> None:
    assert len(WAYS) >= 200 and len(HONEST) >= 40
    assert len(Counter(case.kind for case in WAYS)) >= 20
    assert len({case.name for case in WAYS}) == len(WAYS)


@pytest.mark.parametrize("case", WAYS, ids=lambda case: f"{case.kind}: {case.name}")
def test_a_way_is_refused_for_its_reason(case: Case) -> None:
    workings = Workings(position_of(case.book))
    savings = workings.savings
    assert "S1" not in {scheme.id for scheme in savings.counted(YEAR)}
    if case.code:
        assert case.code in {code for code, _ in savings.excluded(YEAR)["S1"].reasons}
        assert all(text for _, text in savings.excluded(YEAR)["S1"].reasons)
    value = savings.plan("PRV", YEAR, "plan")
    assert value is not None and (value.pence is None or value.pence <= S0_ALONE)
    told = savings.plan("SYS", YEAR, "plan")
    assert told is not None and (told.pence is None or told.pence <= S0_ALONE)


@pytest.mark.parametrize("case", HONEST, ids=lambda case: f"{case.kind}: {case.name}")
def test_an_honest_programme_counts(case: Case) -> None:
    savings = Workings(position_of(case.book)).savings
    excluded = savings.excluded(YEAR)
    assert "S1" not in excluded, excluded["S1"].reasons
    assert {"S0", "S1"} <= {scheme.id for scheme in savings.counted(YEAR)}
    assert (savings.plan("PRV", YEAR, "plan").pence or 0) > S0_ALONE  # type: ignore[union-attr]


REFUSED = {"QUALITY_REJECTED", "QUALITY_REFUSED", "EQUALITY_REJECTED"}


@pytest.mark.parametrize("case", WAYS, ids=lambda case: f"{case.kind}: {case.name}")
def test_what_safety_refuses_delivers_in_no_what_if_and_what_waits_may(case: Case) -> None:
    """A refused scheme is `rejected`; one that waits, is in doubt or is unsigned is not."""
    savings = Workings(position_of(case.book)).savings
    found = savings.excluded(YEAR).get("S1")
    if found is not None:
        assert found.rejected is bool(REFUSED & {code for code, _ in found.reasons})
        assert found.maturity != "fully_developed" or case.kind in ("harm", "requires")
