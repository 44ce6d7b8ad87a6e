"""Parts of a reading that are used again: only where all that they rest on is equal."""

from __future__ import annotations

from dataclasses import replace

from controltotal.book.record import Record
from controltotal.book.remembered import KEPT, Remembered, Same, by_table, flat
from tests.strategies import amount, position_of


class Counted:
    """A sum that counts how often it was made."""

    def __init__(self) -> None:
        self.made = 0

    def of(self, *numbers: int) -> int:
        """The sum."""
        self.made += 1
        return sum(numbers)


def test_a_part_is_made_once_for_what_it_rests_on() -> None:
    parts, counted = Remembered(), Counted()
    for _ in range(3):
        assert parts.recall("sum", (1, 2), counted.of, 1, 2) == 3
    assert counted.made == 1


def test_it_is_made_anew_where_that_is_other_and_the_one_before_is_kept() -> None:
    parts, counted = Remembered(), Counted()
    for numbers in ((1, 2), (2, 2), (1, 2), (2, 2)):
        assert parts.recall("sum", numbers, counted.of, *numbers) == sum(numbers)
    assert counted.made == KEPT == 2
    parts.recall("sum", (9,), counted.of, 9)
    parts.recall("sum", (1, 2), counted.of, 1, 2)
    assert counted.made == 4, "the older of the two went"


def test_parts_of_two_names_are_two() -> None:
    parts = Remembered()
    assert parts.recall("one", (1,), lambda: "a") == "a"
    assert parts.recall("other", (1,), lambda: "b") == "b"


def test_a_part_that_is_nothing_is_kept_too() -> None:
    parts, counted = Remembered(), Counted()
    for _ in range(2):
        assert parts.recall("sum", (), counted.of) == 0
    assert counted.made == 1


def test_same_is_equal_to_itself_alone() -> None:
    one, other = [1], [1]
    assert Same(one) == Same(one) and hash(Same(one)) == hash(Same(one))
    assert Same(one) != Same(other) and Same(one) != one


def test_rows_are_parted_by_their_tables_in_order() -> None:
    position = position_of({"amounts": [amount("T1", "pay", 1), amount("T1", "drugs", 2)]})
    rows = [*position.stopped, *position.rows("book")]
    parted = by_table(rows)
    assert flat(parted.values()) == rows
    assert [row.number for row in parted["amounts"]] == [2, 3]


def test_what_is_made_of_a_row_is_made_once_for_each_record() -> None:
    rows = position_of({"amounts": [amount("T1", "pay", 1), amount("T1", "drugs", 2)]}).stopped
    parts, asked = Remembered(), []

    def line(row: Record) -> str:
        asked.append(row.entry)
        return row.texts["line"]

    assert parts.of_each("line", rows, line) == ["pay", "drugs"]
    assert parts.of_each("line", rows[1:], line) == ["drugs"] and len(asked) == 2
    again = replace(rows[0], texts={"line": "other"})
    assert parts.of_each("line", (again, rows[1]), line) == ["other", "drugs"], "of its number, new"
    assert parts.of_each("another part", rows, line) == ["pay", "drugs"] and len(asked) == 5
