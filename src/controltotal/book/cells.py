"""Text to meaning, one row at a time: every fault of a row is found, none stops the reading.

A row with a fault in a cell that its figure needs is *stopped*: it is kept and shown, but no
figure uses it, and a figure that would have is indeterminate. Faults are findings with the
place, what was expected and found, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from controltotal.book.record import Record, field_of
from controltotal.book.records import RECORDS
from controltotal.core.calendar import CalendarError, parse_date, parse_month, parse_year
from controltotal.core.datafiles import packaged_rows
from controltotal.core.errors import column_letter
from controltotal.core.finding import Finding
from controltotal.core.marks import read_mark
from controltotal.core.money import PENCE_PER, MoneyError, parse_money, parse_number
from controltotal.core.parameters import packaged_parameters
from controltotal.core.schema import Column, Table, tables
from controltotal.ledger.entries import Entry

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
BODY: Final = frozenset({"code", "name", "kind", "parent", "from", "to", "complete", "known_on"})
"""What a body's place in the tree rests on; without its population, only shares per head fail."""

REFERENCES: Final = frozenset(
    {"organisation", "line", "scheme", "source", "transfer", "decision", "text"}
)


IN_CONTEXT: Final = frozenset({"money", "fact"})
"""Columns whose text means one thing beside one unit and another beside another (as a `value` may).

Of all others a text once read without fault is known, and is not read again.
"""


class CellFault(ValueError):
    """One cell that cannot be read: code, expected, found, what to do.

    `column` names another cell of the row, where the fault lies in that one.
    """

    def __init__(self, code: str, expected: str, found: str, action: str, column: str = "") -> None:
        super().__init__(expected)
        self.code, self.expected, self.found, self.action = code, expected, found, action
        self.column = column


@lru_cache(maxsize=1)
def fact_units() -> Mapping[str, str]:
    """Which facts are money when their row names no unit."""
    return {row["fact"]: row["unit"] for row in packaged_rows("facts.csv")}


class RowReader:
    """Reads rows of one book: knows its default unit."""

    def __init__(self, default_unit: str, columns: Mapping[str, tuple[str, ...]]) -> None:
        self.default_unit = default_unit
        self.columns = columns
        self.findings: list[Finding] = []
        self.by_entry: dict[int, list[Finding]] = {}
        self._known_before: dict[str, dict[str, dict[str, Any]]] = {
            table.name: {
                c.name: {}
                for c in table.columns.values()
                if c.type not in IN_CONTEXT and c.name != "value"
            }
            for table in tables().values()
        }
        self._readers: dict[str, Callable[[str], Any]] = {
            "year": _year,
            "month": _month,
            "date": _date,
            "number": _number,
            "yesno": _yesno,
            "list": _list,
            "unit": str,
        }

    def read(self, entry: Entry, known_of_source: Mapping[str, date | None]) -> Record:
        """One entry as a row; its faults are added to `findings`."""
        table = tables()[entry.table]
        known_before = self._known_before[entry.table]
        texts = dict(entry.cells)
        values: dict[str, Any] = {}
        stopped = False
        for name, text in entry.cells:
            same = known_before.get(name)
            if same is not None and text in same:
                values[field_of(entry.table, name)] = same[text]
                continue
            column = table.columns.get(name)
            if column is None:
                fault = _spreadsheet_fault(text)
            else:
                fault = self._fill(table, column, text, texts, values)
                if fault is None and same is not None:
                    same[text] = values[field_of(entry.table, name)]
            if fault is not None:
                stopped = stopped or (column is not None and _needed(entry.table, name))
                self._fault(entry, name, fault, texts)
        header = self.columns.get(entry.table, ())
        for name in table.required:
            if name not in texts:
                stopped = True
                if header and name not in header:
                    continue  # the missing column is told once, not in every row
                self._fault(
                    entry,
                    name,
                    CellFault(
                        code="MISSING_VALUE",
                        expected=f"a value for {name}",
                        found="an empty cell",
                        action=f"Fill in {name}, or remove the row.",
                    ),
                    texts,
                )
        known = _known(values, known_of_source)
        return RECORDS[entry.table](
            entry.row,
            entry.seq,
            MappingProxyType(texts),
            known,
            entry.origin,
            stopped,
            **values,
        )

    def _fill(
        self,
        table: Table,
        column: Column,
        text: str,
        texts: Mapping[str, str],
        values: dict[str, Any],
    ) -> CellFault | None:
        """Read one cell into `values`; returns the fault, if any."""
        name = field_of(table.name, column.name)
        fault = _spreadsheet_fault(text)
        if column.type in REFERENCES:
            values[name] = text
        if fault is not None or column.type in REFERENCES:
            return fault
        try:
            if column.type == "money":
                values[name] = self._money(text, texts)
                if table.name in ("transfers", "repayments"):
                    _given(text, values[name], table.name)
            elif column.type == "fact":
                values[name] = self._fact(text, texts)
            elif column.type == "vocabulary":
                values[name] = _word(column, text)
            else:
                values[name] = self._readers[column.type](text)
                if table.name == "control_totals" and column.type == "month":
                    _half(text, values[name])
                if table.name == "parameters" and column.name == "value":
                    _parameter(texts.get("name", ""), text)
        except CellFault as found:
            return found
        return None

    def _unit(self, texts: Mapping[str, str]) -> str:
        unit = texts.get("unit", "") or self.default_unit
        if unit not in PENCE_PER:
            found = texts.get("unit", "") or "no unit, and the book names no default_unit"
            raise CellFault(
                code="UNKNOWN_UNIT",
                expected="a unit of £, £k or £m",
                found=found,
                action="Write £, £k or £m in the column unit, or set default_unit in the table book.",
                column="unit" if "unit" in texts else "",
            )
        return unit

    def _money(self, text: str, texts: Mapping[str, str]) -> int:
        own = any(mark in text for mark in "£km")
        unit = texts.get("unit", "") or ("£" if own else self.default_unit)
        if unit not in PENCE_PER:
            self._unit(texts)
        try:
            return parse_money(text, unit)
        except MoneyError as error:
            raise CellFault(
                code="AMBIGUOUS_NUMBER",
                expected=error.expected,
                found=text,
                action="Write the sum in one way only, such as 4,600 or (12.3), and its unit.",
            ) from error

    def _fact(self, text: str, texts: Mapping[str, str]) -> int | float:
        """A fact or limit: money where its unit or its kind is money, else a number."""
        unit = texts.get("unit", "")
        name = texts.get("fact", "") or texts.get("limit", "")
        money = unit in PENCE_PER or fact_units().get(name) == "money" or unit[:1] == "£"
        if money or "£" in text:
            return self._money(text, texts)
        return _number(text)

    def _fault(self, entry: Entry, column: str, fault: CellFault, texts: Mapping[str, str]) -> None:
        if fault.code == "UNKNOWN_UNIT" and "unit" in texts:
            column = "unit"
        file, _, _ = entry.origin.partition("|")
        order = self.columns.get(entry.table, ())
        column = fault.column or column
        cell = f"{column_letter(order.index(column))}{entry.row}" if column in order else ""
        detail = ", ".join(p for p in (file, f"cell {cell}" if cell else f"column {column}") if p)
        message = f"{column} reads {fault.found!r}; expected {fault.expected}."
        organisation = texts.get("organisation", "") or texts.get("code", "")
        finding = Finding(
            code=fault.code,
            severity="error",
            organisation=organisation,
            where=f"{entry.table} row {entry.row}",
            message=message,
            expected=fault.expected,
            found=fault.found,
            action=fault.action,
            detail=detail,
        )
        self.findings.append(finding)
        self.by_entry.setdefault(entry.seq, []).append(finding)


