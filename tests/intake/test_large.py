"""A hundred thousand rows of a file, each to the penny."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path

import controltotal as package
from controltotal.core.lines import packaged_lines
from tests.intake_files import TRUSTS, book_of, drawn, text
from tests.intake_told import imported

ROWS = 100_000
YEARS = tuple(f"20{year}/{year + 1}" for year in range(22, 32))
BASES = ("plan", "forecast")
HEADINGS = ("organisation", "line", "year", "month", "basis", "recurrence", "amount", "unit")


def test_a_hundred_thousand_rows_are_right_to_the_penny(tmp_path: Path) -> None:
    known = [line for line in packaged_lines().values() if line.kind in ("income", "cost")]
    groups = {line.group for line in known}
    lines = [line.name for line in known if line.line not in groups]
    keys = product(TRUSTS, lines, YEARS, range(1, 13), BASES, ("recurrent", "non_recurrent"))
    wanted = [key for key, _ in zip(keys, range(ROWS), strict=False)]
    truth: dict[tuple[str, str], int] = defaultdict(int)
    rows: list[list[object]] = []
    for (code, line, year, month, basis, recurs), pence in zip(
        wanted, drawn("large", len(wanted), 1, 10**9), strict=True
    ):
        truth[(code, basis)] += pence
        rows.append(
            [code, line, year, month, basis, recurs, f"{pence // 100}.{pence % 100:02}", "£"]
        )
    assert len(rows) == ROWS
    book = book_of("system", tmp_path)
    ran = imported([text(tmp_path / "large.csv", [HEADINGS, *rows])], book)
    assert ran.code == 0, ran.error
    position = package.read(str(book))
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in position.book.amounts:
        found[(row.organisation, row.basis)] += row.amount
    assert len(position.book.amounts) == ROWS
    assert found == truth
