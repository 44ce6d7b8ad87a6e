"""Which years and bodies of a book a question is about."""

from __future__ import annotations

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_of
from controltotal.core.schema import tables


def years_asked(position: Position, year: str | None) -> tuple[str, ...]:
    """The years to answer: the one asked for, else every year of the book, with its halves."""
    if year and len(year) > 7:
        return (year,)
    years = [year] if year else list(position.years)
    halves: dict[str, set[str]] = {}
    said = {(row.year, row.month) for row in position.book.amounts}
    said |= {(row.year, row.month) for row in position.book.control_totals}
    for one, half in said:
        if half in ("H1", "H2"):
            halves.setdefault(one, set()).add(half)
    found = []
    for one in years:
        found += [one, *(f"{one}-{half}" for half in sorted(halves.get(one, ())))]
    return tuple(found)


def bodies_asked(position: Position, year: str, organisation: str | None) -> tuple[str, ...]:
    """The bodies to answer for that exist in the year: all, or one and those below it."""
    tree = position.tree
    if organisation:
        asked: tuple[str, ...] = (organisation, *tree.descendants(organisation, year))
    else:
        asked = tuple(tree.organisations)
    return tuple(code for code in asked if tree.exists(code, year))


def speaks_of(position: Position, year: str) -> bool:
    """Whether a book says anything of a year: money, an act dated in it, or a repayment due."""
    if year in position.years:
        return True
    dated = (table.name for table in tables().values() if "year" in table.columns)
    if any(row.cell("year") == year for name in dated for row in position.rows(name)):
        return True
    if any(row.on is not None and year_of(row.on) == year for row in position.book.decisions):
        return True
    for transfer in position.book.transfers:
        first = transfer.repay_from or next_year(transfer.year)
        if year == first or first <= year < next_year(first, int(transfer.repay_years or 0)):
            return True
    return False
