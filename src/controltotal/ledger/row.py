"""An entry as a row of a database: the same thirteen columns in every store.

The cells are one text column, a JSON list of column, text, column, text, …: databases have types
of their own for JSON, but those reorder and reword, and a ledger gives back what was written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from controltotal.ledger.entries import Entry
from controltotal.ledger.errors import ChainBroken

COLUMNS = 'seq, id, kind, "table", "row", cells, origin, "by", "on", why, withdraws, previous, hash'

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def row_of(entry: Entry) -> tuple[int | str, ...]:
    """The row that holds an entry, in the order of COLUMNS."""
    flat: list[str] = []
    for cell in entry.cells:
        flat += cell
    return (
        entry.seq,
        entry.id,
        entry.kind,
        entry.table,
        entry.row,
        _encode(flat),
        entry.origin,
        entry.by,
        entry.on,
        entry.why,
        entry.withdraws,
        entry.previous,
        entry.hash,
    )


def entry_of(row: Sequence[Any], where: str) -> Entry:
    """The entry that a row holds. Whether it is as it was written is for `verify` to judge."""
    try:
        parts = iter(_decode(row[5]))
        cells = tuple(zip(parts, parts, strict=True))
    except (TypeError, ValueError):
        raise ChainBroken(row[0], "its cells cannot be read", where) from None
    return Entry(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        cells,
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
    )
