"""Who bears a local price, by the baselines of its contracts to the penny."""

from __future__ import annotations

import pytest

from controltotal.workings.local_price import borne_by
from tests.strategies import YEAR, Cells, position_of

BODIES: list[Cells] = [
    {"code": "P", "name": "Trust", "kind": "provider"},
    *({"code": c, "name": c, "kind": "commissioner"} for c in ("C1", "C2")),
]


def contract(commissioner: str, baseline: str, **more: str) -> Cells:
    row = {"commissioner": commissioner, "provider": "P", "year": YEAR, "kind": "block"}
    return {**row, "baseline": baseline, **more}


@pytest.mark.parametrize(
    ("contracts", "borne"),
    [
        ([], {}),
        ([contract("C1", "3")], {"C1": 100}),
        ([contract("C1", "3"), contract("C2", "1")], {"C1": 75, "C2": 25}),
        ([contract("C1", "0.01"), contract("C2", "0.03")], {"C1": 25, "C2": 75}),
        ([contract("C1", "3"), contract("C2", "9", year="2025-26")], {"C1": 100}),
        ([contract("C1", "3"), contract("C2", "")], {}),  # nobody knows its part
    ],
)
def test_a_price_is_borne_in_proportion_to_baselines(
    contracts: list[Cells], borne: dict[str, int]
) -> None:
    position = position_of({"organisations": BODIES, "contracts": contracts})
    assert borne_by(position, "P", YEAR, 100) == borne
