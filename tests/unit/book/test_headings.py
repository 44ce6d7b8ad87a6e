"""Headings however they are written are read; slips of them stop their rows; others are told once.

Thirty slips and thirty honest variants are drawn from a seed, over every column of `amounts`,
`control_totals` and `schemes` that a figure may rest on.
"""

from __future__ import annotations

import random

import pytest

from controltotal.core.schema import near, tables
from controltotal.core.vocabulary import folded
from tests.small_books import book, figure, surplus
from tests.strategies import YEAR, Book, amount, position_of

SEEDS = range(30)
MOVES_FIGURES = {
    "amounts": ("unit", "scenario", "recurrence", "counterparty", "scheme", "month", "qualifier"),
    "control_totals": ("unit", "scenario", "includes_support", "month"),
}
VALUES = {
    "unit": "£m",
    "scenario": "worst case",
    "recurrence": "recurrent",
    "counterparty": "T1",
    "scheme": "S1",
    "month": "H1",
    "qualifier": "over",
    "includes_support": "yes",
}


def said(table: str, heading: str, value: str) -> Book:
    """A body with a surplus of 5 and a control total of 3, and one more column over one row."""
    made = book(amount("T1", "position", 5))
    total = {
        "organisation": "T1",
        "year": YEAR,
        "amount": "3",
        "status": "accepted",
        "set_on": "2026-03-01",
    }
    made["control_totals"] = [total]
    made["schemes"] = [
        {
            "id": "S1",
            "organisation": "T1",
            "title": "Beds",
            "recurrence": "recurrent",
            "maturity": "in_progress",
            "full_year_effect": "1",
        }
    ]
    row = made[table][0]
    made[table] = [{**{k: v for k, v in row.items() if k != heading}, heading: value}]
    return made


def slip(word: str, draw: random.Random) -> str:
    """A word with one letter left out, added, changed, or changed about with its neighbour."""
    place = draw.randrange(len(word) - 1)
    letter = draw.choice("abcdefghijklmnoprstuvwy")
    return draw.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )


def drawn(seed: int) -> tuple[str, str, str]:
    """A table, one of its columns, and a slip of it that is no other column."""
    draw = random.Random(seed)
    while True:
        table = draw.choice(list(MOVES_FIGURES))
        column = draw.choice(MOVES_FIGURES[table])
        heading = slip(column, draw)
        if near(heading, column) and not tables()[table].named(heading):
            return table, column, heading


@pytest.mark.parametrize("seed", SEEDS)
def test_a_slip_of_a_heading_stops_what_is_written_under_it(seed: int) -> None:
    table, column, heading = drawn(seed)
    position = position_of(said(table, heading, VALUES[column]))
    errors = [f for f in position.findings if f.severity == "error"]
    assert [f.code for f in errors] == ["NEAR_HEADING"], (table, column, heading)
    assert heading in errors[0].message and column in errors[0].message
    assert column in errors[0].action
    assert [row.table for row in position.stopped] == [table]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heading_in_another_spelling_is_the_same_heading(seed: int) -> None:
    draw = random.Random(1000 + seed)
    table = draw.choice(list(MOVES_FIGURES))
    column = draw.choice(MOVES_FIGURES[table])
    heading = column.replace("_", draw.choice(("_", " ", "-", "  ", " - ", "")))
    heading = draw.choice((str.upper, str.title, str.capitalize, str.lower))(heading)
    heading += draw.choice(("", " ", ":", "*"))
    assert folded(column) in folded(heading)
    plain = position_of(said(table, column, VALUES[column]))
    typed = position_of(said(table, heading, VALUES[column]))
    assert [f.code for f in typed.findings] == [f.code for f in plain.findings]
    assert [r.cell(column) for r in typed.rows(table)] == [
        r.cell(column) for r in plain.rows(table)
    ]
    assert len(typed.stopped) == len(plain.stopped)


@pytest.mark.parametrize(
    "heading",
    ["region", "account", "Notes", "Comment", "agreed with", "RAG", "form", "cost centre"],
)
def test_a_note_of_ones_own_is_kept_told_once_and_stops_nothing(heading: str) -> None:
    told = said("amounts", heading, "as agreed")
    position = position_of(told)
    assert [f.code for f in position.findings] == ["UNLISTED_COLUMN"]
    assert [f.severity for f in position.findings] == ["information"]
    assert position.book.amounts[0].other[heading] == "as agreed"
    assert surplus(told) == 5


