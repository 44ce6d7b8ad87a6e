"""The table `entries`: a ledger's whole history as rows, so that a folder or workbook can carry it.

Accounting idea: the daybook copied out fair. Each entry is one row with all its fields, its own
cells as a JSON list of column, text, column, text, …; empty fields are left out like any empty
cell. Read back, the copy has the same root, and `verify` shows whether anybody touched it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from controltotal.ledger.entries import Cells, Entry
from controltotal.ledger.errors import LedgerError

TABLE = "entries"
COLUMNS = (
    "seq",
    "id",
    "kind",
    "table",
    "row",
    "cells",
    "origin",
    "by",
    "on",
    "why",
    "withdraws",
    "previous",
    "hash",
)
_NUMBERS = frozenset({"seq", "row", "withdraws"})


def history_rows(entries: Iterable[Entry]) -> list[tuple[int, Cells]]:
    """Entries as rows of the table `entries`: (row number, cells).

    >>> from controltotal.ledger.entries import put, seal
    >>> number, cells = history_rows(seal([put("lines", 2, [("line", "pay")])]))[0]
    >>> number, dict(cells)["cells"], "why" in dict(cells)
    (2, '["line","pay"]', False)
    """
    rows = []
    for entry in entries:
        flat = [text for cell in entry.cells for text in cell]
        values = {column: str(getattr(entry, column)) for column in COLUMNS}
        values["cells"] = json.dumps(flat, ensure_ascii=False, separators=(",", ":"))
        values["withdraws"] = str(entry.withdraws) if entry.withdraws else ""
        rows.append((entry.seq + 1, tuple((c, values[c]) for c in COLUMNS if values[c])))
    return rows


def entries_from_rows(rows: Iterable[tuple[int, Cells]]) -> Sequence[Entry]:
    """The entries that a table `entries` holds; whether they are as written is for `verify`."""
    entries = []
    for number, cells in rows:
        said = dict(cells)
        try:
            values: dict[str, Any] = {
                column: int(said.get(column, "0")) if column in _NUMBERS else said.get(column, "")
                for column in COLUMNS
            }
            parts = iter(json.loads(said["cells"]))
            values["cells"] = tuple(zip(parts, parts, strict=True))
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(
                "a row of the history cannot be read",
                f"{TABLE} row {number}",
                "put the file back as it was written",
            ) from error
        entries.append(Entry(**values))
    return entries
