"""The key of a row as one text, by which people, acts and addresses name it.

It reads `table/part/part`, the parts being the cells of the table's key columns; empty ones are kept,
and each is percent-encoded, so that no part passes for two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from typing import Final
from urllib.parse import quote

from controltotal.core.calendar import CalendarError, parse_date, parse_month, parse_year_id
from controltotal.core.keys import word
from controltotal.core.schema import tables
from controltotal.core.vocabulary import meant
from controltotal.ledger.entries import PUT, REDACT, WITHDRAW, Entry


def row_key(table: str, cells: Mapping[str, str]) -> str:
    """The key of a row, its parts in one form; a row of a table that is none has all cells in its key.

    >>> row_key("submissions", {"organisation": "XF-ALD", "year": "2026/27", "month": "9"})
    'submissions/XF-ALD/2026-27/9///'
    """
    columns = _key_columns(table) or tuple(cells)
    return "/".join(
        (table, *[_encoded(table, column, cells.get(column, "")) for column in columns])
    )


@cache
def _key_columns(table: str) -> Sequence[str]:
    known = tables().get(table)
    return known.key if known else ()


@lru_cache(maxsize=65_536)
def _encoded(table: str, column: str, text: str) -> str:
    """A part of a key as it stands in one: most cells of a key come many times."""
    return quote(key_part(table, column, text), safe="", errors="surrogatepass")


def key_part(table: str, column: str, text: str) -> str:
    """A cell of a key in one form, however it was written: a year, a month, a date, a word.

    >>> key_part("submissions", "month", "Dec"), key_part("submissions", "on", "30 Nov 2026")
    ('9', '2026-11-30')
    >>> key_part("amounts", "basis", "Actuals"), key_part("amounts", "basis", "FOT")
    ('actual', 'forecast')
    """
    known = tables().get(table)
    found = known.columns.get(column) if known is not None else None
    if found is None or not text:
        return text
    if (
        found.type == "vocabulary"
    ):  # in any spelling in which a book is read, so that none is another key
        return meant(text, found.vocabulary, column) or word(text)
    read = _READERS.get(found.type)
    if read is not None:
        with suppress(CalendarError):  # what cannot be read is a key of its own
            return read(text)
    return text


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "year": parse_year_id,
    "month": parse_month,
    "date": lambda text: parse_date(text).isoformat(),
}


def key_of_entry(entry: Entry) -> str:
    """The key of the row that an entry puts."""
    return row_key(entry.table, dict(entry.cells))


class Touched:
    """Which entry touched each row last, and what it then said: kept up entry by entry."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.last: dict[str, int] = {}
        self.said: dict[str, Entry | None] = {}
        self._key: dict[int, str] = {}
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in the next entries of the ledger."""
        for entry in entries:
            if entry.kind == PUT:
                key = self._key[entry.seq] = key_of_entry(entry)
                self.last[key], self.said[key] = entry.seq, entry
            elif entry.kind in (WITHDRAW, REDACT):
                found = self._key.get(entry.withdraws)
                if found is not None:
                    self.last[found] = entry.seq
                    said = self.said.get(found)
                    if said is not None and said.seq == entry.withdraws:
                        self.said[found] = None

    def key(self, number: int) -> str:
        """The key of the row that an entry put; empty where it put none."""
        return self._key.get(number, "")


def history_of(
    entries: Iterable[Entry], key: str
) -> list[tuple[Entry, Entry | None, Entry | None]]:
    """Every entry that touched a row, in order, with what the row said before it and after it.

    The first parts of a key are those of every row that begins with them.
    """
    standing: dict[str, dict[int, Entry]] = {}
    at: dict[int, str] = {}
    found: list[tuple[Entry, Entry | None, Entry | None]] = []
    table = key.partition("/")[0]
    for entry in entries:
        if entry.table != table:
            continue
        own = key_of_entry(entry) if entry.kind == PUT else at.get(entry.withdraws, "")
        if not (own == key or own.startswith(f"{key}/")):
            continue
        there = standing.setdefault(own, {})
        if entry.kind == PUT:
            was = _replaced(found, entry, own)
            found.append((entry, was or _last(there), entry))
            there[entry.seq], at[entry.seq] = entry, own
        elif entry.withdraws in there:
            before = _last(there)
            del there[entry.withdraws]
            found.append((entry, before, _last(there)))
    return found


def _replaced(
    found: list[tuple[Entry, Entry | None, Entry | None]], entry: Entry, key: str
) -> Entry | None:
    """What the same act took back of a row just before it put it again: the two are one change."""
    if not found or not entry.narration.request:
        return None
    last, before, _ = found[-1]
    same = last.kind == WITHDRAW and last.narration.request == entry.narration.request
    if not same or before is None or key_of_entry(before) != key:
        return None
    found.pop()
    return before


def _last(standing: Mapping[int, Entry]) -> Entry | None:
    return standing[max(standing)] if standing else None
