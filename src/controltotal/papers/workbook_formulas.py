"""Live formulas: only what our own numbers obey, to the penny, on the rows that are shown.

A view declares which columns are made of others and which rows are sums of others. Each is checked
in whole pence when it is written; where it does not hold, the number stands alone. A formula is made
of addresses of cells and nothing else: no text of a book is ever in one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controltotal.core.figure import Figure
from controltotal.papers.sections import Cell, TableView

SHARE_APART: Final = 1e-12
"""How far a share may be from the quotient of two sums and still be it."""
GRAMMAR: Final = re.compile(
    r"=(?:SUM\([A-Z]{1,3}\d+:[A-Z]{1,3}\d+\)|[A-Z]{1,3}\d+(?:[+-][A-Z]{1,3}\d+)*|"
    r"[A-Z]{1,3}\d+/[A-Z]{1,3}\d+)"
)
"""What every formula of ours looks like."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """A column made of others in its row: those added and those taken away, or a quotient."""

    target: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    over: str = ""


def identity(text: str) -> Identity:
    """Read an identity as a view writes it.

    >>> identity("variance = actual - plan")
    Identity(target='variance', plus=('actual',), minus=('plan',), over='')
    >>> identity("share = part / whole").over
    'whole'
    """
    target, equals, first, *rest = text.split()
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    if equals != "=" or any(sign not in "+-/" for sign, _ in pairs):
        raise ValueError(f"no identity: {text}")
    if [sign for sign, _ in pairs] == ["/"]:
        return Identity(target, (first,), over=pairs[0][1])
    plus = (first, *(key for sign, key in pairs if sign == "+"))
    return Identity(target, plus, tuple(key for sign, key in pairs if sign == "-"))


def value_of(value: Any) -> int | float | None:
    """The number of a cell; None where it has none or is no plain number."""
    if isinstance(value, Figure):
        return value.value if value.status != "bounded" else None
    if isinstance(value, Cell):
        return value.value
    told = isinstance(value, int | float) and not isinstance(value, bool)
    return value if told else None


def formulas(table: TableView, first_row: int) -> dict[tuple[int, int], str]:
    """The formulas of a table whose first row of numbers is `first_row` (from nought) of a sheet.

    By row and column of the table.

    >>> from controltotal.papers.sections import columns
    >>> rows = [{"a": 5, "b": 3, "c": 2}, {"a": 1, "b": 1, "c": 0}, {"a": 6, "b": 4, "c": 9}]
    >>> table = TableView("T", columns("a|A|money", "b|B|money", "c|C|money"), rows,
    ...     identities=("c = a - b",), totals={2: (0, 1)})
    >>> formulas(table, 4)
    {(0, 2): '=A5-B5', (1, 2): '=A6-B6', (2, 0): '=SUM(A5:A6)', (2, 1): '=SUM(B5:B6)'}
    """
    places = {column.key: at for at, column in enumerate(table.columns)}
    read = [identity(text) for text in table.identities]
    own = [one for one in read if {one.target, *one.plus, *one.minus} <= places.keys()]
    own = [one for one in own if not one.over or one.over in places]
    found = {}
    for at, row in enumerate(table.rows):
        for one in own:
            if _obeys(row, one):
                found[at, places[one.target]] = _of_columns(one, places, first_row + at)
        for key, column in places.items():
            parts = table.totals.get(at, ())
            if parts and _sums(table.rows, at, parts, key):
                found[at, column] = _of_rows(column, [first_row + part for part in parts])
    return found


def _obeys(row: Row, one: Identity) -> bool:
    """Whether a row holds an identity exactly; with whole pence, or a share to its last digits."""
    target = value_of(row.get(one.target))
    plus, minus = ([value_of(row.get(key)) for key in keys] for keys in (one.plus, one.minus))
    if one.over:
        below = value_of(row.get(one.over))
        if target is None or not below or plus[0] is None:
            return False
        return abs(plus[0] / below - target) < SHARE_APART
    if not all(isinstance(number, int) for number in (target, *plus, *minus)):
        return False
    return target == sum(n for n in plus if n is not None) - sum(n for n in minus if n is not None)


def _sums(rows: Sequence[Row], at: int, parts: Sequence[int], key: str) -> bool:
    """Whether a row is the sum of others in a column, exactly."""
    if not all(0 <= part < len(rows) and part != at for part in parts):
        return False
    total = value_of(rows[at].get(key))
    told = [n for n in (value_of(rows[part].get(key)) for part in parts) if n is not None]
    whole = isinstance(total, int) and all(isinstance(number, int) for number in told)
    return whole and bool(told) and sum(told) == total


def _of_columns(one: Identity, places: Mapping[str, int], row: int) -> str:
    def address(key: str) -> str:
        return f"{letters(places[key])}{row + 1}"

    if one.over:
        return f"={address(one.plus[0])}/{address(one.over)}"
    plus = "+".join(address(key) for key in one.plus)
    return f"={plus}" + "".join(f"-{address(key)}" for key in one.minus)


def _of_rows(column: int, rows: Sequence[int]) -> str:
    letter = letters(column)
    if list(rows) == list(range(rows[0], rows[0] + len(rows))) and len(rows) > 1:
        return f"=SUM({letter}{rows[0] + 1}:{letter}{rows[-1] + 1})"
    return "=" + "+".join(f"{letter}{row + 1}" for row in rows)


def letters(column: int) -> str:
    """The letters of a column counted from nought.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    found, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        found = chr(65 + place) + found
    return found
