"""The judge of the gallery itself: a book that is as the truth passes, any other does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake_files import FTH, Key, Line, Truth, book_of, lines_of, statement
from tests.intake_told import differences, follows, months_of

Rows = dict[Key, int]
HEADINGS: Line = ("organisation", "line", "year", "month", "basis", "amount", "unit")


def written(folder: Path, rows: Rows) -> Path:
    """A book that holds these amounts."""
    book = book_of("one", folder)
    cells = [
        [org, line, "2026/27", month, basis, f"{pence / 100:.2f}", "£"]
        for (org, line, _, month, basis, _), pence in rows.items()
    ]
    lines_of(book / "amounts.csv", [HEADINGS, *cells])
    return book


def whole_year(rows: Rows) -> None:
    """The year beside or instead of its months."""
    for line in {key[1] for key in rows}:
        rows[(FTH, line, "2026-27", "", "plan", "")] = sum(
            pence for key, pence in rows.items() if key[1] == line
        )


def a_penny(rows: Rows) -> None:
    rows[next(iter(rows))] += 1


def absent(rows: Rows) -> None:
    del rows[next(iter(rows))]


def more(rows: Rows) -> None:
    rows[(FTH, "cash", "2026-27", "1", "plan", "")] = 5


def shifted(rows: Rows) -> None:
    first, second = list(rows)[:2]
    rows[first], rows[second] = rows[second], rows[first]


def nothing(_: Rows) -> None:
    pass


@pytest.mark.parametrize("change", [nothing, whole_year])
def test_a_book_that_says_the_same_passes(change: Callable[[Rows], None], tmp_path: Path) -> None:
    _, truth = statement("judge")
    rows = dict(truth.rows)
    change(rows)
    assert differences(written(tmp_path, rows), truth) == []


@pytest.mark.parametrize("change", [a_penny, absent, more, shifted])
def test_a_book_that_differs_does_not(change: Callable[[Rows], None], tmp_path: Path) -> None:
    _, truth = statement("judge")
    rows = dict(truth.rows)
    change(rows)
    assert differences(written(tmp_path, rows), truth) != []


def test_a_scheme_that_is_not_there_is_missed(tmp_path: Path) -> None:
    assert differences(written(tmp_path, {}), Truth(schemes={"S1": {}})) == ["scheme S1: absent"]


def test_periods_follow_from_finer_ones() -> None:
    assert months_of("YTD9") == tuple(range(1, 10)) and months_of("Q4") == (10, 11, 12)
    months = {str(month): month for month in range(1, 13)}
    assert follows("", months) == 78 and follows("Q1", months) == 6
    assert follows("", {"1": 4}) is None and follows("", {"H1": 1, "Q3": 2, "Q4": 3}) == 6
