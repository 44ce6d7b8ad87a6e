"""The table `entries`: a ledger's history as rows of a file, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controltotal.ledger import (
    Author,
    Cells,
    Draft,
    Erasure,
    LedgerError,
    MemoryStore,
    Narration,
    Posting,
    entries_of,
    put,
    root,
    verify,
)
from controltotal.ledger.entries import WITHDRAW
from controltotal.ledger.history import COLUMNS, history_rows, links_from_rows
from tests.ledgers import FIXED, posting

SAID = Narration("r1", "send", Author("sub-1", "A. Person", "office"), "2026-05-01", 'a "no"', "f")


def book() -> MemoryStore:
    """Two amounts and an organisation in one act (1 to 3), one amount withdrawn (4), a note (5)."""
    rows = (
        put("amounts", 2, [("amount", "(12.3)"), ("unit", "£m")], origin="a.csv||A2"),
        put("amounts", 3, [("amount", "−4.6")]),
        put("organisations", 2, [("code", "QE1")]),
    )
    store = MemoryStore(sealer=FIXED)
    store.append([Posting(SAID, rows)], 0)
    store.append([posting([Draft(WITHDRAW, "amounts", 2, withdraws=1)], request="r2")], 3)
    store.append([posting([put("notes", 2, [("text", "x")])], request="r3")], 4)
    return store


def history() -> list[tuple[int, Cells]]:
    return history_rows(book().links())


def test_a_history_written_as_rows_reads_back_the_same() -> None:
    links, rows = book().links(), history()
    assert [number for number, _ in rows] == [2, 3, 4, 5, 6]
    assert all(text for _, cells in rows for _, text in cells)
    assert {column for _, cells in rows for column, _ in cells} <= set(COLUMNS)
    again = list(links_from_rows(rows))
    assert again == links
    assert root(again) == root(links)


def test_what_belongs_to_a_block_stands_in_its_first_row_alone() -> None:
    said = [dict(cells) for _, cells in history()]
    assert [("hash" in row, "why" in row, "salt" in row) for row in said[:3]] == [
        (True, True, True),
        (False, False, False),
        (True, True, True),
    ]
    assert [row["seq"] for row in said] == ["1", "2", "3", "4", "5"]
    assert said[0]["by"] == "A. Person"
    assert said[3]["withdraws"] == "1"


def test_a_history_with_a_redaction_reads_back_the_same() -> None:
    store = book()
    store.redact(Erasure(Narration("red", why="law"), {2: ()}))
    store.redact(Erasure(Narration("red2", why="law"), {5: ()}))
    links = store.links()
    rows = history_rows(links)
    assert "−4.6" not in repr(rows)
    again = list(links_from_rows(rows))
    assert again == links
    assert verify(again, expected_root=root(links)) is None
    assert entries_of(again) == store.read()


def test_a_changed_cell_of_a_history_is_noticed() -> None:
    rows = history()
    for place, (number, cells) in enumerate(rows):
        for column, text in cells:
            other = "9" if text.isdigit() else '["x","y"]' if column == "cells" else f"{text}x"
            changed = list(rows)
            changed[place] = (number, tuple((c, other if c == column else t) for c, t in cells))
            assert noticed(changed), f"row {number}, {column}"


@pytest.mark.parametrize("column", ["why", "by", "hash", "salt"])
def test_a_cell_put_where_none_belongs_is_noticed(column: str) -> None:
    """The second row of a block says nothing of the block, and an erased one nothing of its act."""
    rows = history()
    rows[1] = (3, (*rows[1][1], (column, "x")))
    with pytest.raises(LedgerError, match="entries row 3"):
        links_from_rows(rows)
    store = book()
    store.redact(Erasure(Narration("red"), {5: ()}))
    rows = history_rows(store.links())
    rows[4] = (6, (*rows[4][1], (column, "x")))
    assert noticed(rows)


def noticed(rows: list[tuple[int, Cells]]) -> bool:
    try:
        return verify(links_from_rows(rows)) is not None
    except LedgerError:
        return True


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("cells", ""),
        ("cells", "["),
        ("cells", '["a"]'),
        ("cells", "5"),
        ("row", "two"),
        ("count", ""),
        ("count", "many"),
        ("hash", ""),
        ("seq", "x"),
        ("kind", ""),
    ],
)
def test_a_damaged_history_says_which_row(column: str, text: str) -> None:
    rows = history()
    number, cells = rows[4]
    found = dict(cells)
    found[column] = text
    rows[4] = (number, tuple((c, t) for c, t in found.items() if t))
    with pytest.raises(LedgerError, match="entries row 6"):
        links_from_rows(rows)


def test_a_block_with_fewer_rows_than_it_says_is_named_by_its_first_row() -> None:
    rows = history()
    for said in ("3", "9"):
        number, cells = rows[3]
        changed = [*rows[:3], (number, tuple((c, said if c == "count" else t) for c, t in cells))]
        with pytest.raises(LedgerError, match="entries row 5"):
            links_from_rows(changed)
    number, cells = rows[3]
    odd = {**dict(cells), "count": "9", "seq": "x"}
    with pytest.raises(LedgerError, match="entries row 5"):
        links_from_rows([*rows[:3], (number, tuple(odd.items()))])


def test_a_history_of_nothing_is_nothing() -> None:
    assert list(links_from_rows([])) == []
    assert history_rows([]) == []


def test_a_block_that_is_alone_keeps_its_place() -> None:
    link = replace(book().links()[2])
    assert list(links_from_rows(history_rows([link]))) == [link]
