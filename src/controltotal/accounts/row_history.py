"""How one row came to say what it says: every entry that touched it, who, when, why, before and after."""

from __future__ import annotations

from controltotal.book.fold import Position
from controltotal.book.row_keys import history_of, key_of_entry
from controltotal.core.errors import BookError
from controltotal.core.result import Answer, Result
from controltotal.core.schema import tables
from controltotal.ledger.entries import Entry


def answer_row_history(position: Position, key: str) -> Result:
    """The history of the rows whose key is `key`, or begins with it; BookError where there is none."""
    table = key.partition("/")[0]
    if table not in tables():
        raise BookError(f"there is no table {table}", "--key", f"use one of {', '.join(tables())}")
    wanted = key.rstrip("/")
    found = history_of(position.daybook, wanted)
    if not found:
        columns = "/".join(tables()[table].key)
        raise BookError(
            f"no row has the key {wanted}", position.ref.name, f"give {table}/{columns}"
        )
    answer = Answer("history", position.ref, {"key": wanted})
    answer.table("row_history", [_told(*one) for one in found])
    times = "once" if len(found) == 1 else f"{len(found)} times"
    answer.words(f"{wanted} was touched {times}.", topic="history")
    return answer.result()


def _told(entry: Entry, before: Entry | None, after: Entry | None) -> dict[str, object]:
    return {
        "entry": entry.seq,
        "kind": entry.kind,
        "key": key_of_entry(after or before or entry),
        "where": f"{entry.table} row {entry.row}",
        "by": entry.by,
        "role": entry.narration.author.role,
        "on": entry.on,
        "recorded_at": entry.recorded_at,
        "act": entry.narration.act,
        "why": entry.why,
        "request": entry.narration.request,
        "changed": _changed(before, after),
        "before": _cells(before),
        "after": _cells(after),
    }


def _changed(before: Entry | None, after: Entry | None) -> str:
    """What an entry changed, for people: each cell that says something else than it did."""
    old, new = (dict(one.cells) if one is not None else {} for one in (before, after))
    if not old or not new:
        return "taken back" if old else "; ".join(f"{_named(c)}={t}" for c, t in new.items())
    told = [
        f"{_named(name)}: {old.get(name) or 'empty'} to {new.get(name) or 'empty'}"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name) and name != "known_on"
    ]
    return "; ".join(told) or "the same again"


def _named(column: str) -> str:
    """A column as people say it."""
    return column.replace("_", " ")


def _cells(entry: Entry | None) -> str:
    """What a row says, for people: its cells in order."""
    return "; ".join(f"{c}={t}" for c, t in entry.cells) if entry is not None else ""
