"""The key of a row: one text for one row, whoever wrote it and however."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.book.row_keys import Touched, history_of, key_of_entry, key_part, row_key
from controltotal.core.schema import tables
from controltotal.ledger.entries import Entry, put, withdraw
from tests.ledgers import acted

PARTS = st.text(alphabet="aZ9/% .é-_", max_size=6)


@given(st.lists(PARTS, min_size=2, max_size=2), st.lists(PARTS, min_size=2, max_size=2))
def test_two_rows_have_one_key_only_where_their_parts_are_equal(
    one: list[str], other: list[str]
) -> None:
    columns = tables()["crosswalk"].key[:2]
    first, second = (
        row_key("crosswalk", dict(zip(columns, parts, strict=True))) for parts in (one, other)
    )
    assert (first == second) == (one == other)


@pytest.mark.parametrize("table", sorted(tables()))
def test_a_key_has_a_part_for_every_key_column_and_keeps_the_empty_ones(table: str) -> None:
    assert row_key(table, {}) == table + "/" * len(tables()[table].key)


def test_a_slash_and_a_percent_sign_in_a_part_are_no_joints() -> None:
    assert row_key("risks", {"id": "A/B 50%"}) == "risks/A%2FB%2050%25"


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ("year", ["2026-27", "2026/27", "26/27", "FY26/27"]),
        ("month", ["9", "M9", "Dec", "December", "09", "2026-12-31"]),
        ("basis", ["actual", "Actual", " ACTUAL "]),
    ],
)
def test_plain_forms_of_one_thing_are_one_part(column: str, texts: Sequence[str]) -> None:
    assert len({key_part("amounts", column, text) for text in texts}) == 1


def test_what_cannot_be_read_is_a_part_of_its_own_and_a_name_is_left_as_it_is() -> None:
    assert key_part("amounts", "month", "spring") == "spring"
    assert key_part("amounts", "organisation", "rx1") == "rx1"
    assert key_part("no_table", "month", "M9") == "M9"
    assert row_key("no_table", {"b": "1", "a": "2"}) == "no_table/1/2"


def story() -> list[Entry]:
    """A risk that is put, changed by taking it back and putting it, and taken back; and another."""
    entries = acted(
        [], [put("risks", 2, [("id", "A"), ("chance", "0.1")])], by="Ann", on="2026-05-01"
    )
    entries = acted(entries, [put("risks", 3, [("id", "B")])], by="Ben", on="2026-05-02")
    more = [withdraw(entries[0]), put("risks", 4, [("id", "A"), ("chance", "0.2")])]
    entries = acted(entries, more, by="Cat", on="2026-05-03", why="it grew")
    return acted(entries, [withdraw(entries[3])], by="Dan", on="2026-05-04")


def test_the_history_of_a_row_is_every_change_of_it_with_before_and_after() -> None:
    told = [
        (
            entry.seq,
            entry.by,
            before and dict(before.cells)["chance"],
            after and dict(after.cells)["chance"],
        )
        for entry, before, after in history_of(story(), "risks/A")
    ]
    assert told == [
        (1, "Ann", None, "0.1"),
        (4, "Cat", "0.1", "0.2"),
        (5, "Dan", "0.2", None),
    ]


def test_the_first_parts_of_a_key_are_those_of_every_row_that_begins_with_them() -> None:
    entries = acted(
        [],
        [
            put(
                "amounts",
                n,
                [("organisation", code), ("line", line), ("year", "2026-27"), ("basis", "plan")],
            )
            for n, (code, line) in enumerate([("T1", "pay"), ("T1", "drugs"), ("T10", "pay")], 2)
        ],
        by="Ann",
        on="2026-05-01",
    )
    assert [entry.row for entry, _, _ in history_of(entries, "amounts/T1")] == [2, 3]
    assert [entry.row for entry, _, _ in history_of(entries, "amounts/T1/pay")] == [2]
    assert history_of(entries, "amounts/T") == []


def test_what_was_touched_last_is_known_entry_by_entry_as_from_nothing() -> None:
    entries = story()
    step = Touched()
    for entry in entries:
        step.add([entry])
        whole = Touched(entries[: entry.seq])
        assert (step.last, step.said) == (whole.last, whole.said)
    assert step.last == {"risks/A": 5, "risks/B": 2}
    assert step.said["risks/A"] is None and step.said["risks/B"] == entries[1]
    assert (step.key(4), step.key(3), step.key(99)) == ("risks/A", "", "")
    assert key_of_entry(entries[0]) == "risks/A"
