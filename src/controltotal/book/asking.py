"""Which years and bodies of a book a question is about."""

from __future__ import annotations

from controltotal.book.fold import Position


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
    """The bodies to answer for: all that exist in the year, or one and those below it."""
    tree = position.tree
    if organisation:
        return (organisation, *tree.descendants(organisation, year))
    return tuple(code for code in tree.organisations if tree.exists(code, year))
