"""Small generated books, read into a Position through the ledger without touching a disk.

A book is a mapping of table to rows of text, as a person would type them. `position_of` makes
entries of it and folds them; `books()` draws whole systems of a few bodies with plans that are
stated, given by line, by month or left out, with support, control totals and schemes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from hypothesis import strategies as st

from controltotal.book.fold import Position, fold
from controltotal.core.money import exact_text
from controltotal.ledger.entries import numbered, put
from controltotal.ledger.source import BookSource

Cells = Mapping[str, str]
Book = Mapping[str, Sequence[Cells]]

YEAR = "2026-27"
SYSTEMS = ("S1", "S2")
INCOME = ("patient_care_income", "other_income")
COST = ("pay", "non_pay", "drugs")
BASE: Book = {"book": [{"key": "default_unit", "value": "£"}, {"key": "fictional", "value": "yes"}]}


def source_of(book: Book, name: str = "generated") -> BookSource:
    """The entries of a book, table by table and row by row as reading a folder makes them."""
    drafts = [
        put(table, number, row.items(), origin=f"{table}.csv||A{number}")
        for table, rows in {**BASE, **book}.items()
        for number, row in enumerate(rows, start=2)
    ]
    digest = f"sha256:{sha256(repr(drafts).encode()).hexdigest()}"
    return BookSource(name, numbered(drafts), (), {}, {}, digest=digest)


def position_of(book: Book, as_at: str | int | date | None = None) -> Position:
    """The Position of a book."""
    return fold(source_of(book), as_at)


def shuffled(book: Book, seed: int) -> dict[str, list[Cells]]:
    """The same rows, in another order within each table."""
    draw = random.Random(seed)
    return {table: draw.sample(list(rows), len(rows)) for table, rows in book.items()}


def scaled(book: Book, factor: int) -> dict[str, list[Cells]]:
    """The same book with every sum of money multiplied; shares and counts stay."""
    money = {"amount", "full_year_effect", "gross", "baseline", "investment"}
    return {
        table: [
            {k: str(int(v) * factor) if k in money else v for k, v in row.items()} for row in rows
        ]
        for table, rows in book.items()
    }


def without(book: Book, table: str, index: int) -> dict[str, list[Cells]]:
    """The same book less one row."""
    return {
        name: [row for n, row in enumerate(rows) if (name, n) != (table, index)]
        for name, rows in book.items()
    }


def amount(organisation: str, line: str, pounds: int, **more: str) -> Cells:
    """A row of amounts, in pounds; plan of the usual year unless told otherwise."""
    row = {"organisation": organisation, "line": line, "year": YEAR, "basis": "plan"}
    return {**row, **more, "amount": str(pounds)}


def control_total(organisation: str, pounds: int, **more: str) -> Cells:
    """An accepted control total of the usual year."""
    row = {
        "organisation": organisation,
        "year": YEAR,
        "status": "accepted",
        "set_by": "region",
        "set_on": "2026-01-20",
    }
    return {**row, **more, "amount": str(pounds)}


def pounds(pence: int) -> str:
    """Pence as a book in pounds would hold them."""
    return exact_text(pence, "£")


@dataclass(frozen=True)
class Shape:
    """How much of a body's plan is written down, and how."""

    how: str
    income: Sequence[int]
    cost: Sequence[int]


sums = st.integers(min_value=-50_000, max_value=900_000)
positive = st.integers(min_value=0, max_value=900_000)


def rows_of(code: str, shape: Shape) -> list[Cells]:
    """The amounts of one body."""
    if shape.how == "nothing":
        return []
    surplus = sum(shape.income) - sum(shape.cost)
    if shape.how == "stated":
        return [amount(code, "position", surplus)]
    if shape.how == "income only":
        return [amount(code, INCOME[0], sum(shape.income))]
    if shape.how == "by month":
        each, rest = divmod(surplus, 12)
        return [
            amount(code, "position", each + (rest if month == 12 else 0), month=str(month))
            for month in range(1, 13)
        ]
    rows = [amount(code, line, value) for line, value in zip(INCOME, shape.income, strict=False)]
    rows += [amount(code, line, value) for line, value in zip(COST, shape.cost, strict=False)]
    if shape.how == "by line and quarter":
        return [
            amount(code, str(row["line"]), part, month=quarter)
            for row in rows
            for quarter, part in zip(
                ("Q1", "Q2", "Q3", "Q4"), _quarters(int(row["amount"])), strict=True
            )
        ]
    return rows


def _quarters(value: int) -> list[int]:
    each, rest = divmod(value, 4)
    return [each, each, each, each + rest]


WHOLE = ("stated", "by line", "by month", "by line and quarter")
ANY = (*WHOLE, "nothing", "income only")


@st.composite
def shapes(draw: st.DrawFn, hows: Sequence[str]) -> Shape:
    """What a body writes down."""
    return Shape(
        draw(st.sampled_from(hows)),
        draw(st.lists(positive, min_size=1, max_size=2)),
        draw(st.lists(positive, min_size=1, max_size=3)),
    )


@st.composite
def books(draw: st.DrawFn, whole: bool = True, support: bool = True) -> dict[str, list[Cells]]:
    """A nation, a region, two systems and up to five trusts of them, with all that may follow.

    `whole`: every trust reports a full plan, so that every sum can be told.
    """
    trusts = [f"T{n}" for n in range(1, draw(st.integers(2, 5)) + 1)]
    organisations: list[Cells] = [
        {"code": "N0", "name": "Nation", "kind": "nation"},
        {"code": "R0", "name": "Region", "kind": "region", "parent": "N0"},
        *({"code": s, "name": s, "kind": "system", "parent": "R0"} for s in SYSTEMS),
    ]
    amounts: list[Cells] = []
    for number, code in enumerate(trusts):
        parent = SYSTEMS[0] if number == 0 else draw(st.sampled_from(SYSTEMS))
        parent = SYSTEMS[1] if number == 1 else parent
        organisations.append({"code": code, "name": code, "kind": "provider", "parent": parent})
        amounts += rows_of(code, draw(shapes(WHOLE if whole else ANY)))
    book: dict[str, list[Cells]] = {"organisations": organisations, "amounts": amounts}
    targets = draw(st.sets(st.sampled_from(trusts)))
    book["control_totals"] = [
        control_total(code, draw(sums), includes_support=draw(st.sampled_from(("yes", "no", ""))))
        for code in sorted(targets)
    ]
    if support:
        book["transfers"] = draw(transfers(trusts))
    return book


@st.composite
def transfers(draw: st.DrawFn, bodies: Sequence[str]) -> list[Cells]:
    """Support between bodies, of every mechanism and status."""
    found: list[Cells] = []
    for number in range(draw(st.integers(0, 3))):
        giver, receiver = draw(st.permutations(list(bodies)))[:2]
        row = {
            "id": f"N{number}",
            "from": giver,
            "to": receiver,
            "year": YEAR,
            "amount": str(draw(st.integers(1, 90_000))),
            "kind": "neighbour_support",
            "mechanism": draw(
                st.sampled_from(
                    ("resource_transfer", "position_improvement", "allocation_reduction")
                )
            ),
            "status": draw(st.sampled_from(("agreed", "proposed", "refused", "lapsed"))),
        }
        years = draw(st.integers(0, 4))
        found.append({**row, "repay_years": str(years)} if years else row)
    return found
