"""Who wrote a row since it was last approved: another person approves what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from controltotal.book.record import Record
from controltotal.book.row_keys import key_of_entry, row_key
from controltotal.ledger.entries import PUT, Author, Entry

APPROVAL: Final = "approve_month"
"""The act that agrees to what others wrote before it."""


def was_approved(entries: Iterable[Entry], row: Record) -> bool:
    """Whether an act approved a row at any time, also where it was changed since."""
    key = row_key(row.table, row.texts)
    return any(
        one.narration.act == APPROVAL and one.table == row.table and key_of_entry(one) == key
        for one in entries
        if one.kind == PUT
    )


def authors_of(entries: Iterable[Entry], row: Record) -> list[Author]:
    """Who wrote a row or changed it since it was last approved, in the order of the entries.

    What was approved has had its second person: whoever wrote it may approve what another changes later.
    """
    key = row_key(row.table, row.texts)
    authors: list[Author] = []
    for one in entries:
        if one.kind == PUT and one.table == row.table and key_of_entry(one) == key:
            if one.narration.act == APPROVAL:
                authors = []
            else:
                authors.append(one.narration.author)
    return authors
