"""A promise beside the best figure there is: what it is of, and whether it is kept."""

from __future__ import annotations

import pytest

from controltotal.accounts.checks.evidence import promise_outcomes
from controltotal.workings.workings import Workings
from tests.small_books import book
from tests.strategies import YEAR, amount, position_of

PROMISE = {"id": "P1", "by": "Chair", "on": "2026-04-30", "text": "Balance", "organisation": "T1"}


@pytest.mark.parametrize(
    ("measure", "value", "kept"),
    [("surplus", "-5", True), ("surplus", "-4", False), ("", "", None), ("gap", "", None)],
)
def test_a_promise_names_its_measure_and_is_kept_or_not(
    measure: str, value: str, kept: bool | None
) -> None:
    row = {**PROMISE, "measure": measure, "year": YEAR, "value": value}
    rows = book(amount("T1", "position", -5), promises=[{k: v for k, v in row.items() if v}])
    (told,) = promise_outcomes(Workings(position_of(rows)).totals)
    assert (told["measure"], told["organisation"], told["kept"]) == (measure, "T1", kept)
