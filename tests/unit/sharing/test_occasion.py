"""Which gap a board would want to see shared: help from several, else what a system lacks."""

from __future__ import annotations

import pytest

from controltotal.sharing.occasion import Occasion, occasion
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Cells, amount, control_total, position_of

BODIES: list[Cells] = [
    {"code": "R", "name": "Region", "kind": "region"},
    *({"code": c, "name": c, "kind": "system", "parent": "R"} for c in ("A", "B", "C", "T")),
    *({"code": f"T{n}", "name": f"T{n}", "kind": "provider", "parent": "T"} for n in (1, 2)),
    {"code": "A1", "name": "A1", "kind": "provider", "parent": "A"},
]


def gift(giver: str, pounds: int, **more: str) -> Cells:
    row = {
        "id": f"{giver}{pounds}{more.get('to', '')}",
        "from": giver,
        "to": "T",
        "year": YEAR,
        "amount": str(pounds),
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
    }
    return {**row, **more}


def shown(
    *gifts: Cells, amounts: list[Cells] | None = None, targets: list[Cells] | None = None
) -> Occasion | None:
    said = {
        "organisations": BODIES,
        "amounts": amounts or [amount("R", "cash", 1)],
        "transfers": list(gifts),
        "control_totals": targets or [],
    }
    return occasion(Workings(position_of(said)), YEAR)


def test_help_from_several_is_named_unless_it_is_from_all_beside() -> None:
    some = shown(gift("A", 3), gift("B", 2), gift("B", 4, status="proposed"))
    assert some == Occasion(900, ("A", "B"), "T")
    every = shown(gift("A", 3), gift("B", 2), gift("C", 1))
    assert every == Occasion(600, (), "T")


@pytest.mark.parametrize(
    "gifts",
    [
        [gift("A", 3)],
        [gift("A", 3), gift("A", 2)],
        [gift("A", 3), gift("B", 2, status="refused")],
        [gift("A", 3), gift("B", 2, kind="top_slice")],
        [gift("A", 3), gift("B", 2, year="2025-26")],
        [gift("A", 3), gift("B", 2, to="C")],
        [],
    ],
)
def test_help_from_one_is_no_occasion(gifts: list[Cells]) -> None:
    assert shown(*gifts) is None


def test_of_two_who_are_helped_the_first_is_shown() -> None:
    found = shown(gift("A", 3), gift("B", 2), gift("T", 5, to="C"), gift("B", 6, to="C"))
    assert found == Occasion(1_100, ("B", "T"), "C")


PLANS = [amount("T1", "position", -5), amount("T2", "position", 1)]


def test_else_a_system_with_members_and_a_gap_shares_one_pot() -> None:
    lacking = shown(amounts=PLANS, targets=[control_total("T", 0)])
    assert lacking == Occasion(400, organisation="T", pot=True)
    assert shown(amounts=PLANS, targets=[control_total("T", -4)]) is None
    assert shown(amounts=PLANS) is None
    helped = shown(gift("A", 3), gift("B", 2), amounts=PLANS, targets=[control_total("T", 0)])
    assert helped == Occasion(500, ("A", "B"), "T")


def test_a_system_of_one_and_a_body_that_is_no_system_share_nothing() -> None:
    one = [amount("A1", "position", -5)]
    assert shown(amounts=one, targets=[control_total("A", 0)]) is None
    systems = [amount(code, "position", -1) for code in ("A", "B", "C", "T")]
    assert shown(amounts=systems, targets=[control_total("R", 9)]) is None