def test_the_cell_that_an_import_writes_is_no_note_of_ones_own() -> None:
    source = {"id": "import-a-1f.T1", "title": "Amounts, imported"}
    rows = [amount("T1", "pay", 8, cell="Sheet1!B4", source=source["id"])]
    read = {**book(*rows), "sources": [source]}
    assert position_of(read).findings == ()
    own = amount("T1", "patient_care_income", 9, cell="asked of finance")
    assert [f.code for f in position_of({**read, "amounts": [*rows, own]}).findings] == [
        "UNLISTED_COLUMN"
    ], "a row that rests on no import has a note"


def test_one_finding_names_every_unlisted_column() -> None:
    rows = [
        amount("T1", "patient_care_income", 9, colour="red", note="a"),
        amount("T1", "pay", 8, place="North"),
    ]
    body = {"code": "T1", "name": "First", "kind": "provider", "phone": "none"}
    found = position_of(book(*rows, tree=[body])).findings
    assert [f.code for f in found] == ["UNLISTED_COLUMN"]
    assert found[0].found == "organisations (phone); amounts (colour, note, place)"
    assert found[0].where == "organisations row 1; amounts row 1"


def test_a_known_heading_beside_it_makes_a_near_one_a_note() -> None:
    position = position_of(book(amount("T1", "position", 5, unit="£m", units="people")))
    assert [f.code for f in position.findings] == ["UNLISTED_COLUMN"]
    assert not position.stopped


def test_a_slip_in_the_tree_leaves_the_parent_in_doubt_and_not_the_body_lost() -> None:
    tree = [
        {"code": "S1", "name": "System", "kind": "system"},
        {"code": "T1", "name": "First", "kind": "provider", "parnet": "S1"},
    ]
    told = book(amount("T1", "position", 5), tree=tree)
    assert figure(told, f"surplus/S1/{YEAR}/plan")[1] == "indeterminate"
    assert figure(told, f"surplus/T1/{YEAR}/plan")[1] == "indeterminate"


@pytest.mark.parametrize("heading", ["Amount (£000)", "Amount £m", "amount, £k", "AMOUNT (£bn)"])
def test_a_heading_with_a_unit_behind_it_is_asked_about(heading: str) -> None:
    row = {k: v for k, v in amount("T1", "position", 5).items() if k != "amount"}
    position = position_of(book({**row, heading: "5"}))
    found = [f for f in position.findings if f.code == "NEAR_HEADING"]
    assert len(found) == 1 and "column unit" in found[0].action
    assert position.stopped


def test_a_column_of_debits_and_credits_is_known_by_what_it_says() -> None:
    rows = [
        amount("T1", "patient_care_income", 400, Side="CR"),
        amount("T1", "pay", 403, Side="DR"),
    ]
    position = position_of(book(*rows))
    assert [f.code for f in position.findings] == ["NEAR_HEADING"]
    assert len(position.stopped) == 2


@pytest.mark.parametrize("name", sorted(tables()))
def test_no_two_columns_of_a_table_are_one_when_written_otherwise(name: str) -> None:
    table = tables()[name]
    assert len(table.by_folded) == len(table.columns)
    for column in table.columns:
        assert table.named(column.replace("_", " ").upper()) == column


@pytest.mark.parametrize(
    "text", ["£m", "£000", "CR", "forecast", "12.5", "(3)", "2026/27", "Recurrent"]
)
def test_a_cell_without_a_heading_that_may_change_a_figure_stops_its_row(text: str) -> None:
    told = book(amount("T1", "position", 5, **{"(column H)": text}))
    position = position_of(told)
    assert [f.code for f in position.findings] == ["CELL_WITHOUT_HEADING"]
    assert surplus(told) is None


@pytest.mark.parametrize("text", ["agreed with the board", "see note", "x", "ask Finance", "ok"])
def test_a_remark_without_a_heading_stops_nothing(text: str) -> None:
    assert surplus(book(amount("T1", "position", 5, **{"(column H)": text}))) == 5
