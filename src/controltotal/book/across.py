"""What two cells of a row say together: the month beside the year, the basis, the side of the ledger.

A month that names another year than its row, a year to date of anything but actuals, and a sum with
both a sign and a side of the ledger could be two things, so such a row is stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from controltotal.book.typed import CellFault
from controltotal.core.calendar import dated_month, year_label
from controltotal.core.money import split_direction
from controltotal.core.vocabulary import is_to_date

BASES: Final = frozenset({"", "plan", "actual", "forecast"})
SIDES: Final = {"CR": "credit", "DR": "debit"}
TO_DATE_IN: Final = {"amounts": ("actual", "plan"), "facts": ("actual",)}
"""The tables in which a year to date is understood."""


def check_together(
    table: str, texts: Mapping[str, str], values: MutableMapping[str, Any]
) -> CellFault | None:
    """The fault of cells that do not go together, if any; a basis to date makes its month one."""
    month = values.get("month")
    fault = None
    if "basis" in texts and texts["basis"] not in BASES and is_to_date(texts["basis"]):
        fault = _to_date(texts, values)
    if fault is None and month and len(texts["month"]) > 2:
        fault = _of_its_year(texts, values) or _of_actuals(table, texts, values)
    if fault is None and table == "amounts":
        fault = _one_side(texts, values)
    return fault


def _to_date(texts: Mapping[str, str], values: MutableMapping[str, Any]) -> CellFault | None:
    """`YTD actual` beside month 9 is April to December, together."""
    if "basis" not in values:
        return None  # the word itself is told
    month = values.get("month")
    if month and month.isdigit():
        values["month"] = month if month == "1" else f"YTD{month}"
    elif not month or not month.startswith("YTD"):
        return CellFault(
            code="UNKNOWN_MONTH",
            expected="the month that the year to date reaches, such as YTD9 for April to December",
            found=texts.get("month", "") or "an empty cell",
            action=f"Write the last month of it in the column month, beside {texts['basis']!r}.",
            column="month",
        )
    return None


def _of_its_year(texts: Mapping[str, str], values: Mapping[str, Any]) -> CellFault | None:
    """`Apr-26` lies in 2026/27, and a row of another year cannot mean it."""
    named = dated_month(texts["month"])[1]
    year = values.get("year")
    if not named or year is None or named == year:
        return None
    return CellFault(
        code="UNKNOWN_MONTH",
        expected=f"a month of {year_label(year)}, the year of its row",
        found=texts["month"],
        action=f"Correct the year or the month: {texts['month']} lies in {year_label(named)}.",
        column="month",
    )


def _of_actuals(
    table: str, texts: Mapping[str, str], values: Mapping[str, Any]
) -> CellFault | None:
    """A year to date is of actuals, of money planned too: a forecast is told by month, or for the year."""
    basis = values.get("basis") or ("actual" if table == "facts" else "")
    if not values["month"].startswith("YTD") or basis in TO_DATE_IN.get(table, ()):
        return None
    if table in TO_DATE_IN and "basis" in texts and not basis:
        return None  # the basis itself is told
    only = f" (a year to date is of {_of(table)} only)" if table in TO_DATE_IN else ""
    return CellFault(
        code="UNKNOWN_MONTH",
        expected=f"1 (April) to 12 (March), Q1 to Q4, H1, H2 or nothing{only}",
        found=texts["month"],
        action="Write the months one by one, or leave month empty for the year.",
        column="month",
    )


def _of(table: str) -> str:
    """Of what a year to date may be in a table, in words."""
    return "actuals and plans" if "plan" in TO_DATE_IN[table] else "actuals"


def _one_side(texts: Mapping[str, str], values: MutableMapping[str, Any]) -> CellFault | None:
    """A side of the ledger says which way a sum counts, so the sum itself bears no sign."""
    side = SIDES.get(split_direction(texts.get("amount", ""))[1], "")
    column = values.get("direction", "")
    if side and column and side != column:
        return CellFault(
            code="AMBIGUOUS_NUMBER",
            expected=f"a sum that is a {column}, as the column direction says",
            found=texts["amount"],
            action="Say credit or debit once: in the column direction, or after the sum.",
            column="amount",
        )
    side = side or column
    if not side or "amount" not in values:
        return None
    values["direction"] = side
    if values["amount"] >= 0:
        return None
    return CellFault(
        code="AMBIGUOUS_NUMBER",
        expected=f"a sum without a sign, since {side} says which way it counts",
        found=texts["amount"],
        action="Write the sum without brackets or minus, or take the word credit or debit away.",
        column="amount",
    )
