"""The surplus of a body worked out the slow and obvious way, from a book's rows as typed.

Written from the definition alone, sharing nothing with the program but its two lists (periods and
lines): a stated position stands; else income less cost, both needed, each line whole; a parent is
the sum of the bodies below; where one is missing, what is stated stands, else nothing can be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from controltotal.core.calendar import PERIODS
from controltotal.core.datafiles import packaged_rows
from tests.strategies import YEAR, Book, Cells

KINDS = {row["line"]: (row["kind"], row["added"] == "yes") for row in packaged_rows("lines.csv")}
GROUPS = ("nation", "region", "cluster", "system")


def plain_surplus(book: Book, code: str, basis: str = "plan") -> int | None:
    """Pounds, or None where it cannot be told."""
    body = next(row for row in book["organisations"] if row["code"] == code)
    below = [row["code"] for row in book["organisations"] if row.get("parent") == code]
    own = plain_own(book, code, basis)
    if not below:
        return own
    parts = [plain_surplus(book, child, basis) for child in below]
    if None not in parts and body.get("complete") != "no":
        return sum(part or 0 for part in parts)
    return own if body["kind"] in GROUPS else None


def plain_own(book: Book, code: str, basis: str) -> int | None:
    """The surplus that a body's own rows state."""
    rows = [
        row
        for row in book["amounts"]
        if (row["organisation"], row["basis"], row["year"]) == (code, basis, YEAR)
        and not row.get("scheme")
    ]
    stated = [row for row in rows if row["line"] == "position"]
    if stated:
        return plain_year(stated)
    lines = {row["line"] for row in rows if KINDS[row["line"]][1]}
    if {KINDS[line][0] for line in lines} != {"income", "cost"}:
        return None
    total = 0
    for line in lines:
        value = plain_year([row for row in rows if row["line"] == line])
        if value is None:
            return None
        total += value if KINDS[line][0] == "income" else -value
    return total


def plain_year(rows: Sequence[Cells]) -> int | None:
    """A year from its row, else its halves, quarters or months: each month once, none missing."""
    total, left = 0, set(PERIODS[""])
    for row in sorted(rows, key=lambda row: -len(PERIODS[row.get("month", "")])):
        months = set(PERIODS[row.get("month", "")])
        if months <= left:
            total, left = total + int(row["amount"]), left - months
    return None if left else total