def _needed(table: str, column: str) -> bool:
    """Whether a fault in this column stops its row; a body stays in the tree without its extras."""
    return table != "organisations" or column in BODY


def _spreadsheet_fault(text: str) -> CellFault | None:
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
            found=text[:60],
            action="Open the workbook in a spreadsheet, let it calculate, and save it.",
        )
    return None


def _year(text: str) -> str:
    try:
        return parse_year(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_YEAR",
            expected=error.expected,
            found=text,
            action="Write the financial year as 2019/20.",
        ) from error


def _month(text: str) -> str:
    try:
        return parse_month(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_MONTH",
            expected=error.expected,
            found=text,
            action="Write 1 for April to 12 for March.",
        ) from error


def _parameter(name: str, text: str) -> None:
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
    try:
        return all(Decimal(part).is_finite() for part in text.split(";"))
    except InvalidOperation:
        return False


def _given(text: str, pence: int, table: str) -> None:
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


def _half(text: str, month: str) -> None:
    """A control total is for a year or a half: one of a month would pass for the year's."""
    if month not in ("", "H1", "H2"):
        raise CellFault(
            code="UNKNOWN_MONTH",
            expected="H1, H2 or nothing, for a control total",
            found=text,
            action="Write H1 or H2, or leave it empty for the year.",
        )


def _date(text: str) -> date:
    try:
        return parse_date(text)
    except CalendarError as error:
        raise CellFault(
            code="UNKNOWN_DATE",
            expected=error.expected,
            found=text,
            action="Write the date as 2019-06-05.",
        ) from error


def _number(text: str) -> float:
    percent = text.endswith("%")
    try:
        value = parse_number(text[:-1] if percent else text)
    except MoneyError as error:
        raise CellFault(
            code="AMBIGUOUS_NUMBER",
            expected=error.expected,
            found=text,
            action="Write the number in one way only.",
        ) from error
    if abs(value) >= 10**15:
        raise CellFault(
            code="AMBIGUOUS_NUMBER",
            expected="a number below a thousand million million",
            found=text,
            action="Check the digits.",
        )
    return float(value / 100 if percent else value)


def _yesno(text: str) -> bool:
    if text.lower() in ("yes", "no"):
        return text.lower() == "yes"
    raise CellFault(
        code="UNKNOWN_WORD",
        expected="yes or no",
        found=text,
        action="Write yes or no, or leave it empty.",
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _word(column: Column, text: str) -> str:
    if column.allows(text):
        return text
    code = f"UNKNOWN_{column.name.upper()}" if column.name in ("basis", "status") else None
    raise CellFault(
        code=code or "UNKNOWN_WORD",
        expected="one of " + ", ".join(column.vocabulary),
        found=text,
        action=f"Use one of the words that {column.name} may say.",
    )


def _known(values: Mapping[str, Any], of_source: Mapping[str, date | None]) -> date | None:
    """The day a row became known: its own, else its act's, else its source's, else always."""
    for column in ("known_on", "set_on", "on"):
        day = values.get(column)
        if isinstance(day, date):
            return day
    return of_source.get(values.get("source", ""))
