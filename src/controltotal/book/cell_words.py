"""Cells of a row as people say them: money with its unit, whatever unit its row is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from controltotal.core.money import canonical_unit
from controltotal.core.schema import tables


def cell_words(table: str, column: str, cells: Mapping[str, str], unit: str = "£") -> str:
    """What a cell says; a sum without a unit of its own bears that of its row, else `unit`, the book's.

    >>> cell_words("schemes", "full_year_effect", {"full_year_effect": "2400", "unit": "£k"})
    '£2,400k'
    >>> cell_words("schemes", "title", {"title": "2400"})
    '2400'
    """
    text = cells.get(column, "")
    own = tables()[table].columns.get(column) if table in tables() else None
    if own is None or own.type != "money":
        return text
    try:
        sum_ = Decimal(text)
    except InvalidOperation:  # it says its unit itself, or is no sum
        return text
    kept = canonical_unit(cells.get("unit", "")) or canonical_unit(unit) or "£"
    return f"{'-' if sum_ < 0 else ''}£{abs(sum_):,f}{kept.removeprefix('£')}"
