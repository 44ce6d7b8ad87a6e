"""Of two rows with one key the later known holds; of two on one date neither."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from controltotal.book.gone import EVIDENCE
from controltotal.book.record import Record, field_of
from controltotal.book.records import Assessment, Risk
from controltotal.book.remembered import Remembered, by_table, flat
from controltotal.core.finding import Finding
from controltotal.core.keys import key
from controltotal.core.schema import Table, tables


class _Key:
    """What tells the rows of a table apart; a row whose key cannot be read is like no other."""

    def __init__(self, table: Table) -> None:
        self.name, self.required = table.name, frozenset(table.required)
        self.columns = table.key
        self.fields = tuple(field_of(table.name, column) for column in table.key)

    def of(self, row: Record) -> tuple[Any, ...]:
        """The key of a row: the table's name, then its cells, empty text for an empty one.

        Words of a scheme's evidence are one word however they are joined or capitalised.
        """
        cells = [getattr(row, field) for field in self.fields]
        for place, cell in enumerate(cells):
            if self.name in EVIDENCE and isinstance(cell, str):
                cells[place] = key(cell)
            if cell is None:
                column = self.columns[place]
                if column in self.required or column in row.texts:
                    return (self.name, row.entry)
                cells[place] = ""
        return (self.name, *cells)


def _moment(row: Record) -> date:
    """The day by which of two rows with one key the later is told: an assessment's is its signing."""
    signed = row.signed_on if isinstance(row, Assessment) else None
    return signed or row.known or date.min


@dataclass(frozen=True, slots=True)
class Latest:
    """Rows in force by number, rows that gave way, rows doubled on one date (used by no figure)."""

    kept: Sequence[Record]
    superseded: Sequence[Record] = ()
    doubled: Sequence[Record] = ()
    findings: Sequence[Finding] = ()


def latest(rows: Iterable[Record], parts: Remembered | None = None) -> Latest:
    """Of rows of one key the later known; they stand in the order of tables and rows."""
    parts = parts or Remembered()
    of_table = by_table(rows)
    found = [
        parts.recall(("latest", name), own, _of_table, own, parts)
        for name in tables()
        if (own := of_table.get(name))
    ]
    return Latest(
        flat(one.kept for one in found),
        flat(one.superseded for one in found),
        flat(one.doubled for one in found),
        flat(one.findings for one in found),
    )


def closed_by(rows: Iterable[Record], moment: int | date | None) -> tuple[Record, ...]:
    """The risks and mitigations that count no more: closed by the day asked for, else at all."""
    day = moment if isinstance(moment, date) else date.max
    return tuple(
        row for row in rows if isinstance(row, Risk) and row.closed_on and row.closed_on <= day
    )


def _of_table(rows: Sequence[Record], parts: Remembered) -> Latest:
    """The same of the rows of one table."""
    by_key: dict[tuple[Any, ...], list[Record]] = {}
    table = tables()[rows[0].table]
    keys = parts.of_each(("key", table.name), rows, _Key(table).of)
    for row, key_of_row in zip(rows, keys, strict=True):
        by_key.setdefault(key_of_row, []).append(row)
    kept: list[Record] = []
    superseded: list[Record] = []
    doubled: list[Record] = []
    findings: list[Finding] = []
    for label, same in by_key.items():
        if len(same) == 1:
            kept += same
            continue
        moment = max(map(_moment, same))
        last = [row for row in same if _moment(row) == moment]
        if len(last) > 1 and all(isinstance(row, Assessment) for row in last):
            known = max(row.known or date.min for row in last)
            last = [row for row in last if (row.known or date.min) == known]
        superseded += [row for row in same if row not in last]
        if len(last) == 1:
            kept += last
            continue
        doubled += last
        if label[0] != "book":  # a setting given twice is told with the settings
            findings.append(_duplicate(label, last))
    kept.sort(key=lambda row: row.number)
    return Latest(kept, superseded, doubled, findings)


def _duplicate(label: tuple[Any, ...], rows: list[Record]) -> Finding:
    table = tables()[rows[0].table]
    said = ", ".join(
        f"{c} {v}" for c, v in zip(table.key, label[1:], strict=True) if v not in ("", None)
    )
    organisation = rows[0].texts.get("organisation") or rows[0].texts.get("code") or ""
    return Finding(
        code="DUPLICATE",
        severity="error",
        organisation=str(organisation),
        where=f"{rows[0].table} " + ", ".join(f"row {row.number}" for row in rows),
        message=f"{len(rows)} rows say the same thing ({said}) with nothing to tell which is later; "
        "none of them is used.",
        expected="one row, or a known_on date on each",
        found=f"{len(rows)} rows",
        action="Remove the wrong rows, or date the later one in known_on.",
        detail="; ".join(row.detail for row in rows if row.detail),
    )
