"""Small books whose figures contradict themselves, drawn from the number of a case, and what is told.

A failure names a book that anybody can make again.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from controltotal.accounts.checks import findings
from controltotal.accounts.statement import answer_position
from controltotal.book.asking import years_asked
from controltotal.book.doubt import doubts
from controltotal.book.fold import Position
from controltotal.book.records import Amount, ControlTotal
from controltotal.core.finding import Finding
from controltotal.workings.workings import Workings
from tests.amount_tables import table_of
from tests.strategies import YEAR, Book, Cells, position_of

CASES = range(30)
MONTHS = range(1, 13)
TREE: list[Cells] = [
    {"code": "S1", "name": "System", "kind": "system"},
    {"code": "T1", "name": "First", "kind": "provider", "parent": "S1"},
    {"code": "T2", "name": "Second", "kind": "provider", "parent": "S1"},
    {"code": "T3", "name": "Third", "kind": "provider", "parent": "S1"},
]
ALONE: list[Cells] = [
    {"code": "T1", "name": "First", "kind": "provider"},
    *({"code": code, "name": code, "kind": "pool"} for code in ("T2", "T3", "C9")),
]
TOLD = {
    "SIGNS_TURNED",
    "TOTAL_BESIDE_PARTS",
    "CUMULATIVE_MONTHS",
    "LOOKS_CUMULATIVE",
    "YEAR_NOT_OVER",
    "YEAR_DIFFERS_FROM_MONTHS",
    "CONTROL_TOTAL_SIGN",
    "COUNTED_TWICE",
    "PART_YEARS",
    "SCALE",
    "STATED_TOTAL_DIFFERS",
    "POSITION_DIFFERS_FROM_LINES",
    "MONTHS_INCOMPLETE",
    "CHILDREN_INCOMPLETE",
}


def drawn(case: int, kind: str) -> random.Random:
    return random.Random(f"{kind} {case}")


def row(code: str, line: str, value: object, basis: str = "plan", **more: object) -> Cells:
    cells = {"organisation": code, "line": line, "year": YEAR, "basis": basis, "amount": str(value)}
    return cells | {name: str(cell) for name, cell in more.items() if cell}


def book(*amounts: Cells, unit: str = "£k", **tables: Sequence[Cells]) -> Book:
    settings = [{"key": "default_unit", "value": unit}, {"key": "fictional", "value": "yes"}]
    return {"book": settings, "organisations": ALONE, "amounts": amounts, **tables}


def said(position: Position) -> list[Finding]:
    found = findings(Workings(position), years_asked(position, None))
    return [one for one in found if one.code in TOLD]


def said_in_both(position: Position) -> list[Finding]:
    """What is said of a book row by row, which must be what is said of the same rows as columns."""
    _alike(position)
    return said(position)


def _alike(position: Position) -> None:
    """The doubts of a reading are the same whether its amounts are records or columns."""
    back = [row for row in position.stopped if getattr(row, "amount", None) is not None]
    rows = [*position.book.amounts, *(row for row in back if isinstance(row, Amount))]
    totals = [*position.book.control_totals, *(r for r in back if isinstance(r, ControlTotal))]
    rows.sort(key=lambda row: row.number)
    totals.sort(key=lambda row: row.number)
    lost = tuple(row for row in position.stopped if row not in set(back))
    found = []
    for amounts in (tuple(rows), table_of(*rows)):
        book = replace(position.book, amounts=amounts, control_totals=tuple(totals))
        findings, stops = doubts(replace(position, book=book, stopped=lost))
        found.append((findings, {(row.table, row.number) for row in stops}))
    assert found[0] == found[1], "rows and columns are told apart"


def stopped(said_in: Book, code: str, figure: str) -> Finding:
    """The one error of a code, with the figure that it leaves untold."""
    position = position_of(said_in)
    errors = [one for one in said(position) if one.severity == "error"]
    assert [one.code for one in errors] == [code], errors
    told = answer_position(Workings(position)).figure(figure)
    assert told is not None and (told.value, told.status) == (None, "indeterminate"), told
    assert position.stopped
    return errors[0]


def passes(said_in: Book, figure: str, pounds: float) -> None:
    """Nothing is told, and the figure is what was meant, in the pounds of the book's own unit."""
    position = position_of(said_in)
    assert said(position) == []
    assert position.stopped == ()
    told = answer_position(Workings(position)).figure(figure)
    assert told is not None and told.value == round(pounds * 100), told


PLAN, ACTUAL = f"surplus/T1/{YEAR}/plan", f"surplus/T1/{YEAR}/actual"
K = 1_000
