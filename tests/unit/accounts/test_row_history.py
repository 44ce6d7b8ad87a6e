"""How a row came to say what it says: every entry that touched it, who, when, why, before, after."""

from __future__ import annotations

import pytest

from controltotal.accounts.row_history import answer_row_history
from controltotal.acts import Desk
from controltotal.core.errors import BookError
from controltotal.core.schema import tables
from tests.act_books import CASES, YEAR, desk, do, officer

RISK = CASES["risk"].fields


@pytest.fixture
def at() -> Desk:
    """A desk at which a risk was put, changed and taken back."""
    one = desk()
    do(one, "risk", "Ann Ash", "new", on="2026-11-01", request="r-1", **RISK)
    do(
        one,
        "risk",
        officer("trust_finance", "T1"),
        "it grew",
        on="2026-11-02",
        **{**RISK, "chance": "0.9"},
    )
    do(one, "withdraw", "Ben Birch", "it passed", on="2026-11-03", table="risks", row="3")
    return one


def test_each_entry_says_who_in_which_office_when_why_and_by_which_act(at: Desk) -> None:
    rows = answer_row_history(at.position, "risks/K1").tables["row_history"]
    columns = ("kind", "act", "by", "role", "on", "why", "where")
    assert [tuple(row[c] for c in columns) for row in rows] == [
        ("put", "risk", "Ann Ash", "", "2026-11-01", "new", "risks row 2"),
        ("put", "risk", "C. Cedar", "trust_finance", "2026-11-02", "it grew", "risks row 3"),
        ("withdraw", "withdraw", "Ben Birch", "", "2026-11-03", "it passed", "risks row 3"),
    ]
    assert rows[0]["request"] == "r-1" and all(row["key"] == "risks/K1" for row in rows)
    assert all(str(row["recorded_at"]).endswith("Z") for row in rows)


def test_before_and_after_are_the_cells_of_the_row(at: Desk) -> None:
    rows = answer_row_history(at.position, "risks/K1").tables["row_history"]
    chances = [
        tuple(str(row[c]).partition("chance=")[2].partition(";")[0] for c in ("before", "after"))
        for row in rows
    ]
    assert chances == [("", "0.5"), ("0.5", "0.9"), ("0.9", "0.5")]


def test_how_often_a_row_was_touched_is_said_in_words(at: Desk) -> None:
    assert (
        answer_row_history(at.position, "risks/K1/").sentences[0].text
        == "risks/K1 was touched 3 times."
    )
    once = answer_row_history(at.position, f"amounts/T1/position/{YEAR}/9")
    assert once.sentences[0].text == f"amounts/T1/position/{YEAR}/9 was touched once."


@pytest.mark.parametrize("table", ["organisations", "amounts", "schemes", "grants", "gates"])
def test_the_rows_of_every_table_have_their_history(table: str, at: Desk) -> None:
    entries = [entry for entry in at.position.daybook if entry.table == table]
    assert len(answer_row_history(at.position, table).tables["row_history"]) == len(entries) > 0


def test_a_table_and_a_key_that_are_not_there_are_told_with_what_is(at: Desk) -> None:
    with pytest.raises(BookError, match="there is no table risk"):
        answer_row_history(at.position, "risk/K1")
    with pytest.raises(BookError, match=r"no row has the key risks/K9 .*give risks/id"):
        answer_row_history(at.position, "risks/K9")
    columns = "/".join(tables()["amounts"].key)
    with pytest.raises(BookError, match=f"give amounts/{columns}"):
        answer_row_history(at.position, "amounts/ZZ")


def test_what_changed_is_told_cell_by_cell_with_what_it_said_before() -> None:
    there = desk()
    do(there, "risk", on="2026-11-01", **RISK)
    do(there, "risk", on="2026-11-02", owner="Chief nurse", **{**RISK, "chance": "0.9"})
    do(there, "withdraw", on="2026-11-03", table="risks", row="2")
    do(there, "withdraw", on="2026-11-04", table="risks", row="3")
    rows = answer_row_history(there.position, "risks/K1").tables["row_history"]
    assert [row["changed"] for row in rows] == [
        "id=K1; organisation=T1; title=Winter; kind=risk; gross=9; unit=£; chance=0.5; "
        "known on=2026-11-01",
        "chance: 0.5 to 0.9; owner: empty to Chief nurse",
        "the same again",
        "taken back",
    ]
