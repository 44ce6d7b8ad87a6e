"""Two columns of a register that may each be its gross value: the figures tell which, or it is asked.

The word that says more comes first (*Gross* before *Value*). What stands under the other must then be
the same, gross times chance, or a score; else a figure that nobody looks at could be read for the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from controltotal.core.money import PENCE_PER, MoneyError
from controltotal.intake.cells import Cells, Unread
from controltotal.intake.fields import Field
from controltotal.intake.model import Seen
from controltotal.intake.ranges import holds_range, place_in_range
from controltotal.intake.worth import exact_of, share_of

_GROSS: Final = "gross"
_MEANS: Final = ("gross", "amount", "value")
"""What a heading of the gross value means, the surest first."""
_UNIT: Final = "£k"
"""Any unit does, where sums are only compared."""
_SCORES: Final = 25
"""The highest score of a matrix of five by five."""


def with_rivals(fields: Sequence[Field], seen: Seen) -> list[Field]:
    """The columns of a table, those alike in what they mean that no figure tells apart.

    Columns that mean the same are asked about (`choosing`), and never chosen between.
    """
    sure = [one for one in fields if one.column == _GROSS and one.how == "exact"]
    if not sure or any(one.column == _GROSS and one.how == "mapping" for one in fields):
        return list(fields)
    first = min(sure, key=_rank)
    others = [one for one in sure if _rank(one) > _rank(first)]
    others += [one for one in _middles(fields, seen, first) if one not in sure]
    chance = next((one for one in fields if one.column == "chance" and one.how != "near"), None)
    found = list(fields)
    for other in others:
        at = found.index(other)
        if why := _explained(seen, first, other, chance):
            found[at] = replace(other, column="", why=why)
        else:
            head = replace(other.head, means=first.head.means)
            found[at] = Field(head, _GROSS, "exact")
    return found


def _middles(fields: Sequence[Field], seen: Seen, first: Field) -> list[Field]:
    """The middle of a range, where the value is hidden or its heading says little."""
    clear = first.head.means == _GROSS and first.at not in seen.grid.hidden_columns
    if clear or not holds_range(one.head for one in fields):
        return []
    return [one for one in fields if place_in_range(one.head) == "middle"]


def _rank(one: Field) -> int:
    return _MEANS.index(one.head.means) if one.head.means in _MEANS else len(_MEANS)


def _explained(seen: Seen, first: Field, other: Field, chance: Field | None) -> str:
    """What the figures show that another column is beside the first; empty where they do not tell."""
    cells = Cells(seen.grid, stored=True)
    pairs = list(_pairs(seen, cells, first, other))
    name = first.head.text
    if not pairs:
        return f"“{name}” says the value, and nothing stands beside it"
    if all(abs(value) == abs(own) for _, value, own in pairs):
        return f"the same as “{name}” in every row"
    small = all(abs(own) <= _SCORES * PENCE_PER[_UNIT] for _, _, own in pairs)
    whole = all(own % PENCE_PER[_UNIT] == 0 and own > 0 for _, _, own in pairs)
    large = any(abs(value) > _SCORES * PENCE_PER[_UNIT] for _, value, _ in pairs)
    if small and whole and large and other.at not in seen.grid.hidden_columns:
        return "a score"
    finest = cells.finest.get(_UNIT, 0)
    slack = Fraction(PENCE_PER[_UNIT], 2 * 10**finest)
    shares = {row: _share(seen, row, chance) for row, _, _ in pairs}
    if all(
        (share := shares[row]) is not None and abs(abs(value) * share - abs(own)) <= slack
        for row, value, own in pairs
    ):
        return f"“{name}” times chance"
    return ""


def _pairs(
    seen: Seen, cells: Cells, first: Field, other: Field
) -> Iterator[tuple[int, Fraction, Fraction]]:
    """The rows in which both columns hold a sum, with these."""
    for row in range(seen.first, seen.last + 1):
        sums = [(one.at, cells.pence(row, one.at, _UNIT)) for one in (first, other)]
        read = [
            Fraction(exact_of(cells, row, at, pence))
            for at, pence in sums
            if pence is not None and not isinstance(pence, Unread)
        ]
        if len(read) == len(sums):
            yield row, read[0], read[1]


def _share(seen: Seen, row: int, chance: Field | None) -> Fraction | None:
    """The chance of a row, also as a number of hundredths; None where it says none."""
    value = None if chance is None else seen.grid.value(row, chance.at)
    if value is None:
        return None
    try:
        return Fraction(share_of(value))
    except MoneyError:
        return Fraction(str(value)) / 100 if isinstance(value, int | float) else None
