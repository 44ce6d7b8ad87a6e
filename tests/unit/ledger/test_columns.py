"""The amounts of a ledger that stand, as columns: kept up entry by entry, and lost to none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from controltotal.ledger import columns
from controltotal.ledger.columns import Joined, LedgerBlock, LedgerEntries, block_of
from controltotal.ledger.entries import PUT, WITHDRAW, Entry

REQUIRED = ("organisation", "line", "year", "basis", "amount")


@pytest.fixture(autouse=True)
def of_few_rows() -> Iterator[None]:
    """Three rows are many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "ROWS_FROM", 3)
        yield


def amount(seq: int, row: int, sum: str, **more: str) -> Entry:
    """An amount of T1."""
    cells = {"organisation": "T1", "line": "pay", "year": "2026/27", "basis": "plan", "amount": sum}
    return Entry(seq, PUT, "amounts", row, tuple((cells | more).items()), f"a.csv||A{row}")


def gone(seq: int, of: Entry) -> Entry:
    """The withdrawal of an entry."""
    return Entry(seq, WITHDRAW, of.table, of.row, (), withdraws=of.seq)


BODY = Entry(1, PUT, "organisations", 2, (("code", "T1"),))
FIRST = [BODY, amount(2, 2, "5"), amount(3, 3, "6", note="seen"), amount(4, 4, "7")]


def block(entries: LedgerEntries) -> LedgerBlock:
    """Its one block."""
    (found,) = entries.blocks
    assert isinstance(found, LedgerBlock)
    return found


def said(entries: LedgerEntries) -> list[tuple[int, int, str, str]]:
    """What the columns say: entry, row, sum and note of each row."""
    rows = block(entries)
    return [
        (int(entry), int(row), rows.text("amount", n), rows.text("note", n))
        for n, (entry, row) in enumerate(zip(rows.entries, rows.numbers, strict=True))
    ]


def test_the_amounts_that_stand_are_columns_and_all_else_stands_by_itself() -> None:
    entries = LedgerEntries.of(FIRST)
    assert said(entries) == [(2, 2, "5", ""), (3, 3, "6", "seen"), (4, 4, "7", "")]
    assert list(entries.single) == [BODY] and list(entries.said) == FIRST
    assert block(entries).entry(1) is FIRST[2]
    assert block(entries).cells(1)[-1] == ("note", "seen")
    assert block(entries).origins([0, 2]) == ["a.csv||A2", "a.csv||A4"]


def test_few_amounts_stand_by_themselves() -> None:
    entries = LedgerEntries.of(FIRST[:3])
    assert entries.blocks == () and list(entries.single) == FIRST[:3]
    assert list(entries.more([amount(4, 4, "7")]).single) == [BODY], "a third makes columns"


def test_what_is_written_later_is_taken_in_and_what_is_taken_back_goes() -> None:
    entries = LedgerEntries.of(FIRST)
    more = entries.more([gone(5, FIRST[1]), amount(6, 5, "8", scheme="S1"), BODY])
    assert said(more) == [(3, 3, "6", "seen"), (4, 4, "7", ""), (6, 5, "8", "")]
    assert block(more).text("scheme", 2) == "S1" and block(more).text("scheme", 0) == ""
    assert said(entries)[0] == (2, 2, "5", ""), "what was read before stays as it was"
    assert more.withdrawn == {2} and not entries.withdrawn
    assert [entry.kind for entry in more.single] == [PUT, WITHDRAW, PUT]
    assert block(more).entry(2).seq == 6


def test_a_row_put_and_taken_back_at_once_was_never_there() -> None:
    fresh = amount(5, 5, "8")
    more = LedgerEntries.of(FIRST).more([fresh, gone(6, fresh)])
    assert [row[0] for row in said(more)] == [2, 3, 4] and len(more) == 6


def test_rows_stand_in_the_order_of_their_rows_whenever_they_were_written() -> None:
    entries = LedgerEntries.of([BODY, amount(2, 9, "5"), amount(3, 3, "6"), amount(4, 4, "7")])
    assert [row[:2] for row in said(entries)] == [(3, 3), (4, 4), (2, 9)]
    more = entries.more([amount(5, 2, "1")])
    assert [row[:2] for row in said(more)] == [(5, 2), (3, 3), (4, 4), (2, 9)]
    assert block(more).places(block(more).entries).tolist() == [0, 1, 2, 3]


