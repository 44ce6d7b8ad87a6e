"""Whose course by month is kept: all of a small book, else the groupings first, as far as there is room."""

from __future__ import annotations

import pytest

from controltotal.outlook import delivery
from controltotal.outlook.delivery import RiskOptions, _fan_nodes
from controltotal.workings.totals import Totals
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

TWO: list[Cells] = [
    *TREE,
    {"code": "R1", "name": "Region", "kind": "region"},
    {**TREE[0], "parent": "R1"},
]


def totals(tree: list[Cells]) -> Totals:
    return Workings(position_of(book(amount("T1", "position", 1), tree=tree))).totals


def nodes(draws: int = 1_000, organisation: str | None = None) -> list[str]:
    known = totals([TWO[3], TWO[4], *TREE[1:]])
    return _fan_nodes(known, RiskOptions(YEAR, draws=draws, organisation=organisation))


def room_for(count: int) -> int:
    """So many draws that the courses of so many nodes fit in memory."""
    return delivery.FAN_NUMBERS_MOST // (12 * count)


def test_a_small_book_keeps_every_course() -> None:
    assert sorted(nodes()) == ["R1", "S1", "T1", "T2"]
    assert sorted(nodes(organisation="S1")) == ["S1", "T1", "T2"]


def test_where_there_is_no_room_for_all_groupings_come_first() -> None:
    assert nodes(room_for(4)) == ["R1", "S1", "T1", "T2"]
    assert nodes(room_for(3)) == ["S1", "R1", "T1"]
    assert nodes(room_for(2)) == ["S1", "R1"]
    assert nodes(room_for(1)) == ["S1"]
    assert nodes(delivery.FAN_NUMBERS_MOST) == ["S1"]  # one there always is
    assert nodes(room_for(1), "T2") == ["T2"]  # that which was asked for
    assert nodes(room_for(2), "S1") == ["S1", "T1"]


def test_of_a_large_book_bodies_without_any_below_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "FAN_NODES_ALL", 3)
    assert sorted(nodes()) == ["R1", "S1"]
    assert sorted(nodes(organisation="S1")) == ["S1", "T1", "T2"]  # three are not more than three
    monkeypatch.setattr(delivery, "FAN_NODES_ALL", 0)
    assert nodes(organisation="T1") == ["T1"]
