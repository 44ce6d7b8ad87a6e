"""Tables as they would be seen on a sheet, made from rows for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controltotal.intake.model import Claim, Grid, Head, Measure, Place, Seen, Value

Heading = tuple[str, str] | tuple[str, str, Measure]
"""A text, the word that it means, and of money what it is."""


def head_of(column: int, heading: Heading) -> Head:
    """A column by its text and meaning."""
    text, means = heading[0], heading[1]
    measure = heading[2] if len(heading) > 2 else Measure()  # type: ignore[misc]
    return Head(column, (text,), means, measure, "exact" if means else "")


def seen_of(
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Value]],
    claims: Mapping[str, str] | None = None,
    *,
    sheet: str = "Sheet1",
    file: str = "file.xlsx",
    shown: Mapping[Place, str] | None = None,
    untold: Mapping[Place, str] | None = None,
) -> Seen:
    """A table whose headings stand in row 1 and its body from row 2; claims stand in no cell."""
    cells = [[heading[0] for heading in headings], *rows]
    grid = Grid(file, sheet, cells, shown=shown or {}, untold=untold or {})
    heads = tuple(head_of(column, heading) for column, heading in enumerate(headings))
    said = tuple(Claim(what, value, value, (-1, -1)) for what, value in (claims or {}).items())
    return Seen(grid, (0, 0), 1, len(rows), 0, len(headings) - 1, heads, said)


def month(number: int, basis: str = "plan") -> Measure:
    """The money of one month."""
    return Measure(basis=basis, span="month", number=number)
