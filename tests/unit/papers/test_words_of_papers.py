"""The words that papers use instead of an answer's: one table, and every row of it does its work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controltotal.core.datafiles import packaged_rows
from controltotal.papers.board_words import plain

ROWS = packaged_rows("said.csv")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["answers"])
def test_each_word_is_said_as_people_say_it(row: dict[str, str]) -> None:
    assert plain(f"the {row['answers']} of all") == f"the {row['papers']} of all"
    assert plain(f"{row['answers'].capitalize()}.")[0].isupper()
    assert row["why"], "a word is changed for a reason"


def test_no_word_is_said_twice_nor_changed_again() -> None:
    assert len({row["answers"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert plain(row["papers"]) == row["papers"]


def test_a_part_of_a_word_is_left_alone() -> None:
    assert plain("nobody booked a harmless antibody") == "nobody booked a harmless antibody"


@given(st.lists(st.sampled_from([row["answers"] for row in ROWS] + ["a", "of", "£3.0 million,"])))
def test_saying_it_again_changes_nothing(words: list[str]) -> None:
    once = plain(" ".join(words))
    assert plain(once) == once


@given(st.integers(0, 10**13))
def test_money_in_words_is_money_in_millions(pence: int) -> None:
    millions = f"{pence / 1e8:,.1f}"
    assert plain(f"worse by £{millions} million.") == f"worse by £{millions}m."
