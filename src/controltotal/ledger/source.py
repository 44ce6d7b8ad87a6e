"""A book as read from any of its forms: its entries in order, and the faults of its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controltotal.core.finding import Finding
from controltotal.ledger.entries import Entry


@dataclass(frozen=True, slots=True)
class BookSource:
    """Name, entries in order, findings about form, and the columns and file of each table.

    `place` is the address from which it was read, empty where it was made in memory.
    """

    name: str
    entries: Sequence[Entry]
    findings: tuple[Finding, ...]
    columns: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    place: str = ""
