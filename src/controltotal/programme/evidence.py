"""What is known of a scheme on a day: its versions, its gates and signatures, its assessments.

Rows are read as they stood on the day: of two with one key the later known wins, and a gate or an
assessment of a later date is not there yet. Earlier versions of a scheme are kept, because a
signature is given to a version and lapses when a later one differs materially.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from controltotal.book.cells import Row
from controltotal.book.fold import Position
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.schema import tables

PASSED = frozenset(
    {
        "",
        "passed",
        "pass",
        "approved",
        "approve",
        "agreed",
        "signed",
        "accepted",
        "no_change",
        "adjust",
        "adjusted",
        "continue",
        "continue_justify",
        "justified",
    }
)
"""Outcomes of a gate that pass it; empty is passed, and any other word fails it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that bears on one scheme on a day; `doubts` are rows of it that could not be read.

    `versions` are every row of the scheme known by the day, the one in force last.
    """

    row: Row
    versions: tuple[Row, ...]
    gates: Mapping[str, tuple[Row, ...]]
    assessments: tuple[Row, ...]
    doubts: tuple[str, ...] = ()

    def latest(self, gate: str) -> Row | None:
        """The latest word on a gate, None where there is none."""
        rows = self.gates.get(gate)
        return rows[-1] if rows else None

    def stands(self, gate: str) -> bool:
        """Whether a gate is passed and not later failed."""
        row = self.latest(gate)
        return row is not None and passed(row)


def passed(gate: Row) -> bool:
    """Whether a row of the table gates passes it."""
    return word(gate["outcome"]) in PASSED


@lru_cache(maxsize=4096)
def word(text: str | None) -> str:
    """A word of an outcome or role in one form.

    >>> word("No change "), word(None)
    ('no_change', '')
    """
    return "_".join((text or "").replace("-", " ").replace("_", " ").casefold().split())


@lru_cache(maxsize=16384)
def person(text: str | None) -> str:
    """A person's name in one form, so that case, dots and spaces make nobody two people.

    >>> person("Dr. A  Example") == person("dr a example")
    True
    """
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    kept = "".join(
        " " if c.isspace() or c == "-" else c for c in plain if c.isalnum() or c in " -\t\xa0"
    )
    return " ".join(kept.split())


def gather(
    position: Position, day: date | None, known_by: date | None = None
) -> dict[str, Evidence]:
    """The evidence of every scheme of a book on a day (None: no dated act, so none has any).

    `known_by` asks for what was known then; without it every row that the position holds is known,
    because a change recorded after the last gate is a change all the same.
    """
    versions = _by_scheme(_known_by(position, "schemes", known_by), "id")
    for row in position.replaced:
        known = known_by is None or (since(position, row) or date.min) <= known_by
        if row["id"] in versions and known:
            versions[row["id"]].append(row)
    gates = _gates(position, day)
    assessed = _by_scheme(_standing(position, "assessments", known_by), "scheme")
    doubts: dict[str, list[str]] = {}
    for row in position.stopped:
        if row.table in ("gates", "assessments", "schemes"):
            code = row.texts.get("scheme") or row.texts.get("id", "")
            doubts.setdefault(code, []).append(row.where)
    found = {}
    for row in _standing(position, "schemes", known_by):
        code = row.values["id"]
        history = versions[code]
        if len(history) > 1:
            history.sort(key=lambda r: (since(position, r) or date.min, r.entry))
        found[code] = Evidence(
            row,
            tuple(history),
            gates.get(code, {}),
            tuple(assessed.get(code, ())),
            tuple(doubts.get(code, ())),
        )
    return found


def _gates(position: Position, day: date | None) -> dict[str, dict[str, tuple[Row, ...]]]:
    """Gates by scheme and gate up to a day, each in the order in which they were said."""
    if day is None:
        return {}
    found: dict[str, dict[str, tuple[Row, ...]]] = {}
    for row in position.rows("gates"):
        values = row.values
        if values["on"] > day:
            continue
        own = found.get(values["scheme"])
        if own is None:
            own = found[values["scheme"]] = {}
        before = own.get(values["gate"])
        if before is None:
            own[values["gate"]] = (row,)
        else:
            rows = (*before, row)
            last = before[-1]
            in_order = (last.values["on"], last.entry) < (values["on"], row.entry)
            own[values["gate"]] = (
                rows if in_order else tuple(sorted(rows, key=lambda r: (r.values["on"], r.entry)))
            )
    return found


def since(position: Position, row: Row) -> date | None:
    """The day from which a row holds: its own, else that of the act that put it; None: always."""
    if row.known is not None:
        return row.known
    return _acted(position, row)


def _acted(position: Position, row: Row) -> date | None:
    """The day of the act that put a row; None for rows that were read, which carry no clock."""
    entry = position.entries.get(row.entry) or position.replaced_entries.get(row.entry)
    if entry is None or not entry.on:
        return None
    try:
        return parse_date(entry.on[:10])
    except CalendarError:
        return None


def later(position: Position, version: Row, signature: Row) -> bool:
    """Whether a version of a scheme came after a signature was given.

    An act entered in the ledger after the signature came after it, whatever day it names, so that
    no change can be dated back to before somebody signed.
    """
    begun, signed = since(position, version), signature["on"]
    if begun is not None and begun > signed:
        return True
    entered_after = version.entry > signature.entry
    if begun is not None and begun == signed:
        return entered_after
    entry = position.entries.get(version.entry) or position.replaced_entries.get(version.entry)
    return entered_after and entry is not None and bool(entry.by)


def _by_scheme(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        code = row.values[column]
        own = found.get(code)
        if own is None:
            found[code] = [row]
        else:
            own.append(row)
    return found


def _dated(row: Row) -> date | None:
    """The day from which an assessment or scheme may be read."""
    known, signed = row.known, row["signed_on"]
    if signed is not None and (known is None or signed > known):
        return signed  # type: ignore[no-any-return]
    return known


def _known_by(position: Position, table: str, day: date | None) -> list[Row]:
    """Rows of a table known by a day, superseded ones among them."""
    rows = [*position.rows(table), *(row for row in position.superseded if row.table == table)]
    if day is None:
        return rows
    return [row for row in rows if (_dated(row) or date.min) <= day]


def _standing(position: Position, table: str, day: date | None) -> Sequence[Row]:
    """Rows of a table as they stood on a day; as they stand where none is asked for."""
    if day is None:
        return position.rows(table)
    key = tables()[table].key
    found: dict[tuple[Any, ...], Row] = {}
    for row in _known_by(position, table, day):
        label = tuple(row[column] for column in key)
        other = found.get(label)
        if other is None or (row.known or date.min) > (other.known or date.min):
            found[label] = row
    return list(found.values())
