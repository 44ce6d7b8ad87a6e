"""Entries: what may be said, and that the chain notices every change to it."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from controltotal.ledger import (
    GENESIS,
    Draft,
    Entry,
    LedgerError,
    in_force,
    put,
    root,
    seal,
    verify,
    withdraw,
)
from controltotal.ledger.history import entries_from_rows, history_rows


def three_rows() -> list[Entry]:
    return seal(
        [
            put("organisations", 2, [("code", "QE1"), ("name", "A system"), ("kind", "system")]),
            put("amounts", 2, [("organisation", "QE1"), ("amount", "(12.3)"), ("unit", "£m")]),
            put("amounts", 3, [("organisation", "QE1"), ("amount", "−4.6")], origin="a.csv||A3"),
        ]
    )


def test_entries_are_numbered_from_one_without_a_gap() -> None:
    assert [entry.seq for entry in three_rows()] == [1, 2, 3]
    assert [entry.seq for entry in seal([put("lines", 9, [])], 41, "0" * 64)] == [42]


def test_the_hash_is_the_sha256_of_the_documented_form() -> None:
    # Worked by hand from docs/explanation/ledger.md, so that another program can check a book.
    (entry,) = seal([put("amounts", 2, [("unit", "£m")], origin="a.csv||A2")])
    form = f"i1;s9:amounts/2s3:puts7:amountsi2;c1;4:unit:2:£m;s9:a.csv||A2s0:s0:s0:i0;s64:{GENESIS}"
    assert entry.hash == hashlib.sha256(form.encode("utf-8")).hexdigest()
    assert entry.previous == GENESIS


def test_an_empty_cell_is_left_out_and_a_nought_is_not() -> None:
    draft = put("amounts", 2, [("amount", "0"), ("month", ""), ("unit", "£")])
    assert draft.cells == (("amount", "0"), ("unit", "£"))


def test_a_withdrawal_takes_a_row_out_of_force_from_its_own_number_on() -> None:
    entries = three_rows()
    gone = withdraw(entries[1], id="act-1", by="A. Person", on="2026-05-01", why="wrong unit")
    entries += seal([gone], 3, entries[-1].hash)
    assert verify(entries) is None
    assert [entry.seq for entry in in_force(entries)] == [1, 3]
    assert [entry.seq for entry in in_force(entries, upto=3)] == [1, 2, 3]
    assert in_force(entries, upto=0) == []


CHANGES = {
    "seq": 7,
    "id": "other",
    "kind": "withdraw",
    "table": "facts",
    "row": 4,
    "cells": (("organisation", "QE1"), ("amount", "(12.4)"), ("unit", "£m")),
    "origin": "b.csv||A2",
    "by": "B. Person",
    "on": "2026-05-02",
    "why": "because",
    "withdraws": 1,
    "previous": "0" * 64,
    "hash": "f" * 64,
}


def test_there_is_a_change_to_try_for_every_field() -> None:
    assert set(CHANGES) == {field.name for field in dataclasses.fields(Entry)}


@pytest.mark.parametrize("field", sorted(CHANGES))
def test_a_change_to_any_field_is_noticed_at_its_entry(field: str) -> None:
    entries = three_rows()
    entries[1] = dataclasses.replace(entries[1], **{field: CHANGES[field]})
    broken = verify(entries)
    assert broken is not None
    assert broken.seq == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", "2"),
        ("row", "2"),
        ("row", 2.0),
        ("withdraws", "0"),
        ("id", 5),
        ("why", b""),
        ("why", None),
        ("cells", (("organisation", 1),)),
        ("cells", None),
    ],
)
def test_a_value_of_another_type_never_passes_for_the_one_written(
    field: str, value: object
) -> None:
    entries = three_rows()
    entries[1] = dataclasses.replace(entries[1], **{field: value})
    broken = verify(entries)
    assert broken is not None and broken.seq == 2


@pytest.mark.parametrize(
    "cells",
    [
        (("organisation", "QE1"), ("amount", "(12.3)£m"), ("unit", "")),
        (("organisation", "QE1amount"), ("", "(12.3)"), ("unit", "£m")),
        (("amount", "(12.3)"), ("organisation", "QE1"), ("unit", "£m")),
        (("organisation", "QE1"), ("amount", "(12.3)"), ("unit", "£m"), ("month", "")),
    ],
)
def test_text_moved_between_cells_is_noticed(cells: tuple[tuple[str, str], ...]) -> None:
    entries = three_rows()
    entries[1] = dataclasses.replace(entries[1], cells=cells)
    assert verify(entries) is not None


def test_missing_doubled_and_exchanged_entries_are_noticed() -> None:
    first, second, third = three_rows()
    for changed, where in [
        ([second, third], 1),
        ([first, third], 2),
        ([first, first, second], 2),
        ([first, third, second], 2),
        ([second, first, third], 1),
    ]:
        broken = verify(changed)
        assert broken is not None and broken.seq == where


def test_entries_missing_from_the_end_are_noticed_by_the_root() -> None:
    entries = three_rows()
    assert verify(entries[:2]) is None  # a chain alone cannot know that it went on
    assert verify(entries[:2], expected_root=root(entries)) is not None
    assert verify(entries, expected_root=root(entries)) is None


def test_a_later_part_of_the_chain_can_be_verified_alone() -> None:
    first, second, third = three_rows()
    assert verify([second, third], after_seq=1, previous_hash=first.hash) is None


BAD_DRAFTS = {
    "no id": Draft("", "put", "amounts", 2),
    "no table": Draft("a", "put", "", 2),
    "row nought": Draft("a", "put", "amounts", 0),
    "row as text": Draft("a", "put", "amounts", "2"),  # type: ignore[arg-type]
    "row yes": Draft("a", "put", "amounts", True),
    "row too large": Draft("a", "put", "amounts", 2**63),
    "kind": Draft("a", "change", "amounts", 2),
    "put that withdraws": Draft("a", "put", "amounts", 2, withdraws=1),
    "withdraws nothing": Draft("a", "withdraw", "amounts", 2),
    "withdraws below nought": Draft("a", "withdraw", "amounts", 2, withdraws=-1),
    "cell as number": Draft("a", "put", "amounts", 2, (("amount", 5),)),  # type: ignore[arg-type]
    "cell list": Draft("a", "put", "amounts", 2, [("amount", "5")]),  # type: ignore[arg-type]
    "cell of three": Draft("a", "put", "amounts", 2, (("a", "b", "c"),)),  # type: ignore[arg-type]
    "empty cell": Draft("a", "put", "amounts", 2, (("amount", ""),)),
    "no column": Draft("a", "put", "amounts", 2, (("", "5"),)),
    "column twice": Draft("a", "put", "amounts", 2, (("amount", "5"), ("amount", "5"))),
    "NUL": Draft("a", "put", "amounts", 2, (("amount", "5\0"),)),
    "half a character": Draft("a", "put", "amounts", 2, (("amount", "\ud83d"),)),
    "half a character in who": Draft("a", "put", "amounts", 2, by="\udc00"),
    "who as number": Draft("a", "put", "amounts", 2, by=5),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", sorted(BAD_DRAFTS))
def test_what_a_ledger_cannot_keep_is_refused_with_place_and_advice(name: str) -> None:
    with pytest.raises(LedgerError) as raised:
        seal([BAD_DRAFTS[name]])
    assert raised.value.what.startswith("an entry cannot be recorded")
    assert "row" in raised.value.where
    assert raised.value.action


def test_a_history_written_as_rows_reads_back_the_same() -> None:
    entries = three_rows()
    gone = withdraw(entries[1], id="act-1", by="A. Person", on="2026-05-01", why='said "no", twice')
    entries += seal([gone], 3, entries[-1].hash)
    rows = history_rows(entries)
    assert [number for number, _ in rows] == [2, 3, 4, 5]
    assert all(text for _, cells in rows for _, text in cells)
    assert list(entries_from_rows(rows)) == entries


def test_a_damaged_history_says_which_row() -> None:
    (number, cells), *_ = history_rows(three_rows())
    damaged = tuple((c, t) for c, t in cells if c != "cells")
    with pytest.raises(LedgerError, match="entries row 2"):
        entries_from_rows([(number, damaged)])
