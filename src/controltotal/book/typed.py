"""One cell's text to what it says: a year, a month, a day, a number, a word; or what is wrong with it.

Every form in which people write a thing is read; what could be two things, or none, is refused with
the cause and with words that can be typed instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from controltotal.book.settings import (
    CODES,
    EXPECTED,
    REMEDY,
    near_setting,
    setting_name,
    setting_value,
)
from controltotal.core.calendar import CalendarError, parse_date, parse_month, parse_year
from controltotal.core.marks import read_mark
from controltotal.core.money import MoneyError, canonical_unit, parse_number
from controltotal.core.parameters import packaged_parameters
from controltotal.core.schema import Column
from controltotal.core.vocabulary import folded, meant

SPREADSHEET_ERRORS: Final = (
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)
UNITS: Final = "a unit of £, £k, £m or £bn"


class CellFault(ValueError):
    """One cell that cannot be read: code, expected, found, what to do.

    `column` names another cell of the row, where the fault lies in that one. One without a code
    rests on a fault that is told elsewhere: it stops the row and says nothing more.
    """

    def __init__(self, code: str, expected: str, found: str, action: str, column: str = "") -> None:
        super().__init__(expected)
        self.code, self.expected, self.action = code, expected, action
        self.found = found if len(found) <= 60 else found[:60] + "…"
        self.column = column


def spreadsheet_fault(text: str) -> CellFault | None:
    """An error or a formula that a spreadsheet left in place of a value, or a mark of its form."""
    found = read_mark(text)
    if found is not None:
        mark, rest = found
        return CellFault(mark.code, mark.expected, rest or "an empty cell", mark.action)
    if text.startswith("#") and text.upper() in SPREADSHEET_ERRORS:
        return CellFault(
            code="SPREADSHEET_ERROR",
            expected="a value",
            found=text,
            action="Mend the formula in the spreadsheet; an error is not nil.",
        )
    if text.startswith("=") and len(text) > 1:
        return CellFault(
            code="FORMULA_WITHOUT_VALUE",
            expected="a value",
            found=text,
            action="Open the workbook in a spreadsheet, let it calculate, and save it.",
        )
    return None


def read_year(text: str) -> str:
    """A financial year."""
    try:
        return parse_year(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_YEAR",
            expected=error.expected,
            found=text,
            action="Write the financial year as 2019/20.",
        ) from error


def read_month(text: str) -> str:
    """A month, quarter, half, or year to date."""
    try:
        return parse_month(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_MONTH",
            expected=error.expected,
            found=text,
            action="Write YTD and the number of the last month, such as YTD9."
            if folded(text) == "ytd"
            else "Write 1 for April to 12 for March, or the name of the month.",
        ) from error


def read_date(text: str) -> date:
    """A day; a partial one means its last."""
    try:
        return parse_date(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_DATE",
            expected=error.expected,
            found=text,
            action="Write the date as 2019-06-05.",
        ) from error


def read_number(text: str) -> float:
    """A number, or a share written as a percentage."""
    percent = text.endswith("%")
    try:
        value = parse_number(text[:-1] if percent else text)
    except MoneyError as error:
        raise CellFault(
            code="AMBIGUOUS_NUMBER",
            expected=error.expected,
            found=text,
            action="Write the number in one way only, such as 4600 or 0.25.",
        ) from error
    if abs(value) >= 10**15:
        raise CellFault(
            code="AMBIGUOUS_NUMBER",
            expected="a number below a thousand million million",
            found=text,
            action="Check the digits.",
        )
    return float(value / 100 if percent else value)


def read_chance(text: str) -> float:
    """A chance, from nil to certain."""
    value = read_number(text)
    if 0 <= value <= 1:
        return value
    meant = f"{text}%, if that is meant" if 1 < value <= 100 else "0.5 or 50% for an even chance"
    raise CellFault(
        code="ELICITATION_RANGE",
        expected="a chance between 0 and 1",
        found=text,
        action=f"Write {meant}.",
    )


def read_yesno(text: str) -> bool:
    """Yes or no."""
    found = meant(text, ("yes", "no"), "yesno")
    if found:
        return found == "yes"
    raise CellFault(
        code="UNKNOWN_WORD",
        expected="yes or no",
        found=text,
        action="Write yes or no, or leave it empty.",
    )


def read_list(text: str) -> tuple[str, ...]:
    """Several values separated by semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def read_unit(text: str) -> str:
    """A unit of money, in its canonical form."""
    found = canonical_unit(text)
    if found:
        return found
    raise CellFault(
        code="UNKNOWN_UNIT",
        expected=UNITS,
        found=text,
        action="Write £, £k, £m or £bn in the column unit, or set default_unit in the table book.",
    )


