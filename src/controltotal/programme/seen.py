"""What a signature is given to: the rows that its signer saw, in one digest, and what changed since.

A digest is of the rows of a scheme, its assessments and its conditions as they stood at an entry of the
ledger. So it can be made again at any time: whoever holds the ledger can show what somebody signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from controltotal.book.row_keys import row_key
from controltotal.core.calendar import CalendarError, parse_date
from controltotal.core.schema import tables
from controltotal.ledger.entries import PUT, Entry

SIGNED: Final = ("schemes", "assessments", "conditions")
"""The tables whose rows a signature is given to."""
TOLD: Final = (*SIGNED, "effects", "engagements", "milestones", "amounts")
"""The tables of which a signer is told what changed."""
NO_CHANGE: Final = ("known_on", "unit")
"""Columns that are no change by themselves: when a row is said, and what its money is written in."""
ALGORITHM: Final = "sha256:"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row that says something else than it did, and the entry that says it last.

    `row` names the row among those of its table. A row that is new has no text `before` in any field,
    one that was taken back is one change of the column `""`.
    """

    table: str
    row: str
    column: str
    before: str
    after: str
    entry: Entry


def rows_of(
    daybook: Sequence[Entry],
    scheme: str,
    among: Iterable[str] = SIGNED,
    upto: int | None = None,
    day: date | None = None,
) -> dict[str, Entry]:
    """The rows that speak of a scheme at an entry of the ledger (None: the last), by their keys.

    Of several rows of one key the later known holds; `day` leaves out what became known after it,
    for rows that were read from files all came at once.
    """
    found: dict[str, dict[int, Entry]] = {}
    keys: dict[int, str] = {}
    for entry in _speaking(daybook if upto is None else daybook[:upto], scheme, set(among)):
        if entry.kind == PUT:
            keys[entry.seq] = key = row_key(entry.table, dict(entry.cells))
            found.setdefault(key, {})[entry.seq] = entry
        elif entry.withdraws in keys:
            found[keys[entry.withdraws]].pop(entry.withdraws, None)
    held = {}
    for key, rows in found.items():
        by_then = [one for one in rows.values() if day is None or known(one) <= day]
        if by_then:
            held[key] = max(by_then, key=lambda one: (known(one), one.seq))
    return held


def known(entry: Entry) -> date:
    """The day from which a row holds; one that says none holds always."""
    cells = dict(entry.cells)
    text = cells.get("known_on") or cells.get("signed_on") or ""
    try:
        return parse_date(text) if text else date.min
    except CalendarError:
        return date.min


def _speaking(daybook: Iterable[Entry], scheme: str, among: set[str]) -> Iterator[Entry]:
    """The entries of some tables that put a row of a scheme, and all that withdraw one."""
    for entry in daybook:
        if entry.table in among:
            name = ("id" if entry.table == "schemes" else "scheme", scheme)
            if entry.kind != PUT or name in entry.cells:
                yield entry


def digest(daybook: Sequence[Entry], scheme: str, upto: int | None = None) -> str:
    """The digest of what a signer of a scheme sees at an entry of the ledger (None: the last).

    Each row is its key and its filled cells in the order of their names, each text with its length
    before it, so that no two sets of rows read the same.
    """
    made = hashlib.sha256()
    for key, entry in sorted(rows_of(daybook, scheme, SIGNED, upto).items()):
        for text in (key, *(part for cell in sorted(entry.cells) for part in cell)):
            raw = text.encode("utf-8", "surrogatepass")
            made.update(f"{len(raw)}:".encode() + raw)
        made.update(b";")
    return ALGORITHM + made.hexdigest()


def changes(
    daybook: Sequence[Entry], scheme: str, since: int, day: date | None = None
) -> list[Change]:
    """What says something else of a scheme now than it did at an entry and on a day, field by field.

    Of several changes of one row the last entry is named; what was changed and changed back is none.
    """
    before = rows_of(daybook, scheme, TOLD, since, day)
    now = rows_of(daybook, scheme, TOLD)
    gone = {entry.seq: entry for key, entry in before.items() if key not in now}
    found = [one for key, entry in now.items() for one in _changed(before.get(key), entry)]
    for entry in daybook[since:]:
        row = gone.get(entry.withdraws) if entry.kind != PUT else None
        if row is not None:
            found.append(Change(row.table, label(row), "", label(row), "", entry))
    return sorted(found, key=lambda one: (TOLD.index(one.table), one.entry.seq, one.row))


def _changed(before: Entry | None, now: Entry) -> list[Change]:
    if before is not None and before.seq == now.seq:
        return []
    old, new = dict(before.cells) if before else {}, dict(now.cells)
    fixed = {*NO_CHANGE, *(tables()[now.table].key if before is None else ())}
    return [
        Change(now.table, label(now), column, old.get(column, ""), new.get(column, ""), now)
        for column in dict.fromkeys((*new, *old))
        if column not in fixed and old.get(column, "") != new.get(column, "")
    ]


def label(entry: Entry) -> str:
    """What a row is called among those of its table: the parts of its key but the scheme.

    >>> from controltotal.ledger.entries import put
    >>> row = put("assessments", 2, [("scheme", "A"), ("profile", "p"), ("domain", "safe")])
    >>> label(Entry(1, row.kind, row.table, row.row, row.cells))
    'p, safe'
    """
    cells = dict(entry.cells)
    parts = [cells.get(c, "") for c in tables()[entry.table].key if c not in ("id", "scheme")]
    return ", ".join(part for part in parts if part)
