"""Whom an answer is about where nobody is named: the book's home, else the one of whom most is told."""

from __future__ import annotations

import pytest

from controltotal.core.scope import Body
from controltotal.workings.leading import leading, scope_of
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, control_total, position_of

TWO: list[Cells] = [
    *TREE,
    {"code": "S2", "name": "Other system", "kind": "system"},
    {"code": "T3", "name": "Third", "kind": "provider", "parent": "S2"},
    {"code": "C9", "name": "Board", "kind": "commissioner", "parent": "S2"},
]


def workings(
    *rows: Cells, home: str = "", tree: list[Cells] = TWO, **tables: list[Cells]
) -> Workings:
    settings = [{"key": "default_unit", "value": "£"}]
    settings += [{"key": "home", "value": home}] if home else []
    return Workings(position_of(book(*rows, tree=tree, book=settings, **tables)))


def position(code: str, **more: str) -> Cells:
    return amount(code, "position", 1, **more)


def lead(*rows: Cells, **more: str) -> str:
    return leading(workings(*rows, **more), YEAR)


def test_the_home_of_a_book_leads_though_others_tell_more() -> None:
    assert lead(position("S1"), home="T3") == "T3"
    assert lead(position("S1"), home="X") == "S1"  # it is not in the book


def test_bodies_are_told_in_the_order_of_the_tree_with_their_depth() -> None:
    found = scope_of(workings(position("S2")), YEAR)
    assert [one.code for one in found.bodies] == ["S1", "T1", "T2", "S2", "C9", "T3"]
    assert found.bodies[1] == Body("T1", "First", "provider", 1)
    assert [one.depth for one in found.bodies] == [0, 1, 1, 0, 1, 1]
    assert found.lead == "S2" and found.year == YEAR


def test_a_system_of_which_a_position_is_told_leads_before_its_bodies() -> None:
    assert lead(position("S2"), position("T1")) == "S2"
    assert lead(position("T1")) == "T1"  # of its system nothing is known: the other body tells none
    assert lead(position("T3"), position("C9")) == "S2"  # all of its bodies tell
    assert lead(position("T1"), position("C9")) == "C9"  # a commissioner before a provider


def test_of_two_systems_the_one_with_more_told_leads_then_the_one_with_more_below() -> None:
    assert lead(position("S1"), position("S2"), position("S2", basis="forecast")) == "S2"
    more = [*TWO, {"code": "T4", "name": "Fourth", "kind": "provider", "parent": "S2"}]
    assert leading(workings(position("S1"), position("S2"), tree=more), YEAR) == "S2"
    assert lead(position("S1"), position("S2")) == "S1"  # as many below each: the first by code


def test_one_with_a_gap_alone_leads_where_no_position_is_told() -> None:
    gap = {"organisation": "T3", "fact": "gap", "year": YEAR, "value": "5", "unit": "£"}
    assert leading(workings(amount("T1", "pay", 1), facts=[gap]), YEAR) == "T3"
    both = workings(position("T2"), facts=[gap])
    assert leading(both, YEAR) == "T2"


def test_a_gap_makes_more_told() -> None:
    rows = position("T2"), position("T3")
    assert lead(*rows) == "T2"
    said = workings(*rows, control_totals=[control_total("T3", 1)])
    assert leading(said, YEAR) == "T3"


@pytest.mark.parametrize("year", ["", "2019-20"])
def test_nobody_leads_a_year_without_a_body(year: str) -> None:
    tree: list[Cells] = [{**row, "from": "2020-04-01"} for row in TWO]
    found = scope_of(workings(position("S1"), tree=tree), year)
    assert (found.bodies, found.lead) == ((), "")
