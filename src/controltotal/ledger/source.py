"""A book as read from any of its forms: its entries in order, and the faults of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from controltotal.core.finding import Finding
from controltotal.ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class BookSource:
    """Name, entries in order, findings about form, and the columns and file of each table.

    `headings` is the row of each table's headings where it is not row 1; `stopped` are the
    entries (by number) of files and sheets that nobody can tell to be of the book; `place` is the
    address from which it was read, empty where it was made in memory.
    """

    name: str
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    columns: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    headings: Mapping[str, int] = field(default_factory=dict)
    stopped: frozenset[int] = frozenset()
    place: str = ""
