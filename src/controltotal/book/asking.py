"""Which years and bodies of a book a question is about, and amounts typed into it."""

from __future__ import annotations

from controltotal.book.fold import Position
from controltotal.core.calendar import next_year, year_of
from controltotal.core.errors import BookError
from controltotal.core.money import MoneyError, parse_money
from controltotal.core.period import is_whole_year
from controltotal.core.schema import tables


def amount_typed(position: Position, option: str, text: str) -> tuple[int, str]:
    """An amount as a person types it, in pence, and the unit it was read in where it named none.

    That is the book's default unit, else pounds.
    """
    unit = position.text("default_unit") or "£"
    try:
        pence = parse_money(text, "£")
        if any(letter.isalpha() for letter in text):  # it names its own unit
            return pence, ""
        return parse_money(text, unit), "" if "£" in text else unit
    except MoneyError as fault:
        raise BookError(
            f"{option} reads {text!r}", "the command", f"give {fault.expected}"
        ) from fault


def years_asked(position: Position, year: str | None) -> tuple[str, ...]:
    """The years to answer: the one asked for, else every year of the book, with its halves."""
    if year and not is_whole_year(year):
        return (year,)
    years = [year] if year else list(position.years)
    found = []
    for one in years:
        found += [one, *(f"{one}-{half}" for half in position.halves.get(one, ()))]
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