READERS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "year": read_year,
        "month": read_month,
        "date": read_date,
        "number": read_number,
        "chance": read_chance,
        "yesno": read_yesno,
        "list": read_list,
        "unit": read_unit,
    }
)
"""How a column of a type is read where its own text says all."""


def read_word(column: Column, text: str) -> str:
    """A word of the column, in any of its spellings."""
    if column.allows(text):
        return text
    words = (*column.vocabulary, "unknown") if column.required else column.vocabulary
    found = meant(text, words, column.name)
    if found:
        return found
    code = f"UNKNOWN_{column.name.upper()}" if column.name in ("basis", "status") else None
    near = get_close_matches(folded(text), [folded(word) for word in words], n=1, cutoff=0.8)
    hint = next((word for word in words if near and folded(word) == near[0]), "")
    raise CellFault(
        code=code or "UNKNOWN_WORD",
        expected="one of " + ", ".join(column.vocabulary),
        found=text,
        action=f"Use one of the words that {column.name} may say"
        + (f"; did you mean {hint}?" if hint else "."),
    )


def check_setting(key: str, text: str) -> None:
    """A setting that says how amounts are meant is understood, or its row is stopped."""
    name, near = setting_name(key), near_setting(key)
    if near:
        raise CellFault(
            code="UNKNOWN_WORD",
            expected=f"a setting of the manual, such as {near}",
            found=key,
            action=f"Write {near} as the key if that is meant, or another name.",
            column="key",
        )
    if text and setting_value(name, text) is None:
        raise CellFault(
            code=CODES.get(name, "UNKNOWN_WORD"),
            expected=EXPECTED[name],
            found=text,
            action=REMEDY[name],
        )


DIGITS_MOST: Final = 18
"""So many digits before or behind the point are more than any parameter of the regime has."""


def check_parameter(name: str, text: str) -> None:
    """A parameter whose packaged values are numbers takes numbers only (lists separated by `;`)."""
    packaged = packaged_parameters().values.get(name, ())
    if packaged and all(_decimals(p.value) for p in packaged) and not _decimals(text):
        raise CellFault(
            code="AMBIGUOUS_NUMBER",
            expected="a plain number, such as 0.01",
            found=text,
            action="Write the number without commas, signs of per cent or words.",
        )


def _decimals(text: str) -> bool:
    """Whether every part of a text is a number of a size that something could be reckoned with."""
    try:
        numbers = [Decimal(part) for part in text.split(";")]
    except InvalidOperation:
        return False
    return all(n.is_finite() and abs(n.adjusted()) <= DIGITS_MOST for n in numbers)


def check_given(text: str, pence: int, table: str) -> None:
    """Support and its repayment are positive: the columns say who gives, and no sign turns them."""
    if pence < 0:
        turn = "Turn giver and receiver about, and write the sum without a sign."
        undo = "Write what was paid back without a sign; correct the earlier row to undo one."
        raise CellFault(
            code="NEGATIVE_TRANSFER",
            expected="a positive sum",
            found=text,
            action=turn if table == "transfers" else undo,
        )


def check_half(text: str, month: str) -> None:
    """A control total is for a year or a half: one of a month would pass for the year's."""
    if month not in ("", "H1", "H2"):
        raise CellFault(
            code="UNKNOWN_MONTH",
            expected="H1, H2 or nothing, for a control total",
            found=text,
            action="Write H1 or H2, or leave it empty for the year.",
        )
