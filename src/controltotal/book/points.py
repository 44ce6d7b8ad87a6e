"""Points that may stand for the commas of thousands: `400.000` beside `400,000`.

A point followed by three figures is a decimal point in most books, and in some it parts thousands.
Alone, or among other decimals of the same body, it is read as it stands. Where the same column and
unit also holds numbers with commas, nothing shows that the body writes decimals, and reading the
point as a comma brings the sum to the size of the others, nobody can say which is meant: the row
is stopped and asked about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from statistics import median
from typing import Final

from controltotal.book.record import Record, field_of
from controltotal.book.remembered import Remembered, by_table, flat
from controltotal.core.finding import Finding, Place, grouped
from controltotal.core.money import PENCE_PER, looks_in_thousands
from controltotal.core.schema import tables

NEAR: Final = 30
"""How many times as large or small as the usual one a sum may be and still be of its size."""
_IN_COMMAS = re.compile(r"[^\d]*\d{1,3}(?:,\d{3})+[^\d.]*", re.ASCII)


def points_in_doubt(
    rows: Iterable[Record],
    default_unit: str,
    decimal: Mapping[str, Collection[str]],
    parts: Remembered | None = None,
) -> tuple[list[Record], list[Finding]]:
    """Rows whose point may be a comma, and what is told of them: one finding a column.

    `decimal` are by unit the bodies of which amounts that are not among the rows have decimals.
    """
    parts = parts or Remembered()
    found = [
        parts.recall(("points", name), asked, _of_table, *asked)
        for name, own in by_table(rows).items()
        if _money_columns(name)
        for asked in [(own, default_unit, decimal)]
    ]
    return flat(lost for lost, _ in found), grouped(flat(told for _, told in found))


def _of_table(
    rows: Iterable[Record], default_unit: str, decimal: Mapping[str, Collection[str]]
) -> tuple[list[Record], list[Finding]]:
    """The same of the rows of one table."""
    columns: dict[tuple[str, str, str], list[Record]] = {}
    for row in rows:
        for column in _money_columns(row.table):
            if column in row.texts:
                unit = row.cell("unit") if row.has("unit") else None
                columns.setdefault((row.table, column, unit or default_unit), []).append(row)
    lost: dict[int, Record] = {}
    told: list[Finding] = []
    for (table, column, unit), found in columns.items():
        others = decimal.get(unit, ()) if table == "amounts" else ()
        for row in _in_doubt(found, column, unit, others):
            lost[row.entry] = row
            told.append(_told(row, column))
    return list(lost.values()), told


@cache
def _money_columns(table: str) -> Sequence[str]:
    return [column.name for column in tables()[table].columns.values() if column.type == "money"]


def _in_doubt(
    rows: Sequence[Record], column: str, unit: str, others: Iterable[str] = ()
) -> list[Record]:
    """The rows of one column and unit whose point may be a comma."""
    pointed = [row for row in rows if looks_in_thousands(row.texts[column])]
    if not pointed:
        return []
    sizes = [_size(row, column) for row in rows if _IN_COMMAS.fullmatch(row.texts[column])]
    if not sizes or unit not in PENCE_PER:
        return []
    usual = median(sizes)
    decimal = set(others)
    decimal |= {
        row.body
        for row in rows
        if "." in row.texts[column] and not looks_in_thousands(row.texts[column])
    }
    return [
        row
        for row in pointed
        if row.body not in decimal
        and _size(row, column) * NEAR < usual
        and usual <= _size(row, column) * 1000 * NEAR
        and _size(row, column) * 1000 <= usual * NEAR
    ]


def _size(row: Record, column: str) -> int:
    return abs(int(getattr(row, field_of(row.table, column)) or 0))


def _told(row: Record, column: str) -> Finding:
    text = row.texts[column]
    return Finding(
        code="AMBIGUOUS_NUMBER",
        severity="error",
        organisation=row.body,
        where=row.where,
        message=f"{column} reads {text!r}, and other rows part thousands with a comma: the point may "
        "be one.",
        expected="thousands parted in one way in the whole column",
        found=text,
        action="Write thousands with a comma in every row, or leave out the noughts after the point.",
        detail=row.detail,
        at=(Place(row.table, row.number, column, row.entry),),
    )
