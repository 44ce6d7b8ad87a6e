"""Slips of the pen in files that have totals: each that a total decides is stopped.

Every number of these files stands under a total of its column and beside one of its row, so that
one slip always breaks a sum. Files without a slip are read; at most one of twenty is doubted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.intake_cases_matrix import with_totals
from tests.intake_files import DATED, NUMBERED, Line, Truth, book_of, statement, titled, xlsx
from tests.intake_told import differences, imported, questions
from tests.intake_trackers import programme_office, schemes

Grid = list[list[object]]
Slip = Callable[[Grid, random.Random], None]
QUICK, SOAK = 4, 400
CLEAN = 20
DECIDED = {"IMPORT_TOTAL", "IMPORT_SIGNS", "IMPORT_VARIANCE", "IMPORT_TO_DATE"}
"""What a slip is told as."""


def cells(rows: Grid) -> list[tuple[int, int]]:
    """The places of money in a grid: numbers that are not nil."""
    return [
        (r, c)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if isinstance(cell, int) and cell
    ]


def transposed(rows: Grid, draw: random.Random) -> None:
    """Two neighbouring digits exchanged."""
    able = [(r, c) for r, c in cells(rows) if len(set(str(abs(int(str(rows[r][c])))))) > 1]
    row, column = draw.choice(able)
    digits = list(str(rows[row][column]))
    places = [
        n for n in range(len(digits) - 1) if digits[n].isdigit() and digits[n] != digits[n + 1]
    ]
    at = draw.choice(places)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    rows[row][column] = int("".join(digits))


def tenfold(rows: Grid, draw: random.Random) -> None:
    """A nought too many."""
    row, column = draw.choice(cells(rows))
    rows[row][column] = 10 * int(str(rows[row][column]))


def turned(rows: Grid, draw: random.Random) -> None:
    """A sign the other way."""
    row, column = draw.choice(cells(rows))
    rows[row][column] = -int(str(rows[row][column]))


def shifted(rows: Grid, draw: random.Random) -> None:
    """A row of months pasted a column late; its total is as it was."""
    row = draw.choice(sorted({r for r, _ in cells(rows)}))
    columns = [c for r, c in cells(rows) if r == row][:6]
    numbers = [rows[row][c] for c in columns]
    moved = [numbers[-1], *numbers[:-1]]
    if moved == numbers:
        moved[0] = int(str(moved[0])) + 1
    for column, number in zip(columns, moved, strict=True):
        rows[row][column] = number


def swapped(rows: Grid, draw: random.Random) -> None:
    """Two cells of different rows and columns exchanged."""
    while True:
        (a, b), (c, d) = draw.sample(cells(rows), 2)
        if a != c and b != d and rows[a][b] != rows[c][d]:
            rows[a][b], rows[c][d] = rows[c][d], rows[a][b]
            return


SLIPS: Sequence[Slip] = (transposed, tenfold, turned, shifted, swapped)


def income(seed: object) -> tuple[Grid, Truth]:
    """A statement whose every number is under and beside a total."""
    found, truth = statement(("slip", seed))
    rows: list[Line] = titled([["", *NUMBERED, "Full year"], *with_totals(found)])
    return [list(row) for row in rows], truth


def savings(seed: object) -> tuple[Grid, Truth]:
    """A tracker whose every number is under and beside a total."""
    sheets, truth = programme_office(schemes(("slip", seed), 8))
    return [list(row) for row in sheets["Tracker"]], truth


MAKERS = (income, savings)


def stopped(path: Path, make: Callable[[object], tuple[Grid, Truth]], slip: Slip, seed: int) -> str:
    """What an import of a file with a slip left undone, in words; empty where it stopped."""
    folder = path / f"{make.__name__}-{slip.__name__}-{seed}"
    folder.mkdir()
    rows, _ = make(seed)
    slip(rows, random.Random(f"{slip.__name__} {seed}"))
    book = book_of("one", folder)
    ran = imported([xlsx(folder / "file.xlsx", {"Sheet1": rows})], book, "--dry-run")
    said = {finding["code"] for finding in questions(ran)}
    return (
        ""
        if ran.code == 1 and said & DECIDED
        else f"{make.__name__} {slip.__name__} {seed}: {ran.code}"
    )


def passed(path: Path, count: int) -> list[str]:
    """The slips that were not stopped."""
    found = [stopped(path, MAKERS[seed % 2], slip, seed) for slip in SLIPS for seed in range(count)]
    return [one for one in found if one]


def test_every_slip_that_a_total_decides_is_stopped(tmp_path: Path) -> None:
    assert passed(tmp_path, QUICK) == []


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_two_thousand_slips_are_stopped(tmp_path: Path) -> None:
    assert passed(tmp_path, SOAK) == []


def clean(seed: int) -> tuple[Grid, Truth]:
    """A file without a slip, in one of four habits."""
    if seed % 5 == 0:
        return income(("clean", seed))
    if seed % 5 in (1, 2):
        return savings(("clean", seed))
    found, truth = statement(("clean", seed), pence=1 if seed % 5 == 3 else 10_000_000)
    part = 100 if seed % 5 == 3 else 10
    rows = [[row[0], *(n / part for n in row[1:])] for row in with_totals(found)]
    unit = "£" if seed % 5 == 3 else "£m"
    return [list(row) for row in titled([["", *DATED, "Total"], *rows], unit=unit)], truth


def test_of_twenty_clean_files_at_most_one_is_doubted(tmp_path: Path) -> None:
    doubted = []
    for seed in range(CLEAN):
        folder = tmp_path / str(seed)
        folder.mkdir()
        rows, truth = clean(seed)
        book = book_of("one", folder)
        ran = imported([xlsx(folder / "file.xlsx", {"Sheet1": rows})], book)
        assert ran.code in (0, 1), ran.error
        if ran.code == 1:
            doubted.append((seed, [finding["message"] for finding in questions(ran)]))
        else:
            assert differences(book, truth) == [], seed
    assert len(doubted) <= 1, doubted
