"""Numbers of a workbook as money: computed pennies, and units that only the screen shows.

A formula gives 403000.3333 where a book needs whole pence: such a number is rounded to the penny,
half away from nil, and the sum of the rounding is told. A number shown with a pound sign or a unit
that is not the unit of its row carries it into its text, so that it is asked about exactly as the
same text in a CSV file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

from controltotal.book.cells import fact_named, fact_units
from controltotal.core.finding import Finding
from controltotal.core.money import PENCE_PER, canonical_unit
from controltotal.core.schema import tables
from controltotal.sources.cell_formats import PERCENT, SCALED
from controltotal.sources.raw import in_few, names_of
from controltotal.sources.sheet_shape import Place

Grid = list[list[str]]
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class MoneyCells:
    """The cells of a sheet that hold money, each with the unit of its row."""

    def __init__(self, name: str, grid: Grid, first: int, default_unit: str) -> None:
        header = [text.strip() for text in grid[first]] if grid else []
        self.name, self.grid, self.first, self.default_unit = name, grid, first, default_unit
        self.columns = names_of(name, header)

    def _cell(self, row: int, column: str) -> str:
        if column not in self.columns:
            return ""
        index = self.columns.index(column)
        return self.grid[row][index].strip() if index < len(self.grid[row]) else ""

    def unit(self, place: Place) -> str:
        """The unit of a cell of money; empty where it is none, or has a unit that nobody knows."""
        row, column = place
        if row <= self.first or column >= len(self.columns):
            return ""
        listed = tables()[self.name].columns.get(self.columns[column])
        if listed is None or listed.type not in ("money", "fact"):
            return ""
        own = self._cell(row, "unit")
        fact = fact_named(self._cell(row, "fact"))
        if listed.type == "fact" and not own and fact_units().get(fact) != "money":
            return ""
        return canonical_unit(own or self.default_unit)

    def rounded(self, fractions: Iterable[Place], file: str) -> list[Finding]:
        """Round what is finer than a penny; one finding says how much that comes to."""
        rows: list[int] = []
        difference = Decimal(0)
        with localcontext() as context:
            context.prec = 60
            for place in fractions:
                unit, text = self.unit(place), self.grid[place[0]][place[1]]
                if not unit or not _NUMBER.fullmatch(text):
                    continue
                pence = Decimal(text) * PENCE_PER[unit]
                whole = pence.quantize(Decimal(1), rounding=ROUND_HALF_UP)
                if whole == pence:
                    continue
                difference += whole - pence
                rows.append(place[0] + 1)
                self.grid[place[0]][place[1]] = _decimal(whole / PENCE_PER[unit])
        return [_rounded(self.name, rows, difference, file)] if rows else []

    def as_shown(self, styled: Mapping[Place, str]) -> None:
        """Write into the text the unit that a number format shows, where the row has another.

        A sum shown as a share says so in its text, and is refused as `30%` in a CSV file is.
        """
        for place, shows in styled.items():
            if shows == SCALED or place[0] <= self.first:
                continue
            row, column = place
            listed = tables()[self.name].columns.get(
                self.columns[column] if column < len(self.columns) else ""
            )
            text = self.grid[row][column]
            if listed is None or listed.type != "money" or not _NUMBER.fullmatch(text):
                continue
            if shows == PERCENT and text.strip("0.-"):
                self.grid[row][column] = f"{_decimal(Decimal(text) * 100)}%"
                continue
            if not text.strip("0.-") or canonical_unit(shows) == self.unit(place):
                continue
            sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
            self.grid[row][column] = f"{sign}£{digits}{shows.lstrip('£')}"


def unit_of_title(title: str) -> str:
    """The one unit that a line above the headings names; empty where it names none, or two.

    >>> unit_of_title("Trust A: plan 2026/27 (£000)"), unit_of_title("Plan of 3 March")
    ('£k', '')
    """
    found = re.findall(r"£\s?['\u2019]?(?:000s?|bn|[km])?(?![\\w.])", title, re.IGNORECASE)
    units = {canonical_unit(text) for text in found} - {""}
    return units.pop() if len(units) == 1 else ""


def _decimal(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _rounded(name: str, rows: Sequence[int], difference: Decimal, file: str) -> Finding:
    one = len(rows) == 1
    shown = format(difference.quantize(Decimal("0.001")).normalize(), "f")
    return Finding(
        code="ROUNDED_TO_PENNY",
        severity="information",
        organisation="",
        where=f"{name} " + in_few([f"row {row}" for row in dict.fromkeys(rows)]),
        message=f"{'1 computed number was' if one else f'{len(rows)} computed numbers were'} "
        f"rounded to the penny; together that changes the sum by {shown} pence.",
        expected="whole pence",
        found="1 number finer than a penny" if one else f"{len(rows)} numbers finer than a penny",
        action="Nothing, if the numbers are computed; else correct what was typed.",
        detail=file,
    )
