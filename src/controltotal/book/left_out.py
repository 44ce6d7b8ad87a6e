"""A reading without some of its rows, as if they could not be read: no figure rests on them.

What one row says another may say again: a total beside its lines, a forecast once as an amount and
once as a fact. `label` tells what rows say one thing, `again` finds those that say it once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from controltotal.book.amount_table import chosen
from controltotal.book.amount_table import without as less
from controltotal.book.fold import Position
from controltotal.book.record import Record, field_of
from controltotal.book.records import Transfer
from controltotal.core.schema import tables

OF_WHAT: Final = ("organisation", "year", "basis", "scenario", "id")
"""Columns that say what a row says something of."""
MOVING: Final = ("transfers", "repayments")
"""Tables of money between bodies."""
SUPPORT: Final = "support_income"
"""The line on which a body that is helped says what it is given."""
ROUNDED: Final = 5_000_000
"""How far from a sum it may stand when it is said again: by half of £0.1m, or half in a hundred."""


def label(row: Record) -> tuple[str, ...]:
    """Table, organisation, year, basis and scenario of a row, or its id: rows alike say one thing."""
    columns = tables()[row.table].columns
    return (row.table, *(str(row.cell(c) or "") for c in OF_WHAT if c in columns))


def again(position: Position, code: str, year: str, pence: int) -> set[int]:
    """The entries of stated totals and facts of a body and year that say a sum once more, rounded.

    A sum so small that rounding could hide it is not looked for.
    """
    if abs(pence) <= 2 * ROUNDED:
        return set()
    room = max(ROUNDED, abs(pence) // 200)
    totals = {name for name, line in position.lines.items() if line.kind == "position"}
    said: list[tuple[int, str, str, int | float]] = [
        (row.entry, row.organisation, row.year, row.amount)
        for row in chosen(position.book.amounts, line=lambda line: line in totals)
    ]
    said += [
        (row.entry, row.organisation, row.year, row.value)
        for row in position.book.facts
        if (row.unit or "").startswith("£")
    ]
    return {
        entry
        for entry, *of, value in said
        if of == [code, year] and abs(abs(value) - abs(pence)) <= room
    }


def ends(position: Position, entries: Collection[int]) -> set[int]:
    """The entries that tell of what a transfer among some entries moves: its repayments, and support
    income that says the same sum.
    """
    moved = [row for row in position.book.transfers if row.entry in entries]
    if not moved:
        return set()
    said: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for row in chosen(position.book.amounts, line=lambda line: line == SUPPORT):
        key = (row.organisation, row.year, row.basis, row.scenario or "")
        said[key].append((row.entry, row.amount))
    paid = {one.id for one in moved}
    found = {row.entry for row in position.book.repayments if row.transfer in paid}
    for (code, year, *_), rows in said.items():
        sums = {abs(sum(pence for _, pence in rows)), *(abs(pence) for _, pence in rows)}
        if any(code in (one.from_, one.to) and _is_said(one, year, sums) for one in moved):
            found |= {entry for entry, _ in rows}
    return found


def _is_said(transfer: Transfer, year: str, sums: Collection[int]) -> bool:
    """Whether one of some sums of a year is that of a transfer, rounded."""
    size = abs(transfer.amount)
    room = max(ROUNDED, size // 200) if size > 2 * ROUNDED else 0
    return transfer.year == year and any(abs(one - size) <= room for one in sums)


def without(position: Position, entries: Collection[int]) -> Position:
    """The reading less the rows behind some entries, and less earlier rows that say the same.

    The rows are stopped, and not gone: what rests on them cannot be told, and nothing else is taken
    in their place. Transfers and repayments are gone: one that is stopped would leave in doubt all
    that its two ends say in every year. The book is not read again from where it stands, for there
    they are.
    """
    found = (position.of_entry(entry) for entry in sorted(entries))
    out = [row for row in found if row is not None]
    if not out:
        return position
    keys, lost = {_key(row) for row in out}, set(out)
    stopped = [row for row in out if row.table not in MOVING]
    kept: dict[str, Sequence[Record]] = {
        name: tuple(row for row in position.rows(name) if row not in lost)
        for name in {row.table for row in out} - {"amounts"}
    }
    if any(row.table == "amounts" for row in out):
        kept["amounts"] = less(position.book.amounts, lost)
    return replace(
        position,
        book=replace(position.book, **kept),  # type: ignore[arg-type]
        stopped=(*position.stopped, *(replace(row, stopped=True) for row in stopped)),
        superseded=tuple(row for row in position.superseded if _key(row) not in keys),
        place="",
    )


def _key(row: Record) -> tuple[Any, ...]:
    """What a row says something of."""
    return (row.table, *(getattr(row, field_of(row.table, c)) for c in tables()[row.table].key))
