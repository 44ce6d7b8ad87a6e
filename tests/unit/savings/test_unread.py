"""On whose total an opportunity bears that nobody could read, and what is said instead of it."""

from __future__ import annotations

from controltotal.savings.overlap.listed import read_listed
from controltotal.savings.overlap.unread import bears_on, unread, year_of_row
from tests.small_books import TREE, book
from tests.strategies import YEAR, Cells, amount, position_of

TREE_OF_THREE: list[Cells] = [
    *TREE,
    {"code": "S2", "name": "Other", "kind": "system"},
    {"code": "T3", "name": "Third", "kind": "provider", "parent": "S2"},
]


def one(name: str, body: str, unit: str = "£", **more: str) -> Cells:
    cells = {"id": name, "view": "v", "organisation": body, "category": "c", "value": "5"}
    return {**cells, "year": YEAR, "unit": unit, **more}


def bearing(*rows: Cells) -> dict[str, list[str]]:
    """By body, the rows that its total would have used."""
    position = position_of(book(tree=TREE_OF_THREE, opportunities=list(rows)))
    read = read_listed(position.book.opportunities, YEAR)
    lost = unread(position)
    return {
        body: [row.id for row in bears_on(position, read, body, YEAR, lost)]
        for body in ("S1", "T1", "T2", "S2", "T3")
    }


NOWHERE: dict[str, list[str]] = {"S1": [], "T1": [], "T2": [], "S2": [], "T3": []}


def test_a_row_bears_on_its_body_and_on_those_above_that_list_none_of_their_own() -> None:
    lost = one("X", "T1", "€")
    assert bearing(one("A", "T2"), lost) == {**NOWHERE, "T1": ["X"], "S1": ["X"]}
    assert bearing(one("A", "T2"), one("B", "S1"), lost) == {**NOWHERE, "T1": ["X"]}


def test_a_row_of_a_system_bears_on_it_alone() -> None:
    lost = one("X", "S1", "€"), one("Y", "T1", "€"), one("Z", "T3", "€")
    assert bearing(one("A", "T2"), *lost) == {
        **NOWHERE,
        "S1": ["X"],
        "T1": ["Y"],
        "S2": ["Z"],
        "T3": ["Z"],
    }


def test_only_opportunities_that_were_stopped_are_unread() -> None:
    rows = [one("A", "T1"), one("X", "T1", "€")]
    said = book(amount("T1", "pay", 1, unit="€"), tree=TREE, opportunities=rows)
    assert [row.id for row in unread(position_of(said))] == ["X"]


def test_a_row_whose_year_nobody_could_read_may_be_of_any() -> None:
    rows = [
        one("X", "T1", "€"),
        one("Y", "T1", year="last year"),
        one("Z", "T1", "€", year=""),
    ]
    position = position_of(book(amount("T1", "position", 1), tree=TREE, opportunities=rows))
    assert position.default_year == YEAR
    years = {row.id: year_of_row(row, position) for row in unread(position)}
    assert years == {"X": YEAR, "Y": "", "Z": YEAR}
