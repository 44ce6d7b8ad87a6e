"""Answers as tables for analysts: every table, figure and data query with its columns described.

Names are those of the JSON document. A column says its type, unit and meaning; what a book adds of
its own is described as that. Empty is absent, and absent is never nil.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from controltotal.core.datafiles import packaged_rows
from controltotal.core.figure import Figure
from controltotal.core.finding import Finding
from controltotal.core.legible import legible, one_line
from controltotal.core.measures import measure
from controltotal.core.progress import stop_if_cancelled
from controltotal.core.result import Result
from controltotal.core.schema import tables as book_tables
from controltotal.core.show import figure_name

TYPES: Final = {
    "pence": "integer",
    "integer": "integer",
    "count": "integer",
    "month": "integer",
    "number": "number",
    "share": "number",
    "chance": "number",
    "index": "number",
    "pounds": "number",
    "yesno": "boolean",
    "date": "date",
}
"""The type of a column by its unit; of any other it is text."""
TEXT: Final = "string"
OWN: Final = "A column of the data's own, as it was written"
"""What is said of a column that nobody but the writer of the data knows."""
DAY: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
JOIN: Final = "; "
"""What stands between the parts of a list."""
BOOK_UNITS: Final = {
    "date": "date",
    "money": "pence",
    "number": "number",
    "chance": "number",
    "yesno": "yesno",
}
"""The unit of a column of the data by its type there."""

Value = int | float | bool | str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column: name, type (of Table Schema), unit and meaning."""

    name: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of plain values, column by column in the order of its fields."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    columns: tuple[tuple[Value, ...], ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.columns[0]) if self.columns else 0


def data_tables(results: Mapping[str, Result]) -> list[DataTable]:
    """Every table that answers hold: figures, measures and data queries first; none without rows."""
    found = [_figures(results), _measures(results), _findings(results)]
    for verb, result in results.items():
        for name, rows in result.tables.items():
            found.append(_table(f"{verb}-{name}", _meaning(verb, name), rows, f"{verb}.{name}"))
    return [table for table in found if table.rows]


def _table(name: str, meaning: str, rows: Iterable[Mapping[str, Any]], described: str) -> DataTable:
    """Rows as columns, those of every row in the order in which they first come."""
    stop_if_cancelled()
    rows = list(rows)
    names = dict.fromkeys(key for row in rows for key in row)
    fields, columns = [], []
    for key in names:
        unit, meant = _described(described, key)
        values = [_plain(row.get(key)) for row in rows]
        kind = _kind(values, TYPES.get(unit, TEXT) if meant != OWN else "")
        fields.append(Field(one_line(key), kind, unit, meant))
        columns.append(tuple(map(_text, values) if kind == TEXT else values))
    return DataTable(name, meaning, tuple(fields), tuple(columns))


def _plain(value: Any) -> Value:
    """A cell as a number, a truth, a text or nothing; a list as its parts in one text."""
    if isinstance(value, str):
        return legible(value) or None
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return JOIN.join(legible(str(one)) for one in value) or None
    return legible(str(value)) or None


def _kind(values: Sequence[Value], told: str) -> str:
    """The type of a column: as it is described where every value agrees, else as the values are."""
    if told == TEXT:
        return TEXT
    held = [value for value in values if value is not None]
    if not held or (told and all(_is(told, value) for value in held)):
        return told or TEXT
    return next(kind for kind in KINDS if all(_is(kind, value) for value in held))


KINDS: Final = ("boolean", "integer", "number", "date", TEXT)
"""Types from the narrowest to the one that holds everything."""


def _is(kind: str, value: Value) -> bool:
    if kind == TEXT:
        return True
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "date":
        return isinstance(value, str) and DAY.fullmatch(value) is not None
    return isinstance(value, int) or (kind == "number" and isinstance(value, float))


def _text(value: Value) -> Value:
    """A value of a column of text, in which numbers and truths may stand too."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- what columns mean -----------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _own() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Columns of answers as they are described, by table and column."""
    return {(row["table"], row["column"]): row for row in packaged_rows("result_columns.csv")}


