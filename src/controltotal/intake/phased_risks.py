"""A register whose values stand by month beside the value of the year, which they make.

A book holds the value of a risk and not its months. Columns of months are left out where in every row
they make the one value beside them; else they are asked about, since they may be what the register says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from controltotal.intake.cells import Cells, Unread
from controltotal.intake.fields import Field
from controltotal.intake.model import Seen
from controltotal.intake.sums import Money
from controltotal.intake.worth import exact_of, same

_PARTS: Final = ("month", "quarter")
_UNIT: Final = "£k"
"""Any unit does, where sums are only compared."""


def months_beside(fields: Sequence[Field], seen: Seen) -> list[Field]:
    """Columns of months that in every row make the one gross value are left out, and say so."""
    said = [one for one in fields if one.column == "gross" and one.how == "exact"]
    parts = [one for one in said if one.head.measure.span in _PARTS and one.head.measure.number]
    wholes = [one for one in said if one not in parts]
    if len(parts) < 2 or len(wholes) != 1 or not _makes(seen, parts, wholes[0]):
        return list(fields)
    why = f"a part of “{wholes[0].head.text}”, which the months make in every row"
    return [replace(one, column="", why=why) if one in parts else one for one in fields]


def _makes(seen: Seen, parts: Sequence[Field], whole: Field) -> bool:
    """Whether the parts make the whole in every row that has either; and some row has both."""
    cells, found = Cells(seen.grid, stored=True), 0
    for row in range(seen.first, seen.last + 1):
        value = _exact(cells, row, whole.at)
        some = [worth for one in parts if (worth := _exact(cells, row, one.at)) is not None]
        if value is None and not some:
            continue
        if value is None or not same(sum(some, start=0), value):
            return False
        found += bool(some and value)
    return found > 0


def _exact(cells: Cells, row: int, column: int) -> Money | None:
    pence = cells.pence(row, column, _UNIT)
    if pence is None or isinstance(pence, Unread):
        return None
    return exact_of(cells, row, column, pence)
