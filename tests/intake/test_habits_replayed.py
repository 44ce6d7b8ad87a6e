"""What was answered once of a habit holds next month, and a month by itself takes none of the others away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.intake_cases_habits import struck_rows
from tests.intake_files import FTH_NAME, NUMBERED, Line, Truth, across, book_of, statement, xlsx
from tests.intake_told import differences, imported, questions
from tests.intake_trackers import TITLE, schemes, truth_of


def report(path: Path, month: int, heading: str) -> Path:
    """A report of one month by itself."""
    found, _ = statement("alone", basis="actual")
    rows: Sequence[Line] = [[row[0], row[month]] for row in across(found)]
    title = f"{FTH_NAME} month {month} 2026/27 £000"
    return xlsx(path / f"report{month}.xlsx", {"I&E": [[title], ["Line", heading], *rows]})


def truth_to(month: int) -> Truth:
    """What all reports up to a month say."""
    _, truth = statement("alone", basis="actual")
    rows = {key: pence for key, pence in truth.rows.items() if int(key[3]) <= month}
    return Truth(rows=rows)


@pytest.mark.parametrize("heading", ["Actual", "In month actual"])
def test_a_month_by_itself_leaves_the_months_before_it_in_the_book(
    tmp_path: Path, heading: str
) -> None:
    book = book_of("one", tmp_path)
    said = ("--set", "months=single") if heading == "Actual" else ()
    first = imported([report(tmp_path, 3, heading)], book, *said)
    assert first.code == 0, questions(first)
    for month in (4, 5):
        ran = imported([report(tmp_path, month, heading)], book)
        assert ran.code == 0, questions(ran)
    whole = truth_to(5)
    whole.rows = {key: pence for key, pence in whole.rows.items() if int(key[3]) >= 3}
    assert differences(book, whole) == []


def test_what_is_struck_through_is_asked_about_once(tmp_path: Path) -> None:
    book, found = book_of("one", tmp_path), schemes("struck once", 24)
    rows: list[Line] = [[one.id, one.title, one.recurs, *one.plan, one.full_year] for one in found]
    lines = [*TITLE, ["Plan"], ["Scheme ID", "Scheme", "R/NR", *NUMBERED, "FYE"], *rows]
    first = len(lines) - len(found)

    def tracker(*gone: int) -> Path:
        struck = struck_rows("Tracker", *(first + number for number in gone))
        return xlsx(tmp_path / "tracker.xlsx", {"Tracker": lines}, struck)

    assert [one["code"] for one in questions(imported([tracker(2)], book))] == ["IMPORT_STRUCK"]
    assert imported([tracker(2)], book, "--set", "struck=leave").code == 0
    ran = imported([tracker(2, 5)], book)
    assert ran.code == 0, questions(ran)
    kept = [one for number, one in enumerate(found) if number not in (2, 5)]
    assert differences(book, truth_of(kept)) == []
