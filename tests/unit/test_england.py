"""The book the size of England: its tree is the register's, its sums are those of its own rows."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import controltotal
from scripts.make_england import COSTS, INCOME, bodies, make

ROWS = 3_000
PENCE_IN_THOUSAND = 100_000


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("england") / "book"
    make(folder, ROWS, odd=20)
    return folder


def test_every_person_of_england_is_in_one_system() -> None:
    found = [one for one in bodies() if one.kind == "system"]
    assert len(found) == 36
    whole = sum(one.people for one in found)
    assert whole == 56_550_138


def test_equal_sizes_make_equal_bytes_and_another_size_another_book(tmp_path: Path) -> None:
    names = [tmp_path / name for name in "abc"]
    counted = [make(names[0], 3_000), make(names[1], 3_000), make(names[2], 40_000)]
    first, second, third = ((name / "amounts.csv").read_bytes() for name in names)
    assert first == second != third
    assert counted[0] == counted[1] < counted[2] == 39_984


def test_a_position_is_the_plain_sum_of_the_rows(book: Path) -> None:
    with (book / "amounts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    signs = dict.fromkeys(INCOME, 1) | dict.fromkeys(COSTS, -1)
    plan = [row for row in rows if row["basis"] == "plan" and row["year"] == "2026-27"]
    expected = sum(signs[row["line"]] * pence(row["amount"]) for row in plan)
    figures = {one.id: one for one in controltotal.position(book).figures}
    assert figures["surplus/ENG/2026-27/plan"].value == expected


def pence(text: str) -> int:
    """A sum of the book, £ thousand unless it says millions, in pence."""
    bare = text.strip().replace(",", "")
    if bare.startswith("("):
        return -pence(bare[1:-1])
    if bare.startswith("£"):
        return int(Decimal(bare[1:-1]) * PENCE_IN_THOUSAND * 1_000)
    return int(Decimal(bare) * PENCE_IN_THOUSAND)


def test_the_paper_of_one_system(book: Path, tmp_path: Path) -> None:
    controltotal.report(book, tmp_path / "paper.html", organisation="QWO")
    assert "West Yorkshire" in (tmp_path / "paper.html").read_text("utf-8")
