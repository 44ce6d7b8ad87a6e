"""The rows of an import, the scopes that they speak of, and when two rows say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.calendar import (
    CalendarError,
    months_of,
    parse_date,
    parse_month,
    parse_year_id,
)
from controltotal.core.finding import FileCell
from controltotal.core.keys import key
from controltotal.core.money import MoneyError, parse_number
from controltotal.core.schema import tables
from controltotal.core.vocabulary import folded
from controltotal.ledger.entries import Entry
from controltotal.sources.importing import value_of

Cells = Mapping[str, str]
ALONE: Final = ("actual", "plan")
"""Bases of which a month stays once it was told; a month of a forecast that became an actual goes."""
ASIDE: Final = frozenset({"known_on", "source", "cell"})
"""Columns that do not make a row another one."""
CLOSED: Final = "closed_on"
"""Column with the day since which a row counts no more."""


@dataclass(frozen=True, slots=True)
class Put:
    """A row to be written, the cell that it came from, and the mapping of its file."""

    table: str
    cells: Cells
    at: FileCell
    mapping: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What an import speaks of: all rows of a table for a body, a year and a basis by one mapping."""

    mapping: str
    table: str
    organisation: str
    year: str = ""
    basis: str = ""


def known_of_row(cells: Cells) -> str:
    with suppress(CalendarError):
        return parse_date(cells.get("known_on", "")).isoformat()
    return ""


def still_open(entries: Sequence[Entry], keys: Mapping[int, str]) -> Sequence[Entry]:
    """The rows, with their keys by number, of which the latest known does not say that it closed."""
    last: dict[str, Entry] = {}
    for entry in entries:
        if entry.table == "risks":
            own = keys[entry.seq]
            both = (last.get(own, entry), entry)
            last[own] = max(both, key=lambda e: (known_of_row(dict(e.cells)), e.seq))
    closed = {own for own, entry in last.items() if dict(entry.cells).get(CLOSED)}
    return [e for e in entries if keys[e.seq] not in closed] if closed else entries


def key_in(table: str, cells: Cells) -> str:
    """The key of a row; of a scheme and a risk without regard to how its id is written."""
    plain = dict(cells)
    for column in ("id", "scheme"):
        if plain.get(column):
            plain[column] = key(plain[column])
    return row_key(table, plain)


def amount_words(cells: Cells) -> str:
    """Of what an amount is, as people say it.

    >>> amount_words({"line": "agency_pay", "month": "9", "basis": "actual"})
    'agency pay, month 9, actual'
    """
    month = cells.get("month", "")
    when = f"month {month}" if month.isdecimal() else month
    line = cells.get("line", "").replace("_", " ")
    return ", ".join(filter(None, (line, when, cells.get("basis", ""))))


def row_words(table: str, cells: Cells) -> str:
    """A row as people name it: by its reference and title, else as an amount.

    >>> row_words("risks", {"id": "R1", "title": "Winter beds"})
    'R1 Winter beds'
    """
    if table == "amounts":
        return amount_words(cells)
    return " ".join(filter(None, (cells.get("id", ""), cells.get("title", "")))) or table


def key_of(put: Put) -> str:
    """The key of a row that is to be written."""
    return key_in(put.table, put.cells)


def scope_of(put: Put) -> Scope:
    """What a row that is to be written speaks of; of a scheme's rows the scheme."""
    columns = tables()[put.table].columns if put.table in tables() else {}
    own = put.cells.get("scheme", "") if "scheme" in columns else ""
    return scope_in(put.mapping, put.table, put.cells, {key(own): own} if own else {})


def owners_of(puts: Iterable[Put], standing: Iterable[Entry]) -> dict[str, str]:
    """The body of each scheme."""
    rows: Iterator[Cells] = (dict(e.cells) for e in standing if e.table == "schemes")
    found = {key(row.get("id", "")): row.get("organisation", "") for row in rows}
    new = (put.cells for put in puts if put.table == "schemes")
    return {**found, **{key(row.get("id", "")): row.get("organisation", "") for row in new}}


