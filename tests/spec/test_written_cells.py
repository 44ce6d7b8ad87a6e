"""Books as people typed them: what is read, and what is asked about with its cause and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from controltotal.book.fold import Position, fold
from controltotal.core.finding import Finding
from controltotal.sources.books import read_book
from controltotal.sources.convert import convert_book
from controltotal.workings.workings import Workings

BOOKS = Path(__file__).resolve().parents[1] / "data" / "faults" / "reading"


def read(name: str) -> Position:
    return fold(read_book(BOOKS / name))


def pounds(position: Position) -> dict[int, int]:
    """The amounts that figures use, by row, in pounds."""
    return {row.number: row.amount // 100 for row in position.book.amounts}


def faults(position: Position) -> list[Finding]:
    """The errors: a small book may also look odd in scale, which only warns."""
    return [finding for finding in position.findings if finding.severity == "error"]


def asked(position: Position) -> dict[str, list[int]]:
    """The rows that are stopped, by what was expected of them."""
    found: dict[str, list[int]] = {}
    for finding in faults(position):
        assert finding.action.endswith("."), finding
        found.setdefault(finding.expected, []).extend(place.row for place in finding.places)
    return found


def test_the_forms_of_a_number() -> None:
    position = read("number-forms")
    assert pounds(position) == {2: 400_000_000, 4: 0, 5: 1_000_000, 6: -3_000_000}
    rows = sorted(row for rows in asked(position).values() for row in rows)
    assert rows == [3, 7, 8, 9, 10]
    assert any("decimal point" in cause for cause, rows in asked(position).items() if 7 in rows)
    assert any("scientific" in cause for cause, rows in asked(position).items() if 9 in rows)
    assert any("not known" in cause for cause, rows in asked(position).items() if 10 in rows)


def test_the_forms_of_a_unit() -> None:
    position = read("unit-forms")
    thousands = dict.fromkeys((2, 3, 4, 6, 8), 5_000)
    assert pounds(position) == {**thousands, 5: 5_000_000, 7: 5}
    assert faults(position) == []


def test_the_forms_of_a_year_and_a_month() -> None:
    position = read("year-forms")
    causes = {place.row: f.expected for f in faults(position) for place in f.places}
    assert "2026/27 or 2027/28" in causes[2]
    assert "M02" in causes[6] or "M2" in causes[6]
    assert "turned it into a date" in causes[12]
    same = [[p.row for p in f.places] for f in faults(position) if f.code == "DUPLICATE"]
    assert same == [[3, 4, 10], [5, 7], [9, 13]], "written apart, and one year and month"


def test_what_people_type_in_a_month_of_amounts() -> None:
    position = read("typed-forms")
    plain = dict.fromkeys((2, 9, 11, 12, 13), 1_234_000)
    assert pounds(position) == {
        **plain,
        3: 1_234_500,
        4: 1_200_000,
        5: -1_234_000,
        7: 0,
        8: -1_234_000,
    }
    assert sorted(row for rows in asked(position).values() for row in rows) == [6, 10]


def test_the_words_of_a_basis() -> None:
    position = read("typed-basis")
    assert [(r.number, r.basis) for r in position.book.amounts] == [(2, "plan"), (3, "forecast")]
    said = {f.code: [p.row for p in f.places] for f in faults(position)}
    assert said == {"UNKNOWN_MONTH": [6], "DUPLICATE": [4, 5]}


def test_the_words_of_a_year_to_date() -> None:
    position = read("typed-ytdword")
    assert [(r.number, r.month) for r in position.book.amounts] == [(2, None), (4, "YTD9")]
    causes = {place.row: f.expected for f in faults(position) for place in f.places}
    assert "YTD9 for April to December" in causes[3]


def test_dates_with_the_day_first() -> None:
    position = read("uk-dates")
    assert faults(position) == []
    days = {row.set_on.isoformat() for row in position.book.control_totals if row.set_on}
    assert days == {"2026-03-20"}


def test_a_pound_sign_in_a_book_of_thousands_is_asked_about_once() -> None:
    position = read("pound-sign")
    assert pounds(position) == {4: 400_000_000, 5: 403_000_000}
    assert [[p.row for p in f.places] for f in faults(position)] == [[2, 3]]
    assert "Write £ in the column unit for pounds" in faults(position)[0].action
    assert Workings(position).totals.surplus("TRA", "2026-27", "plan").kind == "stopped"


def test_points_for_thousands_are_asked_about_once() -> None:
    position = read("decimal-point-thousands")
    assert pounds(position) == {4: 400_000_000, 5: 403_000_000}
    assert [[p.row for p in f.places] for f in faults(position)] == [[2, 3]]


def test_a_column_of_debits_and_credits() -> None:
    position = read("debit-credit-column")
    assert faults(position) == []
    surplus = Workings(position).totals.surplus("TRA", "2026-27", "actual").pence
    assert surplus == (400_000 - 403_000 + 5_000) * 100_000


OF_CELLS = [
    "number-forms",
    "unit-forms",
    "year-forms",
    "typed-forms",
    "typed-basis",
    "typed-ytdword",
    "uk-dates",
    "pound-sign",
    "decimal-point-thousands",
    "debit-credit-column",
    "typed-brackets",
    "gl-sign",
    "typed-cum",
]


@pytest.mark.parametrize("name", OF_CELLS)
def test_a_book_says_the_same_as_folder_workbook_and_ledger(name: str, tmp_path: Path) -> None:
    said = read(name)
    for target in (tmp_path / "book.xlsx", tmp_path / "book.ledger"):
        convert_book(str(BOOKS / name), str(target))
        other = fold(read_book(target))
        assert pounds(other) == pounds(said)
        assert [(f.code, f.places) for f in faults(other)] == [
            (f.code, f.places) for f in faults(said)
        ]