@lru_cache(maxsize=1)
def _notes() -> Mapping[str, str]:
    """What the numbers of papers mean, by table and column."""
    return {row["number"]: row["meaning"] for row in packaged_rows("number_notes.csv")}


@lru_cache(maxsize=4096)
def _described(table: str, column: str) -> tuple[str, str]:
    """The unit of a column and its meaning, from the list nearest to it.

    >>> _described("position.to_date", "plan")
    ('pence', 'sum of the months planned up to the month')
    >>> _described("register.transfers", "amount_pence")[0], _described("x.y", "colour")[1] == OWN
    ('pence', True)
    """
    name = table.partition(".")[2]
    exact, anywhere = _own().get((table, column), {}), _own().get(("", column), {})
    listed = book_tables().get(name)
    of_data = listed.columns.get(column.removesuffix("_pence")) if listed else None
    meaning = exact.get("meaning") or _notes().get(f"{name}.{column}", "")
    unit = exact.get("unit") or ""
    if of_data and not meaning:
        meaning, unit = of_data.description, unit or BOOK_UNITS.get(of_data.type, "text")
    meaning = meaning or anywhere.get("meaning", "") or OWN
    if column.endswith("_pence"):
        unit = "pence"
    return unit or anywhere.get("unit", "") or "text", meaning


def _meaning(verb: str, name: str) -> str:
    """What a table holds, in words."""
    row = _own().get((f"{verb}.{name}", ""))
    return row["meaning"] if row else f"{name.replace('_', ' ').capitalize()}, as `{verb}` answers"


# -- tables that every answer has ------------------------------------------------------------------


def _figures(results: Mapping[str, Result]) -> DataTable:
    """Every figure with its name, its rule, and its value in pence where it is money."""
    return _table("figures", "Every figure, with its rule", _figure_rows(results), "figures")


def _figure_rows(results: Mapping[str, Result]) -> Iterator[dict[str, Any]]:
    for verb, result in results.items():
        for figure in result.figures:
            step = result.trace.get(figure.id)
            yield {
                "verb": verb,
                "id": figure.id,
                "name": figure_name(figure),
                "measure": figure.measure,
                "organisation": figure.organisation,
                "organisation_name": result.names.get(figure.organisation, ""),
                "year": figure.year,
                "basis": figure.basis,
                "part": figure.part,
                "to": figure.to,
                "value": figure.value,
                "value_pence": _pence(figure, figure.value),
                "unit": figure.unit,
                "status": figure.status,
                "unknown": figure.unknown,
                "low": figure.low,
                "high": figure.high,
                "qualifier": figure.qualifier,
                "stated_pence": figure.stated,
                "rule": step.rule if step else "",
            }


def _pence(figure: Figure, value: int | float | None) -> int | None:
    return value if figure.unit == "pence" and isinstance(value, int) else None


def _measures(results: Mapping[str, Result]) -> DataTable:
    """The measures of those figures, once each."""
    used = sorted({figure.measure for result in results.values() for figure in result.figures})
    rows = (
        {
            "measure": one.measure,
            "name": one.name,
            "unit": one.unit,
            "sign": one.sign,
            "meaning": one.meaning,
        }
        for one in map(measure, used)
    )
    return _table("measures", "What the measures of figures mean", rows, "measures")


def _findings(results: Mapping[str, Result]) -> DataTable:
    """Every data query once, under the question that tells it first."""
    first: dict[Finding, str] = {}
    for verb, result in results.items():
        for finding in result.findings:
            first.setdefault(finding, verb)
    rows = (
        {
            "verb": verb,
            "code": one.code,
            "severity": one.severity,
            "organisation": one.organisation,
            "where": one.place,
            "message": one.message,
            "expected": one.expected,
            "found": one.found,
            "action": one.action,
            "detail": one.detail,
        }
        for one, verb in first.items()
    )
    return _table("findings", "Data queries: what does not add up", rows, "findings")
