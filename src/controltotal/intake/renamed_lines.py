"""Rows of a statement that may be a line of the book under a new name.

A file that names a row otherwise than the month before gives the book a line that it did not have, and
no longer has one that it had. Whether the two are one nobody can tell but who made the file: taken for
two, the old one would lose its plan and its forecast, and the year to date would fall into two halves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controltotal.core.finding import FileCell, Finding
from controltotal.core.lines import packaged_lines
from controltotal.intake.questions import asked
from controltotal.intake.scopes import Cells, Put
from controltotal.ledger.entries import Entry
from controltotal.sources.importing import value_of

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_COMMON: Final = frozenset(
    {"other", "and", "the", "for", "from", "incl", "including", "excl", "excluding", "total", "net"}
    | {"cost", "costs", "income", "expenditure", "expense", "expenses", "all", "staff"}
)
"""Words that names of wholly different lines have in common."""
_YEARLY: Final = ("plan", "forecast")
When = tuple[str, str, str]
"""Basis, year and period of an amount, as they are written."""


@dataclass(slots=True)
class _Row:
    """A line of a body: its name, kind, and its money in pence by what that is of."""

    code: str
    name: str
    kind: str
    at: FileCell | None = None
    money: dict[When, object] = field(default_factory=dict)


def renamed_lines(
    puts: Sequence[Put], gone: Sequence[Entry], standing: Iterable[Entry]
) -> list[Finding]:
    """A question for each new line of a body beside one whose plan or forecast the file no longer has."""
    said = {_key(put.cells) for put in puts if put.table == "amounts"}
    lost = _lost(gone, said)
    if not lost:
        return []
    lines = {(row := dict(e.cells)).get("line", ""): row for e in standing if e.table == "lines"}
    found = []
    for body, new in _new(puts, lines):
        candidates = [_named(row, lines) for (of, _), row in lost.items() if of == body]
        same = [row for row in candidates if row.kind == new.kind and _is_alike(row, new)]
        if same:
            found.append(_asked(new, max(same, key=lambda row: (_equal(row, new), row.name))))
    return found


def _key(cells: Cells) -> tuple[str, str]:
    return cells.get("organisation", ""), cells.get("line", "")


def _when(cells: Cells) -> When:
    return cells.get("basis", ""), cells.get("year", ""), cells.get("month", "")


def _lost(gone: Iterable[Entry], said: Collection[tuple[str, str]]) -> dict[tuple[str, str], _Row]:
    """By body and line, what would go of lines of which the file says nothing any more."""
    found: dict[tuple[str, str], _Row] = {}
    for entry in gone:
        cells = dict(entry.cells)
        own = _key(cells)
        if entry.table == "amounts" and own not in said and cells.get("basis") in _YEARLY:
            row = found.setdefault(own, _Row(own[1], "", ""))
            row.money[_when(cells)] = value_of(cells, "amount")
    return found


def _named(row: _Row, lines: Mapping[str, Cells]) -> _Row:
    """A line of the book with its name and kind."""
    own, packaged = lines.get(row.code), packaged_lines().get(row.code)
    if own is not None:
        return _Row(row.code, own.get("name", ""), own.get("kind", ""), money=row.money)
    name, kind = (packaged.name, packaged.kind) if packaged else (row.code, "")
    return _Row(row.code, name, kind, money=row.money)


def _new(puts: Iterable[Put], lines: Collection[str]) -> Iterator[tuple[str, _Row]]:
    """The lines that the file brings and the book does not have, by body."""
    puts = list(puts)
    own = {
        put.cells.get("line", ""): put
        for put in puts
        if put.table == "lines" and put.cells.get("line", "") not in lines
    }
    found: dict[tuple[str, str], _Row] = {}
    for put in puts:
        body, code = _key(put.cells)
        if put.table == "amounts" and code in own:
            line = own[code].cells
            row = _Row(code, line.get("name", code), line.get("kind", ""), own[code].at)
            row = found.setdefault((body, code), row)
            row.money[_when(put.cells)] = value_of(put.cells, "amount")
    return iter([(body, row) for (body, _), row in found.items()])


def _is_alike(old: _Row, new: _Row) -> bool:
    """Whether two lines share a word that says something, or the same money."""
    return _equal(old, new) > 0 or not _words(old.name).isdisjoint(_words(new.name))


def _equal(old: _Row, new: _Row) -> int:
    """In how many places two lines have the same money, nil apart."""
    return sum(bool(value) and new.money.get(when) == value for when, value in old.money.items())


def _words(name: str) -> set[str]:
    return {*_WORD.findall(name.casefold())} - _COMMON


def _asked(new: _Row, old: _Row) -> Finding:
    return asked(
        "IMPORT_LINE",
        f"“{new.name}” is no line of the book, and “{old.name}”, which the file had before, it has no "
        "more: one row under a new name, or two.",
        [new.at] if new.at else [],
        expected=f"“{old.name}”",
        found=f"“{new.name}”" + (", with the same plan" if _equal(old, new) else ""),
        action=f'Say --set "lines.{new.name}={old.code}" if it is the same; --set withdraw=yes if it is '
        f"another, and what the book plans and expects of “{old.name}” is to go.",
    )
