"""Two schemes that exclude each other and are both in the plan: what is counted twice is said."""

from __future__ import annotations

import pytest

from controltotal.accounts.checks.schemes import links
from controltotal.workings.workings import Workings
from tests.scheme_books import book, scheme
from tests.strategies import position_of


@pytest.mark.parametrize("who", ["T1", "T2"])
def test_both_are_named_with_the_smaller_of_the_two_whoever_states_it(who: str) -> None:
    """T1 brings £6.0m and T2 £3.0m from October: £3.0m is in the plan twice."""
    made = book("T1", "T2")
    made["schemes"] = [
        scheme("T1", title="Beds", excludes="T2" if who == "T1" else ""),
        scheme("T2", title="Wards", full_year_effect="6", excludes="T1" if who == "T2" else ""),
    ]
    found = list(links(Workings(position_of(made)).savings))
    assert [one.code for one in found] == ["EXCLUSIVE_BOTH_COUNT"]
    assert "T1 (Beds) and T2 (Wards) exclude each other" in found[0].message
    assert "£3.0 million of 2026/27 is in it twice" in found[0].message


def test_one_that_is_out_of_the_plan_is_counted_once() -> None:
    made = book("T1", "T2")
    made["schemes"] = [scheme("T1", excludes="T2"), scheme("T2", in_plan="no")]
    assert not list(links(Workings(position_of(made)).savings))
