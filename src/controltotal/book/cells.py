"""Text to meaning, one row at a time: every fault of a row is found, none stops the reading.

A row with a fault in a cell that its figure needs is *stopped*: it is kept and shown, but no
figure uses it, and a figure that would have is indeterminate. Faults are findings with the
place, what was expected and found, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from controltotal.book.across import check_together
from controltotal.book.as_meant import runs
from controltotal.book.characters import in_id, is_code
from controltotal.book.record import Record, field_of
from controltotal.book.records import RECORDS
from controltotal.book.settings import Settings, setting_name
from controltotal.book.typed import (
    READERS,
    UNITS,
    CellFault,
    check_given,
    check_half,
    check_parameter,
    check_setting,
    read_number,
    read_word,
    read_yesno,
    spreadsheet_fault,
)
from controltotal.core.datafiles import packaged_rows
from controltotal.core.errors import column_letter
from controltotal.core.finding import Finding, Place
from controltotal.core.lines import packaged_lines
from controltotal.core.money import (
    MoneyError,
    canonical_unit,
    own_unit,
    parse_money,
    split_direction,
)
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.schema import Column, Table, tables
from controltotal.core.vocabulary import folded
from controltotal.ledger.entries import Entry

BODY: Final = frozenset({"code", "name", "kind", "parent", "from", "to", "complete", "known_on"})
"""What a body's place in the tree rests on; without its population, only shares per head fail."""

REFERENCES: Final = frozenset(
    {"organisation", "line", "scheme", "source", "transfer", "decision", "risk", "text"}
)


IN_CONTEXT: Final = frozenset({"money", "fact"})
"""Columns whose text means one thing beside one unit and another beside another (as a `value` may).

Of all others a text once read without fault is known, and is not read again.
"""


@lru_cache(maxsize=1)
def fact_units() -> Mapping[str, str]:
    """What each packaged fact is: `money` (also where its row names no unit), `number` or `yes_no`."""
    return {row["fact"]: row["unit"] for row in packaged_rows("facts.csv")}


def says_yes_or_no(fact: str) -> bool:
    """Whether a fact is a yes (1) or a no (0) and no number that a quotation could hold.

    >>> says_yes_or_no("longer_term_view"), says_yes_or_no("savings_planned")
    (True, False)
    """
    return fact_units().get(fact) == "yes_no"


