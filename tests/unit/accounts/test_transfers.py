"""A transfer and the two control totals that it must move, by hand."""

from __future__ import annotations

import pytest

from controltotal.accounts.checks.transfers import unpaired
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, control_total, position_of


def lacking(giver: int, receiver: int, **cells: str) -> list[str]:
    """Whose control totals do not move with a transfer of 10: they were 20 and become these."""
    row: Cells = {
        "id": "X1",
        "from": "T1",
        "to": "T2",
        "year": YEAR,
        "amount": "10",
        "kind": "neighbour_support",
        "mechanism": "resource_transfer",
        "status": "agreed",
        **cells,
    }
    totals = [
        control_total(code, pounds, set_on=day)
        for code, after in (("T1", giver), ("T2", receiver))
        for pounds, day in ((20, "2026-01-20"), (after, "2026-02-20"))
    ]
    said = book(tree=TREE, transfers=[row], control_totals=totals)
    found = list(unpaired(Workings(position_of(said)).totals))
    return [f.message.split("(")[1].split(")")[0] for f in found]


@pytest.mark.parametrize(
    ("giver", "receiver", "told"),
    [
        (10, 30, []),
        (9, 31, []),  # they may move by more
        (11, 30, ["T1"]),
        (10, 29, ["T2"]),
        (15, 25, ["T1 and T2"]),  # half of it is not the transfer
        (20, 20, ["T1 and T2"]),
        (30, 10, ["T1 and T2"]),  # the wrong way about
    ],
)
def test_a_transfer_lowers_its_givers_control_total_and_raises_its_receivers(
    giver: int, receiver: int, told: list[str]
) -> None:
    assert lacking(giver, receiver) == told


def test_only_a_live_transfer_of_resource_between_neighbours_moves_control_totals() -> None:
    assert lacking(20, 20, status="proposed") == ["T1 and T2"]
    assert lacking(20, 20, status="refused") == []
    assert lacking(20, 20, kind="deficit_support") == []
    assert lacking(20, 20, mechanism="position_improvement") == []
