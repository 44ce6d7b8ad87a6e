"""How finely a book was written, and so how far a stated total may lie from its parts.

A table in £m with one decimal says each sum to the nearest £0.1 million: half of that either way
for each part, and half for the total. The precision of a sum is that of the finest amount of the
same table, unit and year; sums in whole pounds have no band.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from math import sqrt
from typing import Final

from controltotal.book.amount_table import AmountTable
from controltotal.book.record import Record
from controltotal.book.records import Amount, ControlTotal, Transfer
from controltotal.core.money import PENCE_PER

_NUMBER = re.compile(r"\d[\d,\u00a0\u2009\u202f ]*(?:\.(\d+))?|\.(\d+)", re.ASCII)
UNITS: Final = tuple(sorted({*PENCE_PER.values(), 100_000_000_000}))
"""Pence in one pound, thousand, million and billion."""
_DECIMALS: Final = 4096
"""More than any sum is written with."""
FULLY_ALLOWED: Final = 50
"""So many rows may each be rounded the same way; of more some go up and some down."""


class Precision:
    """The step in pence to which each amount, control total and transfer was written."""

    def __init__(self, rows: Iterable[Record], others: Iterable[Record] = ()) -> None:
        self._finest: dict[tuple[str, int, str], int] = {}
        if isinstance(rows, AmountTable):
            self._finest |= _finest_of(rows)
            rows = ()
        for row in (*rows, *others):
            if isinstance(row, Amount | ControlTotal | Transfer):
                told = written(row)
                if told is not None:
                    unit, decimals = told
                    key = (row.table, unit, row.year)
                    self._finest[key] = max(decimals, self._finest.get(key, 0))

    def step(self, row: Record) -> int:
        """The last place to which a row is told, in pence; nil where it is told in pounds."""
        if not isinstance(row, Amount | ControlTotal | Transfer):
            return 0
        told = written(row)
        if told is None or told[0] == UNITS[0]:
            return 0
        unit, decimals = told
        finest = max(decimals, self._finest.get((row.table, unit, row.year), 0))
        return int(unit // 10**finest)

    def meets(self, stated: int, made: int, rows: Iterable[Record]) -> bool:
        """Whether a stated total agrees with its parts, within what rounding allows.

        `rows` are those of the total and of the parts: half a step of each, up to fifty of them;
        errors of more than that never all lie on one side, and four deviations are allowed.
        """
        off = abs(stated - made)
        if not off:
            return True
        steps = [step for step in map(self.step, rows) if step]
        if not steps:
            return False
        usual = 4 * sqrt(sum(step * step for step in steps) / 12)
        most = max(FULLY_ALLOWED * max(steps) / 2, usual)
        return off <= min(sum(steps) / 2, most)


def _finest_of(table: AmountTable) -> dict[tuple[str, int, str], int]:
    """The most decimals of amounts by unit and year."""
    import numpy as np

    columns, year = table.columns, table.labels("year")
    key = (columns.scale * _DECIMALS + columns.decimals) * len(year.values) + year.codes
    found: dict[tuple[str, int, str], int] = {}
    for packed in np.unique(key[columns.scale > 0]).tolist():
        rest, code = divmod(packed, len(year.values))
        unit, decimals = divmod(rest, _DECIMALS)
        about = ("amounts", unit, year.values[code])
        found[about] = max(decimals, found.get(about, 0))
    return found


def written(row: Amount | ControlTotal | Transfer) -> tuple[int, int] | None:
    """The unit of a sum in pence and the decimals that it was written with; None for nil."""
    if not row.amount:
        return None
    text = row.texts.get("amount", "")
    whole, _, part = text.partition(".")
    digits = whole + part
    if digits.isascii() and digits.isdigit():  # what most cells say needs no closer look
        size = abs(row.amount) * 10 ** len(part)
        for unit in UNITS:
            if size == int(digits) * unit:
                return unit, len(part)
    return _as_typed(text, abs(row.amount))


def _as_typed(text: str, size: int) -> tuple[int, int] | None:
    """The same of a number with signs, commas or a unit of its own."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    number = Decimal(re.sub(r"[^\d.]", "", found[0]))
    if not number:
        return None
    near = min(UNITS, key=lambda unit: abs(size - number * unit))
    return near, len(found[1] or found[2] or "")