def test_two_rows_of_one_number_are_read_one_by_one() -> None:
    assert LedgerEntries.of([*FIRST, amount(5, 4, "8")]).blocks == ()
    twice = LedgerEntries.of(FIRST).more([amount(5, 4, "8")])
    assert twice.blocks == () and len(twice.single) == 5


@pytest.mark.parametrize("column", REQUIRED)
def test_where_nobody_gives_what_every_row_must_have_rows_are_read_one_by_one(column: str) -> None:
    lacking = [
        Entry(e.seq, PUT, "amounts", e.row, tuple(c for c in e.cells if c[0] != column))
        for e in FIRST[1:]
    ]
    assert block_of(lacking, lacking.__getitem__) is None


def test_entries_that_stand_are_found_by_number_and_by_place() -> None:
    entries = LedgerEntries.of(FIRST).more([gone(5, FIRST[1]), amount(6, 2, "8")])
    there = entries.standing
    assert list(there) == [1, 3, 4, 6] and len(there) == 4
    assert there[6].row == 2 and 2 not in there and 5 not in there and "6" not in there
    with pytest.raises(KeyError):
        there[2]
    found = LedgerEntries.of(FIRST).standing
    assert getattr(found, "at")("amounts", 3) == 3 and getattr(found, "at")("amounts", 9) == 0  # noqa: B009


def test_the_last_row_of_a_table_counts_rows_that_were_taken_back() -> None:
    entries = LedgerEntries.of(FIRST).more([amount(5, 12, "1"), gone(6, amount(5, 12, "1"))])
    assert entries.last_row("amounts") == 12
    assert entries.last_row("organisations") == 2 and entries.last_row("lines") == 0


def test_up_to_an_entry_is_what_was_there_then() -> None:
    entries = LedgerEntries.of(FIRST).more([gone(5, FIRST[1])])
    assert said(entries.upto(4)) == said(LedgerEntries.of(FIRST))
    assert len(entries.upto(3)) == 3 and entries.upto(3).blocks == ()


def test_as_recorded_it_is_the_same_with_the_time_of_recording() -> None:
    tried = LedgerEntries.of(FIRST).more([amount(5, 5, "8"), replace(BODY, seq=6)])
    at = "2026-11-30T09:00:00Z"
    stored = [Entry(5, PUT, "amounts", 5, amount(5, 5, "8").cells, "a.csv||A5", recorded_at=at)]
    stored.append(Entry(6, PUT, "organisations", 2, BODY.cells, recorded_at=at))
    kept = tried.recorded(stored)
    assert list(kept)[4:] == stored and list(kept)[:4] == FIRST
    assert list(kept.single) == [BODY, stored[1]] and kept.blocks == tried.blocks


def test_what_was_made_of_a_row_goes_with_the_row_and_to_no_other_history() -> None:
    entries = LedgerEntries.of(FIRST)
    block(entries).made["a way"] = {2: "two", 3: "three"}
    one = entries.more([gone(5, FIRST[1]), amount(6, 6, "8")])
    other = entries.more([amount(5, 6, "9")])
    assert block(one).made == {"a way": {3: "three"}}
    block(one).made["a way"][6] = "six"
    assert block(other).made == {"a way": {2: "two", 3: "three"}}
    assert block(entries).made == {"a way": {2: "two", 3: "three"}}


def test_where_no_amount_changes_the_columns_are_the_same() -> None:
    entries = LedgerEntries.of(FIRST)
    assert entries.more([Entry(5, PUT, "lines", 2, ())]).blocks == entries.blocks


def test_entries_joined_are_one_line_of_entries() -> None:
    one = Joined.of(FIRST[:2], FIRST[2:3])
    two = Joined.of(one, FIRST[3:])
    assert list(one) == FIRST[:3] and list(two) == FIRST == two[:]
    assert two[-1] is FIRST[3] and two[1:3] == FIRST[1:3] and len(two) == 4
    assert list(Joined.of(two, [BODY], 3)) == [*FIRST[:3], BODY]
    assert list(Joined.of(two, [BODY], 1)) == [FIRST[0], BODY]
    for beyond in (4, -5):
        with pytest.raises(IndexError):
            two[beyond]
