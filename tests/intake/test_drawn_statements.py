"""Sheets of any house: right to the penny or asked about, and most of them without a question."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from controltotal import read, verbs
from tests.drawn_statements import drawn_statement
from tests.intake_files import FTH, book_of

SEEDS = 64
GROUPS = 8


def surpluses(book: Path) -> dict[tuple[str, str], list[int]]:
    """By basis and period: the surplus without support, and support, in pence."""
    position = read(book)
    found: dict[tuple[str, str], list[int]] = {}
    for row in position.book.amounts:
        own = found.setdefault((row.basis, row.month or ""), [0, 0])
        line = position.lines[row.line]
        own[row.line == "support_income"] += -row.amount if line.kind == "cost" else row.amount
    return found


def differing(
    found: Mapping[tuple[str, str], list[int]], truth: Mapping[tuple[str, str], list[int]]
) -> dict[tuple[str, str], tuple[object, object]]:
    every = sorted({*found, *truth})
    return {k: (found.get(k), truth.get(k)) for k in every if found.get(k) != truth.get(k)}


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_sheet_of_any_house_is_right_or_asked_about(group: int, tmp_path: Path) -> None:
    unasked, seeds = 0, range(group, SEEDS, GROUPS)
    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        sheet = drawn_statement(seed)
        book = book_of("one", folder)
        ran = verbs.import_(
            sheet.write(folder / "sheet.xlsx"), book, set=[f"organisation={FTH}"], on="2027-01-15"
        )
        asked = [f for f in ran.findings if f.severity == "error"]
        if asked:
            assert not read(book).book.amounts, (seed, sheet.style)
            assert all(f.action and f.found for f in asked)
            continue
        unasked += 1
        assert differing(surpluses(book), sheet.truth) == {}, (seed, sheet.style, sheet.unit)
    assert unasked >= len(seeds) * 0.8, "a sheet that its own totals explain needs no question"