def scope_in(mapping: str, table: str, cells: Cells, owner: Mapping[str, str]) -> Scope:
    columns = tables()[table].columns if table in tables() else {}
    scheme = columns.get("scheme")
    body = cells.get("organisation", "")
    if scheme is not None and scheme.required:
        body = owner.get(key(cells.get("scheme", "")), "")
    return _scope_of(mapping, table, body, cells.get("year", ""), cells.get("basis", ""))


@lru_cache(maxsize=4096)
def _scope_of(mapping: str, table: str, body: str, year: str, basis: str) -> Scope:
    with suppress(CalendarError):
        year = parse_year_id(year)
    return Scope(mapping, table, body, year, folded(basis))


def scope_of_entry(
    entry: Entry, mapped: Mapping[int, str], owner: Mapping[str, str]
) -> Scope | None:
    if entry.seq not in mapped:
        return None
    return scope_in(mapped[entry.seq], entry.table, dict(entry.cells), owner)


def same_row(table: str, one: Cells, other: Cells, *, whole: bool = True) -> bool:
    """Whether two rows of one key say the same; unless `whole`, `other` may say less than `one`.

    >>> book = {"amount": "1.5", "unit": "£m", "source": "a", "qualifier": "nearly"}
    >>> same_row("amounts", book, {"amount": "1500", "unit": "£000"})
    False
    >>> same_row("amounts", book, {"amount": "1500", "unit": "£000"}, whole=False)
    True
    """
    spoken = {c for c, text in other.items() if text} | (
        {c for c in one if one[c]} if whole else set()
    )
    columns = tables()[table].columns if table in tables() else {}
    money = {c for c in spoken if c in columns and columns[c].type == "money"}
    values = money | ({"value"} & spoken)
    if all(one.get(c, "") == other.get(c, "") for c in (spoken | {"unit"}) - ASIDE):
        return True
    if any(_sum(one, c) != _sum(other, c) for c in values):
        return False
    rest = spoken - ASIDE - values - ({"unit"} if values else set())
    return all(_plain(table, c, one) == _plain(table, c, other) for c in rest)


def _sum(cells: Cells, column: str) -> object:
    return value_of(cells, column) if cells.get(column) else None


def _plain(table: str, column: str, cells: Cells) -> object:
    """A cell in one form, however it is written."""
    text = cells.get(column, "").strip()
    known = tables().get(table)
    kind = known.columns[column].type if known and column in known.columns else ""
    with suppress(CalendarError, MoneyError):
        match kind:
            case "year":
                return parse_year_id(text)
            case "month":
                return parse_month(text) if text else ""
            case "date":
                return parse_date(text).isoformat() if text else ""
            case "number" | "chance":
                return parse_number(text) if text else ""
            case "vocabulary" | "yesno":
                return folded(text)
            case "scheme":
                return key(text)
    return text


def months_alone(puts: Sequence[Put], owner: Mapping[str, str]) -> dict[Scope | None, int]:
    """By scope, the month of reports that hold one month by itself, with the year to it or without.

    Of the months before it they say nothing.
    """
    months: dict[Scope | None, set[str]] = {}
    for put in puts:
        basis = folded(put.cells.get("basis", ""))
        if put.table == "amounts" and basis in ALONE and not put.cells.get("scheme"):
            scope = scope_in(put.mapping, put.table, put.cells, owner)
            months.setdefault(scope, set()).add(put.cells.get("month", ""))
    alone: dict[Scope | None, int] = {}
    for own, found in months.items():
        reached = {
            text.removeprefix("YTD") for text in found if text or own is None or own.basis != "plan"
        }
        if len(reached) == 1 and (month := reached.pop()).isdecimal():
            alone[own] = int(month)
    return alone


def of_month_before(entry: Entry, alone: int | None) -> bool:
    """Whether a row reaches to an earlier month than a report of one month by itself."""
    with suppress(CalendarError):
        month = dict(entry.cells).get("month", "")
        return alone is not None and bool(month) and max(months_of(parse_month(month))) < alone
    return False
