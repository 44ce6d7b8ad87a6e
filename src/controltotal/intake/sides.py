"""Rows of the other side within a total of one: income among costs below nil, a credit, savings to find.

“Interest received (160)” in a total of positive costs takes from them; so does “Unidentified savings
(650)”. The total shows it: added up as it is written it agrees, and in no other way. Such a row counts,
in every later total, in its variance and in the book, as the side that it is written on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from controltotal.core.vocabulary import folded
from controltotal.intake.bottom_line import bottom_line, names_result
from controltotal.intake.labels import is_result
from controltotal.intake.model import Check
from controltotal.intake.money_columns import MONEY, Col
from controltotal.intake.rows import DATA, Line
from controltotal.intake.summed_rows import COSTS, INCOMES, RESULT, WHOLE, Book, Part, Summed

FINANCE_INCOME: Final = re.compile(
    r"^\W*(?:finance|investment|bank interest|interest)(?: and other)? (?:income|received|receivable)\b"
    r"|^\W*interest and investment income\b",
    re.IGNORECASE,
)
"""What interest received is called."""
TO_FIND: Final = "savings_unidentified"
_SIDES: Final = ("cost", "income")
_NET: Final = re.compile(r"\bnet\b", re.IGNORECASE)
_OF_COSTS: Final = re.compile(r"\b(?:costs?|expenditure|expenses?|spend)\b", re.IGNORECASE)
_OF_INCOME: Final = re.compile(r"\b(?:income|revenue)\b", re.IGNORECASE)


def side_named(book: Book, total: Line) -> str:
    """The side that a total names, cost or income; empty where it names neither, a net sum or a result."""
    name = total.of
    if not name or _NET.search(total.label) or is_result(name) or names_result(name):
        return ""
    if folded(name) in COSTS:
        return "cost"
    if folded(name) in INCOMES:
        return "income"
    account = book.known.lines.all.get(book.known.lines.named(name).line)
    if account is not None:
        return account.kind if account.kind in _SIDES and account.line not in WHOLE else ""
    costs, income = bool(_OF_COSTS.search(name)), bool(_OF_INCOME.search(name))
    return "" if costs == income else "cost" if costs else "income"


def one_side(book: Book, total: Line, rows: Sequence[Line]) -> str:
    """The side that rows of several kinds may be of together, added up as they are written.

    It is the one that the total names, or the one above nil where every row of another kind is below.
    Of a result there is none; nor of income and costs that the table writes with opposite signs.
    """
    if is_result(total.label) or names_result(total.label) or bottom_line(total.of):
        return ""
    kinds = set(map(book.kind, rows)) - {""}
    if RESULT in kinds:
        return ""
    if book.opposed:  # savings to find stand among the costs, as a credit does
        found = [line for line in rows if book.kind(line) == "position"]
        alone = kinds == {"cost", "position"} and all(to_find(book, line) for line in found)
        return "cost" if alone and side_named(book, total) != "income" else ""
    return side_named(book, total) or _side_of_most(book, rows)


def _side_of_most(book: Book, rows: Sequence[Line]) -> str:
    """The side above nil of rows of which all others stand below nil, and come to less."""
    for side in _SIDES:
        own = [pence for x in rows if book.kind(x) == side for pence in x.pence.values()]
        off = [x for x in rows if book.kind(x) not in (side, "")]
        other = [pence for x in off for pence in x.pence.values() if pence]
        if other and max(other) < 0 and sum(own) + sum(other) > 0:
            return side
    return ""


def counted_as(book: Book, found: Summed) -> str:
    """The side of a total that agrees with rows of several kinds as they are written; else empty."""
    lines = [part.line for part in found.parts]
    if not found.whole or any(part.times != 1 for part in found.parts):
        return ""
    return one_side(book, found.total, lines) if _is_mixed(book, lines) else ""


def as_one_side(book: Book, total: Line, rows: Sequence[Line]) -> tuple[Part, ...]:
    """Rows of several kinds as parts of one side; none where they are of no side together."""
    if not _is_mixed(book, rows) or not one_side(book, total, rows):
        return ()
    return tuple(Part(line, 1) for line in rows)


def other_side(book: Book, found: Summed, side: str) -> list[Line]:
    """The rows of data in a total of one side that their names would put on another."""
    return [x.line for x in found.parts if x.line.kind == DATA and book.kind(x.line) != side]


def to_find(book: Book, line: Line) -> bool:
    """Whether a row is of savings that nobody has found yet, which a book adds to nothing."""
    return line.kind == DATA and line.said.get("line") == TO_FIND


def below(line: Line) -> bool:
    """Whether a row stands below nil wherever it has money."""
    return any(line.pence.values()) and max(line.pence.values()) <= 0


def counted_in(book: Book, found: Summed, part: Part) -> str:
    """How a result counts a row of savings to find, or of income below nil: as income or as a cost.

    Empty of any other row, which counts as its name says.
    """
    costs = {one.times for one in found.parts if book.kind(one.line) == "cost"}
    side = "cost" if part.times in costs else "income"
    if to_find(book, part.line):
        return side
    credit = book.kind(part.line) == "income" and below(part.line) and not book.opposed
    return side if credit and side == "cost" else ""


def credits(rows: Sequence[Line], checks: Sequence[Check], columns: Sequence[Col]) -> list[Line]:
    """Rows below nil, by their names no costs, of which every variance is that of a cost."""
    turned: dict[int, bool] = {}
    for check in checks:
        if check.kind == "variance" and (check.expected or check.found):
            row = check.place[0]
            turned[row] = turned.get(row, True) and check.found == -check.expected
    money = [col.index for col in columns if col.role == MONEY]
    return [
        line
        for line in rows
        if line.kind == DATA
        and turned.get(line.row)
        and any(pence := [line.pence.get(column, 0) for column in money])
        and max(pence) <= 0
    ]


def cost_line(label: str) -> str:
    """The line of costs from which a row takes: of finance where it is interest, else other costs."""
    return "finance_costs" if FINANCE_INCOME.search(label) else "other_costs"


def _is_mixed(book: Book, rows: Sequence[Line]) -> bool:
    return len({book.kind(line) for line in rows} - {""}) > 1
