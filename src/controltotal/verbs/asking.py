"""What a verb was asked for: years as people write them, and bodies and years the book has."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from controltotal.book.fold import Position

Given = ParamSpec("Given")
Found = TypeVar("Found")

YEARS = {"year": "--year", "start": "--from"}
"""Options that hold a year, and what they are called on the command line."""


def years_read(verb: Callable[Given, Found]) -> Callable[Given, Found]:
    """A verb that takes a year in any of its written forms, `2019/20` as well as `2019-20`."""
    shape = signature(verb)

    @wraps(verb)
    def asking(*given: Given.args, **options: Given.kwargs) -> Found:
        from controltotal.core.calendar import CalendarError, parse_year_id
        from controltotal.core.errors import BookError

        bound = shape.bind(*given, **options)
        for name, option in YEARS.items():
            text = bound.arguments.get(name)
            if not isinstance(text, str):
                continue
            try:
                bound.arguments[name] = parse_year_id(text)
            except CalendarError as error:
                raise BookError(
                    f"{option} reads {text!r}", "the command", f"give {error.expected}"
                ) from error
        return verb(*bound.args, **bound.kwargs)

    return asking


def asked(reading: Position, year: str | None = None, organisation: str | None = None) -> Position:
    """The position, if it has the body and the year asked for; else what it has, as a refusal."""
    from difflib import get_close_matches

    from controltotal.core.calendar import year_label
    from controltotal.core.errors import BookError

    codes = reading.tree.organisations
    if organisation is not None and organisation not in codes:
        near = get_close_matches(organisation, list(codes), n=1) or list(codes)[:3]
        raise BookError(
            f"there is no organisation {organisation!r} in the book",
            reading.ref.name,
            f"give a code such as {', '.join(near)}" if near else "list it in organisations",
        )
    if year is not None and reading.years and not _speaks_of(reading, year[:7]):
        has = ", ".join(year_label(one) for one in reading.years)
        raise BookError(
            f"the book says nothing of {year_label(year)}", reading.ref.name, f"it has {has}"
        )
    return reading


def _speaks_of(reading: Position, year: str) -> bool:
    """Whether a book says anything of a year: money, an act dated in it, or a repayment due."""
    from controltotal.core.calendar import next_year, year_of
    from controltotal.core.schema import tables

    if year in reading.years:
        return True
    named = (table.name for table in tables().values() if "year" in table.columns)
    if any(row.cell("year") == year for name in named for row in reading.rows(name)):
        return True
    if any(row.on is not None and year_of(row.on) == year for row in reading.book.decisions):
        return True
    for transfer in reading.book.transfers:
        first = transfer.repay_from or next_year(transfer.year)
        if year == first or first <= year < next_year(first, int(transfer.repay_years or 0)):
            return True
    return False
