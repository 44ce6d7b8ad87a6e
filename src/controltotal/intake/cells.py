"""The cells of a sheet as money: exact pence, nothing there, or a reason why they cannot be read.

A number of a workbook is the shortest decimal of fifteen digits, as a book reads it; what is finer
than a penny is rounded half away from nil, and told. `n/a` and blanks are absent, a dash alone is
nil. A cell that shows something else than it holds is not read unless the person names the unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from controltotal.core.marks import read_mark
from controltotal.core.money import (
    LARGEST_PENCE,
    PENCE_PER,
    MoneyError,
    looks_in_thousands,
    parse_money,
    split_direction,
)
from controltotal.intake.model import Grid, Place

ABSENT: Final = frozenset({"n/a", "na", "not applicable", "none", ".", "..", "*", ":"})
"""What people write where there is nothing to say; stars and colons stand for what is not given."""
NIL: Final = frozenset({"nil", "zero"})
SCALED: Final = "scaled"
SHOWN_SCALED: Final = "a number shown as it is stored, not in thousands or millions"
IN_STORED: Final = (
    "Say in which unit the numbers are that the cells hold, such as --set unit=£; or show them as they are "
    "stored, and import again."
)
"""What answers numbers that a format shows in thousands or millions."""
NEVER_CALCULATED: Final = "a value stored beside the formula (open the file and save it)"
_EXACT: Final = Context(prec=60)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that holds something which is no sum of money: the text, and what was expected."""

    text: str
    expected: str


@dataclass(slots=True)
class Cells:
    """The money of one sheet; `stored` reads numbers as they are stored, whatever they show.

    `sided` gives the side of the ledger that a cell names (`CR` is a minus, `DR` a plus), `off` by how
    much rounding to the penny changed a cell (pence), `finest` the decimals of the finest number in
    each unit.
    """

    grid: Grid
    stored: bool = False
    sided: dict[Place, str] = field(default_factory=dict)
    off: dict[Place, Decimal] = field(default_factory=dict)
    finest: dict[str, int] = field(default_factory=dict)

    def pence(self, row: int, column: int, unit: str) -> int | Unread | None:
        """A cell in pence, as it is written (its sign not turned); None where nothing is said."""
        place = (row, column)
        untold = self.grid.untold.get(place)
        if untold is not None:
            return _untold(untold)
        value = self.grid.value(row, column)
        if value is None:
            return None
        if isinstance(value, str):
            return self._text(place, value.strip(), unit)
        if not (type(value) is float or type(value) is int):
            return Unread(self.grid.text(row, column), "a sum of money")
        shows = self.grid.shown.get(place, "")
        if not self.stored and value and shows in (SCALED, "%"):
            percent = "a number shown as it is stored, not as a percentage"
            return Unread(self.grid.text(row, column), SHOWN_SCALED if shows == SCALED else percent)
        return self._number(place, str(value) if isinstance(value, int) else f"{value:.15g}", unit)

    def _number(self, place: Place, text: str, unit: str) -> int | Unread:
        """A number of a workbook: fifteen significant digits, which is what a spreadsheet keeps."""
        whole, _, part = text.partition(".")
        per, exact = PENCE_PER[unit], 10 ** len(part)
        if exact > per or not (whole.lstrip("-") + part).isdecimal():
            return self._decimal(place, Decimal(text), unit)
        self._places(len(part), unit)
        return self._known(int(whole + part) * (per // exact), text)

    def _decimal(self, place: Place, number: Decimal, unit: str) -> int | Unread:
        if not number.is_finite():
            return Unread(str(number), "a sum of money")
        self._note(number, unit)
        exact = _EXACT.multiply(number, Decimal(PENCE_PER[unit]))
        whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_EXACT)
        if whole != exact and abs(whole) <= LARGEST_PENCE:
            self.off[place] = whole - exact
        return self._known(int(whole), str(number))

    @staticmethod
    def _known(pence: int, text: str) -> int | Unread:
        if abs(pence) > LARGEST_PENCE:
            return Unread(text, "a sum below one trillion pounds (is the unit right?)")
        return pence

    def _note(self, number: Decimal, unit: str) -> None:
        exponent = number.normalize().as_tuple().exponent
        self._places(-exponent if isinstance(exponent, int) and exponent < 0 else 0, unit)

    def _places(self, places: int, unit: str) -> None:
        if places > self.finest.get(unit, 0) or unit not in self.finest:
            self.finest[unit] = places

    def _text(self, place: Place, text: str, unit: str) -> int | Unread | None:
        bare = text.strip("'`\u2018\u2019\u00a0\u2009\u202f ")
        if bare.casefold() in ABSENT or not bare:
            return None
        if bare.casefold() in NIL:
            return 0
        if _NUMBER.fullmatch(bare):
            return self._decimal(place, Decimal(bare), unit)
        if looks_in_thousands(bare):
            return Unread(text, "one decimal point, and commas for thousands")
        body, side = split_direction(bare)
        if side:
            self.sided[place] = side
        try:
            pence = parse_money(body.replace("£", "") if unit != "£" else body, unit)
        except MoneyError as error:
            return Unread(text, error.expected)
        self._note(Decimal(pence) / PENCE_PER[unit], unit)
        return -pence if side == "CR" else pence


def _untold(text: str) -> Unread:
    """A cell without a value that can be trusted: an error, a formula never calculated, a mark."""
    mark = read_mark(text)
    if mark is not None:
        return Unread(mark[1], mark[0].expected)
    if text.startswith("="):
        return Unread(text[:60], NEVER_CALCULATED)
    return Unread(text[:60], "a sum of money")


def written(pence: int, unit: str) -> str:
    """Pence as the exact decimal of a unit, as a book writes it.

    >>> written(-123_456_700, "£k"), written(0, "£m"), written(250_000_000, "£m")
    ('-1234.567', '0', '2.5')
    """
    per = PENCE_PER[unit]
    whole, part = divmod(abs(pence), per)
    decimals = f"{part:0{len(str(per)) - 1}d}".rstrip("0")
    return f"{'-' if pence < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"