class RowReader:
    """Reads rows of one book: knows its settings, and the lines of account that it names itself."""

    def __init__(
        self,
        settings: Settings,
        columns: Mapping[str, tuple[str, ...]],
        lines: Iterable[str] = (),
    ) -> None:
        self.settings = settings
        self.columns = columns
        self._found: list[Finding] = []
        self._lines = {folded(line): line for line in (*lines, *packaged_lines())}
        self._known_before: dict[str, dict[str, dict[str, Any]]] = {
            table.name: {
                c.name: {}
                for c in table.columns.values()
                if c.type not in IN_CONTEXT and c.name != "value"
            }
            for table in tables().values()
        }

    def read(
        self, entry: Entry, known_of_source: Mapping[str, date | None]
    ) -> tuple[Record, Sequence[Finding]]:
        """One entry as a row, and its faults."""
        stop_if_cancelled()
        self._found = []
        table = tables()[entry.table]
        texts = dict(entry.cells)
        values: dict[str, Any] = {}
        stopped = self._read_cells(entry, table, texts, values)
        if "month" in values or "amount" in values:
            fault = check_together(entry.table, texts, values)
            if fault is not None:
                stopped = True
                self._fault(entry, fault.column, fault, texts)
        stopped = self._missing(entry, table, texts) or stopped
        stopped = stopped or self._unclear(entry.table, values)
        record = RECORDS[entry.table](
            entry.row,
            entry.seq,
            MappingProxyType(texts),
            _known(entry.table, values, texts, known_of_source),
            entry.origin,
            stopped,
            **values,
        )
        return record, tuple(self._found)

    def label(self, column: Column, text: str) -> tuple[bool, Any]:
        """What a text says in a column of amounts that needs no other; whether it is without fault."""
        values: dict[str, Any] = {}
        fault = self._fill(tables()["amounts"], column, text, {}, values)
        return fault is None, values.get(field_of("amounts", column.name))

    def _read_cells(
        self, entry: Entry, table: Table, texts: dict[str, str], values: dict[str, Any]
    ) -> bool:
        """Read every cell of a row into `values`; whether a fault of one stops the row."""
        known_before = self._known_before[entry.table]
        stopped = False
        for name, text in entry.cells:
            same = known_before.get(name)
            if same is not None and text in same:
                values[field_of(entry.table, name)] = same[text]
                continue
            column = table.columns.get(name)
            if column is None:
                fault = spreadsheet_fault(text)
            else:
                fault = self._fill(table, column, text, texts, values)
                if fault is None and same is not None:
                    same[text] = values[field_of(entry.table, name)]
            if fault is not None:
                stopped = stopped or (column is not None and _needed(entry.table, name))
                self._fault(entry, name, fault, texts)
        return stopped

    def _missing(self, entry: Entry, table: Table, texts: Mapping[str, str]) -> bool:
        """Whether a row lacks a value that every row must have; a missing column is told once."""
        header = self.columns.get(entry.table, ())
        lacking = [name for name in table.required if name not in texts]
        for name in lacking:
            if not header or name in header:
                fault = CellFault(
                    code="MISSING_VALUE",
                    expected=f"a value for {name}",
                    found="an empty cell",
                    action=f"Fill in {name}, or remove the row.",
                )
                self._fault(entry, name, fault, texts)
        return bool(lacking)

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
        fault = spreadsheet_fault(text)
        if column.type == "line":
            values[name] = self._lines.get(folded(text), text)
        elif column.type in REFERENCES:
            named = _named(table.name, column.name, text)
            values[name] = in_id(named) if is_code(table.name, column) else named
        if fault is not None:
            return fault
        try:
            if column.type not in REFERENCES:
                values[name] = self._value(table.name, column, text, texts)
            _check(table.name, column, text, texts, values.get(name))
        except CellFault as found:
            return found
        return None

    def _value(self, table: str, column: Column, text: str, texts: Mapping[str, str]) -> Any:
        """What a cell says, by the type of its column."""
        if column.type == "money":
            beside_a_line = table == "amounts" and column.name == "amount"
            return self._money(split_direction(text)[0] if beside_a_line else text, texts)
        if column.type == "fact":
            return self._fact(text, texts)
        if column.type == "vocabulary":
            return read_word(column, text)
        return READERS[column.type](text)

    def _unclear(self, table: str, values: Mapping[str, Any]) -> bool:
        """Whether a row rests on a setting that cannot be understood, which is told at its place."""
        if table != "amounts" or not self.settings.unclear:
            return False
        of_months = "months" in self.settings.unclear and runs(values.get("month"))
        return "signs" in self.settings.unclear or of_months

    def _money(self, text: str, texts: Mapping[str, str]) -> int:
        """A sum in its own unit, else in that of its row, else in the book's."""
        written, own = texts.get("unit", ""), own_unit(text)
        unit = canonical_unit(written) if written else own or self.settings.default_unit
        if not unit and not written and "£" in text:
            unit = "£"
        if not unit:
            raise self._no_unit(written)
        if written and own not in ("", unit):
            raise CellFault(
                code="AMBIGUOUS_NUMBER",
                expected=f"a number in {unit}, the unit of its row",
                found=text,
                action=f"Take the unit out of the sum, or write {own} in the column unit.",
            )
        try:
            return parse_money(text, unit)
        except MoneyError as error:
            bare_pounds = "£" in text and not own and unit != "£"
            raise CellFault(
                code="AMBIGUOUS_NUMBER",
                expected=error.expected,
                found=text,
                action=f"Pounds or {unit}? Write £ in the column unit for pounds, or leave the "
                f"pound sign out for {unit}."
                if bare_pounds
                else "Write the sum in one way only, such as 4,600 or (12.3), and its unit.",
            ) from error

    def _no_unit(self, written: str) -> CellFault:
        """What is told of a sum whose unit cannot be known; a fault of the unit is told there."""
        return CellFault(
            code="" if written or "default_unit" in self.settings.unclear else "UNKNOWN_UNIT",
            expected=UNITS,
            found="no unit, and the book names no default_unit",
            action="Write £, £k, £m or £bn in the column unit, or set default_unit in the table "
            "book.",
        )

    def _fact(self, text: str, texts: Mapping[str, str]) -> int | float:
        """A fact or limit: money where its unit or its kind is money, else a number."""
        unit = texts.get("unit", "")
        name = fact_named(texts.get("fact", ""))
        named = canonical_unit(unit)
        of_money = fact_units().get(name) == "money" or (
            bool(named) and "limit" in texts and texts["limit"] != "capacity_wte"
        )
        if (named or not unit) and (of_money or "£" in text or _in_pounds(unit)):
            return self._money(text, texts)
        if named or of_money or _in_pounds(unit):
            raise CellFault(
                code="UNKNOWN_UNIT",
                expected=f"{UNITS} for money; a number in full for anything else",
                found=unit,
                action="Write £k and the like for money; else write the number in full, and what "
                "it counts as its unit.",
                column="unit",
            )
        if says_yes_or_no(name) and text.strip().casefold() in ("yes", "no"):
            return int(read_yesno(text))
        return read_number(text)

    def _fault(self, entry: Entry, column: str, fault: CellFault, texts: Mapping[str, str]) -> None:
        if not fault.code:
            return
        file, _, _ = entry.origin.partition("|")
        order = self.columns.get(entry.table, ())
        column = fault.column or column
        cell = f"{column_letter(order.index(column))}{entry.row}" if column in order else ""
        detail = ", ".join(p for p in (file, f"cell {cell}" if cell else f"column {column}") if p)
        said = f"reads {fault.found!r}" if texts.get(column) else "is empty"
        message = f"{column} {said}; expected {fault.expected}."
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
            at=(Place(entry.table, entry.row, column, entry.seq),),
        )
        self._found.append(finding)


