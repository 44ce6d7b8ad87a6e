"""Cost that moves with patients, in steps, or not at all: 1,000 pounds of cost worked by hand."""

from __future__ import annotations

import pytest

from controltotal.outlook.activity import CHANGES, CostParts, cost_change, what_if

PARTS = CostParts(0.3, 0.2, 0.5, 0.02)


@pytest.mark.parametrize(
    ("change", "pounds"),
    [
        (0.0, 0),
        (0.01, 5),  # half of the cost moves by a hundredth
        (0.019, 9.5),
        (0.02, 14),  # and a fifth by a step
        (0.03, 19),
        (0.04, 28),
        (-0.01, -5),
        (-0.03, -19),
    ],
)
def test_marginal_cost_moves_with_each_patient_and_semi_fixed_cost_in_steps(
    change: float, pounds: float
) -> None:
    assert cost_change(100_000, change, PARTS) == round(pounds * 100)


def test_more_patients_cost_and_fewer_save() -> None:
    found = {row["change"]: row["pence"] for row in what_if(-50_000, 100_000, PARTS)}
    assert tuple(found) == CHANGES
    assert (found[0.01], found[0.0], found[-0.02]) == (-50_500, -50_000, -48_600)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (PARTS, True),
        (CostParts(0.0, 0.0, 1.0, 0.01), True),
        (CostParts(0.3, 0.2, 0.6, 0.02), False),
        (CostParts(0.3, 0.2, 0.4, 0.02), False),
        (CostParts(-0.1, 0.6, 0.5, 0.02), False),
        (CostParts(0.3, 0.2, 0.5, 0.0), False),
    ],
)
def test_shares_are_nil_or_more_and_make_one_whole(parts: CostParts, whole: bool) -> None:
    assert parts.whole is whole
