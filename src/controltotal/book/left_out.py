"""A reading without some of its rows, as if they could not be read: no figure rests on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from controltotal.book.fold import Position
from controltotal.book.record import Record, field_of
from controltotal.core.schema import tables


def without(position: Position, entries: Collection[int]) -> Position:
    """The reading less the rows behind some entries, and less earlier rows that say the same.

    The rows are stopped, and not gone: what rests on them cannot be told, and nothing else is taken
    in their place. The book is not read again from where it stands, for there they are.
    """
    out = [row for name in tables() for row in position.rows(name) if row.entry in entries]
    if not out:
        return position
    keys, lost = {_key(row) for row in out}, set(out)
    kept = {
        name: tuple(row for row in position.rows(name) if row not in lost)
        for name in {row.table for row in out}
    }
    return replace(
        position,
        book=replace(position.book, **kept),  # type: ignore[arg-type]
        stopped=(*position.stopped, *(replace(row, stopped=True) for row in out)),
        superseded=tuple(row for row in position.superseded if _key(row) not in keys),
        place="",
    )


def _key(row: Record) -> tuple[Any, ...]:
    """What a row says something of."""
    return (row.table, *(getattr(row, field_of(row.table, c)) for c in tables()[row.table].key))