def _check(table: str, column: Column, text: str, texts: Mapping[str, str], value: Any) -> None:
    """What a table asks of a cell beyond its type."""
    if column.type == "money" and table in ("transfers", "repayments"):
        check_given(text, value, table)
    elif column.type == "month" and table == "control_totals":
        check_half(text, value)
    elif column.name == "value" and table == "parameters":
        check_parameter(texts.get("name", ""), text)
    elif column.name == "value" and table == "book":
        check_setting(texts.get("key", ""), text)


def _named(table: str, column: str, text: str) -> str:
    """A name that has one spelling inside, whatever the spelling of the cell."""
    if column == "fact":
        return fact_named(text)
    return setting_name(text) if (table, column) == ("book", "key") else text


def fact_named(text: str) -> str:
    """The packaged fact that a text names, in any of its spellings; another stays as written.

    >>> fact_named("Savings delivered"), fact_named("our_own")
    ('savings_delivered', 'our_own')
    """
    return text if text in fact_units() else _facts_folded().get(folded(text), text)


@lru_cache(maxsize=1)
def _facts_folded() -> Mapping[str, str]:
    return {folded(fact): fact for fact in fact_units()}


def _in_pounds(unit: str) -> bool:
    """Whether the text of a unit speaks of pounds."""
    return "£" in unit or "gbp" in unit.casefold()


def _needed(table: str, column: str) -> bool:
    """Whether a fault in this column stops its row; a body stays in the tree without its extras."""
    return table != "organisations" or column in BODY


OF_ITS_ACT: Final[Mapping[str, tuple[str, ...]]] = {
    "sources": ("published_on",),
    "withheld": ("asked_on",),
}
"""By table: the dates, beside those of every table, from which its rows are known at the soonest."""


def _known(
    table: str,
    values: Mapping[str, Any],
    texts: Mapping[str, str],
    of_source: Mapping[str, date | None],
) -> date | None:
    """The day a row became known: its own, else its act's, else its source's, else always.

    A source is known from the day it was published. A table that lists no source may name one in
    a column of that name, and is then known no sooner than it.
    """
    for column in ("known_on", "set_on", "on", *OF_ITS_ACT.get(table, ())):
        day = values.get(column)
        if isinstance(day, date):
            return day
    own = (
        "" if table == "organisations" else texts.get("source", "")
    )  # a body stands before it is told
    return of_source.get(values.get("source") or own)
