"""What somebody is told of a row that changed since they saw it: what it was, what it is, what they meant.

`seen` is what the person says that they saw, and may be forged: no more is told of it than they may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from controltotal.acts.bench import Bench, RowClash
from controltotal.book.row_keys import Touched, key_of_entry, row_key
from controltotal.ledger.entries import PUT


def clash(
    key: str, seen: Mapping[str, int], bench: Bench, touched: Touched, today: date
) -> RowClash:
    """What a row was when it was seen, what it says now, and what the act would make of it."""
    entries, number, last = bench.entries, seen[key], touched.last.get(key, 0)
    mine = [d for d in bench.drafts if d.kind == PUT and row_key(d.table, dict(d.cells)) == key]
    yours = dict(mine[-1].cells) if mine else None
    if not _reads(bench, key, today):
        return RowClash(key, None, None, yours)
    was = entries[number - 1] if 1 <= number <= len(entries) else None
    base = dict(was.cells) if was is not None and key_of_entry(was) == key else None
    now = touched.said.get(key)
    by = entries[last - 1].by if last else ""
    return RowClash(key, base, dict(now.cells) if now else None, yours, by)


def _reads(bench: Bench, key: str, today: date) -> bool:
    """Whether who acts reads a row: an administrator reads offices alone."""
    held = [one.role for one in bench.actor.grants if one.holds(today)]
    return bench.actor.local or key.startswith("grants/") or any(r != "administrator" for r in held)
