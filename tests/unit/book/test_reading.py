"""What a book's rows are read as: when each is known, what stops one, and what is kept of it."""

from __future__ import annotations

from datetime import date

import pytest

from controltotal.accounts.statement import answer_position
from controltotal.core.errors import BookError
from controltotal.workings.workings import Workings
from tests.small_books import TREE, book, codes, figure
from tests.strategies import YEAR, Cells, amount, position_of


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({"known_on": "2026-02-01", "set_on": "2026-06-05", "source": "P"}, date(2026, 2, 1)),
        ({"set_on": "2026-06", "source": "P"}, date(2026, 6, 30)),
        ({"set_on": "2026"}, date(2026, 12, 31)),
        ({"source": "P"}, date(2026, 5, 31)),
        ({}, None),
    ],
)
def test_when_a_row_is_known(more: dict[str, str], known: date | None) -> None:
    row: Cells = {"organisation": "T1", "year": YEAR, "amount": "1", "status": "accepted", **more}
    paper: Cells = {"id": "P", "title": "Paper", "published_on": "2026-05"}
    position = position_of(book(control_totals=[row], sources=[paper]))
    assert position.book.control_totals[0].known == known


def test_as_at_an_entry_or_a_date_and_never_beyond_the_book() -> None:
    said = book(amount("T1", "position", 1), amount("T1", "position", 2, known_on="2026-09-01"))
    assert figure(said, f"surplus/T1/{YEAR}/plan") == (2, "ok")
    assert figure(said, f"surplus/T1/{YEAR}/plan", "2026-08-31") == (1, "ok")
    assert figure(said, f"surplus/T1/{YEAR}/plan", "4") == (1, "ok")
    with pytest.raises(BookError, match="no entry 99"):
        position_of(said, "99")


def test_settings_are_read_as_they_were_known() -> None:
    units: list[Cells] = [
        {"key": "default_unit", "value": "£k"},
        {"key": "default_unit", "value": "£m", "known_on": "2026-09-01"},
    ]
    said = {**book(amount("T1", "position", 1)), "book": units}
    assert Workings(position_of(said)).totals.surplus("T1", YEAR, "plan").pence == 100_000_000
    assert (
        Workings(position_of(said, "2026-08")).totals.surplus("T1", YEAR, "plan").pence == 100_000
    )


def test_rows_without_a_readable_key_are_not_taken_for_each_other() -> None:
    said = book(
        amount("T1", "position", 1, year="2026"),
        amount("T1", "position", 2, year="2027"),
        amount("", "position", 3),
        amount("", "position", 4),
    )
    found = position_of(said).findings  # equal faults are one finding, with a place for each
    assert [(f.code, len(f.at)) for f in found] == [("UNKNOWN_YEAR", 2), ("MISSING_VALUE", 2)]


def test_what_names_a_stopped_row_is_not_told_a_second_time() -> None:
    scheme: Cells = {
        "id": "A1",
        "organisation": "T1",
        "title": "Beds",
        "recurrence": "recurrent",
        "maturity": "in_progress",
        "full_year_effect": "1,23",
    }
    effect: Cells = {"scheme": "A1", "organisation": "T1", "share": "1"}
    paper: Cells = {"id": "P", "title": "Paper", "published_on": "soon"}
    said = book(
        amount("T1", "position", 1, source="P"), schemes=[scheme], effects=[effect], sources=[paper]
    )
    position = position_of(said)
    assert sorted(f.code for f in position.findings) == ["AMBIGUOUS_NUMBER", "UNKNOWN_DATE"]
    assert position.book.effects == ()
    assert Workings(position).totals.surplus("T1", YEAR, "plan").pence == 100


def test_unlisted_columns_are_kept() -> None:
    position = position_of(book(amount("T1", "position", 1, colour="amber", note="#REF!")))
    row = position.book.amounts[0]
    assert row.other["colour"] == "amber"
    assert [f.code for f in position.findings] == ["UNLISTED_COLUMN", "SPREADSHEET_ERROR"]
    assert Workings(position).totals.surplus("T1", YEAR, "plan").pence == 100, (
        "no figure needs a note"
    )


def test_a_stated_gap_of_no_unit_that_can_be_read_stops_its_row() -> None:
    fact: Cells = {"organisation": "T1", "fact": "gap", "year": YEAR, "value": "5", "unit": "£tn"}
    position = position_of(book(amount("T1", "position", 0), facts=[fact]))
    assert [f.code for f in position.findings] == ["UNKNOWN_UNIT"]
    answer_position(Workings(position))


def test_a_parent_that_is_closed_in_the_year_is_said() -> None:
    tree: list[Cells] = [{**TREE[0], "to": "2022-06-30"}, *TREE[1:]]
    position = position_of(book(amount("T1", "position", 5), tree=tree))
    assert "PARENT_MISSING" in codes(position)
