"""Registers in which one column could pass for another, one kind for the other, or money for a month."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from controltotal import read, verbs
from controltotal.core.finding import Finding
from controltotal.intake.layout import tables_in
from controltotal.intake.model import Grid
from controltotal.intake.month_codes import plain_months
from tests.intake_files import FTH, Line, book_of, xlsx

TITLE: list[Line] = [["Financial risk register 2026/27 (£000)"], []]
UPPER: Line = ["", "", "Value £000", "", "Value £000"]
HEAD: Line = ["Ref", "Date raised", "Gross", "Probability %", "Risk adjusted"]


def sent(folder: Path, sheets: dict[str, Sequence[Line]]) -> tuple[Path, list[Finding]]:
    """A book into which a workbook was imported, and what was asked."""
    book = book_of("one", folder)
    path = xlsx(folder / "sheet.xlsx", sheets)
    ran = verbs.import_(path, book, set=[f"organisation={FTH}"], on="2026-07-15")
    return book, [one for one in ran.findings if one.severity == "error"]


def register(*columns: tuple[str, object, object]) -> list[Line]:
    """Two risks with their references and titles, and some columns more."""
    names = [("Ref", "R1", "R2"), ("Risk", "Winter beds", "Agency premium"), *columns]
    return [*TITLE, *(list(line) for line in zip(*names, strict=True))]


def values(book: Path) -> dict[str, tuple[str, int]]:
    return {row.title: (row.kind, row.gross) for row in read(book).book.risks}


def test_the_name_of_a_sheet_says_its_kind_under_the_title_of_the_register(tmp_path: Path) -> None:
    rows = register(("Gross", 400, 300), ("Chance", 0.5, 0.2))
    book, asked = sent(tmp_path, {"Opportunities": rows})
    assert not asked
    assert {kind for kind, _ in values(book).values()} == {"mitigation"}


def test_a_title_of_risks_on_a_sheet_of_opportunities_is_asked_about(tmp_path: Path) -> None:
    rows = register(("Gross", 400, 300), ("Chance", 0.5, 0.2))
    rows[0] = ["Risks of the year 2026/27 (£000)"]
    _, asked = sent(tmp_path, {"Opportunities M3": rows})
    assert [one for one in asked if "kind" in one.message]


def test_two_columns_of_value_that_differ_are_asked_about(tmp_path: Path) -> None:
    rows = register(("Value", 400, 300), ("Chance", 0.5, 0.2), ("Gross value", 133, 120))
    book, asked = sent(tmp_path, {"Register": rows})
    assert [one for one in asked if "may each be the gross" in one.message]
    assert not values(book)


def test_a_value_that_is_gross_times_chance_needs_no_question(tmp_path: Path) -> None:
    rows = register(("Gross value", 400, 300), ("Chance", 0.5, 0.2), ("Value", 200, 60))
    book, asked = sent(tmp_path, {"Register": rows})
    assert not asked
    assert values(book)["Winter beds"] == ("risk", 40_000_000)


def test_scores_beside_money_are_no_values(tmp_path: Path) -> None:
    rows = register(("Impact", 4, 3), ("Gross value", 400, 300), ("Chance", 0.5, 0.2))
    book, asked = sent(tmp_path, {"Register": rows})
    assert not asked
    assert values(book)["Agency premium"] == ("risk", 30_000_000)


def test_a_table_of_words_with_a_column_of_money_is_asked_about(tmp_path: Path) -> None:
    words = [
        (name, "Open", "Open") for name in ("Recurrent", "RAG", "Division", "Comments", "Team")
    ]
    rows = register(("Gross value", 400, 300), ("Chance", "5%", "9%"), *words)
    rows[0] = ["Opportunities (£000)"]
    book, asked = sent(tmp_path, {"Sheet1": rows})
    assert asked or len(values(book)) == 2


def test_months_that_make_the_value_are_left_out(tmp_path: Path) -> None:
    months = (("Apr", 100, 50), ("May", 300, 250))
    rows = register(("Gross value", 400, 300), *months, ("Chance", 0.5, 0.2))
    book, asked = sent(tmp_path, {"Register": rows})
    assert not asked
    assert values(book)["Winter beds"] == ("risk", 40_000_000)


def test_months_that_do_not_make_the_value_are_asked_about(tmp_path: Path) -> None:
    months = (("Apr", 100, 50), ("May", 300, 200))
    rows = register(("Gross value", 400, 300), *months, ("Chance", 0.5, 0.2))
    assert sent(tmp_path, {"Register": rows})[1]


def test_a_word_over_several_columns_does_not_make_each_the_value(tmp_path: Path) -> None:
    rows = register(("Gross", 400, 300), ("Probability %", 0.5, 0.2), ("Last month", 390, 310))
    rows.insert(2, ["", "", "Value", "", "Value"])
    book, asked = sent(tmp_path, {"Register": rows})
    assert not asked
    assert values(book)["Winter beds"] == ("risk", 40_000_000)


def test_words_over_some_columns_alone_do_not_hide_the_headings_beneath() -> None:
    body: list[Line] = [["R1", "01/06/2026", 970, 0.3, 291], ["R2", "01/06/2026", 540, 0.3, 162]]
    (table,) = tables_in(Grid("a.xlsx", "", [UPPER, HEAD, *body]))  # type: ignore[list-item]
    assert table.heading == (0, 1)


def test_the_same_headings_again_after_a_gap_are_a_table_of_their_own() -> None:
    head = ["No.", "Risk", "Gross", "Chance"]
    body = [
        [1, "Beds", 970, 0.3, None, 3, "Rates", 40, 0.5],
        [2, "Pay", 80, 0.3, None, 4, "VAT", 9, 1],
    ]
    grid = Grid("a.xlsx", "", [["Risks £000"], [], [*head, None, *head], *body])
    assert [(one.left, one.right) for one in tables_in(grid)] == [(0, 3), (5, 8)]


def test_a_sum_of_money_as_text_is_no_month() -> None:
    cells = [["Risk", "Gross £m", "Net £m"], ["Winter beds", "9.20", "2.2080"]]
    assert plain_months(Grid("a.csv", "", cells)).cells[1][2] == "2.2080"
