"""The smallest books: a body alone or a system of two, with what a test says of them in pounds."""

from __future__ import annotations

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.fold import Position
from controltotal.workings.workings import Workings
from tests.strategies import YEAR, Book, Cells, position_of

TREE: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
]
ALONE: list[Cells] = [{"code": "T1", "name": "First", "kind": "provider"}]


def book(*amounts: Cells, tree: list[Cells] | None = None, **tables: list[Cells]) -> Book:
    return {"organisations": tree or ALONE, "amounts": list(amounts), **tables}


def surplus(said: Book, code: str = "T1", basis: str = "plan", year: str = YEAR) -> int | None:
    """In pounds."""
    pence = Workings(position_of(said)).totals.surplus(code, year, basis).pence
    return None if pence is None else pence // 100


def figure(said: Book, name: str, as_at: str | None = None) -> tuple[int | float | None, str]:
    found = answer_position(Workings(position_of(said, as_at))).figure(name)
    assert found is not None, name
    return (None if found.value is None else found.value / 100, found.status)


def codes(position: Position) -> list[str]:
    return sorted(f.code for f in findings(Workings(position), years_asked(position, None)))
